//! Worksheets of cars that customers bring: opened, read, written on, decided, undone.

use super::{
    answer::Answer,
    customers,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::{
    domain::{
        appraisal::{BookValue, Payoff, ReconLine, STANDS_DAYS},
        ids::{AppraisalId, CustomerId, FileId, VehicleId},
        money::Cents,
        time::At,
        vehicle::CarFacts,
    },
    service::{
        appraisals::{self, New, Refusal, Writer, Written},
        reads, shapes as s,
    },
};
use hyper::StatusCode;

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NotThere => Problem::not_here(),
        Refusal::NotYours => Problem::not_yours(),
        Refusal::Unusable(sentence) => Problem::unusable("appraisal", sentence),
        Refusal::NothingToUndo => Problem::conflict("nothing-to-undo", "There is nothing to undo on this worksheet."),
        Refusal::ChangedSince => {
            Problem::conflict("changed-since", "Somebody wrote on this worksheet meanwhile. Look at it again; nothing of yours was written.")
        }
    }
}

fn id(req: &Req) -> Result<AppraisalId, Problem> {
    Ok(AppraisalId(req.param("id")?))
}

fn writer(ctx: &Ctx<Front>) -> Result<Writer, Problem> {
    let who = ctx.who()?;
    Ok(Writer { staff: who.staff, role: who.role })
}

/// The revision that the writer looked at.
fn seen(req: &Req) -> Result<u32, Problem> {
    let tag = req.header("if-match").and_then(|tag| tag.trim().trim_matches('"').parse().ok());
    tag.ok_or_else(|| Problem::new(StatusCode::PRECONDITION_REQUIRED, "if-match", "Send the revision you looked at in If-Match."))
}

fn page(ctx: &Ctx<Front>, id: AppraisalId) -> Result<Answer, Problem> {
    let page = reads::appraisal(&ctx.rooms, id, customers::me(ctx)?, ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&page.ok_or_else(Problem::not_here)?)
}

pub async fn list(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let all = reads::appraisals(&ctx.rooms, CustomerId(req.param("id")?), ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&all.ok_or_else(Problem::not_here)?)
}

pub async fn open(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (customer, asked, by) = (CustomerId(req.param("id")?), ctx.asked(&req)?, writer(&ctx)?);
    if !by.role.may_appraise() {
        return Err(Problem::not_yours());
    }
    let said: s::OpenAppraisal = req.json()?;
    let car = CarFacts { year: said.year, make: said.make, model: said.model, trim: said.trim, ..CarFacts::default() };
    let new = New { vehicle: said.vehicle.map(VehicleId), vin: said.vin, car, beside: said.beside.map(AppraisalId) };
    let opened = appraisals::open(&ctx.rooms, customer, new, asked, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    Ok(page(&ctx, opened)?.status(StatusCode::CREATED))
}

pub async fn read(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    page(&ctx, id(&req)?)
}

pub async fn write(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, seen, by) = (id(&req)?, seen(&req)?, writer(&ctx)?);
    let written = written(req.json()?);
    appraisals::write(&ctx.rooms, id, seen, written, by, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    page(&ctx, id)
}

fn written(said: s::WriteAppraisal) -> Written {
    let car = CarFacts {
        year: said.year,
        make: said.make,
        model: said.model,
        trim: said.trim,
        exterior_color: said.color,
        plate: said.plate,
        ..CarFacts::default()
    };
    let days = said.acv_days.unwrap_or(STANDS_DAYS);
    Written {
        vin: said.vin,
        car,
        odometer: said.odometer,
        unit: said.unit,
        state: said.state,
        recon: said.recon.into_iter().map(|line| ReconLine { id: line.id, what: line.what, cost: line.cost_cents.map(Cents) }).collect(),
        book: said.book.map(|book| BookValue { value: Cents(book.value_cents), source: book.source, on: At(book.on_ms) }),
        acv: said.acv_cents.map(|value| (Cents(value), days)),
        payoff: said.payoff.map(|payoff| Payoff {
            amount: Cents(payoff.amount_cents),
            said_by: payoff.said_by,
            good_through: payoff.good_through_ms.map(At),
        }),
        allowance: said.allowance_cents.map(Cents),
        notes: said.notes,
        photos: said.photos.into_iter().map(FileId).collect(),
    }
}

pub async fn decide(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, seen, by) = (id(&req)?, seen(&req)?, writer(&ctx)?);
    let said: s::DecideAppraisal = req.json()?;
    appraisals::decide(&ctx.rooms, id, seen, said.decision, by, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    page(&ctx, id)
}

pub async fn undo(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, seen, by) = (id(&req)?, seen(&req)?, writer(&ctx)?);
    appraisals::undo(&ctx.rooms, id, seen, by, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    page(&ctx, id)
}
