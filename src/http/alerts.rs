//! The queue and its cards.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
    routes::Words,
};
use crate::{
    domain::{
        event::Answer as StaffSays,
        ids::{AlertId, StaffId},
        time::At,
    },
    service::{
        alerts::{self, Refusal},
        lists::Scope,
        reads,
        shapes::{DoneWith, HandOffTo, JudgeCard, Nothing, SnoozeUntil},
    },
};

pub const SCOPES: &Words<Scope> = &[("mine", Scope::Mine), ("store", Scope::Store), ("snoozed", Scope::Snoozed)];
/// A queue holds what stands open.
pub const STATES: &Words<()> = &[("open", ())];

pub async fn list(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let scope = req.query_word("scope", SCOPES)?;
    req.query_word("state", STATES)?;
    let after = req.query_as::<usize>("after")?.unwrap_or(0);
    let page = reads::alerts(&ctx.rooms, scope, ctx.who()?.staff, after, req.page_rows()?, ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&page)
}

pub async fn card(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    show(&ctx, AlertId(req.param("id")?))
}

fn show(ctx: &Ctx<Front>, id: AlertId) -> Result<Answer, Problem> {
    let card = reads::alert_card(&ctx.rooms, id, ctx.clock.now()).map_err(store_problem)?.ok_or_else(Problem::not_here)?;
    Answer::json(&card)
}

async fn say(ctx: Ctx<Front>, req: Req, says: StaffSays) -> Result<Answer, Problem> {
    let id = AlertId(req.param("id")?);
    let key = req.idempotency_key()?.map(str::to_owned);
    let said = alerts::answer(&ctx.rooms, id, ctx.who()?.staff, says, key, ctx.clock.now()).await.map_err(store_problem)?;
    said.map_err(refusal)?;
    show(&ctx, id)
}

fn refusal(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NotThere => Problem::not_here(),
        Refusal::AlreadyClaimed { name, ago_ms, .. } => Problem::conflict("already-claimed", format!("{name} took it {}.", ago(ago_ms))),
        Refusal::AlreadyClosed { by: Some(by) } => Problem::conflict("already-closed", format!("{by} has finished it.")),
        Refusal::AlreadyClosed { by: None } => Problem::conflict("already-closed", "It is closed: what it was about is no longer so."),
        Refusal::NotInTheFuture => Problem::unusable("until", "Snooze until a time in the next 60 days."),
        Refusal::NobodyByThatId => Problem::unusable("to", "Hand it to somebody who works here."),
        Refusal::NothingToUndo => Problem::conflict("nothing-to-undo", "There is nothing of yours to take back on this one."),
    }
}

fn ago(ms: i64) -> String {
    match ms / 1000 {
        s @ ..60 => format!("{} s ago", s.max(0)),
        s @ 60..3600 => format!("{} min ago", s / 60),
        s => format!("{} h ago", s / 3600),
    }
}

pub async fn claim(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let Nothing {} = req.json()?;
    say(ctx, req, StaffSays::Claimed).await
}

pub async fn snooze(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let said: SnoozeUntil = req.json()?;
    say(ctx, req, StaffSays::Snoozed { until: At(said.until_ms) }).await
}

pub async fn done(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    const TEXT_MOST: usize = 8_000;
    let said: DoneWith = req.json()?;
    if said.note.len() > TEXT_MOST || said.message.len() > TEXT_MOST {
        return Err(Problem::unusable("too-long", "A note or message has at most 8,000 bytes."));
    }
    say(ctx, req, StaffSays::Done { outcome: said.outcome, note: said.note, message: said.message }).await
}

pub async fn hand_off(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let said: HandOffTo = req.json()?;
    say(ctx, req, StaffSays::HandedOff { to: StaffId(said.to) }).await
}

pub async fn judge(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let id = AlertId(req.param("id")?);
    let said: JudgeCard = req.json()?;
    alerts::judge(&ctx.rooms, id, said.useful, ctx.who()?.staff, ctx.clock.now()).await.map_err(store_problem)?.map_err(refusal)?;
    show(&ctx, id)
}

pub async fn undo(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let Nothing {} = req.json()?;
    say(ctx, req, StaffSays::Undone).await
}
