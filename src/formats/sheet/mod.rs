//! What is in this file, and what becomes of each of its rows? A look before anybody decided anything, then the reading by a mapping.

mod guess;
mod mapping;

use super::{
    appointment_rows, cells,
    columns::Columns,
    deal_rows,
    delimited::{Line, Notes, Read, Reader, Row, Table},
    feeds, people_rows, repair_order_rows,
};
pub use super::{
    cells::DateOrder,
    columns::{Column, Group},
    delimited::Problem,
    people_rows::NameOrder,
};
use crate::domain::{
    event::ImportRow,
    import_run::ImportKind,
    time::{At, Zone},
};
use csv::StringRecord;
pub use mapping::{Mapping, Target};
use std::collections::BTreeMap;

/// What a file is, before anybody decided anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// "UTF-8", "UTF-16" or "Windows-1252".
    pub encoding: &'static str,
    pub separator: char,
    /// From 1.
    pub header_line: u64,
    /// Lines that say something, below the header.
    pub rows: u64,
    pub columns: Vec<LookColumn>,
    /// The guess.
    pub mapping: Mapping,
    /// Whose layout it is, where that is known: "DealerVault sales".
    pub preset: Option<&'static str>,
    /// The header's names as they are compared: the key under which a mapping is remembered.
    pub signature: String,
    /// What was odd, a sentence each, without personal data.
    pub notes: Vec<String>,
}

/// One column of a file that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookColumn {
    pub header: String,
    /// The first few values that differ.
    pub samples: Vec<String>,
    /// In how many rows it says something.
    pub filled: u64,
}

/// Corrections made in the page: line, place, and the cell's new text.
pub type Fixes = BTreeMap<u64, BTreeMap<u32, String>>;

/// One line and what becomes of it.
pub struct RowRead<'a> {
    pub line: u64,
    /// As they stand in the file, corrections put in.
    pub cells: &'a StringRecord,
    /// What is taken, or why the row is held back. The lines of one repair order each say the whole order.
    pub outcome: Result<ImportRow, Vec<Problem>>,
    /// What was odd in a row that is taken all the same.
    pub warnings: Vec<Problem>,
}

/// Something a column may be mapped to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct TargetInfo {
    /// As mappings say it.
    pub word: String,
    /// As people say it.
    pub label: String,
    /// Under which heading it is offered.
    pub group: &'static str,
}

/// Different values shown of one column.
const MOST_SAMPLES: usize = 4;

/// Everything a column of such a file may be mapped to, beside the store's own fields.
#[must_use]
pub fn targets(kind: ImportKind) -> Vec<TargetInfo> {
    let groups: &[Group] = match kind {
        ImportKind::Customers | ImportKind::Unknown => &[Group::Name, Group::Contact, Group::Address, Group::Consent, Group::About],
        ImportKind::Deals => &[Group::Name, Group::Contact, Group::Address, Group::Consent, Group::About, Group::Car, Group::Deal, Group::Trade],
        ImportKind::RepairOrders => {
            &[Group::Name, Group::Contact, Group::Address, Group::Consent, Group::About, Group::Car, Group::Service, Group::Work]
        }
        ImportKind::Appointments => {
            &[Group::Name, Group::Contact, Group::Address, Group::Consent, Group::About, Group::Car, Group::Appointment, Group::Work]
        }
        ImportKind::Inventory => &[Group::Car, Group::Listing],
    };
    let info = |target: Target, label: String, group: &'static str| TargetInfo { word: target.word(), label, group };
    let mut all = vec![info(Target::Skip, "Leave out".to_owned(), "Other")];
    if kind != ImportKind::Inventory {
        all.push(info(Target::Note, "Keep as a note".to_owned(), "Other"));
        all.push(info(Target::Tags, "Tags".to_owned(), "Other"));
    }
    let of = |group: Group| Column::ALL.iter().copied().filter(move |column| column.group() == group);
    for group in groups {
        all.extend(of(*group).map(|column| info(Target::Column(column), column.label().to_owned(), group.label())));
    }
    if kind == ImportKind::Deals {
        for column in groups.iter().filter(|group| group.is_of_a_person()).flat_map(|group| of(*group)) {
            all.push(info(Target::CoBuyer(column), format!("Co-buyer: {}", column.label().to_lowercase()), "Co-buyer"));
        }
    }
    all
}

