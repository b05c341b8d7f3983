//! How does a store get a past? It lives through it: the same journal, acts and timers as any day, with the clock of those days.

use super::{
    Policy, advance, people, pipeline,
    price_alerts::{self, FromShopper},
    seen, timers,
};
use crate::{
    domain::{
        alert::AlertState,
        customer::Customer,
        event::{Answer, Event, Outcome, StaffAnswer},
        ids::{AppointmentId, ServiceVisitId, StaffId},
        money::Cents,
        opportunity::{Opportunity, Said},
        service_visit::{Arriving, Lane, LaneBrief, RefusedHow},
        time::{At, MINUTE_MS},
        visit::Visiting,
        wish::{Whose, WishTerms},
    },
    engine::identity::{self, Key, Person},
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// One thing of the past.
#[derive(Debug, Clone)]
pub enum Past {
    Happened(Box<Event>),
    /// Somebody of the store answered whoever sent this lead.
    AnsweredLead {
        lead: String,
        by: StaffId,
        outcome: Outcome,
        message: String,
    },
    /// Somebody of the store said something of the sale that this lead began, if it is still under way.
    SaidOfLead {
        lead: String,
        by: StaffId,
        said: Said,
    },
    /// Somebody of the store wrote a note on a customer of another system.
    Noted {
        system: String,
        number: String,
        by: StaffId,
        text: String,
    },
    /// Somebody of the store took down what car a customer of another system wants.
    Wished {
        system: String,
        number: String,
        by: StaffId,
        terms: WishTerms,
    },
    /// A shopper asked on the website to be told when a car costs less.
    WatchesPrice(Box<FromShopper>),
    /// Something was done in the service lane, for who came by the booking of this number.
    InService {
        booking: String,
        by: StaffId,
        did: InService,
    },
    /// Everybody claimed the cards they were offered some minutes ago.
    Claimed,
}

/// What was done in the service lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InService {
    Arrived,
    Moved { to: Lane, bay: String },
    Quoted(Cents),
    AskedSales { why: String },
    Refused(RefusedHow),
}

/// Open cards of a made-up morning: some dozen.
const OPEN_MOST: usize = 200;
/// Nobody claims a card the moment it is offered.
const SEEN_AFTER_MS: i64 = 3 * MINUTE_MS;
/// Due timers fired between two things of the past; more are left to the next.
const TIMERS_BETWEEN: usize = 200;

/// Lives through a stretch of the past, in time order. How many things it passed over because they speak of nobody known.
pub fn live(tx: &WriteTx<'_>, policy: &Policy, past: &[(At, Past)]) -> Result<usize, StoreError> {
    let mut passed_over = 0;
    for (at, what) in past {
        timers::fire_due(tx, policy, *at, TIMERS_BETWEEN)?;
        let event = match what {
            Past::Happened(event) => Some(event.as_ref().clone()),
            Past::AnsweredLead { lead, by, outcome, message } => answered(tx, policy, lead, *by, *outcome, message)?,
            Past::SaidOfLead { lead, by, said } => said_of(tx, policy, lead, *by, said)?,
            Past::Noted { system, number, by, text } => people::holders(tx, &Key::number(system, number))?.first().map(|customer| Event::Noted {
                customer: *customer,
                by: *by,
                text: text.clone(),
                mentions: vec![],
                aloud: false,
            }),
            Past::Wished { system, number, by, terms } => people::holders(tx, &Key::number(system, number))?
                .first()
                .map(|customer| Event::Wished { terms: terms.clone(), whose: Whose::Customer { id: *customer, by: *by } }),
            Past::WatchesPrice(said) => price_alerts::asked_for(tx, policy, said, *at)?.ok().and_then(|events| events.into_iter().next()),
            Past::InService { booking, by, did } => in_service(tx, booking, *by, did)?,
            Past::Claimed => {
                for said in claims(tx, *at)? {
                    advance::append_applied(tx, policy, Event::Answered(said), *at)?;
                }
                continue;
            }
        };
        match event {
            Some(event) => {
                let number = lead_number(&event);
                let seq = advance::append_applied(tx, policy, event, *at)?;
                // Known by its number like one that arrives today: a resend is harmless, an answer finds it.
                if let Some(number) = number {
                    seen::remember(tx, "lead", &number, seq)?;
                }
            }
            None => passed_over += 1,
        }
    }
    Ok(passed_over)
}

