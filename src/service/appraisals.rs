//! What is a car worth that somebody brings? Worksheets are opened, written on and decided; each change can be taken back.

mod written;

pub use written::{STANDS_MOST_DAYS, Writer, Written};

use super::{Policy, Rooms, advance, cars, payoffs, people, seen::Asked, story, think};
use crate::{
    domain::{
        alert::Icon,
        appraisal::{Appraisal, Before, Decided, Payoff, Sheet, Stage, ToldTool, TradeDecision},
        change::Changed,
        customer::Customer,
        event::Event,
        ids::{AppraisalId, CustomerId, LeadId, PartId, Seq, StaffId, VehicleId},
        story::{Road, StoryRow},
        time::At,
        vehicle::CarFacts,
    },
    engine::equity::valuation::SaidValue,
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Worksheets of one record or car that are looked at, the newest.
const OF_ONE_MOST: usize = 50;

/// Why nothing was done. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotThere,
    /// Somebody wrote on it since it was read.
    ChangedSince,
    Unusable(String),
    NothingToUndo,
    /// Somebody else made the change.
    NotYours,
}

/// A worksheet to be opened: of a car that the house knows, or of one as it is described.
#[derive(Debug, Clone, Default)]
pub struct New {
    pub vehicle: Option<VehicleId>,
    pub vin: String,
    pub car: CarFacts,
    /// The worksheet of the other trade on the same deal.
    pub beside: Option<AppraisalId>,
}

/// How a worksheet came to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opened {
    pub(super) vehicle: Option<VehicleId>,
    pub(super) lead: Option<LeadId>,
    pub(super) told: Option<ToldTool>,
    pub(super) beside: Option<AppraisalId>,
    pub(super) by: Option<StaffId>,
}

/// Opens a worksheet, filled with what the house knows of the car. The same key twice opens one.
pub async fn open(rooms: &Rooms, customer: CustomerId, new: New, asked: Asked, now: At) -> Result<Result<AppraisalId, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            if let Some(gave) = asked.before(tx, "appraisal")? {
                return Ok(Ok(AppraisalId(gave)));
            }
            let Some(person) = people::shown(tx, customer)? else { return Ok(Err(Refusal::NotThere)) };
            if let Some(beside) = new.beside
                && one_of(tx, &person, beside)?.is_none()
            {
                return Ok(Err(Refusal::Unusable("The other trade is not one of this customer's.".to_owned())));
            }
            let (vehicle, sheet) = match first_sheet(tx, &person, &new)? {
                Ok(first) => first,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let event = Event::AppraisalOpened { customer: person.id, vehicle, sheet: Box::new(sheet), beside: new.beside, by: asked.by };
            advance::append_applied(tx, &policy, event, now)?;
            // Numbers grow: the newest is this one.
            let Some((id, _)) = tx.last(tables::APPRAISALS, &Span::all(), 1)?.pop() else { return Ok(Err(Refusal::NotThere)) };
            asked.remember(tx, "appraisal", id.0)?;
            Ok(Ok(id))
        })
        .await
}

/// What the house knows of the car, what a lender said is owed on it, and what the last worksheet said of its state.
fn first_sheet(tx: &WriteTx<'_>, customer: &Customer, new: &New) -> Result<Result<(Option<VehicleId>, Sheet), Refusal>, StoreError> {
    let vin = match written::vin_of(&new.vin) {
        Ok(vin) => vin,
        Err(sentence) => return Ok(Err(Refusal::Unusable(sentence))),
    };
    let vehicle = match new.vehicle {
        Some(id) => Some(id),
        None => cars::find(tx, vin.as_ref(), "")?,
    };
    let Some(id) = vehicle else {
        return Ok(Ok((None, Sheet { vin, car: new.car.clone(), ..Sheet::default() })));
    };
    let Some(known) = tx.get(tables::VEHICLES, &id)? else {
        return Ok(Err(Refusal::Unusable("There is no such car any more.".to_owned())));
    };
    let state = of_car(tx, id)?.pop().map(|last| last.sheet.state).unwrap_or_default();
    let mut car = known.facts;
    car.absorb(&known.from_vin, false);
    car.absorb(&new.car, true);
    Ok(Ok((Some(id), Sheet { vin: known.vin, car, state, payoff: owed(tx, customer, id)?, ..Sheet::default() })))
}

/// What somebody of the store was told is owed on this car.
fn owed(tx: &impl Rows, customer: &Customer, vehicle: VehicleId) -> Result<Option<Payoff>, StoreError> {
    let Some(part) = payoffs::owner_part(tx, customer.all_parts(), vehicle)? else { return Ok(None) };
    let said = tx.get(tables::PAYOFFS, &(part, vehicle))?;
    Ok(said.map(|said| {
        let said_by = if said.from.trim().is_empty() { "The lender".to_owned() } else { said.from };
        Payoff { amount: said.amount, said_by, good_through: said.good_through }
    }))
}

