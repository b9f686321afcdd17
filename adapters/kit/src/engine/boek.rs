//! What this adapter believes of others: the directory and the policy, both verified under the pinned covenant manager, and
//! never older than what was seen before.

use std::{path::PathBuf, sync::Arc};

use arc_swap::ArcSwap;
use inbreng_catalogue::Catalogus;
use inbreng_domain::{ConvenantId, Digest, Oin, Tijdstip, antwoorden::Convenantweergave, gids::Gidsvermelding};
use inbreng_policy::{Beleid, Bundel};
use inbreng_proof::{
    Anchors, CertificateError, Gids, Partner, Typ, VerifyingKey, digest_of,
    gids::{verify_gidsvermelding, verklaring_digest},
    jws,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    hub::{Hubfout, Knooppunt},
    store::{Opslag, Opslagfout, Pin, Pinfout},
};

/// Under which name the policy bundles are kept.
const BELEID: &str = "beleid";

/// Where the trust anchors stand.
#[derive(Debug, Clone)]
pub struct Ankers {
    /// Root certificate.
    pub root: PathBuf,
    /// Intermediates.
    pub tussen: PathBuf,
    /// Revocation lists.
    pub crl: PathBuf,
}

impl Ankers {
    fn lezen(&self) -> Result<Anchors, Boekfout> {
        let tekst = |pad: &PathBuf| std::fs::read_to_string(pad).map_err(|e| Boekfout::Bestand(pad.clone(), e));
        Ok(Anchors::from_pem(&tekst(&self.root)?, &tekst(&self.tussen)?, &tekst(&self.crl)?)?)
    }
}

