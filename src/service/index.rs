//! What should the search index hold? Follows the changes of the store; builds all of it anew from the records.

use super::{Rooms, lists};
use crate::{
    domain::{
        change::Changed,
        ids::{CustomerId, VehicleId},
    },
    search::{Doc, IndexError, Kind, Phase},
    store::{Rows, Span, StoreError, WriteTx, tables},
};
use std::{
    collections::{HashMap, HashSet},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};

/// How far the index and its overlay have come in this process.
#[derive(Debug, Default)]
pub struct Progress {
    overlaid: AtomicU64,
    asked: AtomicBool,
}

/// Somebody asked for a new index: it is in doubt, or an operator wants one.
pub fn ask_rebuild(rooms: &Rooms) {
    rooms.index.asked.store(true, Ordering::SeqCst);
    rooms.hub.nudge_index();
}

/// It was asked for, or the index says of itself that it is not whole.
#[must_use]
pub fn wants_rebuild(rooms: &Rooms) -> bool {
    rooms.index.asked.load(Ordering::SeqCst) || rooms.search.phase() != Phase::Ready
}

/// The newest changes reach the index's overlay before anything is asked of it: a just-changed record is found at once.
pub fn freshen(rooms: &Rooms) -> Result<(), StoreError> {
    const AT_ONCE: usize = 500;
    // More is an import or the work of a night: its last rows are found when the index has read them, a second later.
    const MOST: usize = 5_000;
    let tx = rooms.store.read()?;
    let head = lists::change_head(&tx)?;
    for _ in 0..MOST / AT_ONCE {
        let from = rooms.index.overlaid.load(Ordering::SeqCst).max(rooms.search.committed());
        if head <= from {
            return Ok(());
        }
        let changes = tx.some(tables::CHANGES, &Span::all().after(&from), AT_ONCE)?;
        let Some((last, _)) = changes.last() else { return Ok(()) };
        // The record is read as it is now, so its newest change says it all.
        let newest: HashMap<Changed, u64> = changes.iter().map(|(seq, what)| (*what, *seq)).collect();
        for (what, seq) in newest {
            overlay(&tx, rooms, seq, what)?;
        }
        rooms.index.overlaid.fetch_max(*last, Ordering::SeqCst);
    }
    Ok(())
}

fn overlay(tx: &impl Rows, rooms: &Rooms, seq: u64, what: Changed) -> Result<(), StoreError> {
    match what {
        Changed::Customer(id) => match lists::customer_doc(tx, id)? {
            Some(doc) => rooms.search.overlay_put(seq, &Doc::Customer(doc)),
            None => rooms.search.overlay_remove(seq, Kind::Customer, id.0),
        },
        Changed::Vehicle(id) => match lists::vehicle_doc(tx, id)? {
            Some(doc) => rooms.search.overlay_put(seq, &Doc::Vehicle(doc)),
            None => rooms.search.overlay_remove(seq, Kind::Vehicle, id.0),
        },
        Changed::Looks(_)
        | Changed::Alert(_)
        | Changed::Lead(_)
        | Changed::Import(_)
        | Changed::SetAside(_)
        | Changed::Staff(_)
        | Changed::Visit(_)
        | Changed::ServiceVisit(_)
        | Changed::Appointment(_)
        | Changed::Opportunity(_)
        | Changed::Feed(_)
        | Changed::Settings
        | Changed::Market => {}
    }
    Ok(())
}

/// Why the index could not follow. The store is not touched by it; the index is tried again.
#[derive(Debug)]
pub enum Behind {
    Store(StoreError),
    Index(IndexError),
}

impl std::fmt::Display for Behind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(e) => e.fmt(f),
            Self::Index(e) => e.fmt(f),
        }
    }
}

impl std::error::Error for Behind {}

impl From<StoreError> for Behind {
    fn from(e: StoreError) -> Self {
        Self::Store(e)
    }
}

impl From<IndexError> for Behind {
    fn from(e: IndexError) -> Self {
        Self::Index(e)
    }
}

