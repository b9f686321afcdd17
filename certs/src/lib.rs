//! The development PKI: root and intermediate, TLS and signing certificates with OIN, revocation lists, and the directory
//! statements that partners and covenant manager (convenantbeheerder) sign with them.
//!
//! For development, demonstration and tests. In production the certificates come from PKIoverheid, and every key is made and
//! kept by its owner; see `docs/certs.md`.

pub mod cli;
pub mod spec;
mod terugroep;

mod aanvraag;
mod autoriteit;
mod bestanden;
mod crl;
mod fout;
mod gids;
mod lezen;
pub mod partijen;
mod pki;
mod register;
mod uitgifte;
mod verkeerd;

pub use aanvraag::Aanvraagcertificaat;
pub use bestanden::Partnermap;
pub use crl::CRL_DAGEN;
pub use fout::PkiFout;
pub use partijen::Toetredingsopgave;
pub use pki::Pki;
pub use register::{Certificaatregel, Certificaatsoort};
pub use spec::{Organisatiespec, Partnerspec, PkiSpec};

/// The name under which the hub stands in register and commands.
pub const KNOOPPUNT: &str = "knooppunt";
/// The name under which the covenant manager stands in register and commands.
pub const CONVENANTBEHEERDER: &str = "convenantbeheerder";
