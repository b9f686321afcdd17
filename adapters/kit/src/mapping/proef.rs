//! Tries a mapping out on a message of the own system, without hub, keys or store.

use inbreng_catalogue::Catalogus;
use inbreng_domain::PersoonRef;
use serde_json::{Value, json};

use super::{Mapping, fout::MappingFout};
use crate::concept::{Casuskeuze, Concept, Vertaalfout, Vertaling as _};

/// Where an example needs an identifier, an OIN or an instant.
const NUMMER: &str = "0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8a";
const OIN: &str = "00000099000000009000";
const TIJDSTIP: &str = "2026-11-22T10:00:00.000Z";

impl Mapping {
    /// Says what a message on this path would become, judged by the catalogue. References that only a running adapter
    /// can give are examples.
    ///
    /// # Errors
    /// What is wrong: fields of the message, or places in what it becomes.
    pub fn proef(&self, catalogus: &Catalogus, pad: &str, lichaam: &Value) -> Result<Value, Vec<MappingFout>> {
        let concept = self.uitgaand(pad, lichaam).map_err(|fout| {
            vec![match fout {
                Vertaalfout::Veld { pad, uitleg } => MappingFout::new(format!("veld {pad}"), uitleg),
                Vertaalfout::PadOnbekend => MappingFout::new(format!("pad {pad}"), "dit pad staat niet in de mapping"),
                Vertaalfout::SoortOnbekend(soort) => MappingFout::new("soort", format!("'{soort}' staat niet in de mapping")),
            }]
        })?;
        let mut fouten = Vec::new();
        let Some(definitie) = catalogus.definitie(&concept.soort) else {
            return Err(vec![MappingFout::new("soort", format!("'{}' staat niet in de catalogus", concept.soort))]);
        };
        let verklaring = voorbeeld(&concept.verklaring);
        if let Err(fout) = catalogus.toets_verklaring(&concept.soort, &verklaring) {
            fouten.push(MappingFout::new(format!("verklaring{}", fout.pad), "dit past niet bij het schema van de verklaring"));
        }
        for (i, deel) in concept.delen.iter().enumerate() {
            if let Err(fout) = catalogus.toets_inhoud(&concept.soort, deel.categorie, &voorbeeld(&deel.inhoud)) {
                let uitleg = format!("dit past niet bij het schema van {} met {}", definitie.titel, deel.categorie);
                fouten.push(MappingFout::new(format!("delen[{i}].inhoud{}", fout.pad), uitleg));
            }
        }
        let aantal = u8::try_from(concept.delen.len()).unwrap_or(u8::MAX);
        if !(definitie.delen.minimaal..=definitie.delen.maximaal).contains(&aantal) {
            let uitleg =
                format!("een bericht van dit soort heeft {} tot {} delen", definitie.delen.minimaal, definitie.delen.maximaal);
            fouten.push(MappingFout::new("delen", uitleg));
        }
        if fouten.is_empty() { Ok(weergave(&concept, verklaring)) } else { Err(fouten) }
    }
}

fn weergave(concept: &Concept, verklaring: Value) -> Value {
    let delen: Vec<Value> = concept
        .delen
        .iter()
        .map(|d| {
            let betrokkenen: Vec<Value> = d.betrokkenen.iter().map(|(s, g)| json!({ "eigen": s, "leeftijdsgroep": g })).collect();
            json!({
                "categorie": d.categorie, "doel": d.doel, "grondslagen": d.grondslagen, "functie": d.functie,
                "betrokkenen": betrokkenen, "ontvangers": d.ontvangers, "wijze": d.wijze, "noodzaak": d.noodzaak,
                "status": d.status, "waargenomenOp": d.waargenomen_op, "afgeschermd": d.afgeschermd,
                "noodbesluit": d.noodbesluit, "inhoud": voorbeeld(&d.inhoud),
            })
        })
        .collect();
    let casus = match &concept.casus {
        Casuskeuze::Geen => json!("geen"),
        Casuskeuze::VanAntwoord => json!("van-antwoord"),
        Casuskeuze::VanBericht(kenmerk) => json!({ "van-bericht": kenmerk }),
        Casuskeuze::Eigen(eigen) => json!({ "eigen": eigen }),
    };
    json!({
        "soort": concept.soort, "variant": concept.variant, "kenmerk": concept.kenmerk, "urgentie": concept.urgentie,
        "casus": casus, "antwoordOp": concept.antwoord_op, "gemeente": concept.gemeente,
        "geadresseerden": concept.geadresseerden, "verklaring": verklaring, "delen": delen,
    })
}

/// The value with an example in the place of each placeholder. The same person is the same reference.
#[must_use]
pub fn voorbeeld(waarde: &Value) -> Value {
    match waarde {
        Value::Array(items) => items.iter().map(voorbeeld).collect(),
        Value::Object(leden) => match leden.iter().next() {
            Some((sleutel, binnen)) if sleutel.starts_with('$') => houder(sleutel, binnen),
            _ => leden.iter().map(|(k, v)| (k.clone(), voorbeeld(v))).collect(),
        },
        waarde => waarde.clone(),
    }
}

fn houder(sleutel: &str, binnen: &Value) -> Value {
    match sleutel {
        "$persoon" => {
            let mut verwijzing = [0; 16];
            let som = inbreng_proof::sha256(binnen.as_str().unwrap_or_default().as_bytes());
            verwijzing.iter_mut().zip(som.as_bytes()).for_each(|(v, s)| *v = *s);
            json!(PersoonRef::from_bytes(verwijzing))
        }
        "$casus" => json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        "$partner" | "$afzender" => json!(OIN),
        "$nu" => json!(TIJDSTIP),
        "$volgnummer" => json!(1),
        _ => json!(NUMMER),
    }
}
