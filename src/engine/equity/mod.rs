//! What would a car bring, and what is left of it when the loan is paid?
//!
//! | room | its question |
//! |---|---|
//! | `valuation` | what is a car worth, how sure is that, and by what sales? |
//! | `odometer` | how far has it been driven by now? |
//! | `loan` | what is still owed on it? |
//! | `position` | what is left when that is paid, and how sure is it? |
//! | `payment_match` | which cars of the lot cost them about what they pay now? |
//! | `reasons` | why talk to them now, and why not? |
//! | `book` | how do all cars stand at once? |
pub mod book;
pub mod loan;
pub mod odometer;
pub mod payment_match;
pub mod position;
pub mod reasons;
pub mod valuation;
