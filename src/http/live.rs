//! One stream a browser: sequence, kind and id of whatever changed.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, SESSION_COOKIE, frame, store_problem},
    request::{Ctx, Req},
    sse::{self, Hello, Missed},
};
use crate::service::reads;

pub async fn stream(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    // Subscribed first, read after: what comes in between is not lost.
    let frames = ctx.frames.subscribe();
    let from = req.last_event_id();
    let (seq, missed) = reads::changes(&ctx.rooms, from).map_err(store_problem)?;
    let missed = match missed {
        None => Missed::TooMuch,
        Some(changes) if changes.is_empty() => Missed::Nothing,
        Some(changes) => Missed::Frames(changes.into_iter().filter_map(|c| frame(c).ok()).collect()),
    };
    let house = ctx.house();
    let secret = req.bearer().or_else(|| req.cookie(SESSION_COOKIE)).unwrap_or_default().to_owned();
    let welcome = move || matches!(reads::who(&house.rooms, &secret, house.clock.now()), Ok(Some(_)));
    sse::stream(Hello { now_ms: ctx.clock.now().0, seq }, missed, frames, ctx.stop.clone()).while_welcome(welcome).into_answer()
}
