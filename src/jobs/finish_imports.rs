//! Moves imports on: drafts are rehearsed, runs journalled to their end, those to be taken back are.

use crate::{
    clock::Clock,
    service::{Rooms, imports},
};

pub(super) async fn run(rooms: Rooms, clock: Clock) -> anyhow::Result<()> {
    imports::rehearse_waiting(&rooms, clock.now()).await?;
    imports::go_on_with_cut(&rooms, clock.now()).await?;
    imports::go_on_taking_back(&rooms, clock.now()).await?;
    Ok(())
}
