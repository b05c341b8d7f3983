//! The rows into the journal, in batches that are known by their keys: whatever cuts the way, each row is there once.

use super::{
    add_reason,
    draft::{self, Plan},
    in_state, one, put,
};
use crate::{
    domain::{
        change::Changed,
        event::{Entry, Event, ImportRow},
        ids::{ImportId, StaffId},
        import_run::{HeldBack, ImportCounts, ImportRun, ImportState, RowDid},
        set_aside::SetAsideRoad,
        time::At,
    },
    service::{
        Rooms, advance,
        seen::{self, Asked},
        set_aside,
    },
    store::{Encoded, Rows, Span, StoreError, WriteTx, tables},
};
use std::sync::Arc;

/// Rows of one journal entry: their effects are one commit, during which others wait.
const ROWS_AN_ENTRY: usize = 400;
/// Entries that are journalled together.
const ENTRIES_A_COMMIT: usize = 4;
/// Rows with their cells that are kept of those held back; the counts stay whole.
const HELD_KEPT: usize = 20_000;
/// A file that is set aside lies in pieces.
const SET_ASIDE_BYTES: usize = 16 << 20;

/// Begins a draft: the wheel of imports carries it on. The inner error is a sentence: nothing was begun. The same key twice begins it once.
pub async fn begin(rooms: &Rooms, id: ImportId, asked: Option<Asked>, now: At) -> Result<Result<(), String>, StoreError> {
    let begun = rooms
        .store
        .write(move |tx| {
            if let Some(asked) = &asked {
                return asked.once(tx, "begin import", || begin_draft(tx, id, Some(asked.by), now));
            }
            begin_draft(tx, id, None, now)
        })
        .await?;
    rooms.hub.nudge_imports();
    Ok(begun)
}

fn begin_draft(tx: &WriteTx<'_>, id: ImportId, by: Option<StaffId>, now: At) -> Result<Result<(), String>, StoreError> {
    let (Some(mut run), Some(plan)) = (in_state(tx, id, ImportState::Draft)?, draft::plan(tx, id)?) else {
        return Ok(Err("This import was begun already, or discarded.".to_owned()));
    };
    if let Some(sentence) = run.rehearsed.as_ref().and_then(|r| r.refused.clone()) {
        return Ok(Err(sentence));
    }
    draft::remember(tx, &plan)?;
    draft::drop_rows(tx, id)?;
    run.state = ImportState::Running;
    run.by = by.or(run.by);
    run.started = now;
    run.counts = ImportCounts { rows: run.counts.rows, ..ImportCounts::default() };
    run.held_back = vec![];
    run.warnings = vec![];
    put(tx, &run)?;
    Ok(Ok(()))
}

/// Carries an import that was begun to the end of the journal, for whoever has no wheels. The inner error is a sentence: the file cannot be
/// read with this mapping, and it is a draft again.
pub async fn carry(rooms: &Rooms, id: ImportId, now: At) -> Result<Result<(), String>, StoreError> {
    let refused = go_on(rooms, id, now).await?;
    if refused.is_err() {
        rooms
            .store
            .write(move |tx| match in_state(tx, id, ImportState::Running)? {
                Some(run) => put(tx, &ImportRun { state: ImportState::Draft, ..run }),
                None => Ok(()),
            })
            .await?;
    }
    Ok(refused)
}

/// Goes on with every import that was cut: by a crash, or because whoever sent it went away. How many there were.
///
/// One that is being journalled just now is found as well; its batches know their keys, so going over it twice does nothing twice.
pub async fn go_on_with_cut(rooms: &Rooms, now: At) -> Result<usize, StoreError> {
    let cut = cut(&rooms.store.read()?)?;
    for id in &cut {
        if go_on(rooms, *id, now).await?.is_err() {
            let (id, bytes) = (*id, draft::bytes_of(&rooms.store.read()?, *id)?);
            rooms.store.write(move |tx| give_up(tx, id, &bytes, now)).await?;
        }
    }
    Ok(cut.len())
}

/// The imports under way whose rows are not all journalled.
fn cut(tx: &impl Rows) -> Result<Vec<ImportId>, StoreError> {
    let mut cut = Vec::new();
    let mut span = Span::all();
    while let Some((id, _)) = tx.keys(tables::IMPORT_FILES, &span, 1)?.into_iter().next() {
        if in_state(tx, id, ImportState::Running)?.is_some() {
            cut.push(id);
        }
        span = Span::all().after(&(id, u32::MAX));
    }
    Ok(cut)
}

/// What reading a whole file gave.
struct ReadFile {
    rows: Vec<(u64, ImportRow)>,
    held: Vec<(u64, crate::domain::import_run::ImportedRow)>,
    held_count: u64,
    held_back: Vec<HeldBack>,
    warnings: Vec<HeldBack>,
    digest: String,
}

/// Journals what is not journalled yet. The inner error is a sentence: the file cannot be read so.
async fn go_on(rooms: &Rooms, id: ImportId, now: At) -> Result<Result<(), String>, StoreError> {
    let (run, plan, bytes) = {
        let tx = rooms.store.read()?;
        let (Some(run), plan) = (in_state(&tx, id, ImportState::Running)?, draft::plan(&tx, id)?) else { return Ok(Ok(())) };
        let bytes = draft::bytes_of(&tx, id)?;
        if bytes.is_empty() {
            return Ok(Ok(()));
        }
        (run, plan, Arc::new(bytes))
    };
    let read = match plan {
        Some(plan) => read_off_thread(rooms, plan, &run, Arc::clone(&bytes)).await,
        None => Err("There is no plan of how to read it.".to_owned()),
    };
    match read {
        Ok(read) if read.rows.len() as u64 + read.held_count == run.counts.rows => journal(rooms, id, read, now).await.map(Ok),
        Ok(_) => Ok(Err("The file is read differently than when it was brought. Bring it again.".to_owned())),
        Err(sentence) => Ok(Err(sentence)),
    }
}

