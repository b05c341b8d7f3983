//! How far has a car been driven by now? From what was read off it at sales and in the workshop.

use crate::domain::time::{At, DAY_MS};

/// What somebody read off a car.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    pub at: At,
    pub miles: u32,
}

/// Where a car stands now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Odometer {
    pub miles: u32,
    /// The reading it is reckoned from.
    pub read: Reading,
    /// Miles a day.
    pub a_day: f64,
    /// Whether the rate is of this car's own readings; else it is what cars are usually driven.
    pub is_own_rate: bool,
    /// Readings left out, because they run backwards or leap: typed wrong, or another car's.
    pub left_out: u16,
    /// The odometer began anew behind its last digit.
    pub rolled_over: bool,
}

impl Odometer {
    /// Where it stands at another time, never below what was read.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "miles of a car")]
    pub fn at(&self, when: At) -> u32 {
        let days = when.since(self.read.at) as f64 / DAY_MS as f64;
        let driven = (days * self.a_day).clamp(0.0, 2e6).round() as u32;
        self.read.miles.saturating_add(driven).min(MOST)
    }
}

/// Nothing on the road shows more.
const MOST: u32 = 999_999;
/// Miles a day of cars in general: 12,000 a year, as the trade reckons.
const USUAL_A_DAY: f64 = 12_000.0 / 365.25;
/// What a car can be driven a day over months. Couriers drive so much.
const MOST_A_DAY: f64 = 300.0;
/// A rate from readings nearer to each other is that of a holiday.
const RATE_OVER_DAYS: i64 = 45;
/// Old readings tell how it was driven then: the rate is that of the last years.
const RATE_WITHIN_DAYS: i64 = 3 * 365;
/// Odometers of five digits begin anew here.
const ROLLS_AT: u32 = 100_000;

/// Where a car stands at `now`. `None` when nothing was ever read.
///
/// Readings are taken in the order of their time. One that runs backwards is left out when the one after it goes on from before; when the
/// newest ones run backwards twice, a five-digit odometer that stood near its end has rolled over, and else the newer ones are believed:
/// the older was typed wrong. One that leaps beyond what can be driven is left out as long as a later one does not confirm it.
#[must_use]
pub fn now(readings: &[Reading], now: At) -> Option<Odometer> {
    let mut sorted: Vec<Reading> = readings.iter().copied().filter(|r| r.miles > 0 && r.miles <= MOST && r.at <= now).collect();
    sorted.sort_by_key(|r| (r.at, r.miles));
    sorted.dedup();
    let rolled_over = unroll(&mut sorted);
    let kept = longest_believable(&sorted);
    let last = *kept.last()?;
    let left_out = u16::try_from(sorted.len() - kept.len()).unwrap_or(u16::MAX);
    let own = own_rate(&kept);
    let mut odometer = Odometer { miles: 0, read: last, a_day: own.unwrap_or(USUAL_A_DAY), is_own_rate: own.is_some(), left_out, rolled_over };
    odometer.miles = odometer.at(now);
    Some(odometer)
}

/// Adds a hundred thousand to every reading behind a roll-over: one that stood near the end, and two or more that begin anew.
fn unroll(sorted: &mut [Reading]) -> bool {
    const NEAR_END: u32 = 85_000;
    const NEW_START: u32 = 30_000;
    let fell = sorted.windows(2).position(|pair| matches!(pair, [a, b] if (NEAR_END..ROLLS_AT).contains(&a.miles) && b.miles < NEW_START));
    let Some(place) = fell else { return false };
    let (before, behind) = sorted.split_at_mut(place + 1);
    let goes_on = behind.len() >= 2 && behind.is_sorted_by_key(|r| r.miles) && behind.iter().all(|r| r.miles < NEAR_END);
    let could = before.last().zip(behind.first()).is_some_and(|(a, b)| is_drivable(*a, Reading { miles: b.miles + ROLLS_AT, ..*b }));
    if !(goes_on && could && before.iter().all(|r| r.miles < ROLLS_AT)) {
        return false;
    }
    for reading in behind {
        reading.miles += ROLLS_AT;
    }
    true
}

