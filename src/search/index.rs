//! Where is the index kept, how far has it read, and may it be trusted?
//!
//! Every commit carries a stamp: whose store, which epoch, the sequence up to which it has read, and the shape of this room's marks. At
//! opening, any doubt (no stamp, another store, a sequence the store has not reached, a file that does not check) removes
//! the index and starts an empty one. Source of the cases: damage tried byte by byte, see the tests.

use super::{
    Doc,
    marks::{Marks, SLOTS},
    overlay::Overlay,
    row::{Kind, Row, Uid},
    shelf::Shelf,
};
use std::{
    collections::HashSet,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard},
};
use tantivy::{
    Index, IndexMeta, IndexReader, IndexSettings, IndexSortByField, IndexWriter, Order, ReloadPolicy, TantivyDocument, Term,
    indexer::{IndexWriterOptions, LogMergePolicy},
    schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
};

/// Raised whenever marks or rows are made otherwise than before, so that an index of the older making is rebuilt.
const MARKS_EDITION: u32 = 4;

/// While the store runs: one worker with this much memory; tantivy asks for 15 MB at least.
const WRITER_BYTES: usize = 32 * 1024 * 1024;
/// While everything is read anew: fewer, larger segments.
const REBUILD_BYTES: usize = 128 * 1024 * 1024;

/// How far an index has read, and of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub store_id: [u8; 16],
    /// Changes when the store is restored from a backup.
    pub epoch: u64,
    /// Everything up to this sequence is in the index.
    pub seq: u64,
}

/// An index after opening.
#[derive(Debug)]
pub enum Opened {
    /// It holds everything up to the sequence; read on from there.
    Ready(Search, u64),
    /// It is empty; read everything. The text says why, for the log.
    MustRebuild(Search, String),
}

/// The index could not be written. The store is not touched; read again from [`Search::committed`].
#[derive(Debug)]
pub struct IndexError(String);

impl std::fmt::Display for IndexError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the search index could not be written: {}", self.0)
    }
}

impl std::error::Error for IndexError {}

impl From<tantivy::TantivyError> for IndexError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self(error.to_string())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Ready,
    /// Not yet complete; what is found is true, but not all there is.
    Rebuilding,
    /// A search met damage. Call [`Search::begin_rebuild`] and read everything.
    Damaged,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexState {
    pub phase: Phase,
    pub docs: u64,
    pub segments: usize,
    /// On disk, or in memory for an index without a directory.
    pub bytes: u64,
}

/// The fields of the index.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    /// By [`super::marks::Slot::number`].
    pub(crate) slots: Vec<Field>,
    uid: Field,
    rank: Field,
    owner: Field,
    score: Field,
    at: Field,
    name: [Field; 2],
    lot: Field,
    price: Field,
    since: Field,
    flags: Field,
}

/// The search of one store. Shared between threads; searching never waits for writing.
pub struct Search {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    stamp: Stamp,
    pen: Mutex<Pen>,
    /// Replaced as a whole at each commit.
    shelves: RwLock<Arc<Vec<Shelf>>>,
    overlay: RwLock<Overlay>,
    state: RwLock<(Phase, u64)>,
}

/// The writing side.
#[derive(Default)]
struct Pen {
    /// Opened at the first need, dropped after a failure.
    writer: Option<IndexWriter>,
    /// During a rebuild: what was added already, so that a record changed meanwhile is replaced and not doubled.
    rebuilt: Option<HashSet<Uid>>,
}

impl std::fmt::Debug for Search {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Search").field("state", &self.state()).finish_non_exhaustive()
    }
}

impl Search {
    /// Opens the index in `dir`, or one in memory. The directory belongs to this room alone: what is in doubt is deleted.
    ///
    /// `head_seq` is the newest sequence of the store; `after_crash` makes every file be read and checked.
    #[must_use]
    pub fn open(dir: Option<&Path>, store_id: [u8; 16], epoch: u64, head_seq: u64, after_crash: bool) -> Opened {
        let stamp = Stamp { store_id, epoch, seq: 0 };
        let Some(dir) = dir else { return Self::empty_in_memory(stamp, "it is kept in memory".to_owned()) };
        let doubt = match unwound(|| Self::trusted(dir, stamp, head_seq, after_crash)) {
            Ok(Ok(search)) => {
                let seq = search.committed();
                return Opened::Ready(search, seq);
            }
            Ok(Err(doubt)) => doubt,
            Err(panic) => format!("reading it failed: {panic}"),
        };
        match clear(dir).map_err(|e| e.to_string()).and_then(|()| Self::empty_on_disk(dir, stamp)) {
            Ok(search) => Opened::MustRebuild(search, doubt),
            Err(error) => Self::empty_in_memory(stamp, format!("{doubt}; its directory cannot be used either ({error}), so it is kept in memory")),
        }
    }

