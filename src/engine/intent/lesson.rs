//! What do this store's own sales say of the weights?
//!
//! The shipped points, turned to log-odds with one scale, are the prior; what the weekly pictures of customers and the sales after them
//! say turns the points of each signal, within bounds. Only signals are learnt from: no age, no name, no language, no neighbourhood can be,
//! since no snapshot holds one.

use super::learner::{Block, Calibration, Design, Figures, Judged, Prior, Shape, fit, log_loss};
use crate::domain::{
    score::{Signal, Weighing},
    time::{At, DAY_MS},
};
use std::collections::BTreeSet;

/// One customer as they were at one moment, and whether they bought soon after.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    pub at: At,
    pub customer: u64,
    /// What each signal brought by the shipped weights, before rounding.
    pub points: Vec<(Signal, f64)>,
    /// A sale within [`SOLD_WITHIN_MS`].
    pub sold: bool,
}

/// What a store weighs by.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Model {
    pub weighing: Weighing,
    /// From tens of points to the chance of a sale; `None` until sales said so.
    pub calibration: Option<Calibration>,
}

/// What became of a look at the store's own sales.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Too few sales to say anything.
    TooFew,
    /// Too few to turn weights; enough to say which chance a score means.
    Calibrated,
    /// What was learnt foretold the last month worse than what is in force.
    Refused,
    Learnt,
    #[serde(other)]
    Unknown,
}

/// What was learnt, and by what it was judged.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Lesson {
    pub verdict: Verdict,
    /// Customers who bought, among those learnt from.
    pub sales: usize,
    pub snapshots: usize,
    /// How what was in force foretold the last month.
    pub before: Option<Figures>,
    /// How what was learnt did.
    pub after: Option<Figures>,
    /// To be weighed by from now on.
    pub model: Option<Model>,
}

/// A sale within thirty days is what a score is to foretell (field guide section 7, first head).
pub const SOLD_WITHIN_MS: i64 = 30 * DAY_MS;
/// Fewer sales than this turn no weight (field guide section 7).
const SALES_NEEDED: usize = 150;
/// Fewer than this say nothing at all.
const SALES_TO_CALIBRATE: usize = 10;
/// The month that judges, and the month before it, which calibrates.
const SLICE_MS: i64 = 28 * DAY_MS;
/// A signal never weighs less than a quarter, or more than twice, what is shipped: the score stays the one that people know.
const FACTORS: (f64, f64) = (0.25, 2.0);
/// Weights are learnt for tens of points, so that they are of the size that priors expect.
const STEP_POINTS: f64 = 10.0;
/// Before sales said so: ten points more are a third more odds.
const PRIOR_SLOPE: f64 = 0.3;
/// A weight may first be off by half of the scale.
const PRIOR_PRECISION: f64 = 40.0;
const FREE: f64 = 1e-2;

impl Snapshot {
    /// Their score by these weights, not rounded.
    #[must_use]
    pub fn score(&self, weighing: &Weighing) -> f64 {
        self.points.iter().map(|(signal, points)| points * weighing.factor(*signal)).sum::<f64>().clamp(0.0, 100.0)
    }
}

impl Model {
    /// Whether these can be a store's weights.
    #[must_use]
    pub fn is_plausible(&self) -> bool {
        let sane = |calibration: &Calibration| calibration.shift.is_finite() && calibration.slope.is_finite() && calibration.slope > 0.0;
        self.weighing.0.iter().all(|(_, factor)| (FACTORS.0..=FACTORS.1).contains(factor)) && self.calibration.as_ref().is_none_or(sane)
    }
}

/// Learns from all but the last month, and is judged by it. Always from the shipped weights: the same sales teach the same, however often
/// they were learnt from before.
#[must_use]
pub fn learn(snapshots: &[Snapshot], in_force: &Model) -> Lesson {
    let newest = snapshots.iter().map(|s| s.at).max().unwrap_or_default();
    let slice =
        |from: i64, until: i64| -> Vec<&Snapshot> { snapshots.iter().filter(|s| (from..until).contains(&(newest.since(s.at) / SLICE_MS))).collect() };
    let (judging, calibrating, learning) = (slice(0, 1), slice(1, 2), slice(2, i64::MAX));
    let sales = sales(learning.iter().chain(&calibrating).copied());
    let told = Lesson { verdict: Verdict::TooFew, sales, snapshots: snapshots.len(), before: None, after: None, model: None };
    if sales < SALES_TO_CALIBRATE || judging.iter().all(|s| !s.sold) || judging.iter().all(|s| s.sold) {
        return told;
    }
    let enough = sales >= SALES_NEEDED;
    let weighing = if enough { turned(&learning) } else { Weighing::default() };
    let calibrated = |weighing: &Weighing, by: &[&Snapshot]| calibrate(weighing, by);
    // Both are calibrated by the same month, so that only the weights are compared.
    let by: Vec<&Snapshot> = if enough { calibrating } else { learning.into_iter().chain(calibrating).collect() };
    let model = Model { calibration: Some(calibrated(&weighing, &by)), weighing };
    let held = Model { calibration: Some(calibrated(&in_force.weighing, &by)), weighing: in_force.weighing.clone() };
    let (judged, judged_before) = (judge(&model, &judging), judge(&held, &judging));
    let worse = log_loss(&judged) > log_loss(&judged_before);
    Lesson {
        verdict: match (worse, enough) {
            (true, _) => Verdict::Refused,
            (false, true) => Verdict::Learnt,
            (false, false) => Verdict::Calibrated,
        },
        before: Figures::of(&judged_before),
        after: Figures::of(&judged),
        model: (!worse).then_some(model),
        ..told
    }
}

