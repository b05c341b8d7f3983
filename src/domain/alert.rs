//! One matter about one customer in front of one person, with its reasons, its clock and what to say.

use super::{
    event::Answer,
    ids::{AlertId, CustomerId, LeadId, StaffId, VehicleId},
    score::Score,
    time::At,
};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Alert {
    pub id: AlertId,
    pub customer: CustomerId,
    /// What it is about: the same matter is refreshed, never repeated.
    pub matter: Matter,
    pub level: Level,
    /// One sentence, past tense, the customer as its subject.
    pub headline: String,
    /// The same in a few words, for the list.
    pub short: String,
    pub reasons: Vec<Reason>,
    #[serde(default)]
    pub score: Score,
    /// The score when the card first opened.
    #[serde(default)]
    pub score_at_first: i16,
    pub state: AlertState,
    /// Who it is offered to or who took it.
    #[serde(default)]
    pub owner: Option<StaffId>,
    /// Why that person.
    #[serde(default)]
    pub routed_because: String,
    /// Nobody's yet, and anybody's who takes leads: it is theirs who takes it first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub for_all: bool,
    /// The day of its person was full: it comes with the next morning.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub held_back: bool,
    /// Whether it was worth the interruption, in the words of whoever had it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<Judged>,
    #[serde(default)]
    pub clock: Option<Clock>,
    #[serde(default)]
    pub draft: Option<Draft>,
    #[serde(default)]
    pub steps: Vec<Step>,
    pub opened: At,
    pub refreshed: At,
    /// The last answer and the state before it, for undo.
    #[serde(default)]
    pub before: Option<Box<Before>>,
}

/// What somebody thinks of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Judged {
    pub useful: bool,
    pub by: StaffId,
    pub at: At,
}

/// A rule and what it is about. Deterministic, so that a replay meets the same matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Matter {
    pub rule: RuleKind,
    #[serde(default)]
    pub vehicle: Option<VehicleId>,
    #[serde(default)]
    pub lead: Option<LeadId>,
    /// Whom it is for and nobody else: such a matter has a card of its own, beside the customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<StaffId>,
}

impl Matter {
    /// A matter of a rule that is about the customer as a whole.
    #[must_use]
    pub fn of(rule: RuleKind) -> Self {
        Self { rule, vehicle: None, lead: None, to: None }
    }

    /// On which desk it lies.
    #[must_use]
    pub fn desk(&self) -> Desk {
        match (self.to, self.rule) {
            (Some(to), _) => Desk::Of(to),
            (None, RuleKind::InTheLane) => Desk::Lane,
            (None, _) => Desk::Store,
        }
    }
}

/// One customer has at most one open card on each desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Desk {
    /// What the customer waits with, or the store.
    Store,
    /// Somebody stands in the service lane and an advisor waits: whoever has their other card may be far away.
    Lane,
    /// What is for one person alone.
    Of(StaffId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    NewLead,
    BackOnSameCar,
    TradeToolUsed,
    ReplyReceived,
    /// A colleague wrote a note to somebody.
    Mentioned,
    /// What somebody promised is due.
    FollowUpDue,
    /// They left the showroom without a car.
    VisitEndedUnsold,
    /// They were given up for a reason that has passed.
    TryAgain,
    /// They asked anew, some time after an earlier lead or by another road.
    AskedAgain,
    /// Their lead has waited long, and nobody reached for them.
    LeadUntouched,
    /// Their own words complain, or ask to be left alone.
    Unhappy,
    /// They came back after a long silence.
    BackAfterSilence,
    /// They opened or followed a price alert.
    PriceAlertUsed,
    FinanceFormUsed,
    /// They began a form and did not send it.
    FormAbandoned,
    HoursViewed,
    ClickedToCall,
    ComparedOrShared,
    /// A car they asked for or looked at was sold to somebody else.
    WatchedCarSold,
    /// The price of such a car came down.
    WatchedCarReduced,
    /// Somebody who bought or is serviced here looks at cars.
    OwnerShopping,
    HouseholdShopping,
    /// They were expected and did not come.
    AppointmentMissed,
    /// Sales was asked to come to them in the service lane.
    InTheLane,
    /// A car came that they wished for, or such as they look for.
    WishMatched,
    #[serde(other)]
    Unknown,
}

/// Order is urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    ActNow,
    NextUp,
    #[serde(other)]
    Later,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Reason {
    pub at: At,
    pub icon: Icon,
    pub text: String,
    #[serde(default)]
    pub vehicle: Option<VehicleId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Icon {
    Eye,
    Tag,
    Phone,
    Message,
    Mail,
    Car,
    Wrench,
    File,
    Calculator,
    Form,
    Globe,
    Star,
    Note,
    Check,
    Price,
    /// Two records that are one person's.
    Link,
    /// A file.
    Clip,
    #[serde(other)]
    Store,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum AlertState {
    Open,
    Claimed {
        by: StaffId,
        at: At,
    },
    Snoozed {
        by: StaffId,
        until: At,
    },
    Closed {
        at: At,
        why: CloseReason,
        by: Option<StaffId>,
    },
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum CloseReason {
    Done {
        outcome: super::event::Outcome,
    },
    /// What it was about is no longer so.
    ReasonGone,
    /// The customer is shown within another now.
    Joined,
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Before {
    pub answer: Answer,
    pub by: StaffId,
    pub at: At,
    pub state: AlertState,
    pub owner: Option<StaffId>,
    pub clock: Option<Clock>,
    /// Why that owner.
    #[serde(default)]
    pub routed_because: String,
}

/// How long until somebody must have answered. Runs in store hours.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Clock {
    pub started: At,
    pub due: At,
    /// Set when the store was closed: the clock starts then.
    #[serde(default)]
    pub starts: Option<At>,
    /// Who is offered the card when the time is up.
    #[serde(default)]
    pub then: Option<StaffId>,
    /// Stopped by the first real touch, not by a claim.
    #[serde(default)]
    pub stopped: Option<At>,
    /// Steps of the ladder that were gone.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rung: u8,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks")]
fn is_zero(n: &u8) -> bool {
    *n == 0
}

/// A message a person may send after reading it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Draft {
    pub channel: super::consent::Channel,
    pub text: String,
    /// The facts put in, in order of appearance, as they stand in the text.
    #[serde(default)]
    pub inserted: Vec<String>,
    /// The habit it comes from, for example "New lead".
    pub playbook: String,
}

/// What happens if nobody answers.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Step {
    pub at: Option<At>,
    pub text: String,
}

impl Alert {
    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(self.state, AlertState::Closed { .. })
    }
}
