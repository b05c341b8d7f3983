//! What does one cell of a table say? Read as written or not at all; nothing is guessed.

use crate::domain::{
    money::{Bps, Cents},
    time::{At, DAY_MS, Zone},
};
use jiff::civil;

/// Longest text kept of a cell that is not prose.
const MOST_TEXT_BYTES: usize = 200;
/// Longest prose kept: a description, the words of a job.
const MOST_PROSE_BYTES: usize = 4_000;

/// Without the blanks around it; empty for what systems write where they know nothing.
pub(super) fn trimmed(cell: &str) -> &str {
    let cell = cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{a0}' || c == '\0');
    match cell {
        "-" | "--" | "---" | "NULL" | "null" | "(null)" | "\\N" | "N/A" | "n/a" | "#N/A" | "NaN" | "undefined" => "",
        said => said,
    }
}

/// One line of plain text: runs of blanks become one, control characters and lost ones (U+FFFD) go.
pub(super) fn words(cell: &str) -> String {
    plain(trimmed(cell), MOST_TEXT_BYTES)
}

/// The same for longer text.
pub(super) fn prose(cell: &str) -> String {
    plain(trimmed(cell), MOST_PROSE_BYTES)
}

fn plain(text: &str, most_bytes: usize) -> String {
    let odd = |w: &[u8]| w[0] == b' ' && w[1] == b' ';
    let simple = text.bytes().all(|b| b >= b' ' && b != 0x7f)
        && !text.as_bytes().windows(2).any(odd)
        && (text.is_ascii() || !text.contains(['\u{fffd}', '\u{a0}']));
    if simple && text.len() <= most_bytes {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len().min(most_bytes));
    for word in text.split(|c: char| c.is_whitespace() || c == '\0') {
        let kept = word.chars().filter(|c| !c.is_control() && *c != '\u{fffd}');
        let before = out.len();
        if before > 0 {
            out.push(' ');
        }
        let start = out.len();
        out.extend(kept);
        if out.len() == start {
            out.truncate(before);
        }
        if out.len() > most_bytes {
            out.truncate(out.floor_char_boundary(most_bytes));
            break;
        }
    }
    out
}

/// What a date cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Blank,
    Read(At),
    /// Something is there, and it is no date we can be sure of.
    Unreadable,
}

/// In which order a file writes its dates. A year of four digits is known wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// 6/30/2026, as the trade writes it.
    #[default]
    MonthFirst,
    /// 30/6/2026.
    DayFirst,
    /// 26-06-30.
    YearFirst,
}

/// By what a date of a file is read.
pub(super) struct Calendar<'z> {
    pub(super) order: DateOrder,
    pub(super) zone: &'z Zone,
    pub(super) received: At,
}

/// A date, with or without a time, by the store's clock unless it names an offset; a date alone is the start of that day.
/// Read in the file's order or not at all: a first number above 12 is not turned round. Spreadsheet serial numbers are not dates.
pub(super) fn date(cell: &str, calendar: &Calendar<'_>) -> When {
    let text = trimmed(cell);
    if text.bytes().all(|b| matches!(b, b'0' | b'/' | b'-' | b':' | b' ' | b'.' | b'T')) {
        return When::Blank;
    }
    let read = At::parse_rfc3339(text).or_else(|| wall_time(text, calendar));
    let sane = read.filter(|at| at.0 > EARLIEST_MS && at.since(calendar.received) < 40 * 365 * DAY_MS);
    sane.map_or(When::Unreadable, When::Read)
}

/// 1920-01-01: no deal, repair order or birth of a file is older.
const EARLIEST_MS: i64 = -1_577_923_200_000;

