//! The only room that knows redb.
