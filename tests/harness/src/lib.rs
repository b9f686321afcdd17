//! Starts real hubs, adapters and partner systems for tests.
