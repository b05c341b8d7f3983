//! What could not be understood, for somebody to look at.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::{
    domain::ids::{LeadTemplateId, SetAsideId},
    formats::leads::Marked,
    service::{
        intake::{self, ReadAgain},
        lead_templates::{self, Refusal},
        reads, shapes as s,
    },
};

pub async fn list(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let before = req.query_as::<u64>("after")?.map(SetAsideId);
    Answer::json(&reads::set_aside_page(&ctx.rooms, before, req.page_rows()?).map_err(store_problem)?)
}

/// Always as a download of plain text: what a stranger sent is never shown as a page of ours.
pub async fn raw(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id: u64 = req.param("id")?;
    let bytes = reads::set_aside_bytes(&ctx.rooms, SetAsideId(id)).map_err(store_problem)?.ok_or_else(Problem::not_here)?;
    Ok(Answer::bytes("text/plain; charset=utf-8", bytes).download(&format!("set-aside-{id}.txt")))
}

pub async fn one(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = SetAsideId(req.param("id")?);
    Answer::json(&reads::set_aside_one(&ctx.rooms, id).map_err(store_problem)?.ok_or_else(Problem::not_here)?)
}

pub async fn read_again(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = SetAsideId(req.param("id")?);
    match intake::read_again(&ctx.rooms, id, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)? {
        ReadAgain::TakenUp { leads } => Answer::json(&s::ReadAgainShape { leads: leads as u64, not: None }),
        ReadAgain::Not(reason) => Answer::json(&s::ReadAgainShape { leads: 0, not: Some(reason) }),
        ReadAgain::NotThere => Err(Problem::not_here()),
    }
}

/// Learns, then reads the message again by what was learnt.
pub async fn teach(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = SetAsideId(req.param("id")?);
    let s::TeachLeads { source, marks } = req.json()?;
    let marks = marks.into_iter().map(|m| Marked { field: m.field, value: m.value }).collect();
    let (by, now) = (ctx.who()?.staff, ctx.clock.now());
    let taught = lead_templates::teach(&ctx.rooms, id, source, marks, by, now).await.map_err(store_problem)?;
    taught.map_err(|refusal| match refusal {
        Refusal::NotThere => Problem::not_here(),
        Refusal::TooMany => Problem::conflict("too-many-templates", format!("{} senders are known already; forget one first.", lead_templates::MOST)),
        Refusal::Unusable(sentence) => Problem::unusable("template", sentence),
    })?;
    read_again(ctx, req).await
}

pub async fn templates(ctx: Ctx<Front>, _: Req) -> Result<Answer, Problem> {
    Answer::json(&reads::lead_templates(&ctx.rooms).map_err(store_problem)?)
}

pub async fn forget(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let was = lead_templates::forget(&ctx.rooms, LeadTemplateId(req.param("id")?)).await.map_err(store_problem)?;
    if was { Ok(Answer::nothing()) } else { Err(Problem::not_here()) }
}
