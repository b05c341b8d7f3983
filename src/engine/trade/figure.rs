//! From where to where does the price of their car reach, and why? Never one number: two people who stand before a car differ.

use super::{
    TheirCar,
    questions::{Bearing, answered, question},
};
use crate::{
    domain::{
        appraisal::{Aspect, CarState, Grade, Range},
        money::{Cents, grouped},
        vehicle::CarFacts,
    },
    engine::equity::valuation::{Basis, Estimate, Market, Subject},
};

/// A range with its reasons, the weightiest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Whole hundreds of dollars: the low end rounded down, the high end up.
    pub range: Range,
    pub reasons: Vec<String>,
    /// What would raise it.
    pub raises: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Range(Figure),
    /// No table can say; the sentence says why.
    NeedsAPerson(String),
}

/// What the store would give for the car. `day` counts from 1970-01-01.
///
/// Source: what such cars bring (`engine::equity::valuation`), and what each answer does to it (`questions`). An answer that nobody gave
/// widens the range by what it might take. Error: eight of ten cars in the state they were said to be in.
#[must_use]
pub fn figure(market: &Market, car: &TheirCar, state: &CarState, day: i32) -> Outcome {
    for aspect in Aspect::ALL {
        if let Some(Bearing::NeedsAPerson(why)) = answered(aspect, state.of(aspect)).map(|answer| answer.bears) {
            return Outcome::NeedsAPerson(format!("{why} Somebody of the store will look at it and name a figure."));
        }
    }
    let Some(bare) = value(market, car, car.facts.odometer_mi, day) else {
        return Outcome::NeedsAPerson("Without a model year there is no figure. Somebody of the store will work one out.".to_owned());
    };
    let low = stated(bare.low, *state, Grade::Fair);
    let high = stated(bare.high, *state, Grade::Good);
    let mut reasons = vec![by_what(&bare, &car.facts)];
    reasons.extend(miles(market, car, &bare, day));
    reasons.extend(Aspect::ALL.into_iter().filter_map(|aspect| taken(aspect, state.of(aspect), bare.middle)));
    reasons.extend(unsaid(*state));
    let raises = Aspect::ALL.into_iter().filter_map(|aspect| raised(aspect, state.of(aspect), bare.middle)).collect();
    Outcome::Range(Figure { range: in_hundreds(low, high), reasons, raises })
}

fn value(market: &Market, car: &TheirCar, odometer_mi: Option<u32>, day: i32) -> Option<Estimate> {
    let facts = CarFacts { odometer_mi, ..car.facts.clone() };
    market.value(&Subject::of(&facts, car.vin.as_ref()).sold(None, Some(day)))
}

/// A price of a car in the usual state, for one in this state. What was not said is taken as `unsaid`.
fn stated(price: Cents, state: CarState, unsaid: Grade) -> Cents {
    // Whatever is wrong with a car that drives, it is worth its metal.
    const LEAST_BPS: i64 = 1_500;
    let taken: i64 = Aspect::ALL.into_iter().map(|aspect| effect(aspect, state.of(aspect), unsaid, price)).sum();
    Cents((price.0 + taken).max(price.0 * LEAST_BPS / 10_000))
}

/// What an answer adds to a price or takes from it, in cents.
fn effect(aspect: Aspect, grade: Grade, unsaid: Grade, price: Cents) -> i64 {
    let grade = if grade == Grade::Unknown { unsaid } else { grade };
    match answered(aspect, grade).map(|answer| answer.bears) {
        Some(Bearing::Share { bps, least_cents }) if bps < 0 => -(price.0 * i64::from(-bps) / 10_000).max(least_cents),
        Some(Bearing::Share { bps, .. }) => price.0 * i64::from(bps) / 10_000,
        Some(Bearing::NeedsAPerson(_)) | None => 0,
    }
}

