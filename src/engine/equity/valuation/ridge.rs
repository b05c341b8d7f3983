//! Which parts does a price fall into? A robust least-squares fit with many small groups, each held to its parent as far as its sales allow.
//!
//! Every row is a few dense measures (splines, all of them little penalised) and a few groups it belongs to (its make, its model, its trim
//! of that year). A group's effect is drawn towards none by `noise / spread` of its family, and the spread of each family is estimated from
//! the data (expectation maximisation), so that families that tell nothing vanish by themselves. Rows far from the rest weigh less (Huber).

use std::collections::HashMap;

/// One row: its dense measures, and its groups with the measure by which each works (1 for an offset, else a slope's).
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub(super) dense: Vec<f64>,
    pub(super) groups: Vec<Member>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub(super) family: usize,
    /// The group's name, hashed: two names that meet are as good as one group in 2^64.
    pub(super) key: u64,
    pub(super) by: f64,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Fitted {
    dense: Vec<f64>,
    effects: HashMap<(usize, u64), Effect>,
}

#[derive(Debug, Clone, Copy)]
struct Effect {
    size: f64,
    rows: u32,
}

/// Passes over all effects; the last ones change a price by less than one in ten thousand.
const PASSES: usize = 30;
/// Beyond so many times the usual distance a row is an outlier, and weighs as if it lay there.
const OUTLIER: f64 = 2.0;

pub(super) fn fit(rows: &[Row], targets: &[f64], sizes: &[f64], spreads: &[f64]) -> Fitted {
    let width = rows.first().map_or(0, |row| row.dense.len());
    let (columns, keys) = columns(rows, spreads.len());
    let mut effects: Vec<f64> = vec![0.0; columns.len()];
    let mut dense = vec![0.0; width];
    let mut spreads = spreads.to_vec();
    let mut left: Vec<f64> = targets.to_vec();
    let mut weights = vec![1.0; rows.len()];
    let mut noise: f64 = 0.2;
    for pass in 0..PASSES {
        // The dense block is solved whole, the groups of one family touch no row twice and so are solved whole too.
        let before: Vec<f64> = rows.iter().map(|row| dot(&row.dense, &dense)).collect();
        let aims: Vec<f64> = left.iter().zip(&before).map(|(l, b)| l + b).collect();
        dense = solve_dense(rows, &aims, &weights, sizes, noise);
        for ((l, row), aim) in left.iter_mut().zip(rows).zip(&aims) {
            *l = aim - dot(&row.dense, &dense);
        }
        let mut sums = vec![(0.0_f64, 0_u32); spreads.len()];
        for (column, effect) in columns.iter().zip(effects.iter_mut()) {
            let spread = spreads.get(column.family).copied().unwrap_or_default();
            let pull = noise * noise / (spread * spread);
            let (mut top, mut bottom) = (0.0, pull);
            for (row, by) in &column.cells {
                let weight = weights.get(*row).copied().unwrap_or_default();
                top += weight * by * (left.get(*row).copied().unwrap_or_default() + by * *effect);
                bottom += weight * by * by;
            }
            let now = top / bottom;
            for (row, by) in &column.cells {
                if let Some(l) = left.get_mut(*row) {
                    *l -= by * (now - *effect);
                }
            }
            *effect = now;
            if let Some((sum, count)) = sums.get_mut(column.family) {
                *sum += now * now + noise * noise / bottom;
                *count += 1;
            }
        }
        noise = robust_spread(&left).clamp(0.005, 1.0);
        for (weight, l) in weights.iter_mut().zip(&left) {
            *weight = (OUTLIER * noise / l.abs().max(1e-9)).min(1.0);
        }
        if pass >= 3 {
            for (spread, (sum, count)) in spreads.iter_mut().zip(sums) {
                // A family of few groups tells little of its own spread; it is held near what is usual.
                const USUAL_GROUPS: f64 = 5.0;
                let usual = *spread * *spread;
                *spread = ((sum + USUAL_GROUPS * usual) / (f64::from(count) + USUAL_GROUPS)).sqrt().clamp(0.002, 1.5);
            }
        }
    }
    let effects = keys
        .into_iter()
        .zip(columns.iter().zip(effects))
        .map(|(key, (column, size))| (key, Effect { size, rows: u32::try_from(column.cells.len()).unwrap_or(u32::MAX) }));
    Fitted { dense, effects: effects.collect() }
}

impl Fitted {
    /// The fitted target of a row; groups never met add nothing.
    pub(super) fn at(&self, row: &Row) -> f64 {
        dot(&row.dense, &self.dense) + row.groups.iter().map(|member| self.adds(member)).sum::<f64>()
    }

