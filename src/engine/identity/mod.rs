//! Whose is this, and which of the things said of a person do we show?
//!
//! `points` are the exact marks by which one person is told from another; `resolve` decides whose a new profile is, and says why; `tie`
//! meets a lead with the browser it came from; `survive` computes the customer shown from everything its profiles say; `home` says who
//! lives under one roof, which joins nobody.
//! A wrong join puts one person's business before another, so every doubt here ends in two customers rather than in one.
mod home;
mod names;
mod points;
mod resolve;
mod survive;
mod tie;

pub use home::home;
pub use names::may_be_one_person;
pub use points::{Point, StorePoints, points};
pub use resolve::{Candidate, Resolution, resolve};
pub use survive::survive;
pub use tie::{RecentLook, TIE_MS, tie};