/// Commits everything that changed since the index's last commit.
pub fn catch_up(rooms: &Rooms) -> Result<(), Behind> {
    const AT_ONCE: usize = 20_000;
    loop {
        let tx = rooms.store.read()?;
        let from = rooms.search.committed();
        let changes = tx.some(tables::CHANGES, &Span::all().after(&from), AT_ONCE)?;
        let Some((head, _)) = changes.last() else { return Ok(()) };
        if changes.first().is_some_and(|(first, _)| *first != from + 1) {
            ask_rebuild(rooms);
            drop(tx);
            return rebuild(rooms);
        }
        let head = *head;
        let mut done: HashSet<Changed> = HashSet::new();
        for (_, what) in changes.iter().filter(|(_, w)| matches!(w, Changed::Customer(_) | Changed::Vehicle(_))) {
            if done.insert(*what) {
                put(rooms, &tx, *what)?;
            }
        }
        drop(tx);
        rooms.search.commit(head)?;
        if changes.len() < AT_ONCE {
            return Ok(());
        }
    }
}

fn put(rooms: &Rooms, tx: &impl Rows, what: Changed) -> Result<(), Behind> {
    match what {
        Changed::Customer(id) => match lists::customer_doc(tx, id)? {
            Some(doc) => rooms.search.add(&Doc::Customer(doc))?,
            None => rooms.search.remove(Kind::Customer, id.0)?,
        },
        Changed::Vehicle(id) => match lists::vehicle_doc(tx, id)? {
            Some(doc) => rooms.search.add(&Doc::Vehicle(doc))?,
            None => rooms.search.remove(Kind::Vehicle, id.0)?,
        },
        Changed::Looks(_)
        | Changed::Alert(_)
        | Changed::Lead(_)
        | Changed::Import(_)
        | Changed::SetAside(_)
        | Changed::Staff(_)
        | Changed::Visit(_)
        | Changed::ServiceVisit(_)
        | Changed::Appointment(_)
        | Changed::Opportunity(_)
        | Changed::Feed(_)
        | Changed::Settings
        | Changed::Market => {}
    }
    Ok(())
}

/// Builds the index from the records. Searches go on meanwhile over what the overlay and the exact lookups know.
pub fn rebuild(rooms: &Rooms) -> Result<(), Behind> {
    const AT_ONCE: usize = 5_000;
    rooms.index.asked.store(false, Ordering::SeqCst);
    rooms.search.begin_rebuild()?;
    let head = lists::change_head(&rooms.store.read()?)?;
    let mut after: Option<CustomerId> = None;
    loop {
        // A fresh snapshot a stretch: a long one would pin every page written meanwhile.
        let tx = rooms.store.read()?;
        let span = after.map_or_else(Span::all, |id| Span::all().after(&id));
        let ids = tx.keys(tables::CUSTOMERS, &span, AT_ONCE)?;
        let Some(last) = ids.last() else { break };
        after = Some(*last);
        for id in &ids {
            put(rooms, &tx, Changed::Customer(*id))?;
        }
    }
    let mut after: Option<VehicleId> = None;
    loop {
        let tx = rooms.store.read()?;
        let span = after.map_or_else(Span::all, |id| Span::all().after(&id));
        let ids = tx.keys(tables::VEHICLES, &span, AT_ONCE)?;
        let Some(last) = ids.last() else { break };
        after = Some(*last);
        for id in &ids {
            put(rooms, &tx, Changed::Vehicle(*id))?;
        }
    }
    rooms.search.commit(head)?;
    Ok(())
}

/// Drops changes that the index has and no browser will resume from. How many.
pub fn forget_changes(tx: &WriteTx<'_>, indexed: u64) -> Result<usize, StoreError> {
    const KEPT: u64 = 100_000;
    const AT_ONCE: usize = 20_000;
    let head = lists::change_head(tx)?;
    let before = head.saturating_sub(KEPT).min(indexed);
    let old = tx.keys(tables::CHANGES, &Span::all().before(&before), AT_ONCE)?;
    for seq in &old {
        tx.remove(tables::CHANGES, seq)?;
    }
    Ok(old.len())
}
