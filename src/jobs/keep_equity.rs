//! Keeps the book of all customers' cars: as a whole after the start and once a day, with every change meanwhile.

use crate::{
    clock::Clock,
    service::{Rooms, opportunities},
};

pub(super) async fn run(rooms: Rooms, clock: Clock) -> anyhow::Result<()> {
    opportunities::turn(&rooms, clock.now()).await?;
    Ok(())
}
