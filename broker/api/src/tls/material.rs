//! What the hub presents and whom it trusts, read from PEM.

use std::sync::Arc;

use inbreng_domain::Tijdstip;
use rustls::{
    RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::{CryptoProvider, aws_lc_rs},
    server::{WebPkiClientVerifier, danger::ClientCertVerifier},
    sign::CertifiedKey,
};
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer, pem::PemObject};
use x509_parser::prelude::{CertificateRevocationList, FromDer, X509Certificate};

/// Why TLS material cannot be used. The texts name no secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsMateriaalFout {
    /// A PEM text holds nothing of the kind that is expected.
    #[error("no usable {what} in the PEM text")]
    Leeg {
        /// What was looked for.
        what: &'static str,
    },
    /// The key does not fit the certificate, or cannot be used.
    #[error("certificate and key cannot be used together")]
    Sleutel(#[source] rustls::Error),
    /// An anchor cannot be used.
    #[error("trust anchor cannot be used")]
    Anker(#[source] rustls::Error),
    /// A revocation list cannot be read.
    #[error("revocation list cannot be read")]
    Intrekkingslijst,
    /// A revocation list says until when it holds in a form that cannot be read, or not at all.
    #[error("revocation list has no next update")]
    ZonderVolgende,
    /// The verifier of servers refuses the material.
    #[error("verifier of servers cannot be built")]
    Servers,
    /// The verifier refuses the material.
    #[error("verifier cannot be built")]
    Verifier(#[source] rustls::server::VerifierBuilderError),
}

/// Certificate with key, trust anchors and revocation lists, checked and ready for use.
#[derive(Debug)]
pub struct TlsMateriaal {
    pub(super) certified: Arc<CertifiedKey>,
    pub(super) verifier: Arc<dyn ClientCertVerifier>,
    /// For servers that the hub calls.
    pub(super) servers: Arc<dyn ServerCertVerifier>,
    /// The first moment at which one of the revocation lists ends.
    pub(super) lijsten_tot: Tijdstip,
    /// Until when the hub's own certificate holds.
    pub(super) certificaat_tot: Tijdstip,
}

impl TlsMateriaal {
    /// Reads PEM: the hub's chain (leaf first) with its PKCS#8 key, the roots, and one revocation list per issuer.
    ///
    /// # Errors
    /// [`TlsMateriaalFout`] says which part cannot be used.
    pub fn uit_pem(keten: &[u8], sleutel: &[u8], wortels: &[u8], lijsten: &[u8]) -> Result<Self, TlsMateriaalFout> {
        let provider = provider();
        let keten = all::<CertificateDer<'static>>(keten, "certificate of the hub")?;
        let sleutel =
            PrivateKeyDer::from_pem_slice(sleutel).map_err(|_| TlsMateriaalFout::Leeg { what: "private key of the hub" })?;
        let certificaat_tot = certificaat_tot(keten.first())?;
        let certified = CertifiedKey::from_der(keten, sleutel, &provider).map_err(TlsMateriaalFout::Sleutel)?;
        let mut store = RootCertStore::empty();
        for wortel in all::<CertificateDer<'static>>(wortels, "trust anchor")? {
            store.add(wortel).map_err(TlsMateriaalFout::Anker)?;
        }
        let lijsten = all::<CertificateRevocationListDer<'static>>(lijsten, "revocation list")?;
        let lijsten_tot = lijsten_tot(&lijsten)?;
        // The subjects of the anchors are not sent: they cannot be swapped under a running handshake, and a client has one
        // certificate for this hub.
        let store = Arc::new(store);
        let servers = WebPkiServerVerifier::builder_with_provider(Arc::clone(&store), Arc::clone(&provider))
            .with_crls(lijsten.iter().cloned())
            .enforce_revocation_expiration()
            .build()
            .map_err(|_| TlsMateriaalFout::Servers)?;
        let verifier = WebPkiClientVerifier::builder_with_provider(store, provider)
            .with_crls(lijsten)
            .enforce_revocation_expiration()
            .allow_unauthenticated()
            .clear_root_hint_subjects()
            .build()
            .map_err(TlsMateriaalFout::Verifier)?;
        Ok(Self { certified: Arc::new(certified), verifier, servers, lijsten_tot, certificaat_tot })
    }

    /// The first moment at which a revocation list ends: from then on every certificate is refused.
    #[must_use]
    pub const fn lijsten_tot(&self) -> Tijdstip {
        self.lijsten_tot
    }
}

/// The one crypto provider of the request path.
pub(super) fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()))
}

fn all<T: PemObject>(pem: &[u8], what: &'static str) -> Result<Vec<T>, TlsMateriaalFout> {
    let found: Vec<T> = T::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|_| TlsMateriaalFout::Leeg { what })?;
    if found.is_empty() { Err(TlsMateriaalFout::Leeg { what }) } else { Ok(found) }
}

fn certificaat_tot(eigen: Option<&CertificateDer<'static>>) -> Result<Tijdstip, TlsMateriaalFout> {
    let leeg = TlsMateriaalFout::Leeg { what: "certificate of the hub" };
    let Some((_, certificaat)) = eigen.and_then(|der| X509Certificate::from_der(der).ok()) else { return Err(leeg) };
    Ok(Tijdstip::from_unix_millis(certificaat.validity().not_after.timestamp().saturating_mul(1000)))
}

fn lijsten_tot(lijsten: &[CertificateRevocationListDer<'static>]) -> Result<Tijdstip, TlsMateriaalFout> {
    let mut eerste: Option<Tijdstip> = None;
    for lijst in lijsten {
        let (_, crl) = CertificateRevocationList::from_der(lijst).map_err(|_| TlsMateriaalFout::Intrekkingslijst)?;
        let volgende = crl.next_update().ok_or(TlsMateriaalFout::ZonderVolgende)?;
        let tot = Tijdstip::from_unix_millis(volgende.timestamp().saturating_mul(1000));
        eerste = Some(eerste.map_or(tot, |e| e.min(tot)));
    }
    eerste.ok_or(TlsMateriaalFout::Intrekkingslijst)
}
