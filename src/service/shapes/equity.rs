//! What the screens read of a customer's cars as money: ranges with their sources, never a bare number.

use super::{ConsentShape, NamedCustomer, Person};
use crate::domain::{deal::DealKind, staff::Role};
use crate::engine::equity::{
    position::{Confidence, Tier},
    reasons::{ReasonKind, StopKind},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The cars of a customer as they stand.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EquityPage {
    pub cars: Vec<EquityShape>,
    pub lifecycle: Lifecycle,
}

/// How one car stands. Whatever nobody knows is null, never nought.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EquityShape {
    pub vehicle_id: u64,
    pub label: String,
    pub short: String,
    pub since_ms: i64,
    pub bought_here: bool,
    pub odometer: Option<OdometerShape>,
    pub worth: Option<WorthShape>,
    pub owed: Option<OwedShape>,
    /// Why nobody knows what is owed.
    pub unclear: Option<String>,
    pub lender: Option<String>,
    /// Value less payoff.
    pub left: Option<LeftShape>,
    pub lease: Option<LeaseShape>,
    pub warranty_ends_ms: Option<i64>,
    /// Work that was advised and not bought in the last year.
    pub declined: Vec<String>,
    /// A worksheet of the rep; never sent.
    pub matches: Vec<PaymentMatch>,
    pub talk: TalkShape,
}

impl EquityShape {
    /// As somebody of this role may see it: whoever does not see what customers owe sees the car, its miles and what speaks for a talk
    /// without an amount.
    #[must_use]
    pub fn seen_by(self, role: Role) -> Self {
        if role.may_see_what_is_owed() {
            return self;
        }
        let reasons = self.talk.reasons.into_iter().filter(|reason| !reason.text.contains('$')).collect();
        let talk = TalkShape { reasons, ..self.talk };
        Self { owed: None, unclear: None, lender: None, left: None, matches: vec![], talk, ..self }
    }
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OdometerShape {
    /// By now, reckoned on from the last reading.
    pub miles: u32,
    pub read_mi: u32,
    pub read_ms: i64,
    pub a_year_mi: u32,
    pub is_own_rate: bool,
    /// Readings that cannot be of this car.
    pub left_out: u16,
    pub rolled_over: bool,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WorthShape {
    pub low_cents: i64,
    pub middle_cents: i64,
    pub high_cents: i64,
    pub source: String,
    pub comparables: u32,
    pub at_ms: i64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OwedShape {
    pub balance_cents: i64,
    pub per_diem_cents: i64,
    pub ten_day_cents: i64,
    pub source: String,
    pub is_estimate: bool,
    /// A person asked the lender.
    pub is_verified: bool,
    pub at_ms: i64,
    /// A month, while payments are left.
    pub payment_cents: Option<i64>,
    pub apr_bps: Option<i32>,
    pub left: u16,
    pub payments: Option<u16>,
    pub ends_ms: Option<i64>,
    pub residual_cents: Option<i64>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LeftShape {
    pub low_cents: i64,
    pub middle_cents: i64,
    pub high_cents: i64,
    pub tier: Tier,
    pub confidence: Confidence,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LeaseShape {
    pub ends_ms: i64,
    pub days: i64,
    pub over_mi: Option<i64>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PaymentMatch {
    pub vehicle_id: u64,
    pub label: String,
    pub stock: String,
    pub price_cents: Option<i64>,
    pub financed_cents: i64,
    pub months: u16,
    pub apr_bps: i32,
    pub payment_cents: i64,
    /// More than they pay now; negative is less.
    pub more_cents: Option<i64>,
    /// What they would put down to pay as now.
    pub down_to_match_cents: Option<i64>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TalkShape {
    pub is_worth_it: bool,
    pub reasons: Vec<TalkReason>,
    pub stopped: Option<TalkStop>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TalkReason {
    pub kind: ReasonKind,
    pub text: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TalkStop {
    pub kind: StopKind,
    pub text: String,
}

/// What the lender said.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SayPayoff {
    pub amount_cents: i64,
    #[serde(default)]
    pub good_through_ms: Option<i64>,
    #[serde(default)]
    pub from: String,
}

/// One list of owners to reach for, and how long each of the lists is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Opportunities {
    pub counts: Vec<OpportunityCount>,
    pub items: Vec<OpportunityRow>,
    pub next: Option<String>,
    /// False in the first moments after a start, while the cars are gone through.
    pub is_ready: bool,
    /// Cars that are known to be somebody's.
    pub cars: u64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OpportunityCount {
    pub kind: String,
    pub count: u64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OpportunityRow {
    pub customer: NamedCustomer,
    pub score: i16,
    pub car: EquityShape,
    pub owner: Option<Person>,
    pub consent: Vec<ConsentShape>,
    pub last_touch_ms: Option<i64>,
    pub last_touch: Option<String>,
    /// What was promised next.
    pub follow_up_ms: Option<i64>,
    pub follow_up: Option<String>,
    /// The card that stands open with them.
    pub alert: Option<u64>,
}

/// How long they have been with us, what it came to, and what comes next by their own habit.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Lifecycle {
    pub since_ms: Option<i64>,
    /// Cars bought here.
    pub bought: u32,
    pub last_bought_ms: Option<i64>,
    /// What the store earned by them, front and back; null for whoever may not see it, and where the books do not say.
    pub gross_cents: Option<i64>,
    /// Visits to the service department.
    pub visits: u32,
    /// What they paid there themselves.
    pub customer_pay_cents: Option<i64>,
    pub next: Option<String>,
}

/// What the finance office still has to see to.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FinanceList {
    pub items: Vec<FinanceRow>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FinanceRow {
    pub customer: NamedCustomer,
    /// Null for whoever sits in the office now.
    pub deal: Option<String>,
    pub vehicle: Option<String>,
    pub at_ms: i64,
    pub kind: Option<DealKind>,
    pub lender: Option<String>,
    pub handed_by: Option<String>,
    /// What was written down when they left the showroom.
    pub told: Option<String>,
    pub payoffs: Vec<PayoffToVerify>,
    /// Figures that a deal of its kind has and this one does not.
    pub missing: Vec<String>,
    pub first_payment_ms: Option<i64>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PayoffToVerify {
    pub vehicle_id: Option<u64>,
    pub label: String,
    pub said_cents: Option<i64>,
}
