//! The showroom: who is here, with whom, and how it ends.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::{
    domain::{
        email::Email,
        ids::{CustomerId, StaffId, VehicleId, VisitId},
        phone::Phone,
        profile::{PersonName, Profile, Source, SourceKind},
        time::At,
        visit::{VisitResult, Visiting},
    },
    service::{
        reads, shapes as s,
        visits::{self, NewVisit, Refusal},
    },
};

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NotThere => Problem::not_here(),
        // A short name ends in a dot of its own.
        Refusal::AlreadyHere { with, .. } => {
            Problem::conflict("already-here", format!("They are in the showroom already, with {}.", with.trim_end_matches('.')))
        }
        Refusal::NobodyByThatId => Problem::unusable("visit", "Nobody of that number works here."),
        Refusal::AlreadyEnded => Problem::conflict("already-ended", "This visit has ended already."),
        Refusal::NotEnded => Problem::conflict("not-ended", "This visit has not ended."),
        Refusal::Unusable(sentence) => Problem::unusable("visit", sentence),
    }
}

pub async fn floor(ctx: Ctx<Front>, _: Req) -> Result<Answer, Problem> {
    Answer::json(&reads::floor(&ctx.rooms, ctx.clock.now()).map_err(store_problem)?)
}

pub async fn log(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let before = req.query_as::<u64>("after")?.map(VisitId);
    Answer::json(&reads::visit_log(&ctx.rooms, before, req.page_rows()?).map_err(store_problem)?)
}

fn one(ctx: &Ctx<Front>, id: VisitId) -> Result<Answer, Problem> {
    Answer::json(&reads::visit(&ctx.rooms, id).map_err(store_problem)?.ok_or_else(Problem::not_here)?)
}

pub async fn open(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (asked, now) = (ctx.asked(&req)?, ctx.clock.now());
    let said: s::OpenVisit = req.json()?;
    let visiting = match (said.customer, said.walk_in) {
        (Some(customer), None) => Visiting::Customer { customer: CustomerId(customer) },
        (None, Some(said_person)) => Visiting::WalkIn { person: visits::walk_in(person(said_person, "visit", now)?, now) },
        (Some(_), Some(_)) | (None, None) => {
            return Err(Problem::unusable("visit", "A visit is opened for a customer, or for somebody who walked in."));
        }
    };
    let with = said.with.map_or(asked.by, StaffId);
    let new = NewVisit { visiting, with, vehicle: said.vehicle.map(VehicleId) };
    let id = visits::open(&ctx.rooms, new, asked, now).await.map_err(store_problem)?.map_err(refused)?;
    one(&ctx, id)
}

/// Somebody as they were described across the counter. `what` is what is refused when a point of theirs cannot be used.
pub(super) fn person(said: s::WalkIn, what: &'static str, now: At) -> Result<Profile, Problem> {
    const NAME_MOST: usize = 100;
    let tidy = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(NAME_MOST).collect::<String>();
    let mut person = Profile::new(Source { kind: SourceKind::Staff, name: String::new() }, now);
    person.name = PersonName { first: tidy(said.first), last: tidy(said.last), ..PersonName::default() };
    if !said.phone.trim().is_empty() {
        person.phones.push(Phone::parse(&said.phone).ok_or_else(|| Problem::unusable(what, "That phone number is none that can be dialed."))?);
    }
    if !said.email.trim().is_empty() {
        let email = Email::parse(&said.email);
        person.emails.push(email.ok_or_else(|| Problem::unusable(what, "That email address is none that mail can be sent to."))?);
    }
    Ok(person)
}

pub async fn step(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = VisitId(req.param("id")?);
    let said: s::SayStep = req.json()?;
    visits::step(&ctx.rooms, id, said.step, said.done, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    one(&ctx, id)
}

pub async fn end(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = VisitId(req.param("id")?);
    let said: s::EndVisit = req.json()?;
    let result = match said.result {
        s::VisitResultShape::Sold => VisitResult::Sold,
        s::VisitResultShape::BeBack { on_ms } => VisitResult::BeBack { on: on_ms.map(At) },
        s::VisitResultShape::Unsold { why } => VisitResult::Unsold { why },
        s::VisitResultShape::Mistake => VisitResult::Mistake,
    };
    visits::end(&ctx.rooms, id, result, said.note, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    one(&ctx, id)
}

pub async fn reopen(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = VisitId(req.param("id")?);
    visits::reopen(&ctx.rooms, id, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    one(&ctx, id)
}
