//! The effects of a row: whose it is, which car, what it adds to the story; and what it takes to take it back.

use super::{add_reason, add_reasons, one, put, run::end_if_whole};
use crate::{
    domain::{
        alert::Icon,
        appointment::{Appointment, NewAppointment},
        deal::{Deal, DealKind, NewDeal},
        event::{ImportRow, NewListing},
        ids::{AppointmentId, DealId, ImportId, PartId, RepairOrderId, Seq, VehicleId},
        import_run::{Effect, HeldBack, ImportCounts, ImportedRow, RowDid, RowId},
        merge::Link,
        profile::Profile,
        repair_order::{NewRepairOrder, RepairOrder},
        story::{Road, StoryRow},
        time::{At, DAY_MS},
        vehicle::{CarFacts, ListingStatus},
        vin::Vin,
    },
    service::{
        Policy, cars,
        people::{self, FiledAs, Introduced},
        seen,
        service_drive::calendar,
        staff, story, think,
    },
    store::{Rows, StoreError, WriteTx, seal::Sealer, tables},
};

/// Of each row its people, as far as they can be worked out before it is taken.
pub(in crate::service) fn introduce(sealer: &Sealer, policy: &Policy, rows: &[ImportRow]) -> Result<Vec<Vec<Introduced>>, StoreError> {
    rows.iter().map(|row| row.people().map(|profile| Introduced::of(sealer, policy, profile)).collect()).collect()
}

/// The effects of a batch of rows.
pub(in crate::service) fn take(
    tx: &WriteTx<'_>,
    policy: &Policy,
    import: ImportId,
    (rows, lines): (&[ImportRow], &[u64]),
    introduced: &[Vec<Introduced>],
    now: At,
) -> Result<(), StoreError> {
    let mut counts = ImportCounts::default();
    let mut held: Vec<HeldBack> = Vec::new();
    for (n, said) in rows.iter().enumerate() {
        let line = lines.get(n).copied().unwrap_or(0);
        let introduced = introduced.get(n).map_or(&[][..], Vec::as_slice);
        let at = Place { from: (line != 0).then_some(RowId { import, line }), now, introduced };
        let taken = row(tx, policy, at, said)?;
        counts.add(taken.did);
        if let Some(reason) = &taken.held_back {
            add_reason(&mut held, reason, line);
        }
        if line != 0 && (!taken.effects.is_empty() || taken.held_back.is_some()) {
            let problems = taken.held_back.into_iter().map(|reason| (None, reason)).collect();
            let row = ImportedRow { did: taken.did, effects: taken.effects, problems, cells: vec![], taken_back: None };
            tx.put(tables::IMPORT_ROWS, &(import, line), &row)?;
        }
    }
    count(tx, import, counts, &held, now)
}

fn count(tx: &WriteTx<'_>, import: ImportId, more: ImportCounts, held: &[HeldBack], now: At) -> Result<(), StoreError> {
    let Some(mut run) = one(tx, import)? else { return Ok(()) };
    run.counts.new += more.new;
    run.counts.joined += more.joined;
    run.counts.unchanged += more.unchanged;
    run.counts.held_back += more.held_back;
    add_reasons(&mut run.held_back, held);
    end_if_whole(tx, &mut run, now)?;
    put(tx, &run)
}

/// What one row did.
pub(super) struct Taken {
    pub(super) did: RowDid,
    pub(super) effects: Vec<Effect>,
    /// Why it was held back.
    pub(super) held_back: Option<String>,
}

impl Taken {
    fn held_back(reason: &str) -> Self {
        Self { did: RowDid::HeldBack, effects: vec![], held_back: Some(reason.to_owned()) }
    }

    fn unchanged() -> Self {
        Self { did: RowDid::Unchanged, effects: vec![], held_back: None }
    }
}

