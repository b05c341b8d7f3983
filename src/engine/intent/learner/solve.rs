//! Which weights make these outcomes most believable, given what was believed before?
//!
//! Logistic regression, maximum a posteriori: every weight has a prior mean, the weights of a block share a precision. By Newton's
//! method, one weighted least squares a round (IRLS). A block may leave its precision to the rows: the more they say through it, the less
//! it is held (evidence, MacKay 1992; for curves Wood and Fasiolo 2017), so that a column that says nothing is drawn to its prior.

use super::{
    count,
    square::{Inverse, Square},
};
use std::ops::Range;

/// Rows as numbers, sparse: of each row the places that are not 0, with their values.
#[derive(Debug, Clone)]
pub struct Design {
    starts: Vec<usize>,
    places: Vec<u32>,
    values: Vec<f64>,
    width: usize,
}

/// Weights that are held alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    pub places: Range<usize>,
    pub shape: Shape,
    /// How strongly they are held: one over the variance that their prior allows.
    pub precision: f64,
    /// Whether the rows may say how strongly.
    pub learns: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Each is held to its prior mean.
    Apart,
    /// Each is held to its neighbour: the knots of a curve.
    Chain,
}

/// What is believed before any row is seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Prior {
    /// Of each weight. Log-odds.
    pub mean: Vec<f64>,
    /// Every weight lies in one of them.
    pub blocks: Vec<Block>,
}

/// The most believable weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    pub weights: Vec<f64>,
    /// With the precisions they came to.
    pub blocks: Vec<Block>,
    /// Of each block, how many of its weights the rows decided and not the prior. 0 where no precision was learnt.
    pub decided: Vec<f64>,
}

const PRECISIONS: (f64, f64) = (1e-2, 1e6);
/// Before any row speaks, a block has shown so much of a weight, and so much of its square: few rows cannot run away with a precision.
const SHOWN_WEIGHTS: f64 = 0.2;
const SHOWN_SQUARES: f64 = 1e-3;
/// A curve is free to lie where it will, this much excepted: a level of its own would be the intercept's twice.
const CHAIN_LEVEL: f64 = 1e-2;
const MOST_ROUNDS: usize = 30;
/// Rounds in which precisions are heard; they come near in a few, and each costs as much as the round itself twice over.
const HEARD_ROUNDS: usize = 8;
/// Half steps tried when a whole one overshoots.
const MOST_HALVINGS: usize = 12;
/// Log-likelihood a row gained, below which nothing more is to be had.
const SETTLED: f64 = 1e-6;
/// Change of the logarithm of a precision, below which it has settled.
const PRECISION_SETTLED: f64 = 0.15;
/// A row that is all but certain still counts by this, so that no equation is empty.
const LEAST_CURVATURE: f64 = 1e-9;

impl Design {
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self { starts: vec![0], places: Vec::new(), values: Vec::new(), width }
    }

    /// Adds a row: places below the width, each at most once.
    pub fn push(&mut self, row: &mut [(u32, f64)]) {
        row.sort_unstable_by_key(|(place, _)| *place);
        debug_assert!(row.last().is_none_or(|(place, _)| (*place as usize) < self.width));
        self.places.extend(row.iter().map(|(place, _)| *place));
        self.values.extend(row.iter().map(|(_, value)| *value));
        self.starts.push(self.places.len());
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn rows(&self) -> impl Iterator<Item = (&[u32], &[f64])> {
        self.starts.windows(2).map(|ends| (&self.places[ends[0]..ends[1]], &self.values[ends[0]..ends[1]]))
    }

    /// What these weights say of each row.
    #[must_use]
    pub fn log_odds(&self, weights: &[f64]) -> Vec<f64> {
        let of = |(places, values): (&[u32], &[f64])| places.iter().zip(values).map(|(place, value)| weights[*place as usize] * value).sum();
        self.rows().map(of).collect()
    }
}

