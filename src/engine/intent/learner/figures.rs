//! How good were these chances, now that the outcomes are known?

use super::count;

/// A chance that was given, and what came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// 0 to 1.
    pub chance: f64,
    pub came: bool,
}

/// What field guide section 7 asks to be said of a score.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Figures {
    /// How many were judged.
    pub n: usize,
    /// How many of them came to the outcome.
    pub positives: usize,
    /// The share of pairs (one that came, one that did not) in which the one that came had the higher chance; an equal chance is half a pair.
    pub auc: f64,
    /// Mean of -ln of the chance that was given to what came. Nats; 0 is perfect.
    pub log_loss: f64,
    /// Mean square of chance minus outcome. 0 is perfect, 0.25 is a coin.
    pub brier: f64,
    /// What part of the Brier score of "everybody has the base rate" was done away with: 1 is perfect, 0 no better, negative worse.
    pub brier_skill: f64,
    /// Mean distance of chance and share over ten bins of equally many (expected calibration error).
    pub ece: f64,
    /// How many times the base rate came among the tenth with the highest chances.
    pub lift10: f64,
    /// The same for the highest fifth.
    pub lift20: f64,
}

/// A chance of exactly 0 or 1 that was wrong would weigh without end.
const SUREST: f64 = 1e-12;
const BINS: usize = 10;

impl Figures {
    /// `None` when nothing was judged or all came to the same: there is nothing to tell apart.
    #[must_use]
    pub fn of(judged: &[Judged]) -> Option<Self> {
        let n = judged.len();
        let positives = judged.iter().filter(|j| j.came).count();
        if positives == 0 || positives == n {
            return None;
        }
        let mut falling = judged.to_vec();
        falling.sort_by(|a, b| b.chance.total_cmp(&a.chance));
        let base = count(positives) / count(n);
        let brier = mean(&falling, |j| (j.chance - outcome(j)).powi(2));
        Some(Self {
            n,
            positives,
            auc: auc(&falling, positives),
            log_loss: log_loss(&falling),
            brier,
            brier_skill: 1.0 - brier / (base * (1.0 - base)),
            ece: calibration_error(&falling),
            lift10: lift(&falling, n.div_ceil(10), base),
            lift20: lift(&falling, n.div_ceil(5), base),
        })
    }
}

/// As in [`Figures::log_loss`]; 0 for nobody.
#[must_use]
pub fn log_loss(judged: &[Judged]) -> f64 {
    mean(judged, |j| {
        let given = if j.came { j.chance } else { 1.0 - j.chance };
        -given.clamp(SUREST, 1.0).ln()
    })
}

fn outcome(judged: &Judged) -> f64 {
    f64::from(u8::from(judged.came))
}

fn mean(judged: &[Judged], of: impl Fn(&Judged) -> f64) -> f64 {
    judged.iter().map(of).sum::<f64>() / count(judged.len().max(1))
}

/// By ranks, in one walk from the highest chance down.
fn auc(falling: &[Judged], positives: usize) -> f64 {
    let negatives = falling.len() - positives;
    let (mut won, mut passed) = (0.0, 0);
    #[expect(clippy::float_cmp, reason = "a tie is the very same chance")]
    for tied in falling.chunk_by(|a, b| a.chance == b.chance) {
        let came = tied.iter().filter(|j| j.came).count();
        let not = tied.len() - came;
        won += count(came) * (count(negatives - passed - not) + count(not) / 2.0);
        passed += not;
    }
    won / (count(positives) * count(negatives))
}

fn calibration_error(falling: &[Judged]) -> f64 {
    let n = falling.len();
    let off = |bin: usize| {
        let held = &falling[bin * n / BINS..(bin + 1) * n / BINS];
        held.iter().map(|j| j.chance - outcome(j)).sum::<f64>().abs()
    };
    (0..BINS).map(off).sum::<f64>() / count(n)
}

