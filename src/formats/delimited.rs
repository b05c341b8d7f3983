//! How do bytes become rows? Delimited files of any encoding, separator and quoting, read once from front to back.

use super::{
    cells::{self, When},
    columns::{Column, Columns, Dictionary},
};
use crate::domain::time::{At, Zone};
use csv::{ReaderBuilder, StringRecord};
use std::{borrow::Cow, io::Cursor};

/// What could be read of one file. Line numbers count from 1, the file's first line being line 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read<T> {
    pub rows: Vec<(u64, T)>,
    /// Rows kept out, with the reason in one sentence without personal data. Rows out for one reason have the same sentence.
    pub held_back: Vec<(u64, String)>,
    /// What was odd in rows that were taken, a sentence each.
    pub notes: Vec<String>,
}

impl<T> Read<T> {
    /// Gathers what a reading says row by row.
    pub(super) fn gather(read: impl FnOnce(&mut dyn FnMut(u64, Result<T, String>)) -> Result<Vec<String>, String>) -> Result<Self, String> {
        let (mut rows, mut held_back) = (Vec::new(), Vec::new());
        let notes = read(&mut |line, row| match row {
            Ok(row) => rows.push((line, row)),
            Err(reason) => held_back.push((line, reason)),
        })?;
        Ok(Self { rows, held_back, notes })
    }
}

/// Oddities of rows that were taken, counted by kind.
#[derive(Default)]
pub(super) struct Notes(Vec<Note>);

struct Note {
    what: &'static str,
    rows: u64,
    first_line: u64,
}

impl Notes {
    /// `what` is a sentence without its full stop.
    pub(super) fn add(&mut self, what: &'static str, line: u64) {
        match self.0.iter_mut().find(|note| note.what == what) {
            Some(note) => note.rows += 1,
            None => self.0.push(Note { what, rows: 1, first_line: line }),
        }
    }

    pub(super) fn sentences(&self) -> Vec<String> {
        let many = |note: &Note| format!("{} ({} rows, the first in line {}).", note.what, note.rows, note.first_line);
        let one = |note: &Note| format!("{} (line {}).", note.what, note.first_line);
        self.0.iter().map(|note| if note.rows == 1 { one(note) } else { many(note) }).collect()
    }
}

/// One file being read: where it came from, what its columns mean, what was odd so far.
pub(super) struct Reader<'a> {
    pub(super) columns: Columns,
    pub(super) source: &'a str,
    pub(super) received: At,
    pub(super) zone: &'a Zone,
    pub(super) notes: Notes,
}

/// One row and its line.
#[derive(Clone, Copy)]
pub(super) struct Row<'r> {
    pub(super) line: u64,
    pub(super) cells: &'r StringRecord,
}

impl Reader<'_> {
    /// The first cell of a column that says something, blanks trimmed.
    pub(super) fn text<'r>(&self, row: Row<'r>, column: Column) -> &'r str {
        self.texts(row, column).next().unwrap_or("")
    }

    /// Every cell of a column that says something, the best first.
    pub(super) fn texts<'s, 'r: 's>(&'s self, row: Row<'r>, column: Column) -> impl Iterator<Item = &'r str> + 's {
        self.columns.cells(column).filter_map(move |cell| row.cells.get(cell)).map(cells::trimmed).filter(|text| !text.is_empty())
    }

    pub(super) fn words(&self, row: Row<'_>, column: Column) -> String {
        cells::words(self.text(row, column))
    }

    pub(super) fn date(&self, row: Row<'_>, column: Column) -> When {
        self.texts(row, column).map(|text| cells::date(text, self.zone, self.received)).find(|when| *when != When::Blank).unwrap_or(When::Blank)
    }
}

const SEPARATORS: [u8; 4] = [b'\t', b',', b';', b'|'];
/// The header is looked for in the first lines only: some exports put a title and a date above it.
const HEADER_WITHIN_LINES: usize = 12;
/// A value in quotes over more lines than this is a stray quote, not a value.
const MOST_LINES_OF_A_ROW: u64 = 200;

const TOO_MANY_CELLS: &str = "The row has more cells than the header; a separator stands inside a value.";
const BREAKS_OFF: &str = "The row breaks off: it has less than half of the header's cells.";
const PADDED: &str = "Rows end early; the cells that are missing were taken as empty";
const STRAY_QUOTE: &str = "A quote that is never closed was taken as a plain character";

