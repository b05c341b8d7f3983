//! How are the cars looked after, and what was left undone?

use super::{
    Plan,
    cars::Car,
    cast::{self, LastVisit},
    dice::{About, Dice},
    people::Habit,
};
use crate::domain::{
    event::ImportRow,
    money::Cents,
    profile::SourceKind,
    repair_order::NewRepairOrder,
    time::{At, DAY_MS, HOUR_MS, MINUTE_MS},
};

/// When in the year a job is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Season {
    Any,
    /// Snow tires go on in November, batteries die in January.
    Cold,
    Spring,
    /// Once a year, around the day on the windshield's sticker.
    Sticker,
}

/// A line of the service menu.
struct Job {
    text: &'static str,
    /// Whole dollars, parts and labour.
    dollars: (i64, i64),
    /// Not before these miles.
    from_miles: u32,
    weight: u32,
    season: Season,
    /// An electric car has no such thing.
    burns: bool,
}

const fn job(text: &'static str, dollars: (i64, i64), from_miles: u32, weight: u32) -> Job {
    Job { text, dollars, from_miles, weight, season: Season::Any, burns: false }
}

const fn engine(text: &'static str, dollars: (i64, i64), from_miles: u32, weight: u32) -> Job {
    Job { burns: true, ..job(text, dollars, from_miles, weight) }
}

const fn when(season: Season, text: &'static str, dollars: (i64, i64), weight: u32) -> Job {
    Job { season, ..job(text, dollars, 0, weight) }
}

const MENU: &[Job] = &[
    engine("Oil and filter change, full synthetic", (79, 109), 0, 420),
    job("Tire rotation", (25, 35), 3_000, 150),
    when(Season::Sticker, "Maine state inspection", (20, 20), 900),
    job("Cabin air filter", (49, 79), 15_000, 45),
    engine("Engine air filter", (39, 69), 20_000, 40),
    job("Front brake pads and rotors", (340, 520), 30_000, 42),
    job("Rear brake pads and rotors", (320, 480), 35_000, 38),
    job("Brake fluid exchange", (119, 149), 28_000, 28),
    job("Four-wheel alignment", (119, 149), 15_000, 30),
    job("Four tires, mounted and balanced", (680, 1_180), 32_000, 30),
    when(Season::Cold, "Winter tires mounted and balanced", (100, 140), 90),
    when(Season::Cold, "Battery tested and replaced", (210, 290), 40),
    when(Season::Cold, "Rust-proofing of the undercarriage", (150, 190), 40),
    when(Season::Spring, "Winter tires off, all-seasons on", (100, 140), 90),
    when(Season::Spring, "Air conditioning checked and recharged", (180, 260), 18),
    engine("Transmission fluid service", (219, 319), 45_000, 22),
    engine("Coolant exchange", (139, 199), 50_000, 18),
    engine("Spark plugs", (210, 390), 60_000, 14),
    engine("Check engine light diagnosed, oxygen sensor replaced", (340, 520), 55_000, 10),
    engine("Exhaust flange repaired", (180, 420), 60_000, 12),
    engine("Starter replaced", (480, 720), 80_000, 5),
    engine("Alternator replaced", (560, 860), 80_000, 5),
    job("Front struts replaced", (780, 1_150), 70_000, 8),
    job("Lower control arms and ball joints", (620, 980), 75_000, 8),
    job("Wheel bearing replaced", (340, 520), 65_000, 11),
    job("Sway bar links replaced", (180, 260), 50_000, 11),
    job("Rust repair for inspection, rocker panel", (420, 980), 90_000, 7),
    job("Wiper blades", (38, 58), 0, 40),
    job("Headlight bulb", (35, 75), 20_000, 20),
    job("Windshield replaced", (380, 620), 10_000, 8),
    job("Tire repaired", (30, 45), 0, 24),
];

