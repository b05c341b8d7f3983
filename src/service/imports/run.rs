//! The rows into the journal, in batches that are known by their keys: whatever cuts the way, each row is there once.

use super::{
    add_reason, add_reasons,
    draft::{self, Plan},
    in_state, one, put,
};
use crate::{
    domain::{
        change::Changed,
        event::{Entry, Event, ImportRow},
        ids::{ImportId, StaffId},
        import_run::{HeldBack, ImportCounts, ImportRun, ImportState, ImportedRow, RowDid},
        set_aside::SetAsideRoad,
        time::{At, Zone},
    },
    formats::sheet::RowRead,
    service::{
        Rooms, advance, duplicates,
        seen::{self, Asked},
        set_aside,
    },
    store::{Encoded, Rows, Span, StoreError, WriteTx, Writing, tables},
};
use tokio::sync::mpsc;

/// Rows of one journal entry: their effects are one commit, during which others wait.
const ROWS_AN_ENTRY: usize = 400;
/// Entries that are journalled together.
const ENTRIES_A_COMMIT: usize = 32;
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

/// What is left to say of a file when all its rows are journalled.
#[derive(Default)]
struct Left {
    /// Rows of the file, those held back too.
    rows: u64,
    held: Vec<(u64, ImportedRow)>,
    held_count: u64,
    held_back: Vec<HeldBack>,
    warnings: Vec<HeldBack>,
}

/// A batch of rows as it will be journalled, and the key by which it is known.
type Batch = (String, Encoded<Entry>);

/// Journals what is not journalled yet, while the rest is read. The inner error is a sentence: the file cannot be read so, and nothing
/// more of it was taken.
async fn go_on(rooms: &Rooms, id: ImportId, now: At) -> Result<Result<(), String>, StoreError> {
    let (run, plan) = {
        let tx = rooms.store.read()?;
        let Some(run) = in_state(&tx, id, ImportState::Running)? else { return Ok(Ok(())) };
        (run, draft::plan(&tx, id)?)
    };
    let Some(plan) = plan else { return Ok(Err("There is no plan of how to read it.".to_owned())) };
    // Fetching and reading a large file takes seconds: not on a thread that serves others.
    let house = rooms.clone();
    let fetched = tokio::task::spawn_blocking(move || fetch(&house, id)).await;
    let Some(file) = fetched.map_err(|_| StoreError::Unavailable("the file of an import could not be fetched".to_owned()))?? else {
        return Ok(Ok(()));
    };
    let zone = rooms.policy.rooftop.zone.clone();
    let (give, mut batches) = mpsc::channel(ENTRIES_A_COMMIT);
    let reading = tokio::task::spawn_blocking(move || read(&file, &run, &plan, &zone, now, &give));
    let mut before: Option<Writing<()>> = None;
    while let Some(first) = batches.recv().await {
        let mut together: Vec<Batch> = vec![first];
        while together.len() < ENTRIES_A_COMMIT
            && let Ok(next) = batches.try_recv()
        {
            together.push(next);
        }
        // The next are handed over before these are on disk, so that the reader of the journal always finds some.
        let writing = rooms.store.write_behind(move |tx| journal(tx, &together)).await?;
        if let Some(before) = before.replace(writing) {
            before.done().await?;
            rooms.hub.nudge_journal();
        }
    }
    if let Some(last) = before {
        last.done().await?;
    }
    let left = match reading.await {
        Ok(Ok(left)) => left,
        Ok(Err(error)) => return error.told(),
        Err(_) => return Ok(Err("The file could not be read to its end.".to_owned())),
    };
    rooms.store.write(move |tx| close(tx, id, &left, now)).await?;
    rooms.hub.nudge_journal();
    Ok(Ok(()))
}

enum Unread {
    Refused(String),
    Store(StoreError),
}

impl Unread {
    fn told(self) -> Result<Result<(), String>, StoreError> {
        match self {
            Self::Refused(sentence) => Ok(Err(sentence)),
            Self::Store(error) => Err(error),
        }
    }
}

