//! Every table on one page: its name, its key in order, its value, and who writes it.

use super::key::{Hash, Key};
use super::record::Record;
use crate::domain::{
    access::{FailedSignIns, Login, SenderKey, Session},
    alert::Alert,
    appointment::Appointment,
    appraisal::Appraisal,
    bulk::Bulk,
    change::Changed,
    customer::Customer,
    deal::Deal,
    event::Entry,
    feed::{Feed, FeedCar, FeedFetch, FeedRead, FeedUndo},
    field::Field,
    file::StoredFile,
    ids::{
        AlertId, AppointmentId, AppraisalId, CustomerId, DealId, FeedId, FileId, ImportId, LeadId, LeadTemplateId, MergeId, OpportunityId, OutboxId,
        PartId, PriceAlertId, ProfileId, RepairOrderId, SavedViewId, Seq, ServiceVisitId, SetAsideId, StaffId, VehicleId, VisitId, VisitorId, WishId,
    },
    import_run::{ImportRun, ImportedRow},
    ladder::Ladder,
    lead::Lead,
    lead_template::LeadTemplate,
    merge::{Decision, Likeness, Link, Merge, Parting},
    message::{Inbound, Mention, Remark},
    opportunity::Opportunity,
    outbox::OutboxRow,
    payoff::SaidPayoff,
    price_alert::{PriceAlert, PriceMove, ToldOfDrop},
    profile::Profile,
    repair_order::RepairOrder,
    saved_view::{Keeper, SavedView},
    service_visit::{Refused, ServiceVisit},
    set_aside::{Raw, SetAside},
    staff::{Staff, Workload},
    story::StoryRow,
    time::At,
    timer::Timer,
    vehicle::{Interest, Ownership, Vehicle},
    visit::Visit,
    visitor::{Activity, Visitor},
    wish::{Match, Wish},
};
use std::marker::PhantomData;

/// A typed table. Its place in [`TABLES`] is its number in this process; its name is its identity on disk.
pub struct Table<K, R> {
    pub(super) index: usize,
    pub(super) name: &'static str,
    types: PhantomData<fn() -> (K, R)>,
}

impl<K, R> Clone for Table<K, R> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K, R> Copy for Table<K, R> {}

impl<K: Key, R: Record> Table<K, R> {
    const fn new(index: usize, name: &'static str) -> Self {
        Self { index, name, types: PhantomData }
    }

    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }
}

