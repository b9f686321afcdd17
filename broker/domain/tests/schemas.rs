//! The published schemas and the types of this crate say the same.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test, its helpers included")]

use std::collections::{BTreeMap, BTreeSet};

use inbreng_domain::{
    Bericht, BerichtId, Berichttype, Besluit, CasusRef, Deel, Digest, Envelope, Kop, Labels, PersoonRef, Problem, ProblemCode,
    RegelId, Tijdstip, Uitkomst,
    antwoorden::Aannameantwoord,
    convenant::{Convenanttekst, Toetreding, Uittreding},
    envelope::Data,
    gids::{Bevriezing, Gidsvermelding, Medeondertekening, Opvolging, Sleutelverklaring, Vermelding},
    jwe::Inhoud,
    levering::{Levering, Postvak},
    overzicht::Overzichtverzoek,
    part::{Deelbewijs, Toegangsverklaring},
    randomness::SeededRandomness,
    receipts::{
        Checkpoint, Gelezen, Inzageverzoek, Nazending, Ontvangerstand, Ontvangst, Ontvangstbewijs, Toetsoordeel, Toetsuitslag,
        Weigering, Weigeringscode,
    },
    schemas::{ALL, BASIS},
    terugroep::{Herbezorging, Terugroep},
    toets::{Toetsantwoord, Toetsverzoek},
    versie::{Activering, Beheerfunctie, Beheerhandeling, Versiehandeling},
    vocabulary::{
        Categorie, Doel, Gebruik, Grondslag, JaNee, Leeftijdsgroep, Namens, Noodzaak, Ontvangersoort, Partnertype, Toegangswijze,
        Urgentie, Zekerheid,
    },
};
use jsonschema::{Registry, Validator};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

/// Members that a reader takes as empty when they are missing, though a writer must write them: in what is signed an empty
/// list has one spelling.
const LEZER_VULT_AAN: &[&str] = &["delen", "betrokkenen", "gebruik", "gebied", "functies"];

fn teksten() -> BTreeMap<&'static str, Value> {
    ALL.iter().map(|(naam, tekst)| (*naam, serde_json::from_str(tekst).unwrap())).collect()
}

