//! A snapshot comes in. Is it new, can it be right, and what of it goes into the journal?

use super::{CARS_MOST, Refusal, Setting, named, set};
use crate::{
    domain::{
        event::{Event, ImportRow, NewListing},
        feed::{Covers, Feed, FeedCar, ReadOutcome, Snapshot},
        ids::{FeedId, StaffId, VehicleId},
        import_run::{HeldBack, ImportKind},
        set_aside::Raw,
        time::{At, HOUR_MS},
        vehicle::Condition,
    },
    formats::{
        feeds,
        sheet::{self, Fixes},
    },
    service::{Policy, Rooms, advance, cars, edits, imports, seen::Asked},
    store::{Rows, Span, StoreError, WriteTx, tables},
};
use std::{
    collections::{HashMap, HashSet},
    ops::ControlFlow,
    sync::Arc,
};

/// The same bytes within this time are the same snapshot; the next day they are the word of the next day.
const SAME_WITHIN_MS: i64 = 20 * HOUR_MS;
/// Rows of one journal entry.
const ROWS_AN_ENTRY: usize = 200;
/// A kept file lies in pieces.
const PIECE_BYTES: usize = 1 << 20;
const BRING: &str = "bring feed";

const NEW_IN_USED: &str = "The feed is one of used cars, and the row says that the car is new.";
const USED_IN_NEW: &str = "The feed is one of new cars, and the row says that the car is used.";

/// What came of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Brought {
    /// These very bytes were the last; nothing was done.
    Again,
    Taken {
        read: u64,
    },
    /// Nothing of it was taken; why, in a sentence.
    Refused {
        read: u64,
        why: String,
    },
}

/// A file as it was read: its cars by their lines, and what was not taken of it.
#[derive(Default)]
struct Parsed {
    rows: Vec<(u64, NewListing)>,
    held_back: Vec<HeldBack>,
    notes: Vec<String>,
}

/// The feed of this name, set up when it is met for the first time.
pub async fn named_or_new(rooms: &Rooms, name: &str, now: At) -> Result<Result<FeedId, Refusal>, StoreError> {
    let held = named(&rooms.store.read()?, name)?;
    match held {
        Some(feed) => Ok(Ok(feed.id)),
        None => set(rooms, None, Setting::usual(name), None, now).await,
    }
}

/// Reads a snapshot and takes it, or refuses it and says why. The same key twice does it once; a folder and a fetch ask as nobody.
pub async fn bring(
    rooms: &Rooms,
    id: FeedId,
    file: String,
    bytes: Vec<u8>,
    asked: Option<Asked>,
    now: At,
) -> Result<Result<Brought, Refusal>, StoreError> {
    let by = asked.as_ref().map(|asked| asked.by);
    carry(rooms, Way { feed: id, file, by, anyway: false, now }, bytes, asked).await
}

/// Takes the newest snapshot that was refused, because somebody says that it is right.
pub async fn take_anyway(rooms: &Rooms, id: FeedId, asked: Asked, now: At) -> Result<Result<Brought, Refusal>, StoreError> {
    if let Some(read) = asked.before(&rooms.store.read()?, BRING)? {
        return Ok(Ok(Brought::Taken { read }));
    }
    let kept = {
        let tx = rooms.store.read()?;
        let Some(feed) = tx.get(tables::FEEDS, &id)? else { return Ok(Err(Refusal::NotThere)) };
        tx.get(tables::FEED_READS, &(id, feed.last))?.map(|read| read.file).zip(kept_file(&tx, id)?)
    };
    let Some((file, bytes)) = kept else {
        return Ok(Err(Refusal::Conflict("No refused snapshot of this feed waits any more: a later one was taken.".to_owned())));
    };
    carry(rooms, Way { feed: id, file, by: Some(asked.by), anyway: true, now }, bytes, Some(asked)).await
}

