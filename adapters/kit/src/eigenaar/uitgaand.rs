//! An owner's word from the own system, where no mapping words it: `POST /eigenaar/<soort>`. What it is about is named by own
//! kenmerk and the number of a part; the rest is in the words of the wire.

use inbreng_domain::{
    Code, Geadresseerde, TypeNaam,
    vocabulary::{Categorie, Doel, Gebruik, Grondslag, Leeftijdsgroep, Namens, Noodzaak, Toegangswijze, Urgentie, Zekerheid},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    DOORVERSTREKKING_VERZOEK, DOSSIER_VERZOEK, EIGENAAR_BESLUIT, EMBARGO, INTREKKING, MISPLAATSING, RECTIFICATIE, SOORTEN,
    TOESTEMMING_INGETROKKEN,
};
use crate::concept::{Casuskeuze, Concept, Conceptdeel, Vertaalfout};

/// What the own system posts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Vorm {
    kenmerk: Option<String>,
    variant: Option<Code>,
    casus: Option<String>,
    over: Option<String>,
    #[serde(default)]
    delen: Vec<u32>,
    antwoord_op: Option<String>,
    #[serde(default)]
    aan: Vec<Geadresseerde>,
    urgentie: Option<Urgentie>,
    #[serde(default)]
    verklaring: Map<String, Value>,
    #[serde(default)]
    inhoud: Vec<Deelvorm>,
    toelichting: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Deelvorm {
    categorie: Categorie,
    doel: Option<Doel>,
    grondslagen: Vec<Grondslag>,
    functie: Code,
    #[serde(default)]
    betrokkenen: Vec<Betrokkene>,
    inhoud: Value,
    status: Option<Zekerheid>,
    wijze: Option<Toegangswijze>,
    gebruik: Option<Vec<Gebruik>>,
    #[serde(default)]
    noodzaak_toegelicht: bool,
    namens: Option<Namens>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Betrokkene {
    sleutel: String,
    leeftijdsgroep: Leeftijdsgroep,
}

fn veld(pad: &str, uitleg: &str) -> Vertaalfout {
    Vertaalfout::Veld { pad: pad.to_owned(), uitleg: uitleg.to_owned() }
}

/// What was posted, as a message still to be made.
pub(super) fn concept(soort: &str, lichaam: &Value) -> Result<Concept, Vertaalfout> {
    let naam = SOORTEN.contains(&soort).then(|| TypeNaam::parse(soort).ok()).flatten().ok_or(Vertaalfout::PadOnbekend)?;
    let vorm = Vorm::deserialize(lichaam)
        .map_err(|_| veld("", "Dit past niet bij de vorm van dit pad; zie de beschrijving van de adapter."))?;
    let verklaring = verklaring(soort, &vorm)?;
    let casus = match (&vorm.casus, &vorm.antwoord_op, &vorm.over) {
        (Some(eigen), ..) => Casuskeuze::Eigen(eigen.clone()),
        (None, Some(kenmerk), _) | (None, None, Some(kenmerk)) => Casuskeuze::VanBericht(kenmerk.clone()),
        (None, None, None) => return Err(veld("/casus", "Noem de zaak, of het bericht waar dit over gaat.")),
    };
    Ok(Concept {
        kenmerk: vorm.kenmerk,
        soort: naam,
        variant: vorm.variant,
        urgentie: vorm.urgentie.unwrap_or(Urgentie::Normaal),
        casus,
        antwoord_op: vorm.antwoord_op,
        gemeente: None,
        geadresseerden: vorm.aan,
        verklaring,
        delen: vorm.inhoud.into_iter().map(deel).collect(),
        toelichting: vorm.toelichting,
    })
}

fn deel(vorm: Deelvorm) -> Conceptdeel {
    let doel = vorm.doel.unwrap_or(Doel::Verantwoording);
    Conceptdeel {
        betrokkenen: vorm.betrokkenen.into_iter().map(|b| (b.sleutel, b.leeftijdsgroep)).collect(),
        status: vorm.status,
        wijze: vorm.wijze,
        gebruik: vorm.gebruik,
        noodzaak: if vorm.noodzaak_toegelicht { Noodzaak::Toegelicht } else { Noodzaak::NietToegelicht },
        namens: vorm.namens,
        ..Conceptdeel::new(vorm.categorie, doel, vorm.grondslagen, vorm.functie, vorm.inhoud)
    }
}

/// The statement: what the own system wrote, and what it named by own number.
fn verklaring(soort: &str, vorm: &Vorm) -> Result<Value, Vertaalfout> {
    let mut uit = vorm.verklaring.clone();
    let over = || vorm.over.as_deref().ok_or_else(|| veld("/over", "Noem het kenmerk van het bericht waar dit over gaat."));
    let deel = |over: &str, nummer: u32| json!({ "$deel": format!("{over}#{nummer}") });
    let mut zet = |naam: &str, waarde: Value| uit.insert(naam.to_owned(), waarde);
    if matches!(soort, DOSSIER_VERZOEK | DOORVERSTREKKING_VERZOEK | RECTIFICATIE | INTREKKING | MISPLAATSING) {
        zet("bericht", json!({ "$bericht": over()? }));
    }
    match soort {
        RECTIFICATIE => {
            let [nummer] = vorm.delen[..] else { return Err(veld("/delen", "Noem het ene deel dat wordt verbeterd.")) };
            zet("deel", deel(over()?, nummer));
        }
        EMBARGO => {
            if let [nummer] = vorm.delen[..] {
                zet("deel", deel(over()?, nummer));
            } else if !vorm.delen.is_empty() {
                return Err(veld("/delen", "Een embargo gaat over één deel, een persoon of de zaak."));
            }
        }
        _ if !vorm.delen.is_empty() => {
            let over = over()?;
            zet("delen", vorm.delen.iter().map(|nummer| deel(over, *nummer)).collect());
        }
        DOSSIER_VERZOEK | DOORVERSTREKKING_VERZOEK => return Err(veld("/delen", "Noem de delen waar u om vraagt.")),
        _ => {}
    }
    // A person by own key, ourselves by a word, and each statement a number above the one before.
    if let Some(Value::String(eigen)) = uit.get("persoon").cloned() {
        uit.insert("persoon".to_owned(), json!({ "$persoon": eigen }));
    }
    if uit.get("eigenaar").is_some_and(|v| v == "eigen") {
        uit.insert("eigenaar".to_owned(), json!({ "$partner": "eigen" }));
    }
    if matches!(soort, TOESTEMMING_INGETROKKEN | EIGENAAR_BESLUIT | EMBARGO) && !uit.contains_key("volgnummer") {
        let waarover = vorm.antwoord_op.as_deref().or(vorm.casus.as_deref()).or(vorm.over.as_deref()).unwrap_or_default();
        uit.insert("volgnummer".to_owned(), json!({ "$volgnummer": format!("eigenaar:{soort}:{waarover}") }));
    }
    Ok(Value::Object(uit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_is_about_is_named_by_own_number() {
        let gemaakt =
            concept("intrekking", &json!({"over": "PL-1", "delen": [0, 2], "verklaring": {"reden": "onjuist"}})).unwrap();
        assert_eq!(
            gemaakt.verklaring,
            json!({"bericht": {"$bericht": "PL-1"}, "delen": [{"$deel": "PL-1#0"}, {"$deel": "PL-1#2"}], "reden": "onjuist"})
        );
        assert!(gemaakt.casus == Casuskeuze::VanBericht("PL-1".to_owned()));
    }

    #[test]
    fn an_explanation_for_another_purpose_is_no_part_of_the_answer() {
        let gemaakt =
            concept("eigenaar-besluit", &json!({"antwoordOp": "V-1", "verklaring": {"besluit": "ja"}, "toelichting": "Nodig."}));
        let gemaakt = gemaakt.unwrap();
        assert_eq!(gemaakt.toelichting.as_deref(), Some("Nodig."));
        assert!(!gemaakt.verklaring.to_string().contains("Nodig") && gemaakt.delen.is_empty());
    }

    #[test]
    fn what_does_not_fit_says_where() {
        for (soort, lichaam, waar) in [
            ("intrekking", json!({"casus": "Z-1", "verklaring": {"reden": "onjuist"}}), "/over"),
            ("rectificatie", json!({"over": "PL-1", "verklaring": {"soort": "verbeterd"}}), "/delen"),
            ("dossier-verzoek", json!({"over": "PL-1"}), "/delen"),
            ("embargo", json!({"over": "PL-1", "delen": [0, 1]}), "/delen"),
            ("misplaatsing", json!({"over": "PL-1", "anders": 1}), ""),
            ("eigenaar-besluit", json!({"verklaring": {"besluit": "ja"}}), "/casus"),
        ] {
            assert!(matches!(concept(soort, &lichaam), Err(Vertaalfout::Veld { pad, .. }) if pad == waar), "{soort}");
        }
        assert_eq!(concept("overdracht", &json!({})), Err(Vertaalfout::PadOnbekend));
    }
}
