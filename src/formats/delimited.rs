//! How do bytes become rows? Delimited files of any encoding, separator and quoting, read once from front to back.

use super::{
    columns::{meaning, normalised},
    headers::{APPOINTMENT, CAR, DEAL, Dictionary, LISTING, PERSON, REPAIR_ORDER, WORK},
    sheet::Fixes,
};
use csv::{ReaderBuilder, StringRecord};
use std::{borrow::Cow, collections::BTreeMap, io::Cursor};

/// What could be read of one file. Line numbers count from 1, the file's first line being line 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read<T> {
    pub rows: Vec<(u64, T)>,
    /// Rows kept out, with the reason in one sentence without personal data. Rows out for one reason have the same sentence.
    pub held_back: Vec<(u64, String)>,
    /// What was odd in rows that were taken, a sentence each.
    pub notes: Vec<String>,
}

const SEPARATORS: [u8; 4] = [b'\t', b',', b';', b'|'];
/// The header is looked for in the first lines only: some exports put a title and a date above it.
const HEADER_WITHIN_LINES: usize = 12;
/// A value in quotes over more lines than this is a stray quote, not a value.
const MOST_LINES_OF_A_ROW: u64 = 200;

const TOO_MANY_CELLS: &str = "The row has more cells than the header; a separator stands inside a value.";
const BREAKS_OFF: &str = "The row breaks off: it has less than half of the header's cells.";
const CUT_OFF: &str = "The last row breaks off; the file may be cut off. Bring the whole file again, or complete the row here.";
const UNREADABLE: &str = "The row could not be read.";
/// All words by which a header is told from what stands above it.
static ANY: [&Dictionary; 7] = [&PERSON, &CAR, &DEAL, &REPAIR_ORDER, &WORK, &APPOINTMENT, &LISTING];

/// A delimited file: its text, and where its rows begin.
pub(super) struct Table<'t> {
    text: Cow<'t, str>,
    pub(super) encoding: &'static str,
    separator: u8,
    /// Exports made of several parts repeat it between the rows.
    pub(super) header: StringRecord,
    pub(super) header_line: u64,
    first_row: Place,
}

/// A place in the text.
#[derive(Clone, Copy)]
struct Place {
    byte: usize,
    line: u64,
}

/// One row as it stands in the file, corrections put in.
pub(super) struct Line<'r> {
    pub(super) number: u64,
    pub(super) cells: &'r StringRecord,
    /// Why it is no row of this table.
    pub(super) flaw: Option<&'static str>,
    pub(super) ends_early: bool,
    pub(super) had_a_stray_quote: bool,
}

impl<'t> Table<'t> {
    /// Finds encoding, separator and header. Fails with a sentence when the bytes are no table or no line of theirs is a header.
    pub(super) fn open(bytes: &'t [u8]) -> Result<Self, String> {
        refuse_other_kinds(bytes)?;
        let (text, encoding) = decoded(bytes);
        let mut best: Option<(usize, Self)> = None;
        let mut first: Option<Self> = None;
        let mut place = Place { byte: 0, line: 1 };
        for _ in 0..HEADER_WITHIN_LINES {
            place = past_blank_lines(&text, place);
            let line = line_at(&text, place);
            if line.is_empty() {
                break;
            }
            let separator = separator_of(line);
            let (header, first_row) = record_at(&text, place, separator);
            let known = header.iter().filter(|name| meaning(&ANY, &normalised(name)).is_some()).count();
            let table = || Self { text: Cow::Borrowed(""), encoding, separator, header: header.clone(), header_line: place.line, first_row };
            // Of two lines alike the earlier is the header.
            if known >= 1 && best.as_ref().is_none_or(|(held, _)| known > *held) {
                best = Some((known, table()));
            }
            if first.is_none() && could_be_a_header(&header) {
                first = Some(table());
            }
            place = Place { byte: place.byte + line.len(), line: place.line + 1 };
        }
        // A header in words we do not know is for a person to match.
        let best = best.filter(|(known, table)| *known >= 2 || table.header.len() == 1).map(|(_, table)| table);
        match best.or(first) {
            Some(table) => Ok(Self { text, ..table }),
            None => {
                Err("No line of the file names columns we know. The first line must be a header such as First Name, Last Name, Phone.".to_owned())
            }
        }
    }

    /// The same where the first line that says something is the header, whatever it says: a table about anything.
    pub(super) fn open_plain(bytes: &'t [u8]) -> Result<Self, String> {
        refuse_other_kinds(bytes)?;
        let (text, encoding) = decoded(bytes);
        let place = past_blank_lines(&text, Place { byte: 0, line: 1 });
        let separator = separator_of(line_at(&text, place));
        let (header, first_row) = record_at(&text, place, separator);
        Ok(Self { text, encoding, separator, header, header_line: place.line, first_row })
    }

