//! Something to think of again at a set time. Kept on disk, so that a restart forgets none.

use super::{
    ids::{AlertId, CustomerId, StaffId, VehicleId},
    time::At,
};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Timer {
    pub due: At,
    pub what: TimerKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum TimerKind {
    /// A snoozed card comes back.
    SnoozeEnds { alert: AlertId },
    /// A first-response clock runs out.
    ClockRunsOut { alert: AlertId },
    /// Look at this customer again: a score has faded, a window has passed.
    ThinkAgain { customer: CustomerId },
    /// Somebody's absence begins.
    AbsenceBegins { staff: StaffId },
    /// The next day of telling who cares for a car that it costs less.
    PriceDropGoesOn { vehicle: VehicleId },
    /// A car was held for somebody until now.
    HoldEnds { vehicle: VehicleId },
    #[serde(other)]
    Unknown,
}
