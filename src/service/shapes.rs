//! What the screens read: the shapes of the staff API. Times are UTC milliseconds (`_ms`), money is cents (`_cents`).

mod appraisals;
mod equity;
mod feeds;
mod floor;
mod leads;
mod pipeline;
mod prices;
mod rules;
mod service_drive;
mod set_aside;
mod team;
mod trade;

pub use appraisals::*;
pub use equity::*;
pub use feeds::*;
pub use floor::*;
pub use leads::*;
pub use pipeline::*;
pub use prices::*;
pub use rules::*;
pub use service_drive::*;
pub use set_aside::*;
pub use team::*;
pub use trade::*;

use crate::domain::{
    alert::{Icon, Level, RuleKind},
    event::Outcome,
    field::FieldKind,
    import_run::{ImportKind, ImportState, RowDid},
    saved_view::ListOf,
    staff::Role,
    story::Road,
};
use crate::engine::intent::{Verdict, learner::Figures};
pub use crate::formats::sheet::{Mapping, TargetInfo};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A page of a list: ask on with `after` (stories and other histories: `before`) set to `next`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "{T}s")]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
    pub total: u64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Person {
    pub id: u64,
    pub name: String,
    pub initials: String,
    pub role: Role,
    /// Takes new leads now.
    pub available: bool,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Me {
    pub user: Person,
    pub store: StoreFacts,
    pub now_ms: i64,
    pub version: String,
    pub counts: Counts,
    /// Colleagues, for handing off.
    pub people: Vec<Person>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StoreFacts {
    pub name: String,
    /// IANA name of the store's time zone.
    pub zone: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Counts {
    pub mine: u64,
    pub store: u64,
    pub snoozed: u64,
    pub customers: u64,
    pub vehicles: u64,
    pub set_aside: u64,
    /// Imports that wait for somebody to look at them.
    pub drafts: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertStateWord {
    Open,
    Claimed,
    Snoozed,
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChannelWord {
    Text,
    Call,
    Email,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentWord {
    Allowed,
    NotGiven,
    Revoked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusWord {
    Available,
    Hold,
    Recon,
    Inbound,
    Sold,
    Missing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Ok,
    Warn,
    Crit,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NamedCustomer {
    pub id: u64,
    pub name: String,
    pub place: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NamedVehicle {
    pub id: u64,
    pub label: String,
    pub stock: Option<String>,
    pub price_cents: Option<i64>,
    pub status: Option<StatusWord>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ClockShape {
    pub due_ms: i64,
    pub started_ms: i64,
    /// Set while the store is closed: the clock starts then.
    pub starts_ms: Option<i64>,
    pub label: String,
    /// "then offered to Jo L."
    pub then: Option<String>,
    pub then_name: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Closed {
    pub at_ms: i64,
    pub why: String,
    pub by: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AlertRow {
    pub id: u64,
    pub rule: RuleKind,
    pub level: Level,
    pub headline: String,
    pub short: String,
    pub customer: NamedCustomer,
    pub vehicle: Option<NamedVehicle>,
    pub score: i16,
    pub state: AlertStateWord,
    pub owner: Option<Person>,
    /// Why that person has it.
    pub routed_because: String,
    /// It is theirs who takes it first.
    pub for_all: bool,
    /// Put off because the day of its person is full.
    pub held_back: bool,
    pub clock: Option<ClockShape>,
    pub snoozed_until_ms: Option<i64>,
    pub closed: Option<Closed>,
    pub opened_ms: i64,
    pub refreshed_ms: i64,
    /// Grows whenever the card changes.
    pub seq: i64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AlertPage {
    pub items: Vec<AlertRow>,
    pub next: Option<String>,
    pub total: u64,
    pub counts: AlertCounts,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AlertCounts {
    pub mine: u64,
    pub store: u64,
    pub snoozed: u64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PhoneShape {
    pub display: String,
    pub e164: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ConsentShape {
    pub channel: ChannelWord,
    pub state: ConsentWord,
    pub note: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WhyShape {
    pub at_ms: i64,
    pub icon: Icon,
    pub text: String,
    pub vehicle_id: Option<u64>,
    /// The line of the story it rests on.
    pub story_id: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Dot {
    pub at_ms: i64,
    /// 1 to 4.
    pub weight: u8,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ScorePartShape {
    pub signal: String,
    pub text: String,
    pub points: i16,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ScoreSince {
    /// The score now less what it was as the card opened, at `opened_ms`.
    pub points: i16,
}

/// How the score is weighed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ScoreModel {
    /// What was learnt, or why nothing was.
    pub sentence: String,
    /// When the store's sales were last looked at.
    pub looked_ms: Option<i64>,
    pub verdict: Option<Verdict>,
    /// Customers who bought, among those learnt from.
    pub sales: usize,
    /// How what was in force foretold the last month.
    pub before: Option<Figures>,
    /// How what was learnt did.
    pub after: Option<Figures>,
    /// What weighs otherwise than shipped, by signal.
    pub weights: Vec<SignalWeight>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SignalWeight {
    pub text: String,
    /// How many times as much as shipped.
    pub factor: f64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Fact {
    pub label: String,
    pub value: String,
    pub note: Option<String>,
    pub tone: Option<Tone>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GuardShape {
    pub ok: bool,
    pub blocks: bool,
    pub text: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DraftShape {
    pub channel: ChannelWord,
    pub text: String,
    /// Where inserted facts stand, in UTF-16 units: start, end.
    pub inserted: Vec<(u32, u32)>,
    pub playbook: String,
    pub guards: Vec<GuardShape>,
    /// Characters of two text messages.
    pub limit: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Customer,
    Us,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Said {
    pub from: Side,
    pub text: String,
    pub at_ms: i64,
    pub who: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StepShape {
    pub at_ms: Option<i64>,
    pub label: String,
    pub text: String,
    pub done: bool,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AlertCard {
    #[serde(flatten)]
    pub row: AlertRow,
    pub phones: Vec<PhoneShape>,
    pub emails: Vec<String>,
    pub consent: Vec<ConsentShape>,
    /// At most four, newest first.
    pub why: Vec<WhyShape>,
    /// What they did in the last 48 hours.
    pub strip: Vec<Dot>,
    /// Sum exactly to the score.
    pub score_parts: Vec<ScorePartShape>,
    pub score_since: Option<ScoreSince>,
    /// What would raise it, and when it falls if nothing happens: up to three sentences.
    pub score_outlook: Vec<String>,
    pub facts: Vec<Fact>,
    pub draft: Option<DraftShape>,
    pub exchange: Vec<Said>,
    pub steps: Vec<StepShape>,
    /// What the store answered by itself, as long as it waits to leave.
    pub answered: Option<OwnAnswer>,
    /// The lead it is about, if it is about one.
    pub lead: Option<u64>,
    /// Whether it was worth the interruption, if somebody said.
    pub useful: Option<bool>,
    /// How much of the time since its clock began the store was open.
    pub waited_open_ms: Option<i64>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OwnAnswer {
    pub channel: ChannelWord,
    pub text: String,
    pub leaves_ms: i64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CustomerRow {
    pub id: u64,
    pub name: String,
    pub score: i16,
    pub drives: Option<String>,
    pub place: Option<String>,
    pub last_touch_ms: Option<i64>,
    pub last_touch: Option<String>,
    pub owner: Option<Person>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub consent: ConsentTriple,
    pub alert_id: Option<u64>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ConsentTriple {
    pub text: ConsentWord,
    pub call: ConsentWord,
    pub email: ConsentWord,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Sentence {
    pub text: String,
    /// Story ids it rests on.
    pub cites: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Brief {
    pub written_ms: i64,
    pub records: u32,
    pub sentences: Vec<Sentence>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NextAction {
    pub title: String,
    pub why: String,
    pub alert_id: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    Owns,
    Owned,
    Looking,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RelatedVehicle {
    pub vehicle_id: u64,
    pub label: String,
    pub vin_tail: Option<String>,
    pub odometer_mi: Option<u32>,
    pub relation: Relation,
    pub note: Option<String>,
    pub stock: Option<String>,
    /// When they bought it, or when it was first seen with them.
    pub since_ms: Option<i64>,
    /// When it was given away.
    pub until_ms: Option<i64>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OpenDeal {
    pub vehicle_id: Option<u64>,
    pub vehicle: String,
    pub price_cents: Option<i64>,
    pub stage: String,
    pub source: String,
    pub opened_ms: i64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HouseholdMember {
    pub id: u64,
    pub name: String,
    pub relation: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SourceShape {
    pub kind: String,
    pub at_ms: i64,
    pub label: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CustomerPage {
    pub id: u64,
    pub name: String,
    pub initials: String,
    pub score: i16,
    pub score_parts: Vec<ScorePartShape>,
    pub phones: Vec<PhoneShape>,
    pub emails: Vec<String>,
    pub place: Option<String>,
    pub since_ms: Option<i64>,
    pub owner: Option<Person>,
    pub brief: Brief,
    pub next_action: Option<NextAction>,
    pub alert: Option<AlertRow>,
    pub vehicles: Vec<RelatedVehicle>,
    pub deal: Option<OpenDeal>,
    /// The sale under way, else the last that ended.
    pub opportunity: Option<OpportunityShape>,
    pub household: Vec<HouseholdMember>,
    pub consent: Vec<ConsentShape>,
    pub sources: Vec<SourceShape>,
    /// Who else has this customer open now.
    pub other_viewers: Vec<Person>,
    /// Changes with everything that can be edited; goes back as `If-Match`.
    pub version: String,
    pub details: CustomerDetails,
    /// The records it is joined from, its own first.
    pub parts: Vec<PartShape>,
    /// Joinings, newest first.
    pub merges: Vec<MergeShape>,
    /// Others who may be the same person.
    pub likely: Vec<LikelyShape>,
}

/// What can be edited of a customer, whole.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CustomerDetails {
    pub name: NameShape,
    pub address: AddressShape,
    /// `1956-04-09`; the year alone for those who may not see the day.
    pub birth: Option<String>,
    /// The day of birth is shown, and may be changed.
    pub may_see_birth: bool,
    pub tags: Vec<String>,
    /// The store's own fields, with a value or without.
    pub fields: Vec<FieldValue>,
    /// Where each value shown comes from.
    pub from: Vec<ValueFrom>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NameShape {
    pub first: String,
    pub middle: String,
    pub last: String,
    pub suffix: String,
    /// The name of a business, or a name in one piece.
    pub full: String,
    pub is_business: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AddressShape {
    pub line1: String,
    pub line2: String,
    pub city: String,
    pub region: String,
    pub postal_code: String,
    pub country: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FieldValue {
    pub key: String,
    pub label: String,
    pub kind: FieldKind,
    pub choices: Vec<String>,
    /// Empty when none was given.
    pub value: String,
}

/// Where one value comes from.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ValueFrom {
    /// `name`, `address`, `birth`, `phone`, `email`, `owner`, `tag`, `field`.
    pub what: String,
    /// Of a phone, email, tag or field: which.
    pub value: String,
    /// The system, or who said it by hand.
    pub source: String,
    pub at_ms: i64,
    pub by_hand: bool,
}

/// One source's record of a person.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PartShape {
    pub id: u64,
    /// As this record alone has it.
    pub name: String,
    pub sources: Vec<SourceShape>,
    pub points: Vec<String>,
    /// Why it was joined to the others.
    pub why: Vec<String>,
    pub probability_bps: Option<i32>,
    /// It may be taken out: it is not the only one.
    pub may_separate: bool,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MergeShape {
    pub id: u64,
    pub at_ms: i64,
    /// Nobody when the program found it.
    pub by: Option<String>,
    pub kept: u64,
    pub folded: u64,
    pub why: Vec<String>,
    pub probability_bps: Option<i32>,
    pub undone_ms: Option<i64>,
    pub undone_by: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LikelyShape {
    pub customer: NamedCustomer,
    pub why: Vec<String>,
    pub probability_bps: Option<i32>,
}

/// One value to be changed by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "set", rename_all = "snake_case")]
pub enum EditShape {
    Name {
        value: NameShape,
    },
    Address {
        value: AddressShape,
    },
    /// `1956-04-09`; empty for none.
    Birth {
        value: String,
    },
    /// All of them, the preferred one first.
    Phones {
        value: Vec<String>,
    },
    Emails {
        value: Vec<String>,
    },
    /// Number of a colleague; 0 for nobody.
    Owner {
        value: u64,
    },
    Tag {
        tag: String,
        on: bool,
    },
    Field {
        key: String,
        value: String,
    },
}

/// One value to be changed, and what stood there when the person began.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct ChangeShape {
    pub edit: EditShape,
    /// Another value now is a conflict. Left out: whatever stood in the version of `If-Match`, or stands there now.
    #[serde(default)]
    pub before: Option<EditShape>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct EditCustomer {
    pub changes: Vec<ChangeShape>,
}

/// Somebody changed the same values meanwhile; nothing was changed. Say it again with `before` set to `theirs`, or leave it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EditConflict {
    /// `edit-conflict`.
    pub code: String,
    /// A sentence to show.
    pub detail: String,
    pub conflicts: Vec<ConflictShape>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ConflictShape {
    pub yours: EditShape,
    pub theirs: EditShape,
    /// Who said theirs by hand; nobody when a source did.
    pub by: Option<String>,
    pub at_ms: Option<i64>,
}

/// Two customers beside each other, before they are joined.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MergePreview {
    pub kept: MergeSide,
    pub folded: MergeSide,
    /// What one customer would show that only one can: choose by sending the side's value as a choice.
    pub fields: Vec<MergeField>,
    /// What speaks against it, a sentence each.
    pub warnings: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MergeSide {
    pub id: u64,
    pub name: String,
    pub place: Option<String>,
    pub phones: Vec<PhoneShape>,
    pub emails: Vec<String>,
    pub owner: Option<Person>,
    pub drives: Option<String>,
    pub since_ms: Option<i64>,
    pub last_touch_ms: Option<i64>,
    /// Lines of the story, at most a thousand.
    pub story_lines: u32,
    pub sources: Vec<SourceShape>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MergeField {
    pub label: String,
    pub kept: EditShape,
    pub folded: EditShape,
    /// As they read.
    pub kept_text: String,
    pub folded_text: String,
    /// What would be shown without a choice: `true` for the kept one's.
    pub shows_kept: bool,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct MergeWith {
    /// The customer that is shown within this one from then on.
    pub other: u64,
    #[serde(default)]
    pub choices: Vec<EditShape>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Merged {
    pub customer: u64,
    /// By which it can be taken apart.
    pub merge: Option<u64>,
}

/// Who may be there twice, the most likely first, and how far the search for them is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Duplicates {
    pub scan: DuplicateScan,
    pub items: Vec<DuplicatePair>,
    pub next: Option<String>,
    pub total: u64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DuplicateScan {
    /// Asked for or under way.
    pub is_running: bool,
    pub begun_ms: Option<i64>,
    /// Records that were looked at.
    pub done: u64,
    /// 0 until all are read.
    pub of: u64,
    /// Pairs joined by the one that is under way, else by the last.
    pub joined: u64,
    /// Pairs that it left for somebody to look at.
    pub likely: u64,
    /// When the last one ended.
    pub ended_ms: Option<i64>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DuplicatePair {
    pub id: String,
    /// Why they may be one, the strongest reason first.
    pub why: Vec<String>,
    pub probability_bps: Option<i32>,
    pub found_ms: i64,
    pub one: DuplicateSide,
    pub other: DuplicateSide,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DuplicateSide {
    pub id: u64,
    pub name: Compared,
    pub phones: Vec<Compared>,
    pub emails: Vec<Compared>,
    pub address: Option<Compared>,
    pub birth_year: Option<Compared>,
    /// What they drive by our records.
    pub cars: Vec<Compared>,
    pub sources: Vec<String>,
    pub owner: Option<Person>,
    pub last_touch_ms: Option<i64>,
    pub last_touch: Option<String>,
    /// Lines of their story, a thousand at most.
    pub story_lines: u64,
}

/// A value of one of two customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Compared {
    pub text: String,
    /// The other has the same.
    pub is_shared: bool,
}

/// The customers there are after something was taken apart.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Apart {
    pub customers: Vec<u64>,
    /// By which it can be taken back that two are two.
    pub undo: Option<u64>,
}

/// The page of a customer after a change by hand.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EditedCustomer {
    #[serde(flatten)]
    pub page: CustomerPage,
    /// By which the change can be undone; none when all of it stood there already.
    pub undo: Option<u64>,
}

/// A page of the store's website.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct LinkTo {
    pub address: String,
}

/// The same page, with the mark of a customer.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MarkedLink {
    pub address: String,
    pub good_for_days: u32,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct ApartFrom {
    pub other: u64,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct BulkEdit {
    pub ids: Vec<u64>,
    /// An owner or a tag.
    pub edit: EditShape,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BulkDone {
    pub id: u64,
    pub changed: u32,
    pub unchanged: u32,
}

/// A field the store defined itself.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FieldShape {
    pub key: String,
    pub label: String,
    pub kind: FieldKind,
    pub choices: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FieldList {
    pub fields: Vec<FieldShape>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TagList {
    /// The most used first.
    pub tags: Vec<TagShape>,
}

/// A tag that customers have.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TagShape {
    pub tag: String,
    pub customers: u64,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct DefineField {
    pub label: String,
    pub kind: FieldKind,
    #[serde(default)]
    pub choices: Vec<String>,
}

/// Who else has a customer open now, heard from within the last minute.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Viewers {
    pub others: Vec<Person>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StoryLine {
    pub id: String,
    pub at_ms: i64,
    pub road: Road,
    pub icon: Icon,
    pub title: String,
    pub detail: Option<String>,
    pub vehicle_id: Option<u64>,
    pub by: Option<String>,
    /// What is drawn together in it, newest first: the lines of a visit.
    pub within: Vec<StoryLine>,
    /// Of a note: the colleagues it speaks to.
    pub mentions: Vec<Person>,
    /// Of a note: it may be said where the customer hears it.
    pub aloud: bool,
    pub file: Option<FileShape>,
    /// Of a joining of two customers that stands: by this it is taken apart.
    pub merge_id: Option<u64>,
    /// Of a record that came to the customer and is theirs still: by this it is taken out.
    pub part_id: Option<u64>,
    /// Of a browser that is taken for theirs: by this it is parted from them.
    pub browser_id: Option<u64>,
}

/// A photo or document.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FileShape {
    pub id: u64,
    pub name: String,
    pub bytes: u64,
    /// The browser can show it; anything else is saved.
    pub is_picture: bool,
    pub may_remove: bool,
    /// It was taken away, and its bytes with it.
    pub is_removed: bool,
}

/// A page of a story.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StoryPage {
    pub items: Vec<StoryLine>,
    /// The cursor of the next page, `null` at the end.
    pub next: Option<String>,
    /// Lines of the whole story that fit what was asked for.
    pub total: u64,
    /// How many fit on each road.
    pub roads: RoadCounts,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoadCounts {
    pub all: u64,
    pub web: u64,
    pub messages: u64,
    pub sales: u64,
    pub finance: u64,
    pub service: u64,
    pub note: u64,
}

/// One page of paper about a customer, for somebody about to meet them.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PrintedBrief {
    pub customer: CustomerPage,
    /// The last words to and fro, oldest first.
    pub exchange: Vec<Said>,
    /// Notes that may be said where the customer hears them, newest first.
    pub aloud: Vec<StoryLine>,
    /// What to ask.
    pub questions: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct VehicleRow {
    pub id: u64,
    pub label: String,
    pub stock: Option<String>,
    pub vin: Option<String>,
    pub odometer_mi: Option<u32>,
    pub price_cents: Option<i64>,
    pub color: Option<String>,
    pub body: Option<String>,
    pub days_on_lot: Option<u32>,
    pub looks_7d: u32,
    pub known_shoppers: u32,
    /// Price alerts that stand on it.
    pub alerts_set: u32,
    pub status: Option<StatusWord>,
    pub photo: Option<String>,
    pub photos: u32,
    /// How its price stands to what such cars are sold for here; only the list of the lot and its own page say it.
    pub of_market: Option<OfMarket>,
}

/// What cars like one are sold for at this store, by its own sales.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OfMarket {
    /// The price as a share of the middle.
    pub percent: u32,
    pub middle_cents: i64,
    /// Eight of ten are sold between the two.
    pub low_cents: i64,
    pub high_cents: i64,
    /// Sales of the model that it rests on.
    pub sales: u32,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PriceChange {
    pub delta_cents: i64,
    pub at_ms: i64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Watcher {
    pub customer: NamedCustomer,
    pub score: i16,
    pub what: String,
    pub last_ms: i64,
    pub owner: Option<Person>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PriceShape {
    pub at_ms: i64,
    pub price_cents: i64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DayCount {
    /// `2026-11-24` by the store's calendar.
    pub day: String,
    pub count: u32,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OwnerShape {
    pub customer: NamedCustomer,
    pub relation: Relation,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct VehiclePage {
    #[serde(flatten)]
    pub row: VehicleRow,
    pub drivetrain: Option<String>,
    pub trim: Option<String>,
    /// The trim by the VIN, where nobody says one: a hint, never a fact.
    pub trim_hint: Option<String>,
    pub price_change: Option<PriceChange>,
    pub looks_prev_7d: u32,
    pub listing_url: Option<String>,
    pub watchers: Vec<Watcher>,
    pub unknown_watchers: u32,
    pub price_history: Vec<PriceShape>,
    pub looks_by_day: Vec<DayCount>,
    pub similar: Vec<VehicleRow>,
    /// What it is equipped with, of what shoppers ask for.
    pub features: Vec<FeatureShape>,
    /// Since when it stands so.
    pub status_since_ms: Option<i64>,
    /// What somebody said of where it stands.
    pub standing: Option<StandingShape>,
    /// The feeds that speak of it.
    pub listed_by: Vec<ListedBy>,
    pub owners: Vec<OwnerShape>,
    pub pricing: PriceStanding,
    /// What such cars were sold for since it came or within the history, oldest first; empty where `of_market` is not known.
    pub market_by_day: Vec<MarketDay>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MarketDay {
    pub at_ms: i64,
    pub low_cents: i64,
    pub high_cents: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HitKind {
    Customer,
    Vehicle,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Hit {
    pub kind: HitKind,
    pub id: u64,
    pub title: String,
    pub sub: String,
    /// Why it matched: "phone ends 0148".
    pub why: String,
    pub score: Option<i16>,
    pub stock: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IndexWord {
    Ready,
    Rebuilding,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SearchAnswer {
    pub took_us: u64,
    pub index: IndexWord,
    pub hits: Vec<Hit>,
}

/// What there is to choose from among the cars on the lot, the most frequent first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LotChoices {
    pub makes: Vec<LotChoice>,
    pub bodies: Vec<LotChoice>,
    /// The newest first.
    pub years: Vec<LotChoice>,
    /// In the order in which they are shown.
    pub features: Vec<FeatureChoice>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FeatureChoice {
    pub value: &'static str,
    pub label: &'static str,
    pub count: u32,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LotChoice {
    pub value: String,
    pub count: u32,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SavedViews {
    /// The store's, then mine, each by name.
    pub items: Vec<SavedViewShape>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "SavedView")]
pub struct SavedViewShape {
    pub id: u64,
    pub list: ListOf,
    pub name: String,
    /// Filter and order as the words of the list's address.
    pub words: String,
    /// Everybody at the store sees it.
    pub shared: bool,
    pub by: Option<Person>,
    pub may_change: bool,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ImportReason {
    pub reason: String,
    pub count: u64,
    pub first_line: u64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Import {
    pub id: u64,
    pub kind: ImportKind,
    pub file: String,
    pub started_ms: i64,
    pub ended_ms: Option<i64>,
    pub by: Option<String>,
    pub state: ImportState,
    pub rows: u64,
    pub new: u64,
    pub joined: u64,
    pub unchanged: u64,
    pub held_back: u64,
    pub reasons: Vec<ImportReason>,
    /// What was odd in rows that were taken all the same.
    pub warnings: Vec<ImportReason>,
    /// Whose layout it is, where that is known.
    pub preset: Option<String>,
    /// What a rehearsal came to; none while it is under way.
    pub rehearsed: Option<ImportRehearsed>,
    pub taken_back: Option<ImportTakenBack>,
    /// It can be taken back now.
    pub may_take_back: bool,
}

/// What the import would do: done by the very acts of the real run, above a snapshot of the store.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ImportRehearsed {
    pub at_ms: i64,
    pub rows: u64,
    pub new: u64,
    pub joined: u64,
    pub unchanged: u64,
    pub held_back: u64,
    pub reasons: Vec<ImportReason>,
    pub warnings: Vec<ImportReason>,
    pub examples: Vec<ImportExample>,
    /// Why the file cannot be read with this mapping at all.
    pub refused: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ImportExample {
    pub line: u64,
    pub title: String,
    pub facts: Vec<String>,
    pub did: RowDid,
    /// Whom the row joins.
    pub joins_customer: Option<u64>,
    /// Their name, and why.
    pub joins_why: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ImportTakenBack {
    pub begun_ms: i64,
    pub by: Option<String>,
    pub reversed: u64,
    pub kept: u64,
    pub failed: u64,
}

/// An import and how its file is read: for matching columns, and for looking back.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ImportDraft {
    pub run: Import,
    /// How the file is read; none for a feed whose columns have names of their own.
    pub mapping: Option<Mapping>,
    pub columns: Vec<ImportColumn>,
    /// Everything a column may be matched to.
    pub targets: Vec<TargetInfo>,
    pub encoding: String,
    pub separator: String,
    pub header_line: u64,
    pub notes: Vec<String>,
    /// The matching was used before for such a file.
    pub remembered: bool,
    /// Rows with a cell mended by hand.
    pub mended: u64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ImportColumn {
    pub header: String,
    pub samples: Vec<String>,
    /// In how many rows it says something.
    pub filled: u64,
}

/// A row that was held back, is odd, or was kept when the import was taken back.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ImportRowShape {
    pub line: u64,
    pub did: RowDid,
    pub problems: Vec<ImportProblem>,
    pub cells: Vec<String>,
    /// What taking it back came to: `reversed`, `kept` or `failed`.
    pub taken_back: Option<String>,
    /// Why it was kept, or failed.
    pub why: Option<String>,
    /// Whom or what the row told of.
    pub about: Option<ImportAbout>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ImportAbout {
    pub kind: HitKind,
    pub id: u64,
    pub title: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ImportProblem {
    /// The column, from 0, where it is about one.
    pub place: Option<u32>,
    pub what: String,
}

// What the screens send.

/// New texts of cells of one row.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct MendRow {
    pub cells: Vec<MendCell>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct MendCell {
    /// The column, from 0.
    pub place: u32,
    pub text: String,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    pub name: String,
    pub password: String,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimStore {
    pub code: String,
    pub name: String,
    pub password: String,
}

/// Whether a card was worth the interruption; null takes it back.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeCard {
    pub useful: Option<bool>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SayAvailable {
    pub available: bool,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SnoozeUntil {
    pub until_ms: i64,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DoneWith {
    pub outcome: Outcome,
    #[serde(default)]
    pub note: String,
    /// What was sent, when something was.
    #[serde(default)]
    pub message: String,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOffTo {
    pub to: u64,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveView {
    pub list: ListOf,
    pub name: String,
    /// Filter and order as the words of the list's address.
    pub words: String,
    /// For everybody at the store.
    #[serde(default)]
    pub shared: bool,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    pub text: String,
    /// The colleagues it speaks to: each finds it on their list.
    #[serde(default)]
    pub mentions: Vec<u64>,
    /// It may be said where the customer hears it.
    #[serde(default)]
    pub aloud: bool,
}
