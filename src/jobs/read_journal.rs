//! Gives every journal entry its effects, in order, once.

use crate::{
    clock::Clock,
    service::{Rooms, StoreError, advance},
};
use std::time::Duration;
use tokio::time::Instant;

/// Entries in one commit: enough to share its sync, few enough that an act of a person waits but a moment.
const AT_ONCE: usize = 48;
/// The same under a flood: fewer commits, each a little longer.
const FLOODED_AT_ONCE: usize = 192;
/// So many appends since the last commit are more than any store's site sends: the reader then takes a tenth of the writer's time.
const FLOOD: usize = 32;
/// Rests this many times as long as it worked.
const RESTS: u32 = 9;
const LONGEST_REST: Duration = Duration::from_millis(100);

pub(super) async fn run(rooms: Rooms, clock: Clock) -> anyhow::Result<()> {
    drain(&rooms, &clock).await?;
    Ok(())
}

/// Reads to the end of the journal. How many entries had their effects.
///
/// # Errors
/// When the disk refuses. An entry that cannot be given its effects is passed over with a note and does not stop the reader.
pub async fn drain(rooms: &Rooms, clock: &Clock) -> Result<u64, StoreError> {
    let mut taken = 0;
    loop {
        let is_flooded = rooms.store.waiting() > FLOOD;
        let begun = Instant::now();
        match step(rooms, if is_flooded { FLOODED_AT_ONCE } else { AT_ONCE }).await {
            Ok(0) => return Ok(taken),
            Ok(n) => taken += n as u64,
            Err(error @ (StoreError::Damaged { .. } | StoreError::Unavailable(_))) => {
                // One of the batch has a fault: find it by taking one at a time.
                if let Err(single) = step(rooms, 1).await {
                    if single != error && !matches!(single, StoreError::Damaged { .. } | StoreError::Unavailable(_)) {
                        return Err(single);
                    }
                    let why = single.to_string();
                    let now = clock.now();
                    rooms.store.write(move |tx| advance::pass_over(tx, &why, now)).await?;
                }
            }
            Err(error) => return Err(error),
        }
        if is_flooded {
            // Taking in goes before thinking, and so does whatever staff write meanwhile.
            tokio::time::sleep((begun.elapsed() * RESTS).min(LONGEST_REST)).await;
        }
    }
}

async fn step(rooms: &Rooms, at_most: usize) -> Result<usize, StoreError> {
    let waiting = rooms.store.waiting() > 0 || advance::waiting(&rooms.store.read()?)?;
    if !waiting {
        return Ok(0);
    }
    let policy = rooms.policy.clone();
    rooms.store.write(move |tx| advance::advance(tx, &policy, at_most)).await
}
