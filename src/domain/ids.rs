//! Which one? Ids are never bare integers, so that a customer cannot be passed where a vehicle is meant.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// Position in the journal: gapless, from 1.
    Seq,
    /// One person or business.
    CustomerId,
    /// One source's record of a person, with everything that came under it. Numbered as the customer it would be alone.
    PartId,
    /// What one source said of a person.
    ProfileId,
    /// One joining of two customers.
    MergeId,
    /// One browser of a shopper; our own number for the site's client id.
    VisitorId,
    /// One car, on the lot or not.
    VehicleId,
    /// One lead.
    LeadId,
    /// One sale booked in the DMS.
    DealId,
    /// One repair order.
    RepairOrderId,
    /// One booked visit to the service department.
    AppointmentId,
    /// One card.
    AlertId,
    /// Somebody who works here.
    StaffId,
    /// A customer's visit to the showroom.
    VisitId,
    /// A visit to the service department, from the lane until the car is fetched.
    ServiceVisitId,
    /// One go at selling somebody a car.
    OpportunityId,
    /// One run of an import.
    ImportId,
    /// Something that could not be understood, kept with its bytes.
    SetAsideId,
    /// How one sender writes its leads.
    LeadTemplateId,
    /// A message waiting to leave.
    OutboxId,
    /// A list somebody saved.
    SavedViewId,
    /// One source of snapshots of the lot.
    FeedId,
    /// A photo or document kept with a customer.
    FileId,
    /// One worksheet of a car that somebody brings.
    AppraisalId,
    /// Somebody's wish to hear when a car costs less.
    PriceAlertId,
    /// A car somebody wishes for.
    WishId,
}

impl From<PartId> for CustomerId {
    /// The customer this part is when nothing is joined to it.
    fn from(part: PartId) -> Self {
        Self(part.0)
    }
}

impl From<CustomerId> for PartId {
    /// The part that gave the customer its number.
    fn from(customer: CustomerId) -> Self {
        Self(customer.0)
    }
}
