//! Prices, price alerts and wishes, as the staff try and say them.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::{
    domain::{
        ids::{CustomerId, PriceAlertId, VehicleId, WishId},
        money::Cents,
        wish::WishTerms,
    },
    service::{matching, price_alerts, prices, reads, shapes as s, wanted, wishes},
};

fn refused(refusal: prices::Refusal) -> Problem {
    match refusal {
        prices::Refusal::NotThere => Problem::not_here(),
        prices::Refusal::Unusable(sentence) => Problem::unusable("price", sentence),
        prices::Refusal::ChangedSince => Problem::conflict("changed-since", "The price was changed meanwhile. Look at it again, then set it."),
        prices::Refusal::Stays(why) => Problem::conflict("stays", why),
    }
}

fn alert_refused(refusal: price_alerts::Refusal) -> Problem {
    match refusal {
        price_alerts::Refusal::NotThere => Problem::not_here(),
        price_alerts::Refusal::Unusable(_, sentence) => Problem::unusable("price-alert", sentence),
    }
}

fn wish_refused(refusal: wishes::Refusal) -> Problem {
    match refusal {
        wishes::Refusal::NotThere => Problem::not_here(),
        wishes::Refusal::Unusable(sentence) => Problem::unusable("wish", sentence),
    }
}

fn vehicle(req: &Req) -> Result<VehicleId, Problem> {
    Ok(VehicleId(req.param("id")?))
}

pub async fn plan(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let price = Cents(req.json::<s::SetPrice>()?.price_cents);
    let sees_gross = ctx.who()?.role.manages();
    let plan = prices::plan(&ctx.rooms, vehicle(&req)?, price, sees_gross, ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&plan.map_err(refused)?)
}

fn page(ctx: &Ctx<Front>, id: VehicleId) -> Result<Answer, Problem> {
    let page = reads::vehicle_page(&ctx.rooms, id, ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&page.ok_or_else(Problem::not_here)?)
}

pub async fn set(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, price, asked, now) = (vehicle(&req)?, Cents(req.json::<s::SetPrice>()?.price_cents), ctx.asked(&req)?, ctx.clock.now());
    let seen = req.header("if-match").map(|tag| tag.trim_matches('"').to_owned());
    prices::set(&ctx.rooms, id, price, seen, asked, now).await.map_err(store_problem)?.map_err(refused)?;
    page(&ctx, id)
}

pub async fn take_back(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, asked, now) = (vehicle(&req)?, ctx.asked(&req)?, ctx.clock.now());
    prices::take_back(&ctx.rooms, id, asked, now).await.map_err(store_problem)?.map_err(refused)?;
    page(&ctx, id)
}

pub async fn wanted_by(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let found = matching::for_vehicle(&ctx.rooms, vehicle(&req)?, ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&found.ok_or_else(Problem::not_here)?)
}

pub async fn instead_of(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let found = wanted::instead_of(&ctx.rooms, vehicle(&req)?, ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&found.ok_or_else(Problem::not_here)?)
}

pub async fn not_here(ctx: Ctx<Front>, _req: Req) -> Result<Answer, Problem> {
    Answer::json(&wanted::not_here(&ctx.rooms, ctx.clock.now()).map_err(store_problem)?)
}

fn cars_for(ctx: &Ctx<Front>, id: CustomerId) -> Result<Answer, Problem> {
    let found = matching::for_customer(&ctx.rooms, id, ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&found.ok_or_else(Problem::not_here)?)
}

pub async fn cars_for_them(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    cars_for(&ctx, CustomerId(req.param("id")?))
}

pub async fn wish(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, asked, now) = (CustomerId(req.param("id")?), ctx.asked(&req)?, ctx.clock.now());
    let said: s::NewWish = req.json()?;
    let terms = WishTerms {
        make: said.make,
        model: said.model,
        body: said.body,
        drivetrain: said.drivetrain,
        color: said.color,
        seats_least: said.seats_least,
        price_most: said.price_most_cents.map(Cents),
        year_least: said.year_least,
        odometer_most_mi: said.odometer_most_mi,
        words: said.words,
    };
    wishes::say(&ctx.rooms, id, terms, asked, now).await.map_err(store_problem)?.map_err(wish_refused)?;
    cars_for(&ctx, id)
}

async fn set_wish_open(ctx: Ctx<Front>, req: Req, open: bool) -> Result<Answer, Problem> {
    let (id, asked, now) = (WishId(req.param("id")?), ctx.asked(&req)?, ctx.clock.now());
    let customer = wishes::set_open(&ctx.rooms, id, open, asked, now).await.map_err(store_problem)?.map_err(wish_refused)?;
    cars_for(&ctx, customer)
}

pub async fn end_wish(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    set_wish_open(ctx, req, false).await
}

pub async fn resume_wish(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    set_wish_open(ctx, req, true).await
}

pub async fn set_alert(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (id, asked, now) = (CustomerId(req.param("id")?), ctx.asked(&req)?, ctx.clock.now());
    let said: s::SetPriceAlert = req.json()?;
    let alert = price_alerts::ForCustomer {
        customer: id,
        vehicle: VehicleId(said.vehicle),
        below: said.below_cents.map(Cents),
        channel: prices::channel_of(said.channel),
        how: said.how,
    };
    price_alerts::set_for(&ctx.rooms, alert, asked, now).await.map_err(store_problem)?.map_err(alert_refused)?;
    cars_for(&ctx, id)
}

async fn set_alert_open(ctx: Ctx<Front>, req: Req, open: bool) -> Result<Answer, Problem> {
    let (id, asked, now) = (PriceAlertId(req.param("id")?), ctx.asked(&req)?, ctx.clock.now());
    let customer = price_alerts::set_open(&ctx.rooms, id, open, asked, now).await.map_err(store_problem)?.map_err(alert_refused)?;
    cars_for(&ctx, customer)
}

pub async fn end_alert(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    set_alert_open(ctx, req, false).await
}

pub async fn resume_alert(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    set_alert_open(ctx, req, true).await
}
