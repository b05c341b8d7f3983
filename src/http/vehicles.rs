//! The lot, and one car.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
    routes::Words,
};
use crate::{
    domain::ids::VehicleId,
    service::{
        lists::{self, LotSort, LotView},
        reads,
    },
};

pub const VIEWS: &Words<LotView> =
    &[("all", LotView::All), ("hot", LotView::Hot), ("aging", LotView::Aging), ("new", LotView::New), ("no_photos", LotView::NoPhotos)];
pub const SORTS: &Words<LotSort> = &[("hot", LotSort::Hot), ("age", LotSort::Age), ("price", LotSort::Price), ("looks", LotSort::Looks)];

pub async fn list(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let view = req.query_word("view", VIEWS)?;
    let sort = req.query_word("sort", SORTS)?;
    let offset = req.query_as::<usize>("after")?.unwrap_or(0);
    let page = lists::lot(&ctx.rooms, view, req.query("q").unwrap_or(""), sort, offset, req.page_rows()?, ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&page)
}

pub async fn page(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let page = reads::vehicle_page(&ctx.rooms, VehicleId(req.param("id")?), ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&page.ok_or_else(Problem::not_here)?)
}
