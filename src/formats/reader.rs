//! What does the row at hand say? Its cells by what they mean to us, and what was odd in them.

use super::{
    cells::{self, Calendar, DateOrder, When},
    columns::{Column, Columns},
    delimited::Line,
    people_rows::NameOrder,
    sheet::{Mapping, Target},
};
use crate::domain::{
    field::Field,
    import_run::ImportKind,
    money::Cents,
    profile::{Source, SourceKind},
    time::{At, DAY_MS, Zone},
};
use csv::StringRecord;

pub(super) const BROKEN_NUMBER: &str = "A spreadsheet has turned a number into the form 1.2E+10, and its digits are lost. Bring the file as it was \
     exported, without opening it in a spreadsheet.";
const ODD_DATE: &str = "A date could not be read and was left out.";
const ODD_AMOUNT: &str = "An amount could not be read with certainty and was left out.";
const PADDED: &str = "Rows end early; the cells that are missing were taken as empty.";
const STRAY_QUOTE: &str = "A quote that is never closed was taken as a plain character.";

/// What is wrong with a row, or odd in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The column, from 0, where it is about one.
    pub place: Option<u32>,
    /// A sentence without personal data. Rows with the same trouble have the same sentence.
    pub what: String,
}

impl Problem {
    /// Of the row as a whole.
    pub(super) fn of_row(what: &str) -> Self {
        Self { place: None, what: what.to_owned() }
    }
}

/// What a row says, or everything for which it is held back.
pub(super) type Outcome<T> = Result<T, Vec<Problem>>;

/// How the rows of one kind of file are read.
pub(super) type ReadRow<'f, T> = dyn FnMut(&mut Reader<'_>, Row<'_>) -> Outcome<T> + 'f;

/// Oddities of rows that were taken, counted by kind.
#[derive(Default)]
pub(super) struct Notes(Vec<Note>);

struct Note {
    what: String,
    rows: u64,
    first_line: u64,
}

impl Notes {
    pub(super) fn add(&mut self, warnings: impl IntoIterator<Item = Problem>, line: u64) {
        for Problem { what, .. } in warnings {
            match self.0.iter_mut().find(|note| note.what == what) {
                Some(note) => note.rows += 1,
                None => self.0.push(Note { what, rows: 1, first_line: line }),
            }
        }
    }

    pub(super) fn sentences(&self) -> Vec<String> {
        let sentence = |note: &Note| {
            let what = note.what.trim_end_matches('.');
            if note.rows == 1 {
                format!("{what} (line {}).", note.first_line)
            } else {
                format!("{what} ({} rows, the first in line {}).", note.rows, note.first_line)
            }
        };
        self.0.iter().map(sentence).collect()
    }
}

/// One file being read: where it came from, what its columns mean, what is odd in the row at hand.
pub(super) struct Reader<'a> {
    pub(super) columns: Columns,
    pub(super) source: Source,
    pub(super) received: At,
    pub(super) zone: &'a Zone,
    pub(super) dates: DateOrder,
    pub(super) names: NameOrder,
    pub(super) extras: Extras,
    pub(super) warnings: Vec<Problem>,
}

/// Columns that say something for which a person's profile has no place of its own.
#[derive(Default)]
pub(super) struct Extras {
    /// Cells that become lines of the remarks, with their headers.
    pub(super) notes: Vec<(usize, String)>,
    pub(super) tags: Vec<usize>,
    /// Cells of the store's own fields.
    pub(super) fields: Vec<(usize, Field)>,
}

impl Extras {
    fn of_mapping(targets: &[Target], header: &StringRecord, own: &[Field]) -> Self {
        let mut extras = Self::default();
        for (cell, (target, name)) in targets.iter().zip(header).enumerate() {
            match target {
                Target::Note => extras.notes.push((cell, cells::words(name))),
                Target::Tags => extras.tags.push(cell),
                Target::Field(key) => extras.fields.extend(own.iter().find(|field| field.key == *key).map(|field| (cell, field.clone()))),
                Target::Skip | Target::Column(_) | Target::CoBuyer(_) => {}
            }
        }
        extras
    }
}

