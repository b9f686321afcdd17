//! Taking a message from the own system: durable before it is confirmed; and asking without sending.

use std::{sync::atomic::Ordering, time::Duration};

use inbreng_domain::{BerichtId, DeelId, Problem, ProblemCode, antwoorden::Aannameantwoord, receipts::Bewijsbesluit};
use inbreng_proof::canonical;
use serde_json::{Value, json};

use super::{
    Omgeving, Werkfout,
    toetsen::{Toetsfout, toetsen},
    verzenden::opening,
    voorbereiden::{Voorbereid, Voorbereidfout, voorbereiden},
};
use crate::{
    concept::{Concept, Vertaalfout},
    sealing,
    store::{Berichtnummer, Klaargezet, NieuweZending, Opslagfout, Transactie, Uitstand, Zending},
};

/// A message that is durably here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aangenomen {
    /// The own system's kenmerk, or the one that the adapter gave.
    pub kenmerk: String,
    /// Its id on the wire.
    pub bericht: BerichtId,
    /// What the user should look at again.
    pub waarschuwingen: Vec<String>,
}

/// Why a message is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Aanneemfout {
    /// The sender can mend it.
    #[error("not taken: {}", .0.code)]
    Probleem(Box<Problem>),
    /// The adapter cannot now.
    #[error(transparent)]
    Werk(#[from] Werkfout),
}

impl From<Opslagfout> for Aanneemfout {
    fn from(fout: Opslagfout) -> Self {
        Self::Werk(fout.into())
    }
}

impl From<Voorbereidfout> for Aanneemfout {
    fn from(fout: Voorbereidfout) -> Self {
        match fout {
            Voorbereidfout::Probleem(problem) => Self::Probleem(problem),
            Voorbereidfout::Opslag(fout) => fout.into(),
        }
    }
}

impl From<Problem> for Aanneemfout {
    fn from(problem: Problem) -> Self {
        Self::Probleem(Box::new(problem))
    }
}

impl From<Vertaalfout> for Aanneemfout {
    fn from(fout: Vertaalfout) -> Self {
        match fout {
            Vertaalfout::PadOnbekend | Vertaalfout::SoortOnbekend(_) => Problem::new(ProblemCode::NietGevonden).into(),
            Vertaalfout::Veld { pad, uitleg } => {
                let mut problem = Problem::new(ProblemCode::VeldOngeldig).at(pad);
                problem.detail = uitleg;
                problem.into()
            }
        }
    }
}

/// What became of a message, for the own system.
#[derive(Debug, Clone, PartialEq)]
pub struct Uitslag {
    /// The message.
    pub aangenomen: Aangenomen,
    /// How far it is.
    pub stand: Uitstand,
    /// What was decided, once it was.
    pub besluiten: Vec<Bewijsbesluit>,
    /// Why it was refused, where it was.
    pub probleem: Option<Problem>,
    /// The hub's signed receipt, once it accepted.
    pub ontvangstbewijs: Option<String>,
}

/// How long an answer waits for the message that it answers, where that is being handed over.
const OVERDRACHT: Duration = Duration::from_secs(3);

/// Takes a message. The same kenmerk with the same content is the same message; one that was refused may come again.
///
/// A system may answer under its own number before we have read that number from its answer to us: what refers to
/// something unknown waits for what is being handed over at that moment.
///
/// `gezien`: the caller saw what is asked about free text, and stands by it.
pub(crate) async fn aannemen(omgeving: &Omgeving, pad: &str, lichaam: &Value, gezien: bool) -> Result<Aangenomen, Aanneemfout> {
    let einde = tokio::time::Instant::now() + OVERDRACHT;
    loop {
        let veranderd = omgeving.veranderd.notified();
        tokio::pin!(veranderd);
        veranderd.as_mut().enable();
        let overdracht = omgeving.in_overdracht.load(Ordering::SeqCst) > 0;
        match een_keer(omgeving, pad, lichaam, gezien).await {
            Err(Aanneemfout::Probleem(p))
                if overdracht
                    && matches!(p.code, ProblemCode::NietGevonden | ProblemCode::CasusOngeldig)
                    && p.pad.is_some()
                    && tokio::time::timeout_at(einde, veranderd).await.is_ok() => {}
            uitslag => return uitslag,
        }
    }
}

async fn een_keer(omgeving: &Omgeving, pad: &str, lichaam: &Value, gezien: bool) -> Result<Aangenomen, Aanneemfout> {
    let concept = omgeving.vertaling.uitgaand(pad, lichaam)?;
    vastleggen(omgeving, concept, vingerafdruk(pad, lichaam)?, None, gezien).await
}

/// Takes a message that no mapping made: what was filled in is its fingerprint.
pub(crate) async fn aannemen_concept(
    omgeving: &Omgeving,
    concept: Concept,
    ingevuld: &[(String, String)],
    gezien: bool,
) -> Result<Aangenomen, Aanneemfout> {
    let vingerafdruk = vingerafdruk(&format!("inbox {}", concept.soort), &json!(ingevuld))?;
    vastleggen(omgeving, concept, vingerafdruk, None, gezien).await
}

