//! Where does a car begin in XML? Rows are the elements named after cars; what is inside becomes cells by the names on the way.

use super::{EachRow, put};
use crate::formats::delimited::{Reader, Row};
use csv::StringRecord;
use quick_xml::{
    XmlVersion,
    events::{BytesRef, BytesStart, Event},
};

/// Deepest nesting taken; real feeds have five levels.
const MOST_DEPTH: usize = 32;
/// Most attributes read of one element.
const MOST_ATTRIBUTES: usize = 100;

const ROWS: [&str; 13] =
    ["listing", "item", "vehicle", "car", "ad", "unit", "inventoryitem", "row", "record", "entry", "auto", "automobile", "product"];

pub(super) fn each_row(text: &str, reader: &mut Reader<'_>, each: &mut EachRow<'_>) -> Result<(), String> {
    let mut xml = quick_xml::Reader::from_str(text);
    // "Smith & Sons" without the escape is common in descriptions.
    xml.config_mut().allow_dangling_amp = true;
    let mut lines = Lines { text, read_to: 0, line: 1 };
    let mut path: Vec<String> = Vec::new();
    let mut row: Option<OpenRow> = None;
    let mut value = String::new();
    loop {
        let event = xml.read_event().map_err(|_| broken(lines.at(xml.error_position())))?;
        match event {
            Event::Start(start) => {
                let name = start.local_name().into_inner().to_owned();
                if path.len() >= MOST_DEPTH {
                    return Err(format!("The XML is nested more than {MOST_DEPTH} elements deep in line {}.", lines.at(xml.buffer_position())));
                }
                value.clear();
                path.push(name);
                begin(&mut row, &path, &start, reader, || lines.at(xml.buffer_position()));
            }
            Event::Empty(start) => {
                path.push(start.local_name().into_inner().to_owned());
                begin(&mut row, &path, &start, reader, || lines.at(xml.buffer_position()));
                end(&mut row, &path, "", reader, each)?;
                path.pop();
            }
            Event::Text(part) => value.push_str(&part),
            Event::CData(part) => value.push_str(&part),
            Event::GeneralRef(name) => value.push_str(&character(&name)),
            Event::End(_) => {
                end(&mut row, &path, &value, reader, each)?;
                value.clear();
                path.pop();
            }
            Event::DocType(_) => return Err("The XML brings its own document type (DTD); send it without.".to_owned()),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof if path.is_empty() => return Ok(()),
            Event::Eof => return Err(broken(lines.at(xml.buffer_position()))),
        }
    }
}

fn broken(line: u64) -> String {
    format!("The XML breaks off or is damaged in line {line}; nothing of it was taken.")
}

struct OpenRow {
    line: u64,
    depth: usize,
    cells: Vec<String>,
}

fn begin(row: &mut Option<OpenRow>, path: &[String], start: &BytesStart<'_>, reader: &mut Reader<'_>, line: impl FnOnce() -> u64) {
    let starts_row = row.is_none() && path.last().is_some_and(|name| ROWS.iter().any(|row| row.eq_ignore_ascii_case(name)));
    if starts_row {
        *row = Some(OpenRow { line: line(), depth: path.len(), cells: Vec::new() });
    }
    let Some(open) = row else { return };
    for attribute in start.attributes().with_checks(false).flatten().take(MOST_ATTRIBUTES) {
        let Ok(value) = attribute.normalized_value(XmlVersion::Explicit1_0) else { continue };
        let inside: Vec<&str> = path[open.depth..].iter().map(String::as_str).chain([attribute.key.local_name().into_inner()]).collect();
        put(reader, &mut open.cells, &inside, &value);
    }
}

fn end(row: &mut Option<OpenRow>, path: &[String], value: &str, reader: &mut Reader<'_>, each: &mut EachRow<'_>) -> Result<(), String> {
    let Some(open) = row else { return Ok(()) };
    if path.len() > open.depth {
        let value = value.trim();
        if !value.is_empty() {
            let inside: Vec<&str> = path[open.depth..].iter().map(String::as_str).collect();
            put(reader, &mut open.cells, &inside, value);
        }
        return Ok(());
    }
    let cells = StringRecord::from(std::mem::take(&mut open.cells));
    let line = open.line;
    *row = None;
    each(reader, Row::new(line, &cells))
}

/// The character of a reference; a name that XML does not know is shown as it was written.
fn character(name: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = name.resolve_char_ref() {
        return c.to_string();
    }
    match &**name {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        "nbsp" => " ".to_owned(),
        other => format!("&{other};"),
    }
}

/// Counts lines up to a place; places only ever come later, so the text is walked once.
struct Lines<'t> {
    text: &'t str,
    read_to: usize,
    line: u64,
}

impl Lines<'_> {
    fn at(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX).min(self.text.len());
        if let Some(passed) = self.text.as_bytes().get(self.read_to..byte) {
            self.line += passed.iter().map(|b| u64::from(*b == b'\n')).sum::<u64>();
            self.read_to = byte;
        }
        self.line
    }
}
