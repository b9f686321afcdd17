//! The hub's application, without HTTP: accept, decide, deliver, and prove it.
//!
//! [`Hub`] is the whole of it. Every method takes the OIN of the partner that the transport has authenticated; every
//! refusal is a [`Fout`] with a stable code. The hub never opens a part.

pub use inbreng_domain::antwoorden;

mod accept;
pub mod adl;
mod authzen;
pub mod beheer;
mod bevriezing;
pub mod bewaren;
pub mod bezorgen;
mod check;
mod cursor;
mod decide;
mod directory;
mod fout;
pub mod herstel;
mod herzien;
mod hub;
mod kijkers;
mod klok;
mod leaf;
mod log;
pub mod logexport;
mod mailbox;
mod narekenen;
pub mod noodgebruik;
mod overzicht;
mod partijen;
mod policies;
mod read;
mod reading;
mod spoor;
mod start;
mod statements;
mod status;
pub mod strengheid;
mod toelichting;
mod toetsing;
mod verder;
mod views;
mod words;

pub use fout::Fout;
pub use hub::Hub;
pub use klok::Klokbeeld;
pub use narekenen::{Logfout, Narekening};
pub use policies::BundelFout;
pub use spoor::Spoor;
pub use start::{Onderdelen, StartFout};