/// Files one row. Done in a rehearsal as in earnest.
pub(super) fn row(tx: &WriteTx<'_>, policy: &Policy, at: Place<'_>, said: &ImportRow) -> Result<Taken, StoreError> {
    match said {
        ImportRow::Customer(profile) => {
            let mut effects = Vec::new();
            let (part, did) = file(tx, policy, at, (0, profile), &mut effects)?;
            if did != RowDid::Unchanged {
                people::named_with(tx, part, profile)?;
            }
            if did == RowDid::Joined {
                think_if_live(tx, policy, part, at.now)?;
            }
            Ok(Taken { did, effects, held_back: None })
        }
        ImportRow::Deal(deal) => take_deal(tx, policy, at, deal),
        ImportRow::RepairOrder(order) => take_repair_order(tx, policy, at, order),
        ImportRow::Appointment(visit) => take_appointment(tx, policy, at, visit),
        ImportRow::Listing(listing) => take_listing(tx, policy, listing, at.now),
        ImportRow::Unknown => Ok(Taken::held_back("The row was written by a newer Headlight.")),
    }
}

/// Whence and when, and who.
#[derive(Clone, Copy)]
pub(super) struct Place<'i> {
    pub(super) from: Option<RowId>,
    pub(super) now: At,
    /// Its people, when they were worked out before.
    pub(super) introduced: &'i [Introduced],
}

/// Files the n-th person of a row.
fn file(
    tx: &WriteTx<'_>,
    policy: &Policy,
    at: Place<'_>,
    (n, said): (usize, &Profile),
    effects: &mut Vec<Effect>,
) -> Result<(PartId, RowDid), StoreError> {
    let filed = match at.introduced.get(n) {
        Some(introduced) => people::file_introduced(tx, policy, said, introduced, at.now)?,
        None => people::file(tx, policy, said, at.now)?,
    };
    effects.extend(filed.profile.map(|profile| Effect::Said { part: filed.part, profile }));
    let did = match filed.did {
        FiledAs::New => RowDid::New,
        FiledAs::Joined => RowDid::Joined,
        FiledAs::Unchanged => RowDid::Unchanged,
    };
    Ok((filed.part, did))
}

fn take_listing(tx: &WriteTx<'_>, policy: &Policy, listing: &NewListing, now: At) -> Result<Taken, StoreError> {
    let before = match cars::find(tx, listing.vin.as_ref(), &listing.stock)? {
        Some(id) => tx.get(tables::VEHICLES, &id)?,
        None => None,
    };
    let (did, id) = match cars::list(tx, listing, now)? {
        cars::Listed::New(id) => (RowDid::New, id),
        cars::Listed::Changed(id) => (RowDid::Joined, id),
        cars::Listed::Unchanged(_) => return Ok(Taken::unchanged()),
        cars::Listed::HeldBack(reason) => return Ok(Taken::held_back(reason)),
    };
    let Some(car) = tx.get(tables::VEHICLES, &id)? else { return Ok(Taken::unchanged()) };
    let after = cars::digest(&car)?;
    let before = before.filter(|car| car.id == id).map(Box::new);
    cars::tell_of(tx, policy, before.as_deref(), &car, None, now)?;
    Ok(Taken { did, effects: vec![Effect::Listed { vehicle: id, before, after }], held_back: None })
}

/// Somebody with a live past is thought of again; a name from an old file is not.
pub(super) fn think_if_live(tx: &WriteTx<'_>, policy: &Policy, part: PartId, now: At) -> Result<(), StoreError> {
    match people::of_part(tx, part)?.filter(|c| c.last_sign.is_some()) {
        Some(customer) => think::think(tx, policy, customer.id, now),
        None => Ok(()),
    }
}

/// A visit to the service department that is not long past bears on who was expected there.
fn think_if_recent(tx: &WriteTx<'_>, part: PartId, visit: At, now: At) -> Result<(), StoreError> {
    const RECENT_MS: i64 = 14 * DAY_MS;
    if now.since(visit) > RECENT_MS {
        return Ok(());
    }
    think::soon(tx, people::root_of(tx, part)?, now)
}

fn car_of(tx: &WriteTx<'_>, vin: Option<&Vin>, stock: &str, facts: &CarFacts) -> Result<Option<VehicleId>, StoreError> {
    match vin {
        Some(vin) => cars::file(tx, vin, facts, false).map(Some),
        None => cars::find(tx, None, stock),
    }
}

