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
        ids::{CustomerId, MergeId, PartId, Seq},
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
        Refusal::DoneSince(sentence) => Problem::conflict("changed-since", sentence),
        Refusal::NotYours => Problem::not_yours(),
        Refusal::Conflict(_) => Problem::new(StatusCode::CONFLICT, "edit-conflict", "Somebody changed this meanwhile."),
    }
}

fn page(ctx: &Ctx<Front>, id: CustomerId) -> Result<s::CustomerPage, Problem> {
    let page = reads::customer_page(&ctx.rooms, id, ctx.who()?.staff, ctx.clock.now()).map_err(store_problem)?;
    page.ok_or_else(Problem::not_here)
}

pub async fn edit(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, asked) = (customer(&req)?, ctx.asked(&req)?);
    let changes = details::read_changes(req.json()?).map_err(unusable)?;
    births_by_few(&ctx, changes.iter().map(|change| &change.edit))?;
    let seen = req.seen();
    match edits::edit(&ctx.rooms, id, seen, changes, asked, ctx.clock.now()).await.map_err(store_problem)? {
        Ok(undo) => Answer::json(&s::EditedCustomer { page: page(&ctx, id)?, undo }),
        Err(Refusal::Conflict(conflicts)) => {
            let shown = reads::edit_conflict(&ctx.rooms, &conflicts).map_err(store_problem)?;
            Ok(Answer::json(&shown)?.status(StatusCode::CONFLICT))
        }
        Err(other) => Err(refused(other)),
    }
}

pub async fn undo(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, edit, who) = (customer(&req)?, req.param("edit")?, ctx.who()?);
    let undone = edits::undo_edit(&ctx.rooms, id, edit, who.staff, who.role, ctx.clock.now()).await.map_err(store_problem)?;
    undone.map_err(refused)?;
    Answer::json(&page(&ctx, id)?)
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
    let (id, asked) = (customer(&req)?, ctx.asked(&req)?);
    let said: s::MergeWith = req.json()?;
    let choices = said.choices.into_iter().map(details::read).collect::<Result<Vec<_>, _>>().map_err(unusable)?;
    births_by_few(&ctx, choices.iter())?;
    let merged = edits::merge(&ctx.rooms, id, CustomerId(said.other), choices, asked, ctx.clock.now()).await.map_err(store_problem)?;
    let merge = merged.map_err(refused)?.map(|m| m.0);
    Answer::json(&s::Merged { customer: id.0, merge })
}

pub async fn unmerge(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let undone = edits::unmerge(&ctx.rooms, MergeId(req.param("id")?), ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?;
    apart(&undone.map_err(refused)?, None)
}

pub async fn separate(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, part, asked) = (customer(&req)?, PartId(req.param("part")?), ctx.asked(&req)?);
    let parted = edits::separate(&ctx.rooms, id, part, asked, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    apart(&parted.customers, parted.undo)
}

fn apart(customers: &[CustomerId], undo: Option<Seq>) -> Result<Answer, Problem> {
    Answer::json(&s::Apart { customers: customers.iter().map(|c| c.0).collect(), undo: undo.map(|seq| seq.0) })
}

pub async fn keep_apart(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, asked) = (customer(&req)?, ctx.asked(&req)?);
    let said: s::ApartFrom = req.json()?;
    let kept = edits::keep_apart(&ctx.rooms, id, CustomerId(said.other), asked, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    apart(&kept.customers, kept.undo)
}

pub async fn undo_parting(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let undone = edits::undo_parting(&ctx.rooms, Seq(req.param("id")?), ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?;
    apart(&undone.map_err(refused)?, None)
}

pub async fn bulk(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let said: s::BulkEdit = req.json()?;
    let edit = details::read(said.edit).map_err(unusable)?;
    let ids = said.ids.into_iter().map(CustomerId).collect();
    let asked = ctx.asked(&req)?;
    let done = edits::bulk(&ctx.rooms, ids, edit, asked, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
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
    edits::define_field(&ctx.rooms, field, ctx.asked(&req)?, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    fields(ctx, req).await
}

pub async fn drop_field(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let key: String = req.param("key")?;
    edits::drop_field(&ctx.rooms, key, ctx.asked(&req)?, ctx.clock.now()).await.map_err(store_problem)?.map_err(refused)?;
    fields(ctx, req).await
}
