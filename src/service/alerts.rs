//! What a person does with a card: claim, snooze, hand off, done, and take it back.

use super::{Policy, Rooms, advance, first_response, notes, people, story, think};
use crate::{
    domain::{
        alert::{Alert, AlertState, Before, Icon, Judged, RuleKind},
        customer::Customer,
        event::{Answer, Event, Outcome, StaffAnswer},
        ids::{AlertId, CustomerId, PartId, Seq, StaffId},
        story::{Road, StoryRow},
        time::{At, DAY_MS},
    },
    engine::routing,
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Why an answer was not taken. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotThere,
    AlreadyClaimed { by: StaffId, name: String, ago_ms: i64 },
    AlreadyClosed { by: Option<String> },
    NotInTheFuture,
    NobodyByThatId,
    NothingToUndo,
}

/// A snooze further away than this is a way to lose somebody.
const SNOOZE_MOST_MS: i64 = 60 * DAY_MS;

/// Answers a card for `by`. The same idempotency key twice answers once.
pub async fn answer(
    rooms: &Rooms,
    alert: AlertId,
    by: StaffId,
    answer: Answer,
    key: Option<String>,
    now: At,
) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            if let Some(key) = &key
                && super::seen::before(tx, "answer", &format!("{by}/{key}"))?.is_some()
            {
                return Ok(Ok(()));
            }
            if let Err(refusal) = may(tx, alert, by, &answer, now)? {
                return Ok(Err(refusal));
            }
            let said = StaffAnswer { alert, by, answer: answer.clone() };
            let seq = advance::append_applied(tx, &policy, Event::Answered(said), now)?;
            if let Some(key) = &key {
                super::seen::remember(tx, "answer", &format!("{by}/{key}"), seq)?;
            }
            Ok(Ok(()))
        })
        .await
}

fn may(tx: &WriteTx<'_>, id: AlertId, by: StaffId, answer: &Answer, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let Some(alert) = tx.get(tables::ALERTS, &id)? else { return Ok(Err(Refusal::NotThere)) };
    let name = |id: StaffId| -> Result<String, StoreError> { Ok(tx.get(tables::STAFF, &id)?.map(|s| s.short_name()).unwrap_or_default()) };
    let undoing = matches!(answer, Answer::Undone);
    if let AlertState::Closed { by: closed_by, .. } = &alert.state
        && !undoing
    {
        let by = closed_by.map(name).transpose()?;
        return Ok(Err(Refusal::AlreadyClosed { by }));
    }
    Ok(match answer {
        Answer::Claimed => match &alert.state {
            AlertState::Claimed { by: other, at } if *other != by => {
                Err(Refusal::AlreadyClaimed { by: *other, name: name(*other)?, ago_ms: now.since(*at) })
            }
            AlertState::Open | AlertState::Claimed { .. } | AlertState::Snoozed { .. } | AlertState::Closed { .. } | AlertState::Unknown => Ok(()),
        },
        Answer::Snoozed { until } if *until <= now || until.since(now) > SNOOZE_MOST_MS => Err(Refusal::NotInTheFuture),
        Answer::HandedOff { to } if !tx.get(tables::STAFF, to)?.is_some_and(|s| s.active) => Err(Refusal::NobodyByThatId),
        Answer::Undone if alert.before.as_ref().is_none_or(|b| b.by != by) => Err(Refusal::NothingToUndo),
        Answer::Snoozed { .. } | Answer::HandedOff { .. } | Answer::Done { .. } | Answer::Undone => Ok(()),
        Answer::Unknown => Err(Refusal::NotThere),
    })
}

/// Says whether a card was worth the interruption, or takes that back.
pub async fn judge(rooms: &Rooms, alert: AlertId, useful: Option<bool>, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let Some(held) = tx.get(tables::ALERTS, &alert)? else { return Ok(Err(Refusal::NotThere)) };
            if held.judged.map(|j| j.useful) != useful {
                advance::append_applied(tx, &policy, Event::Judged { alert, useful, by }, now)?;
            }
            Ok(Ok(()))
        })
        .await
}

pub(super) fn take_judgement(tx: &WriteTx<'_>, id: AlertId, useful: Option<bool>, by: StaffId, now: At) -> Result<(), StoreError> {
    let Some(alert) = tx.get(tables::ALERTS, &id)? else { return Ok(()) };
    think::put_alert(tx, &Alert { judged: useful.map(|useful| Judged { useful, by, at: now }), ..alert })
}

