//! The trade's files: bytes to values and back. Pure: no IO, no clock.

// How people raise their hand: leads and the mail that carries them.
pub mod adf;
pub mod leads;
mod markup;
mod mime;
mod text;

// Rows of tables, feeds and events of the website.
mod appointment_rows;
mod car_rows;
mod cells;
pub mod collect;
mod columns;
mod deal_rows;
pub mod delimited;
pub mod feeds;
mod headers;
mod people_rows;
pub mod plain;
mod reader;
mod repair_order_rows;
pub mod sale_rows;
pub mod sheet;
