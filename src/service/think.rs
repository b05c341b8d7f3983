//! What do we now make of this person? Picture, score, rules, desk, route: the one place with this order, for the live road, the
//! timers and the replay alike.

use super::{Policy, attention, first_response, household, ladders, matching, notes, people, pipeline, service_drive, timers, visits};
use crate::{
    domain::{
        alert::{Alert, AlertState, CloseReason},
        change::Changed,
        customer::Customer,
        ids::{AlertId, CustomerId, StaffId, VehicleId},
        lead::Lead,
        message::Inbound,
        picture::{Expected, LaneAsk, OwnedCar, Picture, StaffNow, Unanswered, Wrote},
        staff::Workload,
        time::{At, DAY_MS},
        timer::{Timer, TimerKind},
        vehicle::Vehicle,
        visitor::Activity,
    },
    engine::{attention::takes_a_place, departments, desk, intent, routing, rules, wording},
    store::{Rows, Span, StoreError, WriteTx, tables},
};
use std::sync::Arc;

/// Leads older than this are history, not a reason to act.
pub(super) const LEADS_MS: i64 = 90 * DAY_MS;
/// Cool-downs look back no further.
const CLOSED_ALERTS_MS: i64 = 30 * DAY_MS;
/// Cars of one picture: the most recently looked at come first.
const CARS_MOST: usize = 16;
/// Of those the newest that fit what they seek.
const ARRIVALS_MOST: usize = 4;

/// Thinks about one customer as of `now` and writes what comes of it.
pub fn think(tx: &WriteTx<'_>, policy: &Policy, id: CustomerId, now: At) -> Result<(), StoreError> {
    let Some(customer) = people::shown(tx, id)? else { return Ok(()) };
    let id = customer.id;
    let staff = staff_now(tx)?;
    let picture = gather(tx, policy, &customer, &staff, now)?;
    pipeline::settle(tx, &picture)?;
    matching::note(tx, &picture, now)?;
    let score = intent::score(&picture, now);
    let proposals = rules::propose(&picture, &score, now);
    let moves = desk::settle(&picture.alerts, &proposals, &score, &picture, now);
    let mut changed: Vec<Alert> = Vec::new();
    for one in moves {
        match one {
            desk::Move::Open { card } => {
                let mut alert = desk::open(AlertId(tx.next("alert")?), id, &card, &score, now);
                alert.score_at_first = customer.score.points;
                offer(&mut alert, departments::route(&picture, &card, None, now));
                word(&mut alert, &picture, &card, now);
                if takes_a_place(&card) {
                    attention::admit(tx, &picture, &mut alert, now)?;
                }
                nobody_here(tx, &picture, &card, now)?;
                changed.push(alert);
            }
            desk::Move::Refresh { alert, card, owes_answer } => {
                if let Some(alert) = held(&mut changed, &picture, alert) {
                    let goes_on = departments::goes_on_to(&picture, &card, alert, now);
                    desk::refresh(alert, &card, &score, now);
                    if owes_answer {
                        nobody_here(tx, &picture, &card, now)?;
                        let route = departments::route(&picture, &card, Some(alert), now);
                        offer(alert, route);
                    } else if let Some(route) = goes_on {
                        // Whoever took it has nothing of it to take back any more.
                        if matches!(alert.state, AlertState::Claimed { .. }) {
                            (alert.state, alert.before) = (AlertState::Open, None);
                        }
                        offer(alert, route);
                    }
                    word(alert, &picture, &card, now);
                }
            }
            desk::Move::Close { alert, why } => {
                if let Some(alert) = held(&mut changed, &picture, alert) {
                    desk::close(alert, why, now);
                }
            }
            desk::Move::Wake { alert } => {
                if let Some(alert) = held(&mut changed, &picture, alert) {
                    let its_morning = matches!(alert.state, AlertState::Snoozed { until, .. } if until <= now);
                    desk::wake(alert);
                    alert.refreshed = now;
                    if std::mem::take(&mut alert.held_back) && its_morning {
                        attention::admit(tx, &picture, alert, now)?;
                    }
                }
            }
        }
    }
    for alert in &changed {
        put_alert(tx, alert)?;
    }
    // What is for one colleague alone is not the matter that the customer waits with.
    let open = |a: &&Alert| !a.is_closed() && a.matter.to.is_none();
    let standing = |a: &&Alert| open(a) && !changed.iter().any(|c| c.id == a.id);
    let all_open = changed.iter().filter(open).chain(picture.alerts.iter().filter(standing));
    let open_alert = all_open.min_by_key(|a| (a.level, a.id)).map(|a| a.id);
    think_again_at(tx, id, intent::fades_at(&picture, now))?;
    if customer.score.level() != score.level() {
        household::tell(tx, &customer, now)?;
    }
    if customer.score != score || customer.open_alert != open_alert {
        let changed = Customer { score, open_alert, ..customer.clone() };
        people::conclude(tx, &changed)?;
    }
    Ok(())
}

