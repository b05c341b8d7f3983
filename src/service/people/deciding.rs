//! Who may be one, and what did people say of it? Joining, taking apart, and leaving open.

use super::{
    REGROUPED_MOST, SaidThen, edit,
    grouping::{Cause, form, in_words, note_merge, regroup},
    own, person_of, root_of, shown, take_edits_back,
};
use crate::{
    domain::{
        customer::Customer,
        edit::Edit,
        ids::{CustomerId, MergeId, PartId, StaffId},
        merge::{Alike, Because, Decision, Likeness, Merge, Resolved},
        time::At,
    },
    engine::identity::{self, Match, Verdict},
    service::Policy,
    store::{Rows, Span, StoreError, WriteTx, tables},
};
use std::collections::BTreeSet;

pub(super) fn note_likely(tx: &WriteTx<'_>, one: PartId, other: PartId, because: &Match, now: At) -> Result<(), StoreError> {
    note_likeness(tx, &Likeness { one, other, found: now, because: in_words(because) })
}

pub(super) fn note_likeness(tx: &WriteTx<'_>, likeness: &Likeness) -> Result<(), StoreError> {
    let (one, other) = (likeness.one, likeness.other);
    if is_decided(tx, one, other)? || tx.has(tables::LIKELY, &(one, other))? {
        return Ok(());
    }
    tx.put(tables::LIKELY, &(one, other), likeness)?;
    tx.put(tables::LIKELY, &(other, one), likeness)?;
    tx.put(tables::LIKELY_FIRST, &(rank(likeness), (one, other)), &())
}

/// Whether a person of the store said what these two are.
pub fn is_decided(tx: &impl Rows, one: PartId, other: PartId) -> Result<bool, StoreError> {
    Ok(tx.get(tables::DECISIONS, &(one, other))?.is_some_and(Decision::is_by_hand))
}

/// What a scan of the whole base found, as far as nobody has decided otherwise since and both are still there.
pub fn resolve(tx: &WriteTx<'_>, policy: &Policy, found: &[Resolved], now: At) -> Result<(), StoreError> {
    for Resolved { one, other, are, because } in found {
        let (one, other) = (*one, *other);
        if is_decided(tx, one, other)? || own(tx, one)?.is_none() || own(tx, other)?.is_none() {
            continue;
        }
        match are {
            Alike::Same => {
                decide(tx, one, other, Some(Decision::Found))?;
                for customer in regroup(tx, policy, &[one, other], Cause::Learnt, now)? {
                    forget_likely_within(tx, customer)?;
                }
            }
            Alike::Likely => {}
            Alike::No | Alike::Unknown => {
                forget_likely(tx, one, other)?;
                continue;
            }
        }
        // One by what the two say, and others speak against it: somebody should look.
        if root_of(tx, one)? != root_of(tx, other)? {
            note_likeness(tx, &Likeness { one, other, found: now, because: because.clone() })?;
        }
    }
    Ok(())
}

/// Nobody need look at two records of one customer.
fn forget_likely_within(tx: &WriteTx<'_>, id: CustomerId) -> Result<(), StoreError> {
    let Some(customer) = tx.get(tables::CUSTOMERS, &id)? else { return Ok(()) };
    for part in customer.all_parts() {
        for (_, other) in tx.keys(tables::LIKELY, &Span::under(&part), REGROUPED_MOST)? {
            if customer.parts.contains(&other) {
                forget_likely(tx, part, other)?;
            }
        }
    }
    Ok(())
}

/// The customers who may be this one and nobody has decided, the most likely first, each with the reason of the likeliest pair.
pub fn likely_of(tx: &impl Rows, customer: &Customer) -> Result<Vec<(CustomerId, Likeness)>, StoreError> {
    let mut found: Vec<(CustomerId, Likeness)> = Vec::new();
    for part in customer.all_parts() {
        for ((_, other), likeness) in tx.some(tables::LIKELY, &Span::under(&part), REGROUPED_MOST)? {
            let root = root_of(tx, other)?;
            if root != customer.id {
                found.push((root, likeness));
            }
        }
    }
    found.sort_by_key(|(root, likeness)| (rank(likeness), *root, likeness.one, likeness.other));
    let mut seen = BTreeSet::new();
    found.retain(|(root, _)| seen.insert(*root));
    Ok(found)
}

fn rank(likeness: &Likeness) -> u32 {
    let probability = likeness.because.probability.map_or(0, |p| p.0).clamp(0, 10_000);
    10_000 - u32::try_from(probability).unwrap_or(0)
}

pub(super) fn forget_likely(tx: &WriteTx<'_>, one: PartId, other: PartId) -> Result<(), StoreError> {
    let Some(likeness) = tx.get(tables::LIKELY, &(one, other))? else { return Ok(()) };
    tx.remove(tables::LIKELY, &(one, other))?;
    tx.remove(tables::LIKELY, &(other, one))?;
    tx.remove(tables::LIKELY_FIRST, &(rank(&likeness), (likeness.one, likeness.other)))?;
    Ok(())
}

