//! When did the shopper ask? Dates as senders write them, to an instant.

use crate::domain::time::{At, DAY_MS, MINUTE_MS, SECOND_MS, Zone};
use jiff::{civil, tz::Offset};

/// When a lead reached us and what else tells the time.
#[derive(Debug, Clone, Copy)]
pub(in crate::formats) struct Arrival<'a> {
    pub(in crate::formats) received: At,
    /// By the date of the mail that carried it.
    pub(in crate::formats) sent: Option<At>,
    /// The store's zone: for times that name none.
    pub(in crate::formats) zone: &'a Zone,
}

impl Arrival<'_> {
    /// The mail's date; the time of receipt when there is none or it lies ahead of us.
    pub(in crate::formats) fn fallback(&self) -> At {
        self.sent.filter(|sent| *sent <= self.received).unwrap_or(self.received)
    }
}

/// The instant a sender's text names, and what was odd with it. Never after its receipt: a lead from the future would keep all clocks waiting.
pub(in crate::formats) fn asked(text: &str, arrival: &Arrival) -> (At, Option<&'static str>) {
    let text = text.trim();
    if text.is_empty() {
        return (arrival.fallback(), None);
    }
    match read(text, arrival.zone) {
        None => (arrival.fallback(), Some("The request date could not be read; the time of arrival is used.")),
        // A form's clock and ours differ by a little; a zone that was left out makes it hours.
        Some(read) if read.at.since(arrival.received) > 10 * MINUTE_MS => {
            (arrival.fallback(), Some("The request date lies ahead of its arrival; the time of arrival is used."))
        }
        Some(Read { at, has_time: true }) => (at.min(arrival.received), None),
        Some(Read { at, has_time: false }) => {
            let same_day = (0..DAY_MS).contains(&arrival.fallback().since(at));
            (if same_day { arrival.fallback() } else { at }, Some("The request date has no time of day."))
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::formats) struct Read {
    pub(in crate::formats) at: At,
    pub(in crate::formats) has_time: bool,
}

/// Reads ISO 8601 as it is bent in practice (one-digit hours, a broken or missing offset, seven digits of a second, a space for the T),
/// US dates, dates with a month's name, and Unix time. Without a zone it is the store's time.
pub(in crate::formats) fn read(text: &str, zone: &Zone) -> Option<Read> {
    let text = text.trim();
    if text.len() > 80 {
        return None;
    }
    if let Some(at) = At::parse_rfc3339(text).or_else(|| unix(text)).filter(|at| YEARS.contains(&zone.local(*at).year())) {
        return Some(Read { at, has_time: true });
    }
    let (date, rest) = date(text)?;
    let rest = rest.trim_start_matches([' ', ',', 'T', 't', '-', '\t']);
    let rest = rest.strip_prefix("at ").unwrap_or(rest);
    let Some((time, rest)) = clock(rest) else {
        return Some(Read { at: zone.instant(date.at(0, 0, 0, 0)), has_time: false });
    };
    let local = date.to_datetime(time);
    let at = match offset(rest) {
        Some(offset) => At(offset.to_timestamp(local).ok()?.as_millisecond()),
        None => zone.instant(local),
    };
    Some(Read { at, has_time: true })
}

/// Seconds or milliseconds since 1970, of this century.
fn unix(text: &str) -> Option<At> {
    let number: i64 = text.parse().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()))?;
    match text.len() {
        10 => Some(At(number * SECOND_MS)),
        13 => Some(At(number)),
        _ => None,
    }
}

/// The leading digits of a text, as a number with their count.
fn digits(text: &str) -> Option<(i16, usize, &str)> {
    let count = text.bytes().take(5).take_while(u8::is_ascii_digit).count();
    Some((text[..count].parse().ok()?, count, &text[count..]))
}

fn date(text: &str) -> Option<(civil::Date, &str)> {
    let text = match word(text) {
        Some((name, rest)) if WEEKDAYS.iter().any(|d| name.starts_with(d)) && month(&name).is_none() => rest.trim_start_matches([',', '.', ' ']),
        Some(_) | None => text,
    };
    if let Some((name, rest)) = word(text) {
        let (day, _, rest) = digits(rest.trim_start_matches(['.', ' ']))?;
        let rest = ["st", "nd", "rd", "th"].iter().find_map(|end| rest.strip_prefix(end)).unwrap_or(rest);
        let (year, rest) = year(rest.trim_start_matches([',', ' ']))?;
        return Some((civil_date(year, month(&name)?, day)?, rest));
    }
    let (first, count, rest) = digits(text)?;
    let separator = rest.chars().next()?;
    if separator == ' ' || separator == '-' && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
        let (name, rest) = word(&rest[1..])?;
        let (year, rest) = year(rest.trim_start_matches([',', '.', ' ', '-']))?;
        return Some((civil_date(year, month(&name)?, first)?, rest));
    }
    if !matches!(separator, '-' | '/' | '.') {
        return None;
    }
    let (second, _, rest) = digits(&rest[1..])?;
    let rest = rest.strip_prefix(separator)?;
    if count == 4 {
        let (day, _, rest) = digits(rest)?;
        return Some((civil_date(first, second, day)?, rest));
    }
    let (third, rest) = year(rest)?;
    let (year, month, day) = if first > 12 { (third, second, first) } else { (third, first, second) };
    Some((civil_date(year, month, day)?, rest))
}

/// Four digits, or two of this century.
fn year(text: &str) -> Option<(i16, &str)> {
    let (number, count, rest) = digits(text)?;
    Some((if count <= 2 { number + 2000 } else { number }, rest))
}

