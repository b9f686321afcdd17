//! Bundles that come with the installation: a covenant's first version enters the same history as every later one. From the
//! first activation that the covenant manager signs for a covenant, files change nothing about it any more.

use std::{collections::BTreeSet, sync::Arc};

use inbreng_domain::{
    Digest,
    versie::{Versiestaat, Versiestapsoort},
};
use inbreng_proof::{canonical_string, sha256};
use inbreng_storage::{NieuweVersie, Planregel, Planwijziging, Versiestap, Versieuitslag};

use super::schrijven::{Schrift, proberen};
use crate::{BundelFout, Fout, Hub, policies::Geldend};

/// The tables of a version that came without any: an empty list.
pub(crate) const GEEN_TABELLEN: &str = "[]";

/// Takes these bundles, all or none: each is verified and built before the first is stored.
pub(crate) async fn inlezen(hub: &Hub, bundels: &[String]) -> Result<(), BundelFout> {
    if bundels.is_empty() {
        return Err(BundelFout::Geen);
    }
    let mut convenanten = BTreeSet::new();
    let mut gelezen = Vec::with_capacity(bundels.len());
    for tekst in bundels {
        let geldend = lezen(hub, tekst).await?;
        let convenant = geldend.beleid.bundel().convenant.clone();
        if !convenanten.insert(convenant.clone()) {
            return Err(BundelFout::Dubbel(convenant));
        }
        gelezen.push(geldend);
    }
    for geldend in gelezen {
        plaatsen(hub, geldend).await?;
    }
    hub.beleid.herladen(hub.store(), hub.clock.now()).await?;
    Ok(())
}

async fn lezen(hub: &Hub, tekst: &str) -> Result<Arc<Geldend>, BundelFout> {
    let (_, digest) = Geldend::verifieren(tekst, &hub.beheerder)?;
    if let Some(bekend) = hub.beleid.bekend(digest) {
        return Ok(bekend);
    }
    let (tekst, beheerder, catalogus) = (tekst.to_owned(), hub.beheerder.clone(), hub.catalogus.clone());
    let gebouwd = tokio::task::spawn_blocking(move || Geldend::lezen(&tekst, &beheerder, &catalogus)).await;
    gebouwd.map_err(|fout| BundelFout::Opslag(Fout::new(inbreng_domain::ProblemCode::InterneFout).door(fout)))?.map(Arc::new)
}

async fn plaatsen(hub: &Hub, geldend: Arc<Geldend>) -> Result<(), Fout> {
    let bundel = geldend.beleid.bundel();
    let (convenant, versie) = (bundel.convenant.clone(), geldend.beleid.digest());
    let nu = hub.clock.now();
    let plan = hub.store.beleidsplan(nu).await?;
    let eerste = plan.regels.iter().find(|r| r.convenant == convenant && r.volgnummer == 0);
    if hub.store.hoogste_plan(convenant.clone()).await?.is_some_and(|n| n > 0) {
        if !plan.regels.iter().any(|r| r.versie == versie) {
            tracing::warn!(%convenant, "the bundle of the installation counts no more: versions are activated by the covenant manager");
        }
        return Ok(());
    }
    if eerste.is_some_and(|r| r.versie == versie) {
        return Ok(());
    }
    let vorige = eerste.map(|r| r.versie);
    let verwacht = hub.store.versie(versie).await?.map_or(0, |(kop, _)| kop.stand);
    let nieuw = NieuweVersie {
        versie,
        convenant: convenant.clone(),
        nummer: bundel.versie,
        tabellen_digest: sha256(GEEN_TABELLEN.as_bytes()),
        bundel: inhoud(&geldend)?,
        tabellen: GEEN_TABELLEN.to_owned(),
        auteur: None,
    };
    let regel = Planregel {
        convenant: convenant.clone(),
        volgnummer: 0,
        versie,
        ingang: bundel.geldig_vanaf,
        activering: None,
        bundel: geldend.bundel.clone(),
    };
    let schrift = Schrift {
        convenant: &convenant,
        versie,
        nieuw: (verwacht == 0).then_some(nieuw),
        verwacht,
        stap: eigen_stap(Versiestapsoort::Inlezen, Versiestaat::Actief, nu),
        plan: Some(Planwijziging::Toevoegen(regel)),
    };
    hub.beleid.onthouden(Arc::clone(&geldend));
    match proberen(hub, schrift).await? {
        Versieuitslag::Vastgelegd(_) => {}
        // Another process, started at the same moment with the same files, was first.
        uitslag => {
            tracing::info!(%convenant, ?uitslag, "the bundle of the installation was placed by another process");
            return Ok(());
        }
    }
    match vorige {
        Some(vorige) => vervallen(hub, vorige).await,
        None => Ok(()),
    }
}

/// Another version took its place: the last step of this one. Someone else may have written it first.
pub(crate) async fn vervallen(hub: &Hub, versie: Digest) -> Result<(), Fout> {
    let Some((kop, _)) = hub.store.versie(versie).await? else { return Ok(()) };
    if kop.staat != Versiestaat::Actief {
        return Ok(());
    }
    let stap = eigen_stap(Versiestapsoort::Vervallen, Versiestaat::Vervallen, hub.clock.now());
    let schrift = Schrift { convenant: &kop.convenant, versie, nieuw: None, verwacht: kop.stand, stap, plan: None };
    proberen(hub, schrift).await.map(drop)
}

/// A step that the hub takes by itself.
pub(crate) const fn eigen_stap(soort: Versiestapsoort, staat: Versiestaat, tijd: inbreng_domain::Tijdstip) -> Versiestap {
    Versiestap { soort, staat, tijd, door: None, functie: None, verklaring: None, uitslag: None }
}

/// The bundle as it was signed, without its signature.
fn inhoud(geldend: &Geldend) -> Result<String, Fout> {
    let intern = |fout: Box<dyn std::error::Error + Send + Sync>| Fout::new(inbreng_domain::ProblemCode::InterneFout).door(fout);
    let document: serde_json::Value = inbreng_proof::jws::unverified_payload(&geldend.bundel).map_err(|e| intern(e.into()))?;
    canonical_string(&document).map_err(|e| intern(e.into()))
}