/// Looks through a file: its form, its columns, and a guess at what they mean.
///
/// # Errors
/// A sentence for whoever brought the file: what was found and what to do.
pub fn look(bytes: &[u8], file: &str) -> Result<Look, String> {
    let table = Table::open(bytes)?;
    let names = guess::names(table.header.iter());
    let preset = guess::preset(&names);
    let kind = preset.map_or_else(|| guess::kind(&names), |preset| preset.kind);
    let system = preset.map_or_else(|| guess::system_of(file), |preset| preset.system.to_owned());
    let mut columns: Vec<LookColumn> =
        table.header.iter().map(|header| LookColumn { header: cells::words(header), samples: Vec::new(), filled: 0 }).collect();
    let mut rows = 0;
    table.each_row(&Fixes::new(), &mut |line| {
        rows += 1;
        for (column, cell) in columns.iter_mut().zip(line.cells) {
            column.see(cell);
        }
    });
    if rows == 0 {
        let (line, count) = (table.header_line, columns.len());
        return Err(format!("Line {line} names {count} columns, and no row follows. Export the file again with its rows."));
    }
    Ok(Look {
        encoding: table.encoding,
        separator: table.separator(),
        header_line: table.header_line,
        rows,
        columns,
        mapping: guess::mapping(kind, &names, system),
        preset: preset.map(|preset| preset.name),
        signature: names.join("|"),
        notes: Vec::new(),
    })
}

/// The guess at what columns of these names mean in a file of this kind.
#[must_use]
pub fn mapping_as(kind: ImportKind, headers: &[String], system: String) -> Mapping {
    guess::mapping(kind, &guess::names(headers.iter().map(String::as_str)), system)
}

impl LookColumn {
    fn see(&mut self, cell: &str) {
        let text = cells::trimmed(cell);
        if text.is_empty() {
            return;
        }
        self.filled += 1;
        if self.samples.len() < MOST_SAMPLES {
            let sample = cells::words(text);
            if !self.samples.contains(&sample) {
                self.samples.push(sample);
            }
        }
    }
}

