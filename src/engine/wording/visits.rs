//! When could they come by?

use super::times::{clock_face, day};
use crate::domain::{
    rooftop::Rooftop,
    time::{At, HOUR_MS},
};
use jiff::{Span, civil::Date};

/// Nobody drives over within the hour.
const NOTICE_MS: i64 = HOUR_MS;
/// The second offer is another part of the day.
const APART_MS: i64 = 3 * HOUR_MS;
/// However early a store opens and however late it closes, nobody is asked to come by before nine or to stay after seven. So `5:00` can
/// only be the afternoon's.
const DAYTIME: std::ops::Range<u16> = 9 * 60..19 * 60;
/// A visit that begins must have this long before closing; visits begin on the full and the half hour.
const VISIT_MINUTES: u16 = 30;
/// A store closed for longer than a week is asked.
const DAYS_AHEAD: i64 = 8;

/// Two half hours of the daytime inside store hours as people say them: `11:00 today or 2:00`, `5:00 today or 9:00 tomorrow`.
/// `None` for a store without hours: it must be asked.
#[must_use]
pub fn two_visit_times(store: &Rooftop, now: At) -> Option<String> {
    let first = next_visit(store, now.plus_ms(NOTICE_MS))?;
    let second = next_visit(store, first.plus_ms(APART_MS))?;
    let same_day = store.zone.day_number(first) == store.zone.day_number(second);
    let day_of_second = if same_day { String::new() } else { format!(" {}", day(&store.zone, second, now)) };
    let said = |at: At| clock_face(&store.zone, at);
    Some(format!("{} {} or {}{day_of_second}", said(first), day(&store.zone, first, now), said(second)))
}

/// The first full or half hour from `from` on at which a visit can begin.
fn next_visit(store: &Rooftop, from: At) -> Option<At> {
    let today = store.zone.local(from).date();
    (0..DAYS_AHEAD).filter_map(|ahead| today.checked_add(Span::new().days(ahead)).ok()).find_map(|day| visits_of(store, day).find(|at| *at >= from))
}

fn visits_of(store: &Rooftop, day: Date) -> impl Iterator<Item = At> + '_ {
    let hours = store.hours_of(day);
    let fits = move |begin: &u16| hours.is_some_and(|h| h.opens <= *begin && begin + VISIT_MINUTES <= h.closes);
    DAYTIME.step_by(usize::from(VISIT_MINUTES)).filter(fits).map(move |begin| store.wall(day, begin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{rooftop::Hours, time::MINUTE_MS},
        engine::sample::at,
    };
    use proptest::prelude::*;

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

    fn open(opens: u16, closes: u16) -> Rooftop {
        Rooftop { hours: [Some(Hours { opens, closes }); 7], ..Rooftop::default() }
    }

    #[test]
    fn a_store_open_early_and_late_is_visited_in_the_daytime() {
        let early_and_late = open(7 * 60, 21 * 60);
        check(&early_and_late, "2026-11-24T14:40:00-05:00", Some("4:00 today or 9:00 tomorrow"));
        check(&early_and_late, "2026-11-24T05:10:00-05:00", Some("9:00 today or 12:00"));
        let always = open(0, 24 * 60);
        check(&always, "2026-11-24T19:20:00-05:00", Some("9:00 tomorrow or 12:00"));
        check(&always, "2026-11-24T17:20:00-05:00", Some("6:30 today or 9:00 tomorrow"));
        check(&open(19 * 60, 23 * 60), "2026-11-24T09:41:00-05:00", None);
    }

    #[test]
    fn a_store_that_opens_at_a_quarter_past_is_visited_on_the_half_hour() {
        check(&open(9 * 60 + 15, 12 * 60 + 45), "2026-11-24T04:00:00-05:00", Some("9:30 today or 9:30 tomorrow"));
    }

    proptest! {
        #[test]
        fn a_visit_is_in_store_hours_by_daylight_and_an_hour_ahead(opens in 0..1440_u16, long in 30..1440_u16, open_days in 1..128_u8, minutes in 0..20_000_i64) {
            let hours = Hours { opens, closes: (opens + long).min(1440) };
            let store = Rooftop { hours: std::array::from_fn(|day| (open_days >> day & 1 == 1).then_some(hours)), ..Rooftop::default() };
            // From the day before the clocks are set back.
            let from = at("2026-10-31T00:00:00-04:00").plus_ms(minutes * MINUTE_MS).plus_ms(NOTICE_MS);
            if let Some(visit) = next_visit(&store, from) {
                let local = store.zone.local(visit);
                prop_assert!(visit >= from && local.minute() % 30 == 0 && (9..19).contains(&local.hour()), "{local}");
                prop_assert!(store.is_open(visit) && store.is_open(visit.plus_ms(30 * MINUTE_MS - 1)), "{local}");
            }
        }
    }

    #[test]
    fn a_store_without_hours_offers_nothing() {
        check(&Rooftop { hours: [None; 7], ..Rooftop::default() }, "2026-11-24T09:41:00-05:00", None);
    }
}
