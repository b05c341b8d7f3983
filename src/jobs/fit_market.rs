//! Fits the store's market to its own sales: soon after the start, and once a day.

use crate::{
    clock::Clock,
    service::{Rooms, market},
};

pub(super) async fn run(rooms: Rooms, clock: Clock) -> anyhow::Result<()> {
    let now = clock.now();
    if !market::is_stale(&rooms, now) {
        return Ok(());
    }
    let sales = market::fit(&rooms, now).await?;
    tracing::info!(store.sales = sales, "the store's market was fitted to its sales");
    Ok(())
}
