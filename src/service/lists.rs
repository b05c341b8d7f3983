//! What does a list show? Order and filters come from the search room, rows from the store; the queue comes from the open cards.

use super::{
    Rooms, edits, index, people, shapes as s,
    views::{self, People},
};
use crate::{
    domain::{
        alert::{Alert, AlertState, Level},
        consent::{Channel, ConsentState, state_of},
        customer::Customer,
        email::Email,
        field::FieldKind,
        ids::{CustomerId, StaffId, VehicleId},
        phone::Phone,
        time::At,
        vehicle::Vehicle,
        vin::Vin,
    },
    engine::identity::Key,
    search::{self, CustomerDoc, CustomerQuery, Kind, OwnField, Phase, VehicleDoc},
    store::{Rows, Span, StoreError, tables},
};

/// More than any screen shows at once.
pub const LIMIT_MOST: usize = 200;
/// What a filter says for a field without a value; no value has neither letters nor digits.
const NO_VALUE: &str = "-";

/// Whose queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Mine,
    Store,
    Snoozed,
}

/// The open cards of a queue in the order to be shown: out of time first, then by clock, urgency and score.
pub fn alerts(tx: &impl Rows, scope: Scope, me: StaffId, after: usize, limit: usize, now: At) -> Result<s::AlertPage, StoreError> {
    let people = People::read(tx)?;
    let takes_leads = tx.get(tables::STAFF, &me)?.is_some_and(|staff| staff.role.takes_leads());
    let mut counts = s::AlertCounts { mine: 0, store: 0, snoozed: 0 };
    let mut queue: Vec<Alert> = Vec::new();
    for id in tx.keys(tables::ALERTS_OPEN, &Span::all(), usize::MAX)? {
        let Some(alert) = tx.get(tables::ALERTS, &id)? else { continue };
        let snoozed = matches!(alert.state, AlertState::Snoozed { .. });
        let mine = alert.owner == Some(me) || (takes_leads && alert.for_all && alert.owner.is_none());
        counts.snoozed += u64::from(snoozed && mine);
        counts.store += u64::from(!snoozed);
        counts.mine += u64::from(!snoozed && mine);
        let wanted = match scope {
            Scope::Mine => mine && !snoozed,
            Scope::Store => !snoozed,
            Scope::Snoozed => snoozed && mine,
        };
        if wanted {
            queue.push(alert);
        }
    }
    queue.sort_by_key(|a| order(a, now));
    let total = queue.len();
    let mut items = Vec::new();
    for alert in queue.iter().skip(after).take(limit) {
        items.extend(views::alert_row(tx, &people, alert)?);
    }
    let next = (after + limit < total).then(|| (after + limit).to_string());
    Ok(s::AlertPage { items, next, total: total as u64, counts })
}

fn order(alert: &Alert, now: At) -> (u8, Level, i64, i16, u64) {
    let due = alert.clock.as_ref().filter(|c| c.stopped.is_none()).map(|c| c.due);
    let group = match due {
        Some(due) if due <= now => 0,
        Some(_) | None => 1,
    };
    (group, alert.level, due.map_or(i64::MAX, |d| d.0), -alert.score.points, alert.id.0)
}

/// What search may know of a customer.
pub fn customer_doc(tx: &impl Rows, id: CustomerId) -> Result<Option<CustomerDoc>, StoreError> {
    /// Deals and repair orders by whose numbers a customer is found: the newest of each part.
    const PAPERS_MOST: usize = 40;
    const CARS_MOST: usize = 8;
    let Some(c) = tx.get(tables::CUSTOMERS, &id)? else { return Ok(None) };
    let mut doc = doc_of(&c);
    for profile in c.profiles.iter().rev().take(8) {
        doc.numbers.extend(tx.get(tables::PROFILES, profile)?.and_then(|p| p.number));
    }
    for part in c.all_parts() {
        for (_, vehicle) in tx.keys(tables::OWNED, &Span::under(&part), CARS_MOST)? {
            if let Some(v) = tx.get(tables::VEHICLES, &vehicle)? {
                doc.cars.push(v.facts.label());
                doc.vins.extend(v.vin);
                doc.plates.extend(Some(v.facts.plate).filter(|p| !p.is_empty()));
            }
        }
        for ((_, deal), ()) in tx.last(tables::CUSTOMER_DEALS, &Span::under(&part), PAPERS_MOST)? {
            doc.deals.extend(tx.get(tables::DEALS, &deal)?.map(|d| d.said.number));
        }
        for ((_, order), ()) in tx.last(tables::CUSTOMER_REPAIR_ORDERS, &Span::under(&part), PAPERS_MOST)? {
            doc.repair_orders.extend(tx.get(tables::REPAIR_ORDERS, &order)?.map(|o| o.said.number));
        }
    }
    doc.numbers.sort();
    doc.numbers.dedup();
    Ok(Some(doc))
}

