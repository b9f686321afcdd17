//! What this adapter believes of others: directory, policy and the parties of the covenant, all verified under the pinned covenant
//! manager, and never older than what was seen before.

use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

use arc_swap::ArcSwap;
use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    ConvenantId, Digest, Oin, Tijdstip,
    antwoorden::Convenantweergave,
    convenant::{Bundelkop, Partijen},
    gids::{Bevriezing, Gidsvermelding, Sleutelverklaring, Sleutelvermelding, Vermelding},
    versie::Activering,
};
use inbreng_policy::{Beleid, Bundel};
use inbreng_proof::{
    Anchors, CertificateError, Gids, Partner, SigningCertificate, Typ, VerifyingKey, digest_of,
    gids::{Gidsfoutsoort, bevriest_meer, kids_in, verify_bevriezing, verify_gidsvermelding, verklaring_digest},
    jws,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::sleutelnamen::Sleutelnamen;
use super::partijen::Partijboek;
use crate::{
    hub::{Hubfout, Knooppunt},
    store::{Opslag, Opslagfout, Pin, Pinfout},
};

/// Under which name the policy bundles are kept.
const BELEID: &str = "beleid";
/// How far the hub's clock may be ahead of ours.
const KLOKVERSCHIL: time::Duration = time::Duration::minutes(1);

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
    /// A directory entry shows a key that another organisation shows.
    #[error("{0} shows a key of another organisation")]
    SleutelVanAnder(Oin),
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
    /// Under whose name each pinned key stands, whether that entry still verifies or not.
    namen: Sleutelnamen,
    /// The keys that the hub showed as frozen when it was last asked, signed or not.
    getoond_bevroren: ArcSwap<BTreeSet<(Oin, String)>>,
    beleid: ArcSwap<Vec<Arc<Beleid>>>,
    partijen: Partijboek,
}

/// What a human must look at after the directory was fetched.
#[derive(Debug, Default)]
pub struct Opgevallen {
    /// Whose entry went back behind one seen before: someone replays.
    pub teruggezet: Vec<Oin>,
    /// Whose entry does not go on from the one seen before, but is another in its place: no copy explains that.
    pub vertakt: Vec<Oin>,
    /// Whose entry shows a key that another organisation shows. The one seen before counts.
    pub van_ander: Vec<Oin>,
    /// Whose entry shows a key that neither the one before it proves nor the covenant manager confirmed. The one seen before counts.
    pub onbewezen: Vec<Oin>,
}

/// Number and digest of a key statement that was verified.
fn genummerd(vermelding: &Sleutelvermelding) -> Option<(u32, Digest)> {
    let sleutel: Sleutelverklaring = jws::unverified_payload(&vermelding.verklaring).ok()?;
    Some((sleutel.volgnummer, verklaring_digest(&vermelding.verklaring)))
}

const fn is_onbewezen(soort: &Gidsfoutsoort) -> bool {
    matches!(soort, Gidsfoutsoort::SleutelOnbewezen | Gidsfoutsoort::Opvolging(_))
}

