//! The SQL stores behind the repository traits: SQLite and PostgreSQL.
//!
//! What is looked up, decided and written is one code for both ([`SqlStore`]); [`sqlite`] and [`postgres`] hold what differs:
//! opening, the schema, the text of the statements, the meaning of errors.
#![warn(missing_docs)]

mod aannemen;
mod aanvullen;
mod berichten;
mod bewaren;
mod bezorgen;
mod bladvorm;
mod bladwijzer;
mod bundels;
mod fout;
mod gidsen;
mod herzien;
mod kast;
#[cfg(test)]
mod kill;
mod knopen;
mod leveringen;
mod logboek;
mod logstand;
mod naslag;
mod omvang;
mod opdracht;
mod openen;
mod opzoeken;
mod overzetten;
mod overzicht;
mod partijen;
mod plichten;
pub mod postgres;
mod rij;
mod rijen;
mod ronde;
mod schrijver;
mod sql;
pub mod sqlite;
mod stapel;
mod store;
mod verbinding;
mod versies;
mod wachtrij;
mod woord;
mod wraps;
mod zaken;

pub use kast::{Kastfout, Kastplaats, sleutels_verloren, sleutels_verloren_van};
pub use omvang::Omvang;
pub use openen::OpenFout;
pub use overzetten::{Overgezet, OverzetFout, overzetten};
pub use store::SqlStore;
use store::ander_antwoord;
