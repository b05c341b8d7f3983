//! The only room that knows hyper and JSON.
//!
//! A request walks: `limits` (is there room for this connection?) → `pace` (is the other side fast enough?) →
//! `serve` (one path for every request) → `guard` (did our own screens send it, to our own name?) → `routes` (who may call what)
//! → `rate` (how often) → a handler → `answer` (headers, `etag`) and back.
pub mod alerts;
pub mod answer;
pub mod appraisals;
pub mod browsers;
pub mod customers;
pub mod duplicates;
pub mod edits;
pub mod equity;
pub mod error;
pub mod etag;
mod export;
pub mod feeds;
pub mod files;
pub mod front;
pub mod guard;
pub mod health;
pub mod imports;
pub mod intake;
pub mod lan;
pub mod leads;
pub mod limits;
pub mod live;
pub mod metrics;
#[cfg(debug_assertions)]
pub mod openapi;
pub mod operator;
pub mod pace;
pub mod pipeline;
pub mod price_alerts;
pub mod prices;
pub mod public;
pub mod public_file;
pub mod rate;
pub mod request;
pub mod routes;
pub mod rules;
pub mod saved_views;
pub mod score;
pub mod search;
pub mod serve;
pub mod service_drive;
pub mod session;
pub mod set_aside;
pub mod spa;
pub mod sse;
pub mod tag;
pub mod team;
pub mod trade;
pub mod vehicles;
pub mod viewers;
pub mod visits;
