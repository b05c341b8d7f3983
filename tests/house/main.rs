//! The house seen from outside: a running server, real sockets, a real store in a temporary folder.
mod bad_input;
mod commands;
mod crash;
mod description;
mod disk;
mod flood;
mod imports;
mod journey;
mod lists;
mod log;
mod power_cut;
mod records;
mod shown;
mod soundness;
mod store_model;
mod support;
mod viewers;
