//! Everything in one download, for the owner.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::service::export;

pub(super) async fn everything(ctx: Ctx<Front>, _: Req) -> Result<Answer, Problem> {
    let owner = ctx.who()?.staff;
    let download = export::download(&ctx.rooms, ctx.clock.now()).await.map_err(store_problem)?;
    tracing::info!(staff.id = owner.0, "the owner takes an export of everything");
    Ok(Answer::pieces("application/zip", download.pieces).download(&download.file))
}
