//! Lists somebody wants to come back to.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::{
    domain::{ids::SavedViewId, saved_view::Keeper},
    service::{
        saved_views::{self, By, MOST, NAME_MOST_CHARS, Refusal, WORDS_MOST_CHARS, Wanted},
        shapes::SaveView,
    },
};
use hyper::StatusCode;

pub async fn list(ctx: Ctx<Front>, _req: Req) -> Result<Answer, Problem> {
    Answer::json(&saved_views::all(&ctx.rooms, by(&ctx)?).map_err(store_problem)?)
}

pub async fn add(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let me = by(&ctx)?;
    let key = req.idempotency_key()?.map(str::to_owned);
    let added = saved_views::add(&ctx.rooms, me, wanted(me, &req)?, key, ctx.clock.now()).await.map_err(store_problem)?;
    Ok(Answer::json(&added.map_err(refusal)?)?.status(StatusCode::CREATED))
}

pub async fn change(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let me = by(&ctx)?;
    let key = req.idempotency_key()?.map(str::to_owned);
    let changed = saved_views::change(&ctx.rooms, me, SavedViewId(req.param("id")?), wanted(me, &req)?, key).await.map_err(store_problem)?;
    Answer::json(&changed.map_err(refusal)?)
}

pub async fn remove(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    saved_views::remove(&ctx.rooms, by(&ctx)?, SavedViewId(req.param("id")?)).await.map_err(store_problem)?.map_err(refusal)?;
    Ok(Answer::nothing())
}

fn by(ctx: &Ctx<Front>) -> Result<By, Problem> {
    let who = ctx.who()?;
    Ok(By { staff: who.staff, role: who.role })
}

fn wanted(me: By, req: &Req) -> Result<Wanted, Problem> {
    let SaveView { list, name, words, shared } = req.json()?;
    Ok(Wanted { list, name, words, keeper: if shared { Keeper::Store } else { Keeper::One(me.staff) } })
}

fn refusal(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NoName => Problem::unusable("name", format!("A view needs a name of 1 to {NAME_MOST_CHARS} letters.")),
        Refusal::NoWords => Problem::unusable("words", format!("A view's filter has at most {WORDS_MOST_CHARS} letters.")),
        Refusal::TooMany => Problem::conflict("too-many-views", format!("There are {MOST} saved views here already. Remove one first.")),
        Refusal::NameTaken => Problem::conflict("name-taken", "There is a view by that name already. Choose another name, or change that one."),
        Refusal::NotYours => Problem::not_yours(),
        Refusal::NotHere => Problem::not_here(),
    }
}
