//! The engine on a small partner: what it makes, what it refuses and which field it then names, and that it never panics.

use inbreng_domain::{
    Geadresseerde,
    vocabulary::{Categorie, Doel, Grondslag, JaNee, Leeftijdsgroep, Noodzaak, Partnertype, Toegangswijze, Urgentie},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::concept::Casuskeuze;

const BESTAND: &str = r#"
omschrijving = "een partner voor de test"

[partners]
noord = "00000001003214345000"

[tabellen.gemeente]
"Den Haag" = "0518"

[tabellen.rol]
dader = "pleger"
"*" = "betrokkene"

[[uitgaand]]
pad = "/meldingen"
soort = "incidentmelding"
kenmerk = "/nummer"
casus = { eigen = "/dossier" }
urgentie = { veld = "/spoed", als = "ja-nee", tabel = { true = "acuut", false = "normaal" } }
gemeente = { veld = "/plaats", tabel = "gemeente" }
peildatum = { veld = "/tijd", als = "datum", vorm = "DD-MM-JJJJ uu:mm" }
functie = "agent"
geadresseerden = [{ rol = "veilig-thuis" }, { partner = "noord", functie = "piketdesk", wanneer = { veld = "/spoed", is = true } }]
negeren = ["/intern", "/mensen/*/kleur"]

[uitgaand.verklaring]
aard = "geweld"
moment = { veld = "/tijd", als = "tijdstip", vorm = "DD-MM-JJJJ uu:mm" }

[[uitgaand.delen]]
categorie = "incident"
doel = "beoordelen"
grondslagen = ["wettelijke-taak"]
betrokkenen = [{ per = "/mensen", sleutel = "./id", leeftijdsgroep = { veld = "./geboren", als = "leeftijdsgroep" } }]
noodzaak_toegelicht = { veld = "/waarom", aanwezig = true }
[uitgaand.delen.inhoud]
tekst = { samen = ["/kop", "/waarom"], met = ": " }
aantal = { veld = "/aantal", als = "getal", verplicht = false }
noodzaak = { veld = "/waarom", verplicht = false, hoogstens = 40 }
mensen = { per = "/mensen", waarde = { persoon = { "$persoon" = "./id" }, rol = { veld = "./rol", tabel = "rol" } } }
namen = { per = "/mensen", waarde = "./naam", met = ", " }
adres = { alleen_als = { veld = "/adres", aanwezig = true }, waarde = { straat = "/adres/straat" } }

[[uitgaand.delen]]
per = "/mensen"
wanneer = { veld = "./geboren", als = "leeftijdsgroep", in = ["0-11", "12-15", "16-17"] }
categorie = "kind"
doel = "beoordelen"
grondslagen = ["wettelijke-taak"]
wijze = "inzage"
afgeschermd = true
functie = "wijkagent"
betrokkenen = [{ sleutel = "./id", leeftijdsgroep = { veld = "./geboren", als = "leeftijdsgroep" } }]
ontvangers = [{ rol = "veilig-thuis" }]
inhoud = { naam = "./naam" }
"#;

fn mapping() -> Mapping {
    Mapping::lezen(BESTAND).unwrap()
}

fn melding() -> Value {
    json!({
        "nummer": 17, "dossier": "D-1", "spoed": true, "plaats": "Den Haag", "tijd": "21-11-2026 23:10", "kop": "Ruzie",
        "waarom": "kinderen thuis", "aantal": 2, "adres": {"straat": "Voorbeeldstraat 1"},
        "mensen": [
            {"id": "p1", "naam": "Testpersoon Appel", "geboren": "1988-01-02", "rol": "dader", "kleur": {"van": "het scherm"}},
            {"id": 2, "naam": "Testpersoon Peer", "geboren": "2018-05-06", "rol": "gezien"},
        ],
        "intern": {"wat": ["dan", "ook"]},
    })
}

fn fout_bij(bericht: &Value) -> String {
    match mapping().uitgaand("/meldingen", bericht) {
        Err(Vertaalfout::Veld { pad, uitleg }) => {
            assert!(uitleg.ends_with('.') && uitleg.len() > 10, "{uitleg}");
            pad
        }
        anders => panic!("geen veldfout: {anders:?}"),
    }
}

fn met(pad: &str, waarde: Value) -> Value {
    let mut bericht = melding();
    *bericht.pointer_mut(pad).unwrap() = waarde;
    bericht
}

#[test]
fn a_message_becomes_a_concept() {
    let concept = mapping().uitgaand("/meldingen", &melding()).unwrap();
    assert_eq!(concept.soort.to_string(), "incidentmelding");
    assert_eq!(concept.kenmerk.as_deref(), Some("17"));
    assert_eq!(concept.urgentie, Urgentie::Acuut);
    assert!(concept.casus == Casuskeuze::Eigen("D-1".into()));
    assert_eq!(concept.gemeente.unwrap().to_string(), "0518");
    assert_eq!(concept.verklaring, json!({"aard": "geweld", "moment": "2026-11-21T22:10:00.000Z"}));
    assert_eq!(concept.geadresseerden.len(), 2);
    assert!(matches!(&concept.geadresseerden[0], Geadresseerde::Rol(r) if r.rol == Partnertype::VeiligThuis));
    assert!(matches!(&concept.geadresseerden[1], Geadresseerde::Partner(p) if p.functie.is_some()));

    let [incident, kind] = concept.delen.as_slice() else { panic!("twee delen") };
    assert_eq!((incident.categorie, incident.doel), (Categorie::Incident, Doel::Beoordelen));
    assert_eq!(incident.grondslagen, [Grondslag::WettelijkeTaak]);
    assert_eq!(incident.noodzaak, Noodzaak::Toegelicht);
    assert_eq!(incident.betrokkenen, [("p1".to_owned(), Leeftijdsgroep::Volwassen), ("2".to_owned(), Leeftijdsgroep::Tot12)]);
    assert_eq!(
        incident.inhoud,
        json!({
            "tekst": "Ruzie: kinderen thuis", "aantal": 2, "noodzaak": "kinderen thuis",
            "mensen": [{"persoon": {"$persoon": "p1"}, "rol": "pleger"}, {"persoon": {"$persoon": "2"}, "rol": "betrokkene"}],
            "namen": "Testpersoon Appel, Testpersoon Peer", "adres": {"straat": "Voorbeeldstraat 1"},
        })
    );
    assert_eq!((kind.categorie, kind.afgeschermd, kind.wijze), (Categorie::Kind, JaNee::Ja, Some(Toegangswijze::Inzage)));
    assert_eq!(kind.inhoud, json!({"naam": "Testpersoon Peer"}));
    assert_eq!(kind.betrokkenen, [("2".to_owned(), Leeftijdsgroep::Tot12)]);
    assert_eq!((incident.functie.to_string(), kind.functie.to_string()), ("agent".into(), "wijkagent".into()));
}

#[test]
fn what_may_be_absent_is_left_out() {
    let mut bericht = melding();
    for weg in ["aantal", "adres", "intern"] {
        bericht.as_object_mut().unwrap().shift_remove(weg);
    }
    bericht["mensen"].as_array_mut().unwrap().pop();
    let concept = mapping().uitgaand("/meldingen", &bericht).unwrap();
    assert_eq!(concept.delen.len(), 1);
    let inhoud = &concept.delen[0].inhoud;
    assert!(inhoud.get("aantal").is_none() && inhoud.get("adres").is_none());
}

#[test]
fn an_error_names_the_field() {
    assert_eq!(fout_bij(&met("/spoed", json!("ja"))), "/spoed");
    assert_eq!(fout_bij(&met("/plaats", json!("Rotterdam"))), "/plaats");
    assert_eq!(fout_bij(&met("/tijd", json!("2026-11-21"))), "/tijd");
    assert_eq!(fout_bij(&met("/mensen/1/geboren", json!("06-05-2018"))), "/mensen/1/geboren");
    assert_eq!(fout_bij(&met("/mensen/1/geboren", json!("2026-11-22"))), "/mensen/1/geboren");
    assert_eq!(fout_bij(&met("/mensen/0/id", json!(1.5))), "/mensen/0/id");
    assert_eq!(fout_bij(&met("/mensen", json!({}))), "/mensen");
    assert_eq!(fout_bij(&met("/mensen", json!([]))), "/mensen");
    assert_eq!(fout_bij(&met("/aantal", json!(2.5))), "/aantal");
    assert_eq!(fout_bij(&met("/aantal", json!(9_007_199_254_740_993_i64))), "/aantal");
    assert_eq!(fout_bij(&met("/kop", json!(""))), "/kop");
    assert_eq!(fout_bij(&met("/kop", json!({"$persoon": "p1"}))), "/kop/$persoon");
    assert_eq!(fout_bij(&met("/waarom", json!("x".repeat(41)))), "/waarom");
    let mut onbekend = melding();
    onbekend["mensen"][1]["telefoon"] = json!("n.v.t.");
    assert_eq!(fout_bij(&onbekend), "/mensen/1/telefoon");
    let mut dubbel = melding();
    dubbel["mensen"][1]["id"] = json!("p1");
    assert_eq!(fout_bij(&dubbel), "/mensen/1/geboren");
    assert_eq!(fout_bij(&json!([])), "");
    assert!(matches!(mapping().uitgaand("/anders", &melding()), Err(Vertaalfout::PadOnbekend)));
}

/// Every field of the message, as a pointer.
fn velden(waarde: &Value, pad: &str, uit: &mut Vec<String>) {
    match waarde {
        Value::Object(leden) => leden.iter().for_each(|(k, v)| velden(v, &format!("{pad}/{k}"), uit)),
        Value::Array(items) => items.iter().enumerate().for_each(|(i, v)| velden(v, &format!("{pad}/{i}"), uit)),
        _ => uit.push(pad.to_owned()),
    }
}

#[test]
fn a_list_in_place_of_any_field_is_refused_there() {
    let mut paden = Vec::new();
    velden(&melding(), "", &mut paden);
    for pad in paden.iter().filter(|p| !p.starts_with("/intern") && !p.contains("kleur")) {
        let gevonden = fout_bij(&met(pad, json!(["fout"])));
        assert!(gevonden == *pad || gevonden == format!("{pad}/0"), "{pad}: {gevonden}");
    }
}

fn geweigerd(van: &str, naar: &str) -> MappingFout {
    assert!(BESTAND.contains(van), "{van}");
    Mapping::lezen(&BESTAND.replacen(van, naar, 1)).unwrap_err()
}

#[test]
fn a_mistake_in_the_file_is_named_with_its_place() {
    for (van, naar, plek) in [
        ("kenmerk =", "kenmerken =", "uitgaand[0].kenmerken"),
        ("soort = \"incidentmelding\"\n", "", "uitgaand[0].soort"),
        ("casus = { eigen = \"/dossier\" }", "casus = \"van-antwoord\"", "uitgaand[0].casus"),
        ("tabel = \"gemeente\"", "tabel = \"gemeenten\"", "uitgaand[0].gemeente.tabel"),
        ("\"Den Haag\" = \"0518\"", "\"Den Haag\" = \"518\"", "uitgaand[0].gemeente"),
        ("categorie = \"kind\"", "categorie = \"kinderen\"", "uitgaand[0].delen[1].categorie"),
        ("doel = \"beoordelen\"", "doelen = \"beoordelen\"", "uitgaand[0].delen[0].doel"),
        ("grondslagen = [\"wettelijke-taak\"]", "grondslagen = [\"taak\"]", "uitgaand[0].delen[0].grondslagen"),
        ("partner = \"noord\"", "partner = \"zuid\"", "uitgaand[0].geadresseerden[1].partner"),
        ("00000001003214345000", "1", "partners.noord"),
        ("\"/mensen/*/kleur\"", "\"mensen\"", "uitgaand[0].negeren[1]"),
        ("als = \"getal\"", "als = \"kommagetal\"", "uitgaand[0].delen[0].inhoud.aantal.als"),
        ("DD-MM-JJJJ uu:mm", "dd-mm-yyyy", "uitgaand[0].peildatum.vorm"),
        ("sleutel = \"./id\", ", "", "uitgaand[0].delen[0].betrokkenen[0].sleutel"),
        ("\"$persoon\"", "\"$burger\"", "uitgaand[0].delen[0].inhoud.mensen.waarde.persoon.$burger"),
        ("[\"/kop\", \"/waarom\"]", "[\"./kop\"]", "uitgaand[0].delen[0].inhoud.tekst.samen[0]"),
        ("hoogstens = 40", "hoogstens = -1", "uitgaand[0].delen[0].inhoud.noodzaak.hoogstens"),
        ("pad = \"/meldingen\"", "pad = \"/postbus\"", "uitgaand[0].pad"),
        ("pad = \"/meldingen\"", "pad = \"/a/../b\"", "uitgaand[0].pad"),
        ("is = true", "was = true", "uitgaand[0].geadresseerden[1].wanneer"),
        ("omschrijving", "opmerking", "opmerking"),
        ("[[uitgaand]]", "[[uitgaand]", "bestand"),
    ] {
        let fout = geweigerd(van, naar);
        assert_eq!(fout.plek, plek, "{van} -> {naar}: {fout}");
    }
    let zonder = geweigerd("peildatum = { veld = \"/tijd\", als = \"datum\", vorm = \"DD-MM-JJJJ uu:mm\" }\n", "");
    assert_eq!(zonder.plek, "uitgaand[0].peildatum");
    let twee = format!("{BESTAND}\n[[uitgaand]]\npad = \"/meldingen\"\nsoort = \"zorgmelding\"\ncasus = \"geen\"\n");
    assert_eq!(Mapping::lezen(&twee).unwrap_err().plek, "uitgaand[1]");
}

fn json() -> impl Strategy<Value = Value> {
    let blad = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("21-11-2026 23:10")),
    ];
    blad.prop_recursive(6, 64, 6, |binnen| {
        prop_oneof![
            proptest::collection::vec(binnen.clone(), 0..5).prop_map(Value::from),
            proptest::collection::hash_map("[a-z$/~*.]{0,8}", binnen, 0..5).prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_message_makes_it_panic(bericht in json()) {
        let _ = mapping().uitgaand("/meldingen", &bericht);
    }

    #[test]
    fn any_value_in_any_field_is_mapped_or_refused(waarde in json(), keus in any::<prop::sample::Index>()) {
        let mut paden = Vec::new();
        velden(&melding(), "", &mut paden);
        let pad = keus.get(&paden);
        if let Err(fout) = mapping().uitgaand("/meldingen", &met(pad, waarde)) {
            let named = matches!(&fout, Vertaalfout::Veld { pad: p, .. } if p.starts_with(pad.as_str()) || pad.starts_with(p.as_str()));
            prop_assert!(named, "{pad}: {fout:?}");
        }
    }

    #[test]
    fn no_file_makes_it_panic(waar in any::<prop::sample::Index>(), lengte in 0usize..12, stuk in "[\\[\\]{}\"/.=a-z0-9$* \n-]{0,12}") {
        let mut bestand: Vec<char> = BESTAND.chars().collect();
        let begin = waar.index(bestand.len());
        let eind = (begin + lengte).min(bestand.len());
        bestand.splice(begin..eind, stuk.chars());
        if let Ok(mapping) = Mapping::lezen(&bestand.into_iter().collect::<String>()) {
            let _ = mapping.uitgaand("/meldingen", &melding());
        }
    }
}
