//! What a store brings along: files read by the trade's formats, journalled in batches, each row filed once and counted.

use super::{
    Policy, Rooms, advance, cars,
    people::{self, FiledAs},
    seen, set_aside, staff, story, think,
};
use crate::{
    domain::{
        alert::Icon,
        change::Changed,
        customer::Customer,
        deal::{Deal, DealKind, NewDeal},
        event::{Event, ImportRow},
        ids::{DealId, ImportId, PartId, RepairOrderId, Seq, StaffId, VehicleId},
        import_run::{HeldBack, ImportCounts, ImportKind, ImportRun, ImportState},
        repair_order::{NewRepairOrder, RepairOrder},
        set_aside::{Raw, SetAsideRoad},
        story::{Road, StoryRow},
        time::At,
        vehicle::ListingStatus,
    },
    formats,
    store::{Rows, Span, StoreError, WriteTx, tables},
};
use std::{ops::ControlFlow, sync::Arc};

/// Rows of one journal entry: their effects are one commit, during which others wait.
const ROWS_AN_ENTRY: usize = 200;
/// Reasons shown of one import; the counts stay whole.
const REASONS_MOST: usize = 50;
/// A kept file lies in pieces: a row of a backup has a limit, a file by the socket of the machine has almost none.
const PIECE_BYTES: usize = 1 << 20;
/// The same for a file that is set aside.
const SET_ASIDE_BYTES: usize = 16 << 20;

/// Reads a file, keeps it, and journals its rows. The run goes on by the journal; its page counts along.
///
/// # Errors
/// The inner error is a sentence for whoever brought the file: nothing of it was taken.
pub async fn run(
    rooms: &Rooms,
    kind: ImportKind,
    file: String,
    bytes: Vec<u8>,
    by: Option<StaffId>,
    now: At,
) -> Result<Result<ImportId, String>, StoreError> {
    let (bytes, read) = read_off_thread(rooms, kind, file.clone(), bytes, now).await;
    let (rows, held_back) = match read {
        Ok(read) => read,
        Err(sentence) => return Ok(Err(sentence)),
    };
    let digest = digest(&bytes);
    let run = ImportRun {
        id: ImportId(0),
        kind,
        file,
        started: now,
        ended: rows.is_empty().then_some(now),
        by,
        state: if rows.is_empty() { ImportState::Done } else { ImportState::Running },
        counts: ImportCounts { rows: count_of(&rows, &held_back), held_back: count_of(&[], &held_back), ..ImportCounts::default() },
        held_back: held_back
            .iter()
            .take(REASONS_MOST)
            .map(|(reason, lines)| HeldBack { reason: reason.clone(), count: lines.len() as u64, first_line: lines.first().copied().unwrap_or(0) })
            .collect(),
    };
    let id = rooms.store.write(move |tx| begin(tx, &run, &bytes)).await?;
    journal(rooms, id, &rows, &digest, now).await?;
    Ok(Ok(id))
}

/// Every row of a file: those that were read and those held back.
fn count_of(rows: &[ImportRow], held_back: &[(String, Vec<u64>)]) -> u64 {
    (rows.len() + held_back.iter().map(|(_, lines)| lines.len()).sum::<usize>()) as u64
}

fn digest(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(blake3::hash(bytes).as_bytes())
}

/// The run and its file, before anything of it is acknowledged.
fn begin(tx: &WriteTx<'_>, run: &ImportRun, bytes: &[u8]) -> Result<ImportId, StoreError> {
    let id = ImportId(tx.next("import")?);
    tx.put(tables::IMPORTS, &id, &ImportRun { id, ..run.clone() })?;
    if run.state == ImportState::Running {
        for (place, piece) in (0_u32..).zip(bytes.chunks(PIECE_BYTES)) {
            tx.put(tables::IMPORT_FILES, &(id, place), &Raw { bytes: piece.to_vec() })?;
        }
    }
    tx.announce(Changed::Import(id));
    Ok(id)
}