/// Whose snapshot it is, who brings it and whether it is to be taken whatever it lacks.
#[derive(Clone)]
struct Way {
    feed: FeedId,
    file: String,
    by: Option<StaffId>,
    anyway: bool,
    now: At,
}

async fn carry(rooms: &Rooms, way: Way, bytes: Vec<u8>, asked: Option<Asked>) -> Result<Result<Brought, Refusal>, StoreError> {
    let Some(feed) = rooms.store.read()?.get(tables::FEEDS, &way.feed)? else { return Ok(Err(Refusal::NotThere)) };
    let bytes = Arc::new(bytes);
    let (house, given, file, covers, now) = (rooms.clone(), Arc::clone(&bytes), way.file.clone(), feed.covers, way.now);
    // Reading takes up to a second: not on a thread that serves others.
    let reading = tokio::task::spawn_blocking(move || Ok((parsed(&house, &given, &file, covers, now)?, imports::digest(&given))));
    let read: Result<_, StoreError> = reading.await.map_err(|_| StoreError::Unavailable("the snapshot could not be read to its end".to_owned()))?;
    let (parsed, digest) = read?;
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            if let Some(read) = asked.as_ref().map(|asked| asked.before(tx, BRING)).transpose()?.flatten() {
                return Ok(Ok(Brought::Taken { read }));
            }
            let brought = decide(tx, &policy, &way, &parsed, &digest, &bytes)?;
            if let (Ok(Brought::Taken { read } | Brought::Refused { read, .. }), Some(asked)) = (&brought, &asked) {
                asked.remember(tx, BRING, *read)?;
            }
            Ok(brought)
        })
        .await
}

/// The cars of a file: by a mapping that somebody made for such a header, else by the names that feeds use.
fn parsed(rooms: &Rooms, bytes: &[u8], file: &str, covers: Covers, now: At) -> Result<Result<Parsed, String>, StoreError> {
    let zone = &rooms.policy.rooftop.zone;
    let tx = rooms.store.read()?;
    let own = edits::fields(&tx)?;
    let is_table = !matches!(bytes.iter().copied().find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xEF | 0xBB | 0xBF)), Some(b'<' | b'{' | b'['));
    // Looking at a table reads it once more: only where somebody ever matched columns.
    let was_matched = !tx.keys(tables::MAPPINGS, &Span::all(), 1)?.is_empty();
    let look = if is_table && was_matched { sheet::look(bytes, file, &own).ok() } else { None };
    let mapping = match look {
        Some(look) => imports::remembered(&tx, &look.signature)?.filter(|mapping| mapping.kind == ImportKind::Inventory),
        None => None,
    };
    drop(tx);
    let mut parsed = Parsed::default();
    let Some(mapping) = mapping else {
        return Ok(match feeds::inventory(bytes, file, now, zone) {
            Ok(read) => {
                for (line, reason) in &read.held_back {
                    imports::add_reason(&mut parsed.held_back, reason, *line);
                }
                parsed.notes = read.notes;
                for (line, row) in read.rows {
                    parsed.add(line, row, covers);
                }
                Ok(parsed)
            }
            Err(why) if is_table => Err(format!(
                "{why} If it is a list of cars in a layout of its own: bring it once under Imports and match its columns; then the feed reads it by that."
            )),
            Err(why) => Err(why),
        });
    };
    let read = sheet::read(bytes, &mapping, &Fixes::new(), &own, now, zone, &mut |row| match row.outcome {
        Ok(ImportRow::Listing(car)) => parsed.add(row.line, car, covers),
        Ok(_) => {}
        Err(problems) => {
            for problem in problems.iter().take(1) {
                imports::add_reason(&mut parsed.held_back, &problem.what, row.line);
            }
        }
    });
    Ok(match read {
        Ok(()) if parsed.rows.is_empty() => Err("The file lists no car. A feed without cars would empty the lot, so it was not taken.".to_owned()),
        Ok(()) => Ok(parsed),
        Err(why) => Err(why),
    })
}