/// Takes a message; what was opened of what lay ready only as long as it lies there as it was opened: neither thrown away nor put
/// anew meanwhile.
pub(super) async fn vastleggen(
    omgeving: &Omgeving,
    concept: Concept,
    vingerafdruk: String,
    geopend: Option<&Klaargezet>,
    gezien: bool,
) -> Result<Aangenomen, Aanneemfout> {
    let mut tx = omgeving.opslag.begin().await?;
    if let Some(geopend) = geopend
        && !tx.ligt_klaar(geopend).await?
    {
        tx.vergeten().await?;
        return Err(Problem::new(ProblemCode::NietGevonden).into());
    }
    if let Some(kenmerk) = &concept.kenmerk
        && let Some(eerder) = tx.zending(kenmerk).await?
        && eerder.stand != Uitstand::Geweigerd
    {
        tx.vergeten().await?;
        return herhaling(eerder, &vingerafdruk);
    }
    let kenmerk = concept.kenmerk.clone();
    let soort = concept.soort.clone();
    let baan = concept.urgentie;
    let Voorbereid { voorbereiding, waarschuwingen, te_bevestigen, zaak } = bereid(omgeving, concept, &mut tx).await?;
    if !gezien && !te_bevestigen.is_empty() {
        tx.vergeten().await?;
        let mut problem = Problem::new(ProblemCode::WaarschuwingBevestigen);
        problem.detail = te_bevestigen.join(" ");
        return Err(problem.into());
    }
    let bericht = voorbereiding.bericht;
    let kenmerk = kenmerk.unwrap_or_else(|| bericht.to_string());
    let bewaard = {
        let tekst = zeroize::Zeroizing::new(serde_json::to_vec(&voorbereiding).map_err(Werkfout::intern)?);
        sealing::bewaren(&tekst, omgeving.eigen_sleutel()?.jwk(), &*omgeving.random).map_err(Werkfout::intern)?
    };
    let tekst = json!(waarschuwingen).to_string();
    let volgorde = zaak.as_ref().map_or_else(|| bericht.to_string(), |z| z.verwijzing.to_string());
    let zending = NieuweZending {
        kenmerk: &kenmerk,
        vingerafdruk: &vingerafdruk,
        bericht,
        zaak: &volgorde,
        baan,
        soort: &soort,
        voorbereiding: &bewaard,
        waarschuwingen: &tekst,
        nu: voorbereiding.tijd,
    };
    tx.zending_aannemen(&zending).await?;
    let delen: Vec<_> = voorbereiding.verzoek.delen.iter().map(|d| d.labels.id).collect();
    let nummer = Berichtnummer {
        id: bericht,
        kenmerk: kenmerk.clone(),
        casus: zaak.map(|z| z.verwijzing),
        van: omgeving.organisatie.oin,
        soort,
    };
    tx.bericht_leren(&nummer, &delen).await?;
    // What lay ready under this kenmerk is shared now (R36).
    tx.klaargezet_weg(&kenmerk).await?;
    tx.vastleggen().await?;
    omgeving.wek_uit.wekken();
    Ok(Aangenomen { kenmerk, bericht, waarschuwingen })
}

fn herhaling(eerder: Zending, vingerafdruk: &str) -> Result<Aangenomen, Aanneemfout> {
    if eerder.vingerafdruk != vingerafdruk {
        let mut problem = Problem::new(ProblemCode::BerichtBestaatAnders);
        problem.detail = "Onder dit kenmerk is al een ander bericht aangenomen. Gebruik een nieuw kenmerk.".to_owned();
        return Err(problem.into());
    }
    Ok(aangenomen(&eerder))
}

fn aangenomen(zending: &Zending) -> Aangenomen {
    Aangenomen {
        kenmerk: zending.kenmerk.clone(),
        bericht: zending.bericht,
        waarschuwingen: serde_json::from_str(&zending.waarschuwingen).unwrap_or_default(),
    }
}

pub(super) fn vingerafdruk(pad: &str, lichaam: &Value) -> Result<String, Aanneemfout> {
    let mut tekst = zeroize::Zeroizing::new(pad.as_bytes().to_vec());
    tekst.push(0);
    tekst.extend(zeroize::Zeroizing::new(canonical(lichaam).map_err(|_| Problem::new(ProblemCode::GeenJson))?).iter());
    Ok(inbreng_proof::sha256(&tekst).to_string())
}

pub(super) async fn bereid(omgeving: &Omgeving, concept: Concept, tx: &mut Transactie) -> Result<Voorbereid, Aanneemfout> {
    let convenant = omgeving.convenant().ok_or_else(|| {
        let mut problem = Problem::new(ProblemCode::BeleidVerouderd);
        problem.detail = "De adapter heeft het convenant nog niet kunnen ophalen. Probeer het straks opnieuw.".to_owned();
        problem
    })?;
    Ok(voorbereiden(omgeving, concept, convenant, tx).await?)
}

