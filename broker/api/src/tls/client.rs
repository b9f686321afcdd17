//! The hub as a client: it shows its own certificate, and believes a server only under its roots, not revoked, under the name
//! that was called, and with the certificate of the one organisation that is meant.

use std::sync::Arc;

use inbreng_domain::Oin;
use inbreng_proof::{certificate::oin_of, handtekeningen_door};
use rustls::{
    CertificateError, ClientConfig, Error, OtherError, SignatureScheme,
    client::{
        ResolvesClientCert, Resumption,
        danger::{ServerCertVerified, ServerCertVerifier},
    },
    sign::CertifiedKey,
    version::{TLS12, TLS13},
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use super::{
    Vertrouwen,
    material::{TlsMateriaalFout, provider},
};

/// The certificate that answered is another organisation's, or none's.
#[derive(Debug, thiserror::Error)]
#[error("certificate of another organisation")]
pub(crate) struct AndereOrganisatie;

impl AndereOrganisatie {
    /// Whether this is why a handshake failed.
    pub(crate) fn is_oorzaak(fout: &Error) -> bool {
        matches!(fout, Error::InvalidCertificate(CertificateError::Other(OtherError(oorzaak))) if oorzaak.is::<Self>())
    }
}

impl Vertrouwen {
    /// TLS towards this organisation, with the material in use now. What replaces it needs another: see [`Self::nummer`].
    ///
    /// # Errors
    /// When the crypto provider cannot speak these versions.
    pub fn client_config(&self, organisatie: Oin) -> Result<ClientConfig, TlsMateriaalFout> {
        let (servers, eigen) = self.met_materiaal(|m| (Arc::clone(&m.servers), Arc::clone(&m.certified)));
        let verifier = VanOrganisatie { binnen: servers, organisatie };
        let mut config = ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(TlsMateriaalFout::Sleutel)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_client_cert_resolver(Arc::new(Eigen(eigen)));
        // A resumed session would keep a chain that nobody verified again.
        config.resumption = Resumption::disabled();
        Ok(config)
    }
}

#[derive(Debug)]
struct Eigen(Arc<CertifiedKey>);

impl ResolvesClientCert for Eigen {
    fn resolve(&self, _hints: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// All that the usual verifier asks, and the number in the certificate.
#[derive(Debug)]
struct VanOrganisatie {
    binnen: Arc<dyn ServerCertVerifier>,
    organisatie: Oin,
}

impl ServerCertVerifier for VanOrganisatie {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let geldig = self.binnen.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)?;
        if oin_of(end_entity).is_ok_and(|oin| oin == self.organisatie) {
            return Ok(geldig);
        }
        Err(Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(AndereOrganisatie)))))
    }

    handtekeningen_door!(self => self.binnen);
}
