//! The only room that knows tantivy. Derived and disposable.
