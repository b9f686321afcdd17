//! The hub's HTTP interface: one file per endpoint. Handlers translate; what is allowed is decided in the pipeline.

mod access;
mod afspraken;
mod antwoordfout;
pub mod bezorgen;
pub mod drempels;
mod eindpunt;
pub mod identity;
mod invoer;
mod knooppunt;
pub mod koppen;
mod metrieken;
pub mod openapi;
mod server;
mod spoor;
pub mod tls;
pub mod token;
mod v1;
mod verbindingen;
mod verzending;
pub mod vraag;

pub use afspraken::{API_VERSIE, API_VERSION};
pub use antwoordfout::Antwoordfout;
pub use invoer::ruimte::Ruimte;
pub use knooppunt::{Grenzen, Knooppunt, Onderhanden};
pub use metrieken::Metrieken;
pub use server::{Netwerk, luisteren};
