//! Every schema is closed, holds no free text where none may be, and its examples show it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test, its helpers included")]

use std::collections::BTreeSet;

use inbreng_catalogue::Catalogus;
use inbreng_domain::{TypeNaam, vocabulary::Categorie};
use serde_json::{Map, Value, json};

fn catalogus() -> Catalogus {
    let catalogus = Catalogus::ingebouwd().unwrap();
    catalogus.opwarmen().unwrap();
    catalogus
}

/// One schema of the catalogue, and how it judges.
struct Geval<'a> {
    catalogus: &'a Catalogus,
    naam: TypeNaam,
    categorie: Option<Categorie>,
    schema: &'a Value,
}

impl Geval<'_> {
    fn toets(&self, waarde: &Value) -> Result<(), String> {
        match self.categorie {
            None => self.catalogus.toets_verklaring(&self.naam, waarde),
            Some(c) => self.catalogus.toets_inhoud(&self.naam, c, waarde),
        }
        .map_err(|e| e.pad)
    }

    fn waar(&self) -> String {
        format!("{} {}", self.naam, self.categorie.map_or("verklaring", Categorie::as_str))
    }
}

fn gevallen(catalogus: &Catalogus) -> Vec<Geval<'_>> {
    let mut alle = Vec::new();
    for d in catalogus.definities() {
        let schema = catalogus.verklaringschema(&d.naam).unwrap();
        alle.push(Geval { catalogus, naam: d.naam.clone(), categorie: None, schema });
        for c in d.categorieen() {
            let schema = catalogus.inhoudschema(&d.naam, c).unwrap();
            alle.push(Geval { catalogus, naam: d.naam.clone(), categorie: Some(c), schema });
        }
    }
    assert!(alle.len() > 50, "{}", alle.len());
    alle
}

fn gedeeld() -> Map<String, Value> {
    let v: Value = serde_json::from_str(Catalogus::gedeelde_schemas()).unwrap();
    v["$defs"].as_object().unwrap().clone()
}

fn volg<'a>(schema: &'a Value, gedeeld: &'a Map<String, Value>) -> &'a Value {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(r) => volg(&gedeeld[r.strip_prefix("gemeenschappelijk.json#/$defs/").unwrap()], gedeeld),
        None => schema,
    }
}

/// Walks schemas: every object is closed, every string is bounded, every number an integer; `los` allows free text.
fn doorloop(schema: &Value, gedeeld: &Map<String, Value>, los: bool, waar: &str) {
    let s = volg(schema, gedeeld);
    if let Some(keuzen) = s.get("oneOf") {
        keuzen.as_array().unwrap().iter().for_each(|k| doorloop(k, gedeeld, los, waar));
        return;
    }
    match s["type"].as_str().unwrap_or_else(|| panic!("{waar}: no type")) {
        "object" => {
            assert_eq!(s["additionalProperties"], json!(false), "{waar} is open");
            let velden = s["properties"].as_object().unwrap();
            for nodig in s.get("required").and_then(Value::as_array).into_iter().flatten() {
                assert!(velden.contains_key(nodig.as_str().unwrap()), "{waar} requires {nodig}, which it does not know");
            }
            for (naam, veld) in velden {
                assert!(
                    naam.starts_with(|c: char| c.is_ascii_lowercase()) && naam.bytes().all(|b| b.is_ascii_alphanumeric()),
                    "{naam}"
                );
                doorloop(veld, gedeeld, los, &format!("{waar}/{naam}"));
            }
        }
        "array" => {
            assert!(s["maxItems"].is_u64(), "{waar} has no end");
            doorloop(&s["items"], gedeeld, los, &format!("{waar}/-"));
        }
        "string" => {
            let code = ["enum", "const", "pattern"].iter().any(|k| s.get(k).is_some());
            assert!(code || los && s["maxLength"].is_u64(), "{waar} is free text");
        }
        "integer" => assert!(s["minimum"].is_i64() && s["maximum"].is_i64(), "{waar} has no bounds"),
        "boolean" => {}
        other => panic!("{waar}: {other}"),
    }
}

#[test]
fn every_schema_is_closed_and_bounded_and_statements_hold_no_text() {
    let (catalogus, gedeeld) = (catalogus(), gedeeld());
    for g in gevallen(&catalogus) {
        doorloop(g.schema, &gedeeld, g.categorie.is_some(), &g.waar());
    }
    for (naam, schema) in &gedeeld {
        doorloop(schema, &gedeeld, true, naam);
    }
}

