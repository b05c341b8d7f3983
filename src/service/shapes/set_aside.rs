//! What the screens read of what was set aside, and say of it.

use crate::domain::{lead::NoLead, lead_template::TaughtWord, set_aside::SetAsideRoad};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SetAsideShape {
    pub id: u64,
    pub at_ms: i64,
    pub road: SetAsideRoad,
    pub source: String,
    pub reason: String,
    pub size_bytes: u64,
    /// The first words, as far as they are text.
    pub preview: String,
    /// It was understood, and taken for no lead.
    pub no_lead: Option<NoLead>,
    /// It was taken up again: it is a lead.
    pub restored_ms: Option<i64>,
}

/// One thing that was set aside, as its reader sees it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SetAsidePage {
    #[serde(flatten)]
    pub row: SetAsideShape,
    /// Its words; none when it is no message, or holds no text.
    pub text: Option<String>,
    /// Whose messages would be read as this one is shown to be.
    pub sender: Option<String>,
}

/// Reading it again.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReadAgainShape {
    /// What it is now: so many leads and answers.
    pub leads: u64,
    /// Why it still is none; then nothing was changed.
    pub not: Option<String>,
}

/// Shows how the sender of a message writes its leads.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeachLeads {
    /// The source that leads of this sender are named after.
    pub source: String,
    pub marks: Vec<MarkShape>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkShape {
    pub field: TaughtWord,
    /// As it stands in the message; may go over several lines.
    pub value: String,
}

/// A sender whose messages are read as it was shown.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LeadTemplateShape {
    pub id: u64,
    pub sender: String,
    pub source: String,
    pub fields: Vec<TaughtWord>,
    pub by: Option<super::Person>,
    pub at_ms: i64,
}
