//! What does the odometer of a car show that comes in? Read as it was typed, and held against what was read off it before.

use super::{Refusal, Shown};
use crate::{
    domain::{
        customer::Customer,
        ids::{ServiceVisitId, VehicleId},
        money::grouped,
        service_visit::{Arriving, ServiceVisit},
        time::At,
        visit::Visiting,
    },
    engine::{
        equity::odometer::{Doubt, Reading},
        trade::{self, OdometerUnit},
        wording::times,
    },
    service::{Policy, appraisals::this_year, equity, people},
    store::{Rows, StoreError, tables},
};

/// The miles of a car that comes in. Nothing typed is not known, and stays so; what can hardly be is asked for once more.
pub(super) fn read(tx: &impl Rows, policy: &Policy, arriving: &Arriving, shown: &Shown, now: At) -> Result<Result<Option<u32>, Refusal>, StoreError> {
    let booked = arriving.appointment.map_or(Ok(None), |id| tx.get(tables::APPOINTMENTS, &id))?;
    let vehicle = arriving.vehicle.or(booked.and_then(|booked| booked.vehicle));
    let customer = match &arriving.who {
        Visiting::Customer { customer } => people::shown(tx, *customer)?,
        Visiting::WalkIn { .. } => None,
    };
    believed(tx, policy, (customer, vehicle, None), shown, now)
}

/// The same of a car that is here, of which what was read before does not count any more.
pub(super) fn read_again(
    tx: &impl Rows,
    policy: &Policy,
    held: &ServiceVisit,
    shown: &Shown,
    now: At,
) -> Result<Result<Option<u32>, Refusal>, StoreError> {
    believed(tx, policy, (people::of_part(tx, held.part)?, held.vehicle, Some(held.id)), shown, now)
}

fn believed(
    tx: &impl Rows,
    policy: &Policy,
    (customer, vehicle, instead_of): (Option<Customer>, Option<VehicleId>, Option<ServiceVisitId>),
    shown: &Shown,
    now: At,
) -> Result<Result<Option<u32>, Refusal>, StoreError> {
    let car = match vehicle {
        Some(id) => tx.get(tables::VEHICLES, &id)?,
        None => None,
    };
    let year = car.as_ref().and_then(|car| car.facts.year);
    let miles = match trade::odometer(&shown.odometer, OdometerUnit::Miles, year, this_year(policy, now)) {
        Ok(Some(miles)) => miles,
        Ok(None) => return Ok(Ok(None)),
        Err(sentence) => return Ok(Err(Refusal::Unusable(sentence))),
    };
    if shown.is_right {
        return Ok(Ok(Some(miles)));
    }
    let doubt = match customer.zip(vehicle) {
        Some((customer, vehicle)) => equity::odometer_doubt(tx, &customer, vehicle, Reading { at: now, miles }, instead_of)?,
        None => None,
    };
    Ok(doubt.map_or(Ok(Some(miles)), |doubt| Err(Refusal::OdometerDoubted(sentence(policy, miles, doubt, now)))))
}

fn sentence(policy: &Policy, miles: u32, doubt: Doubt, now: At) -> String {
    let before = |read: Reading| format!("{} mi {}", grouped(u64::from(read.miles)), times::day(&policy.rooftop.zone, read.at, now));
    let shown = grouped(u64::from(miles));
    match doubt {
        Doubt::Behind(read) => format!("{shown} mi is less than the {}. Look once more; if it shows that, say so.", before(read)),
        Doubt::TooFar(read) => {
            format!(
                "From {}, no car gets to {shown} mi by now. Look once more, also whether it counts in kilometers; if it shows that, say so.",
                before(read)
            )
        }
    }
}
