//! What did the lender say is still owed? Written down by whoever asked, and taken back the same way.

use super::{Rooms, advance, people, seen::Asked, story};
use crate::{
    domain::{
        alert::Icon,
        change::Changed,
        event::Event,
        ids::{CustomerId, PartId, Seq, StaffId, VehicleId},
        money::Cents,
        payoff::SaidPayoff,
        story::{Road, StoryRow},
        time::{At, DAY_MS},
    },
    store::{Rows, StoreError, WriteTx, tables},
};

/// Nothing on four wheels that a small store meets is owed more on.
const MOST: Cents = Cents(100_000_000);
const FROM_MOST: usize = 120;
/// A payoff is good for some days, never for a year.
const GOOD_MOST_MS: i64 = 120 * DAY_MS;

/// Why nothing was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotThere,
    Unusable(String),
}

/// What somebody was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub amount: Cents,
    pub good_through: Option<At>,
    pub from: String,
}

/// Writes down what was told, or takes the last word back with `None`: what stood before it stands again. The same key twice does it once.
pub async fn say(
    rooms: &Rooms,
    customer: CustomerId,
    vehicle: VehicleId,
    told: Option<Told>,
    asked: Asked,
    now: At,
) -> Result<Result<(), Refusal>, StoreError> {
    if let Some(told) = &told
        && let Err(sentence) = checked(told, now)
    {
        return Ok(Err(Refusal::Unusable(sentence)));
    }
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            asked.once(tx, "payoff", || {
                let Some(customer) = people::shown(tx, customer)? else { return Ok(Err(Refusal::NotThere)) };
                let Some(part) = owner_part(tx, customer.all_parts(), vehicle)? else { return Ok(Err(Refusal::NotThere)) };
                if told.is_none() && !tx.has(tables::PAYOFFS, &(part, vehicle))? {
                    return Ok(Ok(()));
                }
                let payoff = told.clone().map(|t| said(t, asked.by, now));
                advance::append_applied(tx, &policy, Event::PayoffSaid { customer: customer.id, vehicle, payoff, by: asked.by }, now)?;
                Ok(Ok(()))
            })
        })
        .await
}

fn said(told: Told, by: StaffId, now: At) -> SaidPayoff {
    SaidPayoff { amount: told.amount, good_through: told.good_through, from: told.from, by, at: now, before: None }
}

fn checked(told: &Told, now: At) -> Result<(), String> {
    if told.amount.0 < 0 || told.amount > MOST {
        return Err(format!("A payoff is from $0 to {MOST}; {} cannot be one.", told.amount));
    }
    if told.from.chars().count() > FROM_MOST {
        return Err(format!("Who said it is told in at most {FROM_MOST} characters."));
    }
    match told.good_through {
        Some(until) if until < now.plus_ms(-DAY_MS) => Err("That payoff is no longer good; ask the lender for a new one.".to_owned()),
        Some(until) if until.since(now) > GOOD_MOST_MS => Err("A payoff is good for at most 120 days.".to_owned()),
        Some(_) | None => Ok(()),
    }
}

/// Which record of a customer has this car.
pub(super) fn owner_part(tx: &impl Rows, parts: impl Iterator<Item = PartId>, vehicle: VehicleId) -> Result<Option<PartId>, StoreError> {
    for part in parts {
        if tx.has(tables::OWNED, &(part, vehicle))? {
            return Ok(Some(part));
        }
    }
    Ok(None)
}

pub(super) fn take(
    tx: &WriteTx<'_>,
    seq: Seq,
    (customer, vehicle): (CustomerId, VehicleId),
    payoff: Option<&SaidPayoff>,
    by: StaffId,
    now: At,
) -> Result<(), StoreError> {
    let Some(shown) = people::shown(tx, customer)? else { return Ok(()) };
    let Some(part) = owner_part(tx, shown.all_parts(), vehicle)? else { return Ok(()) };
    let place = (part, vehicle);
    let stood = tx.get(tables::PAYOFFS, &place)?;
    let title = if let Some(payoff) = payoff {
        // One word back is enough: what stood before that was given up when its follower was let stand.
        let before = stood.map(|stood| Box::new(SaidPayoff { before: None, ..stood }));
        tx.put(tables::PAYOFFS, &place, &SaidPayoff { before, ..payoff.clone() })?;
        format!("Payoff of {} written down", payoff.amount)
    } else {
        match stood.and_then(|stood| stood.before) {
            Some(before) => tx.put(tables::PAYOFFS, &place, &before)?,
            None => {
                tx.remove(tables::PAYOFFS, &place)?;
            }
        }
        "Payoff taken back".to_owned()
    };
    let detail = payoff.map(|p| p.from.clone()).unwrap_or_default();
    let row = StoryRow::new(now, Road::Finance, Icon::File, title, seq);
    story::tell(tx, part, &StoryRow { by: Some(by), vehicle: Some(vehicle), detail, ..row })?;
    tx.announce(Changed::Customer(shown.id));
    Ok(())
}
