//! What the screens read of the service drive, and what they say to it.

use super::{EquityShape, LeftShape, NamedCustomer, Person, TalkShape, WalkIn};
use crate::domain::service_visit::RefusedHow;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One day of the service drive.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ServiceBoard {
    pub now_ms: i64,
    /// `2026-11-24`, by the store's calendar.
    pub day: String,
    pub is_today: bool,
    /// Amounts are there only for whoever may see what customers owe.
    pub sees_money: bool,
    /// Who asks may check in, move on, quote and ask for sales.
    pub may_write: bool,
    /// Lane by lane; in each whoever came, or is due, first before the others.
    pub cards: Vec<ServiceCard>,
    pub numbers: ServiceNumbers,
    /// Who of sales is on lane duty and at work.
    pub on_duty: Vec<Person>,
    pub next: ServiceNext,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ServiceNumbers {
    /// Booked for the day, or came without.
    pub visits: u32,
    pub worth_a_talk: u32,
    pub sales_asked: u32,
    /// Customers who wait while the work is done.
    pub waiting: u32,
}

/// The day after.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ServiceNext {
    pub day: String,
    pub booked: u32,
    /// Those most worth preparing for, at most three.
    pub worth: Vec<ServiceCard>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LaneWord {
    /// Booked, and not here yet.
    DueIn,
    InLane,
    InBay,
    Ready,
    Gone,
}

/// One car of the board: a visit, or a booking that nobody came by yet.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ServiceCard {
    pub visit: Option<u64>,
    pub appointment: Option<u64>,
    pub lane: LaneWord,
    pub customer: NamedCustomer,
    pub vehicle: Option<ServiceCar>,
    pub expected_ms: Option<i64>,
    pub arrived_ms: Option<i64>,
    /// When it came to where it stands.
    pub moved_ms: Option<i64>,
    pub bay: String,
    pub work: Vec<String>,
    pub waiting: bool,
    /// Miles as read off it when it came in; null when nobody looked.
    pub odometer_mi: Option<u32>,
    pub quote_cents: Option<i64>,
    pub advisor: Option<String>,
    /// Value less payoff; null where nobody knows, or for whoever may not see it.
    pub left: Option<LeftShape>,
    /// Why nobody knows what is owed.
    pub unclear: Option<String>,
    pub talk: TalkShape,
    pub asked: Option<LaneAsked>,
    /// The next visit they booked after this one.
    pub next_ms: Option<i64>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ServiceCar {
    pub id: u64,
    pub label: String,
    pub short: String,
    /// By now, reckoned on from the last reading.
    pub miles: Option<u32>,
}

/// Sales was asked over.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LaneAsked {
    pub by: Option<String>,
    pub at_ms: i64,
    pub state: LaneAskedState,
    /// Who is asked, comes or came.
    pub who: Option<Person>,
    /// Until when they have to answer.
    pub due_ms: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LaneAskedState {
    /// Nobody has answered yet.
    Asked,
    /// Somebody took it.
    Coming,
    Done,
}

/// One visit or booking with all that is known before a talk.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ServiceDetail {
    pub card: ServiceCard,
    pub may_write: bool,
    pub sees_money: bool,
    pub phone: Option<String>,
    /// How often they were here before.
    pub visits_before: u32,
    pub equity: Option<EquityShape>,
    /// Who would be asked over now.
    pub would_come: Option<Person>,
    /// A way to say it, aloud, before the car. Empty where nothing speaks for a talk.
    pub say: String,
    pub refused: Option<TalkRefusedShape>,
}

/// They do not want to talk about another car.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TalkRefusedShape {
    pub how: RefusedHow,
    pub at_ms: i64,
    /// Until when nobody asks them again; null for good.
    pub until_ms: Option<i64>,
    pub by: Option<String>,
}

/// Whether a customer may be talked to.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TalkState {
    pub refused: Option<TalkRefusedShape>,
}

/// Who may be at the counter, with the car they came with.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CheckInMatches {
    pub matches: Vec<CheckInMatch>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CheckInMatch {
    pub customer: NamedCustomer,
    pub phone: Option<String>,
    pub vehicle: Option<ServiceCar>,
    /// Why they were found: "plate 8ABC123".
    pub why: String,
    /// Their booking of today.
    pub appointment: Option<u64>,
    pub expected_ms: Option<i64>,
    /// The car is here already.
    pub visit: Option<u64>,
}

/// Checks a car in.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckIn {
    /// The number of the customer; none when `walk_in` says who it is.
    #[serde(default)]
    pub customer: Option<u64>,
    #[serde(default)]
    pub walk_in: Option<WalkIn>,
    #[serde(default)]
    pub vehicle: Option<u64>,
    /// The booking they came by; found by customer and car when it is not said.
    #[serde(default)]
    pub appointment: Option<u64>,
    /// What is to be done, a line each; what the booking says when there is none.
    #[serde(default)]
    pub work: Vec<String>,
    #[serde(default)]
    pub waiting: bool,
    /// What the odometer shows, as it was typed: `61,240`, or `98600 km`. Empty when nobody looked.
    #[serde(default)]
    pub odometer: String,
    /// Somebody looked again, and the odometer does show that.
    #[serde(default)]
    pub odometer_is_right: bool,
}

/// Books a visit at the counter.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BookService {
    #[serde(default)]
    pub customer: Option<u64>,
    #[serde(default)]
    pub walk_in: Option<WalkIn>,
    #[serde(default)]
    pub vehicle: Option<u64>,
    pub at_ms: i64,
    #[serde(default)]
    pub work: Vec<String>,
    #[serde(default)]
    pub waiting: bool,
}

/// Moves a car on, back or out.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveService {
    pub to: MoveTo,
    #[serde(default)]
    pub bay: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MoveTo {
    InLane,
    InBay,
    Ready,
    /// Fetched by its owner.
    Gone,
    /// Checked in by mistake.
    Mistake,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectOdometer {
    /// What the odometer shows, as it was typed; empty when nobody read it.
    pub odometer: String,
    /// Somebody looked again, and the odometer does show that.
    #[serde(default)]
    pub odometer_is_right: bool,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteService {
    /// Null when nobody knows.
    pub quote_cents: Option<i64>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefuseTalk {
    pub how: RefusedHow,
}
