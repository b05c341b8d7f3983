//! Is this export whole, and does a store filled from it say the same? Everything is checked before anything is written.

use super::{FORMAT, Line, MANIFEST, Manifest, PAGE, SUMS, TableLine, digest, left_out, lines_of, shapes, sheet_of};
use crate::store::{
    LOOKUP, Record, SCHEMA, Store, StoreError,
    backend::Backend,
    backup::{Digest, Digester},
    key::Key,
    lookup_key, record,
    seal::MasterKey,
    tables::{self, EachTable, TABLES, Table},
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

/// Longer than a row with the largest file that is taken, in base 64.
const LINE_MOST_BYTES: u64 = 1 << 30;
/// So much is sealed and written in one transaction.
const AT_ONCE_BYTES: usize = 8 << 20;

/// Why an export is not taken. Nothing was written, or what was written is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// A file is not as it was written.
    Damaged {
        file: String,
        why: String,
    },
    /// Written by a Headlight that knows more.
    TooNew {
        headlight: String,
    },
    Store(StoreError),
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Damaged { file, why } => write!(f, "{file} {why}; take another copy of the export"),
            Self::TooNew { headlight } => write!(f, "this export was made by a newer Headlight ({headlight}); install that version first"),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Refused {}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

fn damaged(file: &str, why: impl Into<String>) -> Refused {
    Refused::Damaged { file: file.to_owned(), why: why.into() }
}

fn unreadable(file: &str) -> impl Fn(io::Error) -> Refused + '_ {
    move |e| if e.kind() == io::ErrorKind::NotFound { damaged(file, "is missing") } else { damaged(file, format!("could not be read: {e}")) }
}

/// Whether a folder is an export, whole or not.
#[must_use]
pub fn is_export(folder: &Path) -> bool {
    folder.join(MANIFEST).is_file() || folder.join(SUMS).is_file()
}

/// Fills a new store from an export, under its own identity and key, and compares the digests.
///
/// # Errors
/// Names the file that is missing, changed or of a newer Headlight; or what the disk refused.
pub fn restore(folder: &Path, backend: Backend, master: &MasterKey, progress: &mut dyn FnMut(u64)) -> Result<(Manifest, Digest), Refused> {
    let manifest = checked_files(folder)?;
    // Read once in full before anything is written: a bad export leaves no half-filled store.
    let read = Reading { folder, manifest: &manifest, digester: Digester::new(), take: &mut |_| Ok(()), progress: &mut |_| {} }.all()?;
    if manifest.shapes == shapes() && manifest.digest != read.hex() {
        return Err(damaged(MANIFEST, "has another state digest than the tables"));
    }
    let store = Store::open(backend, master, |_| {})?;
    let mut filling = Filling { store: &store, batch: vec![], bytes: 0 };
    Reading { folder, manifest: &manifest, digester: Digester::new(), take: &mut |row| filling.take(&row), progress }.all()?;
    filling.flush()?;
    let fingerprints = manifest.fingerprints.clone();
    store.write_blocking(move |tx| tx.put(tables::META, &LOOKUP.to_owned(), &fingerprints))?;
    let filled = digest(&store.read()?)?;
    if filled != read {
        return Err(damaged(SUMS, "is right and every file was read, but the filled store does not say the same"));
    }
    store.close();
    Ok((manifest, filled))
}

/// Every file as its sum says, and of a form this Headlight reads.
fn checked_files(folder: &Path) -> Result<Manifest, Refused> {
    let sums = sums(folder)?;
    for (file, sum) in &sums {
        if sum_of(&folder.join(file)).map_err(unreadable(file))? != *sum {
            return Err(damaged(file, format!("is not as it was written: its sum is not the one in {SUMS}")));
        }
    }
    let has_sum = |file: &str| if sums.contains_key(file) { Ok(()) } else { Err(damaged(SUMS, format!("has no line for {file}"))) };
    has_sum(MANIFEST)?;
    has_sum(PAGE)?;
    let text = std::fs::read(folder.join(MANIFEST)).map_err(unreadable(MANIFEST))?;
    let form: Form = serde_json::from_slice(&text).map_err(|_| damaged(MANIFEST, "is no manifest of an export"))?;
    if form.format > FORMAT || form.schema > SCHEMA {
        return Err(Refused::TooNew { headlight: form.headlight });
    }
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|_| damaged(MANIFEST, "is no manifest of an export"))?;
    lookup_key(&manifest.fingerprints).map_err(|_| damaged(MANIFEST, "does not say what the fingerprints were made with"))?;
    for table in &manifest.tables {
        if !TABLES.contains(&table.name.as_str()) || left_out(&table.name).is_some() {
            return Err(Refused::TooNew { headlight: manifest.headlight });
        }
        has_sum(&lines_of(&table.name))?;
        has_sum(&sheet_of(&table.name))?;
    }
    Ok(manifest)
}