    /// The index as it lies there, when nothing speaks against it.
    fn trusted(dir: &Path, expected: Stamp, head_seq: u64, after_crash: bool) -> Result<Self, String> {
        if !dir.join("meta.json").exists() {
            return Err("there is none yet".to_owned());
        }
        let index = Index::open_in_dir(dir).map_err(|e| format!("it cannot be opened: {e}"))?;
        let (schema, fields) = schema();
        if index.schema() != schema || *index.settings() != settings() {
            return Err("it was made by another edition".to_owned());
        }
        let metas = index.load_metas().map_err(|e| format!("its table of contents cannot be read: {e}"))?;
        let payload = metas.payload.as_deref().ok_or("it has no stamp")?;
        let stamp = read_stamp(payload, &schema).ok_or("its stamp is not of this edition or is damaged")?;
        if (stamp.store_id, stamp.epoch) != (expected.store_id, expected.epoch) {
            return Err("it belongs to another store, or to this one before a restore".to_owned());
        }
        if stamp.seq > head_seq {
            return Err(format!("it has read up to {}, the store only reaches {head_seq}", stamp.seq));
        }
        if after_crash && let Some(file) = damaged_file(&index, &metas, dir)? {
            return Err(format!("{file} does not check"));
        }
        let search = Self::over(index, fields, stamp, Phase::Ready).map_err(|e| format!("it cannot be read: {e}"))?;
        if !search.shelves().iter().all(Shelf::is_whole) {
            return Err("its parts do not agree".to_owned());
        }
        Ok(search)
    }

    fn empty_on_disk(dir: &Path, stamp: Stamp) -> Result<Self, String> {
        fs::create_dir_all(dir).map_err(|e| e.to_string())?;
        let (schema, fields) = schema();
        let builder = Index::builder().schema(schema).settings(settings());
        let index = builder.create_in_dir(dir).map_err(|e| e.to_string())?;
        Self::over(index, fields, stamp, Phase::Rebuilding).map_err(|e| e.to_string())
    }

    fn empty_in_memory(stamp: Stamp, why: String) -> Opened {
        let (schema, fields) = schema();
        let builder = Index::builder().schema(schema.clone()).settings(settings());
        let index = builder.create_in_ram().unwrap_or_else(|_| Index::create_in_ram(schema));
        match Self::over(index.clone(), fields, stamp, Phase::Rebuilding) {
            Ok(search) => Opened::MustRebuild(search, why),
            Err(_) => unreachable!("an empty index in memory has nothing that could fail to open"),
        }
    }

