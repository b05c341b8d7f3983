//! Whom should somebody reach for when nobody waits? Owners whose car, loan, lease or warranty says that it is time, as ranked lists.
//!
//! The book of all cars is kept in memory: built soon after the start and once a day, and brought up to date with every change. A list is
//! ranked from it; what a row says is read anew from the records.

use super::{
    Rooms,
    aside::aside,
    equity, lists, people, pipeline,
    service_drive::brief,
    shapes as s,
    views::{self, People},
};
use crate::{
    domain::{
        change::Changed,
        customer::Customer,
        ids::{CustomerId, VehicleId},
        money::Cents,
        opportunity::Opportunity,
        time::{At, DAY_MS},
    },
    engine::equity::book::{self, Line},
    store::{Rows, Span, StoreError, tables},
};
use std::{
    collections::HashSet,
    sync::{Arc, PoisonError, RwLock},
};

/// Customers read in one snapshot while the book is built.
const READ_AT_ONCE: usize = 2_000;
/// More changes than this and the book is built anew.
const CHANGES_MOST: usize = 20_000;
const CHANGES_AT_ONCE: usize = 2_000;
/// Rows of a list; behind them nobody gets in a week.
const LISTED_MOST: usize = 500;
const LEFT_ALONE_MS: i64 = 365 * DAY_MS;
const LEASE_DAYS: i64 = 180;
const WARRANTY_MS: i64 = 90 * DAY_MS;

/// Why they are on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Equity,
    LeaseEnd,
    LoanEnd,
    Warranty,
    Declined,
    NoOwner,
}

impl Kind {
    pub const ALL: [Self; 6] = [Self::Equity, Self::LeaseEnd, Self::LoanEnd, Self::Warranty, Self::Declined, Self::NoOwner];
}

/// The book, once it is built.
#[derive(Default)]
pub struct Kept(RwLock<Option<Arc<Book>>>);

/// A line a car of a customer.
#[derive(Clone)]
pub struct Book {
    lines: Vec<Line>,
    about: Vec<About>,
    store: Arc<equity::Now>,
    built: At,
    /// The newest change it knows.
    head: u64,
}

/// What else the lists are ranked by.
#[derive(Debug, Clone, Copy)]
struct About {
    customer: CustomerId,
    vehicle: VehicleId,
    /// Their newest purchase of any car here.
    bought: Option<At>,
    lease_ends: Option<At>,
    loan_ends: Option<At>,
    warranty_ends: Option<At>,
    declined: u16,
    bought_here: bool,
    has_owner: bool,
}

impl Book {
    #[must_use]
    pub fn cars(&self) -> usize {
        self.lines.len()
    }

    /// The cars of which most is left, every line reckoned anew.
    #[must_use]
    pub fn most_left(&self, now: At, at_most: usize) -> Vec<book::Left> {
        book::most_left(&self.lines, self.store.market(), now, at_most)
    }

    fn add(&mut self, tx: &impl Rows, customer: &Customer, now: At) -> Result<(), StoreError> {
        let has_owner = match customer.owner {
            Some(owner) => tx.get(tables::STAFF, &owner)?.is_some_and(|staff| staff.active),
            None => false,
        };
        for car in equity::lines(tx, &self.store, customer, now)? {
            self.lines.push(car.line);
            self.about.push(About {
                customer: customer.id,
                vehicle: car.vehicle,
                bought: car.bought,
                lease_ends: car.lease_ends,
                loan_ends: car.loan_ends,
                warranty_ends: car.warranty_ends,
                declined: car.declined,
                bought_here: car.bought_here,
                has_owner,
            });
        }
        Ok(())
    }

    fn remove(&mut self, customers: &HashSet<CustomerId>) {
        let stays: Vec<bool> = self.about.iter().map(|about| !customers.contains(&about.customer)).collect();
        let mut keep = stays.iter().copied();
        self.lines.retain(|_| keep.next().unwrap_or(true));
        let mut keep = stays.iter().copied();
        self.about.retain(|_| keep.next().unwrap_or(true));
    }

