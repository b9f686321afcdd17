//! What the definitions say of the types that are shipped, where a rule depends on it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test, its helpers included")]

use std::collections::BTreeSet;

use inbreng_catalogue::{Catalogus, Deelname, Definitie, Gevolg, Ladder, Routering, Termijn};
use inbreng_domain::{
    Berichttype, Code, TypeNaam,
    vocabulary::{Categorie, Gebruik, Grondslag, Toegangswijze, Urgentie},
};

fn catalogus() -> Catalogus {
    Catalogus::ingebouwd().unwrap()
}

fn van<'a>(c: &'a Catalogus, naam: &str) -> &'a Definitie {
    c.definitie(&TypeNaam::parse(naam).unwrap()).unwrap()
}

#[test]
fn the_types_of_the_story_are_there() {
    let c = catalogus();
    let nummers: BTreeSet<u8> = c.definities().map(|d| d.nummer).collect();
    for n in [1, 2, 3, 4, 5, 6, 7, 8, 10, 15, 16, 17, 20, 21, 22, 23, 24, 41] {
        assert!(nummers.contains(&n), "{n}");
    }
    assert_eq!(nummers.len(), c.definities().count());
    assert!(c.soort(&Berichttype::parse("nl.inbreng.overdracht.v1").unwrap()).is_some());
    assert!(c.soort(&Berichttype::parse("nl.inbreng.overdracht.v2").unwrap()).is_none());
}

#[test]
fn medical_data_never_rest_on_the_covenant() {
    let c = catalogus();
    for d in c.definities() {
        for r in d.delen.regels.iter().filter(|r| r.categorieen.contains(&Categorie::Medisch)) {
            assert_eq!(r.categorieen, [Categorie::Medisch], "{}: R8 asks a line of its own", d.naam);
            let buiten = |g: &Grondslag| matches!(g, Grondslag::Toestemming | Grondslag::DoorbrekenBeroepsgeheim);
            assert!(r.grondslagen.iter().all(buiten), "{}", d.naam);
            assert_eq!(r.regel.map(|r| r.nummer()), Some(8), "{}", d.naam);
        }
    }
}

#[test]
fn a_secret_address_stands_in_four_types_only() {
    for d in catalogus().definities() {
        let mag = [10, 20, 22, 37].contains(&d.nummer);
        assert_eq!(d.categorieen().contains(&Categorie::AdresGeheim), mag, "{}", d.naam);
        for r in d.delen.regels.iter().filter(|r| r.categorieen.contains(&Categorie::AdresGeheim)) {
            assert_eq!(r.regel.map(|r| r.nummer()), Some(24), "{}", d.naam);
        }
    }
}

#[test]
fn dossier_permission_comes_with_the_types_of_the_recipients_own_task() {
    for d in catalogus().definities() {
        let eigen_taak = matches!(d.nummer, 1 | 2 | 5 | 10..=17 | 20 | 21 | 24);
        assert_eq!(d.toegang.gebruik == [Gebruik::Dossier], eigen_taak, "{}", d.naam);
        assert!(eigen_taak || d.toegang.gebruik.is_empty(), "{}", d.naam);
        let wijze = if eigen_taak || d.nummer == 8 { Toegangswijze::Meegeleverd } else { Toegangswijze::Inzage };
        assert_eq!(d.standaardwijze(Urgentie::Normaal), wijze, "{}", d.naam);
        assert_eq!(d.standaardwijze(Urgentie::Acuut), Toegangswijze::Meegeleverd, "{}", d.naam);
    }
}

#[test]
fn opening_types_are_those_of_the_design() {
    for d in catalogus().definities() {
        let verwacht = match d.nummer {
            1 | 2 | 3 | 6 | 9 | 10 | 15 | 20 | 22 | 26 | 51..=53 => Deelname::Opent,
            8 | 54 => Deelname::Geen,
            _ => Deelname::Vereist,
        };
        assert_eq!(d.deelname, verwacht, "{}", d.naam);
    }
    let c = catalogus();
    let vraag = van(&c, "advies-verzoek");
    let code = |s| Code::parse(s).unwrap();
    assert_eq!(vraag.deelname_van(Some(&code("anoniem"))), Deelname::Geen);
    assert_eq!(vraag.deelname_van(Some(&code("specialist"))), Deelname::Opent);
    assert_eq!(vraag.deelname_van(None), Deelname::Opent);
}

#[test]
fn an_anonymous_question_needs_no_ground_and_can_have_no_other() {
    let c = catalogus();
    let code = Code::parse("anoniem").unwrap();
    let gelden = van(&c, "advies-verzoek").delen.regels.iter().filter(|r| r.varianten.is_empty() || r.varianten.contains(&code));
    assert_eq!(gelden.flat_map(|r| r.grondslagen.clone()).collect::<Vec<_>>(), [Grondslag::Geen]);
}

#[test]
fn terms_and_effects_are_those_of_the_catalogue() {
    let c = catalogus();
    let incident = van(&c, "incidentmelding");
    assert_eq!(incident.reacties[0].termijn, Termijn::Werkdagen(5));
    assert_eq!((incident.reacties[1].urgentie, incident.reacties[1].termijn), (Some(Urgentie::Acuut), Termijn::Uren(1)));
    let zsm = &van(&c, "zorgadvies-verzoek").reacties[0];
    assert_eq!((zsm.termijn, zsm.ladder), (Termijn::Uren(3), Some(Ladder::Acuut)));
    assert_eq!(van(&c, "zorgadvies-verzoek").reacties[1].voor.as_deref(), Some("zittingOp"));
    assert_eq!(van(&c, "overdracht-acceptatie").gevolgen, [Gevolg::VerantwoordelijkheidVerplaatsen]);
    let toestemming = van(&c, "toestemming-gegeven");
    assert_eq!(
        (toestemming.gevolgen.as_slice(), toestemming.routering),
        ([Gevolg::ToestemmingRegistreren].as_slice(), Routering::Beide)
    );
    let hwc = van(&c, "handle-with-care");
    assert_eq!((hwc.bewaren.onbezorgd_dagen, hwc.bewaren.bij_ontvanger_schooldagen), (5, Some(5)));
}

#[test]
fn every_file_beside_the_source_is_shipped() {
    let c = catalogus();
    let namen = |map: &str| -> BTreeSet<String> {
        let map = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(map);
        std::fs::read_dir(map).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect()
    };
    let types: BTreeSet<String> = c.definities().map(|d| format!("{}.toml", d.naam)).collect();
    assert_eq!(namen("types"), types);
    let mut schemas: BTreeSet<String> =
        c.definities().flat_map(|d| ["verklaring", "inhoud"].map(|s| format!("{}.{s}.json", d.naam))).collect();
    schemas.insert("gemeenschappelijk.json".to_owned());
    assert_eq!(namen("schemas"), schemas);
}
