//! A car costs less: who is told, by which road, and who is left in peace?
//!
//! Whoever asked to hear of it, looked at the car or asked about it lately, or said a budget that it now meets, is ranked by how near to
//! buying they are. Fifteen a day are written to, into the outbox; the rest on the mornings after. A price set by hand and one that a feed
//! brings go the same road.

use super::{Policy, alerts, household, links, matching, people, pipeline, price_alerts, story, think, timers, visits, watchers, wishes};
use crate::{
    domain::{
        alert::Icon,
        change::Changed,
        consent::{Channel, ConsentFact},
        customer::Customer,
        ids::{CustomerId, OutboxId, PartId, Seq, StaffId, VehicleId},
        money::Cents,
        opportunity::{LostReason, Stage},
        outbox::{OutboxRow, OutboxState, Purpose},
        price_alert::{PriceAlert, PriceMove, ToldOfDrop},
        story::{Road, StoryRow},
        time::{At, DAY_MS, MINUTE_MS},
        timer::{Timer, TimerKind},
        vehicle::{ListingStatus, Vehicle},
    },
    engine::{
        matching::{
            drop::{self, LeftOut, Standing},
            hours,
        },
        wording::{self, PriceNews},
    },
    store::{Rows, StoreError, WriteTx, tables, tables::story_of_part},
};
use std::collections::BTreeMap;

/// Nothing leaves at once: a price set by mistake is taken back before the first message goes (design 8.6).
const GRACE_MS: i64 = MINUTE_MS;
/// A price that is days old is no news.
const WORTH_MS: i64 = 3 * DAY_MS;

/// Who would be told of a price, and who would not.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    /// Why nobody is told at all, as a sentence.
    pub(super) stop: Option<&'static str>,
    /// In the order in which they are told.
    pub(super) tell: Vec<Cared>,
    pub(super) left_out: Vec<(Cared, LeftOut)>,
    /// Alerts that stand on the car, and those of them that the price meets.
    pub(super) alerts_set: usize,
    pub(super) alerts_met: usize,
}

/// Somebody who cares for the car.
#[derive(Debug, Clone)]
pub(super) struct Cared {
    pub(super) customer: Customer,
    pub(super) why: String,
    /// They asked to hear of it.
    pub(super) asked: bool,
    last: At,
    pub(super) may_text: bool,
    pub(super) may_email: bool,
    /// Where the message goes; none: nowhere.
    pub(super) to: Option<(Channel, String)>,
}

/// What speaks for telling a customer.
#[derive(Debug, Clone, Default)]
struct Cares {
    alert: Option<PriceAlert>,
    /// The budget they named that the price now meets.
    budget: Option<Cents>,
    last: At,
}

/// Who would be told if a car that cost `from` cost `to`.
pub(super) fn plan(tx: &impl Rows, car: &Vehicle, from: Cents, to: Cents, now: At) -> Result<Plan, StoreError> {
    let alerts = price_alerts::on(tx, car.id)?;
    let met = alerts.iter().filter(|alert| is_met(alert, from, to)).count();
    let mut plan = Plan { stop: stop(car, from, to), alerts_set: alerts.len(), alerts_met: met, ..Plan::default() };
    if plan.stop.is_some() {
        return Ok(plan);
    }
    let had_it = household::owners_of(tx, car.id)?;
    for (id, cares) in who_cares(tx, car, (from, to), alerts, now)? {
        let Some(customer) = people::shown(tx, id)? else { continue };
        let standing = Standing { has_it: had_it.contains(&id), ..standing(tx, &customer, cares.last)? };
        let cared = cared(customer, &cares, car);
        match drop::left_out(&standing, cared.to.is_some(), now) {
            Some(why) => plan.left_out.push((cared, why)),
            None => plan.tell.push(cared),
        }
    }
    plan.tell.sort_by_key(|c| (std::cmp::Reverse((c.asked, c.customer.score.points, c.last)), c.customer.id));
    plan.left_out.sort_by_key(|(c, why)| (*why, c.customer.id));
    Ok(plan)
}