/// A bundle as it is kept.
#[derive(Serialize, Deserialize)]
struct Bewaard {
    convenant: ConvenantId,
    versie: u32,
    /// Of the covenant manager's activation; 0 for what came before the first.
    #[serde(default)]
    volgnummer: u32,
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
            namen: Sleutelnamen::default(),
            getoond_bevroren: ArcSwap::default(),
            beleid: ArcSwap::default(),
            partijen: Partijboek::default(),
        };
        boek.gids_herladen(opslag, nu).await?;
        boek.beleid_herladen(opslag, nu).await?;
        boek.partijen.herladen(opslag, &boek.ankers.load(), &boek.beheerder, nu).await?;
        Ok(boek)
    }

    /// The directory as it was last verified.
    #[must_use]
    pub fn gids(&self) -> Arc<Gids> {
        self.gids.load_full()
    }

    /// Whether the hub, when it was last asked, showed this key as frozen. One that was put back from a copy does not until it was told again.
    #[must_use]
    pub fn toont_bevroren(&self, bevriezing: &Bevriezing) -> bool {
        self.getoond_bevroren.load().contains(&(bevriezing.oin, bevriezing.kid.clone()))
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

    /// Who the parties of a covenant are, by their own signatures.
    #[must_use]
    pub fn partijen(&self, convenant: &ConvenantId) -> Arc<Partijen> {
        self.partijen.van(convenant)
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
    /// out; the others count. Gives what a human must look at.
    ///
    /// # Errors
    /// [`Boekfout`] when hub, store or trust files cannot be had.
    pub async fn verversen(&self, hub: &Knooppunt, opslag: &Opslag, nu: Tijdstip) -> Result<Opgevallen, Boekfout> {
        // Before the hub is asked: one that keeps silent wins no time for who was revoked.
        self.lijsten_herlezen(opslag, nu).await?;
        let mut opgevallen = Opgevallen::default();
        let partners = hub.partners().await?.partners;
        let bevroren = partners.iter().flat_map(|p| &p.gids.bevriezingen);
        let bevroren = bevroren.filter_map(|jws| jws::unverified_payload::<Bevriezing>(jws).ok()).map(|b| (b.oin, b.kid));
        self.getoond_bevroren.store(Arc::new(bevroren.collect()));
        for partner in partners {
            match self.vastpinnen(&partner.gids, opslag, nu).await {
                Ok(_) => {}
                Err(Boekfout::Pin(Pinfout::Ouder(oin))) => opgevallen.teruggezet.push(oin),
                Err(Boekfout::Pin(Pinfout::Dubbel(oin) | Pinfout::Vertakt(oin))) => opgevallen.vertakt.push(oin),
                Err(Boekfout::SleutelVanAnder(oin)) => opgevallen.van_ander.push(oin),
                Err(Boekfout::Gids(fout)) if is_onbewezen(&fout.soort) => {
                    opgevallen.onbewezen.push(fout.oin.unwrap_or(partner.oin))
                }
                Err(fout @ (Boekfout::Opslag(_) | Boekfout::Pin(Pinfout::Opslag(_)))) => return Err(fout),
                Err(fout) => tracing::warn!(oin = %partner.oin, reden = %fout, "gidsvermelding geweigerd"),
            }
        }
        self.gids_herladen(opslag, nu).await?;
        let convenanten = hub.convenanten().await?.convenanten;
        self.partijen.aannemen(&convenanten, opslag, &self.ankers.load_full(), &self.beheerder, nu).await?;
        self.beleid_aannemen(convenanten, opslag, nu).await?;
        Ok(opgevallen)
    }

    /// Reads the trust files again, and judges by them everyone who was pinned.
    async fn lijsten_herlezen(&self, opslag: &Opslag, nu: Tijdstip) -> Result<(), Boekfout> {
        self.ankers.store(Arc::new(self.bron.lezen()?));
        self.gids_herladen(opslag, nu).await
    }

    /// Verifies one directory entry, and pins it. The result is what may be sealed for.
    ///
    /// # Errors
    /// [`Boekfout`].
    pub async fn vastpinnen(&self, gids: &Gidsvermelding, opslag: &Opslag, nu: Tijdstip) -> Result<Partner, Boekfout> {
        let gids = &self.met_bevriezingen(gids, opslag, nu).await?;
        let (partner, sleutelfout) = verify_gidsvermelding(gids, &self.ankers.load(), &self.beheerder, nu)?;
        if let Some(fout) = sleutelfout {
            return Err(fout.into());
        }
        let oin = partner.vermelding.oin;
        let kids = kids_in(gids);
        if self.namen.van_ander(oin, &kids) {
            return Err(Boekfout::SleutelVanAnder(oin));
        }
        let pin = Pin {
            oin,
            vermelding_nummer: partner.vermelding.volgnummer,
            vermelding_digest: verklaring_digest(&gids.vermelding.verklaring),
            sleutels: gids.sleutels.iter().filter_map(genummerd).collect(),
            bevestigd: partner.bevestigd.last().copied().unwrap_or(0),
        };
        let tekst = serde_json::to_string(gids).map_err(|_| Opslagfout::Waarde("gids"))?;
        opslag.vastpinnen(&pin, &tekst).await?;
        self.namen.leren(oin, kids);
        if let Some(certificaat) = partner.vermelding.certificaten.first() {
            opslag.ondertekenaar_leren(partner.vermelding.oin, &partner.certificaat.thumbprint, certificaat).await?;
        }
        Ok(partner)
    }

    /// The entry with every freeze that was seen before: what is left out now was signed all the same. One that does not hold is not kept.
    async fn met_bevriezingen(&self, gids: &Gidsvermelding, opslag: &Opslag, nu: Tijdstip) -> Result<Gidsvermelding, Boekfout> {
        let mut samen = gids.clone();
        let Ok(vermelding) = jws::unverified_payload::<Vermelding>(&gids.vermelding.verklaring) else { return Ok(samen) };
        let ankers = self.ankers.load();
        let aangeboden = std::mem::take(&mut samen.bevriezingen);
        let gezien = opslag.gids_van(vermelding.oin).await?;
        let gezien = gezien.and_then(|tekst| serde_json::from_str::<Gidsvermelding>(&tekst).ok());
        samen.bevriezingen = gezien.map(|g| g.bevriezingen).unwrap_or_default();
        let mut eerder: Vec<Bevriezing> = samen.bevriezingen.iter().filter_map(|jws| jws::unverified_payload(jws).ok()).collect();
        for jws in aangeboden {
            let Ok(nieuw) = verify_bevriezing(&jws, &ankers, &self.beheerder, nu) else { continue };
            // Whoever signs the same over and over has us keep it once.
            if nieuw.oin == vermelding.oin && bevriest_meer(&samen.sleutels, &eerder, &nieuw) {
                samen.bevriezingen.push(jws);
                eerder.push(nieuw);
            }
        }
        Ok(samen)
    }

    /// Judges a signing certificate (DER) that was verified before, with the revocation lists of now.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn ondertekenaar(&self, der: Vec<u8>, nu: Tijdstip) -> Result<SigningCertificate, CertificateError> {
        self.ankers.load().signing_certificate(&[der], nu)
    }

    async fn gids_herladen(&self, opslag: &Opslag, nu: Tijdstip) -> Result<(), Boekfout> {
        let vermeldingen: Vec<Gidsvermelding> =
            opslag.gids().await?.iter().filter_map(|tekst| serde_json::from_str(tekst).ok()).collect();
        self.namen.lezen(&vermeldingen);
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
            let volgnummer = match activeringsnummer(&een, &self.beheerder, nu) {
                Ok(volgnummer) => volgnummer,
                Err(reden) => {
                    tracing::warn!(convenant = %een.convenant, %reden, "activering van beleid geweigerd");
                    continue;
                }
            };
            let gelijk = |b: &Bewaard| b.digest == een.beleid && b.bundel == een.bundel && b.volgnummer == volgnummer;
            if bewaard.iter().any(gelijk) {
                continue;
            }
            let beleid = match self.lezen(&een.bundel) {
                Ok(beleid) if beleid.bundel().convenant == een.convenant && beleid.digest() == een.beleid => beleid,
                _ => {
                    tracing::warn!(convenant = %een.convenant, "beleidsbundel geweigerd: handtekening of vorm klopt niet");
                    continue;
                }
            };
            let versie = beleid.bundel().versie;
            if bewaard.iter().any(|b| b.convenant == een.convenant && !volgt_op((volgnummer, versie), (b.volgnummer, b.versie))) {
                tracing::warn!(convenant = %een.convenant, versie, volgnummer, "beleidsbundel geweigerd: ouder dan een eerdere");
                continue;
            }
            bewaard.retain(|b| b.convenant != een.convenant);
            bewaard.push(Bewaard { convenant: een.convenant, versie, volgnummer, digest: beleid.digest(), bundel: een.bundel });
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

/// Under which number the covenant manager put this version in force; 0 where no activation is shown. An instant that has not
/// come yet is refused: what is in force would be left too early.
pub(crate) fn activeringsnummer(een: &Convenantweergave, beheerder: &VerifyingKey, nu: Tijdstip) -> Result<u32, Boekfout> {
    let Some(activering) = &een.activering else { return Ok(0) };
    let a: Activering = jws::verify(activering, Typ::Activering, beheerder).map_err(|_| Boekfout::Beleid("signature"))?;
    if a.convenant != een.convenant || a.versie != een.beleid || a.volgnummer == 0 {
        return Err(Boekfout::Beleid("activation of another version"));
    }
    if a.ingang > nu.plus(KLOKVERSCHIL) {
        return Err(Boekfout::Beleid("activation before its instant"));
    }
    Ok(a.volgnummer)
}

/// Whether a version (by number of activation, then its own) may take the place of what is held. An older version comes back
/// only under a higher number of the covenant manager; before its first activation the version's own number counts.
pub(crate) const fn volgt_op(nieuw: (u32, u32), gehouden: (u32, u32)) -> bool {
    nieuw.0 > gehouden.0 || nieuw.0 == 0 && gehouden.0 == 0 && nieuw.1 > gehouden.1
}

/// What is held as the policy of a covenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gehouden {
    /// The version's own number.
    pub(crate) versie: u32,
    /// Of the covenant manager's activation; 0 for what came before the first.
    pub(crate) volgnummer: u32,
    /// Digest of the bundle.
    pub(crate) digest: Digest,
    /// From when the covenant is in force.
    pub(crate) geldig_vanaf: Tijdstip,
    /// Until when.
    pub(crate) geldig_tot: Tijdstip,
}

/// What this store holds of a covenant: for who asks beside the running adapter. It was verified when it was taken.
///
/// # Errors
/// [`Boekfout`] when the store cannot be read.
pub(crate) async fn gehouden(opslag: &Opslag, convenant: &ConvenantId) -> Result<Option<Gehouden>, Boekfout> {
    let Some(een) = bewaarde(opslag).await?.into_iter().find(|b| b.convenant == *convenant) else { return Ok(None) };
    let kop: Bundelkop = jws::unverified_payload(&een.bundel).map_err(|_| Boekfout::Beleid("form"))?;
    let Bewaard { versie, volgnummer, digest, .. } = een;
    Ok(Some(Gehouden { versie, volgnummer, digest, geldig_vanaf: kop.geldig_vanaf, geldig_tot: kop.geldig_tot }))
}

async fn bewaarde(opslag: &Opslag) -> Result<Vec<Bewaard>, Boekfout> {
    let tekst = opslag.vast(BELEID).await?;
    tekst.map_or_else(|| Ok(Vec::new()), |t| serde_json::from_str(&t).map_err(|_| Opslagfout::Waarde("beleid").into()))
}

mod sleutelnamen;

#[cfg(test)]
mod aanval6;
#[cfg(test)]
mod tests {
    use inbreng_domain::vocabulary::JaNee;

    use super::*;
    use crate::testsleutels;

    fn nu() -> Tijdstip {
        Tijdstip::parse("2026-11-22T01:00:00.000Z").unwrap()
    }

    #[test]
    fn an_older_version_comes_back_only_under_a_higher_number() {
        assert!(volgt_op((0, 2), (0, 1)) && volgt_op((1, 1), (0, 9)) && volgt_op((2, 1), (1, 2)));
        for (nieuw, gehouden) in [((0, 1), (0, 2)), ((0, 1), (0, 1)), ((0, 9), (1, 1)), ((1, 9), (2, 1)), ((1, 2), (1, 1))] {
            assert!(!volgt_op(nieuw, gehouden), "{nieuw:?} after {gehouden:?}");
        }
    }

    #[test]
    fn an_activation_is_the_covenant_managers_of_this_version_and_of_its_instant() {
        let (beheerder, ander) = (testsleutels::ondertekening(), testsleutels::ondertekening());
        let goed = Activering {
            convenant: "voorbeeldregio".parse().unwrap(),
            versie: Digest::from_bytes([1; 32]),
            volgnummer: 3,
            ingang: nu(),
            terug: JaNee::Ja,
            tijd: nu(),
        };
        let proberen = |sleutel, typ, a: &Activering| {
            let weergave = Convenantweergave {
                convenant: "voorbeeldregio".parse().unwrap(),
                beleid: Digest::from_bytes([1; 32]),
                bundel: String::new(),
                activering: Some(jws::sign(sleutel, typ, a).unwrap()),
                toetredingen: Vec::new(),
                uittredingen: Vec::new(),
            };
            activeringsnummer(&weergave, beheerder.verifying_key(), nu())
        };
        assert_eq!(proberen(&beheerder, Typ::Activering, &goed).unwrap(), 3);
        assert!(proberen(&ander, Typ::Activering, &goed).is_err(), "of another key");
        assert!(proberen(&beheerder, Typ::Beheer, &goed).is_err(), "for another use");
        for fout in [
            Activering { convenant: "andere-regio".parse().unwrap(), ..goed.clone() },
            Activering { versie: Digest::from_bytes([2; 32]), ..goed.clone() },
            Activering { volgnummer: 0, ..goed.clone() },
            Activering { ingang: nu().plus(time::Duration::minutes(2)), ..goed.clone() },
        ] {
            assert!(proberen(&beheerder, Typ::Activering, &fout).is_err(), "{fout:?}");
        }
    }
}
