//! A file that was brought and is not begun. Nothing of it is in the store's customers yet, and whatever is decided about it is kept.

use super::{add_reason, in_state, one, put, run, take};
use crate::{
    domain::{
        change::Changed,
        event::ImportRow,
        field::Field,
        ids::{ImportId, Seq, StaffId},
        import_run::{Example, ImportCounts, ImportKind, ImportRun, ImportState, ImportedRow, Rehearsed, RowDid, RowId},
        set_aside::Raw,
        time::At,
    },
    formats::{
        feeds,
        sheet::{self, Fixes, Look, Mapping, RowRead, Target},
    },
    service::{
        Policy, Rooms, edits, people,
        seen::{self, Asked},
    },
    store::{Rows, Span, StoreError, WriteTx, key::Hash, tables},
};
use std::{ops::ControlFlow, sync::Arc};

/// A kept file lies in pieces: a row of a backup has a limit, a file has almost none.
pub(super) const PIECE_BYTES: usize = 1 << 20;
/// Rows kept with their cells for the page: held back or odd. The counts stay whole.
const ROWS_KEPT: usize = 20_000;
const EXAMPLES_MOST: usize = 8;
/// Scope of the digests of files that were brought.
const FILE: &str = "import file";
const BRING: &str = "bring import";
/// Cells kept of one row; the widest known layout has 376.
const SHOWN_CELLS: usize = 400;

/// How a file is to be read.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
pub struct Plan {
    /// None for a feed in XML or JSON, whose columns have names of their own.
    pub mapping: Option<Mapping>,
    #[serde(default)]
    pub fixes: Fixes,
    /// Under what the mapping is remembered.
    #[serde(default)]
    pub signature: String,
    /// The header as it was found.
    #[serde(default)]
    pub headers: Vec<String>,
    /// A few values of each column.
    #[serde(default)]
    pub samples: Vec<Vec<String>>,
    /// In how many rows each column says something.
    #[serde(default)]
    pub filled: Vec<u64>,
    #[serde(default)]
    pub encoding: String,
    #[serde(default)]
    pub separator: String,
    #[serde(default)]
    pub header_line: u64,
    #[serde(default)]
    pub notes: Vec<String>,
    /// The mapping was used before for such a file.
    #[serde(default)]
    pub remembered: bool,
    /// The store's own fields, as they are when the plan is read.
    #[serde(skip)]
    pub own: Vec<Field>,
}

impl Plan {
    fn of(look: Look, remembered: Option<Mapping>) -> Self {
        let separator = match look.separator {
            '\t' => "tab".to_owned(),
            other => other.to_string(),
        };
        Self {
            remembered: remembered.is_some(),
            mapping: Some(remembered.unwrap_or(look.mapping)),
            fixes: Fixes::new(),
            signature: look.signature,
            headers: look.columns.iter().map(|c| c.header.clone()).collect(),
            samples: look.columns.iter().map(|c| c.samples.clone()).collect(),
            filled: look.columns.iter().map(|c| c.filled).collect(),
            encoding: look.encoding.to_owned(),
            separator,
            header_line: look.header_line,
            notes: look.notes,
            own: vec![],
        }
    }

    /// A column that filled a field which is gone by now is left out, and that is said.
    fn with_own(mut self, own: Vec<Field>) -> Self {
        for (target, header) in self.mapping.iter_mut().flat_map(|m| &mut m.columns).zip(&self.headers) {
            if matches!(target, Target::Field(key) if !own.iter().any(|field| field.key == *key)) {
                *target = Target::Skip;
                let note = format!("The column {header} filled a field that this store no longer has; it is left out.");
                if !self.notes.contains(&note) {
                    self.notes.push(note);
                }
            }
        }
        Self { own, ..self }
    }
}

/// What a person may see of a draft or of a run that ended: the run, and how its file is read.
pub fn look_again(tx: &impl Rows, id: ImportId) -> Result<Option<(ImportRun, Option<Plan>)>, StoreError> {
    let Some(run) = one(tx, id)? else { return Ok(None) };
    Ok(Some((run, plan(tx, id)?)))
}

