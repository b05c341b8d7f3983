//! What happens in the service lane? A visit is booked, comes in, goes from lane to lane and is fetched; sales is asked over, or refused.

pub mod brief;
pub mod calendar;
mod effects;
mod odometer;

pub(super) use effects::{
    allow_again, take_arrival, take_asking, take_booking, take_booking_back, take_move, take_not_needed, take_odometer, take_quote, take_refusal,
};

use super::{Rooms, advance, equity, people, seen::Asked};
use crate::{
    domain::{
        appointment::Appointment,
        customer::Customer,
        event::Event,
        ids::{AppointmentId, CustomerId, ServiceVisitId, StaffId, VehicleId},
        money::Cents,
        service_visit::{Arriving, Booking, Lane, Refused, RefusedHow, ServiceVisit},
        time::{At, DAY_MS},
        visit::Visiting,
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Why nothing was done. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotThere,
    /// This car, or this booking, is here already.
    AlreadyHere,
    /// The car was fetched.
    Gone,
    AlreadyAsked,
    NothingAsked,
    /// Somebody came by this booking.
    Kept,
    /// They do not want to be talked to about another car.
    DoesNotWant,
    NothingRefused,
    /// What the odometer shows can hardly be; the same said as right is taken.
    OdometerDoubted(String),
    Unusable(String),
}

/// A quote above this is a slip of the hand: $100,000.
const QUOTE_MOST: Cents = Cents(10_000_000);
const BAY_MOST: usize = 20;
const LINES_MOST: usize = 20;
const LINE_MOST: usize = 200;
/// A booking further ahead than this is a slip of the hand.
const AHEAD_MOST_MS: i64 = 400 * DAY_MS;

/// Books a visit at the counter. The same key twice books one.
pub async fn book(rooms: &Rooms, booking: Booking, asked: Asked, now: At) -> Result<Result<AppointmentId, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            if let Some(gave) = asked.before(tx, "service booking")? {
                return Ok(Ok(AppointmentId(gave)));
            }
            if booking.at < now || booking.at.since(now) > AHEAD_MOST_MS {
                return Ok(Err(Refusal::Unusable("A visit is booked for a time that lies ahead, within a year.".to_owned())));
            }
            if let Err(refusal) = may_come(tx, &booking.who, booking.vehicle, &booking.work)? {
                return Ok(Err(refusal));
            }
            advance::append_applied(tx, &policy, Event::ServiceBooked { booking: booking.clone(), by: asked.by }, now)?;
            // Numbers grow: the newest is this one.
            let Some((id, _)) = tx.last(tables::APPOINTMENTS, &Span::all(), 1)?.pop() else { return Ok(Err(Refusal::NotThere)) };
            asked.remember(tx, "service booking", id.0)?;
            Ok(Ok(id))
        })
        .await
}

/// Takes a booking of the counter back.
pub async fn unbook(rooms: &Rooms, appointment: AppointmentId, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let Some(held) = tx.get(tables::APPOINTMENTS, &appointment)? else { return Ok(Err(Refusal::NotThere)) };
            if !held.said.number.is_empty() {
                return Ok(Err(Refusal::Unusable("This visit was booked in another system; it is taken back there.".to_owned())));
            }
            if tx.has(tables::APPOINTMENTS_KEPT, &appointment)? {
                return Ok(Err(Refusal::Kept));
            }
            advance::append_applied(tx, &policy, Event::ServiceUnbooked { appointment, by }, now)?;
            Ok(Ok(()))
        })
        .await
}

/// What somebody read off the odometer, as they typed it.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    pub odometer: String,
    /// They looked again.
    pub is_right: bool,
}

/// Checks a car in. The same key twice checks in one.
pub async fn arrive(rooms: &Rooms, arriving: Arriving, shown: Shown, asked: Asked, now: At) -> Result<Result<ServiceVisitId, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            if let Some(gave) = asked.before(tx, "service visit")? {
                return Ok(Ok(ServiceVisitId(gave)));
            }
            if let Err(refusal) = may_arrive(tx, &arriving)? {
                return Ok(Err(refusal));
            }
            let odometer_mi = match odometer::read(tx, &policy, &arriving, &shown, now)? {
                Ok(miles) => miles,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let arriving = Arriving { odometer_mi, ..arriving.clone() };
            advance::append_applied(tx, &policy, Event::ServiceArrived { arriving, by: asked.by }, now)?;
            let Some((id, _)) = tx.last(tables::SERVICE_VISITS, &Span::all(), 1)?.pop() else { return Ok(Err(Refusal::NotThere)) };
            asked.remember(tx, "service visit", id.0)?;
            Ok(Ok(id))
        })
        .await
}

