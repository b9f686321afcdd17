//! Preparing without sharing (R36): who keeps a secret can have its part ready, hear the others first, and then decide. Until it is
//! opened nothing of it leaves this machine, the hub does not know that it is there, and it rests encrypted under the own key.

use inbreng_domain::{
    BerichtId, Problem, ProblemCode,
    vocabulary::{Grondslag, JaNee},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Omgeving, Werkfout,
    aannemen::{Aangenomen, Aanneemfout, bereid, vastleggen, vingerafdruk},
    voorbereiden::Voorbereid,
};
use crate::{
    concept::Concept,
    sealing,
    store::{Klaargezet, Uitstand},
};

/// The decision of the professional who opens it (R9): who, in which capacity, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Opening {
    medewerker: String,
    functie: String,
    motivering: String,
}

/// As the own system gave it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bewaard {
    pad: String,
    lichaam: Value,
}

/// What lies ready, without its content.
#[derive(Debug)]
pub(crate) struct Gereed {
    pub(crate) klaargezet: Klaargezet,
    pub(crate) waarschuwingen: Vec<String>,
}

/// Keeps a message that would fit. Its ground is not asked yet: that is what is decided at opening.
pub(crate) async fn klaarzetten(omgeving: &Omgeving, pad: &str, lichaam: &Value) -> Result<Gereed, Aanneemfout> {
    let mut concept = omgeving.vertaling.uitgaand(pad, lichaam)?;
    for deel in concept.delen.iter_mut().filter(|d| d.grondslagen.contains(&Grondslag::DoorbrekenBeroepsgeheim)) {
        deel.noodbesluit = JaNee::Nee;
    }
    let kenmerk = concept.kenmerk.clone();
    let soort = concept.soort.clone();
    let mut tx = omgeving.opslag.begin().await?;
    // Prepared as if it were to be sent, and nothing of that kept.
    let voorbereid = bereid(omgeving, concept, &mut tx).await;
    tx.vergeten().await?;
    let Voorbereid { voorbereiding, waarschuwingen, .. } = voorbereid?;
    let kenmerk = kenmerk.unwrap_or_else(|| BerichtId::to_string(&voorbereiding.bericht));
    if omgeving.opslag.zending(&kenmerk).await?.is_some_and(|z| z.stand != Uitstand::Geweigerd) {
        return Err(Problem::new(ProblemCode::BerichtBestaatAnders).into());
    }
    let bewaard = Bewaard { pad: pad.to_owned(), lichaam: lichaam.clone() };
    let tekst = zeroize::Zeroizing::new(serde_json::to_vec(&bewaard).map_err(Werkfout::intern)?);
    let bericht = sealing::bewaren(&tekst, omgeving.eigen_sleutel()?.jwk(), &*omgeving.random).map_err(Werkfout::intern)?;
    let klaargezet = Klaargezet { kenmerk, soort, bericht, sinds: omgeving.clock.now() };
    let mut tx = omgeving.opslag.begin().await?;
    tx.klaarzetten(&klaargezet).await?;
    tx.vastleggen().await?;
    Ok(Gereed { klaargezet, waarschuwingen })
}

/// Opens it: from here on it is a message like any other. Without a decision, what rests on breaking a secret comes back with the
/// question, and stays as it was.
pub(crate) async fn openen(omgeving: &Omgeving, kenmerk: &str, besluit: Option<&Opening>) -> Result<Aangenomen, Aanneemfout> {
    let onbekend = || Problem::new(ProblemCode::NietGevonden);
    let gereed = omgeving.opslag.klaargezet(kenmerk).await?.ok_or_else(onbekend)?;
    let tekst = sealing::terughalen(&gereed.bericht, omgeving.bos.load().zegels()).map_err(Werkfout::intern)?;
    let bewaard: Bewaard =
        serde_json::from_slice(tekst.as_bytes()).map_err(|_| Werkfout::intern("kept message cannot be read"))?;
    let mut concept = omgeving.vertaling.uitgaand(&bewaard.pad, &bewaard.lichaam)?;
    concept.kenmerk = Some(gereed.kenmerk.clone());
    besluiten(omgeving, &mut concept, besluit)?;
    let vingerafdruk = vingerafdruk(&bewaard.pad, &bewaard.lichaam)?;
    // What lay ready goes with the commit that takes it. Who put it ready was shown the warnings then.
    vastleggen(omgeving, concept, vingerafdruk, Some(&gereed), true).await
}

/// Puts the decision in each part that breaks a secret.
fn besluiten(omgeving: &Omgeving, concept: &mut Concept, besluit: Option<&Opening>) -> Result<(), Aanneemfout> {
    for deel in concept.delen.iter_mut().filter(|d| d.grondslagen.contains(&Grondslag::DoorbrekenBeroepsgeheim)) {
        let Some(Opening { medewerker, functie, motivering }) = besluit else {
            let mut problem = Problem::new(ProblemCode::VeldOngeldig).at("/motivering");
            problem.detail =
                "U beslist zelf of het gevaar zo groot is dat u uw geheim doorbreekt. Leg vast wie dat besluit, en waarom."
                    .to_owned();
            return Err(problem.into());
        };
        deel.noodbesluit = JaNee::Ja;
        let besloten = json!({
            "medewerker": medewerker, "functie": functie, "motivering": motivering, "beslotenOp": omgeving.clock.now(),
        });
        if let Some(inhoud) = deel.inhoud.as_object_mut() {
            let verantwoording = inhoud.entry("verantwoording").or_insert_with(|| json!({}));
            if let Some(leden) = verantwoording.as_object_mut() {
                leden.insert("noodbesluit".to_owned(), besloten);
            }
        }
    }
    Ok(())
}

/// Throws it away, unshared.
pub(crate) async fn weggooien(omgeving: &Omgeving, kenmerk: &str) -> Result<(), Aanneemfout> {
    let mut tx = omgeving.opslag.begin().await?;
    let was_er = tx.klaargezet_weg(kenmerk).await?;
    tx.vastleggen().await?;
    if was_er { Ok(()) } else { Err(Problem::new(ProblemCode::NietGevonden).into()) }
}
