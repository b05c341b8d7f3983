//! What is said: to the rep about the customer, and by the rep to the customer?
//!
//! Everything here is put together from templates and facts. `draft` writes what a person may send, `guards` reads it again before it
//! goes (also after somebody changed it); `brief`, `consent_note`, `facts`, `next_action` and `steps` are for the rep's eyes.
//!
//! The manners of the house: a message may use what the customer told the store and never repeats silent browsing.
mod brief;
mod browsing;
pub mod cars;
mod consent;
mod draft;
mod facts;
mod guards;
mod next_action;
pub(crate) mod phrases;
mod price_drop;
mod questions;
mod steps;
pub mod times;
mod told;
mod visits;

pub use brief::brief;
pub use browsing::{NamedCar, browsing};
pub use consent::consent_note;
pub use draft::{TEXT_LIMIT, draft, first_response};
pub use facts::{Fact, facts};
pub use guards::{Guard, guards};
pub use next_action::{NextAction, next_action};
pub use phrases::capitalised;
pub use price_drop::{PriceNews, price_drop};
pub use questions::questions;
pub use steps::steps;
pub use visits::two_visit_times;
