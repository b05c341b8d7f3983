//! What would a believable store look like? A rooftop made from a seed, its past, its morning, and shoppers who browse it live.
//!
//! Everything is worked out from the seed and a number when it is asked for, so even the largest store streams by without being held:
//! only agendas (when, and which one: eight bytes a line) are kept while they are walked.
//!
//! | file | question |
//! |---|---|
//! | dice, calendar | how does chance fall, when does a store live |
//! | names, cast, people | who are the customers |
//! | cars, lot | what do people drive, what is for sale |
//! | sales, service | what did they buy, how is it looked after |
//! | enquiries, traffic, notes | who asked, who looked, what was remembered |
//! | morning | what is open as the store opens |
//! | shopper, live | who is browsing now |
mod calendar;
mod cars;
mod cast;
mod dice;
mod enquiries;
// mod live;
mod lot;
mod morning;
mod names;
mod notes;
mod people;
mod sales;
mod service;
mod shopper;
mod traffic;

pub use enquiries::PastAnswer;
// pub use live::run;
pub use notes::PastNote;
pub use shopper::{Act, Crowd};

use crate::domain::{
    staff::Role,
    time::{At, Zone},
};

/// How large a store to make up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// 2,000 customers: a demo that is there in a moment.
    Small,
    /// 25,000 customers: a store that has been in business for years.
    Rooftop,
    /// 250,000 customers: more than any one store has, for benches.
    Large,
}

impl Scale {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "small" => Some(Self::Small),
            "rooftop" => Some(Self::Rooftop),
            "large" => Some(Self::Large),
            _ => None,
        }
    }

    #[must_use]
    pub fn sizes(self) -> Sizes {
        let (customers, lot, history_days) = match self {
            Self::Small => (2_000, 64, 548),
            Self::Rooftop => (25_000, 120, 548),
            Self::Large => (250_000, 400, 1_461),
        };
        Sizes {
            customers,
            prospects: customers / 8,
            lot,
            history_days,
            leads: customers / 2,
            notes: customers / 4,
            anonymous_visitors: customers * 62 / 100,
        }
    }
}

/// How many of what a store of a scale holds. The rest follows from chance: about 1.6 cars a customer with what stands on the lot and what came
/// in trade, 0.4 deals, 4.4 repair orders, 8 events on the website.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// In the DMS.
    pub customers: u32,
    /// People who asked and never bought: known by their leads alone.
    pub prospects: u32,
    /// Cars for sale today.
    pub lot: u32,
    /// How far back service, leads and the website reach. Deals reach almost four years further, as a DMS does.
    pub history_days: u32,
    pub leads: u32,
    pub notes: u32,
    /// Browsers that nobody's name is known of.
    pub anonymous_visitors: u32,
}

impl Sizes {
    fn people(self) -> u32 {
        self.customers + self.prospects
    }
}

/// Deals older than the history: cars are financed for longer than a website remembers.
const OLDER_DEALS_DAYS: u32 = 1_400;

/// A store that could be: the same seed, scale and time give the same store.
#[derive(Debug)]
pub struct Plan {
    seed: u64,
    sizes: Sizes,
    now: At,
    zone: Zone,
    /// This year on the store's calendar.
    year: u16,
    calendar: calendar::Calendar,
    /// The first car of each customer, and one past the last.
    first_car: Vec<u32>,
    /// Sales in time order: second of the calendar, car.
    sales: Vec<(u32, u32)>,
    lot: Vec<lot::LotCar>,
}

impl Plan {
    /// The name over the door.
    pub const STORE: &'static str = "Harbor Point Motors";
    /// Where its website would be; a name that can never be somebody's.
    pub const SITE: &'static str = "https://www.harborpoint.example";