    fn over(index: Index, fields: Fields, stamp: Stamp, phase: Phase) -> tantivy::Result<Self> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let shelves = RwLock::new(Arc::new(open_shelves(&reader, &fields)?));
        let state = RwLock::new((phase, stamp.seq));
        Ok(Self { index, reader, fields, stamp, pen: Mutex::default(), shelves, overlay: RwLock::default(), state })
    }

    /// Forgets everything at the next [`Search::commit`], which must follow once every record of the store has been added. Until then
    /// searches answer from what there was.
    pub fn begin_rebuild(&self) -> Result<(), IndexError> {
        let mut pen = self.pen();
        pen.writer = None;
        let writer = self.new_writer(REBUILD_BYTES)?;
        writer.delete_all_documents()?;
        *pen = Pen { writer: Some(writer), rebuilt: Some(HashSet::new()) };
        self.set_state(Phase::Rebuilding, 0);
        Ok(())
    }

    /// Adds a record, or replaces it. Found after the next commit.
    pub fn add(&self, doc: &Doc) -> Result<(), IndexError> {
        let row = Row::of(doc);
        let document = self.document(doc, &row);
        self.write(row.uid, |writer| writer.add_document(document).map(|_| ()), true)
    }

    /// Takes a record out. Gone after the next commit.
    pub fn remove(&self, kind: Kind, id: u64) -> Result<(), IndexError> {
        self.write(Uid::new(kind, id), |_| Ok(()), false)
    }

    fn write(&self, uid: Uid, then: impl FnOnce(&IndexWriter) -> tantivy::Result<()>, stays: bool) -> Result<(), IndexError> {
        let mut pen = self.pen();
        if pen.writer.is_none() {
            if pen.rebuilt.is_some() {
                return Err(IndexError("the rebuild was broken off and must begin again".to_owned()));
            }
            pen.writer = Some(self.new_writer(WRITER_BYTES)?);
        }
        let Pen { writer: Some(writer), rebuilt } = &mut *pen else { return Ok(()) };
        let may_be_there = match rebuilt {
            Some(seen) if stays => !seen.insert(uid),
            Some(seen) => seen.remove(&uid),
            None => true,
        };
        if may_be_there {
            writer.delete_term(Term::from_field_u64(self.fields.uid, uid.0));
        }
        let done = then(writer);
        if done.is_err() {
            pen.writer = None;
        }
        Ok(done?)
    }

    /// Makes everything added and removed so far lasting and findable, and remembers that the index has read up to `seq`.
    ///
    /// After an error nothing of it holds: read again from [`Search::committed`], or begin the rebuild again.
    pub fn commit(&self, seq: u64) -> Result<(), IndexError> {
        let mut pen = self.pen();
        if pen.writer.is_none() {
            if pen.rebuilt.is_some() {
                return Err(IndexError("the rebuild was broken off and must begin again".to_owned()));
            }
            pen.writer = Some(self.new_writer(WRITER_BYTES)?);
        }
        let Some(writer) = &mut pen.writer else { return Ok(()) };
        let done = unwound(|| self.commit_with(writer, seq)).unwrap_or_else(|panic| Err(IndexError(panic)));
        if done.is_err() || pen.rebuilt.is_some() {
            // A failed writer has lost its thread; a rebuilding one holds more memory than daily work needs.
            pen.writer = None;
        }
        done?;
        pen.rebuilt = None;
        self.set_state(Phase::Ready, seq);
        write_lock(&self.overlay).covered(seq);
        Ok(())
    }

    fn commit_with(&self, writer: &mut IndexWriter, seq: u64) -> Result<(), IndexError> {
        let payload = write_stamp(Stamp { seq, ..self.stamp }, &self.index.schema());
        let mut prepared = writer.prepare_commit()?;
        prepared.set_payload(&payload);
        prepared.commit()?;
        self.reader.reload()?;
        let shelves = Arc::new(open_shelves(&self.reader, &self.fields)?);
        *write_lock(&self.shelves) = shelves;
        Ok(())
    }

    /// Holds a record that changed at `seq` until a commit covers it: found at once, in place of what the index says of it.
    pub fn overlay_put(&self, seq: u64, doc: &Doc) {
        self.overlay_newer(seq, |overlay| overlay.put(seq, doc));
    }

    /// Hides a record that was removed at `seq` until a commit covers it.
    pub fn overlay_remove(&self, seq: u64, kind: Kind, id: u64) {
        self.overlay_newer(seq, |overlay| overlay.remove(seq, Uid::new(kind, id)));
    }

    /// What a commit has covered meanwhile stays out: nothing would take it away again, and the index may know better by now.
    fn overlay_newer(&self, seq: u64, then: impl FnOnce(&mut Overlay)) {
        let mut overlay = write_lock(&self.overlay);
        if seq > self.committed() {
            then(&mut overlay);
        }
    }

    /// The sequence up to which the last commit has read.
    pub fn committed(&self) -> u64 {
        read_lock(&self.state).1
    }

    /// Cheap enough to ask beside every search.
    pub fn phase(&self) -> Phase {
        read_lock(&self.state).0
    }

    /// Adds up what every file takes: for a page of the operator, not for every search.
    pub fn state(&self) -> IndexState {
        let shelves = self.shelves();
        let bytes = self.reader.searcher().space_usage().map_or(0, |usage| usage.total().get_bytes());
        IndexState { phase: self.phase(), docs: shelves.iter().map(Shelf::docs).sum(), segments: shelves.len(), bytes }
    }

    /// Reads every file and checks it; false means that it must be rebuilt. For a quiet hour: it reads as many bytes as the index has.
    pub fn is_sound(&self) -> bool {
        let sound = unwound(|| self.index.validate_checksum().is_ok_and(|damaged| damaged.is_empty())).unwrap_or(false);
        if !sound {
            self.note_damage();
        }
        sound
    }

    pub(crate) fn note_damage(&self) {
        write_lock(&self.state).0 = Phase::Damaged;
    }

    /// Taken before the shelves: a commit first brings a record to the shelves and then takes it from here, so that it is never in neither.
    pub(crate) fn overlay(&self) -> RwLockReadGuard<'_, Overlay> {
        read_lock(&self.overlay)
    }

    pub(crate) fn shelves(&self) -> Arc<Vec<Shelf>> {
        Arc::clone(&read_lock(&self.shelves))
    }

    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }

    fn pen(&self) -> MutexGuard<'_, Pen> {
        self.pen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_state(&self, phase: Phase, seq: u64) {
        *write_lock(&self.state) = (phase, seq);
    }

    fn new_writer(&self, bytes: usize) -> tantivy::Result<IndexWriter> {
        let options = IndexWriterOptions::builder().num_worker_threads(1).memory_budget_per_thread(bytes).num_merge_threads(1).build();
        let writer = self.index.writer_with_options(options)?;
        let mut policy = LogMergePolicy::default();
        policy.set_min_num_segments(8);
        policy.set_del_docs_ratio_before_merge(0.3);
        writer.set_merge_policy(Box::new(policy));
        Ok(writer)
    }

    fn document(&self, doc: &Doc, row: &Row) -> TantivyDocument {
        let (fields, marks) = (&self.fields, Marks::of(doc));
        let mut document = TantivyDocument::new();
        for slot in SLOTS {
            let text = marks.text(slot);
            if !text.is_empty() {
                document.add_text(fields.slots[slot.number()], text);
            }
        }
        document.add_u64(fields.uid, row.uid.0);
        document.add_i64(fields.rank, row.rank);
        document.add_u64(fields.owner, row.owner);
        document.add_i64(fields.score, row.score);
        document.add_i64(fields.at, row.at);
        document.add_u64(fields.name[0], row.name[0]);
        document.add_u64(fields.name[1], row.name[1]);
        document.add_u64(fields.lot, row.lot);
        document.add_i64(fields.price, row.price_cents);
        document.add_i64(fields.since, row.since);
        document.add_u64(fields.flags, row.flags);
        document
    }
}

