//! What the screens read and say of the people who work here, and of who is asked for which leads.

use super::Person;
use crate::domain::{ladder::Ladder, rooftop::Hours};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Everybody who works here.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Team {
    pub people: Vec<TeamMember>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that a screen shows")]
pub struct TeamMember {
    pub person: Person,
    /// Takes new leads, by their own word.
    pub available: bool,
    /// One of their screens is open.
    pub present: bool,
    /// In the showroom with a customer.
    pub with_customer: bool,
    /// Not one of their hours, or away.
    pub is_off: bool,
    pub open_cards: u32,
    /// When they work, Monday first, in minutes after midnight; none: whenever the store is open.
    pub schedule: Option<[Option<Hours>; 7]>,
    pub skills: Vec<String>,
    pub away: Option<AwayShape>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AwayShape {
    pub from_ms: i64,
    pub until_ms: i64,
}

/// When somebody works, and what they are good at.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetWork {
    #[serde(default)]
    pub schedule: Option<[Option<Hours>; 7]>,
    #[serde(default)]
    pub skills: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LadderShape {
    #[serde(flatten)]
    pub ladder: Ladder,
    /// Changes with all that is set of it; `none` while nothing is, which is also that of a source without its own. For `If-Match`.
    pub version: String,
}

/// Who is asked for the leads of which source; the first is that of every source without its own.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Ladders {
    pub items: Vec<LadderShape>,
    /// Sources whose leads came lately, the most frequent first.
    pub sources: Vec<String>,
}
