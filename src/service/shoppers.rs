//! What does a page view change? The browser's past, the car's looks, and, when we know whose browser it is, that person's picture.

use super::{Policy, cars, links::Link, people, story};
use crate::{
    domain::{
        alert::Icon,
        change::Changed,
        event::WebEvent,
        ids::{LeadId, PartId, Seq, VehicleId, VisitorId},
        lead::Lead,
        outbox::Purpose,
        story::{Road, StoryRow},
        time::{At, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS},
        vehicle::{Interest, Vehicle},
        visitor::{Activity, Did, Heard, Tie, Visitor},
    },
    engine::{
        identity::{self, RecentLook},
        intent,
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Browsers of one person: a phone, a tablet, what stands at home and at work. More came by a link that was handed on.
const BROWSERS_MOST: usize = 12;
/// A browser that stays on the site is a sign of life no oftener than this.
const SIGN_MS: i64 = MINUTE_MS;
/// Whoever asked about a car so long ago still hears when it is sold. The site's own events, by which a browser is met with its lead, come
/// the day after or after a weekend.
const LEADS_KEPT_MS: i64 = 90 * DAY_MS;

/// Takes in one web event, heard of now; whose browser it is, when known.
pub fn notice(tx: &WriteTx<'_>, policy: &Policy, event: &WebEvent, cause: Seq, now: At) -> Result<Option<PartId>, StoreError> {
    let (mut visitor, is_new) = meet(tx, &event.client, event.at)?;
    if event.once.is_some_and(|once| !visitor.hears(once)) {
        return Ok(None);
    }
    let vehicle = match &event.car {
        Some(car) => match cars::find(tx, car.vin.as_ref(), &car.stock)? {
            Some(id) => tx.get(tables::VEHICLES, &id)?,
            None => None,
        },
        None => None,
    };
    if event.at.since(visitor.last_seen) > Activity::VISIT_MS || visitor.sessions == 0 {
        visitor.sessions = visitor.sessions.saturating_add(1);
    }
    let rested = event.at.since(visitor.last_seen) > Visitor::RESTED_MS;
    visitor.last_seen = visitor.last_seen.max(event.at);
    visitor.first_seen = visitor.first_seen.min(event.at);
    if visitor.machine.is_some() && !rested {
        tx.put(tables::VISITORS, &visitor.id, &visitor)?;
        return Ok(None);
    }
    visitor.machine = None;
    let car = vehicle.as_ref().map(|v| v.id);
    let counts = visitor.activity.note_heard(event.did, event.at, car, Heard { at: now, ga4: !event.name.starts_with("asc_") });
    if intent::is_machine(&visitor.activity, event.at) {
        // What it read at that pace was read by nobody.
        visitor.machine = Some(event.at);
        visitor.activity.0.retain(|mark| event.at.since(mark.at) > intent::PACE_MS);
        tx.put(tables::VISITORS, &visitor.id, &visitor)?;
        return Ok(visitor.tie.as_ref().map(|tie| tie.part));
    }
    tx.put(tables::VISITORS, &visitor.id, &visitor)?;
    for web_id in &event.web_ids {
        tx.put(tables::WEB_IDS, &tx.sealer().lookup("web id", web_id), &visitor.id.0)?;
    }
    if let Some(car) = car.filter(|_| counts) {
        look(tx, policy, &visitor, car, event)?;
    }
    if let Some(row) = line(event, vehicle.as_ref(), cause).filter(|_| counts) {
        story::tell_of_visitor(tx, visitor.id, &row)?;
    }
    if let Some(tie) = &visitor.tie {
        sign_of_life(tx, tie.part, &visitor)?;
        return Ok(Some(tie.part));
    }
    match lead_before(tx, &visitor, is_new, event, car)? {
        Some((lead, why)) => Ok(tie(tx, visitor.id, lead.part, now, &why)?.then_some(lead.part)),
        None => Ok(None),
    }
}

fn meet(tx: &WriteTx<'_>, client: &str, at: At) -> Result<(Visitor, bool), StoreError> {
    let hash = tx.sealer().lookup("client", client);
    if let Some(id) = tx.get(tables::VISITOR_CLIENTS, &hash)?
        && let Some(visitor) = tx.get(tables::VISITORS, &VisitorId(id))?
    {
        return Ok((visitor, false));
    }
    let id = VisitorId(tx.next("visitor")?);
    tx.put(tables::VISITOR_CLIENTS, &hash, &id.0)?;
    let (parted, heard) = (vec![], vec![]);
    Ok((Visitor { id, first_seen: at, last_seen: at, sessions: 0, tie: None, parted, heard, machine: None, activity: Activity::default() }, true))
}

fn sign_of_life(tx: &WriteTx<'_>, part: PartId, visitor: &Visitor) -> Result<(), StoreError> {
    let Some(own) = people::own(tx, part)? else { return Ok(()) };
    let seen = own.seen.iter().find(|(id, _)| *id == visitor.id).map(|(_, at)| *at);
    if seen.is_none_or(|seen| visitor.last_seen.since(seen) > SIGN_MS) {
        people::change(tx, part, |own| own.saw(visitor.id, visitor.last_seen))?;
    }
    Ok(())
}

// Whose browser?

/// Remembers by what a browser that is heard of after this lead can be met with it.
pub fn expect_browser(tx: &WriteTx<'_>, lead: &Lead) -> Result<(), StoreError> {
    const FORGOTTEN_AT_ONCE: usize = 4;
    for web_id in &lead.said.web_ids {
        tx.put(tables::LEAD_WEB_IDS, &tx.sealer().lookup("web id", web_id), &lead.id.0)?;
    }
    let Some(car) = lead.vehicle else { return Ok(()) };
    let old = Span::between(&(car, At(i64::MIN)), &(car, lead.received.plus_ms(-LEADS_KEPT_MS)));
    for key in tx.keys(tables::RECENT_LEADS, &old, FORGOTTEN_AT_ONCE)? {
        tx.remove(tables::RECENT_LEADS, &key)?;
    }
    tx.put(tables::RECENT_LEADS, &(car, (lead.received, lead.id)), &())
}

/// The newest leads about a car.
pub(super) fn leads_about(tx: &impl Rows, car: VehicleId, at_most: usize) -> Result<Vec<LeadId>, StoreError> {
    Ok(tx.last(tables::RECENT_LEADS, &Span::under(&car), at_most)?.into_iter().map(|((_, (_, lead)), ())| lead).collect())
}

/// The browser that sent this lead, and how that is known.
pub fn browser_of(tx: &WriteTx<'_>, lead: &Lead) -> Result<Option<(VisitorId, String)>, StoreError> {
    let mut by_id: Vec<(VisitorId, Vec<String>)> = Vec::new();
    for web_id in &lead.said.web_ids {
        let form = tx.get(tables::WEB_IDS, &tx.sealer().lookup("web id", web_id))?;
        let client = tx.get(tables::VISITOR_CLIENTS, &tx.sealer().lookup("client", web_id))?;
        by_id.extend(form.into_iter().chain(client).map(|id| (VisitorId(id), vec![web_id.clone()])));
    }
    meet_lead(tx, lead, &by_id, None)
}

/// The lead that this browser sent before we heard of its form: it came with the id of the form or of the browser, or about the same car
/// within minutes of a form that nobody else can have sent.
fn lead_before(
    tx: &WriteTx<'_>,
    visitor: &Visitor,
    is_new: bool,
    event: &WebEvent,
    car: Option<VehicleId>,
) -> Result<Option<(Lead, String)>, StoreError> {
    let client = is_new.then_some(&event.client);
    for web_id in event.web_ids.iter().chain(client) {
        if let Some(id) = tx.get(tables::LEAD_WEB_IDS, &tx.sealer().lookup("web id", web_id))?
            && let Some(lead) = tx.get(tables::LEADS, &LeadId(id))?
        {
            let why = sent_its_form(&lead);
            return Ok(Some((lead, why)));
        }
    }
    let Some(car) = car.filter(|_| identity::sends_a_lead(event.did)) else { return Ok(None) };
    let near = Span::between(&(car, event.at.plus_ms(-identity::TIE_MS)), &(car, event.at.plus_ms(identity::TIE_MS + 1)));
    for (_, (_, id)) in tx.keys(tables::RECENT_LEADS, &near, LEADS_MOST)? {
        let Some(lead) = tx.get(tables::LEADS, &id)? else { continue };
        if let Some((_, why)) = meet_lead(tx, &lead, &[], Some((visitor.id, event)))?.filter(|(met, _)| *met == visitor.id) {
            return Ok(Some((lead, why)));
        }
    }
    Ok(None)
}

/// Leads about one car within minutes.
const LEADS_MOST: usize = 20;

fn sent_its_form(lead: &Lead) -> String {
    format!("it sent the form of the lead from {}", lead.said.source)
}

/// The one browser that sent a lead: by equal ids, else by the car and the time.
fn meet_lead(
    tx: &WriteTx<'_>,
    lead: &Lead,
    by_id: &[(VisitorId, Vec<String>)],
    form: Option<(VisitorId, &WebEvent)>,
) -> Result<Option<(VisitorId, String)>, StoreError> {
    const LOOKS_MOST: usize = 500;
    let at = lead.received;
    let mut by_car: Vec<(VisitorId, At)> = Vec::new();
    if let Some(car) = lead.vehicle {
        let span = Span::between(&(car, at.plus_ms(-HOUR_MS)), &(car, at.plus_ms(HOUR_MS)));
        by_car.extend(tx.keys(tables::RECENT_LOOKS, &span, LOOKS_MOST)?.into_iter().map(|(_, (at, visitor))| (visitor, at)));
    }
    let wanted = lead.said.cars.iter().find(|c| !c.is_theirs());
    let (vin, stock) = wanted.map_or((None, ""), |c| (c.vin.as_ref(), c.stock.as_str()));
    let looks: Vec<RecentLook<'_>> = by_id
        .iter()
        .map(|(visitor, web_ids)| RecentLook { visitor: *visitor, did: Did::SubmittedForm, at, vin: None, stock: "", web_ids })
        .chain(by_car.iter().map(|(visitor, at)| RecentLook { visitor: *visitor, did: Did::ViewedCar, at: *at, vin, stock, web_ids: &[] }))
        .chain(form.map(|(visitor, event)| RecentLook { visitor, did: event.did, at: event.at, vin, stock, web_ids: &[] }))
        .collect();
    Ok(identity::tie(&lead.said, at, &looks).map(|visitor| {
        let is_by_id = by_id.iter().any(|(id, _)| *id == visitor);
        let near = || format!("it was on the same car within five minutes of the lead from {}", lead.said.source);
        (visitor, if is_by_id { sent_its_form(lead) } else { near() })
    }))
}

/// A browser came by a link with the mark of this record; whose browser it is from here on. A link out of a message about a lower price is
/// an answer to it: it counts where the browser is theirs, now or from before.
pub fn came_by_link(tx: &WriteTx<'_>, client: &str, link: Link, at: At, cause: Seq, now: At) -> Result<Option<PartId>, StoreError> {
    let tied = is_theirs(tx, client, link.part, now, "it came by a link we sent")?;
    let message = link.message.map(|id| tx.get(tables::OUTBOX, &id)).transpose()?.flatten();
    let Some(Purpose::PriceDrop { vehicle }) = message.map(|row| row.purpose) else { return Ok(tied.then_some(link.part)) };
    let (mut visitor, _) = meet(tx, client, at)?;
    let Some(tie) = visitor.tie.clone() else { return Ok(None) };
    if people::root_of(tx, tie.part)? != people::root_of(tx, link.part)? {
        return Ok(None);
    }
    visitor.activity.note_heard(Did::ClickedPriceAlert, at, Some(vehicle), Heard { at: now, ga4: false });
    visitor.last_seen = visitor.last_seen.max(at);
    tx.put(tables::VISITORS, &visitor.id, &visitor)?;
    if let Some(car) = tx.get(tables::VEHICLES, &vehicle)? {
        let stock = car.listing.as_ref().map(|l| format!(" #{}", l.stock)).unwrap_or_default();
        let title = format!("Followed a price alert on {}{stock}", car.facts.short());
        let row = StoryRow::new(at, Road::Web, Icon::Price, title, cause);
        story::tell_of_visitor(tx, visitor.id, &StoryRow { vehicle: Some(vehicle), did: Some(Did::ClickedPriceAlert), ..row })?;
    }
    sign_of_life(tx, tie.part, &visitor)?;
    Ok(Some(link.part))
}

/// A browser is this record's, for a reason in words. Whether that is news.
pub fn is_theirs(tx: &WriteTx<'_>, client: &str, part: PartId, now: At, why: &str) -> Result<bool, StoreError> {
    let (visitor, is_new) = meet(tx, client, now)?;
    if is_new {
        tx.put(tables::VISITORS, &visitor.id, &visitor)?;
    }
    tie(tx, visitor.id, part, now, why)
}

/// Ties a browser to a person: its earlier past joins theirs. A browser that is somebody else's stays theirs, and one of which somebody
/// said that it is not this person's is not.
pub fn tie(tx: &WriteTx<'_>, id: VisitorId, part: PartId, at: At, why: &str) -> Result<bool, StoreError> {
    let (Some(mut visitor), Some(customer)) = (tx.get(tables::VISITORS, &id)?, people::of_part(tx, part)?) else { return Ok(false) };
    let was_parted = customer.all_parts().any(|part| visitor.parted.iter().any(|tie| tie.part == part));
    if visitor.tie.is_some() || was_parted || customer.visitors.len() >= BROWSERS_MOST {
        return Ok(false);
    }
    visitor.tie = Some(Tie { part, at, why: why.to_owned() });
    tx.put(tables::VISITORS, &id, &visitor)?;
    people::change(tx, part, |own| own.saw(id, visitor.last_seen))?;
    Ok(true)
}

/// A browser is not this record's: what it did is its own again, as if it had never been taken for theirs.
pub fn untie(tx: &WriteTx<'_>, id: VisitorId, part: PartId) -> Result<(), StoreError> {
    let Some(mut visitor) = tx.get(tables::VISITORS, &id)? else { return Ok(()) };
    let Some(tie) = visitor.tie.take_if(|tie| tie.part == part) else { return Ok(()) };
    visitor.parted.push(tie);
    tx.put(tables::VISITORS, &id, &visitor)?;
    people::change(tx, part, |own| own.forget(id)).map(|_| ())
}

/// It is theirs after all, by what it was tied for before.
pub fn tie_again(tx: &WriteTx<'_>, id: VisitorId, part: PartId) -> Result<(), StoreError> {
    let Some(mut visitor) = tx.get(tables::VISITORS, &id)?.filter(|v| v.tie.is_none()) else { return Ok(()) };
    let Some(place) = visitor.parted.iter().position(|tie| tie.part == part) else { return Ok(()) };
    visitor.tie = Some(visitor.parted.remove(place));
    tx.put(tables::VISITORS, &id, &visitor)?;
    people::change(tx, part, |own| own.saw(id, visitor.last_seen)).map(|_| ())
}

// Looks.

fn look(tx: &WriteTx<'_>, policy: &Policy, visitor: &Visitor, car: VehicleId, event: &WebEvent) -> Result<(), StoreError> {
    let key = (car, visitor.id);
    let mut interest = tx.get(tables::INTEREST, &key)?.unwrap_or(Interest { first: event.at, ..Interest::default() });
    if event.did == Did::ViewedCar {
        interest.looks = interest.looks.saturating_add(1);
        let day = (car, policy.rooftop.zone.day_number(event.at));
        let looks = tx.get(tables::LOOKS, &day)?.unwrap_or(0);
        tx.put(tables::LOOKS, &day, &(looks + 1))?;
        if quiet_before(tx, car, event.at)? {
            tx.announce(Changed::Looks(car));
        }
    }
    interest.used_tools |=
        matches!(event.did, Did::StartedTradeTool | Did::FinishedTradeTool | Did::UsedPaymentTool | Did::StartedFinance | Did::SubmittedFinance);
    interest.first = interest.first.min(event.at);
    interest.last = interest.last.max(event.at);
    tx.put(tables::INTEREST, &key, &interest)?;
    remember_for_leads(tx, car, visitor.id, event.at)
}

/// Nobody looked in the second before: a page that shows how often a car is looked at need not hear of every look of a crowd.
fn quiet_before(tx: &WriteTx<'_>, car: VehicleId, at: At) -> Result<bool, StoreError> {
    let newest = tx.last(tables::RECENT_LOOKS, &Span::under(&car), 1)?;
    Ok(newest.first().is_none_or(|((_, (last, _)), ())| at.since(*last).abs() >= SECOND_MS))
}

/// The last hour's looks by car: how a lead finds the browser it came from. Older ones go as newer ones come.
fn remember_for_leads(tx: &WriteTx<'_>, car: VehicleId, visitor: VisitorId, at: At) -> Result<(), StoreError> {
    const FORGOTTEN_AT_ONCE: usize = 4;
    let old = Span::between(&(car, At(i64::MIN)), &(car, at.plus_ms(-HOUR_MS)));
    for key in tx.keys(tables::RECENT_LOOKS, &old, FORGOTTEN_AT_ONCE)? {
        tx.remove(tables::RECENT_LOOKS, &key)?;
    }
    tx.put(tables::RECENT_LOOKS, &(car, (at, visitor)), &())
}

/// The line of the story a web event makes. Plain page views make none: a story is not a server log.
fn line(event: &WebEvent, vehicle: Option<&Vehicle>, cause: Seq) -> Option<StoryRow> {
    let car = vehicle.map(|v| {
        let stock = v.listing.as_ref().map(|l| format!(" #{}", l.stock)).unwrap_or_default();
        format!("{}{stock}", v.facts.short())
    });
    let about = car.clone().unwrap_or_else(|| "a car".to_owned());
    let (icon, title) = match event.did {
        Did::ViewedCar => (Icon::Eye, format!("Looked at {about}")),
        Did::ViewedMedia => (Icon::Eye, format!("Looked at photos of {about}")),
        Did::ViewedHours => (Icon::Store, "Looked up hours or directions".to_owned()),
        Did::UsedPaymentTool => (Icon::Calculator, with_car("Used the payment tool", car.as_ref())),
        Did::StartedTradeTool => (Icon::Calculator, "Started the trade-in tool".to_owned()),
        Did::FinishedTradeTool => (Icon::Calculator, "Finished the trade-in tool".to_owned()),
        Did::StartedFinance => (Icon::Form, "Started a finance form".to_owned()),
        Did::SubmittedFinance => (Icon::Form, "Sent a finance form".to_owned()),
        Did::OpenedPriceAlert => (Icon::Tag, with_car("Opened a price alert", car.as_ref())),
        Did::ClickedPriceAlert => (Icon::Tag, with_car("Followed a price alert", car.as_ref())),
        Did::ClickedToCall => (Icon::Phone, "Tapped the phone number on the site".to_owned()),
        Did::EngagedChat => (Icon::Message, "Opened the chat".to_owned()),
        Did::GaveContact => (Icon::Message, "Left contact details in the chat".to_owned()),
        Did::StartedForm => (Icon::Form, with_car("Began a form", car.as_ref())),
        Did::SubmittedForm => (Icon::Form, with_car("Sent a form", car.as_ref())),
        Did::BookedVisit => (Icon::Store, "Booked a visit on the site".to_owned()),
        Did::Compared => (Icon::Car, with_car("Compared cars", car.as_ref())),
        Did::Shared => (Icon::Globe, with_car("Shared a page", car.as_ref())),
        Did::Searched => (Icon::Globe, "Searched the lot".to_owned()),
        Did::ViewedPage | Did::ViewedLot | Did::Enquired | Did::Replied | Did::Other => return None,
    };
    let row = StoryRow::new(event.at, Road::Web, icon, title, cause);
    Some(StoryRow { vehicle: vehicle.map(|v| v.id), did: Some(event.did), ..row })
}

fn with_car(what: &str, car: Option<&String>) -> String {
    car.map_or_else(|| what.to_owned(), |car| format!("{what} on {car}"))
}
