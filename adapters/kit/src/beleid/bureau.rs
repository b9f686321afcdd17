//! Who acts: the organisation of the configuration, with its connection and its signing key. The adapter need not run.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Clock, ConvenantId, Digest, Oin, Randomness,
    versie::{Beheerfunctie, Beheerhandeling, Versiehandeling},
    vocabulary::Partnertype,
};
use inbreng_policy::{Beleid, Bundel};
use inbreng_proof::{Anchors, SigningKey, Typ, VerifyingKey, digest_of, gids::certificaatketen, jws};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use serde_json::Value;
use zeroize::Zeroizing;

use super::{
    aanvraag::niet_getekend,
    fout::Fout,
    versie::{Versie, Versielijst, Versieregel},
};
use crate::{
    Config, config,
    hub::{Knooppunt, Verbinding, client_config},
    store::Opslag,
};

/// An organisation that can act.
pub(super) struct Bureau {
    pub hub: Knooppunt,
    pub eigen: Oin,
    pub catalogus: Catalogus,
    pub clock: Arc<dyn Clock>,
    /// The key of the covenant manager.
    pub beheerder: VerifyingKey,
    /// Its name, as the configuration has it.
    pub naam: String,
    /// The encryption keys that the adapter opens with, newest first.
    pub verzegeling: Vec<PathBuf>,
    /// Where the adapter keeps what it holds.
    opslag: PathBuf,
    pub partnertype: Partnertype,
    vertrouwen: config::Vertrouwen,
    /// Where the adapter keeps the encryption keys that it makes itself.
    pub wisselmap: Option<PathBuf>,
    certificaat: PathBuf,
    sleutel: SigningKey,
}

/// Reads the trust anchors.
pub(super) fn ankers(root: &Path, tussen: &Path, crl: &Path) -> Result<Anchors, Fout> {
    Anchors::from_pem(&tekst(root)?, &tekst(tussen)?, &tekst(crl)?).map_err(|e| Fout::bestand(root, e))
}

/// Reads a signing key with its certificate.
pub(super) fn sleutel(certificaat: &Path, sleutel: &Path) -> Result<(SigningKey, Zeroizing<String>), Fout> {
    let (der, pem) = (der(certificaat)?, tekst(sleutel)?);
    let gelezen = SigningKey::from_pem(&pem, &der).map_err(|e| Fout::bestand(sleutel, e))?;
    Ok((gelezen, pem))
}

fn tekst(pad: &Path) -> Result<Zeroizing<String>, Fout> {
    std::fs::read_to_string(pad).map(Zeroizing::new).map_err(|e| Fout::bestand(pad, e))
}

fn der(pad: &Path) -> Result<CertificateDer<'static>, Fout> {
    CertificateDer::from_pem_slice(tekst(pad)?.as_bytes()).map_err(|e| Fout::bestand(pad, e))
}

impl Bureau {
    /// Opens it; connects to nothing yet.
    pub fn openen(config: &Path, clock: Arc<dyn Clock>, random: Arc<dyn Randomness>) -> Result<Self, Fout> {
        let controleer =
            |wat: String| Fout::met_regels(wat, "Draai `inbreng-adapter check` met deze configuratie: die zegt wat er mis is.");
        let config = Config::lezen(config).map_err(|e| controleer(e.to_string()))?;
        let s = &config.sleutels;
        let (sleutel, pem) = sleutel(&s.ondertekening_certificaat, &s.ondertekening_sleutel)?;
        let (root, crl) = (tekst(&config.vertrouwen.root)?, tekst(&config.vertrouwen.crl)?);
        let tls = client_config(&root, &crl, &tekst(&s.tls_certificaat)?, &tekst(&s.tls_sleutel)?)
            .map_err(|e| controleer(e.to_string()))?;
        let beheerder = VerifyingKey::from_certificate_der(&der(&config.vertrouwen.convenantbeheerder)?)
            .map_err(|e| Fout::bestand(&config.vertrouwen.convenantbeheerder, e))?;
        let verbinding = Verbinding {
            adres: config.knooppunt.adres,
            knooppunt: config.knooppunt.oin,
            eigen: config.organisatie.oin,
            tls,
            kid: sleutel.kid().to_owned(),
            ondertekening_pem: pem,
        };
        let hub = Knooppunt::new(verbinding, Arc::clone(&clock), random)?;
        let catalogus = Catalogus::ingebouwd().map_err(|e| controleer(e.to_string()))?;
        Ok(Self {
            hub,
            eigen: config.organisatie.oin,
            catalogus,
            clock,
            beheerder,
            naam: config.organisatie.naam,
            verzegeling: config.sleutels.verzegeling,
            opslag: config.opslag.pad,
            partnertype: config.organisatie.partnertype,
            wisselmap: config.sleutels.wisselmap,
            certificaat: config.sleutels.ondertekening_certificaat,
            vertrouwen: config.vertrouwen,
            sleutel,
        })
    }

