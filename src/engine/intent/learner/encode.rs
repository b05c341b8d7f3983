//! How does a row of a table become numbers that can be weighed?
//!
//! A number becomes a straight line and a curve over it, by knots where its values lie; each level has a weight of its own, the rare ones
//! one together. What is blank is a level too: that somebody did not say it may say much.

use super::{
    count,
    pairs::Pair,
    solve::{Block, Design, Prior, Shape},
    table::{Column, NONE, Table},
};

/// How the columns are laid out as weights, learnt from some rows of the table.
#[derive(Debug, Clone)]
pub(super) struct Encoder {
    mains: Vec<Main>,
    pub(super) pairs: Vec<Pair>,
    pub(super) blocks: Vec<Block>,
    pub(super) width: usize,
    /// How fine the columns are cut to be crossed with one another.
    pub(super) cuts: Vec<Cut>,
}

#[derive(Debug, Clone)]
struct Main {
    line: Option<Line>,
    /// The weight of each level; [`NONE`] where there were too few of it to say anything.
    levels: Vec<u32>,
}

/// A number's straight line and its curve.
#[derive(Debug, Clone)]
struct Line {
    place: u32,
    middle: f64,
    spread: f64,
    least: f64,
    most: f64,
    /// Where the curve begins, and its knots; none where two values are all there are.
    curve: Option<(u32, Vec<f64>)>,
}

/// A column in a few cells: 0 for what is rare or no number.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    knots: Vec<f64>,
    levels: Vec<u32>,
    pub(super) cells: usize,
}

/// Weights of all curves together: more would only take time.
const KNOTS_IN_ALL: usize = 600;
const KNOTS: (usize, usize) = (3, 12);
/// Rows that a knot needs to have something to say.
const ROWS_A_KNOT: usize = 50;
const LEVELS_MOST: usize = 60;
/// A level needs one row of so many, and these at least and at most.
const LEVEL_PART: usize = 1_000;
const LEVEL_ROWS: (usize, usize) = (3, 20);
/// Rows that a cell of one column needs before it is crossed, and how many cells there are.
const ROWS_A_CELL: usize = 150;
const CELLS: (usize, usize) = (3, 6);
/// A line is not drawn beyond these shares of the rows: the few beyond may be typing errors.
const TAILS: (f64, f64) = (0.005, 0.995);
/// The intercept is all but free; a single row must not make it certain.
const FREE: f64 = 0.25;
const LINE_PRECISION: f64 = 1.0;
const CURVE_PRECISION: f64 = 4.0;
const LEVEL_PRECISION: f64 = 1.0;

/// Up to two places with the share of each.
pub(super) type Shares = [(usize, f64); 2];

impl Encoder {
    /// Lays the columns out by what these rows say. Looks at no outcome.
    pub(super) fn new(table: &Table, rows: &[usize]) -> Self {
        let lines = table.columns.iter().filter(|c| !c.numbers.is_empty()).count();
        let knots = (rows.len() / ROWS_A_KNOT).clamp(KNOTS.0, KNOTS.1).min(KNOTS_IN_ALL / lines.max(1)).max(KNOTS.0);
        let cells = (rows.len() / ROWS_A_CELL).clamp(CELLS.0, CELLS.1);
        let needed = (rows.len() / LEVEL_PART).clamp(LEVEL_ROWS.0, LEVEL_ROWS.1);
        let mut new = Self { mains: Vec::new(), pairs: Vec::new(), blocks: Vec::new(), width: 0, cuts: Vec::new() };
        new.block(1, Shape::Apart, FREE, false);
        // The lines share a precision: many measures of one thing must not each be trusted alone.
        let first_line = new.block(lines, Shape::Apart, LINE_PRECISION, true);
        let mut next_line = first_line;
        for column in &table.columns {
            let mut sorted: Vec<f64> = rows.iter().filter_map(|row| column.number(*row)).collect();
            sorted.sort_by(f64::total_cmp);
            let frequent = frequent_levels(column, rows, needed);
            let line = (!column.numbers.is_empty()).then(|| {
                next_line += 1;
                new.line(next_line - 1, &sorted, knots)
            });
            let levels = new.levels(column, &frequent, needed);
            new.mains.push(Main { line, levels });
            new.cuts.push(Cut::new(column, &sorted, &frequent, needed, cells));
        }
        new
    }

    /// Room for so many more weights. Returns the first.
    pub(super) fn block(&mut self, weights: usize, shape: Shape, precision: f64, learns: bool) -> u32 {
        let from = self.width;
        self.width += weights;
        if weights > 0 {
            self.blocks.push(Block { places: from..self.width, shape, precision, learns });
        }
        place(from)
    }