/// Whoever asks while the store is closed has an answer all the same.
fn nobody_here(tx: &WriteTx<'_>, picture: &Picture<'_>, card: &rules::Proposal, now: At) -> Result<(), StoreError> {
    if picture.rooftop.is_open(now) { Ok(()) } else { first_response::answer(tx, picture, card, now) }
}

/// The card to work on: as already changed in this round, else as it stood.
fn held<'c>(changed: &'c mut Vec<Alert>, picture: &Picture<'_>, id: AlertId) -> Option<&'c mut Alert> {
    if !changed.iter().any(|a| a.id == id) {
        changed.push(picture.alerts.iter().find(|a| a.id == id)?.clone());
    }
    changed.iter_mut().find(|a| a.id == id)
}

fn offer(alert: &mut Alert, route: routing::Route) {
    alert.owner = route.to;
    alert.routed_because = route.because;
    alert.for_all = route.for_all;
    alert.clock = route.clock;
}

fn word(alert: &mut Alert, picture: &Picture<'_>, card: &rules::Proposal, now: At) {
    let person = alert.owner.and_then(|to| picture.person(to)).map_or("", |p| p.staff.name.as_str());
    alert.draft = wording::draft(picture, card, person, now);
    alert.steps = wording::steps(picture, card, alert.draft.as_ref(), alert.opened, now);
}

/// Words a card that stands as of `now`, for whoever holds it: a message is signed with their name, and neither it nor the steps may
/// speak of hours that have passed since the card last changed.
pub fn reword(alert: &mut Alert, picture: &Picture<'_>, now: At) {
    if alert.is_closed() {
        return;
    }
    let proposals = rules::propose(picture, &intent::score(picture, now), now);
    if let Some(card) = desk::says_now(alert, &proposals, picture, now) {
        word(alert, picture, &card, now);
    }
}

/// Writes a card and everything that follows from its state: open lists, workloads, timers.
pub fn put_alert(tx: &WriteTx<'_>, alert: &Alert) -> Result<(), StoreError> {
    let before = tx.get(tables::ALERTS, &alert.id)?;
    let held_before = before.as_ref().and_then(held_by);
    let held_now = held_by(alert);
    if held_before != held_now {
        if let Some(staff) = held_before {
            work(tx, staff, |w| w.open = w.open.saturating_sub(1))?;
        }
        if let Some(staff) = held_now {
            work(tx, staff, |w| {
                w.open += 1;
                w.last_offered = w.last_offered.max(alert.refreshed);
            })?;
        }
    }
    if alert.is_closed() {
        tx.remove(tables::ALERTS_OPEN, &alert.id)?;
    } else {
        tx.put(tables::ALERTS_OPEN, &alert.id, &())?;
    }
    if before.is_none() {
        tx.put(tables::CUSTOMER_ALERTS, &(alert.customer, alert.id), &())?;
    }
    match &alert.state {
        AlertState::Snoozed { until, .. } => timers::set(tx, &Timer { due: *until, what: TimerKind::SnoozeEnds { alert: alert.id } })?,
        AlertState::Open | AlertState::Claimed { .. } => {
            if let Some(clock) = alert.clock.as_ref().filter(|c| c.stopped.is_none()) {
                timers::set(tx, &Timer { due: clock.due, what: TimerKind::ClockRunsOut { alert: alert.id } })?;
            }
        }
        AlertState::Closed { .. } | AlertState::Unknown => {}
    }
    tx.put(tables::ALERTS, &alert.id, alert)?;
    tx.announce(Changed::Alert(alert.id));
    Ok(())
}

