//! When should we look at this customer again, if nothing happens?

use super::{
    score::{points_at, score},
    signals::terms,
    weights::weight,
};
use crate::{
    domain::{
        picture::Picture,
        score::Score,
        time::{At, HOUR_MS, MINUTE_MS},
    },
    engine::{desk, rules},
};

/// Nothing of the score moves as far later than this.
const HORIZON_MS: i64 = 120 * 24 * HOUR_MS;
/// The score kept with a customer is the one that is shown and sorted by, and it is never further from the truth than this: lists need
/// not weigh anybody anew, and a card does not change with each single point.
const MOVED_POINTS: i16 = 5;

/// The next moment at which thinking again would conclude something else though nothing happened: the score has moved by some points,
/// across a level of the beam or to nothing, a rule's window passes, or a cool-down of the desk ends. `None` when waiting changes nothing.
/// Exact to the minute, never early.
#[must_use]
pub fn fades_at(picture: &Picture, now: At) -> Option<At> {
    let proposals = rules::propose(picture, &score(picture, now), now);
    let windows = proposals.iter().filter_map(|p| p.holds_until).chain(desk::cools_at(picture, &proposals, now));
    let windows = windows.chain(rules::begins(picture, now)).filter(|at| *at > now);
    windows.chain(score_moves_at(picture, now)).min()
}

/// Steps ahead in growing strides until the score has moved, then closes in to the minute.
fn score_moves_at(picture: &Picture, now: At) -> Option<At> {
    let mut terms = terms(picture, now);
    terms.sort_by_key(|t| weight(t.evidence).signal);
    let held = points_at(&terms, &picture.weighing, now);
    let has_moved = |at: At| moved(held, points_at(&terms, &picture.weighing, at));
    let mut stops: Vec<At> =
        std::iter::successors(Some(HOUR_MS), |stride| Some(stride * 2)).take_while(|s| *s < HORIZON_MS).map(|s| now.plus_ms(s)).collect();
    stops.extend(terms.iter().flat_map(|t| [t.from, t.until]).filter(|at| *at > now && at.since(now) < HORIZON_MS));
    stops.sort_unstable();
    let mut before = now;
    for stop in stops {
        if has_moved(stop) {
            return Some(close_in(before, stop, has_moved));
        }
        before = stop;
    }
    None
}

fn moved(held: i16, points: i16) -> bool {
    let level = |points: i16| Score { points, parts: vec![] }.level();
    (points - held).abs() >= MOVED_POINTS || level(points) != level(held) || (points == 0) != (held == 0)
}

fn close_in(mut before: At, mut after: At, changed: impl Fn(At) -> bool) -> At {
    while after.since(before) > MINUTE_MS {
        let middle = before.plus_ms(after.since(before) / 2);
        if changed(middle) { after = middle } else { before = middle }
    }
    after
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            alert::RuleKind,
            time::DAY_MS,
            visitor::{Activity, Did},
        },
        engine::sample::{CRV, Sample, card, done, hours_ago, now, shoppers},
    };
    use proptest::prelude::*;

    fn check(sample: &Sample, expected: Option<At>) {
        assert_eq!(fades_at(&sample.picture(), now()), expected);
    }

    #[test]
    fn waiting_for_nothing_needs_no_timer() {
        check(&Sample::dana(), None);
        check(&Sample::dana().did(Did::ViewedHours, 24 * 40, None), None);
    }

    #[test]
    fn a_score_is_kept_anew_as_it_fades_down_to_nothing() {
        let sample = Sample::dana().did(Did::ViewedHours, 0, None).sets(RuleKind::HoursViewed, |rule| rule.on = false);
        let picture = sample.picture();
        let (mut at, mut kept) = (now(), vec![score(&picture, now()).points]);
        while let Some(next) = fades_at(&picture, at) {
            kept.push(score(&picture, next).points);
            at = next;
        }
        assert_eq!(kept, [10, 5, 0]);
    }

    #[test]
    fn a_level_is_crossed_when_its_points_have_faded() {
        let booked = Sample::dana().did(Did::BookedVisit, 0, None);
        let at = fades_at(&booked.picture(), now()).unwrap();
        let level = |at: At| score(&booked.picture(), at).level();
        assert_eq!((level(at.plus_ms(-MINUTE_MS)), level(at)), (2, 1));
    }

    #[test]
    fn a_form_left_unfinished_is_thought_of_when_the_visit_is_over() {
        let form = Sample::dana().did(Did::BookedVisit, 0, None).did(Did::SubmittedFinance, 168, None).did(Did::StartedForm, 0, None);
        let at = fades_at(&form.picture(), now()).unwrap();
        assert!(at <= now().plus_ms(Activity::VISIT_MS), "{at:?}");
    }

    #[test]
    fn a_rules_window_passes() {
        let back = Sample::dana().looks(CRV, &[40, 26, 14, 1]);
        let at = fades_at(&back.picture(), now()).unwrap();
        assert!(at <= hours_ago(1).plus_ms(DAY_MS));
        let service = |hours| Sample::dana().lead(1, hours, |l| l.said.kind = crate::domain::lead::LeadKind::Service);
        check(&service(2), Some(hours_ago(2).plus_ms(7 * DAY_MS)));
        check(&service(0), Some(now().plus_ms(30 * MINUTE_MS)));
    }

    proptest! {
        #[test]
        fn nothing_changes_before_its_time(sample in shoppers(), part in 0.0..1.0_f64) {
            let picture = sample.picture();
            let concluded = |at: At| {
                let score = score(&picture, at);
                let proposals = rules::propose(&picture, &score, at);
                let matters: Vec<_> = proposals.iter().map(|p| (p.matter, p.level, p.headline.clone())).collect();
                (score.level(), score.points == 0, matters, desk::cools_at(&picture, &proposals, at))
            };
            let wait = fades_at(&picture, now()).map_or(HORIZON_MS, |at| at.since(now()) - MINUTE_MS).max(0);
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a moment before the time, whichever")]
            let then = now().plus_ms((wait as f64 * part) as i64);
            prop_assert_eq!(concluded(then), concluded(now()));
            prop_assert!(!moved(score(&picture, now()).points, score(&picture, then).points));
        }
    }

    #[test]
    fn a_cool_down_ends() {
        let cooling =
            Sample::dana().did(Did::FinishedTradeTool, 1, None).change(|s| s.alerts = vec![card(1, RuleKind::TradeToolUsed, done(hours_ago(2)))]);
        check(&cooling, Some(hours_ago(2).plus_ms(DAY_MS)));
    }
}
