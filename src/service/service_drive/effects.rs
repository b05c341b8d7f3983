//! What follows from each event of the service lane, live and in a replay.

use super::{calendar, open_visits_of, refusal_of};
use crate::{
    domain::{
        alert::Icon,
        appointment::{Appointment, NewAppointment},
        change::Changed,
        ids::{AppointmentId, CustomerId, PartId, Seq, ServiceVisitId, StaffId},
        money::Cents,
        profile::{Profile, Source, SourceKind},
        service_visit::{Arriving, Booking, Lane, LaneBrief, Refused, RefusedHow, SalesAsked, ServiceVisit},
        story::{Road, StoryRow},
        time::{At, HOUR_MS, MINUTE_MS},
        visit::Visiting,
    },
    service::{Policy, people, story, think},
    store::{Rows, StoreError, WriteTx, tables},
};

const SALES_ASKED: &str = "Sales was asked to the service lane";

/// Under which record somebody is filed.
fn part_of(tx: &WriteTx<'_>, policy: &Policy, who: &Visiting, now: At) -> Result<Option<PartId>, StoreError> {
    Ok(match who {
        Visiting::Customer { customer } => people::shown(tx, *customer)?.map(|customer| customer.id.into()),
        Visiting::WalkIn { person } => Some(people::file(tx, policy, person, now)?.part),
    })
}

fn row(at: At, title: &str, cause: Seq, by: StaffId) -> StoryRow {
    StoryRow { by: Some(by), ..StoryRow::new(at, Road::Service, Icon::Wrench, title.to_owned(), cause) }
}

fn untell(tx: &WriteTx<'_>, part: PartId, at: At, cause: Seq) -> Result<(), StoreError> {
    tx.remove(tables::STORY, &(tables::story_of_part(part), (at, cause))).map(|_| ())
}

pub(in crate::service) fn take_booking(
    tx: &WriteTx<'_>,
    policy: &Policy,
    seq: Seq,
    (booking, by): (&Booking, StaffId),
    now: At,
) -> Result<(), StoreError> {
    let Some(part) = part_of(tx, policy, &booking.who, now)? else { return Ok(()) };
    let id = AppointmentId(tx.next("appointment")?);
    let person = match &booking.who {
        Visiting::WalkIn { person } => person.clone(),
        Visiting::Customer { .. } => Profile::new(Source { kind: SourceKind::Staff, name: "Service counter".to_owned() }, now),
    };
    let said = NewAppointment {
        created: Some(now),
        work: booking.work.clone(),
        waiting: booking.waiting,
        advisor: tx.get(tables::STAFF, &by)?.map(|staff| staff.name).unwrap_or_default(),
        ..NewAppointment::new(String::new(), booking.at, person)
    };
    let appointment = Appointment { id, part, vehicle: booking.vehicle, said, from: None, cause: Some(seq) };
    tx.put(tables::APPOINTMENTS, &id, &appointment)?;
    tx.put(tables::CUSTOMER_APPOINTMENTS, &(part, id), &())?;
    calendar::put(tx, &appointment, now)?;
    let about = booking.work.join(", ");
    let title = if about.is_empty() { "Booked a service visit".to_owned() } else { format!("Booked for service: {about}") };
    story::tell(tx, part, &StoryRow { vehicle: booking.vehicle, ..row(booking.at, &title, seq, by) })?;
    think::think(tx, policy, part.into(), now)
}

pub(in crate::service) fn take_booking_back(tx: &WriteTx<'_>, policy: &Policy, id: AppointmentId, now: At) -> Result<(), StoreError> {
    let Some(held) = tx.get(tables::APPOINTMENTS, &id)? else { return Ok(()) };
    tx.remove(tables::APPOINTMENTS, &id)?;
    tx.remove(tables::CUSTOMER_APPOINTMENTS, &(held.part, id))?;
    calendar::remove(tx, &held, now)?;
    if let Some(cause) = held.cause {
        untell(tx, held.part, held.said.at, cause)?;
    }
    think::think(tx, policy, held.part.into(), now)
}