/// Parts of two customers, each with each.
pub(super) fn pairs(ones: &[PartId], others: &[PartId]) -> Vec<(PartId, PartId)> {
    ones.iter().flat_map(|a| others.iter().map(move |b| (*a, *b))).collect()
}

pub(super) fn decide(tx: &WriteTx<'_>, a: PartId, b: PartId, decision: Option<Decision>) -> Result<(), StoreError> {
    for key in [(a, b), (b, a)] {
        match decision {
            Some(decision) => tx.put(tables::DECISIONS, &key, &decision)?,
            None => {
                tx.remove(tables::DECISIONS, &key)?;
            }
        }
    }
    forget_likely(tx, a, b)
}

/// Joins two customers because somebody of the store says so, and takes the fields chosen with it.
pub fn merge(
    tx: &WriteTx<'_>,
    policy: &Policy,
    kept: CustomerId,
    folded: CustomerId,
    choices: &[Edit],
    by: StaffId,
    now: At,
) -> Result<Option<MergeId>, StoreError> {
    let (Some(one), Some(other)) = (shown(tx, kept)?, shown(tx, folded)?) else { return Ok(None) };
    if one.id == other.id {
        return Ok(None);
    }
    let (kept_parts, folded_parts): (Vec<PartId>, Vec<PartId>) = (one.all_parts().collect(), other.all_parts().collect());
    for (a, b) in pairs(&kept_parts, &folded_parts) {
        decide(tx, a, b, None)?;
    }
    decide(tx, one.id.into(), other.id.into(), Some(Decision::Together))?;
    let edits_before = own(tx, one.id.into())?.map(|c| Box::new(c.edits)).filter(|_| !choices.is_empty());
    let because = Because { reasons: vec!["Joined by hand".to_owned()], at: None, probability: None };
    let merge = note_merge(tx, one.id, kept_parts.clone(), other.id, folded_parts.clone(), because, now)?;
    tx.put(tables::MERGES, &merge.id, &Merge { by: Some(by), choices: choices.to_vec(), edits_before, ..merge.clone() })?;
    form(tx, one.id, &[kept_parts, folded_parts].concat(), now)?;
    edit(tx, policy, one.id, choices, by, now)?;
    Ok(Some(merge.id))
}

/// Takes a joining apart: both are again who they were, each with what has come for them since.
pub fn unmerge(tx: &WriteTx<'_>, policy: &Policy, id: MergeId, by: StaffId, now: At) -> Result<Vec<CustomerId>, StoreError> {
    let Some(mut merge) = tx.get(tables::MERGES, &id)?.filter(|m: &Merge| m.undone.is_none()) else { return Ok(vec![]) };
    decide(tx, merge.kept.into(), merge.folded.into(), None)?;
    for (a, b) in pairs(&merge.kept_parts, &merge.folded_parts) {
        decide(tx, a, b, Some(Decision::Apart))?;
    }
    if let (Some(before), Some(by)) = (&merge.edits_before, merge.by) {
        take_edits_back(tx, policy, merge.kept.into(), SaidThen { edits: &merge.choices, before, by, at: merge.at }, now)?;
    }
    merge.undone = Some((now, by));
    tx.put(tables::MERGES, &id, &merge)?;
    let from: Vec<PartId> = merge.kept_parts.iter().chain(&merge.folded_parts).copied().collect();
    let mut changed = regroup(tx, policy, &from, Cause::TakenApart(merge.folded), now)?;
    changed.extend([merge.kept, merge.folded]);
    changed.sort();
    changed.dedup();
    Ok(changed)
}

/// Nobody has decided about these two any more: they are again what their records make them.
pub fn leave_open(tx: &WriteTx<'_>, policy: &Policy, one: CustomerId, other: CustomerId, now: At) -> Result<(), StoreError> {
    let (Some(one), Some(other)) = (shown(tx, one)?, shown(tx, other)?) else { return Ok(()) };
    let (ones, others): (Vec<PartId>, Vec<PartId>) = (one.all_parts().collect(), other.all_parts().collect());
    let mut opened = Vec::new();
    for (a, b) in pairs(&ones, &others) {
        if tx.get(tables::DECISIONS, &(a, b))? == Some(Decision::Apart) {
            decide(tx, a, b, None)?;
            opened.push((a, b));
        }
    }
    regroup(tx, policy, &[ones, others].concat(), Cause::Learnt, now)?;
    let model = policy.identity.of(tx)?;
    for (a, b) in opened {
        if root_of(tx, a)? != root_of(tx, b)?
            && let Verdict::Likely(because) | Verdict::Same(because) = identity::judge(&model, &person_of(tx, policy, a)?, &person_of(tx, policy, b)?)
        {
            note_likely(tx, a, b, &because, now)?;
        }
    }
    Ok(())
}
