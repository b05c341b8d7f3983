//! What is a look at a car?

use crate::domain::{
    ids::VehicleId,
    time::{At, HOUR_MS, MINUTE_MS},
    visitor::{Activity, Did, Mark},
};

/// The window of the repeat look: forty-eight hours (field guide R1 and section 7).
pub const WINDOW_MS: i64 = 48 * HOUR_MS;
/// A page opened again within this is a reload, not another look.
pub const RELOAD_MS: i64 = 10 * MINUTE_MS;

/// One view of one car's page that was no reload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Look {
    pub car: VehicleId,
    pub at: At,
}

/// Every look, by car and then by time.
///
/// A shopper's lunch and evening visits are two looks; a reload is not. A mark keeps the first and the last view of a visit and how many
/// there were, not each one's time, so a visit proves one look, or two when its first and last view lie ten minutes or more apart,
/// however often the page was opened between. Views on two browsers within ten minutes are one look. A rep who reads "4th look" can
/// rely on four; a shopper who never leaves the page is counted low rather than high.
#[must_use]
pub fn looks(activity: &Activity) -> Vec<Look> {
    let mut all: Vec<Look> = Vec::with_capacity(activity.0.len());
    for mark in &activity.0 {
        let (Did::ViewedCar, Some(car)) = (mark.did, mark.car) else { continue };
        all.push(Look { car, at: mark.at });
        if mark.times > 1 && last(mark).since(mark.at) >= RELOAD_MS {
            all.push(Look { car, at: last(mark) });
        }
    }
    all.sort_unstable();
    let mut held: Option<Look> = None;
    all.retain(|look| {
        let reload = held.is_some_and(|h| h.car == look.car && look.at.since(h.at) < RELOAD_MS);
        if !reload {
            held = Some(*look);
        }
        !reload
    });
    all
}

/// The last time in a visit. Marks kept before visits had an end have their beginning only.
#[must_use]
pub fn last(mark: &Mark) -> At {
    mark.until.max(mark.at)
}

/// How many of one car's looks (oldest first) fall in the forty-eight hours that end with the newest.
#[must_use]
pub fn within_window(of_one_car: &[Look]) -> usize {
    let newest = of_one_car.last().map_or(At(0), |l| l.at);
    of_one_car.iter().filter(|l| newest.since(l.at) <= WINDOW_MS).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::DAY_MS;

    const CAR: Option<VehicleId> = Some(VehicleId(1));

    fn check(views_at_minutes: &[i64], expected: usize) {
        let mut activity = Activity::default();
        for minutes in views_at_minutes {
            activity.note(Did::ViewedCar, At(minutes * MINUTE_MS), CAR);
        }
        assert_eq!(within_window(&looks(&activity)), expected, "{views_at_minutes:?}");
    }

    #[test]
    fn visits_are_looks_and_reloads_are_not() {
        check(&[], 0);
        check(&[0], 1);
        check(&[0, 1, 2, 9], 1);
        check(&[0, 15], 2);
        check(&[0, 10, 20, 29], 2);
        check(&[0, 6 * 60], 2);
        check(&[0, 8 * 60, 24 * 60, 47 * 60], 4);
    }

    #[test]
    fn looks_older_than_the_window_do_not_count() {
        check(&[0, 24 * 60, 48 * 60], 3);
        check(&[0, 24 * 60, 48 * 60 + 1], 2);
    }

    #[test]
    fn two_browsers_at_one_time_are_one_look() {
        let (mut phone, mut laptop) = (Activity::default(), Activity::default());
        phone.note(Did::ViewedCar, At(0), CAR);
        laptop.note(Did::ViewedCar, At(4 * MINUTE_MS), CAR);
        laptop.note(Did::ViewedCar, At(DAY_MS), CAR);
        assert_eq!(looks(&Activity::merged(&[&phone, &laptop])).len(), 2);
    }

    #[test]
    fn another_car_is_another_look() {
        let mut activity = Activity::default();
        activity.note(Did::ViewedCar, At(0), Some(VehicleId(2)));
        activity.note(Did::ViewedCar, At(1), Some(VehicleId(1)));
        activity.note(Did::ViewedPage, At(2), Some(VehicleId(1)));
        assert_eq!(looks(&activity), vec![Look { car: VehicleId(1), at: At(1) }, Look { car: VehicleId(2), at: At(0) }]);
    }
}
