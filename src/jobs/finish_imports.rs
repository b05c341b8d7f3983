//! Goes on with imports whose rows are not all in the journal yet.

use crate::{
    clock::Clock,
    service::{Rooms, imports},
};

pub(super) async fn run(rooms: Rooms, clock: Clock) -> anyhow::Result<()> {
    imports::go_on_with_cut(&rooms, clock.now()).await?;
    Ok(())
}