/// Among those at the edge who have the same chance, each is counted by the share of them that fits.
fn lift(falling: &[Judged], taken: usize, base: f64) -> f64 {
    let Some(edge) = taken.checked_sub(1).and_then(|last| falling.get(last)).map(|j| j.chance) else { return 1.0 };
    let above = falling.partition_point(|j| j.chance > edge);
    let until = falling.partition_point(|j| j.chance >= edge);
    let came = |part: &[Judged]| count(part.iter().filter(|j| j.came).count());
    let of_edge = came(&falling[above..until]) * count(taken - above) / count(until - above);
    (came(&falling[..above]) + of_edge) / count(taken) / base
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn judged(of: &[(f64, u8)]) -> Vec<Judged> {
        of.iter().map(|(chance, came)| Judged { chance: *chance, came: *came == 1 }).collect()
    }

    fn figures(of: &[(f64, u8)]) -> Figures {
        Figures::of(&judged(of)).unwrap()
    }

    #[test]
    fn nothing_can_be_said_of_nobody_or_of_one_outcome() {
        assert_eq!(Figures::of(&[]), None);
        assert_eq!(Figures::of(&judged(&[(0.3, 1), (0.9, 1)])), None);
        assert_eq!(Figures::of(&judged(&[(0.3, 0)])), None);
    }

    /// Worked out by hand.
    #[test]
    fn four_that_were_judged() {
        let four = figures(&[(0.9, 1), (0.6, 0), (0.4, 1), (0.1, 0)]);
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        close(four.auc, 0.75);
        close(four.brier, (0.01 + 0.36 + 0.36 + 0.01) / 4.0);
        close(four.brier_skill, 1.0 - 0.185 / 0.25);
        close(four.log_loss, -(0.9_f64.ln() + 0.4_f64.ln() + 0.4_f64.ln() + 0.9_f64.ln()) / 4.0);
        close(four.ece, (0.1 + 0.6 + 0.6 + 0.1) / 4.0);
        close(four.lift10, 2.0);
        close(four.lift20, 2.0);
        assert_eq!((four.n, four.positives), (4, 2));
    }

    #[test]
    fn the_same_chance_for_all_tells_nobody_from_anybody() {
        let same = figures(&[(0.25, 1), (0.25, 0), (0.25, 0), (0.25, 0)]);
        assert_eq!((same.auc, same.brier_skill, same.lift10, same.lift20), (0.5, 0.0, 1.0, 1.0));
        let tied = figures(&[(0.5, 1), (0.5, 0), (0.1, 0)]);
        assert!((tied.auc - 0.75).abs() < 1e-12);
    }

    #[test]
    fn a_wrong_certainty_is_dear_and_not_endless() {
        let sure = figures(&[(0.0, 1), (1.0, 0)]);
        assert!(sure.log_loss > 20.0 && sure.log_loss.is_finite() && sure.auc == 0.0);
    }

    #[test]
    fn chances_that_are_too_high_by_a_tenth_show_a_tenth() {
        let of: Vec<(f64, u8)> = (0..1_000).map(|n| (0.4, u8::from(n % 10 < 3))).collect();
        assert!((figures(&of).ece - 0.1).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn auc_is_the_share_of_pairs_put_right(of in prop::collection::vec((0..6_u8, 0..2_u8), 2..60)) {
            let all = judged(&of.iter().map(|(c, y)| (f64::from(*c) / 5.0, *y)).collect::<Vec<_>>());
            let Some(figures) = Figures::of(&all) else { return Ok(()) };
            let (mut won, mut pairs) = (0.0, 0.0);
            for a in all.iter().filter(|j| j.came) {
                for b in all.iter().filter(|j| !j.came) {
                    pairs += 1.0;
                    won += if a.chance > b.chance { 1.0 } else if a.chance < b.chance { 0.0 } else { 0.5 };
                }
            }
            prop_assert!((figures.auc - won / pairs).abs() < 1e-9);
            prop_assert!((0.0..=1.0).contains(&figures.ece) && figures.lift10 >= 0.0);
        }
    }
}
