//! Which records are one customer? Customers are made of groups; whoever is a customer no more says under whom they are shown.

use super::{REGROUPED_MOST, cars::drives, deciding::note_likely, meeting::meet_again, of_part, own, own_or_damaged, person_of, profiles, root_of};
use crate::{
    domain::{
        alert::{Alert, CloseReason},
        change::Changed,
        customer::Customer,
        ids::{CustomerId, MergeId, PartId, ProfileId},
        merge::{Because, Decision, Merge, Whole},
        money::Bps,
        time::At,
        timer::{Timer, TimerKind},
    },
    engine::identity::{self, Match, Person, Verdict},
    service::{Policy, notes, think, timers},
    store::{Rows, Span, StoreError, WriteTx, tables},
};
use std::collections::{BTreeMap, BTreeSet};

/// A record that has just come: alone, of one customer, or of several who are one then. Whether it joined anybody.
pub(super) fn settle_new(tx: &WriteTx<'_>, policy: &Policy, part: PartId, found: &[(PartId, Verdict)], now: At) -> Result<bool, StoreError> {
    if found.iter().any(|(_, verdict)| matches!(verdict, Verdict::Same(_))) {
        // Also when only one customer is met: with one more who knows them, others may be theirs or no more.
        regroup(tx, policy, &[part], Cause::Came(part), now)?;
    }
    let root = root_of(tx, part)?;
    for (other, verdict) in found {
        if let Verdict::Likely(because) = verdict
            && root_of(tx, *other)? != root
        {
            note_likely(tx, part, *other, because, now)?;
        }
    }
    Ok(root != part.into() || tx.has(tables::PARTS, &part)?)
}

fn because_of(tx: &WriteTx<'_>, part: PartId, because: &Match, now: At) -> Result<(), StoreError> {
    let mut own = own_or_damaged(tx, part)?;
    own.because = Some(Because { at: Some(now), ..in_words(because) });
    let table_is_parts = tx.has(tables::PARTS, &part)?;
    if table_is_parts { tx.put(tables::PARTS, &part, &own) } else { tx.put(tables::CUSTOMERS, &part.into(), &own) }
}

pub(in crate::service) fn in_words(because: &Match) -> Because {
    let reasons = because.reasons.iter().map(identity::Reason::words).collect();
    Because { reasons, at: None, probability: Some(Bps(because.probability.bps().into())) }
}

/// What set off a regrouping.
#[derive(Clone, Copy)]
pub(super) enum Cause<'a> {
    /// This record has only just come: that it is somebody's is no joining of customers.
    Came(PartId),
    /// What is known of a record changed, or somebody decided.
    Learnt,
    /// A joining is taken apart: whoever was shown within the other has their own number again.
    TakenApart(CustomerId),
    /// That a record is not this customer's is taken back: whoever is in it again was in it all the time.
    Again(&'a Whole),
}

