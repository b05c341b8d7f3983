//! What the screens say of leads.

use super::WalkIn;
use crate::{domain::lead::NoLead, service::leads::LeadRoad};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Takes a lead down by hand: from a customer, or from somebody new.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeDown {
    /// The number of the customer; none when `person` says who it is.
    #[serde(default)]
    pub customer: Option<u64>,
    #[serde(default)]
    pub person: Option<WalkIn>,
    pub road: LeadRoad,
    /// The car of ours they ask for.
    #[serde(default)]
    pub vehicle: Option<u64>,
    /// What they want.
    #[serde(default)]
    pub words: String,
    /// Who goes on with it; whoever takes it down when not said.
    #[serde(default)]
    pub to: Option<u64>,
    /// They have been spoken to: nobody waits for an answer.
    pub spoke: bool,
    /// What was promised, and for when.
    #[serde(default)]
    pub follow_up: Option<super::SetFollowUp>,
}

/// What was taken down.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TakenDownLead {
    pub id: u64,
    pub customer: super::NamedCustomer,
}

/// Why what came as a lead is none.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PutLeadAside {
    pub why: NoLead,
}
