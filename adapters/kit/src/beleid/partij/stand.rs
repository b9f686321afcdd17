//! Who the parties of a covenant are, reckoned on the own machine from what they signed.

use inbreng_domain::{
    ConvenantId, Digest, Oin, Tijdstip,
    convenant::{Partijen, Partijverklaringsoort},
    gids::Medeondertekend,
};
use inbreng_proof::{
    Anchors, CertificateError, digest_of,
    partijen::{Partijfout, Partijfoutsoort, partijen, verify_toetreding, verify_uittreding},
};
use serde::Serialize;

use super::inzage::{Convenantlijst, Inzage};
use crate::{
    beleid::{bureau::Bureau, fout::Fout},
    engine::partijverklaringen,
};

/// How a covenant stands.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Stand {
    pub convenant: ConvenantId,
    pub partijen: Vec<Partij>,
    /// Statements that do not hold, and why.
    pub geweigerd: Vec<String>,
    /// How many statements this machine's adapter holds that the hub does not show. They count.
    pub verzwegen: usize,
    /// What the own organisation stated before.
    pub eigen: Vec<Eigen>,
    #[serde(skip)]
    pub inzage: Inzage,
}

/// One organisation under one text.
#[derive(Debug, Serialize)]
pub(super) struct Partij {
    pub oin: Oin,
    pub titel: String,
    /// Digest of the text that it signed.
    pub tekst: Digest,
    pub afspraken: u32,
    pub vanaf: Tijdstip,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tot: Option<Tijdstip>,
    /// Whether it is one now.
    pub nu: bool,
}

/// A statement of the own organisation that holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Eigen {
    pub volgnummer: u32,
    pub soort: Partijverklaringsoort,
    pub vanaf: Tijdstip,
}

/// The names of all covenants.
pub(super) async fn convenanten(bureau: &Bureau) -> Result<Vec<ConvenantId>, Fout> {
    let alle: Convenantlijst = bureau.hub.convenantlijst().await?;
    Ok(alle.convenanten.into_iter().map(|c| c.convenant).collect())
}

/// Fetches a covenant, and reckons.
pub(super) async fn ophalen(bureau: &Bureau, convenant: &ConvenantId) -> Result<Stand, Fout> {
    let inzage: Inzage = bureau.hub.convenant(convenant).await?;
    rekenen(bureau, convenant, inzage).await
}

/// Reckons with what was fetched, and with what the adapter of this machine holds: nobody takes a leave back by not showing it.
pub(super) async fn rekenen(bureau: &Bureau, convenant: &ConvenantId, inzage: Inzage) -> Result<Stand, Fout> {
    if inzage.convenant != *convenant {
        return Err(Fout::klopt_niet("het is een ander convenant"));
    }
    let (mut toe, mut uit) = (Vec::new(), Vec::new());
    for v in &inzage.verklaringen {
        match (v.soort, &v.medeondertekening) {
            (Partijverklaringsoort::Toetreding, mede) => toe
                .push(Medeondertekend { verklaring: v.verklaring.clone(), medeondertekening: mede.clone().unwrap_or_default() }),
            (Partijverklaringsoort::Uittreding, _) => uit.push(v.verklaring.clone()),
        }
    }
    let getoond = toe.len() + uit.len();
    if let Some(opslag) = bureau.eigen_opslag().await? {
        let gehouden = partijverklaringen(&opslag, convenant).await;
        opslag.sluiten().await;
        let (eigen_toe, eigen_uit) = gehouden.map_err(|e| bureau.opslag_onleesbaar(&e))?;
        toe.extend(eigen_toe.into_iter().filter(|t| !toe.iter().any(|g| g.verklaring == t.verklaring)).collect::<Vec<_>>());
        uit.extend(eigen_uit.into_iter().filter(|u| !uit.contains(u)).collect::<Vec<_>>());
    }
    let (nu, anchors) = (bureau.clock.now(), bureau.ankers()?);
    let (leden, fouten) = partijen(convenant, &toe, &uit, &anchors, &bureau.beheerder, nu);
    Ok(Stand {
        convenant: convenant.clone(),
        partijen: perioden(&leden, nu)?,
        geweigerd: fouten.iter().map(in_woorden).collect(),
        verzwegen: toe.len() + uit.len() - getoond,
        eigen: eigen(bureau, convenant, &anchors, (&toe, &uit)),
        inzage,
    })
}

fn perioden(leden: &Partijen, nu: Tijdstip) -> Result<Vec<Partij>, Fout> {
    let mut alle = Vec::new();
    for (oin, perioden) in leden.perioden() {
        for p in perioden {
            let tekst = digest_of(&p.tekst).map_err(|_| Fout::klopt_niet("een getekende tekst is niet te lezen"))?;
            alle.push(Partij {
                oin,
                titel: p.tekst.titel.clone(),
                tekst,
                afspraken: p.afspraken,
                vanaf: p.vanaf,
                tot: p.tot,
                nu: leden.lid(&p.tekst, oin, nu) == Some(p),
            });
        }
    }
    Ok(alle)
}

/// What the own organisation stated: only what its own signature is under, so that nobody else chooses its next number.
fn eigen(bureau: &Bureau, convenant: &ConvenantId, anchors: &Anchors, (toe, uit): (&[Medeondertekend], &[String])) -> Vec<Eigen> {
    let nu = bureau.clock.now();
    let toe = toe.iter().filter_map(|t| verify_toetreding(t, anchors, &bureau.beheerder, nu).ok());
    let toe = toe.filter(|t| t.partij == bureau.eigen && t.tekst.convenant == *convenant);
    let uit = uit.iter().filter_map(|u| verify_uittreding(u, anchors).ok());
    let uit = uit.filter(|u| u.partij == bureau.eigen && u.convenant == *convenant);
    let toe = toe.map(|t| Eigen { volgnummer: t.volgnummer, soort: Partijverklaringsoort::Toetreding, vanaf: t.vanaf });
    let uit = uit.map(|u| Eigen { volgnummer: u.volgnummer, soort: Partijverklaringsoort::Uittreding, vanaf: u.vanaf });
    let mut alle: Vec<_> = toe.chain(uit).collect();
    alle.sort();
    alle
}

impl Stand {
    /// The own organisation's next number.
    pub fn volgend(&self) -> u32 {
        self.eigen.last().map_or(1, |e| e.volgnummer.saturating_add(1))
    }
}

/// Why a statement does not hold, for whoever reads the list.
pub(super) fn in_woorden(fout: &Partijfout) -> String {
    let wie = fout.partij.map_or_else(|| "een verklaring".to_owned(), |oin| format!("een verklaring van {oin}"));
    let waarom = match &fout.soort {
        Partijfoutsoort::Verklaring(_) => "de handtekening klopt niet",
        Partijfoutsoort::Certificaat(CertificateError::Revoked) => "het certificaat is ingetrokken",
        Partijfoutsoort::Certificaat(_) => "het certificaat is verlopen of wordt niet vertrouwd",
        Partijfoutsoort::Keten => "het certificaat erin is niet te lezen",
        Partijfoutsoort::AndereOrganisatie => "het certificaat is van een andere organisatie",
        Partijfoutsoort::Medeondertekening(_) => "de convenantbeheerder tekende haar niet mee",
        Partijfoutsoort::AnderConvenant => "zij gaat over een ander convenant",
    };
    format!("{wie}: {waarom}")
}
