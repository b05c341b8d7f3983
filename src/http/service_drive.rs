//! The service drive: who is due, who is here, and sales asked over.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
    visits::person,
};
use crate::{
    domain::{
        ids::{AppointmentId, CustomerId, ServiceVisitId, VehicleId},
        money::Cents,
        service_visit::{Arriving, Booking, Lane},
        time::{At, DAY_MS, HOUR_MS, Zone},
        visit::Visiting,
    },
    service::{
        reads,
        service_drive::{self as drive, Refusal},
        shapes as s, visits,
    },
};

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NotThere => Problem::not_here(),
        Refusal::AlreadyHere => Problem::conflict("already-here", "This car is checked in already.".to_owned()),
        Refusal::Gone => Problem::conflict("gone", "This car was fetched.".to_owned()),
        Refusal::AlreadyAsked => Problem::conflict("already-asked", "Sales was asked over already.".to_owned()),
        Refusal::NothingAsked => Problem::conflict("nothing-asked", "Nobody was asked over.".to_owned()),
        Refusal::Kept => Problem::conflict("kept", "Somebody came by this booking.".to_owned()),
        Refusal::DoesNotWant => Problem::conflict("does-not-want", "They do not want to talk about another car.".to_owned()),
        Refusal::NothingRefused => Problem::conflict("nothing-refused", "They never said no.".to_owned()),
        Refusal::OdometerDoubted(sentence) => Problem::conflict("odometer-doubted", sentence),
        Refusal::Unusable(sentence) => Problem::unusable("service", sentence),
    }
}

pub async fn board(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (zone, now) = (&ctx.rooms.policy.rooftop.zone, ctx.clock.now());
    let midnight = day(zone, req.query("day").unwrap_or("today"), now)?;
    Answer::json(&reads::service_board(&ctx.rooms, ctx.who()?.role, midnight, now).map_err(store_problem)?)
}

/// The beginning of a day by its word, or by its date.
fn day(zone: &Zone, text: &str, now: At) -> Result<At, Problem> {
    match text {
        "today" => Ok(zone.midnight(now)),
        "tomorrow" => Ok(zone.midnight(zone.midnight(now).plus_ms(DAY_MS + 12 * HOUR_MS))),
        date => zone.begin_of(date).ok_or_else(|| Problem::unusable("service", "A day is today, tomorrow, or a date such as 2026-11-24.")),
    }
}

pub async fn find(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    Answer::json(&reads::check_in_matches(&ctx.rooms, req.query("q").unwrap_or(""), ctx.clock.now()).map_err(store_problem)?)
}

fn one(ctx: &Ctx<Front>, id: ServiceVisitId) -> Result<Answer, Problem> {
    let role = ctx.who()?.role;
    Answer::json(&reads::service_visit(&ctx.rooms, role, id, ctx.clock.now()).map_err(store_problem)?.ok_or_else(Problem::not_here)?)
}

fn one_booking(ctx: &Ctx<Front>, id: AppointmentId) -> Result<Answer, Problem> {
    let role = ctx.who()?.role;
    Answer::json(&reads::service_booking(&ctx.rooms, role, id, ctx.clock.now()).map_err(store_problem)?.ok_or_else(Problem::not_here)?)
}

pub async fn visit(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    one(&ctx, ServiceVisitId(req.param("id")?))
}

pub async fn booking(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    one_booking(&ctx, AppointmentId(req.param("id")?))
}

fn who(customer: Option<u64>, walk_in: Option<s::WalkIn>, now: At) -> Result<Visiting, Problem> {
    match (customer, walk_in) {
        (Some(customer), None) => Ok(Visiting::Customer { customer: CustomerId(customer) }),
        (None, Some(said)) => Ok(Visiting::WalkIn { person: visits::walk_in(person(said, "service", now)?, now) }),
        (Some(_), Some(_)) | (None, None) => Err(Problem::unusable("service", "It is a customer, or somebody new.")),
    }
}

/// Lines without what is only space.
fn lines(work: Vec<String>) -> Vec<String> {
    work.into_iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

pub async fn book(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (asked, now) = (ctx.asked(&req)?, ctx.clock.now());
    let said: s::BookService = req.json()?;
    let who = who(said.customer, said.walk_in, now)?;
    let vehicle = said.vehicle.map(VehicleId);
    let booking = Booking { who, vehicle, at: At(said.at_ms), work: lines(said.work), waiting: said.waiting };
    let id = drive::book(&ctx.rooms, booking, asked, now).await.map_err(store_problem)?.map_err(refused)?;
    one_booking(&ctx, id)
}

pub async fn unbook(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = AppointmentId(req.param("id")?);
    drive::unbook(&ctx.rooms, id, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    Ok(Answer::nothing())
}

pub async fn arrive(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (asked, now) = (ctx.asked(&req)?, ctx.clock.now());
    let said: s::CheckIn = req.json()?;
    let arriving = Arriving {
        who: who(said.customer, said.walk_in, now)?,
        vehicle: said.vehicle.map(VehicleId),
        appointment: said.appointment.map(AppointmentId),
        work: lines(said.work),
        waiting: said.waiting,
        odometer_mi: None,
    };
    let shown = drive::Shown { odometer: said.odometer, is_right: said.odometer_is_right };
    let id = drive::arrive(&ctx.rooms, arriving, shown, asked, now).await.map_err(store_problem)?.map_err(refused)?;
    one(&ctx, id)
}

pub async fn go_to(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = ServiceVisitId(req.param("id")?);
    let said: s::MoveService = req.json()?;
    let to = match said.to {
        s::MoveTo::InLane => Lane::InLane,
        s::MoveTo::InBay => Lane::InBay,
        s::MoveTo::Ready => Lane::Ready,
        s::MoveTo::Gone => Lane::Gone,
        s::MoveTo::Mistake => Lane::Mistake,
    };
    let bay = said.bay.trim().to_owned();
    drive::go_to(&ctx.rooms, id, to, bay, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    one(&ctx, id)
}

pub async fn quote(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = ServiceVisitId(req.param("id")?);
    let said: s::QuoteService = req.json()?;
    let quote = said.quote_cents.map(Cents);
    drive::quote(&ctx.rooms, id, quote, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    one(&ctx, id)
}

pub async fn correct_odometer(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = ServiceVisitId(req.param("id")?);
    let said: s::CorrectOdometer = req.json()?;
    let shown = drive::Shown { odometer: said.odometer, is_right: said.odometer_is_right };
    drive::correct_odometer(&ctx.rooms, id, shown, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    one(&ctx, id)
}

pub async fn ask_sales(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = ServiceVisitId(req.param("id")?);
    drive::ask_sales(&ctx.rooms, id, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    one(&ctx, id)
}

pub async fn sales_not_needed(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = ServiceVisitId(req.param("id")?);
    drive::sales_not_needed(&ctx.rooms, id, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    one(&ctx, id)
}

fn talk(ctx: &Ctx<Front>, customer: CustomerId) -> Result<Answer, Problem> {
    Answer::json(&reads::talk_state(&ctx.rooms, customer, ctx.clock.now()).map_err(store_problem)?.ok_or_else(Problem::not_here)?)
}

pub async fn refuse_talk(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let customer = CustomerId(req.param("id")?);
    let said: s::RefuseTalk = req.json()?;
    drive::refuse_talk(&ctx.rooms, customer, said.how, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    talk(&ctx, customer)
}

pub async fn allow_talk(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let customer = CustomerId(req.param("id")?);
    drive::allow_talk(&ctx.rooms, customer, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    talk(&ctx, customer)
}