/// Journals the rows in batches; those that were journalled before are known by their keys. With the last one the file has done its
/// service: what is in the journal is had.
async fn journal(rooms: &Rooms, id: ImportId, rows: &[ImportRow], digest: &str, now: At) -> Result<(), StoreError> {
    let batches = rows.len().div_ceil(ROWS_AN_ENTRY);
    for (n, batch) in rows.chunks(ROWS_AN_ENTRY).enumerate() {
        let key = format!("{id}/{n}/{digest}");
        let is_last = n + 1 == batches;
        if !is_last && seen::before(&rooms.store.read()?, "import", &key)?.is_some() {
            continue;
        }
        let event = Event::Imported { import: id, rows: batch.to_vec() };
        rooms
            .store
            .write(move |tx| {
                if seen::before(tx, "import", &key)?.is_none() {
                    let seq = advance::append(tx, event.clone(), now)?;
                    seen::remember(tx, "import", &key, seq)?;
                }
                if is_last { drop_file(tx, id) } else { Ok(()) }
            })
            .await?;
        rooms.hub.nudge_journal();
    }
    Ok(())
}

fn drop_file(tx: &WriteTx<'_>, id: ImportId) -> Result<(), StoreError> {
    for piece in tx.keys(tables::IMPORT_FILES, &Span::under(&id), usize::MAX)? {
        tx.remove(tables::IMPORT_FILES, &piece)?;
    }
    Ok(())
}

/// Goes on with every import that was cut: by a crash, or because whoever sent it went away. How many there were.
///
/// One that is being journalled just now is found as well; its batches know their keys, so going over it twice does nothing twice.
pub async fn go_on_with_cut(rooms: &Rooms, now: At) -> Result<usize, StoreError> {
    let cut = cut(&rooms.store.read()?)?;
    for id in &cut {
        go_on(rooms, *id, now).await?;
    }
    Ok(cut.len())
}

/// The imports whose rows are not all journalled.
fn cut(tx: &impl Rows) -> Result<Vec<ImportId>, StoreError> {
    let mut cut = Vec::new();
    let mut span = Span::all();
    while let Some((id, _)) = tx.keys(tables::IMPORT_FILES, &span, 1)?.into_iter().next() {
        cut.push(id);
        span = Span::all().after(&(id, u32::MAX));
    }
    Ok(cut)
}

async fn go_on(rooms: &Rooms, id: ImportId, now: At) -> Result<(), StoreError> {
    let (run, bytes) = {
        let tx = rooms.store.read()?;
        let mut bytes = Vec::new();
        tx.each(tables::IMPORT_FILES, &Span::under(&id), |_, piece| {
            bytes.extend_from_slice(&piece.bytes);
            Ok(ControlFlow::Continue(()))
        })?;
        (one(&tx, id)?, bytes)
    };
    let Some(run) = run.filter(|_| !bytes.is_empty()) else { return Ok(()) };
    let (bytes, read) = read_off_thread(rooms, run.kind, run.file, bytes, run.started).await;
    match read {
        Ok((rows, held_back)) if count_of(&rows, &held_back) == run.counts.rows => {
            tracing::info!(import.id = id.0, import.rows = run.counts.rows, "an import that was cut goes on");
            journal(rooms, id, &rows, &digest(&bytes), now).await
        }
        Ok(_) | Err(_) => rooms.store.write(move |tx| give_up(tx, id, &bytes, now)).await,
    }
}

/// A later Headlight reads the file in another way, so that the rows already taken cannot be told from the rest.
fn give_up(tx: &WriteTx<'_>, id: ImportId, bytes: &[u8], now: At) -> Result<(), StoreError> {
    const REASON: &str = "This import was cut, and the Headlight of today reads the file differently. Import it again: what is in already is known.";
    let Some(mut run) = one(tx, id)? else { return Ok(()) };
    let missing = run.counts.rows.saturating_sub(run.counts.new + run.counts.joined + run.counts.unchanged + run.counts.held_back);
    run.state = ImportState::Failed;
    run.ended = Some(now);
    run.held_back.insert(0, HeldBack { reason: REASON.to_owned(), count: missing, first_line: 0 });
    tx.put(tables::IMPORTS, &id, &run)?;
    tx.announce(Changed::Import(id));
    for part in bytes.chunks(SET_ASIDE_BYTES) {
        set_aside::put(tx, SetAsideRoad::Import, &run.file, REASON, part, now)?;
    }
    drop_file(tx, id)
}

/// Reading a large file takes seconds: not on a thread that serves others. Gives the bytes back.
async fn read_off_thread(rooms: &Rooms, kind: ImportKind, name: String, bytes: Vec<u8>, now: At) -> (Vec<u8>, Result<ReadFile, String>) {
    let zone = rooms.policy.rooftop.zone.clone();
    let bytes = Arc::new(bytes);
    let given = Arc::clone(&bytes);
    let reading = tokio::task::spawn_blocking(move || read(kind, &given, &name, now, &zone)).await;
    let read = reading.unwrap_or_else(|_| Err("The file could not be read to its end; nothing was imported. Please report it.".to_owned()));
    (Arc::unwrap_or_clone(bytes), read)
}

