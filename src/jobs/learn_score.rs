//! Learns once a week from the store's own sales, some customers each turn.

use crate::{
    clock::Clock,
    service::{
        Rooms,
        score_learning::{self, Turned},
    },
};

pub(super) async fn run(rooms: Rooms, clock: Clock) -> anyhow::Result<()> {
    if let Turned::Ended(told) = score_learning::turn(&rooms, clock.now()).await? {
        let (sales, snapshots, verdict) = (told.lesson.sales, told.lesson.snapshots, told.lesson.verdict);
        tracing::info!(
            store.sales = sales,
            store.snapshots = snapshots,
            ?verdict,
            "the store's sales were looked at for what they teach of the score"
        );
    }
    Ok(())
}