/// The first file of a live segment whose checksum does not hold. A file that is missing shows itself when it is opened.
fn damaged_file(index: &Index, metas: &IndexMeta, dir: &Path) -> Result<Option<String>, String> {
    for file in metas.list_segment_files() {
        if dir.join(&file).exists() && !index.directory().validate_checksum(&file).map_err(|e| e.to_string())? {
            return Ok(Some(file.display().to_string()));
        }
    }
    Ok(None)
}

fn open_shelves(reader: &IndexReader, fields: &Fields) -> tantivy::Result<Vec<Shelf>> {
    reader.searcher().segment_readers().iter().map(|segment| Shelf::open(segment, fields)).collect()
}

/// Nothing is stored but marks and rows: records come from the store.
fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default().set_tokenizer("whitespace").set_index_option(IndexRecordOption::Basic).set_fieldnorms(false);
    let marks = TextOptions::default().set_indexing_options(indexing);
    let fields = Fields {
        slots: SLOTS.iter().map(|slot| schema.add_text_field(slot.field(), marks.clone())).collect(),
        uid: schema.add_u64_field("uid", INDEXED | FAST),
        rank: schema.add_i64_field("rank", FAST),
        owner: schema.add_u64_field("owner", FAST),
        score: schema.add_i64_field("score", FAST),
        at: schema.add_i64_field("at", FAST),
        name: [schema.add_u64_field("name_a", FAST), schema.add_u64_field("name_b", FAST)],
        lot: schema.add_u64_field("lot", FAST),
        price: schema.add_i64_field("price", FAST),
        since: schema.add_i64_field("since", FAST),
        flags: schema.add_u64_field("flags", FAST),
    };
    (schema.build(), fields)
}

