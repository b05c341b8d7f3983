//! A customer in the showroom, with one person of the store: since when, how far they came, how it ended.

use super::{
    ids::{CustomerId, PartId, Seq, StaffId, VehicleId, VisitId},
    opportunity::LostReason,
    profile::Profile,
    time::At,
};

/// One visit. Whoever it is with is busy until it ends.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Visit {
    pub id: VisitId,
    #[serde(rename = "customer")]
    pub part: PartId,
    pub with: StaffId,
    pub began: At,
    /// The car they came for.
    #[serde(default)]
    pub vehicle: Option<VehicleId>,
    /// They were here before and left unsold.
    #[serde(default)]
    pub be_back: bool,
    /// What was done, in the order in which it was done.
    #[serde(default)]
    pub steps: Vec<StepDone>,
    #[serde(default)]
    pub end: Option<VisitEnd>,
    /// The journal entry that opened it.
    pub cause: Seq,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct StepDone {
    pub step: VisitStep,
    pub at: At,
    pub by: StaffId,
}

/// The steps of a sale on the floor (field guide 1.2 and 5: demo, write-up and turnover ratios).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VisitStep {
    Greet,
    Walkaround,
    DemoDrive,
    WriteUp,
    ManagerTurnover,
    FinanceTurnover,
    /// Written by a newer Headlight.
    #[serde(other)]
    Unknown,
}

impl VisitStep {
    /// In the order of the floor.
    pub const ALL: [Self; 6] = [Self::Greet, Self::Walkaround, Self::DemoDrive, Self::WriteUp, Self::ManagerTurnover, Self::FinanceTurnover];

    /// Past tense, as the story tells it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Greet => "greeted",
            Self::Walkaround => "walked around the car",
            Self::DemoDrive => "drove it",
            Self::WriteUp => "written up",
            Self::ManagerTurnover => "met the manager",
            Self::FinanceTurnover => "met finance",
            Self::Unknown => "something else",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct VisitEnd {
    pub at: At,
    pub by: StaffId,
    pub result: VisitResult,
    #[serde(default)]
    pub note: String,
    /// The journal entry that ended it.
    pub cause: Seq,
}

/// How a visit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum VisitResult {
    Sold,
    /// Left unsold, and will come again: on a day, or some day.
    BeBack {
        on: Option<At>,
    },
    /// Left unsold, and why.
    Unsold {
        why: LostReason,
    },
    /// Opened by mistake: it never was.
    Mistake,
    #[serde(other)]
    Unknown,
}

/// Whom a visit is opened for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "one a visit")]
pub enum Visiting {
    Customer {
        customer: CustomerId,
    },
    /// Somebody who walked in, as they say their name.
    WalkIn {
        person: Profile,
    },
}

impl Visit {
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.end.is_none()
    }

    /// It never was.
    #[must_use]
    pub fn is_mistake(&self) -> bool {
        self.end.as_ref().is_some_and(|end| end.result == VisitResult::Mistake)
    }

    #[must_use]
    pub fn sold_at(&self) -> Option<At> {
        self.end.as_ref().filter(|end| end.result == VisitResult::Sold).map(|end| end.at)
    }

    /// They left without a car.
    #[must_use]
    pub fn ended_unsold(&self) -> bool {
        self.end.as_ref().is_some_and(|end| match end.result {
            VisitResult::BeBack { .. } | VisitResult::Unsold { .. } => true,
            VisitResult::Sold | VisitResult::Mistake | VisitResult::Unknown => false,
        })
    }

    #[must_use]
    pub fn has(&self, step: VisitStep) -> bool {
        self.steps.iter().any(|done| done.step == step)
    }
}
