//! A visit to the service department that was booked ahead.

use super::{
    ids::{AppointmentId, PartId, Seq, VehicleId},
    import_run::RowId,
    money::Cents,
    profile::Profile,
    time::At,
    vehicle::CarFacts,
    vin::Vin,
};

/// One row of a file of service appointments.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct NewAppointment {
    /// Text: leading zeros count.
    pub number: String,
    /// When the car is expected; the start of the day where the row says no time.
    pub at: At,
    /// When it was booked.
    #[serde(default)]
    pub created: Option<At>,
    pub customer: Profile,
    #[serde(default)]
    pub vin: Option<Vin>,
    #[serde(default)]
    pub facts: CarFacts,
    #[serde(default)]
    pub advisor: String,
    /// What the customer says is wrong.
    #[serde(default)]
    pub complaint: String,
    /// What is to be done, a line each.
    #[serde(default)]
    pub work: Vec<String>,
    /// What was advised at an earlier visit and is still to be talked of, a line each.
    #[serde(default)]
    pub recommended: Vec<String>,
    /// The customer stays while the work is done.
    #[serde(default)]
    pub waiting: bool,
    /// The customer is given a car meanwhile.
    #[serde(default)]
    pub loaner: bool,
    #[serde(default)]
    pub estimate: Option<Cents>,
}

impl NewAppointment {
    /// A visit of which no more is said.
    #[must_use]
    pub fn new(number: String, at: At, customer: Profile) -> Self {
        Self {
            number,
            at,
            created: None,
            customer,
            vin: None,
            facts: CarFacts::default(),
            advisor: String::new(),
            complaint: String::new(),
            work: vec![],
            recommended: vec![],
            waiting: false,
            loaner: false,
            estimate: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Appointment {
    pub id: AppointmentId,
    #[serde(rename = "customer")]
    pub part: PartId,
    #[serde(default)]
    pub vehicle: Option<VehicleId>,
    pub said: NewAppointment,
    /// The row that said it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<RowId>,
    /// The journal entry that booked it, of one booked at the counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Seq>,
}
