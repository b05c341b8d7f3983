//! Headlight: a proactive CRM for one car store. A sentence a room; the arrows are in ARCHITECTURE.md and kept by tests/tidy.rs.
//!
//! Read in this order: what there is, how it is thought about, how it travels, where it is kept, what is done with it.

/// Nouns a dealer would recognise. Name nothing else.
pub mod domain;

/// Thinking: pure functions over a picture and `now`.
pub mod engine;

/// The trade's files, bytes to values and back. Pure.
pub mod formats;

/// What changed, to whoever asked. In this process only.
pub mod hub;

/// The only room that knows redb.
pub mod store;

/// The only room that knows tantivy.
pub mod outside;
pub mod search;

/// Acts: read, ask the engine, write, in one transaction.
pub mod service;

/// The only reader of the wall clock.
pub mod clock;

/// Wheels that turn on a period and on a nudge.
pub mod jobs;

/// The only room that knows hyper and JSON.
pub mod http;

/// A made-up rooftop and its shoppers.
pub mod demo;

/// What the store has decided, read from one file.
pub mod config;

/// Builds the house and opens its doors.
pub mod app;

/// The command line.
pub mod commands;
