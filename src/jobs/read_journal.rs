//! Gives every journal entry its effects, in order, once.

use crate::{
    clock::Clock,
    service::{
        Rooms, StoreError,
        advance::{self, Ahead},
    },
};
use std::time::Duration;
use tokio::time::Instant;

/// Entries in one commit: enough to share its sync, few enough that an act of a person waits but a moment.
const AT_ONCE: usize = 48;
/// While nobody else writes, turns double until one takes so long: of rows of an import the larger commit writes far fewer pages. Whoever
/// comes then waits once for a part of a second, and the turns are short again.
const LONGEST_TURN: Duration = Duration::from_millis(300);
const ALONE_MOST: usize = 768;
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
    let mut alone = AT_ONCE;
    let mut ahead = Ahead::default();
    loop {
        let is_flooded = rooms.store.waiting() > FLOOD;
        let (begun, acts) = (Instant::now(), rooms.store.acts());
        let step = step(rooms, if is_flooded { FLOODED_AT_ONCE } else { alone }, std::mem::take(&mut ahead)).await;
        if rooms.store.acts() > acts {
            alone = AT_ONCE;
        } else if begun.elapsed() < LONGEST_TURN && matches!(&step, Ok((_, next)) if !next.is_empty()) {
            alone = (alone * 2).min(ALONE_MOST);
        }
        match step {
            Ok((0, _)) => return Ok(taken),
            Ok((n, next)) => {
                taken += n as u64;
                ahead = next;
            }
            Err(error @ (StoreError::Damaged { .. } | StoreError::Unavailable(_))) => {
                // One of the batch has a fault: find it by taking one at a time.
                if let Err(single) = self::step(rooms, 1, Ahead::default()).await {
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

/// Takes a turn. When there is much to read, what comes after it is read while the writer works.
async fn step(rooms: &Rooms, at_most: usize, ahead: Ahead) -> Result<(usize, Ahead), StoreError> {
    let waiting = !ahead.is_empty() || rooms.store.waiting() > 0 || advance::waiting(&rooms.store.read()?)?;
    if !waiting {
        return Ok((0, Ahead::default()));
    }
    let read = |after| {
        let rooms = rooms.clone();
        tokio::task::spawn_blocking(move || Ahead::read(&rooms.store.read()?, &rooms.policy, after, at_most))
    };
    let policy = rooms.policy.clone();
    let next = ahead.last().map(read);
    let mut ahead = Some(ahead);
    // What was read ahead is handed back, so that it is not the writer who takes it to pieces. An act that is done again reads for itself.
    let (taken, _) = rooms
        .store
        .write_behind(move |tx| {
            let ahead = ahead.take().unwrap_or_default();
            Ok((advance::advance(tx, &policy, at_most, &ahead)?, ahead))
        })
        .await?
        .done()
        .await?;
    let next = match next {
        Some(next) => next.await,
        // Of page views nothing can be worked out ahead; under a flood the reading would only take from the taking in.
        None if taken.weight >= AT_ONCE && taken.weight > taken.entries => read(taken.to).await,
        None => return Ok((taken.entries, Ahead::default())),
    };
    // Whatever kept it from reading ahead is met again, and told, by the turn that reads for itself.
    let next = next.map_or_else(|_| Ahead::default(), Result::unwrap_or_default);
    Ok((taken.entries, next))
}
