//! Fires what has come due.

use crate::{
    clock::Clock,
    service::{Rooms, timers},
};

const AT_ONCE: usize = 50;

pub(super) async fn run(rooms: Rooms, clock: Clock) -> anyhow::Result<()> {
    loop {
        let now = clock.now();
        let due = timers::any_due(&rooms.store.read()?, now)?;
        if !due {
            return Ok(());
        }
        let policy = rooms.policy.clone();
        rooms.store.write(move |tx| timers::fire_due(tx, &policy, now, AT_ONCE)).await?;
    }
}
