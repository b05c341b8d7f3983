//! What do the rows of a table teach, and would it have held for rows that were not seen?

use super::{
    calibrate::Calibration,
    count,
    encode::Encoder,
    figures::{Judged, log_loss},
    pairs::Told,
    solve::{Block, Fit, Prior, chance, fit},
    table::Table,
};

/// What was learnt of a table: of any row of it the chance can be said.
#[derive(Debug, Clone)]
pub struct Learnt {
    weighed: Weighed,
    calibration: Calibration,
}

/// Columns laid out, and their weights.
#[derive(Debug, Clone)]
struct Weighed {
    encoder: Encoder,
    weights: Vec<f64>,
}

/// What a learner may see.
#[derive(Debug, Clone, Copy)]
pub struct Lesson<'t> {
    pub table: &'t Table,
    /// Of each row of the table what came.
    pub came: &'t [bool],
}

/// Parts into which the rows are dealt to see what holds for rows that were not seen.
const INNER_FOLDS: usize = 3;
/// Of more rows than this, one part speaks for all.
const MANY_ROWS: usize = 20_000;
/// So many rows say how strongly each column is held.
const HEARD_ROWS: usize = 10_000;
/// Fewer rows of either outcome than this cannot be dealt out.
const FEWEST_DEALT: usize = 2 * INNER_FOLDS;

impl Learnt {
    /// Learns from these rows alone: how strongly each column is held, which columns are crossed and how the chances are calibrated are
    /// decided among them too.
    #[must_use]
    pub fn of(lesson: Lesson<'_>, rows: &[usize]) -> Self {
        let positives = rows.iter().filter(|row| lesson.came[**row]).count();
        if positives.min(rows.len() - positives) < FEWEST_DEALT {
            return Self { weighed: Weighed::plain(lesson, rows), calibration: Calibration::NONE };
        }
        let parts = deal(lesson.came, rows, INNER_FOLDS);
        let judged_parts = if rows.len() > MANY_ROWS { 1 } else { INNER_FOLDS };
        let (mut plain, mut crossed, mut came) = (Vec::new(), Vec::new(), Vec::new());
        for part in 0..judged_parts {
            let (seen, unseen) = parted(rows, &parts, part);
            let weighed = Weighed::plain(lesson, &seen);
            plain.extend(weighed.log_odds(lesson.table, &unseen));
            crossed.extend(weighed.crossed(lesson, &seen).log_odds(lesson.table, &unseen));
            came.extend(unseen.iter().map(|row| lesson.came[*row]));
        }
        let weighed = Weighed::plain(lesson, rows);
        if loss(&crossed, &came) < loss(&plain, &came) {
            Self { weighed: weighed.crossed(lesson, rows), calibration: Calibration::learn(&crossed, &came, Calibration::NONE) }
        } else {
            Self { weighed, calibration: Calibration::learn(&plain, &came, Calibration::NONE) }
        }
    }

    /// The chance of each of these rows, 0 to 1.
    #[must_use]
    pub fn chances(&self, table: &Table, rows: &[usize]) -> Vec<f64> {
        self.weighed.log_odds(table, rows).into_iter().map(|odds| self.calibration.chance(odds)).collect()
    }

    /// The pairs of columns that are weighed together.
    #[must_use]
    pub fn crossed<'t>(&self, table: &'t Table) -> Vec<(&'t str, &'t str)> {
        self.weighed.encoder.pairs.iter().map(|pair| pair.names(table)).collect()
    }
}

fn loss(log_odds: &[f64], came: &[bool]) -> f64 {
    let judged: Vec<Judged> = log_odds.iter().zip(came).map(|(odds, came)| Judged { chance: chance(*odds), came: *came }).collect();
    log_loss(&judged)
}

impl Weighed {
    /// Each column by itself.
    fn plain(lesson: Lesson<'_>, rows: &[usize]) -> Self {
        Self { encoder: Encoder::new(lesson.table, rows), weights: Vec::new() }.fitted(lesson, rows)
    }

    /// The same with the pairs that show most; the same alone where none shows anything.
    fn crossed(&self, lesson: Lesson<'_>, rows: &[usize]) -> Self {
        let some = sample(rows);
        let came: Vec<bool> = some.iter().map(|row| lesson.came[*row]).collect();
        let chances: Vec<f64> = self.log_odds(lesson.table, &some).into_iter().map(chance).collect();
        let mut encoder = self.encoder.clone();
        encoder.cross(lesson.table, Told { rows: &some, came: &came, chances: &chances });
        if encoder.pairs.is_empty() { self.clone() } else { Self { encoder, weights: self.weights.clone() }.fitted(lesson, rows) }
    }

