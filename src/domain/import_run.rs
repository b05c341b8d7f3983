//! One file a store brought along, and what became of each of its rows.

use super::{
    appointment::Appointment,
    deal::Deal,
    ids::{AppointmentId, CustomerId, DealId, ImportId, PartId, ProfileId, RepairOrderId, StaffId, VehicleId},
    repair_order::RepairOrder,
    time::At,
    vehicle::{ListingStatus, Vehicle},
};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct ImportRun {
    pub id: ImportId,
    pub kind: ImportKind,
    pub file: String,
    pub started: At,
    #[serde(default)]
    pub ended: Option<At>,
    #[serde(default)]
    pub by: Option<StaffId>,
    pub state: ImportState,
    #[serde(default)]
    pub counts: ImportCounts,
    #[serde(default)]
    pub held_back: Vec<HeldBack>,
    /// What was odd in rows that were taken all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<HeldBack>,
    /// Whose layout it is, where that is known: "DealerVault sales".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<String>,
    /// What a rehearsal of it came to, with the mapping as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rehearsed: Option<Rehearsed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back: Option<TakenBack>,
}

/// What a rehearsal came to: the real run does the same, unless the store changes meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Rehearsed {
    pub at: At,
    pub counts: ImportCounts,
    pub held_back: Vec<HeldBack>,
    pub warnings: Vec<HeldBack>,
    /// Some rows as they would come in.
    pub examples: Vec<Example>,
    /// Why the file cannot be read with this mapping at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// One row as it would come in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Example {
    pub line: u64,
    pub title: String,
    /// A phone, an address, a car: what is known of it then.
    pub facts: Vec<String>,
    pub did: RowDid,
    /// Whom it joins, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joins: Option<(CustomerId, String)>,
}

/// How an import was taken back, row by row.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct TakenBack {
    pub begun: At,
    pub by: StaffId,
    /// Every row above this line is done; the work goes from the last to the first.
    pub above: u64,
    #[serde(default)]
    pub reversed: u64,
    #[serde(default)]
    pub kept: u64,
    #[serde(default)]
    pub failed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct ImportCounts {
    pub rows: u64,
    pub new: u64,
    pub joined: u64,
    pub unchanged: u64,
    pub held_back: u64,
}

impl ImportCounts {
    /// One more row that did this.
    pub fn add(&mut self, did: RowDid) {
        match did {
            RowDid::New => self.new += 1,
            RowDid::Joined => self.joined += 1,
            RowDid::Unchanged => self.unchanged += 1,
            RowDid::HeldBack | RowDid::Unknown => self.held_back += 1,
        }
    }
}

/// Rows kept out for one reason.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct HeldBack {
    pub reason: String,
    pub count: u64,
    /// Line of the first such row, from 1, the header being line 1.
    pub first_line: u64,
}

/// What one row did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowDid {
    New,
    Joined,
    Unchanged,
    HeldBack,
    #[serde(other)]
    Unknown,
}

/// What became of one row, and what it takes to take it back.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct ImportedRow {
    pub did: RowDid,
    /// In the order in which they were had.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
    /// Why it was held back, or what is odd about it: the place of the column where there is one, and a sentence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<(Option<u32>, String)>,
    /// As it stands in the file; kept of rows that were held back or are odd.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back: Option<RowTakenBack>,
}

/// What taking a row back came to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum RowTakenBack {
    Reversed,
    /// Somebody has worked on it since.
    Kept {
        why: String,
    },
    Failed {
        why: String,
    },
    #[serde(other)]
    Unknown,
}

/// One thing a row did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum Effect {
    /// A word was added to a record.
    Said { part: PartId, profile: ProfileId },
    /// A deal was written, over what an earlier file said of it.
    Deal {
        deal: DealId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Box<Deal>>,
    },
    RepairOrder {
        order: RepairOrderId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Box<RepairOrder>>,
    },
    Appointment {
        appointment: AppointmentId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Box<Appointment>>,
    },
    /// The customer got an owner: who sold the car.
    Owned { part: PartId, owner: StaffId },
    /// A car left the lot with a deal.
    LeftLot { vehicle: VehicleId, was: ListingStatus },
    /// A car was listed, or listed otherwise.
    Listed {
        vehicle: VehicleId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Box<Vehicle>>,
        /// The digest of the car as it was then: another one says that somebody changed it since.
        after: String,
    },
    #[serde(other)]
    Unknown,
}

/// A row of an import, where something else rests on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct RowId {
    pub import: ImportId,
    pub line: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImportKind {
    Customers,
    Deals,
    RepairOrders,
    Appointments,
    Inventory,
    #[serde(other)]
    Unknown,
}

impl ImportKind {
    /// Whether its rows name people.
    #[must_use]
    pub fn is_of_people(self) -> bool {
        match self {
            Self::Customers | Self::Deals | Self::RepairOrders | Self::Appointments => true,
            Self::Inventory | Self::Unknown => false,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Brought, and not yet begun: its columns are matched, its rows mended.
    Draft,
    Running,
    Done,
    TakingBack,
    TakenBack,
    #[serde(other)]
    Failed,
}
