//! The hub's certificate and its trust in others, swapped as one while connections run.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use inbreng_domain::Tijdstip;
use inbreng_proof::handtekeningen_door;
use rustls::{
    DistinguishedName, Error, ServerConfig,
    server::{
        ClientHello, NoServerSessionStorage, ResolvesServerCert,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
    sign::CertifiedKey,
    version::{TLS12, TLS13},
};
use rustls_pki_types::{CertificateDer, UnixTime};

use super::material::{TlsMateriaal, TlsMateriaalFout, provider};
use crate::identity::Clientcertificaat;

/// The material in use, with the number that tells one from the next.
#[derive(Debug)]
struct Stand {
    materiaal: TlsMateriaal,
    nummer: u64,
}

/// Certificate, anchors and revocation lists of the partner listener. What replaces them holds for the next handshake and
/// for the next request on a live connection.
#[derive(Debug)]
pub struct Vertrouwen {
    stand: ArcSwap<Stand>,
    volgende: AtomicU64,
}

/// What became of a client certificate since its handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hercontrole {
    /// Still good.
    Geldig,
    /// Revoked, expired, or no longer under an anchor.
    Ingetrokken,
    /// A revocation list has ended: nobody can tell.
    LijstVerlopen,
}

impl Vertrouwen {
    /// Starts with this material.
    #[must_use]
    pub fn new(materiaal: TlsMateriaal) -> Arc<Self> {
        Arc::new(Self { stand: ArcSwap::from_pointee(Stand { materiaal, nummer: 1 }), volgende: AtomicU64::new(2) })
    }

    /// Puts other material in use, as a whole.
    pub fn vervangen(&self, materiaal: TlsMateriaal) {
        let nummer = self.volgende.fetch_add(1, Ordering::SeqCst);
        self.stand.store(Arc::new(Stand { materiaal, nummer }));
    }

    /// Counts up with every replacement: what was made under another number is out of date.
    #[must_use]
    pub fn nummer(&self) -> u64 {
        self.stand.load().nummer
    }

    /// Runs with the material in use.
    pub(super) fn met_materiaal<T>(&self, doen: impl FnOnce(&TlsMateriaal) -> T) -> T {
        doen(&self.stand.load().materiaal)
    }

    /// Until when the hub's own TLS certificate holds.
    #[must_use]
    pub fn certificaat_tot(&self) -> Tijdstip {
        self.stand.load().materiaal.certificaat_tot
    }

    /// Until when the revocation lists hold.
    #[must_use]
    pub fn lijsten_tot(&self) -> Tijdstip {
        self.stand.load().materiaal.lijsten_tot
    }

    /// Looks again at the certificate of a live connection: TLS itself looks once, at the handshake.
    ///
    /// Costs a few comparisons; the whole chain is verified again only after material was replaced.
    #[must_use]
    pub fn hercontrole(&self, certificaat: &Clientcertificaat, nu: Tijdstip) -> Hercontrole {
        let stand = self.stand.load();
        if nu >= stand.materiaal.lijsten_tot {
            return Hercontrole::LijstVerlopen;
        }
        if nu >= certificaat.geldig_tot() {
            return Hercontrole::Ingetrokken;
        }
        if certificaat.gecontroleerd_onder() == stand.nummer {
            return Hercontrole::Geldig;
        }
        let Some((blad, tussen)) = certificaat.keten().split_first() else { return Hercontrole::Ingetrokken };
        let seconds = u64::try_from(nu.unix_millis() / 1000).unwrap_or(0);
        match stand.materiaal.verifier.verify_client_cert(blad, tussen, UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
        {
            Ok(_) => {
                certificaat.gecontroleerd(stand.nummer);
                Hercontrole::Geldig
            }
            Err(error) => {
                tracing::warn!(gebeurtenis = "certificaat-afgewezen", vingerafdruk = certificaat.vingerafdruk(), reden = %error);
                Hercontrole::Ingetrokken
            }
        }
    }

    /// The server side of TLS 1.3 and, with forward secrecy only, 1.2. No tickets and no session store: a resumed session
    /// would keep a client chain that nobody verified again.
    ///
    /// # Errors
    /// When the crypto provider cannot speak these versions.
    pub fn server_config(self: &Arc<Self>) -> Result<ServerConfig, TlsMateriaalFout> {
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(TlsMateriaalFout::Sleutel)?
            .with_client_cert_verifier(Arc::new(Wisselend(Arc::clone(self))))
            .with_cert_resolver(Arc::new(Wisselend(Arc::clone(self))));
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        config.max_early_data_size = 0;
        Ok(config)
    }
}

/// Verifier and resolver that always ask the material in use.
#[derive(Debug)]
struct Wisselend(Arc<Vertrouwen>);

impl Wisselend {
    fn verifier(&self) -> Arc<dyn ClientCertVerifier> {
        Arc::clone(&self.0.stand.load().materiaal.verifier)
    }
}

impl ClientCertVerifier for Wisselend {
    fn offer_client_auth(&self) -> bool {
        true
    }

    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.verifier().verify_client_cert(end_entity, intermediates, now).inspect_err(|error| {
            let vingerafdruk = inbreng_proof::certificate::thumbprint(end_entity);
            tracing::warn!(gebeurtenis = "certificaat-afgewezen", vingerafdruk, reden = %error);
        })
    }

    handtekeningen_door!(self => self.verifier());
}

impl ResolvesServerCert for Wisselend {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.stand.load().materiaal.certified))
    }
}