    /// How strongly each block is held is heard from a sample, where there are many rows; the weights from all.
    fn fitted(mut self, lesson: Lesson<'_>, rows: &[usize]) -> Self {
        let positives = rows.iter().filter(|row| lesson.came[**row]).count();
        // Half a row of each outcome: a base rate of 0 or 1 is not believed.
        let base = ((count(positives) + 0.5) / (count(rows.len() - positives) + 0.5)).ln();
        let mut prior = self.encoder.prior(base);
        let mut start = prior.mean.clone();
        start.iter_mut().zip(&self.weights).for_each(|(start, weight)| *start = *weight);
        let some = sample(rows);
        let heard = self.solved(lesson, &some, &prior, &start);
        (self.weights, self.encoder.blocks) = (heard.weights, heard.blocks);
        if some.len() < rows.len() {
            prior.blocks = self.encoder.blocks.iter().map(|block| Block { learns: false, ..block.clone() }).collect();
            self.weights = self.solved(lesson, rows, &prior, &self.weights).weights;
        }
        self
    }

    fn solved(&self, lesson: Lesson<'_>, rows: &[usize], prior: &Prior, start: &[f64]) -> Fit {
        let came: Vec<bool> = rows.iter().map(|row| lesson.came[*row]).collect();
        fit(&self.encoder.design(lesson.table, rows), &came, prior, Some(start))
    }

    fn log_odds(&self, table: &Table, rows: &[usize]) -> Vec<f64> {
        self.encoder.design(table, rows).log_odds(&self.weights)
    }
}

/// At most [`HEARD_ROWS`] of them, evenly.
fn sample(rows: &[usize]) -> Vec<usize> {
    let mut shuffled = rows.to_vec();
    if rows.len() > HEARD_ROWS {
        shuffled.sort_by_key(|row| shuffle(*row as u64 ^ 0x5A5A));
        shuffled.truncate(HEARD_ROWS);
        shuffled.sort_unstable();
    }
    shuffled
}

/// Of each row its part: the same each time, and each part with as many of either outcome.
#[must_use]
pub fn deal(came: &[bool], rows: &[usize], parts: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|at| (came[rows[*at]], shuffle(rows[*at] as u64 ^ (parts as u64) << 32)));
    let mut dealt = vec![0; rows.len()];
    for (nth, at) in order.into_iter().enumerate() {
        dealt[at] = nth % parts.max(1);
    }
    dealt
}

/// The rows of all other parts, and those of this one.
#[must_use]
pub fn parted(rows: &[usize], parts: &[usize], part: usize) -> (Vec<usize>, Vec<usize>) {
    let (unseen, seen): (Vec<_>, Vec<_>) = rows.iter().zip(parts).partition(|(_, of)| **of == part);
    let bare = |rows: Vec<(&usize, &usize)>| rows.into_iter().map(|(row, _)| *row).collect();
    (bare(seen), bare(unseen))
}

