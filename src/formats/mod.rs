//! The trade's files: bytes to values and back. Pure: no IO, no clock.

mod car_rows;
mod cells;
pub mod collect;
mod columns;
pub mod deal_rows;
pub mod delimited;
pub mod feeds;
pub mod people_rows;
pub mod repair_order_rows;
