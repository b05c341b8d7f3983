//! Headlight: a proactive CRM for one car store.
pub mod domain;

pub mod engine;
pub mod formats;

pub mod search;
pub mod store;

pub mod service;

pub mod http;
pub mod jobs;

pub mod demo;