/// A number that looks like chance and is the same each time (SplitMix64, Steele et al. 2014).
fn shuffle(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::intent::learner::{Figures, Words};

    /// Rows of three columns, made up the same way each time.
    struct Made {
        table: Table,
        came: Vec<bool>,
    }

    fn dice(row: usize, nth: u64) -> f64 {
        f64::from(u32::try_from(shuffle(row as u64 * 8 + nth) >> 32).unwrap_or(0)) / f64::from(u32::MAX)
    }

    /// `log_odds` of a row by its number (0 to 1) and its word (0 to 3).
    fn made(rows: usize, log_odds: impl Fn(f64, usize) -> f64) -> Made {
        let mut columns = ["number", "word", "noise"].map(Words::new);
        let mut came = Vec::new();
        for row in 0..rows {
            let (number, word) = (dice(row, 0), usize::from(dice(row, 1) > 0.5) + 2 * usize::from(dice(row, 4) > 0.5));
            columns[0].push(&format!("{number:.4}"));
            columns[1].push(["red", "blue", "", "green"][word]);
            columns[2].push(&format!("{:.3}", dice(row, 2)));
            came.push(dice(row, 3) < chance(log_odds(number, word)));
        }
        Made { table: Table::of(columns.into(), &[]), came }
    }

    /// Judged in three parts by what the other two teach.
    fn judged(made: &Made) -> Vec<Judged> {
        let rows: Vec<usize> = (0..made.came.len()).collect();
        let lesson = Lesson { table: &made.table, came: &made.came };
        let parts = deal(&made.came, &rows, 3);
        let of_part = |part| {
            let (seen, unseen) = parted(&rows, &parts, part);
            let chances = Learnt::of(lesson, &seen).chances(&made.table, &unseen);
            unseen.into_iter().zip(chances).map(|(row, chance)| Judged { chance, came: made.came[row] }).collect::<Vec<_>>()
        };
        (0..3).flat_map(of_part).collect()
    }

    fn auc(made: &Made) -> f64 {
        Figures::of(&judged(made)).unwrap().auc
    }

    #[test]
    fn lines_curves_and_words_are_learnt() {
        assert!(auc(&made(1_200, |number, _| 6.0 * number - 3.0)) > 0.8);
        assert!(auc(&made(1_200, |number, _| if (number - 0.5).abs() < 0.2 { 2.0 } else { -2.0 })) > 0.8);
        assert!(auc(&made(1_200, |_, word| if word == 2 { 2.0 } else { -2.0 })) > 0.8);
    }

    #[test]
    fn what_two_columns_say_only_together_is_learnt() {
        let odd = made(1_500, |number, word| if (number > 0.5) == (word % 2 == 0) { 2.0 } else { -2.0 });
        assert!(auc(&odd) > 0.8, "{}", auc(&odd));
        let rows: Vec<usize> = (0..1_500).collect();
        let learnt = Learnt::of(Lesson { table: &odd.table, came: &odd.came }, &rows);
        assert_eq!(learnt.crossed(&odd.table), [("number", "word")]);
    }

    #[test]
    fn where_there_is_nothing_to_learn_nothing_is_claimed() {
        let figures = Figures::of(&judged(&made(1_200, |_, _| -1.0))).unwrap();
        assert!((0.4..0.6).contains(&figures.auc) && figures.ece < 0.05 && figures.brier_skill.abs() < 0.02, "{figures:?}");
    }

    #[test]
    fn a_part_is_judged_by_nothing_of_its_own() {
        // Every row is a level that only it and one other row have: by heart each would be known.
        let mut twins = made(300, |_, _| 0.0);
        let mut names = Words::new("name");
        (0..300).for_each(|row| names.push(&format!("pair {}", row / 2 + 1_000)));
        for row in (0..300).step_by(2) {
            twins.came[row + 1] = !twins.came[row];
        }
        twins.table.columns.extend(Table::of(vec![names], &[]).columns);
        assert!((0.3..0.7).contains(&auc(&twins)), "{}", auc(&twins));
    }

    #[test]
    fn hardly_any_row_gives_a_chance_and_no_certainty() {
        for (rows, came) in [(1, vec![true]), (1, vec![false]), (4, vec![true, false, true, true])] {
            let made = made(rows, |_, _| 0.0);
            let all: Vec<usize> = (0..rows).collect();
            let learnt = Learnt::of(Lesson { table: &made.table, came: &came }, &all);
            assert!(learnt.chances(&made.table, &all).iter().all(|c| *c > 0.05 && *c < 0.95));
        }
    }

    #[test]
    fn no_column_at_all_gives_the_base_rate() {
        let came: Vec<bool> = (0..100).map(|n| n % 4 == 0).collect();
        let table = Table { rows: 100, ..Table::default() };
        let all: Vec<usize> = (0..100).collect();
        let chances = Learnt::of(Lesson { table: &table, came: &came }, &all).chances(&table, &all);
        assert!(chances.iter().all(|c| (c - 0.25).abs() < 0.01), "{:?}", chances[0]);
    }

    #[test]
    fn parts_are_the_same_each_time_and_alike() {
        let came: Vec<bool> = (0..103).map(|n| n % 5 == 0).collect();
        let rows: Vec<usize> = (0..103).collect();
        let parts = deal(&came, &rows, 4);
        assert_eq!(parts, deal(&came, &rows, 4));
        for part in 0..4 {
            let (seen, unseen) = parted(&rows, &parts, part);
            assert_eq!(seen.len() + unseen.len(), 103);
            assert!((25..=26).contains(&unseen.len()) && (5..=6).contains(&unseen.iter().filter(|row| came[**row]).count()));
        }
    }
}
