//! The partner listener: TLS, HTTP/2 and HTTP/1.1, and its patience.

use std::{io, net::TcpListener, time::Duration};

use actix_web::{App, HttpServer, dev::Server, middleware::from_fn, web};

use crate::{Knooppunt, afspraken::afspraken, eindpunt::routes, identity::on_connect};

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
/// # Errors
/// When the socket cannot be used.
pub fn luisteren(knooppunt: web::Data<Knooppunt>, socket: TcpListener, netwerk: Netwerk) -> io::Result<Server> {
    let tls = knooppunt.vertrouwen.server_config().map_err(io::Error::other)?;
    let mut server = HttpServer::new(move || App::new().app_data(knooppunt.clone()).wrap(from_fn(afspraken)).configure(routes))
        .on_connect(on_connect)
        .keep_alive(netwerk.openhouden)
        .tls_handshake_timeout(netwerk.handdruk)
        .client_request_timeout(netwerk.koppen)
        .client_disconnect_timeout(Duration::from_secs(5))
        .tcp_nodelay(true)
        .disable_signals();
    if let Some(werkers) = netwerk.werkers {
        server = server.workers(werkers);
    }
    Ok(server.listen_rustls_0_23(socket, tls)?.run())
}
