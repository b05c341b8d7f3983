//! Does a person hold this browser? Machines that read a whole lot are told by their pace; nobody is called for them.

use crate::domain::{
    ids::VehicleId,
    time::{At, HOUR_MS},
    visitor::{Activity, Did},
};
use std::collections::BTreeSet;

/// How far back the pace is taken.
pub const PACE_MS: i64 = HOUR_MS;
/// Car pages within [`PACE_MS`]: more than one a minute for an hour on end.
const PAGES_MOST: u32 = 75;
/// Different cars within it: one every 90 seconds, none of them twice.
const CARS_MOST: usize = 40;

/// Whether what was done lately is more than a person does.
#[must_use]
pub fn is_machine(activity: &Activity, now: At) -> bool {
    let lately = || activity.0.iter().rev().take_while(|m| now.since(m.at) <= PACE_MS).filter(|m| matches!(m.did, Did::ViewedCar | Did::ViewedMedia));
    let pages: u32 = lately().map(|m| u32::from(m.times)).sum();
    let cars: BTreeSet<VehicleId> = lately().filter_map(|m| m.car).collect();
    pages > PAGES_MOST || cars.len() > CARS_MOST
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{MINUTE_MS, SECOND_MS};

    fn reads(cars: u64, pages: i64, every_ms: i64) -> (Activity, At) {
        let mut activity = Activity::default();
        for page in 0..pages {
            activity.note(Did::ViewedCar, At(page * every_ms), Some(VehicleId(page.unsigned_abs() % cars)));
        }
        (activity, At(pages * every_ms))
    }

    #[test]
    fn whoever_reads_the_whole_lot_at_a_pace_is_a_machine_and_a_keen_shopper_is_none() {
        for (cars, pages, every_ms, is) in [
            (30, 150, 20 * SECOND_MS, true),
            (200, 45, 30 * SECOND_MS, true),
            // An evening with twenty cars, a page a minute.
            (20, 90, MINUTE_MS, false),
            (60, 38, MINUTE_MS, false),
            // A whole day, now and then.
            (30, 200, 10 * MINUTE_MS, false),
        ] {
            let (activity, now) = reads(cars, pages, every_ms);
            assert_eq!(is_machine(&activity, now), is, "{cars} {pages} {every_ms}");
        }
    }
}