macro_rules! tables {
    ($($(#[doc = $says:literal])* $name:ident: $key:ty => $record:ty),+ $(,)?) => {
        #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "numbers the tables in the order of this page")]
        enum Index { $($name),+ }
        $(
            $(#[doc = $says])*
            pub const $name: Table<$key, $record> = Table::new(Index::$name as usize, stringify!($name));
        )+
        /// The names of all tables, in the order of this page.
        pub const TABLES: &[&str] = &[$(stringify!($name)),+];

        /// Goes through all tables in the order of this page, each with its types and with what this page says of it.
        ///
        /// # Errors
        /// The first that the visitor gives.
        pub fn each_table<E: EachTable>(each: &mut E) -> Result<(), E::Error> {
            $(each.table($name, concat!($($says),*).trim())?;)+
            Ok(())
        }
    };
}

/// Does something to every table, whatever its types: a table added to this page is met without further thought.
pub trait EachTable {
    type Error;

    /// # Errors
    /// Ends the round.
    fn table<K: Key, R: Record>(&mut self, table: Table<K, R>, says: &'static str) -> Result<(), Self::Error>;
}

/// Whose story a row belongs to: one part of a customer, or a visitor until (and after) it is tied to one.
pub type StoryOf = (u8, u64);
pub const STORY_OF_PART: u8 = 1;
pub const STORY_OF_VISITOR: u8 = 2;
/// The first half of a story key.
#[must_use]
pub fn story_of_part(id: PartId) -> StoryOf {
    (STORY_OF_PART, id.0)
}
#[must_use]
pub fn story_of_visitor(id: VisitorId) -> StoryOf {
    (STORY_OF_VISITOR, id.0)
}

/// Whose saved views: one person's, or the store's.
pub type ViewsOf = (u8, u64);
/// The first half of a saved view's key.
#[must_use]
pub fn views_of(keeper: Keeper) -> ViewsOf {
    match keeper {
        Keeper::Store => (1, 0),
        Keeper::One(staff) => (2, staff.0),
    }
}

/// What a number from outside numbers.
pub type NumberOf = u8;
pub const NUMBER_OF_DEAL: NumberOf = 1;
pub const NUMBER_OF_REPAIR_ORDER: NumberOf = 2;
pub const NUMBER_OF_APPOINTMENT: NumberOf = 3;

tables! {
    // The road. The journal is written by service::intake and by acts somebody waits for.
    /// Everything that happened, in order of arrival.
    JOURNAL: Seq => Entry,
    /// The bytes a lead or reply came in, by its journal entry.
    RAW: Seq => Raw,
    /// How far each reader of the journal has come.
    CURSORS: String => u64,
    /// The next number of each kind.
    COUNTERS: String => u64,
    /// Store id, epoch, schema.
    META: String => String,
    /// Keys of writes already done, with what they gave: a retry does nothing twice.
    SEEN: Hash => u64,
    /// What changed, for browsers and the search index that resume.
    CHANGES: u64 => Changed,

    // People.
    /// As shown: computed from profiles, and from parts where there are several.
    CUSTOMERS: CustomerId => Customer,
    /// Each source's word on a person, as it came.
    PROFILES: ProfileId => Profile,
    /// Of customers joined from several parts: each part as it is alone. A part that is the whole customer stands among those.
    PARTS: PartId => Customer,
    /// Parts that are shown within a customer of another number.
    JOINED: PartId => CustomerId,
    /// Hashed customer number, email, phone or home address, and whose it is.
    POINTS: (Hash, PartId) => (),
    /// What people decided about two records, under either.
    DECISIONS: (PartId, PartId) => Decision,
    /// Joinings of customers, and whether they were taken apart again.
    MERGES: MergeId => Merge,
    /// The joinings of each customer.
    CUSTOMER_MERGES: (CustomerId, MergeId) => (),
    /// Who was said to be two, by the journal entry that says so, and how it was before.
    PARTINGS: Seq => Parting,
    /// Two who may be one and nobody has decided, under either.
    LIKELY: (PartId, PartId) => Likeness,
    /// Of the likely ones each pair once, the most likely first: 10,000 less their probability in basis points.
    LIKELY_FIRST: (u32, (PartId, PartId)) => (),
    /// Two who are not one and belong together, under either.
    LINKS: (PartId, PartId) => Link,
    /// Fields the store defined for its customers, by key.
    FIELDS: String => Field,
    /// Changes by hand, of one customer or of many at once, as long as they can be undone.
    BULKS: u64 => Bulk,
    /// What a customer did by lead and message (what their browsers did is with the visitors).
    ACTIVITY: PartId => Activity,
    /// Messages from customers, and whether anybody answered.
    INBOUND: (PartId, (At, Seq)) => Inbound,
    /// Lines of stories by time.
    STORY: (StoryOf, (At, Seq)) => StoryRow,
    /// What colleagues wrote down of the cars that customers want.
    REMARKS: (PartId, Seq) => Remark,
    /// Notes that speak to a colleague, and whether that colleague is done with them.
    MENTIONS: (PartId, (Seq, StaffId)) => Mention,
    /// Photos and documents: what each is called, who added it, to whom.
    FILES: FileId => StoredFile,
    /// Their bytes, in pieces.
    FILE_PIECES: (FileId, u32) => Raw,

    // Shoppers.
    /// Browsers of shoppers: when they came, what they did, and whose they are once that is known.
    VISITORS: VisitorId => Visitor,
    /// Hashed client id of the site.
    VISITOR_CLIENTS: Hash => u64,
    /// Hashed submission or lead id seen by a browser.
    WEB_IDS: Hash => u64,
    /// The same ids as leads brought them: which lead, for a browser that is heard of after it.
    LEAD_WEB_IDS: Hash => u64,
    /// Leads about a car in the last three months: the way a form of which we hear late finds its lead, and a car that is sold those who
    /// asked.
    RECENT_LEADS: (VehicleId, (At, LeadId)) => (),
    /// Cards that took a place of somebody's day, with the score they came with; by the person, the day and the card.
    ATTENTION: (StaffId, (i32, AlertId)) => u64,
    /// Events that files of web events brought, by their day and what tells each: the same event in two files counts once.
    WEB_HEARD: (i32, u64) => (),
    /// Who looked at or asked about a car in the last hour: the way a lead finds its browser.
    RECENT_LOOKS: (VehicleId, (At, VisitorId)) => (),
    /// How much a browser cares for a car.
    INTEREST: (VehicleId, VisitorId) => Interest,
    /// Looks a day, by the store's calendar (days since 1970).
    LOOKS: (VehicleId, i32) => u32,

    // Cars.
    /// Cars: on the lot, sold, traded in or only heard of.
    VEHICLES: VehicleId => Vehicle,
    /// Which car has this VIN.
    VINS: String => VehicleId,
    /// Which car has this stock number, in upper case.
    STOCKS: String => VehicleId,
    /// The cars on the lot now.
    ON_LOT: VehicleId => (),
    /// Cars that left the lot in the last months, by when; one that came back since is on the lot as well.
    LEFT_LOT: (At, VehicleId) => (),
    /// Who owns or owned a car, since when, and whether it was bought here.
    OWNERS: (VehicleId, PartId) => Ownership,
    /// The same by customer: their cars.
    OWNED: (PartId, VehicleId) => (),

    /// Sources that say again and again which cars stand on the lot.
    FEEDS: FeedId => Feed,
    /// The readings of each feed, by their number: what each did to which cars, or why it was refused.
    FEED_READS: (FeedId, u64) => FeedRead,
    /// What a feed last said of a car.
    FEED_CARS: (FeedId, VehicleId) => FeedCar,
    /// What it takes to take the last snapshot of a feed back.
    FEED_UNDO: (FeedId, VehicleId) => FeedUndo,
    /// The bytes of the newest snapshot that was refused and may be taken all the same, in pieces.
    FEED_FILES: (FeedId, u32) => Raw,
    /// How the scheduled fetching of a feed goes.
    FEED_FETCHES: FeedId => FeedFetch,

    // Sales, finance, service.
    /// Leads as they were understood.
    LEADS: LeadId => Lead,
    /// The leads of each customer.
    CUSTOMER_LEADS: (PartId, LeadId) => (),
    /// Sales booked in the DMS.
    DEALS: DealId => Deal,
    /// The sales of each customer.
    CUSTOMER_DEALS: (PartId, DealId) => (),
    /// What lenders said is still owed on the cars of customers.
    PAYOFFS: (PartId, VehicleId) => SaidPayoff,
    /// Visits to the service department.
    REPAIR_ORDERS: RepairOrderId => RepairOrder,
    /// The visits of each customer to the service department.
    CUSTOMER_REPAIR_ORDERS: (PartId, RepairOrderId) => (),
    /// Visits to the service department that were booked.
    APPOINTMENTS: AppointmentId => Appointment,
    /// The appointments of each customer.
    CUSTOMER_APPOINTMENTS: (PartId, AppointmentId) => (),
    /// Deal and RO numbers of other systems.
    NUMBERS: (NumberOf, String) => u64,

    // The floor.
    /// Customers in the showroom: with whom, since when, how far they came and how it ended.
    VISITS: VisitId => Visit,
    /// The visits that have not ended.
    VISITS_OPEN: VisitId => (),
    /// The visits of each customer.
    CUSTOMER_VISITS: (PartId, VisitId) => (),

    /// Worksheets of cars that customers bring: their state, what they need, what they are worth and who said so.
    APPRAISALS: AppraisalId => Appraisal,
    /// The worksheets of each customer.
    CUSTOMER_APPRAISALS: (PartId, AppraisalId) => (),
    /// The worksheets of each car.
    CAR_APPRAISALS: (VehicleId, AppraisalId) => (),
    // The service drive.
    /// The visits of cars to the service department, from the lane until they are fetched.
    SERVICE_VISITS: ServiceVisitId => ServiceVisit,
    /// Those whose car is still here, by customer.
    SERVICE_VISITS_OPEN: (PartId, ServiceVisitId) => (),
    /// The service visits of each customer.
    CUSTOMER_SERVICE_VISITS: (PartId, ServiceVisitId) => (),
    /// The booked visits by when the car is expected.
    APPOINTMENTS_AT: (At, AppointmentId) => (),
    /// Who came by which booking.
    APPOINTMENTS_KEPT: AppointmentId => u64,
    /// Who does not want to be talked to about another car.
    TALKS_REFUSED: PartId => Refused,

    /// Goes at selling somebody a car: since when, where they stand, what comes next, why they were lost.
    OPPORTUNITIES: OpportunityId => Opportunity,
    /// Those that are neither sold nor lost.
    OPPORTUNITIES_OPEN: OpportunityId => (),
    /// The goes with each customer.
    CUSTOMER_OPPORTUNITIES: (PartId, OpportunityId) => (),

    // The desk.
    /// Cards: one matter about one customer, with its reasons, its clock and what became of it.
    ALERTS: AlertId => Alert,
    /// The cards that are open now.
    ALERTS_OPEN: AlertId => (),
    /// The cards of each customer.
    CUSTOMER_ALERTS: (CustomerId, AlertId) => (),
    /// How many cards are open with each salesperson, and when one was last offered.
    WORKLOADS: StaffId => Workload,
    /// What is to happen by itself, and when.
    TIMERS: (At, u64) => Timer,
    /// Of the timers, the one by which this customer is thought of again: a later thought moves it.
    THINK_AGAIN: CustomerId => Timer,
    /// Messages waiting to leave, and what became of those that left.
    OUTBOX: OutboxId => OutboxRow,
    /// The waiting messages by when they may leave.
    OUTBOX_DUE: (At, OutboxId) => (),
    /// The messages that wait for each customer.
    CUSTOMER_OUTBOX: (PartId, OutboxId) => (),

    // Who wants which car.
    /// Who wants to hear when a car costs less, and what they agreed to.
    PRICE_ALERTS: PriceAlertId => PriceAlert,
    /// The price alerts on each car.
    VEHICLE_PRICE_ALERTS: (VehicleId, PriceAlertId) => (),
    /// The price alerts of each customer.
    CUSTOMER_PRICE_ALERTS: (PartId, PriceAlertId) => (),
    /// Of each car the newest change of its price, and who was told.
    PRICE_MOVES: VehicleId => PriceMove,
    /// When somebody was last told of a lower price.
    TOLD_OF_DROPS: PartId => ToldOfDrop,
    /// What cars people say they want.
    WISHES: WishId => Wish,
    /// The wishes that stand.
    WISHES_OPEN: WishId => (),
    /// The wishes of each customer.
    CUSTOMER_WISHES: (PartId, WishId) => (),
    /// What customers seek by what they do, packed, a row a customer, 256 customers a block; derived from each thought of them.
    SEEKERS: u64 => Raw,
    /// Cars that came and fit what a customer seeks.
    MATCHES: (PartId, VehicleId) => Match,

    // The house.
    /// The people who work here.
    STAFF: StaffId => Staff,
    /// Lists somebody wants to come back to.
    VIEWS: (ViewsOf, SavedViewId) => SavedView,
    /// Who is asked for the leads of a source; by its name in lower case, empty for all others.
    LADDERS: String => Ladder,
    /// How senders write their leads, as it was shown.
    LEAD_TEMPLATES: LeadTemplateId => LeadTemplate,
    /// Who signs in by which name, in lower case.
    LOGINS: String => Login,
    /// By slots of hashed names, known and unknown alike: as many as there are slots, and no more.
    FAILED_SIGN_INS: u32 => FailedSignIns,
    /// Signed-in browsers and tokens of scripts.
    SESSIONS: Hash => Session,
    /// Keys of lead senders and websites.
    SENDER_KEYS: Hash => SenderKey,
    /// What could not be understood, with its bytes.
    SET_ASIDE: SetAsideId => SetAside,
    /// Files brought in, and how it went.
    IMPORTS: ImportId => ImportRun,
    /// The bytes of imports whose rows are not all journalled yet, in pieces.
    IMPORT_FILES: (ImportId, u32) => Raw,
    /// How the file of an import is to be read: mapping and corrections, as the formats write them.
    IMPORT_PLANS: ImportId => Raw,
    /// What became of each row, by its line; forgotten when it can no longer be taken back.
    IMPORT_ROWS: (ImportId, u64) => ImportedRow,
    /// Mappings that were used, by the hashed header of their files.
    MAPPINGS: Hash => Raw,
}
