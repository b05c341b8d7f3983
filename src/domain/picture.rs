//! All the engine may see of one customer at one moment. Whatever is not in here cannot sway a score, a rule or a route.

use super::{
    alert::Alert,
    customer::Customer,
    ids::{LeadId, StaffId, VehicleId},
    ladder::Ladder,
    lead::Lead,
    message::Remark,
    opportunity::Opportunity,
    rooftop::Rooftop,
    rule_setting::RuleSettings,
    score::Weighing,
    service_visit::LaneBrief,
    staff::Staff,
    time::At,
    vehicle::Vehicle,
    visit::Visit,
    visitor::Activity,
    wish::Match,
};
use std::sync::Arc;

#[derive(Debug, Clone)]
pub struct Picture<'a> {
    pub customer: &'a Customer,
    /// Everything they did lately, over all their browsers and messages, oldest first.
    pub activity: Activity,
    /// The cars named in `activity`, `leads` and `alerts`.
    pub cars: Vec<Vehicle>,
    /// Their leads of the last 90 days, oldest first.
    pub leads: Vec<Lead>,
    /// Messages from them that nobody has answered yet, oldest first.
    pub unanswered: Vec<Unanswered>,
    /// Their messages, answered or not, oldest first.
    pub wrote: Vec<Wrote>,
    /// What colleagues wrote down of the car they want, oldest first.
    pub remarks: Vec<Remark>,
    /// Notes that speak to somebody who has not dealt with them, oldest first.
    pub mentions: Vec<Mentioned>,
    /// Cars they own or owned, newest first.
    pub owned: Vec<OwnedCar>,
    /// Their cards: open ones, and those closed in the last 30 days (for cool-downs).
    pub alerts: Vec<Alert>,
    /// When somebody of the store last reached for them.
    pub last_store_touch: Option<At>,
    /// Attempts by the store since their last sign of life.
    pub attempts_unanswered: u16,
    pub wrong_number: bool,
    /// Their visits to the showroom, oldest first.
    pub visits: Vec<Visit>,
    /// The sale that is under way with them, else the one that ended last.
    pub opportunity: Option<Opportunity>,
    /// Sales was asked to come to them in the service lane, where they still are.
    pub lane: Option<LaneAsk>,
    /// When they were last in the service department.
    pub last_service: Option<At>,
    /// When they were or are expected there: the last few appointments.
    pub expected: Vec<Expected>,
    /// Cars that came lately and fit what they seek.
    pub arrivals: Vec<Match>,
    /// Who belongs to them, of customers who own a car we know.
    pub household: Vec<Relative>,
    pub staff: &'a [StaffNow],
    pub rooftop: &'a Rooftop,
    /// Who is asked, one after the other, for the newest lead that waits.
    pub ladder: Ladder,
    /// What this store's own sales taught of the weights.
    pub weighing: Arc<Weighing>,
    /// How the store wants its rules to work.
    pub rules: Arc<RuleSettings>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    pub at: At,
    pub text: String,
    pub channel: super::consent::Channel,
}

/// What they wrote to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrote {
    pub at: At,
    pub text: String,
}

/// A note that speaks to one colleague.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mentioned {
    pub to: StaffId,
    pub by: StaffId,
    pub at: At,
    pub text: String,
}

/// Somebody of the store is asked to come to a customer in the service lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneAsk {
    pub by: StaffId,
    pub at: At,
    pub brief: LaneBrief,
}

/// A visit to the service department that was booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    pub at: At,
    /// What is to be done.
    pub work: String,
}

/// Somebody of a customer's household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relative {
    pub name: String,
    /// How they belong together, in words.
    pub relation: String,
    /// Their score, and the last sign of life from them.
    pub points: i16,
    pub at: At,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedCar {
    pub vehicle: VehicleId,
    pub label: String,
    pub short: String,
    pub since: At,
    pub until: Option<At>,
    pub bought_here: bool,
}

/// Somebody of the store as routing sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffNow {
    pub staff: Staff,
    /// Cards open with them.
    pub load: u32,
    /// When a card was last offered to them: fair turns.
    pub last_offered: At,
    /// In the showroom with a customer, or in the lane.
    pub with_customer: bool,
}

impl Picture<'_> {
    #[must_use]
    pub fn car(&self, id: VehicleId) -> Option<&Vehicle> {
        self.cars.iter().find(|c| c.id == id)
    }

    #[must_use]
    pub fn lead(&self, id: LeadId) -> Option<&Lead> {
        self.leads.iter().find(|l| l.id == id)
    }

    #[must_use]
    pub fn person(&self, id: StaffId) -> Option<&StaffNow> {
        self.staff.iter().find(|s| s.staff.id == id)
    }
}
