//! A sale as the DMS booked it.

use super::{
    ids::{CustomerId, DealId, VehicleId},
    money::{Bps, Cents},
    profile::Profile,
    time::At,
    vehicle::CarFacts,
    vin::Vin,
};

/// One row of a deals file, before it is known whose and which car.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct NewDeal {
    /// Text: leading zeros count.
    pub number: String,
    pub sold: At,
    pub buyer: Profile,
    #[serde(default)]
    pub vin: Option<Vin>,
    #[serde(default)]
    pub stock: String,
    #[serde(default)]
    pub facts: CarFacts,
    #[serde(default)]
    pub kind: DealKind,
    #[serde(default)]
    pub price: Option<Cents>,
    #[serde(default)]
    pub financed: Option<Cents>,
    #[serde(default)]
    pub apr: Option<Bps>,
    #[serde(default)]
    pub term_months: Option<u16>,
    #[serde(default)]
    pub payment: Option<Cents>,
    #[serde(default)]
    pub lender: String,
    #[serde(default)]
    pub salesperson: String,
    #[serde(default)]
    pub cancelled: bool,
    #[serde(default)]
    pub trade: Option<LeadTrade>,
}

/// A car taken in with a deal.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct LeadTrade {
    pub vin: Option<Vin>,
    pub facts: CarFacts,
    pub acv: Option<Cents>,
    pub payoff: Option<Cents>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DealKind {
    Cash,
    #[default]
    Finance,
    Lease,
    /// Buy here, pay here: the store carries the note.
    Bhph,
    Wholesale,
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Deal {
    pub id: DealId,
    pub customer: CustomerId,
    #[serde(default)]
    pub vehicle: Option<VehicleId>,
    pub said: NewDeal,
}
