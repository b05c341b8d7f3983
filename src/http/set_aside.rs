//! What could not be understood, for somebody to look at.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::{domain::ids::SetAsideId, service::reads};

pub async fn list(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let before = req.query_as::<u64>("after")?.map(SetAsideId);
    Answer::json(&reads::set_aside_page(&ctx.rooms, before, req.page_rows()?).map_err(store_problem)?)
}

/// Always as a download of plain text: what a stranger sent is never shown as a page of ours.
pub async fn raw(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id: u64 = req.param("id")?;
    let bytes = reads::set_aside_bytes(&ctx.rooms, SetAsideId(id)).map_err(store_problem)?.ok_or_else(Problem::not_here)?;
    Ok(Answer::bytes("text/plain; charset=utf-8", bytes).download(&format!("set-aside-{id}.txt")))
}