/// Why a statement is not believed, or could not be had.
#[derive(Debug, thiserror::Error)]
pub enum Boekfout {
    /// A trust file cannot be read.
    #[error("cannot read {0}")]
    Bestand(PathBuf, #[source] std::io::Error),
    /// The trust anchors cannot be used.
    #[error("trust anchors cannot be used")]
    Ankers(#[from] CertificateError),
    /// A directory entry does not verify.
    #[error(transparent)]
    Gids(#[from] inbreng_proof::gids::Gidsfout),
    /// A directory entry goes back behind one seen before.
    #[error(transparent)]
    Pin(#[from] Pinfout),
    /// A policy bundle was not signed by the covenant manager, cannot be read, or goes back behind one seen before.
    #[error("policy bundle is refused: {0}")]
    Beleid(&'static str),
    /// The hub.
    #[error(transparent)]
    Hub(#[from] Hubfout),
    /// The store.
    #[error(transparent)]
    Opslag(#[from] Opslagfout),
}

/// Directory and policy.
#[derive(Debug)]
pub struct Boek {
    bron: Ankers,
    ankers: ArcSwap<Anchors>,
    beheerder: VerifyingKey,
    catalogus: Arc<Catalogus>,
    gids: ArcSwap<Gids>,
    beleid: ArcSwap<Vec<Arc<Beleid>>>,
}

/// A bundle as it is kept.
#[derive(Serialize, Deserialize)]
struct Bewaard {
    convenant: ConvenantId,
    versie: u32,
    digest: Digest,
    bundel: String,
}

impl Boek {
    /// Reads the trust anchors and what was pinned before.
    ///
    /// # Errors
    /// [`Boekfout`].
    pub async fn openen(
        bron: Ankers,
        beheerder: VerifyingKey,
        catalogus: Arc<Catalogus>,
        opslag: &Opslag,
        nu: Tijdstip,
    ) -> Result<Self, Boekfout> {
        let ankers = bron.lezen()?;
        let boek = Self {
            bron,
            ankers: ArcSwap::from_pointee(ankers),
            beheerder,
            catalogus,
            gids: ArcSwap::default(),
            beleid: ArcSwap::default(),
        };
        boek.gids_herladen(opslag, nu).await?;
        boek.beleid_herladen(opslag, nu).await?;
        Ok(boek)
    }

    /// The directory as it was last verified.
    #[must_use]
    pub fn gids(&self) -> Arc<Gids> {
        self.gids.load_full()
    }

    /// The policy of this digest.
    #[must_use]
    pub fn beleid(&self, digest: Digest) -> Option<Arc<Beleid>> {
        self.beleid.load().iter().find(|b| b.digest() == digest).cloned()
    }

    /// The policy of a covenant in force.
    #[must_use]
    pub fn beleid_van(&self, convenant: &ConvenantId) -> Option<Arc<Beleid>> {
        self.beleid.load().iter().find(|b| b.bundel().convenant == *convenant).cloned()
    }

    /// The one covenant in force, where there is one.
    #[must_use]
    pub fn convenant(&self) -> Option<ConvenantId> {
        let beleid = self.beleid.load();
        match beleid.as_slice() {
            [een] => Some(een.bundel().convenant.clone()),
            _ => None,
        }
    }

    /// Fetches directory and policies again, and reads the revocation lists again. An entry that does not verify is left
    /// out; the others count. Gives the entries that went back behind one seen before: someone replays.
    ///
    /// # Errors
    /// [`Boekfout`] when hub, store or trust files cannot be had.
    pub async fn verversen(&self, hub: &Knooppunt, opslag: &Opslag, nu: Tijdstip) -> Result<Vec<Oin>, Boekfout> {
        self.ankers.store(Arc::new(self.bron.lezen()?));
        let mut teruggezet = Vec::new();
        for partner in hub.partners().await?.partners {
            match self.vastpinnen(&partner.gids, opslag, nu).await {
                Ok(_) => {}
                Err(Boekfout::Pin(Pinfout::Ouder(oin) | Pinfout::Dubbel(oin))) => teruggezet.push(oin),
                Err(fout @ (Boekfout::Opslag(_) | Boekfout::Pin(Pinfout::Opslag(_)))) => return Err(fout),
                Err(fout) => tracing::warn!(oin = %partner.oin, reden = %fout, "gidsvermelding geweigerd"),
            }
        }
        self.gids_herladen(opslag, nu).await?;
        self.beleid_aannemen(hub.convenanten().await?.convenanten, opslag, nu).await?;
        Ok(teruggezet)
    }

    /// Verifies one directory entry, and pins it. The result is what may be sealed for.
    ///
    /// # Errors
    /// [`Boekfout`].
    pub async fn vastpinnen(&self, gids: &Gidsvermelding, opslag: &Opslag, nu: Tijdstip) -> Result<Partner, Boekfout> {
        let (partner, sleutelfout) = verify_gidsvermelding(gids, &self.ankers.load(), &self.beheerder, nu)?;
        if let Some(fout) = sleutelfout {
            return Err(fout.into());
        }
        let nieuwste = partner.sleutels.first();
        // The key statements stand in no promised order; the newest is found by its number.
        let sleutel_digest = gids
            .sleutels
            .iter()
            .find(|s| {
                jws::unverified_payload::<inbreng_domain::gids::Sleutelverklaring>(&s.verklaring)
                    .is_ok_and(|v| Some(v.volgnummer) == nieuwste.map(|n| n.volgnummer))
            })
            .map_or_else(|| verklaring_digest(""), |s| verklaring_digest(&s.verklaring));
        let pin = Pin {
            oin: partner.vermelding.oin,
            vermelding_nummer: partner.vermelding.volgnummer,
            vermelding_digest: verklaring_digest(&gids.vermelding.verklaring),
            sleutel_nummer: nieuwste.map_or(0, |s| s.volgnummer),
            sleutel_digest,
        };
        let tekst = serde_json::to_string(gids).map_err(|_| Opslagfout::Waarde("gids"))?;
        opslag.vastpinnen(&pin, &tekst).await?;
        if let Some(certificaat) = partner.vermelding.certificaten.first() {
            opslag.ondertekenaar_leren(partner.vermelding.oin, &partner.certificaat.thumbprint, certificaat).await?;
        }
        Ok(partner)
    }

    async fn gids_herladen(&self, opslag: &Opslag, nu: Tijdstip) -> Result<(), Boekfout> {
        let vermeldingen: Vec<Gidsvermelding> =
            opslag.gids().await?.iter().filter_map(|tekst| serde_json::from_str(tekst).ok()).collect();
        let (gids, fouten) = Gids::build(&vermeldingen, &self.ankers.load(), &self.beheerder, nu);
        for fout in fouten {
            tracing::warn!(reden = %fout, "vastgelegde gidsvermelding telt niet meer");
        }
        self.gids.store(Arc::new(gids));
        Ok(())
    }

    async fn beleid_herladen(&self, opslag: &Opslag, nu: Tijdstip) -> Result<(), Boekfout> {
        let bewaard = bewaarde(opslag).await?;
        let huidig = self.beleid.load_full();
        let mut geldend = Vec::with_capacity(bewaard.len());
        for een in bewaard {
            // Building one is dear; what was built from the same document is used again.
            let beleid = match huidig.iter().find(|b| b.digest() == een.digest) {
                Some(beleid) => Arc::clone(beleid),
                None => Arc::new(self.lezen(&een.bundel)?),
            };
            let bundel = beleid.bundel();
            if bundel.geldig_vanaf <= nu && nu < bundel.geldig_tot {
                geldend.push(beleid);
            }
        }
        self.beleid.store(Arc::new(geldend));
        Ok(())
    }

    async fn beleid_aannemen(&self, aangeboden: Vec<Convenantweergave>, opslag: &Opslag, nu: Tijdstip) -> Result<(), Boekfout> {
        let mut bewaard = bewaarde(opslag).await?;
        for een in aangeboden {
            if bewaard.iter().any(|b| b.digest == een.beleid && b.bundel == een.bundel) {
                continue;
            }
            let beleid = match self.lezen(&een.bundel) {
                Ok(beleid) if beleid.bundel().convenant == een.convenant => beleid,
                _ => {
                    tracing::warn!(convenant = %een.convenant, "beleidsbundel geweigerd: handtekening of vorm klopt niet");
                    continue;
                }
            };
            let versie = beleid.bundel().versie;
            if bewaard.iter().any(|b| b.convenant == een.convenant && b.versie >= versie) {
                tracing::warn!(convenant = %een.convenant, versie, "beleidsbundel geweigerd: ouder dan een eerdere");
                continue;
            }
            bewaard.retain(|b| b.convenant != een.convenant);
            bewaard.push(Bewaard { convenant: een.convenant, versie, digest: beleid.digest(), bundel: een.bundel });
        }
        let tekst = serde_json::to_string(&bewaard).map_err(|_| Opslagfout::Waarde("beleid"))?;
        opslag.vasthouden(BELEID, &tekst).await?;
        self.beleid_herladen(opslag, nu).await
    }

    /// A bundle that the covenant manager signed, ready to decide on.
    fn lezen(&self, bundel: &str) -> Result<Beleid, Boekfout> {
        let waarde: Value = jws::verify(bundel, Typ::Beleid, &self.beheerder).map_err(|_| Boekfout::Beleid("signature"))?;
        let digest = digest_of(&waarde).map_err(|_| Boekfout::Beleid("form"))?;
        let bundel: Bundel = serde_json::from_value(waarde).map_err(|_| Boekfout::Beleid("form"))?;
        Beleid::laden(bundel, digest, &self.catalogus).map_err(|_| Boekfout::Beleid("content"))
    }
}

async fn bewaarde(opslag: &Opslag) -> Result<Vec<Bewaard>, Boekfout> {
    let tekst = opslag.vast(BELEID).await?;
    tekst.map_or_else(|| Ok(Vec::new()), |t| serde_json::from_str(&t).map_err(|_| Opslagfout::Waarde("beleid").into()))
}
