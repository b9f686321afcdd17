//! The schemas say what the types read and write: every example fits its schema, is read by its type, and comes back the
//! same.

use inbreng_domain::{
    Envelope, Problem,
    antwoorden::{
        Aannameantwoord, Berichttypen, Checkpointantwoord, Convenanten, Insluitingsbewijs, Inzageantwoord, Partners, Routering,
        Samenhangbewijs, Sleutelverzoek, Statusantwoord, Toegangsverzoek, Verklaringverzoek, Vermeldingverzoek,
    },
    authzen::{Evaluatie, Evaluaties, Vindplaats},
    levering::Postvak,
    noodgebruik::Noodgebruik,
    overzicht::Overzicht,
    strengheid::Strengheid,
    terugroep::{Dodeletters, Terugroepverzoek},
    toets::{Toetsantwoord, Toetsverzoek},
};
use serde::{Serialize, de::DeserializeOwned};

use super::*;

fn validator(naam: &str) -> jsonschema::Validator {
    let document = json!({ "components": { "schemas": alle() }, "$ref": format!("#/components/schemas/{naam}") });
    jsonschema::validator_for(&document).unwrap()
}

fn round<T: DeserializeOwned + Serialize>(naam: &str) {
    let example = voorbeeld(naam).unwrap();
    let read: T = serde_json::from_value(example.clone()).unwrap_or_else(|e| panic!("{naam}: {e}"));
    assert_eq!(serde_json::to_value(read).unwrap(), example, "{naam}");
}

#[test]
fn every_example_fits_its_schema() {
    let mut seen = 0;
    for (naam, schema) in alle() {
        for example in schema.get("examples").and_then(Value::as_array).into_iter().flatten() {
            let errors: Vec<_> = validator(naam).iter_errors(example).map(|e| format!("{} {e}", e.instance_path())).collect();
            assert!(errors.is_empty(), "{naam}: {errors:?}");
            seen += 1;
        }
    }
    assert!(seen > 25, "{seen}");
}

#[test]
fn every_example_is_read_and_written_by_its_type() {
    round::<Envelope>("BerichtEnvelop");
    round::<Toetsverzoek>("Toetsverzoek");
    round::<Toetsantwoord>("Toetsantwoord");
    round::<Aannameantwoord>("Aannameantwoord");
    round::<Statusantwoord>("Statusantwoord");
    round::<Postvak>("Postvak");
    round::<Verklaringverzoek>("Verklaringverzoek");
    round::<Inzageantwoord>("Inzageantwoord");
    round::<Berichttypen>("Berichttypen");
    round::<Convenanten>("Convenanten");
    round::<Partners>("Partners");
    round::<Routering>("Routering");
    round::<Sleutelverzoek>("Sleutelverzoek");
    round::<Vermeldingverzoek>("Vermeldingverzoek");
    round::<Toegangsverzoek>("Toegangsverzoek");
    round::<Checkpointantwoord>("Checkpointantwoord");
    round::<Insluitingsbewijs>("Insluitingsbewijs");
    round::<Samenhangbewijs>("Samenhangbewijs");
    round::<Problem>("Problem");
    round::<Strengheid>("Strengheid");
    round::<Noodgebruik>("Noodgebruik");
    round::<Overzicht>("Overzicht");
    round::<Terugroepverzoek>("Terugroepverzoek");
    round::<Dodeletters>("Dodeletters");
    round::<Evaluatie>("Evaluatie");
    round::<Evaluaties>("Evaluaties");
    round::<Vindplaats>("AuthzenVindplaats");
}

/// Every member of an example, at any depth, is needed by schema and type alike or by neither. The published schemas are
/// stricter than the types on purpose, and have tests of their own.
#[test]
fn schema_and_type_require_the_same_members() {
    fn compare<T: DeserializeOwned>(naam: &str) {
        let example = voorbeeld(naam).unwrap();
        let schema = validator(naam);
        for place in places(&example, String::new()) {
            let mut without = example.clone();
            let (parent, member) = place.rsplit_once('/').unwrap();
            without.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(member);
            let read = serde_json::from_value::<T>(without.clone());
            assert_eq!(schema.is_valid(&without), read.is_ok(), "{naam} without {place}: {:?}", read.err());
        }
    }
    compare::<Statusantwoord>("Statusantwoord");
    compare::<Berichttypen>("Berichttypen");
    compare::<Partners>("Partners");
    compare::<Inzageantwoord>("Inzageantwoord");
    compare::<Routering>("Routering");
    compare::<Convenanten>("Convenanten");
    compare::<Sleutelverzoek>("Sleutelverzoek");
    compare::<Vermeldingverzoek>("Vermeldingverzoek");
    compare::<Toegangsverzoek>("Toegangsverzoek");
    compare::<Verklaringverzoek>("Verklaringverzoek");
    compare::<Insluitingsbewijs>("Insluitingsbewijs");
    compare::<Samenhangbewijs>("Samenhangbewijs");
    compare::<Strengheid>("Strengheid");
    compare::<Noodgebruik>("Noodgebruik");
    compare::<Overzicht>("Overzicht");
    compare::<Terugroepverzoek>("Terugroepverzoek");
    compare::<Dodeletters>("Dodeletters");
}

fn places(value: &Value, at: String) -> Vec<String> {
    match value {
        Value::Object(map) => map
            .iter()
            .flat_map(|(naam, v)| {
                let place = format!("{at}/{naam}");
                std::iter::once(place.clone()).chain(places(v, place))
            })
            .collect(),
        Value::Array(items) => items.iter().enumerate().flat_map(|(i, v)| places(v, format!("{at}/{i}"))).collect(),
        _ => Vec::new(),
    }
}

/// What is shown of policy versions is written by these types; their examples are read back where the hub reads them.
#[test]
fn what_officers_see_fits_its_schema() {
    use inbreng_pipeline::beheer::{Activeringsverzoek, Indieningsverzoek, Simulatieuitslag};
    let _: Indieningsverzoek = serde_json::from_value(voorbeeld("Indieningsverzoek").unwrap()).unwrap();
    let _: Activeringsverzoek = serde_json::from_value(voorbeeld("Activeringsverzoek").unwrap()).unwrap();
    let uitslag = voorbeeld("Simulatieantwoord").unwrap()["uitslag"].clone();
    let gelezen: Simulatieuitslag = serde_json::from_value(uitslag.clone()).unwrap();
    assert_eq!(serde_json::to_value(gelezen).unwrap(), uitslag);
    let wijziging = voorbeeld("Wijzigingen").unwrap()["wijzigingen"][0].clone();
    let gelezen: inbreng_pipeline::beheer::Wijziging = serde_json::from_value(wijziging.clone()).unwrap();
    assert_eq!(serde_json::to_value(gelezen).unwrap(), wijziging);
}