/// Groups everybody who has to do with these parts anew. The outcome depends on the records and the decisions, not on the order in which
/// they came. Gives the customers that changed.
pub(super) fn regroup(tx: &WriteTx<'_>, policy: &Policy, from: &[PartId], cause: Cause<'_>, now: At) -> Result<Vec<CustomerId>, StoreError> {
    let mut people: BTreeMap<PartId, Person> = BTreeMap::new();
    let mut edges: Vec<(u64, u64, Match)> = Vec::new();
    let (mut together, mut apart) = (BTreeSet::new(), BTreeSet::new());
    let mut to_meet: Vec<PartId> = from.to_vec();
    while let Some(part) = to_meet.pop() {
        if people.contains_key(&part) || people.len() >= REGROUPED_MOST {
            continue;
        }
        let me = person_of(tx, policy, part)?;
        if let Some(customer) = of_part(tx, part)? {
            to_meet.extend(customer.all_parts());
        }
        let mut scanned = Vec::new();
        for ((_, other), decision) in tx.some(tables::DECISIONS, &Span::under(&part), REGROUPED_MOST)? {
            let pair = (part.0.min(other.0), part.0.max(other.0));
            match decision {
                Decision::Together => {
                    together.insert(pair);
                    to_meet.push(other);
                }
                Decision::Apart => {
                    apart.insert(pair);
                }
                Decision::Found => scanned.push(other),
                Decision::Unknown => {}
            }
        }
        for (other, verdict) in meet_again(tx, policy, part, &me, &scanned)? {
            if let Verdict::Same(because) = verdict {
                if part < other {
                    edges.push((part.0, other.0, because));
                }
                to_meet.push(other);
            }
        }
        people.insert(part, me);
    }
    edges.retain(|(a, b, _)| people.contains_key(&PartId(*a)) && people.contains_key(&PartId(*b)));
    together.retain(|(a, b)| people.contains_key(&PartId(*a)) && people.contains_key(&PartId(*b)));
    let members: Vec<(u64, Person)> = people.into_iter().map(|(id, person)| (id.0, person)).collect();
    let weighed: Vec<(u64, u64, _)> = edges.iter().map(|(a, b, because)| (*a, *b, because.probability)).collect();
    let together: Vec<(u64, u64)> = together.into_iter().collect();
    let apart: Vec<(u64, u64)> = apart.into_iter().collect();
    let groups = identity::group(&members, &weighed, &together, &apart);
    let are_joined = |a: &u64, b: &u64| groups.iter().any(|group| group.contains(a) && group.contains(b));
    for (a, b, because) in edges.iter().filter(|(a, b, _)| are_joined(a, b)) {
        // Whoever was joined later says why.
        let later = PartId(*a.max(b));
        if own(tx, later)?.is_some_and(|c| c.because.is_none()) {
            because_of(tx, later, because, now)?;
        }
    }
    let groups: Vec<Vec<PartId>> = groups.into_iter().map(|g| g.into_iter().map(PartId).collect()).collect();
    apply(tx, &groups, &edges, cause, now)
}

/// Makes customers of the groups. One that stays the same is not touched.
fn apply(tx: &WriteTx<'_>, groups: &[Vec<PartId>], edges: &[(u64, u64, Match)], cause: Cause<'_>, now: At) -> Result<Vec<CustomerId>, StoreError> {
    let mut wanted: Vec<(CustomerId, &Vec<PartId>)> = Vec::new();
    for group in groups {
        let mut roots: Vec<CustomerId> = Vec::new();
        for part in group {
            let root = root_of(tx, *part)?;
            if group.contains(&root.into()) && !roots.contains(&root) {
                roots.push(root);
            }
        }
        // Of several the oldest number: the one that would have stayed had nobody ever joined them.
        if let Cause::TakenApart(folded) = cause
            && group.contains(&folded.into())
            && !roots.contains(&folded)
        {
            roots.push(folded);
        }
        if let Cause::Again(whole) = cause
            && group.contains(&whole.customer.into())
        {
            roots.retain(|root| !whole.has((*root).into()));
            roots.push(whole.customer);
        }
        let root = roots.iter().min().copied().or(group.iter().min().map(|p| CustomerId::from(*p)));
        wanted.extend(root.map(|root| (root, group)));
    }
    let mut changed = Vec::new();
    for (root, group) in wanted {
        let before: Vec<PartId> = tx.get(tables::CUSTOMERS, &root)?.map(|c| c.all_parts().collect()).unwrap_or_default();
        let same = before.len() == group.len() && before.iter().all(|p| group.contains(p));
        if same {
            continue;
        }
        for part in group {
            // A customer of some standing that is shown within another now: worth a word, and the way back.
            let folded = CustomerId::from(*part);
            if folded != root
                && !matches!(cause, Cause::Came(fresh) if fresh == *part)
                && !matches!(cause, Cause::Again(whole) if whole.has(*part) && whole.has(root.into()))
                && let Some(customer) = tx.get(tables::CUSTOMERS, &folded)?
            {
                let folded_parts: Vec<PartId> = customer.all_parts().filter(|p| group.contains(p)).collect();
                let because = match between(edges, &before, &folded_parts) {
                    Some(because) => because,
                    None => own(tx, *part)?.and_then(|c| c.because).unwrap_or_default(),
                };
                note_merge(tx, root, before.clone(), folded, folded_parts, because, now)?;
            }
        }
        form(tx, root, group, now)?;
        changed.push(root);
    }
    Ok(changed)
}

/// The surest reason for which records of two customers are one.
fn between(edges: &[(u64, u64, Match)], ones: &[PartId], others: &[PartId]) -> Option<Because> {
    let across = |a: &u64, b: &u64| ones.contains(&PartId(*a)) && others.contains(&PartId(*b));
    let met = edges.iter().filter(|(a, b, _)| across(a, b) || across(b, a));
    met.max_by_key(|(a, b, because)| (because.probability, std::cmp::Reverse((a, b)))).map(|(_, _, because)| in_words(because))
}

