//! The lot, and one car.

use super::{
    answer::Answer,
    customers::sheet_answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
    routes::Words,
};
use crate::{
    domain::{feature::Feature, ids::VehicleId},
    service::{
        lot::{self, LotQuery, LotSort, LotView},
        reads,
        shapes::StatusWord,
        sheets,
    },
};
use std::ops::RangeInclusive;

pub const VIEWS: &Words<LotView> =
    &[("all", LotView::All), ("hot", LotView::Hot), ("aging", LotView::Aging), ("new", LotView::New), ("no_photos", LotView::NoPhotos)];
pub const SORTS: &Words<LotSort> = &[
    ("hot", LotSort::Hot),
    ("age", LotSort::Age),
    ("newest", LotSort::Newest),
    ("price", LotSort::Price),
    ("price_high", LotSort::PriceHigh),
    ("of_market", LotSort::OfMarket),
    ("of_market_high", LotSort::OfMarketHigh),
    ("looks", LotSort::Looks),
    ("shoppers", LotSort::Shoppers),
    ("miles", LotSort::Miles),
    ("name", LotSort::Name),
    ("status", LotSort::Status),
];
pub const STATUSES: &Words<Option<StatusWord>> = &[
    ("any", None),
    ("available", Some(StatusWord::Available)),
    ("hold", Some(StatusWord::Hold)),
    ("recon", Some(StatusWord::Recon)),
    ("inbound", Some(StatusWord::Inbound)),
    ("sold", Some(StatusWord::Sold)),
    ("missing", Some(StatusWord::Missing)),
];

/// From the first up to, but not with, the second.
type Band<N> = Option<(N, N)>;

/// Cents.
pub const PRICES: &Words<Band<i64>> = &[
    ("any", None),
    ("under_10k", Some((0, 1_000_000))),
    ("10k_20k", Some((1_000_000, 2_000_000))),
    ("20k_30k", Some((2_000_000, 3_000_000))),
    ("30k_50k", Some((3_000_000, 5_000_000))),
    ("over_50k", Some((5_000_000, i64::MAX))),
];
/// Days on the lot; the steps are those by which the trade counts.
pub const AGES: &Words<Band<u32>> = &[
    ("any", None),
    ("under_15", Some((0, 15))),
    ("15_30", Some((15, 30))),
    ("30_45", Some((30, 45))),
    ("45_60", Some((45, 60))),
    ("60_90", Some((60, 90))),
    ("over_90", Some((90, u32::MAX))),
];
/// Known shoppers.
pub const WATCHERS: &Words<Band<u32>> = &[("any", None), ("none", Some((0, 1))), ("some", Some((1, u32::MAX))), ("several", Some((3, u32::MAX)))];

fn within<N: Copy + std::ops::Sub<Output = N> + From<u8>>(band: Band<N>) -> Option<RangeInclusive<N>> {
    band.map(|(from, to)| from..=to - N::from(1))
}

/// The filter of the list, as the address says it.
fn wanted(req: &Req) -> Result<LotQuery, Problem> {
    let text = |name| req.query(name).unwrap_or("").to_owned();
    Ok(LotQuery {
        view: req.query_word("view", VIEWS)?,
        text: text("q"),
        status: req.query_word("status", STATUSES)?,
        make: text("make"),
        body: text("body"),
        price_cents: within(req.query_word("price", PRICES)?),
        age_days: within(req.query_word("age", AGES)?),
        year: req.query_as::<u16>("year")?,
        feature: feature(req)?,
        shoppers: within(req.query_word("watchers", WATCHERS)?),
        sort: req.query_word("sort", SORTS)?,
        offset: req.query_as::<usize>("after")?.unwrap_or(0),
        limit: req.page_rows()?,
    })
}

/// Equipment by its word; a word that is none finds nothing to be filtered by and is refused.
fn feature(req: &Req) -> Result<Option<Feature>, Problem> {
    let Some(word) = req.query("feature").filter(|word| !word.is_empty()) else { return Ok(None) };
    let known = Feature::ALL.iter().copied().find(|feature| feature.word() == word);
    known.map(Some).ok_or_else(|| Problem::unusable("filter", format!("There is no equipment called {word}.")))
}

pub async fn list(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    Answer::json(&lot::page(&ctx.rooms, &wanted(&req)?, ctx.clock.now()).map_err(store_problem)?)
}

/// All of the list for a spreadsheet.
pub async fn sheet(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let sheet = sheets::vehicles(&ctx.rooms, &wanted(&req)?, ctx.clock.now()).map_err(store_problem)?;
    tracing::info!(staff.id = ctx.who()?.staff.0, rows = sheet.rows, "a list of vehicles is given out as a spreadsheet");
    Ok(sheet_answer(sheet, "vehicles.csv"))
}

pub async fn choices(ctx: Ctx<Front>, _req: Req) -> Result<Answer, Problem> {
    Answer::json(&lot::choices(&ctx.rooms).map_err(store_problem)?)
}

pub async fn page(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let page = reads::vehicle_page(&ctx.rooms, VehicleId(req.param("id")?), ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&page.ok_or_else(Problem::not_here)?)
}
