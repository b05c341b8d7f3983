//! Who was said to be two? What was known of them until then is kept, so that it can be taken back without a trace.

use super::{
    because_of_part, change,
    deciding::{decide, note_likeness, pairs},
    grouping::{Cause, regroup},
    of_part, own, root_of, shown,
};
use crate::{
    domain::{
        ids::{CustomerId, MergeId, PartId, Seq, StaffId},
        merge::{Decision, Parted, Parting, Whole},
        time::At,
    },
    service::Policy,
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// One record is somebody else's than the others of its customer, by this journal entry.
pub fn separate(tx: &WriteTx<'_>, policy: &Policy, part: PartId, cause: Seq, now: At) -> Result<(), StoreError> {
    let Some(customer) = of_part(tx, part)? else { return Ok(()) };
    let mut whole = Whole { customer: customer.id, parts: Vec::new() };
    for each in customer.all_parts() {
        whole.parts.push((each, because_of_part(tx, each)?));
    }
    let others: Vec<PartId> = customer.all_parts().filter(|p| *p != part).collect();
    let pairs = part_ways(tx, &pairs(&others, &[part]))?;
    tx.put(tables::PARTINGS, &cause, &Parting { at: now, pairs, of: Some(whole), after: last_joining(tx)?, undone: None })?;
    regroup(tx, policy, &[&others[..], &[part]].concat(), Cause::Learnt, now).map(|_| ())
}

/// Two who look like one are two, by this journal entry.
pub fn keep_apart(tx: &WriteTx<'_>, one: CustomerId, other: CustomerId, cause: Seq, now: At) -> Result<(), StoreError> {
    let (Some(one), Some(other)) = (shown(tx, one)?, shown(tx, other)?) else { return Ok(()) };
    let pairs = part_ways(tx, &pairs(&one.all_parts().collect::<Vec<_>>(), &other.all_parts().collect::<Vec<_>>()))?;
    tx.put(tables::PARTINGS, &cause, &Parting { at: now, pairs, of: None, after: last_joining(tx)?, undone: None })
}

fn part_ways(tx: &WriteTx<'_>, pairs: &[(PartId, PartId)]) -> Result<Vec<Parted>, StoreError> {
    let mut parted = Vec::with_capacity(pairs.len());
    for (one, other) in pairs {
        let (decided, likely) = (tx.get(tables::DECISIONS, &(*one, *other))?, tx.get(tables::LIKELY, &(*one, *other))?);
        parted.push(Parted { one: *one, other: *other, decided, likely });
        decide(tx, *one, *other, Some(Decision::Apart))?;
    }
    Ok(parted)
}

/// Takes back that two are two: what was decided of them before holds again, and they are who they would be by now had nobody ever said it.
pub fn undo_parting(tx: &WriteTx<'_>, policy: &Policy, id: Seq, by: StaffId, now: At) -> Result<(), StoreError> {
    let Some(parting) = tx.get(tables::PARTINGS, &id)?.filter(|p: &Parting| p.undone.is_none()) else { return Ok(()) };
    tx.put(tables::PARTINGS, &id, &Parting { undone: Some((now, by)), ..parting.clone() })?;
    let mut there: Vec<&Parted> = Vec::new();
    for pair in &parting.pairs {
        if own(tx, pair.one)?.is_some() && own(tx, pair.other)?.is_some() {
            there.push(pair);
        }
    }
    let mut from: Vec<PartId> = Vec::new();
    for pair in &there {
        decide(tx, pair.one, pair.other, pair.decided)?;
        from.extend([pair.one, pair.other]);
    }
    regroup(tx, policy, &from, parting.of.as_ref().map_or(Cause::Learnt, Cause::Again), now)?;
    for part in &from {
        forget_joinings(tx, *part, parting.after)?;
    }
    for likely in there.iter().filter_map(|pair| pair.likely.as_ref()) {
        note_likeness(tx, likely)?;
    }
    for (part, because) in parting.of.iter().flat_map(|whole| &whole.parts) {
        let is_joined = tx.has(tables::PARTS, part)?;
        if is_joined && because_of_part(tx, *part)? != *because {
            change(tx, *part, |own| own.because.clone_from(because))?;
        }
    }
    Ok(())
}

fn last_joining(tx: &WriteTx<'_>) -> Result<Option<MergeId>, StoreError> {
    Ok(tx.last(tables::MERGES, &Span::all(), 1)?.pop().map(|(id, _)| id))
}

/// A joining that came about only because two were held for two, and holds no more, never was.
fn forget_joinings(tx: &WriteTx<'_>, part: PartId, after: Option<MergeId>) -> Result<(), StoreError> {
    const JOININGS_MOST: usize = 200;
    for ((_, id), ()) in tx.last(tables::CUSTOMER_MERGES, &Span::under(&CustomerId::from(part)), JOININGS_MOST)? {
        let Some(merge) = tx.get(tables::MERGES, &id)?.filter(|merge| merge.by.is_none() && merge.undone.is_none()) else { continue };
        if Some(id) > after && root_of(tx, merge.kept.into())? != root_of(tx, merge.folded.into())? {
            tx.remove(tables::MERGES, &id)?;
            tx.remove(tables::CUSTOMER_MERGES, &(merge.kept, id))?;
            tx.remove(tables::CUSTOMER_MERGES, &(merge.folded, id))?;
        }
    }
    Ok(())
}
