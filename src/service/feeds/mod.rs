//! What does a feed say of the lot, and what of that is new? A snapshot is read, compared with the one before, and taken whole or refused
//! whole.
//!
//! | file | what it does |
//! |---|---|
//! | `bring` | a snapshot comes in: is it new, can it be right, what of it goes into the journal? |
//! | `take` | its effects, car by car; and the same backwards |
mod bring;
mod take;

pub use bring::{Brought, bring, named_or_new, take_anyway};
pub(super) use take::{ReadToEnd, take_back, take_listed, take_read, take_refusal};

use super::{Rooms, advance, cars, seen::Asked};
use crate::{
    domain::{
        change::Changed,
        event::Event,
        feed::{CarBefore, Covers, Feed, FeedFetch, FeedRead, FeedUndo},
        ids::{FeedId, StaffId},
        time::At,
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};
use std::path::{Path, PathBuf};

/// Feeds of one store.
pub const MOST: usize = 20;
const NAME_MOST_CHARS: usize = 40;
/// Cars of which one feed may speak.
const CARS_MOST: usize = 50_000;

/// How a feed is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub name: String,
    pub covers: Covers,
    pub patience: u8,
    pub most_gone_percent: u8,
}

impl Setting {
    /// As a feed is that nobody has set otherwise.
    #[must_use]
    pub fn usual(name: &str) -> Self {
        Self { name: name.to_owned(), covers: Covers::Lot, patience: Feed::PATIENCE, most_gone_percent: Feed::MOST_GONE_PERCENT }
    }
}

/// A feed that the configuration has fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    pub name: String,
    /// https, with its host.
    pub url: String,
    pub host: String,
    pub every_ms: i64,
    /// Whether its host may stand in a network of one's own.
    pub may_be_private: bool,
    /// The certificates by which its host is known, as PEM; without one those of the system.
    pub roots: Option<PathBuf>,
}

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotThere,
    NameTaken,
    TooMany,
    /// A sentence: what was given cannot be used.
    Unusable(String),
    /// A sentence: it is not so any more, or somebody has worked on it.
    Conflict(String),
}

/// Every feed, as they were set up.
pub fn all(tx: &impl Rows) -> Result<Vec<Feed>, StoreError> {
    Ok(tx.some(tables::FEEDS, &Span::all(), MOST)?.into_iter().map(|(_, feed)| feed).collect())
}

/// The feed of this name, however it is written.
pub fn named(tx: &impl Rows, name: &str) -> Result<Option<Feed>, StoreError> {
    let name = tidy(name).to_lowercase();
    Ok(all(tx)?.into_iter().find(|feed| feed.name.to_lowercase() == name))
}

/// The readings of a feed, newest first.
pub fn reads(tx: &impl Rows, feed: FeedId, limit: usize) -> Result<Vec<(u64, FeedRead)>, StoreError> {
    Ok(tx.last(tables::FEED_READS, &Span::under(&feed), limit)?.into_iter().map(|((_, n), read)| (n, read)).collect())
}

/// Whether a snapshot of it was refused that can be taken all the same.
pub fn waits(tx: &impl Rows, feed: FeedId) -> Result<bool, StoreError> {
    Ok(!tx.keys(tables::FEED_FILES, &Span::under(&feed), 1)?.is_empty())
}

fn tidy(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Why a feed cannot be called so; its folder goes by its name.
pub fn may_be_called(name: &str) -> Result<(), String> {
    if name.is_empty() || name.chars().count() > NAME_MOST_CHARS {
        return Err(format!("A feed has a name of 1 to {NAME_MOST_CHARS} characters."));
    }
    let is_plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.')) && name.starts_with(char::is_alphanumeric);
    if is_plain { Ok(()) } else { Err("A feed's name has letters, digits, spaces, dots and dashes, and begins with a letter or digit.".to_owned()) }
}

fn may(setting: &Setting) -> Result<(), String> {
    may_be_called(&setting.name)?;
    if !(1..=Feed::PATIENCE_MOST).contains(&setting.patience) {
        return Err(format!("A car may be absent from 1 to {} snapshots before it is missing.", Feed::PATIENCE_MOST));
    }
    if !(1..=100).contains(&setting.most_gone_percent) {
        return Err("The share of cars that may be gone at once is 1 to 100 percent.".to_owned());
    }
    if setting.covers == Covers::Unknown {
        return Err("What the feed covers is unknown to this edition.".to_owned());
    }
    Ok(())
}

/// Sets a feed up, or sets it otherwise. Nobody asks when the configuration names it.
pub async fn set(rooms: &Rooms, id: Option<FeedId>, setting: Setting, asked: Option<Asked>, now: At) -> Result<Result<FeedId, Refusal>, StoreError> {
    const ACT: &str = "set feed";
    let setting = Setting { name: tidy(&setting.name), ..setting };
    if let Err(sentence) = may(&setting) {
        return Ok(Err(Refusal::Unusable(sentence)));
    }
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            if let Some(before) = asked.as_ref().map(|asked| asked.before(tx, ACT)).transpose()?.flatten() {
                return Ok(Ok(FeedId(before)));
            }
            let by_name = named(tx, &setting.name)?.map(|feed| feed.id);
            let feed = match id {
                Some(id) if !tx.has(tables::FEEDS, &id)? => return Ok(Err(Refusal::NotThere)),
                Some(id) if by_name.is_some_and(|other| other != id) => return Ok(Err(Refusal::NameTaken)),
                Some(id) => id,
                None if by_name.is_some() => return Ok(Err(Refusal::NameTaken)),
                None if all(tx)?.len() >= MOST => return Ok(Err(Refusal::TooMany)),
                None => FeedId(tx.next("feed")?),
            };
            let Setting { name, covers, patience, most_gone_percent } = setting.clone();
            let by = asked.as_ref().map(|asked| asked.by);
            advance::append_applied(tx, &policy, Event::FeedSet { feed, name, covers, patience, most_gone_percent, by }, now)?;
            asked.as_ref().map_or(Ok(()), |asked| asked.remember(tx, ACT, feed.0))?;
            Ok(Ok(feed))
        })
        .await
}

