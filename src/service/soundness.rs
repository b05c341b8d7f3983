//! Is what lies on the disk still what was written? Once a night every record is opened, a few at a time, and the finding is kept.

use super::{Rooms, set_aside};
use crate::{
    domain::{
        ids::Seq,
        rooftop::Rooftop,
        set_aside::SetAsideRoad,
        time::{At, DAY_MS, HOUR_MS},
    },
    store::{Rows, Span, StoreError, WriteTx, backup, tables},
};
use std::sync::{Mutex, PoisonError};

/// Store time: the last shopper is asleep, the first salesperson as well.
const NIGHT_HOUR: i8 = 3;
/// A store that never closes is looked at within so long of the hour.
const WINDOW_MS: i64 = HOUR_MS;
/// Records of one look: some ten milliseconds of reading.
const RECORDS_AT_ONCE: usize = 5_000;
/// Sentences kept of one walk.
const SENTENCES_MOST: usize = 100;

/// What the last whole walk found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    pub at: At,
    pub records: u64,
    pub damaged: u64,
}

/// A walk that goes on, turn by turn.
#[derive(Debug, Default)]
pub struct Walk(Mutex<Option<UnderWay>>);

#[derive(Debug, Default)]
struct UnderWay {
    place: backup::Place,
    records: u64,
    damaged: u64,
    sentences: Vec<String>,
}

/// What the last walk found, if there was one.
pub fn last(tx: &impl Rows) -> Result<Option<Finding>, StoreError> {
    let Some(text) = tx.get(tables::META, &"soundness".to_owned())? else { return Ok(None) };
    let mut numbers = text.split(' ').map(str::parse::<i64>);
    let mut next = || numbers.next().and_then(Result::ok);
    Ok(next().zip(next()).zip(next()).map(|((at, records), damaged)| Finding {
        at: At(at),
        records: records.unsigned_abs(),
        damaged: damaged.unsigned_abs(),
    }))
}

/// The same for a handler.
pub fn of(rooms: &Rooms) -> Result<Option<Finding>, StoreError> {
    last(&rooms.store.read()?)
}

/// A walk is under way, or tonight's has not begun. A computer that is off at night makes up for it while the store is closed.
pub fn is_due(rooms: &Rooms, now: At) -> Result<bool, StoreError> {
    if rooms.soundness.0.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
        return Ok(true);
    }
    let tx = rooms.store.read()?;
    let last = last(&tx)?.map(|finding| finding.at);
    is_due_tonight(&tx, &rooms.policy.rooftop, last, now)
}

/// Whether something that is done once a night, and was last done then, has tonight before it.
pub(super) fn is_due_tonight(tx: &impl Rows, rooftop: &Rooftop, last: Option<At>, now: At) -> Result<bool, StoreError> {
    let night = last_night(rooftop, now);
    if rooftop.is_open(now) && now.since(night) >= WINDOW_MS {
        return Ok(false);
    }
    // A new store has nothing to look at.
    let since = match last {
        Some(at) => Some(at),
        None => tx.some(tables::JOURNAL, &Span::all().after(&Seq(0)), 1)?.first().map(|(_, entry)| entry.at),
    };
    Ok(since.is_some_and(|at| at < night))
}

/// The newest three o'clock by the store's wall.
fn last_night(rooftop: &Rooftop, now: At) -> At {
    let of_day = |at: At| rooftop.zone.instant(rooftop.zone.local(at).date().at(NIGHT_HOUR, 0, 0, 0));
    let tonight = of_day(now);
    if tonight <= now { tonight } else { of_day(now.plus_ms(-DAY_MS)) }
}

/// Opens the next records. What was found, when these were the last. Reads the disk: not on a thread that serves others.
pub fn look(rooms: &Rooms, now: At) -> Result<Option<(Finding, Vec<String>)>, StoreError> {
    // Gone while it works: a walk that fails begins anew.
    let under_way = rooms.soundness.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    let mut walk = under_way.unwrap_or_default();
    let mut damaged = Vec::new();
    match backup::check_some(&rooms.store.read()?, &mut walk.place, RECORDS_AT_ONCE, &mut damaged) {
        Ok(records) => walk.records += records,
        Err(error @ (StoreError::Damaged { .. } | StoreError::Io(_))) => return Ok(Some(cut_short(walk, &error.to_string(), now))),
        Err(error) => return Err(error),
    }
    walk.damaged += damaged.len() as u64;
    walk.sentences.extend(damaged);
    walk.sentences.truncate(SENTENCES_MOST);
    if walk.place.is_at_the_end() {
        return Ok(Some((Finding { at: now, records: walk.records, damaged: walk.damaged }, walk.sentences)));
    }
    *rooms.soundness.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(walk);
    Ok(None)
}

/// What to keep when reading ended in a fault: damage can be such that the file's own reader gives up.
#[must_use]
pub fn unreadable(now: At) -> (Finding, Vec<String>) {
    cut_short(UnderWay::default(), "the store file could not be read to its end", now)
}

/// A page of the file that cannot be read hides all behind it.
fn cut_short(walk: UnderWay, why: &str, now: At) -> (Finding, Vec<String>) {
    (Finding { at: now, records: walk.records, damaged: walk.damaged + 1 }, [vec![why.to_owned()], walk.sentences].concat())
}

/// Keeps a finding; a bad one is laid where staff see it, once for each time that it changes.
pub async fn note(rooms: &Rooms, finding: Finding, sentences: Vec<String>) -> Result<(), StoreError> {
    rooms.store.write(move |tx| keep(tx, finding, &sentences)).await
}

fn keep(tx: &WriteTx<'_>, finding: Finding, sentences: &[String]) -> Result<(), StoreError> {
    let Finding { at, records, damaged } = finding;
    let known = last(tx)?.is_some_and(|before| before.damaged == damaged);
    if damaged > 0 && !known {
        let reason = format!(
            "{} on the store computer's disk. Tell whoever looks after it: `headlight check` names them, a restored backup has them whole.",
            if damaged == 1 { "One record is damaged".to_owned() } else { format!("{damaged} records are damaged") }
        );
        set_aside::put(tx, SetAsideRoad::Import, "nightly check", &reason, sentences.join("\n").as_bytes(), at)?;
    }
    tx.put(tables::META, &"soundness".to_owned(), &format!("{} {records} {damaged}", at.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_night_begins_at_three_by_the_stores_wall() {
        let at = |text: &str| At::parse_rfc3339(text).unwrap_or_default();
        for (now, night) in [
            ("2026-11-24T02:59:00-05:00", "2026-11-23T03:00:00-05:00"),
            ("2026-11-24T03:00:00-05:00", "2026-11-24T03:00:00-05:00"),
            ("2026-11-24T23:00:00-05:00", "2026-11-24T03:00:00-05:00"),
            // The night in which the clocks go forward, and the day after.
            ("2026-03-08T03:00:00-04:00", "2026-03-08T03:00:00-04:00"),
            ("2026-03-09T02:00:00-04:00", "2026-03-08T03:00:00-04:00"),
        ] {
            assert_eq!(last_night(&Rooftop::default(), at(now)), at(night), "{now}");
        }
    }
}
