//! Who wants this car, which car for whom, and who is told when it costs less?
//!
//! `traits` reduces a car to what people choose by. `seek` draws from what somebody did and wrote (`words`) what they
//! seek, `wish` takes what they said to be a limit. `fit`
//! says how well a car meets it, and `columns` does that for everybody at once. `drop` decides who may be told of a lower price, and how.
pub mod columns;
pub mod drop;
pub mod fit;
pub mod hours;
pub mod seek;
pub mod traits;
pub mod wish;
pub mod words;

pub use columns::{Columns, Row};
pub use fit::{Fit, fit};
pub use seek::{Seek, seek};
pub use traits::Traits;
