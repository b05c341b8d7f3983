//! Feeds of the lot: set, read, taken all the same, taken back; and where one car stands.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::{
    domain::{
        ids::{CustomerId, FeedId, VehicleId},
        time::At,
        vehicle::LotSaid,
    },
    service::{
        feeds::{self, Brought, Refusal, Setting},
        reads, shapes as s,
        standing::{self, Refusal as Unsaid},
    },
};
use hyper::StatusCode;

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NotThere => Problem::not_here(),
        Refusal::NameTaken => Problem::conflict("name-taken", "Another feed is called so already."),
        Refusal::TooMany => Problem::conflict("too-many-feeds", format!("There are {} feeds already; give one up first.", feeds::MOST)),
        Refusal::Unusable(sentence) => Problem::unusable("feed", sentence),
        Refusal::Conflict(sentence) => Problem::conflict("changed-since", sentence),
    }
}

fn id(req: &Req) -> Result<FeedId, Problem> {
    Ok(FeedId(req.param("id")?))
}

fn page(ctx: &Ctx<Front>, id: FeedId) -> Result<s::FeedPage, Problem> {
    reads::feed(&ctx.rooms, id).map_err(store_problem)?.ok_or_else(Problem::not_here)
}

pub async fn list(ctx: Ctx<Front>, _: Req) -> Result<Answer, Problem> {
    Answer::json(&reads::feeds(&ctx.rooms).map_err(store_problem)?)
}

pub async fn one(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    Answer::json(&page(&ctx, id(&req)?)?)
}

pub async fn add(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    Ok(set_as(&ctx, &req, None).await?.status(StatusCode::CREATED))
}

pub async fn set(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = id(&req)?;
    set_as(&ctx, &req, Some(id)).await
}

async fn set_as(ctx: &Ctx<Front>, req: &Req, id: Option<FeedId>) -> Result<Answer, Problem> {
    let s::SetFeed { name, covers, patience, most_gone_percent } = req.json()?;
    let setting = Setting { name, covers, patience, most_gone_percent };
    let id = feeds::set(&ctx.rooms, id, setting, Some(ctx.asked(req)?), ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    Answer::json(&page(ctx, id)?)
}

pub async fn remove(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let by = ctx.who()?.staff;
    feeds::remove(&ctx.rooms, id(&req)?, by, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    list(ctx, req).await
}

/// A snapshot out of a browser. One that is refused is kept where the page shows it, so it is an answer like any other.
pub async fn bring(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, asked) = (id(&req)?, ctx.asked(&req)?);
    let file = req.file_name().unwrap_or_else(|| "upload".to_owned());
    let brought = feeds::bring(&ctx.rooms, id, file, req.bytes().to_vec(), Some(asked), ctx.clock.now()).await;
    let brought = brought.map_err(store_problem)?.map_err(refused)?;
    Answer::json(&s::BroughtFeed { again: brought == Brought::Again, page: page(&ctx, id)? })
}

pub async fn take_anyway(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, asked) = (id(&req)?, ctx.asked(&req)?);
    feeds::take_anyway(&ctx.rooms, id, asked, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    Answer::json(&page(&ctx, id)?)
}

pub async fn undo(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, asked) = (id(&req)?, ctx.asked(&req)?);
    feeds::undo(&ctx.rooms, id, asked, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    Answer::json(&page(&ctx, id)?)
}

fn unsaid(refusal: Unsaid) -> Problem {
    match refusal {
        Unsaid::NotThere => Problem::not_here(),
        Unsaid::NotOnLot => Problem::conflict("not-on-lot", "The car is sold, or was never on the lot."),
        Unsaid::NothingToUndo => Problem::conflict("nothing-to-undo", "Nothing that somebody said of it stands any more."),
        Unsaid::Unusable(sentence) => Problem::unusable("standing", sentence),
    }
}

pub async fn say_standing(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let car = VehicleId(req.param("id")?);
    let said = match req.json()? {
        s::SayStanding::Held { customer, until_ms, note } => {
            let note = note.split_whitespace().collect::<Vec<_>>().join(" ");
            LotSaid::Held { customer: customer.map(CustomerId), until: until_ms.map(At), note }
        }
        s::SayStanding::Recon { step } => LotSaid::Recon { step },
        s::SayStanding::Inbound { due_ms } => LotSaid::Inbound { due: due_ms.map(At) },
        s::SayStanding::Back => LotSaid::Back,
    };
    standing::say(&ctx.rooms, car, said, ctx.asked(&req)?, ctx.clock.now()).await.map_err(store_problem)?.map_err(unsaid)?;
    super::vehicles::page(ctx, req).await
}

pub async fn undo_standing(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let car = VehicleId(req.param("id")?);
    standing::undo(&ctx.rooms, car, ctx.asked(&req)?, ctx.clock.now()).await.map_err(store_problem)?.map_err(unsaid)?;
    super::vehicles::page(ctx, req).await
}
