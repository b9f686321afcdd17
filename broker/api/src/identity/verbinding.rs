//! What is kept of a connection: its client certificate, read once.

use std::{any::Any, rc::Rc};

use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::{HttpRequest, dev::Extensions, rt::net::TcpStream};
use inbreng_domain::Oin;

use super::Clientcertificaat;

/// The certificate of a connection; absent when the client sent none.
#[derive(Debug, Clone)]
pub(crate) struct Verbinding(pub(crate) Rc<Clientcertificaat>);

/// Reads the client certificate when a connection is made (`HttpServer::on_connect`).
pub fn on_connect(io: &dyn Any, data: &mut Extensions) {
    let Some(stream) = io.downcast_ref::<TlsStream<TcpStream>>() else { return };
    let (_, session) = stream.get_ref();
    if let Some(certificaat) = session.peer_certificates().and_then(Clientcertificaat::lezen) {
        data.insert(Verbinding(Rc::new(certificaat)));
    }
}

/// The organisation on whose certificate a request came, for the log; nothing is decided on it.
pub(crate) fn partner_van(req: &HttpRequest) -> Option<Oin> {
    req.conn_data::<Verbinding>().and_then(|v| v.0.oin())
}
