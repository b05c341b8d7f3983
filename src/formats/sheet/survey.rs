//! What do the values of a whole file say of how it was written? Orders of dates and names, and what a spreadsheet has broken.

use super::{Column, DateOrder, Mapping, NameOrder, Target, guess};
use crate::formats::{
    cells::{self, OrderShown},
    delimited::Line,
};

/// What has been seen of a file so far.
pub(super) struct Survey {
    columns: Vec<Seen>,
    day_first: u64,
    month_first: u64,
    year_first: u64,
    /// Names of three words that end with a single letter, and those with one in the middle.
    initials_last: u64,
    initials_between: u64,
    lost_letters: u64,
    flaws: Vec<(&'static str, u64, u64)>,
}

struct Seen {
    column: Option<Column>,
    broken: u64,
    short_zips: u64,
    filled: u64,
    /// Cells with so many digits that they could be dates.
    could_be_dates: u64,
}

/// Fewer names than this tell no order.
const FEWEST_NAMES: u64 = 5;

impl Survey {
    pub(super) fn new(mapping: &Mapping) -> Self {
        let column = |target: &Target| match target {
            Target::Column(column) | Target::CoBuyer(column) => Some(*column),
            Target::Skip | Target::Note | Target::Tags | Target::Field(_) => None,
        };
        let seen = |target| Seen { column: column(target), broken: 0, short_zips: 0, filled: 0, could_be_dates: 0 };
        Self {
            columns: mapping.columns.iter().map(seen).collect(),
            day_first: 0,
            month_first: 0,
            year_first: 0,
            initials_last: 0,
            initials_between: 0,
            lost_letters: 0,
            flaws: Vec::new(),
        }
    }

    pub(super) fn see(&mut self, line: &Line<'_>) {
        if let Some(flaw) = line.flaw {
            match self.flaws.iter_mut().find(|(what, ..)| *what == flaw) {
                Some((_, rows, _)) => *rows += 1,
                None => self.flaws.push((flaw, 1, line.number)),
            }
        }
        for (place, cell) in line.cells.iter().enumerate().take(self.columns.len()) {
            self.see_cell(place, cell);
        }
    }

    fn see_cell(&mut self, place: usize, cell: &str) {
        if cell.contains('\u{fffd}') {
            self.lost_letters += 1;
        }
        let seen = &mut self.columns[place];
        let Some(column) = seen.column else { return };
        if column == Column::FullName {
            self.see_name(cell);
        } else if column.is_date() {
            seen.filled += u64::from(!cells::trimmed(cell).is_empty());
            seen.could_be_dates += u64::from(cell.bytes().filter(u8::is_ascii_digit).count() >= 3);
            match cells::order_shown(cell) {
                OrderShown::Only(DateOrder::DayFirst) => self.day_first += 1,
                OrderShown::Only(DateOrder::MonthFirst) => self.month_first += 1,
                OrderShown::Only(DateOrder::YearFirst) => self.year_first += 1,
                OrderShown::Either => {}
            }
        } else if column == Column::PostalCode {
            seen.short_zips +=
                u64::from(matches!(cell.trim().as_bytes(), [b'1'..=b'9', rest @ ..] if rest.len() == 3 && rest.iter().all(u8::is_ascii_digit)));
        } else {
            seen.broken += u64::from(cells::is_broken_number(cell));
        }
    }

    fn see_name(&mut self, cell: &str) {
        let mut words = cell.split_whitespace();
        if let (Some(_), Some(middle), Some(last), None) = (words.next(), words.next(), words.next(), words.next())
            && !cell.contains(',')
        {
            let is_initial = |word: &str| word.trim_end_matches('.').len() == 1;
            self.initials_last += u64::from(is_initial(last));
            self.initials_between += u64::from(is_initial(middle));
        }
    }

    /// Puts what was seen into the mapping, and says so.
    pub(super) fn conclude(self, mapping: &mut Mapping, headers: &[String]) -> Vec<String> {
        let mut notes: Vec<String> = Vec::new();
        match (self.month_first, self.day_first, self.year_first) {
            (0, 0, 1..) => {
                mapping.dates = DateOrder::YearFirst;
                notes.push("Dates are written with the year first, in two digits; they are read so.".to_owned());
            }
            (0, 1.., _) => {
                mapping.dates = DateOrder::DayFirst;
                notes.push("Dates are written with the day first, as in 24/11/2026; they are read so.".to_owned());
            }
            (1.., 1.., _) => notes.push(
                "Some dates have the day first and some the month. Dates are read with the month first; those that cannot be are listed.".to_owned(),
            ),
            _ => {}
        }
        if self.initials_last >= FEWEST_NAMES && self.initials_last > 4 * self.initials_between {
            mapping.names = NameOrder::LastFirst;
            notes.push("Names are written with the last name first, as in WHITFIELD DANA R; they are read so.".to_owned());
        }
        for ((seen, target), header) in self.columns.iter().zip(&mut mapping.columns).zip(headers) {
            // Where a row needs its date, the rows themselves say that it cannot be read.
            let is_needless = [Some(Column::LastActive), Some(Column::BirthDate)].contains(&seen.column);
            if is_needless && seen.filled > 0 && seen.could_be_dates == 0 {
                *target = guess::without_meaning(mapping.kind);
                notes.push(format!("The column {header} is named like a date and holds none."));
            }
            if seen.broken > 0 {
                notes.push(format!(
                    "In the column {header} a spreadsheet has turned {} into the form 1.2E+10; the digits are lost. Export the file again and bring \
                     it without opening it in a spreadsheet.",
                    counted(seen.broken, "number")
                ));
            }
            if seen.short_zips > 0 {
                notes.push(format!("In the column {header} {} four digits; a spreadsheet takes leading zeros off.", have(seen.short_zips)));
            }
        }
        if self.lost_letters > 0 {
            notes.push(format!("{} letters that were lost before the file came here; they are left out.", holding(self.lost_letters)));
        }
        for (flaw, rows, first) in &self.flaws {
            let what = flaw.trim_end_matches('.');
            notes.push(if *rows == 1 { format!("{what} (line {first}).") } else { format!("{what} ({rows} rows, the first in line {first}).") });
        }
        notes
    }
}

fn counted(n: u64, what: &str) -> String {
    if n == 1 { format!("one {what}") } else { format!("{n} {what}s") }
}

fn have(n: u64) -> String {
    if n == 1 { "one value has".to_owned() } else { format!("{n} values have") }
}

fn holding(n: u64) -> String {
    if n == 1 { "One cell holds".to_owned() } else { format!("{n} cells hold") }
}
