//! The sales under way: begun by a raised hand, moved by facts or by hand, followed up, given up, tried again.

use super::{Policy, Rooms, advance, people, seen::Asked, think, visits};
use crate::{
    domain::{
        alert::AlertState,
        change::Changed,
        customer::Customer,
        event::Event,
        ids::{CustomerId, OpportunityId, PartId, StaffId},
        opportunity::{ByHand, FollowUp, Lost, LostReason, Opportunity, Said, Stage},
        picture::Picture,
        time::{At, DAY_MS},
    },
    engine::pipeline,
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// A promise further away than this is a way to lose somebody.
const FOLLOW_UP_MOST_MS: i64 = 400 * DAY_MS;
const TEXT_MOST: usize = 500;

/// Why nothing was done. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotThere,
    /// Nothing is under way with them.
    NothingUnderWay,
    Unusable(String),
}

/// Says something of the sale with a customer. The same key twice says it once.
pub async fn say(rooms: &Rooms, customer: CustomerId, said: Said, asked: Asked, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            asked.once(tx, "pipeline", || {
                let Some(customer) = people::shown(tx, customer)? else { return Ok(Err(Refusal::NotThere)) };
                if let Err(refusal) = may(&said, under_way(tx, &customer)?.as_ref(), now) {
                    return Ok(Err(refusal));
                }
                let mut said = said.clone();
                if let Said::Lost { why, again: again @ None, .. } = &mut said {
                    *again = again_by_itself(*why, now);
                }
                let event = Event::SaleSaid { customer: customer.id, said, by: asked.by };
                advance::append_applied(tx, &policy, event, now)?;
                Ok(Ok(()))
            })
        })
        .await
}

fn again_by_itself(why: LostReason, now: At) -> Option<At> {
    why.again_after_days().map(|days| now.plus_ms(days * DAY_MS))
}

fn may(said: &Said, held: Option<&Opportunity>, now: At) -> Result<(), Refusal> {
    let unusable = |sentence: &str| Err(Refusal::Unusable(sentence.to_owned()));
    let too_long = |text: &str| text.chars().count() > TEXT_MOST;
    let ahead = |at: At| at > now && at.since(now) <= FOLLOW_UP_MOST_MS;
    match said {
        Said::Stage { why, .. } if why.trim().is_empty() => unusable("A stage set by hand needs a reason: the facts say something else."),
        Said::Stage { stage: Stage::Sold | Stage::Delivered | Stage::Unknown, .. } => unusable("Sold is what a deal or a visit says, not a hand."),
        Said::Stage { why: text, .. } | Said::Lost { note: text, .. } | Said::FollowUp { what: text, .. } if too_long(text) => {
            Err(Refusal::Unusable(format!("A reason or note has at most {TEXT_MOST} characters.")))
        }
        Said::Lost { again: Some(at), .. } | Said::FollowUp { due: at, .. } if !ahead(*at) => {
            unusable("That day lies ahead, and no more than 400 days away.")
        }
        Said::Stage { .. } | Said::Lost { .. } if !held.is_some_and(Opportunity::is_open) => Err(Refusal::NothingUnderWay),
        Said::StageUndone if held.is_none_or(|o| o.by_hand.is_empty()) => Err(Refusal::NothingUnderWay),
        Said::LostUndone if held.is_none_or(|o| o.lost.is_none()) => Err(Refusal::NothingUnderWay),
        Said::FollowUpUndone if held.is_none_or(|o| o.follow_ups_before.is_empty()) => Err(Refusal::NothingUnderWay),
        Said::Unknown => Err(Refusal::NotThere),
        Said::Stage { .. }
        | Said::StageUndone
        | Said::Lost { .. }
        | Said::LostUndone
        | Said::FollowUp { .. }
        | Said::NoFollowUp
        | Said::FollowUpUndone => Ok(()),
    }
}

/// Whether something may be promised for then.
pub(super) fn may_follow_up(due: At, what: &str, now: At) -> Result<(), Refusal> {
    may(&Said::FollowUp { due, what: what.to_owned() }, None, now)
}

/// The sale that is under way with a customer, else the one that ended last. Of records that were joined each may have brought its own: the
/// one that began last leads, open ones first.
pub fn under_way(tx: &impl Rows, customer: &Customer) -> Result<Option<Opportunity>, StoreError> {
    Ok(last_of(tx, customer)?.into_iter().max_by_key(|o| (o.is_open(), o.opened, o.id)))
}

