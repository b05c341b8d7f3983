//! Two customers who turned out to be one, or two who look like it. Nothing is moved by joining, so that it can be taken apart.

use super::{
    edit::{Edit, Edits},
    ids::{CustomerId, MergeId, PartId, StaffId},
    money::Bps,
    time::At,
};

/// Why two records are believed to be one person's.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Because {
    /// In words a rep can check, the strongest first.
    pub reasons: Vec<String>,
    /// When it was found; not known of those found before this was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<At>,
    /// How likely, in basis points; a person's own decision has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<Bps>,
}

/// One joining of two customers.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Merge {
    pub id: MergeId,
    pub at: At,
    /// Nobody: the resolver met a record that is both.
    #[serde(default)]
    pub by: Option<StaffId>,
    /// The customer that stays.
    pub kept: CustomerId,
    /// The customer that is shown within it.
    pub folded: CustomerId,
    /// Of what each of the two consisted then.
    pub kept_parts: Vec<PartId>,
    pub folded_parts: Vec<PartId>,
    #[serde(default)]
    pub because: Because,
    /// The fields chosen with it.
    #[serde(default)]
    pub choices: Vec<Edit>,
    /// What was said by hand of the customer that stays, before those.
    #[serde(default)]
    pub edits_before: Option<Box<Edits>>,
    /// When it was taken apart again, and by whom.
    #[serde(default)]
    pub undone: Option<(At, StaffId)>,
}

/// What was decided about two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// A person said so, whatever they look like.
    Together,
    Apart,
    /// The scan of the whole base met them: they are compared from now on as if they shared a key, and are one for as long as what they
    /// say makes them one.
    Found,
    #[serde(other)]
    Unknown,
}

impl Decision {
    /// Nothing that is found out later stands against it.
    #[must_use]
    pub fn is_by_hand(self) -> bool {
        match self {
            Self::Together | Self::Apart => true,
            Self::Found | Self::Unknown => false,
        }
    }
}

/// What a scan of the whole base makes of two records.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Resolved {
    pub one: PartId,
    pub other: PartId,
    pub are: Alike,
    #[serde(default)]
    pub because: Because,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Alike {
    /// One person.
    Same,
    /// Somebody should look.
    Likely,
    /// No longer: what was known when somebody was to look has changed.
    No,
    #[serde(other)]
    Unknown,
}

/// Two customers who may be one: a person decides.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Likeness {
    pub one: PartId,
    pub other: PartId,
    pub found: At,
    pub because: Because,
}

/// Two of whom somebody said that they are two, and how it was before.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Parting {
    pub at: At,
    pub pairs: Vec<Parted>,
    /// The customer out of whom a record was taken; none when the two were two before.
    #[serde(default)]
    pub of: Option<Whole>,
    /// The last joining that was noted before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<MergeId>,
    /// When it was taken back, and by whom.
    #[serde(default)]
    pub undone: Option<(At, StaffId)>,
}

/// Two records that are not one person's, and what was known of them until then.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Parted {
    pub one: PartId,
    pub other: PartId,
    #[serde(default)]
    pub decided: Option<Decision>,
    #[serde(default)]
    pub likely: Option<Likeness>,
}

/// A customer of several records, each with why it was one of them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Whole {
    pub customer: CustomerId,
    pub parts: Vec<(PartId, Option<Because>)>,
}

impl Whole {
    #[must_use]
    pub fn has(&self, part: PartId) -> bool {
        self.parts.iter().any(|(id, _)| *id == part)
    }
}

/// How two customers who are not one have to do with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// Signed a deal together.
    CoBuyer,
    /// One buys for the other, a business.
    Business,
    #[serde(other)]
    Other,
}
