//! Mutual TLS towards the hub: own certificate, one pinned root, revocation enforced; TLS 1.3, or 1.2 with PFS.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use rustls::{ClientConfig, RootCertStore, client::WebPkiServerVerifier};
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer, pem::PemObject};

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsFout {
    /// A PEM file cannot be read.
    #[error("a PEM text cannot be read: {0}")]
    Pem(&'static str),
    /// A file cannot be read.
    #[error("cannot read {0}")]
    Bestand(PathBuf, #[source] std::io::Error),
    /// rustls refuses the material.
    #[error("TLS material cannot be used")]
    Rustls(#[from] rustls::Error),
    /// The root or a revocation list cannot be used.
    #[error("root or revocation list cannot be used")]
    Verifier(#[from] rustls::client::VerifierBuilderError),
}

/// The TLS files, and what stood in them when they were last read: a new list or certificate counts without a restart.
#[derive(Debug)]
pub struct Tlsbron {
    root: PathBuf,
    crl: PathBuf,
    certificaat: PathBuf,
    sleutel: PathBuf,
    gelezen: Mutex<Option<inbreng_domain::Digest>>,
}

impl Tlsbron {
    /// Names the files; reads nothing yet.
    #[must_use]
    pub const fn new(root: PathBuf, crl: PathBuf, certificaat: PathBuf, sleutel: PathBuf) -> Self {
        Self { root, crl, certificaat, sleutel, gelezen: Mutex::new(None) }
    }

    /// The configuration, when the files are others than at the last call that gave one.
    ///
    /// # Errors
    /// [`TlsFout`]; what was in use stays so.
    pub fn veranderd(&self) -> Result<Option<ClientConfig>, TlsFout> {
        let tekst = |pad: &PathBuf| std::fs::read_to_string(pad).map_err(|e| TlsFout::Bestand(pad.clone(), e));
        let sleutel = zeroize::Zeroizing::new(tekst(&self.sleutel)?);
        let (root, crl, certificaat) = (tekst(&self.root)?, tekst(&self.crl)?, tekst(&self.certificaat)?);
        let alles = zeroize::Zeroizing::new([&root, &crl, &certificaat, sleutel.as_str()].join("\0"));
        let digest = inbreng_proof::sha256(alles.as_bytes());
        let mut gelezen = self.gelezen.lock().unwrap_or_else(PoisonError::into_inner);
        if *gelezen == Some(digest) {
            return Ok(None);
        }
        let config = client_config(&root, &crl, &certificaat, &sleutel)?;
        *gelezen = Some(digest);
        Ok(Some(config))
    }
}

/// TLS for a client that shows `certificaat` (leaf first) and believes a server only under `root`, and only while `crl`
/// (PEM, of root and intermediate) has not expired and does not name it.
///
/// # Errors
/// [`TlsFout`].
pub fn client_config(root: &str, crl: &str, certificaat: &str, sleutel: &str) -> Result<ClientConfig, TlsFout> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    for der in certificaten(root, "root")? {
        roots.add(der)?;
    }
    let crls = CertificateRevocationListDer::pem_slice_iter(crl.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| TlsFout::Pem("revocation list"))?;
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .with_crls(crls)
        .enforce_revocation_expiration()
        .build()?;
    let keten = certificaten(certificaat, "own certificate")?;
    let sleutel = PrivateKeyDer::from_pem_slice(sleutel.as_bytes()).map_err(|_| TlsFout::Pem("own key"))?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_webpki_verifier(verifier)
        .with_client_auth_cert(keten, sleutel)?;
    // Resumption would keep the hub's old chain unverified.
    config.resumption = rustls::client::Resumption::disabled();
    Ok(config)
}

fn certificaten(pem: &str, wat: &'static str) -> Result<Vec<CertificateDer<'static>>, TlsFout> {
    let keten = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<Vec<_>, _>>().map_err(|_| TlsFout::Pem(wat))?;
    if keten.is_empty() { Err(TlsFout::Pem(wat)) } else { Ok(keten) }
}
