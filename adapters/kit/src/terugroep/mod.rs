//! The callback: where the hub brings our deliveries, beside the mailbox from which we fetch them.
//!
//! A listener over mutual TLS that lets nobody in but the hub. What it brings goes the same way as what is fetched: into the
//! store, sealed as it came, before it is confirmed; verified and opened afterwards. The confirmation (202) says only that we
//! have it; that our own system has it, we say with a signed receipt, as always.

mod plaatsen;
mod tls;

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    dev::{Server, ServerHandle},
    http::header::RETRY_AFTER,
    web,
};
use inbreng_domain::{Oin, limits::Limits};
use serde::Deserialize;
use tokio::{sync::watch, task::JoinHandle};

use crate::engine::{
    Omgeving,
    bezorgd::{Bezorgd, bezorgd},
};

pub use tls::TlsFout;

/// Where the hub brings our deliveries.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terugroepconfig {
    /// Where we listen for the hub: an address that it can reach, and no other network.
    pub luister: SocketAddr,
    /// Our signed and countersigned statement (JSON), placed at the hub when it is new; absent: somebody else places it.
    #[serde(default)]
    pub verklaring: Option<PathBuf>,
}

/// The path under which deliveries are taken; the registered address ends in it.
pub const PAD: &str = "/leveringen";
/// Seconds after which the hub may come back when our store does not write.
const STRAKS: &str = "5";
/// A delivery is a message with a little around it.
const RUIMTE: usize = 64 * 1024;

/// The files that TLS is made of, and who may come in.
#[derive(Debug, Clone)]
pub struct Bestanden {
    /// Roots.
    pub root: PathBuf,
    /// Revocation lists.
    pub crl: PathBuf,
    /// Our certificate.
    pub certificaat: PathBuf,
    /// Its key.
    pub sleutel: PathBuf,
    /// The hub.
    pub knooppunt: Oin,
}

/// A running callback.
#[derive(Debug)]
pub struct Terugroep {
    greep: ServerHandle,
    taken: Vec<JoinHandle<()>>,
}

impl Terugroep {
    /// Takes nothing more, and ends what is under way.
    pub async fn stoppen(self) {
        self.greep.stop(true).await;
        for taak in self.taken {
            taak.abort();
            // It was told to end; how it did says nothing.
            let _ = taak.await;
        }
    }
}

/// Why a callback cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum Terugroepfout {
    /// Its TLS.
    #[error(transparent)]
    Tls(#[from] TlsFout),
    /// Its address.
    #[error("cannot listen on {0}")]
    Luisteren(SocketAddr, #[source] std::io::Error),
}

/// Begins to listen, and places the statement where there is one.
///
/// # Errors
/// [`Terugroepfout`].
pub fn beginnen(
    omgeving: &Arc<Omgeving>,
    config: Terugroepconfig,
    bestanden: Bestanden,
    stop: watch::Receiver<bool>,
) -> Result<Terugroep, Terugroepfout> {
    let Terugroepconfig { luister, verklaring } = config;
    let materiaal = Arc::new(tls::Wisselend::lezen(bestanden)?);
    let server = luisteren(Arc::clone(omgeving), luister, &materiaal)?;
    let greep = server.handle();
    let mut taken = vec![tokio::spawn(async move { drop(server.await) }), tokio::spawn(materiaal.bijhouden())];
    if let Some(bestand) = verklaring {
        taken.push(tokio::spawn(plaatsen::bijhouden(Arc::clone(omgeving), bestand, stop)));
    }
    tracing::info!(adres = %luister, "adapter luistert naar het knooppunt");
    Ok(Terugroep { greep, taken })
}

fn luisteren(omgeving: Arc<Omgeving>, adres: SocketAddr, materiaal: &Arc<tls::Wisselend>) -> Result<Server, Terugroepfout> {
    let gedeeld = web::Data::from(omgeving);
    let config = materiaal.server_config()?;
    let grootste = Limits::default().message_bytes.saturating_mul(2).saturating_add(RUIMTE);
    let server = HttpServer::new(move || {
        App::new().app_data(gedeeld.clone()).app_data(web::PayloadConfig::new(grootste)).route(PAD, web::post().to(nemen))
    })
    .workers(1)
    .tcp_nodelay(true)
    .disable_signals()
    .shutdown_timeout(5)
    .bind_rustls_0_23(adres, config)
    .map_err(|e| Terugroepfout::Luisteren(adres, e))?;
    Ok(server.run())
}

/// Takes one delivery. Whatever it holds, what is read as a delivery is taken: what is wrong with it, the hub hears signed.
async fn nemen(omgeving: web::Data<Omgeving>, req: HttpRequest, lichaam: web::Bytes) -> HttpResponse {
    let json = req.headers().get("content-type").is_some_and(|t| t.as_bytes().starts_with(b"application/json"));
    if !json {
        return HttpResponse::UnsupportedMediaType().finish();
    }
    match bezorgd(&omgeving, &lichaam).await {
        Ok(Bezorgd::Opgenomen) => {
            tracing::info!("levering bezorgd door het knooppunt");
            HttpResponse::Accepted().finish()
        }
        Ok(Bezorgd::GeenJson) => HttpResponse::BadRequest().finish(),
        Err(fout) => {
            tracing::error!(reden = %fout, "bezorgde levering niet opgenomen");
            HttpResponse::ServiceUnavailable().insert_header((RETRY_AFTER, STRAKS)).finish()
        }
    }
}