/// Leads are younger than the web; any other year is a placeholder.
const YEARS: std::ops::Range<i16> = 1995..2100;

fn civil_date(year: i16, month: i16, day: i16) -> Option<civil::Date> {
    if !YEARS.contains(&year) {
        return None;
    }
    civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn word(text: &str) -> Option<(String, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    (length >= 3).then(|| (text[..length].to_ascii_lowercase(), &text[length..]))
}

fn month(name: &str) -> Option<i16> {
    let place = MONTHS.iter().position(|m| name.starts_with(m))?;
    i16::try_from(place + 1).ok()
}

/// `8:47:50.377 PM`, `18:07`.
fn clock(text: &str) -> Option<(civil::Time, &str)> {
    let (mut hour, _, rest) = digits(text)?;
    let (minute, _, mut rest) = digits(rest.strip_prefix(':')?)?;
    let (mut second, mut milli) = (0, 0);
    if let Some((s, _, after)) = rest.strip_prefix(':').and_then(digits) {
        (second, rest) = (s, after);
        if let Some(fraction) = rest.strip_prefix(['.', ',']) {
            let count = fraction.bytes().take_while(u8::is_ascii_digit).count();
            let three: String = fraction[..count].chars().chain("000".chars()).take(3).collect();
            milli = three.parse::<i32>().ok()?;
            rest = &fraction[count..];
        }
    }
    let rest = rest.trim_start();
    let half = rest.get(..2).map(str::to_ascii_lowercase);
    let rest = match half.as_deref() {
        Some("am") => {
            hour %= 12;
            &rest[2..]
        }
        Some("pm") => {
            hour = hour % 12 + 12;
            &rest[2..]
        }
        Some(_) | None => rest,
    };
    let (hour, minute, second) = (i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?);
    Some((civil::Time::new(hour, minute, second.min(59), milli * 1_000_000).ok()?, rest))
}

/// `Z`, `-08:00`, `-0800`, `-08:0`, `EST`; `None` when there is none.
fn offset(text: &str) -> Option<Offset> {
    let text = text.trim().trim_start_matches('(').trim_end_matches(')');
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' | '\u{2212}' => -1,
        _ => return named_offset(text),
    };
    let rest = text.trim_start_matches(['+', '-', '\u{2212}']);
    let (number, count, rest) = digits(rest)?;
    let (hours, minutes) = match count {
        1 | 2 => (number, rest.strip_prefix(':').and_then(digits).map_or(0, |(m, _, _)| m)),
        _ => (number / 100, number % 100),
    };
    Offset::from_seconds(sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60)).ok()
}

/// The North American names; daylight saving is in the name.
fn named_offset(text: &str) -> Option<Offset> {
    let name: String = text.chars().take_while(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase()).collect();
    let hours = match name.as_str() {
        "Z" | "UTC" | "GMT" => 0,
        "ADT" => -3,
        "AST" | "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" | "AKDT" => -8,
        "AKST" => -9,
        "HST" => -10,
        _ => return None,
    };
    Some(Offset::constant(hours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_senders_write_them() {
        let zone = Zone::named("America/New_York").unwrap_or_else(Zone::utc);
        for (text, instant) in [
            ("2026-05-01T10:00:00-04:00", "2026-05-01T14:00:00Z"),
            ("2008-06-25T8:47:50", "2008-06-25T12:47:50Z"),
            ("2000-03-30T15:30:20-08:0", "2000-03-30T23:30:20Z"),
            ("2025-09-22T18:07", "2025-09-22T22:07:00Z"),
            ("2026-03-11T03:11:42.3770000Z", "2026-03-11T03:11:42.377Z"),
            ("2026-05-01 10:00:00 EST", "2026-05-01T15:00:00Z"),
            ("09/26/26 07:23:54 PM", "2026-09-26T23:23:54Z"),
            ("9/26/2026 12:05 AM", "2026-09-26T04:05:00Z"),
            ("26/9/2026 10:00", "2026-09-26T14:00:00Z"),
            ("Fri, 01 May 2026 10:00:00 +0000", "2026-05-01T10:00:00Z"),
            ("May 1st, 2026 at 10:00 am", "2026-05-01T14:00:00Z"),
            ("1 May 2026 10:00 (UTC)", "2026-05-01T10:00:00Z"),
            ("1777644000", "2026-05-01T14:00:00Z"),
        ] {
            let expected = At::parse_rfc3339(instant).map(|at| Read { at, has_time: true });
            assert_eq!(read(text, &zone), expected, "{text}");
        }
        assert_eq!(read("2026-05-01", &zone), At::parse_rfc3339("2026-05-01T04:00:00Z").map(|at| Read { at, has_time: false }));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in
            ["", "soon", "0000-00-00T00:00:00", "2026-13-01", "2026-02-30T10:00:00", "12", "1/2", "0001-01-01T00:00:00", "é-é-é", "2026-05-01-é"]
        {
            assert!(read(text, &Zone::utc()).is_none_or(|r| !r.has_time), "{text}");
        }
    }

    #[test]
    fn without_a_readable_date_the_mails_date_counts_and_then_the_receipt() {
        let zone = Zone::utc();
        let (received, sent) = (At(2_000_000_000_000), At(1_999_999_000_000));
        let mail = Arrival { received, sent: Some(sent), zone: &zone };
        let post = Arrival { received, sent: None, zone: &zone };
        for (text, arrival, at) in [("", mail, sent), ("soon", mail, sent), ("soon", post, received), ("2090-01-01T00:00:00Z", post, received)] {
            assert_eq!(asked(text, &arrival).0, at, "{text}");
        }
    }
}
