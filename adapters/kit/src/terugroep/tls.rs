//! TLS of the callback: our certificate, and a door for the hub alone. Files are read again while it runs.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwap;
use inbreng_domain::{Digest, Oin};
use inbreng_proof::{certificate::oin_of, handtekeningen_door};
use rustls::{
    CertificateError, DistinguishedName, Error, RootCertStore, ServerConfig,
    server::{
        ClientHello, NoServerSessionStorage, ResolvesServerCert, WebPkiClientVerifier,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
    sign::CertifiedKey,
    version::{TLS12, TLS13},
};
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer, UnixTime, pem::PemObject};

use super::Bestanden;

/// How often the files are looked at.
const KIJKEN: Duration = Duration::from_secs(30);

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsFout {
    /// A file cannot be read.
    #[error("cannot read {0}")]
    Bestand(PathBuf, #[source] std::io::Error),
    /// A PEM file holds something else.
    #[error("{0} holds no usable PEM")]
    Pem(PathBuf),
    /// rustls refuses the material.
    #[error("TLS material cannot be used")]
    Rustls(#[from] Error),
    /// Roots or revocation lists cannot be used.
    #[error("root or revocation list cannot be used")]
    Verifier(#[from] rustls::server::VerifierBuilderError),
}

#[derive(Debug)]
struct Materiaal {
    certified: Arc<CertifiedKey>,
    verifier: Arc<dyn ClientCertVerifier>,
}

/// What is in use, and the files it came from.
#[derive(Debug)]
pub(super) struct Wisselend {
    bestanden: Bestanden,
    huidig: ArcSwap<Materiaal>,
    gelezen: Mutex<Digest>,
}

impl Wisselend {
    pub(super) fn lezen(bestanden: Bestanden) -> Result<Self, TlsFout> {
        let (materiaal, digest) = lezen(&bestanden)?;
        Ok(Self { bestanden, huidig: ArcSwap::from_pointee(materiaal), gelezen: Mutex::new(digest) })
    }

    /// Reads the files again, now and then; what cannot be used leaves what is in use.
    pub(super) async fn bijhouden(self: Arc<Self>) {
        loop {
            tokio::time::sleep(KIJKEN).await;
            match lezen(&self.bestanden) {
                Ok((materiaal, digest)) => {
                    let mut gelezen = self.gelezen.lock().unwrap_or_else(PoisonError::into_inner);
                    if *gelezen != digest {
                        self.huidig.store(Arc::new(materiaal));
                        *gelezen = digest;
                    }
                }
                Err(fout) => tracing::warn!(reden = %fout, "TLS van de terugroep niet opnieuw gelezen"),
            }
        }
    }

    /// The server side: TLS 1.3 and, with forward secrecy only, 1.2; no resumption, which would keep an old chain.
    pub(super) fn server_config(self: &Arc<Self>) -> Result<ServerConfig, TlsFout> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_protocol_versions(&[&TLS13, &TLS12])?
            .with_client_cert_verifier(Arc::new(Deur(Arc::clone(self))))
            .with_cert_resolver(Arc::new(Deur(Arc::clone(self))));
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(config)
    }
}

fn lezen(bestanden: &Bestanden) -> Result<(Materiaal, Digest), TlsFout> {
    let Bestanden { root, crl, certificaat, sleutel, .. } = bestanden;
    let tekst = |pad: &PathBuf| std::fs::read(pad).map_err(|e| TlsFout::Bestand(pad.clone(), e));
    let geheim = zeroize::Zeroizing::new(tekst(sleutel)?);
    let (roots, lijsten, keten) = (tekst(root)?, tekst(crl)?, tekst(certificaat)?);
    let alles = zeroize::Zeroizing::new([&roots, &lijsten, &keten, &*geheim].map(Vec::as_slice).join(&0));
    let digest = inbreng_proof::sha256(&alles);
    let pem = |pad: &PathBuf| TlsFout::Pem(pad.clone());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut store = RootCertStore::empty();
    for der in CertificateDer::pem_slice_iter(&roots) {
        store.add(der.map_err(|_| pem(root))?)?;
    }
    let lijsten: Vec<_> =
        CertificateRevocationListDer::pem_slice_iter(&lijsten).collect::<Result<_, _>>().map_err(|_| pem(crl))?;
    let keten: Vec<_> = CertificateDer::pem_slice_iter(&keten).collect::<Result<_, _>>().map_err(|_| pem(certificaat))?;
    let der = PrivateKeyDer::from_pem_slice(&geheim).map_err(|_| pem(sleutel))?;
    let certified = CertifiedKey::from_der(keten, der, &provider)?;
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(store), provider)
        .with_crls(lijsten)
        .enforce_revocation_expiration()
        .build()?;
    Ok((Materiaal { certified: Arc::new(certified), verifier }, digest))
}

/// Asks what is in use now; lets in the hub, and no other organisation whatever its certificate.
#[derive(Debug)]
struct Deur(Arc<Wisselend>);

impl Deur {
    fn verifier(&self) -> Arc<dyn ClientCertVerifier> {
        Arc::clone(&self.0.huidig.load().verifier)
    }

    fn knooppunt(&self) -> Oin {
        self.0.bestanden.knooppunt
    }
}

impl ClientCertVerifier for Deur {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let geldig = self.verifier().verify_client_cert(end_entity, intermediates, now)?;
        if oin_of(end_entity).is_ok_and(|oin| oin == self.knooppunt()) {
            return Ok(geldig);
        }
        tracing::warn!("een andere organisatie dan het knooppunt klopte aan");
        Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
    }

    handtekeningen_door!(self => self.verifier());
}

impl ResolvesServerCert for Deur {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.huidig.load().certified))
    }
}