pub(super) fn take_deal(tx: &WriteTx<'_>, policy: &Policy, at: Place<'_>, said: &NewDeal) -> Result<Taken, StoreError> {
    if said.number.trim().is_empty() {
        return Ok(Taken::held_back("The deal has no number; a number tells a second copy from a second sale."));
    }
    let key = (tables::NUMBER_OF_DEAL, said.number.clone());
    let known = tx.get(tables::NUMBERS, &key)?.map(DealId);
    let held = match known {
        Some(id) => tx.get(tables::DEALS, &id)?,
        None => None,
    };
    if held.as_ref().is_some_and(|d| d.said == *said) {
        return Ok(Taken::unchanged());
    }
    let mut effects = Vec::new();
    let (part, _) = file(tx, policy, at, (0, &said.buyer), &mut effects)?;
    if let Some(co_buyer) = &said.co_buyer {
        let (other, _) = file(tx, policy, at, (1, co_buyer), &mut effects)?;
        if other != part {
            tx.put(tables::LINKS, &(part, other), &Link::CoBuyer)?;
            tx.put(tables::LINKS, &(other, part), &Link::CoBuyer)?;
        }
    }
    let vehicle = car_of(tx, said.vin.as_ref(), &said.stock, &said.facts)?;
    let id = known.map_or_else(|| tx.next("deal").map(DealId), Ok)?;
    if let Some(other) = held.as_ref().map(|d| d.part).filter(|p| *p != part) {
        tx.remove(tables::CUSTOMER_DEALS, &(other, id))?;
    }
    tx.put(tables::DEALS, &id, &Deal { id, part, vehicle, said: said.clone(), from: at.from })?;
    tx.put(tables::CUSTOMER_DEALS, &(part, id), &())?;
    tx.put(tables::NUMBERS, &key, &id.0)?;
    effects.push(Effect::Deal { deal: id, before: held.clone().map(Box::new) });
    if said.is_retail() {
        if let Some(car) = vehicle {
            people::bought(tx, part, car, said.sold)?;
            effects.extend(sell(tx, policy, car, said.sold, at.now)?);
        }
        for trade in said.trades() {
            if let Some(vin) = &trade.vin {
                let car = cars::file(tx, vin, &trade.facts, false)?;
                people::gave_away(tx, part, car, said.sold)?;
            }
        }
    }
    let sold_by = if said.salesperson.is_empty() {
        None
    } else {
        staff::all(tx)?.into_iter().find(|s| s.name.eq_ignore_ascii_case(&said.salesperson)).map(|s| s.id)
    };
    if let Some(owner) = sold_by
        && people::of_part(tx, part)?.is_some_and(|c| c.owner.is_none())
    {
        people::change(tx, part, |own| own.owner = Some(owner))?;
        effects.push(Effect::Owned { part, owner });
    }
    let verb = match (said.cancelled, said.kind) {
        (true, _) => "Deal cancelled:",
        (_, DealKind::Lease) => "Leased the",
        (_, DealKind::Wholesale) => "Wholesale:",
        (_, DealKind::Finance | DealKind::Bhph) => "Bought and financed the",
        (_, DealKind::Cash | DealKind::Unknown) => "Bought the",
    };
    let title = format!("{verb} {}", said.facts.label());
    touched(tx, part, said.sold, &title)?;
    let road = if said.financed.is_some() { Road::Finance } else { Road::Sales };
    let line = Line { at: said.sold, road, icon: Icon::File, title, detail: deal_detail(said), vehicle };
    tell_once(tx, part, line, &deal_line(&said.number))?;
    think_if_live(tx, policy, part, at.now)?;
    Ok(Taken { did: if held.is_some() { RowDid::Joined } else { RowDid::New }, effects, held_back: None })
}

pub(super) fn deal_line(number: &str) -> String {
    format!("deal {number}")
}

pub(super) fn order_line(number: &str) -> String {
    format!("ro {number}")
}

pub(super) fn visit_line(number: &str) -> String {
    format!("appointment {number}")
}

/// What a row adds to a story.
struct Line {
    at: At,
    road: Road,
    icon: Icon,
    title: String,
    detail: String,
    vehicle: Option<VehicleId>,
}

fn touched(tx: &WriteTx<'_>, part: PartId, at: At, text: &str) -> Result<(), StoreError> {
    let drives = people::drives_alone(tx, part)?;
    people::change(tx, part, |own| {
        own.touch(at, text, false);
        own.drives = drives;
    })?;
    Ok(())
}

