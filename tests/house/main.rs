//! The house seen from outside: what is promised, put to the test.

mod disk;
mod power_cut;
mod records;
mod store_model;
