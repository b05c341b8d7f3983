//! How near to buying, and why?
//!
//! `weights` is the table; `looks` says what counts as a look at a car; `signals` finds in a picture everything that counts; `score` adds
//! it up; `fades` says when to look again; `learner` learns from what came.
mod fades;
pub mod learner;
pub mod looks;
mod score;
mod signals;
pub mod weights;

pub use fades::fades_at;
pub use score::score;