    #[must_use]
    pub fn new(seed: u64, scale: Scale, now: At, zone: Zone) -> Self {
        let sizes = scale.sizes();
        let calendar = calendar::Calendar::new(&zone, now, sizes.history_days + OLDER_DEALS_DAYS);
        let mut first_car = Vec::with_capacity(sizes.customers as usize + 1);
        let mut next = 0;
        for i in 0..sizes.customers {
            first_car.push(next);
            next += Self::garage(seed, i).cars;
        }
        first_car.push(next);
        let year = u16::try_from(zone.local(now).year()).unwrap_or(2026);
        let mut plan = Self { seed, sizes, now, zone, year, calendar, first_car, sales: vec![], lot: vec![] };
        plan.sales = plan.sales_agenda();
        plan.lot = plan.cars_for_sale();
        plan
    }

    /// Who works here, in the order in which they were hired.
    #[must_use]
    pub fn staff(&self) -> Vec<(&'static str, Role)> {
        cast::STAFF.to_vec()
    }

    #[must_use]
    pub fn sizes(&self) -> Sizes {
        self.sizes
    }

    #[must_use]
    pub fn now(&self) -> At {
        self.now
    }

    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        event::{Event, ImportRow, NewListing},
        phone::Phone,
        profile::Profile,
        vin::Vin,
    };
    use std::{
        collections::{HashMap, HashSet},
        hash::{DefaultHasher, Hash, Hasher},
    };

    pub(crate) fn plan(seed: u64, scale: Scale) -> Plan {
        let zone = Zone::named("America/New_York").unwrap();
        Plan::new(seed, scale, At::parse_rfc3339("2026-11-24T09:41:00-05:00").unwrap(), zone)
    }

    fn buyer(row: &ImportRow) -> &Profile {
        match row {
            ImportRow::Customer(p) => p,
            ImportRow::Deal(d) => &d.buyer,
            ImportRow::RepairOrder(r) => &r.customer,
            ImportRow::Listing(_) | ImportRow::Unknown => unreachable!(),
        }
    }

    #[test]
    #[ignore]
    fn peek() {
        let p = plan(7, Scale::Small);
        for r in p.customers().take(40).skip(26) { println!("{r:?}") }
        for r in p.deals().skip(300).take(12) { println!("{r:?}") }
        for r in p.repair_orders().skip(4000).take(12) { println!("{r:?}") }
        for r in p.past_leads().skip(500).take(14) { println!("{r:?}") }
        for r in p.past_web().skip(8000).take(30) { println!("{r:?}") }
        for r in p.listings().take(20) { println!("{} {} {:?} {:?} {:?} {:?}", r.stock, r.facts.label(), r.price, r.facts.odometer_mi, r.status, r.vin) }
        for r in p.morning() { println!("{r:?}") }
        let mut rows: HashMap<String, u32> = HashMap::new();
        let (mut d, mut ro) = (0, 0);
        for r in p.deals() { d += 1; *rows.entry(buyer(&r).number.clone().unwrap()).or_default() += 1; }
        for r in p.repair_orders() { ro += 1; *rows.entry(buyer(&r).number.clone().unwrap()).or_default() += 1; }
        let mut v: Vec<u32> = rows.values().copied().collect(); v.sort_unstable();
        println!("cars {} deals {d} ros {ro} leads {} notes {} web {} customers with rows {} top {:?} median {}", p.cars_owned(), p.past_leads().count(), p.past_notes().count(), p.past_web().count(), v.len(), &v[v.len()-8..], v[v.len()/2]);
        let mut names: HashMap<String, u32> = HashMap::new();
        let tied: HashSet<String> = (0..p.lead_count()).filter(|n| p.asked(*n).by_site()).map(|n| p.tied_client(n)).collect();
        let mut t = 0;
        for e in p.past_web() { *names.entry(e.name).or_default() += 1; if tied.contains(&e.client) { t += 1 } }
        println!("{names:?} tied {t} of {}", tied.len());
        let _ = (Phone::parse(""), Vin::parse(""), DefaultHasher::new().finish(), Event::Unknown);
        let _: Option<NewListing> = None; let _ = 1u8.hash(&mut DefaultHasher::new());
    }
}
