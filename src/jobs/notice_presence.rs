//! Whose screens are open: told to the journal when somebody has come or gone.

use crate::{
    clock::Clock,
    service::{Rooms, presence},
};

pub(super) async fn run(rooms: Rooms, clock: Clock) -> anyhow::Result<()> {
    presence::look(&rooms, clock.now()).await?;
    Ok(())
}
