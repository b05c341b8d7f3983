//! The only room that knows hyper and JSON.
