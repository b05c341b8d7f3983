//! A repair order: one visit to the service department.

use super::{
    ids::{PartId, RepairOrderId, VehicleId},
    import_run::RowId,
    money::Cents,
    profile::Profile,
    time::At,
    vehicle::CarFacts,
    vin::Vin,
};

/// One row of a repair-orders file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warranty_pay: Option<Cents>,
    /// What the store charged itself: work on cars of the lot, goodwill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub internal_pay: Option<Cents>,
    /// The licence plate, as the writer saw it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub plate: String,
}

impl NewRepairOrder {
    /// A visit of which no more is said.
    #[must_use]
    pub fn new(number: String, opened: At, customer: Profile) -> Self {
        Self {
            number,
            opened,
            closed: None,
            customer,
            vin: None,
            facts: CarFacts::default(),
            advisor: String::new(),
            work: vec![],
            declined: vec![],
            customer_pay: None,
            total: None,
            warranty_pay: None,
            internal_pay: None,
            plate: String::new(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RepairOrder {
    pub id: RepairOrderId,
    #[serde(rename = "customer")]
    pub part: PartId,
    #[serde(default)]
    pub vehicle: Option<VehicleId>,
    pub said: NewRepairOrder,
    /// The row that said it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<RowId>,
}
