//! How is one word of a source taken back? A record of which nothing is left goes with it.

use super::{
    cars::{drives_alone, reclaim},
    deciding::{decide, forget_likely},
    grouping::{Cause, form, regroup, retire},
    keys::{hash, put_keys},
    of_part, own, person, profiles, refresh, root_of,
};
use crate::{
    domain::{
        ids::{CustomerId, PartId, ProfileId},
        import_run::Effect,
        time::At,
    },
    engine::identity::{self, Key},
    service::Policy,
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Takes back one word of a source. A record of which nothing is left goes with it.
pub fn take_back(tx: &WriteTx<'_>, policy: &Policy, part: PartId, profile: ProfileId, now: At) -> Result<(), StoreError> {
    let Some(mut own) = own(tx, part)? else { return Ok(()) };
    let held = profiles(tx, &own.profiles)?;
    let before = person(policy, &own, &held);
    let Some(gone) = tx.get(tables::PROFILES, &profile)? else { return Ok(()) };
    own.profiles.retain(|p| *p != profile);
    tx.remove(tables::PROFILES, &profile)?;
    if let Some(named) = &gone.car
        && let Some(vehicle) = tx.get(tables::VINS, &named.vin.as_str().to_owned())?
    {
        reclaim(tx, part, vehicle)?;
        own.drives = drives_alone(tx, part)?;
    }
    let still_said = profiles(tx, &own.profiles)?.iter().any(|p| Key::record(p) == Key::record(&gone));
    if !still_said {
        tx.remove(tables::POINTS, &(hash(tx.sealer(), &Key::record(&gone)), part))?;
    }
    if !own.profiles.is_empty() || !own.edits.is_empty() || has_facts(tx, part)? {
        own.since = profiles(tx, &own.profiles)?.iter().map(|p| p.at).min().unwrap_or(own.since);
        return refresh(tx, policy, own, &before, now);
    }
    put_keys(tx, part, &identity::keys(&before), &[])?;
    let rest: Vec<PartId> = of_part(tx, part)?.map(|c| c.all_parts().filter(|p| *p != part).collect()).unwrap_or_default();
    for (key, _) in tx.some(tables::DECISIONS, &Span::under(&part), usize::MAX)? {
        decide(tx, key.0, key.1, None)?;
    }
    for ((_, other), _) in tx.some(tables::LIKELY, &Span::under(&part), usize::MAX)? {
        forget_likely(tx, part, other)?;
    }
    for (_, other) in tx.keys(tables::LINKS, &Span::under(&part), usize::MAX)? {
        tx.remove(tables::LINKS, &(part, other))?;
        tx.remove(tables::LINKS, &(other, part))?;
    }
    let root = root_of(tx, part)?;
    if root == part.into() {
        retire(tx, root, now)?;
    }
    tx.remove(tables::PARTS, &part)?;
    tx.remove(tables::JOINED, &part)?;
    let Some(first) = rest.first() else { return Ok(()) };
    if root == part.into() {
        // The others lost the one that gave them their number.
        let next = CustomerId::from(*rest.iter().min().unwrap_or(first));
        form(tx, next, &rest, now)?;
    } else {
        form(tx, root, &rest, now)?;
    }
    regroup(tx, policy, &rest, Cause::Learnt, now).map(|_| ())
}

/// Why this record cannot go with its last word: what people of the store made of it, and what came under it beside these deals, orders and
/// visits. `None` when it can.
pub fn rests_on(tx: &impl Rows, part: PartId, beside: &[Effect]) -> Result<Option<String>, StoreError> {
    const MANY: usize = 1_000;
    let Some(own) = own(tx, part)? else { return Ok(None) };
    if !own.edits.is_empty() {
        return Ok(Some("Somebody changed it by hand.".to_owned()));
    }
    let worked = !own.store_touches.is_empty()
        || !tx.keys(tables::CUSTOMER_SERVICE_VISITS, &Span::under(&part), 1)?.is_empty()
        || tx.has(tables::TALKS_REFUSED, &part)?
        || !tx.keys(tables::CUSTOMER_OPPORTUNITIES, &Span::under(&part), 1)?.is_empty()
        || tx.some(tables::STORY, &Span::under(&tables::story_of_part(part)), MANY)?.iter().any(|(_, row)| row.by.is_some());
    if worked {
        return Ok(Some("Somebody of the store has worked with them since.".to_owned()));
    }
    if tx.some(tables::DECISIONS, &Span::under(&part), MANY)?.iter().any(|(_, decision)| decision.is_by_hand()) {
        return Ok(Some("Somebody decided whether it is one with another.".to_owned()));
    }
    let came = !own.visitors.is_empty()
        || !tx.keys(tables::CUSTOMER_SERVICE_VISITS, &Span::under(&part), 1)?.is_empty()
        || !tx.keys(tables::CUSTOMER_LEADS, &Span::under(&part), 1)?.is_empty()
        || !tx.keys(tables::INBOUND, &Span::under(&part), 1)?.is_empty();
    if came {
        return Ok(Some("They have come to us themselves since.".to_owned()));
    }
    let deals = tx.keys(tables::CUSTOMER_DEALS, &Span::under(&part), MANY)?;
    let orders = tx.keys(tables::CUSTOMER_REPAIR_ORDERS, &Span::under(&part), MANY)?;
    let visits = tx.keys(tables::CUSTOMER_APPOINTMENTS, &Span::under(&part), MANY)?;
    let other = deals.iter().any(|(_, id)| !beside.iter().any(|e| matches!(e, Effect::Deal { deal, before: None } if deal == id)))
        || orders.iter().any(|(_, id)| !beside.iter().any(|e| matches!(e, Effect::RepairOrder { order, before: None } if order == id)))
        || visits.iter().any(|(_, id)| !beside.iter().any(|e| matches!(e, Effect::Appointment { appointment, before: None } if appointment == id)));
    Ok(other.then(|| "A deal or visit of another file rests on it.".to_owned()))
}

/// Whether nothing but this word makes the record.
pub fn is_last_word(tx: &impl Rows, part: PartId, profile: ProfileId) -> Result<bool, StoreError> {
    Ok(own(tx, part)?.is_some_and(|own| own.profiles == [profile]))
}
/// Whether anything came under this record beside what sources said of the person.
fn has_facts(tx: &impl Rows, part: PartId) -> Result<bool, StoreError> {
    let any = !tx.keys(tables::STORY, &Span::under(&tables::story_of_part(part)), 1)?.is_empty()
        || !tx.keys(tables::CUSTOMER_LEADS, &Span::under(&part), 1)?.is_empty()
        || !tx.keys(tables::INBOUND, &Span::under(&part), 1)?.is_empty()
        || !tx.keys(tables::OWNED, &Span::under(&part), 1)?.is_empty()
        || !tx.keys(tables::CUSTOMER_DEALS, &Span::under(&part), 1)?.is_empty()
        || !tx.keys(tables::CUSTOMER_REPAIR_ORDERS, &Span::under(&part), 1)?.is_empty()
        || !tx.keys(tables::CUSTOMER_APPOINTMENTS, &Span::under(&part), 1)?.is_empty()
        || !tx.keys(tables::CUSTOMER_OPPORTUNITIES, &Span::under(&part), 1)?.is_empty();
    Ok(any || own(tx, part)?.is_some_and(|c| !c.visitors.is_empty() || !c.store_touches.is_empty()))
}