fn is_met(alert: &PriceAlert, from: Cents, to: Cents) -> bool {
    alert.said.below.map_or_else(|| drop::is_worth(from, to), |limit| drop::crosses(limit, from, to))
}

fn stop(car: &Vehicle, from: Cents, to: Cents) -> Option<&'static str> {
    match car.listing.as_ref().map(|l| l.status) {
        Some(ListingStatus::Available) if to >= from => Some("The price does not come down."),
        Some(ListingStatus::Available) => None,
        Some(ListingStatus::Hold) => Some("The car is on hold for somebody."),
        Some(ListingStatus::Sold) => Some("The car is sold."),
        Some(ListingStatus::Recon | ListingStatus::Inbound) => Some("The car is not ready to be shown."),
        Some(ListingStatus::Missing | ListingStatus::Unknown) | None => Some("The car is not on the lot."),
    }
}

/// Everybody whom the price may concern, each with what speaks for it.
fn who_cares(
    tx: &impl Rows,
    car: &Vehicle,
    (from, to): (Cents, Cents),
    alerts: Vec<PriceAlert>,
    now: At,
) -> Result<BTreeMap<CustomerId, Cares>, StoreError> {
    let mut all: BTreeMap<CustomerId, Cares> = BTreeMap::new();
    let mut waits: Vec<CustomerId> = Vec::new();
    for alert in alerts {
        let customer = people::root_of(tx, alert.part)?;
        if !is_met(&alert, from, to) {
            waits.push(customer);
            continue;
        }
        let cares = all.entry(customer).or_default();
        cares.last = cares.last.max(alert.set);
        cares.alert = Some(alert);
    }
    let mut cheaper = car.clone();
    if let Some(listing) = &mut cheaper.listing {
        listing.price = Some(to);
    }
    for wish in wishes::open(tx)? {
        let Some(budget) = wish.said.price_most.filter(|budget| drop::crosses(*budget, from, to)) else { continue };
        if matching::meets(&wish, &cheaper).is_some() {
            let cares = all.entry(people::root_of(tx, wish.part)?).or_default();
            (cares.budget, cares.last) = (Some(budget), cares.last.max(wish.at));
        }
    }
    for (customer, last) in watchers::of(tx, car.id)? {
        // Whoever named a price hears of that one and of none before.
        let is_told = drop::is_worth(from, to) && !waits.contains(&customer);
        if now.since(last) <= drop::INTEREST_MS && (is_told || all.contains_key(&customer)) {
            let cares = all.entry(customer).or_default();
            cares.last = cares.last.max(last);
        }
    }
    Ok(all)
}

/// How a customer stands to us, as far as it keeps us from writing.
fn standing(tx: &impl Rows, customer: &Customer, cared: At) -> Result<Standing, StoreError> {
    let owned = think::owned_by(tx, customer)?;
    let sale = pipeline::under_way(tx, customer)?;
    let here = visits::of_customer(tx, customer)?.iter().any(|visit| visit.end.is_none());
    let at_numbers = sale.as_ref().is_some_and(|sale| sale.is_open() && sale.stage == Stage::Proposal);
    let lost = sale.and_then(|sale| sale.lost).filter(|lost| matches!(lost.why, LostReason::BoughtElsewhere | LostReason::BoughtHere));
    let mut last_told = None;
    for part in customer.all_parts() {
        last_told = last_told.max(tx.get(tables::TOLD_OF_DROPS, &part)?.map(|told| told.at));
    }
    Ok(Standing {
        bought_since: owned.iter().any(|o| o.bought_here && o.since >= cared),
        in_deal: here || at_numbers,
        gone: lost.is_some_and(|lost| lost.at >= cared),
        unhappy: alerts::complains(tx, customer)?,
        last_touch: customer.store_touches.last().copied(),
        last_told,
        ..Standing::default()
    })
}