/// Every segment keeps its records in the order of rank, so that a search may stop early.
fn settings() -> IndexSettings {
    IndexSettings { sort_by_field: Some(IndexSortByField { field: "rank".to_owned(), order: Order::Desc }), ..IndexSettings::default() }
}

/// The stamp as the commit carries it. The seal covers the stamp and the edition: a digit turned by damage is no stamp.
fn write_stamp(stamp: Stamp, schema: &Schema) -> String {
    let store = data_encoding::HEXLOWER.encode(&stamp.store_id);
    let text = format!("{store} {} {}", stamp.epoch, stamp.seq);
    let seal = seal(&text, schema);
    format!("{text} {seal}")
}

fn read_stamp(payload: &str, schema: &Schema) -> Option<Stamp> {
    let (text, found) = payload.rsplit_once(' ')?;
    if found != seal(text, schema) {
        return None;
    }
    let mut parts = text.split(' ');
    let store_id = data_encoding::HEXLOWER.decode(parts.next()?.as_bytes()).ok()?.try_into().ok()?;
    Some(Stamp { store_id, epoch: parts.next()?.parse().ok()?, seq: parts.next()?.parse().ok()? })
}

fn seal(text: &str, schema: &Schema) -> String {
    let shape: Vec<String> = schema.fields().map(|(_, entry)| format!("{entry:?}")).collect();
    let tantivy = tantivy::version_string();
    blake3::hash(format!("{MARKS_EDITION} {tantivy} {} {text}", shape.join(" ")).as_bytes()).to_hex().to_string()
}

/// Moves a directory aside and deletes it there, so that a deletion broken off half way does not leave half an index.
fn clear(dir: &Path) -> std::io::Result<()> {
    let aside = PathBuf::from(format!("{}.aside", dir.display()));
    if aside.exists() {
        fs::remove_dir_all(&aside)?;
    }
    if dir.exists() {
        fs::rename(dir, &aside)?;
        fs::remove_dir_all(&aside)?;
    }
    Ok(())
}

/// A damaged file can make the index library panic; that is an answer too.
pub(crate) fn unwound<T>(act: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(act)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        text.unwrap_or("it stopped in the middle").to_owned()
    })
}

