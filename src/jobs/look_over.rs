//! Looks the store over at night, a little each turn: a stop need not wait for it, and nor does anybody who writes.

use crate::{
    clock::Clock,
    service::{Rooms, soundness},
};

pub(super) async fn run(rooms: Rooms, clock: Clock) -> anyhow::Result<()> {
    let now = clock.now();
    if !soundness::is_due(&rooms, now)? {
        return Ok(());
    }
    let reader = rooms.clone();
    let looked = match tokio::task::spawn_blocking(move || soundness::look(&reader, now)).await {
        Ok(looked) => looked?,
        Err(_fault) => Some(soundness::unreadable(now)),
    };
    let Some((finding, sentences)) = looked else { return Ok(()) };
    if finding.damaged == 0 {
        tracing::info!(store.records = finding.records, "every record was opened: the store is sound");
    } else {
        let first = sentences.first().map_or("", String::as_str);
        tracing::error!(store.records = finding.records, store.damaged = finding.damaged, first, "the store is not sound");
    }
    soundness::note(&rooms, finding, sentences).await?;
    Ok(())
}
