//! Who is in service today and tomorrow, and where do their cars stand as the demo opens?

use super::{Plan, cars::Car, cast};
use crate::domain::{
    appointment::NewAppointment,
    event::ImportRow,
    money::Cents,
    profile::SourceKind,
    service_visit::{Lane, RefusedHow},
    time::{At, DAY_MS, HOUR_MS, MINUTE_MS},
};

/// Something that happened in the lane this morning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneAct {
    pub at: At,
    /// The number of the booking it is about.
    pub booking: String,
    /// Who of the staff.
    pub by: &'static str,
    pub did: LaneDid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LaneDid {
    Arrived,
    Moved { to: Lane, bay: &'static str },
    Quoted(Cents),
    AskedSales { why: &'static str },
    Refused(RefusedHow),
}

/// A booking of today or tomorrow.
struct Booked {
    person: u32,
    /// Minutes from now, of a visit of today; the time of day, of one of tomorrow.
    minutes: i32,
    work: &'static [&'static str],
    waits: bool,
    /// Dollars; 0 is not known.
    estimate: i64,
}

const fn due(person: u32, minutes: i32, work: &'static [&'static str], waits: bool, estimate: i64) -> Booked {
    Booked { person, minutes, work, waits, estimate }
}

const TODAY: [Booked; 12] = [
    due(cast::ANA, 19, &["Oil and filter change", "Tire rotation"], true, 104),
    due(cast::JOEL, 34, &["Recall 23TA-11"], false, 0),
    due(cast::KIM, 49, &["Timing belt and water pump"], false, 2_140),
    due(30, 79, &["Front brake pads and rotors"], false, 460),
    due(cast::MARCUS, -15, &["Brakes, all four"], true, 0),
    due(cast::OLIVE, -5, &["Noise from the air conditioning"], false, 0),
    due(cast::FEMI, -10, &["Check engine light"], true, 0),
    due(cast::PRISCILLA, -95, &["Four tires, mounted and balanced"], false, 812),
    due(cast::DEV, -70, &["Struts and control arms, front"], false, 0),
    due(cast::TESS, -50, &["Brake fluid exchange"], true, 129),
    due(cast::BILL, -120, &["Oil and filter change"], true, 89),
    due(cast::INES, -110, &["60,000-mile inspection"], true, 189),
];

const TOMORROW: [Booked; 14] = [
    due(cast::WADE, 8 * 60, &["Oil and filter change", "Tow mirrors wanted"], true, 119),
    due(cast::NOOR, 8 * 60 + 30, &["Four-wheel alignment"], false, 139),
    due(cast::CAL, 9 * 60 + 15, &["Timing chain cover, leaking"], false, 3_450),
    due(31, 7 * 60 + 30, &["Maine state inspection"], true, 20),
    due(33, 8 * 60 + 15, &["Winter tires mounted and balanced"], true, 120),
    due(35, 9 * 60, &["Battery tested and replaced"], false, 250),
    due(36, 9 * 60 + 45, &["Oil and filter change"], true, 95),
    due(38, 10 * 60 + 15, &["Rear brake pads and rotors"], false, 410),
    due(39, 10 * 60 + 30, &["Rust-proofing of the undercarriage"], false, 170),
    due(41, 11 * 60, &["Oil and filter change"], true, 89),
    due(44, 12 * 60 + 30, &["Wheel bearing replaced"], false, 440),
    due(46, 13 * 60 + 15, &["Cabin air filter", "Tire rotation"], true, 92),
    due(48, 14 * 60, &["Coolant exchange"], false, 165),
    due(50, 15 * 60 + 30, &["Maine state inspection"], true, 20),
];

/// Booked for the spring, so that one card of today says when its owner comes next.
const SPRING: Booked = due(cast::INES, 0, &["75,000-mile inspection"], false, 0);

const LENA: &str = "Lena Ortiz";
const DOUG: &str = "Doug Farnham";

/// Minutes ago, whose car, by whom, what.
const MORNING: &[(i64, u32, &str, LaneDid)] = &[
    (128, cast::BILL, DOUG, LaneDid::Arrived),
    (115, cast::BILL, DOUG, LaneDid::Moved { to: Lane::InBay, bay: "1" }),
    (112, cast::INES, DOUG, LaneDid::Arrived),
    (100, cast::INES, DOUG, LaneDid::Moved { to: Lane::InBay, bay: "3" }),
    (97, cast::PRISCILLA, LENA, LaneDid::Arrived),
    (84, cast::PRISCILLA, LENA, LaneDid::Moved { to: Lane::InBay, bay: "2" }),
    (72, cast::DEV, LENA, LaneDid::Arrived),
    (60, cast::DEV, LENA, LaneDid::Moved { to: Lane::InBay, bay: "4" }),
    (52, cast::TESS, DOUG, LaneDid::Arrived),
    (40, cast::TESS, DOUG, LaneDid::Moved { to: Lane::InBay, bay: "5" }),
    (35, cast::DEV, LENA, LaneDid::Quoted(Cents(338_000))),
    (26, cast::PRISCILLA, LENA, LaneDid::AskedSales { why: "Wants to know what the RAV4 would bring" }),
    (21, cast::BILL, DOUG, LaneDid::Moved { to: Lane::Ready, bay: "" }),
    (12, cast::MARCUS, LENA, LaneDid::Arrived),
    (8, cast::MARCUS, LENA, LaneDid::Quoted(Cents(124_000))),
    (6, cast::INES, DOUG, LaneDid::Moved { to: Lane::Ready, bay: "" }),
    (4, cast::OLIVE, LENA, LaneDid::Arrived),
    (2, cast::FEMI, DOUG, LaneDid::Arrived),
    (1, cast::FEMI, DOUG, LaneDid::Refused(RefusedHow::NotToBeSoldTo)),
];

