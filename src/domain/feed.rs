//! A feed: a source that says again and again which cars stand on the lot, all of them at once.

use super::{
    ids::{FeedId, StaffId, VehicleId},
    import_run::HeldBack,
    money::Cents,
    time::At,
    vehicle::{ListingStatus, Vehicle},
};

/// A source of snapshots of the lot.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Feed {
    pub id: FeedId,
    /// As people call it; its folder and its lines in the configuration go by it.
    pub name: String,
    pub covers: Covers,
    /// A car that is not in so many snapshots in a row is missing.
    pub patience: u8,
    /// A snapshot in which more than this share of the cars before it is not there any more is refused. Percent.
    pub most_gone_percent: u8,
    /// The snapshot whose cars stand now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands: Option<Snapshot>,
    /// The number of the last reading, whatever came of it.
    #[serde(default)]
    pub last: u64,
    /// The reading that can be taken back: the last that was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_take_back: Option<u64>,
    /// The digest of the last snapshot that was refused: until another comes, a feed that repeats it by itself is not refused anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// The digest of a snapshot that was taken back: the same bytes are not taken again by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_again: Option<String>,
}

/// The bytes of a snapshot that was taken, and when.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Snapshot {
    /// The number of its reading.
    pub read: u64,
    pub at: At,
    /// By which the same bytes are known again.
    pub digest: String,
}

impl Feed {
    /// Snapshots in a row, until the store says otherwise: one is an accident, two are a car that has gone.
    pub const PATIENCE: u8 = 2;
    pub const PATIENCE_MOST: u8 = 30;
    /// Percent, until the store says otherwise (field guide 3.3).
    pub const MOST_GONE_PERCENT: u8 = 30;
}

/// Which cars a feed speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Covers {
    #[default]
    Lot,
    /// New cars alone: a row of it that says nothing is of a new car, one that says used is held back.
    New,
    Used,
    /// Some cars, by what only the sender knows: one rooftop of several, trucks.
    Part,
    #[serde(other)]
    Unknown,
}

/// What a feed last said of one car, and how long it has not spoken of it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct FeedCar {
    /// The digest of its row: the same row again says nothing new.
    pub row: String,
    pub status: ListingStatus,
    #[serde(default)]
    pub price: Option<Cents>,
    /// Snapshots in a row without it.
    #[serde(default)]
    pub absent: u8,
}

/// What it takes to take the last snapshot back from one car.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct FeedUndo {
    pub car: CarBefore,
    /// What the feed had said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<FeedCar>,
}

/// How a car was before a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum CarBefore {
    /// As it is: only what the feed says of it changed.
    Same,
    /// Not there; `after` is the digest of the car as the snapshot left it: another one says that somebody changed it since.
    NotThere {
        after: String,
    },
    Was {
        car: Box<Vehicle>,
        after: String,
    },
    #[serde(other)]
    Unknown,
}

/// One reading of a feed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct FeedRead {
    pub at: At,
    pub file: String,
    /// Who brought it, or had it taken all the same; nobody when it came by itself.
    #[serde(default)]
    pub by: Option<StaffId>,
    pub outcome: ReadOutcome,
    #[serde(default)]
    pub counts: FeedCounts,
    /// What it did to cars, the first of them; the counts stay whole.
    #[serde(default)]
    pub cars: Vec<CarDid>,
    #[serde(default)]
    pub held_back: Vec<HeldBack>,
    /// What was odd in the file.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The snapshot that stood before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Snapshot>,
}

/// What came of a reading.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ReadOutcome {
    Taken,
    /// It would have been refused, and somebody took it all the same.
    TakenAnyway,
    /// Nothing of it was taken; why, in a sentence.
    Refused {
        why: String,
        /// Whether it can be taken all the same: it could be read, and only too much was gone.
        may_be_taken: bool,
    },
    TakenBack {
        by: StaffId,
        at: At,
    },
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct FeedCounts {
    /// Cars of the file that can be told.
    pub listed: u64,
    pub arrived: u64,
    /// Cars of which it says something new, without those that arrived.
    pub changed: u64,
    /// Of those, how many came down in price, and how many went up.
    pub cheaper: u64,
    pub dearer: u64,
    pub unchanged: u64,
    /// On the lot and not in this snapshot, for the first time.
    pub not_listed: u64,
    /// Not in as many snapshots in a row as the store waits for.
    pub missing: u64,
    pub sold: u64,
    pub held_back: u64,
}

/// What a reading did to one car.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct CarDid {
    pub vehicle: VehicleId,
    pub did: FeedDid,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum FeedDid {
    Arrived,
    Repriced {
        from: Cents,
        to: Cents,
    },
    Changed,
    /// It was listed before, and is not in this snapshot.
    NotListed,
    Missing,
    Sold,
    #[serde(other)]
    Unknown,
}

/// How the scheduled fetching of a feed goes: not part of what happened at the store, so no journal knows it.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct FeedFetch {
    pub asked: At,
    /// When it is asked for again.
    pub next: At,
    /// Failures in a row; each doubles the wait.
    pub failures: u32,
    /// Why the last asking failed, in a sentence.
    pub trouble: Option<String>,
    /// By these the sender says that nothing has changed.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}
