//! Who comes to the service department, when, and with what? Appointments as DealerVault's SV_APPT file and other exports tell them.

use super::{
    car_rows,
    cells::{self, When},
    columns::Column,
    people_rows,
    reader::{Outcome, Problem, Reader, Row},
    repair_order_rows,
};
use crate::domain::{
    appointment::NewAppointment,
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

pub(super) fn appointment(reader: &mut Reader<'_>, row: Row<'_>) -> Outcome<NewAppointment> {
    let number = reader.needed_number(row, Column::AppointmentNumber, NO_NUMBER);
    let at = at(reader, row);
    let created = reader.optional_date(row, Column::BookedDate);
    // What somebody said when they booked is as old as the booking.
    let as_of = created.or(at.as_ref().ok().copied()).unwrap_or(reader.received).min(reader.received);
    let customer = people_rows::person(reader, row, as_of);
    let (number, at, customer) = match (number, at, customer) {
        (Ok(number), Ok(at), Some(customer)) => (number, at, customer),
        (number, at, customer) => {
            let nobody = customer.is_none().then(|| Problem::of_row(NO_CUSTOMER));
            return Err(number.err().into_iter().chain(at.err()).chain(nobody).collect());
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
        estimate: reader.money_above_zero(row, Column::Estimate),
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
