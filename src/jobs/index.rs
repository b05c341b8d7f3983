//! Brings the search index after the store, and builds it anew when it is in doubt.

use crate::service::{Rooms, index};
use std::time::Duration;

/// A commit of the index costs many syncs: changes are gathered this long first. Until then the overlay finds them.
const GATHER: Duration = Duration::from_millis(400);

pub(super) async fn run(rooms: Rooms) -> anyhow::Result<()> {
    if !index::wants_rebuild(&rooms) {
        tokio::time::sleep(GATHER).await;
    }
    tokio::task::spawn_blocking(move || if index::wants_rebuild(&rooms) { index::rebuild(&rooms) } else { index::catch_up(&rooms) }).await??;
    Ok(())
}