fn wall_time(text: &str, calendar: &Calendar<'_>) -> Option<At> {
    let zone = calendar.zone;
    if let Some(date) = month_named(text) {
        return Some(zone.instant(date.at(0, 0, 0, 0)));
    }
    let (day, time) = match text.split_once([' ', 'T']) {
        Some((day, time)) => (day, time.trim()),
        None => (text, ""),
    };
    let date = numeric_date(day.trim_end_matches(','), calendar)?;
    if let Some(utc) = time.strip_suffix("UTC").or_else(|| time.strip_suffix('Z')) {
        return Some(Zone::utc().instant(date.to_datetime(clock_time(utc.trim())?)));
    }
    Some(zone.instant(date.to_datetime(clock_time(time)?)))
}

/// `1/5/2026`, `01-05-26`, `2026-01-05`, `2026/01/05`, `20260105`; where days come first also `30.6.2026`.
fn numeric_date(text: &str, calendar: &Calendar<'_>) -> Option<civil::Date> {
    let day_first = calendar.order == DateOrder::DayFirst;
    let mut parts = text.split(|c| matches!(c, '/' | '-') || day_first && c == '.');
    let (first, second, third, fourth) = (parts.next()?, parts.next(), parts.next(), parts.next());
    let (Some(second), Some(third), None) = (second, third, fourth) else {
        let is_one = second.is_none() && first.len() == 8 && first.is_ascii();
        return is_one.then(|| day(&first[..4], &first[4..6], &first[6..])).flatten();
    };
    match (first.len(), third.len(), calendar.order) {
        (4, _, _) => day(first, second, third),
        (_, 4, DateOrder::DayFirst) => day(third, second, first),
        (_, 4, DateOrder::MonthFirst | DateOrder::YearFirst) => day(third, first, second),
        (2, _, DateOrder::YearFirst) => day(&calendar.full_year(first)?, second, third),
        (_, 2, DateOrder::DayFirst) => day(&calendar.full_year(third)?, second, first),
        (_, 2, DateOrder::MonthFirst) => day(&calendar.full_year(third)?, first, second),
        _ => None,
    }
}

impl Calendar<'_> {
    /// Two digits are of this century unless that would lie beyond next year.
    fn full_year(&self, two: &str) -> Option<String> {
        let next_year = self.zone.local(self.received).year() + 1;
        let in_century = i16::from(small(two)?);
        Some((if 2000 + in_century <= next_year { 2000 + in_century } else { 1900 + in_century }).to_string())
    }
}

fn day(year: &str, month: &str, day: &str) -> Option<civil::Date> {
    civil::Date::new(year.parse().ok()?, small(month)?, small(day)?).ok()
}

