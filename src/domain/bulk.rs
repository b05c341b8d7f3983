//! One change of many customers at once, and what it takes to undo it.

use super::{
    edit::{Edit, Edits},
    ids::{CustomerId, StaffId},
    time::At,
};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Bulk {
    pub at: At,
    pub by: StaffId,
    pub edit: Edit,
    /// Whom it changed, and what was said of them by hand before.
    pub changed: Vec<(CustomerId, Edits)>,
    #[serde(default)]
    pub undone: bool,
}
