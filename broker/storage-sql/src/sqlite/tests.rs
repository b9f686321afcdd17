//! What only SQLite must do.

mod bladwijzer;
mod contract;
mod eerder;
mod herstel;
mod kill;
mod plannen;
mod vormen;
mod wissen;
mod wissleutels;
