//! A new encryption key without a restart: read, published, sealed for, opened with.

use inbreng_domain::Code;
use serde_json::json;

use crate::regio::{Partner, Regio, fixture};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_new_key_is_published_and_used_without_a_restart() {
    let mut regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let vt = regio.partner_uit_bestand(Partner::VeiligThuis, &[1], false).await;
    vt.tot("/gezondheid", |g| g["sleutel"]["volgnummer"] == 1).await;
    let slug = Code::parse("veilig-thuis").unwrap();
    assert_eq!(regio.pki.sleutel_vernieuwen(&slug).unwrap(), 2);

    // The statement without its key: not published, since what is sealed for it would not open here.
    regio.config_herschrijven(&vt, &[1], true);
    vt.verversen();
    vt.tot("/gezondheid", |g| g["alarmen"][0]["soort"] == "sleutel-ontbreekt").await;
    assert_eq!(vt.get("/gezondheid").await.json["sleutel"]["volgnummer"], 1);

    // A configuration that cannot be read is an alarm, and what was in use goes on.
    regio.config_herschrijven(&vt, &[9], true);
    vt.verversen();
    vt.tot("/gezondheid", |g| g["alarmen"].as_array().unwrap().iter().any(|a| a["soort"] == "sleutels-onleesbaar")).await;

    regio.config_herschrijven(&vt, &[2, 1], true);
    vt.verversen();
    vt.tot("/gezondheid", |g| g["sleutel"]["volgnummer"] == 2).await;
    let mutatie = fixture("politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json");
    assert_eq!(politie.post("/mutaties/huiselijk-geweld?wacht=20", &mutatie).await.status, 202);
    vt.systeem.ontvangt("/meldingen/politie").await;
    vt.rust().await;

    // What is sealed from now on opens with the new key alone.
    regio.config_herschrijven(&vt, &[2], true);
    let vt = vt.herstart_uit_bestand(&regio).await;
    let mutatie = fixture("politie/fixtures/mutaties/huiselijk-geweld/02-citroen.json");
    assert_eq!(politie.post("/mutaties/huiselijk-geweld?wacht=20", &mutatie).await.status, 202);
    let melding = vt.systeem.ontvangt("/meldingen/politie").await;
    assert_eq!(melding["incident"][0]["kenmerk_politie"], json!(mutatie["registratienummer"]));
}
