//! What is a look at a car?

use crate::domain::{
    ids::VehicleId,
    time::{At, HOUR_MS},
    visitor::{Activity, Did, Mark},
};

/// The window of the repeat look: forty-eight hours (field guide R1 and section 7).
pub const WINDOW_MS: i64 = 48 * HOUR_MS;
/// Views of one visit that are counted: a page left open that loads itself anew must not fill the picture.
const COUNTED_MOST: u16 = 20;
/// One view of one car's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Look {
    pub car: VehicleId,
    pub at: At,
    /// We heard of it only when it was over.
    pub late: bool,
}

/// Every look, by car and then by time: each view of the car's page is one, as the field counts them.
///
/// A mark keeps the first and the last view of a visit and how many there were, so those between are taken to be as late as the last.
#[must_use]
pub fn looks(activity: &Activity) -> Vec<Look> {
    let mut all: Vec<Look> = Vec::with_capacity(activity.0.len());
    for mark in &activity.0 {
        let (Did::ViewedCar, Some(car)) = (mark.did, mark.car) else { continue };
        all.push(Look { car, at: mark.at, late: mark.late });
        // More than the window can tell apart need not be told apart.
        all.extend((1..mark.times.min(COUNTED_MOST)).map(|_| Look { car, at: last(mark), late: mark.late }));
    }
    all.sort_unstable();
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
    within(of_one_car, WINDOW_MS)
}

/// The same of another window.
#[must_use]
pub fn within(of_one_car: &[Look], window_ms: i64) -> usize {
    let newest = of_one_car.last().map_or(At(0), |l| l.at);
    of_one_car.iter().filter(|l| newest.since(l.at) <= window_ms).count()
}

/// One car's looks up to the newest that we heard of in time: what came late after it is history until they look again.
#[must_use]
pub fn heard_in_time(of_one_car: &[Look]) -> &[Look] {
    let in_time = of_one_car.iter().rposition(|l| !l.late).map_or(0, |newest| newest + 1);
    of_one_car.get(..in_time).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::MINUTE_MS;

    const CAR: Option<VehicleId> = Some(VehicleId(1));

    fn check(views_at_minutes: &[i64], expected: usize) {
        let mut activity = Activity::default();
        for minutes in views_at_minutes {
            activity.note(Did::ViewedCar, At(minutes * MINUTE_MS), CAR);
        }
        assert_eq!(within_window(&looks(&activity)), expected, "{views_at_minutes:?}");
    }

    #[test]
    fn each_view_is_a_look_however_close() {
        check(&[], 0);
        check(&[0], 1);
        check(&[0, 1, 2, 9], 4);
        check(&[0, 6 * 60], 2);
        check(&[0, 8 * 60, 24 * 60, 47 * 60], 4);
    }

    #[test]
    fn a_page_that_loads_itself_all_night_is_counted_to_twenty() {
        check(&(0..600).collect::<Vec<_>>(), 20);
    }

    #[test]
    fn looks_older_than_the_window_do_not_count() {
        check(&[0, 24 * 60, 48 * 60], 3);
        check(&[0, 24 * 60, 48 * 60 + 1], 2);
    }

    #[test]
    fn another_car_is_another_look() {
        let mut activity = Activity::default();
        activity.note(Did::ViewedCar, At(0), Some(VehicleId(2)));
        activity.note(Did::ViewedCar, At(1), Some(VehicleId(1)));
        activity.note(Did::ViewedPage, At(2), Some(VehicleId(1)));
        assert_eq!(looks(&activity), vec![Look { car: VehicleId(1), at: At(1), late: false }, Look { car: VehicleId(2), at: At(0), late: false }]);
    }
}
