//! How does a dealer take everything along? All tables as plain files: exact lines that another Headlight reads, and tables for people.
//!
//! Which tables there are comes from [`tables::each_table`], which columns from the shapes of the records: what is added there is
//! exported without a word here. What is left out stands in [`left_out`] and [`rows_left_out`], with the reason a dealer reads.

mod bundle;
mod columns;
mod page;
mod read;

pub use bundle::{Bundle, Folder, Zipped};
pub use read::{Refused, is_export, restore};

use super::{
    LOOKUP, ReadTx, Record, Rows, SCHEMA, Span, Store, StoreError,
    backup::{Digest, Digester},
    key::Key,
    record,
    tables::{self, EachTable, Table},
    tx::LOG_MARK,
};
use crate::domain::time::At;
use bundle::Pack;
use columns::{Column, cells};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    io::{self, Write},
    ops::ControlFlow,
};

/// The form of the files. Raised when an older Headlight could not read them.
const FORMAT: u32 = 1;

/// Names in an export.
const MANIFEST: &str = "manifest.json";
const PAGE: &str = "README.html";
const SUMS: &str = "SHA256SUMS";

fn lines_of(table: &str) -> String {
    format!("tables/{table}.jsonl")
}

fn sheet_of(table: &str) -> String {
    format!("tables/{table}.csv")
}

/// Why nothing of a table is exported.
#[must_use]
pub fn left_out(table: &str) -> Option<&'static str> {
    match table {
        "SESSIONS" => Some("Secret: who is signed in. Everybody signs in anew."),
        "SENDER_KEYS" => Some("Secret: the keys of lead senders and websites. New ones are made with headlight key add."),
        "FAILED_SIGN_INS" => Some("Secret and passing: wrong passwords of the last hours."),
        "CHANGES" => Some("Passing: tells open browsers and the search index what to read again. A new store builds its index anew."),
        _ => None,
    }
}

/// Rows that are left out of a table, by their keys, and why.
#[must_use]
pub fn rows_left_out(table: &str) -> Option<(&'static [&'static str], &'static str)> {
    match table {
        "META" => Some((
            &["store_id", "epoch", "schema", "claim", "soundness", "duplicates", "score learning", LOOKUP],
            "Which store this is, in which life and form, its claim code, its last check, its last search for doubles and its last look at its sales: a new store has its own. \
             What an importing store must know of it stands in manifest.json.",
        )),
        "COUNTERS" => Some((&[LOG_MARK], "How far the log of this computer was taken in: another computer has its own log.")),
        _ => None,
    }
}

fn is_left_out<K: Key>(table: &str, key: &K) -> bool {
    rows_left_out(table).is_some_and(|(keys, _)| keys.iter().any(|left| left.as_bytes() == key.bytes()))
}

/// Whose export it is, and of when: what the store itself cannot know.
#[derive(Debug, Clone)]
pub struct Made {
    /// The rooftop's name.
    pub rooftop: String,
    pub at: At,
    /// The same as the store's calendar and clock show it.
    pub shown_at: String,
}

/// What an export says of itself, as `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the files.
    pub format: u32,
    /// The Headlight that wrote it.
    pub headlight: String,
    /// The form of the tables in that Headlight.
    pub schema: u64,
    pub rooftop: String,
    pub store_id: String,
    /// Milliseconds since 1970-01-01 UTC.
    pub made_ms: i64,
    pub rows: u64,
    /// What the exported rows say: a store filled from this export has the same.
    pub digest: String,
    /// Of the shapes of all records: while it is the same, digests can be compared.
    pub shapes: String,
    /// What the fingerprints in the keys were made with, so that they are found again in the new store.
    pub fingerprints: String,
    pub tables: Vec<TableLine>,
}

/// One table of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableLine {
    pub name: String,
    pub rows: u64,
    /// The version of its records.
    pub version: u8,
}

/// A row as a line of JSON.
#[derive(Serialize, Deserialize)]
struct Line<R> {
    key: Vec<Value>,
    value: R,
}

/// Writes all tables of one moment. The bundle is not finished: that is for whoever made it, when all went well.
///
/// # Errors
/// When a record does not open or the bundle cannot be written.
pub fn write(tx: &ReadTx<'_>, store: &Store, made: &Made, to: &mut dyn Bundle, progress: &mut dyn FnMut(u64)) -> Result<Manifest, StoreError> {
    let mut writing = Writing { tx, pack: Pack::new(to), digester: Digester::new(), sheets: vec![], left: vec![], progress };
    tables::each_table(&mut writing)?;
    let Writing { mut pack, digester, sheets, left, .. } = writing;
    let digest = digester.end();
    let manifest = Manifest {
        format: FORMAT,
        headlight: env!("CARGO_PKG_VERSION").to_owned(),
        schema: SCHEMA,
        rooftop: made.rooftop.clone(),
        store_id: data_encoding::HEXLOWER.encode(&store.identity().store_id),
        made_ms: made.at.0,
        rows: digest.rows,
        digest: digest.hex(),
        shapes: shapes(),
        fingerprints: data_encoding::HEXLOWER.encode(tx.sealer().lookup_key()),
        tables: sheets.iter().map(|s| s.line.clone()).collect(),
    };
    pack.file(MANIFEST)?;
    pack.write_all(&serde_json::to_vec_pretty(&manifest).map_err(io::Error::from)?)?;
    pack.file(PAGE)?;
    pack.write_all(page::page(&manifest, made, &sheets, &left).as_bytes())?;
    pack.sums()?;
    Ok(manifest)
}

