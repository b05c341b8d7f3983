//! Who or which car is meant by these few letters? The only room that knows tantivy; everything in it can be thrown away and rebuilt.
//!
//! A record becomes marks ([`marks`]) and a row ([`row`]); what a person typed becomes words, each with the ways it may be meant
//! ([`query`]). The index ([`index`]) keeps marks on shelves ([`shelf`]), best ranked first; what changed since the last commit is held in
//! memory ([`overlay`]) and read by the same ways. An index that is not beyond doubt is deleted and built anew: it holds nothing of its own.

mod find;
mod index;
mod list;
mod marks;
mod nicknames;
mod overlay;
mod query;
mod row;
#[cfg(test)]
mod samples;
mod shelf;
mod tags;

pub use find::{Found, Hit};
pub use index::{IndexError, IndexState, Opened, Phase, Search, Stamp};
pub use list::{CustomerQuery, CustomerSort, Held, LastTouch, OwnField, VehicleQuery, VehicleSort};
pub use query::Why;
pub use row::Kind;
pub use tags::is_tag;

use crate::domain::{
    consent::ConsentState,
    email::Email,
    ids::{CustomerId, StaffId, VehicleId},
    money::Cents,
    phone::Phone,
    profile::PersonName,
    time::At,
    vehicle::{CarFacts, ListingStatus},
    vin::Vin,
};

/// What search may know of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerDoc {
    pub id: CustomerId,
    pub name: PersonName,
    pub phones: Vec<Phone>,
    pub emails: Vec<Email>,
    /// Numbers by which other systems know them: of the DMS, of an older CRM.
    pub numbers: Vec<String>,
    /// The numbers of their deals and of their repair orders.
    pub deals: Vec<String>,
    pub repair_orders: Vec<String>,
    /// Town, or town and state; empty when unknown.
    pub place: String,
    /// Labels of the cars they drive, for example `2018 Honda Civic EX`.
    pub cars: Vec<String>,
    /// The numbers of those cars.
    pub vins: Vec<Vin>,
    /// And their licence plates, as written.
    pub plates: Vec<String>,
    /// Words the store sorts its people by.
    pub tags: Vec<String>,
    /// Values of fields the store defined itself: the field's key, and the value as written.
    pub fields: Vec<(String, String)>,
    pub owner: Option<StaffId>,
    /// 0 to 100.
    pub score: i16,
    /// A matter asks for attention now.
    pub has_card: bool,
    /// What the newest word on each channel says: text, call, email.
    pub consent: [ConsentState; 3],
    /// The newest thing between us and them; `None` when there was none yet.
    pub last_touch: Option<At>,
}

/// What search may know of a car.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VehicleDoc {
    pub id: VehicleId,
    pub vin: Option<Vin>,
    /// Empty for a car that was never on our lot.
    pub stock: String,
    /// As written; empty when unknown.
    pub plate: String,
    pub facts: CarFacts,
    /// For sale here now.
    pub on_lot: bool,
    /// `None` for a car that was never on our lot.
    pub status: Option<ListingStatus>,
    pub price: Option<Cents>,
    pub in_stock_since: Option<At>,
    pub updated: At,
}

/// One record to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doc {
    Customer(CustomerDoc),
    Vehicle(VehicleDoc),
}
