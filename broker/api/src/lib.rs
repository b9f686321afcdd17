//! The hub's HTTP interface: one file per endpoint.