type ReadFile = (Vec<ImportRow>, Vec<(String, Vec<u64>)>);

fn read(kind: ImportKind, bytes: &[u8], name: &str, now: At, zone: &crate::domain::time::Zone) -> Result<ReadFile, String> {
    fn gathered<T>(read: formats::delimited::Read<T>, row: impl Fn(T) -> ImportRow) -> ReadFile {
        let mut held: Vec<(String, Vec<u64>)> = Vec::new();
        for (line, reason) in read.held_back {
            match held.iter_mut().find(|(r, _)| *r == reason) {
                Some((_, lines)) => lines.push(line),
                None => held.push((reason, vec![line])),
            }
        }
        (read.rows.into_iter().map(|(_, r)| row(r)).collect(), held)
    }
    Ok(match kind {
        ImportKind::Customers => gathered(formats::people_rows::customers(bytes, name, now, zone)?, ImportRow::Customer),
        ImportKind::Deals => gathered(formats::deal_rows::deals(bytes, name, now, zone)?, ImportRow::Deal),
        ImportKind::RepairOrders => gathered(formats::repair_order_rows::repair_orders(bytes, name, now, zone)?, ImportRow::RepairOrder),
        ImportKind::Inventory => gathered(formats::feeds::inventory(bytes, name, now, zone)?, ImportRow::Listing),
        ImportKind::Appointments => return Err("Appointments are not taken yet.".to_owned()),
        ImportKind::Unknown => return Err("Headlight imports customers, deals, repair-orders and inventory.".to_owned()),
    })
}

pub fn page(tx: &impl Rows, before: Option<ImportId>, limit: usize) -> Result<Vec<ImportRun>, StoreError> {
    let span = before.map_or_else(Span::all, |id| Span::all().before(&id));
    Ok(tx.last(tables::IMPORTS, &span, limit)?.into_iter().map(|(_, run)| run).collect())
}

pub fn one(tx: &impl Rows, id: ImportId) -> Result<Option<ImportRun>, StoreError> {
    tx.get(tables::IMPORTS, &id)
}

enum Did {
    New,
    Joined,
    Unchanged,
    HeldBack(String),
}

/// The effects of a batch of rows.
pub(super) fn take(tx: &WriteTx<'_>, policy: &Policy, seq: Seq, import: ImportId, rows: &[ImportRow], now: At) -> Result<(), StoreError> {
    let mut counts = ImportCounts::default();
    let mut held: Vec<HeldBack> = Vec::new();
    for row in rows {
        let did = match row {
            ImportRow::Customer(profile) => {
                let filed = people::file(tx, policy, profile, now)?;
                match filed.did {
                    FiledAs::New => Did::New,
                    FiledAs::Joined => {
                        think_if_live(tx, policy, filed.part, now)?;
                        Did::Joined
                    }
                    FiledAs::Unchanged => Did::Unchanged,
                }
            }
            ImportRow::Deal(deal) => take_deal(tx, policy, seq, deal, now)?,
            ImportRow::RepairOrder(order) => take_repair_order(tx, policy, seq, order, now)?,
            ImportRow::Listing(listing) => match cars::list(tx, listing, now)? {
                cars::Listed::New(_) => Did::New,
                cars::Listed::Changed(_) => Did::Joined,
                cars::Listed::Unchanged(_) => Did::Unchanged,
                cars::Listed::HeldBack(reason) => Did::HeldBack(reason.to_owned()),
            },
            ImportRow::Appointment(_) => Did::HeldBack("Appointments are not taken yet.".to_owned()),
            ImportRow::Unknown => Did::HeldBack("The row was written by a newer Headlight.".to_owned()),
        };
        match did {
            Did::New => counts.new += 1,
            Did::Joined => counts.joined += 1,
            Did::Unchanged => counts.unchanged += 1,
            Did::HeldBack(reason) => {
                counts.held_back += 1;
                match held.iter_mut().find(|h| h.reason == reason) {
                    Some(h) => h.count += 1,
                    None => held.push(HeldBack { reason, count: 1, first_line: 0 }),
                }
            }
        }
    }
    count(tx, import, counts, held, now)
}