fn compileer(schemas: &BTreeMap<&'static str, Value>) -> BTreeMap<&'static str, Validator> {
    let registry =
        Registry::new().extend(schemas.iter().map(|(naam, s)| (format!("{BASIS}{naam}.json"), s))).unwrap().prepare().unwrap();
    let bouw =
        |s: &Value| jsonschema::draft202012::options().with_registry(&registry).should_validate_formats(true).build(s).unwrap();
    schemas.iter().map(|(naam, s)| (*naam, bouw(s))).collect()
}

/// Reads a value as the type of a schema and writes it again.
type Lezer = fn(Value) -> Result<Value, String>;

fn lezer<T: Serialize + DeserializeOwned>(v: Value) -> Result<Value, String> {
    let gelezen: T = serde_json::from_value(v).map_err(|e| e.to_string())?;
    Ok(serde_json::to_value(gelezen).unwrap())
}

const LEZERS: &[(&str, Lezer)] = &[
    ("aannameantwoord", lezer::<Aannameantwoord>),
    ("activering", lezer::<Activering>),
    ("beheerhandeling", lezer::<Beheerhandeling>),
    ("bericht", lezer::<Bericht>),
    ("bericht-envelop", lezer::<Envelope>),
    ("besluit", lezer::<Besluit>),
    ("bevriezing", lezer::<Bevriezing>),
    ("checkpoint", lezer::<Checkpoint>),
    ("convenanttekst", lezer::<Convenanttekst>),
    ("data", lezer::<Data>),
    ("deel", lezer::<Deel>),
    ("deelbewijs", lezer::<Deelbewijs>),
    ("gelezen", lezer::<Gelezen>),
    ("gidsvermelding", lezer::<Gidsvermelding>),
    ("herbezorging", lezer::<Herbezorging>),
    ("inhoud", lezer::<Inhoud>),
    ("inzageverzoek", lezer::<Inzageverzoek>),
    ("kop", lezer::<Kop>),
    ("labels", lezer::<Labels>),
    ("levering", lezer::<Levering>),
    ("medeondertekening", lezer::<Medeondertekening>),
    ("nazending", lezer::<Nazending>),
    ("ontvangst", lezer::<Ontvangst>),
    ("ontvangstbewijs", lezer::<Ontvangstbewijs>),
    ("opvolging", lezer::<Opvolging>),
    ("overzichtverzoek", lezer::<Overzichtverzoek>),
    ("postvak", lezer::<Postvak>),
    ("problem", lezer::<Problem>),
    ("sleutelverklaring", lezer::<Sleutelverklaring>),
    ("terugroep", lezer::<Terugroep>),
    ("toegangsverklaring", lezer::<Toegangsverklaring>),
    ("toetreding", lezer::<Toetreding>),
    ("toetsantwoord", lezer::<Toetsantwoord>),
    ("toetsuitslag", lezer::<Toetsuitslag>),
    ("toetsverzoek", lezer::<Toetsverzoek>),
    ("uittreding", lezer::<Uittreding>),
    ("vermelding", lezer::<Vermelding>),
    ("weigering", lezer::<Weigering>),
];

/// Schema, type and examples of every published schema that stands for a type.
fn gevallen() -> Vec<(&'static str, Validator, Lezer, Vec<Value>)> {
    let teksten = teksten();
    let mut gecompileerd = compileer(&teksten);
    gecompileerd.remove("basis").unwrap();
    assert_eq!(gecompileerd.keys().copied().collect::<Vec<_>>(), LEZERS.iter().map(|(n, _)| *n).collect::<Vec<_>>());
    let geval = |(naam, lezer): &(&'static str, Lezer)| {
        (*naam, gecompileerd.remove(naam).unwrap(), *lezer, teksten[naam]["examples"].as_array().unwrap().clone())
    };
    LEZERS.iter().map(geval).collect()
}

#[test]
fn every_example_fits_its_schema_and_comes_back_unchanged_from_its_type() {
    for (naam, schema, lezer, voorbeelden) in gevallen() {
        assert!(!voorbeelden.is_empty(), "{naam}");
        for voorbeeld in voorbeelden {
            schema.validate(&voorbeeld).unwrap_or_else(|e| panic!("{naam} at {}: {e}", e.instance_path()));
            assert_eq!(lezer(voorbeeld.clone()), Ok(voorbeeld), "{naam}");
        }
    }
}

fn objecten(waarde: &Value, pad: &str, uit: &mut Vec<String>) {
    match waarde {
        // The open object of a message type is the catalogue's.
        Value::Object(_) if pad.ends_with("/verklaring") => {}
        Value::Object(leden) => {
            uit.push(pad.to_owned());
            leden.iter().for_each(|(naam, lid)| objecten(lid, &format!("{pad}/{naam}"), uit));
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(i, item)| objecten(item, &format!("{pad}/{i}"), uit)),
        _ => {}
    }
}

fn object<'a>(waarde: &'a mut Value, pad: &str) -> &'a mut Map<String, Value> {
    waarde.pointer_mut(pad).unwrap().as_object_mut().unwrap()
}

#[test]
fn an_unknown_member_is_refused_by_schema_and_type_at_every_depth() {
    for (naam, schema, lezer, voorbeelden) in gevallen() {
        for voorbeeld in voorbeelden {
            let mut plaatsen = Vec::new();
            objecten(&voorbeeld, "", &mut plaatsen);
            for pad in plaatsen {
                let mut kapot = voorbeeld.clone();
                object(&mut kapot, &pad).insert("onbekend".to_owned(), json!(1));
                assert!(!schema.is_valid(&kapot), "schema of {naam} is open at {pad}");
                // RFC 9457 §3.2: who reads a problem ignores what it does not know.
                assert_eq!(lezer(kapot).is_ok(), naam == "problem" && pad.is_empty(), "type of {naam} at {pad}");
            }
        }
    }
}

#[test]
fn schema_and_type_require_the_same_members() {
    for (naam, schema, lezer, voorbeelden) in gevallen() {
        for voorbeeld in voorbeelden {
            let mut plaatsen = Vec::new();
            objecten(&voorbeeld, "", &mut plaatsen);
            for pad in plaatsen {
                let leden: Vec<String> = voorbeeld.pointer(&pad).unwrap().as_object().unwrap().keys().cloned().collect();
                for lid in leden {
                    let mut zonder = voorbeeld.clone();
                    object(&mut zonder, &pad).remove(&lid);
                    let (volgens_schema, volgens_type) = (schema.is_valid(&zonder), lezer(zonder).is_ok());
                    let aangevuld = LEZER_VULT_AAN.contains(&lid.as_str()) && volgens_type;
                    assert!(volgens_schema == volgens_type || aangevuld, "{naam} without {pad}/{lid}: schema {volgens_schema}");
                }
            }
        }
    }
}

