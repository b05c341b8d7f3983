//! Everything that can happen. The journal keeps these in order of arrival; every effect in the house comes from one of them.

use super::{
    alert::RuleKind,
    appointment::NewAppointment,
    appraisal::{Sheet, TradeDecision},
    deal::NewDeal,
    edit::Edit,
    feed::{Covers, Snapshot},
    field::Field,
    file::FileKind,
    ids::{
        AlertId, AppointmentId, AppraisalId, CustomerId, FeedId, FileId, ImportId, LeadId, MergeId, OutboxId, PartId, PriceAlertId, Seq,
        ServiceVisitId, SetAsideId, StaffId, VehicleId, VisitId, VisitorId, WishId,
    },
    import_run::HeldBack,
    ladder::Ladder,
    lead::{NewLead, NoLead},
    merge::Resolved,
    money::Cents,
    opportunity::Said,
    payoff::SaidPayoff,
    price_alert::AlertTerms,
    profile::Profile,
    repair_order::NewRepairOrder,
    rule_setting::RuleSetting,
    service_visit::{Arriving, Booking, Lane, LaneBrief, RefusedHow},
    time::At,
    timer::Timer,
    vehicle::{CarFacts, Condition, ListingStatus, LotSaid},
    vin::Vin,
    visit::{VisitResult, VisitStep, Visiting},
    visitor::Did,
    wish::{Whose, WishTerms},
};

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Entry {
    /// When it reached us. Thinking about this entry takes this as its `now`, so that replaying gives what living gave.
    pub at: At,
    pub event: Event,
    /// Set when the effects were applied in the very transaction that wrote the entry (a person waited for the answer):
    /// the last entry whose effects were in place then. The journal reader passes over it; a replay puts it in that place.
    #[serde(default)]
    pub applied_after: Option<Seq>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum Event {
    /// A shopper did something on the website.
    Web(WebEvent),
    /// A lead came in, by whatever road.
    Lead(NewLead),
    /// Somebody said that a lead is none.
    LeadPutAside { lead: LeadId, why: NoLead, by: StaffId },
    /// Somebody took that back.
    LeadTakenUp { lead: LeadId, by: StaffId },
    /// A customer wrote to us.
    Reply(Reply),
    /// Rows of an import, at most a few hundred an entry.
    Imported {
        import: ImportId,
        rows: Vec<ImportRow>,
        /// Where each row stands in its file; none in entries of before.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lines: Vec<u64>,
    },
    /// Rows of an import are taken back, from its end.
    ImportTakenBack { import: ImportId, lines: Vec<u64>, by: StaffId },
    /// Somebody changed a customer by hand.
    Edited {
        customers: Vec<CustomerId>,
        by: StaffId,
        edits: Vec<Edit>,
        /// The number by which it can be undone; none of those from before there was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        undo: Option<u64>,
    },
    /// Somebody joined two customers.
    Merged { kept: CustomerId, folded: CustomerId, choices: Vec<Edit>, by: StaffId },
    /// Somebody took a joining apart.
    Unmerged { merge: MergeId, by: StaffId },
    /// Somebody said that a record is another's.
    Separated { part: PartId, by: StaffId },
    /// The store's own fields were changed: one is there now, or gone.
    FieldChanged { field: Field, gone: bool, by: StaffId },
    /// A change by hand, of one customer or of many, is undone.
    BulkUndone { bulk: u64, by: StaffId },
    /// Somebody said that two are not one.
    KeptApart { one: CustomerId, other: CustomerId, by: StaffId },
    /// Somebody took back that a record is another's, or that two are not one: all is as before.
    PartingUndone { parting: Seq, by: StaffId },
    /// A browser came by a link of ours, with the mark that was made for this record.
    CameByLink {
        client: String,
        part: PartId,
        /// The message that the link stood in; none of a link that somebody handed on by hand.
        #[serde(default)]
        message: Option<OutboxId>,
        at: At,
    },
    /// Somebody said that a browser is not whose it was taken for.
    BrowserParted { browser: VisitorId, part: PartId, by: StaffId },
    /// Somebody took that back.
    BrowserReturned { browser: VisitorId, part: PartId, by: StaffId },
    /// Nobody says any more that two are not one: whether they are one is open again.
    LeftOpen { one: CustomerId, other: CustomerId, by: StaffId },
    /// A scan of the whole base met records that are one person's, or may be.
    Resolved { found: Vec<Resolved> },
    /// The store's own people say how much each agreement of two records weighs: from here on they are told apart by this.
    Learnt { weights: String },
    /// The store's own sales say what each signal of the score weighs: from here on customers are scored by this.
    ScoreLearnt { model: String },
    /// Somebody set how a rule works: from here on everybody is thought of by this.
    RuleSet { rule: RuleKind, setting: RuleSetting, by: StaffId },
    /// A person of the store answered a card.
    Answered(StaffAnswer),
    /// Somebody said whether a card was worth the interruption, or took that back.
    Judged { alert: AlertId, useful: Option<bool>, by: StaffId },
    /// A person of the store wrote a note.
    Noted {
        customer: CustomerId,
        by: StaffId,
        text: String,
        /// The colleagues it speaks to.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<StaffId>,
        /// It may be said where the customer hears it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        aloud: bool,
    },
    /// A person of the store added a photo or document; its bytes lie in the store beside.
    FileAdded { customer: CustomerId, by: StaffId, name: String, kind: FileKind, bytes: u64 },
    /// Somebody took a file away, bytes and all.
    FileRemoved { file: FileId, by: StaffId },
    /// Somebody came free or got busy.
    Availability { staff: StaffId, available: bool },
    /// Somebody of the store met a customer in the showroom.
    VisitOpened { visiting: Visiting, with: StaffId, vehicle: Option<VehicleId>, by: StaffId },
    /// A step of a visit was done, or was not after all.
    VisitStepped { visit: VisitId, step: VisitStep, done: bool, by: StaffId },
    /// A customer left the showroom.
    VisitEnded { visit: VisitId, result: VisitResult, note: String, by: StaffId },
    /// They had not left.
    VisitReopened { visit: VisitId, by: StaffId },
    /// Somebody began the worksheet of a car that a customer brings.
    AppraisalOpened { customer: CustomerId, vehicle: Option<VehicleId>, sheet: Box<Sheet>, beside: Option<AppraisalId>, by: StaffId },
    /// Somebody wrote on it.
    AppraisalWritten { appraisal: AppraisalId, sheet: Box<Sheet>, by: StaffId },
    /// A customer took the store's figure, or did not.
    AppraisalDecided { appraisal: AppraisalId, decision: TradeDecision, by: StaffId },
    /// The last change of a worksheet is taken back.
    AppraisalUndone { appraisal: AppraisalId, by: StaffId },
    /// A visit to service was booked at the counter.
    ServiceBooked { booking: Booking, by: StaffId },
    /// That booking was a mistake.
    ServiceUnbooked { appointment: AppointmentId, by: StaffId },
    /// A car came into the service lane.
    ServiceArrived { arriving: Arriving, by: StaffId },
    /// It went on, or back, or was fetched.
    ServiceMoved { visit: ServiceVisitId, to: Lane, bay: String, by: StaffId },
    /// The customer was told what the work comes to, or was not.
    ServiceQuoted { visit: ServiceVisitId, quote: Option<Cents>, by: StaffId },
    /// What was read off the car at check-in is said anew, or was not read.
    ServiceOdometer { visit: ServiceVisitId, odometer_mi: Option<u32>, by: StaffId },
    /// Sales was asked to come to a customer in service.
    SalesAsked { visit: ServiceVisitId, brief: LaneBrief, by: StaffId },
    /// That was taken back.
    SalesNotNeeded { visit: ServiceVisitId, by: StaffId },
    /// A customer does not want to be talked to about another car.
    TalkRefused { customer: CustomerId, how: RefusedHow, by: StaffId },
    /// That was taken back.
    TalkAllowedAgain { customer: CustomerId, by: StaffId },
    /// Somebody said something of the sale with a customer.
    SaleSaid { customer: CustomerId, said: Said, by: StaffId },
    /// Somebody wrote down what a lender said is owed on a customer's car, or took that back.
    PayoffSaid { customer: CustomerId, vehicle: VehicleId, payoff: Option<SaidPayoff>, by: StaffId },
    /// One of somebody's screens is open, or none any more.
    Present { staff: StaffId, present: bool },
    /// Who is asked for the leads of a source was decided.
    LadderSet { ladder: Ladder, by: StaffId },
    /// A source has no ladder of its own any more.
    LadderRemoved { source: String, by: StaffId },
    /// Somebody wants to hear when a car costs less; set anew it is the same one with the newer terms.
    PriceAlertSet { terms: AlertTerms, whose: Whose },
    /// They do not want that any more.
    PriceAlertEnded { alert: PriceAlertId, by: StaffId },
    /// They do after all.
    PriceAlertResumed { alert: PriceAlertId, by: StaffId },
    /// Somebody said what car they want.
    Wished { terms: WishTerms, whose: Whose },
    /// They do not want it any more.
    WishEnded { wish: WishId, by: StaffId },
    /// They do after all.
    WishResumed { wish: WishId, by: StaffId },
    /// A manager set the price of a car.
    Priced { vehicle: VehicleId, price: Cents, by: StaffId },
    /// And took that back before anybody heard of it.
    PriceTakenBack { vehicle: VehicleId, by: StaffId },
    /// Staff was added or changed: routing depends on who there is.
    StaffChanged { staff: super::staff::Staff },
    /// A feed was set up, or set otherwise; nobody when the configuration names it.
    FeedSet {
        feed: FeedId,
        name: String,
        covers: Covers,
        patience: u8,
        most_gone_percent: u8,
        #[serde(default)]
        by: Option<StaffId>,
    },
    /// A feed was given up: its cars stay as they are.
    FeedRemoved { feed: FeedId, by: StaffId },
    /// Rows of a snapshot that say something new, at most a few hundred an entry; each with its line.
    FeedListed { feed: FeedId, read: u64, rows: Vec<(u64, NewListing)> },
    /// A snapshot was read to its end.
    FeedRead {
        feed: FeedId,
        snapshot: Snapshot,
        file: String,
        /// Cars of it that can be told, whether or not they say something new.
        listed: u64,
        /// Cars of which the feed spoke before and does not in this snapshot.
        gone: Vec<VehicleId>,
        held_back: Vec<HeldBack>,
        notes: Vec<String>,
        #[serde(default)]
        by: Option<StaffId>,
        /// Somebody took it although it would have been refused.
        #[serde(default)]
        anyway: bool,
    },
    /// A snapshot was refused: nothing of it was taken.
    FeedRefused {
        feed: FeedId,
        read: u64,
        digest: String,
        file: String,
        why: String,
        may_be_taken: bool,
        #[serde(default)]
        by: Option<StaffId>,
    },
    /// The last snapshot of a feed was taken back.
    FeedTakenBack { feed: FeedId, by: StaffId },
    /// Somebody said where a car of the lot stands: on hold, in recon, on its way, for sale again.
    LotSaid { vehicle: VehicleId, said: LotSaid, by: StaffId },
    /// Somebody took the last word of that kind back.
    LotUnsaid { vehicle: VehicleId, by: StaffId },
    /// A timer came due.
    TimerFired(Timer),
    /// Written by a newer Headlight.
    #[serde(other)]
    Unknown,
}

impl Event {
    /// How much work its effects are, in units of one web event.
    #[must_use]
    pub fn weight(&self) -> usize {
        match self {
            // Rows of a file are filed, and seldom thought about.
            Self::Imported { rows, .. } => rows.len() / 40 + 1,
            Self::ImportTakenBack { lines, .. } => lines.len(),
            Self::Edited { customers, .. } => customers.len(),
            Self::Resolved { found } => found.len(),
            Self::FeedListed { rows, .. } => rows.len() / 40 + 1,
            Self::Web(_)
            | Self::Lead(_)
            | Self::LeadPutAside { .. }
            | Self::LeadTakenUp { .. }
            | Self::Reply(_)
            | Self::Answered(_)
            | Self::Noted { .. }
            | Self::Judged { .. }
            | Self::FieldChanged { .. }
            | Self::BulkUndone { .. }
            | Self::FileAdded { .. }
            | Self::FileRemoved { .. }
            | Self::Merged { .. }
            | Self::Unmerged { .. }
            | Self::Separated { .. }
            | Self::KeptApart { .. }
            | Self::PartingUndone { .. }
            | Self::CameByLink { .. }
            | Self::BrowserParted { .. }
            | Self::BrowserReturned { .. }
            | Self::LeftOpen { .. }
            | Self::Learnt { .. }
            | Self::ScoreLearnt { .. }
            | Self::RuleSet { .. }
            | Self::Availability { .. }
            | Self::Present { .. }
            | Self::LadderSet { .. }
            | Self::LadderRemoved { .. }
            | Self::VisitOpened { .. }
            | Self::SaleSaid { .. }
            | Self::AppraisalOpened { .. }
            | Self::AppraisalWritten { .. }
            | Self::AppraisalDecided { .. }
            | Self::AppraisalUndone { .. }
            | Self::PayoffSaid { .. }
            | Self::VisitStepped { .. }
            | Self::VisitEnded { .. }
            | Self::VisitReopened { .. }
            | Self::ServiceBooked { .. }
            | Self::ServiceUnbooked { .. }
            | Self::ServiceArrived { .. }
            | Self::ServiceMoved { .. }
            | Self::ServiceQuoted { .. }
            | Self::ServiceOdometer { .. }
            | Self::SalesAsked { .. }
            | Self::SalesNotNeeded { .. }
            | Self::TalkRefused { .. }
            | Self::TalkAllowedAgain { .. }
            | Self::PriceAlertSet { .. }
            | Self::PriceAlertEnded { .. }
            | Self::PriceAlertResumed { .. }
            | Self::Wished { .. }
            | Self::WishEnded { .. }
            | Self::WishResumed { .. }
            | Self::Priced { .. }
            | Self::PriceTakenBack { .. }
            | Self::StaffChanged { .. }
            | Self::FeedSet { .. }
            | Self::FeedRemoved { .. }
            | Self::FeedRead { .. }
            | Self::FeedRefused { .. }
            | Self::FeedTakenBack { .. }
            | Self::LotSaid { .. }
            | Self::LotUnsaid { .. }
            | Self::TimerFired(_)
            | Self::Unknown => 1,
        }
    }
}

/// One thing a browser did on the site.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct WebEvent {
    /// The site's client id: random, first party, no person's name.
    pub client: String,
    pub did: Did,
    /// When it happened by the sender's clock, never later than its arrival.
    pub at: At,
    #[serde(default)]
    pub car: Option<WebCar>,
    /// The event's name as sent, normalised.
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub page: String,
    /// Ids by which a form on the site can be met with the lead it sent.
    #[serde(default)]
    pub web_ids: Vec<String>,
    /// What tells it from every other event, so that it counts once however often it comes; none when the sender gave no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub once: Option<u64>,
}

