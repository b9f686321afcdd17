//! What only SQLite must do.

mod bladvorm;
mod bladwijzer;
mod contract;
mod eerder;
mod herstel;
mod kijken;
mod kill;
mod plannen;
mod verplaatsen;
mod vormen;
mod wissen;
mod wissleutels;
