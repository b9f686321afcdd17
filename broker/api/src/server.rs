//! The partner listener: TLS, HTTP/2 and HTTP/1.1, and its patience.

use std::{
    future::ready,
    io,
    net::{SocketAddr, TcpListener},
    time::{Duration, Instant},
};

use actix_http::{HttpService, Protocol};
use actix_server::Server;
use actix_service::{IntoServiceFactory, ServiceFactoryExt, map_config};
use actix_tls::accept::{
    TlsError,
    rustls_0_23::{Acceptor, TlsStream},
};
use actix_web::{
    App,
    dev::{AppConfig, Extensions},
    middleware::from_fn,
    rt::net::TcpStream,
    web,
};
use inbreng_proof::certificate::oin_of;

use crate::{
    Knooppunt,
    afspraken::afspraken,
    eindpunt::routes,
    identity::Verbinding,
    verbindingen::{Bewaakt, Bewaking, Geduld, PER_ORGANISATIE, Verbindingen},
};

/// HTTP/2 in the handshake (RFC 9113 §3.2).
const H2: &[u8] = b"h2";

/// What requests come over.
type Draad = Bewaakt<TlsStream<TcpStream>>;

/// How the listener treats its connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Netwerk {
    /// Threads that serve; absent: one per core.
    pub werkers: Option<usize>,
    /// How long an idle connection stays: longer than partners keep theirs, so that none is closed under a request.
    pub openhouden: Duration,
    /// How long a TLS handshake may take.
    pub handdruk: Duration,
    /// How long the headers of a request may take to arrive.
    pub koppen: Duration,
}

impl Default for Netwerk {
    fn default() -> Self {
        Self {
            werkers: None,
            openhouden: Duration::from_secs(90),
            handdruk: Duration::from_secs(5),
            koppen: Duration::from_secs(5),
        }
    }
}

/// Serves the partner API on a bound socket. Await what comes back; signals are the caller's.
///
/// This is what `actix_web::HttpServer` puts together, with each connection watched in between: what it does over HTTP/2 has no limits of
/// its own.
///
/// # Errors
/// When the socket cannot be used.
pub fn luisteren(knooppunt: web::Data<Knooppunt>, socket: TcpListener, netwerk: Netwerk) -> io::Result<Server> {
    let mut tls = knooppunt.vertrouwen.server_config().map_err(io::Error::other)?;
    tls.alpn_protocols = vec![H2.to_vec(), b"http/1.1".to_vec()];
    let mut server = Server::build().disable_signals();
    if let Some(werkers) = netwerk.werkers {
        server = server.workers(werkers);
    }
    let stoppen = server.graceful_shutdown_signal();
    let verbindingen = Verbindingen::new(PER_ORGANISATIE);
    let geduld = Geduld { koppen: netwerk.koppen, stil: netwerk.openhouden, lezen: knooppunt.grenzen.inlezen };
    let server = server.listen("partners", socket, move || {
        let app = App::new().app_data(knooppunt.clone()).wrap(from_fn(afspraken)).configure(routes);
        let app = app.into_factory().map_err(|fout: actix_web::Error| fout.error_response());
        let stoppen = stoppen.clone();
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stoppen = stoppen.clone();
                async move { stoppen.notified().await }
            })
            .keep_alive(netwerk.openhouden)
            .client_request_timeout(netwerk.koppen)
            .client_disconnect_timeout(Duration::from_secs(5))
            .on_connect_ext(|draad: &Draad, gegevens: &mut Extensions| {
                gegevens.insert(draad.bewaking());
                if let Some(keten) = draad.onder().get_ref().1.peer_certificates()
                    && let Some(verbinding) = Verbinding::lezen(keten)
                {
                    gegevens.insert(verbinding);
                }
            })
            .finish(map_config(app, |_| AppConfig::default()));
        let mut acceptor = Acceptor::new(tls.clone());
        acceptor.set_handshake_timeout(netwerk.handdruk);
        let verbindingen = verbindingen.clone();
        acceptor
            .map_err(TlsError::into_service_error)
            .and_then(move |draad: TlsStream<TcpStream>| ready(bewaken(draad, &verbindingen, geduld).map_err(TlsError::Tls)))
            .and_then(http.map_err(TlsError::Service))
    })?;
    Ok(server.run())
}

/// Watches a connection from now on; one too many of an organisation ends here.
fn bewaken(
    draad: TlsStream<TcpStream>,
    verbindingen: &Verbindingen,
    geduld: Geduld,
) -> io::Result<(Draad, Protocol, Option<SocketAddr>)> {
    let (tcp, tls) = draad.get_ref();
    // Only slower without.
    let _slower = tcp.set_nodelay(true);
    let adres = tcp.peer_addr().ok();
    let wie = tls.peer_certificates().and_then(|keten| oin_of(keten.first()?).ok());
    let http2 = tls.alpn_protocol() == Some(H2);
    let Some(plaats) = verbindingen.erbij(wie) else {
        let partner = wie.map_or_else(String::new, |oin| oin.to_string());
        tracing::warn!(gebeurtenis = "te-veel-verbindingen", partner);
        return Err(io::Error::other("too many connections of one organisation"));
    };
    let draad = Bewaakt::new(draad, Bewaking::new(geduld, Instant::now()), http2, plaats);
    Ok((draad, if http2 { Protocol::Http2 } else { Protocol::Http1 }, adres))
}
