//! The one box.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::service::lists;

pub async fn find(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    const HITS_USUAL: usize = 10;
    let limit = req.query_as::<usize>("limit")?.unwrap_or(HITS_USUAL).clamp(1, 50);
    Answer::json(&lists::search(&ctx.rooms, req.query("q").unwrap_or(""), limit).map_err(store_problem)?)
}
