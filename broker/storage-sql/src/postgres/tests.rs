//! What only PostgreSQL must do. They need a server: `cargo xtask test --only postgres` starts one and runs them.

mod contract;
mod eerder;
mod kill;
mod naast_elkaar;
mod overzetten;
mod plannen;
mod samen;
mod schema;