pub(super) fn plan(tx: &impl Rows, id: ImportId) -> Result<Option<Plan>, StoreError> {
    let Some(raw) = tx.get(tables::IMPORT_PLANS, &id)? else { return Ok(None) };
    let plan = serde_json::from_slice::<Plan>(&raw.bytes);
    let plan = plan.map_err(|e| StoreError::Damaged { table: "IMPORT_PLANS".to_owned(), why: format!("cannot be read: {e}") })?;
    Ok(Some(plan.with_own(edits::fields(tx)?)))
}

fn put_plan(tx: &WriteTx<'_>, id: ImportId, plan: &Plan) -> Result<(), StoreError> {
    tx.put(tables::IMPORT_PLANS, &id, &as_json(plan)?)
}

fn as_json(value: &impl serde::Serialize) -> Result<Raw, StoreError> {
    let bytes = serde_json::to_vec(value);
    bytes.map(|bytes| Raw { bytes }).map_err(|e| StoreError::Damaged { table: "IMPORT_PLANS".to_owned(), why: format!("cannot be written: {e}") })
}

fn header_hash(tx: &impl Rows, signature: &str) -> Hash {
    tx.sealer().lookup("header", signature)
}

/// How a file with this header was read before.
pub(in crate::service) fn remembered(tx: &impl Rows, signature: &str) -> Result<Option<Mapping>, StoreError> {
    let raw = tx.get(tables::MAPPINGS, &header_hash(tx, signature))?;
    // A mapping of a newer Headlight that this one cannot read is as good as none.
    Ok(raw.and_then(|raw| serde_json::from_slice(&raw.bytes).ok()))
}

/// Remembers how a file was read, for the next one with this header.
pub(super) fn remember(tx: &WriteTx<'_>, plan: &Plan) -> Result<(), StoreError> {
    match &plan.mapping {
        Some(mapping) if !plan.signature.is_empty() => tx.put(tables::MAPPINGS, &header_hash(tx, &plan.signature), &as_json(mapping)?),
        Some(_) | None => Ok(()),
    }
}

/// Takes in a file: looks at it, keeps it, and guesses how it is to be read. `kind` is what its rows are, where somebody said so. The same
/// key twice takes it in once; a command and the drop folder ask as nobody.
///
/// # Errors
/// The inner error is a sentence for whoever brought the file: nothing of it was taken.
pub async fn bring(
    rooms: &Rooms,
    kind: Option<ImportKind>,
    file: String,
    bytes: Vec<u8>,
    asked: Option<Asked>,
    now: At,
) -> Result<Result<ImportId, String>, StoreError> {
    if let Some(id) = brought_by(&rooms.store.read()?, asked.as_ref())? {
        return Ok(Ok(id));
    }
    let zone = rooms.policy.rooftop.zone.clone();
    let name = file.clone();
    let bytes = Arc::new(bytes);
    let given = Arc::clone(&bytes);
    let own = edits::fields(&rooms.store.read()?)?;
    // Looking at a large file takes a second: not on a thread that serves others.
    let looking = tokio::task::spawn_blocking(move || looked(kind, &given, &name, &own, now, &zone).map(|looked| (looked, run::digest(&given))));
    let looked = looking.await.unwrap_or_else(|_| Err("The file could not be read to its end; nothing was imported. Please report it.".to_owned()));
    let (looked, digest) = match looked {
        Ok(looked) => looked,
        Err(sentence) => return Ok(Err(sentence)),
    };
    let kept = rooms.store.write(move |tx| {
        // Asked for again while the first was still being looked at.
        if let Some(id) = brought_by(tx, asked.as_ref())? {
            return Ok(id);
        }
        let id = keep(tx, &looked, kind, &file, &bytes, asked.as_ref().map(|asked| asked.by), now)?;
        seen::remember(tx, FILE, &digest, Seq(id.0))?;
        asked.as_ref().map_or(Ok(()), |asked| asked.remember(tx, BRING, id.0))?;
        Ok(id)
    });
    Ok(Ok(kept.await?))
}

