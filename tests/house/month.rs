//! A month of a store: shoppers whose intent only the test knows, reps who come and go. Is nobody left with no one to answer them, are
//! the cards worth having, and does the journal give the same month again?

use crate::support::{Fails, rooms};
use headlight::{
    domain::{
        alert::{Alert, AlertState, RuleKind},
        deal::NewDeal,
        event::{Answer, Event, ImportRow, NewListing, Outcome, StaffAnswer, WebCar, WebEvent},
        ids::{CustomerId, ImportId, StaffId},
        lead::{Lead, LeadCar, LeadKind, NewLead},
        money::Cents,
        phone::Phone,
        profile::{PersonName, Profile, Source, SourceKind},
        rooftop::Hours,
        staff::{Away, Role, Staff},
        time::{At, DAY_MS, HOUR_MS, MINUTE_MS},
        vehicle::{CarFacts, Condition, ListingStatus},
        visitor::Did,
    },
    service::{Policy, Rooms, advance, people, replay, timers},
    store::{Rows, Span, StoreError, WriteTx, tables},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Monday, 2 November 2026, midnight at the store.
const BEGIN: At = At(1_793_595_600_000);
const DAYS: i64 = 30;
const CARS: u64 = 30;
const SHOPPERS: u64 = 90;
/// Within this of its last answerable moment a lead still counts as new.
const OPEN_MS: i64 = 7 * DAY_MS;
const KNOWN_MACHINE: u64 = 800;

/// Chance that is the same each time (splitmix64: Steele, Lea and Flood 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most.max(1)
    }

    fn in_hundred(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    fn ms(&mut self, from: i64, to: i64) -> i64 {
        from + i64::try_from(self.below((to - from).unsigned_abs())).unwrap_or(0)
    }
}

/// What a shopper is after, which the store never sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Truth {
    Buys,
    Dreams,
}

struct Shopper {
    nth: u64,
    truth: Truth,
    /// Gave a name and a number.
    asks: bool,
    bought: Option<At>,
}

fn stock(car: u64) -> String {
    format!("24{car:03}")
}

fn person(nth: u64, kind: SourceKind, at: At) -> Profile {
    Profile {
        name: PersonName { first: format!("Reader{nth}"), last: "Whitfield".into(), ..PersonName::default() },
        phones: Phone::parse(&format!("207-555-{:04}", 100 + nth)).into_iter().collect(),
        ..Profile::new(Source { kind, name: "Website".into() }, at)
    }
}

fn looks(nth: u64, did: Did, car: u64, at: At) -> Event {
    let car = WebCar { vin: None, stock: stock(car), facts: CarFacts::default(), price: None };
    Event::Web(WebEvent {
        client: format!("browser-{nth}"),
        did,
        at,
        car: Some(car),
        name: String::new(),
        page: String::new(),
        web_ids: vec![],
        once: None,
    })
}

fn asks(nth: u64, car: u64, at: At) -> Event {
    Event::Lead(NewLead {
        source: if nth.is_multiple_of(3) { "Cars.com" } else { "Website" }.into(),
        external_id: Some(format!("{nth}-{}", at.0)),
        requested: at,
        person: person(nth, SourceKind::Lead, at),
        cars: vec![LeadCar { stock: stock(car), ..LeadCar::default() }],
        comments: "Is it still there?".into(),
        kind: LeadKind::Enquiry,
        web_ids: vec![format!("browser-{nth}")],
        warnings: vec![],
        taken: None,
    })
}

