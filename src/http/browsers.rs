//! Browsers that are taken for a customer's, and links by which they are known.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::{
    domain::ids::{CustomerId, VisitorId},
    service::{browsers, links, reads, shapes as s},
};

fn asked(req: &Req) -> Result<(CustomerId, VisitorId), Problem> {
    Ok((CustomerId(req.param("id")?), VisitorId(req.param("browser")?)))
}

fn page(ctx: &Ctx<Front>, id: CustomerId, is_there: bool) -> Result<Answer, Problem> {
    let page = reads::customer_page(&ctx.rooms, id, ctx.who()?.staff, ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&page.filter(|_| is_there).ok_or_else(Problem::not_here)?)
}

pub async fn part(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, browser) = asked(&req)?;
    let is_there = browsers::part(&ctx.rooms, id, browser, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?;
    page(&ctx, id, is_there)
}

pub async fn give_back(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, browser) = asked(&req)?;
    let is_there = browsers::give_back(&ctx.rooms, id, browser, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?;
    page(&ctx, id, is_there)
}

pub async fn link(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, said) = (CustomerId(req.param("id")?), req.json::<s::LinkTo>()?);
    let address = links::address(&ctx.rooms, id, &said.address, ctx.clock.now()).map_err(store_problem)?.ok_or_else(Problem::not_here)?;
    let address = address.map_err(|sentence| Problem::unusable("address", sentence))?;
    Answer::json(&s::MarkedLink { address, good_for_days: u32::try_from(links::GOOD_FOR_MS / crate::domain::time::DAY_MS).unwrap_or(u32::MAX) })
}
