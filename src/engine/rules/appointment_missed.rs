//! Somebody was expected in service and did not come.

use super::{Basis, Proposal};
use crate::{
    domain::{
        alert::{Icon, Level, Matter, Reason, RuleKind},
        picture::{Expected, Picture},
        rule_setting::Knob,
        time::At,
    },
    engine::wording::{
        phrases,
        times::{clock, date},
    },
};

/// Stands from a day after the appointment until they come, book anew or are reached, at most a week, or as the store set both. Whether
/// they came is told by a repair order of that day or later, or a visit to the showroom; of several appointments only the last counts.
pub(super) fn propose(picture: &Picture, now: At) -> Option<Proposal> {
    let expected = missed(picture)?;
    let open_ms = picture.rules.ms(RuleKind::AppointmentMissed, Knob::OpenDays);
    let from = begins_at(picture, expected);
    if now < from || now.since(from) >= open_ms {
        return None;
    }
    let zone = &picture.rooftop.zone;
    let day = date(zone, expected.at, now);
    let work = if expected.work.is_empty() { String::new() } else { format!(": {}", phrases::cut(&expected.work, 80)) };
    Some(Proposal {
        matter: Matter::of(RuleKind::AppointmentMissed),
        level: Level::NextUp,
        headline: format!("{} did not come to the service appointment of {day}.", phrases::who(picture.customer)),
        short: format!("Missed the appointment of {day}"),
        reasons: vec![Reason {
            at: expected.at,
            icon: Icon::Wrench,
            text: format!("Expected {day} at {}{work}", clock(zone, expected.at)),
            vehicle: None,
        }],
        vehicle: None,
        first_response: false,
        evidence: expected.at,
        holds_until: Some(from.plus_ms(open_ms)),
        basis: Basis::Told,
    })
}

/// When the rule begins to stand, if nothing happens.
pub(super) fn begins(picture: &Picture) -> Option<At> {
    missed(picture).map(|expected| begins_at(picture, expected))
}

fn begins_at(picture: &Picture, expected: &Expected) -> At {
    expected.at.plus_ms(picture.rules.ms(RuleKind::AppointmentMissed, Knob::WaitHours))
}

/// Their last appointment, while nothing says that they came, or that somebody reached for them after it.
fn missed<'p>(picture: &'p Picture) -> Option<&'p Expected> {
    let expected = picture.expected.iter().max_by_key(|e| e.at)?;
    let day = picture.rooftop.zone.midnight(expected.at);
    let came = picture.last_service.into_iter().chain(picture.visits.iter().map(|v| v.began)).any(|at| at >= day);
    let touched = picture.last_store_touch.is_some_and(|touch| touch > expected.at);
    (!came && !touched).then_some(expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::sample::{Sample, hours_ago, now};

    fn expected(hours: i64) -> Sample {
        Sample::dana().change(|s| s.expected = vec![Expected { at: hours_ago(hours), work: "Oil and filter".into() }])
    }

    #[test]
    fn it_stands_from_the_day_after_for_a_week() {
        for (hours, stands) in [(-5, false), (23, false), (24, true), (24 + 167, true), (24 + 168, false)] {
            assert_eq!(propose(&expected(hours).picture(), now()).is_some(), stands, "{hours}");
        }
        assert_eq!(begins(&expected(4).picture()), Some(hours_ago(-20)));
    }

    #[test]
    fn who_came_booked_anew_or_was_reached_has_not_missed_it() {
        let check = |change: fn(&mut Sample), stands: bool| {
            assert_eq!(propose(&expected(30).change(change).picture(), now()).is_some(), stands);
        };
        check(|_| {}, true);
        check(|s| s.last_service = Some(hours_ago(32)), false);
        check(|s| s.last_service = Some(hours_ago(24 * 20)), true);
        check(|s| s.expected.push(Expected { at: hours_ago(-48), work: String::new() }), false);
        check(|s| s.last_store_touch = Some(hours_ago(29)), false);
        check(|s| s.last_store_touch = Some(hours_ago(31)), true);
    }

    #[test]
    fn the_card_says_when_they_were_expected_and_for_what() {
        let card = propose(&expected(30).picture(), now()).unwrap();
        assert_eq!((card.headline.as_str(), card.basis), ("Dana did not come to the service appointment of Nov 23.", Basis::Told));
        assert_eq!(card.reasons[0].text, "Expected Nov 23 at 3:41 am: Oil and filter");
    }
}
