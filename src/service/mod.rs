//! Acts. Each reads, asks the engine and writes in one transaction; announcements follow the commit. One file an act or a noun.
//!
//! `now` is always an argument. Nothing here opens a connection: no network inside a transaction.
pub mod access;
pub mod advance;
pub mod alerts;
pub mod appraisals;
mod aside;
mod attention;
pub mod browsers;
pub mod cars;
pub mod details;
pub mod duplicates;
pub mod edits;
pub mod equity;
pub mod export;
pub mod feeds;
pub mod files;
pub mod finance;
mod first_response;
mod floor;
pub mod history;
mod household;
pub mod imports;
pub mod index;
pub mod intake;
pub mod ladders;
pub mod lead_templates;
pub mod leads;
pub mod lifecycle;
pub mod links;
pub mod lists;
pub mod lot;
pub mod market;
pub mod matching;
pub mod notes;
pub mod operator;
pub mod opportunities;
pub mod outcomes;
pub mod pairs;
pub mod payoffs;
pub mod people;
pub mod pipeline;
pub mod presence;
pub mod price_alerts;
mod price_drops;
pub mod prices;
pub mod reads;
pub mod replay;
mod rethink;
pub mod rules;
pub mod saved_views;
pub mod score_learning;
pub mod seen;
pub mod service_drive;
pub mod set_aside;
pub mod shapes;
pub mod sheets;
pub mod shoppers;
pub mod soundness;
pub mod staff;
pub mod standing;
pub mod story;
pub mod think;
pub mod timers;
pub mod trade_tool;
pub mod viewers;
pub mod views;
pub mod visits;
pub mod wanted;
mod watchers;
pub mod weights;
pub mod wishes;

pub use crate::search::{CustomerQuery, CustomerSort, Held, LastTouch, OwnField};
pub use crate::store::StoreError;

use crate::{
    domain::{money::Cents, rooftop::Rooftop, rule_setting::RuleSettings},
    engine::{
        equity::payment_match::RateTable,
        identity::{self, StorePoints},
        intent,
    },
    hub::Hub,
    search::Search,
    store::Store,
};
use std::{path::PathBuf, sync::Arc};

/// The rooms an act works with. Cheap to clone.
#[derive(Clone)]
pub struct Rooms {
    pub store: Store,
    pub search: Arc<Search>,
    pub index: Arc<index::Progress>,
    pub soundness: Arc<soundness::Walk>,
    pub duplicates: Arc<duplicates::Walk>,
    pub score_learning: Arc<score_learning::Walk>,
    pub market: Arc<market::Kept>,
    pub equity: Arc<equity::Kept>,
    pub book: Arc<opportunities::Kept>,
    pub hub: Hub,
    pub viewers: viewers::Viewers,
    pub presence: presence::Presence,
    pub policy: Arc<Policy>,
}

/// What the store has decided for itself: who it is, its hours and promises, its own numbers.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    pub rooftop: Rooftop,
    /// The store's own phones and addresses: never a customer's.
    pub own_points: StorePoints,
    /// By what two records are told to be one person's.
    pub identity: weights::Weights<identity::Model>,
    /// By what a customer is told to be near to buying.
    pub intent: weights::Weights<intent::Model>,
    /// What the store set of its rules.
    pub rules: weights::Weights<RuleSettings>,
    /// The feeds that are fetched by themselves.
    pub fetches: Vec<feeds::Fetch>,
    /// Where files are put that shall be imported.
    pub drop_folder: Option<PathBuf>,
    pub money: Money,
}

/// What the store asks for money, and from what on it speaks of it.
#[derive(Debug, Clone)]
pub struct Money {
    pub rates: RateTable,
    /// What must be left of a car for its owner to be worth a talk.
    pub talk_from: Cents,
}

impl Default for Money {
    fn default() -> Self {
        Self { rates: RateTable::default(), talk_from: Cents(200_000) }
    }
}