/// How well weights foretell the last month, calibrated by what came before it. `None` where the last month had no sale, or nothing else.
#[must_use]
pub fn evaluate(snapshots: &[Snapshot], weighing: &Weighing) -> Option<Figures> {
    let newest = snapshots.iter().map(|s| s.at).max()?;
    let (judging, before): (Vec<&Snapshot>, Vec<&Snapshot>) = snapshots.iter().partition(|s| newest.since(s.at) < SLICE_MS);
    let model = Model { calibration: Some(calibrate(weighing, &before)), weighing: weighing.clone() };
    Figures::of(&judge(&model, &judging))
}

fn sales<'s>(snapshots: impl Iterator<Item = &'s Snapshot>) -> usize {
    snapshots.filter(|s| s.sold).map(|s| s.customer).collect::<BTreeSet<u64>>().len()
}

fn judge(model: &Model, snapshots: &[&Snapshot]) -> Vec<Judged> {
    let calibration = model.calibration.unwrap_or(Calibration::NONE);
    snapshots.iter().map(|s| Judged { chance: calibration.chance(s.score(&model.weighing) / STEP_POINTS), came: s.sold }).collect()
}

fn calibrate(weighing: &Weighing, snapshots: &[&Snapshot]) -> Calibration {
    let (tens, sold): (Vec<f64>, Vec<bool>) = snapshots.iter().map(|s| (s.score(weighing) / STEP_POINTS, s.sold)).unzip();
    Calibration::learn(&tens, &sold, Calibration { shift: base_log_odds(&sold), slope: PRIOR_SLOPE })
}

#[expect(clippy::cast_precision_loss, reason = "counts of snapshots")]
fn base_log_odds(sold: &[bool]) -> f64 {
    let sales = sold.iter().filter(|sold| **sold).count();
    ((sales as f64 + 0.5) / ((sold.len() - sales) as f64 + 0.5)).ln()
}

/// How much more or less each signal weighs here: its own weight in log-odds over what all weigh together.
fn turned(snapshots: &[&Snapshot]) -> Weighing {
    let signals: Vec<Signal> =
        snapshots.iter().flat_map(|s| s.points.iter().map(|(signal, _)| *signal)).collect::<BTreeSet<_>>().into_iter().collect();
    let scale = calibrate(&Weighing::default(), snapshots);
    let mut design = Design::new(1 + signals.len());
    let mut places = Vec::new();
    for snapshot in snapshots {
        places.clear();
        places.push((0, 1.0));
        let known = snapshot.points.iter().filter_map(|(signal, points)| Some((signals.binary_search(signal).ok()?, points)));
        places.extend(known.filter_map(|(at, points)| Some((u32::try_from(at + 1).ok()?, points / STEP_POINTS))));
        design.push(&mut places);
    }
    let block = |places, precision, learns| Block { places, shape: Shape::Apart, precision, learns };
    let mut mean = vec![scale.slope; 1 + signals.len()];
    if let Some(intercept) = mean.first_mut() {
        *intercept = scale.shift;
    }
    let prior = Prior { mean, blocks: vec![block(0..1, FREE, false), block(1..1 + signals.len(), PRIOR_PRECISION, true)] };
    let sold: Vec<bool> = snapshots.iter().map(|s| s.sold).collect();
    let found = fit(&design, &sold, &prior, None);
    // The score keeps its size: what customers had in points together, they still have.
    let weights = found.weights.get(1..).unwrap_or_default();
    let said =
        |at: usize| -> f64 { snapshots.iter().flat_map(|s| &s.points).filter(|(of, _)| signals.get(at) == Some(of)).map(|(_, p)| p.abs()).sum() };
    let (weighed, all) = weights.iter().enumerate().fold((0.0, 0.0), |(weighed, all), (at, weight)| (weighed + weight * said(at), all + said(at)));
    let size = if weighed > 0.0 { weighed / all } else { scale.slope };
    let factor = |weight: &f64| (weight / size).clamp(FACTORS.0, FACTORS.1);
    Weighing(signals.iter().copied().zip(weights.iter().map(factor)).collect())
}

