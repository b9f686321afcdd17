//! The owner's say at the recipient's adapter: understood by everyone, whatever the mapping has words for; and what is stopped is
//! not handed over any more, whatever happens in between.

use std::time::Duration;

use serde_json::{Value, json};

use crate::regio::{Draaiend, Partner, Regio, bestand, fixture, oin};

const PAD: &str = "/mutaties/huiselijk-geweld";

fn mutatie(nummer: &str, huishouden: &str) -> Value {
    let mut mutatie = fixture("politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json");
    mutatie["registratienummer"] = json!(nummer);
    mutatie["huishoudnummer"] = json!(huishouden);
    mutatie
}

/// Waits until this adapter has a delivery of this type, in that state.
pub async fn in_postbus(bij: &Draaiend, soort: &str, stand: &str) -> Value {
    let is = |l: &&Value| l["soort"] == soort && l["stand"] == stand;
    let postbus = bij.tot("/postbus", |p| p["leveringen"].as_array().is_some_and(|l| l.iter().any(|l| is(&l)))).await;
    postbus["leveringen"].as_array().unwrap().iter().find(is).unwrap().clone()
}

pub async fn intrekken(bij: &Draaiend, over: &str) {
    let lichaam = json!({"kenmerk": format!("IN-{over}"), "over": over, "verklaring": {"reden": "onjuist"}});
    let antwoord = bij.post("/eigenaar/intrekking?wacht=20", &lichaam).await;
    assert_eq!((antwoord.status, antwoord.json["stand"].as_str()), (202, Some("bevestigd")), "{antwoord:?}");
}

/// No mapping of the police says a recall, and none of the GGZ takes a correction: it is said and taken all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_recall_without_a_mapping_arrives_and_names_what_it_is_about() {
    let regio = Regio::nieuw().await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    let ggz = regio.partner(Partner::Ggz).await;
    ggz.systeem.antwoordt("/verzoeken", json!({"verzoeknummer": "VZ-0001", "dossiernummer": "GD-77"}));
    let verzoek = fixture("veilig-thuis/fixtures/informatie/verzoeken/guave-ggz.json");
    assert_eq!(vt.post("/informatie/verzoeken?wacht=20", &verzoek).await.status, 202);
    ggz.systeem.ontvangt("/verzoeken").await;
    ggz.rust().await;

    intrekken(&vt, verzoek["verzoeknummer"].as_str().unwrap()).await;
    let woord = ggz.systeem.ontvangt("/eigenaar/intrekking").await;
    assert_eq!((&woord["over"]["kenmerk"], &woord["verklaring"]["reden"]), (&json!("VZ-0001"), &json!("onjuist")), "{woord}");
    assert!(woord["wat"].as_str().unwrap().contains("Gebruik het niet meer"), "{woord}");
    let levering = in_postbus(&ggz, "intrekking", "gemeld").await;

    // The owner sees who must still stop, and by when; the duty is met by who reads it.
    let id = levering["levering"].as_str().unwrap();
    let kenmerk = format!("/verzonden/IN-{}", verzoek["verzoeknummer"].as_str().unwrap());
    let moet = |s: &Value, stand: &str| {
        s["plichten"].as_array().is_some_and(|p| p.iter().any(|p| p["soort"] == "gebruik-staken" && p["stand"] == stand))
    };
    let status = vt.tot(&kenmerk, |s| moet(s, "open")).await;
    assert_eq!(status["plichten"][0]["naam"], "GGZ Voorbeeldregio", "{status}");
    assert!(status["plichten"][0]["uiterlijk"].is_string(), "{status}");
    assert_eq!(ggz.post(&format!("/postbus/{id}/gelezen"), &json!({"functie": "behandelaar"})).await.status, 204);
    vt.tot(&kenmerk, |s| s["ontvangers"][0]["status"]["gelezenOp"].is_string() && moet(s, "voldaan")).await;
    assert_eq!(ggz.get("/gezondheid").await.json["alarmen"], json!([]));
}

