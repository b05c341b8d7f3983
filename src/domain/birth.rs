//! When somebody was born, as a licence or a DMS says it: a day without a time and a zone.

/// A day of birth. Told apart from a date of anything else: it is compared, shown to few and never part of a score.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BirthDate {
    year: i16,
    month: u8,
    day: u8,
}

impl BirthDate {
    /// `None` for a day that no calendar has, and for years nobody alive or remembered was born in (before 1880 or after 2100).
    #[must_use]
    pub fn new(year: i16, month: u8, day: u8) -> Option<Self> {
        let date = jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        (1880..=2100).contains(&date.year()).then_some(Self { year, month, day })
    }

    #[must_use]
    pub fn year(self) -> i16 {
        self.year
    }

    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    #[must_use]
    pub fn day(self) -> u8 {
        self.day
    }

    /// Reads `1956-04-09`, which is also how it is stored.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        if parts.next().is_some() { None } else { Self::new(year, month, day) }
    }
}

impl std::fmt::Display for BirthDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The day stays out of logs.
impl std::fmt::Debug for BirthDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BirthDate(..)")
    }
}

impl serde::Serialize for BirthDate {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for BirthDate {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("no day of birth"))
    }
}

impl schemars::JsonSchema for BirthDate {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "BirthDate".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_reads_back_as_it_was_written_and_no_other_day_is_one() {
        let day = BirthDate::new(1956, 4, 9).unwrap();
        assert_eq!((day.to_string().as_str(), BirthDate::parse("1956-04-09")), ("1956-04-09", Some(day)));
        for text in ["", "1956-02-30", "1956-13-01", "1856-04-09", "1956-04", "1956-04-09-1", "04/09/1956"] {
            assert_eq!(BirthDate::parse(text), None, "{text}");
        }
    }
}