impl Lesson {
    /// What a manager reads of it.
    #[must_use]
    pub fn sentence(&self) -> String {
        let month = match (&self.before, &self.after) {
            (Some(before), Some(after)) => format!("log-loss {:.3} instead of {:.3}", after.log_loss, before.log_loss),
            (Some(_) | None, _) => "nothing to judge by".to_owned(),
        };
        match self.verdict {
            Verdict::TooFew => format!(
                "{} among the customers we could watch: too few to learn from. The score keeps the weights that come with Headlight.",
                sales_word(self.sales)
            ),
            Verdict::Calibrated => format!(
                "{} are enough to say which chance a score means, and too few (under {SALES_NEEDED}) to change what a signal weighs.",
                sales_word(self.sales)
            ),
            Verdict::Refused => {
                format!("What {} taught foretold the last month no better ({month}), so the score stays as it is.", sales_word(self.sales))
            }
            Verdict::Learnt => {
                let turned = self.model.as_ref().map(|model| turned_words(&model.weighing)).unwrap_or_default();
                format!("Learnt from {}.{turned} It foretold the last month better than before ({month}).", sales_word(self.sales))
            }
            Verdict::Unknown => "A newer Headlight learnt this.".to_owned(),
        }
    }
}

/// A factor that is felt.
const FELT: f64 = 1.15;
const NAMED_MOST: usize = 3;

/// ` A booked visit weighs more here than usual; hours or directions less.`: what was turned most, first.
fn turned_words(weighing: &Weighing) -> String {
    let felt = |is_felt: &dyn Fn(f64) -> bool| -> Option<String> {
        let mut felt: Vec<(f64, &str)> = weighing.0.iter().filter(|(_, f)| is_felt(*f)).map(|(signal, f)| (f.ln().abs(), words(*signal))).collect();
        felt.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        let named: Vec<&str> = felt.into_iter().take(NAMED_MOST).map(|(_, words)| words).collect();
        (!named.is_empty()).then(|| named.join(", "))
    };
    let capital = |text: String| text.char_indices().map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c }).collect::<String>();
    match (felt(&|f| f > FELT), felt(&|f| f < 1.0 / FELT)) {
        (Some(more), Some(less)) => format!(" {} weighs more here than usual; {less} less.", capital(more)),
        (Some(more), None) => format!(" {} weighs more here than usual.", capital(more)),
        (None, Some(less)) => format!(" {} weighs less here than usual.", capital(less)),
        (None, None) => " Every signal weighs about what it usually does.".to_owned(),
    }
}

/// A signal as a manager calls it.
#[must_use]
pub fn words(signal: Signal) -> &'static str {
    match signal {
        Signal::FourLooksAtOneCar => "four looks at one car",
        Signal::SomeLooksAtOneCar => "two or three looks at one car",
        Signal::ReturnVisits => "coming back to the website",
        Signal::ManyOfOneModel => "several of one model",
        Signal::PriceAlert => "a price alert",
        Signal::TradeTool => "a trade form",
        Signal::Finance => "a finance form",
        Signal::PaymentTool => "the payment tool",
        Signal::HoursOrDirections => "hours or directions",
        Signal::Call => "a call",
        Signal::Chat => "a chat",
        Signal::VisitBooked => "a booked visit",
        Signal::Reply => "a message from them",
        Signal::ShareOrCompare => "sharing or comparing",
        Signal::AbandonedForm => "a form left unfinished",
        Signal::ReInquiry => "asking again",
        Signal::Enquiry => "an enquiry",
        Signal::RepeatBuyer => "having bought here",
        Signal::WrongNumber => "a wrong number",
        Signal::SilentAfterAttempts => "no answer to our attempts",
        Signal::Limit | Signal::Unknown => "something else",
    }
}

