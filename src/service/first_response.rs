//! Nobody is here to answer, or nobody did in time: the store answers by itself, once, with what it knows and when it opens.

use super::{seen, story};
use crate::{
    domain::{
        alert::{Alert, Draft, Icon},
        consent::Channel,
        customer::Customer,
        ids::{OutboxId, PartId, Seq},
        outbox::{OutboxRow, OutboxState, Purpose},
        picture::Picture,
        rooftop::Rooftop,
        story::{Road, StoryRow},
        time::{At, HOUR_MS},
    },
    engine::{intent, rules, wording},
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// An answer later than this is worse than none.
const WORTH_MS: i64 = 12 * HOUR_MS;
/// Texts go out between these minutes of the day (47 CFR 64.1200(c)(1): 8 am to 9 pm where the customer is).
const TEXTS_FROM: u16 = 8 * 60;
const TEXTS_UNTIL: u16 = 21 * 60;

/// Puts the answer to the lead of this card into the outbox: once a lead, once a day for a customer, and only by a channel that they allow.
pub(super) fn answer(tx: &WriteTx<'_>, picture: &Picture<'_>, card: &rules::Proposal, now: At) -> Result<(), StoreError> {
    let customer = picture.customer;
    let Some(Draft { channel, text, .. }) = wording::first_response(picture, card, now) else { return Ok(()) };
    let Some(to) = point(customer, channel) else { return Ok(()) };
    let key = format!("{}/{}", customer.id, picture.rooftop.zone.day_number(now));
    if seen::before(tx, "first response", &key)?.is_some() {
        return Ok(());
    }
    let id = OutboxId(tx.next("outbox")?);
    seen::remember(tx, "first response", &key, Seq(id.0))?;
    let not_before = if channel == Channel::Text { text_hour(picture.rooftop, now) } else { now };
    let row = OutboxRow {
        id,
        customer: customer.id,
        channel,
        to,
        text: text.clone(),
        not_before,
        not_after: not_before.plus_ms(WORTH_MS),
        idempotency_key: format!("first-response/{id}"),
        state: OutboxState::Waiting { attempts: 0 },
        purpose: Purpose::Answer,
    };
    tx.put(tables::OUTBOX, &id, &row)?;
    tx.put(tables::OUTBOX_DUE, &(not_before, id), &())?;
    tx.put(tables::CUSTOMER_OUTBOX, &(customer.id.into(), id), &())?;
    let icon = if channel == Channel::Email { Icon::Mail } else { Icon::Message };
    // No entry of the journal says it: it follows from the hour, or from a clock.
    let line = StoryRow::new(now, Road::Messages, icon, "Answered by itself; waiting to leave".to_owned(), Seq(0));
    story::tell(tx, customer.id.into(), &StoryRow { detail: text, vehicle: card.vehicle, ..line })
}

/// The clock of a card ran out and nobody had answered.
pub(super) fn answer_late(tx: &WriteTx<'_>, picture: &Picture<'_>, alert: &Alert, now: At) -> Result<(), StoreError> {
    let proposals = rules::propose(picture, &intent::score(picture, now), now);
    match proposals.iter().find(|p| p.matter == alert.matter) {
        Some(card) => answer(tx, picture, card, now),
        None => Ok(()),
    }
}

/// Somebody of the store has answered: what has not left yet stays.
pub(super) fn withdraw(tx: &WriteTx<'_>, customer: &Customer, now: At) -> Result<(), StoreError> {
    const LOOKED_AT: usize = 5;
    for part in customer.all_parts() {
        for (_, id) in tx.keys(tables::CUSTOMER_OUTBOX, &Span::under(&part), LOOKED_AT)? {
            let Some(mut row) = tx.get(tables::OUTBOX, &id)?.filter(|row| matches!(row.state, OutboxState::Waiting { .. })) else { continue };
            tx.remove(tables::OUTBOX_DUE, &(row.not_before, id))?;
            row.state = OutboxState::Refused { at: now, why: "Somebody of the store answered first.".to_owned() };
            tx.put(tables::OUTBOX, &id, &row)?;
            tx.remove(tables::CUSTOMER_OUTBOX, &(part, id))?;
        }
    }
    Ok(())
}

/// The answer that waits to leave for the customer of a card, if any.
pub(super) fn waiting(tx: &impl Rows, alert: &Alert) -> Result<Option<OutboxRow>, StoreError> {
    const LOOKED_AT: usize = 5;
    let part = PartId::from(alert.customer);
    for ((_, id), ()) in tx.last(tables::CUSTOMER_OUTBOX, &Span::under(&part), LOOKED_AT)? {
        let row = tx.get(tables::OUTBOX, &id)?;
        if let Some(row) = row.filter(|row| matches!(row.state, OutboxState::Waiting { .. }) && row.purpose.is_answer()) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

fn point(customer: &Customer, channel: Channel) -> Option<String> {
    match channel {
        Channel::Email => customer.emails.first().map(|e| e.as_str().to_owned()),
        Channel::Text => customer.phones.first().map(|p| p.e164().to_owned()),
        Channel::Call => None,
    }
}

/// Now, or the next morning hour in which texts may be sent, by the store's clock.
fn text_hour(rooftop: &Rooftop, now: At) -> At {
    let today = rooftop.zone.local(now).date();
    let (from, until) = (rooftop.wall(today, TEXTS_FROM), rooftop.wall(today, TEXTS_UNTIL));
    if now < from {
        return from;
    }
    if now < until {
        return now;
    }
    today.tomorrow().map_or(now, |day| rooftop.wall(day, TEXTS_FROM))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_waits_for_the_morning() {
        let at = |text: &str| At::parse_rfc3339(text).unwrap();
        for (now, leaves) in [
            ("2026-11-24T09:41:00-05:00", "2026-11-24T09:41:00-05:00"),
            ("2026-11-24T20:59:00-05:00", "2026-11-24T20:59:00-05:00"),
            ("2026-11-24T21:00:00-05:00", "2026-11-25T08:00:00-05:00"),
            ("2026-11-24T03:00:00-05:00", "2026-11-24T08:00:00-05:00"),
        ] {
            assert_eq!(text_hour(&Rooftop::default(), at(now)), at(leaves), "{now}");
        }
    }
}
