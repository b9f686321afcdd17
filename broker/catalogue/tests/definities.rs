//! What the definitions say of the types that are shipped, where a rule depends on it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test, its helpers included")]

use std::collections::BTreeSet;

use inbreng_catalogue::{Catalogus, Deelname, Definitie, Gevolg, Ladder, Routering, Termijn};
use inbreng_domain::{
    Berichttype, Code, TypeNaam,
    vocabulary::{Categorie, Gebruik, Grondslag, Toegangswijze, Urgentie},
};

/// Number, name, who sends and who receives, as the domain has it.
const TYPEN: [(u8, &str, &str, &str); 59] = [
    (1, "incidentmelding", "politie", "veilig-thuis"),
    (2, "zorgmelding", "politie school huisarts ggz jeugdbescherming reclassering vrouwenopvang wijkteam", "veilig-thuis"),
    (3, "advies-verzoek", "iedereen", "veilig-thuis ggz vrouwenopvang jeugdbescherming zvh expertisecentrum-egg"),
    (4, "advies", "veilig-thuis ggz vrouwenopvang jeugdbescherming zvh expertisecentrum-egg", "vrager"),
    (5, "triagebesluit", "veilig-thuis", "vrager"),
    (6, "informatieverzoek", "veilig-thuis rvdk zvh", "iedereen"),
    (7, "informatie-antwoord", "ontvanger", "vrager"),
    (8, "handle-with-care", "politie", "school"),
    (9, "egg-checklist", "iedereen", "expertisecentrum-egg"),
    (10, "huisverbod-opgelegd", "politie", "burgemeester wijkteam veilig-thuis crisisdienst reclassering om"),
    (
        11,
        "verlengingsadvies-verzoek",
        "burgemeester",
        "wijkteam veilig-thuis ggz jeugdbescherming vrouwenopvang crisisdienst politie",
    ),
    (12, "verlengingsadvies", "ontvanger", "vrager"),
    (13, "huisverbod-besluit", "burgemeester", "wijkteam veilig-thuis crisisdienst reclassering om slachtofferhulp"),
    (14, "overtreding-melding", "politie reclassering", "om burgemeester veilig-thuis casusregisseur"),
    (15, "zorgadvies-verzoek", "om", "veilig-thuis"),
    (16, "zorgadvies", "veilig-thuis", "om"),
    (17, "afdoeningsbericht", "om", "veilig-thuis politie reclassering slachtofferhulp wijkteam ggz"),
    (18, "strafproces-gebeurtenis", "om dji reclassering", "deelnemer"),
    (19, "handelingsinstructie", "casusregisseur om", "politie"),
    (
        20,
        "overdracht",
        "veilig-thuis crisisdienst vrouwenopvang jeugdbescherming gemeente wijkteam",
        "wijkteam jeugdbescherming veilig-thuis gemeente",
    ),
    (21, "overdracht-acceptatie", "ontvanger", "vrager casusregisseur"),
    (
        22,
        "verwijzing",
        "wijkteam veilig-thuis vrouwenopvang reclassering crisisdienst",
        "ggz vrouwenopvang slachtofferhulp reclassering wijkteam overig",
    ),
    (23, "verwijzing-weigering", "ontvanger", "vrager casusregisseur"),
    (24, "terugkoppeling", "ontvanger", "vrager"),
    (25, "terugmelding", "wijkteam", "veilig-thuis"),
    (26, "casus-aanmelding", "iedereen", "zvh"),
    (27, "weegbesluit", "zvh ontvanger", "vrager"),
    (28, "uitnodiging-casusoverleg", "zvh", "deelnemer"),
    (29, "uitnodiging-reactie", "ontvanger", "vrager"),
    (30, "inbreng-casusoverleg", "deelnemer", "deelnemer"),
    (31, "afsprakenlijst", "zvh", "deelnemer"),
    (32, "bekendheidsvraag", "zvh veilig-thuis om", "iedereen"),
    (33, "bekendheidsantwoord", "ontvanger", "vrager"),
    (34, "afspraak", "zvh casusregisseur", "deelnemer"),
    (35, "afspraak-voortgang", "ontvanger deelnemer", "vrager casusregisseur deelnemer"),
    (36, "plan-deel", "casusregisseur deelnemer", "deelnemer"),
    (37, "veiligheidssignaal", "deelnemer", "casusregisseur deelnemer politie crisisdienst"),
    (38, "monitoring-vraag", "veilig-thuis", "wijkteam ggz jeugdbescherming vrouwenopvang reclassering"),
    (39, "monitoring-antwoord", "ontvanger", "vrager"),
    (40, "casusregie-wijziging", "zvh wijkteam gemeente", "deelnemer"),
    (41, "toestemming-gegeven", "iedereen", "knooppunt iedereen"),
    (42, "toestemming-ingetrokken", "iedereen", "knooppunt iedereen"),
    (43, "dossier-verzoek", "ontvanger", "eigenaar"),
    (44, "doorverstrekking-verzoek", "ontvanger", "eigenaar"),
    (45, "eigenaar-besluit", "ontvanger", "vrager"),
    (46, "rectificatie", "iedereen", "houder"),
    (47, "intrekking", "iedereen", "houder"),
    (48, "embargo", "politie om", "knooppunt deelnemer"),
    (
        49,
        "noodopening",
        "ggz huisarts vrouwenopvang wijkteam jeugdbescherming reclassering slachtofferhulp crisisdienst school overig",
        "deelnemer",
    ),
    (50, "transparantiebericht", "iedereen", "deelnemer betrokkene"),
    (51, "opschaling", "iedereen", "zvh gemeente jeugdbescherming rvdk burgemeester"),
    (52, "zijschaling", "iedereen", "iedereen"),
    (53, "afschaling", "zvh veilig-thuis casusregisseur", "wijkteam ggz jeugdbescherming vrouwenopvang reclassering"),
    (54, "capaciteitsbericht", "vrouwenopvang ggz veilig-thuis wijkteam slachtofferhulp overig", "iedereen"),
    (55, "termijn-escalatie", "knooppunt", "deelnemer casusregisseur gemeente"),
    (56, "deelname", "zvh veilig-thuis casusregisseur", "knooppunt iedereen"),
    (57, "vlag", "deelnemer", "knooppunt deelnemer"),
    (58, "zaak-samenvoegen", "veilig-thuis", "knooppunt deelnemer"),
    (59, "misplaatsing", "iedereen", "eigenaar houder"),
];