/// What every form of a manifest says.
#[derive(serde::Deserialize)]
struct Form {
    format: u32,
    headlight: String,
    schema: u64,
}

/// The sums by file, none of which lies outside the folder.
fn sums(folder: &Path) -> Result<BTreeMap<String, String>, Refused> {
    let text = std::fs::read_to_string(folder.join(SUMS)).map_err(unreadable(SUMS))?;
    let mut sums = BTreeMap::new();
    for line in text.lines() {
        let (sum, file) = line.split_once("  ").ok_or_else(|| damaged(SUMS, "has a line that is no sum"))?;
        if !is_ours(file) || sums.insert(file.to_owned(), sum.to_owned()).is_some() {
            return Err(damaged(SUMS, format!("names \u{201c}{file}\u{201d}, which is no file of an export or stands there twice")));
        }
    }
    Ok(sums)
}

fn is_ours(file: &str) -> bool {
    let table = file.strip_prefix("tables/").and_then(|f| f.strip_suffix(".jsonl").or_else(|| f.strip_suffix(".csv")));
    file == MANIFEST || file == PAGE || table.is_some_and(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
}

fn sum_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let (mut sum, mut bytes) = (Sha256::new(), vec![0; 1 << 18]);
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(data_encoding::HEXLOWER.encode(&sum.finalize())),
            n => sum.update(&bytes[..n]),
        }
    }
}

/// A row that was read.
struct Row {
    table: usize,
    key: Vec<u8>,
    version: u8,
    plain: Vec<u8>,
}

/// Reads every line of every table, and hands each row on.
struct Reading<'r> {
    folder: &'r Path,
    manifest: &'r Manifest,
    digester: Digester,
    take: &'r mut dyn FnMut(Row) -> Result<(), StoreError>,
    progress: &'r mut dyn FnMut(u64),
}

impl Reading<'_> {
    fn all(mut self) -> Result<Digest, Refused> {
        tables::each_table(&mut self)?;
        Ok(self.digester.end())
    }
}

impl EachTable for Reading<'_> {
    type Error = Refused;

    fn table<K: Key, R: Record>(&mut self, table: Table<K, R>, _: &'static str) -> Result<(), Refused> {
        // One that the export does not have came with a newer Headlight: it begins empty.
        let Some(line) = self.manifest.tables.iter().find(|line| line.name == table.name()) else { return Ok(()) };
        if line.version > R::VERSION {
            return Err(Refused::TooNew { headlight: self.manifest.headlight.clone() });
        }
        let name = lines_of(table.name());
        let mut file = BufReader::with_capacity(1 << 18, File::open(self.folder.join(&name)).map_err(unreadable(&name))?);
        let (mut text, mut rows) = (Vec::new(), 0);
        loop {
            text.clear();
            if file.by_ref().take(LINE_MOST_BYTES).read_until(b'\n', &mut text).map_err(unreadable(&name))? == 0 {
                break;
            }
            rows += 1;
            // What the line says is personal: the reason stays out of the sentence.
            let (key, value) = row::<K, R>(line, &text).ok_or_else(|| damaged(&name, format!("has a line {rows} that is no row of its table")))?;
            let (key, plain) = (key.bytes(), record::encode(&value)?);
            self.digester.row(table.name(), &key, R::VERSION, &plain);
            (self.take)(Row { table: table.index, key, version: R::VERSION, plain })?;
            if self.digester.rows().is_multiple_of(10_000) {
                (self.progress)(self.digester.rows());
            }
        }
        if rows == line.rows { Ok(()) } else { Err(damaged(&name, format!("has {rows} rows where {MANIFEST} says {}", line.rows))) }
    }
}

fn row<K: Key, R: Record>(of: &TableLine, text: &[u8]) -> Option<(K, R)> {
    let line: Line<Value> = serde_json::from_slice(text).ok()?;
    // By the code that reads records from a store, older ones too.
    let value = record::decode(&of.name, of.version, &rmp_serde::to_vec_named(&line.value).ok()?).ok()?;
    let mut told = line.key.as_slice();
    let key = K::hear(&mut told)?;
    told.is_empty().then_some((key, value))
}

/// Rows on their way into the new store.
struct Filling<'f> {
    store: &'f Store,
    batch: Vec<(usize, Vec<u8>, Vec<u8>)>,
    bytes: usize,
}

impl Filling<'_> {
    fn take(&mut self, row: &Row) -> Result<(), StoreError> {
        let sealed = self.store.sealer().seal(TABLES[row.table], &row.key, row.version, &row.plain)?;
        self.bytes += row.key.len() + sealed.len();
        self.batch.push((row.table, row.key.clone(), sealed));
        if self.bytes >= AT_ONCE_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        self.bytes = 0;
        let rows = std::mem::take(&mut self.batch);
        self.store.write_blocking(move |tx| rows.iter().try_for_each(|(table, key, sealed)| tx.put_raw(*table, key, sealed)))
    }
}