fn brought_by(tx: &impl Rows, asked: Option<&Asked>) -> Result<Option<ImportId>, StoreError> {
    Ok(asked.map(|asked| asked.before(tx, BRING)).transpose()?.flatten().map(ImportId))
}

/// The import that brought these very bytes and still holds.
pub(super) fn brought_before(tx: &impl Rows, digest: &str) -> Result<Option<ImportRun>, StoreError> {
    let Some(id) = seen::before(tx, FILE, digest)? else { return Ok(None) };
    Ok(one(tx, ImportId(id.0))?.filter(|run| !matches!(run.state, ImportState::Failed | ImportState::TakingBack | ImportState::TakenBack)))
}

/// A table, or a feed of so many cars.
#[derive(Clone)]
enum Looked {
    Table(Look),
    Feed(u64),
}

fn looked(kind: Option<ImportKind>, bytes: &[u8], file: &str, own: &[Field], now: At, zone: &crate::domain::time::Zone) -> Result<Looked, String> {
    let begins = bytes.iter().copied().find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xEF | 0xBB | 0xBF));
    let may_be_a_feed = matches!(begins, Some(b'<' | b'{' | b'[')) && kind.is_none_or(|k| k == ImportKind::Inventory);
    let feed = if may_be_a_feed { Some(feeds::inventory(bytes, file, now, zone)) } else { None };
    match feed {
        Some(Ok(read)) => Ok(Looked::Feed((read.rows.len() + read.held_back.len()) as u64)),
        Some(Err(sentence)) if kind == Some(ImportKind::Inventory) => Err(sentence),
        Some(Err(_)) | None => sheet::look(bytes, file, own).map(Looked::Table),
    }
}

fn keep(
    tx: &WriteTx<'_>,
    looked: &Looked,
    kind: Option<ImportKind>,
    file: &str,
    bytes: &[u8],
    by: Option<StaffId>,
    now: At,
) -> Result<ImportId, StoreError> {
    let id = ImportId(tx.next("import")?);
    let (mut plan, rows, preset) = match looked {
        Looked::Feed(rows) => (Plan::default(), *rows, None),
        Looked::Table(look) => {
            let used_before = remembered(tx, &look.signature)?.filter(|m| kind.is_none_or(|k| k == m.kind));
            let (rows, preset) = (look.rows, look.preset.map(str::to_owned));
            (Plan::of(look.clone(), used_before), rows, preset)
        }
    };
    if let (Some(kind), Some(mapping)) = (kind, &mut plan.mapping)
        && mapping.kind != kind
    {
        *mapping = sheet::mapping_as(kind, &plan.headers, mapping, &edits::fields(tx)?);
    }
    let run = ImportRun {
        id,
        kind: plan.mapping.as_ref().map_or(ImportKind::Inventory, |m| m.kind),
        file: file.to_owned(),
        started: now,
        ended: None,
        by,
        state: ImportState::Draft,
        counts: ImportCounts { rows, ..ImportCounts::default() },
        held_back: vec![],
        warnings: vec![],
        preset,
        rehearsed: None,
        taken_back: None,
    };
    put(tx, &run)?;
    put_plan(tx, id, &plan)?;
    for (place, piece) in (0_u32..).zip(bytes.chunks(PIECE_BYTES)) {
        tx.put(tables::IMPORT_FILES, &(id, place), &Raw { bytes: piece.to_vec() })?;
    }
    Ok(id)
}

