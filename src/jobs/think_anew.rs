//! Thinks anew of those whom a change of a rule may concern, some of them each turn.

use crate::{
    clock::Clock,
    service::{Rooms, rules},
};

pub(super) async fn run(rooms: Rooms, clock: Clock) -> anyhow::Result<()> {
    rules::think_anew(&rooms, clock.now()).await?;
    Ok(())
}
