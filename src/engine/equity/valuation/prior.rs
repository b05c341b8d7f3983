//! What becomes of a car's price with the years and miles, before the store has sales of its own?

/// Share of the price when new that is left after so many years, for a car driven as usual.
///
/// Source: retention as published year by year by US resale studies, in the form the house keeps it; after ten years a fifth is lost each
/// year until what a running car is worth to anybody. Error: makes differ by a tenth of it either way.
const RETENTION: &[(f64, f64)] = &[
    (0.0, 0.95),
    (1.0, 0.82),
    (2.0, 0.72),
    (3.0, 0.63),
    (4.0, 0.55),
    (5.0, 0.48),
    (6.0, 0.42),
    (7.0, 0.36),
    (8.0, 0.31),
    (9.0, 0.27),
    (10.0, 0.23),
    (15.0, 0.11),
    (20.0, 0.07),
    (30.0, 0.06),
];

/// Miles a car is usually driven a year.
pub(super) const MILES_A_YEAR: f64 = 12_000.0;

/// The share left after so many years, driven as usual.
pub(super) fn retention(age_years: f64) -> f64 {
    let mut before = (0.0, 0.95);
    for (years, share) in RETENTION {
        if age_years <= *years {
            let (from, left) = before;
            let part = if *years > from { (age_years - from) / (years - from) } else { 0.0 };
            return left + (share - left) * part.clamp(0.0, 1.0);
        }
        before = (*years, *share);
    }
    before.1
}

/// What the miles take from a price or add to it, as a log: 0.4 % a thousand driven more than usual, 0.25 % a thousand driven less, at most
/// a quarter either way.
pub(super) fn for_miles(miles: f64, age_years: f64) -> f64 {
    const MOST: f64 = 0.25;
    let over = (miles - MILES_A_YEAR * age_years) / 1_000.0;
    let share = if over > 0.0 { -0.004 * over } else { -0.0025 * over };
    (1.0 + share.clamp(-MOST, MOST)).ln()
}

/// What a new car of the make brings on average, in US dollars of 2024, by its name in small letters and digits alone.
///
/// Source: average transaction prices by make as published month by month by US price guides, to the nearest thousand; makes that are not
/// sold there by their place in their own market. Error: models of one make differ by half either way, which is what sales are for.
const NEW_PRICE: &[(&str, f64)] = &[
    ("acura", 51e3),
    ("alfaromeo", 55e3),
    ("astonmartin", 210e3),
    ("audi", 66e3),
    ("bentley", 280e3),
    ("bmw", 72e3),
    ("buick", 36e3),
    ("cadillac", 78e3),
    ("chevrolet", 50e3),
    ("chrysler", 46e3),
    ("citroen", 30e3),
    ("dacia", 20e3),
    ("dodge", 52e3),
    ("ferrari", 350e3),
    ("fiat", 31e3),
    ("ford", 55e3),
    ("genesis", 63e3),
    ("gmc", 65e3),
    ("honda", 38e3),
    ("hyundai", 37e3),
    ("infiniti", 64e3),
    ("isuzu", 38e3),
    ("jaguar", 72e3),
    ("jeep", 54e3),
    ("kia", 37e3),
    ("lamborghini", 330e3),
    ("landrover", 105e3),
    ("lexus", 59e3),
    ("lincoln", 66e3),
    ("maserati", 115e3),
    ("mazda", 35e3),
    ("mercedes", 75e3),
    ("mercedesbenz", 75e3),
    ("mercury", 40e3),
    ("mini", 40e3),
    ("mitsubishi", 30e3),
    ("nissan", 34e3),
    ("oldsmobile", 38e3),
    ("opel", 32e3),
    ("peugeot", 33e3),
    ("plymouth", 32e3),
    ("pontiac", 36e3),
    ("porsche", 115e3),
    ("ram", 63e3),
    ("renault", 30e3),
    ("rollsroyce", 420e3),
    ("saab", 48e3),
    ("saturn", 33e3),
    ("scion", 28e3),
    ("seat", 30e3),
    ("skoda", 34e3),
    ("smart", 24e3),
    ("subaru", 35e3),
    ("suzuki", 27e3),
    ("tesla", 54e3),
    ("toyota", 43e3),
    ("vauxhall", 31e3),
    ("volkswagen", 38e3),
    ("volvo", 59e3),
    ("vw", 38e3),
];

/// A body's share of what the make brings on average. Source: as above, by segment.
const BODY_SHARE: &[(&str, f64)] = &[("convertible", 1.15), ("coupe", 0.95), ("hatchback", 0.72), ("pickup", 1.12), ("sedan", 0.8), ("wagon", 0.85)];

/// What the car brought when it was new, in US dollars: log, and at least in proportion to others.
pub(super) fn new_price(make: &str, segment: &str, year: u16) -> f64 {
    const ANY_MAKE: f64 = 45e3;
    // New cars became dearer by so much a year.
    const A_YEAR: f64 = 0.02;
    let found = |list: &[(&str, f64)], name: &str| list.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let years = f64::from(year.clamp(1980, 2026)) - 2024.0;
    let price: f64 = found(NEW_PRICE, make).unwrap_or(ANY_MAKE) * found(BODY_SHARE, segment).unwrap_or(1.0);
    price.ln() + A_YEAR * years
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_car_is_worth_less_each_year() {
        let shares: Vec<f64> = (0..40).map(|year| retention(f64::from(year))).collect();
        assert!(shares.is_sorted_by(|a, b| a >= b), "{shares:?}");
        assert!((retention(1.0) - 0.82).abs() < 1e-9 && (retention(2.5) - 0.675).abs() < 1e-9 && retention(99.0) > 0.0);
    }

    #[test]
    fn miles_take_more_than_their_lack_gives_and_neither_without_end() {
        let share = |miles, age| for_miles(miles, age).exp();
        assert!((share(36_000.0, 3.0) - 1.0).abs() < 1e-9);
        assert!((share(46_000.0, 3.0) - 0.96).abs() < 1e-9);
        assert!((share(26_000.0, 3.0) - 1.025).abs() < 1e-9);
        assert!((share(900_000.0, 3.0) - 0.75).abs() < 1e-9 && (share(0.0, 30.0) - 1.25).abs() < 1e-9);
    }
}