#[test]
fn every_object_of_every_schema_is_closed_and_described() {
    fn doorloop(schema: &Value, waar: &str) {
        if schema.get("type") == Some(&json!("object")) && !waar.ends_with("/verklaring") {
            assert_eq!(schema["additionalProperties"], json!(false), "{waar}");
        }
        for (sleutel, kind) in schema.as_object().into_iter().flatten() {
            match sleutel.as_str() {
                "properties" | "$defs" => kind.as_object().unwrap().iter().for_each(|(n, s)| doorloop(s, &format!("{waar}/{n}"))),
                "items" => doorloop(kind, &format!("{waar}/-")),
                "oneOf" => kind.as_array().unwrap().iter().for_each(|s| doorloop(s, waar)),
                _ => {}
            }
        }
    }
    for (naam, schema) in teksten() {
        assert_eq!(schema["$id"], format!("{BASIS}{naam}.json"));
        assert!(schema["title"].is_string(), "{naam}");
        doorloop(&schema, naam);
    }
    for (naam, def) in teksten()["basis"]["$defs"].as_object().unwrap() {
        assert!(def["description"].is_string(), "{naam} is not described");
    }
}

#[test]
fn every_member_of_a_type_is_in_its_schema_and_shown() {
    // What an example does not show, a type may have without its schema knowing it.
    let teksten = teksten();
    let (mut getoond, mut bekend) = (BTreeSet::new(), BTreeSet::new());
    for (naam, schema) in &teksten {
        for voorbeeld in schema.get("examples").and_then(Value::as_array).into_iter().flatten() {
            getoond.extend(voorbeeld.as_object().unwrap().keys().map(|k| format!("{naam}/{k}")));
        }
        if *naam != "basis" {
            bekend.extend(schema["properties"].as_object().unwrap().keys().map(|k| format!("{naam}/{k}")));
        }
    }
    let verborgen: Vec<&String> = bekend.difference(&getoond).collect();
    assert_eq!(verborgen, Vec::<&String>::new());
}

fn woordenlijsten() -> Vec<(&'static str, Vec<&'static str>)> {
    macro_rules! lijst {
        ($($naam:literal = $t:ty),+ $(,)?) => { vec![$(($naam, <$t>::ALL.iter().map(|w| w.as_str()).collect())),+] };
    }
    lijst!(
        "partnertype" = Partnertype,
        "ontvangersoort" = Ontvangersoort,
        "categorie" = Categorie,
        "doel" = Doel,
        "grondslag" = Grondslag,
        "urgentie" = Urgentie,
        "leeftijdsgroep" = Leeftijdsgroep,
        "zekerheid" = Zekerheid,
        "namens" = Namens,
        "toegangswijze" = Toegangswijze,
        "gebruik" = Gebruik,
        "jaNee" = JaNee,
        "noodzaak" = Noodzaak,
        "uitkomst" = Uitkomst,
        "ontvangerstand" = Ontvangerstand,
        "weigeringscode" = Weigeringscode,
        "toetsoordeel" = Toetsoordeel,
        "versiehandeling" = Versiehandeling,
        "beheerfunctie" = Beheerfunctie,
        "probleemcode" = ProblemCode,
    )
}

#[test]
fn the_words_of_the_schemas_are_those_of_the_vocabularies() {
    let teksten = teksten();
    let defs = teksten["basis"]["$defs"].as_object().unwrap();
    for (naam, woorden) in woordenlijsten() {
        assert_eq!(defs[naam]["enum"], json!(woorden), "{naam}");
    }
    let met_woorden: BTreeSet<&str> = defs.iter().filter(|(_, s)| s.get("enum").is_some()).map(|(n, _)| n.as_str()).collect();
    assert_eq!(met_woorden, woordenlijsten().iter().map(|(n, _)| *n).collect(), "a list that no vocabulary stands behind");
}

/// One identifier of `basis.json`, on its own.
fn bouwsteen(naam: &str) -> Validator {
    let schema = teksten()["basis"]["$defs"][naam].clone();
    jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap()
}

