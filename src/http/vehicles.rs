//! The lot, and one car.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::{
    domain::ids::VehicleId,
    service::{
        lists::{self, LotSort, LotView},
        reads,
    },
};

pub async fn list(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let view = match req.query("view").unwrap_or("all") {
        "all" => LotView::All,
        "hot" => LotView::Hot,
        "aging" => LotView::Aging,
        "new" => LotView::New,
        "no_photos" => LotView::NoPhotos,
        _ => return Err(Problem::unreadable("`view` is all, hot, aging, new or no_photos.")),
    };
    let sort = match req.query("sort").unwrap_or("hot") {
        "hot" => LotSort::Hot,
        "age" => LotSort::Age,
        "price" => LotSort::Price,
        "looks" => LotSort::Looks,
        _ => return Err(Problem::unreadable("`sort` is hot, age, price or looks.")),
    };
    let offset = req.query_as::<usize>("after")?.unwrap_or(0);
    let page = lists::lot(&ctx.rooms, view, req.query("q").unwrap_or(""), sort, offset, req.page_rows()?, ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&page)
}

pub async fn page(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let page = reads::vehicle_page(&ctx.rooms, VehicleId(req.param("id")?), ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&page.ok_or_else(Problem::not_here)?)
}