/// Why somebody should look at the car again: what was believed of it last, and how the new number stands to that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It shows less than before: misread, another car's, or the earlier number was wrong.
    Behind(Reading),
    /// No car is driven so far in that time: a digit too many, or it counts in kilometers.
    TooFar(Reading),
}

/// Whether a new reading can hardly follow from the earlier ones. Nothing was read before: then there is nothing to doubt.
#[must_use]
pub fn doubt(earlier: &[Reading], new: Reading) -> Option<Doubt> {
    let known = now(earlier, new.at)?;
    let miles = if known.rolled_over && new.miles < ROLLS_AT { new.miles + ROLLS_AT } else { new.miles };
    if miles < known.read.miles {
        return Some(Doubt::Behind(known.read));
    }
    (!is_drivable(known.read, Reading { miles, ..new })).then_some(Doubt::TooFar(known.read))
}

fn is_drivable(a: Reading, b: Reading) -> bool {
    // A day's errands on top: two readings may be of one week.
    const A_TRIP: u32 = 500;
    b.miles >= a.miles && pace(Reading { miles: a.miles.saturating_add(A_TRIP).min(b.miles), ..a }, b) <= MOST_A_DAY
}

/// Miles a day between two readings.
#[expect(clippy::cast_precision_loss, reason = "days of a car")]
fn pace(a: Reading, b: Reading) -> f64 {
    f64::from(b.miles.saturating_sub(a.miles)) / (b.at.since(a.at) as f64 / DAY_MS as f64).max(1.0)
}

/// The end of a row of readings of which each can follow from the one before.
#[derive(Clone, Copy)]
struct Row {
    length: usize,
    /// The sum of its paces: of two equally long rows the one that was driven more evenly is believed.
    paces: f64,
    before: Option<usize>,
}

impl Row {
    fn is_better_than(&self, other: &Self) -> bool {
        self.length > other.length || (self.length == other.length && self.paces <= other.paces)
    }
}

/// The longest believable row of readings.
fn longest_believable(sorted: &[Reading]) -> Vec<Reading> {
    let mut rows: Vec<Row> = Vec::with_capacity(sorted.len());
    for (place, reading) in sorted.iter().enumerate() {
        let mut best = Row { length: 1, paces: 0.0, before: None };
        for (at, (before, row)) in sorted.iter().zip(&rows).enumerate().take(place) {
            let longer = Row { length: row.length + 1, paces: row.paces + pace(*before, *reading), before: Some(at) };
            if is_drivable(*before, *reading) && longer.is_better_than(&best) {
                best = longer;
            }
        }
        rows.push(best);
    }
    let mut end: Option<(usize, Row)> = None;
    for (place, row) in rows.iter().enumerate() {
        if end.is_none_or(|(_, best)| row.is_better_than(&best)) {
            end = Some((place, *row));
        }
    }
    let mut at = end.map(|(place, _)| place);
    let mut kept = Vec::new();
    while let Some(place) = at {
        kept.extend(sorted.get(place));
        at = rows.get(place).and_then(|row| row.before);
    }
    kept.reverse();
    kept
}

