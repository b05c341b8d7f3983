//! What counts: the model, or what somebody said of this very car?

use super::{Basis, Estimate, Market, Subject};
use crate::domain::{
    money::Cents,
    time::{At, DAY_MS},
};

/// Where a value is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Somebody of the store stood before the car.
    Appraisal,
    /// A price guide, imported.
    Book,
    /// Sales of the store.
    OwnSales,
    /// The curves that Headlight ships, before the store has sales of such cars.
    ShippedCurves,
}

/// A value that somebody or some guide gave to this very car.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaidValue {
    pub value: Cents,
    pub at: At,
    /// Whether a person said it; else it is of a price guide.
    pub is_appraisal: bool,
}

/// What a car would bring. Cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worth {
    pub low: Cents,
    pub middle: Cents,
    pub high: Cents,
    pub source: Source,
    /// How many sales stand behind it; none for what was said of the car itself, and for the shipped curves.
    pub comparables: u32,
    /// As of when it is said. Of a model: now.
    pub at: At,
    pub age_days: u32,
}

/// An appraisal holds for a season, a guide until its next issues have moved on.
const APPRAISAL_HOLDS_DAYS: i64 = 120;
const BOOK_HOLDS_DAYS: i64 = 60;

/// What the car would bring now. The newest that was said of this very car counts, as long as it holds; else the market. `None` where
/// neither knows: nobody said anything, and the car has no model year.
#[must_use]
pub fn worth(market: &Market, subject: &Subject, said: &[SaidValue], now: At) -> Option<Worth> {
    if let Some(said) = said_to_be(said, now) {
        return Some(said);
    }
    let day = i32::try_from(now.0.div_euclid(DAY_MS)).ok();
    let Estimate { low, middle, high, comparables, basis } = market.value(&subject.clone().sold(subject.condition, day))?;
    let (source, comparables) = match basis {
        Basis::Model | Basis::Make | Basis::Segment => (Source::OwnSales, comparables),
        Basis::General => (Source::ShippedCurves, 0),
    };
    Some(Worth { low, middle, high, source, comparables, at: now, age_days: 0 })
}

/// The newest that was said of this very car and still holds.
#[must_use]
pub fn said_to_be(said: &[SaidValue], now: At) -> Option<Worth> {
    let holding = said.iter().filter(|s| s.value.0 > 0 && s.at <= now && days_old(s, now) <= holds(s));
    holding.max_by_key(|s| (s.at, s.is_appraisal)).map(|said| as_said(said, now))
}

fn days_old(said: &SaidValue, now: At) -> i64 {
    now.since(said.at) / DAY_MS
}

fn holds(said: &SaidValue) -> i64 {
    if said.is_appraisal { APPRAISAL_HOLDS_DAYS } else { BOOK_HOLDS_DAYS }
}

/// Its range: what two who stand before the same car differ by, wider as the market moves on.
fn as_said(said: &SaidValue, now: At) -> Worth {
    const TWO_PEOPLE: f64 = 0.05;
    const A_GUIDE: f64 = 0.09;
    const A_MONTH: f64 = 0.025;
    let age_days = u32::try_from(days_old(said, now)).unwrap_or_default();
    let off = if said.is_appraisal { TWO_PEOPLE } else { A_GUIDE }.hypot(A_MONTH * (f64::from(age_days) / 30.0).sqrt());
    let by = |share: f64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a price, to the dollar")]
        let dollars = (said.value.0 as f64 * share / 100.0).round() as i64;
        Cents(dollars * 100)
    };
    let source = if said.is_appraisal { Source::Appraisal } else { Source::Book };
    Worth { low: by(1.0 - off), middle: said.value, high: by(1.0 + off), source, comparables: 0, at: said.at, age_days }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::vehicle::CarFacts;

    const NOW: At = At(1_790_000_000_000);

    fn camry() -> Subject {
        let facts = CarFacts { year: Some(2022), make: "Toyota".into(), model: "Camry".into(), odometer_mi: Some(50_000), ..CarFacts::default() };
        Subject::of(&facts, None)
    }

    fn said(dollars: i64, days_ago: i64, is_appraisal: bool) -> SaidValue {
        SaidValue { value: Cents(dollars * 100), at: NOW.plus_ms(-days_ago * DAY_MS), is_appraisal }
    }

    #[test]
    fn the_newest_word_on_the_car_itself_counts_while_it_holds() {
        let market = Market::of_store(&[]);
        for (words, source, dollars, days) in [
            (vec![said(17_500, 10, true), said(18_200, 3, false)], Source::Book, Some(18_200), 3),
            (vec![said(17_500, 3, true), said(18_200, 3, false)], Source::Appraisal, Some(17_500), 3),
            (vec![said(17_500, 100, true), said(18_200, 61, false)], Source::Appraisal, Some(17_500), 100),
            (vec![said(17_500, 121, true), said(18_200, 61, false), said(0, 1, true), said(9, -1, true)], Source::ShippedCurves, None, 0),
            (vec![], Source::ShippedCurves, None, 0),
        ] {
            let worth = worth(&market, &camry(), &words, NOW).unwrap();
            assert_eq!((worth.source, worth.age_days), (source, days), "{words:?}");
            assert!(dollars.is_none_or(|d| worth.middle == Cents(d * 100)) && worth.low < worth.middle && worth.middle < worth.high, "{worth:?}");
        }
        assert_eq!(worth(&market, &Subject::default(), &[], NOW), None);
    }

    #[test]
    fn an_older_word_has_a_wider_range() {
        let width = |days| {
            let worth = worth(&Market::of_store(&[]), &camry(), &[said(20_000, days, true)], NOW).unwrap();
            worth.high.0 - worth.low.0
        };
        assert!(width(0) < width(30) && width(30) < width(120));
    }
}