/// All that happens by itself, in order; and who was who.
fn shoppers(chance: &mut Chance) -> (Vec<(At, Event)>, Vec<Shopper>) {
    let mut all: Vec<(At, Event)> = Vec::new();
    let mut who = Vec::new();
    for nth in 0..SHOPPERS {
        let truth = if chance.in_hundred(35) { Truth::Buys } else { Truth::Dreams };
        let asks_us = chance.in_hundred(if truth == Truth::Buys { 75 } else { 25 });
        let car = chance.below(CARS);
        let mut at = BEGIN.plus_ms(chance.ms(0, (DAYS - 10) * DAY_MS));
        let visits = if truth == Truth::Buys { 3 + chance.below(4) } else { 1 + chance.below(3) };
        let asks_at = chance.below(visits);
        let mut bought = None;
        for visit in 0..visits {
            for _ in 0..=chance.below(4) {
                at = at.plus_ms(chance.ms(20_000, 5 * MINUTE_MS));
                let other = truth == Truth::Dreams || chance.in_hundred(20);
                let seen = if other { chance.below(CARS) } else { car };
                all.push((at, looks(nth, if chance.in_hundred(30) { Did::ViewedMedia } else { Did::ViewedCar }, seen, at)));
            }
            if truth == Truth::Buys && chance.in_hundred(40) {
                let did = [Did::UsedPaymentTool, Did::FinishedTradeTool, Did::StartedFinance][usize::try_from(chance.below(3)).unwrap_or(0)];
                all.push((at.plus_ms(MINUTE_MS), looks(nth, did, car, at.plus_ms(MINUTE_MS))));
            }
            if asks_us && visit == asks_at {
                at = at.plus_ms(3 * MINUTE_MS);
                all.push((at, asks(nth, car, at)));
            }
            at = at.plus_ms(chance.ms(5 * HOUR_MS, 40 * HOUR_MS));
        }
        if truth == Truth::Buys && chance.in_hundred(70) {
            let deal = NewDeal::new(format!("D{nth}"), at, person(nth, SourceKind::Dms, at));
            all.push((at, Event::Imported { import: ImportId(0), rows: vec![ImportRow::Deal(deal)], lines: vec![] }));
            bought = Some(at);
        }
        who.push(Shopper { nth, truth, asks: asks_us, bought });
    }
    // A machine that reads the whole lot all night, and one that somebody lets run whom the store knows.
    all.push((BEGIN.plus_ms(10 * HOUR_MS), asks(KNOWN_MACHINE, 1, BEGIN.plus_ms(10 * HOUR_MS))));
    for (nth, nights) in [(9_999, 0..2), (KNOWN_MACHINE, 3..6)] {
        for (night, page) in nights.flat_map(|night| (0..600_i64).map(move |page| (night, page))) {
            // Three times over, with an hour between.
            let at = BEGIN.plus_ms(night * DAY_MS + 2 * HOUR_MS + page * 20_000 + page / 200 * HOUR_MS);
            all.push((at, looks(nth, Did::ViewedCar, u64::try_from(page).unwrap_or(0) % CARS, at)));
        }
    }
    (all, who)
}

/// Reps who have their hours, a sick day, and customers in the showroom.
fn people_of_the_store(chance: &mut Chance) -> Vec<(At, Event)> {
    let hours = |from: u16, to: u16| Some(Hours { opens: from * 60, closes: to * 60 });
    let early = [hours(9, 15), hours(9, 15), hours(9, 15), hours(9, 15), hours(9, 15), None, None];
    let late = [hours(12, 19), hours(12, 19), None, hours(12, 19), hours(12, 19), hours(9, 18), None];
    let mut all = Vec::new();
    let staff = [
        ("Priya Nair", Role::Rep, Some(early)),
        ("Jo Lindqvist", Role::Rep, Some(late)),
        ("Bea Cole", Role::Bdc, None),
        ("Sam Rourke", Role::Manager, None),
    ];
    for (id, (name, role, schedule)) in (1..).zip(staff) {
        let staff = Staff { schedule, ..Staff::new(StaffId(id), name.into(), role) };
        all.push((BEGIN, Event::StaffChanged { staff: staff.clone() }));
        if role.takes_leads() {
            let from = BEGIN.plus_ms(chance.ms(3 * DAY_MS, 20 * DAY_MS));
            let away = Some(Away { from, until: from.plus_ms(2 * DAY_MS) });
            all.push((from.plus_ms(-DAY_MS), Event::StaffChanged { staff: Staff { away, ..staff } }));
        }
    }
    for day in 0..DAYS {
        for rep in [1, 2] {
            let began = BEGIN.plus_ms(day * DAY_MS + chance.ms(10 * HOUR_MS, 17 * HOUR_MS));
            all.push((began, Event::Availability { staff: StaffId(rep), available: false }));
            all.push((began.plus_ms(chance.ms(10 * MINUTE_MS, 90 * MINUTE_MS)), Event::Availability { staff: StaffId(rep), available: true }));
        }
    }
    all
}

