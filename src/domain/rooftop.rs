//! The store: its name, its zone, its hours and the minutes it promises.

use super::time::{At, MINUTE_MS, Zone};
use jiff::civil;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rooftop {
    pub name: String,
    pub zone: Zone,
    /// Monday first. `None` is closed.
    pub hours: [Option<Hours>; 7],
    /// A new lead or a reply must have an answer within this.
    pub first_response_minutes: u16,
    /// Cards a day that may ask for one person's attention though nobody waits for them.
    pub cards_a_day: u16,
}

/// Opening and closing, minutes after midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Hours {
    pub opens: u16,
    pub closes: u16,
}

impl Rooftop {
    #[must_use]
    pub fn is_open(&self, at: At) -> bool {
        let local = self.zone.local(at);
        let minute = minute_of_day(local);
        self.hours_of(local.date()).is_some_and(|h| (h.opens..h.closes).contains(&minute))
    }

    /// The hours of one day; `None` when the store is closed on it.
    #[must_use]
    pub fn hours_of(&self, day: civil::Date) -> Option<Hours> {
        self.hours[usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0)]
    }

    /// The instant of a minute after midnight on a day of the store; a closing at midnight is taken as the minute before.
    #[must_use]
    pub fn wall(&self, day: civil::Date, minute: u16) -> At {
        let part = |n: u16| i8::try_from(n).unwrap_or(0);
        let minute = minute.min(LAST_MINUTE);
        self.zone.instant(day.at(part(minute / 60), part(minute % 60), 0, 0))
    }

    /// `at` while open, else the next opening. A store that never opens is taken as always open: no lead waits for ever.
    #[must_use]
    pub fn next_open(&self, at: At) -> At {
        if self.is_open(at) {
            return at;
        }
        let local = self.zone.local(at);
        let minute = minute_of_day(local);
        for ahead in 0..8 {
            let Ok(day) = local.date().checked_add(jiff::Span::new().days(ahead)) else { break };
            let Some(hours) = self.hours_of(day) else { continue };
            if ahead > 0 || minute < hours.opens {
                return self.wall(day, hours.opens);
            }
        }
        at
    }

    /// `minutes` of open time after `at`: a clock stops when the store closes and goes on when it opens.
    #[must_use]
    pub fn after_open_minutes(&self, at: At, minutes: u16) -> At {
        let mut from = self.next_open(at);
        let mut left = i64::from(minutes) * MINUTE_MS;
        for _ in 0..400 {
            let closing = self.closing(from);
            let room = closing.since(from);
            if left <= room || room <= 0 {
                return from.plus_ms(left);
            }
            left -= room;
            from = self.next_open(closing);
        }
        from.plus_ms(left)
    }

    /// How much of the time between two moments the store was open.
    #[must_use]
    pub fn open_ms_between(&self, from: At, to: At) -> i64 {
        let (mut at, mut open) = (self.next_open(from), 0);
        for _ in 0..400 {
            if at >= to {
                break;
            }
            let closing = self.closing(at);
            open += closing.min(to).since(at).max(0);
            if closing <= at {
                break;
            }
            at = self.next_open(closing);
        }
        open
    }

    fn closing(&self, at: At) -> At {
        let local = self.zone.local(at);
        match self.hours_of(local.date()) {
            Some(h) => self.wall(local.date(), h.closes),
            None => at,
        }
    }
}

/// The last minute that a day's clock shows.
const LAST_MINUTE: u16 = 24 * 60 - 1;

pub(super) fn minute_of_day(local: civil::DateTime) -> u16 {
    u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs())
}

impl Default for Rooftop {
    /// Monday to Friday 9 to 7, Saturday 9 to 6, Sunday closed; five minutes to answer.
    fn default() -> Self {
        let week = Some(Hours { opens: 9 * 60, closes: 19 * 60 });
        let saturday = Some(Hours { opens: 9 * 60, closes: 18 * 60 });
        Self {
            name: "Our store".to_owned(),
            zone: Zone::named("America/New_York").unwrap_or_else(Zone::utc),
            hours: [week, week, week, week, week, saturday, None],
            first_response_minutes: 5,
            cards_a_day: 30,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> At {
        At::parse_rfc3339(text).unwrap_or_default()
    }

    #[test]
    fn waiting_is_counted_in_open_time() {
        let store = Rooftop::default();
        for (from, to, minutes) in [
            ("2026-11-24T10:00:00-05:00", "2026-11-24T10:07:00-05:00", 7),
            // A Tuesday, half an hour before closing, to ten minutes after Wednesday's opening.
            ("2026-11-24T18:30:00-05:00", "2026-11-25T09:10:00-05:00", 40),
            ("2026-11-24T22:00:00-05:00", "2026-11-25T08:00:00-05:00", 0),
            // Saturday evening to Monday: Sunday is closed.
            ("2026-11-28T17:50:00-05:00", "2026-11-30T09:05:00-05:00", 15),
        ] {
            assert_eq!(store.open_ms_between(at(from), at(to)), minutes * MINUTE_MS, "{from}");
        }
    }

    #[test]
    fn a_clock_runs_in_store_hours_only() {
        let store = Rooftop::default();
        for (from, due) in [
            ("2026-11-24T09:41:00-05:00", "2026-11-24T09:46:00-05:00"),
            ("2026-11-24T18:58:00-05:00", "2026-11-25T09:03:00-05:00"),
            ("2026-11-28T20:00:00-05:00", "2026-11-30T09:05:00-05:00"),
        ] {
            assert_eq!(store.after_open_minutes(at(from), 5), at(due), "{from}");
        }
    }

    #[test]
    fn opening_is_by_the_wall_clock_when_daylight_saving_ends() {
        let store = Rooftop::default();
        assert_eq!(store.next_open(at("2026-10-31T22:00:00-04:00")), at("2026-11-02T09:00:00-05:00"));
    }
}
