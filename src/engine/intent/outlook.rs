//! What would change this score?

use super::{
    score::points_at,
    signals::{About, Term, terms},
    weights::{Evidence, weight},
};
use crate::{
    domain::{
        picture::Picture,
        score::Score,
        time::{At, DAY_MS},
    },
    engine::wording::times::day,
};

/// What a customer may do next, as a sentence begins.
const NEXT: [(Evidence, &str); 5] = [
    (Evidence::VisitBooked, "A booked visit"),
    (Evidence::FinanceSubmitted, "A finance form"),
    (Evidence::InboundCall, "A call to us"),
    (Evidence::TradeToolFinished, "A finished trade form"),
    (Evidence::Reply, "A message from them"),
];
const RAISES_MOST: usize = 2;
/// Less is not worth a sentence.
const LEAST_POINTS: i16 = 3;
/// Farther ahead nobody plans by a score.
const AHEAD_DAYS: i64 = 30;

/// Up to three short sentences: what would raise the score most, and when it falls if nothing happens. Computed from the same table and
/// picture as the score itself; points are whole, and none is promised beyond 100.
#[must_use]
pub fn outlook(picture: &Picture, now: At) -> Vec<String> {
    let mut terms = terms(picture, now);
    terms.sort_by_key(|t| weight(t.evidence).signal);
    let held = points_at(&terms, &picture.weighing, now);
    let mut raises: Vec<(i16, &str)> = NEXT
        .iter()
        .map(|(evidence, what)| {
            let mut with = terms.clone();
            with.push(Term::new(*evidence, now, About::Nothing));
            with.sort_by_key(|t| weight(t.evidence).signal);
            (points_at(&with, &picture.weighing, now) - held, *what)
        })
        .filter(|(points, _)| *points >= LEAST_POINTS)
        .collect();
    raises.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
    let mut said: Vec<String> = raises.into_iter().take(RAISES_MOST).map(|(points, what)| format!("{what} would add {points}")).collect();
    said.extend(falls(picture, &terms, held, now));
    said
}

/// The first day on which it lies in a lower level of the beam, or at nothing.
fn falls(picture: &Picture, terms: &[Term], held: i16, now: At) -> Option<String> {
    let level = |points: i16| Score { points, parts: vec![] }.level();
    let lowest = |level: u8| (0..=held).find(|points| Score { points: *points, parts: vec![] }.level() == level).unwrap_or(0);
    (1..=AHEAD_DAYS).find_map(|days| {
        let then = now.plus_ms(days * DAY_MS);
        let points = points_at(terms, &picture.weighing, then);
        let when = day(&picture.rooftop.zone, then, now);
        match () {
            () if points <= 0 && held > 0 => Some(format!("Falls to 0 {when} if nothing happens")),
            () if level(points) < level(held) => Some(format!("Falls below {} {when} if nothing happens", lowest(level(points) + 1))),
            () => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{score::Signal, visitor::Did},
        engine::{
            intent::score,
            sample::{Sample, now, shoppers},
        },
    };
    use proptest::prelude::*;

    fn check(sample: &Sample, expected: &[&str]) {
        assert_eq!(outlook(&sample.picture(), now()), expected);
    }

    #[test]
    fn who_did_nothing_can_only_rise() {
        check(&Sample::dana(), &["A booked visit would add 30", "A finance form would add 25"]);
    }

    #[test]
    fn what_was_done_adds_only_what_its_cap_leaves() {
        let booked = Sample::dana().did(Did::BookedVisit, 0, None);
        check(&booked, &["A finance form would add 25", "A call to us would add 25", "Falls below 30 tomorrow if nothing happens"]);
    }

    #[test]
    fn a_store_that_weighs_otherwise_says_so() {
        let turned = Sample::dana().change(|s| s.weighing.0.push((Signal::VisitBooked, 2.0)));
        assert_eq!(outlook(&turned.picture(), now())[0], "A booked visit would add 60");
    }

    #[test]
    fn it_falls_to_nothing_in_the_end() {
        let hours = Sample::dana().did(Did::ViewedPage, 100, None).did(Did::ViewedHours, 0, None);
        assert!(outlook(&hours.picture(), now()).iter().any(|s| s.starts_with("Falls to 0 ")), "{:?}", outlook(&hours.picture(), now()));
    }

    proptest! {
        #[test]
        fn at_most_three_and_none_beyond_a_hundred(sample in shoppers()) {
            let picture = sample.picture();
            let said = outlook(&picture, now());
            prop_assert!(said.len() <= 3);
            let held = score(&picture, now()).points;
            for points in said.iter().filter_map(|s| s.split_once(" would add ")?.1.parse::<i16>().ok()) {
                prop_assert!(held + points <= 100 && points > 0);
            }
        }
    }
}
