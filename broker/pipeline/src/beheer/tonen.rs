//! Versions as officers' tools see them.

use inbreng_domain::{
    ConvenantId, Digest, Oin, Tijdstip,
    problem::ProblemCode,
    versie::{Beheerfunctie, Versiestaat, Versiestapsoort, Versietabel},
};
use inbreng_storage::{Versiekop, Versiestap};
use serde::Serialize;
use serde_json::Value;

use super::{
    simuleren::Simulatieuitslag,
    stand::{self, GOEDKEURINGEN, Stand},
};
use crate::{Fout, Hub};

/// A version in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Versieregel {
    /// Digest of the bundle.
    pub versie: Digest,
    /// The covenant.
    pub convenant: ConvenantId,
    /// The number that the bundle bears.
    pub nummer: u32,
    /// Digest of the tables.
    pub tabellen: Digest,
    /// Who handed it in; absent for what came with the installation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auteur: Option<Oin>,
    /// How far it is at this moment.
    pub staat: Versiestaat,
    /// The number of its last step: what `ETag` says.
    pub stand: u32,
}

/// All versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Versielijst {
    /// Newest first.
    pub versies: Vec<Versieregel>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stapweergave {
    /// From 1.
    pub nummer: usize,
    /// What was done.
    pub soort: Versiestapsoort,
    /// How far it was then.
    pub staat: Versiestaat,
    /// When.
    pub tijd: Tijdstip,
    /// Which organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub door: Option<Oin>,
    /// In what function.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub functie: Option<Beheerfunctie>,
    /// The signed act, or the covenant manager's activation: compact JWS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verklaring: Option<String>,
}

/// The last simulation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Simulatieweergave {
    /// Digest of the outcome, for approvals.
    pub digest: Digest,
    /// What was found.
    pub uitslag: Simulatieuitslag,
}

/// A version with its history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Versieweergave {
    /// What it is.
    #[serde(flatten)]
    pub regel: Versieregel,
    /// From when it is, or will be, in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingang: Option<Tijdstip>,
    /// Under which number of the covenant manager.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volgnummer: Option<u32>,
    /// Who approved what is under way now.
    pub goedkeuringen: Vec<Oin>,
    /// How many approvals it takes.
    pub nodig: usize,
    /// The last simulation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simulatie: Option<Simulatieweergave>,
    /// Every step, the first in front.
    pub stappen: Vec<Stapweergave>,
}

/// The content of a version.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Versieinhoud {
    /// The bundle: what the covenant manager signs.
    pub bundel: Value,
    /// Its tables.
    pub tabellen: Vec<Versietabel>,
}

/// The versions of a covenant, or of all.
pub(crate) async fn alle(hub: &Hub, convenant: Option<ConvenantId>) -> Result<Versielijst, Fout> {
    let nu = hub.clock.now();
    let plan = hub.store.beleidsplan(nu).await?;
    let koppen = hub.store.versies(convenant).await?;
    let versies = koppen.iter().map(|kop| regel(kop, stand::staat(kop, &plan.regels, nu))).collect();
    Ok(Versielijst { versies })
}

/// One version.
pub(crate) async fn een(hub: &Hub, versie: Digest) -> Result<Versieweergave, Fout> {
    let stand = Stand::lezen(hub, versie, hub.clock.now()).await?;
    let simulatie = match stand.simulatie() {
        None => None,
        Some((digest, tekst)) => {
            let uitslag = serde_json::from_str(tekst).map_err(|fout| Fout::new(ProblemCode::InterneFout).door(fout))?;
            Some(Simulatieweergave { digest, uitslag })
        }
    };
    Ok(Versieweergave {
        regel: regel(&stand.kop, stand.staat),
        ingang: stand.regel.as_ref().map(|r| r.ingang),
        volgnummer: stand.regel.as_ref().map(|r| r.volgnummer),
        goedkeuringen: stand.goedkeuringen(),
        nodig: GOEDKEURINGEN,
        simulatie,
        stappen: stand.stappen.iter().zip(1..).map(|(stap, nummer)| stapweergave(stap, nummer)).collect(),
    })
}

/// The content of one version.
pub(crate) async fn inhoud(hub: &Hub, versie: Digest) -> Result<Versieinhoud, Fout> {
    let inhoud = hub.store.versie_inhoud(versie).await?.ok_or_else(|| Fout::new(ProblemCode::NietGevonden))?;
    let intern = |fout: serde_json::Error| Fout::new(ProblemCode::InterneFout).door(fout);
    Ok(Versieinhoud {
        bundel: serde_json::from_str(&inhoud.bundel).map_err(intern)?,
        tabellen: serde_json::from_str(&inhoud.tabellen).map_err(intern)?,
    })
}

fn regel(kop: &Versiekop, staat: Versiestaat) -> Versieregel {
    Versieregel {
        versie: kop.versie,
        convenant: kop.convenant.clone(),
        nummer: kop.nummer,
        tabellen: kop.tabellen_digest,
        auteur: kop.auteur,
        staat,
        stand: kop.stand,
    }
}

fn stapweergave(stap: &Versiestap, nummer: usize) -> Stapweergave {
    Stapweergave {
        nummer,
        soort: stap.soort,
        staat: stap.staat,
        tijd: stap.tijd,
        door: stap.door,
        functie: stap.functie,
        verklaring: stap.verklaring.clone(),
    }
}