/// What would become of a message.
#[derive(Debug)]
pub(crate) struct Getoetst {
    /// What was decided, per recipient and part.
    pub besluiten: Vec<Bewijsbesluit>,
    /// What the user should look at again.
    pub waarschuwingen: Vec<String>,
    /// What the decisions call its parts, in the order of the message.
    pub delen: Vec<DeelId>,
}

/// "Mag dit?": prepares and checks as if it were to be sent, and leaves no trace here.
pub(crate) async fn vragen(omgeving: &Omgeving, pad: &str, lichaam: &Value) -> Result<Getoetst, Aanneemfout> {
    vragen_concept(omgeving, omgeving.vertaling.uitgaand(pad, lichaam)?).await
}

/// The same of a message that no mapping made.
pub(crate) async fn vragen_concept(omgeving: &Omgeving, concept: Concept) -> Result<Getoetst, Aanneemfout> {
    let mut tx = omgeving.opslag.begin().await?;
    let voorbereid = bereid(omgeving, concept, &mut tx).await;
    tx.vergeten().await?;
    let Voorbereid { voorbereiding, waarschuwingen, zaak, .. } = voorbereid?;
    // A case that was minted just now is known to nobody but this question.
    let opening = match zaak.filter(|z| !z.geopend).and_then(|z| z.opening) {
        Some(opening) => Some(opening),
        None => opening(omgeving, &voorbereiding).await?,
    };
    let delen = voorbereiding.verzoek.delen.iter().map(|deel| deel.labels.id).collect();
    match toetsen(omgeving, &voorbereiding, opening).await {
        Ok(toets) => Ok(Getoetst { besluiten: toets.besluiten, waarschuwingen, delen }),
        Err(Toetsfout::Geweigerd(problem)) if !problem.besluiten.is_empty() => {
            Ok(Getoetst { besluiten: problem.besluiten, waarschuwingen, delen })
        }
        Err(Toetsfout::Geweigerd(problem)) => Err(Aanneemfout::Probleem(problem)),
        Err(Toetsfout::Ontvanger(waarom)) => {
            tracing::error!(waarom, "knooppunt wijst verkeerde ontvanger aan");
            Err(Problem::new(ProblemCode::OntvangerOnbekend).into())
        }
        Err(Toetsfout::Later(fout)) => Err(Werkfout::Intern(fout).into()),
    }
}

/// What became of a message so far.
pub(crate) async fn uitslag(omgeving: &Omgeving, kenmerk: &str) -> Result<Option<Uitslag>, Werkfout> {
    Ok(omgeving.opslag.zending(kenmerk).await?.map(|z| lezen(&z)))
}

/// Waits until a message is settled, `hoogstens` that long.
pub(crate) async fn wachten(omgeving: &Omgeving, kenmerk: &str, hoogstens: Duration) -> Result<Option<Uitslag>, Werkfout> {
    let einde = tokio::time::Instant::now() + hoogstens;
    loop {
        // Registered before the look, so that a change in between is not missed.
        let veranderd = omgeving.veranderd.notified();
        tokio::pin!(veranderd);
        veranderd.as_mut().enable();
        let stand = uitslag(omgeving, kenmerk).await?;
        if stand.as_ref().is_none_or(|u| u.stand.is_eind()) || tokio::time::timeout_at(einde, veranderd).await.is_err() {
            return Ok(stand);
        }
    }
}

fn lezen(zending: &Zending) -> Uitslag {
    let mut besluiten: Vec<Bewijsbesluit> = Vec::new();
    let mut probleem = None;
    let mut ontvangstbewijs = None;
    match (zending.stand, zending.antwoord.as_deref()) {
        (Uitstand::Bevestigd, Some(antwoord)) => {
            if let Ok(aangenomen) = serde_json::from_str::<Aannameantwoord>(antwoord) {
                besluiten = aangenomen.besluiten;
                ontvangstbewijs = Some(aangenomen.ontvangstbewijs);
            }
            besluiten.extend(serde_json::from_str::<Vec<Bewijsbesluit>>(&zending.onthouden).unwrap_or_default());
        }
        (Uitstand::Geweigerd, Some(antwoord)) => {
            let mut gelezen: Problem = serde_json::from_str(antwoord).unwrap_or_else(|_| Problem::new(ProblemCode::InterneFout));
            if let Some(eerste) = gelezen.besluiten.first() {
                gelezen.detail.clone_from(&eerste.zin);
            }
            besluiten.clone_from(&gelezen.besluiten);
            probleem = Some(gelezen);
        }
        _ => {}
    }
    Uitslag { aangenomen: aangenomen(zending), stand: zending.stand, besluiten, probleem, ontvangstbewijs }
}
