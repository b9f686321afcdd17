//! A correction (46) from one own system to another: the old part is never handed over once it is corrected; who has it already reads
//! the new one, and that it must stop; and the view of the person themself stands beside it and stops nothing.

use serde_json::{Value, json};

use crate::{
    eigenaar::{in_postbus, intrekken},
    regio::{Antwoord, Draaiend, Partner, Regio, fixture},
};

const PAD: &str = "/mutaties/huiselijk-geweld";
const OUD: &str = "Haar partner controleert haar post en geld.";
const NIEUW: &str = "Haar broer controleert haar post en geld, niet haar partner.";
const EIGEN: &str = "Hij regelt dat omdat ik dat zelf wil.";

/// A report with what happened as its first part.
fn mutatie() -> Value {
    let mut mutatie = fixture("politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json");
    mutatie["registratienummer"] = json!("PL-1");
    mutatie["toedracht"] = json!(OUD);
    mutatie
}

async fn gemeld(politie: &Draaiend) {
    let antwoord = politie.post(&format!("{PAD}?wacht=20"), &mutatie()).await;
    assert_eq!((antwoord.status, antwoord.json["stand"].as_str()), (202, Some("bevestigd")), "{antwoord:?}");
}

/// What happened, said anew, or what she says of it herself.
async fn rectificatie(politie: &Draaiend, kenmerk: &str, soort: &str) {
    let antwoord = zeggen(politie, kenmerk, soort).await;
    assert_eq!((antwoord.status, antwoord.json["stand"].as_str()), (202, Some("bevestigd")), "{antwoord:?}");
}

async fn zeggen(politie: &Draaiend, kenmerk: &str, soort: &str) -> Antwoord {
    let wie = json!({"$persoon": "700127"});
    let (categorie, inhoud) = if soort == "zienswijze" {
        ("mening", json!({"uitspraken": [{"ref": wie, "uitspraak": EIGEN, "gezegdOp": "2026-11-22", "tegen": "wijkagent"}]}))
    } else {
        let inhoud = json!({
            "soort": "incident", "aard": ["psychisch"], "plaatsgevondenOp": "2026-11-20T08:10:00.000Z", "toelichting": NIEUW,
            "rollen": [{"ref": wie, "rol": "slachtoffer"}],
            "bron": {"zekerheid": "feit", "functie": "wijkagent", "waargenomenOp": "2026-11-20"},
        });
        ("incident", inhoud)
    };
    let lichaam = json!({
        "kenmerk": kenmerk, "over": "PL-1", "delen": [0], "verklaring": {"soort": soort},
        "inhoud": [{
            "categorie": categorie, "grondslagen": ["wettelijke-taak"], "functie": "wijkagent",
            "betrokkenen": [{"sleutel": "700127", "leeftijdsgroep": "18+"}], "inhoud": inhoud,
        }],
    });
    politie.post("/eigenaar/rectificatie?wacht=20", &lichaam).await
}

/// What this correction says to who may view it.
async fn lezen(bij: &Draaiend, woord: &Value) -> Value {
    let nummer = woord["delen"][0]["inzagenummer"].as_str().unwrap_or_else(|| panic!("{woord}"));
    let gelezen = bij.post(&format!("/inzage/{nummer}"), &json!({"functie": "triagist", "doel": "verantwoording"})).await;
    assert_eq!(gelezen.status, 200, "{gelezen:?}");
    gelezen.json["inhoud"].clone()
}

/// Who must stop what went before, and whether that is done.
fn staken(status: &Value) -> Option<(&str, &str)> {
    let plicht = status["plichten"].as_array()?.iter().find(|p| p["soort"] == "gebruik-staken")?;
    Some((plicht["naam"].as_str()?, plicht["stand"].as_str()?))
}

/// Police and Veilig Thuis, whose own system names what it gets.
async fn politie_en_vt(regio: &Regio) -> (Draaiend, Draaiend) {
    let politie = regio.partner(Partner::Politie).await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    vt.systeem.antwoordt("/meldingen/politie", json!({"meldingnummer": "M-1", "dossiernummer": "D-1"}));
    (politie, vt)
}