/// Who has no place for it in its system keeps it in its adapter: it is refused by nobody, holds nobody up, and a human is told.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_recall_that_the_own_system_does_not_take_is_never_refused() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    vt.systeem.antwoordt("/meldingen/politie", json!({"meldingnummer": "M-1", "dossiernummer": "D-1"}));
    assert_eq!(politie.post(&format!("{PAD}?wacht=20"), &mutatie("PL-1", "H-1")).await.status, 202);
    vt.systeem.ontvangt("/meldingen/politie").await;
    vt.rust().await;
    vt.systeem.weigert("onjuist", 404);
    vt.systeem.weigert("Het klopt niet", 404);
    intrekken(&politie, "PL-1").await;
    let gezondheid = vt
        .tot("/gezondheid", |g| g["alarmen"].as_array().unwrap().iter().any(|a| a["soort"] == "eigenaarswoord-niet-verwerkt"))
        .await;
    let alarm = gezondheid["alarmen"][0]["uitleg"].as_str().unwrap();
    assert!(alarm.contains("M-1") && alarm.contains("Politie Voorbeeldregio"), "{alarm}");
    // The next report of that household comes through.
    assert_eq!(politie.post(&format!("{PAD}?wacht=20"), &mutatie("PL-2", "H-1")).await.status, 202);
    assert_eq!(vt.systeem.ontvangt("/meldingen/politie").await["incident"][0]["kenmerk_politie"], "PL-2");
    let levering = in_postbus(&vt, "intrekking", "geopend").await;
    let bevestigd = vt.post(&format!("/postbus/{}/ontvangen", levering["levering"].as_str().unwrap()), &Value::Null).await;
    assert_eq!(bevestigd.status, 204, "{bevestigd:?}");
    in_postbus(&vt, "intrekking", "gemeld").await;
}

/// The own system is down when the report comes; it is recalled meanwhile; the adapter stops and starts in between. Once the system
/// is back it gets the recall, and never the report.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_recalled_before_it_was_handed_over_never_is() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    vt.systeem.kapot(true);
    for (nummer, huishouden) in [("PL-1", "H-1"), ("PL-2", "H-1"), ("PL-3", "H-2")] {
        assert_eq!(politie.post(&format!("{PAD}?wacht=20"), &mutatie(nummer, huishouden)).await.status, 202);
    }
    vt.tot("/postbus", |p| p["leveringen"].as_array().is_some_and(|l| l.len() == 3 && l.iter().all(|l| l["stand"] == "geopend")))
        .await;
    intrekken(&politie, "PL-1").await;
    // Also where the adapter is stopped before or after it took the word: what it took, and what it did with it, is one.
    let vt = vt.herstart(&regio).await;
    vt.tot("/postbus", |p| p["leveringen"].as_array().is_some_and(|l| l.iter().any(|l| l["soort"] == "intrekking"))).await;
    let vt = vt.herstart(&regio).await;
    let terug = |p: &Value| {
        p["leveringen"]
            .as_array()
            .is_some_and(|l| l.iter().any(|l| l["weigeringscode"] == "teruggenomen" && l["lichaam"].is_null()))
    };
    vt.tot("/postbus", terug).await;
    vt.systeem.kapot(false);
    vt.rust().await;
    let mut gekomen = Vec::new();
    for _ in 0..2 {
        gekomen.push(vt.systeem.ontvangt("/meldingen/politie").await["incident"][0]["kenmerk_politie"].clone());
    }
    gekomen.sort_by_key(Value::to_string);
    assert_eq!(gekomen, [json!("PL-2"), json!("PL-3")]);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(vt.systeem.aantal(), 3, "two reports and the recall");
    // Its owner sees that it was never handed over, and nobody is alarmed by what the owner did.
    let status = politie.tot("/verzonden/PL-1", |s| s["ontvangers"][0]["status"]["weigering"] == "teruggenomen").await;
    assert_eq!(status["ontvangers"][0]["bewijs"], "geweigerd", "{status}");
    assert_eq!(politie.get("/gezondheid").await.json["alarmen"], json!([]));
}