/// Pointers of the members of `waarde` that its schema requires.
fn vereist(schema: &Value, waarde: &Value, gedeeld: &Map<String, Value>, pad: &str, uit: &mut Vec<String>) {
    let s = volg(schema, gedeeld);
    if let Some(keuzen) = s.get("oneOf") {
        let past = |k: &&Value| {
            volg(k, gedeeld)["properties"]
                .as_object()
                .unwrap()
                .iter()
                .all(|(n, v)| v.get("const").is_none_or(|c| *c == waarde[n]))
        };
        vereist(keuzen.as_array().unwrap().iter().find(past).unwrap(), waarde, gedeeld, pad, uit);
        return;
    }
    match waarde {
        Value::Object(leden) => {
            for nodig in s.get("required").and_then(Value::as_array).into_iter().flatten() {
                uit.push(format!("{pad}/{}", nodig.as_str().unwrap()));
            }
            for (naam, lid) in leden {
                vereist(&s["properties"][naam], lid, gedeeld, &format!("{pad}/{naam}"), uit);
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                vereist(&s["items"], item, gedeeld, &format!("{pad}/{i}"), uit);
            }
        }
        _ => {}
    }
}

fn objecten(waarde: &Value, pad: &str, uit: &mut Vec<String>) {
    match waarde {
        Value::Object(leden) => {
            uit.push(pad.to_owned());
            leden.iter().for_each(|(naam, lid)| objecten(lid, &format!("{pad}/{naam}"), uit));
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(i, item)| objecten(item, &format!("{pad}/{i}"), uit)),
        _ => {}
    }
}

#[test]
fn every_example_fits_and_no_longer_does_when_a_member_is_missing_or_added() {
    let (catalogus, gedeeld) = (catalogus(), gedeeld());
    for g in gevallen(&catalogus) {
        let waar = g.waar();
        let voorbeelden = g.schema["examples"].as_array().unwrap_or_else(|| panic!("{waar} has no examples"));
        assert!(!voorbeelden.is_empty(), "{waar} has no examples");
        for voorbeeld in voorbeelden {
            assert_eq!(g.toets(voorbeeld), Ok(()), "{waar}: {voorbeeld}");
            let mut nodig = Vec::new();
            vereist(g.schema, voorbeeld, &gedeeld, "", &mut nodig);
            for pad in nodig {
                let (object, naam) = pad.rsplit_once('/').unwrap();
                let mut kapot = voorbeeld.clone();
                kapot.pointer_mut(object).unwrap().as_object_mut().unwrap().remove(naam).unwrap();
                assert!(g.toets(&kapot).is_err(), "{waar} does without {pad}");
            }
            let mut plaatsen = Vec::new();
            objecten(voorbeeld, "", &mut plaatsen);
            for pad in plaatsen {
                let mut kapot = voorbeeld.clone();
                kapot.pointer_mut(&pad).unwrap().as_object_mut().unwrap().insert("opmerking".to_owned(), json!("x"));
                assert!(g.toets(&kapot).is_err(), "{waar} takes anything at {pad}");
            }
        }
    }
}

#[test]
fn every_member_of_a_schema_is_shown_by_an_example() {
    let (catalogus, gedeeld) = (catalogus(), gedeeld());
    for g in gevallen(&catalogus) {
        let vormen = match volg(g.schema, &gedeeld).get("oneOf") {
            Some(keuzen) => keuzen.as_array().unwrap().clone(),
            None => vec![volg(g.schema, &gedeeld).clone()],
        };
        let velden: BTreeSet<&String> = vormen.iter().flat_map(|v| v["properties"].as_object().unwrap().keys()).collect();
        let getoond: BTreeSet<&String> =
            g.schema["examples"].as_array().unwrap().iter().flat_map(|v| v.as_object().unwrap().keys()).collect();
        for veld in velden.difference(&getoond) {
            assert_eq!(veld.as_str(), "verantwoording", "{} never shows {veld}", g.waar());
        }
    }
}