/// Writes on a worksheet. `seen` is the revision that the writer looked at; writing what stands there changes nothing.
pub async fn write(rooms: &Rooms, id: AppraisalId, seen: u32, written: Written, by: Writer, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let this_year = this_year(&rooms.policy, now);
    act(rooms, id, seen, by, now, move |tx, held| {
        let sheet = match written::stamped(held, written.clone(), by, this_year, now) {
            Ok(sheet) => sheet,
            Err(sentence) => return Ok(Err(Refusal::Unusable(sentence))),
        };
        if let Some(wrong) = foreign_photo(tx, held, &sheet)? {
            return Ok(Err(Refusal::Unusable(wrong)));
        }
        let event = Event::AppraisalWritten { appraisal: id, sheet: Box::new(sheet.clone()), by: by.staff };
        Ok(Ok((sheet != held.sheet).then_some(event)))
    })
    .await
}

/// Says what the customer said to the figure.
pub async fn decide(
    rooms: &Rooms,
    id: AppraisalId,
    seen: u32,
    decision: TradeDecision,
    by: Writer,
    now: At,
) -> Result<Result<(), Refusal>, StoreError> {
    act(rooms, id, seen, by, now, move |_, held| {
        let refused = |sentence: &str| Ok(Err(Refusal::Unusable(sentence.to_owned())));
        match (held.stage(now), decision) {
            (_, TradeDecision::Unknown) => refused("A customer takes the figure or does not."),
            (Stage::Draft, _) => refused("There is no figure yet. Enter the ACV first."),
            (Stage::Expired { .. }, TradeDecision::Accepted) => refused("The store no longer stands by this figure. Enter the ACV anew."),
            (Stage::Accepted(_), TradeDecision::Accepted) | (Stage::Declined(_), TradeDecision::Declined) => Ok(Ok(None)),
            (
                Stage::Appraised { .. } | Stage::Expired { .. } | Stage::Accepted(_) | Stage::Declined(_),
                TradeDecision::Accepted | TradeDecision::Declined,
            ) => Ok(Ok(Some(Event::AppraisalDecided { appraisal: id, decision, by: by.staff }))),
        }
    })
    .await
}

/// Takes the last change back: whoever made it may, and a manager.
pub async fn undo(rooms: &Rooms, id: AppraisalId, seen: u32, by: Writer, now: At) -> Result<Result<(), Refusal>, StoreError> {
    act(rooms, id, seen, by, now, move |_, held| match held.before.last() {
        None => Ok(Err(Refusal::NothingToUndo)),
        Some(last) if last.by != by.staff && !by.role.manages() => Ok(Err(Refusal::NotYours)),
        Some(_) => Ok(Ok(Some(Event::AppraisalUndone { appraisal: id, by: by.staff }))),
    })
    .await
}

async fn act(
    rooms: &Rooms,
    id: AppraisalId,
    seen: u32,
    by: Writer,
    now: At,
    event: impl Fn(&WriteTx<'_>, &Appraisal) -> Result<Result<Option<Event>, Refusal>, StoreError> + Send + 'static,
) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            if !by.role.may_appraise() {
                return Ok(Err(Refusal::NotYours));
            }
            let Some(held) = tx.get(tables::APPRAISALS, &id)? else { return Ok(Err(Refusal::NotThere)) };
            if held.revision != seen {
                return Ok(Err(Refusal::ChangedSince));
            }
            match event(tx, &held)? {
                Ok(Some(event)) => advance::append_applied(tx, &policy, event, now).map(|_| Ok(())),
                Ok(None) => Ok(Ok(())),
                Err(refusal) => Ok(Err(refusal)),
            }
        })
        .await
}

/// The year of today by the store's calendar.
#[must_use]
pub fn this_year(policy: &Policy, now: At) -> u16 {
    u16::try_from(policy.rooftop.zone.local(now).date().year()).unwrap_or_default()
}

/// A photo lies with the customer whose car it shows.
fn foreign_photo(tx: &impl Rows, held: &Appraisal, sheet: &Sheet) -> Result<Option<String>, StoreError> {
    let Some(customer) = people::of_part(tx, held.part)? else { return Ok(None) };
    for photo in sheet.photos.iter().filter(|photo| !held.sheet.photos.contains(photo)) {
        let known = tx.get(tables::FILES, photo)?.filter(|file| file.removed.is_none() && file.kind.is_picture());
        if !known.is_some_and(|file| customer.all_parts().any(|part| part == file.part)) {
            return Ok(Some("That is no photo of this customer's. Add it to them first.".to_owned()));
        }
    }
    Ok(None)
}

