//! Is it alive, is it ready, how is it doing?

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::service::{reads, soundness};

/// The process answers.
pub async fn healthz(_: Ctx<Front>, _: Req) -> Result<Answer, Problem> {
    Ok(Answer::text("ok\n"))
}

/// A read and a write went through the store just now; and whether the last nightly look found all of it whole.
pub async fn readyz(ctx: Ctx<Front>, _: Req) -> Result<Answer, Problem> {
    reads::is_ready(&ctx.rooms).await.map_err(store_problem)?;
    Ok(Answer::text(match soundness::of(&ctx.rooms).map_err(store_problem)? {
        Some(finding) if finding.damaged > 0 => "ready, but some records are damaged; run `headlight check`\n",
        Some(_) | None => "ready\n",
    }))
}

/// Counters as Prometheus text. No personal data, no names.
pub async fn metrics(ctx: Ctx<Front>, _: Req) -> Result<Answer, Problem> {
    if let Some(finding) = soundness::of(&ctx.rooms).map_err(store_problem)? {
        ctx.metrics.looked_over(finding.at.0 / 1_000, finding.damaged);
    }
    Ok(ctx.metrics.text())
}
