//! Every form that the page offers: that it can be asked, is said in Dutch, and comes back as it was filled in.

use inbreng_catalogue::{Catalogus, Definitie};
use inbreng_domain::{
    PersoonRef, Tijdstip, TypeNaam,
    vocabulary::{Categorie, Leeftijdsgroep},
};
use serde_json::{Map, Value, json};
use time::Duration;

use super::*;
use crate::inbox::schema::titel;

const BERICHT: &str = "0190f3a1-7b1f-7c40-9a10-1f2e3d4c5b6a";
const DEEL: &str = "0190f3a1-7b20-7cc1-8e21-3b2a9d4f5c61";

fn naam(soort: &str) -> TypeNaam {
    TypeNaam::parse(soort).unwrap()
}

fn van(soort: &str) -> Option<Vec<Veld>> {
    velden(Catalogus::ingebouwd().unwrap().verklaringschema(&naam(soort)).unwrap())
}

fn paren(paren: &[(&str, &str)]) -> Vec<(String, String)> {
    paren.iter().map(|(n, w)| ((*n).to_owned(), (*w).to_owned())).collect()
}

fn over<'a>(delen: &'a [DeelId], personen: &'a [Persoon]) -> Over<'a> {
    Over { bericht: BERICHT.parse().unwrap(), delen, personen, reeks: "inbox" }
}

fn invullen(soort: &str, ingevuld: &[(&str, &str)]) -> Result<Value, Vec<Fout>> {
    let delen = [DEEL.parse().unwrap()];
    let gelezen = lezen(&van(soort).unwrap(), "", &paren(ingevuld), over(&delen, &[]));
    if gelezen.fouten.is_empty() { Ok(gelezen.waarde) } else { Err(gelezen.fouten) }
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
        ("verlengingsadvies", vec![("huisverbodTot", "2026-11-30T18:00")]),
        ("zorgadvies", vec![]),
    ] {
        let verklaring = invullen(soort, &ingevuld).unwrap();
        catalogus.toets_verklaring(&naam(soort), &verklaring).unwrap_or_else(|e| panic!("{soort}: {e}"));
    }
    let terug = invullen("terugkoppeling", &[("stand", "opgepakt"), ("op", "2026-11-22")]).unwrap();
    assert_eq!(terug, json!({ "stand": "opgepakt", "op": "2026-11-22", "volgnummer": { "$volgnummer": "inbox" } }));
}

#[test]
fn what_is_missing_or_invented_is_named_by_its_field() {
    for (soort, ingevuld, velden) in [
        ("misplaatsing", vec![], vec!["reden"]),
        ("misplaatsing", vec![("reden", "zomaar")], vec!["reden"]),
        ("dossier-verzoek", vec![], vec!["delen"]),
        ("dossier-verzoek", vec![("delen", BERICHT)], vec!["delen"]),
        (
            "overdracht-acceptatie",
            vec![("functie", "Gezinscoach!"), ("eersteContactOp", "morgen")],
            vec!["functie", "eersteContactOp"],
        ),
        (
            "informatie-antwoord",
            vec![("antwoord", "gedeeld"), ("nietGedeeld.0.categorie", "medisch")],
            vec!["nietGedeeld.0.reden"],
        ),
        ("verlengingsadvies", vec![("huisverbodTot", "straks")], vec!["huisverbodTot"]),
    ] {
        let fouten = invullen(soort, &ingevuld).unwrap_err();
        assert_eq!(fouten.iter().map(|f| f.veld.as_str()).collect::<Vec<_>>(), velden, "{soort} {ingevuld:?}");
        assert!(fouten.iter().all(|f| !f.titel.is_empty() && f.tekst.ends_with('.')), "{fouten:?}");
    }
}

#[test]
fn a_type_that_a_form_cannot_ask_is_not_offered() {
    // Another partner: not from a small form.
    assert_eq!(van("deelname"), None);
    // The parts in an owner's decision are not those of the message that is answered.
    assert!(van("eigenaar-besluit").unwrap().iter().all(|v| v.naam != "delen"));
}

