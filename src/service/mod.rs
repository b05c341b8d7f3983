//! Acts: read, ask the engine, write in one transaction; then announce.
