//! What does a page view change? The browser's past, the car's looks, and, when we know whose browser it is, that person's picture.

use super::{Policy, cars, people, story};
use crate::{
    domain::{
        alert::Icon,
        change::Changed,
        event::WebEvent,
        ids::{PartId, Seq, VehicleId, VisitorId},
        story::{Road, StoryRow},
        time::{At, HOUR_MS, SECOND_MS},
        vehicle::{Interest, Vehicle},
        visitor::{Activity, Did, Tie, Visitor},
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Takes in one web event; whose browser it is, when known.
pub fn notice(tx: &WriteTx<'_>, policy: &Policy, event: &WebEvent, cause: Seq) -> Result<Option<PartId>, StoreError> {
    let mut visitor = meet(tx, &event.client, event.at)?;
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
    visitor.last_seen = visitor.last_seen.max(event.at);
    visitor.first_seen = visitor.first_seen.min(event.at);
    let car = vehicle.as_ref().map(|v| v.id);
    visitor.activity.note(event.did, event.at, car);
    tx.put(tables::VISITORS, &visitor.id, &visitor)?;
    for web_id in &event.web_ids {
        tx.put(tables::WEB_IDS, &tx.sealer().lookup("web id", web_id), &visitor.id.0)?;
    }
    if let Some(car) = car {
        look(tx, policy, &visitor, car, event)?;
    }
    if let Some(row) = line(event, vehicle.as_ref(), cause) {
        story::tell_of_visitor(tx, visitor.id, &row)?;
    }
    Ok(visitor.tie.map(|t| t.part))
}

fn meet(tx: &WriteTx<'_>, client: &str, at: At) -> Result<Visitor, StoreError> {
    let hash = tx.sealer().lookup("client", client);
    if let Some(id) = tx.get(tables::VISITOR_CLIENTS, &hash)?
        && let Some(visitor) = tx.get(tables::VISITORS, &VisitorId(id))?
    {
        return Ok(visitor);
    }
    let id = VisitorId(tx.next("visitor")?);
    tx.put(tables::VISITOR_CLIENTS, &hash, &id.0)?;
    Ok(Visitor { id, first_seen: at, last_seen: at, sessions: 0, tie: None, activity: Activity::default() })
}

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

/// Ties a browser to a person: its earlier past joins theirs. A browser that is somebody else's stays theirs.
pub fn tie(tx: &WriteTx<'_>, id: VisitorId, part: PartId, at: At, why: &str) -> Result<bool, StoreError> {
    let Some(mut visitor) = tx.get(tables::VISITORS, &id)? else { return Ok(false) };
    if visitor.tie.is_some() {
        return Ok(false);
    }
    visitor.tie = Some(Tie { part, at, why: why.to_owned() });
    tx.put(tables::VISITORS, &id, &visitor)?;
    people::change(tx, part, |own| {
        own.visitors.push(id);
        own.last_sign = Some(own.last_sign.map_or(visitor.last_seen, |s| s.max(visitor.last_seen)));
    })?;
    Ok(true)
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
