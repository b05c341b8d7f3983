//! What is said?
pub mod cars;
pub(crate) mod phrases;
pub mod times;
