//! Customers: the list, one page, one story, a note.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    request::{Ctx, Req},
    routes::Words,
};
use crate::{
    domain::{
        consent::{Channel, ConsentState},
        ids::{CustomerId, StaffId},
        story::Road,
        time::DAY_MS,
    },
    service::{
        CustomerQuery, CustomerSort, Held, LastTouch, OwnField, lists,
        notes::{self, Written},
        reads::{self, StoryQuery},
        shapes::NewNote,
        sheets::{self, Sheet},
        story::Place,
        views::Me,
    },
};
use bytes::Bytes;
use hyper::StatusCode;
use tokio::sync::mpsc;

/// Whose customers, and which.
#[derive(Debug, Clone, Copy)]
pub enum View {
    All,
    Mine,
    Hot,
}

pub const VIEWS: &Words<View> = &[("all", View::All), ("mine", View::Mine), ("hot", View::Hot)];
pub const SORTS: &Words<CustomerSort> = &[
    ("recent", CustomerSort::Recent),
    ("name", CustomerSort::Name),
    ("intent", CustomerSort::Intent),
    ("quiet", CustomerSort::Quiet),
    ("owner", CustomerSort::Owner),
];
pub const ROADS: &Words<Option<Road>> = &[
    ("all", None),
    ("web", Some(Road::Web)),
    ("messages", Some(Road::Messages)),
    ("sales", Some(Road::Sales)),
    ("finance", Some(Road::Finance)),
    ("service", Some(Road::Service)),
    ("note", Some(Road::Note)),
];

/// How long since somebody was last in touch.
#[derive(Debug, Clone, Copy)]
pub enum Touch {
    Any,
    Within { days: i64 },
    Over { days: i64 },
    Never,
}

pub const CARDS: &Words<Option<bool>> = &[("any", None), ("open", Some(true)), ("none", Some(false))];
pub const BANDS: &Words<(Option<i16>, Option<i16>)> =
    &[("any", (None, None)), ("hot", (Some(HOT), None)), ("warm", (Some(WARM), Some(HOT))), ("cool", (None, Some(WARM)))];
pub const TOUCHES: &Words<Touch> = &[
    ("any", Touch::Any),
    ("week", Touch::Within { days: 7 }),
    ("month", Touch::Within { days: 30 }),
    ("quarter", Touch::Within { days: 90 }),
    ("over_month", Touch::Over { days: 30 }),
    ("over_quarter", Touch::Over { days: 90 }),
    ("over_year", Touch::Over { days: 365 }),
    ("never", Touch::Never),
];
pub const CONSENTS: &Words<Option<(Channel, ConsentState)>> = &[
    ("any", None),
    ("text", Some((Channel::Text, ConsentState::Allowed))),
    ("call", Some((Channel::Call, ConsentState::Allowed))),
    ("email", Some((Channel::Email, ConsentState::Allowed))),
    ("no_text", Some((Channel::Text, ConsentState::Revoked))),
    ("no_call", Some((Channel::Call, ConsentState::Revoked))),
    ("no_email", Some((Channel::Email, ConsentState::Revoked))),
];

/// Two bars of the beam and more, three and more: the steps at which the screens draw them.
const WARM: i16 = 30;
const HOT: i16 = 55;

/// The filter of the list, as the address says it.
fn wanted(ctx: &Ctx<Front>, req: &Req) -> Result<CustomerQuery, Problem> {
    let now = ctx.clock.now();
    let (mut min_score, below_score) = req.query_word("band", BANDS)?;
    let mut owner = match req.query("owner").unwrap_or("") {
        "" => None,
        "none" => Some(Held::ByNobody),
        id => Some(Held::By(StaffId(id.parse().map_err(|_| Problem::unreadable("`owner` is a number of somebody who works here, or none."))?))),
    };
    match req.query_word("view", VIEWS)? {
        View::All => {}
        View::Mine => owner = Some(Held::By(ctx.who()?.staff)),
        View::Hot => min_score = min_score.max(Some(HOT)),
    }
    let touched = match req.query_word("touch", TOUCHES)? {
        Touch::Any => None,
        Touch::Within { days } => Some(LastTouch::Since(now.plus_ms(-days * DAY_MS))),
        Touch::Over { days } => Some(LastTouch::Before(now.plus_ms(-days * DAY_MS))),
        Touch::Never => Some(LastTouch::Never),
    };
    let text = |name| req.query(name).unwrap_or("").to_owned();
    Ok(CustomerQuery {
        owner,
        min_score,
        below_score,
        has_card: req.query_word("card", CARDS)?,
        consent: req.query_word("consent", CONSENTS)?,
        touched,
        place: text("place"),
        drives: text("drives"),
        tag: text("tag"),
        own: own_fields(ctx, req)?,
        text: text("q"),
        sort: req.query_word("sort", SORTS)?,
        offset: req.query_as::<usize>("after")?.unwrap_or(0),
        limit: req.page_rows()?,
        ..CustomerQuery::default()
    })
}