    pub(super) fn separator(&self) -> char {
        char::from(self.separator)
    }

    /// Hands out every row. Blank rows and repeated headers are no rows; all others are given.
    pub(super) fn each_row(&self, fixes: &Fixes, give: &mut dyn FnMut(Line<'_>)) {
        let width = self.header.len();
        let mut cells = StringRecord::new();
        let mut rows = csv_reader(&self.text, self.first_row, self.separator);
        loop {
            let begin = past_blank_lines(&self.text, place_of(&rows));
            let more = rows.read_record(&mut cells);
            if matches!(more, Ok(false)) {
                return;
            }
            let mut after = place_of(&rows);
            let mut had_a_stray_quote = false;
            if (after.line.saturating_sub(begin.line) > 1 || cells.len() != width)
                && let Some(literal) = self.literal(begin, after, width, cells.len())
            {
                had_a_stray_quote = true;
                cells = literal;
                after = Place { byte: begin.byte + line_at(&self.text, begin).len(), line: begin.line + 1 };
                go_to(&mut rows, after);
            }
            let fix = fixes.get(&begin.line);
            if let Some(fix) = fix {
                cells = fixed(&cells, fix);
            }
            if cells.iter().all(|cell| cell.trim().is_empty()) || cells == self.header {
                continue;
            }
            let flaw = match cells.len() {
                _ if more.is_err() => Some(UNREADABLE),
                n if n > width && cells.iter().skip(width).any(|cell| !cell.trim().is_empty()) => Some(TOO_MANY_CELLS),
                _ if fix.is_some() => None,
                n if self.is_cut_off(begin, after, n) => Some(CUT_OFF),
                n if n * 2 < width => Some(BREAKS_OFF),
                _ => None,
            };
            give(Line { number: begin.line, cells: &cells, flaw, ends_early: flaw.is_none() && cells.len() < width, had_a_stray_quote });
        }
    }

    /// Whether this is the last row, the file stops in the middle of its line, and the row is not whole: an upload that was interrupted.
    fn is_cut_off(&self, begin: Place, after: Place, cells: usize) -> bool {
        let stops_here = after.byte >= self.text.len() && !self.text.ends_with(['\n', '\r']);
        stops_here && (cells < self.header.len() || quoting(self.text.get(begin.byte..).unwrap_or(""), self.separator) == Quoting::Open)
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

/// Several different names, none of which could be a value: no numbers, no addresses.
fn could_be_a_header(cells: &StringRecord) -> bool {
    let is_name = |cell: &str| {
        cell.len() <= 60 && cell.contains(char::is_alphabetic) && !cell.contains('@') && cell.bytes().filter(u8::is_ascii_digit).count() <= 2
    };
    let is_twice = |(at, cell): (usize, &str)| cells.iter().take(at).any(|earlier| earlier == cell);
    cells.len() >= 2 && cells.iter().all(is_name) && !cells.iter().enumerate().any(is_twice)
}

/// Cells beyond this are no cells of a row that a person corrects.
const MOST_CELLS: usize = 4_000;

fn fixed(cells: &StringRecord, fix: &BTreeMap<u32, String>) -> StringRecord {
    let mut all: Vec<&str> = cells.iter().collect();
    for (place, text) in fix {
        let Some(place) = usize::try_from(*place).ok().filter(|place| *place < MOST_CELLS) else { continue };
        if all.len() <= place {
            all.resize(place + 1, "");
        }
        all[place] = text;
    }
    StringRecord::from(all)
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

/// How the bytes of files begin that are no table, and what to do about it.
const OTHER_KINDS: [(&[u8], &str); 17] = [
    (b"PK\x03\x04", "This is a spreadsheet workbook or an archive, whatever its name says. Save the sheet as CSV and bring that file."),
    (b"\xD0\xCF\x11\xE0", "This is an old spreadsheet workbook, whatever its name says. Save the sheet as CSV and bring that file."),
    (b"%PDF", "This is a PDF. Ask the system it came from for a CSV export."),
    (b"\x1F\x8B", "The file is compressed. Unpack it first."),
    (b"BZh", "The file is compressed. Unpack it first."),
    (b"\xFD7zXZ", "The file is compressed. Unpack it first."),
    (b"(\xB5/\xFD", "The file is compressed. Unpack it first."),
    (b"7z\xBC\xAF", "This is an archive. Unpack it first."),
    (b"Rar!", "This is an archive. Unpack it first."),
    (b"\xFF\xD8\xFF", "This is a picture. Bring the list itself, as CSV."),
    (b"\x89PNG", "This is a picture. Bring the list itself, as CSV."),
    (b"GIF8", "This is a picture. Bring the list itself, as CSV."),
    (b"SQLite format 3", "This is a database. Export its tables as CSV and bring those files."),
    (b"\0\x01\0\0Standard", "This is a database of Access. Export its tables as CSV and bring those files."),
    (b"{\\rtf", "This is a text document. Save the list as CSV and bring that file."),
    (b"BEGIN:VCARD", "These are contact cards. Export the contacts as CSV and bring that file."),
    (b"\x7FELF", "This is a program, not a list."),
];

fn refuse_other_kinds(bytes: &[u8]) -> Result<(), String> {
    let plain = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    if let Some((_, sentence)) = OTHER_KINDS.iter().find(|(start, _)| plain.starts_with(start)) {
        return Err((*sentence).to_owned());
    }
    let start = decoded(&bytes[..bytes.len().min(400)]).0.trim_start().to_ascii_lowercase();
    let wrong = match () {
        () if start.is_empty() => "The file is empty.",
        () if start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<table") => {
            "This is a web page, whatever its name says; the download may have asked for a sign-in. Export the list as CSV."
        }
        () if start.starts_with('<') => {
            "This is XML, which only a feed of the inventory may be. Customers, deals, repair orders and appointments come as CSV."
        }
        () if start.starts_with(['{', '[']) => {
            "This is JSON, which only a feed of the inventory may be. Customers, deals, repair orders and appointments come as CSV."
        }
        () => return Ok(()),
    };
    Err(wrong.to_owned())
}

/// The file as text, and what it was: UTF-8, UTF-16, else Windows-1252. A file of both, put together from parts, is decoded line by line.
pub(super) fn decoded(bytes: &[u8]) -> (Cow<'_, str>, &'static str) {
    let utf16 = |encoding: &'static encoding_rs::Encoding, rest| (encoding.decode_without_bom_handling(rest).0, "UTF-16");
    let (text, encoding) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8_or_windows(rest),
        [0xFF, 0xFE, rest @ ..] => utf16(encoding_rs::UTF_16LE, rest),
        [0xFE, 0xFF, rest @ ..] => utf16(encoding_rs::UTF_16BE, rest),
        [first, 0, ..] if *first != 0 => utf16(encoding_rs::UTF_16LE, bytes),
        [0, second, ..] if *second != 0 => utf16(encoding_rs::UTF_16BE, bytes),
        plain => utf8_or_windows(plain),
    };
    // Old systems end lines with a carriage return alone.
    let text = if text.contains('\r') && !text.contains('\n') { Cow::Owned(text.replace('\r', "\n")) } else { text };
    (text, encoding)
}

fn utf8_or_windows(bytes: &[u8]) -> (Cow<'_, str>, &'static str) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), "UTF-8");
    }
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 16);
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        match std::str::from_utf8(line) {
            Ok(line) => text.push_str(line),
            Err(_) => text.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(line).0),
        }
    }
    (Cow::Owned(text), "Windows-1252")
}

