//! What is taken down by hand, and what came as a lead and is none.

use super::{Policy, Rooms, advance, alerts, people, pipeline, seen::Asked, story, think, visits};
use crate::{
    domain::{
        change::Changed,
        customer::Customer,
        event::Event,
        ids::{CustomerId, LeadId, Seq, StaffId, VehicleId},
        lead::{Lead, LeadCar, LeadKind, NewLead, NoLead, PutAside, TakenDown},
        opportunity::Said,
        profile::{Profile, Source, SourceKind},
        story::StoryRow,
        time::At,
        visitor::Did,
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Characters of what somebody wants, taken down by hand.
pub const WORDS_MOST: usize = 2_000;

/// Why nothing was done. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotThere,
    NobodyByThatId,
    /// It was set aside already.
    AlreadyAside,
    /// It was not set aside.
    NotAside,
    Unusable(String),
}

/// By which way they reached the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeadRoad {
    /// They called.
    Phone,
    /// They were here and have gone again.
    WalkIn,
    Email,
    Text,
    /// A social network, or the chat of one.
    Social,
    /// Somebody sent them.
    Referral,
}

impl LeadRoad {
    /// As the source of a lead is named.
    #[must_use]
    pub fn source(self) -> &'static str {
        match self {
            Self::Phone => "Phone",
            Self::WalkIn => "Walk-in",
            Self::Email => "Email",
            Self::Text => "Text",
            Self::Social => "Social media",
            Self::Referral => "Referral",
        }
    }

    fn kind(self) -> LeadKind {
        match self {
            Self::Phone => LeadKind::PhoneCall,
            Self::WalkIn | Self::Email | Self::Text | Self::Social | Self::Referral => LeadKind::Enquiry,
        }
    }
}

/// What somebody of the store heard, as they take it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    pub from: From,
    pub road: LeadRoad,
    pub vehicle: Option<VehicleId>,
    /// What they want, in the words of whoever heard it.
    pub words: String,
    /// Who goes on with it.
    pub to: StaffId,
    /// They have been spoken to: nobody waits for an answer.
    pub spoke: bool,
    /// What was promised for when.
    pub follow_up: Option<(At, String)>,
}

/// Whom it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    Customer(CustomerId),
    /// Somebody new, as far as is known.
    Person(Box<Profile>),
}

/// What taking down gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noted {
    pub lead: LeadId,
    pub customer: CustomerId,
}

/// Takes a lead down. The same key twice takes down one.
pub async fn take_down(rooms: &Rooms, heard: Heard, asked: Asked, now: At) -> Result<Result<Noted, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            if let Some(gave) = asked.before(tx, "lead by hand")? {
                return Ok(noted(tx, LeadId(gave))?.ok_or(Refusal::NotThere));
            }
            let said = match said(tx, &heard, asked.by, now)? {
                Ok(said) => said,
                Err(refusal) => return Ok(Err(refusal)),
            };
            advance::append_applied(tx, &policy, Event::Lead(said), now)?;
            // Numbers grow: the newest is this one.
            let Some((id, _)) = tx.last(tables::LEADS, &Span::all(), 1)?.pop() else { return Ok(Err(Refusal::NotThere)) };
            asked.remember(tx, "lead by hand", id.0)?;
            let Some(noted) = noted(tx, id)? else { return Ok(Err(Refusal::NotThere)) };
            if let Some((due, what)) = heard.follow_up.clone() {
                let said = Said::FollowUp { due, what };
                advance::append_applied(tx, &policy, Event::SaleSaid { customer: noted.customer, said, by: heard.to }, now)?;
            }
            Ok(Ok(noted))
        })
        .await
}

fn noted(tx: &impl Rows, lead: LeadId) -> Result<Option<Noted>, StoreError> {
    let Some(held) = tx.get(tables::LEADS, &lead)? else { return Ok(None) };
    Ok(people::of_part(tx, held.part)?.map(|customer| Noted { lead, customer: customer.id }))
}

