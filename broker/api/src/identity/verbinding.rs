//! What is kept of a connection: its client certificate, read once.

use std::{any::Any, rc::Rc};

use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::{dev::Extensions, rt::net::TcpStream};

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