/// The last sales with a customer, of each record of theirs.
fn last_of(tx: &impl Rows, customer: &Customer) -> Result<Vec<Opportunity>, StoreError> {
    const OF_A_PART_MOST: usize = 3;
    let mut all: Vec<Opportunity> = Vec::new();
    for part in customer.all_parts() {
        for ((_, id), ()) in tx.last(tables::CUSTOMER_OPPORTUNITIES, &Span::under(&part), OF_A_PART_MOST)? {
            all.extend(tx.get(tables::OPPORTUNITIES, &id)?);
        }
    }
    Ok(all)
}

/// Somebody raised a hand: a sale begins, unless one is under way.
pub(super) fn begin(tx: &WriteTx<'_>, part: PartId, now: At) -> Result<(), StoreError> {
    let Some(customer) = people::of_part(tx, part)? else { return Ok(()) };
    match under_way(tx, &customer)?.filter(Opportunity::is_open) {
        Some(held) if held.begun_by_us => put(tx, &Opportunity { begun_by_us: false, ..held }),
        Some(_) => Ok(()),
        None => open(tx, part, now).map(|_| ()),
    }
}

fn open(tx: &WriteTx<'_>, part: PartId, now: At) -> Result<Opportunity, StoreError> {
    let id = OpportunityId(tx.next("opportunity")?);
    let opportunity = Opportunity::new(id, part, now);
    tx.put(tables::CUSTOMER_OPPORTUNITIES, &(part, id), &())?;
    put(tx, &opportunity)?;
    Ok(opportunity)
}

fn put(tx: &WriteTx<'_>, opportunity: &Opportunity) -> Result<(), StoreError> {
    tx.put(tables::OPPORTUNITIES, &opportunity.id, opportunity)?;
    if opportunity.is_open() {
        tx.put(tables::OPPORTUNITIES_OPEN, &opportunity.id, &())?;
    } else {
        tx.remove(tables::OPPORTUNITIES_OPEN, &opportunity.id)?;
    }
    tx.announce(Changed::Opportunity(opportunity.id));
    Ok(())
}

/// Nobody raised a hand at that moment: a sale that began then, and of which nothing was said since, never was, or began when they raised one
/// `next`.
pub(super) fn not_begun(tx: &WriteTx<'_>, customer: &Customer, at: At, next: Option<At>) -> Result<(), StoreError> {
    let untouched = |o: &Opportunity| o.opened == at && o.by_hand.is_empty() && o.follow_up.is_none() && o.lost.is_none();
    let Some(held) = under_way(tx, customer)?.filter(untouched) else { return Ok(()) };
    match next {
        Some(opened) => put(tx, &Opportunity { opened, ..held }),
        None => forget(tx, &held),
    }
}

/// They did raise a hand at that moment: the undo of [`not_begun`].
pub(super) fn begun(tx: &WriteTx<'_>, part: PartId, at: At) -> Result<(), StoreError> {
    let Some(customer) = people::of_part(tx, part)? else { return Ok(()) };
    // The raised hand of an earlier sale did not begin the one that is under way now.
    let is_of_another = last_of(tx, &customer)?.iter().any(|o| o.opened <= at && o.ended().is_none_or(|ended| ended >= at));
    match under_way(tx, &customer)?.filter(|held| held.is_open() && held.opened > at) {
        Some(_) if is_of_another => Ok(()),
        Some(held) => put(tx, &Opportunity { opened: at, begun_by_us: false, ..held }),
        None => begin(tx, part, at),
    }
}

/// Concludes where the sale of this picture stands.
pub(super) fn settle(tx: &WriteTx<'_>, picture: &Picture<'_>) -> Result<(), StoreError> {
    let Some(held) = picture.opportunity.as_ref().filter(|o| o.lost.is_none()) else { return Ok(()) };
    let (stage, since) = pipeline::stage(picture, held);
    if (stage, since) != (held.stage, held.since) {
        put(tx, &Opportunity { stage, since, ..held.clone() })?;
    }
    Ok(())
}

