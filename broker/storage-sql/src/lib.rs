//! The SQL stores behind the repository traits: SQLite.
