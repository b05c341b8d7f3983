//! What kind of thing does each column of a table say, and which says nothing that could be learnt?

use super::{
    cell::{Fraction, Order, moment, number, trimmed},
    count,
};
use std::{collections::HashMap, fmt};

/// No level, no place.
pub(super) const NONE: u32 = u32::MAX;

/// One column as a file says it: each different text once.
#[derive(Debug, Clone)]
pub struct Words {
    name: String,
    /// Of each row its place in `said`.
    rows: Vec<u32>,
    said: Vec<String>,
    known: HashMap<String, u32>,
}

/// A table of which the outcome can be learnt.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub rows: usize,
    pub columns: Vec<Column>,
    pub left_out: Vec<(String, LeftOut)>,
}

/// One column that can be learnt from. A row says a number or a level: a word, a blank, or a word where others have a number.
#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    /// NaN where the row says no number. Empty in a column of levels only.
    pub(super) numbers: Vec<f64>,
    /// [`NONE`] where the row says a number; 0 where it says nothing.
    pub(super) levels: Vec<u32>,
    /// How many levels there are.
    pub(super) of_levels: usize,
}

/// Why a column is not learnt from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// An id, a name: it would be learnt by heart.
    Differs,
    /// It tells nobody from anybody.
    Same,
    /// Somebody asked for it.
    Asked,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Differs => "differs in nearly every row",
            Self::Same => "says the same in every row",
            Self::Asked => "ignored as asked",
        })
    }
}

/// So many cells of a column must be numbers, or days, for it to be a column of them: four of five.
const MOST_OF: (usize, usize) = (4, 5);
/// From so few rows nothing is told of how much a column differs.
const FEW_ROWS: usize = 20;
/// Words of which the name of a column of ids has one.
const ID_WORDS: [&str; 9] = ["id", "no", "nr", "num", "number", "key", "index", "row", "rownames"];

impl Words {
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.trim().to_owned(), rows: Vec::new(), said: Vec::new(), known: HashMap::new() }
    }

    pub fn push(&mut self, cell: &str) {
        let cell = trimmed(cell);
        let place = self.known.get(cell).copied().unwrap_or_else(|| {
            let next = u32::try_from(self.said.len()).unwrap_or(NONE);
            self.known.insert(cell.to_owned(), next);
            self.said.push(cell.to_owned());
            next
        });
        self.rows.push(place);
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Row by row, empty where nothing is said.
    pub(super) fn each(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|place| self.said[*place as usize].as_str())
    }

    fn filled(&self) -> impl Iterator<Item = &str> {
        self.said.iter().map(String::as_str).filter(|word| !word.is_empty())
    }

    fn is_most(&self, holds: impl Fn(&str) -> bool) -> bool {
        let holds: Vec<bool> = self.said.iter().map(|word| holds(word)).collect();
        let rows_that = |test: &dyn Fn(usize) -> bool| self.rows.iter().filter(|place| test(**place as usize)).count();
        let filled = rows_that(&|place| !self.said[place].is_empty());
        filled > 0 && rows_that(&|place| holds[place]) * MOST_OF.1 >= filled * MOST_OF.0
    }
}

impl Table {
    /// Takes the columns for what their cells look like; the outcome is none of them.
    #[must_use]
    pub fn of(words: Vec<Words>, ignore: &[String]) -> Self {
        let mut table = Self { rows: words.first().map_or(0, |w| w.rows.len()), ..Self::default() };
        for words in words {
            let asked = ignore.iter().any(|name| name.trim().eq_ignore_ascii_case(&words.name));
            match if asked { Err(LeftOut::Asked) } else { columns(&words) } {
                Ok(columns) => table.columns.extend(columns),
                Err(why) => table.left_out.push((words.name, why)),
            }
        }
        table
    }
}

fn columns(words: &Words) -> Result<Vec<Column>, LeftOut> {
    let distinct = words.filled().count();
    let filled = words.each().filter(|word| !word.is_empty()).count();
    if words.said.len() < 2 {
        return Err(LeftOut::Same);
    }
    let fraction = Fraction::of(words.filled());
    if distinct > 2 && words.is_most(|word| number(word, fraction).is_some()) {
        let column = Column::of(words, &words.name, |word| number(word, fraction));
        let differs = filled >= FEW_ROWS && distinct * 20 > filled * 19;
        return if differs && counts_rows(&column) { Err(LeftOut::Differs) } else { Ok(vec![column]) };
    }
    let order = Order::of(words.filled());
    if distinct > 2 && words.is_most(|word| moment(word, order).is_some()) {
        return Ok(of_moments(words, order));
    }
    if filled >= FEW_ROWS && distinct * 2 > filled {
        return Err(LeftOut::Differs);
    }
    Ok(vec![Column::of(words, &words.name, |_| None)])
}

impl Column {
    fn of(words: &Words, name: &str, number: impl Fn(&str) -> Option<f64>) -> Self {
        let numbers: Vec<f64> = words.said.iter().map(|word| number(word).unwrap_or(f64::NAN)).collect();
        let mut next = 0;
        let level = |(word, number): (&String, &f64)| match () {
            () if !number.is_nan() => NONE,
            () if word.is_empty() => 0,
            () => {
                next += 1;
                next
            }
        };
        let levels: Vec<u32> = words.said.iter().zip(&numbers).map(level).collect();
        let says_numbers = numbers.iter().any(|n| !n.is_nan());
        Self {
            name: name.to_owned(),
            numbers: if says_numbers { words.rows.iter().map(|place| numbers[*place as usize]).collect() } else { Vec::new() },
            levels: words.rows.iter().map(|place| levels[*place as usize]).collect(),
            of_levels: next as usize + 1,
        }
    }

