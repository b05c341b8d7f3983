//! Who comes to the service department, when, and with what? Appointments as DealerVault's SV_APPT file and other exports tell them.

use super::{
    car_rows,
    cells::{self, When},
    columns::Column,
    delimited::{Problem, Reader, Row},
    people_rows, repair_order_rows,
};
use crate::domain::{
    appointment::NewAppointment,
    money::Cents,
    time::{At, DAY_MS},
};

/// Further ahead than anybody books.
const MOST_DAYS_AHEAD: i64 = 2 * 365;

const NO_NUMBER: &str = "The row has no appointment number; a number tells a second copy from a second appointment.";
const NO_CUSTOMER: &str = "The row names no customer: no name, no phone number and no email address.";
const NO_DATE: &str = "The row has no date of the appointment.";
const ODD_DATE: &str = "The date of the appointment could not be read; write it as month/day/year or year-month-day.";
const FAR_DATE: &str = "The date of the appointment lies more than two years ahead.";
const ODD_TIME: &str = "The time of an appointment could not be read and was left out.";
const ODD_BOOKED: &str = "The date an appointment was booked could not be read and was left out.";

pub(super) fn appointment(reader: &mut Reader<'_>, row: Row<'_>) -> Result<NewAppointment, Vec<Problem>> {
    let number = reader.words(row, Column::AppointmentNumber);
    let no_number = number.is_empty().then(|| reader.problem(row, Column::AppointmentNumber, NO_NUMBER));
    let at = at(reader, row);
    let created = match reader.date(row, Column::BookedDate) {
        When::Read(at) => Some(at),
        When::Blank => None,
        When::Unreadable => {
            reader.warn(row, Column::BookedDate, ODD_BOOKED);
            None
        }
    };
    // What somebody said when they booked is as old as the booking.
    let as_of = created.or(at.as_ref().ok().copied()).unwrap_or(reader.received).min(reader.received);
    let customer = people_rows::person(reader, row, as_of);
    let (at, customer) = match (no_number, at, customer) {
        (None, Ok(at), Some(customer)) => (at, customer),
        (no_number, at, customer) => {
            let nobody = customer.is_none().then(|| Problem::of_row(NO_CUSTOMER));
            return Err(no_number.into_iter().chain(at.err()).chain(nobody).collect());
        }
    };
    let vin = car_rows::vin(reader, row);
    let (work, recommended) = repair_order_rows::work(reader, row);
    Ok(NewAppointment {
        created,
        vin,
        facts: car_rows::facts(reader, row),
        advisor: reader.words(row, Column::Advisor),
        complaint: cells::prose(&reader.text(row, Column::Complaint).replace(['|', '^'], " ")),
        work,
        recommended,
        waiting: cells::is_yes(reader.text(row, Column::Waiting)),
        loaner: cells::is_yes(reader.text(row, Column::Loaner)),
        estimate: Cents::parse(reader.text(row, Column::Estimate)).filter(|estimate| estimate.0 > 0),
        ..NewAppointment::new(number, at, customer)
    })
}

/// The day, with the time of the column beside it where the day has none of its own.
fn at(reader: &mut Reader<'_>, row: Row<'_>) -> Result<At, Problem> {
    let (day, time) = (reader.text(row, Column::AppointmentDate), reader.text(row, Column::AppointmentTime));
    let at = match reader.when(day) {
        When::Read(at) if at.since(reader.received) > MOST_DAYS_AHEAD * DAY_MS => Err(FAR_DATE),
        When::Read(at) => Ok(at),
        When::Unreadable => Err(ODD_DATE),
        When::Blank => Err(NO_DATE),
    };
    let at = at.map_err(|reason| reader.problem(row, Column::AppointmentDate, reason))?;
    let local = reader.zone.local(at);
    if time.is_empty() || local.time() != jiff::civil::Time::midnight() {
        return Ok(at);
    }
    if let Some(time) = cells::time_of_day(time) {
        return Ok(reader.zone.instant(local.date().to_datetime(time)));
    }
    reader.warn(row, Column::AppointmentTime, ODD_TIME);
    Ok(at)
}