/// One row and its line.
#[derive(Clone, Copy)]
pub(super) struct Row<'r> {
    pub(super) line: u64,
    pub(super) cells: &'r StringRecord,
    whose: Whose,
}

/// Of whom the columns of a person are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Customer,
    CoBuyer,
}

impl<'r> Row<'r> {
    pub(super) fn new(line: u64, cells: &'r StringRecord) -> Self {
        Self { line, cells, whose: Whose::Customer }
    }

    /// The same row, read for whoever signed with the buyer.
    pub(super) fn of_co_buyer(self) -> Self {
        Self { whose: Whose::CoBuyer, ..self }
    }

    pub(super) fn is_of_co_buyer(self) -> bool {
        self.whose == Whose::CoBuyer
    }
}

impl<'a> Reader<'a> {
    pub(super) fn of_mapping(columns: Columns, mapping: &Mapping, header: &StringRecord, own: &[Field], received: At, zone: &'a Zone) -> Self {
        let kind = if is_of_a_dms(mapping) { SourceKind::Dms } else { SourceKind::Import };
        let name = if mapping.system.trim().is_empty() { "list" } else { mapping.system.trim() };
        Self {
            columns,
            source: Source { kind, name: name.to_owned() },
            received,
            zone,
            dates: mapping.dates,
            names: mapping.names,
            extras: Extras::of_mapping(&mapping.columns, header, own),
            warnings: Vec::new(),
        }
    }

    /// For a feed of cars, which has no mapping.
    pub(super) fn of_feed(columns: Columns, source: &str, received: At, zone: &'a Zone) -> Self {
        Self {
            columns,
            source: Source { kind: SourceKind::Import, name: source.to_owned() },
            received,
            zone,
            dates: DateOrder::MonthFirst,
            names: NameOrder::Guess,
            extras: Extras::default(),
            warnings: Vec::new(),
        }
    }

    /// What becomes of a line; what is odd in it is in the warnings.
    pub(super) fn outcome<T>(&mut self, line: &Line<'_>, read: &mut ReadRow<'_, T>) -> Outcome<T> {
        self.warnings.clear();
        if line.had_a_stray_quote {
            self.warnings.push(Problem::of_row(STRAY_QUOTE));
        }
        if line.ends_early {
            self.warnings.push(Problem::of_row(PADDED));
        }
        match line.flaw {
            Some(flaw) => Err(vec![Problem::of_row(flaw)]),
            None => read(self, Row::new(line.number, line.cells)),
        }
    }