fn count(tx: &WriteTx<'_>, import: ImportId, more: ImportCounts, held: Vec<HeldBack>, now: At) -> Result<(), StoreError> {
    let Some(mut run) = tx.get(tables::IMPORTS, &import)? else { return Ok(()) };
    run.counts.new += more.new;
    run.counts.joined += more.joined;
    run.counts.unchanged += more.unchanged;
    run.counts.held_back += more.held_back;
    for reason in held {
        if let Some(h) = run.held_back.iter_mut().find(|h| h.reason == reason.reason) {
            h.count += reason.count;
        } else if run.held_back.len() < REASONS_MOST {
            run.held_back.push(reason);
        }
    }
    let c = run.counts;
    if run.state == ImportState::Running && c.new + c.joined + c.unchanged + c.held_back >= c.rows {
        run.state = ImportState::Done;
        run.ended = Some(now);
    }
    tx.put(tables::IMPORTS, &import, &run)?;
    tx.announce(Changed::Import(import));
    Ok(())
}

/// Somebody with a live past is thought of again; a name from an old file is not.
fn think_if_live(tx: &WriteTx<'_>, policy: &Policy, part: PartId, now: At) -> Result<(), StoreError> {
    match people::of_part(tx, part)?.filter(|c| c.last_sign.is_some()) {
        Some(customer) => think::think(tx, policy, customer.id, now),
        None => Ok(()),
    }
}

fn car_of(
    tx: &WriteTx<'_>,
    vin: Option<&crate::domain::vin::Vin>,
    stock: &str,
    facts: &crate::domain::vehicle::CarFacts,
) -> Result<Option<VehicleId>, StoreError> {
    match vin {
        Some(vin) => cars::file(tx, vin, facts, false).map(Some),
        None => cars::find(tx, None, stock),
    }
}

fn take_deal(tx: &WriteTx<'_>, policy: &Policy, seq: Seq, said: &NewDeal, now: At) -> Result<Did, StoreError> {
    if said.number.trim().is_empty() {
        return Ok(Did::HeldBack("The deal has no number; a number tells a second copy from a second sale.".to_owned()));
    }
    let key = (tables::NUMBER_OF_DEAL, said.number.clone());
    let held = match tx.get(tables::NUMBERS, &key)? {
        Some(id) => tx.get(tables::DEALS, &DealId(id))?,
        None => None,
    };
    if held.as_ref().is_some_and(|d| d.said == *said) {
        return Ok(Did::Unchanged);
    }
    let part = people::file(tx, policy, &said.buyer, now)?.part;
    let vehicle = car_of(tx, said.vin.as_ref(), &said.stock, &said.facts)?;
    let id = held.as_ref().map_or_else(|| tx.next("deal").map(DealId), |d| Ok(d.id))?;
    tx.put(tables::DEALS, &id, &Deal { id, part, vehicle, said: said.clone() })?;
    tx.put(tables::CUSTOMER_DEALS, &(part, id), &())?;
    tx.put(tables::NUMBERS, &key, &id.0)?;
    let retail = said.kind != DealKind::Wholesale && !said.cancelled;
    if retail {
        if let Some(car) = vehicle {
            people::own_car(tx, part, car, said.sold, true)?;
            sell(tx, car, said.sold)?;
        }
        if let Some(trade) = &said.trade
            && let Some(vin) = &trade.vin
        {
            let car = cars::file(tx, vin, &trade.facts, false)?;
            people::gave_away(tx, part, car, said.sold)?;
        }
    }
    let sold_by = if said.salesperson.is_empty() {
        None
    } else {
        staff::all(tx)?.into_iter().find(|s| s.name.eq_ignore_ascii_case(&said.salesperson)).map(|s| s.id)
    };
    let verb = match (said.cancelled, said.kind) {
        (true, _) => "Deal cancelled:",
        (_, DealKind::Lease) => "Leased the",
        (_, DealKind::Wholesale) => "Wholesale:",
        (_, DealKind::Finance | DealKind::Bhph) => "Bought and financed the",
        (_, DealKind::Cash | DealKind::Unknown) => "Bought the",
    };
    let title = format!("{verb} {}", said.facts.label());
    let drives = drives_now(tx, part)?;
    people::change(tx, part, |own| {
        own.owner = own.owner.or(sold_by);
        people::touch(own, said.sold, &title, false);
        own.drives = drives;
    })?;
    let road = if said.financed.is_some() { Road::Finance } else { Road::Sales };
    let row = StoryRow {
        at: said.sold,
        until: said.sold,
        road,
        icon: Icon::File,
        title,
        detail: deal_detail(said),
        vehicle,
        by: None,
        times: 1,
        cause: seq,
    };
    tell_once(tx, part, &row, &format!("deal {}", said.number))?;
    think_if_live(tx, policy, part, now)?;
    Ok(if held.is_some() { Did::Joined } else { Did::New })
}

