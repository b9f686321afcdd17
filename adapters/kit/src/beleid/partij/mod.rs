//! `inbreng-adapter partij`: joining and leaving a covenant as a party, signed with the key of the own organisation; and who the parties
//! are. Every signature that the hub shows is checked here by a path to the root; its own list is not believed.

mod daden;
mod inzage;
mod opdracht;
mod stand;
mod woorden;

pub use opdracht::{Partijopdracht, uitvoeren};
