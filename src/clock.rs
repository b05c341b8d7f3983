//! What time is it? The only reader of the wall clock; everywhere else `now` is an argument.

use crate::domain::time::At;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// The wall clock, or a clock a test moves by hand.
#[derive(Debug, Clone)]
pub enum Clock {
    Wall,
    Test(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands until moved.
    #[must_use]
    pub fn standing_at(at: At) -> Self {
        Self::Test(Arc::new(AtomicI64::new(at.0)))
    }

    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that may ask")]
    pub fn now(&self) -> At {
        match self {
            Self::Wall => At(jiff::Timestamp::now().as_millisecond()),
            Self::Test(at) => At(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a test clock; the wall clock does not move for anybody.
    pub fn advance_ms(&self, ms: i64) {
        match self {
            Self::Wall => {}
            Self::Test(at) => {
                at.fetch_add(ms, Ordering::SeqCst);
            }
        }
    }
}