#[test]
fn a_misfit_is_pointed_at() {
    let catalogus = catalogus();
    let naam = |s: &str| TypeNaam::parse(s).unwrap();
    let pad = |r: Result<(), inbreng_catalogue::SchemaFout>| r.unwrap_err().pad;
    let terugkoppeling = naam("terugkoppeling");
    let goed = json!({"stand": "opgepakt", "op": "2026-11-22", "volgnummer": 1});
    assert!(catalogus.toets_verklaring(&terugkoppeling, &goed).is_ok());
    for (veld, waarde) in [
        ("stand", json!("bezig")),
        ("op", json!("2026-02-30")),
        ("op", json!("22-11-2026")),
        ("volgnummer", json!(0)),
        ("volgnummer", json!(1.5)),
    ] {
        let mut fout = goed.clone();
        fout[veld] = waarde.clone();
        assert_eq!(pad(catalogus.toets_verklaring(&terugkoppeling, &fout)), format!("/{veld}"), "{waarde}");
    }
    assert_eq!(
        pad(catalogus.toets_verklaring(&terugkoppeling, &json!({"stand": "opgepakt", "op": "2026-11-22"}))),
        "/volgnummer"
    );
    // The name of an unknown member is the sender's own text and is not repeated.
    let mut vreemd = goed.clone();
    vreemd["Testpersoon Appel"] = json!(1);
    assert_eq!(pad(catalogus.toets_verklaring(&terugkoppeling, &vreemd)), "");
    assert_eq!(pad(catalogus.toets_verklaring(&naam("bestaat-niet"), &goed)), "");
    assert_eq!(pad(catalogus.toets_inhoud(&terugkoppeling, Categorie::Medisch, &json!({}))), "");
    let kind = json!({"kinderen": [{"ref": "AAECAwQFBgcICQoLDA0ODw", "naam": {"achternaam": ""}, "geboortedatum": "2017-03-02"}], "bron": {"zekerheid": "feit", "functie": "agent"}});
    assert_eq!(pad(catalogus.toets_inhoud(&naam("incidentmelding"), Categorie::Kind, &kind)), "/kinderen/0/naam/achternaam");
}

#[test]
fn handle_with_care_has_room_for_a_name_and_nothing_else() {
    let catalogus = catalogus();
    let naam = TypeNaam::parse("handle-with-care").unwrap();
    let d = catalogus.definitie(&naam).unwrap();
    assert_eq!(d.categorieen().into_iter().collect::<Vec<_>>(), [Categorie::Kind]);
    assert_eq!((d.delen.minimaal, d.delen.maximaal, d.delen.grootste_inhoud), (1, 1, 1024));
    let toets = |v: Value| catalogus.toets_inhoud(&naam, Categorie::Kind, &v);
    assert!(toets(json!({"naam": {"voornamen": "Cas", "achternaam": "Testpersoon Appel"}})).is_ok());
    for meer in ["toelichting", "zin", "ref", "verantwoording", "incident"] {
        let mut v = json!({"naam": {"achternaam": "Testpersoon Appel"}});
        v[meer] = json!("Er is vannacht iets gebeurd.");
        assert!(toets(v).is_err(), "{meer}");
    }
    assert!(catalogus.toets_verklaring(&naam, &json!({"toelichting": "x"})).is_err());
}