impl Parsed {
    /// Adds a row, unless it is of a car that the feed does not speak of.
    fn add(&mut self, line: u64, row: NewListing, covers: Covers) {
        let (own, stranger) = match covers {
            Covers::New => (Condition::New, Some((Condition::Used, USED_IN_NEW))),
            Covers::Used => (Condition::Used, Some((Condition::New, NEW_IN_USED))),
            Covers::Lot | Covers::Part | Covers::Unknown => (row.condition, None),
        };
        match stranger {
            Some((condition, why)) if row.condition == condition => imports::add_reason(&mut self.held_back, why, line),
            Some(_) | None => self.rows.push((line, NewListing { condition: own, ..row })),
        }
    }

    fn held(&self) -> u64 {
        self.held_back.iter().map(|held| held.count).sum()
    }
}

/// Compares a snapshot with what the feed said before, and writes what follows into the journal.
fn decide(
    tx: &WriteTx<'_>,
    policy: &Policy,
    way: &Way,
    parsed: &Result<Parsed, String>,
    digest: &str,
    bytes: &[u8],
) -> Result<Result<Brought, Refusal>, StoreError> {
    let Some(feed) = tx.get(tables::FEEDS, &way.feed)? else { return Ok(Err(Refusal::NotThere)) };
    let is_same = feed.stands.as_ref().is_some_and(|stands| stands.digest == digest && way.now.since(stands.at) < SAME_WITHIN_MS);
    if is_same && !way.anyway {
        return Ok(Ok(Brought::Again));
    }
    // What a host sends again and again by itself is refused once; whoever brings it by hand is told anew.
    if way.by.is_none()
        && feed.refused.as_deref() == Some(digest)
        && let Some(ReadOutcome::Refused { why, .. }) = tx.get(tables::FEED_READS, &(feed.id, feed.last))?.map(|last| last.outcome)
    {
        return Ok(Ok(Brought::Refused { read: feed.last, why }));
    }
    let read = feed.last + 1;
    let refuse = |why: String, may_be_taken: bool| -> Result<_, StoreError> {
        forget_file(tx, feed.id)?;
        if may_be_taken {
            keep_file(tx, feed.id, bytes)?;
        }
        let event =
            Event::FeedRefused { feed: feed.id, read, digest: digest.to_owned(), file: way.file.clone(), why: why.clone(), may_be_taken, by: way.by };
        advance::append_applied(tx, policy, event, way.now)?;
        Ok(Ok(Brought::Refused { read, why }))
    };
    let parsed = match parsed {
        Ok(parsed) if parsed.rows.is_empty() => {
            return refuse(format!("None of the {} rows of the file could be used, so nothing of it was taken.", parsed.held()), false);
        }
        Ok(parsed) => parsed,
        Err(why) => return refuse(why.clone(), false),
    };
    let compared = compare(tx, &feed, parsed)?;
    if !way.anyway {
        if feed.not_again.as_deref() == Some(digest) {
            return refuse("This very snapshot was taken back before, so it is not taken again by itself.".to_owned(), true);
        }
        if let Some(why) = compared.too_much_gone(&feed) {
            return refuse(why, true);
        }
    }
    forget_file(tx, feed.id)?;
    let says_new = compared.says_new;
    for rows in says_new.chunks(ROWS_AN_ENTRY) {
        advance::append_applied(tx, policy, Event::FeedListed { feed: feed.id, read, rows: rows.to_vec() }, way.now)?;
    }
    let event = Event::FeedRead {
        feed: feed.id,
        snapshot: Snapshot { read, at: way.now, digest: digest.to_owned() },
        file: way.file.clone(),
        listed: parsed.rows.len() as u64,
        gone: compared.gone,
        held_back: parsed.held_back.clone(),
        notes: parsed.notes.clone(),
        by: way.by,
        anyway: way.anyway,
    };
    advance::append_applied(tx, policy, event, way.now)?;
    Ok(Ok(Brought::Taken { read }))
}

