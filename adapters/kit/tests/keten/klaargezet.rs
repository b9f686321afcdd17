//! Read first, then decide (R36): what a holder of a secret has ready leaves its adapter by its own decision alone.

use serde_json::json;

use crate::regio::{Partner, Regio, fixture};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_lies_ready_is_shared_by_the_decision_of_its_professional_alone() {
    let regio = Regio::nieuw().await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    let ggz = regio.partner(Partner::Ggz).await;
    ggz.systeem.antwoordt("/verzoeken", json!({"verzoeknummer": "VZ-0001", "dossiernummer": "GD-77"}));
    ggz.systeem.personen("patientnummer", &["PT-55012"]);
    let verzoek = fixture("veilig-thuis/fixtures/informatie/verzoeken/guave-ggz.json");
    assert_eq!(vt.post("/informatie/verzoeken?wacht=20", &verzoek).await.status, 202);
    ggz.systeem.ontvangt("/verzoeken").await;
    ggz.rust().await;

    let mut dossier = fixture("ggz/fixtures/antwoorden/3-conflict-van-plichten.json");
    let kenmerk = dossier["antwoordnummer"].as_str().unwrap().to_owned();
    dossier["medisch"].as_object_mut().unwrap().remove("conflict_van_plichten");
    // What does not fit is said now, not in the meeting.
    let fout = ggz.post("/klaar/antwoorden", &json!({ "antwoordnummer": kenmerk })).await;
    assert_eq!(fout.status, 400, "{fout:?}");
    let klaar = ggz.post("/klaar/antwoorden", &dossier).await;
    assert_eq!(klaar.status, 202, "{klaar:?}");
    assert_eq!((&klaar.json["kenmerk"], &klaar.json["soort"]), (&json!(kenmerk), &json!("informatie-antwoord")));
    let lijst = ggz.get("/klaargezet").await.json;
    assert_eq!(lijst["klaargezet"].as_array().unwrap().len(), 1, "{lijst}");
    // Nobody has it, and nothing readable rests here.
    ggz.rust().await;
    assert_eq!(ggz.get(&format!("/verzonden/{kenmerk}")).await.status, 404);
    regio.nergens("impulsbeheersing");

    // Without a decision the question comes back, and it stays where it is.
    let open = format!("/klaargezet/{kenmerk}/openen?wacht=20");
    let gevraagd = ggz.post(&open, &json!({})).await;
    assert_eq!(gevraagd.status, 400, "{gevraagd:?}");
    assert!(gevraagd.json["detail"].as_str().unwrap().contains("U beslist zelf"), "{}", gevraagd.json);
    assert_eq!(ggz.get("/klaargezet").await.json["klaargezet"].as_array().unwrap().len(), 1);
    let besluit = json!({"medewerker": "M-10234", "functie": "behandelaar", "motivering": "Hij dreigt met de dood."});
    let geopend = ggz.post(&open, &besluit).await;
    assert_eq!(geopend.status, 202, "{geopend:?}");
    assert_eq!(geopend.json["stand"], "bevestigd");
    let plichten = geopend.json["besluiten"][0]["verplichtingen"].as_array().unwrap();
    assert!(plichten.iter().any(|p| p["soort"] == "toets-achteraf"), "{plichten:?}");
    let binnen = vt.systeem.ontvangt("/informatie/antwoorden").await;
    assert!(binnen.to_string().contains("impulsbeheersing"), "acute: it travels with its key");
    // Once: what was opened lies ready no more.
    assert_eq!(ggz.get("/klaargezet").await.json, json!({ "klaargezet": [] }));
    assert_eq!(ggz.post(&open, &besluit).await.status, 404);

    // And what was never opened is thrown away, and was never there.
    dossier["antwoordnummer"] = json!("GA-2026-0999");
    assert_eq!(ggz.post("/klaar/antwoorden", &dossier).await.status, 202);
    assert_eq!(ggz.weg("/klaargezet/GA-2026-0999").await.status, 204);
    assert_eq!(ggz.weg("/klaargezet/GA-2026-0999").await.status, 404);
    assert_eq!(ggz.get("/verzonden/GA-2026-0999").await.status, 404);
}
