//! What a lender said is still owed on a customer's car.

use super::{ids::StaffId, money::Cents, time::At};

/// Asked by a person of the store and written down.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct SaidPayoff {
    pub amount: Cents,
    /// Until when the lender takes it.
    #[serde(default)]
    pub good_through: Option<At>,
    /// Who said it: the lender, a letter.
    #[serde(default)]
    pub from: String,
    pub by: StaffId,
    pub at: At,
    /// What stood written down until then; it stands again when this is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Box<SaidPayoff>>,
}
