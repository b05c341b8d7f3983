//! How is a system of as many equations as weights solved?

/// A symmetric, positive matrix, of which only the lower half is filled; or its lower factor.
#[derive(Debug, Clone)]
pub(super) struct Square {
    width: usize,
    cells: Vec<f64>,
}

/// What rounding may leave of a row that hangs on the rows before it.
const LEAST_PIVOT: f64 = 1e-10;

impl Square {
    pub(super) fn new(width: usize) -> Self {
        Self { width, cells: vec![0.0; width * width] }
    }

    pub(super) fn row(&self, at: usize) -> &[f64] {
        &self.cells[at * self.width..(at + 1) * self.width]
    }

    pub(super) fn row_mut(&mut self, at: usize) -> &mut [f64] {
        &mut self.cells[at * self.width..(at + 1) * self.width]
    }

    /// The factor L of A = L L' (Cholesky).
    pub(super) fn factor(mut self) -> Self {
        for i in 0..self.width {
            let (above, rest) = self.cells.split_at_mut(i * self.width);
            let row = &mut rest[..self.width];
            for (j, other) in above.chunks_exact(self.width).enumerate() {
                row[j] = (row[j] - dot(&row[..j], &other[..j])) / other[j];
            }
            row[i] = (row[i] - dot(&row[..i], &row[..i])).max(LEAST_PIVOT).sqrt();
        }
        self
    }

    /// Of a factor L: the x of L L' x = b.
    pub(super) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for i in 0..self.width {
            let row = self.row(i);
            x[i] = (x[i] - dot(&row[..i], &x[..i])) / row[i];
        }
        for i in (0..self.width).rev() {
            let row = self.row(i);
            x[i] /= row[i];
            let known = x[i];
            for (x, cell) in x[..i].iter_mut().zip(row) {
                *x -= known * cell;
            }
        }
        x
    }

    /// Of a factor L: its inverse, each column as a row, so that what is asked of it lies side by side.
    pub(super) fn inverse(&self) -> Inverse {
        let mut columns = Self::new(self.width);
        for j in 0..self.width {
            let column = columns.row_mut(j);
            column[j] = 1.0 / self.row(j)[j];
            for i in j + 1..self.width {
                let row = self.row(i);
                column[i] = -dot(&row[j..i], &column[j..i]) / row[i];
            }
        }
        Inverse(columns)
    }
}

/// The inverse of L L', cell by cell when asked.
#[derive(Debug)]
pub(super) struct Inverse(Square);

impl Inverse {
    pub(super) fn at(&self, a: usize, b: usize) -> f64 {
        let from = a.max(b);
        dot(&self.0.row(a)[from..], &self.0.row(b)[from..])
    }
}

/// In eight lanes, which a processor adds side by side; a plain sum must keep its order and waits for each addition.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (eights_a, eights_b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = eights_a.remainder().iter().zip(eights_b.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in eights_a.zip(eights_b) {
        for (lane, (x, y)) in lanes.iter_mut().zip(x.iter().zip(y)) {
            *lane += x * y;
        }
    }
    lanes.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::intent::learner::count;

    /// A matrix of this width that is surely positive, and never the same number twice.
    fn sample(width: usize) -> Square {
        let mut a = Square::new(width);
        for i in 0..width {
            for j in 0..=i {
                let (x, y) = (count(i), count(j));
                a.row_mut(i)[j] = if i == j { 3.0 + x } else { (x * 1.7 + y * 0.3).sin() };
            }
        }
        a
    }

    fn full(a: &Square, i: usize, j: usize) -> f64 {
        a.row(i.max(j))[i.min(j)]
    }

    #[test]
    fn what_is_solved_gives_back_what_was_asked() {
        for width in [1, 2, 7, 8, 9, 33] {
            let a = sample(width);
            let b: Vec<f64> = (0..width).map(|n| count(n) - 2.5).collect();
            let x = a.clone().factor().solve(&b);
            for (i, b) in b.iter().enumerate() {
                let sum: f64 = (0..width).map(|j| full(&a, i, j) * x[j]).sum();
                assert!((sum - b).abs() < 1e-9, "{width}: {sum} {b}");
            }
        }
    }

    #[test]
    fn the_inverse_times_the_matrix_is_one() {
        let a = sample(12);
        let inverse = a.clone().factor().inverse();
        for i in 0..12 {
            for j in 0..12 {
                let sum: f64 = (0..12).map(|k| full(&a, i, k) * inverse.at(k, j)).sum();
                assert!((sum - f64::from(u8::from(i == j))).abs() < 1e-9, "{i} {j}: {sum}");
            }
        }
    }

    #[test]
    fn rows_that_say_the_same_twice_do_not_break_it() {
        let mut a = Square::new(2);
        a.cells.fill(1.0);
        assert!(a.factor().solve(&[1.0, 1.0]).iter().all(|x| x.is_finite()));
    }
}
