//! When could they come by?

use super::times::{clock, clock_face, day};
use crate::domain::{
    rooftop::Rooftop,
    time::{At, HOUR_MS, MINUTE_MS},
};

/// Nobody drives over within the hour.
const NOTICE_MS: i64 = HOUR_MS;
/// The second offer is another part of the day.
const APART_MS: i64 = 3 * HOUR_MS;
/// A visit that begins must have this long before closing.
const LONG_ENOUGH_MS: i64 = 30 * MINUTE_MS;

/// Two half hours inside store hours as people say them: `11:00 today or 2:00`, `5:00 today or 9:00 tomorrow`.
/// `None` for a store without hours: it must be asked.
#[must_use]
pub fn two_visit_times(store: &Rooftop, now: At) -> Option<String> {
    let first = next_half_hour(store, now.plus_ms(NOTICE_MS))?;
    let second = next_half_hour(store, first.plus_ms(APART_MS))?;
    let same_day = store.zone.day_number(first) == store.zone.day_number(second);
    let day_of_second = if same_day { String::new() } else { format!(" {}", day(&store.zone, second, now)) };
    Some(format!("{} {} or {}{day_of_second}", said(store, first), day(&store.zone, first, now), said(store, second)))
}

/// The first full or half hour from `from` on at which a visit can begin.
fn next_half_hour(store: &Rooftop, from: At) -> Option<At> {
    let mut at = from;
    for _ in 0..40 {
        at = on_the_half_hour(store, store.next_open(at));
        if store.is_open(at) && store.is_open(at.plus_ms(LONG_ENOUGH_MS - 1)) {
            return Some(at);
        }
        at = at.plus_ms(LONG_ENOUGH_MS);
    }
    None
}

fn on_the_half_hour(store: &Rooftop, at: At) -> At {
    let local = store.zone.local(at);
    let past_ms = i64::from(local.minute() % 30) * MINUTE_MS + i64::from(local.second()) * 1_000 + i64::from(local.millisecond());
    if past_ms == 0 { at } else { at.plus_ms(30 * MINUTE_MS - past_ms) }
}

/// `5:30`; with its half of the day where the store is open at both.
fn said(store: &Rooftop, at: At) -> String {
    let twice_a_day = store.is_open(at.plus_ms(12 * HOUR_MS)) || store.is_open(at.plus_ms(-12 * HOUR_MS));
    if twice_a_day { clock(&store.zone, at) } else { clock_face(&store.zone, at) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::rooftop::Hours, engine::sample::at};

    fn check(store: &Rooftop, now: &str, expected: Option<&str>) {
        assert_eq!(two_visit_times(store, at(now)).as_deref(), expected, "{now}");
    }

    #[test]
    fn two_times_are_offered_inside_store_hours() {
        let store = Rooftop::default();
        check(&store, "2026-11-24T09:41:00-05:00", Some("11:00 today or 2:00"));
        check(&store, "2026-11-24T10:00:00-05:00", Some("11:00 today or 2:00"));
        check(&store, "2026-11-24T15:40:00-05:00", Some("5:00 today or 9:00 tomorrow"));
        check(&store, "2026-11-24T17:45:00-05:00", Some("9:00 tomorrow or 12:00"));
        check(&store, "2026-11-28T17:10:00-05:00", Some("9:00 on Monday or 12:00"));
        check(&store, "2026-11-24T04:00:00-05:00", Some("9:00 today or 12:00"));
    }

    #[test]
    fn a_store_open_early_and_late_says_which_half_of_the_day() {
        let store = Rooftop { hours: [Some(Hours { opens: 7 * 60, closes: 21 * 60 }); 7], ..Rooftop::default() };
        check(&store, "2026-11-24T14:40:00-05:00", Some("4:00 today or 7:00 pm"));
    }

    #[test]
    fn a_store_without_hours_offers_nothing() {
        check(&Rooftop { hours: [None; 7], ..Rooftop::default() }, "2026-11-24T09:41:00-05:00", None);
    }
}
