//! One stream a browser: sequence, kind and id of whatever changed.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, SESSION_COOKIE, frame, store_problem},
    request::{Ctx, Req},
    sse::{self, Hello, Missed},
};
use crate::{
    domain::time::{At, SECOND_MS},
    service::reads,
};
use std::sync::atomic::{AtomicI64, Ordering};

/// A session that has ended is told of changes no longer than this. They say that something changed and never what.
const ASKED_AGAIN_MS: i64 = SECOND_MS;

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
    // Two hundred screens times every change are too many looks at the sessions; one a second for each is enough.
    let seen_at = AtomicI64::new(0);
    let screen = ctx.rooms.presence.open(ctx.who()?.staff);
    let welcome = move || {
        // Lives as long as the stream that asks.
        let _ = &screen;
        let now = house.clock.now();
        if now.since(At(seen_at.load(Ordering::Relaxed))) < ASKED_AGAIN_MS {
            return true;
        }
        let is_welcome = matches!(reads::who(&house.rooms, &secret, now), Ok(Some(_)));
        seen_at.store(now.0, Ordering::Relaxed);
        is_welcome
    };
    sse::stream(Hello { now_ms: ctx.clock.now().0, seq }, missed, frames, ctx.stop.clone()).while_welcome(welcome).into_answer()
}