#[test]
fn a_content_in_several_forms_is_asked_in_each() {
    let catalogus = Catalogus::ingebouwd().unwrap();
    let straf = catalogus.inhoudschema(&naam("afdoeningsbericht"), Categorie::Straf).unwrap();
    let vormen = vormen(straf);
    let wat: Vec<_> = vormen.iter().map(|v| v.wat.as_ref().unwrap().0.as_str()).collect();
    assert_eq!(wat, ["keten", "slachtoffer", "hulpverlening"]);
    let gelezen = lezen(
        &vormen[2].velden,
        "deel",
        &paren(&[("deel.uitkomst", "sepot"), ("deel.beslotenOp", "2026-11-22")]),
        over(&[], &[]),
    );
    assert_eq!(gelezen.waarde, json!({ "voor": "hulpverlening", "uitkomst": "sepot", "beslotenOp": "2026-11-22" }));
    assert_eq!(gelezen.fouten, vec![]);
}

/// The fields of a content that a form asks, with all below them.
fn alle_velden<'v>(velden: &'v [Veld], voor: &str, uit: &mut Vec<(String, &'v Veld)>) {
    for veld in velden {
        let naam = format!("{voor}.{}", veld.naam);
        match &veld.soort {
            Veldsoort::Groep(binnen) => alle_velden(binnen, &naam, uit),
            Veldsoort::Rijen(binnen, _) => alle_velden(binnen, &format!("{naam}.0"), uit),
            _ => {}
        }
        uit.push((naam, veld));
    }
}

/// A content as a person would fill it in; and what of it the form asks.
fn als_ingevuld(velden: &[Veld], inhoud: &Value, voor: &str, uit: &mut Vec<(String, String)>) -> Value {
    let mut gevraagd = Map::new();
    for veld in velden {
        let Some(waarde) = inhoud.get(&veld.naam) else { continue };
        let naam = format!("{voor}.{}", veld.naam);
        let tekst = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
        let mut terug = waarde.clone();
        match &veld.soort {
            Veldsoort::Vast(_) => {}
            Veldsoort::Groep(binnen) => terug = als_ingevuld(binnen, waarde, &naam, uit),
            Veldsoort::Rijen(binnen, _) => {
                let rijen = waarde.as_array().unwrap().iter().enumerate();
                // With a row between them that stays empty.
                terug = rijen.map(|(i, rij)| als_ingevuld(binnen, rij, &format!("{naam}.{}", 2 * i), uit)).collect();
            }
            Veldsoort::Vinkjes(_) | Veldsoort::Personen => {
                uit.extend(waarde.as_array().unwrap().iter().map(|v| (naam.clone(), tekst(v))))
            }
            Veldsoort::Regels(..) => {
                uit.push((naam, waarde.as_array().unwrap().iter().map(tekst).collect::<Vec<_>>().join("\r\n")));
            }
            Veldsoort::JaNee => uit.push((naam, if waarde == &json!(true) { "ja" } else { "nee" }.to_owned())),
            Veldsoort::Moment => {
                // All examples are of a winter.
                let hier = Tijdstip::parse(waarde.as_str().unwrap()).unwrap().plus(Duration::HOUR);
                uit.push((naam, hier.to_string()[..16].to_owned()));
            }
            _ => uit.push((naam, tekst(waarde))),
        }
        gevraagd.insert(veld.naam.clone(), terug);
    }
    Value::Object(gevraagd)
}

fn teksten(waarde: &Value, uit: &mut Vec<String>) {
    match waarde {
        Value::String(tekst) => uit.push(tekst.clone()),
        Value::Array(lijst) => lijst.iter().for_each(|v| teksten(v, uit)),
        Value::Object(leden) => leden.values().for_each(|v| teksten(v, uit)),
        _ => {}
    }
}

/// Everyone whom an example points out.
fn personen(inhoud: &Value) -> Vec<Persoon> {
    let mut woorden = Vec::new();
    teksten(inhoud, &mut woorden);
    woorden.retain(|w| w.len() == 22 && w.parse::<PersoonRef>().is_ok());
    let persoon =
        |verwijzing: String| Persoon { verwijzing, woord: "persoon 1".to_owned(), leeftijdsgroep: Leeftijdsgroep::Volwassen };
    woorden.into_iter().map(persoon).collect()
}