/// The effects of an answer that was allowed.
pub(super) fn take(tx: &WriteTx<'_>, policy: &Policy, seq: Seq, said: &StaffAnswer, now: At) -> Result<(), StoreError> {
    let Some(mut alert) = tx.get(tables::ALERTS, &said.alert)? else { return Ok(()) };
    if matches!(said.answer, Answer::Undone) {
        return undo(tx, policy, alert, said.by, now);
    }
    alert.before = Some(Box::new(Before {
        answer: said.answer.clone(),
        by: said.by,
        at: now,
        state: alert.state.clone(),
        owner: alert.owner,
        clock: alert.clock.clone(),
        routed_because: alert.routed_because.clone(),
    }));
    alert.refreshed = now;
    alert.held_back = false;
    match &said.answer {
        Answer::Claimed => {
            // A claim does not stop the clock: only a touch does, so that claiming cannot hide a lead.
            alert.state = AlertState::Claimed { by: said.by, at: now };
            alert.owner = Some(said.by);
            routing::CLAIMED.clone_into(&mut alert.routed_because);
        }
        Answer::Snoozed { until } => alert.state = AlertState::Snoozed { by: said.by, until: *until },
        Answer::HandedOff { to } => hand_off(tx, policy, &mut alert, said.by, *to, now)?,
        Answer::Done { outcome, .. } => {
            if let Some(clock) = &mut alert.clock {
                clock.stopped = Some(now);
            }
            think::closed_by(&mut alert, said.by, *outcome, now);
            notes::dealt_with(tx, &alert, None, Some(now))?;
            tell_done(tx, &alert, said, seq, now)?;
        }
        Answer::Undone | Answer::Unknown => {}
    }
    if matches!(said.answer, Answer::Claimed | Answer::HandedOff { .. }) {
        reword(tx, policy, &mut alert, now)?;
    }
    think::put_alert(tx, &alert)?;
    think::think(tx, policy, alert.customer, now)
}

/// The message is signed by whoever holds the card now.
fn reword(tx: &WriteTx<'_>, policy: &Policy, alert: &mut Alert, now: At) -> Result<(), StoreError> {
    let Some(customer) = people::shown(tx, alert.customer)? else { return Ok(()) };
    let staff = think::staff_now(tx)?;
    think::reword(alert, &think::gather(tx, policy, &customer, &staff, now)?, now);
    Ok(())
}

fn hand_off(tx: &WriteTx<'_>, policy: &Policy, alert: &mut Alert, by: StaffId, to: StaffId, now: At) -> Result<(), StoreError> {
    let giver = tx.get(tables::STAFF, &by)?.map_or_else(|| "a colleague".to_owned(), |s| s.short_name());
    alert.owner = Some(to);
    alert.state = AlertState::Open;
    alert.routed_because = format!("Handed over by {giver}");
    // The clock starts again at half (design 7, act 9).
    if let Some(clock) = alert.clock.as_mut().filter(|c| c.stopped.is_none()) {
        clock.started = now;
        clock.due = policy.rooftop.after_open_minutes(now, policy.rooftop.first_response_minutes.div_ceil(2));
    }
    Ok(())
}

fn tell_done(tx: &WriteTx<'_>, alert: &Alert, said: &StaffAnswer, seq: Seq, now: At) -> Result<(), StoreError> {
    let Answer::Done { outcome, note, message } = &said.answer else { return Ok(()) };
    let (by, outcome) = (said.by, *outcome);
    let Some(customer) = people::shown(tx, alert.customer)? else { return Ok(()) };
    let part = PartId::from(customer.id);
    people::change(tx, part, |own| {
        if outcome == Outcome::WrongNumber {
            own.wrong_number = true;
        }
        own.touch(now, outcome.words(), false);
    })?;
    if outcome.is_touch() {
        reached(tx, &customer, by, now)?;
    }
    notes::remark(tx, part, seq, by, note, now)?;
    let detail = [message, note].into_iter().filter(|t| !t.trim().is_empty()).cloned().collect::<Vec<_>>().join("\n");
    let (road, icon) = match outcome {
        Outcome::Texted => (Road::Messages, Icon::Message),
        Outcome::Emailed => (Road::Messages, Icon::Mail),
        Outcome::Called | Outcome::Talked | Outcome::LeftMessage | Outcome::NoAnswer | Outcome::WrongNumber => (Road::Messages, Icon::Phone),
        Outcome::NotSerious | Outcome::Other => (Road::Note, Icon::Check),
    };
    let row = StoryRow::new(now, road, icon, outcome.words().to_owned(), seq);
    let row = StoryRow { detail, vehicle: alert.matter.vehicle, by: Some(by), ..row };
    story::tell(tx, part, &row)
}