/// The car of a page, as the site describes it.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct WebCar {
    pub vin: Option<Vin>,
    pub stock: String,
    pub facts: CarFacts,
    pub price: Option<Cents>,
}

/// A message from a customer to the store.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Reply {
    pub person: Profile,
    pub channel: super::consent::Channel,
    pub at: At,
    pub text: String,
    /// The provider's id of the message; makes a second delivery harmless.
    #[serde(default)]
    pub external_id: Option<String>,
}

/// One row a store brought along.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "rows live in short batches; a box each would cost more than the room it saves")]
pub enum ImportRow {
    Customer(Profile),
    Deal(NewDeal),
    RepairOrder(NewRepairOrder),
    Appointment(NewAppointment),
    Listing(NewListing),
    #[serde(other)]
    Unknown,
}

impl ImportRow {
    /// The people it speaks of, in the order in which they are filed.
    pub fn people(&self) -> impl Iterator<Item = &Profile> {
        let (one, other) = match self {
            Self::Customer(profile) => (Some(profile), None),
            Self::Deal(deal) => (Some(&deal.buyer), deal.co_buyer.as_ref()),
            Self::RepairOrder(order) => (Some(&order.customer), None),
            Self::Appointment(visit) => (Some(&visit.customer), None),
            Self::Listing(_) | Self::Unknown => (None, None),
        };
        one.into_iter().chain(other)
    }
}

