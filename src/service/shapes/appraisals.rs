//! What the screens read and say of a car that a customer brings.

use super::{NamedCustomer, OdometerUnit, Person, TradeQuestion};
use crate::domain::appraisal::{CarState, Grade, TradeDecision};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The worksheets of a customer, the newest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Appraisals {
    pub items: Vec<AppraisalRow>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AppraisalRow {
    pub id: u64,
    /// Year, make, model and trim; empty when nobody said.
    pub label: String,
    pub vehicle_id: Option<u64>,
    pub stage: AppraisalStage,
    pub acv_cents: Option<i64>,
    pub allowance_cents: Option<i64>,
    pub payoff_cents: Option<i64>,
    pub equity_cents: Option<i64>,
    pub opened_ms: i64,
    /// Who began it; none when the shopper did, in the trade-in tool.
    pub by: Option<Person>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppraisalStage {
    Draft,
    Appraised,
    Expired,
    Accepted,
    Declined,
}

/// One worksheet.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AppraisalPage {
    #[serde(flatten)]
    pub row: AppraisalRow,
    /// What `If-Match` names.
    pub revision: u32,
    pub customer: NamedCustomer,
    pub may_write: bool,
    /// Costs of recon lines, the book value and the over-allowance are left out for whoever may not see them.
    pub may_see_cost: bool,
    pub car: AppraisedCar,
    pub state: AppraisedState,
    pub questions: Vec<TradeQuestion>,
    pub recon: Vec<ReconLineShape>,
    /// None while the cost of one line is not known.
    pub recon_total_cents: Option<i64>,
    pub book: Option<BookShape>,
    pub acv: Option<AcvShape>,
    pub payoff: Option<PayoffShape>,
    /// The allowance above the ACV; below zero under it.
    pub over_allowance_cents: Option<i64>,
    pub notes: String,
    pub photos: Vec<PhotoShape>,
    /// Who said that it was taken or not, and when.
    pub decided: Option<WhoAndWhen>,
    /// What the market says beside it.
    pub market: MarketShape,
    /// What the trade-in tool showed the shopper.
    pub tool: Option<MoneyRange>,
    /// The other trade on the same deal.
    pub beside: Option<AppraisalRow>,
    /// What both bring into the deal together, once both are known.
    pub both_equity_cents: Option<i64>,
    /// The last change, while I may take it back.
    pub undo: Option<WhoAndWhen>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AppraisedCar {
    pub vin: Option<String>,
    pub year: Option<u16>,
    pub make: String,
    pub model: String,
    pub trim: String,
    pub color: String,
    pub plate: String,
    pub odometer_mi: Option<u32>,
}

/// The six answers about the car.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub struct AppraisedState {
    pub drives: Grade,
    pub outside: Grade,
    pub inside: Grade,
    pub tires: Grade,
    pub crashes: Grade,
    pub title: Grade,
}

impl From<CarState> for AppraisedState {
    fn from(state: CarState) -> Self {
        let CarState { drives, outside, inside, tires, crashes, title } = state;
        Self { drives, outside, inside, tires, crashes, title }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReconLineShape {
    /// Its number on this sheet; a new line takes one that is free.
    pub id: u32,
    pub what: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_cents: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BookShape {
    pub value_cents: i64,
    /// The guide and its line.
    pub source: String,
    /// The day for which it holds.
    pub on_ms: i64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AcvShape {
    pub value_cents: i64,
    pub by: Option<Person>,
    pub at_ms: i64,
    pub until_ms: i64,
    pub days: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoffShape {
    pub amount_cents: i64,
    pub said_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub good_through_ms: Option<i64>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PhotoShape {
    pub id: u64,
    pub name: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WhoAndWhen {
    pub by: Option<Person>,
    pub at_ms: i64,
}

#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub struct MoneyRange {
    pub low_cents: i64,
    pub high_cents: i64,
}

/// The model's range for the car in its state, or why there is none.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MarketShape {
    pub range: Option<MoneyRange>,
    pub why_none: Option<String>,
    pub reasons: Vec<String>,
    pub raises: Vec<String>,
}

/// Opens a worksheet: of a car that the house knows, or of one as it is described.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OpenAppraisal {
    pub vehicle: Option<u64>,
    pub vin: String,
    pub year: Option<u16>,
    pub make: String,
    pub model: String,
    pub trim: String,
    /// The worksheet of the other trade on the same deal.
    pub beside: Option<u64>,
}

/// A worksheet as it shall stand. What is left out is not known.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WriteAppraisal {
    pub vin: String,
    pub year: Option<u16>,
    pub make: String,
    pub model: String,
    pub trim: String,
    pub color: String,
    pub plate: String,
    /// As typed.
    pub odometer: String,
    pub unit: OdometerUnit,
    pub state: CarState,
    pub recon: Vec<ReconLineShape>,
    pub book: Option<BookShape>,
    pub acv_cents: Option<i64>,
    /// For how many days the store stands by the ACV; a week when not said.
    pub acv_days: Option<i64>,
    pub payoff: Option<PayoffShape>,
    pub allowance_cents: Option<i64>,
    pub notes: String,
    pub photos: Vec<u64>,
}

/// What the customer said to the figure.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideAppraisal {
    pub decision: TradeDecision,
}