    /// Who is on a list, the first before the others.
    fn ranked(&self, kind: Kind, talk_from: Cents, now: At) -> Vec<(CustomerId, VehicleId)> {
        // Whoever bought within the year is left in peace.
        let rests = |about: &About| about.bought.is_some_and(|at| now.since(at) < LEFT_ALONE_MS);
        let who = |about: &About| (about.customer, about.vehicle);
        let by_time = |of: fn(&About) -> Option<At>, within_ms: i64| {
            let mut all: Vec<(At, &About)> =
                self.about.iter().filter_map(|about| Some((of(about)?, about))).filter(|(at, _)| *at >= now && at.since(now) <= within_ms).collect();
            all.sort_by_key(|(at, about)| (*at, about.customer, about.vehicle));
            all.into_iter().take(LISTED_MOST).map(|(_, about)| who(about)).collect::<Vec<_>>()
        };
        match kind {
            Kind::Equity => self
                .most_left(now, LISTED_MOST * 4)
                .iter()
                .filter(|left| left.left >= talk_from)
                .filter_map(|left| self.about.get(left.place))
                .filter(|about| !rests(about))
                .take(LISTED_MOST)
                .map(who)
                .collect(),
            Kind::LeaseEnd => by_time(|about| about.lease_ends, LEASE_DAYS * DAY_MS),
            Kind::LoanEnd => by_time(|about| about.loan_ends, LEFT_ALONE_MS),
            Kind::Warranty => by_time(|about| about.warranty_ends, WARRANTY_MS),
            Kind::Declined => {
                let mut all: Vec<&About> = self.about.iter().filter(|about| about.declined > 0).collect();
                all.sort_by_key(|about| (std::cmp::Reverse(about.declined), about.customer, about.vehicle));
                all.into_iter().take(LISTED_MOST).map(who).collect()
            }
            Kind::NoOwner => {
                let mut all: Vec<&About> = self.about.iter().filter(|about| about.bought_here && !about.has_owner).collect();
                all.sort_by_key(|about| (std::cmp::Reverse(about.bought), about.customer, about.vehicle));
                all.into_iter().take(LISTED_MOST).map(who).collect()
            }
        }
    }
}

/// The book as it lies; none in the first moments after a start.
#[must_use]
pub fn book(rooms: &Rooms) -> Option<Arc<Book>> {
    rooms.book.0.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Brings the book up to date: with the changes since, or as a whole once a day.
pub async fn turn(rooms: &Rooms, now: At) -> Result<(), StoreError> {
    let held = book(rooms);
    let reader = rooms.clone();
    let fresh = match held {
        Some(held) if is_of_today(rooms, &held, now) => aside("equity", move || follow(&reader, &held, now)).await?,
        Some(_) | None => Some(build(rooms, now).await?),
    };
    if let Some(fresh) = fresh {
        *rooms.book.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(fresh));
    }
    Ok(())
}

fn is_of_today(rooms: &Rooms, held: &Book, now: At) -> bool {
    let zone = &rooms.policy.rooftop.zone;
    let has_this_market = std::ptr::eq(held.store.market(), &raw const *super::market::of(rooms));
    has_this_market && zone.day_number(held.built) == zone.day_number(now)
}

/// Everybody's cars.
pub async fn build(rooms: &Rooms, now: At) -> Result<Book, StoreError> {
    let rooms = rooms.clone();
    aside("equity", move || {
        let tx = rooms.store.read()?;
        let store = equity::now(&rooms, &tx, now)?;
        let mut book = Book { lines: vec![], about: vec![], store, built: now, head: lists::change_head(&tx)? };
        drop(tx);
        let mut after: Option<CustomerId> = None;
        loop {
            // A snapshot held for long would keep the file from giving back what it no longer needs.
            let tx = rooms.store.read()?;
            let span = after.map_or_else(Span::all, |id| Span::all().after(&id));
            let customers = tx.some(tables::CUSTOMERS, &span, READ_AT_ONCE)?;
            for (_, customer) in &customers {
                book.add(&tx, customer, now)?;
            }
            match customers.last() {
                Some((last, _)) if customers.len() == READ_AT_ONCE => after = Some(*last),
                Some(_) | None => return Ok(book),
            }
        }
    })
    .await
}