/// One line a deal or order in the story, also when the file comes again with a correction.
fn tell_once(tx: &WriteTx<'_>, part: PartId, line: Line, what: &str) -> Result<(), StoreError> {
    let cause = if let Some(cause) = seen::before(tx, "story", what)? {
        cause
    } else {
        // Several rows of one batch share a journal entry; each line needs a place of its own.
        let own = Seq(tx.next("story_line")? | 1 << 48);
        seen::remember(tx, "story", what, own)?;
        own
    };
    let row = StoryRow::new(line.at, line.road, line.icon, line.title, cause);
    let row = StoryRow { detail: line.detail, vehicle: line.vehicle, ..row };
    story::tell(tx, part, &row)
}

fn deal_detail(said: &NewDeal) -> String {
    let mut parts: Vec<String> = Vec::new();
    match (said.financed, said.term_months, said.apr) {
        (Some(amount), Some(term), Some(apr)) => parts.push(format!("{amount} over {term} months at {}.{:02} %", apr.0 / 100, apr.0 % 100)),
        (Some(amount), Some(term), None) => parts.push(format!("{amount} over {term} months")),
        (Some(amount), None, _) => parts.push(format!("{amount} financed")),
        (None, _, _) => parts.extend(said.price.map(|p| p.to_string())),
    }
    if !said.lender.is_empty() {
        parts.push(said.lender.clone());
    }
    if !said.salesperson.is_empty() {
        parts.push(format!("sold by {}", said.salesperson));
    }
    parts.push(format!("deal {}", said.number));
    parts.join(", ")
}

/// A retail deal takes its car off the lot, unless the car came back since. It is booked with its day alone: what a feed said on that day, it
/// said before.
fn sell(tx: &WriteTx<'_>, policy: &Policy, car: VehicleId, sold: At, now: At) -> Result<Option<Effect>, StoreError> {
    if let Some(mut vehicle) = tx.get(tables::VEHICLES, &car)?
        && let Some(was) =
            vehicle.listing.as_ref().filter(|l| l.last_seen <= sold.plus_ms(DAY_MS) && l.status != ListingStatus::Sold).map(|l| l.status)
    {
        let before = vehicle.clone();
        cars::set_status(tx, &mut vehicle, ListingStatus::Sold, now)?;
        cars::tell_of(tx, policy, Some(&before), &vehicle, None, now)?;
        return Ok(Some(Effect::LeftLot { vehicle: car, was }));
    }
    Ok(None)
}

pub(super) fn take_repair_order(tx: &WriteTx<'_>, policy: &Policy, at: Place<'_>, said: &NewRepairOrder) -> Result<Taken, StoreError> {
    if said.number.trim().is_empty() {
        return Ok(Taken::held_back("The repair order has no number; a number tells a second copy from a second visit."));
    }
    let key = (tables::NUMBER_OF_REPAIR_ORDER, said.number.clone());
    let known = tx.get(tables::NUMBERS, &key)?.map(RepairOrderId);
    let held = match known {
        Some(id) => tx.get(tables::REPAIR_ORDERS, &id)?,
        None => None,
    };
    if held.as_ref().is_some_and(|o| o.said == *said) {
        return Ok(Taken::unchanged());
    }
    let mut effects = Vec::new();
    let (part, _) = file(tx, policy, at, (0, &said.customer), &mut effects)?;
    let vehicle = match &said.vin {
        Some(vin) => Some(cars::file(tx, vin, &said.facts, true)?),
        None => None,
    };
    let id = known.map_or_else(|| tx.next("repair_order").map(RepairOrderId), Ok)?;
    if let Some(other) = held.as_ref().map(|o| o.part).filter(|p| *p != part) {
        tx.remove(tables::CUSTOMER_REPAIR_ORDERS, &(other, id))?;
    }
    tx.put(tables::REPAIR_ORDERS, &id, &RepairOrder { id, part, vehicle, said: said.clone(), from: at.from })?;
    tx.put(tables::CUSTOMER_REPAIR_ORDERS, &(part, id), &())?;
    tx.put(tables::NUMBERS, &key, &id.0)?;
    effects.push(Effect::RepairOrder { order: id, before: held.clone().map(Box::new) });
    if let Some(car) = vehicle {
        people::came_with(tx, part, car, said.opened)?;
    }
    let work = if said.work.is_empty() { "service visit".to_owned() } else { said.work.iter().take(3).cloned().collect::<Vec<_>>().join(", ") };
    let title = match said.customer_pay.or(said.total) {
        Some(cents) => format!("Service: {work} \u{b7} {cents}"),
        None => format!("Service: {work}"),
    };
    touched(tx, part, said.opened, &title)?;
    let mut detail = vec![format!("RO {}", said.number)];
    if !said.advisor.is_empty() {
        detail.push(format!("Advisor {}", said.advisor));
    }
    if !said.declined.is_empty() {
        detail.push(format!("Declined: {}", said.declined.join(", ")));
    }
    let line = Line { at: said.opened, road: Road::Service, icon: Icon::Wrench, title, detail: detail.join(". "), vehicle };
    tell_once(tx, part, line, &order_line(&said.number))?;
    think_if_recent(tx, part, said.opened, at.now)?;
    Ok(Taken { did: if held.is_some() { RowDid::Joined } else { RowDid::New }, effects, held_back: None })
}