/// A delimited file: its text, and where its rows begin.
pub(super) struct Table<'t> {
    text: Cow<'t, str>,
    separator: u8,
    /// Exports made of several parts repeat it between the rows.
    header: StringRecord,
    first_row: Place,
}

/// A place in the text.
#[derive(Clone, Copy)]
struct Place {
    byte: usize,
    line: u64,
}

impl<'t> Table<'t> {
    /// Finds encoding, separator and header. Fails with a sentence when no line names two columns we know.
    pub(super) fn open(bytes: &'t [u8], dictionaries: &'static [&'static Dictionary]) -> Result<(Self, Columns), String> {
        let text = decoded(bytes);
        refuse_other_kinds(&text)?;
        let mut best: Option<(StringRecord, Columns, u8, Place)> = None;
        let mut place = Place { byte: 0, line: 1 };
        for _ in 0..HEADER_WITHIN_LINES {
            place = past_blank_lines(&text, place);
            let line = line_at(&text, place);
            if line.is_empty() {
                break;
            }
            let separator = separator_of(line);
            let (header, after) = record_at(&text, place, separator);
            let columns = Columns::of_header(dictionaries, header.iter());
            // Of two lines alike the earlier is the header.
            if columns.known() >= 2 && best.as_ref().is_none_or(|(_, held, _, _)| columns.known() > held.known()) {
                best = Some((header, columns, separator, after));
            }
            place = Place { byte: place.byte + line.len(), line: place.line + 1 };
        }
        let Some((header, columns, separator, first_row)) = best else {
            return Err("No line of the file names columns we know. The first line must be a header such as First Name, Last Name, Phone.".to_owned());
        };
        Ok((Self { text, separator, header, first_row }, columns))
    }

    /// Hands every row to `read` and what became of it to `give`. Blank rows and repeated headers are no rows; all others are given.
    pub(super) fn each_row<T>(
        &self,
        reader: &mut Reader<'_>,
        mut read: impl FnMut(&mut Reader<'_>, Row<'_>) -> Result<T, String>,
        give: &mut dyn FnMut(u64, Result<T, String>),
    ) {
        let width = reader.columns.width();
        let mut cells = StringRecord::new();
        let mut rows = csv_reader(&self.text, self.first_row, self.separator);
        loop {
            let begin = past_blank_lines(&self.text, place_of(&rows));
            let more = rows.read_record(&mut cells);
            if matches!(more, Ok(false)) {
                return;
            }
            let after = place_of(&rows);
            if (after.line.saturating_sub(begin.line) > 1 || cells.len() != width)
                && let Some(literal) = self.literal(begin, after, width, cells.len())
            {
                reader.notes.add(STRAY_QUOTE, begin.line);
                cells = literal;
                go_to(&mut rows, Place { byte: begin.byte + line_at(&self.text, begin).len(), line: begin.line + 1 });
            }
            if cells.iter().all(|cell| cell.trim().is_empty()) || cells == self.header {
                continue;
            }
            let row = Row { line: begin.line, cells: &cells };
            let outcome = match (more.is_err(), cells.len()) {
                (true, _) => Err("The row could not be read.".to_owned()),
                (false, n) if n > width && cells.iter().skip(width).any(|cell| !cell.trim().is_empty()) => Err(TOO_MANY_CELLS.to_owned()),
                (false, n) if n * 2 < width => Err(BREAKS_OFF.to_owned()),
                (false, n) => {
                    if n < width {
                        reader.notes.add(PADDED, begin.line);
                    }
                    read(reader, row)
                }
            };
            give(begin.line, outcome);
        }
    }

    /// The line at `begin` with its quotes as plain characters, where that is the better reading of a row: the line is whole by itself
    /// while the row is not quoted as it should be, or ran over several lines and still is not whole, or has no end.
    fn literal(&self, begin: Place, after: Place, width: usize, cells: usize) -> Option<StringRecord> {
        let line = line_at(&self.text, begin).trim_end_matches(['\r', '\n']);
        let literal: StringRecord = line.split(char::from(self.separator)).collect();
        let row = self.text.get(begin.byte..after.byte).unwrap_or("");
        let lines = after.line - begin.line;
        let quoting = quoting(row, self.separator);
        let is_whole = literal.len() == width && (lines > 1 && cells != width || quoting != Quoting::Proper);
        let has_no_end = lines > 1 && (cells > width || quoting == Quoting::Open) || lines > MOST_LINES_OF_A_ROW;
        (is_whole || has_no_end).then_some(literal)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quoting {
    /// Every quote that opens a value stands at its beginning, and one that closes it at its end.
    Proper,
    /// A value goes on behind the quote that should close it.
    Loose,
    /// The last value is never closed.
    Open,
}

fn quoting(row: &str, separator: u8) -> Quoting {
    let mut quoting = Quoting::Proper;
    let mut inside = false;
    let mut at_start = true;
    let mut bytes = row.bytes().peekable();
    while let Some(b) = bytes.next() {
        if inside && b == b'"' {
            match bytes.peek() {
                Some(b'"') => {
                    bytes.next();
                }
                Some(next) if !matches!(next, b'\r' | b'\n') && *next != separator => {
                    quoting = Quoting::Loose;
                    inside = false;
                }
                Some(_) | None => inside = false,
            }
        } else if !inside {
            inside = at_start && b == b'"';
            at_start = b == separator;
        }
    }
    if inside { Quoting::Open } else { quoting }
}

type CsvReader<'t> = csv::Reader<Cursor<&'t [u8]>>;

fn csv_reader(text: &str, from: Place, separator: u8) -> CsvReader<'_> {
    let mut rows = ReaderBuilder::new().delimiter(separator).flexible(true).has_headers(false).from_reader(Cursor::new(text.as_bytes()));
    // The header is ours to find; without this the reader would take the first line of the file for it.
    rows.set_headers(StringRecord::new());
    go_to(&mut rows, from);
    rows
}

/// A text in memory is always there to be gone back to, so this cannot fail.
fn go_to(rows: &mut CsvReader<'_>, place: Place) {
    let mut position = csv::Position::new();
    position.set_byte(place.byte as u64).set_line(place.line);
    let moved = rows.seek(position);
    debug_assert!(moved.is_ok());
}

fn place_of(rows: &CsvReader<'_>) -> Place {
    let position = rows.position();
    Place { byte: usize::try_from(position.byte()).unwrap_or(usize::MAX), line: position.line() }
}

fn record_at(text: &str, place: Place, separator: u8) -> (StringRecord, Place) {
    let mut rows = csv_reader(text, place, separator);
    let mut record = StringRecord::new();
    match rows.read_record(&mut record) {
        Ok(true) => (record, place_of(&rows)),
        Ok(false) | Err(_) => (StringRecord::new(), place),
    }
}

fn past_blank_lines(text: &str, mut place: Place) -> Place {
    while let Some(b @ (b'\n' | b'\r')) = text.as_bytes().get(place.byte) {
        place.line += u64::from(*b == b'\n');
        place.byte += 1;
    }
    place
}

/// The line with its end.
fn line_at(text: &str, place: Place) -> &str {
    text.get(place.byte..).and_then(|rest| rest.split_inclusive('\n').next()).unwrap_or("")
}

/// The separator that parts the line into most cells, quotes aside.
fn separator_of(line: &str) -> u8 {
    let mut counts = [0_usize; SEPARATORS.len()];
    let mut quoted = false;
    for b in line.bytes() {
        if b == b'"' {
            quoted = !quoted;
        } else if !quoted && let Some(i) = SEPARATORS.iter().position(|s| *s == b) {
            counts[i] += 1;
        }
    }
    let best = counts.iter().max().copied().unwrap_or(0);
    counts.iter().position(|count| *count == best && best > 0).map_or(b',', |i| SEPARATORS[i])
}

fn refuse_other_kinds(text: &str) -> Result<(), String> {
    let start = text.trim_start().get(..text.trim_start().floor_char_boundary(64)).unwrap_or("").to_ascii_lowercase();
    let wrong = match () {
        () if start.is_empty() => "The file is empty.",
        () if start.starts_with("pk\u{3}\u{4}") || start.starts_with("ÐÏ\u{11}à") || start.starts_with("ðï\u{11}à") => {
            "This is a spreadsheet workbook or an archive. Save the sheet as CSV and bring that file."
        }
        () if start.starts_with("%pdf") => "This is a PDF. Ask the system it came from for a CSV export.",
        () if start.starts_with("\u{1f}\u{2039}") => "The file is compressed. Unpack it first.",
        () if start.starts_with("<!doctype html") || start.starts_with("<html") => {
            "This is a web page, not an export; the download may have asked for a sign-in."
        }
        () if start.starts_with("<?xml") => "This is XML. Customers, deals and repair orders come as CSV or tab separated text.",
        () => return Ok(()),
    };
    Err(wrong.to_owned())
}

/// The file as text: UTF-8, UTF-16, else Windows-1252. A file of both, put together from parts, is decoded line by line.
pub(super) fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    let text = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8_or_windows(rest),
        [0xFF, 0xFE, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0,
        [0xFE, 0xFF, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0,
        [first, 0, ..] if *first != 0 => encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0,
        [0, second, ..] if *second != 0 => encoding_rs::UTF_16BE.decode_without_bom_handling(bytes).0,
        plain => utf8_or_windows(plain),
    };
    // Old systems end lines with a carriage return alone.
    if text.contains('\r') && !text.contains('\n') { Cow::Owned(text.replace('\r', "\n")) } else { text }
}

fn utf8_or_windows(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 16);
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        match std::str::from_utf8(line) {
            Ok(line) => text.push_str(line),
            Err(_) => text.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(line).0),
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::super::columns::PERSON;
    use super::*;

    struct Outcome {
        rows: Vec<(u64, String)>,
        held_back: Vec<(u64, String)>,
        notes: Vec<String>,
    }

    /// First name, last name and phone of each row, between bars.
    fn read(bytes: &[u8]) -> Outcome {
        let (table, columns) = Table::open(bytes, &[&PERSON]).unwrap();
        let mut reader = Reader { columns, source: "test", received: At(0), zone: &Zone::utc(), notes: Notes::default() };
        let (mut rows, mut held_back) = (vec![], vec![]);
        let say = |reader: &mut Reader<'_>, row: Row<'_>| {
            Ok([Column::FirstName, Column::LastName, Column::Phone].map(|column| reader.words(row, column)).join("|"))
        };
        table.each_row(&mut reader, say, &mut |line, row| match row {
            Ok(row) => rows.push((line, row)),
            Err(reason) => held_back.push((line, reason)),
        });
        Outcome { rows, held_back, notes: reader.notes.sentences() }
    }

    #[test]
    fn any_separator_encoding_and_line_end_gives_the_same_rows() {
        let expected = vec![(2, "Zoë|Núñez|2075550148".to_owned()), (3, "Dana|Whit, field|007".to_owned())];
        let comma = "First Name, Last Name ,Phone\nZoë,Núñez,2075550148\nDana,\"Whit, field\",007\n";
        for separator in [",", ";", "\t", "|"] {
            let text = match separator {
                "," => comma.to_owned(),
                other => comma.replace("Whit, field", "Whit~ field").replace(',', other).replace('~', ","),
            };
            let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
            for bytes in [
                text.clone().into_bytes(),
                [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
                encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
                [b"\xFF\xFE", utf16.as_slice()].concat(),
                utf16,
                big,
                text.replace('\n', "\r\n").into_bytes(),
                text.replace('\n', "\r").into_bytes(),
            ] {
                assert_eq!(read(&bytes).rows, expected, "{separator:?} {:?}", String::from_utf8_lossy(&bytes));
            }
        }
    }

    #[test]
    fn a_title_above_the_header_and_blank_lines_do_not_shift_the_lines() {
        let read = read(b"Customer list\n\nPrinted 1/5/2026\nFirst Name,Last Name,Phone\n\n\nDana,Whitfield,1\n,,\nJo,Lee,2\nFirst Name,Last Name,Phone\nAda,Moss,3\n");
        assert_eq!(read.rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), vec![7, 9, 11]);
        assert!(read.held_back.is_empty());
    }

    #[test]
    fn a_ragged_row_is_padded_or_held_back_and_never_lost() {
        let read = read(b"First Name,Last Name,Phone,City\nDana,Whitfield,1\nJo\nAda,Moss,3,Gray,ME\nEve,Poe,4,Bath,,\n");
        assert_eq!(read.rows, vec![(2, "Dana|Whitfield|1".to_owned()), (5, "Eve|Poe|4".to_owned())]);
        assert_eq!(read.held_back, vec![(3, BREAKS_OFF.to_owned()), (4, TOO_MANY_CELLS.to_owned())]);
        assert_eq!(read.notes, vec!["Rows end early; the cells that are missing were taken as empty (line 2).".to_owned()]);
    }

    #[test]
    fn a_stray_quote_costs_no_row() {
        let read = read(b"First Name\tLast Name\tPhone\n\"Bud\tWhitfield\t1\nJo\tLee\t2\nAda\t\"Moss\t3\nEve\tPoe\t4\n\"Lou\"\t\"De\nWitt\"\t5\n");
        let names: Vec<&str> = read.rows.iter().map(|(_, row)| row.as_str()).collect();
        assert_eq!(names, vec!["\"Bud|Whitfield|1", "Jo|Lee|2", "Ada|\"Moss|3", "Eve|Poe|4", "Lou|De Witt|5"]);
        assert_eq!(read.rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), vec![2, 3, 4, 5, 6]);
        assert!(read.held_back.is_empty());
    }

