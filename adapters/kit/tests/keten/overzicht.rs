//! What was shared about a person, for that person (R33): from the own system's numbers to names, over the real hub.

use serde_json::{Value, json};

use crate::{
    regio::{Partner, Regio, fixture},
    toezicht::past,
};

/// The first of these fields anywhere in it.
fn eerste(waarde: &Value, veld: &str) -> Option<String> {
    match waarde {
        Value::Object(leden) => {
            let hier = leden.get(veld).and_then(Value::as_str).map(str::to_owned);
            hier.or_else(|| leden.values().find_map(|v| eerste(v, veld)))
        }
        Value::Array(items) => items.iter().find_map(|v| eerste(v, veld)),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_person_hears_who_had_what_from_who_answers_for_the_case() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    vt.systeem.antwoordt("/meldingen/politie", json!({"meldingnummer": "M-0001", "dossiernummer": "D-1"}));
    let mutatie = fixture("politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json");
    assert_eq!(politie.post("/mutaties/huiselijk-geweld?wacht=20", &mutatie).await.status, 202);
    let melding = vt.systeem.ontvangt("/meldingen/politie").await;
    vt.rust().await;

    let client = eerste(&melding, "clientnummer").unwrap();
    let vraag = |zaak: &str, persoon: &str| json!({"zaak": zaak, "persoon": persoon, "gevraagdOp": "2026-01-02", "functie": "casusregisseur"});
    let overzicht = vt.post("/overzichten", &vraag("D-1", &client)).await;
    assert_eq!(overzicht.status, 200, "{overzicht:?}");
    past(&vt.get("/openapi.json").await.json, "Overzicht", &overzicht);
    let regel = &overzicht.json["regels"][0];
    assert!(regel["organisatieNaam"].as_str().unwrap().starts_with("Politie"), "{regel}");
    assert_eq!(regel["ontvangerNaam"], "Veilig Thuis Voorbeeldregio");
    assert_eq!(regel["soort"], "incidentmelding");
    assert!(!overzicht.json.to_string().contains("controleert haar post"), "no content");
    // It is owed until the person was told: here too late already.
    let plichten = vt.get("/plichten").await.json;
    let owed = |p: &&Value| p["soort"] == "overzicht-geven" && p["regel"] == "R33";
    let plicht = plichten["plichten"].as_array().unwrap().iter().find(owed).unwrap_or_else(|| panic!("{plichten}"));
    assert_eq!((&plicht["bericht"], &plicht["uiterlijk"]), (&overzicht.json["verzoek"], &json!("2026-02-02T22:00:00.000Z")));

    // Who takes part and does not answer for the case; what is not known here; what is no question.
    let huishouden = mutatie["huishoudnummer"].as_str().unwrap();
    for (wie, lichaam, status, code) in [
        (&politie, vraag(huishouden, "700127"), 403, "rol-ontbreekt"),
        (&vt, vraag("D-2", &client), 404, "niet-gevonden"),
        (&vt, vraag("D-1", "onbekend"), 404, "niet-gevonden"),
        (&vt, json!({"zaak": "D-1", "persoon": client}), 400, "veld-ongeldig"),
    ] {
        let antwoord = wie.post("/overzichten", &lichaam).await;
        assert_eq!((antwoord.status, antwoord.json["code"].as_str().unwrap()), (status, code), "{antwoord:?}");
    }
    for partner in [&politie, &vt] {
        partner.rust().await;
    }
    regio.nergens("controleert haar post");
}