#[expect(clippy::cast_precision_loss, reason = "days of a car")]
fn own_rate(kept: &[Reading]) -> Option<f64> {
    let last = kept.last()?;
    let days = |r: &Reading| last.at.since(r.at) / DAY_MS;
    let first = kept.iter().find(|r| days(r) <= RATE_WITHIN_DAYS).filter(|r| days(r) >= RATE_OVER_DAYS);
    // A car seen long ago and now again has no nearer reading.
    let first = first.or_else(|| kept.iter().rev().find(|r| days(r) >= RATE_OVER_DAYS))?;
    Some(f64::from(last.miles - first.miles) / days(first) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: At = At(1_790_000_000_000);

    /// Readings as days before now and miles.
    fn read(pairs: &[(i64, u32)]) -> Vec<Reading> {
        pairs.iter().map(|(days, miles)| Reading { at: NOW.plus_ms(-days * DAY_MS), miles: *miles }).collect()
    }

    #[test]
    fn a_car_goes_on_as_it_was_driven() {
        // Name, readings, miles now, own rate, left out, rolled over.
        for (name, pairs, miles, is_own, left_out, rolled) in [
            ("one reading", vec![(365, 40_000)], 51_992, false, 0, false),
            ("two readings", vec![(400, 30_000), (100, 39_000)], 42_000, true, 0, false),
            ("read today", vec![(300, 30_000), (0, 36_000)], 36_000, true, 0, false),
            ("two visits in one week", vec![(104, 30_000), (100, 30_200)], 33_485, false, 0, false),
            ("one typed too low between", vec![(400, 30_000), (250, 3_450), (100, 39_000)], 42_000, true, 1, false),
            ("one typed tenfold between", vec![(400, 30_000), (250, 345_000), (100, 39_000)], 42_000, true, 1, false),
            ("the last typed tenfold", vec![(400, 30_000), (200, 36_000), (100, 390_000)], 42_000, true, 1, false),
            ("a sale typed too high", vec![(900, 90_000), (400, 30_000), (100, 39_000)], 42_000, true, 1, false),
            ("rolled over", vec![(800, 80_000), (500, 95_000), (200, 10_000), (100, 15_000)], 120_000, true, 0, true),
            ("one reading that begins anew", vec![(800, 80_000), (500, 95_000), (100, 10_000)], 120_000, true, 1, false),
            ("nought is no reading", vec![(100, 0)], 0, false, 0, false),
        ] {
            let odometer = now(&read(&pairs), NOW);
            if miles == 0 {
                assert_eq!(odometer, None, "{name}");
                continue;
            }
            let odometer = odometer.unwrap();
            assert_eq!((odometer.is_own_rate, odometer.left_out, odometer.rolled_over), (is_own, left_out, rolled), "{name}: {odometer:?}");
            assert!(odometer.miles.abs_diff(miles) <= 400, "{name}: {odometer:?}");
        }
    }

    #[test]
    fn a_new_number_is_doubted_when_it_runs_backwards_or_leaps() {
        use Doubt::{Behind, TooFar};
        let (then, later) = (vec![(400, 30_000), (100, 39_000)], Reading { at: NOW.plus_ms(-100 * DAY_MS), miles: 39_000 });
        let rolled = vec![(800, 80_000), (500, 95_000), (200, 10_000), (100, 15_000)];
        let typed_wrong = vec![(400, 30_000), (250, 345_000), (100, 39_000)];
        for (name, pairs, miles, doubted) in [
            ("as it was driven", then.clone(), 42_000, None),
            ("not driven since", then.clone(), 39_000, None),
            ("one mile less", then.clone(), 38_999, Some(Behind(later))),
            ("kilometers", then.clone(), 72_420, Some(TooFar(later))),
            ("a digit too many", then, 420_000, Some(TooFar(later))),
            ("a wrong one before it counts for nothing", typed_wrong, 42_000, None),
            ("begun anew", rolled, 19_000, None),
            ("never read", vec![], 420_000, None),
        ] {
            assert_eq!(doubt(&read(&pairs), Reading { at: NOW, miles }), doubted, "{name}");
        }
    }

    #[test]
    fn what_lies_ahead_and_what_no_car_shows_is_no_reading() {
        assert_eq!(now(&read(&[(-5, 40_000), (3, 5_000_000)]), NOW), None);
        assert_eq!(now(&[], NOW), None);
    }

    proptest::proptest! {
        #[test]
        fn it_never_stands_below_what_was_believed_last(pairs in proptest::collection::vec((0_i64..4_000, 1_u32..400_000), 1..12)) {
            let odometer = now(&read(&pairs), NOW).unwrap();
            proptest::prop_assert!(odometer.miles >= odometer.read.miles && odometer.a_day <= MOST_A_DAY + 12.0);
        }
    }
}