fn held_by(alert: &Alert) -> Option<StaffId> {
    if alert.is_closed() { None } else { alert.owner }
}

fn work(tx: &WriteTx<'_>, staff: StaffId, change: impl FnOnce(&mut Workload)) -> Result<(), StoreError> {
    let mut workload = tx.get(tables::WORKLOADS, &staff)?.unwrap_or_default();
    change(&mut workload);
    tx.put(tables::WORKLOADS, &staff, &workload)
}

/// Nobody of this number is to be thought of any more.
pub fn forget(tx: &WriteTx<'_>, customer: CustomerId) -> Result<(), StoreError> {
    matching::forget(tx, customer)?;
    think_again_at(tx, customer, None)
}

/// Something that bears on them changed: they are thought of with the next turn of the timers, in an entry of their own.
pub(super) fn soon(tx: &WriteTx<'_>, customer: CustomerId, now: At) -> Result<(), StoreError> {
    match tx.get(tables::THINK_AGAIN, &customer)? {
        Some(timer) if timer.due <= now => Ok(()),
        Some(_) | None => think_again_at(tx, customer, Some(now)),
    }
}

/// One timer a customer: the newest thought knows when the next is due, whatever earlier ones expected.
fn think_again_at(tx: &WriteTx<'_>, customer: CustomerId, due: Option<At>) -> Result<(), StoreError> {
    let what = TimerKind::ThinkAgain { customer };
    if let Some(earlier) = tx.get(tables::THINK_AGAIN, &customer)?
        && due != Some(earlier.due)
    {
        timers::clear(tx, &earlier)?;
        tx.remove(tables::THINK_AGAIN, &customer)?;
    }
    let Some(due) = due else { return Ok(()) };
    tx.put(tables::THINK_AGAIN, &customer, &Timer { due, what })?;
    timers::set(tx, &Timer { due, what })
}

/// Everybody who works here, as routing sees them.
pub fn staff_now(tx: &impl Rows) -> Result<Vec<StaffNow>, StoreError> {
    const STAFF_MOST: usize = 500;
    let busy = visits::busy(tx)?;
    let mut all = Vec::new();
    for (id, staff) in tx.some(tables::STAFF, &Span::all(), STAFF_MOST)? {
        let workload = tx.get(tables::WORKLOADS, &id)?.unwrap_or_default();
        all.push(StaffNow { staff, load: workload.open, last_offered: workload.last_offered, with_customer: busy.contains(&id) });
    }
    Ok(all)
}

