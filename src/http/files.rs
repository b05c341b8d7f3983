//! Photos and documents of a customer: added, opened, taken away.

use super::{
    answer::Answer,
    customers,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::{
    domain::ids::{CustomerId, FileId},
    service::{
        files::{self, Brought, FILE_MOST_BYTES, NAME_MOST_CHARS, Refusal},
        reads,
    },
};
use hyper::StatusCode;

pub async fn add(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let bytes = req.bytes().clone();
    if bytes.is_empty() {
        return Err(Problem::unusable("file", format!("The file is empty. A file has 1 byte to {} MB.", FILE_MOST_BYTES >> 20)));
    }
    let name: String = req.file_name().unwrap_or_else(|| "File".to_owned()).chars().take(NAME_MOST_CHARS).collect();
    let key = req.idempotency_key()?.map(str::to_owned);
    let me = customers::me(&ctx)?;
    let brought = Brought { name, bytes };
    let added = files::add(&ctx.rooms, CustomerId(req.param("id")?), me.staff, brought, key, ctx.clock.now()).await.map_err(store_problem)?;
    let (place, row) = added.ok_or_else(Problem::not_here)?;
    Ok(Answer::json(&reads::story_line(&ctx.rooms, place, row, me).map_err(store_problem)?)?.status(StatusCode::CREATED))
}

/// Pictures are shown; everything else is only saved. Whatever the bytes are, they are no page of ours: no script, no frame, no request.
pub async fn open(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (held, bytes) = reads::file(&ctx.rooms, FileId(req.param("id")?)).map_err(store_problem)?.ok_or_else(Problem::not_here)?;
    let answer = Answer::bytes(held.kind.content_type(), bytes).sandboxed();
    Ok(if held.kind.is_picture() { answer.inline(&held.name) } else { answer.download(&held.name) })
}

pub async fn remove(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let me = customers::me(&ctx)?;
    let removed = files::remove(&ctx.rooms, FileId(req.param("id")?), me.staff, me.role, ctx.clock.now()).await.map_err(store_problem)?;
    removed.map(|()| Answer::nothing()).map_err(|refusal| match refusal {
        Refusal::NotHere => Problem::not_here(),
        Refusal::NotYours => Problem::not_yours(),
    })
}