/// The recipient's sentence repeats the name, so a name field that takes a sentence gives the school that sentence (R27).
#[test]
fn a_name_of_handle_with_care_takes_names_and_no_sentence() {
    let catalogus = catalogus();
    let soort = TypeNaam::parse("handle-with-care").unwrap();
    let past = |veld: &str, waarde: &str| {
        let mut naam = json!({"achternaam": "Testpersoon Appel"});
        naam[veld] = json!(waarde);
        catalogus.toets_inhoud(&soort, Categorie::Kind, &json!({"naam": naam})).is_ok()
    };
    for (veld, waarden) in [
        (
            "achternaam",
            vec!["Appel", "O'Appel", "d’Appel", "Çelik-Öztürk", "Núñez", "de Appel-van den Peer", "van 't Peer", "IJpeer"],
        ),
        ("voornamen", vec!["Cas", "Anne-Marie", "Zoë", "Łucja", "D'Angelo"]),
        ("voorletters", vec!["C.", "C.A.", "Th. J.", "A.B.C.D.E."]),
        ("tussenvoegsel", vec!["van", "van der", "van de", "in 't", "’t"]),
    ] {
        for waarde in waarden {
            assert!(past(veld, waarde), "{veld} {waarde}");
        }
    }
    let veertig = format!("A{}", "a".repeat(39));
    assert!(past("achternaam", &veertig) && past("voornamen", &veertig[..25]) && !past("voornamen", &veertig[..26]));
    for waarde in [
        "Appel, vader sloeg moeder gisteravond bij de voordeur",
        "Appel vader sloeg",
        "Appel-sloeg-moeder",
        "Appel: zie 112",
        "Appel 2",
        "Appel. Bel ons",
        "Appel (thuis)",
        "Vader Sloeg Moeder",
        "Vader-Sloeg-Moeder",
        "Vader Sloeg Moeder Gisteren",
        "Vader-Sloeg-Moeder-Gisteren",
        "Appel  Peer",
        "Appel\nPeer",
        "Appel\n",
        "Appel\u{a0}Peer",
        "Appel\u{200b}Peer",
        " Appel",
        "Appel ",
        "appel",
        "",
        &format!("{veertig}a"),
    ] {
        for veld in ["achternaam", "voornamen", "tussenvoegsel", "voorletters"] {
            assert!(!past(veld, waarde), "{veld} {waarde:?}");
        }
    }
    // A first name is one name: words with capitals are no way round.
    for waarde in ["Papa Slaat", "Mama Huilt Veel", "Papa Slaat-Mama"] {
        assert!(!past("voornamen", waarde), "{waarde}");
    }
    for waarde in ["sloeg", "van vader", "Van", "van de van der", "van, de"] {
        assert!(!past("tussenvoegsel", waarde), "{waarde}");
    }
}

#[test]
fn who_may_consent_depends_on_age() {
    let catalogus = catalogus();
    let naam = TypeNaam::parse("toestemming-gegeven").unwrap();
    let voorbeeld = catalogus.verklaringschema(&naam).unwrap()["examples"][0].clone();
    for (leeftijd, wie) in
        [("0-11", "gezaghebbende"), ("12-15", "betrokkene-en-gezaghebbende"), ("16-17", "betrokkene"), ("18+", "betrokkene")]
    {
        for door in ["betrokkene", "gezaghebbende", "betrokkene-en-gezaghebbende"] {
            let mut v = voorbeeld.clone();
            v["leeftijdsgroep"] = json!(leeftijd);
            v["door"] = json!(door);
            if door != "betrokkene" {
                v["gezag"] = json!("alle-gezagsdragers");
            }
            assert_eq!(catalogus.toets_verklaring(&naam, &v).is_ok(), door == wie, "{leeftijd} {door}");
            // A refusal needs no majority: one of those who must agree is enough.
            v["stand"] = json!("geweigerd");
            assert!(catalogus.toets_verklaring(&naam, &v).is_ok());
        }
    }
}

/// Who of those with authority said it is said where one of them spoke, and a suspicion has the day of its incident (R26, R29).
#[test]
fn who_spoke_for_a_child_is_said_and_a_suspicion_has_a_day() {
    let catalogus = catalogus();
    for (naam, voorbeeld) in [("toestemming-gegeven", 1), ("toestemming-ingetrokken", 1)] {
        let naam = TypeNaam::parse(naam).unwrap();
        let mut v = catalogus.verklaringschema(&naam).unwrap()["examples"][voorbeeld].clone();
        let mut past = |gezag: Option<&str>, dag: Option<&str>| {
            let lid = v.as_object_mut().unwrap();
            for (wat, waarde) in [("gezag", gezag), ("incidentOp", dag)] {
                match waarde {
                    Some(waarde) => lid.insert(wat.to_owned(), json!(waarde)),
                    None => lid.remove(wat),
                };
            }
            catalogus.toets_verklaring(&naam, &v).is_ok()
        };
        for gezag in ["alle-gezagsdragers", "een-van-meer"] {
            assert!(past(Some(gezag), None), "{naam} {gezag}");
            assert!(!past(Some(gezag), Some("2026-11-18")), "{naam} {gezag}: nobody is suspected");
        }
        for gezag in ["zonder-verdachte", "alleen-verdachte"] {
            assert!(past(Some(gezag), Some("2026-11-18")), "{naam} {gezag}");
            assert!(!past(Some(gezag), None), "{naam} {gezag}: a role has a day");
        }
        assert!(!past(None, None), "{naam}: one with authority spoke");
        assert!(!past(Some("vader"), None), "{naam}: no other words");
        v["leeftijdsgroep"] = json!("18+");
        v["door"] = json!("betrokkene");
        assert!(catalogus.toets_verklaring(&naam, &v).is_err(), "{naam}: nobody speaks for who is of age");
        v.as_object_mut().unwrap().remove("gezag");
        assert!(catalogus.toets_verklaring(&naam, &v).is_ok(), "{naam}");
    }
}

