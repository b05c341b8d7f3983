//! How far off may a value be? What sales that the fit had not seen told, for cars known as well as this one.
//!
//! Split-conformal: how far sales held out lay from what was said of them, each by its own scale; the range then takes as many of them as
//! it promises. The scale is a small fit itself: older, cheaper and rarer cars lie further apart.

use std::collections::HashMap;

use super::{
    features::Measures,
    ridge::{self, Fitted, Row},
};

/// How well the sales know a car.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// By sales of its model.
    Model,
    /// By sales of its make only.
    Make,
    /// By its body and age only.
    Segment,
    /// By what becomes of cars in general.
    General,
}

impl Basis {
    const ALL: [Self; 4] = [Self::Model, Self::Make, Self::Segment, Self::General];

    fn place(self) -> usize {
        Self::ALL.iter().position(|basis| *basis == self).unwrap_or_default()
    }

    /// The usual distance (log of price) before any sale told.
    fn usual(self) -> f64 {
        match self {
            Self::Model => 0.12,
            Self::Make => 0.35,
            Self::Segment => 0.50,
            Self::General => 0.60,
        }
    }
}

/// A sale that was held out: how far it lay from what was said of it.
#[derive(Debug, Clone)]
pub(super) struct HeldOut {
    pub(super) told: Told,
    /// Log of the price less the log of the value.
    pub(super) off: f64,
}

/// What the scale of a value depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub(super) basis: Basis,
    pub(super) comparables: u32,
    /// How many sales the fit has seen, or knows as much as.
    pub(super) known: u32,
    /// Log of the value.
    pub(super) value: f64,
    pub(super) measures: Measures,
    /// What no sale could tell (log of price): years older than any that was sold, months after the last sale.
    pub(super) beyond: f64,
    /// The make and model: sales of one lie off together.
    pub(super) kind: u64,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Spread {
    scale: Fitted,
    /// The middle of the log values, from which cheap and dear are told.
    middle: f64,
    /// For each basis, between which multiples of the scale eight of ten lie.
    quantiles: [(f64, f64); 4],
}

/// Eight of ten of a normal lie within so many of its deviations.
const NORMAL_80: f64 = 1.2816;
/// The log of the size of a normal deviation lies so far below the log of the standard deviation.
const LOG_OF_SIZE: f64 = 0.635;
const SIZES: &[f64] = &[1.0, 1.0, 1.0, 1.0, 0.3, 0.3, 0.3, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3];
/// Quantiles of so many kinds of cars count as much as what is usual.
const USUAL_COUNTS_AS: f64 = 4.0;
/// So many sales of one kind say how far off their kind lies; more would drown the other kinds.
const MOST_OF_A_KIND: u32 = 8;
/// Eight of ten are promised; a little more is kept in hand for what the market does next.
const SHARE_BELOW: f64 = 0.0985;

impl Spread {
    pub(super) fn learn(held_out: &[HeldOut]) -> Self {
        // A price that is exactly as said tells no more than one that is nearly so.
        const NEAREST: f64 = 0.004;
        let middle = mean(held_out.iter().map(|h| h.told.value));
        let rows: Vec<Row> = held_out.iter().map(|h| row(&h.told, middle)).collect();
        let sizes: Vec<f64> = held_out.iter().map(|h| h.off.abs().max(NEAREST).ln() - expected(&h.told)).collect();
        let scale = if rows.is_empty() { Fitted::default() } else { ridge::fit(&rows, &sizes, SIZES, &[]) };
        let mut spread = Self { scale, middle, quantiles: [(-NORMAL_80, NORMAL_80); 4] };
        for basis in Basis::ALL {
            let (mut multiples, kinds) = spread.multiples(held_out, basis);
            multiples.sort_unstable_by(f64::total_cmp);
            let drawn = |q: Option<f64>, usual: f64| q.map_or(usual, |q| (q * kinds + usual * USUAL_COUNTS_AS) / (kinds + USUAL_COUNTS_AS));
            if let Some(place) = spread.quantiles.get_mut(basis.place()) {
                *place = (drawn(quantile(&multiples, SHARE_BELOW), -NORMAL_80), drawn(quantile(&multiples, 1.0 - SHARE_BELOW), NORMAL_80));
            }
        }
        spread
    }

    /// Between which logs of price eight of ten such cars are sold.
    pub(super) fn range(&self, told: &Told) -> (f64, f64) {
        // A range holds its own value, whatever the held-out sales said.
        let (mut below, mut above) = (-0.01_f64, 0.01_f64);
        // Who knows less is never surer: few makes may have lain near by chance.
        for basis in Basis::ALL.into_iter().filter(|basis| *basis <= told.basis) {
            let (low, high) = self.quantiles.get(basis.place()).copied().unwrap_or((-NORMAL_80, NORMAL_80));
            let scale = self.scale(&Told { basis, ..*told });
            (below, above) = (below.min(low * scale), above.max(high * scale));
        }
        (told.value + below, told.value + above)
    }

    /// By how many scales each sale of a basis lay off, and how many kinds of cars, or sales of known ones, that is.
    #[expect(clippy::cast_precision_loss, reason = "counts of sales")]
    fn multiples(&self, held_out: &[HeldOut], basis: Basis) -> (Vec<f64>, f64) {
        let mut of_kind: HashMap<u64, u32> = HashMap::new();
        let mut multiples = Vec::new();
        for sale in held_out.iter().filter(|h| h.told.basis == basis) {
            let met = of_kind.entry(sale.told.kind).or_default();
            *met += 1;
            if basis == Basis::Model || *met <= MOST_OF_A_KIND {
                multiples.push(sale.off / self.scale(&sale.told));
            }
        }
        let kinds = if basis == Basis::Model { multiples.len() as f64 / 4.0 } else { of_kind.len() as f64 };
        (multiples, kinds)
    }

    fn scale(&self, told: &Told) -> f64 {
        let scale = (self.scale.at(&row(told, self.middle)) + expected(told) + LOG_OF_SIZE).exp().clamp(0.01, 1.5);
        scale.hypot(told.beyond)
    }
}

fn expected(told: &Told) -> f64 {
    let few = 1.0 + 3.0 / f64::from(told.known + 1).sqrt();
    (told.basis.usual() * few).ln() - LOG_OF_SIZE
}

fn row(told: &Told, middle: f64) -> Row {
    let flag = |yes: bool| f64::from(u8::from(yes));
    let Measures { age, miles, has_miles, condition, .. } = told.measures;
    let mut dense = Basis::ALL.map(|basis| flag(told.basis == basis)).to_vec();
    dense.extend([
        age / 5.0,
        (age - 6.0).max(0.0) / 5.0,
        told.value - middle,
        1.0 / f64::from(told.comparables + 1).sqrt(),
        flag(!has_miles),
        flag(condition.is_none()),
        condition.map_or(0.0, |c| (3.0 - c).max(0.0)),
        condition.map_or(0.0, |c| c - 3.0),
        miles - 1.5,
    ]);
    Row { dense, groups: vec![] }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

/// The value below which the share lies, with the one more that split-conformal asks for at either end.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in the list")]
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * (sorted.len() as f64 + 1.0) - 1.0;
    let place = place.round().clamp(0.0, sorted.len().saturating_sub(1) as f64);
    sorted.get(place as usize).copied()
}