    /// The number of a row, if it says one.
    pub(super) fn number(&self, row: usize) -> Option<f64> {
        self.numbers.get(row).copied().filter(|n| !n.is_nan())
    }
}

/// Whole numbers that are called an id, go up or down row by row, or leave hardly a gap: they count the rows.
fn counts_rows(column: &Column) -> bool {
    let all: Vec<f64> = column.numbers.iter().copied().filter(|n| !n.is_nan()).collect();
    if all.iter().any(|n| n.fract() != 0.0) {
        return false;
    }
    let name = column.name.to_ascii_lowercase();
    let is_named = name.is_empty() || name.split(|c: char| !c.is_ascii_alphabetic()).any(|word| ID_WORDS.contains(&word)) || name.ends_with("id");
    let steps = all.len().saturating_sub(1);
    let ups = all.windows(2).filter(|pair| pair[1] > pair[0]).count();
    let is_sorted = ups.min(steps - ups) * 50 <= steps;
    let (least, most) = all.iter().fold((f64::MAX, f64::MIN), |(least, most), n| (least.min(*n), most.max(*n)));
    is_named || is_sorted || most - least < 1.5 * count(all.len())
}

/// A moment says a season, a day of the week and, where it has one, an hour.
fn of_moments(words: &Words, order: Order) -> Vec<Column> {
    #[expect(clippy::cast_precision_loss, reason = "days of some centuries")]
    let number = |day: i64| day as f64;
    let at = |word: &str| moment(word, order);
    let mut columns = vec![
        Column::of(words, &words.name, |word| at(word).map(|m| number(m.day))),
        Column::of(words, &format!("{} (day of the week)", words.name), |word| at(word).map(|m| number((m.day + 3).rem_euclid(7)))),
    ];
    if words.filled().any(|word| at(word).is_some_and(|m| m.hour.is_some_and(|hour| hour > 0.0))) {
        columns.push(Column::of(words, &format!("{} (hour)", words.name), |word| at(word).and_then(|m| m.hour)));
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: &str, cells: impl IntoIterator<Item = String>) -> Words {
        let mut words = Words::new(name);
        cells.into_iter().for_each(|cell| words.push(&cell));
        words
    }

    fn one(name: &str, cell: impl Fn(usize) -> String) -> Table {
        Table::of(vec![words(name, (0..100).map(cell))], &[])
    }

    fn check_left_out(name: &str, cell: impl Fn(usize) -> String, why: LeftOut) {
        assert_eq!(one(name, cell).left_out, vec![(name.to_owned(), why)]);
    }

    #[test]
    fn a_column_that_differs_in_every_row_is_not_learnt_by_heart() {
        check_left_out("Prospect ID", |n| format!("7927b2df-{n}"), LeftOut::Differs);
        check_left_out("Lead Number", |n| (660_000 - n * 7).to_string(), LeftOut::Differs);
        check_left_out("", |n| n.to_string(), LeftOut::Differs);
        check_left_out("customer_id", |n| (n * 7_919 % 100_003).to_string(), LeftOut::Differs);
        check_left_out("passenger", |n| (n * 37 % 100).to_string(), LeftOut::Differs);
    }

    #[test]
    fn a_measure_may_differ_in_every_row() {
        assert!(one("balance", |n| format!("{}.5", n * 7_919 % 1_009)).left_out.is_empty());
        assert!(one("income", |n| (n * 7_919 % 100_003).to_string()).left_out.is_empty());
    }

    #[test]
    fn the_same_everywhere_tells_nothing_and_a_blank_does() {
        check_left_out("Magazine", |_| "No".to_owned(), LeftOut::Same);
        check_left_out("empty", |_| "  ".to_owned(), LeftOut::Same);
        let now_and_then = one("note", |n| if n % 3 == 0 { String::new() } else { "x".to_owned() });
        assert_eq!(now_and_then.columns[0].of_levels, 2);
    }

    #[test]
    fn numbers_with_a_few_words_among_them_are_numbers() {
        let table = one("price", |n| match n % 10 {
            0 => "call us".to_owned(),
            1 => "?".to_owned(),
            _ => format!("${},{:03}", n % 13 + 1, n),
        });
        let column = &table.columns[0];
        assert_eq!((column.number(12), column.number(10), column.number(11)), (Some(13_012.0), None, None));
        assert_eq!((column.levels[12], column.levels[10], column.levels[11], column.of_levels), (NONE, 1, 0, 2));
    }

    #[test]
    fn moments_say_a_day_a_weekday_and_an_hour() {
        let table = one("created", |n| format!("2026-01-{:02} {:02}:30", n % 28 + 1, n % 24));
        assert_eq!(table.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["created", "created (day of the week)", "created (hour)"]);
        // 2026-01-05 is a Monday.
        assert_eq!((table.columns[1].number(4), table.columns[2].number(4)), (Some(0.0), Some(4.5)));
    }

    #[test]
    fn what_is_to_be_ignored_is() {
        let table = Table::of(vec![words("Tags", ["a", "b"].map(String::from)), words("Pets", ["c", "d"].map(String::from))], &[" tags".to_owned()]);
        assert_eq!((table.left_out, table.columns.len(), table.rows), (vec![("Tags".to_owned(), LeftOut::Asked)], 1, 2));
    }
}
