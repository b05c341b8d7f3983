//! What a customer wrote to us, and what colleagues wrote to each other about them.

use super::{consent::Channel, ids::StaffId, time::At};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Inbound {
    pub at: At,
    pub channel: Channel,
    pub text: String,
    /// When somebody of the store answered.
    #[serde(default)]
    pub answered: Option<At>,
}

/// What somebody of the store wrote down of the car a customer wants.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Remark {
    pub at: At,
    pub by: StaffId,
    pub text: String,
}

/// A note that speaks to one colleague.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Mention {
    pub at: At,
    pub by: StaffId,
    pub text: String,
    /// When that colleague was done with it.
    #[serde(default)]
    pub done: Option<At>,
}
