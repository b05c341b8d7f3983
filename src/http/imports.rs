//! Files a store brings along: brought, matched, rehearsed, run, taken back.

use super::{
    answer::Answer,
    customers::sheet_answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
    routes::Words,
};
use crate::{
    domain::{
        ids::ImportId,
        import_run::{ImportKind, ImportedRow, RowDid, RowTakenBack},
    },
    service::{
        imports, reads,
        shapes::{Mapping, MendRow},
        sheets,
    },
};
use hyper::StatusCode;

pub const KINDS: &Words<Option<ImportKind>> = &[
    ("auto", None),
    ("customers", Some(ImportKind::Customers)),
    ("deals", Some(ImportKind::Deals)),
    ("repair-orders", Some(ImportKind::RepairOrders)),
    ("appointments", Some(ImportKind::Appointments)),
    ("inventory", Some(ImportKind::Inventory)),
];

/// Which rows of an import.
pub const WHICH: &Words<fn(&ImportedRow) -> bool> = &[
    ("held-back", |row| row.did == RowDid::HeldBack),
    ("odd", |row| row.did != RowDid::HeldBack && !row.problems.is_empty()),
    ("kept", |row| matches!(row.taken_back, Some(RowTakenBack::Kept { .. }))),
    ("failed", |row| matches!(row.taken_back, Some(RowTakenBack::Failed { .. } | RowTakenBack::Unknown))),
];

fn id(req: &Req) -> Result<ImportId, Problem> {
    Ok(ImportId(req.param("id")?))
}

fn refused(sentence: String) -> Problem {
    Problem::unusable("import", sentence)
}

fn shown(ctx: &Ctx<Front>, id: ImportId) -> Result<Answer, Problem> {
    let draft = reads::import(&ctx.rooms, id, ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&draft.ok_or_else(Problem::not_here)?)
}

pub async fn bring(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let kind = req.query_word("kind", KINDS)?;
    let file = req.file_name().unwrap_or_else(|| "upload".to_owned());
    let asked = Some(ctx.asked(&req)?);
    let brought = imports::bring(&ctx.rooms, kind, file, req.bytes().to_vec(), asked, ctx.clock.now()).await.map_err(store_problem)?;
    let id = brought.map_err(|sentence| Problem::unusable("not-readable", sentence))?;
    ctx.rooms.hub.nudge_imports();
    Ok(shown(&ctx, id)?.status(StatusCode::CREATED))
}

pub async fn list(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let before = req.query_as::<u64>("after")?.map(ImportId);
    Answer::json(&reads::imports_page(&ctx.rooms, before, req.page_rows()?, ctx.clock.now()).map_err(store_problem)?)
}

pub async fn one(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    shown(&ctx, id(&req)?)
}

pub async fn rows(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let which = req.query_word("which", WHICH)?;
    let after = req.query_as::<u64>("after")?;
    Answer::json(&reads::import_rows(&ctx.rooms, id(&req)?, which, after, req.page_rows()?).map_err(store_problem)?)
}

/// The rows held back, for whoever mends them in a spreadsheet.
pub async fn held_back(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = id(&req)?;
    let sheet = sheets::held_back(&ctx.rooms, id).map_err(store_problem)?.ok_or_else(Problem::not_here)?;
    tracing::info!(staff.id = ctx.who()?.staff.0, import.id = id.0, rows = sheet.rows, "rows held back are given out as a spreadsheet");
    Ok(sheet_answer(sheet, &format!("held-back-{id}.csv")))
}

pub async fn rematch(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, mapping): (ImportId, Mapping) = (id(&req)?, req.json()?);
    let asked = ctx.asked(&req)?;
    let matched = ctx.rooms.store.write(move |tx| asked.once(tx, "match import", || imports::replan(tx, id, mapping.clone())));
    matched.await.map_err(store_problem)?.map_err(refused)?;
    ctx.rooms.hub.nudge_imports();
    shown(&ctx, id)
}

pub async fn mend(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, line): (ImportId, u64) = (id(&req)?, req.param("line")?);
    let said: MendRow = req.json()?;
    let cells: Vec<(u32, String)> = said.cells.into_iter().map(|c| (c.place, c.text)).collect();
    let asked = ctx.asked(&req)?;
    let mended = ctx.rooms.store.write(move |tx| asked.once(tx, "mend import", || imports::fix(tx, id, line, &cells)));
    mended.await.map_err(store_problem)?.map_err(refused)?;
    ctx.rooms.hub.nudge_imports();
    shown(&ctx, id)
}

pub async fn run(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = id(&req)?;
    imports::begin(&ctx.rooms, id, Some(ctx.asked(&req)?), ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    Ok(shown(&ctx, id)?.status(StatusCode::ACCEPTED))
}

pub async fn take_back(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = id(&req)?;
    imports::order_back(&ctx.rooms, id, ctx.asked(&req)?, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    ctx.rooms.hub.nudge_imports();
    Ok(shown(&ctx, id)?.status(StatusCode::ACCEPTED))
}

pub async fn discard(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = id(&req)?;
    let asked = ctx.asked(&req)?;
    let discarded = ctx.rooms.store.write(move |tx| asked.once(tx, "discard import", || Ok(imports::discard(tx, id)?.then_some(()).ok_or(()))));
    discarded.await.map_err(store_problem)?.map(|()| Answer::nothing()).map_err(|()| Problem::not_here())
}
