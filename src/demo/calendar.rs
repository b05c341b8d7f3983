//! When does a store live? Its days in its own zone, and the hours at which people call, browse and bring their car.

use super::dice::Dice;
use crate::domain::time::{At, MINUTE_MS, SECOND_MS, Zone};
use jiff::civil;

/// Every day the made-up store can remember, the last being today.
#[derive(Debug)]
pub(super) struct Calendar {
    noons: Vec<At>,
    first_day_number: i32,
}

/// Visits of a store's website by hour: little before breakfast, lunch, and the sofa in the evening.
const BROWSING_HOURS: [u32; 24] = [10, 6, 4, 3, 4, 9, 20, 34, 48, 60, 66, 72, 84, 76, 70, 68, 66, 68, 74, 88, 96, 86, 54, 24];
/// Monday first.
const BROWSING_DAYS: [u32; 7] = [104, 98, 95, 94, 96, 110, 100];
/// People write to stores when they have time, in the evening too.
const ASKING_HOURS: [u32; 24] = [4, 2, 1, 1, 1, 3, 10, 24, 46, 66, 78, 80, 82, 70, 66, 66, 68, 72, 70, 66, 60, 44, 24, 10];
const SELLING_HOURS: [u32; 24] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 14, 18, 16, 14, 16, 18, 20, 20, 12, 0, 0, 0, 0, 0];
/// A car comes in early and is fetched after work.
const SERVICE_HOURS: [u32; 24] = [0, 0, 0, 0, 0, 0, 0, 70, 100, 70, 46, 34, 20, 26, 24, 12, 4, 0, 0, 0, 0, 0, 0, 0];
const SUNDAY: u32 = 6;

impl Calendar {
    pub(super) fn new(zone: &Zone, now: At, days_back: u32) -> Self {
        let today = zone.local(now).date();
        let noons = (0..=i64::from(days_back))
            .rev()
            .map(|back| zone.instant(today.checked_sub(jiff::Span::new().days(back)).unwrap_or(civil::Date::ZERO).at(12, 0, 0, 0)))
            .collect();
        Self { noons, first_day_number: zone.day_number(now) - i32::try_from(days_back).unwrap_or(0) }
    }

    pub(super) fn today(&self) -> u32 {
        u32::try_from(self.noons.len() - 1).unwrap_or(0)
    }

    /// The instant of a wall time, minutes after midnight. Reckoned from noon, so right on the days of daylight saving too, after 3 am.
    pub(super) fn at(&self, day: u32, minute: u32) -> At {
        let noon = self.noons[(day as usize).min(self.noons.len() - 1)];
        noon.plus_ms((i64::from(minute) - 720) * MINUTE_MS)
    }

    /// Which of the days an instant falls in, by noon to noon arithmetic: near enough for seasons and months.
    pub(super) fn day_of(&self, at: At) -> u32 {
        u32::try_from(self.noons.partition_point(|noon| noon.plus_ms(-720 * MINUTE_MS) <= at).saturating_sub(1)).unwrap_or(0)
    }

    /// Monday is 0. The day numbered 0 was a Thursday.
    pub(super) fn weekday(&self, day: u32) -> u32 {
        (i64::from(self.first_day_number) + i64::from(day) + 3).rem_euclid(7).try_into().unwrap_or(0)
    }

    /// The day of the year, 0 to 365, close enough to tell winter from summer.
    pub(super) fn season(&self, day: u32) -> u32 {
        let days = i64::from(self.first_day_number) + i64::from(day);
        (days * 10_000).rem_euclid(3_652_425).div_euclid(10_000).try_into().unwrap_or(0)
    }

    pub(super) fn browsing(&self, dice: &mut Dice, day: u32) -> At {
        self.by_hours(dice, day, &BROWSING_HOURS)
    }

    pub(super) fn asking(&self, dice: &mut Dice, day: u32) -> At {
        self.by_hours(dice, day, &ASKING_HOURS)
    }

    /// On a Sunday the store is closed: they come the day before.
    pub(super) fn selling(&self, dice: &mut Dice, day: u32) -> At {
        self.by_hours(dice, self.open_day(day), &SELLING_HOURS)
    }

    pub(super) fn servicing(&self, dice: &mut Dice, day: u32) -> At {
        self.by_hours(dice, self.open_day(day), &SERVICE_HOURS)
    }

    fn open_day(&self, day: u32) -> u32 {
        if self.weekday(day) == SUNDAY { day.saturating_sub(1) } else { day }
    }

    /// A day in `from..to`, busy weekdays more often.
    pub(super) fn browsing_day(&self, dice: &mut Dice, from: u32, to: u32) -> u32 {
        for _ in 0..8 {
            let day = from + dice.below(to.saturating_sub(from));
            if dice.below(110) < BROWSING_DAYS[self.weekday(day) as usize] {
                return day;
            }
        }
        from
    }

    fn by_hours(&self, dice: &mut Dice, day: u32, hours: &[u32; 24]) -> At {
        let hour = u32::try_from(dice.weighted(hours)).unwrap_or(12);
        self.at(day, hour * 60 + dice.below(60)).plus_ms(i64::from(dice.below(60)) * SECOND_MS)
    }

    /// Seconds since the first day, for agendas of eight bytes a line.
    pub(super) fn second(&self, at: At) -> u32 {
        u32::try_from(at.since(self.start()) / SECOND_MS).unwrap_or(0)
    }

    pub(super) fn of_second(&self, second: u32) -> At {
        self.start().plus_ms(i64::from(second) * SECOND_MS)
    }

    fn start(&self) -> At {
        self.noons[0].plus_ms(-720 * MINUTE_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::super::dice::About;
    use super::*;

    fn autumn() -> (Zone, Calendar) {
        let zone = Zone::named("America/New_York").unwrap();
        let now = zone.instant(civil::date(2026, 11, 24).at(9, 41, 0, 0));
        let calendar = Calendar::new(&zone, now, 600);
        (zone, calendar)
    }

    #[test]
    fn wall_times_hold_on_both_sides_of_daylight_saving() {
        let (zone, calendar) = autumn();
        for back in [1, 22, 23, 24, 200] {
            let at = calendar.at(calendar.today() - back, 9 * 60 + 2);
            let local = zone.local(at);
            assert_eq!((local.hour(), local.minute()), (9, 2), "{back} days back");
            assert_eq!(calendar.day_of(at), calendar.today() - back);
        }
        assert_eq!(calendar.weekday(calendar.today()), 1, "a Tuesday");
    }

    #[test]
    fn nobody_buys_or_brings_a_car_on_a_sunday() {
        let (zone, calendar) = autumn();
        let mut dice = Dice::of(1, About::Sale, 1);
        for day in 0..=calendar.today() {
            for at in [calendar.selling(&mut dice, day.max(1)), calendar.servicing(&mut dice, day.max(1))] {
                assert_ne!(zone.local(at).weekday(), civil::Weekday::Sunday);
            }
        }
    }
}
