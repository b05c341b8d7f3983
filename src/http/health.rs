//! Is it alive, is it ready, how is it doing?

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::service::reads;

/// The process answers.
pub async fn healthz(_: Ctx<Front>, _: Req) -> Result<Answer, Problem> {
    Ok(Answer::text("ok\n"))
}

/// A read and a write went through the store just now.
pub async fn readyz(ctx: Ctx<Front>, _: Req) -> Result<Answer, Problem> {
    reads::is_ready(&ctx.rooms).await.map_err(store_problem)?;
    Ok(Answer::text("ready\n"))
}

/// Counters as Prometheus text. No personal data, no names.
pub async fn metrics(ctx: Ctx<Front>, _: Req) -> Result<Answer, Problem> {
    Ok(ctx.metrics.text())
}
