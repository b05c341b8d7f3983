//! How a customer's cars stand, and what lenders said.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
    routes::Words,
};
use crate::{
    domain::{
        ids::{CustomerId, VehicleId},
        money::Cents,
        time::At,
    },
    service::{
        equity, finance,
        opportunities::{self, Kind},
        payoffs::{self, Refusal, Told},
        shapes as s,
    },
};

pub const KINDS: &Words<Kind> = &[
    ("equity", Kind::Equity),
    ("lease_end", Kind::LeaseEnd),
    ("loan_end", Kind::LoanEnd),
    ("warranty", Kind::Warranty),
    ("declined", Kind::Declined),
    ("no_owner", Kind::NoOwner),
];

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NotThere => Problem::not_here(),
        Refusal::Unusable(sentence) => Problem::unusable("payoff", sentence),
    }
}

fn page(ctx: &Ctx<Front>, id: CustomerId) -> Result<Answer, Problem> {
    let role = ctx.who()?.role;
    let page = equity::page(&ctx.rooms, id, role.sees_money(), ctx.clock.now()).map_err(store_problem)?;
    let page = page.ok_or_else(Problem::not_here)?;
    Answer::json(&s::EquityPage { cars: page.cars.into_iter().map(|car| car.seen_by(role)).collect(), ..page })
}

pub async fn of_customer(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    page(&ctx, CustomerId(req.param("id")?))
}

async fn say(ctx: &Ctx<Front>, req: &Req, told: Option<Told>) -> Result<Answer, Problem> {
    let (id, vehicle) = (CustomerId(req.param("id")?), VehicleId(req.param("vehicle")?));
    let (asked, now) = (ctx.asked(req)?, ctx.clock.now());
    payoffs::say(&ctx.rooms, id, vehicle, told, asked, now).await.map_err(store_problem)?.map_err(refused)?;
    page(ctx, id)
}

pub async fn say_payoff(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let said: s::SayPayoff = req.json()?;
    let told = Told { amount: Cents(said.amount_cents), good_through: said.good_through_ms.map(At), from: said.from.trim().to_owned() };
    say(&ctx, &req, Some(told)).await
}

pub async fn take_payoff_back(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    say(&ctx, &req, None).await
}

pub async fn opportunities(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (kind, after) = (req.query_word("kind", KINDS)?, req.query_as::<usize>("after")?.unwrap_or(0));
    let role = ctx.who()?.role;
    let list = opportunities::list(&ctx.rooms, kind, after, req.page_rows()?, ctx.clock.now()).map_err(store_problem)?;
    let items = list.items.into_iter().map(|row| s::OpportunityRow { car: row.car.seen_by(role), ..row }).collect();
    Answer::json(&s::Opportunities { items, ..list })
}

pub async fn finance(ctx: Ctx<Front>, _: Req) -> Result<Answer, Problem> {
    Answer::json(&finance::list(&ctx.rooms, ctx.clock.now()).map_err(store_problem)?)
}