/// The effects of what somebody said.
pub(super) fn take(tx: &WriteTx<'_>, policy: &Policy, customer: CustomerId, said: &Said, by: StaffId, now: At) -> Result<(), StoreError> {
    let Some(customer) = people::shown(tx, customer)? else { return Ok(()) };
    let held = under_way(tx, &customer)?;
    let mut opportunity = match (held, said) {
        // A promise to somebody with whom nothing is under way begins something.
        (held, Said::FollowUp { .. }) => match held.filter(Opportunity::is_open) {
            Some(held) => held,
            None => Opportunity { begun_by_us: true, ..open(tx, customer.id.into(), now)? },
        },
        (Some(held), _) => held,
        (None, _) => return Ok(()),
    };
    match said.clone() {
        Said::Stage { stage, why } => opportunity.by_hand.push(ByHand { stage, why, by, at: now }),
        Said::StageUndone => {
            opportunity.by_hand.pop();
        }
        Said::Lost { why, note, again } => opportunity.lost = Some(Lost { why, note, by, at: now, again }),
        Said::LostUndone => opportunity.lost = None,
        Said::FollowUp { due, what } => promise(&mut opportunity, Some(FollowUp { due, what, by, at: now })),
        Said::NoFollowUp => promise(&mut opportunity, None),
        Said::FollowUpUndone => opportunity.follow_up = opportunity.follow_ups_before.pop().flatten(),
        Said::Unknown => {}
    }
    if is_nothing(&opportunity) {
        forget(tx, &opportunity)?;
    } else {
        put(tx, &opportunity)?;
    }
    tx.announce(Changed::Customer(customer.id));
    think::think(tx, policy, customer.id, now)
}

fn promise(opportunity: &mut Opportunity, follow_up: Option<FollowUp>) {
    let before = std::mem::replace(&mut opportunity.follow_up, follow_up);
    opportunity.follow_ups_before.push(before);
}

/// Whether all that ever began it was taken back.
fn is_nothing(o: &Opportunity) -> bool {
    o.begun_by_us && o.follow_up.is_none() && o.follow_ups_before.is_empty() && o.by_hand.is_empty() && o.lost.is_none()
}

fn forget(tx: &WriteTx<'_>, opportunity: &Opportunity) -> Result<(), StoreError> {
    tx.remove(tables::OPPORTUNITIES, &opportunity.id)?;
    tx.remove(tables::OPPORTUNITIES_OPEN, &opportunity.id)?;
    tx.remove(tables::CUSTOMER_OPPORTUNITIES, &(opportunity.part, opportunity.id))?;
    tx.announce(Changed::Opportunity(opportunity.id));
    Ok(())
}

/// A visit ended for a reason after which nobody comes round: the sale is given up with it.
pub(super) fn give_up(tx: &WriteTx<'_>, customer: &Customer, why: LostReason, note: &str, by: StaffId, now: At) -> Result<(), StoreError> {
    let Some(held) = under_way(tx, customer)?.filter(Opportunity::is_open) else { return Ok(()) };
    let lost = Lost { why, note: note.to_owned(), by, at: now, again: again_by_itself(why, now) };
    put(tx, &Opportunity { lost: Some(lost), ..held })
}

/// The visit has not ended: what was given up at that moment is not.
pub(super) fn not_given_up(tx: &WriteTx<'_>, customer: &Customer, at: At) -> Result<(), StoreError> {
    match under_way(tx, customer)?.filter(|o| o.lost.as_ref().is_some_and(|lost| lost.at == at)) {
        Some(held) => put(tx, &Opportunity { lost: None, ..held }),
        None => Ok(()),
    }
}

/// What comes next for a sale under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextStep {
    /// They are in the showroom.
    InShowroom,
    /// A card stands open, or comes back at a time.
    Card {
        comes_back: Option<At>,
    },
    FollowUp {
        due: At,
    },
    /// Nothing: lost in the void.
    None,
}

/// What comes next for the sale with a customer, if anything does.
pub fn next_step(tx: &impl Rows, customer: &Customer, opportunity: &Opportunity, now: At) -> Result<NextStep, StoreError> {
    if visits::open_visit_of(tx, customer)?.is_some() {
        return Ok(NextStep::InShowroom);
    }
    if let Some(id) = customer.open_alert
        && let Some(alert) = tx.get(tables::ALERTS, &id)?.filter(|a| !a.is_closed())
    {
        let comes_back = if let AlertState::Snoozed { until, .. } = alert.state { Some(until) } else { None };
        return Ok(NextStep::Card { comes_back });
    }
    Ok(match &opportunity.follow_up {
        Some(follow_up) if follow_up.due > now => NextStep::FollowUp { due: follow_up.due },
        Some(_) | None => NextStep::None,
    })
}

/// Every sale under way with its customer. A customer of several records has one: that which leads.
pub fn all_open(tx: &impl Rows) -> Result<Vec<(Customer, Opportunity)>, StoreError> {
    let mut all = Vec::new();
    for id in tx.keys(tables::OPPORTUNITIES_OPEN, &Span::all(), usize::MAX)? {
        let Some(opportunity) = tx.get(tables::OPPORTUNITIES, &id)? else { continue };
        let Some(customer) = people::of_part(tx, opportunity.part)? else { continue };
        let leads = customer.parts.is_empty() || under_way(tx, &customer)?.is_some_and(|o| o.id == id);
        if leads {
            all.push((customer, opportunity));
        }
    }
    Ok(all)
}