#[test]
fn identifiers_are_refused_alike() {
    let leest = |naam: &str, tekst: &str| match naam {
        "oin" => inbreng_domain::Oin::parse(tekst).is_ok(),
        "berichtId" => BerichtId::parse(tekst).is_ok(),
        "casusRef" => CasusRef::parse(tekst).is_ok(),
        "persoonRef" => PersoonRef::parse(tekst).is_ok(),
        "berichttype" => Berichttype::parse(tekst).is_ok(),
        "tijdstip" => Tijdstip::parse(tekst).is_ok(),
        "datum" => inbreng_domain::Datum::parse(tekst).is_ok(),
        "digest" => Digest::parse(tekst).is_ok(),
        "regelId" => RegelId::parse(tekst).is_ok(),
        "gemeenteCode" => inbreng_domain::GemeenteCode::parse(tekst).is_ok(),
        "code" => inbreng_domain::Code::parse(tekst).is_ok(),
        "bron" => inbreng_domain::Bron::parse(tekst).is_ok(),
        _ => panic!("{naam}"),
    };
    let b43 = "A".repeat(43);
    let lang = "a".repeat(65);
    for (naam, goed, fout) in [
        ("oin", "00000001003214345000", vec!["0000000100321434500", "0000000100321434500x"]),
        (
            "berichtId",
            "019aa8f1-5c20-7d3a-9b1c-2f4e5d6c7b8a",
            vec!["019aa8f1-5c20-4d3a-9b1c-2f4e5d6c7b8a", "019AA8F1-5C20-7D3A-9B1C-2F4E5D6C7B8A", ""],
        ),
        ("casusRef", b43.as_str(), vec!["A", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB"]),
        ("persoonRef", "AAECAwQFBgcICQoLDA0ODw", vec!["AAECAwQFBgcICQoLDA0ODx", "AAECAwQFBgcICQoLDA0OD=", ""]),
        (
            "berichttype",
            "nl.inbreng.advies-verzoek.v1",
            vec!["nl.inbreng.advies.v0", "nl.inbreng.advies.v01", "nl.inbreng.Advies.v1", "nl.inbreng..v1"],
        ),
        (
            "tijdstip",
            "2026-11-22T00:14:05.120Z",
            vec!["2026-11-22T00:14:05Z", "2026-11-22T00:14:05.120+01:00", "2026-02-30T00:14:05.120Z"],
        ),
        ("datum", "2028-02-29", vec!["2026-02-29", "2026-2-9", "29-02-2028"]),
        (
            "digest",
            "sha-256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            vec!["sha-1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "sha-256:AA"],
        ),
        ("regelId", "R44", vec!["R0", "R45", "R08", "r8", "8"]),
        ("gemeenteCode", "0518", vec!["518", "05180", "051x"]),
        ("code", "meldcode-stap-5", vec!["", "-a", "a-", "a--b", "A", lang.as_str()]),
        (
            "bron",
            "urn:nld:oin:00000001003214345000:systeem:bvh",
            vec!["urn:nld:oin:1:systeem:bvh", "urn:nld:oin:00000001003214345000"],
        ),
    ] {
        let schema = bouwsteen(naam);
        assert!(schema.is_valid(&json!(goed)) && leest(naam, goed), "{naam}: {goed}");
        for f in fout {
            assert!(!schema.is_valid(&json!(f)), "schema of {naam} takes {f}");
            assert!(!leest(naam, f), "type of {naam} takes {f}");
        }
    }
}

proptest! {
    #[test]
    fn what_this_crate_mints_fits_the_published_form(millis in 0i64..253_402_300_799_999, a in any::<[u8; 32]>(), b in any::<[u8; 16]>(), seed in any::<u64>()) {
        let at = Tijdstip::from_unix_millis(millis);
        prop_assert!(bouwsteen("tijdstip").is_valid(&json!(at.as_str())), "{}", at);
        prop_assert!(bouwsteen("casusRef").is_valid(&json!(CasusRef::from_bytes(a).as_str())));
        prop_assert!(bouwsteen("persoonRef").is_valid(&json!(PersoonRef::from_bytes(b).as_str())));
        prop_assert!(bouwsteen("digest").is_valid(&json!(Digest::from_bytes(a).as_str())));
        prop_assert!(bouwsteen("berichtId").is_valid(&json!(BerichtId::mint(at, &SeededRandomness::new(seed)).as_str())));
    }
}
