//! Something changed: enough to know what to read again, never what it says.

use super::ids::{
    AlertId, AppointmentId, CustomerId, FeedId, ImportId, LeadId, OpportunityId, ServiceVisitId, SetAsideId, StaffId, VehicleId, VisitId,
};

/// One announcement. `seq` is gapless over the life of the store; a browser or the search index resumes after one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub seq: u64,
    pub what: Changed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", content = "id", rename_all = "snake_case")]
pub enum Changed {
    Alert(AlertId),
    Customer(CustomerId),
    Vehicle(VehicleId),
    /// Only how often it is looked at: nothing that is searched for.
    Looks(VehicleId),
    Lead(LeadId),
    Import(ImportId),
    SetAside(SetAsideId),
    Staff(StaffId),
    Visit(VisitId),
    /// A car in service, or one that is due there.
    ServiceVisit(ServiceVisitId),
    /// A booked visit to service of these days.
    Appointment(AppointmentId),
    Opportunity(OpportunityId),
    Feed(FeedId),
    /// How the store wants something: a rule, a ladder, a field of its own.
    Settings,
    /// What cars bring: every value that is shown may be another.
    Market,
}
