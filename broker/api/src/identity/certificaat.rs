//! A client certificate, read once per connection.

use std::sync::atomic::{AtomicU64, Ordering};

use inbreng_domain::{Oin, Tijdstip};
use inbreng_proof::certificate::{oin_of, thumbprint};
use rustls_pki_types::CertificateDer;
use x509_parser::prelude::{FromDer, X509Certificate};

/// The certificate with which a partner made its connection. TLS has verified the chain; [`crate::tls::Vertrouwen`] looks
/// again at each request.
#[derive(Debug)]
pub struct Clientcertificaat {
    oin: Option<Oin>,
    vingerafdruk: String,
    geldig_tot: Tijdstip,
    keten: Vec<CertificateDer<'static>>,
    gecontroleerd: AtomicU64,
}

impl Clientcertificaat {
    /// Reads the chain of a connection, leaf first; `None` when there is no readable leaf.
    #[must_use]
    pub fn lezen(keten: &[CertificateDer<'_>]) -> Option<Self> {
        let blad = keten.first()?;
        let (_, certificaat) = X509Certificate::from_der(blad).ok()?;
        let seconds = certificaat.validity().not_after.timestamp();
        Some(Self {
            oin: oin_of(blad).ok(),
            vingerafdruk: thumbprint(blad),
            geldig_tot: Tijdstip::from_unix_millis(seconds.saturating_mul(1000)),
            keten: keten.iter().map(|c| c.clone().into_owned()).collect(),
            gecontroleerd: AtomicU64::new(0),
        })
    }

    /// The partner, if the certificate names exactly one.
    #[must_use]
    pub const fn oin(&self) -> Option<Oin> {
        self.oin
    }

    /// Base64url of SHA-256 over the certificate: `x5t#S256` of RFC 8705.
    #[must_use]
    pub fn vingerafdruk(&self) -> &str {
        &self.vingerafdruk
    }

    pub(crate) const fn geldig_tot(&self) -> Tijdstip {
        self.geldig_tot
    }

    pub(crate) fn keten(&self) -> &[CertificateDer<'static>] {
        &self.keten
    }

    pub(crate) fn gecontroleerd_onder(&self) -> u64 {
        self.gecontroleerd.load(Ordering::Acquire)
    }

    pub(crate) fn gecontroleerd(&self, nummer: u64) {
        self.gecontroleerd.store(nummer, Ordering::Release);
    }
}