/// The same, with a correction behind a report that Veilig Thuis' system does not take yet.
async fn gemeld_en_verbeterd(regio: &Regio, kenmerk: &str, soort: &str) -> (Draaiend, Draaiend) {
    let (politie, vt) = politie_en_vt(regio).await;
    vt.systeem.kapot(true);
    gemeld(&politie).await;
    in_postbus(&vt, "incidentmelding", "geopend").await;
    rectificatie(&politie, kenmerk, soort).await;
    vt.tot("/postbus", |p| p["leveringen"].as_array().is_some_and(|l| l.iter().any(|l| l["soort"] == "rectificatie"))).await;
    (politie, vt)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_part_that_was_corrected_before_it_was_handed_over_never_is() {
    let regio = Regio::nieuw().await;
    let (politie, vt) = gemeld_en_verbeterd(&regio, "RE-1", "verbeterd").await;
    // Also where the adapter is stopped after it took the word.
    let vt = vt.herstart(&regio).await;
    vt.tot("/postbus", |p| p["leveringen"].as_array().is_some_and(|l| l.iter().any(|l| l["weigeringscode"] == "teruggenomen")))
        .await;
    vt.systeem.kapot(false);

    // The rest of the report comes by itself, and what happened only as it was corrected.
    let melding = vt.systeem.ontvangt("/meldingen/politie").await;
    assert!(melding.to_string().contains("Testpersoon Olijf"), "{melding}");
    let woord = vt.systeem.ontvangt("/eigenaar/rectificatie").await;
    assert_eq!(lezen(&vt, &woord).await["toelichting"], NIEUW);
    vt.rust().await;
    assert_eq!(vt.systeem.aantal(), 2);
    for gekregen in [&melding, &woord] {
        assert!(!gekregen.to_string().contains(OUD), "{gekregen}");
    }
    assert_eq!(politie.get("/gezondheid").await.json["alarmen"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_has_the_old_part_is_told_what_it_is_now_and_stops_by_reading_that() {
    let regio = Regio::nieuw().await;
    let (politie, vt) = politie_en_vt(&regio).await;
    gemeld(&politie).await;
    assert!(vt.systeem.ontvangt("/meldingen/politie").await.to_string().contains(OUD));
    vt.rust().await;

    rectificatie(&politie, "RE-1", "verbeterd").await;
    let woord = vt.systeem.ontvangt("/eigenaar/rectificatie").await;
    assert_eq!((&woord["over"]["kenmerk"], &woord["verklaring"]["soort"]), (&json!("M-1"), &json!("verbeterd")), "{woord}");
    assert!(woord["wat"].as_str().unwrap().contains("Gebruik het oude deel niet meer"), "{woord}");
    let verplichtingen = woord["delen"][0]["verplichtingen"].as_array().unwrap();
    assert!(verplichtingen.iter().any(|v| v["soort"] == "nieuwe-versie-gebruiken"), "{woord}");
    politie.tot("/verzonden/RE-1", |s| staken(s) == Some(("Veilig Thuis Voorbeeldregio", "open"))).await;

    assert_eq!(lezen(&vt, &woord).await["toelichting"], NIEUW);
    let levering = in_postbus(&vt, "rectificatie", "gemeld").await;
    let pad = format!("/postbus/{}/gelezen", levering["levering"].as_str().unwrap());
    assert_eq!(vt.post(&pad, &json!({"functie": "triagist"})).await.status, 204);
    politie.tot("/verzonden/RE-1", |s| staken(s) == Some(("Veilig Thuis Voorbeeldregio", "voldaan"))).await;
    vt.rust().await;
    assert_eq!(vt.systeem.aantal(), 2, "the report and its correction");
    for partner in [&politie, &vt] {
        assert_eq!(partner.get("/gezondheid").await.json["alarmen"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_the_person_says_of_it_stands_beside_the_part_and_stops_nothing() {
    let regio = Regio::nieuw().await;
    let (politie, vt) = gemeld_en_verbeterd(&regio, "ZW-1", "zienswijze").await;
    vt.systeem.kapot(false);

    let melding = vt.systeem.ontvangt("/meldingen/politie").await;
    assert!(melding.to_string().contains(OUD), "{melding}");
    let woord = vt.systeem.ontvangt("/eigenaar/rectificatie").await;
    assert_eq!(woord["over"]["kenmerk"], "M-1", "the own system has named the report by then: {woord}");
    assert!(woord["wat"].as_str().unwrap().contains("blijft staan"), "{woord}");
    let plichten = woord["delen"][0]["verplichtingen"].as_array().unwrap();
    assert!(plichten.iter().all(|v| v["soort"] != "nieuwe-versie-gebruiken"), "there is no new version: {woord}");
    assert_eq!(lezen(&vt, &woord).await["uitspraken"][0]["uitspraak"], EIGEN);
    let status = politie.tot("/verzonden/ZW-1", |s| s["ontvangers"][0]["status"]["ontvangenOp"].is_string()).await;
    assert_eq!(staken(&status), None, "nobody has to stop: {status}");
    vt.rust().await;
    assert_eq!(vt.systeem.aantal(), 2, "the report, whole, and her view");
    assert_eq!(politie.get("/gezondheid").await.json["alarmen"], json!([]));
}

/// Who has the report left the directory. A new version has nobody to be sealed for, and its owner hears what it can do instead: the
/// recall is in force at the hub, and names whom to call.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_only_one_has_who_left_is_recalled_and_its_owner_calls_them() {
    let mut regio = Regio::nieuw().await;
    let (politie, vt) = politie_en_vt(&regio).await;
    gemeld(&politie).await;
    vt.systeem.ontvangt("/meldingen/politie").await;
    politie.tot("/verzonden/PL-1", |s| s["ontvangers"][0]["bewijs"] == "klopt").await;
    vt.stoppen().await;
    regio.vertrekt(Partner::VeiligThuis);
    let politie = politie.herstart(&regio).await;

    let geweigerd = zeggen(&politie, "RE-1", "verbeterd").await;
    assert_eq!((geweigerd.status, &geweigerd.json["code"]), (422, &json!("ontvanger-onbekend")), "{geweigerd:?}");
    assert!(geweigerd.json["detail"].as_str().unwrap().contains("Trek het deel in"), "{geweigerd:?}");
    intrekken(&politie, "PL-1").await;
    let gezondheid = politie.get("/gezondheid").await.json;
    let [alarm] = &gezondheid["alarmen"].as_array().unwrap()[..] else { panic!("{gezondheid}") };
    assert_eq!(alarm["soort"], "houder-niet-bereikt");
    let uitleg = alarm["uitleg"].as_str().unwrap();
    assert!(uitleg.contains("Bel Veilig Thuis Voorbeeldregio") && uitleg.contains("PL-1"), "{uitleg}");
}
