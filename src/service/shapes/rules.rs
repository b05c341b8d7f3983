//! The rules as a manager reads and sets them.

use crate::domain::{
    alert::RuleKind,
    rule_setting::{ActiveHours, Knob, RuleSetting, Threshold},
    staff::Role,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RuleList {
    /// The most urgent first.
    pub items: Vec<RuleShape>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RuleShape {
    pub rule: RuleKind,
    pub name: String,
    /// When a card stands by it, as a sentence.
    pub says: String,
    /// How it works now.
    pub setting: RuleSetting,
    /// How it works where nobody set it.
    pub defaults: RuleSetting,
    /// Its numbers, in the order of the settings.
    pub knobs: Vec<KnobShape>,
    pub cool_down_most_hours: u32,
    /// Changes with the setting; goes back as `If-Match`.
    pub version: String,
    /// Cards of the last thirty days that it leads or led last.
    pub cards_30_days: u32,
    /// Open cards that it leads.
    pub cards_open: u32,
    /// Of the cards of 30 days, those that somebody answered.
    pub answered_30_days: u32,
    /// Of the same, those of which somebody said whether they were worth the interruption,
    pub judged_30_days: u32,
    /// and those of these that were: the rule's precision by the word of whoever had them.
    pub useful_30_days: u32,
}

/// A number of a rule. Its unit is the last word of its name.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct KnobShape {
    pub knob: Knob,
    pub least: u32,
    pub most: u32,
    /// What it means, as a sentence.
    pub says: String,
}

/// How a rule shall work. Numbers that are left out stand as the program brings them.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct SetRule {
    pub on: bool,
    #[serde(default)]
    pub thresholds: Vec<Threshold>,
    /// How long after a card was done the same kind of thing opens no other. 0: at once.
    pub cool_down_hours: u32,
    /// The roles its cards are offered to; none: to whom the customer belongs, else in turn.
    #[serde(default)]
    pub goes_to: Vec<Role>,
    #[serde(default)]
    pub hours: ActiveHours,
}

impl From<SetRule> for RuleSetting {
    fn from(SetRule { on, thresholds, cool_down_hours, goes_to, hours }: SetRule) -> Self {
        Self { on, thresholds, cool_down_hours, goes_to, hours }
    }
}

/// Whom a rule would see now, if it were set so.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RuleMatches {
    pub matching: u32,
    /// Customers who did something lately or have something due, and were looked at.
    pub looked_at: u32,
    /// Those were all of them; otherwise only the newest customers were looked at.
    pub is_all: bool,
    pub examples: Vec<RuleMatch>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RuleMatch {
    pub id: u64,
    pub name: String,
    /// What the card would say.
    pub text: String,
}
