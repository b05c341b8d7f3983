//! How far a sale has come, who said so, what comes next, and why it came no further.

use super::{
    ids::{OpportunityId, PartId, StaffId},
    time::At,
};

/// One go at selling somebody a car: from the first raised hand to the keys, or to a reason why not. How far it has come follows from the
/// facts (field guide 3.7) each time they are looked at; kept are only its beginning and what people say of it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Opportunity {
    pub id: OpportunityId,
    #[serde(rename = "customer")]
    pub part: PartId,
    pub opened: At,
    /// As it was last concluded, for the board.
    #[serde(default)]
    pub stage: Stage,
    /// Since when it is there.
    #[serde(default)]
    pub since: At,
    /// Where somebody put it by hand, the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_hand: Vec<ByHand>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<Lost>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<FollowUp>,
    /// What stood there before each word on it, the newest last, so that a word can be taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_ups_before: Vec<Option<FollowUp>>,
    /// Begun by a follow-up of ours: nobody of theirs has raised a hand.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub begun_by_us: bool,
}

/// In the order of a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    #[default]
    New,
    /// The store reached for them.
    Attempted,
    /// They answered: it goes both ways.
    Engaged,
    /// They booked a visit.
    Appointment,
    /// They came.
    Visit,
    /// Numbers are on the table.
    Proposal,
    Sold,
    Delivered,
    /// Written by a newer Headlight.
    #[serde(other)]
    Unknown,
}

impl Stage {
    /// The columns of the board: what is sold has left it.
    pub const OPEN: [Self; 6] = [Self::New, Self::Attempted, Self::Engaged, Self::Appointment, Self::Visit, Self::Proposal];

    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::Attempted => "Attempted",
            Self::Engaged => "Engaged",
            Self::Appointment => "Appointment",
            Self::Visit => "Visit",
            Self::Proposal => "Proposal",
            Self::Sold => "Sold",
            Self::Delivered => "Delivered",
            Self::Unknown => "Unknown",
        }
    }

    #[must_use]
    pub fn is_sold(self) -> bool {
        match self {
            Self::Sold | Self::Delivered => true,
            Self::New | Self::Attempted | Self::Engaged | Self::Appointment | Self::Visit | Self::Proposal | Self::Unknown => false,
        }
    }
}

/// What somebody says of the sale with a customer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum Said {
    /// It stands elsewhere than the facts say.
    Stage { stage: Stage, why: String },
    /// The last such word is taken back.
    StageUndone,
    /// It is given up; `again` is when to try again.
    Lost { why: LostReason, note: String, again: Option<At> },
    /// It is not given up after all.
    LostUndone,
    /// What comes next, and when.
    FollowUp { due: At, what: String },
    /// Nothing of the kind comes next.
    NoFollowUp,
    /// The last word on what comes next is taken back.
    FollowUpUndone,
    #[serde(other)]
    Unknown,
}

/// Somebody put it elsewhere than the facts do, and says why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct ByHand {
    pub stage: Stage,
    pub why: String,
    pub by: StaffId,
    pub at: At,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Lost {
    pub why: LostReason,
    #[serde(default)]
    pub note: String,
    pub by: StaffId,
    pub at: At,
    /// When to try again.
    #[serde(default)]
    pub again: Option<At>,
}

/// What comes next, and when: one a go.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct FollowUp {
    pub due: At,
    pub what: String,
    pub by: StaffId,
    /// When it was set.
    pub at: At,
}

impl Opportunity {
    #[must_use]
    pub fn new(id: OpportunityId, part: PartId, opened: At) -> Self {
        Self {
            id,
            part,
            opened,
            stage: Stage::New,
            since: opened,
            by_hand: vec![],
            lost: None,
            follow_up: None,
            follow_ups_before: vec![],
            begun_by_us: false,
        }
    }

    /// Neither lost nor sold.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.lost.is_none() && !self.stage.is_sold()
    }

    /// When it was lost or sold.
    #[must_use]
    pub fn ended(&self) -> Option<At> {
        self.lost.as_ref().map(|lost| lost.at).or(self.stage.is_sold().then_some(self.since))
    }
}

/// Why somebody did not buy (field guide 3.7). Each says when to try again: [`LostReason::again_after_days`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LostReason {
    Price,
    Credit,
    NoMatch,
    BoughtElsewhere,
    BoughtHere,
    TradeValue,
    Timing,
    Unreachable,
    WrongNumber,
    OutOfArea,
    NotBuying,
    DoNotContact,
    Duplicate,
    /// Written by a newer Headlight.
    #[serde(other)]
    Unknown,
}

impl LostReason {
    pub const ALL: [Self; 13] = [
        Self::Price,
        Self::Credit,
        Self::NoMatch,
        Self::BoughtElsewhere,
        Self::BoughtHere,
        Self::TradeValue,
        Self::Timing,
        Self::Unreachable,
        Self::WrongNumber,
        Self::OutOfArea,
        Self::NotBuying,
        Self::DoNotContact,
        Self::Duplicate,
    ];

    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Price => "price or payment",
            Self::Credit => "credit",
            Self::NoMatch => "no car that fits",
            Self::BoughtElsewhere => "bought elsewhere",
            Self::BoughtHere => "bought here under another name",
            Self::TradeValue => "value of the trade",
            Self::Timing => "later",
            Self::Unreachable => "cannot be reached",
            Self::WrongNumber => "wrong number",
            Self::OutOfArea => "too far away",
            Self::NotBuying => "not buying",
            Self::DoNotContact => "asked not to be contacted",
            Self::Duplicate => "entered twice",
            Self::Unknown => "another reason",
        }
    }

    /// Whoever leaves for this reason is lost at once; for another they may still come round.
    #[must_use]
    pub fn is_final(self) -> bool {
        match self {
            Self::BoughtElsewhere | Self::BoughtHere | Self::NotBuying | Self::DoNotContact | Self::OutOfArea | Self::Duplicate => true,
            Self::Price | Self::Credit | Self::NoMatch | Self::TradeValue | Self::Timing | Self::Unreachable | Self::WrongNumber | Self::Unknown => {
                false
            }
        }
    }

    /// Days after which to try again, where time alone says so (field guide 8, P15); `None` where only a new fact does, or nothing may.
    #[must_use]
    pub fn again_after_days(self) -> Option<i64> {
        match self {
            Self::Credit => Some(90),
            Self::BoughtElsewhere => Some(730),
            Self::Timing | Self::TradeValue | Self::Unreachable | Self::NotBuying => Some(45),
            Self::Price
            | Self::NoMatch
            | Self::BoughtHere
            | Self::WrongNumber
            | Self::OutOfArea
            | Self::DoNotContact
            | Self::Duplicate
            | Self::Unknown => None,
        }
    }
}
