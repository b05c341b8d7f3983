//! Customers: the list, one page, one story, a note.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
};
use crate::{
    domain::{ids::CustomerId, story::Road},
    service::{CustomerSort, lists, notes, reads, shapes::NewNote, story::Place},
};
use hyper::StatusCode;

pub async fn list(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (mine, hot) = match req.query("view").unwrap_or("all") {
        "all" => (None, false),
        "mine" => (Some(ctx.who()?.staff), false),
        "hot" => (None, true),
        _ => return Err(Problem::unreadable("`view` is all, mine or hot.")),
    };
    let sort = match req.query("sort").unwrap_or("recent") {
        "recent" => CustomerSort::Recent,
        "name" => CustomerSort::Name,
        "intent" => CustomerSort::Intent,
        _ => return Err(Problem::unreadable("`sort` is recent, name or intent.")),
    };
    let offset = req.query_as::<usize>("after")?.unwrap_or(0);
    let wanted = lists::CustomersWanted { mine, hot, text: req.query("q").unwrap_or("").to_owned(), sort, offset, limit: req.page_rows()? };
    Answer::json(&lists::customers(&ctx.rooms, &wanted).map_err(store_problem)?)
}

pub async fn page(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let page = reads::customer_page(&ctx.rooms, CustomerId(req.param("id")?), ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&page.ok_or_else(Problem::not_here)?)
}

pub async fn story(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let road = match req.query("road").unwrap_or("all") {
        "all" => None,
        "web" => Some(Road::Web),
        "messages" => Some(Road::Messages),
        "sales" => Some(Road::Sales),
        "finance" => Some(Road::Finance),
        "service" => Some(Road::Service),
        "note" => Some(Road::Note),
        _ => return Err(Problem::unreadable("`road` is all, web, messages, sales, finance, service or note.")),
    };
    let before = match req.query("before").filter(|t| !t.is_empty()) {
        None => None,
        Some(text) => Some(Place::parse(text).ok_or_else(|| Problem::unreadable("`before` is the `next` of an earlier page."))?),
    };
    let page = reads::story(&ctx.rooms, CustomerId(req.param("id")?), road, before, req.page_rows()?).map_err(store_problem)?;
    Answer::json(&page.ok_or_else(Problem::not_here)?)
}

pub async fn add_note(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let said: NewNote = req.json()?;
    let text = said.text.trim().to_owned();
    if text.is_empty() || text.chars().count() > notes::NOTE_MOST_CHARS {
        return Err(Problem::unusable("text", format!("A note has 1 to {} characters.", notes::NOTE_MOST_CHARS)));
    }
    let key = req.idempotency_key()?.map(str::to_owned);
    let added = notes::add(&ctx.rooms, CustomerId(req.param("id")?), ctx.who()?.staff, text, key, ctx.clock.now()).await.map_err(store_problem)?;
    let (place, row) = added.ok_or_else(Problem::not_here)?;
    Ok(Answer::json(&reads::story_line(&ctx.rooms, place, row).map_err(store_problem)?)?.status(StatusCode::CREATED))
}