fn lot() -> Event {
    let listing = |car: u64| {
        ImportRow::Listing(NewListing {
            vin: None,
            stock: stock(car),
            facts: CarFacts { year: Some(2022), make: "Honda".into(), model: "CR-V".into(), ..CarFacts::default() },
            price: Some(Cents(2_500_000)),
            cost: None,
            status: ListingStatus::Available,
            in_stock_since: Some(BEGIN),
            photos: vec![],
            url: None,
            condition: Condition::Used,
            certified: false,
            description: String::new(),
            options: String::new(),
        })
    };
    Event::Imported { import: ImportId(0), rows: (0..CARS).map(listing).collect(), lines: vec![] }
}

/// Whatever timers come due before `until`, each at its own time.
fn let_time_pass(rooms: &Rooms, until: At) -> Result<(), StoreError> {
    loop {
        let due = rooms.store.read()?.some(tables::TIMERS, &Span::between(&(At(i64::MIN), 0_u64), &(until, 0_u64)), 1)?;
        let Some(((due, _), _)) = due.into_iter().next() else { return Ok(()) };
        let policy = rooms.policy.clone();
        rooms.store.write_blocking(move |tx| timers::fire_due(tx, &policy, due, 50).map(|_| ()))?;
        nobody_is_left_alone(rooms, due)?;
    }
}

fn live(rooms: &Rooms, event: Event, at: At) -> Result<(), StoreError> {
    let policy = rooms.policy.clone();
    rooms.store.write_blocking(move |tx| advance::append_applied(tx, &policy, event.clone(), at).map(|_| ()))
}

/// Whoever waits for an answer has somebody, or a clock at whose end they have.
fn nobody_is_left_alone(rooms: &Rooms, now: At) -> Result<(), StoreError> {
    let tx = rooms.store.read()?;
    let open: Vec<Alert> =
        tx.keys(tables::ALERTS_OPEN, &Span::all(), 10_000)?.into_iter().filter_map(|id| tx.get(tables::ALERTS, &id).ok()?).collect();
    let cared_for: BTreeSet<CustomerId> = open.iter().filter(|a| a.owner.is_some() || a.clock.is_some()).map(|a| a.customer).collect();
    for (_, lead) in tx.last(tables::LEADS, &Span::all(), 60)? {
        let waits = lead.answered.is_none() && now.since(lead.received) < OPEN_MS;
        let Some(customer) = people::of_part(&tx, lead.part)? else { continue };
        assert!(!waits || cared_for.contains(&customer.id), "lead {} waits at {} and nobody has it", lead.id, now.0);
    }
    Ok(())
}

/// What reps do who are here: most answer soon, some never do.
fn work(rooms: &Rooms, chance: &mut Chance, now: At) -> Result<(), StoreError> {
    let mut answers = Vec::new();
    {
        let tx = rooms.store.read()?;
        for id in tx.keys(tables::ALERTS_OPEN, &Span::all(), 10_000)? {
            let Some(alert) = tx.get(tables::ALERTS, &id)?.filter(|a| a.state == AlertState::Open) else { continue };
            let Some(owner) = alert.owner.map(|o| tx.get(tables::STAFF, &o)).transpose()?.flatten() else { continue };
            let is_here = owner.available && owner.off_duty(&rooms.policy.rooftop.zone, now).is_none() && rooms.policy.rooftop.is_open(now);
            let diligence = match owner.role {
                Role::Bdc => 60,
                Role::Manager => 80,
                Role::Rep | Role::Advisor | Role::Finance | Role::Owner | Role::Unknown => {
                    if owner.id == StaffId(1) {
                        35
                    } else {
                        8
                    }
                }
            };
            if is_here && chance.in_hundred(diligence) {
                answers.push((alert.id, owner.id));
            }
        }
    }
    for (alert, by) in answers {
        let outcome = if chance.in_hundred(50) { Outcome::Talked } else { Outcome::LeftMessage };
        let answer = Answer::Done { outcome, note: String::new(), message: String::new() };
        live(rooms, Event::Answered(StaffAnswer { alert, by, answer }), now)?;
    }
    Ok(())
}

