//! The one box.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
    routes::ParamKind,
};
use crate::service::lists;

pub const HITS: ParamKind = ParamKind::Whole { least: 1, most: HITS_MOST as u64, usual: Some(HITS_USUAL as u64) };
const HITS_USUAL: usize = 10;
const HITS_MOST: usize = 100;

pub async fn find(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let limit = req.query_as::<usize>("limit")?.unwrap_or(HITS_USUAL).clamp(1, HITS_MOST);
    Answer::json(&lists::search(&ctx.rooms, req.query("q").unwrap_or(""), limit).map_err(store_problem)?)
}