/// Reading a large file takes seconds: not on a thread that serves others.
async fn read_off_thread(rooms: &Rooms, plan: Plan, run: &ImportRun, bytes: Arc<Vec<u8>>) -> Result<ReadFile, String> {
    let zone = rooms.policy.rooftop.zone.clone();
    let (file, received) = (run.file.clone(), run.started);
    let reading = tokio::task::spawn_blocking(move || {
        let mut read = ReadFile { rows: vec![], held: vec![], held_count: 0, held_back: vec![], warnings: vec![], digest: digest(&bytes) };
        draft::read(&plan, &bytes, &file, received, &zone, &mut |row| {
            for warning in &row.warnings {
                add_reason(&mut read.warnings, &warning.what, row.line);
            }
            match row.outcome {
                Ok(said) => read.rows.push((row.line, said)),
                Err(problems) => {
                    read.held_count += 1;
                    for problem in &problems {
                        add_reason(&mut read.held_back, &problem.what, row.line);
                    }
                    if read.held.len() < HELD_KEPT {
                        read.held.push((row.line, draft::kept_row(RowDid::HeldBack, &problems, row.cells)));
                    }
                }
            }
        })?;
        Ok(read)
    });
    reading.await.unwrap_or_else(|_| Err("The file could not be read to its end.".to_owned()))
}

pub(super) fn digest(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(blake3::hash(bytes).as_bytes())
}

/// Journals the rows in batches; those that were journalled before are known by their keys. With the last one the file has done its
/// service: what is in the journal is had.
async fn journal(rooms: &Rooms, id: ImportId, read: ReadFile, now: At) -> Result<(), StoreError> {
    let ReadFile { rows, held, held_count, held_back, warnings, digest } = read;
    rooms.store.write(move |tx| count_held(tx, id, &held, held_count, &held_back, &warnings, now)).await?;
    let batches = rows.len().div_ceil(ROWS_AN_ENTRY).max(1);
    let mut rows = rows.into_iter();
    let mut entries = (0..batches).map(|n| {
        let (lines, rows) = rows.by_ref().take(ROWS_AN_ENTRY).unzip();
        let entry = Entry { at: now, event: Event::Imported { import: id, rows, lines }, applied_after: None };
        Ok((format!("{id}/{n}/{digest}"), Encoded::of(&entry)?))
    });
    loop {
        let together: Vec<(String, Encoded<Entry>)> = entries.by_ref().take(ENTRIES_A_COMMIT).collect::<Result<_, StoreError>>()?;
        let is_last = together.len() < ENTRIES_A_COMMIT;
        rooms
            .store
            .write(move |tx| {
                for (key, entry) in &together {
                    if seen::before(tx, "import", key)?.is_none() {
                        let seq = advance::append_encoded(tx, entry)?;
                        seen::remember(tx, "import", key, seq)?;
                    }
                }
                if is_last { drop_file(tx, id) } else { Ok(()) }
            })
            .await?;
        rooms.hub.nudge_journal();
        if is_last {
            return Ok(());
        }
    }
}

/// What reading alone held back; said again when an import that was cut goes on.
fn count_held(
    tx: &WriteTx<'_>,
    id: ImportId,
    held: &[(u64, crate::domain::import_run::ImportedRow)],
    held_count: u64,
    held_back: &[HeldBack],
    warnings: &[HeldBack],
    now: At,
) -> Result<(), StoreError> {
    let Some(mut run) = in_state(tx, id, ImportState::Running)? else { return Ok(()) };
    let known = format!("{id}/held");
    if seen::before(tx, "import", &known)?.is_some() {
        return Ok(());
    }
    let seq = advance::cursor(tx)?;
    seen::remember(tx, "import", &known, seq)?;
    for (line, row) in held {
        tx.put(tables::IMPORT_ROWS, &(id, *line), row)?;
    }
    run.counts.held_back += held_count;
    run.held_back = held_back.to_vec();
    run.warnings = warnings.to_vec();
    if run.counts.held_back >= run.counts.rows {
        run.state = ImportState::Done;
        run.ended = Some(now);
    }
    put(tx, &run)
}

pub(super) fn drop_file(tx: &WriteTx<'_>, id: ImportId) -> Result<(), StoreError> {
    for piece in tx.keys(tables::IMPORT_FILES, &Span::under(&id), usize::MAX)? {
        tx.remove(tables::IMPORT_FILES, &piece)?;
    }
    Ok(())
}

/// A later Headlight reads the file in another way, so that the rows already taken cannot be told from the rest.
fn give_up(tx: &WriteTx<'_>, id: ImportId, bytes: &[u8], now: At) -> Result<(), StoreError> {
    const REASON: &str = "This import was cut, and the Headlight of today reads the file differently. Import it again: what is in already is known.";
    let Some(mut run) = one(tx, id)? else { return Ok(()) };
    let missing = run.counts.rows.saturating_sub(run.counts.new + run.counts.joined + run.counts.unchanged + run.counts.held_back);
    run.state = ImportState::Failed;
    run.ended = Some(now);
    run.held_back.insert(0, HeldBack { reason: REASON.to_owned(), count: missing, first_line: 0 });
    tx.put(tables::IMPORTS, &id, &run)?;
    tx.announce(Changed::Import(id));
    for part in bytes.chunks(SET_ASIDE_BYTES) {
        set_aside::put(tx, SetAsideRoad::Import, &run.file, REASON, part, now)?;
    }
    drop_file(tx, id)
}