fn sales_word(sales: usize) -> String {
    match sales {
        0 => "No sale".to_owned(),
        1 => "1 sale".to_owned(),
        more => format!("{more} sales"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weeks of customers of whom each has one of two signals, sold to as `odds` says of their number.
    fn weeks(weeks: i64, customers: u64, sold: impl Fn(u64, Signal) -> bool) -> Vec<Snapshot> {
        let of_week = |week: i64| {
            let sold = &sold;
            (0..customers).map(move |nth| {
                let customer = nth + u64::try_from(week).unwrap_or(0) * customers;
                let signal = if nth % 2 == 0 { Signal::VisitBooked } else { Signal::HoursOrDirections };
                Snapshot { at: At(week * 7 * DAY_MS), customer, points: vec![(signal, 20.0)], sold: sold(nth / 2, signal) }
            })
        };
        (0..weeks).flat_map(of_week).collect()
    }

    /// Booked visits sell, looking up hours does not.
    fn telling(weeks_of: i64, customers: u64) -> Vec<Snapshot> {
        weeks(weeks_of, customers, |nth, signal| if signal == Signal::VisitBooked { nth % 2 == 0 } else { nth % 20 == 0 })
    }

    #[test]
    fn what_sells_here_weighs_more_and_what_does_not_less() {
        let lesson = learn(&telling(30, 80), &Model::default());
        assert_eq!(lesson.verdict, Verdict::Learnt, "{lesson:?}");
        let weighing = lesson.model.unwrap().weighing;
        assert!(weighing.factor(Signal::VisitBooked) > 1.1 && weighing.factor(Signal::HoursOrDirections) < 0.9, "{weighing:?}");
        assert!(weighing.0.iter().all(|(signal, _)| *signal != Signal::Chat), "what was never seen weighs as shipped");
        let (before, after) = (lesson.before.unwrap(), lesson.after.unwrap());
        assert!(after.log_loss < before.log_loss && after.auc > before.auc && after.ece < 0.05, "{before:?} {after:?}");
    }

    #[test]
    fn no_signal_is_turned_beyond_its_bounds() {
        let lesson = learn(&weeks(30, 80, |_, signal| signal == Signal::VisitBooked), &Model::default());
        let model = lesson.model.unwrap();
        assert!(
            model.is_plausible() && model.weighing.0.iter().any(|(_, factor)| (factor - FACTORS.0).abs() < 1e-9 || (factor - FACTORS.1).abs() < 1e-9),
            "{model:?}"
        );
    }

    #[test]
    fn few_sales_say_what_a_score_means_and_turn_nothing() {
        let lesson = learn(&telling(16, 12), &Model::default());
        assert!(lesson.sales < SALES_NEEDED && matches!(lesson.verdict, Verdict::Calibrated | Verdict::Refused), "{lesson:?}");
        assert!(lesson.model.is_none_or(|model| model.weighing == Weighing::default()));
    }

    #[test]
    fn hardly_a_sale_or_none_last_month_teaches_nothing() {
        for none in [vec![], weeks(30, 80, |_, _| false), weeks(2, 20, |nth, _| nth % 3 == 0)] {
            assert_eq!(learn(&none, &Model::default()).verdict, Verdict::TooFew);
        }
        let mut stopped = telling(30, 80);
        stopped.iter_mut().filter(|s| s.at >= At(26 * 7 * DAY_MS)).for_each(|s| s.sold = false);
        assert_eq!(learn(&stopped, &Model::default()).verdict, Verdict::TooFew);
    }

    #[test]
    fn what_foretells_the_last_month_worse_is_refused() {
        // In the last two months it is the other way about.
        let mut turned = telling(30, 80);
        let other = weeks(30, 80, |nth, signal| if signal == Signal::VisitBooked { nth % 20 == 0 } else { nth % 2 == 0 });
        for (held, new) in turned.iter_mut().zip(other).filter(|(s, _)| s.at >= At(22 * 7 * DAY_MS)) {
            held.sold = new.sold;
        }
        let lesson = learn(&turned, &Model::default());
        assert_eq!((lesson.verdict, &lesson.model), (Verdict::Refused, &None), "{lesson:?}");
        assert!(lesson.sentence().contains("stays as it is"), "{}", lesson.sentence());
    }

    #[test]
    fn the_same_sales_teach_the_same_however_often() {
        let snapshots = telling(30, 80);
        let first = learn(&snapshots, &Model::default()).model.unwrap();
        let again = learn(&snapshots, &first);
        assert_eq!(again.model, Some(first));
    }

    #[test]
    fn a_manager_reads_what_was_learnt() {
        let sentence = learn(&telling(30, 80), &Model::default()).sentence();
        assert!(sentence.starts_with("Learnt from ") && sentence.contains("A booked visit weighs more here than usual"), "{sentence}");
        assert!(sentence.contains("hours or directions less"), "{sentence}");
    }

    #[test]
    fn weights_in_force_are_judged_by_the_last_month() {
        assert_eq!(evaluate(&[], &Weighing::default()), None);
        let figures = evaluate(&telling(30, 80), &Weighing::default()).unwrap();
        assert!(figures.n == 80 * 4 && figures.positives > 0, "{figures:?}");
    }
}
