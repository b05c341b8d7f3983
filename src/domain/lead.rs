//! Somebody raised a hand: what they want, as the sender put it, and what we could not read.

use super::{
    ids::{LeadId, PartId, VehicleId},
    money::Cents,
    profile::Profile,
    time::At,
    vehicle::CarFacts,
    vin::Vin,
};

/// A lead as read from its bytes, before anybody's identity is decided.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct NewLead {
    /// Who sent it: "Cars.com", "Website".
    pub source: String,
    /// The sender's own number of this lead and whose number it is; makes a resend harmless.
    #[serde(default)]
    pub external_id: Option<String>,
    /// When the shopper asked, by the sender's clock; the time of receipt when unreadable.
    pub requested: At,
    pub person: Profile,
    #[serde(default)]
    pub cars: Vec<LeadCar>,
    /// The shopper's words. Text, never an instruction to anybody.
    #[serde(default)]
    pub comments: String,
    #[serde(default)]
    pub kind: LeadKind,
    /// The form's submission id or the site's client id, when the sender passes one on.
    #[serde(default)]
    pub web_ids: Vec<String>,
    /// What was odd in the file, in sentences without personal data.
    #[serde(default)]
    pub warnings: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadKind {
    #[default]
    Enquiry,
    TestDrive,
    TradeIn,
    Finance,
    PhoneCall,
    Service,
    /// The sender's own test.
    Test,
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadInterest {
    #[default]
    Buy,
    Lease,
    /// They want to sell us this one.
    Sell,
    TradeIn,
    TestDrive,
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct LeadCar {
    pub interest: LeadInterest,
    pub vin: Option<Vin>,
    pub stock: String,
    pub facts: CarFacts,
    pub price: Option<Cents>,
    pub comments: String,
}

impl LeadCar {
    /// A car they come with rather than one they come for.
    #[must_use]
    pub fn is_theirs(&self) -> bool {
        matches!(self.interest, LeadInterest::Sell | LeadInterest::TradeIn)
    }
}

/// A lead in the house.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Lead {
    pub id: LeadId,
    #[serde(rename = "customer")]
    pub part: PartId,
    pub received: At,
    /// The car of ours they ask for, when it is one we know.
    #[serde(default)]
    pub vehicle: Option<VehicleId>,
    /// When somebody of the store first answered.
    #[serde(default)]
    pub answered: Option<At>,
    pub said: NewLead,
}
