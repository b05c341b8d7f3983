//! What do outcomes teach about chances?
//!
//! | file | its question |
//! |---|---|
//! | `cell`, `table`, `outcome` | what do the columns of a table say, and which is to be foretold? |
//! | `encode`, `pairs` | how does a row become numbers that can be weighed? |
//! | `solve`, `square` | which weights make the outcomes most believable? |
//! | `calibrate` | what should have been said instead? |
//! | `train` | what is learnt from these rows, and would it have held for others? |
//! | `figures` | how good were the chances? |
mod calibrate;
mod cell;
mod encode;
mod figures;
mod outcome;
mod pairs;
mod solve;
mod square;
mod table;
mod train;

pub use calibrate::Calibration;
pub use figures::{Figures, Judged, log_loss};
pub use outcome::{NoOutcome, Outcome};
pub use solve::{Block, Design, Fit, Prior, Shape, chance, fit};
pub use table::{Column, LeftOut, Table, Words};
pub use train::{Learnt, Lesson, deal, parted};

#[expect(clippy::cast_precision_loss, reason = "counts of rows, far below where a float skips")]
fn count(n: usize) -> f64 {
    n as f64
}