pub(in crate::service) fn take_arrival(
    tx: &WriteTx<'_>,
    policy: &Policy,
    seq: Seq,
    (arriving, by): (&Arriving, StaffId),
    now: At,
) -> Result<(), StoreError> {
    let Some(part) = part_of(tx, policy, &arriving.who, now)? else { return Ok(()) };
    let booked = match arriving.appointment {
        Some(id) => tx.get(tables::APPOINTMENTS, &id)?,
        None => booked_today(tx, policy, part, arriving, now)?,
    };
    let said = booked.as_ref().map(|b| &b.said);
    let work = if arriving.work.is_empty() { said.map(work_of).unwrap_or_default() } else { arriving.work.clone() };
    let visit = ServiceVisit {
        id: ServiceVisitId(tx.next("service_visit")?),
        part,
        vehicle: arriving.vehicle.or(booked.as_ref().and_then(|b| b.vehicle)),
        appointment: booked.as_ref().map(|b| b.id),
        expected: said.map(|s| s.at),
        arrived: now,
        advisor: by,
        work,
        quote: said.and_then(|s| s.estimate),
        waiting: arriving.waiting,
        odometer_mi: arriving.odometer_mi,
        lane: Lane::InLane,
        bay: String::new(),
        moved: now,
        moved_by: seq,
        asked: None,
        cause: seq,
    };
    if let Some(booked) = &booked {
        tx.put(tables::APPOINTMENTS_KEPT, &booked.id, &visit.id.0)?;
        tx.announce(Changed::Appointment(booked.id));
    }
    tx.put(tables::CUSTOMER_SERVICE_VISITS, &(part, visit.id), &())?;
    people::change(tx, part, |own| own.touch(now, "Came in for service", true))?;
    tell_arrival(tx, &visit)?;
    put(tx, policy, &visit, now)
}

/// Their booking of today that nobody came by yet, for the same car or for none.
fn booked_today(tx: &WriteTx<'_>, policy: &Policy, part: PartId, arriving: &Arriving, now: At) -> Result<Option<Appointment>, StoreError> {
    let Some(customer) = people::of_part(tx, part)? else { return Ok(None) };
    let midnight = policy.rooftop.zone.midnight(now);
    for booked in calendar::between(tx, midnight, policy.rooftop.zone.midnight(midnight.plus_ms(36 * HOUR_MS)))? {
        let is_theirs = customer.all_parts().any(|part| part == booked.part);
        let same_car = booked.vehicle.is_none() || arriving.vehicle.is_none() || booked.vehicle == arriving.vehicle;
        if is_theirs && same_car && !tx.has(tables::APPOINTMENTS_KEPT, &booked.id)? {
            return Ok(Some(booked));
        }
    }
    Ok(None)
}

/// What a booking says is to be done.
fn work_of(said: &NewAppointment) -> Vec<String> {
    if said.work.is_empty() { Some(said.complaint.clone()).filter(|c| !c.is_empty()).into_iter().collect() } else { said.work.clone() }
}

fn tell_arrival(tx: &WriteTx<'_>, visit: &ServiceVisit) -> Result<(), StoreError> {
    let told = row(visit.arrived, "Came in for service", visit.cause, visit.advisor);
    story::tell(tx, visit.part, &StoryRow { vehicle: visit.vehicle, detail: visit.work_line(), ..told })
}

/// Writes a visit and all that follows from where it stands.
fn put(tx: &WriteTx<'_>, policy: &Policy, visit: &ServiceVisit, now: At) -> Result<(), StoreError> {
    let key = (visit.part, visit.id);
    if visit.is_open() {
        tx.put(tables::SERVICE_VISITS_OPEN, &key, &())?;
    } else {
        tx.remove(tables::SERVICE_VISITS_OPEN, &key)?;
    }
    tx.put(tables::SERVICE_VISITS, &visit.id, visit)?;
    tx.announce(Changed::ServiceVisit(visit.id));
    think::think(tx, policy, visit.part.into(), now)
}

pub(in crate::service) fn take_move(
    tx: &WriteTx<'_>,
    policy: &Policy,
    seq: Seq,
    (id, to, bay, by): (ServiceVisitId, Lane, &str, StaffId),
    now: At,
) -> Result<(), StoreError> {
    let Some(held) = tx.get(tables::SERVICE_VISITS, &id)? else { return Ok(()) };
    let held_lane = held.lane;
    match held_lane {
        Lane::Gone => untell(tx, held.part, held.moved, held.moved_by)?,
        Lane::Mistake => {
            tell_arrival(tx, &held)?;
            keep(tx, &held)?;
        }
        Lane::InLane | Lane::InBay | Lane::Ready | Lane::Unknown => {}
    }
    let visit = ServiceVisit { lane: to, bay: bay.to_owned(), moved: now, moved_by: seq, ..held };
    // What was read off a car counts only while it was here.
    if visit.odometer_mi.is_some() && (held_lane == Lane::Mistake) != (to == Lane::Mistake) {
        tx.announce(Changed::Customer(people::root_of(tx, visit.part)?));
    }
    match to {
        Lane::Gone => {
            let minutes = (now.since(visit.arrived) / MINUTE_MS).max(1);
            let title = format!("Fetched their car from service after {minutes} min");
            story::tell(tx, visit.part, &StoryRow { vehicle: visit.vehicle, ..row(now, &title, seq, by) })?;
        }
        Lane::Mistake => {
            untell(tx, visit.part, visit.arrived, visit.cause)?;
            if let Some(appointment) = visit.appointment {
                tx.remove(tables::APPOINTMENTS_KEPT, &appointment)?;
                tx.announce(Changed::Appointment(appointment));
            }
        }
        Lane::InLane | Lane::InBay | Lane::Ready | Lane::Unknown => {}
    }
    put(tx, policy, &visit, now)
}

