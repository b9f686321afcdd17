//! What only SQLite must do.

mod contract;
