//! One line of a customer's story: what happened, in words anybody of the store understands.

use super::{
    alert::Icon,
    ids::{FileId, Seq, StaffId, VehicleId},
    time::At,
    visitor::Did,
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
    /// Of a browser: what it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub did: Option<Did>,
    /// Of a note: the colleagues it speaks to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<StaffId>,
    /// Of a note: it may be said where the customer hears it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub aloud: bool,
    /// The file that was added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileId>,
}

impl StoryRow {
    /// A line that says no more than this.
    #[must_use]
    pub fn new(at: At, road: Road, icon: Icon, title: String, cause: Seq) -> Self {
        Self {
            at,
            until: at,
            road,
            icon,
            title,
            detail: String::new(),
            vehicle: None,
            by: None,
            times: 1,
            cause,
            did: None,
            mentions: vec![],
            aloud: false,
            file: None,
        }
    }
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