    /// The first cell of a column that says something, blanks trimmed.
    pub(super) fn text<'r>(&self, row: Row<'r>, column: Column) -> &'r str {
        self.texts(row, column).next().unwrap_or("")
    }

    /// Every cell of a column that says something, the best first.
    pub(super) fn texts<'s, 'r: 's>(&'s self, row: Row<'r>, column: Column) -> impl Iterator<Item = &'r str> + 's {
        self.said(row, column).map(|(_, text)| text)
    }

    /// The same with their places.
    fn said<'s, 'r: 's>(&'s self, row: Row<'r>, column: Column) -> impl Iterator<Item = (usize, &'r str)> + 's {
        let places = self.columns.cells(column, row.is_of_co_buyer());
        places.filter_map(move |place| Some((place, cells::trimmed(row.cells.get(place)?)))).filter(|(_, text)| !text.is_empty())
    }

    pub(super) fn words(&self, row: Row<'_>, column: Column) -> String {
        cells::words(self.text(row, column))
    }

    /// A number by which something is known, as text; one that a spreadsheet has broken is a problem.
    pub(super) fn number(&self, row: Row<'_>, column: Column) -> Result<String, Problem> {
        let text = self.text(row, column);
        if cells::is_broken_number(text) { Err(self.problem(row, column, BROKEN_NUMBER)) } else { Ok(cells::words(text)) }
    }

    /// The same where a row is nothing without it.
    pub(super) fn needed_number(&self, row: Row<'_>, column: Column, missing: &str) -> Result<String, Problem> {
        let number = self.number(row, column)?;
        if number.is_empty() { Err(self.problem(row, column, missing)) } else { Ok(number) }
    }

    /// An amount; one that cannot be read with certainty is left out and said.
    pub(super) fn money(&mut self, row: Row<'_>, column: Column) -> Option<Cents> {
        let text = self.text(row, column);
        let amount = cells::money(text);
        if amount.is_none() && text.bytes().any(|b| b.is_ascii_digit()) {
            self.warn(row, column, ODD_AMOUNT);
        }
        amount
    }

    /// The same where nought is what systems write for "not set".
    pub(super) fn money_above_zero(&mut self, row: Row<'_>, column: Column) -> Option<Cents> {
        self.money(row, column).filter(|amount| amount.0 > 0)
    }

    /// A date that a row can do without; one that cannot be read is left out and said.
    pub(super) fn optional_date(&mut self, row: Row<'_>, column: Column) -> Option<At> {
        match self.date(row, column) {
            When::Read(at) => Some(at),
            When::Blank => None,
            When::Unreadable => {
                self.warn(row, column, ODD_DATE);
                None
            }
        }
    }

    pub(super) fn date(&self, row: Row<'_>, column: Column) -> When {
        self.when(self.text(row, column))
    }

    pub(super) fn when(&self, text: &str) -> When {
        cells::date(text, &Calendar { order: self.dates, zone: self.zone, received: self.received })
    }

    /// A date that may lie ahead: `9/30/31` is the end of a lease.
    pub(super) fn when_also_ahead(&self, text: &str) -> When {
        /// Two digits of a year are read as at most so far ahead.
        const AHEAD_MS: i64 = 50 * 365 * DAY_MS;
        cells::date(text, &Calendar { order: self.dates, zone: self.zone, received: self.received.plus_ms(AHEAD_MS) })
    }

    /// What is wrong with the row, in the cell of that column.
    pub(super) fn problem(&self, row: Row<'_>, column: Column, what: &str) -> Problem {
        let place = self.said(row, column).next().map(|(place, _)| place).or_else(|| self.columns.cells(column, row.is_of_co_buyer()).next());
        Problem { place: place.and_then(|place| u32::try_from(place).ok()), what: what.to_owned() }
    }

    /// Notes what was odd in the cell of that column, in a row that is taken all the same.
    pub(super) fn warn(&mut self, row: Row<'_>, column: Column, what: &str) {
        let problem = self.problem(row, column, what);
        self.warnings.push(problem);
    }
}

/// Deals and visits are booked in a DMS; of lists of people only those of systems that are one. What a CRM exports is a list.
fn is_of_a_dms(mapping: &Mapping) -> bool {
    const DMS: [&str; 12] = [
        "dealervault",
        "frazer",
        "dealercenter",
        "cdk",
        "reynolds",
        "dealertrack",
        "autofunds",
        "wayne reaves",
        "automate",
        "tekion",
        "dominion",
        "pbs",
    ];
    const CRM: [&str; 7] = ["vinsolutions", "elead", "dealersocket", "autoraptor", "promax", "drivecentric", "activix"];
    let is_one_of = |names: &[&str]| names.iter().any(|name| mapping.system.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)));
    match mapping.kind {
        ImportKind::Deals | ImportKind::RepairOrders | ImportKind::Appointments => !is_one_of(&CRM),
        ImportKind::Customers | ImportKind::Inventory | ImportKind::Unknown => is_one_of(&DMS),
    }
}