impl Plan {
    /// Who of sales comes to the lane when they are asked.
    pub const ON_LANE_DUTY: &'static str = "Jo Lindqvist";

    /// When the service system told of the bookings: yesterday.
    #[must_use]
    pub fn bookings_told(&self) -> At {
        self.now.plus_ms(-20 * HOUR_MS)
    }

    /// The bookings of today and tomorrow, and the next one of who has one.
    pub fn bookings(&self) -> impl Iterator<Item = ImportRow> + '_ {
        let today = TODAY.iter().map(|b| (self.today_at(b.minutes), b));
        let tomorrow = TOMORROW.iter().map(|b| (self.zone.midnight(self.now.plus_ms(DAY_MS)).plus_ms(i64::from(b.minutes) * MINUTE_MS), b));
        let spring = std::iter::once((self.now.plus_ms(168 * DAY_MS), &SPRING));
        (0..).zip(today.chain(tomorrow).chain(spring)).map(|(place, (at, booked))| ImportRow::Appointment(self.booking(place, at, booked)))
    }

    /// Some minutes from now, on this very day however late it is.
    fn today_at(&self, minutes: i32) -> At {
        const LATEST_MS: i64 = 23 * HOUR_MS + 50 * MINUTE_MS;
        let midnight = self.zone.midnight(self.now);
        self.now.plus_ms(i64::from(minutes) * MINUTE_MS).clamp(midnight, midnight.plus_ms(LATEST_MS))
    }

    fn booking(&self, place: usize, at: At, booked: &Booked) -> NewAppointment {
        let car: Car = self.owned_car(self.first_car[booked.person as usize]).car;
        let mut customer = self.person(booked.person).profile(SourceKind::Dms, Self::DMS, self.bookings_told());
        customer.address = crate::domain::address::Address::default();
        NewAppointment {
            created: Some(self.bookings_told()),
            vin: car.vin.clone(),
            facts: car.facts(self.now),
            advisor: if booked.person.is_multiple_of(2) { LENA } else { DOUG }.to_owned(),
            work: booked.work.iter().map(|line| (*line).to_owned()).collect(),
            waiting: booked.waits,
            estimate: (booked.estimate > 0).then_some(Cents(booked.estimate * 100)),
            ..NewAppointment::new(number(place), at, customer)
        }
    }

    /// What happened in the lane this morning, in time order.
    pub fn lane_acts(&self) -> impl Iterator<Item = LaneAct> + '_ {
        MORNING.iter().filter_map(|(minutes, person, by, did)| {
            let place = TODAY.iter().position(|booked| booked.person == *person)?;
            Some(LaneAct { at: self.now.plus_ms(-minutes * MINUTE_MS), booking: number(place), by, did: *did })
        })
    }
}

fn number(place: usize) -> String {
    format!("S-{:05}", 20_400 + place)
}

#[cfg(test)]
mod tests {
    use super::{super::tests::plan, *};
    use crate::demo::Scale;

    #[test]
    fn everybody_in_the_lane_came_by_a_booking_of_today_before_anything_else_was_done_for_them() {
        let plan = plan(7, Scale::Small);
        let acts: Vec<LaneAct> = plan.lane_acts().collect();
        assert_eq!(acts.len(), MORNING.len());
        assert!(acts.is_sorted_by_key(|act| act.at) && acts.iter().all(|act| act.at < plan.now()));
        for act in &acts {
            let first = acts.iter().find(|other| other.booking == act.booking).unwrap();
            assert_eq!(first.did, LaneDid::Arrived, "{}", act.booking);
        }
    }

    #[test]
    fn bookings_of_today_stay_on_this_day_and_every_one_has_a_car() {
        let plan = plan(7, Scale::Small);
        let rows: Vec<ImportRow> = plan.bookings().collect();
        assert_eq!(rows.len(), TODAY.len() + TOMORROW.len() + 1);
        for (place, row) in rows.iter().enumerate() {
            let ImportRow::Appointment(booked) = row else { panic!("{row:?}") };
            assert!(booked.vin.is_some() && !booked.work.is_empty() && !booked.customer.name.is_empty(), "{booked:?}");
            let day = plan.zone().day_number(booked.at) - plan.zone().day_number(plan.now());
            assert_eq!(
                day.min(2),
                if place < TODAY.len() {
                    0
                } else if place < TODAY.len() + TOMORROW.len() {
                    1
                } else {
                    2
                }
            );
        }
    }
}