// Effects.

/// The effects of an opening, by somebody of the store or by a shopper's lead.
pub(super) fn take_opening(tx: &WriteTx<'_>, part: PartId, sheet: &Sheet, opened: Opened, cause: Seq, now: At) -> Result<(), StoreError> {
    let id = AppraisalId(tx.next("appraisal")?);
    let vehicle = match (opened.vehicle, &sheet.vin) {
        (Some(vehicle), _) => Some(vehicle),
        (None, Some(vin)) => Some(cars::file(tx, vin, &sheet.car, false)?),
        (None, None) => None,
    };
    let Opened { lead, told, beside, by, .. } = opened;
    let appraisal =
        Appraisal { id, part, vehicle, lead, told, beside, opened: now, by, sheet: sheet.clone(), decided: None, revision: 1, before: vec![], cause };
    tx.put(tables::APPRAISALS, &id, &appraisal)?;
    tx.put(tables::CUSTOMER_APPRAISALS, &(part, id), &())?;
    if let Some(vehicle) = vehicle {
        tx.put(tables::CAR_APPRAISALS, &(vehicle, id), &())?;
    }
    if let Some(mut other) = beside.map(|id| tx.get(tables::APPRAISALS, &id)).transpose()?.flatten()
        && other.beside.is_none()
    {
        other.beside = Some(id);
        tx.put(tables::APPRAISALS, &other.id, &other)?;
    }
    // A shopper's own line is that of the lead.
    if by.is_some() {
        tell(tx, &appraisal, format!("Began the appraisal of {}", named(&appraisal)), by, cause, now)?;
    }
    told_of(tx, &appraisal)
}

pub(super) fn take_writing(
    tx: &WriteTx<'_>,
    policy: &Policy,
    id: AppraisalId,
    sheet: &Sheet,
    by: StaffId,
    cause: Seq,
    now: At,
) -> Result<(), StoreError> {
    let Some(held) = tx.get(tables::APPRAISALS, &id)? else { return Ok(()) };
    let is_other_money = (sheet.acv.map(|acv| acv.value), sheet.allowance) != (held.sheet.acv.map(|acv| acv.value), held.sheet.allowance);
    // Whoever took a figure took that figure.
    let decided = held.decided.filter(|_| !is_other_money);
    let said = sheet.acv.filter(|acv| held.sheet.acv.is_none_or(|before| before != *acv));
    let appraisal = changed(tx, &held, sheet.clone(), decided, (by, cause), now)?;
    if let Some(acv) = said {
        tell(tx, &appraisal, format!("Appraised {} at {}", named(&appraisal), acv.value), Some(by), cause, now)?;
    }
    think::think(tx, policy, appraisal.part.into(), now)
}

pub(super) fn take_decision(
    tx: &WriteTx<'_>,
    policy: &Policy,
    id: AppraisalId,
    decision: TradeDecision,
    by: StaffId,
    cause: Seq,
    now: At,
) -> Result<(), StoreError> {
    let Some(held) = tx.get(tables::APPRAISALS, &id)? else { return Ok(()) };
    let sheet = held.sheet.clone();
    let appraisal = changed(tx, &held, sheet, Some(Decided { decision, at: now, by }), (by, cause), now)?;
    let figure = appraisal.sheet.allowance.or(appraisal.sheet.acv.map(|acv| acv.value)).map(|figure| format!("{figure} for ")).unwrap_or_default();
    let verb = if decision == TradeDecision::Accepted { "Took" } else { "Did not take" };
    tell(tx, &appraisal, format!("{verb} {figure}{}", named(&appraisal)), Some(by), cause, now)?;
    think::think(tx, policy, appraisal.part.into(), now)
}

pub(super) fn take_back(tx: &WriteTx<'_>, policy: &Policy, id: AppraisalId, now: At) -> Result<(), StoreError> {
    let Some(mut held) = tx.get(tables::APPRAISALS, &id)? else { return Ok(()) };
    let Some(before) = held.before.pop() else { return Ok(()) };
    tx.remove(tables::STORY, &(tables::story_of_part(held.part), (before.at, before.cause)))?;
    held.revision = held.revision.saturating_add(1);
    let (part, lay_under) = (held.part, held.vehicle);
    put(tx, lay_under, Appraisal { sheet: before.sheet, vehicle: before.vehicle, decided: before.decided, ..held })?;
    think::think(tx, policy, part.into(), now)
}

