//! A message waiting to leave: written in the transaction that caused it, sent by whoever holds the channel.

use super::{
    consent::Channel,
    ids::{CustomerId, OutboxId, VehicleId},
    time::At,
};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct OutboxRow {
    pub id: OutboxId,
    pub customer: CustomerId,
    pub channel: Channel,
    /// The point it goes to, as the channel wants it.
    pub to: String,
    pub text: String,
    pub not_before: At,
    /// A reminder that comes late is worse than none.
    pub not_after: At,
    /// The provider sees the same key on a retry and sends once.
    pub idempotency_key: String,
    pub state: OutboxState,
    #[serde(default, skip_serializing_if = "Purpose::is_answer")]
    pub purpose: Purpose,
}

/// Why we write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum Purpose {
    /// They asked and nobody was there.
    #[default]
    Answer,
    /// A car they care for costs less.
    PriceDrop { vehicle: VehicleId },
    #[serde(other)]
    Unknown,
}

impl Purpose {
    #[must_use]
    pub fn is_answer(&self) -> bool {
        *self == Self::Answer
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum OutboxState {
    Waiting {
        attempts: u16,
    },
    Sent {
        at: At,
    },
    Expired {
        at: At,
    },
    Refused {
        at: At,
        why: String,
    },
    #[serde(other)]
    Unknown,
}
