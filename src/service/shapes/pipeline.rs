//! What the screens read of the sales under way.

use super::{Closed, NamedCustomer, NamedVehicle, Person};
use crate::domain::opportunity::{LostReason, Stage};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The sale with one customer.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OpportunityShape {
    pub id: u64,
    pub stage: Stage,
    pub since_ms: i64,
    pub opened_ms: i64,
    pub is_open: bool,
    /// How it came there, from its beginning.
    pub path: Vec<ReachedShape>,
    /// The last word on its stage was somebody's.
    pub by_hand: bool,
    pub lost: Option<LostShape>,
    pub follow_up: Option<FollowUpShape>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReachedShape {
    pub stage: Stage,
    pub at_ms: i64,
    pub because: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LostShape {
    pub why: LostReason,
    pub note: String,
    pub by: Option<String>,
    pub at_ms: i64,
    /// When it is tried again.
    pub again_ms: Option<i64>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FollowUpShape {
    pub due_ms: i64,
    pub what: String,
    pub by: Option<String>,
}

/// The columns of the board.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Board {
    pub columns: Vec<BoardColumn>,
    /// Sales without anything that comes next.
    pub in_void: u64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BoardColumn {
    pub stage: Stage,
    pub total: u64,
    /// The nearest to buying first, as many as were asked for.
    pub rows: Vec<BoardRow>,
}

/// One sale on the board, or in the void.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BoardRow {
    pub opportunity: u64,
    pub customer: NamedCustomer,
    pub score: i16,
    pub stage: Stage,
    pub since_ms: i64,
    pub owner: Option<Person>,
    pub vehicle: Option<NamedVehicle>,
    pub next: NextStepShape,
    /// What was promised, also when its time has passed.
    pub follow_up: Option<FollowUpShape>,
    /// When anything last happened between us and them.
    pub last_touch_ms: Option<i64>,
    pub last_touch: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum NextStepShape {
    InShowroom,
    Card {
        alert: u64,
        comes_back_ms: Option<i64>,
    },
    FollowUp {
        due_ms: i64,
    },
    /// With how their last card closed, if they ever had one.
    Nothing {
        card: Option<Closed>,
    },
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SayStage {
    pub stage: Stage,
    /// Why it is not where the facts put it.
    pub why: String,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SayLost {
    pub why: LostReason,
    #[serde(default)]
    pub note: String,
    /// When to try again; the reason says it when nobody does.
    #[serde(default)]
    pub again_ms: Option<i64>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetFollowUp {
    pub due_ms: i64,
    #[serde(default)]
    pub what: String,
}