/// The effect of setting.
pub(super) fn take_setting(tx: &WriteTx<'_>, id: FeedId, setting: Setting) -> Result<(), StoreError> {
    let held = tx.get(tables::FEEDS, &id)?;
    let Setting { name, covers, patience, most_gone_percent } = setting;
    let feed = match held {
        Some(feed) => Feed { name, covers, patience, most_gone_percent, ..feed },
        None => Feed { id, name, covers, patience, most_gone_percent, stands: None, last: 0, may_take_back: None, refused: None, not_again: None },
    };
    put(tx, &feed)
}

fn put(tx: &WriteTx<'_>, feed: &Feed) -> Result<(), StoreError> {
    tx.put(tables::FEEDS, &feed.id, feed)?;
    tx.announce(Changed::Feed(feed.id));
    Ok(())
}

/// Gives a feed up. Its cars stay as they are: from now on nobody misses them.
pub async fn remove(rooms: &Rooms, id: FeedId, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            if !tx.has(tables::FEEDS, &id)? {
                return Ok(Err(Refusal::NotThere));
            }
            advance::append_applied(tx, &policy, Event::FeedRemoved { feed: id, by }, now)?;
            Ok(Ok(()))
        })
        .await
}

/// The effect of giving up.
pub(super) fn take_removal(tx: &WriteTx<'_>, id: FeedId) -> Result<(), StoreError> {
    tx.remove(tables::FEEDS, &id)?;
    tx.remove(tables::FEED_FETCHES, &id)?;
    for key in tx.keys(tables::FEED_CARS, &Span::under(&id), CARS_MOST)? {
        tx.remove(tables::FEED_CARS, &key)?;
    }
    for key in tx.keys(tables::FEED_READS, &Span::under(&id), usize::MAX)? {
        tx.remove(tables::FEED_READS, &key)?;
    }
    take::forget_undo(tx, id)?;
    bring::forget_file(tx, id)?;
    tx.announce(Changed::Feed(id));
    Ok(())
}

/// Takes the last snapshot back, when that is exact: no car of it was changed since, and nobody has asked about one that it brought.
pub async fn undo(rooms: &Rooms, id: FeedId, asked: Asked, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            asked.once(tx, "take feed back", || {
                let Some(feed) = tx.get(tables::FEEDS, &id)? else { return Ok(Err(Refusal::NotThere)) };
                if let Some(why) = against_undo(tx, &feed)? {
                    return Ok(Err(Refusal::Conflict(why)));
                }
                advance::append_applied(tx, &policy, Event::FeedTakenBack { feed: id, by: asked.by }, now)?;
                Ok(Ok(()))
            })
        })
        .await
}

fn against_undo(tx: &WriteTx<'_>, feed: &Feed) -> Result<Option<String>, StoreError> {
    if feed.may_take_back.is_none() {
        return Ok(Some("Only the snapshot that was taken last can be taken back, and it was already.".to_owned()));
    }
    let (mut changed, mut wanted) = (0_u32, 0_u32);
    for ((_, vehicle), undo) in tx.some(tables::FEED_UNDO, &Span::under(&feed.id), CARS_MOST)? {
        let FeedUndo { car, .. } = undo;
        let (after, is_new) = match &car {
            CarBefore::Same | CarBefore::Unknown => continue,
            CarBefore::NotThere { after } => (after, true),
            CarBefore::Was { after, .. } => (after, false),
        };
        let as_left = tx.get(tables::VEHICLES, &vehicle)?.map(|car| cars::digest(&car)).transpose()?;
        if as_left.as_ref() != Some(after) {
            changed += 1;
        } else if is_new && cars::somebody_cares(tx, vehicle)? {
            wanted += 1;
        }
    }
    Ok(match (changed, wanted) {
        (0, 0) => None,
        (0, 1) => Some("One of the cars that it brought has been looked at or asked about since, so it cannot be taken back exactly.".to_owned()),
        (0, n) => Some(format!("{n} of the cars that it brought have been looked at or asked about since, so it cannot be taken back exactly.")),
        (1, _) => {
            Some("One of its cars was changed since, so it cannot be taken back exactly; correct what is wrong by the next snapshot.".to_owned())
        }
        (n, _) => {
            Some(format!("{n} of its cars were changed since, so it cannot be taken back exactly; correct what is wrong by the next snapshot."))
        }
    })
}

/// Where files of a feed are put, on the store computer.
#[must_use]
pub fn folder(drop_folder: &Path, feed: &Feed) -> PathBuf {
    drop_folder.join("feeds").join(&feed.name)
}

/// How the fetching of a feed goes.
pub fn fetching(tx: &impl Rows, id: FeedId) -> Result<FeedFetch, StoreError> {
    Ok(tx.get(tables::FEED_FETCHES, &id)?.unwrap_or_default())
}

/// Keeps how it went.
pub async fn note_fetch(rooms: &Rooms, id: FeedId, went: FeedFetch) -> Result<(), StoreError> {
    rooms
        .store
        .write(move |tx| {
            tx.put(tables::FEED_FETCHES, &id, &went)?;
            tx.announce(Changed::Feed(id));
            Ok(())
        })
        .await
}
