//! What is kept of a connection: its client certificate, read once.

use std::rc::Rc;

use actix_web::HttpRequest;
use inbreng_domain::Oin;
use rustls_pki_types::CertificateDer;

use super::Clientcertificaat;

/// The certificate of a connection; absent when the client sent none.
#[derive(Debug, Clone)]
pub(crate) struct Verbinding(pub(crate) Rc<Clientcertificaat>);

impl Verbinding {
    /// Reads what a client showed when it connected.
    pub(crate) fn lezen(keten: &[CertificateDer<'_>]) -> Option<Self> {
        Clientcertificaat::lezen(keten).map(|certificaat| Self(Rc::new(certificaat)))
    }
}

/// The organisation on whose certificate a request came, for the log; nothing is decided on it.
pub(crate) fn partner_van(req: &HttpRequest) -> Option<Oin> {
    req.conn_data::<Verbinding>().and_then(|v| v.0.oin())
}
