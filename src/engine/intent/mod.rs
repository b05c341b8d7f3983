//! How near to buying, and why?
//!
//! `weights` is the table; `looks` says what counts as a look at a car; `signals` finds in a picture everything that counts; `score` adds
//! it up; `fades` says when to look again; `tone` hears what their own words want; `machine` tells whom no person stands behind;
//! `outlook` what would change it; `lesson` turns the weights by the store's own sales, with the
//! `learner`, which learns from any table.
mod fades;
pub mod learner;
mod lesson;
pub mod looks;
mod machine;
mod outlook;
mod score;
mod signals;
pub mod tone;
pub mod weights;

pub use fades::fades_at;
pub use lesson::{Lesson, Model, SOLD_WITHIN_MS, Snapshot, Verdict, evaluate, learn, words};
pub use machine::{PACE_MS, is_machine};
pub use outlook::outlook;
pub use score::{score, signal_points};
