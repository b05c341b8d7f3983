//! Somebody raised a hand: what they want, as the sender put it, and what we could not read.

use super::{
    appraisal::ToldTool,
    ids::{CustomerId, LeadId, PartId, Seq, StaffId, VehicleId},
    money::Cents,
    profile::Profile,
    time::At,
    vehicle::CarFacts,
    vin::Vin,
};

/// A lead as read from its bytes, before anybody's identity is decided.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
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
    /// Set when no sender brought it: somebody of the store took it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<TakenDown>,
}

/// A call, a word across the counter: taken down by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct TakenDown {
    pub by: StaffId,
    /// Who goes on with it.
    pub to: StaffId,
    /// They have been spoken to: nobody waits for an answer.
    pub spoke: bool,
    /// Whom it is from, when they were found; else who the person is, is found out as of any lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
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

#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct LeadCar {
    pub interest: LeadInterest,
    pub vin: Option<Vin>,
    pub stock: String,
    pub facts: CarFacts,
    pub price: Option<Cents>,
    pub comments: String,
    /// Of theirs: what they told the trade-in tool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<ToldTool>,
}

impl LeadCar {
    /// A car they come with rather than one they come for.
    #[must_use]
    pub fn is_theirs(&self) -> bool {
        matches!(self.interest, LeadInterest::Sell | LeadInterest::TradeIn)
    }
}

/// A lead in the house.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
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
    /// Somebody said that it is none; nobody waits, and it counts for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aside: Option<PutAside>,
    /// The journal entry it came with; 0 of leads from before it was kept.
    #[serde(default)]
    pub cause: Seq,
    pub said: NewLead,
}

/// What came as a lead and is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct PutAside {
    pub why: NoLead,
    pub by: StaffId,
    pub at: At,
}

/// Why something that came as a lead is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoLead {
    /// An advertisement, or nobody at all.
    Spam,
    /// They want to work here.
    JobSeeker,
    /// They want to sell the store something that is no car.
    Vendor,
    /// Taken down by mistake, or twice.
    Mistake,
    #[serde(other)]
    Unknown,
}

impl NoLead {
    /// As a colleague says it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::JobSeeker => "somebody looking for work",
            Self::Vendor => "somebody selling to the store",
            Self::Mistake => "a mistake",
            Self::Unknown => "no lead",
        }
    }
}
