//! What only SQLite must do.
