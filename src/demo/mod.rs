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
//! | enquiries, words, traffic, notes | who asked, what became of it, who looked, what was remembered |
//! | wishes | who waits for a car or for a lower price |
//! | lane | who is in service today and tomorrow |
//! | morning | what is open as the store opens |
//! | shopper, live | who is browsing now |
mod calendar;
mod cars;
mod cast;
mod dice;
mod enquiries;
mod lane;
pub mod live;
mod lot;
mod morning;
mod names;
mod notes;
mod people;
mod sales;
mod service;
mod shopper;
mod traffic;
mod wishes;
mod words;

pub use enquiries::PastAnswer;
pub use lane::{LaneAct, LaneDid};
pub use notes::PastNote;
pub use shopper::{Act, Crowd};
pub use wishes::{PastWatch, PastWish};
pub use words::PastWord;

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
            anonymous_visitors: customers * 48 / 100,
        }
    }
}

/// How many of what a store of a scale holds. The rest follows from chance: about 2 cars a customer with what stands on the lot and what came in
/// trade (of some nothing was ever written down), 0.5 deals, 5.5 repair orders, 8 events on the website.
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
    /// The name of the system its customer numbers come from.
    pub const DMS: &'static str = "Dealer system";
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
        event::{Event, ImportRow},
        phone::Phone,
        profile::Profile,
        time::{DAY_MS, HOUR_MS, MINUTE_MS},
        vin::Vin,
    };
    use serde::Serialize;
    use std::{
        collections::{HashMap, HashSet},
        hash::{DefaultHasher, Hasher},
    };

    pub(super) fn plan(seed: u64, scale: Scale) -> Plan {
        let zone = Zone::named("America/New_York").unwrap();
        Plan::new(seed, scale, At::parse_rfc3339("2026-11-24T09:41:00-05:00").unwrap(), zone)
    }

    fn small() -> Plan {
        plan(7, Scale::Small)
    }

    /// Who a row is about, which car, how many miles, and when.
    fn told(row: &ImportRow) -> (&Profile, Option<&Vin>, Option<u32>, At) {
        match row {
            ImportRow::Customer(p) => (p, None, None, p.at),
            ImportRow::Deal(d) => (&d.buyer, d.vin.as_ref(), d.facts.odometer_mi, d.sold),
            ImportRow::RepairOrder(r) => (&r.customer, r.vin.as_ref(), r.facts.odometer_mi, r.opened),
            ImportRow::Appointment(_) | ImportRow::Listing(_) | ImportRow::Unknown => panic!("no such row here"),
        }
    }

    fn digest<T: Serialize>(digest: &mut DefaultHasher, rows: impl Iterator<Item = T>) {
        rows.for_each(|row| digest.write(&serde_json::to_vec(&row).unwrap()));
    }

    fn digest_of(plan: &Plan) -> u64 {
        let mut hasher = DefaultHasher::new();
        digest(&mut hasher, plan.customers().chain(plan.deals()).chain(plan.repair_orders()));
        digest(&mut hasher, plan.listings());
        digest(&mut hasher, plan.price_changes());
        digest(&mut hasher, plan.past_leads());
        digest(&mut hasher, plan.past_web());
        digest(&mut hasher, plan.past_notes().map(|n| (n.at, n.customer, n.text)));
        digest(&mut hasher, plan.past_answers().map(|a| (a.at, a.lead, a.by)));
        digest(&mut hasher, plan.past_words());
        digest(&mut hasher, plan.past_wishes().into_iter());
        digest(&mut hasher, plan.past_watches().into_iter());
        digest(&mut hasher, plan.morning().into_iter());
        hasher.finish()
    }

    #[test]
    fn the_same_seed_gives_the_same_store_and_another_seed_another() {
        assert_eq!(digest_of(&small()), digest_of(&small()));
        assert_ne!(digest_of(&small()), digest_of(&plan(8, Scale::Small)));
    }

    #[test]
    fn a_small_store_holds_what_it_should() {
        let plan = small();
        assert_eq!(plan.customers().count(), 2_000);
        assert_eq!(plan.listings().count(), 64);
        let traded = plan.deals().filter(|d| matches!(d, ImportRow::Deal(d) if d.trade.is_some())).count();
        let cars = plan.cars_owned() as usize + traded + 64;
        assert!((3_900..4_350).contains(&cars), "{cars} cars");
        let (deals, orders) = (plan.deals().count(), plan.repair_orders().count());
        assert!((940..1_100).contains(&deals), "{deals} deals");
        assert!((10_300..11_700).contains(&orders), "{orders} repair orders");
        assert_eq!(plan.past_leads().count(), 1_000 + cast::PART_LEADS.len());
        assert_eq!(plan.past_answers().count(), plan.past_leads().count());
        let web = plan.past_web().count();
        assert!((14_500..17_500).contains(&web), "{web} web events");
    }

    #[test]
    fn larger_stores_grow_in_proportion() {
        for (scale, customers, lot, days) in [(Scale::Rooftop, 25_000, 120, 548), (Scale::Large, 250_000, 400, 1_461)] {
            let sizes = scale.sizes();
            assert_eq!((sizes.customers, sizes.lot, sizes.history_days), (customers, lot, days));
            assert_eq!((sizes.leads, sizes.notes), (customers / 2, customers / 4));
        }
        let plan = plan(7, Scale::Rooftop);
        let cars = plan.cars_owned() + u32::try_from(plan.sales.len() * 44 / 100).unwrap() + 120;
        assert!((49_000..54_000).contains(&cars), "{cars} cars");
        assert_eq!(plan.listings().count(), 120);
        assert!((12_000..14_500).contains(&plan.sales.len()), "{} sales", plan.sales.len());
        let stocks: HashSet<String> =
            (0..u32::try_from(plan.sales.len()).unwrap()).map(|n| plan.sold_stock(n)).chain(plan.listings().map(|l| l.stock)).collect();
        assert_eq!(stocks.len(), plan.sales.len() + 120);
    }

    #[test]
    fn every_telephone_is_one_set_aside_for_stories_and_all_mail_goes_to_example_domains() {
        let plan = small();
        let people = plan.sizes().people();
        let mut mail = HashSet::new();
        for i in 0..people {
            let person = plan.person(i);
            if let Some(phone) = &person.phone {
                assert_eq!(Phone::parse(&phone.display()).as_ref(), Some(phone));
                assert!(phone.digits()[3..].starts_with("55501"), "{}", phone.e164());
            }
            if let Some(email) = &person.email {
                assert!(["@example.com", "@example.net", "@example.org"].iter().any(|d| email.as_str().ends_with(d)), "{}", email.as_str());
                assert!(mail.insert(email.clone()), "{} twice", email.as_str());
            }
        }
        let large = super::tests::plan(7, Scale::Large);
        let phones: HashSet<_> = (cast::CAST_SIZE..50_000).step_by(8).filter_map(|i| large.person(i).phone).map(|p| p.e164().to_owned()).collect();
        assert!(phones.len() > 500 && phones.iter().all(|p| p[5..].starts_with("55501")), "{}", phones.len());
    }

    #[test]
    fn two_people_share_a_number_only_when_they_share_a_home() {
        let plan = small();
        let mut holders: HashMap<Phone, (String, u32)> = HashMap::new();
        let mut shared = 0;
        for i in 0..plan.sizes().people() {
            let person = plan.person(i);
            let Some(phone) = person.phone else { continue };
            if let Some((home, other)) = holders.insert(phone, (person.address.line1.clone(), i)) {
                assert_eq!(home, person.address.line1, "{other} and {i}");
                shared += 1;
            }
        }
        assert!((40..160).contains(&shared), "{shared}");
    }

    #[test]
    fn every_vin_holds_and_no_odometer_ever_falls() {
        let plan = small();
        let mut seen: HashMap<Vin, (u32, At)> = HashMap::new();
        let mut rows: Vec<ImportRow> = plan.deals().chain(plan.repair_orders()).collect();
        rows.sort_by_key(|r| told(r).3);
        for row in &rows {
            let (person, vin, miles, at) = told(row);
            let (vin, miles) = (vin.unwrap(), miles.unwrap());
            assert!(vin.check_digit_holds(), "{vin:?}");
            assert!(miles > 0 && miles < 400_000, "{miles} miles on {vin:?}");
            let before = seen.insert(vin.clone(), (miles, at));
            assert!(before.is_none_or(|(m, _)| m <= miles), "{vin:?} of {:?} fell from {before:?} to {miles}", person.number);
        }
        for row in &rows {
            if let ImportRow::Deal(deal) = row {
                assert!(
                    deal.facts.year.is_some_and(|y| i64::from(y) < 1971 + deal.sold.0 / (365 * DAY_MS)),
                    "{} is sold before it was built",
                    deal.number
                );
                assert!(deal.trade.as_ref().and_then(|t| t.vin.as_ref()).is_none_or(|v| v.check_digit_holds() && !seen.contains_key(v)));
            }
        }
        assert!(plan.listings().all(|l| l.vin.as_ref().is_some_and(|v| v.check_digit_holds() && !seen.contains_key(v))));
    }

    #[test]
    fn everything_comes_in_its_time_and_nothing_from_the_future() {
        let plan = small();
        let ordered = |what: &str, times: Vec<At>| {
            assert!(times.is_sorted(), "{what}");
            assert!(times.last().is_some_and(|t| *t < plan.now()), "{what}");
        };
        ordered("deals", plan.deals().map(|r| told(&r).3).collect());
        ordered("repair orders", plan.repair_orders().map(|r| told(&r).3).collect());
        ordered("leads", plan.past_leads().map(|(at, _)| at).collect());
        ordered("answers", plan.past_answers().map(|a| a.at).collect());
        ordered("wishes", plan.past_wishes().iter().map(|w| w.at).collect());
        ordered("price alerts", plan.past_watches().iter().map(|w| w.at).collect());
        ordered("notes", plan.past_notes().map(|n| n.at).collect());
        ordered("web", plan.past_web().map(|e| e.at).collect());
        ordered("prices", plan.price_changes().map(|(at, _)| at).collect());
        ordered("morning", plan.morning().into_iter().map(|(at, _)| at).collect());
        let asked: HashMap<String, At> = plan.past_leads().map(|(at, l)| (l.external_id.unwrap(), at)).collect();
        assert!(plan.past_answers().all(|a| asked[&a.lead] < a.at));
    }

    #[test]
    fn nobody_is_billed_before_they_bought_the_car() {
        let plan = small();
        let sold: HashMap<Vin, At> = plan.deals().filter_map(|r| Some((told(&r).1?.clone(), told(&r).3))).collect();
        let early = plan.repair_orders().filter(|r| told(r).1.and_then(|v| sold.get(v)).is_some_and(|sold| told(r).3 < *sold)).count();
        assert_eq!(early, 0);
    }

    #[test]
    fn a_car_is_inspected_by_the_state_about_once_a_year() {
        let plan = small();
        let mut stickers: HashMap<Vin, Vec<At>> = HashMap::new();
        for row in plan.repair_orders() {
            let ImportRow::RepairOrder(order) = row else { panic!("not an order") };
            if order.work.iter().any(|w| w == "Maine state inspection") {
                stickers.entry(order.vin.unwrap()).or_default().push(order.opened);
            }
        }
        assert!(stickers.len() > 300, "{}", stickers.len());
        let pairs = || stickers.values().flat_map(|all| all.windows(2)).map(|w| w[1].since(w[0]));
        assert!(pairs().all(|gap| !(60 * DAY_MS..=300 * DAY_MS).contains(&gap)));
        let again = pairs().filter(|gap| *gap < 60 * DAY_MS).count();
        assert!(again * 20 < stickers.len(), "{again} of {} came back for it at once", stickers.len());
    }

    #[test]
    fn most_stories_are_short_and_a_few_are_very_long() {
        let plan = small();
        let mut rows: HashMap<String, u32> = HashMap::new();
        for row in plan.deals().chain(plan.repair_orders()) {
            *rows.entry(told(&row).0.number.clone().unwrap()).or_default() += 1;
        }
        let mut lengths: Vec<u32> = rows.into_values().collect();
        lengths.sort_unstable();
        assert!((2..8).contains(&lengths[lengths.len() / 2]), "{}", lengths[lengths.len() / 2]);
        assert!((90..260).contains(lengths.last().unwrap()), "{:?}", lengths.last());
    }

    #[test]
    fn the_website_is_browsed_as_a_real_one_is() {
        let plan = small();
        let (mut all, mut names) = (0_u32, HashMap::<String, u32>::new());
        let tied: HashSet<String> = (0..plan.lead_count()).filter(|n| plan.asked(*n).by_site()).map(|n| plan.tied_client(n)).collect();
        let (mut of_tied, mut cars) = (0, HashMap::<String, u32>::new());
        for event in plan.past_web() {
            all += 1;
            of_tied += u32::from(tied.contains(&event.client));
            *names.entry(event.name).or_default() += 1;
            if let Some(car) = event.car {
                *cars.entry(car.stock).or_default() += 1;
            }
        }
        // Shares of the real store's report, percent.
        for (name, real, off) in
            [("asc_pageview", 39, 4), ("asc_item_pageview", 34, 4), ("asc_media_interaction", 20, 4), ("asc_itemlist_pageview", 4, 2)]
        {
            let share = names[name] * 100 / all;
            assert!(share.abs_diff(real) <= off, "{name} is {share} %");
        }
        assert!((22..38).contains(&(of_tied * 100 / all)), "{} % are known", of_tied * 100 / all);
        let mut looks: Vec<u32> = cars.into_values().collect();
        looks.sort_unstable_by(|a, b| b.cmp(a));
        let top: u32 = looks[..looks.len() / 5].iter().sum();
        assert!(top * 100 / looks.iter().sum::<u32>() > 35, "a fifth of the cars have {top} of the looks");
    }

    #[test]
    fn a_lead_of_the_site_follows_a_look_at_the_same_car_within_five_minutes() {
        let plan = small();
        let events: Vec<_> = plan.past_web().collect();
        for (at, lead) in plan.past_leads().filter(|(_, l)| l.source == "Website") {
            let around = events.partition_point(|e| e.at < at.plus_ms(-5 * MINUTE_MS))..events.partition_point(|e| e.at <= at);
            let same_car =
                |e: &crate::domain::event::WebEvent| e.client == lead.web_ids[0] && e.car.as_ref().is_some_and(|c| c.vin == lead.cars[0].vin);
            assert!(events[around].iter().any(same_car), "{:?}", lead.external_id);
        }
    }

    #[test]
    fn the_price_history_ends_where_the_listings_are() {
        let plan = small();
        let mut last: HashMap<String, _> = HashMap::new();
        let mut points = 0;
        for (at, listing) in plan.price_changes() {
            assert!(listing.in_stock_since.is_some_and(|since| since <= at));
            points += 1;
            last.insert(listing.stock, listing.price);
        }
        assert!(points > 100, "{points}");
        for listing in plan.listings() {
            assert_eq!(last.get(&listing.stock), Some(&listing.price), "{}", listing.stock);
            assert!(listing.price.is_some_and(|p| p.0 > 300_000) && listing.cost.is_some_and(|c| c.0 > 250_000));
        }
    }

    #[test]
    fn the_car_of_every_demo_stands_on_the_lot_at_its_price() {
        let listing = small().listings().find(|l| l.stock == "24117").unwrap();
        assert_eq!(listing.facts.label(), "2022 Honda CR-V EX-L");
        assert_eq!((listing.facts.exterior_color.as_str(), listing.facts.odometer_mi), ("Platinum White", Some(31_480)));
        assert_eq!(listing.price.unwrap().to_string(), "$27,650");
        assert!(listing.vin.is_some_and(|v| v.as_str().starts_with("2HKRW2H8") && v.as_str().ends_with("NH614882")));
        let prices: Vec<_> = small().price_changes().filter(|(_, l)| l.stock == "24117").map(|(_, l)| l.price.unwrap().0 / 100).collect();
        assert_eq!(prices, [29_200, 28_400, 27_650]);
    }

    #[test]
    fn the_morning_is_about_a_dozen_people_all_of_the_last_two_days() {
        let plan = small();
        let clients: HashSet<String> = plan.past_web().map(|e| e.client).collect();
        let mut matters = HashSet::new();
        for (at, event) in plan.morning() {
            assert!(plan.now().since(at) < 48 * HOUR_MS);
            match event {
                Event::Lead(lead) => matters.insert(lead.person.emails[0].as_str().to_owned()),
                Event::Reply(reply) => {
                    assert_eq!(reply.person.phones.len() + reply.person.emails.len(), 1);
                    matters.insert(reply.external_id.unwrap())
                }
                Event::Web(web) if clients.contains(&web.client) => matters.insert(web.client),
                Event::Web(_) => continue,
                Event::LeadPutAside { .. }
                | Event::LeadTakenUp { .. }
                | Event::Imported { .. }
                | Event::ImportTakenBack { .. }
                | Event::Edited { .. }
                | Event::Merged { .. }
                | Event::Unmerged { .. }
                | Event::Separated { .. }
                | Event::KeptApart { .. }
                | Event::PartingUndone { .. }
                | Event::CameByLink { .. }
                | Event::BrowserParted { .. }
                | Event::BrowserReturned { .. }
                | Event::LeftOpen { .. }
                | Event::FieldChanged { .. }
                | Event::BulkUndone { .. }
                | Event::Resolved { .. }
                | Event::Learnt { .. }
                | Event::ScoreLearnt { .. }
                | Event::RuleSet { .. }
                | Event::Answered(_)
                | Event::Noted { .. }
                | Event::FileAdded { .. }
                | Event::FileRemoved { .. }
                | Event::Availability { .. }
                | Event::VisitOpened { .. }
                | Event::SaleSaid { .. }
                | Event::AppraisalOpened { .. }
                | Event::AppraisalWritten { .. }
                | Event::AppraisalDecided { .. }
                | Event::AppraisalUndone { .. }
                | Event::ServiceBooked { .. }
                | Event::ServiceUnbooked { .. }
                | Event::ServiceArrived { .. }
                | Event::ServiceMoved { .. }
                | Event::ServiceQuoted { .. }
                | Event::ServiceOdometer { .. }
                | Event::SalesAsked { .. }
                | Event::SalesNotNeeded { .. }
                | Event::TalkRefused { .. }
                | Event::TalkAllowedAgain { .. }
                | Event::PayoffSaid { .. }
                | Event::VisitStepped { .. }
                | Event::VisitEnded { .. }
                | Event::VisitReopened { .. }
                | Event::Judged { .. }
                | Event::Present { .. }
                | Event::LadderSet { .. }
                | Event::LadderRemoved { .. }
                | Event::PriceAlertSet { .. }
                | Event::PriceAlertEnded { .. }
                | Event::PriceAlertResumed { .. }
                | Event::Wished { .. }
                | Event::WishEnded { .. }
                | Event::WishResumed { .. }
                | Event::Priced { .. }
                | Event::PriceTakenBack { .. }
                | Event::FeedSet { .. }
                | Event::FeedRemoved { .. }
                | Event::FeedListed { .. }
                | Event::FeedRead { .. }
                | Event::FeedRefused { .. }
                | Event::FeedTakenBack { .. }
                | Event::LotSaid { .. }
                | Event::LotUnsaid { .. }
                | Event::StaffChanged { .. }
                | Event::TimerFired(_)
                | Event::Unknown => panic!("nothing of the kind comes in the morning"),
            };
        }
        assert!((11..=16).contains(&matters.len()), "{} matters", matters.len());
    }
}
