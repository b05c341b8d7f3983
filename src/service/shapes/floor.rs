//! What the screens read of the showroom.

use super::{NamedCustomer, NamedVehicle, Person};
use crate::domain::{opportunity::LostReason, visit::VisitStep};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who is in the showroom, and who of the store is free.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Floor {
    pub now_ms: i64,
    /// Whoever came first before the others.
    pub visits: Vec<VisitShape>,
    pub people: Vec<OnFloor>,
    /// The last visits that ended, newest first; the log has all.
    pub lately: Vec<VisitShape>,
    pub today: FloorToday,
}

/// The showroom since the store's midnight.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FloorToday {
    pub visits: u64,
    pub be_backs: u64,
    pub demo_drives: u64,
    pub write_ups: u64,
    pub sold: u64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OnFloor {
    pub person: Person,
    pub state: FloorState,
    /// The visit they are busy with.
    pub visit: Option<u64>,
    pub open_cards: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FloorState {
    Free,
    WithCustomer,
    /// Takes no leads now, and is with nobody we know of.
    Away,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct VisitShape {
    pub id: u64,
    pub customer: NamedCustomer,
    pub with: Option<Person>,
    pub began_ms: i64,
    pub vehicle: Option<NamedVehicle>,
    /// They were here before and left unsold.
    pub be_back: bool,
    pub steps: Vec<VisitStepShape>,
    pub end: Option<VisitEndShape>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct VisitStepShape {
    pub step: VisitStep,
    pub at_ms: i64,
    pub by: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct VisitEndShape {
    pub at_ms: i64,
    pub by: Option<String>,
    pub result: VisitResultShape,
    pub note: String,
}

/// How a visit ended.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum VisitResultShape {
    Sold,
    /// Left unsold, and will come again: on a day, or some day.
    BeBack {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_ms: Option<i64>,
    },
    /// Left unsold, and why.
    Unsold {
        why: LostReason,
    },
    /// Opened by mistake.
    Mistake,
}

/// Opens a visit: for a customer, or for somebody who walked in.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenVisit {
    /// The number of the customer; none when `walk_in` says who it is.
    #[serde(default)]
    pub customer: Option<u64>,
    #[serde(default)]
    pub walk_in: Option<WalkIn>,
    /// Whom they are with; whoever asks when not said.
    #[serde(default)]
    pub with: Option<u64>,
    /// The car they came for.
    #[serde(default)]
    pub vehicle: Option<u64>,
}

/// Somebody who walked in, as they say who they are. One of these is enough.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WalkIn {
    pub first: String,
    pub last: String,
    pub phone: String,
    pub email: String,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SayStep {
    pub step: VisitStep,
    /// False takes it back.
    pub done: bool,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndVisit {
    pub result: VisitResultShape,
    #[serde(default)]
    pub note: String,
}