/// One line a deal or order in the story, also when the file comes again with a correction.
fn tell_once(tx: &WriteTx<'_>, part: PartId, row: &StoryRow, what: &str) -> Result<(), StoreError> {
    let cause = if let Some(cause) = seen::before(tx, "story", what)? {
        cause
    } else {
        // Several rows of one batch share a journal entry; each line needs a place of its own.
        let own = Seq(tx.next("story_line")? | 1 << 48);
        seen::remember(tx, "story", what, own)?;
        own
    };
    story::tell(tx, part, &StoryRow { cause, ..row.clone() })
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

/// A retail deal takes its car off the lot, unless the car came back since.
fn sell(tx: &WriteTx<'_>, car: VehicleId, sold: At) -> Result<(), StoreError> {
    if let Some(mut vehicle) = tx.get(tables::VEHICLES, &car)?
        && let Some(listing) = &mut vehicle.listing
        && listing.last_seen <= sold
        && listing.status != ListingStatus::Sold
    {
        listing.status = ListingStatus::Sold;
        tx.put(tables::VEHICLES, &car, &vehicle)?;
        tx.remove(tables::ON_LOT, &car)?;
        tx.announce(Changed::Vehicle(car));
    }
    Ok(())
}

fn drives_now(tx: &impl Rows, part: PartId) -> Result<Option<String>, StoreError> {
    let alone = Customer::new(part.into(), At(0));
    people::drives(tx, &alone)
}

fn take_repair_order(tx: &WriteTx<'_>, policy: &Policy, seq: Seq, said: &NewRepairOrder, now: At) -> Result<Did, StoreError> {
    if said.number.trim().is_empty() {
        return Ok(Did::HeldBack("The repair order has no number; a number tells a second copy from a second visit.".to_owned()));
    }
    let key = (tables::NUMBER_OF_REPAIR_ORDER, said.number.clone());
    let held = match tx.get(tables::NUMBERS, &key)? {
        Some(id) => tx.get(tables::REPAIR_ORDERS, &RepairOrderId(id))?,
        None => None,
    };
    if held.as_ref().is_some_and(|o| o.said == *said) {
        return Ok(Did::Unchanged);
    }
    let part = people::file(tx, policy, &said.customer, now)?.part;
    let vehicle = match &said.vin {
        Some(vin) => Some(cars::file(tx, vin, &said.facts, true)?),
        None => None,
    };
    let id = held.as_ref().map_or_else(|| tx.next("repair_order").map(RepairOrderId), |o| Ok(o.id))?;
    tx.put(tables::REPAIR_ORDERS, &id, &RepairOrder { id, part, vehicle, said: said.clone() })?;
    tx.put(tables::CUSTOMER_REPAIR_ORDERS, &(part, id), &())?;
    tx.put(tables::NUMBERS, &key, &id.0)?;
    if let Some(car) = vehicle {
        people::own_car(tx, part, car, said.opened, false)?;
    }
    let work = if said.work.is_empty() { "service visit".to_owned() } else { said.work.iter().take(3).cloned().collect::<Vec<_>>().join(", ") };
    let title = match said.customer_pay.or(said.total) {
        Some(cents) => format!("Service: {work} \u{b7} {cents}"),
        None => format!("Service: {work}"),
    };
    let drives = drives_now(tx, part)?;
    people::change(tx, part, |own| {
        people::touch(own, said.opened, &title, false);
        own.drives = drives;
    })?;
    let mut detail = vec![format!("RO {}", said.number)];
    if !said.advisor.is_empty() {
        detail.push(format!("Advisor {}", said.advisor));
    }
    if !said.declined.is_empty() {
        detail.push(format!("Declined: {}", said.declined.join(", ")));
    }
    let row = StoryRow {
        at: said.opened,
        until: said.opened,
        road: Road::Service,
        icon: Icon::Wrench,
        title,
        detail: detail.join(". "),
        vehicle,
        by: None,
        times: 1,
        cause: seq,
    };
    tell_once(tx, part, &row, &format!("ro {}", said.number))?;
    Ok(if held.is_some() { Did::Joined } else { Did::New })
}
