//! What a store brings along: a file is looked at, matched, rehearsed, then journalled in batches; each row is filed once, counted, and
//! can be taken back.
//!
//! | file | what it does |
//! |---|---|
//! | `draft` | a file that was brought and is not begun: its columns, its mended rows, its rehearsal |
//! | `run` | the rows into the journal, whatever cuts the way |
//! | `take` | the effects of a row |
//! | `take_back` | the same, backwards |
//! | `dropped` | a file of the drop folder: brought once, and run where there is nothing to ask |
mod draft;
mod dropped;
mod run;
mod take;
mod take_back;

pub use crate::formats::sheet::MOST_BYTES;
pub(super) use draft::remembered;
pub use draft::{Plan, bring, discard, fix, look_again, rehearse, rehearse_waiting, replan, rows_page};
pub use dropped::{Dropped, dropped};
pub(super) use run::digest;
pub use run::{begin, carry, go_on_with_cut};
pub(super) use take::{introduce, take};
pub(super) use take_back::take_back;
pub use take_back::{forget_old_rows, go_on_taking_back, may_take_back, order_back};

use crate::{
    domain::{
        change::Changed,
        ids::ImportId,
        import_run::{HeldBack, ImportRun, ImportState},
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Of so many imports it is known which wait; older drafts are found in the list.
const LATEST: usize = 200;
/// Reasons shown of one import; the counts stay whole.
const REASONS_MOST: usize = 50;

/// The imports, newest first.
pub fn page(tx: &impl Rows, before: Option<ImportId>, limit: usize) -> Result<Vec<ImportRun>, StoreError> {
    let span = before.map_or_else(Span::all, |id| Span::all().before(&id));
    Ok(tx.last(tables::IMPORTS, &span, limit)?.into_iter().map(|(_, run)| run).collect())
}

/// How many wait for somebody: drafts among the latest imports.
pub fn waiting(tx: &impl Rows) -> Result<u64, StoreError> {
    let latest = tx.last(tables::IMPORTS, &Span::all(), LATEST)?;
    Ok(latest.iter().filter(|(_, run)| run.state == ImportState::Draft).count() as u64)
}

pub fn one(tx: &impl Rows, id: ImportId) -> Result<Option<ImportRun>, StoreError> {
    tx.get(tables::IMPORTS, &id)
}

fn put(tx: &WriteTx<'_>, run: &ImportRun) -> Result<(), StoreError> {
    tx.put(tables::IMPORTS, &run.id, run)?;
    tx.announce(Changed::Import(run.id));
    Ok(())
}

/// The run of this number while it is in this state.
fn in_state(tx: &impl Rows, id: ImportId, state: ImportState) -> Result<Option<ImportRun>, StoreError> {
    Ok(one(tx, id)?.filter(|run| run.state == state))
}

/// Adds reasons that were counted apart.
pub(super) fn add_reasons(to: &mut Vec<HeldBack>, more: &[HeldBack]) {
    for reason in more {
        match to.iter_mut().find(|held| held.reason == reason.reason) {
            Some(held) => held.count += reason.count,
            None => to.push(reason.clone()),
        }
    }
}

/// One more row for a reason.
pub(super) fn add_reason(reasons: &mut Vec<HeldBack>, reason: &str, line: u64) {
    if let Some(held) = reasons.iter_mut().find(|h| h.reason == reason) {
        held.count += 1;
        if held.first_line == 0 || (line != 0 && line < held.first_line) {
            held.first_line = line;
        }
    } else if reasons.len() < REASONS_MOST {
        reasons.push(HeldBack { reason: reason.to_owned(), count: 1, first_line: line });
    }
}
