//! Writing a step: history, plan and leaf in one commit, and only by who saw the last step.

use inbreng_domain::{
    ConvenantId, Digest, Oin, Tijdstip,
    problem::ProblemCode,
    versie::{Beheerfunctie, Versiestaat, Versiestapsoort},
};
use inbreng_proof::sha256;
use inbreng_storage::{NieuweVersie, Planwijziging, Versieschrift, Versiestap, Versieuitslag};
use serde::Serialize;

use crate::{
    Fout, Hub,
    leaf::{self, Soort},
};

/// The record of a step in the log: who, in what function, when; the act and its outcome by their digests.
#[derive(Debug, Serialize)]
struct Versierecord<'a> {
    convenant: &'a ConvenantId,
    versie: Digest,
    nummer: u32,
    stap: Versiestapsoort,
    staat: Versiestaat,
    door: Option<Oin>,
    functie: Option<Beheerfunctie>,
    tijd: Tijdstip,
    verklaring: Option<Digest>,
    uitslag: Option<Digest>,
}

/// What is written.
#[derive(Debug)]
pub(crate) struct Schrift<'a> {
    pub(crate) convenant: &'a ConvenantId,
    pub(crate) versie: Digest,
    pub(crate) nieuw: Option<NieuweVersie>,
    /// The step that the writer saw last.
    pub(crate) verwacht: u32,
    pub(crate) stap: Versiestap,
    pub(crate) plan: Option<Planwijziging>,
}

/// Writes a step; gives its number.
///
/// # Errors
/// `versie-gewijzigd` when someone was first, `versie-bestaat-anders`, `activering-gepland`, `niet-gevonden`.
pub(crate) async fn schrijven(hub: &Hub, schrift: Schrift<'_>) -> Result<u32, Fout> {
    match proberen(hub, schrift).await? {
        Versieuitslag::Vastgelegd(nummer) => Ok(nummer),
        Versieuitslag::Gewijzigd(_) => Err(Fout::new(ProblemCode::VersieGewijzigd)),
        Versieuitslag::BestaatAnders => Err(Fout::new(ProblemCode::VersieBestaatAnders)),
        Versieuitslag::Onbekend => Err(Fout::new(ProblemCode::NietGevonden)),
        Versieuitslag::PlanBezet => Err(Fout::new(ProblemCode::ActiveringGepland)),
    }
}

/// As [`schrijven`], with what the store says.
pub(crate) async fn proberen(hub: &Hub, schrift: Schrift<'_>) -> Result<Versieuitslag, Fout> {
    let Schrift { convenant, versie, nieuw, verwacht, stap, plan } = schrift;
    let digest = |tekst: &Option<String>| tekst.as_ref().map(|t| sha256(t.as_bytes()));
    let record = Versierecord {
        convenant,
        versie,
        nummer: verwacht.saturating_add(1),
        stap: stap.soort,
        staat: stap.staat,
        door: stap.door,
        functie: stap.functie,
        tijd: stap.tijd,
        verklaring: digest(&stap.verklaring),
        uitslag: digest(&stap.uitslag),
    };
    let blad = leaf::maken(Soort::Versie, &record, stap.tijd, hub.random.as_ref())?;
    let plan_verandert = plan.is_some();
    let uitslag = hub.store.versie_schrijven(Versieschrift { versie, nieuw, verwacht, stap, plan, blad }).await?;
    if plan_verandert && matches!(uitslag, Versieuitslag::Vastgelegd(_)) {
        hub.beleid.herladen(hub.store(), hub.clock.now()).await?;
    }
    Ok(uitslag)
}