fn may_arrive(tx: &WriteTx<'_>, arriving: &Arriving) -> Result<Result<(), Refusal>, StoreError> {
    if let Err(refusal) = may_come(tx, &arriving.who, arriving.vehicle, &arriving.work)? {
        return Ok(Err(refusal));
    }
    if let Some(appointment) = arriving.appointment {
        if !tx.has(tables::APPOINTMENTS, &appointment)? {
            return Ok(Err(Refusal::NotThere));
        }
        if tx.has(tables::APPOINTMENTS_KEPT, &appointment)? {
            return Ok(Err(Refusal::AlreadyHere));
        }
    }
    if let Visiting::Customer { customer } = arriving.who
        && let Some(customer) = people::shown(tx, customer)?
    {
        let same_car = |visit: &ServiceVisit| visit.vehicle == arriving.vehicle;
        if open_visits_of(tx, &customer)?.iter().any(same_car) {
            return Ok(Err(Refusal::AlreadyHere));
        }
    }
    Ok(Ok(()))
}

fn may_come(tx: &WriteTx<'_>, who: &Visiting, vehicle: Option<VehicleId>, work: &[String]) -> Result<Result<(), Refusal>, StoreError> {
    match who {
        Visiting::Customer { customer } if people::shown(tx, *customer)?.is_none() => return Ok(Err(Refusal::NotThere)),
        Visiting::WalkIn { person } if person.name.is_empty() && person.phones.is_empty() && person.emails.is_empty() => {
            let sentence = "Somebody new needs a name, a phone number or an email address; a first name will do.";
            return Ok(Err(Refusal::Unusable(sentence.to_owned())));
        }
        Visiting::Customer { .. } | Visiting::WalkIn { .. } => {}
    }
    if let Some(vehicle) = vehicle
        && !tx.has(tables::VEHICLES, &vehicle)?
    {
        return Ok(Err(Refusal::Unusable("There is no such car any more.".to_owned())));
    }
    if work.len() > LINES_MOST || work.iter().any(|line| line.chars().count() > LINE_MOST) {
        return Ok(Err(Refusal::Unusable(format!("The work is at most {LINES_MOST} lines of {LINE_MOST} characters."))));
    }
    Ok(Ok(()))
}

/// Moves a car on, back, or out of the door. To where it stands already changes nothing.
pub async fn go_to(rooms: &Rooms, visit: ServiceVisitId, to: Lane, bay: String, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    if bay.chars().count() > BAY_MOST {
        return Ok(Err(Refusal::Unusable(format!("A bay has at most {BAY_MOST} characters."))));
    }
    if to == Lane::Unknown {
        return Ok(Err(Refusal::Unusable("There is no such lane.".to_owned())));
    }
    act(rooms, visit, now, move |_, held| {
        let is_there = held.lane == to && held.bay == bay;
        Ok(Ok((!is_there).then(|| Event::ServiceMoved { visit, to, bay: bay.clone(), by })))
    })
    .await
}

/// Says what the work comes to, or that nobody knows.
pub async fn quote(rooms: &Rooms, visit: ServiceVisitId, quote: Option<Cents>, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    if quote.is_some_and(|quote| quote < Cents(0) || quote > QUOTE_MOST) {
        return Ok(Err(Refusal::Unusable(format!("A quote lies between $0 and {QUOTE_MOST}."))));
    }
    act(rooms, visit, now, move |_, held| Ok(Ok((held.quote != quote).then_some(Event::ServiceQuoted { visit, quote, by })))).await
}

/// Says anew what was read off a car that is here, or that it was not read.
pub async fn correct_odometer(rooms: &Rooms, visit: ServiceVisitId, shown: Shown, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    act(rooms, visit, now, move |tx, held| {
        if !held.is_open() {
            return Ok(Err(Refusal::Gone));
        }
        Ok(odometer::read_again(tx, &policy, held, &shown, now)?
            .map(|odometer_mi| (held.odometer_mi != odometer_mi).then_some(Event::ServiceOdometer { visit, odometer_mi, by })))
    })
    .await
}

/// Asks sales to come over, with what they have to know; whoever is asked has it on their screen with this commit.
pub async fn ask_sales(rooms: &Rooms, visit: ServiceVisitId, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    // The lot and the market are read before the writer is asked for: others wait for it.
    let store = equity::now(rooms, &rooms.store.read()?, now)?;
    act(rooms, visit, now, move |tx, held| {
        if !held.is_open() {
            return Ok(Err(Refusal::Gone));
        }
        if held.asked.is_some() {
            return Ok(Err(Refusal::AlreadyAsked));
        }
        let Some(customer) = people::of_part(tx, held.part)? else { return Ok(Err(Refusal::NotThere)) };
        if refusal_of(tx, &customer, now)?.is_some() {
            return Ok(Err(Refusal::DoesNotWant));
        }
        let brief = brief::of(tx, &store, &customer, held, now)?;
        Ok(Ok(Some(Event::SalesAsked { visit, brief, by })))
    })
    .await
}