#[test]
fn the_words_of_the_schemas_are_those_of_the_vocabularies() {
    use inbreng_domain::vocabulary::{Doel, Gezag, Grondslag, Leeftijdsgroep, Zekerheid};
    let gedeeld = gedeeld();
    let gelijk = |naam: &str, woorden: Vec<&str>| assert_eq!(gedeeld[naam]["enum"], json!(woorden), "{naam}");
    gelijk("categorie", Categorie::ALL.iter().map(|w| w.as_str()).collect());
    gelijk("doel", Doel::ALL.iter().map(|w| w.as_str()).collect());
    gelijk("leeftijdsgroep", Leeftijdsgroep::ALL.iter().map(|w| w.as_str()).collect());
    gelijk("grondslag", Grondslag::ALL.iter().map(|w| w.as_str()).collect());
    gelijk("gezag", Gezag::ALL.iter().map(|w| w.as_str()).collect());
    gelijk("zekerheid", Zekerheid::ALL.iter().map(|w| w.as_str()).collect());
}

/// R30: what was observed says by whom and whether it is a fact.
#[test]
fn what_was_observed_has_its_source() {
    let (catalogus, gedeeld) = (catalogus(), gedeeld());
    for naam in ["inbreng-casusoverleg", "informatie-antwoord", "zorgmelding", "overdracht", "incidentmelding", "rectificatie"] {
        let naam = TypeNaam::parse(naam).unwrap();
        let waargenomen =
            [Categorie::Incident, Categorie::Risico, Categorie::Hulp, Categorie::Kind, Categorie::Medisch, Categorie::Straf];
        for categorie in waargenomen {
            let Some(schema) = catalogus.inhoudschema(&naam, categorie) else { continue };
            let nodig = volg(schema, &gedeeld)["required"].as_array().unwrap();
            assert!(nodig.contains(&json!("bron")), "{naam} {categorie}");
        }
    }
}

/// R29: whoever is called pleger or slachtoffer is so in one incident, dated; nowhere else is there a word for it.
#[test]
fn a_role_stands_in_one_incident_and_nowhere_else() {
    let (catalogus, gedeeld) = (catalogus(), gedeeld());
    let rolwoord = |schema: &Value| ["pleger", "slachtoffer"].iter().any(|w| schema.to_string().contains(&format!("\"{w}\"")));
    for (naam, schema) in &gedeeld {
        assert_eq!(rolwoord(schema), naam == "rolInIncident", "{naam}");
    }
    let incident = &gedeeld["inhoudIncident"];
    assert_eq!(incident["properties"]["rollen"]["items"]["$ref"], json!("gemeenschappelijk.json#/$defs/rolInIncident"));
    assert!(incident["required"].as_array().unwrap().contains(&json!("plaatsgevondenOp")));
    for d in catalogus.definities() {
        let verklaring = catalogus.verklaringschema(&d.naam).unwrap();
        assert!(!rolwoord(&verklaring["properties"]), "{}: the hub knows no roles", d.naam);
        for categorie in d.categorieen().into_iter().filter(|c| *c != Categorie::Incident) {
            let schema = catalogus.inhoudschema(&d.naam, categorie).unwrap();
            assert!(!rolwoord(schema.get("properties").unwrap_or(&Value::Null)), "{} {categorie}", d.naam);
        }
    }
}

/// R2: the list names agreements and refers to parts; it has no place for what someone brought in.
#[test]
fn the_list_of_agreements_has_no_room_for_content() {
    let catalogus = catalogus();
    let naam = TypeNaam::parse("afsprakenlijst").unwrap();
    let d = catalogus.definitie(&naam).unwrap();
    assert_eq!(d.categorieen().into_iter().collect::<Vec<_>>(), [Categorie::Plan, Categorie::Proces]);
    let goed = catalogus.inhoudschema(&naam, Categorie::Plan).unwrap()["examples"][0].clone();
    for meer in ["inbreng", "hulp", "risico", "bijlage"] {
        let mut fout = goed.clone();
        fout["afspraken"][0][meer] = json!("Moeder vertelde dat zij bang is.");
        assert!(catalogus.toets_inhoud(&naam, Categorie::Plan, &fout).is_err(), "{meer}");
    }
}

