//! Customers who may be there twice: the list to decide on, and the search for them.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::{
    domain::ids::CustomerId,
    service::{duplicates, pairs, reads, shapes::ApartFrom},
};
use hyper::StatusCode;

pub async fn list(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let after = match req.query("after").filter(|t| !t.is_empty()) {
        None => None,
        Some(text) => Some(pairs::place(text).ok_or_else(|| Problem::unreadable("`after` is the `next` of an earlier page."))?),
    };
    Answer::json(&reads::duplicates(&ctx.rooms, after, req.page_rows()?).map_err(store_problem)?)
}

/// Takes back that two were said to be two people.
pub async fn leave_open(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let said: ApartFrom = req.json()?;
    let (one, other) = (CustomerId(req.param("id")?), CustomerId(said.other));
    let opened = duplicates::leave_open(&ctx.rooms, one, other, ctx.asked(&req)?, ctx.clock.now()).await.map_err(store_problem)?;
    opened.map(|()| Answer::nothing()).ok_or_else(Problem::not_here)
}

pub async fn scan(ctx: Ctx<Front>, _req: Req) -> Result<Answer, Problem> {
    let standing = duplicates::ask(&ctx.rooms, ctx.clock.now()).await.map_err(store_problem)?;
    Ok(Answer::json(&pairs::scan(&standing))?.status(StatusCode::ACCEPTED))
}