/// One car of an inventory feed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct NewListing {
    #[serde(default)]
    pub vin: Option<Vin>,
    pub stock: String,
    pub facts: CarFacts,
    #[serde(default)]
    pub price: Option<Cents>,
    #[serde(default)]
    pub cost: Option<Cents>,
    pub status: ListingStatus,
    #[serde(default)]
    pub in_stock_since: Option<At>,
    #[serde(default)]
    pub photos: Vec<String>,
    #[serde(default)]
    pub url: Option<String>,
    #[serde(default)]
    pub condition: Condition,
    #[serde(default)]
    pub certified: bool,
    #[serde(default)]
    pub description: String,
    /// What it is equipped with, in the words of whoever lists it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub options: String,
}

/// What a person of the store did with a card.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct StaffAnswer {
    pub alert: AlertId,
    pub by: StaffId,
    pub answer: Answer,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum Answer {
    Claimed,
    Snoozed {
        until: At,
    },
    HandedOff {
        to: StaffId,
    },
    Done {
        outcome: Outcome,
        note: String,
        message: String,
    },
    /// Takes back the last answer.
    Undone,
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Called,
    Texted,
    Emailed,
    Talked,
    LeftMessage,
    NoAnswer,
    WrongNumber,
    NotSerious,
    #[serde(other)]
    Other,
}

impl Outcome {
    /// The customer was reached for, whether or not they answered: the first-response clock has its answer.
    #[must_use]
    pub fn is_touch(self) -> bool {
        match self {
            Self::Called | Self::Texted | Self::Emailed | Self::Talked | Self::LeftMessage | Self::NoAnswer => true,
            Self::WrongNumber | Self::NotSerious | Self::Other => false,
        }
    }

    /// Past tense, as the story tells it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Called => "Called",
            Self::Texted => "Texted",
            Self::Emailed => "Emailed",
            Self::Talked => "Talked with them",
            Self::LeftMessage => "Left a message",
            Self::NoAnswer => "Called, no answer",
            Self::WrongNumber => "Wrong number",
            Self::NotSerious => "Not serious",
            Self::Other => "Done",
        }
    }
}

/// Why something was set aside, with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotUnderstood {
    /// One sentence without personal data: what happened, to what, what to do next.
    pub reason: String,
    pub kept_as: Option<SetAsideId>,
}