/// R21: known, unknown and withheld look the same from outside: one part, of one size, and a statement that says nothing.
#[test]
fn an_answer_whether_someone_is_known_looks_the_same_whatever_it_says() {
    let catalogus = catalogus();
    let naam = TypeNaam::parse("bekendheidsantwoord").unwrap();
    let d = catalogus.definitie(&naam).unwrap();
    assert_eq!((d.delen.minimaal, d.delen.maximaal, d.delen.grootste_inhoud), (1, 1, 1024));
    assert!(d.delen.zonder_delen.is_none() && d.varianten.is_empty());
    assert_eq!(catalogus.verklaringschema(&naam).unwrap()["properties"], json!({}));
    let toets = |v: Value| catalogus.toets_inhoud(&naam, Categorie::Status, &v).is_ok();
    assert!(toets(json!({"antwoord": "bekend", "contact": {"functie": "procesregisseur"}})));
    assert!(toets(json!({"antwoord": "geen-informatie"})));
    // Whoever withholds cannot betray it by a name to call.
    assert!(!toets(json!({"antwoord": "geen-informatie", "contact": {"functie": "procesregisseur"}})));
    assert!(!toets(json!({"antwoord": "bekend", "toelichting": "Loopt bij ons sinds mei."})));
    assert!(!toets(json!({"antwoord": "aangehouden"})));
}

/// Fields that depend on one another, with a misfit of each.
#[test]
fn a_statement_that_contradicts_itself_does_not_fit() {
    let catalogus = catalogus();
    let past = |naam: &str, v: Value| catalogus.toets_verklaring(&TypeNaam::parse(naam).unwrap(), &v).is_ok();
    let persoon = "AAECAwQFBgcICQoLDA0ODw";
    let oin = "00000001003214345000";
    for (naam, goed, verklaring) in [
        ("transparantiebericht", true, json!({"persoon": persoon, "stand": "verteld", "volgnummer": 1})),
        (
            "transparantiebericht",
            true,
            json!({"persoon": persoon, "stand": "uitgesteld", "opnieuwOp": "2026-12-20", "volgnummer": 1}),
        ),
        ("transparantiebericht", false, json!({"persoon": persoon, "stand": "uitgesteld", "volgnummer": 1})),
        (
            "transparantiebericht",
            false,
            json!({"persoon": persoon, "stand": "verteld", "opnieuwOp": "2026-12-20", "volgnummer": 1}),
        ),
        ("casusregie-wijziging", true, json!({"stand": "belegd", "casusregisseur": oin, "vanaf": "2026-12-01", "volgnummer": 1})),
        ("casusregie-wijziging", true, json!({"stand": "vacant", "vanaf": "2026-12-01", "volgnummer": 1})),
        ("casusregie-wijziging", false, json!({"stand": "belegd", "vanaf": "2026-12-01", "volgnummer": 1})),
        (
            "casusregie-wijziging",
            false,
            json!({"stand": "vacant", "casusregisseur": oin, "vanaf": "2026-12-01", "volgnummer": 1}),
        ),
        ("eigenaar-besluit", true, json!({"besluit": "nee", "volgnummer": 1})),
        ("eigenaar-besluit", false, json!({"besluit": "misschien", "volgnummer": 1})),
        ("afspraak", false, json!({"afspraak": "a", "soort": "actie-gezin", "onderbouwd": true, "volgnummer": 1})),
        (
            "termijn-escalatie",
            false,
            json!({"bericht": "0190f3a1-7b1f-7c40-9a10-1f2e3d4c5b6a", "trede": "ketenregie", "percentage": 50}),
        ),
        (
            "doorverstrekking-verzoek",
            false,
            json!({"bericht": "0190f3a1-7b1f-7c40-9a10-1f2e3d4c5b6a", "delen": [], "ontvangers": [oin], "doel": "plan"}),
        ),
        ("bekendheidsvraag", false, json!({"bekend": true})),
    ] {
        assert_eq!(past(naam, verklaring.clone()), goed, "{naam}: {verklaring}");
    }
}