/// The GGZ, which names danger beside consent for what is medical.
async fn ggz_op_twee_gronden(regio: &Regio) -> Draaiend {
    let mapping = std::fs::read_to_string(bestand("ggz").join("mapping.toml")).unwrap();
    let eigen = r#""toestemming patiënt" = ["toestemming"]"#;
    assert!(mapping.contains(eigen));
    let twee = mapping.replace(eigen, r#""toestemming patiënt" = ["toestemming", "doorbreken-beroepsgeheim"]"#);
    regio.partner_volgens(Partner::Ggz, &twee).await
}

/// What rests on consent is fetched, the own system is down, and the patient withdraws (42, R11): it is never handed over, and its owner
/// sees that. Also where its label names another ground that does not hold; where a professional decided on that ground, it is handed
/// over.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_rests_on_withdrawn_consent_is_not_handed_over_and_what_another_ground_carries_is() {
    for (twee_gronden, besloten) in [(false, false), (true, false), (true, true)] {
        let regio = Regio::nieuw().await;
        let vt = regio.partner(Partner::VeiligThuis).await;
        let ggz = if twee_gronden { ggz_op_twee_gronden(&regio).await } else { regio.partner(Partner::Ggz).await };
        ggz.systeem.antwoordt("/verzoeken", json!({"verzoeknummer": "VZ-0001", "dossiernummer": "GD-0001"}));
        ggz.systeem.personen("patientnummer", &["PT-55012"]);
        let verzoek = fixture("veilig-thuis/fixtures/informatie/verzoeken/guave-ggz.json");
        assert_eq!(vt.post("/informatie/verzoeken?wacht=20", &verzoek).await.status, 202);
        ggz.systeem.ontvangt("/verzoeken").await;
        ggz.rust().await;
        let toestemming = fixture("ggz/fixtures/toestemmingen/guave.json");
        let antwoord = ggz.post("/toestemmingen?wacht=20", &toestemming).await;
        assert_eq!(antwoord.status, 202, "{antwoord:?}");
        in_postbus(&vt, "toestemming-gegeven", "gemeld").await;
        let eerder = vt.systeem.aantal();

        vt.systeem.kapot(true);
        let mut dossier = fixture("ggz/fixtures/antwoorden/2-medisch-op-toestemming.json");
        if besloten {
            let nood = fixture("ggz/fixtures/antwoorden/3-conflict-van-plichten.json");
            dossier["medisch"]["conflict_van_plichten"] = nood["medisch"]["conflict_van_plichten"].clone();
        }
        let antwoord = ggz.post("/antwoorden?wacht=20", &dossier).await;
        assert_eq!(antwoord.status, 202, "{antwoord:?}");
        in_postbus(&vt, "informatie-antwoord", "geopend").await;
        let intrekking = fixture("ggz/fixtures/toestemmingen/ingetrokken/guave.json");
        let antwoord = ggz.post("/toestemmingen/ingetrokken?wacht=20", &intrekking).await;
        assert_eq!((antwoord.status, antwoord.json["stand"].as_str()), (202, Some("bevestigd")), "{antwoord:?}");
        in_postbus(&vt, "toestemming-ingetrokken", "geopend").await;

        let status = format!("/verzonden/{}", dossier["antwoordnummer"].as_str().unwrap());
        if besloten {
            vt.systeem.kapot(false);
            vt.systeem.ontvangt("/informatie/antwoorden").await;
            vt.rust().await;
            assert_eq!(vt.systeem.aantal(), eerder + 2, "the answer and the withdrawal");
            let gezien = ggz.tot(&status, |s| s["ontvangers"][0]["status"]["ontvangenOp"].is_string()).await;
            assert!(gezien["ontvangers"][0]["status"]["weigering"].is_null(), "{gezien}");
            continue;
        }
        let terug = |p: &Value| {
            p["leveringen"]
                .as_array()
                .is_some_and(|l| l.iter().any(|l| l["weigeringscode"] == "teruggenomen" && l["lichaam"].is_null()))
        };
        vt.tot("/postbus", terug).await;
        vt.systeem.kapot(false);
        vt.rust().await;
        in_postbus(&vt, "toestemming-ingetrokken", "gemeld").await;
        assert_eq!(vt.systeem.aantal(), eerder + 1, "the withdrawal alone");
        let gezien = ggz.tot(&status, |s| s["ontvangers"][0]["status"]["weigering"] == "teruggenomen").await;
        assert_eq!(gezien["ontvangers"][0]["bewijs"], "geweigerd", "{gezien}");
    }
}