    fn line(&mut self, place: u32, sorted: &[f64], most_knots: usize) -> Line {
        let knots = knots(sorted, most_knots);
        let (mut least, mut most) = (share_of(sorted, TAILS.0), share_of(sorted, TAILS.1));
        if least >= most {
            (least, most) = (share_of(sorted, 0.0), share_of(sorted, 1.0));
        }
        let clamped = || sorted.iter().map(|n| n.clamp(least, most));
        let n = count(sorted.len().max(1));
        let middle = clamped().sum::<f64>() / n;
        let spread = (clamped().map(|n| (n - middle).powi(2)).sum::<f64>() / n).sqrt();
        let curve = (knots.len() > 2).then(|| (self.block(knots.len(), Shape::Chain, CURVE_PRECISION, true), knots));
        Line { place, middle, spread: if spread > 0.0 { spread } else { 1.0 }, least, most, curve }
    }

    /// A weight for each frequent level, and one for all others where they are frequent together.
    fn levels(&mut self, column: &Column, frequent: &[(usize, usize)], needed: usize) -> Vec<u32> {
        let mut places = vec![NONE; column.of_levels];
        let own: Vec<usize> = frequent.iter().take(LEVELS_MOST).filter(|(_, rows)| *rows >= needed).map(|(level, _)| *level).collect();
        let rare: usize = frequent.iter().filter(|(level, _)| !own.contains(level)).map(|(_, rows)| rows).sum();
        let together = rare >= needed;
        let first = self.block(own.len() + usize::from(together), Shape::Apart, LEVEL_PRECISION, true);
        if together {
            places.fill(first + place(own.len()));
        }
        for (at, level) in (first..).zip(own) {
            places[level] = at;
        }
        places
    }

    pub(super) fn design(&self, table: &Table, rows: &[usize]) -> Design {
        let mut design = Design::new(self.width);
        let mut places = Vec::new();
        for row in rows {
            places.clear();
            places.push((0, 1.0));
            for (column, main) in table.columns.iter().zip(&self.mains) {
                main.encode(column, *row, &mut places);
            }
            for pair in &self.pairs {
                pair.encode(table, &self.cuts, *row, &mut places);
            }
            design.push(&mut places);
        }
        design
    }

    /// Nothing says anything yet; all have the base rate.
    pub(super) fn prior(&self, base_log_odds: f64) -> Prior {
        let mut mean = vec![0.0; self.width];
        if let Some(intercept) = mean.first_mut() {
            *intercept = base_log_odds;
        }
        Prior { mean, blocks: self.blocks.clone() }
    }
}

impl Main {
    fn encode(&self, column: &Column, row: usize, places: &mut Vec<(u32, f64)>) {
        if let (Some(line), Some(number)) = (&self.line, column.number(row)) {
            places.push((line.place, (number.clamp(line.least, line.most) - line.middle) / line.spread));
            if let Some((first, knots)) = &line.curve {
                let shares = hats(knots, number).into_iter().filter(|(_, share)| *share > 0.0);
                places.extend(shares.map(|(knot, share)| (first + place(knot), share)));
            }
            return;
        }
        let at = self.levels.get(column.levels[row] as usize).copied().unwrap_or(NONE);
        if at != NONE {
            places.push((at, 1.0));
        }
    }
}

impl Cut {
    fn new(column: &Column, sorted: &[f64], frequent: &[(usize, usize)], needed: usize, cells: usize) -> Self {
        let knots = if column.numbers.is_empty() { Vec::new() } else { knots(sorted, cells) };
        let mut levels = vec![0; column.of_levels];
        let mut next = 1 + knots.len();
        let own = if knots.is_empty() { cells } else { 1 };
        for (level, _) in frequent.iter().take(own).filter(|(_, rows)| *rows >= needed) {
            levels[*level] = place(next);
            next += 1;
        }
        Self { knots, levels, cells: next }
    }

    /// In which cells a row lies: between two knots in both.
    pub(super) fn shares(&self, column: &Column, row: usize) -> Shares {
        match column.number(row) {
            Some(number) if !self.knots.is_empty() => hats(&self.knots, number).map(|(knot, share)| (knot + 1, share)),
            Some(_) => [(0, 1.0), (0, 0.0)],
            None => [(self.levels.get(column.levels[row] as usize).copied().unwrap_or(0) as usize, 1.0), (0, 0.0)],
        }
    }

    /// The cell it lies in most.
    pub(super) fn nearest(&self, column: &Column, row: usize) -> usize {
        let [one, other] = self.shares(column, row);
        if one.1 >= other.1 { one.0 } else { other.0 }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "weights are some hundreds")]
pub(super) fn place(at: usize) -> u32 {
    at as u32
}

/// The levels that these rows say, the most frequent first, with how many rows say each.
fn frequent_levels(column: &Column, rows: &[usize], needed: usize) -> Vec<(usize, usize)> {
    let mut counts = vec![0; column.of_levels];
    for row in rows {
        if let Some(rows) = counts.get_mut(column.levels[*row] as usize) {
            *rows += 1;
        }
    }
    let mut found: Vec<(usize, usize)> = counts.into_iter().enumerate().filter(|(_, rows)| *rows > 0).collect();
    found.sort_by_key(|(level, rows)| (std::cmp::Reverse(*rows), *level));
    // A column of numbers with a single odd word has no level of its own.
    if !column.numbers.is_empty() && found.iter().map(|(_, rows)| rows).sum::<usize>() < needed {
        found.clear();
    }
    found
}

