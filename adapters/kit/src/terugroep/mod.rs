//! The callback: where the hub brings our deliveries, beside the mailbox from which we fetch them.
//!
//! A listener over mutual TLS that lets nobody in but the hub. What it brings goes the same way as what is fetched: into the
//! store, sealed as it came, before it is confirmed; verified and opened afterwards. The confirmation (202) says only that we
//! have it; that our own system has it, we say with a signed receipt, as always.

mod plaatsen;
mod tls;

use std::{future::ready, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use actix_http::{HttpService, Protocol};
use actix_server::{Server, ServerHandle};
use actix_service::{IntoServiceFactory, ServiceFactoryExt, map_config};
use actix_tls::accept::{
    TlsError,
    rustls_0_23::{Acceptor, TlsStream},
};
use actix_web::{
    App, HttpRequest, HttpResponse, dev::AppConfig, http::header::RETRY_AFTER, middleware::from_fn, rt::net::TcpStream, web,
};
use inbreng_domain::{Oin, limits::Limits};
use serde::Deserialize;
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    engine::{
        Omgeving,
        bezorgd::{Bezorgd, bezorgd},
    },
    luisteren as grenzen,
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
/// How long a TLS handshake may take.
const HANDDRUK: Duration = Duration::from_secs(5);
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
    let mut tls = materiaal.server_config()?;
    // The one version that a hub brings by: what the other may do on one connection has no limits of its own.
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    let grootste = Limits::default().message_bytes.saturating_mul(2).saturating_add(RUIMTE);
    // What `actix_web::HttpServer` puts together, which offers HTTP/2 whatever is asked.
    let server =
        Server::build().workers(1).disable_signals().shutdown_timeout(5).max_concurrent_connections(grenzen::VERBINDINGEN);
    let server = server.bind("terugroep", adres, move || {
        let app = App::new().app_data(gedeeld.clone()).app_data(web::PayloadConfig::new(grootste));
        let app = app.wrap(from_fn(grenzen::inlezen)).wrap(from_fn(grenzen::koppen)).route(PAD, web::post().to(nemen));
        let app = app.into_factory().map_err(|fout: actix_web::Error| fout.error_response());
        let http = HttpService::build()
            .keep_alive(grenzen::RUST_KNOOPPUNT)
            .client_request_timeout(grenzen::KOPTIJD)
            .client_disconnect_timeout(grenzen::AFSCHEID)
            .finish(map_config(app, |_| AppConfig::default()));
        let mut acceptor = Acceptor::new(tls.clone());
        acceptor.set_handshake_timeout(HANDDRUK);
        acceptor
            .map_err(TlsError::into_service_error)
            .and_then(|draad: TlsStream<TcpStream>| {
                let tcp = draad.get_ref().0;
                // Only slower without.
                let _slower = tcp.set_nodelay(true);
                let van = tcp.peer_addr().ok();
                ready(Ok((draad, Protocol::Http1, van)))
            })
            .and_then(http.map_err(TlsError::Service))
    });
    Ok(server.map_err(|e| Terugroepfout::Luisteren(adres, e))?.run())
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
