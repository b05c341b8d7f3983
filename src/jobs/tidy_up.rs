//! Lets go of what nobody needs any more: changes nobody resumes from, sessions that have ended, wrong passwords of yesterday, what it
//! took to take back old imports.

use crate::{
    clock::Clock,
    service::{Rooms, access, imports, index},
};

pub(super) async fn run(rooms: Rooms, clock: Clock) -> anyhow::Result<()> {
    let now = clock.now();
    let indexed = rooms.search.committed();
    rooms.store.write(move |tx| index::forget_changes(tx, indexed)).await?;
    rooms.store.write(move |tx| access::forget_ended(tx, now)).await?;
    rooms.store.write(move |tx| access::forget_failures(tx, now)).await?;
    rooms.store.write(move |tx| imports::forget_old_rows(tx, now)).await?;
    Ok(())
}