/// The chance that log-odds speak of.
#[must_use]
pub fn chance(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// The most believable weights for these rows, from `start` where one is known. Finite for all finite rows, those that a line parts
/// wholly too: no weight is without a prior.
#[must_use]
pub fn fit(design: &Design, outcomes: &[bool], prior: &Prior, start: Option<&[f64]>) -> Fit {
    let mut fit = Fit {
        weights: start.map_or_else(|| prior.mean.clone(), <[f64]>::to_vec),
        blocks: prior.blocks.clone(),
        decided: vec![0.0; prior.blocks.len()],
    };
    let learns = fit.blocks.iter().any(|b| b.learns);
    let mut odds = design.log_odds(&fit.weights);
    for round in 0..MOST_ROUNDS {
        let (hessian, slope) = equations(design, outcomes, &odds, &fit, &prior.mean);
        let factor = hessian.factor();
        let gained = step(design, outcomes, &mut odds, &mut fit, &prior.mean, &factor.solve(&slope));
        let moved = if learns && round < HEARD_ROUNDS { fit.hear_evidence(&prior.mean, &factor.inverse()) } else { 0.0 };
        if gained <= SETTLED * (1.0 + count(outcomes.len())) && moved < PRECISION_SETTLED {
            break;
        }
    }
    fit
}

/// The second and first derivatives of what is to be made small, here.
fn equations(design: &Design, outcomes: &[bool], odds: &[f64], fit: &Fit, mean: &[f64]) -> (Square, Vec<f64>) {
    let mut hessian = Square::new(design.width);
    let mut slope = vec![0.0; design.width];
    for (((places, values), odds), came) in design.rows().zip(odds).zip(outcomes) {
        let chance = chance(*odds);
        let off = f64::from(u8::from(*came)) - chance;
        let curvature = (chance * (1.0 - chance)).max(LEAST_CURVATURE);
        for (n, (a, value)) in places.iter().zip(values).enumerate() {
            slope[*a as usize] += off * value;
            let row = hessian.row_mut(*a as usize);
            let pull = curvature * value;
            // Places ascend, so these lie in the lower half.
            for (b, value) in places[..=n].iter().zip(values) {
                row[*b as usize] += pull * value;
            }
        }
    }
    for block in &fit.blocks {
        block.hold(&fit.weights, mean, &mut hessian, &mut slope);
    }
    (hessian, slope)
}

/// Goes as much of the way as makes things better. Returns by how much.
fn step(design: &Design, outcomes: &[bool], odds: &mut Vec<f64>, fit: &mut Fit, mean: &[f64], way: &[f64]) -> f64 {
    let before = fit.belief(odds, outcomes, mean);
    let mut share = 1.0;
    for _ in 0..MOST_HALVINGS {
        let tried: Vec<f64> = fit.weights.iter().zip(way).map(|(weight, way)| weight + share * way).collect();
        let held = std::mem::replace(&mut fit.weights, tried);
        let tried_odds = design.log_odds(&fit.weights);
        let gained = fit.belief(&tried_odds, outcomes, mean) - before;
        if gained >= 0.0 {
            *odds = tried_odds;
            return gained;
        }
        fit.weights = held;
        share /= 2.0;
    }
    0.0
}

impl Fit {
    /// Logarithm of how believable the weights are, but for a constant.
    fn belief(&self, odds: &[f64], outcomes: &[bool], mean: &[f64]) -> f64 {
        let rows: f64 = odds.iter().zip(outcomes).map(|(odds, came)| -soft_plus(if *came { -odds } else { *odds })).sum();
        rows - self.blocks.iter().map(|b| b.strain(&self.weights, mean)).sum::<f64>() / 2.0
    }

    /// Sets each precision to what the block's weights and their certainty say. Returns the largest change that mattered.
    fn hear_evidence(&mut self, mean: &[f64], inverse: &Inverse) -> f64 {
        let mut most: f64 = 0.0;
        for (block, decided) in self.blocks.iter_mut().zip(&mut self.decided) {
            let (known, squares) = block.shown(&self.weights, mean, inverse);
            *decided = known;
            if block.learns {
                let heard = ((known + SHOWN_WEIGHTS) / (squares + SHOWN_SQUARES)).clamp(PRECISIONS.0, PRECISIONS.1);
                // Where next to nothing is decided, the precision hardly matters.
                most = most.max((heard / block.precision).ln().abs() * known / (1.0 + known));
                block.precision = heard;
            }
        }
        most
    }
}

impl Block {
    fn links(&self) -> impl Iterator<Item = usize> + use<> {
        self.places.clone().skip(1)
    }

    /// Adds to the equations what the prior says.
    fn hold(&self, weights: &[f64], mean: &[f64], hessian: &mut Square, slope: &mut [f64]) {
        let own = match self.shape {
            Shape::Apart => self.precision,
            Shape::Chain => CHAIN_LEVEL,
        };
        for at in self.places.clone() {
            hessian.row_mut(at)[at] += own;
            slope[at] -= own * (weights[at] - mean[at]);
        }
        if self.shape == Shape::Chain {
            for at in self.links() {
                let bend = self.precision * bend(weights, mean, at);
                slope[at] -= bend;
                slope[at - 1] += bend;
                hessian.row_mut(at)[at] += self.precision;
                hessian.row_mut(at)[at - 1] -= self.precision;
                hessian.row_mut(at - 1)[at - 1] += self.precision;
            }
        }
    }

    /// How far from the prior the weights are, in units of what it allows.
    fn strain(&self, weights: &[f64], mean: &[f64]) -> f64 {
        let squares: f64 = self.places.clone().map(|at| (weights[at] - mean[at]).powi(2)).sum();
        match self.shape {
            Shape::Apart => self.precision * squares,
            Shape::Chain => CHAIN_LEVEL * squares + self.precision * self.links().map(|at| bend(weights, mean, at).powi(2)).sum::<f64>(),
        }
    }

    /// How many of the weights the rows decided, and the squares of what the prior holds.
    fn shown(&self, weights: &[f64], mean: &[f64], inverse: &Inverse) -> (f64, f64) {
        let (free, unsure, squares) = match self.shape {
            Shape::Apart => {
                let unsure: f64 = self.places.clone().map(|at| inverse.at(at, at)).sum();
                (self.places.len(), unsure, self.places.clone().map(|at| (weights[at] - mean[at]).powi(2)).sum::<f64>())
            }
            Shape::Chain => {
                let of = |at: usize| inverse.at(at, at) + inverse.at(at - 1, at - 1) - 2.0 * inverse.at(at, at - 1);
                let unsure: f64 = self.links().map(of).sum();
                (self.places.len().saturating_sub(1), unsure, self.links().map(|at| bend(weights, mean, at).powi(2)).sum::<f64>())
            }
        };
        ((count(free) - self.precision * unsure).clamp(0.0, count(free)), squares)
    }
}

fn bend(weights: &[f64], mean: &[f64], at: usize) -> f64 {
    (weights[at] - mean[at]) - (weights[at - 1] - mean[at - 1])
}

/// ln(1 + e^x), for any x.
fn soft_plus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An intercept that is free, and one weight a column held by `precision`.
    fn prior(mean: &[f64], precision: f64, learns: bool) -> Prior {
        let block = |places, precision, learns| Block { places, shape: Shape::Apart, precision, learns };
        Prior { mean: mean.to_vec(), blocks: vec![block(0..1, 1e-6, false), block(1..mean.len(), precision, learns)] }
    }

    fn design(rows: &[&[f64]]) -> Design {
        let mut design = Design::new(rows[0].len() + 1);
        for row in rows {
            let mut places: Vec<(u32, f64)> = row.iter().zip(1..).map(|(v, n)| (n, *v)).chain([(0, 1.0)]).collect();
            design.push(&mut places);
        }
        design
    }

    fn check(fit: &Fit, expected: &[f64], within: f64) {
        for (weight, expected) in fit.weights.iter().zip(expected) {
            assert!((weight - expected).abs() < within, "{:?} {expected}", fit.weights);
        }
    }

    #[test]
    fn shares_of_two_groups_become_their_log_odds() {
        // Of ten without it two come, of ten with it eight.
        let rows: Vec<[f64; 1]> = (0..20).map(|n| [f64::from(u8::from(n >= 10))]).collect();
        let came: Vec<bool> = (0..20).map(|n| if n < 10 { n < 2 } else { n < 18 }).collect();
        let design = design(&rows.iter().map(<[f64; 1]>::as_slice).collect::<Vec<_>>());
        check(&fit(&design, &came, &prior(&[0.0, 0.0], 1e-6, false), None), &[0.25_f64.ln(), 16.0_f64.ln()], 1e-3);
    }

    #[test]
    fn without_a_row_the_prior_stands() {
        let fit = fit(&Design::new(3), &[], &prior(&[-2.0, 0.5, 1.5], 1.0, true), None);
        check(&fit, &[-2.0, 0.5, 1.5], 1e-9);
    }

    #[test]
    fn one_row_moves_the_prior_a_little() {
        let fit = fit(&design(&[&[1.0]]), &[true], &prior(&[-2.0, 0.5], 4.0, false), None);
        assert!(fit.weights[1] > 0.5 && fit.weights[1] < 1.0, "{:?}", fit.weights);
    }

    #[test]
    fn a_stronger_prior_holds_more() {
        let rows: Vec<[f64; 1]> = (0..40).map(|n| [f64::from(n % 2)]).collect();
        let came: Vec<bool> = (0..40).map(|n| n % 2 == 1).collect();
        let design = design(&rows.iter().map(<[f64; 1]>::as_slice).collect::<Vec<_>>());
        let at = |precision| fit(&design, &came, &prior(&[0.0, 1.0], precision, false), None).weights[1];
        assert!(at(0.01) > at(1.0) && at(1.0) > at(1_000.0) && (at(1e6) - 1.0).abs() < 0.01);
    }

    #[test]
    fn outcomes_that_a_line_parts_wholly_give_finite_weights() {
        let rows: Vec<[f64; 2]> = (0..200).map(|n| [f64::from(n) * 1e6, 7.0]).collect();
        let came: Vec<bool> = (0..200).map(|n| n >= 100).collect();
        let design = design(&rows.iter().map(<[f64; 2]>::as_slice).collect::<Vec<_>>());
        let fit = fit(&design, &came, &prior(&[0.0, 0.0, 0.0], 1.0, true), None);
        assert!(fit.weights.iter().all(|w| w.is_finite()), "{:?}", fit.weights);
        let odds = design.log_odds(&fit.weights);
        assert!(odds[0] < odds[199] && odds.iter().all(|o| o.is_finite()));
    }

    #[test]
    fn what_says_nothing_is_held_and_what_says_much_is_not() {
        // The first column is the outcome with every fifth turned, the second has nothing to do with it.
        let rows: Vec<[f64; 2]> = (0..600_u32).map(|n| [f64::from(n % 2), f64::from(n.wrapping_mul(2_654_435_761) >> 16 & 1)]).collect();
        let came: Vec<bool> = (0..600).map(|n| (n % 2 == 1) != (n % 5 == 0)).collect();
        let design = design(&rows.iter().map(<[f64; 2]>::as_slice).collect::<Vec<_>>());
        let block = |places| Block { places, shape: Shape::Apart, precision: 1.0, learns: true };
        let prior = Prior { mean: vec![0.0; 3], blocks: vec![Block { learns: false, ..block(0..1) }, block(1..2), block(2..3)] };
        let fit = fit(&design, &came, &prior, None);
        assert!(fit.decided[1] > 0.9 && fit.decided[2] < 0.7 && fit.weights[1] > 2.0 && fit.weights[2].abs() < 0.2, "{fit:?}");
    }

    #[test]
    fn a_curve_bends_where_the_rows_bend() {
        let mut design = Design::new(6);
        let mut came = Vec::new();
        for n in 0..1_000_u32 {
            design.push(&mut [(0, 1.0), (n % 5 + 1, 1.0)]);
            // The middle comes often, both ends seldom.
            came.push(n % 100 < [10, 50, 90, 50, 10][n as usize % 5]);
        }
        let chain = Block { places: 1..6, shape: Shape::Chain, precision: 1.0, learns: true };
        let prior = Prior { mean: vec![0.0; 6], blocks: vec![Block { places: 0..1, shape: Shape::Apart, precision: 1e-6, learns: false }, chain] };
        let w = fit(&design, &came, &prior, None).weights;
        assert!(w[3] > w[2] && w[2] > w[1] && w[3] > w[4] && w[4] > w[5], "{w:?}");
    }
}
