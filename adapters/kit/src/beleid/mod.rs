//! `inbreng-adapter beleid`: what a privacy officer does to a policy version, signed with the key of the own organisation. What the
//! hub shows is reckoned anew here before anyone is asked for a yes: whose digest it is, that it keeps to the national minimum, its
//! tables, and what changes against the version in force that the covenant manager signed.
//!
//! And what an officer does beside it, in the same way and with the same key: joining and leaving a covenant (`partij`), the entry in the
//! directory (`vermelding`), encryption keys (`sleutel`), where the hub brings deliveries (`terugroep`). Each has a folder of its own here.

mod aanvraag;
mod bureau;
mod controle;
mod fout;
mod geldend;
mod opdracht;
mod partij;
mod plan;
mod sleutel;
mod stappen;
mod terugroep;
mod vermelding;
mod versie;
mod woorden;

pub use fout::Fout;
pub use opdracht::{Beleidopdracht, uitvoeren};
pub use partij::{Partijopdracht, uitvoeren as partij_uitvoeren};
pub use sleutel::{Sleutelopdracht, uitvoeren as sleutel_uitvoeren};
pub use terugroep::{Terugroepopdracht, uitvoeren as terugroep_uitvoeren};
pub use vermelding::{Vermeldingopdracht, uitvoeren as vermelding_uitvoeren};