/// Somebody of the store reached for them, or met them: whoever waited for an answer has it, and who has nobody has them.
pub(super) fn reached(tx: &WriteTx<'_>, customer: &Customer, by: StaffId, now: At) -> Result<(), StoreError> {
    let has_owner = customer.owner.is_some();
    people::change(tx, customer.id.into(), |own| {
        own.store_touches.push(now);
        let surplus = own.store_touches.len().saturating_sub(Customer::STORE_TOUCHES_KEPT);
        own.store_touches.drain(..surplus);
        if !has_owner {
            own.owner = Some(by);
        }
    })?;
    first_response::withdraw(tx, customer, now)?;
    answered(tx, customer, None, Some(now))
}

/// Nobody reached for them at that moment after all. It stands with the part that was the customer then, which may have been joined since.
pub(super) fn not_reached(tx: &WriteTx<'_>, customer: &Customer, at: At) -> Result<(), StoreError> {
    answered(tx, customer, Some(at), None)?;
    for part in customer.all_parts() {
        people::change(tx, part, |own| own.store_touches.retain(|t| *t != at))?;
    }
    Ok(())
}

/// Marks their leads and messages as answered at `now`, or takes that back.
fn answered(tx: &WriteTx<'_>, customer: &Customer, from: Option<At>, to: Option<At>) -> Result<(), StoreError> {
    for part in customer.all_parts() {
        for ((_, id), ()) in tx.last(tables::CUSTOMER_LEADS, &Span::under(&part), 20)? {
            if let Some(mut lead) = tx.get(tables::LEADS, &id)?
                && lead.answered == from
            {
                lead.answered = to;
                tx.put(tables::LEADS, &id, &lead)?;
            }
        }
        for (key, mut message) in tx.last(tables::INBOUND, &Span::under(&part), 20)? {
            if message.answered == from {
                message.answered = to;
                tx.put(tables::INBOUND, &key, &message)?;
            }
        }
    }
    Ok(())
}

fn undo(tx: &WriteTx<'_>, policy: &Policy, mut alert: Alert, by: StaffId, now: At) -> Result<(), StoreError> {
    let Some(before) = alert.before.take().filter(|b| b.by == by) else { return Ok(()) };
    if let Answer::Done { .. } = &before.answer {
        notes::dealt_with(tx, &alert, Some(before.at), None)?;
    }
    if let Answer::Done { outcome, .. } = &before.answer
        && let Some(customer) = people::shown(tx, alert.customer)?
    {
        if outcome.is_touch() {
            not_reached(tx, &customer, before.at)?;
        }
        notes::unremark(tx, &customer, by, before.at)?;
        for part in customer.all_parts() {
            people::change(tx, part, |own| own.wrong_number &= *outcome != Outcome::WrongNumber)?;
            // The line of what was taken back goes too: it did not happen.
            let own = tables::story_of_part(part);
            for (key, row) in tx.some(tables::STORY, &Span::between(&(own, before.at), &(own, before.at.plus_ms(1))), 50)? {
                if row.by == Some(by) && row.title == outcome.words() {
                    tx.remove(tables::STORY, &key)?;
                }
            }
        }
    }
    alert.state = before.state;
    alert.owner = before.owner;
    alert.clock = before.clock;
    alert.routed_because = before.routed_because;
    alert.refreshed = now;
    reword(tx, policy, &mut alert, now)?;
    think::put_alert(tx, &alert)?;
    think::think(tx, policy, alert.customer, now)
}

/// Whether a complaint of theirs stands open, whatever else stands beside it.
pub(super) fn complains(tx: &impl Rows, customer: &Customer) -> Result<bool, StoreError> {
    const OF_A_PART_MOST: usize = 30;
    for part in customer.all_parts() {
        for ((_, id), ()) in tx.last(tables::CUSTOMER_ALERTS, &Span::under(&CustomerId::from(part)), OF_A_PART_MOST)? {
            if tx.get(tables::ALERTS, &id)?.is_some_and(|card| !card.is_closed() && card.matter.rule == RuleKind::Unhappy) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
