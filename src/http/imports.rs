//! Files a store brings along.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
    routes::Words,
};
use crate::{
    domain::{ids::ImportId, import_run::ImportKind},
    service::{imports, reads},
};
use hyper::StatusCode;

pub const KINDS: &Words<ImportKind> = &[
    ("customers", ImportKind::Customers),
    ("deals", ImportKind::Deals),
    ("repair-orders", ImportKind::RepairOrders),
    ("inventory", ImportKind::Inventory),
];

pub async fn begin(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let kind = req.needed_word("kind", KINDS)?;
    let file = req.file_name().unwrap_or_else(|| "upload".to_owned());
    let begun = imports::run(&ctx.rooms, kind, file, req.bytes().to_vec(), Some(ctx.who()?.staff), ctx.clock.now()).await.map_err(store_problem)?;
    let id = begun.map_err(|sentence| Problem::unusable("not-readable", sentence))?;
    let run = reads::import(&ctx.rooms, id).map_err(store_problem)?.ok_or_else(Problem::not_here)?;
    Ok(Answer::json(&run)?.status(StatusCode::ACCEPTED))
}

pub async fn list(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let before = req.query_as::<u64>("after")?.map(ImportId);
    Answer::json(&reads::imports_page(&ctx.rooms, before, req.page_rows()?).map_err(store_problem)?)
}

pub async fn one(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let run = reads::import(&ctx.rooms, ImportId(req.param("id")?)).map_err(store_problem)?;
    Answer::json(&run.ok_or_else(Problem::not_here)?)
}
