//! What the screens read and say of feeds, and of where a car stands.

use super::{ImportReason, NamedCustomer, Person};
use crate::domain::{
    feature::Feature,
    feed::{Covers, FeedCounts},
    vehicle::ReconStep,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Every feed of the store.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FeedList {
    pub items: Vec<FeedShape>,
    /// Cars on the lot now.
    pub on_lot: u64,
    /// Of them, how many no feed speaks of: added by hand or by an import. No feed takes those off the lot.
    pub in_no_feed: u64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Feed")]
pub struct FeedShape {
    pub id: u64,
    pub name: String,
    pub covers: Covers,
    /// Snapshots in a row without a car before it is missing.
    pub patience: u8,
    /// A snapshot without more than this share of the cars is refused. Percent.
    pub most_gone_percent: u8,
    /// Cars of its last snapshot.
    pub listed: u64,
    /// Cars that are not in it any more and not yet missing.
    pub not_listed: u64,
    /// When the snapshot came that stands now.
    pub stands_ms: Option<i64>,
    /// The last reading, whatever came of it.
    pub last: Option<FeedReadShape>,
    /// The last snapshot was refused, and can be taken all the same.
    pub may_take_anyway: bool,
    /// The number of the reading that can be taken back.
    pub may_undo: Option<u64>,
    /// Where its files may be put, on the store computer.
    pub folder: Option<String>,
    pub fetch: Option<FeedFetchShape>,
}

/// A feed that is fetched by itself.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FeedFetchShape {
    pub host: String,
    pub every_minutes: i64,
    /// Asked for last.
    pub asked_ms: Option<i64>,
    pub next_ms: Option<i64>,
    /// Why it could not be fetched the last time.
    pub trouble: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadWord {
    Taken,
    TakenAnyway,
    Refused,
    TakenBack,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "FeedRead")]
pub struct FeedReadShape {
    pub number: u64,
    pub at_ms: i64,
    pub file: String,
    /// Who brought it or had it taken; nobody when it came by itself.
    pub by: Option<Person>,
    pub outcome: ReadWord,
    /// Why it was refused.
    pub why: Option<String>,
    pub counts: FeedCounts,
    pub held_back: Vec<ImportReason>,
    pub notes: Vec<String>,
}

/// One feed with what its readings did.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FeedPage {
    pub feed: FeedShape,
    /// Newest first.
    pub reads: Vec<FeedReadPage>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FeedReadPage {
    #[serde(flatten)]
    pub read: FeedReadShape,
    /// The first of the cars to which it did something; the counts are whole.
    pub cars: Vec<CarDidShape>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CarDidShape {
    pub vehicle_id: u64,
    pub label: String,
    pub stock: Option<String>,
    pub did: CarDidWord,
    /// Of a price that changed, else the price now.
    pub from_cents: Option<i64>,
    pub price_cents: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CarDidWord {
    Arrived,
    Cheaper,
    Dearer,
    Changed,
    NotListed,
    Missing,
    Sold,
}

/// What came of a snapshot that was brought.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BroughtFeed {
    /// These very bytes were the last: nothing was done.
    pub again: bool,
    pub page: FeedPage,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetFeed {
    pub name: String,
    pub covers: Covers,
    pub patience: u8,
    pub most_gone_percent: u8,
}

/// Where a car stands, as somebody says it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case", deny_unknown_fields)]
pub enum SayStanding {
    Held {
        customer: Option<u64>,
        until_ms: Option<i64>,
        #[serde(default)]
        note: String,
    },
    Recon {
        step: Option<ReconStep>,
    },
    Inbound {
        due_ms: Option<i64>,
    },
    Back,
}

/// What somebody said of where a car stands.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StandingShape {
    pub by: Option<Person>,
    pub at_ms: i64,
    pub customer: Option<NamedCustomer>,
    pub until_ms: Option<i64>,
    pub note: Option<String>,
    pub step: Option<ReconStep>,
    pub due_ms: Option<i64>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FeatureShape {
    pub value: Feature,
    pub label: &'static str,
}

/// A feed that speaks of a car.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ListedBy {
    pub feed_id: u64,
    pub name: String,
    /// Snapshots in a row without it.
    pub absent: u8,
}
