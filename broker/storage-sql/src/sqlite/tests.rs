//! What only SQLite must do.

mod contract;
mod herstel;
mod kill;
mod plannen;
mod wissen;
