//! A form from the schema of a message type's statement, and what was filled in back to JSON. A statement is small and open:
//! codes, dates, references. What a form cannot ask (an instant, another partner) it leaves out; where that is required, the
//! type is not offered.

use inbreng_domain::{BerichtId, Code, Datum, DeelId, vocabulary::Categorie};
use serde_json::{Map, Value, json};

/// Rows of a list that a form shows.
const RIJEN: usize = 4;

/// One field.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Veld {
    /// Name in the statement.
    pub(super) naam: String,
    /// What it asks, in Dutch.
    pub(super) uitleg: String,
    /// Whether it must be filled in.
    pub(super) verplicht: bool,
    /// How.
    pub(super) soort: Veldsoort,
}

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Veldsoort {
    /// One of these.
    Keuze(Vec<String>),
    /// A day.
    Datum,
    /// A code: small letters, digits, hyphens.
    Code,
    /// Of the message itself: not asked.
    Bericht,
    /// Counted by the adapter: not asked.
    Volgnummer,
    /// Some of the parts of the message.
    Delen,
    /// A few rows of these.
    Rijen(Vec<Veld>),
}

/// What the form is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Over<'a> {
    /// The message.
    pub(super) bericht: BerichtId,
    /// Its parts.
    pub(super) delen: &'a [DeelId],
    /// Where the adapter counts: one series per type and message.
    pub(super) reeks: &'a str,
}

/// Something that was filled in wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Invulfout(pub(super) String);

/// The fields of a statement; nothing where a required one cannot be asked.
pub(super) fn velden(schema: &Value) -> Option<Vec<Veld>> {
    let verplicht: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let leden = schema.get("properties").and_then(Value::as_object)?;
    let over_bericht = leden.contains_key("bericht");
    let mut velden = Vec::with_capacity(leden.len());
    for (naam, lid) in leden {
        let moet = verplicht.contains(&naam.as_str());
        match soort(lid, over_bericht) {
            Some(soort) => {
                let uitleg = lid.get("description").and_then(Value::as_str).unwrap_or(naam).to_owned();
                velden.push(Veld { naam: naam.clone(), uitleg, verplicht: moet, soort });
            }
            None if moet => return None,
            None => {}
        }
    }
    Some(velden)
}

fn soort(lid: &Value, over_bericht: bool) -> Option<Veldsoort> {
    if let Some(stuk) = lid.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next()) {
        return match stuk {
            "berichtId" => Some(Veldsoort::Bericht),
            "datum" => Some(Veldsoort::Datum),
            "code" => Some(Veldsoort::Code),
            "volgnummer" => Some(Veldsoort::Volgnummer),
            "categorie" => Some(Veldsoort::Keuze(Categorie::ALL.iter().map(|c| c.as_str().to_owned()).collect())),
            _ => None,
        };
    }
    match lid.get("type").and_then(Value::as_str)? {
        "string" => {
            let keuzes = lid.get("enum").and_then(Value::as_array)?;
            Some(Veldsoort::Keuze(keuzes.iter().filter_map(Value::as_str).map(str::to_owned).collect()))
        }
        "array" => {
            let rij = lid.get("items")?;
            let deel = rij.get("$ref").and_then(Value::as_str).is_some_and(|r| r.ends_with("/deelId"));
            // Only where the statement is about a message are these the parts of that message.
            if deel { over_bericht.then_some(Veldsoort::Delen) } else { velden(rij).map(Veldsoort::Rijen) }
        }
        _ => None,
    }
}

/// What was filled in, as the statement. What does not fit its schema the catalogue will say.
pub(super) fn verklaring(velden: &[Veld], ingevuld: &[(String, String)], over: Over<'_>) -> Result<Value, Invulfout> {
    let mut uit = Map::new();
    for veld in velden {
        match een(veld, &veld.naam, ingevuld, over)? {
            Some(waarde) => {
                uit.insert(veld.naam.clone(), waarde);
            }
            None if veld.verplicht => return Err(Invulfout(format!("Vul in: {}", veld.uitleg))),
            None => {}
        }
    }
    Ok(Value::Object(uit))
}

fn een(veld: &Veld, naam: &str, ingevuld: &[(String, String)], over: Over<'_>) -> Result<Option<Value>, Invulfout> {
    let fout = || Invulfout(format!("Kijk nog eens naar: {}", veld.uitleg));
    let tekst = gekozen(ingevuld, naam);
    Ok(match &veld.soort {
        Veldsoort::Bericht => Some(json!(over.bericht)),
        Veldsoort::Volgnummer => Some(json!({ "$volgnummer": over.reeks })),
        Veldsoort::Keuze(keuzes) => match tekst {
            Some(t) if keuzes.iter().any(|k| k == t) => Some(t.into()),
            Some(_) => return Err(fout()),
            None => None,
        },
        Veldsoort::Datum => tekst.map(|t| Datum::parse(t).map(|_| t.into()).map_err(|_| fout())).transpose()?,
        Veldsoort::Code => tekst.map(|t| Code::parse(t).map(|_| t.into()).map_err(|_| fout())).transpose()?,
        Veldsoort::Delen => {
            let mut delen = Vec::new();
            for (_, nummer) in ingevuld.iter().filter(|(n, w)| n == naam && !w.is_empty()) {
                let deel = over.delen.iter().find(|d| d.to_string() == *nummer).ok_or_else(fout)?;
                delen.push(json!(deel));
            }
            (!delen.is_empty()).then_some(Value::Array(delen))
        }
        Veldsoort::Rijen(binnen) => {
            let mut rijen = Vec::new();
            for i in 0..RIJEN {
                rijen.extend(rij(binnen, &format!("{naam}.{i}"), ingevuld, over)?);
            }
            (!rijen.is_empty()).then_some(Value::Array(rijen))
        }
    })
}

