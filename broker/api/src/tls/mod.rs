//! TLS of the partner listener: mutual, with revocation, replaceable while it runs.

mod client;
mod material;
mod trust;

pub(crate) use client::AndereOrganisatie;
pub use material::{TlsMateriaal, TlsMateriaalFout};
pub use trust::{Hercontrole, Vertrouwen};