fn small(text: &str) -> Option<i8> {
    ((1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// `05-Jan-2026`, `Jan 5, 2026`, `5 January 2026`.
fn month_named(text: &str) -> Option<civil::Date> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    if !text.bytes().any(|b| b.is_ascii_alphabetic()) || text.contains(':') {
        return None;
    }
    let (mut month, mut day, mut year) = (None, None, None);
    for part in text.split([' ', '-', ',', '/']).filter(|p| !p.is_empty()) {
        let lower = part.to_ascii_lowercase();
        match part.len() {
            1 | 2 if day.is_none() => day = Some(small(part)?),
            4 if part.bytes().all(|b| b.is_ascii_digit()) => year = Some(part.parse::<i16>().ok()?),
            3.. if month.is_none() => month = Some(MONTHS.iter().position(|m| lower.starts_with(m))?),
            _ => return None,
        }
    }
    civil::Date::new(year?, i8::try_from(month? + 1).ok()?, day?).ok()
}

/// A time alone, `2:05 PM`; some systems write a whole date in front, others `1405`.
pub(super) fn time_of_day(cell: &str) -> Option<civil::Time> {
    let text = trimmed(cell);
    let is_short = matches!(text.len(), 3 | 4) && text.bytes().all(|b| b.is_ascii_digit());
    if is_short {
        let (hour, minute) = text.split_at(text.len() - 2);
        return clock_time(&format!("{hour}:{minute}"));
    }
    let time = text.split_once([' ', 'T']).filter(|(day, _)| day.contains(['/', '-'])).map_or(text, |(_, time)| time);
    clock_time(time.trim()).filter(|_| !time.is_empty())
}

/// `14:05`, `14:05:09`, `2:05:09 PM`, `14:05:09.123`; nothing is midnight.
fn clock_time(text: &str) -> Option<civil::Time> {
    if text.is_empty() {
        return Some(civil::Time::midnight());
    }
    let upper = text.to_ascii_uppercase();
    let (digits, half) = match (upper.strip_suffix("AM"), upper.strip_suffix("PM")) {
        (Some(rest), _) => (rest.trim(), Some(0)),
        (_, Some(rest)) => (rest.trim(), Some(12)),
        (None, None) => (upper.as_str(), None),
    };
    let mut parts = digits.split(':');
    let (hour, minute) = (small(parts.next()?)?, small(parts.next()?)?);
    let second = match parts.next() {
        Some(seconds) => small(seconds.split('.').next()?)?,
        None => 0,
    };
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    parts.next().is_none().then(|| civil::Time::new(hour, minute, second, 0).ok()).flatten()
}

/// Miles, from `52,777 miles`, `102598 MILES`, `7560 km`, or a number with its unit in another cell.
/// Unknown for `TMU`, `exempt` and shorthand such as `52k`.
pub(super) fn odometer(cell: &str, unit: &str) -> Option<u32> {
    let text = trimmed(cell);
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let mut reading: u64 = 0;
    let mut rest = "";
    for (i, c) in text[start..].char_indices() {
        match c {
            '0'..='9' => reading = reading.checked_mul(10)?.checked_add(u64::from(c as u8 - b'0'))?,
            ',' => {}
            _ => {
                rest = &text[start + i..];
                break;
            }
        }
    }
    let kilometres = |text: &str| text.to_ascii_lowercase().contains("km") || text.to_ascii_lowercase().contains("kilom");
    let short = rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()).trim_start().to_ascii_lowercase();
    if short.starts_with('k') && !short.starts_with("km") && !short.starts_with("kilom") {
        return None;
    }
    let miles = if kilometres(text) || kilometres(unit) { (reading.checked_mul(621_371)? + 500_000) / 1_000_000 } else { reading };
    // Two million miles: what a cell beyond that counts, it is not a car's road.
    u32::try_from(miles).ok().filter(|m| *m < 2_000_000)
}

/// Money, where nought is what systems write for "not set".
pub(super) fn money_above_zero(cell: &str) -> Option<Cents> {
    Cents::parse(trimmed(cell)).filter(|c| c.0 > 0)
}

/// A yearly rate in percent. Below 0.3 it might be a fraction (0.069 for 6.9 %), so it is not read.
pub(super) fn rate(cell: &str) -> Option<Bps> {
    let hundredths = Cents::parse(trimmed(cell))?.0;
    let bps = i32::try_from(hundredths).ok()?;
    (bps == 0 && !trimmed(cell).contains(|c: char| matches!(c, '1'..='9')) || (30..=9_999).contains(&bps)).then_some(Bps(bps))
}

/// A whole number, thousands separated or with a `.00` behind it.
pub(super) fn count(cell: &str) -> Option<u32> {
    let cents = Cents::parse(trimmed(cell))?.0;
    (cents >= 0 && cents % 100 == 0).then(|| u32::try_from(cents / 100).ok()).flatten()
}

/// Four digits that can be a model year.
pub(super) fn model_year(cell: &str) -> Option<u16> {
    let text = trimmed(cell);
    let text = text.strip_suffix(".0").unwrap_or(text);
    text.parse().ok().filter(|y| (1900..=2100).contains(y))
}

/// Yes, in any of the trade's spellings.
pub(super) fn is_yes(cell: &str) -> bool {
    let text = trimmed(cell);
    ["y", "yes", "true", "1", "t", "x", "certified", "cpo"].iter().any(|yes| text.eq_ignore_ascii_case(yes))
}

/// A clear no.
pub(super) fn is_no(cell: &str) -> bool {
    let text = trimmed(cell);
    ["n", "no", "false", "0", "f"].iter().any(|no| text.eq_ignore_ascii_case(no))
}

/// A flag that forbids counts as set unless it clearly says no: who asked for silence gets it.
pub(super) fn forbids(cell: &str) -> bool {
    let text = trimmed(cell);
    let allows = ["none", "allowed", "ok", "opt in", "opted in", "opt-in", "opted-in", "in", "subscribed", "not blocked"];
    !text.is_empty() && !is_no(text) && !allows.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// The addresses in a cell of photos, whatever stands between them: blanks, commas, bars, quotes of a JSON list.
/// A comma may be part of an address, so one ends only where the next begins or something that no address holds.
pub(super) fn links(cell: &str) -> Vec<String> {
    const MOST_LINKS: usize = 100;
    const MOST_LINK_BYTES: usize = 2_000;
    let mut found: Vec<String> = Vec::new();
    let starts = |at: usize| {
        let before = cell[..at].chars().next_back();
        before.is_none_or(|c| c.is_whitespace() || matches!(c, ',' | '|' | ';' | '"' | '\'' | '[' | '(' | '>'))
    };
    let mut places = cell.match_indices("http").map(|(at, _)| at).filter(|at| starts(*at)).peekable();
    while let Some(at) = places.next() {
        let until = places.peek().copied().unwrap_or(cell.len());
        let link =
            cell[at..until].split(|c: char| c.is_whitespace() || matches!(c, '|' | ';' | '"' | '\'' | '<' | '>' | ']' | '}')).next().unwrap_or("");
        let link = link.trim_end_matches([',', '\\']);
        let is_link = (link.starts_with("http://") || link.starts_with("https://")) && link.len() > 10 && link.len() <= MOST_LINK_BYTES;
        if is_link && found.len() < MOST_LINKS && !found.iter().any(|known| known == link) {
            found.push(link.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> When {
        When::Read(At::parse_rfc3339(text).unwrap())
    }

    #[test]
    fn a_date_is_read_as_the_trade_writes_it() {
        let zone = Zone::named("America/New_York").unwrap();
        let received = At::parse_rfc3339("2026-11-24T15:00:00Z").unwrap();
        for (cell, expected) in [
            ("6/30/2026", at("2026-06-30T00:00:00-04:00")),
            ("06/30/2026 00:00:00", at("2026-06-30T00:00:00-04:00")),
            ("1/5/26", at("2026-01-05T00:00:00-05:00")),
            ("1/5/98", at("1998-01-05T00:00:00-05:00")),
            ("01-05-2026", at("2026-01-05T00:00:00-05:00")),
            ("2026-01-05", at("2026-01-05T00:00:00-05:00")),
            ("20260105", at("2026-01-05T00:00:00-05:00")),
            ("2026-01-05T14:05:09", at("2026-01-05T14:05:09-05:00")),
            ("2026-01-05 14:05:09.337", at("2026-01-05T14:05:09-05:00")),
            ("2026-01-05T14:05:09Z", at("2026-01-05T14:05:09Z")),
            ("2026-01-05 14:05:09 UTC", at("2026-01-05T14:05:09Z")),
            ("1/5/2026 2:05 PM", at("2026-01-05T14:05:00-05:00")),
            ("1/5/2026 12:05:00 am", at("2026-01-05T00:05:00-05:00")),
            ("05-Jan-2026", at("2026-01-05T00:00:00-05:00")),
            ("January 5, 2026", at("2026-01-05T00:00:00-05:00")),
            ("", When::Blank),
            ("0/0/0000", When::Blank),
            ("0000-00-00 00:00:00", When::Blank),
            ("13/05/2026", When::Unreadable),
            ("2/30/2026", When::Unreadable),
            ("46151", When::Unreadable),
            ("24.11.2026", When::Unreadable),
            ("soon", When::Unreadable),
            ("1/5/2026 25:00", When::Unreadable),
            ("1/5/3026", When::Unreadable),
        ] {
            assert_eq!(date(cell, &Calendar { order: DateOrder::MonthFirst, zone: &zone, received }), expected, "{cell}");
        }
    }

    #[test]
    fn miles_are_miles_whatever_the_unit() {
        for (cell, unit, miles) in [
            ("52,777 miles", "", Some(52_777)),
            ("102598 MILES", "", Some(102_598)),
            ("7560 km", "", Some(4_698)),
            ("100000", "KM", Some(62_137)),
            (r#"{"value":"35000","unit":"MI"}"#, "", Some(35_000)),
            ("35000.0", "", Some(35_000)),
            ("0", "", Some(0)),
            ("52k", "", None),
            ("52 K miles", "", None),
            ("TMU", "", None),
            ("", "", None),
            ("99999999", "", None),
        ] {
            assert_eq!(odometer(cell, unit), miles, "{cell} {unit}");
        }
    }

    #[test]
    fn a_rate_that_may_be_a_fraction_is_not_read() {
        for (cell, bps) in [
            ("6.9", Some(690)),
            ("6.90%", Some(690)),
            ("0", Some(0)),
            ("0.00", Some(0)),
            ("0.9", Some(90)),
            ("0.069", None),
            ("0.005", None),
            ("", None),
            ("150", None),
        ] {
            assert_eq!(rate(cell).map(|b| b.0), bps, "{cell}");
        }
    }

    #[test]
    fn who_asked_for_silence_gets_it() {
        for (cell, set) in [
            ("Y", true),
            ("yes", true),
            ("1", true),
            ("X", true),
            ("Opted Out", true),
            ("3", true),
            ("N", false),
            ("", false),
            ("0", false),
            ("false", false),
            ("Opted In", false),
        ] {
            assert_eq!(forbids(cell), set, "{cell}");
        }
    }

    #[test]
    fn links_are_found_between_any_marks() {
        for (cell, expected) in [
            ("https://a.example/1.jpg https://a.example/2.jpg", vec!["https://a.example/1.jpg", "https://a.example/2.jpg"]),
            ("https://a.example/w_400,h_300/1.jpg,https://a.example/2.jpg,", vec!["https://a.example/w_400,h_300/1.jpg", "https://a.example/2.jpg"]),
            (
                r#"[{"url":"https://a.example/1.jpg","tag":["x"]},{"url":"https://a.example/2.jpg"}]"#,
                vec!["https://a.example/1.jpg", "https://a.example/2.jpg"],
            ),
            (
                "https://cdn.example/https://a.example/1.jpg|http://a.example/2",
                vec!["https://cdn.example/https://a.example/1.jpg", "http://a.example/2"],
            ),
            ("https://a.example/1.jpg;https://a.example/1.jpg", vec!["https://a.example/1.jpg"]),
            ("javascript:alert(1)", vec![]),
            ("C:\\photos\\1.jpg", vec![]),
        ] {
            assert_eq!(links(cell), expected, "{cell}");
        }
    }

    #[test]
    fn text_is_one_clean_line() {
        for (cell, expected) in [
            ("  Dana ", "Dana"),
            ("Leather\r\n  Seats\u{0}", "Leather Seats"),
            ("Customer\u{fffd}s choice", "Customers choice"),
            ("N/A", ""),
            ("00417", "00417"),
            ("a \u{fffd} b", "a b"),
        ] {
            assert_eq!(words(cell), expected, "{cell:?}");
        }
        assert_eq!(words(&"é".repeat(200)).len(), 200);
    }

    proptest::proptest! {
        #[test]
        fn no_cell_makes_it_stumble(cell in ".{0,60}") {
            let received = At(1_795_531_260_000);
            let _ = (date(&cell, &Calendar { order: DateOrder::DayFirst, zone: &Zone::utc(), received }), odometer(&cell, &cell), rate(&cell), count(&cell), links(&cell));
            proptest::prop_assert!(words(&cell).len() <= MOST_TEXT_BYTES);
        }
    }
}