/// One row; nothing where nothing in it was filled in.
fn rij(binnen: &[Veld], naam: &str, ingevuld: &[(String, String)], over: Over<'_>) -> Result<Option<Value>, Invulfout> {
    let mut uit = Map::new();
    for veld in binnen {
        if let Some(waarde) = een(veld, &format!("{naam}.{}", veld.naam), ingevuld, over)? {
            uit.insert(veld.naam.clone(), waarde);
        }
    }
    match binnen.iter().find(|v| v.verplicht && !uit.contains_key(&v.naam)) {
        Some(veld) if !uit.is_empty() => Err(Invulfout(format!("Vul in: {}", veld.uitleg))),
        _ => Ok((!uit.is_empty()).then_some(Value::Object(uit))),
    }
}

/// What was filled in under a name.
pub(super) fn gekozen<'a>(ingevuld: &'a [(String, String)], naam: &str) -> Option<&'a str> {
    ingevuld.iter().find(|(n, _)| n == naam).map(|(_, w)| w.trim()).filter(|w| !w.is_empty())
}

/// The names of the rows of a list.
pub(super) fn rijnamen(naam: &str) -> impl Iterator<Item = String> {
    (0..RIJEN).map(move |i| format!("{naam}.{i}"))
}

#[cfg(test)]
mod tests {
    use inbreng_catalogue::Catalogus;
    use inbreng_domain::TypeNaam;

    use super::*;

    const BERICHT: &str = "0190f3a1-7b1f-7c40-9a10-1f2e3d4c5b6a";
    const DEEL: &str = "0190f3a1-7b20-7cc1-8e21-3b2a9d4f5c61";

    fn van(soort: &str) -> Option<Vec<Veld>> {
        velden(Catalogus::ingebouwd().unwrap().verklaringschema(&TypeNaam::parse(soort).unwrap()).unwrap())
    }

    fn paren(paren: &[(&str, &str)]) -> Vec<(String, String)> {
        paren.iter().map(|(n, w)| ((*n).to_owned(), (*w).to_owned())).collect()
    }

    fn invullen(soort: &str, ingevuld: &[(&str, &str)]) -> Result<Value, Invulfout> {
        let delen = [DEEL.parse().unwrap()];
        let over = Over { bericht: BERICHT.parse().unwrap(), delen: &delen, reeks: "inbox" };
        verklaring(&van(soort).unwrap(), &paren(ingevuld), over)
    }

    #[test]
    fn what_is_filled_in_fits_the_schema_of_its_type() {
        let catalogus = Catalogus::ingebouwd().unwrap();
        for (soort, ingevuld) in [
            ("dossier-verzoek", vec![("delen", DEEL)]),
            ("misplaatsing", vec![("reden", "verkeerde-persoon")]),
            ("misplaatsing", vec![("reden", "te-veel-gedeeld"), ("delen", DEEL)]),
            ("informatie-antwoord", vec![("antwoord", "niet-bekend")]),
            (
                "informatie-antwoord",
                vec![
                    ("antwoord", "deels-gedeeld"),
                    ("nietGedeeld.1.categorie", "medisch"),
                    ("nietGedeeld.1.reden", "geen-toestemming"),
                ],
            ),
            ("overdracht-acceptatie", vec![("functie", "gezinscoach"), ("eersteContactOp", "2026-11-26")]),
            ("verwijzing-weigering", vec![("reden", "capaciteit")]),
        ] {
            let verklaring = invullen(soort, &ingevuld).unwrap();
            catalogus.toets_verklaring(&TypeNaam::parse(soort).unwrap(), &verklaring).unwrap_or_else(|e| panic!("{soort}: {e}"));
        }
        let terug = invullen("terugkoppeling", &[("stand", "opgepakt"), ("op", "2026-11-22")]).unwrap();
        assert_eq!(terug, json!({ "stand": "opgepakt", "op": "2026-11-22", "volgnummer": { "$volgnummer": "inbox" } }));
    }

    #[test]
    fn what_is_missing_or_invented_is_named() {
        for (soort, ingevuld) in [
            ("misplaatsing", vec![]),
            ("misplaatsing", vec![("reden", "zomaar")]),
            ("dossier-verzoek", vec![]),
            ("dossier-verzoek", vec![("delen", BERICHT)]),
            ("overdracht-acceptatie", vec![("functie", "Gezinscoach!"), ("eersteContactOp", "2026-11-26")]),
            ("overdracht-acceptatie", vec![("functie", "gezinscoach"), ("eersteContactOp", "morgen")]),
            ("informatie-antwoord", vec![("antwoord", "gedeeld"), ("nietGedeeld.0.categorie", "medisch")]),
        ] {
            assert!(invullen(soort, &ingevuld).is_err(), "{soort} {ingevuld:?}");
        }
    }

    #[test]
    fn a_type_that_a_form_cannot_ask_is_not_offered() {
        // Another partner, an instant: not from a small form.
        assert_eq!(van("deelname"), None);
        assert_eq!(van("verlengingsadvies"), None);
        // The parts in an owner's decision are not those of the message that is answered.
        assert!(van("eigenaar-besluit").unwrap().iter().all(|v| v.naam != "delen"));
    }
}
