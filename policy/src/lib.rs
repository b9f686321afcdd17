//! The covenant as an executable policy on Casbin: pure, the same in hub and adapter.
//!
//! A [`Convenantbron`] and the message catalogue give a [`Bundel`] of typed rows; a bundle gives an immutable [`Beleid`];
//! a [`Verzoek`] is decided by asking Casbin one small question per step of the decision model (separations, embargo,
//! audience, ground, owner's conditions, obligations) and taking the strictest answer. Nothing here does I/O, reads a
//! clock or draws a random number, so that the hub and the sender's adapter decide alike.
#![warn(missing_docs)]

mod alternatieven;
mod beleid;
mod bereik;
mod besluit;
mod boom;
mod bundel;
mod convenantbron;
pub mod feiten;
mod fout;
mod genereren;
mod grendel;
mod index;
mod kenmerk;
mod minimum;
mod naspelen;
mod regelrij;
mod rijtabel;
pub mod simulatie;
pub mod tabel;
pub mod toestemming;
mod toetsen;
mod uitleggen;
mod velden;
mod verschil;
mod vertellen;
mod verzoek;
mod vraag;
mod vraagbaak;
mod wegen;
mod werkdag;
mod woordenboek;
mod zinnen;

pub use beleid::{Beleid, Deelpartij};
pub use bereik::{Bereikverschil, Groep};
pub use bundel::{
    Bundel, Effect, Handhaving, Instellingen, Laag, Lidmaatschap, Ondertekenaars, Plicht, Rij, Route, Standaardontvangers, Stap,
    Stapstandaard, VORM, Voorwaarden, Zin, Zinnen,
};
pub use convenantbron::Convenantbron;
pub use feiten::{Feiten, Toestemmingsbron};
pub use fout::BeleidFout;
pub use naspelen::{Naspel, Organisatienamen, Vastlegging};
pub use rijtabel::KOLOMMEN;
pub use simulatie::{Besluitrecord, Simulatie, Simulatietelling, Wijziging};
pub use tabel::{Gevaluitslag, Tabel};
pub use uitleggen::{Passend, Plichtuitleg, Stapuitleg, Uitlegging};
pub use velden::Veld;
pub use verschil::{Bundelverschil, Gewijzigd, Rijverschil, Veldverschil, Zinverschil};
pub use vertellen::{Vertelgroep, Vertelling};
pub use verzoek::{Namen, Verzoek};
pub use vraagbaak::Casbinvraag;
pub use woordenboek::{Regelnaam, Stapnaam, Woordenboek};