/// The number below which so much of them lies.
fn share_of(sorted: &[f64], share: f64) -> f64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length lies within it")]
    let at = (count(sorted.len().saturating_sub(1)) * share) as usize;
    sorted.get(at).copied().unwrap_or(0.0)
}

/// Where a curve may bend: every value where they are few; else where values are heaped, and between the heaps by equal counts.
fn knots(sorted: &[f64], most: usize) -> Vec<f64> {
    #[expect(clippy::float_cmp, reason = "the very same value")]
    let heaps: Vec<(f64, usize)> = sorted.chunk_by(|a, b| a == b).filter_map(|same| same.first().map(|n| (*n, same.len()))).collect();
    if heaps.len() <= most {
        return heaps.into_iter().map(|(value, _)| value).collect();
    }
    let heavy = |(_, rows): &&(f64, usize)| *rows * most >= sorted.len();
    let heavies = heaps.iter().filter(heavy).count();
    let light: usize = heaps.iter().filter(|heap| !heavy(heap)).map(|(_, rows)| rows).sum();
    let each = light.div_ceil(most.saturating_sub(heavies).max(2)).max(1);
    let mut knots = Vec::with_capacity(most + heavies);
    let (mut passed, mut after_heavy) = (0, true);
    for heap in &heaps {
        let is_heavy = heavy(&heap);
        passed += if is_heavy { 0 } else { heap.1 };
        // Beside a heap the curve may jump.
        if is_heavy || after_heavy || passed >= each {
            knots.push(heap.0);
            passed = 0;
        }
        after_heavy = is_heavy;
    }
    let last = heaps.last().map(|(value, _)| *value);
    if knots.last().copied() != last {
        knots.extend(last);
    }
    knots
}

/// Between two knots a value lies in both, by its nearness; beyond the ends in the last.
fn hats(knots: &[f64], value: f64) -> Shares {
    let above = knots.partition_point(|knot| *knot <= value);
    match (above.checked_sub(1), knots.get(above)) {
        (Some(below), Some(next)) => {
            let share = (value - knots[below]) / (next - knots[below]);
            [(below, 1.0 - share), (above, share)]
        }
        (Some(last), None) => [(last, 1.0), (0, 0.0)],
        (None, _) => [(0, 1.0), (0, 0.0)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::intent::learner::table::Words;
    use proptest::prelude::*;

    type Say = fn(usize) -> String;

    fn table(columns: &[(&str, Say)], rows: usize) -> Table {
        let words = columns.iter().map(|(name, cell)| {
            let mut words = Words::new(name);
            (0..rows).for_each(|row| words.push(&cell(row)));
            words
        });
        Table::of(words.collect(), &[])
    }

    #[test]
    fn every_weight_lies_in_one_block() {
        let table = table(&[("age", |n| (n % 61).to_string()), ("job", |n| ["a", "b", "", "c"][n % 4].to_owned())], 400);
        let encoder = Encoder::new(&table, &(0..400).collect::<Vec<_>>());
        let places: Vec<usize> = encoder.blocks.iter().flat_map(|b| b.places.clone()).collect();
        assert_eq!(places, (0..encoder.width).collect::<Vec<_>>());
    }

    #[test]
    fn a_level_that_was_not_seen_says_nothing() {
        let table = table(&[("job", |n| if n < 100 { ["a", "b"][n % 2].to_owned() } else { "new".to_owned() })], 101);
        let encoder = Encoder::new(&table, &(0..100).collect::<Vec<_>>());
        assert_eq!(encoder.design(&table, &[100]).log_odds(&vec![1.0; encoder.width]), [1.0]);
        assert_eq!(encoder.design(&table, &[0]).log_odds(&vec![1.0; encoder.width]), [2.0]);
    }

    #[test]
    fn rare_levels_are_one() {
        let table = table(&[("town", |n| if n % 2 == 0 { "big".to_owned() } else { format!("small {}", n % 80) })], 200);
        let encoder = Encoder::new(&table, &(0..80).collect::<Vec<_>>());
        assert_eq!(encoder.width, 1 + 2);
    }

    #[test]
    fn heaped_values_are_knots_and_so_are_their_neighbours() {
        let mut values: Vec<f64> = vec![0.0; 900];
        values.extend((1..=100).map(|n| f64::from(n) * 10.0));
        let knots = knots(&values, 6);
        assert_eq!((knots[0], knots[1], knots.last().copied()), (0.0, 10.0, Some(1000.0)));
        assert!(knots.len() <= 9, "{knots:?}");
    }

    proptest! {
        #[test]
        fn a_value_lies_wholly_between_its_knots(mut values in prop::collection::vec(-1e3..1e3_f64, 1..80), value in -2e3..2e3_f64, most in 3..12_usize) {
            values.sort_by(f64::total_cmp);
            let knots = knots(&values, most);
            prop_assert!(knots.windows(2).all(|pair| pair[0] < pair[1]));
            let shares = hats(&knots, value);
            prop_assert!((shares.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!(shares.iter().all(|(at, share)| *at < knots.len() && (0.0..=1.0).contains(share)));
        }
    }
}