fn in_hundreds(low: Cents, high: Cents) -> Range {
    const HUNDRED: i64 = 10_000;
    let low = (low.0.div_euclid(HUNDRED) * HUNDRED).max(HUNDRED);
    let high = (high.0 + HUNDRED - 1).div_euclid(HUNDRED) * HUNDRED;
    Range { low: Cents(low), high: Cents(high.max(low + HUNDRED)) }
}

fn by_what(estimate: &Estimate, facts: &CarFacts) -> String {
    let sales = match estimate.comparables {
        1 => "one sale".to_owned(),
        n => format!("{} sales", grouped(u64::from(n))),
    };
    match estimate.basis {
        Basis::Model => format!("From {sales} of the {} {} at this store.", facts.make, facts.model),
        Basis::Make => format!("From {sales} of other {} cars at this store; of the {} it has none, so the range is wide.", facts.make, facts.model),
        Basis::Segment => format!("From {sales} of such cars of other makes at this store, so the range is wide."),
        Basis::General => {
            "From what cars of this make usually keep of their price; the store has sold none like it yet, so the range is wide.".to_owned()
        }
    }
}

/// Below this a difference is no reason.
const WORTH_SAYING: i64 = 15_000;

/// Dollars to the nearest fifty, as one says them.
fn about(cents: i64) -> String {
    const FIFTY: i64 = 5_000;
    Cents((cents + FIFTY / 2).div_euclid(FIFTY) * FIFTY).to_string()
}

fn miles(market: &Market, car: &TheirCar, bare: &Estimate, day: i32) -> Option<String> {
    let Some(driven) = car.facts.odometer_mi else {
        return Some("You did not say the miles, so it is taken as driven like most of its age.".to_owned());
    };
    let usual = value(market, car, None, day)?;
    let off = bare.middle.0 - usual.middle.0;
    let driven = grouped(u64::from(driven));
    Some(if off <= -WORTH_SAYING {
        format!("{driven} miles are more than usual for its age: that takes about {}.", about(-off))
    } else if off >= WORTH_SAYING {
        format!("{driven} miles are fewer than usual for its age: that adds about {}.", about(off))
    } else {
        format!("{driven} miles are about usual for its age.")
    })
}

fn taken(aspect: Aspect, grade: Grade, price: Cents) -> Option<String> {
    let answer = answered(aspect, grade)?;
    let off = effect(aspect, grade, Grade::Unknown, price);
    (off <= -WORTH_SAYING).then(|| format!("{} \u{201c}{}\u{201d} takes about {}.", question(aspect).asks, answer.says, about(-off)))
}

fn unsaid(state: CarState) -> Option<String> {
    let open = Aspect::ALL.into_iter().filter(|aspect| state.of(*aspect) == Grade::Unknown).count();
    match open {
        0 => None,
        1 => Some("One answer is open; the range is as wide as it might be.".to_owned()),
        n => Some(format!("{n} answers are open; the range is as wide as they might be.")),
    }
}