fn month(rooms: &Rooms) -> Result<Vec<Shopper>, StoreError> {
    let mut chance = Chance(2026);
    let (mut all, who) = shoppers(&mut chance);
    all.extend(people_of_the_store(&mut chance));
    all.sort_by_key(|(at, _)| *at);
    live(rooms, lot(), BEGIN)?;
    let mut works = BEGIN;
    let end = BEGIN.plus_ms(DAYS * DAY_MS);
    let mut all = all.into_iter().peekable();
    while works < end {
        while let Some((at, event)) = all.next_if(|(at, _)| *at <= works) {
            let_time_pass(rooms, at)?;
            live(rooms, event, at)?;
            nobody_is_left_alone(rooms, at)?;
        }
        let_time_pass(rooms, works)?;
        work(rooms, &mut chance, works)?;
        works = works.plus_ms(if rooms.policy.rooftop.is_open(works) { 6 * MINUTE_MS } else { HOUR_MS });
    }
    Ok(who)
}

fn alerts(tx: &impl Rows) -> Result<Vec<Alert>, StoreError> {
    Ok(tx.some(tables::ALERTS, &Span::all(), 100_000)?.into_iter().map(|(_, alert)| alert).collect())
}

fn shopper_of<'w>(tx: &impl Rows, who: &'w [Shopper], customer: CustomerId) -> Result<Option<&'w Shopper>, StoreError> {
    let Some(customer) = people::shown(tx, customer)? else { return Ok(None) };
    Ok(who.iter().find(|s| customer.name.first == format!("Reader{}", s.nth)))
}

#[test]
fn in_a_month_nobody_is_left_alone_and_the_journal_gives_the_same_month_again() -> Fails {
    let rooms = rooms()?;
    let who = month(&rooms)?;
    let tx = rooms.store.read()?;
    let cards = alerts(&tx)?;

    // Every lead had a first touch, or there is an honest reason why not.
    let mut answers: BTreeMap<&str, u32> = BTreeMap::new();
    for (_, lead) in tx.last(tables::LEADS, &Span::all(), 10_000)? {
        *answers.entry(answered(&tx, &cards, &lead)?).or_default() += 1;
    }
    assert!(!answers.contains_key("nothing"), "{answers:?}");

    // The one machine was no customer, the other's customer asked once; neither paged anybody.
    assert_eq!(tx.count(tables::CUSTOMERS)?, 1 + u64::try_from(who.iter().filter(|s| s.asks || s.bought.is_some()).count())?);
    let of_machine = cards.iter().filter_map(|c| Some((c, people::shown(&tx, c.customer).ok()??)));
    let known = format!("Reader{KNOWN_MACHINE}");
    let about: Vec<RuleKind> = of_machine.filter(|(_, who)| who.name.first == known).map(|(c, _)| c.matter.rule).collect();
    assert_eq!(about, [RuleKind::NewLead]);

    // What was seen without a word, against what was hidden.
    let mut shown: BTreeSet<u64> = BTreeSet::new();
    let (mut right, mut all) = (0_u32, 0_u32);
    for card in cards.iter().filter(|c| c.clock.is_none()) {
        if let Some(shopper) = shopper_of(&tx, &who, card.customer)? {
            all += 1;
            right += u32::from(shopper.truth == Truth::Buys);
        }
    }
    for card in &cards {
        shown.extend(shopper_of(&tx, &who, card.customer)?.map(|s| s.nth));
    }
    let buyers: Vec<&Shopper> = who.iter().filter(|s| s.truth == Truth::Buys && s.asks).collect();
    let found = buyers.iter().filter(|s| shown.contains(&s.nth)).count();
    let known: Vec<&Shopper> = who.iter().filter(|s| s.asks).collect();
    let base = f64::from(u32::try_from(buyers.len())?) / f64::from(u32::try_from(known.len())?);
    let precision = f64::from(right) / f64::from(all.max(1));
    let recall = f64::from(u32::try_from(found)?) / f64::from(u32::try_from(buyers.len())?);
    eprintln!(
        "a simulated month: {} cards; of {all} that nobody asked for {right} were about buyers: precision {precision:.2} (of those known {base:.2} buy); recall {recall:.2} of {} buyers; leads: {answers:?}",
        cards.len(),
        buyers.len()
    );
    assert!(recall >= 0.99 && precision > base, "{precision} {base} {recall}");

    // The same journal gives the same cards, to the byte.
    let journal = tx.some(tables::JOURNAL, &Span::all(), 1_000_000)?;
    let again = crate::support::rooms()?;
    let policy = again.policy.clone();
    again.store.write_blocking(move |tx: &WriteTx<'_>| replay::replay(tx, &policy, &journal))?;
    let (once, twice) = (rmp_serde::to_vec_named(&cards)?, rmp_serde::to_vec_named(&alerts(&again.store.read()?)?)?);
    assert!(once == twice, "{} and {} bytes of cards", once.len(), twice.len());
    Ok(())
}

/// What became of a lead, by the first that holds.
fn answered(tx: &impl Rows, cards: &[Alert], lead: &Lead) -> Result<&'static str, StoreError> {
    let Some(customer) = people::of_part(tx, lead.part)? else { return Ok("nothing") };
    if lead.answered.is_some() {
        return Ok("answered");
    }
    if customer.store_touches.iter().any(|touch| *touch >= lead.received) {
        return Ok("reached for");
    }
    let open = cards.iter().any(|c| c.customer == customer.id && !c.is_closed());
    if open {
        return Ok("stands open, overdue for all to see");
    }
    let closed = cards.iter().any(|c| c.customer == customer.id && matches!(c.state, AlertState::Closed { .. }));
    Ok(if closed { "closed by itself: a week went by" } else { "nothing" })
}

