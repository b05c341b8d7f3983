//! Who wants to hear when a car costs less, by whose word, and what became of the last time it did?

use super::{
    consent::{Channel, ConsentFact},
    ids::{OutboxId, PartId, PriceAlertId, Seq, StaffId, VehicleId},
    money::Cents,
    time::At,
};

/// Somebody asked to be told when one car costs less.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct PriceAlert {
    pub id: PriceAlertId,
    #[serde(rename = "customer")]
    pub part: PartId,
    pub said: AlertTerms,
    pub set: At,
    /// Who took it down for them; none: they set it themselves, on the website.
    #[serde(default)]
    pub by: Option<StaffId>,
    /// The journal entry it came with.
    pub cause: Seq,
    #[serde(default)]
    pub ended: Option<Ended>,
}

/// What they asked for, and what they agreed to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct AlertTerms {
    pub vehicle: VehicleId,
    /// The price from which they want to hear of it; none: any drop that is worth a word.
    #[serde(default)]
    pub below: Option<Cents>,
    pub channel: Channel,
    /// Where to, as the channel wants it: E.164, or an address.
    pub to: String,
    /// Good for messages about the price of this car and for nothing else.
    pub consent: ConsentFact,
}

/// Somebody said that it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Ended {
    pub at: At,
    pub by: StaffId,
}

impl PriceAlert {
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.ended.is_none()
    }
}

/// The newest change of a car's price, and who is told of it when it came down. One a car.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct PriceMove {
    pub vehicle: VehicleId,
    pub at: At,
    #[serde(default)]
    pub from: Option<Cents>,
    pub to: Cents,
    /// Who set the price; none: a feed or file brought it.
    #[serde(default)]
    pub by: Option<StaffId>,
    /// What was written so far, the first first.
    #[serde(default)]
    pub messages: Vec<OutboxId>,
}

/// When somebody was last told that a car costs less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct ToldOfDrop {
    pub at: At,
    pub message: OutboxId,
}
