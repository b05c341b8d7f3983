//! What does one cell of any table say: nothing, a number, a day?

/// Without the blanks around it; empty for what systems write where they know nothing.
#[must_use]
pub(super) fn trimmed(cell: &str) -> &str {
    let cell = cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{a0}');
    let nothing = ["na", "n/a", "#n/a", "nan", "null", "(null)", "?", "-", "--", "\\n"];
    if nothing.iter().any(|word| cell.eq_ignore_ascii_case(word)) { "" } else { cell }
}

/// How a column parts whole from fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fraction {
    /// 1,234.5
    Point,
    /// 1.234,5
    Comma,
}

impl Fraction {
    /// By the column's cells: a comma with other than three digits behind it is no comma of thousands.
    pub(super) fn of<'c>(cells: impl Iterator<Item = &'c str>) -> Self {
        let shows_comma = |cell: &str| cell.rsplit_once(',').is_some_and(|(_, rest)| rest.len() != 3 && rest.bytes().all(|b| b.is_ascii_digit()));
        let mut shown = cells.filter(|cell| cell.contains(',')).map(shows_comma);
        if shown.next().unwrap_or(false) && shown.all(|comma| comma) { Self::Comma } else { Self::Point }
    }
}

/// Beyond it a square is no number any more.
const MOST: f64 = 1e100;

/// `1,234.50`, `$99`, `45 %`, `-3e5`. A number with a needless 0 in front is a code and not a number.
#[must_use]
pub(super) fn number(cell: &str, fraction: Fraction) -> Option<f64> {
    let bare = cell.trim_start_matches(['$', '€', '£']).trim_end_matches('%').trim();
    let digits = bare.trim_start_matches(['-', '+']);
    let is_code = digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
    if is_code || !digits.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',')) {
        return None;
    }
    let (thousands, point) = match fraction {
        Fraction::Point => (',', '.'),
        Fraction::Comma => ('.', ','),
    };
    let plain: String = bare.chars().filter(|c| *c != thousands).map(|c| if c == point { '.' } else { c }).collect();
    plain.parse().ok().filter(|number: &f64| number.abs() < MOST)
}

/// A day and, where one is said, the time of that day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moment {
    /// Days since 1970-01-01.
    pub(super) day: i64,
    /// Hours since midnight.
    pub(super) hour: Option<f64>,
}

/// In which order a column of dates stands, where the year does not come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    MonthFirst,
    DayFirst,
}

impl Order {
    /// Day first where a first number is no month.
    pub(super) fn of<'c>(cells: impl Iterator<Item = &'c str>) -> Self {
        let is_no_month = |cell: &str| parts(cell).is_some_and(|(first, _, _)| (13..=31).contains(&first));
        if cells.into_iter().any(is_no_month) { Self::DayFirst } else { Self::MonthFirst }
    }
}

/// `2026-01-31`, `2026-01-31T08:30:00Z`, `1/31/2026 8:30`, `31.01.2026`.
#[must_use]
pub(super) fn moment(cell: &str, order: Order) -> Option<Moment> {
    let (first, second, third) = parts(cell)?;
    let (year, month, day) = match (first > 999, order) {
        (true, Order::MonthFirst | Order::DayFirst) => (first, second, third),
        (false, Order::MonthFirst) => (third, first, second),
        (false, Order::DayFirst) => (third, second, first),
    };
    let sane = (1900..=2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    let hour = cell.split_once(['T', ' ']).and_then(|(_, time)| hour(time.trim()));
    sane.then(|| Moment { day: days_from_civil(year, month, day), hour })
}

fn parts(cell: &str) -> Option<(i64, i64, i64)> {
    let date = cell.split(['T', ' ']).next()?;
    let mut numbers = date.split(['-', '/', '.']).map(|part| (1..=4).contains(&part.len()).then(|| part.parse::<i64>().ok()).flatten());
    let (first, second, third) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let has_year = first > 999 || third > 999;
    (numbers.next().is_none() && has_year).then_some((first, second, third))
}

fn hour(time: &str) -> Option<f64> {
    let mut numbers = time.split(':').map(|part| part.get(..2).unwrap_or(part).parse::<u8>().ok());
    let (hour, minute) = (numbers.next()??, numbers.next()??);
    (hour < 24 && minute < 60).then(|| f64::from(hour) + f64::from(minute) / 60.0)
}

/// Days of the Gregorian calendar, counted from March so that the leap day is a year's last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let point = |cell| number(cell, Fraction::Point);
        assert_eq!(point("1,234.50"), Some(1234.5));
        assert_eq!(point("$99"), Some(99.0));
        assert_eq!(point("45 %"), Some(45.0));
        assert_eq!(point("-.5"), Some(-0.5));
        assert_eq!(point("3e2"), Some(300.0));
        assert_eq!(point("0"), Some(0.0));
        assert_eq!(point("0.50"), Some(0.5));
        assert_eq!(number("1.234,5", Fraction::Comma), Some(1234.5));
        for no in ["", "abc", "02139", "inf", "NaN", "12 mi", "1-2", "infinity", "1e999", "1e120"] {
            assert_eq!(point(no), None, "{no}");
        }
    }

    #[test]
    fn a_column_shows_what_its_comma_means() {
        assert_eq!(Fraction::of(["1,5", "2", "17,25"].into_iter()), Fraction::Comma);
        assert_eq!(Fraction::of(["1,500", "2", "17,250"].into_iter()), Fraction::Point);
        assert_eq!(Fraction::of(["1,500.5"].into_iter()), Fraction::Point);
        assert_eq!(Fraction::of(["7", "8"].into_iter()), Fraction::Point);
    }

    #[test]
    fn days_are_read_in_the_order_of_their_column() {
        let day = |cell, order| moment(cell, order).map(|m| m.day);
        assert_eq!(day("1970-01-01", Order::MonthFirst), Some(0));
        assert_eq!(day("2000-03-01", Order::MonthFirst), Some(11_017));
        assert_eq!(day("3/1/2000", Order::MonthFirst), day("01.03.2000", Order::DayFirst));
        assert_eq!(Order::of(["01/02/2026", "31/01/2026"].into_iter()), Order::DayFirst);
        assert_eq!(moment("2026-01-31T08:30:00Z", Order::MonthFirst).and_then(|m| m.hour), Some(8.5));
        for no in ["", "1.2.3", "555-01-0134", "2026-13-01", "12", "192.168.1.100", "1-2"] {
            assert_eq!(day(no, Order::MonthFirst), None, "{no}");
        }
    }

    #[test]
    fn what_systems_write_for_nothing_is_nothing() {
        for nothing in ["", "  ", "NaN", "?", "null", "N/A", "\u{a0}"] {
            assert_eq!(trimmed(nothing), "");
        }
        assert_eq!(trimmed(" None "), "None");
    }
}