#[test]
fn a_full_day_holds_back_what_is_least_till_the_next_morning() -> Fails {
    let mut rooms = rooms()?;
    let mut policy = Policy::default();
    policy.rooftop.cards_a_day = 1;
    rooms.policy = Arc::new(policy);
    let ten = BEGIN.plus_ms(10 * HOUR_MS);
    live(&rooms, lot(), BEGIN)?;
    live(&rooms, Event::StaffChanged { staff: Staff::new(StaffId(1), "Priya Nair".into(), Role::Rep) }, BEGIN)?;
    for nth in 1..=3 {
        live(&rooms, asks(nth, nth, ten), ten)?;
    }
    let answer = Answer::Done { outcome: Outcome::Talked, note: String::new(), message: String::new() };
    for alert in alerts(&rooms.store.read()?)? {
        live(&rooms, Event::Answered(StaffAnswer { alert: alert.id, by: StaffId(1), answer: answer.clone() }), ten.plus_ms(MINUTE_MS))?;
    }
    // Two days later each shares a car; the third has also looked at payments, and is nearer to buying.
    let later = ten.plus_ms(2 * DAY_MS);
    for (nth, did) in [(1, Did::Shared), (2, Did::Shared), (3, Did::UsedPaymentTool), (3, Did::Shared)] {
        let at = later.plus_ms(i64::try_from(nth)? * MINUTE_MS);
        live(&rooms, looks(nth, did, nth, at), at)?;
    }
    let tx = rooms.store.read()?;
    let open: Vec<Alert> = alerts(&tx)?.into_iter().filter(|a| !a.is_closed()).collect();
    let name = |alert: &Alert| people::shown(&tx, alert.customer).ok().flatten().map(|c| c.name.first);
    let comes: Vec<Option<String>> = open.iter().filter(|a| a.state == AlertState::Open).map(name).collect();
    assert_eq!(comes, [Some("Reader3".to_owned())], "{open:#?}");
    let morning = AlertState::Snoozed { by: StaffId(1), until: BEGIN.plus_ms(3 * DAY_MS + 9 * HOUR_MS) };
    assert!(open.len() == 3 && open.iter().filter(|a| a.held_back).all(|a| a.state == morning), "{open:#?}");

    // Who writes is heard at once, however full the day.
    let at = later.plus_ms(5 * MINUTE_MS);
    live(&rooms, asks(1, 1, at), at)?;
    let first = alerts(&rooms.store.read()?)?.into_iter().find(|a| !a.is_closed() && name(a).as_deref() == Some("Reader1")).ok_or("a card")?;
    assert_eq!((first.state, first.held_back), (AlertState::Open, false));
    Ok(())
}