fn doc_of(c: &Customer) -> CustomerDoc {
    CustomerDoc {
        id: c.id,
        place: c.address.place().unwrap_or_default(),
        last_touch: c.last_touch.as_ref().map(|t| t.at),
        owner: c.owner,
        score: c.score.points,
        has_card: c.open_alert.is_some(),
        consent: Channel::ALL.map(|channel| state_of(&c.consent, channel).map_or(ConsentState::NotGiven, |fact| fact.state)),
        name: c.name.clone(),
        phones: c.phones.clone(),
        emails: c.emails.clone(),
        numbers: Vec::new(),
        deals: Vec::new(),
        repair_orders: Vec::new(),
        cars: Vec::new(),
        vins: Vec::new(),
        plates: Vec::new(),
        tags: c.tags.clone(),
        fields: c.fields.clone(),
    }
}

/// What search may know of a car.
pub fn vehicle_doc(tx: &impl Rows, id: VehicleId) -> Result<Option<VehicleDoc>, StoreError> {
    let Some(v) = tx.get(tables::VEHICLES, &id)? else { return Ok(None) };
    let on_lot = tx.has(tables::ON_LOT, &id)?;
    let Vehicle { id, vin, facts, from_vin: _, listing } = v;
    Ok(Some(VehicleDoc {
        id,
        vin,
        plate: facts.plate.clone(),
        facts,
        on_lot,
        status: listing.as_ref().map(|l| l.status),
        price: listing.as_ref().and_then(|l| l.price),
        in_stock_since: listing.as_ref().and_then(|l| l.in_stock_since),
        updated: listing.as_ref().map_or(At(0), |l| l.prices.last().map_or(l.first_seen, |p| p.at)),
        stock: listing.map(|l| l.stock).unwrap_or_default(),
    }))
}

/// One page of customers.
pub fn customers(rooms: &Rooms, query: &CustomerQuery) -> Result<s::Page<s::CustomerRow>, StoreError> {
    index::freshen(rooms)?;
    let tx = rooms.store.read()?;
    let people = People::read(&tx)?;
    let (ids, total) = rooms.search.list_customers(&with_owners(query, &people));
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        items.extend(views::customer_row(&tx, &people, id)?);
    }
    let end = query.offset.saturating_add(query.limit);
    Ok(s::Page { items, next: (end < total).then(|| end.to_string()), total: total as u64 })
}

/// The tags that customers have, the most used first.
pub fn tags(rooms: &Rooms) -> Result<s::TagList, StoreError> {
    index::freshen(rooms)?;
    let tx = rooms.store.read()?;
    let mut tags = Vec::new();
    for folded in rooms.search.tags() {
        let (ids, customers) = rooms.search.list_customers(&CustomerQuery { tag: folded.clone(), limit: 1, ..CustomerQuery::default() });
        // The index knows a tag by its letters alone; how it is written, one who has it says.
        let Some(customer) = ids.first().map(|id| tx.get(tables::CUSTOMERS, id)).transpose()?.flatten() else { continue };
        if let Some(tag) = customer.tags.into_iter().find(|tag| search::is_tag(&folded, tag)) {
            tags.push(s::TagShape { tag, customers: customers as u64 });
        }
    }
    tags.sort_by(|one, other| other.customers.cmp(&one.customers).then_with(|| one.tag.cmp(&other.tag)));
    Ok(s::TagList { tags })
}

/// Who they are, all of them, in the order of the list: a number each.
pub fn all_customers(rooms: &Rooms, query: &CustomerQuery) -> Result<Vec<CustomerId>, StoreError> {
    index::freshen(rooms)?;
    let people = People::read(&rooms.store.read()?)?;
    let query = CustomerQuery { offset: 0, limit: usize::MAX, ..with_owners(query, &people) };
    Ok(rooms.search.list_customers(&query).0)
}

/// What the store's own fields must hold, by what is said of each: a value, words of a text, or `-` for none. A field that is gone is
/// still asked by words: what customers had in it is kept. The inner error is a sentence.
pub fn of_own_fields(rooms: &Rooms, said: &[(&str, &str)]) -> Result<Result<Vec<(String, OwnField)>, String>, StoreError> {
    let fields = edits::fields(&rooms.store.read()?)?;
    let one = |(key, text): &(&str, &str)| {
        let wanted = match fields.iter().find(|field| field.key == *key) {
            _ if *text == NO_VALUE => OwnField::Lacks,
            Some(field) if field.kind != FieldKind::Text => OwnField::Is(field.read(text)?),
            Some(_) | None => OwnField::Says((*text).to_owned()),
        };
        Ok(((*key).to_owned(), wanted))
    };
    Ok(said.iter().map(one).collect())
}

/// Reps sort by name, which only the store knows.
fn with_owners(query: &CustomerQuery, people: &People) -> CustomerQuery {
    let mut owners = people.all();
    owners.sort_by_key(|person| person.name.to_lowercase());
    CustomerQuery { owners: owners.into_iter().map(|person| StaffId(person.id)).collect(), ..query.clone() }
}

