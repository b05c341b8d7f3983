//! A repair order: one visit to the service department.

use super::{
    ids::{CustomerId, RepairOrderId, VehicleId},
    money::Cents,
    profile::Profile,
    time::At,
    vehicle::CarFacts,
    vin::Vin,
};

/// One row of a repair-orders file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct NewRepairOrder {
    /// Text: leading zeros count.
    pub number: String,
    pub opened: At,
    #[serde(default)]
    pub closed: Option<At>,
    pub customer: Profile,
    #[serde(default)]
    pub vin: Option<Vin>,
    #[serde(default)]
    pub facts: CarFacts,
    #[serde(default)]
    pub advisor: String,
    /// What was done, a line each.
    #[serde(default)]
    pub work: Vec<String>,
    /// Recommended and not bought.
    #[serde(default)]
    pub declined: Vec<String>,
    #[serde(default)]
    pub customer_pay: Option<Cents>,
    #[serde(default)]
    pub total: Option<Cents>,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct RepairOrder {
    pub id: RepairOrderId,
    pub customer: CustomerId,
    #[serde(default)]
    pub vehicle: Option<VehicleId>,
    pub said: NewRepairOrder,
}
