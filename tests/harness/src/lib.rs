//! Starts real hubs for tests, and speaks to them as partners do: real certificates, real TLS, real seals, real processes.
//!
//! A [`Regio`] is a folder with a development PKI and the example covenant as a signed policy bundle. A [`Hub`] is the
//! program in a process of its own. A [`Client`] is a TLS connection that can ask anything, also what is wrong; a
//! [`Deelnemer`] is a partner on such a connection that knows the calls. A [`Brief`] is a message before it is sealed; what
//! comes out is really sealed and signed, and can be made wrong before and after. An [`Adapter`] is a process too, and the
//! test its own system. [`Kanaries`] looks for plaintext, and
//! [`Geheim`] is what of.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up fails here, loudly"
)]

mod adapter;
mod antwoord;
mod brief;
mod client;
mod deelnemer;
mod geheim;
pub mod geheugen;
mod hub;
mod kanarie;
mod klok;
mod partner;
pub mod postgres;
pub mod rabbitmq;
mod regio;
mod schijf;
mod script;
mod verzamelaar;

use std::time::{Duration, Instant};

pub use adapter::{Adapter, Ingang, adapterconfig};
pub use antwoord::Antwoord;
pub use brief::{Brief, Stuk, naar, ondertekenen, ondertekenen_kop, ondertekenen_waarde};
pub use client::{Aanroep, Client, Tokenaanvraag, blad, nu};
pub use deelnemer::{Deelnemer, inzageverzoek};
pub use geheim::{Geheim, Klasse};
pub use hub::Hub;
pub use kanarie::{Kanaries, Vondst};
pub use klok::Klok;
pub use partner::Partner;
pub use regio::{Regio, slug};
pub use schijf::Schijf;
pub use verzamelaar::Verzamelaar;

/// Asks until something is there, at first every few milliseconds and later less often, so that asking keeps nobody from
/// the work; fails the test when it takes far longer than it should.
pub async fn wachten_tot<T>(waarop: &str, mut vragen: impl AsyncFnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    let mut pauze = Duration::from_millis(10);
    loop {
        if let Some(gevonden) = vragen().await {
            return gevonden;
        }
        assert!(begin.elapsed() < hub::GEDULD, "waited too long for {waarop}");
        tokio::time::sleep(pauze).await;
        pauze = (pauze * 5 / 4).min(Duration::from_millis(200));
    }
}