/// The categories of every type that the page may offer, with their schema and fields.
fn gevallen(catalogus: &Catalogus) -> Vec<(&Definitie, Categorie, &Value, Vorm)> {
    let mut uit = Vec::new();
    for soort in catalogus.definities() {
        let aangeboden =
            !soort.antwoord_op.is_empty() || matches!(soort.naam.as_str().as_ref(), "dossier-verzoek" | "misplaatsing");
        for categorie in soort.categorieen().into_iter().filter(|_| aangeboden) {
            let schema = catalogus.inhoudschema(&soort.naam, categorie).unwrap();
            let vormen = vormen(schema);
            assert!(!vormen.is_empty(), "{} {categorie} cannot be asked", soort.naam);
            uit.extend(vormen.into_iter().map(|vorm| (soort, categorie, schema, vorm)));
        }
    }
    assert!(uit.len() > 40, "{}", uit.len());
    uit
}

#[test]
fn every_example_of_every_answer_comes_back_as_it_was_filled_in() {
    let catalogus = Catalogus::ingebouwd().unwrap();
    for (soort, categorie, schema, Vorm { wat, velden }) in gevallen(&catalogus) {
        // Of one of several forms those that are that form.
        let van_vorm = |v: &&Value| wat.as_ref().is_none_or(|(woord, _)| v["voor"] == json!(woord));
        let voorbeelden: Vec<&Value> = schema["examples"].as_array().unwrap().iter().filter(van_vorm).collect();
        assert!(!voorbeelden.is_empty());
        for voorbeeld in voorbeelden {
            let waar = format!("{} {categorie}: {voorbeeld}", soort.naam);
            let mut ingevuld = Vec::new();
            let gevraagd = als_ingevuld(&velden, voorbeeld, "deel", &mut ingevuld);
            let personen = personen(voorbeeld);
            let mut gelezen = lezen(&velden, "deel", &ingevuld, over(&[], &personen));
            gelezen.toetsen("deel", "Deel", |v| catalogus.toets_inhoud(&soort.naam, categorie, v).map_err(|e| e.pad));
            assert_eq!((gelezen.fouten, gelezen.waarde), (vec![], gevraagd), "{waar}");
        }
    }
}

#[test]
fn every_field_has_an_input_with_a_label_in_dutch() {
    let catalogus = Catalogus::ingebouwd().unwrap();
    let iemand = personen(&json!("AAECAwQFBgcICQoLDA0ODw"));
    for (soort, categorie, schema, Vorm { velden, .. }) in gevallen(&catalogus) {
        let weergave = Weergave { ingevuld: &[], fouten: &[], over: over(&[], &iemand) };
        let html = weergave.velden(&velden, "deel").into_string();
        let mut alle = Vec::new();
        alle_velden(&velden, "deel", &mut alle);
        for (naam, veld) in alle {
            if matches!(veld.soort, Veldsoort::Vast(_)) {
                continue;
            }
            let waar = format!("{} {categorie} {naam}: {}", soort.naam, veld.titel);
            assert_eq!(html.matches(&format!(" id=\"{naam}\"")).count(), 1, "{waar}");
            if matches!(veld.soort, Veldsoort::Vinkjes(_) | Veldsoort::Personen | Veldsoort::Groep(_) | Veldsoort::Rijen(..)) {
                assert!(html.contains(&format!("<fieldset id=\"{naam}\"")), "{waar}");
            } else {
                assert!(html.contains(&format!("<label for=\"{naam}\">{}", veld.titel)), "{waar}");
            }
            assert!(
                veld.titel.starts_with(char::is_uppercase) && veld.titel != veld.naam && !veld.titel.contains("(R"),
                "{waar}"
            );
            for raar in ["Verwijzing naar", "JJJJ", "RFC", "UUID", "verklaring"] {
                assert!(!veld.titel.contains(raar), "{waar}");
            }
        }
        // Nothing that a person reads is a word of a schema.
        for stuk in html.split('>').filter_map(|s| s.split('<').next()).map(str::trim).filter(|s| !s.is_empty() && *s != "–") {
            let gewoon = stuk.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '(') || stuk == "persoon 1";
            assert!(gewoon, "{} {categorie}: {stuk}", soort.naam);
        }
        assert!(titel(schema).is_some_and(|t| t.starts_with(char::is_uppercase)), "{} {categorie} has no title", soort.naam);
    }
}

