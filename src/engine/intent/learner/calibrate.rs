//! How many of those who were given a chance of one half did come? And what should have been said?

use super::solve::{Block, Design, Prior, Shape, chance, fit};

/// Log-odds put right: stretched by `slope` and moved by `shift` (Platt 1999).
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Calibration {
    pub shift: f64,
    pub slope: f64,
}

/// As many rows speak for "it is right as it stands" as a weight of this precision counts for.
const HELD: f64 = 1.0;
/// Nobody is turned round: who was nearer stays nearer.
const LEAST_SLOPE: f64 = 0.05;

impl Calibration {
    /// What was said is right.
    pub const NONE: Self = Self { shift: 0.0, slope: 1.0 };

    /// From log-odds of rows that were not learnt from, and what came of them. `from` holds where they are few.
    #[must_use]
    pub fn learn(log_odds: &[f64], came: &[bool], from: Self) -> Self {
        let mut design = Design::new(2);
        for odds in log_odds {
            design.push(&mut [(0, 1.0), (1, *odds)]);
        }
        let block = |places, precision| Block { places, shape: Shape::Apart, precision, learns: false };
        let prior = Prior { mean: vec![from.shift, from.slope], blocks: vec![block(0..1, HELD), block(1..2, HELD)] };
        let found = fit(&design, came, &prior, None).weights;
        match found.as_slice() {
            [shift, slope] if slope.is_finite() && shift.is_finite() => Self { shift: *shift, slope: slope.max(LEAST_SLOPE) },
            _ => from,
        }
    }

    #[must_use]
    pub fn chance(self, log_odds: f64) -> f64 {
        chance(self.shift + self.slope * log_odds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of log-odds -2 to 2 of which so many come as `truth` says.
    fn rows(truth: impl Fn(f64) -> f64) -> (Vec<f64>, Vec<bool>) {
        (0..4_000_u32)
            .map(|n| {
                let odds = f64::from(n % 41) / 10.0 - 2.0;
                (odds, f64::from(n / 41) / 97.6 < chance(truth(odds)))
            })
            .unzip()
    }

    fn check(truth: impl Fn(f64) -> f64, shift: f64, slope: f64) {
        let (odds, came) = rows(truth);
        let found = Calibration::learn(&odds, &came, Calibration::NONE);
        assert!((found.shift - shift).abs() < 0.05 && (found.slope - slope).abs() < 0.05, "{found:?}");
    }

    #[test]
    fn what_was_right_stays() {
        check(|odds| odds, 0.0, 1.0);
    }

    #[test]
    fn what_was_too_sure_or_too_high_is_put_right() {
        check(|odds| odds / 2.0, 0.0, 0.5);
        check(|odds| odds - 1.0, -1.0, 1.0);
    }

    #[test]
    fn nobody_judged_leaves_what_was_said() {
        assert_eq!(Calibration::learn(&[], &[], Calibration::NONE), Calibration::NONE);
    }

    #[test]
    fn the_order_of_chances_is_kept_whatever_came() {
        let (odds, came) = rows(|odds| -odds);
        assert!(Calibration::learn(&odds, &came, Calibration::NONE).slope > 0.0);
    }
}
