//! The trade's files: bytes to values and back. Pure: no IO, no clock.

// How people raise their hand: leads and the mail that carries them.
pub mod adf;
pub mod leads;
mod markup;
mod mime;
mod text;