#[test]
fn lines_are_a_list_and_a_wrong_form_is_told_at_its_field() {
    let catalogus = Catalogus::ingebouwd().unwrap();
    let vraag = naam("informatieverzoek");
    let velden = velden(catalogus.inhoudschema(&vraag, Categorie::Vraag).unwrap()).unwrap();
    let ingevuld = paren(&[("deel.waarom", "Om te beoordelen."), ("deel.vragen", "Is er hulp?\r\n\r\n Is het veilig? ")]);
    let gelezen = lezen(&velden, "deel", &ingevuld, over(&[], &[]));
    assert_eq!(gelezen.waarde["vragen"], json!(["Is er hulp?", "Is het veilig?"]));

    // Two at once that only the schema can tell, in a row that moved up.
    let kind = naam("informatie-antwoord");
    let schema = catalogus.inhoudschema(&kind, Categorie::Kind).unwrap();
    let velden = super::velden(schema).unwrap();
    let voorbeeld = &schema["examples"][0];
    let (mut ingevuld, personen) = (Vec::new(), personen(voorbeeld));
    als_ingevuld(&velden, voorbeeld, "deel", &mut ingevuld);
    for (naam, _) in ingevuld.iter_mut() {
        *naam = naam.replace("kinderen.0", "kinderen.3");
    }
    ingevuld.extend(paren(&[
        ("deel.kinderen.3.bsn", "12345"),
        ("deel.kinderen.3.adres.straat", "Voorbeeldstraat"),
        ("deel.kinderen.3.adres.huisnummer", "1"),
        ("deel.kinderen.3.adres.postcode", "ergens"),
        ("deel.kinderen.3.adres.plaats", "Voorbeeldstad"),
    ]));
    let mut gelezen = lezen(&velden, "deel", &ingevuld, over(&[], &personen));
    assert_eq!(gelezen.fouten, vec![]);
    gelezen.toetsen("deel", "Kinderen", |v| catalogus.toets_inhoud(&kind, Categorie::Kind, v).map_err(|e| e.pad));
    let mut waar: Vec<&str> = gelezen.fouten.iter().map(|f| f.veld.as_str()).collect();
    waar.sort_unstable();
    assert_eq!(waar, ["deel.kinderen.3.adres.postcode", "deel.kinderen.3.bsn"]);
    let weergave = Weergave { ingevuld: &ingevuld, fouten: &gelezen.fouten, over: over(&[], &personen) };
    let html = weergave.velden(&velden, "deel").into_string();
    assert!(
        html.contains("value=\"ergens\"") && html.contains("id=\"fout-deel.kinderen.3.bsn\"") && html.contains("Cas"),
        "{html}"
    );
    assert!(html.contains("aria-describedby=\"fout-deel.kinderen.3.adres.postcode\""), "{html}");
}

#[test]
fn nothing_below_an_optional_heading_is_no_member_and_half_of_it_is_wrong() {
    let catalogus = Catalogus::ingebouwd().unwrap();
    let soort = naam("informatie-antwoord");
    let velden = velden(catalogus.inhoudschema(&soort, Categorie::Risico).unwrap()).unwrap();
    let basis = [("deel.ernst", "ernstig"), ("deel.bron.zekerheid", "feit"), ("deel.bron.functie", "behandelaar")];
    let kaal = lezen(&velden, "deel", &paren(&basis), over(&[], &[]));
    let verwacht = json!({ "ernst": "ernstig", "bron": { "zekerheid": "feit", "functie": "behandelaar" } });
    assert_eq!((kaal.fouten, kaal.waarde), (vec![], verwacht));
    let mut half = basis.to_vec();
    half.push(("deel.verantwoording.noodbesluit.medewerker", "M-1"));
    let half = lezen(&velden, "deel", &paren(&half), over(&[], &[]));
    let mist: Vec<&str> = half.fouten.iter().filter_map(|f| f.veld.rsplit('.').next()).collect();
    assert_eq!(mist, ["functie", "motivering", "beslotenOp"]);
    // Somebody who is not in the message.
    let mut vreemd = basis.to_vec();
    vreemd.push(("deel.voorWie", "AAECAwQFBgcICQoLDA0ODw"));
    assert_eq!(lezen(&velden, "deel", &paren(&vreemd), over(&[], &[])).fouten[0].veld, "deel.voorWie");
}
