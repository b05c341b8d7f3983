//! What the trade-in tool on the store's website reads and says.

use crate::domain::appraisal::{Aspect, CarState, Grade};
pub use crate::engine::trade::OdometerUnit;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the tool asks, for its page.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TradeForm {
    pub store: String,
    /// The newest model year to choose.
    pub newest_year: u16,
    pub questions: Vec<TradeQuestion>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TradeQuestion {
    pub aspect: Aspect,
    pub asks: &'static str,
    pub answers: Vec<TradeChoice>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TradeChoice {
    pub grade: Grade,
    pub says: &'static str,
    pub example: &'static str,
}

/// The makes of a model year, with their models.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TradeLines {
    pub makes: Vec<TradeMake>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TradeMake {
    pub make: String,
    pub models: Vec<String>,
}

/// How far a shopper has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TradeStep {
    Start,
    Vehicle,
    Miles,
    Result,
    /// They began to leave how they can be reached.
    Contact,
}

/// One step, with everything that was answered so far.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct TradeAnswers {
    pub step: TradeStep,
    #[serde(flatten)]
    pub told: TradeTold,
}

/// What a shopper told of their car, and which browser it is.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TradeTold {
    /// One use of the tool: a random text of the page.
    pub run: String,
    /// The site's id of this browser; empty when the shopper asked not to be followed.
    pub client: String,
    /// The page the tool stands on; only its path is kept.
    pub page: String,
    pub vin: String,
    pub year: Option<u16>,
    pub make: String,
    pub model: String,
    pub trim: String,
    /// As typed; empty is not known.
    pub odometer: String,
    pub unit: OdometerUnit,
    pub state: CarState,
}

/// What the shopper sees next.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum TradeReply {
    /// On to the next question.
    Next {
        /// The car as it was understood, once it is.
        car: Option<String>,
    },
    /// Something cannot be so: a sentence, the field it is about, and numbers that may have been meant.
    Again { field: &'static str, sentence: String, meant: Vec<String> },
    /// No table speaks of this car; a person will.
    Person { car: String, sentence: String },
    /// From where to where, and why.
    Range { car: String, low_cents: i64, high_cents: i64, reasons: Vec<String>, raises: Vec<String> },
}

/// The result shall be sent: to whom, and how.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct TradeContact {
    pub name: String,
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub email: String,
    /// They allowed texts about their car, apart from asking for the result.
    #[serde(default)]
    pub may_text: bool,
    #[serde(default)]
    pub comments: String,
    #[serde(flatten)]
    pub told: TradeTold,
}

/// It is with the store.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TradeReceipt {
    /// It had come before, and is there once.
    pub again: bool,
}