fn cared(customer: Customer, cares: &Cares, car: &Vehicle) -> Cared {
    let own = cares.alert.as_ref().map(|alert| &alert.said);
    let facts: Vec<&ConsentFact> = customer.consent.iter().chain(own.map(|said| &said.consent)).collect();
    let point = |channel: Channel| {
        let to = own.filter(|said| said.channel == channel).map(|said| said.to.clone()).or_else(|| price_alerts::point(&customer, channel));
        to.filter(|_| drop::may(&facts, channel)).map(|to| (channel, to))
    };
    let (text, email) = (point(Channel::Text), point(Channel::Email));
    let (may_text, may_email) = (text.is_some(), email.is_some());
    // As they asked for it, else as it is read first.
    let to = if own.is_some_and(|said| said.channel == Channel::Email) { email.or(text) } else { text.or(email) };
    let why = match (own, cares.budget) {
        (Some(said), _) => format!("Wants to hear when {}", price_alerts::costs_less(car, said.below)),
        (None, Some(budget)) => format!("Wishes for such a car at {budget} or less"),
        (None, None) => "Looked at it or asked about it lately".to_owned(),
    };
    Cared { asked: cares.alert.is_some() || cares.budget.is_some(), why, last: cares.last, may_text, may_email, to, customer }
}

/// A car is known anew, by a feed, a file or a hand: what was written of an older price stays, and a lower one is told.
pub(super) fn moved(tx: &WriteTx<'_>, policy: &Policy, before: &Vehicle, by: Option<StaffId>, now: At) -> Result<(), StoreError> {
    let Some(car) = tx.get(tables::VEHICLES, &before.id)? else { return Ok(()) };
    withdraw_stale(tx, &car, now)?;
    let price = |car: &Vehicle| car.listing.as_ref().and_then(|l| l.price);
    let Some(to) = price(&car).filter(|to| price(before) != Some(*to)) else { return Ok(()) };
    let mut moved = PriceMove { vehicle: car.id, at: now, from: price(before), to, by, messages: vec![] };
    tell_next(tx, policy, &car, &mut moved, now)?;
    tx.put(tables::PRICE_MOVES, &car.id, &moved)
}

/// The car cannot be had any more, or not at the price that was written: what has not left stays.
pub(super) fn withdraw_stale(tx: &WriteTx<'_>, car: &Vehicle, now: At) -> Result<(), StoreError> {
    let Some(moved) = tx.get(tables::PRICE_MOVES, &car.id)? else { return Ok(()) };
    if is_as_told(car, &moved) { Ok(()) } else { withdraw(tx, &moved, "The car is gone, or its price is another one.", now) }
}

fn is_as_told(car: &Vehicle, moved: &PriceMove) -> bool {
    car.listing.as_ref().is_some_and(|l| l.status == ListingStatus::Available && l.price == Some(moved.to))
}

/// Takes what has not left out of the outbox, as if nobody had been told.
pub(super) fn withdraw(tx: &WriteTx<'_>, moved: &PriceMove, why: &str, now: At) -> Result<(), StoreError> {
    for id in &moved.messages {
        let Some(mut row) = tx.get(tables::OUTBOX, id)?.filter(|row| matches!(row.state, OutboxState::Waiting { .. })) else { continue };
        let part = PartId::from(row.customer);
        tx.remove(tables::OUTBOX_DUE, &(row.not_before, *id))?;
        tx.remove(tables::CUSTOMER_OUTBOX, &(part, *id))?;
        row.state = OutboxState::Refused { at: now, why: why.to_owned() };
        tx.put(tables::OUTBOX, id, &row)?;
        if let Some(told) = tx.get(tables::TOLD_OF_DROPS, &part)?.filter(|told| told.message == *id) {
            tx.remove(tables::TOLD_OF_DROPS, &part)?;
            tx.remove(tables::STORY, &(story_of_part(part), (told.at, NO_ENTRY)))?;
        }
        tx.announce(Changed::Customer(people::root_of(tx, part)?));
    }
    Ok(())
}