/// The lead as the journal keeps it.
fn said(tx: &impl Rows, heard: &Heard, by: StaffId, now: At) -> Result<Result<NewLead, Refusal>, StoreError> {
    let unusable = |sentence: String| Ok(Err(Refusal::Unusable(sentence)));
    if heard.words.chars().count() > WORDS_MOST {
        return unusable(format!("What they want takes at most {WORDS_MOST} characters."));
    }
    if let Some((due, what)) = &heard.follow_up
        && let Err(pipeline::Refusal::Unusable(sentence)) = pipeline::may_follow_up(*due, what, now)
    {
        return unusable(sentence);
    }
    if !tx.get(tables::STAFF, &heard.to)?.is_some_and(|staff| staff.active) {
        return Ok(Err(Refusal::NobodyByThatId));
    }
    let mut cars = Vec::new();
    if let Some(id) = heard.vehicle {
        let Some(car) = tx.get(tables::VEHICLES, &id)? else { return unusable("There is no such car any more.".to_owned()) };
        let stock = car.listing.as_ref().map(|l| l.stock.clone()).unwrap_or_default();
        cars.push(LeadCar { vin: car.vin.clone(), stock, facts: car.facts.clone(), ..LeadCar::default() });
    }
    let source = heard.road.source().to_owned();
    let (customer, person) = match &heard.from {
        From::Customer(id) => match people::shown(tx, *id)? {
            Some(customer) => (Some(customer.id), Profile::new(Source { kind: SourceKind::Staff, name: source.clone() }, now)),
            None => return Ok(Err(Refusal::NotThere)),
        },
        From::Person(person) if person.phones.is_empty() && person.emails.is_empty() => {
            return unusable("Nobody can get back to them: take down a phone number or an email address.".to_owned());
        }
        From::Person(person) => (None, Profile { source: Source { kind: SourceKind::Staff, name: source.clone() }, at: now, ..(**person).clone() }),
    };
    Ok(Ok(NewLead {
        source,
        external_id: None,
        requested: now,
        person,
        cars,
        comments: heard.words.trim().to_owned(),
        kind: heard.road.kind(),
        web_ids: vec![],
        warnings: vec![],
        taken: Some(TakenDown { by, to: heard.to, spoke: heard.spoke, customer }),
    }))
}

/// Says that a lead is none: nobody waits, and it counts for nothing. What came stays in the story.
pub async fn put_aside(rooms: &Rooms, lead: LeadId, why: NoLead, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    act(rooms, lead, now, move |held| match held.aside {
        Some(aside) if aside.why == why => Ok(None),
        Some(_) => Err(Refusal::AlreadyAside),
        None => Ok(Some(Event::LeadPutAside { lead, why, by })),
    })
    .await
}

/// Takes that back: it waits as before.
pub async fn restore(rooms: &Rooms, lead: LeadId, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    act(rooms, lead, now, move |held| match held.aside {
        None => Err(Refusal::NotAside),
        Some(_) => Ok(Some(Event::LeadTakenUp { lead, by })),
    })
    .await
}

async fn act(
    rooms: &Rooms,
    lead: LeadId,
    now: At,
    event: impl Fn(&Lead) -> Result<Option<Event>, Refusal> + Send + 'static,
) -> Result<Result<(), Refusal>, StoreError> {
    advance::act(rooms, now, move |tx| Ok(tx.get(tables::LEADS, &lead)?.map_or(Err(Refusal::NotThere), |held| event(&held)))).await
}

/// The effects of setting aside.
pub(super) fn take_aside(tx: &WriteTx<'_>, policy: &Policy, id: LeadId, aside: PutAside) -> Result<(), StoreError> {
    let Some(mut lead) = tx.get(tables::LEADS, &id)? else { return Ok(()) };
    lead.aside = Some(aside);
    tx.put(tables::LEADS, &id, &lead)?;
    let Some(customer) = people::of_part(tx, lead.part)? else { return Ok(()) };
    let mut activity = tx.get(tables::ACTIVITY, &lead.part)?.unwrap_or_default();
    activity.unnote(&raised(&lead), lead.received);
    tx.put(tables::ACTIVITY, &lead.part, &activity)?;
    if spoke_to(&lead).is_some() {
        alerts::not_reached(tx, &customer, lead.received)?;
    }
    pipeline::not_begun(tx, &customer, lead.received, raised_next(tx, &customer, &lead)?)?;
    retell(tx, &lead, |row| row.title = format!("{}; set aside as {}", row.title, aside.why.words()))?;
    tx.announce(Changed::Lead(id));
    think::think(tx, policy, customer.id, aside.at)
}