/// What the advisor found and the customer left for later, with the miles from which it is found.
const DECLINED: &[(&str, u32)] = &[
    ("Rear tires, worn to 4/32", 20_000),
    ("Front tires, worn to 4/32", 20_000),
    ("Front brake pads, 3 mm left", 28_000),
    ("Rear brake pads, 3 mm left", 30_000),
    ("Brake fluid exchange, moisture in the fluid", 28_000),
    ("Cabin air filter", 15_000),
    ("Engine air filter", 15_000),
    ("Four-wheel alignment, edge wear in front", 15_000),
    ("Transmission fluid service, due by miles", 50_000),
    ("Coolant exchange, due by age", 55_000),
    ("Battery, weak on test", 30_000),
    ("Struts, leaking in front", 70_000),
    ("Lower control arm bushings, cracked", 75_000),
    ("Valve cover gasket, seeping", 80_000),
    ("Timing belt and water pump, due", 95_000),
    ("Rocker panel, rust through", 90_000),
    ("Exhaust, rust at the rear flange", 70_000),
    ("Rear differential fluid, due", 55_000),
];

/// A visit in the agenda: car times this, plus which of its visits.
const VISITS: u32 = 32;

impl Plan {
    /// Every repair order of the history, in time order.
    pub fn repair_orders(&self) -> impl Iterator<Item = ImportRow> + '_ {
        let agenda = self.service_agenda();
        (0..).zip(agenda).map(|(place, (second, visit))| ImportRow::RepairOrder(self.repair_order(place, self.calendar.of_second(second), visit)))
    }

    fn service_agenda(&self) -> Vec<(u32, u32)> {
        let mut agenda = Vec::new();
        let today = self.calendar.today();
        for owner in 0..self.sizes.customers {
            let garage = Self::garage(self.seed, owner);
            for key in self.first_car[owner as usize]..self.first_car[owner as usize + 1] {
                let mut dice = Dice::of(self.seed, About::Service, u64::from(key));
                let part = cast::part_of(owner).and_then(|p| p.car.as_ref());
                let visits = part.map_or_else(|| visits(&mut dice, garage.habit, garage.is_firm), |p| u32::from(p.visits));
                if visits == 0 {
                    continue;
                }
                let owned = self.owned_car(key);
                let begins = self.calendar.day_of(owned.sold.unwrap_or(owned.car.on_road).plus_ms(30 * DAY_MS)).max(today - self.sizes.history_days);
                let last = part.and_then(|p| p.last_visit.as_ref()).map_or(1, |l| l.days_ago);
                let room = (today - last).saturating_sub(begins);
                // A car kept for part of the time came for its part of the visits, but the cast as often as the story says.
                let visits = if part.is_some() { visits } else { (visits * room).div_ceil(self.sizes.history_days) };
                for n in 0..visits.min(room / 5) {
                    let (from, to) = (begins + room * n / visits, begins + room * (n + 1) / visits);
                    let day = if n + 1 == visits && last > 1 { today - last } else { from + (to - from) / 4 + dice.below((to - from) / 2 + 1) };
                    agenda.push((self.calendar.second(self.calendar.servicing(&mut dice, day)), key * VISITS + n));
                }
            }
        }
        agenda.sort_unstable();
        agenda
    }

    fn repair_order(&self, place: u32, opened: At, visit: u32) -> NewRepairOrder {
        let owned = self.owned_car(visit / VISITS);
        let mut dice = Dice::of(self.seed, About::Work, u64::from(visit));
        let part = cast::part_of(owned.owner).and_then(|p| p.car.as_ref());
        let told = part.filter(|p| u32::from(p.visits) == visit % VISITS + 1).and_then(|p| p.last_visit.as_ref());
        let done = told.map_or_else(|| self.done(&mut dice, opened, visit / VISITS, &owned.car), Done::as_told);
        let mut customer = self.person(owned.owner).profile(SourceKind::Dms, Self::DMS, opened);
        // The service counter asks for a phone and the number on file; the address stays with sales.
        customer.address = crate::domain::address::Address::default();
        // Dropped off for a day or more when the job is large.
        let hours = if done.paid.0 > 60_000 { 24 + i64::from(dice.below(30)) } else { 1 + i64::from(dice.below(5)) };
        let closed = opened.plus_ms(hours * HOUR_MS + i64::from(dice.below(60)) * MINUTE_MS);
        let advisor = if part.is_some() { cast::STAFF[4].0 } else { cast::STAFF[4 + dice.below(2) as usize].0 };
        NewRepairOrder {
            closed: (closed < self.now).then_some(closed),
            vin: owned.car.vin.clone(),
            facts: owned.car.facts(opened),
            advisor: advisor.to_owned(),
            work: done.work,
            declined: done.declined,
            customer_pay: Some(done.paid),
            total: Some(Cents(done.paid.0 + done.covered.0)),
            ..NewRepairOrder::new(format!("{:06}", 46_200 + place), opened, customer)
        }
    }

    fn done(&self, dice: &mut Dice, opened: At, key: u32, car: &Car) -> Done {
        let miles = car.odometer(opened);
        let day = self.calendar.season(self.calendar.day_of(opened));
        let season = match day {
            0..50 | 304.. => Season::Cold,
            85..155 => Season::Spring,
            _ => Season::Any,
        };
        let sticker = key * 97 % 365;
        let is_due = day.abs_diff(sticker) < 25;
        let is_time = |s: Season| s == Season::Any || s == season || (s == Season::Sticker && is_due);
        let fits = |j: &Job| miles >= j.from_miles && is_time(j.season) && !(j.burns && car.model.fuel == "Electric");
        let weights: Vec<u32> = MENU.iter().map(|j| if fits(j) { j.weight } else { 0 }).collect();
        let mut chosen: Vec<usize> = (0..[1, 1, 2, 2, 2, 3, 4][dice.below(7) as usize]).map(|_| dice.weighted(&weights)).collect();
        chosen.sort_unstable();
        chosen.dedup();
        let mut work: Vec<String> = chosen.iter().map(|j| MENU[*j].text.to_owned()).collect();
        let cents: i64 = chosen.iter().map(|j| price(dice, MENU[*j].dollars)).sum();
        let mut paid = cents;
        if miles % 30_000 < 3_500 && miles > 29_000 && dice.percent(50) {
            work.insert(0, format!("{},000-mile inspection", miles / 30_000 * 30));
            paid += price(dice, (120, 190));
        }
        // A service contract takes part of a large bill.
        let covered = if paid > 45_000 && dice.percent(14) { paid * 7 / 10 } else { 0 };
        let found: Vec<&str> = DECLINED.iter().filter(|(_, from)| miles >= *from).map(|(text, _)| *text).collect();
        let left = if found.is_empty() { 0 } else { [0, 0, 0, 0, 0, 0, 0, 1, 1, 2][dice.below(10) as usize] };
        let mut declined: Vec<String> = (0..left).map(|_| dice.pick(&found).to_owned()).collect();
        declined.dedup();
        Done { work, declined, paid: Cents(paid - covered), covered: Cents(covered) }
    }
}

/// What came of a visit.
struct Done {
    work: Vec<String>,
    declined: Vec<String>,
    paid: Cents,
    /// Paid by a service contract.
    covered: Cents,
}

impl Done {
    fn as_told(last: &LastVisit) -> Self {
        let lines = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect();
        Self { work: lines(last.work), declined: lines(last.declined), paid: Cents(last.cents), covered: Cents(0) }
    }
}

/// Over the whole history; at most 31.
fn visits(dice: &mut Dice, habit: Habit, is_firm: bool) -> u32 {
    match (habit, is_firm) {
        (Habit::Never, _) => 0,
        (Habit::Seldom, _) => 1 + dice.below(3),
        (Habit::Regular, false) => 4 + dice.below(4),
        (Habit::Devoted, false) => 8 + dice.low_below(9),
        (Habit::Regular, true) => 5 + dice.below(6),
        (Habit::Devoted, true) => 8 + dice.below(9),
    }
}

fn price(dice: &mut Dice, (low, high): (i64, i64)) -> i64 {
    dice.between(low * 20, high * 20) * 5
}
