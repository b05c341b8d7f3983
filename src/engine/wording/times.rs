//! How is a time said?
//!
//! Formats of the design, section 12: `9:41 am`; a weekday within six days; `Aug 14` this year; `Mar 2, 2024` before.

use crate::domain::time::{At, Zone};
use jiff::civil::Date;

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `9:41 am`.
#[must_use]
pub fn clock(zone: &Zone, at: At) -> String {
    let local = zone.local(at);
    let half = if local.hour() < 12 { "am" } else { "pm" };
    format!("{} {half}", face(local.hour(), local.minute()))
}

/// `9:41`, as people say it when the half of the day is plain.
#[must_use]
pub(crate) fn clock_face(zone: &Zone, at: At) -> String {
    let local = zone.local(at);
    face(local.hour(), local.minute())
}

fn face(hour: i8, minute: i8) -> String {
    let hour = match hour % 12 {
        0 => 12,
        h => h,
    };
    format!("{hour}:{minute:02}")
}

/// `today`, `yesterday`, `tomorrow`, `on Monday`, `on Aug 14`, `on Mar 2, 2024`.
#[must_use]
pub fn day(zone: &Zone, at: At, now: At) -> String {
    let (date, today) = (zone.local(at).date(), zone.local(now).date());
    match (date - today).get_days() {
        0 => "today".to_owned(),
        -1 => "yesterday".to_owned(),
        1 => "tomorrow".to_owned(),
        -6..=6 => format!("on {}", weekday(date)),
        _ => format!("on {}", date_words(date, today)),
    }
}

/// `Aug 14`, `Mar 2, 2024`: the day as a record bears it.
#[must_use]
pub fn date(zone: &Zone, at: At, now: At) -> String {
    date_words(zone.local(at).date(), zone.local(now).date())
}

/// `9:41 am` today, `yesterday 9:41 am`, `Monday 9:41 am` within six days, then the date alone.
#[must_use]
pub fn moment(zone: &Zone, at: At, now: At) -> String {
    let (date, today) = (zone.local(at).date(), zone.local(now).date());
    let clock = clock(zone, at);
    match (date - today).get_days() {
        0 => clock,
        -1 => format!("yesterday {clock}"),
        1 => format!("tomorrow {clock}"),
        -6..=6 => format!("{} {clock}", weekday(date)),
        _ => date_words(date, today),
    }
}

/// `Jun 2022`.
#[must_use]
pub fn month(zone: &Zone, at: At) -> String {
    let date = zone.local(at).date();
    format!("{} {}", month_word(date), date.year())
}

fn weekday(date: Date) -> &'static str {
    WEEKDAYS[usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0) % 7]
}

fn month_word(date: Date) -> &'static str {
    MONTHS[usize::try_from(date.month() - 1).unwrap_or(0) % 12]
}

fn date_words(date: Date, today: Date) -> String {
    if date.year() == today.year() {
        format!("{} {}", month_word(date), date.day())
    } else {
        format!("{} {}, {}", month_word(date), date.day(), date.year())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_as_the_store_says_it() {
        let zone = Zone::named("America/New_York").unwrap();
        let at = |text: &str| At::parse_rfc3339(text).unwrap();
        let now = at("2026-11-24T09:41:00-05:00");
        for (when, said_day, said_moment) in [
            ("2026-11-24T00:05:00-05:00", "today", "12:05 am"),
            ("2026-11-23T23:59:00-05:00", "yesterday", "yesterday 11:59 pm"),
            ("2026-11-25T12:00:00-05:00", "tomorrow", "tomorrow 12:00 pm"),
            ("2026-11-20T18:52:00-05:00", "on Friday", "Friday 6:52 pm"),
            ("2026-08-14T10:00:00-04:00", "on Aug 14", "Aug 14"),
            ("2024-03-02T10:00:00-05:00", "on Mar 2, 2024", "Mar 2, 2024"),
        ] {
            assert_eq!((day(&zone, at(when), now).as_str(), moment(&zone, at(when), now).as_str()), (said_day, said_moment), "{when}");
        }
        assert_eq!(month(&zone, at("2022-06-03T10:00:00-04:00")), "Jun 2022");
    }
}
