//! How the score is weighed, for those who answer for it.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::service::reads;

pub async fn model(ctx: Ctx<Front>, _req: Req) -> Result<Answer, Problem> {
    Answer::json(&reads::score_model(&ctx.rooms).map_err(store_problem)?)
}
