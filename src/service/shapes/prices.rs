//! What the screens read of prices, alerts and wishes.

use super::{ChannelWord, NamedCustomer, VehicleRow, Watcher};
use crate::{engine::matching::drop::LeftOut, service::price_alerts::ToldUs};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A price to be tried or set.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPrice {
    pub price_cents: i64,
}

/// What a price would do, before it is set.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PricePlan {
    pub price_cents: i64,
    /// To be sent as `If-Match` when it is set.
    pub version: String,
    /// Why nobody would be told at all.
    pub stop: Option<String>,
    pub alerts_set: u32,
    pub alerts_met: u32,
    /// How many would be told, over all days.
    pub told: u32,
    /// At most so many of them a day.
    pub a_day: u32,
    pub may_text: u32,
    pub may_email: u32,
    /// The first of them, in the order in which they are told.
    pub tell: Vec<WouldBeTold>,
    pub left_out: Vec<LeftOutShape>,
    /// What the price leaves above the cost; for managers, where the cost is known.
    pub gross_cents: Option<i64>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WouldBeTold {
    pub customer: NamedCustomer,
    pub score: i16,
    pub why: String,
    pub channel: ChannelWord,
    /// 0: today; 1: tomorrow; and so on.
    pub day: u32,
    /// Of the first day: when it may leave.
    pub not_before_ms: i64,
    pub text: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LeftOutShape {
    pub why: LeftOut,
    pub says: String,
    pub count: u32,
    /// The first of them.
    pub who: Vec<NamedCustomer>,
}

/// What a car's page says of its price beside the price.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PriceStanding {
    /// To be sent as `If-Match` when a price is set.
    pub version: String,
    pub alerts_set: u32,
    /// Messages about the newest price that have not left.
    pub told_waiting: u32,
    /// Until when the newest price may be taken back.
    pub undo_until_ms: Option<i64>,
}

/// What a customer wants, and what of ours suits them.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CarsForThem {
    /// By what they did.
    pub seeks: Option<Seeks>,
    pub cars: Vec<CarForThem>,
    pub wishes: Vec<WishShape>,
    pub price_alerts: Vec<PriceAlertShape>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Seeks {
    pub words: String,
    pub evidence: String,
    pub last_ms: i64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CarForThem {
    pub vehicle: VehicleRow,
    /// 0 to 100.
    pub fit: u8,
    pub because: Vec<String>,
    pub wished: bool,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WishShape {
    pub id: u64,
    pub label: String,
    pub words: String,
    pub at_ms: i64,
    /// Who took it down; none: they said it on the website.
    pub by: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PriceAlertShape {
    pub id: u64,
    pub vehicle_id: u64,
    pub vehicle: String,
    pub stock: Option<String>,
    pub below_cents: Option<i64>,
    pub price_cents: Option<i64>,
    pub channel: ChannelWord,
    pub to: String,
    /// What they agreed to, and where.
    pub agreed: String,
    pub at_ms: i64,
    pub by: Option<String>,
}

/// Who watched a car that went, each with what they could be offered instead.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Instead {
    /// The nearest to buying first.
    pub who: Vec<InsteadFor>,
    pub total: u32,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InsteadFor {
    #[serde(flatten)]
    pub watcher: Watcher,
    /// At most two, the closest first.
    pub cars: Vec<InsteadCar>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InsteadCar {
    pub vehicle: VehicleRow,
    pub because: Vec<String>,
}

/// What people look for of which nothing stands on the lot.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NotHere {
    /// The most wanted first.
    pub items: Vec<NotHereRow>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NotHereRow {
    /// A model, or a wish in its own limits: "Honda CR-V, at most $15,000".
    pub label: String,
    /// Customers who said that they want it.
    pub wishes: u32,
    /// Customers who looked at one that went.
    pub looked: u32,
    /// Browsers that did, of whom nobody is known.
    pub unknown: u32,
    pub last_ms: Option<i64>,
    /// Of the customers, those nearest to buying.
    pub who: Vec<NamedCustomer>,
    pub people: u32,
}

/// Who wants a car beside those who look at it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WantedBy {
    pub who: Vec<Wants>,
    pub total: u32,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Wants {
    pub customer: NamedCustomer,
    pub score: i16,
    pub fit: u8,
    pub because: Vec<String>,
    pub how: WantsBy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WantsBy {
    PriceAlert,
    Wish,
    Looks,
}

/// A wish, as it is taken down.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWish {
    #[serde(default)]
    pub make: String,
    #[serde(default)]
    pub model: String,
    #[serde(default)]
    pub body: String,
    #[serde(default)]
    pub drivetrain: String,
    #[serde(default)]
    pub color: String,
    #[serde(default)]
    pub seats_least: Option<u8>,
    #[serde(default)]
    pub price_most_cents: Option<i64>,
    #[serde(default)]
    pub year_least: Option<u16>,
    #[serde(default)]
    pub odometer_most_mi: Option<u32>,
    #[serde(default)]
    pub words: String,
}

/// A price alert, as it is taken down for a customer.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPriceAlert {
    pub vehicle: u64,
    #[serde(default)]
    pub below_cents: Option<i64>,
    pub channel: ChannelWord,
    pub how: ToldUs,
}