/// All the engine may see of one customer at one moment.
pub fn gather<'a>(tx: &impl Rows, policy: &'a Policy, customer: &'a Customer, staff: &'a [StaffNow], now: At) -> Result<Picture<'a>, StoreError> {
    let mut parts = Vec::with_capacity(1 + customer.visitors.len());
    for part in customer.all_parts() {
        parts.push(tx.get(tables::ACTIVITY, &part)?.unwrap_or_default());
    }
    for id in &customer.visitors {
        if let Some(visitor) = tx.get(tables::VISITORS, id)? {
            parts.push(visitor.activity);
        }
    }
    let activity = match parts.len() {
        1 => parts.swap_remove(0),
        _ => Activity::merged(&parts.iter().collect::<Vec<_>>()),
    };
    let leads = leads_of(tx, customer, now)?;
    let alerts = alerts_of(tx, customer, now)?;
    let owned = owned_by(tx, customer)?;
    let arrivals = matching::arrivals(tx, customer)?;
    let mut wanted: Vec<VehicleId> = Vec::new();
    let named = leads
        .iter()
        .filter_map(|l| l.vehicle)
        .chain(alerts.iter().filter_map(|a| a.matter.vehicle))
        .chain(arrivals.iter().rev().take(ARRIVALS_MOST).map(|m| m.vehicle))
        .chain(activity.0.iter().rev().filter_map(|m| m.car));
    for id in named {
        if wanted.len() < CARS_MOST && !wanted.contains(&id) {
            wanted.push(id);
        }
    }
    let mut cars: Vec<Vehicle> = Vec::with_capacity(wanted.len());
    for id in wanted {
        if let Some(car) = tx.get(tables::VEHICLES, &id)? {
            cars.push(car);
        }
    }
    let (mut unanswered, mut wrote): (Vec<Unanswered>, Vec<Wrote>) = Default::default();
    for part in customer.all_parts() {
        for (_, Inbound { at, channel, text, answered }) in tx.last(tables::INBOUND, &Span::under(&part), 20)? {
            if answered.is_none() {
                unanswered.push(Unanswered { at, text: text.clone(), channel });
            }
            wrote.push(Wrote { at, text });
        }
    }
    unanswered.sort_by_key(|m| m.at);
    wrote.sort_by_key(|m| m.at);
    let mentions = notes::waiting(tx, customer)?;
    let expected = expected(tx, customer)?;
    let drives = owned.iter().any(|o| o.until.is_none());
    let last_store_touch = customer.store_touches.last().copied();
    let since_sign = customer.last_sign.unwrap_or(customer.since);
    let attempts = customer.store_touches.iter().filter(|t| **t > since_sign).count();
    let waits = leads.iter().filter(|l| l.answered.is_none()).max_by_key(|l| (l.received, l.id));
    let ladder = ladders::of(tx, policy, waits.map_or("", |l| l.said.source.as_str()))?;
    Ok(Picture {
        customer,
        activity,
        cars,
        leads,
        unanswered,
        wrote,
        remarks: notes::remarks(tx, customer)?,
        mentions,
        owned,
        alerts,
        last_store_touch,
        attempts_unanswered: u16::try_from(attempts).unwrap_or(u16::MAX),
        wrong_number: customer.wrong_number,
        visits: visits::of_customer(tx, customer)?,
        opportunity: pipeline::under_way(tx, customer)?,
        lane: lane_ask(tx, customer)?,
        last_service: if drives || !expected.is_empty() { last_service(tx, customer)? } else { None },
        expected,
        arrivals,
        household: if drives { household::relatives(tx, customer)? } else { vec![] },
        staff,
        ladder,
        rooftop: &policy.rooftop,
        weighing: Arc::new(policy.intent.of(tx)?.weighing.clone()),
        rules: policy.rules.of(tx)?,
    })
}

fn leads_of(tx: &impl Rows, customer: &Customer, now: At) -> Result<Vec<Lead>, StoreError> {
    const LEADS_MOST: usize = 20;
    let mut leads: Vec<Lead> = Vec::new();
    for part in customer.all_parts() {
        for ((_, lead), ()) in tx.last(tables::CUSTOMER_LEADS, &Span::under(&part), LEADS_MOST)? {
            leads.extend(tx.get(tables::LEADS, &lead)?.filter(|lead| lead.aside.is_none() && now.since(lead.received) <= LEADS_MS));
        }
    }
    leads.sort_by_key(|lead| lead.id);
    let surplus = leads.len().saturating_sub(LEADS_MOST);
    leads.drain(..surplus);
    Ok(leads)
}