/// The morning after: the next of those who care. Whoever was put off lately may be told by then.
pub(super) fn go_on(tx: &WriteTx<'_>, policy: &Policy, car: VehicleId, now: At) -> Result<(), StoreError> {
    let (Some(mut moved), Some(car)) = (tx.get(tables::PRICE_MOVES, &car)?, tx.get(tables::VEHICLES, &car)?) else { return Ok(()) };
    if !is_as_told(&car, &moved) || now.since(moved.at) > drop::ROUND_MS {
        return Ok(());
    }
    tell_next(tx, policy, &car, &mut moved, now)?;
    tx.put(tables::PRICE_MOVES, &car.id, &moved)
}

/// Writes to the first of those who care, as many as one day takes, and comes back for the others.
fn tell_next(tx: &WriteTx<'_>, policy: &Policy, car: &Vehicle, moved: &mut PriceMove, now: At) -> Result<(), StoreError> {
    let Some(from) = moved.from else { return Ok(()) };
    let plan = plan(tx, car, from, moved.to, now)?;
    for cared in plan.tell.iter().take(drop::A_DAY_MOST) {
        if let Some(message) = write(tx, policy, car, moved, cared, now)? {
            moved.messages.push(message);
        }
    }
    if plan.tell.len() > drop::A_DAY_MOST || plan.left_out.iter().any(|(_, why)| why.passes()) {
        let due = hours::next_morning(&policy.rooftop, now);
        timers::set(tx, &Timer { due, what: TimerKind::PriceDropGoesOn { vehicle: car.id } })?;
    }
    Ok(())
}

/// No entry of the journal says it by itself: it follows from a price, or from a morning.
const NO_ENTRY: Seq = Seq(0);

fn write(tx: &WriteTx<'_>, policy: &Policy, car: &Vehicle, moved: &PriceMove, cared: &Cared, now: At) -> Result<Option<OutboxId>, StoreError> {
    let (Some((channel, to)), Some(from)) = (&cared.to, moved.from) else { return Ok(None) };
    let part = PartId::from(cared.customer.id);
    let id = OutboxId(tx.next("outbox")?);
    let link = match car.listing.as_ref().and_then(|l| l.url.as_deref()) {
        Some(url) => links::of_message(tx, part, id, url, now),
        None => None,
    };
    let news = PriceNews { car, from, to: moved.to, asked: cared.asked, link: link.as_deref() };
    let text = wording::price_drop(&cared.customer, &policy.rooftop, &news, *channel, now);
    let not_before = leaves(policy, *channel, now);
    let row = OutboxRow {
        id,
        customer: cared.customer.id,
        channel: *channel,
        to: to.clone(),
        text: text.clone(),
        not_before,
        not_after: not_before.plus_ms(WORTH_MS),
        idempotency_key: format!("price-drop/{}/{}/{}", car.id, moved.at.0, cared.customer.id),
        state: OutboxState::Waiting { attempts: 0 },
        purpose: Purpose::PriceDrop { vehicle: car.id },
    };
    tx.put(tables::OUTBOX, &id, &row)?;
    tx.put(tables::OUTBOX_DUE, &(not_before, id), &())?;
    tx.put(tables::CUSTOMER_OUTBOX, &(part, id), &())?;
    tx.put(tables::TOLD_OF_DROPS, &part, &ToldOfDrop { at: now, message: id })?;
    let icon = if *channel == Channel::Email { Icon::Mail } else { Icon::Message };
    let line = StoryRow::new(now, Road::Messages, icon, "Told them of the lower price; waiting to leave".to_owned(), NO_ENTRY);
    story::tell(tx, part, &StoryRow { detail: text, vehicle: Some(car.id), by: moved.by, ..line })?;
    tx.announce(Changed::Customer(cared.customer.id));
    Ok(Some(id))
}

/// When a message that is written now may leave.
pub(super) fn leaves(policy: &Policy, channel: Channel, now: At) -> At {
    let soon = now.plus_ms(GRACE_MS);
    if channel == Channel::Text { hours::for_text(&policy.rooftop, soon) } else { soon }
}
