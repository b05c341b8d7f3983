//! The store's rules: read, set, and tried out without setting.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::{
    domain::{alert::RuleKind, rule_setting::RuleSetting},
    service::{
        rules::{self, Refusal},
        shapes::SetRule,
    },
};

fn rule(req: &Req) -> Result<RuleKind, Problem> {
    let word: String = req.param("rule")?;
    serde_json::from_value(serde_json::Value::String(word)).map_err(|_| Problem::not_here())
}

fn wanted(req: &Req) -> Result<RuleSetting, Problem> {
    Ok(req.json::<SetRule>()?.into())
}

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NotThere => Problem::not_here(),
        Refusal::Unusable(sentence) => Problem::unusable("rule", sentence),
        Refusal::ChangedSince(by) => {
            let who = by.as_deref().unwrap_or("Somebody");
            Problem::conflict("changed-since", format!("{who} set this rule meanwhile. Look at it again, then set it."))
        }
    }
}

pub async fn list(ctx: Ctx<Front>, _: Req) -> Result<Answer, Problem> {
    Answer::json(&rules::all(&ctx.rooms, ctx.clock.now()).map_err(store_problem)?)
}

pub async fn set(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (rule, asked, now) = (rule(&req)?, ctx.asked(&req)?, ctx.clock.now());
    rules::set(&ctx.rooms, rule, wanted(&req)?, req.seen(), asked, now).await.map_err(store_problem)?.map_err(refused)?;
    let set = rules::one(&ctx.rooms, rule, now).map_err(store_problem)?;
    Answer::json(&set.ok_or_else(Problem::not_here)?)
}

pub async fn matches(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let found = rules::matches(&ctx.rooms, rule(&req)?, wanted(&req)?, ctx.clock.now()).await.map_err(store_problem)?;
    Answer::json(&found.map_err(refused)?)
}
