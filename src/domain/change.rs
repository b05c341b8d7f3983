//! Something changed: enough to know what to read again, never what it says.

use super::ids::{AlertId, CustomerId, ImportId, LeadId, SetAsideId, StaffId, VehicleId};

/// One announcement. `seq` is gapless over the life of the store; a browser or the search index resumes after one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub seq: u64,
    pub what: Changed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(tag = "t", content = "id", rename_all = "snake_case")]
pub enum Changed {
    Alert(AlertId),
    Customer(CustomerId),
    Vehicle(VehicleId),
    Lead(LeadId),
    Import(ImportId),
    SetAside(SetAsideId),
    Staff(StaffId),
}

impl Changed {
    /// The kind and the bare id, as a live message carries them.
    #[must_use]
    pub fn parts(self) -> (&'static str, u64) {
        match self {
            Self::Alert(id) => ("alert", id.0),
            Self::Customer(id) => ("customer", id.0),
            Self::Vehicle(id) => ("vehicle", id.0),
            Self::Lead(id) => ("lead", id.0),
            Self::Import(id) => ("import", id.0),
            Self::SetAside(id) => ("set_aside", id.0),
            Self::Staff(id) => ("staff", id.0),
        }
    }
}
