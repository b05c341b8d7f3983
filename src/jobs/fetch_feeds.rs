//! Which feeds are to be fetched now? Each by its own period; one that fails waits longer each time.

use crate::{
    clock::Clock,
    domain::{
        feed::FeedFetch,
        ids::FeedId,
        time::{At, HOUR_MS, MINUTE_MS},
    },
    outside::{self, Ask, Got},
    service::{
        Rooms,
        feeds::{self, Brought, Fetch},
    },
};

/// After the first failure; each further one doubles it.
const FIRST_WAIT_MS: i64 = 5 * MINUTE_MS;
const LONGEST_WAIT_MS: i64 = 6 * HOUR_MS;

pub(super) async fn run(rooms: Rooms, clock: Clock) -> anyhow::Result<()> {
    for fetch in &rooms.policy.fetches {
        let Ok(id) = feeds::named_or_new(&rooms, &fetch.name, clock.now()).await? else {
            tracing::warn!("a feed of the configuration could not be set up; there are too many");
            continue;
        };
        let before = feeds::fetching(&rooms.store.read()?, id)?;
        if before.next <= clock.now() {
            let after = once(&rooms, &clock, id, fetch, before).await?;
            feeds::note_fetch(&rooms, id, after).await?;
        }
    }
    Ok(())
}

/// Asks for a feed, and takes what comes.
async fn once(rooms: &Rooms, clock: &Clock, id: FeedId, fetch: &Fetch, before: FeedFetch) -> anyhow::Result<FeedFetch> {
    let ask = Ask {
        url: fetch.url.clone(),
        may_be_private: fetch.may_be_private,
        roots: fetch.roots.clone(),
        etag: before.etag.clone(),
        last_modified: before.last_modified.clone(),
    };
    let asked = clock.now();
    let rested = |etag, last_modified| FeedFetch { asked, next: asked.plus_ms(fetch.every_ms), failures: 0, trouble: None, etag, last_modified };
    let came = outside::fetch(&ask).await;
    let now = clock.now();
    Ok(match came {
        Ok(Got::Same) => {
            // Nothing has changed: what stands is the word of this time too.
            tracing::debug!(feed.id = id.0, "a feed has not changed");
            rested(before.etag, before.last_modified)
        }
        Ok(Got::File { name, bytes, etag, last_modified }) => {
            match feeds::bring(rooms, id, name, bytes, None, now).await? {
                Ok(Brought::Taken { .. }) => tracing::info!(feed.id = id.0, "a feed was fetched and taken"),
                Ok(Brought::Again) => tracing::debug!(feed.id = id.0, "a feed was fetched and says nothing new"),
                Ok(Brought::Refused { .. }) | Err(_) => tracing::warn!(feed.id = id.0, "a feed was fetched and refused; its page says why"),
            }
            rested(etag, last_modified)
        }
        Err(error) => {
            tracing::warn!(feed.id = id.0, "a feed could not be fetched; its page says why");
            failed(before, asked, &error)
        }
    })
}

fn failed(before: FeedFetch, asked: At, error: &anyhow::Error) -> FeedFetch {
    let failures = before.failures.saturating_add(1);
    let wait = FIRST_WAIT_MS.saturating_mul(1 << (failures - 1).min(20)).min(LONGEST_WAIT_MS);
    let why = format!("{error:#}");
    let mut letters = why.chars();
    let sentence = letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default();
    FeedFetch { asked, next: asked.plus_ms(wait), failures, trouble: Some(format!("{sentence}.")), ..before }
}