/// The bytes of a kept file.
pub(super) fn bytes_of(tx: &impl Rows, id: ImportId) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    tx.each(tables::IMPORT_FILES, &Span::under(&id), |_, piece| {
        bytes.extend_from_slice(&piece.bytes);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(bytes)
}

/// Decides anew how a draft is to be read; what was rehearsed no longer holds. The inner error is a sentence.
pub fn replan(tx: &WriteTx<'_>, id: ImportId, mapping: Mapping) -> Result<Result<(), String>, StoreError> {
    let (Some(mut run), Some(mut plan)) = (in_state(tx, id, ImportState::Draft)?, plan(tx, id)?) else { return Ok(Err(not_a_draft())) };
    // Another kind, and not yet a word of its columns: the guess anew.
    let mapping = if mapping.columns.is_empty() { sheet::mapping_as(mapping.kind, &plan.headers, &mapping, &plan.own) } else { mapping };
    if mapping.columns.len() != plan.headers.len() {
        let (file, given) = (plan.headers.len(), mapping.columns.len());
        return Ok(Err(format!("The file has {file} columns, and {given} were matched.")));
    }
    run.kind = mapping.kind;
    run.rehearsed = None;
    plan.mapping = Some(mapping);
    put_plan(tx, id, &plan)?;
    put(tx, &run)?;
    Ok(Ok(()))
}

/// Mends cells of one row of a draft; what was rehearsed no longer holds.
pub fn fix(tx: &WriteTx<'_>, id: ImportId, line: u64, cells: &[(u32, String)]) -> Result<Result<(), String>, StoreError> {
    let (Some(mut run), Some(mut plan)) = (in_state(tx, id, ImportState::Draft)?, plan(tx, id)?) else { return Ok(Err(not_a_draft())) };
    for (place, text) in cells {
        if *place as usize >= plan.headers.len() {
            return Ok(Err(format!("The file has {} columns, counted from 0; there is none at {place}.", plan.headers.len())));
        }
        plan.fixes.entry(line).or_default().insert(*place, text.clone());
    }
    run.rehearsed = None;
    put_plan(tx, id, &plan)?;
    put(tx, &run)?;
    Ok(Ok(()))
}

fn not_a_draft() -> String {
    "This import is not a draft any more: it was begun or discarded.".to_owned()
}

/// Forgets a draft and its file. Whether there was one.
pub fn discard(tx: &WriteTx<'_>, id: ImportId) -> Result<bool, StoreError> {
    if in_state(tx, id, ImportState::Draft)?.is_none() {
        return Ok(false);
    }
    run::drop_file(tx, id)?;
    tx.remove(tables::IMPORT_PLANS, &id)?;
    drop_rows(tx, id)?;
    tx.remove(tables::IMPORTS, &id)?;
    tx.announce(Changed::Import(id));
    Ok(true)
}

pub(super) fn drop_rows(tx: &WriteTx<'_>, id: ImportId) -> Result<(), StoreError> {
    for key in tx.keys(tables::IMPORT_ROWS, &Span::under(&id), usize::MAX)? {
        tx.remove(tables::IMPORT_ROWS, &key)?;
    }
    Ok(())
}

/// Reads a file by its plan: each row with its line and raw cells. The error is a sentence.
pub(super) fn read(
    plan: &Plan,
    bytes: &[u8],
    file: &str,
    received: At,
    zone: &crate::domain::time::Zone,
    give: &mut dyn FnMut(RowRead<'_>),
) -> Result<(), String> {
    if let Some(mapping) = &plan.mapping {
        return sheet::read(bytes, mapping, &plan.fixes, &plan.own, received, zone, give);
    }
    let read = feeds::inventory(bytes, file, received, zone)?;
    let none = csv::StringRecord::new();
    let rows = read.rows.into_iter().map(|(line, car)| (line, Ok(ImportRow::Listing(car))));
    let held = read.held_back.into_iter().map(|(line, what)| (line, Err(vec![sheet::Problem { place: None, what }])));
    let mut all: Vec<_> = rows.chain(held).collect();
    all.sort_by_key(|(line, _)| *line);
    for (line, outcome) in all {
        give(RowRead { line, cells: &none, outcome, warnings: vec![] });
    }
    Ok(())
}

pub(super) fn kept_row(did: RowDid, problems: &[sheet::Problem], cells: &csv::StringRecord) -> ImportedRow {
    ImportedRow {
        did,
        effects: vec![],
        problems: problems.iter().map(|p| (p.place, p.what.clone())).collect(),
        cells: cells.iter().take(SHOWN_CELLS).map(str::to_owned).collect(),
        taken_back: None,
    }
}

/// Does everything the import would do, above a snapshot in memory, and writes down what came of it. Whether there was a draft.
pub async fn rehearse(rooms: &Rooms, id: ImportId, now: At) -> Result<bool, StoreError> {
    let house = rooms.clone();
    let rehearsed = tokio::task::spawn_blocking(move || rehearsed(&house, id, now));
    let done = rehearsed.await.map_err(|_| StoreError::Unavailable("the rehearsal ended unexpectedly; nothing was imported".to_owned()))??;
    let Some((plan, outcome, kept)) = done else { return Ok(false) };
    rooms
        .store
        .write(move |tx| {
            // Whoever changed the plan meanwhile gets a rehearsal of their own.
            let (Some(mut run), true) = (in_state(tx, id, ImportState::Draft)?, self::plan(tx, id)?.as_ref() == Some(&plan)) else { return Ok(()) };
            drop_rows(tx, id)?;
            for (line, row) in &kept {
                tx.put(tables::IMPORT_ROWS, &(id, *line), row)?;
            }
            run.counts.rows = outcome.counts.rows;
            run.rehearsed = Some(outcome.clone());
            put(tx, &run)
        })
        .await?;
    Ok(true)
}

type Outcome = (Plan, Rehearsed, Vec<(u64, ImportedRow)>);

fn rehearsed(rooms: &Rooms, id: ImportId, now: At) -> Result<Option<Outcome>, StoreError> {
    let (run, plan, bytes) = {
        let tx = rooms.store.read()?;
        let (Some(run), Some(plan)) = (in_state(&tx, id, ImportState::Draft)?, plan(&tx, id)?) else { return Ok(None) };
        (run, plan, bytes_of(&tx, id)?)
    };
    let mut outcome = Rehearsed { at: now, ..Rehearsed::default() };
    let mut kept: Vec<(u64, ImportedRow)> = Vec::new();
    rooms.store.rehearse(|tx| {
        let mut failed: Option<StoreError> = None;
        let refused = read(&plan, &bytes, &run.file, run.started, &rooms.policy.rooftop.zone, &mut |row| {
            if failed.is_none() {
                failed = rehearse_row(tx, &rooms.policy, id, row, now, &mut outcome, &mut kept).err();
            }
        });
        outcome.refused = refused.err();
        failed.map_or(Ok(()), Err)
    })?;
    Ok(Some((plan, outcome, kept)))
}

fn rehearse_row(
    tx: &WriteTx<'_>,
    policy: &Policy,
    id: ImportId,
    row: RowRead<'_>,
    now: At,
    outcome: &mut Rehearsed,
    kept: &mut Vec<(u64, ImportedRow)>,
) -> Result<(), StoreError> {
    outcome.counts.rows += 1;
    for warning in &row.warnings {
        add_reason(&mut outcome.warnings, &warning.what, row.line);
    }
    let (did, problems) = match &row.outcome {
        Err(problems) => (RowDid::HeldBack, problems.clone()),
        Ok(said) => {
            let taken = take::row(tx, policy, take::Place { from: Some(RowId { import: id, line: row.line }), now, introduced: &[] }, said)?;
            let held = taken.held_back.map(|what| sheet::Problem { place: None, what });
            if outcome.examples.len() < EXAMPLES_MOST
                && held.is_none()
                && let Some(example) = example(tx, row.line, taken.did, said, &taken.effects)?
            {
                outcome.examples.push(example);
            }
            (taken.did, held.into_iter().collect())
        }
    };
    outcome.counts.add(did);
    for problem in &problems {
        add_reason(&mut outcome.held_back, &problem.what, row.line);
    }
    let odd: Vec<sheet::Problem> = problems.into_iter().chain(row.warnings).collect();
    if !odd.is_empty() && kept.len() < ROWS_KEPT {
        kept.push((row.line, kept_row(did, &odd, row.cells)));
    }
    Ok(())
}

/// A row as it would come in, for whoever checks the matching.
fn example(
    tx: &WriteTx<'_>,
    line: u64,
    did: RowDid,
    said: &ImportRow,
    effects: &[crate::domain::import_run::Effect],
) -> Result<Option<Example>, StoreError> {
    use crate::domain::import_run::Effect;
    let part = effects.iter().find_map(|e| if let Effect::Said { part, .. } = e { Some(*part) } else { None });
    let customer = match part {
        Some(part) => people::of_part(tx, part)?,
        None => None,
    };
    let joins = match (part, &customer) {
        (Some(part), Some(customer)) if customer.id != part.into() => {
            let why = people::because_of_part(tx, part)?.map(|b| b.reasons.join(", ")).unwrap_or_default();
            Some((customer.id, format!("{}: {why}", customer.display_name())))
        }
        (Some(_) | None, _) => None,
    };
    let person = match said {
        ImportRow::Customer(person) => Some(person),
        ImportRow::Deal(deal) => Some(&deal.buyer),
        ImportRow::RepairOrder(order) => Some(&order.customer),
        ImportRow::Appointment(visit) => Some(&visit.customer),
        ImportRow::Listing(_) | ImportRow::Unknown => None,
    };
    let mut facts: Vec<String> = Vec::new();
    if let Some(person) = person {
        facts.extend(person.phones.iter().map(crate::domain::phone::Phone::display));
        facts.extend(person.emails.iter().map(|e| e.as_str().to_owned()));
        facts.extend(person.address.place());
        facts.extend(person.consent.iter().map(|c| format!("{:?}: do not", c.channel)));
    }
    let car = match said {
        ImportRow::Deal(deal) => Some(deal.facts.label()),
        ImportRow::RepairOrder(order) => Some(order.facts.label()),
        ImportRow::Appointment(visit) => Some(visit.facts.label()),
        ImportRow::Listing(listing) => Some(listing.facts.label()),
        ImportRow::Customer(person) => person.car.as_ref().map(|car| car.facts.label()),
        ImportRow::Unknown => None,
    };
    let title = person.and_then(|p| p.name.display()).or_else(|| car.clone()).or_else(|| facts.first().cloned());
    if person.is_some() {
        facts.extend(car.filter(|c| !c.is_empty()));
    }
    Ok(title.map(|title| Example { line, title, facts, did, joins }))
}

/// Rehearses drafts that wait for it: the first look, and after each change. How many.
pub async fn rehearse_waiting(rooms: &Rooms, now: At) -> Result<usize, StoreError> {
    const LATEST: usize = 20;
    let waiting: Vec<ImportId> = {
        let tx = rooms.store.read()?;
        tx.last(tables::IMPORTS, &Span::all(), LATEST)?
            .into_iter()
            .filter(|(_, run)| run.state == ImportState::Draft && run.rehearsed.is_none())
            .map(|(id, _)| id)
            .collect()
    };
    for id in &waiting {
        rehearse(rooms, *id, now).await?;
    }
    Ok(waiting.len())
}

/// Rows of an import that were held back, are odd, or were kept when it was taken back; in the order of the file.
pub fn rows_page(
    tx: &impl Rows,
    id: ImportId,
    wanted: impl Fn(&ImportedRow) -> bool,
    after: Option<u64>,
    limit: usize,
) -> Result<Vec<(u64, ImportedRow)>, StoreError> {
    let span = after.map_or_else(|| Span::under(&id), |line| Span::under(&id).after(&(id, line)));
    let mut rows = Vec::new();
    tx.each(tables::IMPORT_ROWS, &span, |(_, line), row| {
        if wanted(&row) {
            rows.push((line, row));
        }
        Ok(if rows.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok(rows)
}