fn catalogus() -> Catalogus {
    Catalogus::ingebouwd().unwrap()
}

fn van<'a>(c: &'a Catalogus, naam: &str) -> &'a Definitie {
    c.definitie(&TypeNaam::parse(naam).unwrap()).unwrap()
}

#[test]
fn every_type_is_there_with_its_number_its_senders_and_its_recipients() {
    let c = catalogus();
    let woorden = |lijst: serde_json::Value| {
        let woorden: Vec<String> = serde_json::from_value(lijst).unwrap();
        woorden.join(" ")
    };
    for (nummer, naam, van_, naar) in TYPEN {
        let d = van(&c, naam);
        assert_eq!(d.nummer, nummer, "{naam}");
        assert_eq!(woorden(serde_json::to_value(&d.van).unwrap()), van_, "{naam}");
        assert_eq!(woorden(serde_json::to_value(&d.naar).unwrap()), naar, "{naam}");
    }
    assert!(TYPEN.iter().zip(1..).all(|((nummer, ..), n)| *nummer == n), "in order, without a gap");
    assert_eq!(c.definities().count(), 59);
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

/// Whom a correction, a withdrawal or a request goes to, the hub reads from the message referred to; no other type may
/// use those words, since only there does the statement refer to one.
#[test]
fn what_refers_to_a_message_goes_to_its_owner_or_its_holders() {
    use inbreng_catalogue::{Naar, NaarWoord};
    let c = catalogus();
    for d in c.definities() {
        let verwijst = d.naar.iter().any(|n| matches!(n, Naar::Woord(NaarWoord::Eigenaar | NaarWoord::Houder)));
        if verwijst {
            assert!([42, 43, 44, 46, 47, 59].contains(&d.nummer), "{}", d.naam);
        }
    }
    for naam in ["dossier-verzoek", "doorverstrekking-verzoek"] {
        assert_eq!(van(&c, naam).naar, [Naar::Woord(NaarWoord::Eigenaar)], "{naam}");
    }
    for naam in ["rectificatie", "intrekking"] {
        assert_eq!(van(&c, naam).naar, [Naar::Woord(NaarWoord::Houder)], "{naam}");
    }
}

/// R16 has one exception: a question whether someone is known goes outside the case, and its answer comes from there.
#[test]
fn only_the_question_whether_someone_is_known_leaves_the_case() {
    let c = catalogus();
    for d in c.definities() {
        assert_eq!(d.bevraagt_buiten, d.nummer == 32, "{}", d.naam);
        assert_eq!(c.antwoordt_van_buiten(d), d.nummer == 33, "{}", d.naam);
    }
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
