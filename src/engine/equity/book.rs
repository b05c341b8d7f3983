//! How do all cars of all customers stand at once? A line a car, in memory, with everything looked up that does not change by the day.

use super::{
    loan::Terms,
    odometer::Odometer,
    valuation::{Market, Settled},
};
use crate::domain::{
    money::Cents,
    time::{At, DAY_MS},
};
use std::{cmp::Reverse, thread};

/// What is owed on a car, as far as it follows from the day alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Owes {
    Unknown,
    Nothing,
    /// Paid as the contract says.
    Contract(Terms),
    /// A balance that was said, and the contract by which it is paid down since.
    Said {
        amount: Cents,
        at: At,
        terms: Option<Terms>,
    },
}

/// One car.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// None of a car without a model year.
    pub car: Option<Settled>,
    /// What was said of this very car and holds today; it goes before the market.
    pub said: Option<Cents>,
    pub odometer: Option<Odometer>,
    pub owes: Owes,
}

/// How one car stands: its place in the book, what it would bring and what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    pub place: usize,
    pub value: Cents,
    pub left: Cents,
}

/// One car by its line alone. `None` where value or payoff is unknown.
#[must_use]
pub fn left(line: &Line, market: &Market, now: At, room: &mut Vec<(f64, f64)>) -> Option<(Cents, Cents)> {
    let owed = match line.owes {
        Owes::Unknown => return None,
        Owes::Nothing => Cents(0),
        Owes::Contract(terms) => terms.balance(now),
        Owes::Said { amount, terms: None, .. } => amount,
        Owes::Said { amount, at, terms: Some(terms) } => {
            let paid_down = terms.balance_after(terms.paid(at)).0 - terms.balance(now).0;
            Cents((amount.0 - paid_down.max(0)).max(0))
        }
    };
    let value = if let Some(said) = line.said {
        said
    } else {
        let day = i32::try_from(now.0.div_euclid(DAY_MS)).ok()?;
        let miles = line.odometer.map(|o| f64::from(o.at(now)));
        market.value_settled(line.car.as_ref()?, miles, day, room)
    };
    Some((value, Cents(value.0 - owed.0)))
}

/// The cars of which most is left, the most first, at most so many. Every line is reckoned anew, on both halves of the book at once.
#[must_use]
pub fn most_left(lines: &[Line], market: &Market, now: At, at_most: usize) -> Vec<Left> {
    let half = lines.len().div_ceil(2);
    let (first, second) = lines.split_at(half);
    let mut all = thread::scope(|threads| {
        let other = threads.spawn(|| reckon(second, half, market, now));
        let mut mine = reckon(first, 0, market, now);
        mine.extend(other.join().unwrap_or_default());
        mine
    });
    if all.len() > at_most && at_most > 0 {
        all.select_nth_unstable_by_key(at_most - 1, |l| Reverse((l.left, Reverse(l.place))));
    }
    all.truncate(at_most);
    all.sort_unstable_by_key(|l| Reverse((l.left, Reverse(l.place))));
    all
}

fn reckon(lines: &[Line], from: usize, market: &Market, now: At) -> Vec<Left> {
    let mut room = Vec::new();
    let mut all = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        all.extend(left(line, market, now, &mut room).map(|(value, left)| Left { place: from + at, value, left }));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            loan::Said,
            odometer::{self, Reading},
            position::{Contract, SaidBalance, owed},
            valuation::{Subject, worth},
        },
        *,
    };
    use crate::domain::{money::Bps, vehicle::CarFacts};

    const NOW: At = At(1_790_000_000_000);

    fn facts(year: u16, miles: u32) -> CarFacts {
        CarFacts { year: Some(year), make: "Honda".into(), model: "Civic".into(), odometer_mi: Some(miles), ..CarFacts::default() }
    }

    fn terms(months_ago: i64) -> Terms {
        let signed = NOW.plus_ms(-(months_ago * 36_525 / 1_200 + 10) * DAY_MS);
        Terms::parse(&Said { financed: Some(Cents(1_800_000)), apr: Some(Bps(690)), payments: Some(72), signed, ..Said::default() }).unwrap()
    }

    fn line(market: &Market, year: u16, owes: Owes) -> Line {
        let read = [Reading { at: NOW.plus_ms(-100 * DAY_MS), miles: 40_000 }];
        Line { car: market.settle(&Subject::of(&facts(year, 40_000), None)), said: None, odometer: odometer::now(&read, NOW), owes }
    }

    #[test]
    fn a_line_says_what_the_car_itself_would() {
        let market = Market::of_store(&[]);
        let one = line(&market, 2021, Owes::Contract(terms(24)));
        let miles = one.odometer.unwrap().miles;
        let value = worth(&market, &Subject::of(&facts(2021, miles), None), &[], NOW).unwrap().middle;
        let balance = owed(Contract::Terms(terms(24)), &[], NOW).unwrap().balance;
        assert_eq!(left(&one, &market, NOW, &mut vec![]), Some((value, Cents(value.0 - balance.0))));
        assert_eq!(left(&Line { owes: Owes::Unknown, ..one }, &market, NOW, &mut vec![]), None);
        assert_eq!(left(&Line { car: None, ..one }, &market, NOW, &mut vec![]), None);
        let said = Some(Cents(1_100_000));
        let said = Line { said, car: None, owes: Owes::Nothing, ..one };
        assert_eq!(left(&said, &market, NOW, &mut vec![]), Some((Cents(1_100_000), Cents(1_100_000))), "whoever stood before it knows better");
        assert_eq!(left(&Line { owes: Owes::Nothing, ..one }, &market, NOW, &mut vec![]), Some((value, value)));
        // A balance that was said some weeks ago is paid down since, on the list as on the page.
        let (amount, at) = (Cents(900_000), NOW.plus_ms(-40 * DAY_MS));
        let said = owed(Contract::Terms(terms(24)), &[SaidBalance { amount, at, is_verified: true }], NOW).unwrap().balance;
        assert!(said < amount, "{said}");
        let by_word = Line { owes: Owes::Said { amount, at, terms: Some(terms(24)) }, ..one };
        assert_eq!(left(&by_word, &market, NOW, &mut vec![]), Some((value, Cents(value.0 - said.0))));
    }

    #[test]
    fn those_of_which_most_is_left_come_first_and_no_more_than_asked_for() {
        let market = Market::of_store(&[]);
        let lines: Vec<Line> = (0..60)
            .map(|n| match n % 3 {
                0 => line(&market, 2010 + n / 4, Owes::Contract(terms(i64::from(n)))),
                1 => line(&market, 2010 + n / 4, Owes::Nothing),
                _ => line(&market, 2010 + n / 4, Owes::Unknown),
            })
            .collect();
        let all = most_left(&lines, &market, NOW, 100);
        assert_eq!(all.len(), 40);
        assert!(all.is_sorted_by_key(|l| Reverse(l.left)));
        assert_eq!(most_left(&lines, &market, NOW, 7), all[..7]);
        assert!(most_left(&[], &market, NOW, 7).is_empty());
    }
}