#[cfg(test)]
mod tests {
    use super::super::{
        columns::{Column, Columns},
        reader::{Notes, Reader},
    };
    use super::*;
    use crate::domain::time::{At, Zone};

    struct Outcome {
        rows: Vec<(u64, String)>,
        held_back: Vec<(u64, String)>,
        notes: Vec<String>,
    }

    /// First name, last name and phone of each row, between bars.
    fn read(bytes: &[u8]) -> Outcome {
        let table = Table::open(bytes).unwrap();
        let columns = Columns::of_header(&[&PERSON], table.header.iter());
        let zone = Zone::utc();
        let mut reader = Reader::of_feed(columns, "test", At(0), &zone);
        let (mut rows, mut held_back, mut notes) = (vec![], vec![], Notes::default());
        table.each_row(&Fixes::new(), &mut |line| {
            let outcome = reader
                .outcome(&line, &mut |r, row| Ok([Column::FirstName, Column::LastName, Column::Phone].map(|column| r.words(row, column)).join("|")));
            notes.add(reader.warnings.drain(..), line.number);
            match outcome {
                Ok(row) => rows.push((line.number, row)),
                Err(problems) => held_back.push((line.number, problems[0].what.clone())),
            }
        });
        Outcome { rows, held_back, notes: notes.sentences() }
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
            let refused = Table::open(bytes).err().unwrap();
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
            if Table::open(&file).is_ok() {
                read(&file);
            }
        }
    }
}
