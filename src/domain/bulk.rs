//! One change by hand, of one customer or of many at once, and what it takes to undo it.

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
    /// The other values that were changed with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<Edit>,
    /// Whom it changed, and what was said of them by hand before.
    pub changed: Vec<(CustomerId, Edits)>,
    /// Those whose phone was known to be wrong before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wrong_numbers: Vec<CustomerId>,
    #[serde(default)]
    pub undone: bool,
}

impl Bulk {
    /// All that was changed.
    pub fn edits(&self) -> impl Iterator<Item = &Edit> {
        std::iter::once(&self.edit).chain(&self.more)
    }
}
