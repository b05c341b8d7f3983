//! The trade's files: bytes to values and back. Pure: no IO, no clock.

pub mod collect;
