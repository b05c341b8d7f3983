//! How a sender writes its leads, as somebody of the store showed it once: what stands before each value, and what behind.

use super::{
    ids::{LeadTemplateId, StaffId},
    time::At,
};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct LeadTemplate {
    pub id: LeadTemplateId,
    /// Whose messages it reads: a mail domain, a whole address where many share the domain, else the name of the sender's key.
    pub sender: String,
    /// The source its leads are named after.
    pub source: String,
    pub fields: Vec<TaughtField>,
    pub by: StaffId,
    pub at: At,
}

/// Where one value stands. Texts are lower case, with single spaces.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct TaughtField {
    pub field: TaughtWord,
    /// Stands in its line before the value; empty when the line begins with it.
    #[serde(default)]
    pub before: String,
    /// Stands in its line behind the value; empty when the line ends with it.
    #[serde(default)]
    pub behind: String,
    /// When the line is the value alone: a line above it that is always the same.
    #[serde(default)]
    pub under: Option<Under>,
    /// The value goes on over further lines, to the line that begins so; to the end of the message when that is empty.
    #[serde(default)]
    pub until: Option<String>,
}

/// So many lines under this one; empty lines do not count.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Under {
    pub line: String,
    pub by: u16,
}

/// What a marked value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaughtWord {
    Name,
    FirstName,
    LastName,
    Phone,
    Email,
    /// Year, make and model in one.
    Vehicle,
    Vin,
    Stock,
    Price,
    Comments,
    /// The car they come with.
    Trade,
    /// The sender's own number of the lead.
    LeadId,
    #[serde(other)]
    Unknown,
}
