//! The SQL stores behind the repository traits: SQLite.
#![warn(missing_docs)]

pub mod sqlite;
