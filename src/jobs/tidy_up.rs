//! Lets go of what nobody needs any more: changes nobody resumes from, sessions that have ended, wrong
//! passwords of yesterday.

use crate::{
    clock::Clock,
    service::{Rooms, access, index},
};

pub(super) async fn run(rooms: Rooms, clock: Clock) -> anyhow::Result<()> {
    let now = clock.now();
    let indexed = rooms.search.committed();
    rooms.store.write(move |tx| index::forget_changes(tx, indexed)).await?;
    rooms.store.write(move |tx| access::forget_ended(tx, now)).await?;
    rooms.store.write(move |tx| access::forget_failures(tx, now)).await?;
    Ok(())
}