    #[test]
    fn a_quote_open_to_the_end_of_a_long_file_costs_no_row() {
        let text = format!("First Name,Last Name,Phone\n\"Bud,Whitfield,1\n{}", "Jo,Lee,2\n".repeat(5_000));
        let outcome = read(text.as_bytes());
        assert_eq!((outcome.rows.len(), outcome.rows.last().map(|r| r.0)), (5_001, Some(5_002)));
        let ragged = format!("First Name,Last Name,Phone\nBud,Whitfield,\"1,2\n{}", "Jo,Lee,2\n".repeat(50));
        let outcome = read(ragged.as_bytes());
        assert_eq!((outcome.rows.len(), outcome.held_back), (50, vec![(2, TOO_MANY_CELLS.to_owned())]));
    }

    #[test]
    fn what_is_no_table_is_refused_with_advice() {
        for (bytes, word) in [
            (b"PK\x03\x04....".as_slice(), "CSV"),
            (b"%PDF-1.4", "PDF"),
            (b"\x1f\x8b\x08\x00", "Unpack"),
            (b"<!DOCTYPE html><html>", "web page"),
            (b"", "empty"),
            (b" \n", "empty"),
            (b"1,2,3\n4,5,6\n", "header"),
        ] {
            let refused = Table::open(bytes, &[&PERSON]).err().unwrap();
            assert!(refused.contains(word), "{refused}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_line_without_quotes_is_given_exactly_once(rows in proptest::collection::vec("[a-z,;\t ]{0,12}", 0..30)) {
            let text = format!("First Name,Last Name,Phone\n{}\n", rows.join("\n"));
            let outcome = read(text.as_bytes());
            let mut given: Vec<u64> = outcome.rows.iter().chain(&outcome.held_back).map(|r| r.0).collect();
            given.sort_unstable();
            let said = |row: &String| row.split(',').any(|cell| !cell.trim().is_empty());
            let expected: Vec<u64> = rows.iter().zip(2..).filter(|(row, _)| said(row)).map(|(_, line)| line).collect();
            proptest::prop_assert_eq!(given, expected);
        }

        #[test]
        fn every_whole_line_is_given_exactly_once_whatever_quotes_it_opens(rows in proptest::collection::vec("\"?[a-z]{1,3},\"?[a-z]{1,3},\"?[a-z]{1,3}", 0..30)) {
            let outcome = read(format!("First Name,Last Name,Phone\n{}\n", rows.join("\n")).as_bytes());
            let given: Vec<u64> = outcome.rows.iter().map(|r| r.0).collect();
            proptest::prop_assert_eq!(given, (2..).take(rows.len()).collect::<Vec<u64>>());
        }

        #[test]
        fn no_file_makes_it_stumble(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let file = [b"First Name,Last Name,Phone\n".as_slice(), &bytes].concat();
            if Table::open(&file, &[&PERSON]).is_ok() {
                read(&file);
            }
        }
    }
}