/// The one box over customers and cars. While the index is not whole, exact phones, addresses, VINs and stock numbers are answered from
/// the records themselves.
pub fn search(rooms: &Rooms, text: &str, limit: usize) -> Result<s::SearchAnswer, StoreError> {
    index::freshen(rooms)?;
    let found = rooms.search.find(text, limit);
    let whole = rooms.search.phase() == Phase::Ready;
    let tx = rooms.store.read()?;
    let mut hits: Vec<s::Hit> = Vec::with_capacity(found.hits.len());
    if !whole {
        hits.extend(exact(&tx, text)?);
    }
    for hit in found.hits {
        let why = hit.why.to_string();
        let shown = match hit.kind {
            Kind::Customer => customer_hit(&tx, CustomerId(hit.id), why)?,
            Kind::Vehicle => vehicle_hit(&tx, VehicleId(hit.id), why)?,
        };
        hits.extend(shown.filter(|h| !hits.iter().any(|known| known.kind == h.kind && known.id == h.id)));
    }
    hits.truncate(limit);
    let index = if whole { s::IndexWord::Ready } else { s::IndexWord::Rebuilding };
    Ok(s::SearchAnswer { took_us: found.took_us, index, hits })
}

fn exact(tx: &impl Rows, text: &str) -> Result<Vec<s::Hit>, StoreError> {
    let mut hits = Vec::new();
    let phone = Phone::parse(text).map(|p| (Key::phone(&p), "phone"));
    let email = Email::parse(text).map(|e| (Key::email(&e), "email"));
    for (key, why) in phone.into_iter().chain(email) {
        for id in people::holders(tx, &key)? {
            hits.extend(customer_hit(tx, id, why.to_owned())?);
        }
    }
    if let Some(id) = super::cars::find(tx, Vin::parse(text).as_ref(), text)? {
        hits.extend(vehicle_hit(tx, id, "number".to_owned())?);
    }
    Ok(hits)
}

fn customer_hit(tx: &impl Rows, id: CustomerId, why: String) -> Result<Option<s::Hit>, StoreError> {
    let Some(c) = tx.get(tables::CUSTOMERS, &id)? else { return Ok(None) };
    let phone = c.phones.first().map(Phone::display);
    let sub = [phone.or_else(|| c.emails.first().map(|e| e.as_str().to_owned())), c.drives.clone(), c.address.place()];
    let sub = sub.into_iter().flatten().collect::<Vec<_>>().join(" \u{b7} ");
    Ok(Some(s::Hit { kind: s::HitKind::Customer, id: c.id.0, title: c.display_name(), sub, why, score: Some(c.score.points), stock: None }))
}

fn vehicle_hit(tx: &impl Rows, id: VehicleId, why: String) -> Result<Option<s::Hit>, StoreError> {
    let Some(v) = tx.get(tables::VEHICLES, &id)? else { return Ok(None) };
    let listing = v.listing.as_ref();
    let stock = listing.map(|l| l.stock.clone()).filter(|t| !t.is_empty());
    let price = listing.and_then(|l| l.price).map(|p| p.to_string());
    let color = (!v.facts.exterior_color.is_empty()).then(|| v.facts.exterior_color.clone());
    let tail = v.vin.as_ref().map(|vin| format!("VIN \u{2026}{}", vin.tail()));
    let sub = [stock.as_ref().map(|t| format!("#{t}")), price, color, tail].into_iter().flatten().collect::<Vec<_>>().join(" \u{b7} ");
    Ok(Some(s::Hit { kind: s::HitKind::Vehicle, id: v.id.0, title: v.facts.label(), sub, why, score: None, stock }))
}

/// How many of each, for the navigation.
pub fn counts(tx: &impl Rows, me: StaffId, now: At) -> Result<s::Counts, StoreError> {
    let queue = alerts(tx, Scope::Mine, me, 0, 0, now)?.counts;
    Ok(s::Counts {
        mine: queue.mine,
        store: queue.store,
        snoozed: queue.snoozed,
        customers: tx.count(tables::CUSTOMERS)?,
        vehicles: tx.keys(tables::ON_LOT, &Span::all(), 5_000)?.len() as u64,
        set_aside: super::set_aside::count(tx)?,
        drafts: super::imports::waiting(tx)?,
    })
}

/// Changes after `from`, for a browser that resumes; `None` when they are no longer kept or too many: read again instead.
pub fn changes_since(tx: &impl Rows, from: u64) -> Result<Option<Vec<crate::domain::change::Change>>, StoreError> {
    const REPLAYED_MOST: usize = 2_000;
    let head = tx.get(tables::COUNTERS, &"change".to_owned())?.unwrap_or(0);
    if from > head {
        return Ok(None);
    }
    let rows = tx.some(tables::CHANGES, &Span::all().after(&from), REPLAYED_MOST + 1)?;
    let gapless = rows.first().is_none_or(|(seq, _)| *seq == from + 1);
    if rows.len() > REPLAYED_MOST || !gapless {
        return Ok(None);
    }
    Ok(Some(rows.into_iter().map(|(seq, what)| crate::domain::change::Change { seq, what }).collect()))
}

pub fn change_head(tx: &impl Rows) -> Result<u64, StoreError> {
    Ok(tx.get(tables::COUNTERS, &"change".to_owned())?.unwrap_or(0))
}