/// Reads every line in order and says what becomes of it. Blank lines and a header that is repeated are no rows; all others are given.
///
/// # Errors
/// A sentence for whoever brought the file: it was not read at all.
pub fn read(bytes: &[u8], mapping: &Mapping, fixes: &Fixes, received: At, zone: &Zone, give: &mut dyn FnMut(RowRead<'_>)) -> Result<(), String> {
    let table = Table::open(bytes)?;
    read_table(&table, mapping, fixes, received, zone, give)
}

fn read_table(
    table: &Table<'_>,
    mapping: &Mapping,
    fixes: &Fixes,
    received: At,
    zone: &Zone,
    give: &mut dyn FnMut(RowRead<'_>),
) -> Result<(), String> {
    let (here, mapped) = (table.header.len(), mapping.columns.len());
    if here != mapped {
        return Err(format!("The file has {here} columns, and the mapping was made for {mapped}. Look at the file again and match its columns."));
    }
    let columns = Columns::of_mapping(guess::dictionaries(mapping.kind), table.header.iter(), &mapping.columns);
    refuse_what_tells_nothing(mapping.kind, &columns)?;
    let mut reader = Reader::of_mapping(columns, mapping, &table.header, received, zone);
    match mapping.kind {
        ImportKind::Customers => each(table, fixes, &mut reader, &mut |r, row| people_rows::customer(r, row).map(ImportRow::Customer), give),
        ImportKind::Deals => each(table, fixes, &mut reader, &mut |r, row| deal_rows::deal(r, row).map(ImportRow::Deal), give),
        ImportKind::Appointments => {
            each(table, fixes, &mut reader, &mut |r, row| appointment_rows::appointment(r, row).map(ImportRow::Appointment), give);
        }
        ImportKind::Inventory => each(table, fixes, &mut reader, &mut |r, row| feeds::listing(r, row).map(ImportRow::Listing), give),
        ImportKind::RepairOrders => {
            let mut orders = repair_order_rows::Orders::new(give);
            table.each_row(fixes, &mut |line| {
                let outcome = reader.outcome(&line, &mut |r, row| repair_order_rows::repair_order(r, row));
                orders.take(line.number, line.cells, outcome, std::mem::take(&mut reader.warnings));
            });
            orders.end();
        }
        ImportKind::Unknown => return Err("Headlight imports customers, deals, repair orders, appointments and inventory.".to_owned()),
    }
    Ok(())
}

type ReadRow<'f> = dyn FnMut(&mut Reader<'_>, Row<'_>) -> Result<ImportRow, Vec<Problem>> + 'f;

fn each(table: &Table<'_>, fixes: &Fixes, reader: &mut Reader<'_>, read: &mut ReadRow<'_>, give: &mut dyn FnMut(RowRead<'_>)) {
    table.each_row(fixes, &mut |line: Line<'_>| {
        let outcome = reader.outcome(&line, read);
        give(RowRead { line: line.number, cells: line.cells, outcome, warnings: std::mem::take(&mut reader.warnings) });
    });
}

/// A file that lacks what every row of its kind needs would be held back row by row.
fn refuse_what_tells_nothing(kind: ImportKind, columns: &Columns) -> Result<(), String> {
    let has_one = |wanted: &[Column]| wanted.iter().any(|column| columns.has(*column));
    let needs: &[(&[Column], &str)] = match kind {
        ImportKind::Customers => &[(people_rows::TELLING, "a name, a phone number or an email address")],
        ImportKind::Deals => {
            &[(&[Column::SoldDate, Column::DeliveredDate, Column::PostedDate], "the date of the sale, such as Contract Date or Sold Date")]
        }
        ImportKind::RepairOrders => &[(&[Column::RepairOrderNumber], "the repair order number"), (&[Column::OpenDate], "the opening date")],
        ImportKind::Appointments => {
            &[(&[Column::AppointmentNumber], "the appointment number"), (&[Column::AppointmentDate], "the date of the appointment")]
        }
        ImportKind::Inventory => &[(&[Column::Vin, Column::Stock], "a VIN or a stock number")],
        ImportKind::Unknown => &[],
    };
    match needs.iter().find(|(wanted, _)| !has_one(wanted)) {
        Some((_, what)) => Err(format!("The file has no column with {what}.")),
        None => Ok(()),
    }
}

/// Reads a file as one of a kind that is known, by the guess: for those who cannot look.
pub(super) fn gather<T>(
    kind: ImportKind,
    bytes: &[u8],
    source: &str,
    received: At,
    zone: &Zone,
    mut of_row: impl FnMut(ImportRow) -> Option<T>,
) -> Result<Read<T>, String> {
    let table = Table::open(bytes)?;
    let mapping = guess::mapping(kind, &guess::names(table.header.iter()), source.to_owned());
    let mut notes = Notes::default();
    let mut read = Read { rows: Vec::new(), held_back: Vec::new(), notes: Vec::new() };
    read_table(&table, &mapping, &Fixes::new(), received, zone, &mut |row| {
        notes.add(row.warnings, row.line);
        match row.outcome {
            Ok(said) => read.rows.extend(of_row(said).map(|said| (row.line, said))),
            Err(problems) => read.held_back.extend(problems.into_iter().next().map(|problem| (row.line, problem.what))),
        }
    })?;
    read.notes = notes.sentences();
    Ok(read)
}
