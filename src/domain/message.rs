//! What a customer wrote to us.

use super::{consent::Channel, time::At};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Inbound {
    pub at: At,
    pub channel: Channel,
    pub text: String,
    /// When somebody of the store answered.
    #[serde(default)]
    pub answered: Option<At>,
}
