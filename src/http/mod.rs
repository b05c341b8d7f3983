//! The only room that knows hyper and JSON.
//!
//! A request walks: `limits` (is there room for this connection?) → `pace` (is the other side fast enough?) →
//! `serve` (one path for every request) → `guard` (did our own screens send it, to our own name?) → `routes` (who may call what)
//! → `rate` (how often) → a handler → `answer` (headers, `etag`) and back.
pub mod answer;
pub mod error;
pub mod etag;
pub mod guard;
pub mod limits;
pub mod metrics;
pub mod openapi;
pub mod pace;
pub mod rate;
pub mod request;
pub mod routes;
pub mod serve;
pub mod spa;
pub mod sse;
