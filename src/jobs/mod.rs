//! Wheels: each takes no input, runs on a period and on a nudge, and is safe to run twice.
