//! One line of a customer's story: what happened, in words anybody of the store understands.

use super::{
    alert::Icon,
    ids::{Seq, StaffId, VehicleId},
    time::At,
};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct StoryRow {
    pub at: At,
    /// The last time it happened in the same visit.
    #[serde(default)]
    pub until: At,
    pub road: Road,
    pub icon: Icon,
    pub title: String,
    #[serde(default)]
    pub detail: String,
    #[serde(default)]
    pub vehicle: Option<VehicleId>,
    #[serde(default)]
    pub by: Option<StaffId>,
    /// How often in the same visit.
    #[serde(default)]
    pub times: u16,
    /// The journal entry that caused it.
    pub cause: Seq,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Road {
    Web,
    Messages,
    Sales,
    Finance,
    Service,
    #[serde(other)]
    Note,
}
