//! Whom should somebody reach for when nobody waits? Owners whose car, loan, lease or warranty says that it is time, as ranked lists.
//!
//! The book of all cars is kept in memory: read a stretch at a time after the start and once a day, and brought up to date with every change.
//! A list is ranked from it; what a row says is read anew from the records.

use super::{
    Rooms,
    aside::aside,
    equity, household, lists, market, people, pipeline,
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
        time::{At, DAY_MS, MINUTE_MS},
    },
    engine::equity::book::{self, Line},
    store::{Rows, Span, StoreError, tables},
};
use std::{
    collections::HashSet,
    ops::ControlFlow,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

/// Customers read in one turn: a fifth of a second, once a second. Whoever opens a customer meanwhile does not feel it.
const READ_AT_ONCE: usize = 1_500;
const CHANGES_AT_ONCE: usize = 2_000;
/// Rows of a list; behind them nobody gets in a week.
const LISTED_MOST: usize = 500;
const LEFT_ALONE_MS: i64 = 365 * DAY_MS;
/// A balance or an appraisal that is older is marked as old (design 8.9).
const STALE_MS: i64 = 30 * DAY_MS;
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

/// The book, once it is built, and the one that is being read.
#[derive(Default)]
pub struct Kept {
    book: RwLock<Option<Arc<Book>>>,
    reading: Mutex<Option<Reading>>,
    ranking: Mutex<Option<Arc<Ranking>>>,
}

/// All lists of a book at one moment: pages are turned faster than they change.
struct Ranking {
    built: At,
    head: u64,
    at: At,
    lists: Vec<(Kind, Vec<(CustomerId, VehicleId)>)>,
}

/// A book of which a part is read.
pub struct Reading {
    book: Book,
    after: Option<CustomerId>,
}

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
    /// As [`equity::BookLine::figures_of`].
    figures_of: Option<At>,
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
                figures_of: car.figures_of,
            });
        }
        Ok(())
    }

    /// These customers' cars as they stand now.
    fn replace(&mut self, customers: &HashSet<CustomerId>, fresh: Self) {
        if !customers.is_empty() {
            let stays: Vec<bool> = self.about.iter().map(|about| !customers.contains(&about.customer)).collect();
            let mut keep = stays.iter().copied();
            self.lines.retain(|_| keep.next().unwrap_or(true));
            let mut keep = stays.iter().copied();
            self.about.retain(|_| keep.next().unwrap_or(true));
        }
        self.lines.extend(fresh.lines);
        self.about.extend(fresh.about);
        self.head = fresh.head;
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
            Kind::Equity => {
                let left = self.most_left(now, LISTED_MOST * 4);
                let cars = left.iter().filter(|left| left.left >= talk_from).filter_map(|left| self.about.get(left.place));
                let mut all: Vec<&About> = cars.filter(|about| !rests(about)).take(LISTED_MOST).collect();
                // Figures that somebody has to look at again come behind those that can be told.
                all.sort_by_key(|about| about.figures_of.is_some_and(|at| now.since(at) > STALE_MS));
                all.into_iter().map(who).collect()
            }
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
    rooms.book.book.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Brings the book up to date: with the changes since, or, once a day and with every new market, by reading all of it anew, a stretch a
/// turn.
pub async fn turn(rooms: &Rooms, now: At) -> Result<(), StoreError> {
    if book(rooms).is_some_and(|held| is_of_today(rooms, &held, now)) {
        let rooms = rooms.clone();
        return aside("equity", move || follow(&rooms, now)).await;
    }
    // Read before the market is fitted, all of it would be read again behind it.
    if market::standing(rooms).0.is_none() {
        return Ok(());
    }
    let begun = rooms.book.reading.lock().unwrap_or_else(PoisonError::into_inner).take();
    let reading = match begun.filter(|begun| is_of_today(rooms, &begun.book, now)) {
        Some(begun) => begun,
        None => begin(rooms, now)?,
    };
    match read_on(rooms, reading, now).await? {
        ControlFlow::Continue(reading) => *rooms.book.reading.lock().unwrap_or_else(PoisonError::into_inner) = Some(reading),
        ControlFlow::Break(book) => *rooms.book.book.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(book)),
    }
    Ok(())
}

/// Of today, by the market in force.
fn is_of_today(rooms: &Rooms, held: &Book, now: At) -> bool {
    let zone = &rooms.policy.rooftop.zone;
    let has_this_market = std::ptr::eq(held.store.market(), &raw const *market::of(rooms));
    has_this_market && zone.day_number(held.built) == zone.day_number(now)
}

/// Everybody's cars, without a pause.
pub async fn build(rooms: &Rooms, now: At) -> Result<Book, StoreError> {
    let mut reading = begin(rooms, now)?;
    loop {
        match read_on(rooms, reading, now).await? {
            ControlFlow::Continue(more) => reading = more,
            ControlFlow::Break(book) => return Ok(book),
        }
    }
}