/// What the store's own fields must hold.
fn own_fields(ctx: &Ctx<Front>, req: &Req) -> Result<Vec<(String, OwnField)>, Problem> {
    let said: Vec<(&str, &str)> = req.query_members("field").collect();
    if said.is_empty() {
        return Ok(vec![]);
    }
    lists::of_own_fields(&ctx.rooms, &said).map_err(store_problem)?.map_err(Problem::unreadable)
}

pub async fn list(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    Answer::json(&lists::customers(&ctx.rooms, &wanted(&ctx, &req)?).map_err(store_problem)?)
}

/// All of the list for a spreadsheet.
pub async fn sheet(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let query = wanted(&ctx, &req)?;
    let rooms = ctx.rooms.clone();
    // All of a large store's customers in order: tens of milliseconds, off the threads that serve others.
    let settled = tokio::task::spawn_blocking(move || sheets::customers(&rooms, &query)).await;
    let sheet = settled.map_err(|_| Problem::broken())?.map_err(store_problem)?;
    tracing::info!(staff.id = ctx.who()?.staff.0, rows = sheet.rows, "a list of customers is given out as a spreadsheet");
    Ok(sheet_answer(sheet, "customers.csv"))
}

/// Made line by line while it is sent, on a thread that may wait: a slow reader holds a few stretches and no more.
pub(super) fn sheet_answer(mut sheet: Sheet, file_name: &str) -> Answer {
    const STRETCHES_AHEAD: usize = 2;
    let (sender, pieces) = mpsc::channel(STRETCHES_AHEAD);
    tokio::task::spawn_blocking(move || {
        loop {
            let made = sheet.next_lines().map_err(|error| {
                tracing::error!(error = %error, "a spreadsheet broke off");
                std::io::Error::other("the answer broke off")
            });
            let Some(made) = made.transpose() else { return };
            let is_broken = made.is_err();
            if sender.blocking_send(made.map(Bytes::from)).is_err() || is_broken {
                return;
            }
        }
    });
    Answer::pieces("text/csv; charset=utf-8", pieces).download(file_name)
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
    let query = StoryQuery { road, before, text: req.query("q").unwrap_or("").to_owned(), limit: req.page_rows()? };
    let page = reads::story(&ctx.rooms, CustomerId(req.param("id")?), &query, me(&ctx)?).map_err(store_problem)?;
    Answer::json(&page.ok_or_else(Problem::not_here)?)
}

/// Who asks, as a line of a story has to know.
pub(super) fn me(ctx: &Ctx<Front>) -> Result<Me, Problem> {
    let who = ctx.who()?;
    Ok(Me { staff: who.staff, role: who.role })
}

pub async fn printed_brief(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let brief = reads::printed_brief(&ctx.rooms, CustomerId(req.param("id")?), me(&ctx)?, ctx.clock.now()).map_err(store_problem)?;
    Answer::json(&brief.ok_or_else(Problem::not_here)?)
}

pub async fn add_note(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let said: NewNote = req.json()?;
    let text = said.text.trim().to_owned();
    if text.is_empty() || text.chars().count() > notes::NOTE_MOST_CHARS {
        return Err(Problem::unusable("text", format!("A note has 1 to {} characters.", notes::NOTE_MOST_CHARS)));
    }
    if said.mentions.len() > notes::MENTIONS_MOST {
        return Err(Problem::unusable("mentions", format!("A note speaks to {} people at most.", notes::MENTIONS_MOST)));
    }
    let note = Written { text, mentions: said.mentions.into_iter().map(StaffId).collect(), aloud: said.aloud };
    let key = req.idempotency_key()?.map(str::to_owned);
    let added = notes::add(&ctx.rooms, CustomerId(req.param("id")?), ctx.who()?.staff, note, key, ctx.clock.now()).await.map_err(store_problem)?;
    let (place, row) = added.map_err(|refusal| match refusal {
        notes::Refusal::NotHere => Problem::not_here(),
        notes::Refusal::NobodyByThatId => {
            Problem::unusable("mentions", "The note speaks to somebody who does not work here any more. Nothing was saved.")
        }
    })?;
    Ok(Answer::json(&reads::story_line(&ctx.rooms, place, row, me(&ctx)?).map_err(store_problem)?)?.status(StatusCode::CREATED))
}