/// The same book with what changed since; nothing when nothing did.
fn follow(rooms: &Rooms, held: &Book, now: At) -> Result<Option<Book>, StoreError> {
    let tx = rooms.store.read()?;
    let head = lists::change_head(&tx)?;
    if head == held.head {
        return Ok(None);
    }
    let mut fresh = Book { head, ..held.clone() };
    let mut changed: HashSet<CustomerId> = HashSet::new();
    let (mut from, mut seen) = (held.head, 0);
    loop {
        let changes = tx.some(tables::CHANGES, &Span::all().after(&from), CHANGES_AT_ONCE)?;
        for (seq, what) in &changes {
            from = *seq;
            match what {
                Changed::Customer(id) => {
                    changed.insert(*id);
                }
                Changed::Vehicle(id) => {
                    for (_, part) in tx.keys(tables::OWNERS, &Span::under(id), 20)? {
                        changed.insert(people::root_of(&tx, part)?);
                    }
                }
                Changed::Alert(_)
                | Changed::Looks(_)
                | Changed::Lead(_)
                | Changed::Import(_)
                | Changed::SetAside(_)
                | Changed::Staff(_)
                | Changed::Visit(_)
                | Changed::ServiceVisit(_)
                | Changed::Appointment(_)
                | Changed::Opportunity(_)
                | Changed::Feed(_)
                | Changed::Settings => {}
            }
        }
        seen += changes.len();
        if changes.len() < CHANGES_AT_ONCE || seen >= CHANGES_MOST {
            break;
        }
    }
    if changed.is_empty() {
        return Ok(Some(fresh));
    }
    fresh.remove(&changed);
    for id in changed {
        // One that was folded into another has no cars of its own any more.
        if let Some(customer) = tx.get(tables::CUSTOMERS, &id)? {
            fresh.add(&tx, &customer, now)?;
        }
    }
    Ok(Some(fresh))
}

/// A list, by pages. Empty as long as the book is not built.
pub fn list(rooms: &Rooms, kind: Kind, after: usize, limit: usize, now: At) -> Result<s::Opportunities, StoreError> {
    let talk_from = rooms.policy.money.talk_from;
    let Some(book) = book(rooms) else { return Ok(s::Opportunities { counts: vec![], items: vec![], next: None, is_ready: false, cars: 0 }) };
    let tx = rooms.store.read()?;
    let (people, store) = (People::read(&tx)?, equity::now(rooms, &tx, now)?);
    let mut counts = Vec::new();
    let mut ranked = Vec::new();
    for each in Kind::ALL {
        let on_list = book.ranked(each, talk_from, now);
        counts.push(s::OpportunityCount { kind: word(each).to_owned(), count: on_list.len() as u64 });
        if each == kind {
            ranked = on_list;
        }
    }
    let mut items = Vec::new();
    for (customer, vehicle) in ranked.iter().skip(after).take(limit) {
        let Some(customer) = people::shown(&tx, *customer)? else { continue };
        if let Some(row) = row(&tx, rooms, &people, &store, &customer, *vehicle, now)? {
            items.push(row);
        }
    }
    let next = (after + limit < ranked.len()).then(|| (after + limit).to_string());
    Ok(s::Opportunities { counts, items, next, is_ready: true, cars: book.cars() as u64 })
}

fn row(
    tx: &impl Rows,
    rooms: &Rooms,
    people: &People,
    store: &equity::Now,
    customer: &Customer,
    vehicle: VehicleId,
    now: At,
) -> Result<Option<s::OpportunityRow>, StoreError> {
    let Some(standing) = equity::standing(tx, store, customer, vehicle, &brief::visit_of(tx, customer, vehicle, now)?, now)? else { return Ok(None) };
    let follow_up = pipeline::under_way(tx, customer)?.filter(Opportunity::is_open).and_then(|o| o.follow_up);
    Ok(Some(s::OpportunityRow {
        customer: views::named(customer),
        score: customer.score.points,
        car: equity::shape(tx, people, &standing, now)?,
        owner: customer.owner.and_then(|owner| people.person(owner)),
        consent: views::consent(&rooms.policy, customer, now),
        last_touch_ms: customer.last_touch.as_ref().map(|touch| touch.at.0),
        last_touch: customer.last_touch.as_ref().map(|touch| touch.text.clone()),
        follow_up_ms: follow_up.as_ref().map(|f| f.due.0),
        follow_up: follow_up.map(|f| f.what),
        alert: customer.open_alert.map(|alert| alert.0),
    }))
}

/// As addresses write it.
#[must_use]
pub fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Equity => "equity",
        Kind::LeaseEnd => "lease_end",
        Kind::LoanEnd => "loan_end",
        Kind::Warranty => "warranty",
        Kind::Declined => "declined",
        Kind::NoOwner => "no_owner",
    }
}
