//! Which list does somebody want to come back to? Its filter and its order, under a name.

use super::{
    ids::{SavedViewId, StaffId},
    time::At,
};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct SavedView {
    pub id: SavedViewId,
    pub list: ListOf,
    pub name: String,
    /// Filter and order as the words of the list's address: `owner=4&touch=over_month&sort=quiet`.
    pub words: String,
    /// Who saved it, and may change it.
    pub by: StaffId,
    pub made: At,
}

/// What a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListOf {
    Customers,
    Vehicles,
    /// Written by a newer Headlight: shown by none of these screens.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}

/// In whose hands a saved view is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// Everybody at the store sees it.
    Store,
    /// Only this person does.
    One(StaffId),
}
