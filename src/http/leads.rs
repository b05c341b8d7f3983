//! What the store's own people take down, and what they say is no lead.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
    visits,
};
use crate::{
    domain::{
        ids::{CustomerId, LeadId, StaffId, VehicleId},
        time::At,
    },
    service::{
        leads::{self, From, Heard, Refusal},
        reads, shapes as s,
    },
};

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NotThere => Problem::not_here(),
        Refusal::NobodyByThatId => Problem::unusable("lead", "Nobody of that number works here."),
        Refusal::AlreadyAside => Problem::conflict("already-aside", "It was set aside for another reason already."),
        Refusal::NotAside => Problem::conflict("not-aside", "It was not set aside."),
        Refusal::Unusable(sentence) => Problem::unusable("lead", sentence),
    }
}

pub async fn take_down(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (asked, now) = (ctx.asked(&req)?, ctx.clock.now());
    let said: s::TakeDown = req.json()?;
    let from = match (said.customer, said.person) {
        (Some(customer), None) => From::Customer(CustomerId(customer)),
        (None, Some(person)) => From::Person(Box::new(visits::person(person, "lead", now)?)),
        (Some(_), Some(_)) | (None, None) => {
            return Err(Problem::unusable("lead", "A lead is from a customer, or from somebody who is described."));
        }
    };
    let heard = Heard {
        from,
        road: said.road,
        vehicle: said.vehicle.map(VehicleId),
        words: said.words,
        to: said.to.map_or(asked.by, StaffId),
        spoke: said.spoke,
        follow_up: said.follow_up.map(|next| (At(next.due_ms), next.what)),
    };
    let taken = leads::take_down(&ctx.rooms, heard, asked, now).await.map_err(store_problem)?.map_err(refused)?;
    Answer::json(&reads::taken_down(&ctx.rooms, taken).map_err(store_problem)?.ok_or_else(Problem::not_here)?)
}

pub async fn put_aside(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = LeadId(req.param("id")?);
    let s::PutLeadAside { why } = req.json()?;
    leads::put_aside(&ctx.rooms, id, why, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    Ok(Answer::nothing())
}

pub async fn restore(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = LeadId(req.param("id")?);
    leads::restore(&ctx.rooms, id, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    Ok(Answer::nothing())
}
