//! Whose is this, and which of the things said of a person do we show?
//!
//! | file | its question |
//! |---|---|
//! | `points` | by which exact marks can a person be told from others? |
//! | `person` | what of this person can be compared? Normalised once, by `words`, `street` and `census` |
//! | `keys` | where in the store do we look for somebody who may be this one? |
//! | `compare` | in what do two people agree, and how closely? |
//! | `model` | how much does each agreement say? |
//! | `learn` | what does this store's own data say about the weights? |
//! | `judge` | are these two one person, and by what can a rep check it? |
//! | `blocks` | which pairs are worth comparing? |
//! | `scan` | who of the whole base is there twice? In slices |
//! | `group` | who of all these is one person, whatever order they came in? |
//! | `tie` | whose browser sent this lead? |
//! | `home` | who lives under one roof? That joins nobody |
//! | `survive` | of all that was said of a person, which values stand? |
//! | `shown` | what do we show of a customer joined from several records? |
//!
//! A wrong join puts one person's business before another, so every doubt here ends in two customers rather than in one.
mod blocks;
mod census;
mod compare;
mod group;
mod home;
mod judge;
mod keys;
mod learn;
mod model;
mod names;
mod person;
mod points;
mod scan;
mod shown;
mod street;
mod survive;
mod tie;
mod words;

pub use group::group;
pub use home::home;
pub use judge::{Match, Probability, Reason, Verdict, judge, must_differ};
pub use keys::{Key, keys};
pub use model::Model;
pub use names::may_be_one_person;
pub use person::{Person, Written};
pub use points::{Point, StorePoints, points};
pub use scan::Scan;
pub use shown::shown;
pub use survive::survive;
pub use tie::{RecentLook, TIE_MS, sends_a_lead, tie};