/// The booking they came by is kept.
fn keep(tx: &WriteTx<'_>, visit: &ServiceVisit) -> Result<(), StoreError> {
    let Some(appointment) = visit.appointment else { return Ok(()) };
    tx.announce(Changed::Appointment(appointment));
    tx.put(tables::APPOINTMENTS_KEPT, &appointment, &visit.id.0)
}

pub(in crate::service) fn take_odometer(
    tx: &WriteTx<'_>,
    policy: &Policy,
    (id, odometer_mi): (ServiceVisitId, Option<u32>),
    now: At,
) -> Result<(), StoreError> {
    let Some(held) = tx.get(tables::SERVICE_VISITS, &id)? else { return Ok(()) };
    // How their car stands follows from it.
    tx.announce(Changed::Customer(people::root_of(tx, held.part)?));
    put(tx, policy, &ServiceVisit { odometer_mi, ..held }, now)
}

pub(in crate::service) fn take_quote(
    tx: &WriteTx<'_>,
    policy: &Policy,
    (id, quote): (ServiceVisitId, Option<Cents>),
    now: At,
) -> Result<(), StoreError> {
    let Some(held) = tx.get(tables::SERVICE_VISITS, &id)? else { return Ok(()) };
    put(tx, policy, &ServiceVisit { quote, ..held }, now)
}

pub(in crate::service) fn take_asking(
    tx: &WriteTx<'_>,
    policy: &Policy,
    seq: Seq,
    (id, brief, by): (ServiceVisitId, &LaneBrief, StaffId),
    now: At,
) -> Result<(), StoreError> {
    let Some(held) = tx.get(tables::SERVICE_VISITS, &id)? else { return Ok(()) };
    let told = row(now, SALES_ASKED, seq, by);
    story::tell(tx, held.part, &StoryRow { vehicle: held.vehicle, detail: brief.why.join("\n"), ..told })?;
    let asked = Some(SalesAsked { by, at: now, brief: brief.clone(), cause: seq });
    put(tx, policy, &ServiceVisit { asked, ..held }, now)
}

pub(in crate::service) fn take_not_needed(tx: &WriteTx<'_>, policy: &Policy, id: ServiceVisitId, now: At) -> Result<(), StoreError> {
    let Some(mut held) = tx.get(tables::SERVICE_VISITS, &id)? else { return Ok(()) };
    if let Some(asked) = held.asked.take() {
        untell(tx, held.part, asked.at, asked.cause)?;
    }
    put(tx, policy, &held, now)
}

pub(in crate::service) fn take_refusal(
    tx: &WriteTx<'_>,
    policy: &Policy,
    seq: Seq,
    (customer, how, by): (CustomerId, RefusedHow, StaffId),
    now: At,
) -> Result<(), StoreError> {
    let Some(held) = people::shown(tx, customer)? else { return Ok(()) };
    let part = held.id.into();
    tx.put(tables::TALKS_REFUSED, &part, &Refused { at: now, until: how.until(now), how, by, cause: seq })?;
    story::tell(tx, part, &row(now, how.words(), seq, by))?;
    // Nobody comes over to somebody who said no.
    for visit in open_visits_of(tx, &held)? {
        if visit.asked.is_some() {
            take_not_needed(tx, policy, visit.id, now)?;
        } else {
            tx.announce(Changed::ServiceVisit(visit.id));
        }
    }
    tx.announce(Changed::Customer(held.id));
    think::think(tx, policy, held.id, now)
}

pub(in crate::service) fn allow_again(tx: &WriteTx<'_>, policy: &Policy, customer: CustomerId, now: At) -> Result<(), StoreError> {
    let Some(held) = people::shown(tx, customer)? else { return Ok(()) };
    while let Some(refused) = refusal_of(tx, &held, now)? {
        for part in held.all_parts() {
            if tx.get(tables::TALKS_REFUSED, &part)?.is_some_and(|r| r == refused) {
                tx.remove(tables::TALKS_REFUSED, &part)?;
                untell(tx, part, refused.at, refused.cause)?;
            }
        }
    }
    for visit in open_visits_of(tx, &held)? {
        tx.announce(Changed::ServiceVisit(visit.id));
    }
    tx.announce(Changed::Customer(held.id));
    think::think(tx, policy, held.id, now)
}
