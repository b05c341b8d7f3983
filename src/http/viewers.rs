//! Who else is looking? A page says which customer it has open, and is told who else has.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::{
    domain::ids::CustomerId,
    service::viewers::{self, PageId},
};

pub async fn stay(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (customer, page) = (CustomerId(req.param("id")?), PageId(req.param("page")?));
    let others = viewers::stay(&ctx.rooms, customer, page, ctx.who()?.staff, ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&others.ok_or_else(Problem::not_here)?)
}

pub async fn leave(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (customer, page) = (CustomerId(req.param("id")?), PageId(req.param("page")?));
    viewers::leave(&ctx.rooms, customer, page, ctx.who()?.staff, ctx.clock.now());
    Ok(Answer::nothing())
}
