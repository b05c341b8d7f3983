//! The command line beside a running server: one request over the socket in the data folder.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::service::operator::{self, Refusal};

/// Files for import come this way too.
pub const REQUEST_MOST_BYTES: usize = 400 << 20;

pub async fn perform(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let request: operator::Request = req.json()?;
    let done = operator::perform(&ctx.rooms, request, ctx.clock.now()).await.map_err(store_problem)?;
    let reply = done.map_err(|Refusal(sentence)| Problem::unusable("refused", sentence))?;
    Answer::json(&reply)
}
