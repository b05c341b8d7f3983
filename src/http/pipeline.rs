//! The sales under way: the board, the void, and what somebody says of one.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
    routes::Words,
};
use crate::{
    domain::{
        ids::{CustomerId, StaffId},
        opportunity::Said,
        time::At,
    },
    service::{
        pipeline::{self, Refusal},
        reads, shapes as s,
    },
};

/// Whose sales.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Store,
    Mine,
}

pub const WHOSE: &Words<Whose> = &[("store", Whose::Store), ("mine", Whose::Mine)];

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NotThere => Problem::not_here(),
        Refusal::NothingUnderWay => Problem::conflict("nothing-under-way", "No sale is under way with this customer, or it has ended."),
        Refusal::Unusable(sentence) => Problem::unusable("pipeline", sentence),
    }
}

fn owner(ctx: &Ctx<Front>, req: &Req) -> Result<Option<StaffId>, Problem> {
    Ok(match req.query_word("scope", WHOSE)? {
        Whose::Store => None,
        Whose::Mine => Some(ctx.who()?.staff),
    })
}

pub async fn board(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    Answer::json(&reads::board(&ctx.rooms, owner(&ctx, &req)?, req.page_rows()?, ctx.clock.now()).map_err(store_problem)?)
}

pub async fn void(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let after = req.query_as::<usize>("after")?.unwrap_or(0);
    Answer::json(&reads::void(&ctx.rooms, owner(&ctx, &req)?, after, req.page_rows()?, ctx.clock.now()).map_err(store_problem)?)
}

async fn say(ctx: &Ctx<Front>, req: &Req, said: Said) -> Result<Answer, Problem> {
    let (id, asked, now) = (CustomerId(req.param("id")?), ctx.asked(req)?, ctx.clock.now());
    let me = asked.by;
    pipeline::say(&ctx.rooms, id, said, asked, now).await.map_err(store_problem)?.map_err(refused)?;
    let page = reads::customer_page(&ctx.rooms, id, me, now).map_err(store_problem)?;
    Answer::json(&page.ok_or_else(Problem::not_here)?)
}

pub async fn say_stage(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let s::SayStage { stage, why } = req.json()?;
    say(&ctx, &req, Said::Stage { stage, why }).await
}

pub async fn undo_stage(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    say(&ctx, &req, Said::StageUndone).await
}

pub async fn say_lost(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let s::SayLost { why, note, again_ms } = req.json()?;
    say(&ctx, &req, Said::Lost { why, note, again: again_ms.map(At) }).await
}

pub async fn undo_lost(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    say(&ctx, &req, Said::LostUndone).await
}

pub async fn set_follow_up(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let s::SetFollowUp { due_ms, what } = req.json()?;
    say(&ctx, &req, Said::FollowUp { due: At(due_ms), what }).await
}

pub async fn clear_follow_up(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    say(&ctx, &req, Said::NoFollowUp).await
}

pub async fn undo_follow_up(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    say(&ctx, &req, Said::FollowUpUndone).await
}