/// Writes what stands there now, and keeps what stood there before.
fn changed(
    tx: &WriteTx<'_>,
    held: &Appraisal,
    sheet: Sheet,
    decided: Option<Decided>,
    (by, cause): (StaffId, Seq),
    now: At,
) -> Result<Appraisal, StoreError> {
    let vehicle = match &sheet.vin {
        Some(vin) => Some(cars::file(tx, vin, &CarFacts::default(), false)?),
        None => held.vehicle,
    };
    let mut before = held.before.clone();
    before.push(Before { sheet: held.sheet.clone(), vehicle: held.vehicle, decided: held.decided, at: now, by, cause });
    let surplus = before.len().saturating_sub(Appraisal::BEFORE_MOST);
    before.drain(..surplus);
    let revision = held.revision.saturating_add(1);
    put(tx, held.vehicle, Appraisal { vehicle, sheet, decided, revision, before, ..held.clone() })
}

/// Writes a worksheet, under its car instead of the one it lay under.
fn put(tx: &WriteTx<'_>, lay_under: Option<VehicleId>, appraisal: Appraisal) -> Result<Appraisal, StoreError> {
    if let Some(before) = lay_under.filter(|before| Some(*before) != appraisal.vehicle) {
        tx.remove(tables::CAR_APPRAISALS, &(before, appraisal.id))?;
    }
    if let Some(vehicle) = appraisal.vehicle {
        tx.put(tables::CAR_APPRAISALS, &(vehicle, appraisal.id), &())?;
    }
    tx.put(tables::APPRAISALS, &appraisal.id, &appraisal)?;
    told_of(tx, &appraisal)?;
    Ok(appraisal)
}

fn told_of(tx: &WriteTx<'_>, appraisal: &Appraisal) -> Result<(), StoreError> {
    tx.announce(Changed::Customer(people::root_of(tx, appraisal.part)?));
    if let Some(vehicle) = appraisal.vehicle {
        tx.announce(Changed::Vehicle(vehicle));
    }
    Ok(())
}

fn tell(tx: &WriteTx<'_>, appraisal: &Appraisal, title: String, by: Option<StaffId>, cause: Seq, now: At) -> Result<(), StoreError> {
    let row = StoryRow::new(now, Road::Sales, Icon::Calculator, title, cause);
    story::tell(tx, appraisal.part, &StoryRow { by, vehicle: appraisal.vehicle, ..row })
}

/// The car as one says it: the 2019 Honda Civic.
#[must_use]
pub fn named(appraisal: &Appraisal) -> String {
    let label = appraisal.sheet.car.label();
    if label.is_empty() { "their car".to_owned() } else { format!("the {label}") }
}

// Reads.

/// A worksheet of this customer's.
fn one_of(tx: &impl Rows, customer: &Customer, id: AppraisalId) -> Result<Option<Appraisal>, StoreError> {
    Ok(tx.get(tables::APPRAISALS, &id)?.filter(|held| customer.all_parts().any(|part| part == held.part)))
}

/// The worksheets of a customer, the newest first.
pub fn of_customer(tx: &impl Rows, customer: &Customer) -> Result<Vec<Appraisal>, StoreError> {
    let mut all = Vec::new();
    for part in customer.all_parts() {
        for ((_, id), ()) in tx.last(tables::CUSTOMER_APPRAISALS, &Span::under(&part), OF_ONE_MOST)? {
            all.extend(tx.get(tables::APPRAISALS, &id)?);
        }
    }
    all.sort_by_key(|appraisal: &Appraisal| std::cmp::Reverse(appraisal.id));
    Ok(all)
}

/// The worksheets of a car, the oldest first.
fn of_car(tx: &impl Rows, vehicle: VehicleId) -> Result<Vec<Appraisal>, StoreError> {
    let mut all = Vec::new();
    for ((_, id), ()) in tx.last(tables::CAR_APPRAISALS, &Span::under(&vehicle), OF_ONE_MOST)? {
        all.extend(tx.get(tables::APPRAISALS, &id)?);
    }
    all.sort_by_key(|appraisal: &Appraisal| appraisal.id);
    Ok(all)
}

/// What people and guides said this very car is worth, each with its date, for [`crate::engine::equity::valuation::worth`]: they go before
/// the model's value while they hold.
pub fn said_value(tx: &impl Rows, vehicle: VehicleId) -> Result<Vec<SaidValue>, StoreError> {
    let said = |appraisal: &Appraisal| {
        let acv = appraisal.sheet.acv.map(|acv| SaidValue { value: acv.value, at: acv.at, is_appraisal: true });
        let book = appraisal.sheet.book.as_ref().map(|book| SaidValue { value: book.value, at: book.on, is_appraisal: false });
        acv.into_iter().chain(book)
    };
    Ok(of_car(tx, vehicle)?.iter().flat_map(said).collect())
}