/// The newest visits to the service department that were booked.
fn expected(tx: &impl Rows, customer: &Customer) -> Result<Vec<Expected>, StoreError> {
    const OF_A_PART_MOST: usize = 3;
    let mut all = Vec::new();
    for part in customer.all_parts() {
        for ((_, id), ()) in tx.last(tables::CUSTOMER_APPOINTMENTS, &Span::under(&part), OF_A_PART_MOST)? {
            let booked = tx.get(tables::APPOINTMENTS, &id)?;
            all.extend(booked.map(|a| Expected { at: a.said.at, work: a.said.work.first().cloned().unwrap_or(a.said.complaint) }));
        }
    }
    Ok(all)
}

/// The newest asking for sales that a car of theirs which is here waits with.
fn lane_ask(tx: &impl Rows, customer: &Customer) -> Result<Option<LaneAsk>, StoreError> {
    let asked = service_drive::open_visits_of(tx, customer)?.into_iter().filter_map(|visit| visit.asked).max_by_key(|asked| asked.at);
    Ok(asked.map(|asked| LaneAsk { by: asked.by, at: asked.at, brief: asked.brief }))
}

/// When they were last in service. Files come in any order, so it is the latest of the last few.
fn last_service(tx: &impl Rows, customer: &Customer) -> Result<Option<At>, StoreError> {
    const OF_A_PART_MOST: usize = 3;
    let mut last = service_drive::last_arrival(tx, customer)?;
    for part in customer.all_parts() {
        for ((_, id), ()) in tx.last(tables::CUSTOMER_REPAIR_ORDERS, &Span::under(&part), OF_A_PART_MOST)? {
            last = last.max(tx.get(tables::REPAIR_ORDERS, &id)?.map(|order| order.said.opened));
        }
    }
    Ok(last)
}

/// The cards of a customer, and those that their parts had when they were customers of their own.
fn alerts_of(tx: &impl Rows, customer: &Customer, now: At) -> Result<Vec<Alert>, StoreError> {
    const ALERTS_MOST: usize = 30;
    let mut alerts = Vec::new();
    for part in customer.all_parts() {
        for ((_, alert), ()) in tx.last(tables::CUSTOMER_ALERTS, &Span::under(&CustomerId::from(part)), ALERTS_MOST)? {
            if let Some(alert) = tx.get(tables::ALERTS, &alert)? {
                let old = matches!(alert.state, AlertState::Closed { at, .. } if now.since(at) > CLOSED_ALERTS_MS);
                if !old {
                    alerts.push(alert);
                }
            }
        }
    }
    Ok(alerts)
}

pub(super) fn owned_by(tx: &impl Rows, customer: &Customer) -> Result<Vec<OwnedCar>, StoreError> {
    const OWNED_MOST: usize = 12;
    let mut owned: Vec<OwnedCar> = Vec::new();
    for part in customer.all_parts() {
        for (_, vehicle) in tx.keys(tables::OWNED, &Span::under(&part), OWNED_MOST)? {
            let (Some(ownership), Some(car)) = (tx.get(tables::OWNERS, &(vehicle, part))?, tx.get(tables::VEHICLES, &vehicle)?) else { continue };
            if let Some(held) = owned.iter_mut().find(|o| o.vehicle == vehicle) {
                // Two records of one person speak of one car: bought by one, serviced by the other.
                held.until = if held.since <= ownership.since { ownership.until } else { held.until };
                held.since = held.since.min(ownership.since);
                held.bought_here |= ownership.bought_here;
                continue;
            }
            owned.push(OwnedCar {
                vehicle,
                label: car.facts.label(),
                short: car.facts.short(),
                since: ownership.since,
                until: ownership.until,
                bought_here: ownership.bought_here,
            });
        }
    }
    owned.sort_by_key(|o| (o.until.is_some(), std::cmp::Reverse(o.since)));
    Ok(owned)
}

/// Closes a card by somebody's word.
pub fn closed_by(alert: &mut Alert, by: StaffId, outcome: crate::domain::event::Outcome, now: At) {
    alert.state = AlertState::Closed { at: now, why: CloseReason::Done { outcome }, by: Some(by) };
}