/// The event of something that was done in the lane; none while nobody came by that booking.
fn in_service(tx: &WriteTx<'_>, booking: &str, by: StaffId, did: &InService) -> Result<Option<Event>, StoreError> {
    let Some(id) = tx.get(tables::NUMBERS, &(tables::NUMBER_OF_APPOINTMENT, booking.to_owned()))?.map(AppointmentId) else { return Ok(None) };
    let Some(booked) = tx.get(tables::APPOINTMENTS, &id)? else { return Ok(None) };
    if *did == InService::Arrived {
        let who = Visiting::Customer { customer: people::root_of(tx, booked.part)? };
        let arriving =
            Arriving { who, vehicle: booked.vehicle, appointment: Some(id), work: vec![], waiting: booked.said.waiting, odometer_mi: None };
        return Ok(Some(Event::ServiceArrived { arriving, by }));
    }
    let Some(visit) = tx.get(tables::APPOINTMENTS_KEPT, &id)?.map(ServiceVisitId) else { return Ok(None) };
    Ok(match did {
        InService::Arrived => None,
        InService::Moved { to, bay } => Some(Event::ServiceMoved { visit, to: *to, bay: bay.clone(), by }),
        InService::Quoted(quote) => Some(Event::ServiceQuoted { visit, quote: Some(*quote), by }),
        InService::AskedSales { why } => {
            let car = match booked.vehicle {
                Some(id) => tx.get(tables::VEHICLES, &id)?.map(|car| car.facts.label()),
                None => None,
            };
            let brief = LaneBrief { car: car.unwrap_or_default(), work: booked.said.work.join(", "), why: vec![why.clone()], say: String::new() };
            Some(Event::SalesAsked { visit, brief, by })
        }
        InService::Refused(how) => Some(Event::TalkRefused { customer: people::root_of(tx, booked.part)?, how: *how, by }),
    })
}

/// Each open card, claimed by whoever has had it for some minutes.
fn claims(tx: &WriteTx<'_>, at: At) -> Result<Vec<StaffAnswer>, StoreError> {
    let mut claims = vec![];
    for id in tx.keys(tables::ALERTS_OPEN, &Span::all(), OPEN_MOST)? {
        let alert = tx.get(tables::ALERTS, &id)?.filter(|a| matches!(a.state, AlertState::Open) && at.since(a.refreshed) >= SEEN_AFTER_MS);
        claims.extend(alert.and_then(|a| a.owner).map(|by| StaffAnswer { alert: id, by, answer: Answer::Claimed }));
    }
    Ok(claims)
}

fn lead_number(event: &Event) -> Option<String> {
    if let Event::Lead(lead) = event { lead.external_id.clone() } else { None }
}

fn answered(tx: &WriteTx<'_>, policy: &Policy, lead: &str, by: StaffId, outcome: Outcome, message: &str) -> Result<Option<Event>, StoreError> {
    let open = senders(tx, policy, lead)?.into_iter().find_map(|customer| customer.open_alert);
    Ok(open
        .map(|alert| Event::Answered(StaffAnswer { alert, by, answer: Answer::Done { outcome, note: String::new(), message: message.to_owned() } })))
}

fn said_of(tx: &WriteTx<'_>, policy: &Policy, lead: &str, by: StaffId, said: &Said) -> Result<Option<Event>, StoreError> {
    for customer in senders(tx, policy, lead)? {
        if pipeline::under_way(tx, &customer)?.as_ref().is_some_and(Opportunity::is_open) {
            return Ok(Some(Event::SaleSaid { customer: customer.id, said: said.clone(), by }));
        }
    }
    Ok(None)
}

/// Who may have sent a lead: its customer was found when it came; the same words find them again.
fn senders(tx: &WriteTx<'_>, policy: &Policy, lead: &str) -> Result<Vec<Customer>, StoreError> {
    let Some(seq) = seen::before(tx, "lead", lead)? else { return Ok(vec![]) };
    let Some(entry) = tx.get(tables::JOURNAL, &seq)? else { return Ok(vec![]) };
    let Event::Lead(said) = entry.event else { return Ok(vec![]) };
    let mut found = vec![];
    for key in identity::keys(&Person::of(&[&said.person], &policy.own_points)) {
        for id in people::holders(tx, &key)? {
            found.extend(tx.get(tables::CUSTOMERS, &id)?);
        }
    }
    Ok(found)
}

/// Whether this store has a past already.
pub fn is_new(tx: &impl Rows) -> Result<bool, StoreError> {
    Ok(tx.keys(tables::JOURNAL, &Span::all(), 1)?.is_empty())
}