    /// The key of the own organisation.
    pub const fn sleutel(&self) -> &SigningKey {
        &self.sleutel
    }

    /// The certificates of that key, as a statement carries them.
    pub fn certificaten(&self) -> Result<Vec<String>, Fout> {
        let keten = CertificateDer::pem_file_iter(&self.certificaat).map_err(|e| Fout::bestand(&self.certificaat, e))?;
        let keten = keten.map(|een| een.map(|der| der.to_vec())).collect::<Result<Vec<_>, _>>();
        Ok(certificaatketen(&keten.map_err(|e| Fout::bestand(&self.certificaat, e))?))
    }

    /// Under which others' signatures are judged.
    pub fn ankers(&self) -> Result<Anchors, Fout> {
        let v = &self.vertrouwen;
        ankers(&v.root, &v.tussen, &v.crl)
    }

    /// What the adapter of this machine keeps, for reading; it may be running. Nothing where it never ran.
    pub async fn eigen_opslag(&self) -> Result<Option<Opslag>, Fout> {
        Opslag::alleen_lezen(&self.opslag).await.map_err(|e| self.opslag_onleesbaar(&e))
    }

    pub fn opslag_onleesbaar(&self, waarom: &dyn std::error::Error) -> Fout {
        Fout::new(
            format!("De opslag van uw adapter ({}) is niet te lezen: {waarom}.", self.opslag.display()),
            "Draai dit als de gebruiker waaronder de adapter draait. Zonder haar is niet te zien of het knooppunt iets ouds toont.",
        )
    }

    /// A signed act of ours on this version.
    pub fn daad(
        &self,
        handeling: Versiehandeling,
        over: &Versieregel,
        simulatie: Option<Digest>,
        functie: Beheerfunctie,
    ) -> Result<String, Fout> {
        let daad = Beheerhandeling {
            handeling,
            convenant: over.convenant.clone(),
            versie: over.versie,
            tabellen: over.tabellen,
            simulatie,
            door: self.eigen,
            functie,
            tijd: self.clock.now(),
        };
        jws::sign(&self.sleutel, Typ::Beheer, &daad).map_err(|e| niet_getekend(&e))
    }

    /// One version with its history.
    pub async fn versie(&self, versie: Digest) -> Result<Versie, Fout> {
        let gezien: Versie = self.hub.versie(versie).await?;
        if gezien.regel.versie == versie { Ok(gezien) } else { Err(Fout::klopt_niet("het is een andere versie")) }
    }

    /// Every version.
    pub async fn alle_versies(&self) -> Result<Vec<Versieregel>, Fout> {
        Ok(self.hub.versies::<Versielijst>().await?.versies)
    }

    /// The versions of this covenant.
    pub async fn versies(&self, convenant: &ConvenantId) -> Result<Vec<Versieregel>, Fout> {
        Ok(self.alle_versies().await?.into_iter().filter(|v| v.convenant == *convenant).collect())
    }

    /// A bundle, ready to decide: it keeps to the national minimum.
    pub fn laden(&self, bundel: &Value) -> Result<Beleid, Fout> {
        laden(bundel, &self.catalogus)
    }

    /// The names of organisations, as the directory lists them.
    pub async fn namen(&self) -> Result<Vec<(Oin, String)>, Fout> {
        Ok(self.hub.partners().await?.partners.into_iter().map(|p| (p.oin, p.naam)).collect())
    }
}

pub(super) fn laden(bundel: &Value, catalogus: &Catalogus) -> Result<Beleid, Fout> {
    let onbruikbaar = |waarom: String| {
        Fout::new(
            format!("Deze versie is niet bruikbaar: {waarom}."),
            "Laat de schrijver het concept verbeteren. Keur dit niet goed.",
        )
    };
    let digest = digest_of(bundel).map_err(|e| onbruikbaar(e.to_string()))?;
    let gelezen: Bundel = serde_json::from_value(bundel.clone()).map_err(|e| onbruikbaar(e.to_string()))?;
    Beleid::laden(gelezen, digest, catalogus).map_err(|e| onbruikbaar(e.to_string()))
}