fn raised(aspect: Aspect, grade: Grade, price: Cents) -> Option<String> {
    let can_be_put_right = match aspect {
        Aspect::Drives => "With nothing wrong in how it drives",
        Aspect::Outside => "With a clean outside",
        Aspect::Inside => "With a clean inside",
        Aspect::Tires => "With good tires, brakes and glass",
        // What has happened stays.
        Aspect::Crashes => return None,
        Aspect::Title => return (grade == Grade::Fair).then(|| "With the title at hand it can be sold the same day.".to_owned()),
    };
    if grade == Grade::Unknown || grade == Grade::Good {
        return None;
    }
    let gain = effect(aspect, Grade::Good, Grade::Unknown, price) - effect(aspect, grade, Grade::Unknown, price);
    (gain >= WORTH_SAYING).then(|| format!("{can_be_put_right} it would bring about {} more.", about(gain)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i32 = 20_780;
    const CLEAN: CarState =
        CarState { drives: Grade::Good, outside: Grade::Good, inside: Grade::Good, tires: Grade::Good, crashes: Grade::Good, title: Grade::Good };

    fn civic(odometer_mi: Option<u32>) -> TheirCar {
        let facts = CarFacts { year: Some(2019), make: "Honda".into(), model: "Civic".into(), odometer_mi, ..CarFacts::default() };
        TheirCar { vin: None, facts }
    }

    fn told(car: &TheirCar, state: CarState) -> Figure {
        match figure(&Market::of_store(&[]), car, &state, DAY) {
            Outcome::Range(figure) => figure,
            Outcome::NeedsAPerson(why) => panic!("{why}"),
        }
    }

    #[test]
    fn a_worse_answer_never_brings_more() {
        let clean = told(&civic(Some(70_000)), CLEAN);
        for (state, word) in [
            (CarState { drives: Grade::Fair, ..CLEAN }, "drive"),
            (CarState { outside: Grade::Poor, ..CLEAN }, "outside"),
            (CarState { inside: Grade::Poor, ..CLEAN }, "inside"),
            (CarState { tires: Grade::Fair, ..CLEAN }, "tires"),
            (CarState { crashes: Grade::Poor, ..CLEAN }, "crash"),
        ] {
            let worse = told(&civic(Some(70_000)), state);
            assert!(worse.range.low < clean.range.low && worse.range.high < clean.range.high, "{worse:?}");
            assert!(worse.reasons.iter().any(|reason| reason.contains(word) && reason.contains("takes about $")), "{worse:?}");
        }
        assert_eq!(clean.raises, Vec::<String>::new());
        assert!(told(&civic(Some(140_000)), CLEAN).range.high < clean.range.high);
    }

    #[test]
    fn what_nobody_said_widens_the_range_on_both_sides_of_the_truth() {
        let (all, none) = (told(&civic(Some(70_000)), CLEAN), told(&civic(Some(70_000)), CarState::default()));
        assert!(none.range.low < all.range.low && none.range.high == all.range.high, "{none:?}");
        assert!(none.reasons.iter().any(|reason| reason.starts_with("6 answers are open")));
        assert!(told(&civic(None), CLEAN).reasons.iter().any(|reason| reason.starts_with("You did not say the miles")));
    }

    #[test]
    fn it_says_what_would_raise_it_and_leaves_what_cannot_be_changed() {
        let figure = told(&civic(Some(70_000)), CarState { tires: Grade::Poor, crashes: Grade::Fair, ..CLEAN });
        assert_eq!(figure.raises.len(), 1, "{figure:?}");
        assert!(figure.raises[0].starts_with("With good tires, brakes and glass it would bring about $"), "{figure:?}");
    }

    #[test]
    fn a_car_that_does_not_run_or_is_branded_goes_to_a_person() {
        for state in [CarState { drives: Grade::Poor, ..CLEAN }, CarState { title: Grade::Poor, ..CLEAN }] {
            let outcome = figure(&Market::of_store(&[]), &civic(Some(70_000)), &state, DAY);
            assert!(matches!(&outcome, Outcome::NeedsAPerson(why) if why.ends_with("name a figure.")), "{outcome:?}");
        }
    }

    #[test]
    fn a_range_is_in_hundreds_and_never_one_number_or_nothing() {
        for (low, high, from, to) in [(123_456, 200_001, 120_000, 210_000), (40, 60, 10_000, 20_000), (10_000, 10_000, 10_000, 20_000)] {
            assert_eq!(in_hundreds(Cents(low), Cents(high)), Range { low: Cents(from), high: Cents(to) });
        }
        let mut facts = civic(Some(280_000));
        facts.facts.year = Some(1997);
        let wreck = CarState { outside: Grade::Poor, inside: Grade::Poor, tires: Grade::Poor, crashes: Grade::Poor, drives: Grade::Fair, ..CLEAN };
        let figure = told(&facts, wreck);
        assert!(figure.range.low.0 >= 10_000 && figure.range.low < figure.range.high, "{figure:?}");
    }
}