/// How many bytes the rows take that an export would hold, as they are stored.
///
/// # Errors
/// When the file cannot be read.
pub fn stored_bytes(tx: &ReadTx<'_>) -> Result<u64, StoreError> {
    let mut bytes = 0;
    for (index, _) in tables::TABLES.iter().enumerate().filter(|(_, table)| left_out(table).is_none()) {
        tx.each_raw(index, &mut |key, sealed| {
            bytes += (key.len() + sealed.len()) as u64;
            Ok(ControlFlow::Continue(()))
        })?;
    }
    Ok(bytes)
}

/// What the rows say that an export of this snapshot would hold.
///
/// # Errors
/// When a record does not open.
pub fn digest(tx: &ReadTx<'_>) -> Result<Digest, StoreError> {
    let mut digesting = Digesting { tx, digester: Digester::new() };
    tables::each_table(&mut digesting)?;
    Ok(digesting.digester.end())
}

/// Of the shapes of all records.
fn shapes() -> String {
    let mut shapes = Shapes(blake3::Hasher::new());
    match tables::each_table(&mut shapes) {
        Ok(()) => shapes.0.finalize().to_hex().to_string(),
        Err(never) => match never {},
    }
}

/// A table on the schema page.
struct Sheet {
    line: TableLine,
    says: &'static str,
    columns: Vec<Column>,
}

/// A table that is left out, on the schema page.
struct Left {
    name: &'static str,
    says: &'static str,
    why: &'static str,
}

struct Writing<'w> {
    tx: &'w ReadTx<'w>,
    pack: Pack<'w>,
    digester: Digester,
    sheets: Vec<Sheet>,
    left: Vec<Left>,
    progress: &'w mut dyn FnMut(u64),
}

impl EachTable for Writing<'_> {
    type Error = StoreError;

    fn table<K: Key, R: Record>(&mut self, table: Table<K, R>, says: &'static str) -> Result<(), StoreError> {
        if let Some(why) = left_out(table.name()) {
            self.left.push(Left { name: table.name(), says, why });
            return Ok(());
        }
        let rows = self.lines(table)?;
        let columns = columns::of::<K, R>();
        self.sheet(table, &columns)?;
        let line = TableLine { name: table.name().to_owned(), rows, version: R::VERSION };
        self.sheets.push(Sheet { line, says, columns });
        Ok(())
    }
}

impl Writing<'_> {
    fn lines<K: Key, R: Record>(&mut self, table: Table<K, R>) -> Result<u64, StoreError> {
        let Self { tx, pack, digester, progress, .. } = self;
        let before = digester.rows();
        pack.file(&lines_of(table.name()))?;
        each_exported(tx, table, |key, value| {
            digester.row(table.name(), &key.bytes(), R::VERSION, &record::encode(&value)?);
            serde_json::to_writer(&mut *pack, &Line { key: told(&key), value }).map_err(io::Error::from)?;
            pack.write_all(b"\n")?;
            if digester.rows().is_multiple_of(10_000) {
                progress(digester.rows());
            }
            Ok(())
        })?;
        Ok(digester.rows() - before)
    }

    /// The same rows once more, for people: two walks of one snapshot, so that each file of a stream is written in one go.
    fn sheet<K: Key, R: Record>(&mut self, table: Table<K, R>, columns: &[Column]) -> Result<(), StoreError> {
        let Self { tx, pack, .. } = self;
        pack.file(&sheet_of(table.name()))?;
        // By this mark spreadsheets know UTF-8.
        pack.write_all("\u{feff}".as_bytes())?;
        let mut sheet = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).terminator(csv::Terminator::CRLF).from_writer(&mut *pack);
        let unwritten = |e: csv::Error| StoreError::Io(e.to_string());
        sheet.write_record(columns.iter().map(|c| &c.name)).map_err(unwritten)?;
        each_exported(tx, table, |key, value| {
            let value = serde_json::to_value(&value).map_err(io::Error::from)?;
            sheet.write_record(cells(columns, &told(&key), &value)).map_err(unwritten)
        })?;
        sheet.flush()?;
        Ok(())
    }
}

struct Digesting<'d> {
    tx: &'d ReadTx<'d>,
    digester: Digester,
}

impl EachTable for Digesting<'_> {
    type Error = StoreError;

    fn table<K: Key, R: Record>(&mut self, table: Table<K, R>, _: &'static str) -> Result<(), StoreError> {
        if left_out(table.name()).is_some() {
            return Ok(());
        }
        let Self { tx, digester } = self;
        each_exported(tx, table, |key, value| {
            digester.row(table.name(), &key.bytes(), R::VERSION, &record::encode(&value)?);
            Ok(())
        })
    }
}

struct Shapes(blake3::Hasher);

impl EachTable for Shapes {
    type Error = std::convert::Infallible;

    fn table<K: Key, R: Record>(&mut self, table: Table<K, R>, _: &'static str) -> Result<(), Self::Error> {
        for part in [table.name(), &columns::shape_of::<R>().to_string()] {
            self.0.update(&(part.len() as u64).to_be_bytes()).update(part.as_bytes());
        }
        self.0.update(&[R::VERSION]);
        Ok(())
    }
}

/// The rows of a table as they may leave the house.
fn each_exported<K: Key, R: Record>(
    tx: &ReadTx<'_>,
    table: Table<K, R>,
    mut act: impl FnMut(K, R) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    tx.each(table, &Span::all(), |key, value: R| {
        if !is_left_out(table.name(), &key) {
            act(key, value.without_secrets())?;
        }
        Ok(ControlFlow::Continue(()))
    })
}

fn told<K: Key>(key: &K) -> Vec<Value> {
    let mut told = Vec::with_capacity(4);
    key.tell(&mut told);
    told
}
