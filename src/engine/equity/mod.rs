//! What would a car bring, and what is left of it when the loan is paid?
//!
//! | room | its question |
//! |---|---|
//! | `valuation` | what is a car worth, how sure is that, and by what sales? |
//! | `odometer` | how far has it been driven by now? |
//! | `loan` | what is still owed on it? |
pub mod loan;
pub mod odometer;
pub mod valuation;