/// A school is no party of the covenant, takes part in nothing, and what it got has no case (Handle with Care). It reports what was not
/// for it all the same; the police answer, and the report is dealt with.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_school_reports_a_child_that_is_not_on_it() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let school = regio.partner(Partner::School).await;
    let melding = fixture("politie/fixtures/handle-with-care/cas.json");
    assert_eq!(politie.post("/handle-with-care?wacht=20", &melding).await.status, 202);
    school.systeem.ontvangt("/signalen").await;
    let gekregen = in_postbus(&school, "handle-with-care", "gemeld").await;

    politie.systeem.antwoordt("/eigenaar/misplaatsing", json!({"kenmerk": "VB-1"}));
    let melden = json!({
        "kenmerk": "SCH-1", "over": gekregen["bericht"], "verklaring": {"reden": "verkeerde-ontvanger"},
    });
    let antwoord = school.post("/eigenaar/misplaatsing?wacht=20", &melden).await;
    assert_eq!((antwoord.status, antwoord.json["stand"].as_str()), (202, Some("bevestigd")), "{antwoord:?}");
    let woord = politie.systeem.ontvangt("/eigenaar/misplaatsing").await;
    assert_eq!(woord["over"]["kenmerk"], melding["registratienummer"], "{woord}");
    politie.rust().await;
    let plichten =
        |p: &Value| p["plichten"].as_array().map_or(0, |p| p.iter().filter(|p| p["soort"] == "misplaatsing-afhandelen").count());
    politie.tot("/plichten", |p| plichten(p) == 1).await;
    let besluit = json!({"kenmerk": "EB-1", "antwoordOp": "VB-1", "verklaring": {"besluit": "ja"}});
    let antwoord = politie.post("/eigenaar/eigenaar-besluit?wacht=20", &besluit).await;
    assert_eq!((antwoord.status, antwoord.json["stand"].as_str()), (202, Some("bevestigd")), "{antwoord:?}");
    in_postbus(&school, "eigenaar-besluit", "gemeld").await;
    politie.tot("/plichten", |p| plichten(p) == 0).await;
    // The officers of both hear of it, and nobody else is called for anything.
    for (wie, kenmerk) in
        [(&politie, melding["registratienummer"].as_str().unwrap()), (&school, gekregen["bericht"].as_str().unwrap())]
    {
        let alarmen = wie.get("/gezondheid").await.json["alarmen"].clone();
        let [alarm] = &alarmen.as_array().unwrap()[..] else { panic!("{alarmen}") };
        assert!(alarm["soort"] == "misplaatsing" && alarm["uitleg"].as_str().unwrap().contains(kenmerk), "{alarm}");
    }
}

/// Consent is withdrawn. Who has something on it hears that; whoever left cannot, and its owner is told whom to call.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_left_with_something_on_consent_is_called_when_it_is_withdrawn() {
    for vertrekt in [false, true] {
        let mut regio = Regio::nieuw().await;
        let vt = regio.partner(Partner::VeiligThuis).await;
        let ggz = regio.partner(Partner::Ggz).await;
        ggz.systeem.antwoordt("/verzoeken", json!({"verzoeknummer": "VZ-0001", "dossiernummer": "GD-0001"}));
        ggz.systeem.personen("patientnummer", &["PT-55012"]);
        let verzoek = fixture("veilig-thuis/fixtures/informatie/verzoeken/guave-ggz.json");
        assert_eq!(vt.post("/informatie/verzoeken?wacht=20", &verzoek).await.status, 202);
        ggz.systeem.ontvangt("/verzoeken").await;
        ggz.rust().await;
        for (pad, bestand) in [
            ("/toestemmingen", "ggz/fixtures/toestemmingen/guave.json"),
            ("/antwoorden", "ggz/fixtures/antwoorden/2-medisch-op-toestemming.json"),
        ] {
            let antwoord = ggz.post(&format!("{pad}?wacht=20"), &fixture(bestand)).await;
            assert_eq!((antwoord.status, antwoord.json["stand"].as_str()), (202, Some("bevestigd")), "{antwoord:?}");
        }
        vt.systeem.ontvangt("/informatie/antwoorden").await;
        ggz.tot("/verzonden/GA-2026-0402", |s| s["ontvangers"][0]["bewijs"] == "klopt").await;
        let ggz = if vertrekt {
            vt.stoppen().await;
            regio.vertrekt(Partner::VeiligThuis);
            ggz.herstart(&regio).await
        } else {
            ggz
        };

        let weg = json!({
            "kenmerk": "TI-1", "casus": "GD-0001",
            "verklaring": {
                "persoon": "PT-55012", "leeftijdsgroep": "18+", "door": "betrokkene", "eigenaar": "eigen",
                "ontvangers": [oin(Partner::VeiligThuis)], "categorieen": ["medisch"], "doelen": ["beoordelen"], "volgnummer": 9,
            },
        });
        let antwoord = ggz.post("/eigenaar/toestemming-ingetrokken?wacht=20", &weg).await;
        assert_eq!((antwoord.status, antwoord.json["stand"].as_str()), (202, Some("bevestigd")), "{antwoord:?}");
        let alarmen = ggz.get("/gezondheid").await.json["alarmen"].clone();
        match &alarmen.as_array().unwrap()[..] {
            [] => assert!(!vertrekt, "nobody is told"),
            [alarm] => {
                assert!(vertrekt && alarm["soort"] == "houder-niet-bereikt", "{alarm}");
                let uitleg = alarm["uitleg"].as_str().unwrap();
                assert!(uitleg.contains("Bel Veilig Thuis Voorbeeldregio") && uitleg.contains("GA-2026-0402"), "{uitleg}");
            }
            meer => panic!("{meer:?}"),
        }
    }
}
