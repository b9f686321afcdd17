//! Who stands around the six: each by its mapping alone, at a real hub.

use serde_json::{Value, json};

use crate::regio::{Draaiend, Partner, Regio, fixture};

/// Sends what lies ready, and expects that all of it goes.
async fn stuurt(wie: &Draaiend, pad: &str, bericht: &Value) {
    let antwoord = wie.post(&format!("{pad}?wacht=20"), bericht).await;
    assert_eq!(antwoord.status, 202, "{pad}: {antwoord:?}");
}

/// What may only be viewed of one category, by the number under which it was told of.
async fn leest(wie: &Draaiend, rest: &Value, onderdeel: &str, waarvoor: Value) -> String {
    let regel = rest.as_array().and_then(|r| r.iter().find(|d| d["onderdeel"] == onderdeel)).unwrap_or_else(|| panic!("{rest}"));
    let gelezen = wie.post(&format!("/inzage/{}", regel["waarde"].as_str().unwrap()), &waarvoor).await;
    assert_eq!(gelezen.status, 200, "{gelezen:?}");
    gelezen.json.to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_safety_house_weighs_what_the_district_team_brings() {
    let regio = Regio::nieuw().await;
    let wijkteam = regio.partner(Partner::Wijkteam).await;
    let zvh = regio.partner(Partner::Zvh).await;
    zvh.systeem.antwoordt("/aanmeldingen", json!({"aanmeldnummer": "A-0007", "zaaknummer": "Z-0007"}));
    let aanmelding = fixture("wijkteam/fixtures/overleg/aanmeldingen/walnoot.json");
    stuurt(&wijkteam, "/overleg/aanmeldingen", &aanmelding).await;
    let gekomen = zvh.systeem.ontvangt("/aanmeldingen").await;
    assert_eq!((&gekomen["van"], &gekomen["client_weet_het"]), (&json!("Wijkteam Rijswijk"), &json!("ja")));
    // Put forward to be weighed is no file yet: it is read at the owner's, each part at its own number.
    assert!(!gekomen.to_string().contains("Walnoot"), "{gekomen}");
    let gelezen = leest(&zvh, &gekomen["dossier"], "persoon", json!({"functie": "procesregisseur", "doel": "analyse"})).await;
    assert!(gelezen.contains("Testpersoon Walnoot"), "{gelezen}");

    let mut weging = fixture("zvh/fixtures/wegingen/akkoord.json");
    weging["aanmeldnummer"] = json!("A-0007");
    stuurt(&zvh, "/wegingen", &weging).await;
    let uitkomst = wijkteam.systeem.ontvangt("/overleg/uitkomst").await;
    assert_eq!(uitkomst["aanmeldnummer"], aanmelding["aanmeldnummer"]);
    assert_eq!(uitkomst["uitkomst"], "gaat naar MDA++");
    let gelezen = leest(&wijkteam, &uitkomst["verder"], "status", json!({"functie": "casusregisseur", "doel": "regie"})).await;
    assert!(gelezen.contains(weging["waarom"].as_str().unwrap()), "{gelezen}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn shelter_and_general_practitioner_report_and_hear_what_became_of_it() {
    let regio = Regio::nieuw().await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    let melders = [
        (Partner::Vrouwenopvang, "/meldingen", "vrouwenopvang/fixtures/meldingen/kers.json", "/meldingen/besluit", "Kers"),
        (Partner::Huisarts, "/zorgmelding", "huisarts/fixtures/zorgmelding/tomaat.json", "/berichten/veilig-thuis", "Tomaat"),
    ];
    for (n, (wie, pad, bestand, terug, naam)) in melders.into_iter().enumerate() {
        let melder = regio.partner(wie).await;
        let nummer = format!("M-000{n}");
        vt.systeem.antwoordt("/meldingen/professionals", json!({"meldingnummer": nummer, "dossiernummer": format!("D-{n}")}));
        stuurt(&melder, pad, &fixture(bestand)).await;
        let melding = vt.systeem.ontvangt("/meldingen/professionals").await;
        assert!(melding.to_string().contains(naam), "{melding}");
        // Where she stays never goes along (R24), nor what is the practice's own.
        assert!(!melding.to_string().contains("blijft hier") && !melding.to_string().contains("2026-1187"), "{melding}");

        let mut besluit = fixture("veilig-thuis/fixtures/meldingen/triage/onderzoek.json");
        besluit["meldingnummer"] = json!(nummer);
        besluit["besluitnummer"] = json!(format!("TB-2026-000{n}"));
        stuurt(&vt, "/meldingen/triage", &besluit).await;
        let gehoord = melder.systeem.ontvangt(terug).await;
        assert_eq!(gehoord["toelichting"], besluit["toelichting_melder"], "{gehoord}");
    }
}
