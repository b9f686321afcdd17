//! TLS of the partner listener: mutual, with revocation, replaceable while it runs.

mod material;
mod trust;

pub use material::{TlsMateriaal, TlsMateriaalFout};
pub use trust::{Hercontrole, Vertrouwen};