fn read_lock<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write_lock<T>(lock: &RwLock<T>) -> std::sync::RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::super::samples::*;
    use super::*;

    fn open(dir: &Path, after_crash: bool) -> Opened {
        Search::open(Some(dir), STORE, 1, 100, after_crash)
    }

    /// An index of the samples, committed at 42, with a deletion and several segments, closed again.
    fn made(dir: &Path) {
        let Opened::MustRebuild(search, _) = open(dir, false) else { panic!("nothing was there") };
        rebuild(&search, &all(), 40);
        search.add(&Doc::Customer(person(9, "Nina Late"))).unwrap();
        search.commit(41).unwrap();
        search.remove(Kind::Customer, 2).unwrap();
        search.commit(42).unwrap();
    }

    fn finds_dana(search: &Search) -> bool {
        search.find("dana whitfield", 10).hits.iter().any(|h| (h.kind, h.id) == (Kind::Customer, 1))
    }

    fn files(dir: &Path) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file()).collect();
        files.sort();
        files
    }

    #[test]
    fn what_was_committed_is_there_after_reopening() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("index");
        made(&dir);
        for after_crash in [false, true] {
            let Opened::Ready(search, seq) = open(&dir, after_crash) else { panic!("it was whole") };
            assert_eq!((seq, search.committed(), search.state().phase, search.state().docs), (42, 42, Phase::Ready, 13));
            assert!(finds_dana(&search) && search.find("william", 10).hits.is_empty() && search.is_sound());
        }
    }

    #[test]
    fn what_was_not_committed_is_not_there() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("index");
        made(&dir);
        {
            let Opened::Ready(search, _) = open(&dir, false) else { panic!("it was whole") };
            search.add(&Doc::Customer(person(77, "Uma Lost"))).unwrap();
        }
        let Opened::Ready(search, 42) = open(&dir, true) else { panic!("it was whole") };
        assert_eq!(search.find("uma", 10).hits, vec![]);
    }

    #[test]
    fn the_stamp_survives_merges() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("index");
        {
            let Opened::MustRebuild(search, _) = open(&dir, false) else { panic!("nothing was there") };
            rebuild(&search, &all(), 1);
            for seq in 2..40 {
                search.add(&Doc::Customer(person(100 + seq, "Many Small"))).unwrap();
                search.commit(seq).unwrap();
            }
            assert!(search.state().segments < 20, "{:?}", search.state());
        }
        let Opened::Ready(search, 39) = open(&dir, true) else { panic!("it was whole") };
        assert_eq!(search.list_customers(&crate::search::CustomerQuery { text: "many".to_owned(), ..Default::default() }).1, 38);
    }

    #[test]
    fn another_store_another_epoch_or_a_younger_store_means_a_rebuild() {
        for (store_id, epoch, head) in [([8; 16], 1, 100), (STORE, 2, 100), (STORE, 1, 41)] {
            let temp = tempfile::tempdir().unwrap();
            let dir = temp.path().join("index");
            made(&dir);
            let Opened::MustRebuild(search, why) = Search::open(Some(&dir), store_id, epoch, head, false) else { panic!("not of this store") };
            assert!(!finds_dana(&search) && search.state().phase == Phase::Rebuilding && search.state().docs == 0, "{why}");
            rebuild(&search, &all(), head);
            assert!(finds_dana(&search) && search.state().phase == Phase::Ready);
            drop(search);
            assert!(matches!(Search::open(Some(&dir), store_id, epoch, head, true), Opened::Ready(_, seq) if seq == head));
        }
    }

    #[test]
    fn a_rebuild_broken_off_is_begun_again() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("index");
        {
            let Opened::MustRebuild(search, _) = open(&dir, false) else { panic!("nothing was there") };
            search.begin_rebuild().unwrap();
            search.add(&Doc::Customer(dana())).unwrap();
        }
        let Opened::MustRebuild(_, why) = open(&dir, true) else { panic!("it was not complete") };
        assert_eq!(why, "it has no stamp");
    }

    #[test]
    fn while_rebuilding_the_old_answers_stand_and_a_record_changed_meanwhile_is_there_once() {
        let search = in_memory();
        rebuild(&search, &all(), 1);
        search.begin_rebuild().unwrap();
        assert!(finds_dana(&search) && search.state().phase == Phase::Rebuilding);
        for _ in 0..2 {
            search.add(&Doc::Customer(dana())).unwrap();
        }
        search.add(&Doc::Customer(person(50, "Gone Again"))).unwrap();
        search.remove(Kind::Customer, 50).unwrap();
        search.commit(2).unwrap();
        assert_eq!((search.state().docs, search.state().phase, search.committed()), (1, Phase::Ready, 2));
    }

    /// Every file cut to half, emptied, removed, and with one byte turned at several places: after a crash the index either is as it was or
    /// is rebuilt, and it never fails.
    #[test]
    fn a_damaged_index_is_rebuilt_and_never_an_error_or_a_wrong_answer() {
        let temp = tempfile::tempdir().unwrap();
        let whole = temp.path().join("whole");
        made(&whole);
        let mut rebuilt = 0;
        for (number, file) in files(&whole).into_iter().enumerate() {
            let bytes = fs::read(&file).unwrap();
            let name = file.file_name().unwrap_or_default().to_owned();
            let flipped = |at: usize| {
                let mut bytes = bytes.clone();
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 0x10;
                }
                Some(bytes)
            };
            let mut damages = vec![("removed", None), ("emptied", Some(vec![])), ("halved", Some(bytes[..bytes.len() / 2].to_vec()))];
            damages.extend((0..8).map(|n| ("turned", flipped(bytes.len() * n / 8))));
            for (turn, (what, damage)) in damages.into_iter().enumerate() {
                let dir = temp.path().join(format!("d{number}-{turn}"));
                fs::create_dir(&dir).unwrap();
                for other in files(&whole) {
                    fs::copy(&other, dir.join(other.file_name().unwrap_or_default())).unwrap();
                }
                match &damage {
                    None => fs::remove_file(dir.join(&name)).unwrap(),
                    Some(bytes) => fs::write(dir.join(&name), bytes).unwrap(),
                }
                match open(&dir, true) {
                    Opened::Ready(search, seq) => {
                        assert_eq!((seq, search.state().docs), (42, 13), "{name:?} {what}");
                        assert!(finds_dana(&search) && search.find("william smith", 10).hits.is_empty(), "{name:?} {what}");
                        assert_eq!(search.state().phase, Phase::Ready, "{name:?} {what}");
                    }
                    Opened::MustRebuild(search, _) => {
                        rebuilt += 1;
                        assert!(!finds_dana(&search), "{name:?} {what}");
                        if rebuilt % 10 == 1 {
                            rebuild(&search, &all(), 43);
                            assert!(finds_dana(&search), "{name:?} {what}");
                        }
                    }
                }
                fs::remove_dir_all(&dir).unwrap();
            }
        }
        assert!(rebuilt > 50, "{rebuilt}");
    }

    #[test]
    fn damage_met_without_a_crash_never_reaches_the_person_searching() {
        let temp = tempfile::tempdir().unwrap();
        let whole = temp.path().join("index");
        made(&whole);
        for file in files(&whole) {
            let bytes = fs::read(&file).unwrap();
            for n in 0..8 {
                let mut turned = bytes.clone();
                if let Some(byte) = turned.get_mut(bytes.len() * n / 8) {
                    *byte ^= 0x55;
                }
                let dir = temp.path().join("copy");
                fs::create_dir(&dir).unwrap();
                for other in files(&whole) {
                    fs::copy(&other, dir.join(other.file_name().unwrap_or_default())).unwrap();
                }
                fs::write(dir.join(file.file_name().unwrap_or_default()), &turned).unwrap();
                let (Opened::Ready(search, _) | Opened::MustRebuild(search, _)) = open(&dir, false);
                for text in ["dana", "smith", "0148", "614882", "civic blue", "whitfeild"] {
                    search.find(text, 10);
                }
                drop(search);
                fs::remove_dir_all(&dir).unwrap();
            }
        }
    }

    #[test]
    fn a_directory_that_cannot_be_made_leaves_an_index_in_memory() {
        let temp = tempfile::tempdir().unwrap();
        let file = temp.path().join("file");
        fs::write(&file, b"not a directory").unwrap();
        let Opened::MustRebuild(search, why) = open(&file.join("index"), false) else { panic!("nothing was there") };
        rebuild(&search, &all(), 5);
        assert!(finds_dana(&search) && why.contains("kept in memory"), "{why}");
    }

    #[test]
    fn a_commit_that_fails_says_so_and_the_changes_stay_findable() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("index");
        made(&dir);
        let Opened::Ready(search, 42) = open(&dir, false) else { panic!("it was whole") };
        fs::remove_dir_all(&dir).unwrap();
        let late = Doc::Customer(person(60, "Nora Later"));
        search.overlay_put(43, &late);
        assert!(search.add(&late).and_then(|()| search.commit(43)).is_err());
        assert_eq!(search.committed(), 42);
        assert_eq!(search.find("nora", 10).hits.len(), 1);
    }

    #[test]
    fn what_a_commit_has_covered_meanwhile_does_not_hide_what_it_knows() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("index");
        made(&dir);
        let Opened::Ready(search, 42) = open(&dir, false) else { panic!("it was whole") };
        search.add(&Doc::Customer(person(60, "Nora Married"))).unwrap();
        search.commit(44).unwrap();
        search.overlay_put(43, &Doc::Customer(person(60, "Nora Maiden")));
        search.overlay_remove(44, Kind::Customer, 60);
        assert_eq!(search.find("married", 10).hits.len(), 1);
    }

    #[test]
    fn a_stamp_with_a_turned_digit_is_no_stamp() {
        let (schema, _) = schema();
        let stamp = Stamp { store_id: STORE, epoch: 3, seq: 4_711 };
        let written = write_stamp(stamp, &schema);
        assert_eq!(read_stamp(&written, &schema), Some(stamp));
        for text in [written.replace("4711", "4712"), written.replace("07", "08"), String::new(), "x".to_owned(), written[1..].to_owned()] {
            assert_eq!(read_stamp(&text, &schema), None, "{text}");
        }
    }
}