/// A snapshot beside what the feed said before.
struct Compared {
    /// Rows that are not as they were.
    says_new: Vec<(u64, NewListing)>,
    /// Cars it spoke of and does not any more.
    gone: Vec<VehicleId>,
    /// How many of its cars stood on the lot by the snapshot before, and how many of them are not in this one.
    stood: usize,
    newly_gone: usize,
}

impl Compared {
    /// Why it cannot be right: most likely the file is cut off or another one.
    fn too_much_gone(&self, feed: &Feed) -> Option<String> {
        let (gone, stood, share) = (self.newly_gone, self.stood, feed.most_gone_percent);
        (gone * 100 > stood * usize::from(share)).then(|| {
            let percent = (gone * 100).div_ceil(stood.max(1));
            format!(
                "{gone} of the {stood} cars that this feed listed before are not in the file, {percent} %; more than {share} % at once looks like a file that is not whole, so nothing of it was taken."
            )
        })
    }
}

fn compare(tx: &WriteTx<'_>, feed: &Feed, parsed: &Parsed) -> Result<Compared, StoreError> {
    let known: HashMap<VehicleId, FeedCar> =
        tx.some(tables::FEED_CARS, &Span::under(&feed.id), CARS_MOST)?.into_iter().map(|((_, id), car)| (id, car)).collect();
    let mut listed: HashSet<VehicleId> = HashSet::new();
    let mut says_new = Vec::new();
    for (line, row) in &parsed.rows {
        let found = cars::find(tx, row.vin.as_ref(), &row.stock)?;
        listed.extend(found);
        // A row that will be held back, because VIN and stock number are of two cars, speaks of both.
        listed.extend(cars::find(tx, None, &row.stock)?);
        let before = found.and_then(|id| known.get(&id));
        if before.is_none_or(|before| before.absent > 0) || before.map(|b| &b.row) != Some(&digest(row)?) {
            says_new.push((*line, row.clone()));
        }
    }
    let gone: Vec<VehicleId> = {
        let mut gone: Vec<VehicleId> = known.keys().copied().filter(|id| !listed.contains(id)).collect();
        gone.sort_unstable();
        gone
    };
    let (mut stood, mut newly_gone) = (0, 0);
    for (id, car) in &known {
        if car.absent == 0 && tx.has(tables::ON_LOT, id)? {
            stood += 1;
            newly_gone += usize::from(!listed.contains(id));
        }
    }
    Ok(Compared { says_new, gone, stood, newly_gone })
}

/// By which the same row is known again.
pub(super) fn digest(row: &NewListing) -> Result<String, StoreError> {
    let bytes = serde_json::to_vec(row).map_err(|e| StoreError::Damaged { table: "FEED_CARS".to_owned(), why: format!("cannot be written: {e}") })?;
    Ok(data_encoding::HEXLOWER.encode(&blake3::hash(&bytes).as_bytes()[..16]))
}

fn keep_file(tx: &WriteTx<'_>, id: FeedId, bytes: &[u8]) -> Result<(), StoreError> {
    for (place, piece) in (0_u32..).zip(bytes.chunks(PIECE_BYTES)) {
        tx.put(tables::FEED_FILES, &(id, place), &Raw { bytes: piece.to_vec() })?;
    }
    Ok(())
}

pub(super) fn forget_file(tx: &WriteTx<'_>, id: FeedId) -> Result<(), StoreError> {
    for key in tx.keys(tables::FEED_FILES, &Span::under(&id), usize::MAX)? {
        tx.remove(tables::FEED_FILES, &key)?;
    }
    Ok(())
}

fn kept_file(tx: &impl Rows, id: FeedId) -> Result<Option<Vec<u8>>, StoreError> {
    let mut bytes = Vec::new();
    tx.each(tables::FEED_FILES, &Span::under(&id), |_, piece| {
        bytes.extend_from_slice(&piece.bytes);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok((!bytes.is_empty()).then_some(bytes))
}
