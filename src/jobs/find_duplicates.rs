//! Looks for customers who are there twice, a stretch each turn: at night, when somebody asked, and after an import of people.

use crate::{
    clock::Clock,
    service::{
        Rooms,
        duplicates::{self, Turned},
    },
};

pub(super) async fn run(rooms: Rooms, clock: Clock) -> anyhow::Result<()> {
    match duplicates::turn(&rooms, clock.now()).await? {
        Turned::Rested => {}
        Turned::More => rooms.hub.nudge_duplicates(),
        Turned::Ended(ended) => {
            tracing::info!(
                store.records = ended.of,
                pairs.joined = ended.found.joined,
                pairs.likely = ended.found.likely,
                duration_ms = ended.ended.since(ended.begun),
                "everybody was compared with everybody who could be the same"
            );
        }
    }
    Ok(())
}