pub(super) fn note_merge(
    tx: &WriteTx<'_>,
    kept: CustomerId,
    kept_parts: Vec<PartId>,
    folded: CustomerId,
    folded_parts: Vec<PartId>,
    because: Because,
    now: At,
) -> Result<Merge, StoreError> {
    let id = MergeId(tx.next("merge")?);
    let merge = Merge { id, at: now, by: None, kept, folded, kept_parts, folded_parts, because, choices: vec![], edits_before: None, undone: None };
    tx.put(tables::MERGES, &id, &merge)?;
    tx.put(tables::CUSTOMER_MERGES, &(kept, id), &())?;
    tx.put(tables::CUSTOMER_MERGES, &(folded, id), &())?;
    Ok(merge)
}

/// Makes these parts one customer of this number. Whoever was a customer by one of the other numbers is none now.
pub(super) fn form(tx: &WriteTx<'_>, root: CustomerId, parts: &[PartId], now: At) -> Result<(), StoreError> {
    let mut ordered: Vec<PartId> = parts.to_vec();
    ordered.sort_by_key(|p| (CustomerId::from(*p) != root, *p));
    ordered.dedup();
    let held = tx.get(tables::CUSTOMERS, &root)?;
    let mut owns = Vec::with_capacity(ordered.len());
    for part in &ordered {
        owns.push(Customer { parts: vec![], ..own_or_damaged(tx, *part)? });
    }
    if let [alone] = owns.as_slice() {
        let mut customer = Customer { because: None, ..alone.clone() };
        if held.is_none() {
            customer.open_alert = None;
        }
        customer.drives = drives(tx, &customer)?;
        tx.put(tables::CUSTOMERS, &root, &customer)?;
        tx.remove(tables::PARTS, &root.into())?;
        tx.remove(tables::JOINED, &root.into())?;
    } else {
        for (part, own) in ordered.iter().zip(&owns) {
            tx.put(tables::PARTS, part, own)?;
            if CustomerId::from(*part) == root {
                tx.remove(tables::JOINED, part)?;
            } else {
                tx.put(tables::JOINED, part, &root)?;
                retire(tx, (*part).into(), now)?;
            }
        }
        let ids: Vec<ProfileId> = owns.iter().flat_map(|p| p.profiles.iter().copied()).collect();
        if let Some(mut customer) = identity::shown(&owns, &profiles(tx, &ids)?) {
            let held = held.unwrap_or_else(|| Customer::new(root, now));
            customer.score = held.score;
            customer.open_alert = held.open_alert;
            customer.drives = drives(tx, &customer)?;
            tx.put(tables::CUSTOMERS, &root, &customer)?;
        }
    }
    tx.announce(Changed::Customer(root));
    think_soon(tx, root, now)
}

/// A number that is no customer's any more: its cards go, what they were about is thought of under the other.
pub(super) fn retire(tx: &WriteTx<'_>, id: CustomerId, now: At) -> Result<(), StoreError> {
    if tx.get(tables::CUSTOMERS, &id)?.is_none() {
        return Ok(());
    }
    for ((_, alert), ()) in tx.last(tables::CUSTOMER_ALERTS, &Span::under(&id), 50)? {
        if let Some(mut alert) = tx.get(tables::ALERTS, &alert)?.filter(|a: &Alert| !a.is_closed()) {
            crate::engine::desk::close(&mut alert, CloseReason::Joined, now);
            think::put_alert(tx, &alert)?;
        }
    }
    think::forget(tx, id)?;
    tx.remove(tables::CUSTOMERS, &id)?;
    tx.announce(Changed::Customer(id));
    Ok(())
}

/// Somebody with a live past, or of whom a colleague was told, is thought of at the next turn of the timers; a name from an old file is not.
fn think_soon(tx: &WriteTx<'_>, id: CustomerId, now: At) -> Result<(), StoreError> {
    let Some(customer) = tx.get(tables::CUSTOMERS, &id)? else { return Ok(()) };
    if customer.last_sign.is_some() || !notes::waiting(tx, &customer)?.is_empty() {
        timers::set(tx, &Timer { due: now, what: TimerKind::ThinkAgain { customer: id } })?;
    }
    Ok(())
}