pub(super) fn take_appointment(tx: &WriteTx<'_>, policy: &Policy, at: Place<'_>, said: &NewAppointment) -> Result<Taken, StoreError> {
    if said.number.trim().is_empty() {
        return Ok(Taken::held_back("The appointment has no number; a number tells a moved visit from a second one."));
    }
    let key = (tables::NUMBER_OF_APPOINTMENT, said.number.clone());
    let known = tx.get(tables::NUMBERS, &key)?.map(AppointmentId);
    let held = match known {
        Some(id) => tx.get(tables::APPOINTMENTS, &id)?,
        None => None,
    };
    if held.as_ref().is_some_and(|a| a.said == *said) {
        return Ok(Taken::unchanged());
    }
    let mut effects = Vec::new();
    let (part, _) = file(tx, policy, at, (0, &said.customer), &mut effects)?;
    let vehicle = car_of(tx, said.vin.as_ref(), "", &said.facts)?;
    let id = known.map_or_else(|| tx.next("appointment").map(AppointmentId), Ok)?;
    if let Some(before) = &held {
        tx.remove(tables::CUSTOMER_APPOINTMENTS, &(before.part, id))?;
        calendar::remove(tx, before, at.now)?;
        take_line_back(tx, before.part, before.said.at, &visit_line(&said.number))?;
    }
    let booked = Appointment { id, part, vehicle, said: said.clone(), from: at.from, cause: None };
    tx.put(tables::APPOINTMENTS, &id, &booked)?;
    calendar::put(tx, &booked, at.now)?;
    tx.put(tables::CUSTOMER_APPOINTMENTS, &(part, id), &())?;
    tx.put(tables::NUMBERS, &key, &id.0)?;
    effects.push(Effect::Appointment { appointment: id, before: held.clone().map(Box::new) });
    let about = if said.work.is_empty() { said.complaint.clone() } else { said.work.iter().take(3).cloned().collect::<Vec<_>>().join(", ") };
    let title = if about.is_empty() { "Booked a service visit".to_owned() } else { format!("Booked for service: {about}") };
    let mut detail = vec![format!("Appointment {}", said.number)];
    if !said.advisor.is_empty() {
        detail.push(format!("Advisor {}", said.advisor));
    }
    if !said.recommended.is_empty() {
        detail.push(format!("Recommended before: {}", said.recommended.join(", ")));
    }
    let line = Line { at: said.at, road: Road::Service, icon: Icon::Wrench, title, detail: detail.join(". "), vehicle };
    tell_once(tx, part, line, &visit_line(&said.number))?;
    think_if_recent(tx, part, said.at, at.now)?;
    Ok(Taken { did: if held.is_some() { RowDid::Joined } else { RowDid::New }, effects, held_back: None })
}

/// Takes the line of a deal, order or visit out of a story.
pub(super) fn take_line_back(tx: &WriteTx<'_>, part: PartId, at: At, what: &str) -> Result<(), StoreError> {
    if let Some(cause) = seen::before(tx, "story", what)? {
        tx.remove(tables::STORY, &(tables::story_of_part(part), (at, cause)))?;
    }
    Ok(())
}