/// Nobody need come after all: the undo of asking.
pub async fn sales_not_needed(rooms: &Rooms, visit: ServiceVisitId, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    act(rooms, visit, now, move |_, held| {
        Ok(if held.asked.is_none() { Err(Refusal::NothingAsked) } else { Ok(Some(Event::SalesNotNeeded { visit, by })) })
    })
    .await
}

async fn act(
    rooms: &Rooms,
    visit: ServiceVisitId,
    now: At,
    event: impl Fn(&WriteTx<'_>, &ServiceVisit) -> Result<Result<Option<Event>, Refusal>, StoreError> + Send + 'static,
) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let Some(held) = tx.get(tables::SERVICE_VISITS, &visit)? else { return Ok(Err(Refusal::NotThere)) };
            Ok(match event(tx, &held)? {
                Ok(Some(event)) => advance::append_applied(tx, &policy, event, now).map(|_| Ok(()))?,
                Ok(None) => Ok(()),
                Err(refusal) => Err(refusal),
            })
        })
        .await
}

/// They do not want to talk about another car: not today, or not at all. Said again it is said.
pub async fn refuse_talk(rooms: &Rooms, customer: CustomerId, how: RefusedHow, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let Some(held) = people::shown(tx, customer)? else { return Ok(Err(Refusal::NotThere)) };
            match refusal_of(tx, &held, now)?.map(|refused| refused.how) {
                Some(said) if said == how => {}
                // To say less now, and take that back, must not undo what they said before.
                Some(RefusedHow::NotToBeSoldTo) => return Ok(Err(Refusal::DoesNotWant)),
                Some(RefusedHow::NotToday) | None => {
                    advance::append_applied(tx, &policy, Event::TalkRefused { customer: held.id, how, by }, now)?;
                }
            }
            Ok(Ok(()))
        })
        .await
}

/// They may be talked to after all: the undo of a refusal.
pub async fn allow_talk(rooms: &Rooms, customer: CustomerId, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let Some(held) = people::shown(tx, customer)? else { return Ok(Err(Refusal::NotThere)) };
            if refusal_of(tx, &held, now)?.is_none() {
                return Ok(Err(Refusal::NothingRefused));
            }
            advance::append_applied(tx, &policy, Event::TalkAllowedAgain { customer: held.id, by }, now)?;
            Ok(Ok(()))
        })
        .await
}

/// The refusal of this customer that holds: of several records the strictest, then the newest.
pub fn refusal_of(tx: &impl Rows, customer: &Customer, now: At) -> Result<Option<Refused>, StoreError> {
    let mut all: Vec<Refused> = Vec::new();
    for part in customer.all_parts() {
        all.extend(tx.get(tables::TALKS_REFUSED, &part)?.filter(|refused| refused.holds(now)));
    }
    Ok(all.into_iter().max_by_key(|refused| (refused.how == RefusedHow::NotToBeSoldTo, refused.at)))
}

/// Every car that is here now, whichever came first before the others.
pub fn all_open(tx: &impl Rows) -> Result<Vec<ServiceVisit>, StoreError> {
    let mut all: Vec<ServiceVisit> = Vec::new();
    for (_, id) in tx.keys(tables::SERVICE_VISITS_OPEN, &Span::all(), usize::MAX)? {
        all.extend(tx.get(tables::SERVICE_VISITS, &id)?);
    }
    all.sort_by_key(|visit| visit.id);
    Ok(all)
}

/// The cars of a customer that are here now.
pub fn open_visits_of(tx: &impl Rows, customer: &Customer) -> Result<Vec<ServiceVisit>, StoreError> {
    const AT_ONCE_MOST: usize = 20;
    let mut all: Vec<ServiceVisit> = Vec::new();
    for part in customer.all_parts() {
        for (_, id) in tx.keys(tables::SERVICE_VISITS_OPEN, &Span::under(&part), AT_ONCE_MOST)? {
            all.extend(tx.get(tables::SERVICE_VISITS, &id)?);
        }
    }
    Ok(all)
}

/// When they last came in, by the lane's own word. A visit opened by mistake never was.
pub fn last_arrival(tx: &impl Rows, customer: &Customer) -> Result<Option<At>, StoreError> {
    const OF_A_PART_MOST: usize = 3;
    let mut last = None;
    for part in customer.all_parts() {
        for ((_, id), ()) in tx.last(tables::CUSTOMER_SERVICE_VISITS, &Span::under(&part), OF_A_PART_MOST)? {
            let visit = tx.get(tables::SERVICE_VISITS, &id)?.filter(|visit| visit.lane != Lane::Mistake);
            last = last.max(visit.map(|visit| visit.arrived));
        }
    }
    Ok(last)
}

/// The booking of a visit, where it came by one.
pub fn booking_of(tx: &impl Rows, visit: &ServiceVisit) -> Result<Option<Appointment>, StoreError> {
    visit.appointment.map_or(Ok(None), |id| tx.get(tables::APPOINTMENTS, &id))
}
