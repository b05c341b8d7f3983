//! What people of the store say of a customer by hand: values, tags, who is one with whom, the store's own fields.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::{
    domain::{
        edit::Edit,
        field::Field,
        ids::{CustomerId, MergeId, PartId},
    },
    service::{
        details,
        edits::{self, Refusal},
        lists, reads, shapes as s,
    },
};
use hyper::StatusCode;

fn customer(req: &Req) -> Result<CustomerId, Problem> {
    Ok(CustomerId(req.param("id")?))
}

fn unusable(sentence: String) -> Problem {
    Problem::unusable("edit", sentence)
}

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NotThere => Problem::not_here(),
        Refusal::Unusable(sentence) => unusable(sentence),
        Refusal::Conflict(_) => Problem::new(StatusCode::CONFLICT, "edit-conflict", "Somebody changed this meanwhile."),
    }
}

fn page(ctx: &Ctx<Front>, id: CustomerId) -> Result<Answer, Problem> {
    let page = reads::customer_page(&ctx.rooms, id, ctx.who()?.staff, ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&page.ok_or_else(Problem::not_here)?)
}

pub async fn edit(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, by) = (customer(&req)?, ctx.who()?.staff);
    let changes = details::read_changes(req.json()?).map_err(unusable)?;
    births_by_few(&ctx, changes.iter().map(|change| &change.edit))?;
    let seen = req.header("if-match").map(|tag| tag.trim_matches('"').to_owned());
    let key = req.idempotency_key()?.map(str::to_owned);
    match edits::edit(&ctx.rooms, id, seen, changes, by, key, ctx.clock.now()).await.map_err(store_problem)? {
        Ok(()) => page(&ctx, id),
        Err(Refusal::Conflict(conflicts)) => {
            let shown = reads::edit_conflict(&ctx.rooms, &conflicts).map_err(store_problem)?;
            Ok(Answer::json(&shown)?.status(StatusCode::CONFLICT))
        }
        Err(other) => Err(refused(other)),
    }
}

fn births_by_few<'e>(ctx: &Ctx<Front>, edits: impl Iterator<Item = &'e Edit>) -> Result<(), Problem> {
    let mut births = edits.filter(|edit| matches!(edit, Edit::Birth(_)));
    if births.next().is_some() && !ctx.who()?.role.may_see_births() {
        return Err(unusable("A day of birth is changed by managers, the owner and F&I.".to_owned()));
    }
    Ok(())
}

pub async fn preview(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let other = CustomerId(req.param("other")?);
    let may_see_births = ctx.who()?.role.may_see_births();
    let preview = reads::merge_preview(&ctx.rooms, customer(&req)?, other, may_see_births).map_err(store_problem)?;
    Answer::json(&preview.ok_or_else(Problem::not_here)?)
}

pub async fn merge(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, by) = (customer(&req)?, ctx.who()?.staff);
    let said: s::MergeWith = req.json()?;
    let choices = said.choices.into_iter().map(details::read).collect::<Result<Vec<_>, _>>().map_err(unusable)?;
    births_by_few(&ctx, choices.iter())?;
    let key = req.idempotency_key()?.map(str::to_owned);
    let merged = edits::merge(&ctx.rooms, id, CustomerId(said.other), choices, by, key, ctx.clock.now()).await.map_err(store_problem)?;
    let merge = merged.map_err(refused)?.map(|m| m.0);
    Answer::json(&s::Merged { customer: id.0, merge })
}

pub async fn unmerge(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let undone = edits::unmerge(&ctx.rooms, MergeId(req.param("id")?), ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?;
    apart(&undone.map_err(refused)?)
}

pub async fn separate(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, part) = (customer(&req)?, PartId(req.param("part")?));
    let parted = edits::separate(&ctx.rooms, id, part, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?;
    apart(&parted.map_err(refused)?)
}

fn apart(customers: &[CustomerId]) -> Result<Answer, Problem> {
    Answer::json(&s::Apart { customers: customers.iter().map(|c| c.0).collect() })
}

pub async fn keep_apart(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, by) = (customer(&req)?, ctx.who()?.staff);
    let said: s::ApartFrom = req.json()?;
    edits::keep_apart(&ctx.rooms, id, CustomerId(said.other), by, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    apart(&[id, CustomerId(said.other)])
}

pub async fn bulk(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let said: s::BulkEdit = req.json()?;
    let edit = details::read(said.edit).map_err(unusable)?;
    let ids = said.ids.into_iter().map(CustomerId).collect();
    let key = req.idempotency_key()?.map(str::to_owned);
    let done = edits::bulk(&ctx.rooms, ids, edit, ctx.who()?.staff, key, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Answer::json(&s::BulkDone { id: done.id, changed: count(done.changed), unchanged: count(done.unchanged) })
}

pub async fn undo_bulk(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id: u64 = req.param("id")?;
    let undone = edits::undo_bulk(&ctx.rooms, id, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    Answer::json(&s::BulkDone { id, changed: u32::try_from(undone).unwrap_or(u32::MAX), unchanged: 0 })
}

pub async fn tags(ctx: Ctx<Front>, _: Req) -> Result<Answer, Problem> {
    Answer::json(&lists::tags(&ctx.rooms).map_err(store_problem)?)
}

pub async fn fields(ctx: Ctx<Front>, _: Req) -> Result<Answer, Problem> {
    Answer::json(&reads::fields(&ctx.rooms).map_err(store_problem)?)
}

pub async fn define_field(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (key, said): (String, s::DefineField) = (req.param("key")?, req.json()?);
    let field = Field { key, label: said.label, kind: said.kind, choices: said.choices };
    edits::define_field(&ctx.rooms, field, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    fields(ctx, req).await
}

pub async fn drop_field(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let key: String = req.param("key")?;
    edits::drop_field(&ctx.rooms, key, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    fields(ctx, req).await
}
