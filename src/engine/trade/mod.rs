//! What would the store give for their car, as honestly as a table can say it, and what would raise that?
//!
//! | room | its question |
//! |---|---|
//! | `asked` | which car do they mean, and can a table speak of it? |
//! | `questions` | what is asked of its state, and what does each answer do to its price? |
//! | `figure` | from where to where does it reach, and why? |
mod asked;
mod figure;
mod questions;

pub use asked::{Field, OdometerUnit, TheirCar, Told, Typed, odometer, read};
pub use figure::{Figure, Outcome, figure};
pub use questions::{Answer, Bearing, QUESTIONS, Question, answered, question};
