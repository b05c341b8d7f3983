//! When? One instant type in UTC milliseconds; the store's zone enters only when a time is shown or store hours matter.

use jiff::{Timestamp, civil, tz::TimeZone};

/// An instant: milliseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct At(pub i64);

pub const SECOND_MS: i64 = 1_000;
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
pub const DAY_MS: i64 = 24 * HOUR_MS;

impl At {
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// How long since `earlier`, in milliseconds; negative when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// RFC 3339 with an offset, as clocks of other systems write it; `None` when it is not one.
    #[must_use]
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        text.trim().parse::<Timestamp>().ok().map(|t| Self(t.as_millisecond()))
    }
}

/// The store's time zone, by its IANA name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// `America/New_York`; `None` when the name is not in the zone table.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    #[must_use]
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The calendar day and wall time at an instant. An instant out of the calendar (year 10,000) reads as 1970.
    #[must_use]
    pub fn local(&self, at: At) -> civil::DateTime {
        Timestamp::from_millisecond(at.0).map_or(civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0), |t| self.0.to_datetime(t))
    }

    /// The instant of a wall time; in a gap of daylight saving the later side, in a fold the earlier.
    #[must_use]
    pub fn instant(&self, local: civil::DateTime) -> At {
        At(self.0.to_ambiguous_zoned(local).compatible().map_or(0, |z| z.timestamp().as_millisecond()))
    }

    /// The beginning of the day at an instant.
    #[must_use]
    pub fn midnight(&self, at: At) -> At {
        self.instant(self.local(at).date().at(0, 0, 0, 0))
    }

    /// The beginning of a day that is written as `2026-11-24`; `None` when it is not written so.
    #[must_use]
    pub fn begin_of(&self, day: &str) -> Option<At> {
        Some(self.instant(day.parse::<civil::Date>().ok()?.at(0, 0, 0, 0)))
    }

    /// Days since 1970-01-01 on the store's calendar.
    #[must_use]
    pub fn day_number(&self, at: At) -> i32 {
        let day = self.local(at).date();
        (day - civil::date(1970, 1, 1)).get_days()
    }
}

/// A calendar day as days since 1970-01-01, shown as `2026-11-24`.
#[must_use]
pub fn day_text(day_number: i32) -> String {
    civil::date(1970, 1, 1)
        .checked_add(jiff::Span::new().days(day_number.clamp(-700_000, 2_900_000)))
        .map_or_else(|_| "1970-01-01".to_owned(), |d| d.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_stores_day() -> Result<(), String> {
        let zone = Zone::named("America/New_York").ok_or("zone")?;
        let late_evening_in_maine = At::parse_rfc3339("2026-11-25T03:30:00Z").ok_or("time")?;
        assert_eq!(day_text(zone.day_number(late_evening_in_maine)), "2026-11-24");
        Ok(())
    }
}
