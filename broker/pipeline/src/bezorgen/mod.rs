//! Bringing deliveries to who registered a callback.
//!
//! The state of every delivery is in the store ([`inbreng_storage::Bezorgingen`]): what is due, whose turn it is, how often it
//! was tried. Here is who works on it: per recipient one [`Bezorglijn`], so that whatever one recipient does costs only
//! itself; bounds for all together; and what an answer means. How bytes get there is a [`Bezorger`]'s.

mod antwoord;
mod boek;
mod breker;
mod dienst;
mod dood;
mod lijn;
mod pauze;
mod plaatsen;
mod poging;
mod ruimte;
mod uitslag;
mod wachtend;

use std::time::Duration;

use async_trait::async_trait;
use inbreng_domain::{LeveringId, Oin, terugroep::Terugroepadres};

pub use antwoord::Antwoord;
pub(crate) use boek::Terugroepboek;
pub use breker::{Breker, Doorgang};
pub use dienst::{Bezorgdienst, Ruimteknop};
pub(crate) use dood::{herbezorgen, lijst};
pub use lijn::Bezorglijn;
pub use pauze::{pauze, volledige_spreiding};
pub(crate) use plaatsen::{eigen, plaatsen};
pub use ruimte::Ruimte;

/// One delivery on its way.
#[derive(Debug)]
pub struct Zending {
    /// To whom: the server must show this organisation's certificate.
    pub ontvanger: Oin,
    /// Where.
    pub adres: Terugroepadres,
    /// The delivery, which is the key by which a recipient knows a repetition.
    pub levering: LeveringId,
    /// Which attempt, from 1.
    pub poging: u32,
    /// In how much time it must be over, connecting and reading the answer included.
    pub antwoordtijd: Duration,
    /// JSON of the delivery, as the mailbox gives it.
    pub inhoud: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Bezorgfout {
    /// No connection.
    #[error("no connection")]
    Onbereikbaar,
    /// The address leads where the hub may not call.
    #[error("address leads to a network that is not allowed")]
    AdresNietToegestaan,
    /// Certificate or handshake.
    #[error("certificate or handshake does not hold")]
    Tls,
    /// Another organisation answers there.
    #[error("certificate is another organisation's")]
    AndereOrganisatie,
    /// Not in time.
    #[error("no complete answer in time")]
    TeTraag,
    /// Not HTTP, broken off, or too large.
    #[error("answer cannot be read")]
    Onleesbaar,
}

/// Brings one delivery, once. Follows no redirect, reads a bounded answer, believes only the recipient's own certificate.
#[async_trait]
pub trait Bezorger: Send + Sync + std::fmt::Debug {
    /// Brings it, and gives what was answered.
    async fn bezorgen(&self, zending: Zending) -> Result<Antwoord, Bezorgfout>;
}
