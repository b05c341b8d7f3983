//! Customers: the list, one page, one story, a note.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
    routes::Words,
};
use crate::{
    domain::{ids::CustomerId, story::Road},
    service::{CustomerSort, lists, notes, reads, shapes::NewNote, story::Place},
};
use hyper::StatusCode;

/// Whose customers, and which.
#[derive(Debug, Clone, Copy)]
pub enum View {
    All,
    Mine,
    Hot,
}

pub const VIEWS: &Words<View> = &[("all", View::All), ("mine", View::Mine), ("hot", View::Hot)];
pub const SORTS: &Words<CustomerSort> = &[("recent", CustomerSort::Recent), ("name", CustomerSort::Name), ("intent", CustomerSort::Intent)];
pub const ROADS: &Words<Option<Road>> = &[
    ("all", None),
    ("web", Some(Road::Web)),
    ("messages", Some(Road::Messages)),
    ("sales", Some(Road::Sales)),
    ("finance", Some(Road::Finance)),
    ("service", Some(Road::Service)),
    ("note", Some(Road::Note)),
];

pub async fn list(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let (mine, hot) = match req.query_word("view", VIEWS)? {
        View::All => (None, false),
        View::Mine => (Some(ctx.who()?.staff), false),
        View::Hot => (None, true),
    };
    let sort = req.query_word("sort", SORTS)?;
    let offset = req.query_as::<usize>("after")?.unwrap_or(0);
    let wanted = lists::CustomersWanted { mine, hot, text: req.query("q").unwrap_or("").to_owned(), sort, offset, limit: req.page_rows()? };
    Answer::json(&lists::customers(&ctx.rooms, &wanted).map_err(store_problem)?)
}

pub async fn page(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let page = reads::customer_page(&ctx.rooms, CustomerId(req.param("id")?), ctx.who()?.staff, ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&page.ok_or_else(Problem::not_here)?)
}

pub async fn story(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let road = req.query_word("road", ROADS)?;
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
