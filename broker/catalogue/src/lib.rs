//! The message catalogue: one TOML file and two JSON Schemas per message type, and their loader.