/// When they raised a hand after this lead: by another one, or by coming in.
fn raised_next(tx: &impl Rows, customer: &Customer, lead: &Lead) -> Result<Option<At>, StoreError> {
    const OF_A_PART_MOST: usize = 50;
    let is_next = |other: &Lead| other.id > lead.id && other.aside.is_none() && begins_sale(other.said.kind);
    let came = visits::of_customer(tx, customer)?.into_iter().find(|visit| visit.began >= lead.received && !visit.is_mistake());
    let mut next = came.map(|visit| visit.began);
    for part in customer.all_parts() {
        for ((_, id), ()) in tx.last(tables::CUSTOMER_LEADS, &Span::under(&part), OF_A_PART_MOST)? {
            let asked = tx.get(tables::LEADS, &id)?.filter(is_next).map(|other| other.received);
            next = next.into_iter().chain(asked).min();
        }
    }
    Ok(next)
}

/// The effects of taking it up again.
pub(super) fn take_up(tx: &WriteTx<'_>, policy: &Policy, id: LeadId, now: At) -> Result<(), StoreError> {
    let Some(mut lead) = tx.get(tables::LEADS, &id)? else { return Ok(()) };
    let Some(aside) = lead.aside.take() else { return Ok(()) };
    tx.put(tables::LEADS, &id, &lead)?;
    let Some(customer) = people::of_part(tx, lead.part)? else { return Ok(()) };
    let mut activity = tx.get(tables::ACTIVITY, &lead.part)?.unwrap_or_default();
    for did in raised(&lead) {
        activity.note(did, lead.received, lead.vehicle);
    }
    tx.put(tables::ACTIVITY, &lead.part, &activity)?;
    if begins_sale(lead.said.kind) {
        pipeline::begun(tx, lead.part, lead.received)?;
    }
    if let Some(to) = spoke_to(&lead) {
        alerts::reached(tx, &customer, to, lead.received)?;
    }
    let said = format!("; set aside as {}", aside.why.words());
    retell(tx, &lead, |row| row.title = row.title.strip_suffix(said.as_str()).unwrap_or(&row.title).to_owned())?;
    tx.announce(Changed::Lead(id));
    think::think(tx, policy, customer.id, now)
}

/// What a lead says its person did.
pub(super) fn raised(lead: &Lead) -> Vec<Did> {
    let also = match lead.said.kind {
        LeadKind::TradeIn => Some(Did::FinishedTradeTool),
        LeadKind::Finance => Some(Did::SubmittedFinance),
        LeadKind::Enquiry | LeadKind::TestDrive | LeadKind::PhoneCall | LeadKind::Service | LeadKind::Test | LeadKind::Unknown => None,
    };
    std::iter::once(Did::Enquired).chain(also).collect()
}

/// Whether somebody who asks so may buy.
pub(super) fn begins_sale(kind: LeadKind) -> bool {
    !matches!(kind, LeadKind::Service | LeadKind::Test)
}

/// With whom they have spoken, when it was taken down so.
pub(super) fn spoke_to(lead: &Lead) -> Option<StaffId> {
    lead.said.taken.filter(|taken| taken.spoke).map(|taken| taken.to)
}

fn retell(tx: &WriteTx<'_>, lead: &Lead, change: impl FnOnce(&mut StoryRow)) -> Result<(), StoreError> {
    let key = (tables::story_of_part(lead.part), (lead.received, lead.cause));
    let Some(mut row) = tx.get(tables::STORY, &key)?.filter(|_| lead.cause != Seq(0)) else { return Ok(()) };
    change(&mut row);
    story::tell(tx, lead.part, &row)
}
