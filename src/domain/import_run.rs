//! One file a store brought along, and what became of each of its rows.

use super::{
    ids::{ImportId, StaffId},
    time::At,
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

/// Rows kept out for one reason.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct HeldBack {
    pub reason: String,
    pub count: u64,
    /// Line of the first such row, from 1, the header being line 1.
    pub first_line: u64,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    Running,
    Done,
    #[serde(other)]
    Failed,
}