fn begin(rooms: &Rooms, now: At) -> Result<Reading, StoreError> {
    let tx = rooms.store.read()?;
    let store = equity::now(rooms, &tx, now)?;
    Ok(Reading { book: Book { lines: vec![], about: vec![], store, built: now, head: lists::change_head(&tx)? }, after: None })
}

/// Reads a stretch of customers, in one snapshot: one held for long would keep the file from giving back what it no longer needs.
async fn read_on(rooms: &Rooms, mut reading: Reading, now: At) -> Result<ControlFlow<Book, Reading>, StoreError> {
    let rooms = rooms.clone();
    aside("equity", move || {
        let tx = rooms.store.read()?;
        let span = reading.after.map_or_else(Span::all, |id| Span::all().after(&id));
        let customers = tx.some(tables::CUSTOMERS, &span, READ_AT_ONCE)?;
        for (_, customer) in &customers {
            reading.book.add(&tx, customer, now)?;
        }
        Ok(match customers.last() {
            Some((last, _)) if customers.len() == READ_AT_ONCE => ControlFlow::Continue(Reading { after: Some(*last), ..reading }),
            Some(_) | None => ControlFlow::Break(reading.book),
        })
    })
    .await
}

/// Takes into the book what changed since.
fn follow(rooms: &Rooms, now: At) -> Result<(), StoreError> {
    let Some(held) = book(rooms) else { return Ok(()) };
    let tx = rooms.store.read()?;
    let head = lists::change_head(&tx)?;
    if head == held.head {
        return Ok(());
    }
    let changed = changed_since(&tx, held.head)?;
    let mut fresh = Book { lines: vec![], about: vec![], store: Arc::clone(&held.store), built: held.built, head };
    drop(held);
    for id in &changed {
        // One that was folded into another has no cars of its own any more.
        if let Some(customer) = tx.get(tables::CUSTOMERS, id)? {
            fresh.add(&tx, &customer, now)?;
        }
    }
    let mut shelf = rooms.book.book.write().unwrap_or_else(PoisonError::into_inner);
    if let Some(book) = shelf.as_mut() {
        // Copied only while somebody reads a list.
        Arc::make_mut(book).replace(&changed, fresh);
    }
    Ok(())
}

/// Whose cars may stand otherwise.
fn changed_since(tx: &impl Rows, head: u64) -> Result<HashSet<CustomerId>, StoreError> {
    let mut changed: HashSet<CustomerId> = HashSet::new();
    let mut from = head;
    loop {
        let changes = tx.some(tables::CHANGES, &Span::all().after(&from), CHANGES_AT_ONCE)?;
        for (seq, what) in &changes {
            from = *seq;
            match what {
                Changed::Customer(id) => {
                    changed.insert(*id);
                }
                Changed::Vehicle(id) => {
                    for (_, part) in tx.keys(tables::OWNERS, &Span::under(id), household::OWNERS_MOST)? {
                        changed.insert(people::root_of(tx, part)?);
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
                | Changed::Settings
                | Changed::Market => {}
            }
        }
        if changes.len() < CHANGES_AT_ONCE {
            return Ok(changed);
        }
    }
}

/// A list, by pages. Empty as long as the book is not built.
pub fn list(rooms: &Rooms, kind: Kind, after: usize, limit: usize, now: At) -> Result<s::Opportunities, StoreError> {
    let Some(book) = book(rooms) else { return Ok(s::Opportunities { counts: vec![], items: vec![], next: None, is_ready: false, cars: 0 }) };
    let tx = rooms.store.read()?;
    let (people, store) = (People::read(&tx)?, equity::now(rooms, &tx, now)?);
    let ranking = ranking(rooms, &book, now);
    let counts = ranking.lists.iter().map(|(each, list)| s::OpportunityCount { kind: word(*each).to_owned(), count: list.len() as u64 }).collect();
    let ranked = ranking.lists.iter().find(|(each, _)| *each == kind).map_or(&[][..], |(_, list)| list.as_slice());
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

/// The lists as they are now. Reckoned anew when the book knows of something new, and each minute as time goes by.
fn ranking(rooms: &Rooms, book: &Book, now: At) -> Arc<Ranking> {
    let mut held = rooms.book.ranking.lock().unwrap_or_else(PoisonError::into_inner);
    let is_of_now = |held: &&Arc<Ranking>| (held.built, held.head) == (book.built, book.head) && (0..MINUTE_MS).contains(&now.since(held.at));
    if let Some(held) = held.as_ref().filter(is_of_now) {
        return Arc::clone(held);
    }
    let lists = Kind::ALL.into_iter().map(|kind| (kind, book.ranked(kind, rooms.policy.money.talk_from, now))).collect();
    let fresh = Arc::new(Ranking { built: book.built, head: book.head, at: now, lists });
    *held = Some(Arc::clone(&fresh));
    fresh
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
