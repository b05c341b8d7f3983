//! Which two columns say together what neither says alone?

use super::{
    count,
    encode::{Cut, Encoder, place},
    solve::Shape,
    table::Table,
};

/// Two columns crossed: a weight for each pair of their cells.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    one: usize,
    other: usize,
    first: u32,
}

const PAIRS_MOST: usize = 12;
/// How far what a pair shows must be from what chance shows, in deviations of chance.
const LEAST_SURPRISE: f64 = 4.0;
/// Cells that could hardly show anything are not counted.
const LEAST_CURVATURE: f64 = 0.5;
const PAIR_PRECISION: f64 = 4.0;

/// Rows, what came of them, and what chance they were given by the columns alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told<'t> {
    pub(super) rows: &'t [usize],
    pub(super) came: &'t [bool],
    pub(super) chances: &'t [f64],
}

impl Encoder {
    /// Crosses the pairs of columns in whose cells most came otherwise than the columns alone foretold.
    pub(super) fn cross(&mut self, table: &Table, told: Told<'_>) {
        let cells: Vec<Vec<usize>> =
            table.columns.iter().zip(&self.cuts).map(|(column, cut)| told.rows.iter().map(|row| cut.nearest(column, *row)).collect()).collect();
        let mut found: Vec<(f64, usize, usize)> = Vec::new();
        for other in 0..cells.len() {
            for one in 0..other {
                let surprise = surprise((&cells[one], self.cuts[one].cells), (&cells[other], self.cuts[other].cells), told);
                if surprise > LEAST_SURPRISE {
                    found.push((surprise, one, other));
                }
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (_, one, other) in found.into_iter().take(PAIRS_MOST) {
            let first = self.block(self.cuts[one].cells * self.cuts[other].cells, Shape::Apart, PAIR_PRECISION, true);
            self.pairs.push(Pair { one, other, first });
        }
    }
}

/// How far the cells of a pair are from what was foretold, in deviations of chance: a score test of the weights that they would have.
fn surprise((ones, of_one): (&[usize], usize), (others, of_other): (&[usize], usize), told: Told<'_>) -> f64 {
    // Of each cell how much more came than was foretold, and how far chance would carry it.
    let mut sums = vec![(0.0, 0.0); of_one * of_other];
    for (((one, other), came), chance) in ones.iter().zip(others).zip(told.came).zip(told.chances) {
        let (off, curvature) = &mut sums[one * of_other + other];
        *off += f64::from(u8::from(*came)) - chance;
        *curvature += chance * (1.0 - chance);
    }
    let shows = |at: usize| sums[at].1 > LEAST_CURVATURE;
    let squares: f64 =
        sums.iter().filter(|(_, curvature)| *curvature > LEAST_CURVATURE).map(|(off, curvature)| off * off / (curvature + LEAST_CURVATURE)).sum();
    let shown = (0..sums.len()).filter(|at| shows(*at)).count();
    let lines = (0..of_one).filter(|one| (0..of_other).any(|other| shows(one * of_other + other))).count();
    let rows = (0..of_other).filter(|other| (0..of_one).any(|one| shows(one * of_other + other))).count();
    // What the columns say alone is already foretold.
    let free = count((shown + 1).saturating_sub(lines + rows).max(1));
    (squares - free) / (2.0 * free).sqrt()
}

impl Pair {
    pub(super) fn encode(&self, table: &Table, cuts: &[Cut], row: usize, places: &mut Vec<(u32, f64)>) {
        let of_other = cuts[self.other].cells;
        for (one, share) in cuts[self.one].shares(&table.columns[self.one], row) {
            for (other, of_share) in cuts[self.other].shares(&table.columns[self.other], row) {
                if share * of_share > 0.0 {
                    places.push((self.first + place(one * of_other + other), share * of_share));
                }
            }
        }
    }

    /// The names of the two.
    pub(super) fn names<'t>(&self, table: &'t Table) -> (&'t str, &'t str) {
        (&table.columns[self.one].name, &table.columns[self.other].name)
    }
}