impl From<StoreError> for Unread {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The file of an import.
struct FileToRead {
    bytes: Vec<u8>,
    digest: String,
    /// Whether some of it is journalled.
    is_begun: bool,
}

/// None when there is no file any more: it has done its service.
fn fetch(rooms: &Rooms, id: ImportId) -> Result<Option<FileToRead>, StoreError> {
    let tx = rooms.store.read()?;
    let bytes = draft::bytes_of(&tx, id)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    let digest = digest(&bytes);
    let is_begun = seen::before(&tx, "import", &batch_key(id, 0, &digest))?.is_some();
    Ok(Some(FileToRead { bytes, digest, is_begun }))
}

/// By which a batch is known again.
fn batch_key(id: ImportId, n: usize, digest: &str) -> String {
    format!("{id}/{n}/{digest}")
}

/// Reads the file and gives its rows in batches.
fn read(file: &FileToRead, run: &ImportRun, plan: &Plan, zone: &Zone, now: At, give: &mpsc::Sender<Batch>) -> Result<Left, Unread> {
    let rows = |each: &mut dyn FnMut(RowRead<'_>)| draft::read(plan, &file.bytes, &run.file, run.started, zone, each).map_err(Unread::Refused);
    if file.is_begun {
        let mut here = 0;
        rows(&mut |_| here += 1)?;
        if here != run.counts.rows {
            // The batches would not be those that were journalled before.
            return Err(Unread::Refused("The file is read differently than when it was brought. Bring it again.".to_owned()));
        }
    }
    let (mut left, mut n) = (Left::default(), 0);
    let (mut batch, mut failed): (Vec<(u64, ImportRow)>, Option<StoreError>) = (Vec::with_capacity(ROWS_AN_ENTRY), None);
    let mut hand_over = |batch: &mut Vec<(u64, ImportRow)>| -> Result<(), StoreError> {
        let (lines, rows) = std::mem::take(batch).into_iter().unzip();
        let entry = Entry { at: now, event: Event::Imported { import: run.id, rows, lines }, applied_after: None };
        let given = give.blocking_send((batch_key(run.id, n, &file.digest), Encoded::of(&entry)?));
        n += 1;
        given.map_err(|_| StoreError::Unavailable("whoever journals the import went away".to_owned()))
    };
    rows(&mut |row| {
        if failed.is_some() {
            return;
        }
        left.rows += 1;
        for warning in &row.warnings {
            add_reason(&mut left.warnings, &warning.what, row.line);
        }
        match row.outcome {
            Ok(said) => {
                batch.push((row.line, said));
                if batch.len() == ROWS_AN_ENTRY {
                    failed = hand_over(&mut batch).err();
                }
            }
            Err(problems) => {
                left.held_count += 1;
                for problem in &problems {
                    add_reason(&mut left.held_back, &problem.what, row.line);
                }
                if left.held.len() < HELD_KEPT {
                    left.held.push((row.line, draft::kept_row(RowDid::HeldBack, &problems, row.cells)));
                }
            }
        }
    })?;
    if failed.is_none() && !batch.is_empty() {
        failed = hand_over(&mut batch).err();
    }
    failed.map_or(Ok(left), |error| Err(error.into()))
}

pub(in crate::service) fn digest(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(blake3::hash(bytes).as_bytes())
}

/// Journals batches; those that were journalled before are known by their keys.
fn journal(tx: &WriteTx<'_>, batches: &[Batch]) -> Result<(), StoreError> {
    for (key, entry) in batches {
        if seen::before(tx, "import", key)?.is_none() {
            let seq = advance::append_encoded(tx, entry)?;
            seen::remember(tx, "import", key, seq)?;
        }
    }
    Ok(())
}

/// All rows are journalled: what reading alone held back is counted, and the file has done its service.
fn close(tx: &WriteTx<'_>, id: ImportId, left: &Left, now: At) -> Result<(), StoreError> {
    drop_file(tx, id)?;
    let Some(mut run) = in_state(tx, id, ImportState::Running)? else { return Ok(()) };
    let known = closed_key(id);
    if seen::before(tx, "import", &known)?.is_some() {
        return Ok(());
    }
    seen::remember(tx, "import", &known, advance::cursor(tx)?)?;
    for (line, row) in &left.held {
        tx.put(tables::IMPORT_ROWS, &(id, *line), row)?;
    }
    run.counts.rows = left.rows;
    run.counts.held_back += left.held_count;
    add_reasons(&mut run.held_back, &left.held_back);
    run.warnings.clone_from(&left.warnings);
    end_if_whole(tx, &mut run, now)?;
    put(tx, &run)
}

fn closed_key(id: ImportId) -> String {
    format!("{id}/held")
}

/// An import is done when every row of the file had its effect or was held back.
pub(super) fn end_if_whole(tx: &WriteTx<'_>, run: &mut ImportRun, now: At) -> Result<(), StoreError> {
    let c = run.counts;
    let is_counted = c.new + c.joined + c.unchanged + c.held_back >= c.rows;
    if run.state == ImportState::Running && is_counted && seen::before(tx, "import", &closed_key(run.id))?.is_some() {
        run.state = ImportState::Done;
        run.ended = Some(now);
        if run.kind.is_of_people() && c.new + c.joined > 0 {
            duplicates::ask_after(tx, now)?;
        }
    }
    Ok(())
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