    /// What one group adds.
    pub(super) fn adds(&self, member: &Member) -> f64 {
        self.effects.get(&(member.family, member.key)).map_or(0.0, |effect| effect.size * member.by)
    }

    /// The weights of the dense measures, in their order.
    pub(super) fn dense(&self) -> &[f64] {
        &self.dense
    }

    /// How many of the rows fitted were of this group.
    pub(super) fn rows_of(&self, member: &Member) -> u32 {
        self.effects.get(&(member.family, member.key)).map_or(0, |effect| effect.rows)
    }
}

struct Column {
    family: usize,
    cells: Vec<(usize, f64)>,
}

/// The groups, family by family, each with the rows it has.
fn columns(rows: &[Row], families: usize) -> (Vec<Column>, Vec<(usize, u64)>) {
    let (mut columns, mut keys): (Vec<Column>, Vec<(usize, u64)>) = (Vec::new(), Vec::new());
    for family in 0..families {
        let mut places: HashMap<u64, usize> = HashMap::new();
        for (at, row) in rows.iter().enumerate() {
            for member in row.groups.iter().filter(|member| member.family == family) {
                let place = *places.entry(member.key).or_insert_with(|| {
                    columns.push(Column { family, cells: Vec::new() });
                    keys.push((family, member.key));
                    columns.len() - 1
                });
                if let Some(column) = columns.get_mut(place) {
                    column.cells.push((at, member.by));
                }
            }
        }
    }
    (columns, keys)
}

/// Least squares of the dense measures by Cholesky, each drawn to none by very little, the first not at all.
fn solve_dense(rows: &[Row], aims: &[f64], weights: &[f64], sizes: &[f64], noise: f64) -> Vec<f64> {
    let width = rows.first().map_or(0, |row| row.dense.len());
    let mut matrix = vec![vec![0.0; width]; width];
    let mut right = vec![0.0; width];
    for ((row, aim), weight) in rows.iter().zip(aims).zip(weights) {
        for (i, a) in row.dense.iter().enumerate().filter(|(_, a)| **a != 0.0) {
            if let (Some(line), Some(r)) = (matrix.get_mut(i), right.get_mut(i)) {
                *r += weight * a * aim;
                for (cell, b) in line.iter_mut().zip(&row.dense).take(i + 1) {
                    *cell += weight * a * b;
                }
            }
        }
    }
    for ((i, line), size) in matrix.iter_mut().enumerate().zip(sizes) {
        if let Some(cell) = line.get_mut(i) {
            *cell += noise * noise / (size * size);
        }
    }
    cholesky_solve(matrix, right)
}

/// Solves a symmetric positive definite system given by its lower half.
fn cholesky_solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for i in 0..size {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| cell(&matrix, i, k) * cell(&matrix, j, k)).sum();
            let value = if i == j { (cell(&matrix, i, i) - sum).max(1e-12).sqrt() } else { (cell(&matrix, i, j) - sum) / cell(&matrix, j, j) };
            put(&mut matrix, i, j, value);
        }
        let sum: f64 = (0..i).map(|k| cell(&matrix, i, k) * at(&right, k)).sum();
        let value = (at(&right, i) - sum) / cell(&matrix, i, i);
        put_at(&mut right, i, value);
    }
    for i in (0..size).rev() {
        let sum: f64 = (i + 1..size).map(|k| cell(&matrix, k, i) * at(&right, k)).sum();
        let value = (at(&right, i) - sum) / cell(&matrix, i, i);
        put_at(&mut right, i, value);
    }
    right
}

fn cell(matrix: &[Vec<f64>], i: usize, j: usize) -> f64 {
    matrix.get(i).and_then(|line| line.get(j)).copied().unwrap_or_default()
}

fn at(values: &[f64], i: usize) -> f64 {
    values.get(i).copied().unwrap_or_default()
}

fn put(matrix: &mut [Vec<f64>], i: usize, j: usize, value: f64) {
    if let Some(cell) = matrix.get_mut(i).and_then(|line| line.get_mut(j)) {
        *cell = value;
    }
}

fn put_at(values: &mut [f64], i: usize, value: f64) {
    if let Some(cell) = values.get_mut(i) {
        *cell = value;
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The standard deviation that a normal of the same median distance would have.
fn robust_spread(left: &[f64]) -> f64 {
    let mut far: Vec<f64> = left.iter().map(|l| l.abs()).collect();
    let middle = far.len() / 2;
    if far.is_empty() {
        return 0.2;
    }
    let (_, median, _) = far.select_nth_unstable_by(middle, f64::total_cmp);
    *median * 1.4826
}
