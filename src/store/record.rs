//! What is one stored value? A version byte, then named MessagePack, sealed.
//!
//! Named, so that fields can come and go. A struct whose meaning changes keeps its old shape beside it and says how to read it.

use super::StoreError;
use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use std::marker::PhantomData;

/// A value that a table keeps.
pub trait Record: Serialize + DeserializeOwned + JsonSchema {
    /// Raised only when the meaning of the bytes changes; a new field with a default needs no new version.
    const VERSION: u8 = 1;

    /// Reads the bytes of an older version.
    ///
    /// # Errors
    /// When the version is not one that was ever shipped.
    fn from_older(version: u8, _plain: &[u8]) -> Result<Self, String> {
        Err(format!("version {version} was never shipped"))
    }

    /// As it may leave the house: without secrets.
    #[must_use]
    fn without_secrets(self) -> Self {
        self
    }
}

/// Most records are smaller: a vector of this size is not grown step by step.
pub(super) const USUAL_BYTES: usize = 512;

pub(super) fn encode<R: Record>(record: &R) -> Result<Vec<u8>, StoreError> {
    let mut plain = Vec::with_capacity(USUAL_BYTES);
    write(&mut plain, record)?;
    Ok(plain)
}

/// Adds the record's bytes.
pub(super) fn write<R: Record>(to: &mut Vec<u8>, record: &R) -> Result<(), StoreError> {
    rmp_serde::encode::write_named(to, record)
        .map_err(|e| StoreError::Damaged { table: std::any::type_name::<R>().to_owned(), why: format!("could not be written: {e}") })
}

/// A record as it will be sealed, written beside the writer.
pub struct Encoded<R> {
    pub(super) plain: Vec<u8>,
    of: PhantomData<fn() -> R>,
}

impl<R: Record> Encoded<R> {
    /// # Errors
    /// When the value has a shape that MessagePack cannot hold.
    pub fn of(record: &R) -> Result<Self, StoreError> {
        Ok(Self { plain: encode(record)?, of: PhantomData })
    }
}

impl<R> std::fmt::Debug for Encoded<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Encoded(… {} bytes)", self.plain.len())
    }
}

pub(super) fn decode<R: Record>(table: &str, version: u8, plain: &[u8]) -> Result<R, StoreError> {
    let damaged = |why: String| StoreError::Damaged { table: table.to_owned(), why };
    match version.cmp(&R::VERSION) {
        std::cmp::Ordering::Equal => rmp_serde::from_slice(plain).map_err(|e| damaged(format!("cannot be read: {e}"))),
        std::cmp::Ordering::Less => R::from_older(version, plain).map_err(damaged),
        std::cmp::Ordering::Greater => {
            Err(damaged(format!("has version {version}, written by a newer Headlight; this one reads up to {}", R::VERSION)))
        }
    }
}

/// A record as a sample in `schema/records/` keeps it: the version byte, then the MessagePack, not sealed.
///
/// # Errors
/// When the value has a shape that MessagePack cannot hold.
pub fn encode_plain<R: Record>(record: &R) -> Result<Vec<u8>, StoreError> {
    let mut plain = vec![R::VERSION];
    plain.extend(encode(record)?);
    Ok(plain)
}

/// Reads what [`encode_plain`] wrote, by this or any earlier version.
///
/// # Errors
/// When the bytes are not such a record.
pub fn decode_plain<R: Record>(plain: &[u8]) -> Result<R, StoreError> {
    let name = std::any::type_name::<R>();
    let (version, plain) =
        plain.split_first().ok_or_else(|| StoreError::Damaged { table: name.to_owned(), why: "has no version byte".to_owned() })?;
    decode(name, *version, plain)
}

macro_rules! records {
    ($($t:ty $({ $without_secrets:expr })?),+ $(,)?) => {
        $(impl Record for $t {
            $(fn without_secrets(self) -> Self {
                let without: fn(Self) -> Self = $without_secrets;
                without(self)
            })?
        })+
        /// The types of all records: each has a sample in `schema/records/`.
        pub const RECORDS: &[&str] = &[$(stringify!($t)),+];
    };
}

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
    ids::{CustomerId, StaffId, VehicleId},
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
    saved_view::SavedView,
    service_visit::{Refused, ServiceVisit},
    set_aside::{Raw, SetAside},
    staff::{Staff, Workload},
    story::StoryRow,
    timer::Timer,
    vehicle::{Interest, Ownership, Vehicle},
    visit::Visit,
    visitor::{Activity, Visitor},
    wish::{Match, Wish},
};

records!(
    Entry,
    Activity,
    Inbound,
    Mention,
    Remark,
    StoredFile,
    Workload,
    Changed,
    Customer,
    Profile,
    Decision,
    Field,
    Bulk,
    Merge,
    Parting,
    Likeness,
    Link,
    Visitor,
    StoryRow,
    Vehicle,
    Interest,
    Ownership,
    Lead,
    Deal,
    RepairOrder,
    Appointment,
    Alert,
    Staff,
    Visit,
    Appraisal,
    ServiceVisit,
    Refused,
    Opportunity,
    Login { |login| Login { password: String::new(), ..login } },
    FailedSignIns,
    Session,
    SenderKey,
    SetAside,
    Raw,
    ImportRun,
    ImportedRow,
    OutboxRow,
    SaidPayoff,
    Timer,
    Ladder,
    Feed,
    FeedRead,
    FeedCar,
    FeedUndo,
    FeedFetch,
    LeadTemplate,
    SavedView,
    PriceAlert,
    PriceMove,
    ToldOfDrop,
    Wish,
    Match,
    CustomerId,
    StaffId,
    VehicleId,
    u64,
    u32,
    String,
    (),
);
