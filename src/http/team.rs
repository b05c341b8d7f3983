//! Who works when, who is away, and who is asked for which leads.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::{
    domain::{ids::StaffId, ladder::Ladder, staff::Away, time::At},
    service::{
        ladders, reads, shapes as s,
        staff::{self, Refusal, Work},
    },
};

fn refused(refusal: &Refusal) -> Problem {
    match refusal {
        Refusal::NobodyByThatName => Problem::not_here(),
        Refusal::NameTaken | Refusal::NoName | Refusal::Unusable(_) => Problem::unusable("team", refusal.to_string()),
    }
}

pub async fn list(ctx: Ctx<Front>, _: Req) -> Result<Answer, Problem> {
    team(&ctx)
}

fn team(ctx: &Ctx<Front>) -> Result<Answer, Problem> {
    Answer::json(&reads::team(&ctx.rooms, ctx.clock.now()).map_err(store_problem)?)
}

pub async fn set_work(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = StaffId(req.param("id")?);
    let s::SetWork { schedule, skills } = req.json()?;
    staff::set_work(&ctx.rooms, id, Work { schedule, skills }, ctx.clock.now()).await.map_err(store_problem)?.map_err(|refusal| refused(&refusal))?;
    team(&ctx)
}

/// Of oneself, or of anybody by whoever manages.
async fn set_away(ctx: &Ctx<Front>, req: &Req, away: Option<Away>) -> Result<Answer, Problem> {
    let id = StaffId(req.param("id")?);
    let who = ctx.who()?;
    if who.staff != id && !who.role.manages() {
        return Err(Problem::not_yours());
    }
    staff::set_away(&ctx.rooms, id, away, ctx.clock.now()).await.map_err(store_problem)?.map_err(|refusal| refused(&refusal))?;
    team(ctx)
}

pub async fn say_away(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let s::AwayShape { from_ms, until_ms } = req.json()?;
    set_away(&ctx, &req, Some(Away { from: At(from_ms), until: At(until_ms) })).await
}

pub async fn say_back(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    set_away(&ctx, &req, None).await
}

fn ladder_refused(refusal: ladders::Refusal) -> Problem {
    match refusal {
        ladders::Refusal::NotThere => Problem::not_here(),
        ladders::Refusal::TooMany => {
            Problem::conflict("too-many-ladders", format!("{} sources have a ladder of their own already; take one away first.", ladders::MOST))
        }
        ladders::Refusal::ChangedSince(by) => {
            let who = by.as_deref().unwrap_or("Somebody");
            Problem::conflict("changed-since", format!("{who} set this ladder meanwhile. Look at it again, then set it."))
        }
        ladders::Refusal::Unusable(sentence) => Problem::unusable("ladder", sentence),
    }
}

pub async fn ladders(ctx: Ctx<Front>, _: Req) -> Result<Answer, Problem> {
    Answer::json(&reads::ladders(&ctx.rooms).map_err(store_problem)?)
}

pub async fn set_ladder(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let ladder: Ladder = req.json()?;
    let by = ctx.who()?.staff;
    ladders::set(&ctx.rooms, ladder, req.seen(), by, ctx.clock.now()).await.map_err(store_problem)?.map_err(ladder_refused)?;
    ladders(ctx, req).await
}

pub async fn remove_ladder(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let source = req.query("source").unwrap_or_default().to_owned();
    let by = ctx.who()?.staff;
    ladders::remove(&ctx.rooms, source, req.seen(), by, ctx.clock.now()).await.map_err(store_problem)?.map_err(ladder_refused)?;
    ladders(ctx, req).await
}
