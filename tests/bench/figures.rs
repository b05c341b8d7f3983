//! A figure beside its goal.

use std::time::Duration;

pub(crate) struct Line {
    pub(crate) what: String,
    /// Empty for what is only there to compare with.
    pub(crate) goal: String,
    pub(crate) got: String,
}

pub(crate) fn line(what: &str, goal: &str, got: String) -> Line {
    Line { what: what.to_owned(), goal: goal.to_owned(), got }
}

/// The value below which a share of all lies.
fn at(sorted: &[Duration], share: f64) -> Duration {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a list")]
    let place = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or_default()
}

/// The median and the 99th percentile.
pub(crate) fn spread(mut all: Vec<Duration>) -> (Duration, Duration) {
    all.sort_unstable();
    (at(&all, 0.5), at(&all, 0.99))
}

pub(crate) fn ms(d: Duration) -> f64 {
    d.as_secs_f64() * 1_000.0
}

pub(crate) fn p50_p99(all: Vec<Duration>) -> String {
    let (p50, p99) = spread(all);
    format!("p50 {:.2}, p99 {:.2} ms", ms(p50), ms(p99))
}
