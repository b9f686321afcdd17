//! A new encryption key without a restart: read, published, sealed for, opened with; made by the adapter itself in time; and frozen, lost
//! and confirmed by the hands of people (`inbreng-adapter sleutel`).

use std::{os::unix::fs::PermissionsExt as _, path::PathBuf, sync::Arc};

use inbreng_certs::Pki;
use inbreng_domain::{Code, clock::FixedClock};
use inbreng_harness::wachten_tot;
use serde_json::{Value, json};

use crate::{
    beleid::{Officer, Uit, opdracht},
    regio::{Draaiend, Partner, Regio, clock, fixture, oin},
};

fn alarm(gezondheid: &Value, soort: &str) -> bool {
    gezondheid["alarmen"].as_array().unwrap().iter().any(|a| a["soort"] == soort)
}

/// Puts the folder in which an adapter makes its own keys in its configuration.
fn wisselt(regio: &Regio, wie: Partner) -> PathBuf {
    let (bestand, map) = (regio.pad(&format!("{}.toml", wie.slug())), regio.pad("wissel"));
    let tekst = std::fs::read_to_string(&bestand).unwrap();
    let met = tekst.replacen("verzegeling = [", &format!("wisselmap = {:?}\nverzegeling = [", map.display().to_string()), 1);
    assert_ne!(tekst, met);
    std::fs::write(bestand, met).unwrap();
    map
}

async fn melding_komt_aan(politie: &Draaiend, vt: &Draaiend, bestand: &str) {
    let mutatie = fixture(&format!("politie/fixtures/mutaties/huiselijk-geweld/{bestand}"));
    let antwoord = politie.post("/mutaties/huiselijk-geweld?wacht=20", &mutatie).await;
    assert_eq!(antwoord.status, 202, "{}", antwoord.json);
    let melding = vt.systeem.ontvangt("/meldingen/politie").await;
    assert_eq!(melding["incident"][0]["kenmerk_politie"], json!(mutatie["registratienummer"]));
}

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

/// A key that ends in ten days: the adapter makes the next, proves it with that one, and opens what is sealed for it; after a restart too.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_adapter_replaces_its_key_in_time_and_by_itself() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let toen = clock().now().plus(time::Duration::days(-80));
    let mut pki = Pki::open(regio.pki.dir(), Arc::new(FixedClock::at(toen))).unwrap();
    pki.sleutel_vernieuwen(&Code::parse("veilig-thuis").unwrap()).unwrap();
    let vt = regio.partner_uit_bestand(Partner::VeiligThuis, &[1], false).await;
    regio.config_herschrijven(&vt, &[2, 1], true);
    let map = wisselt(&regio, Partner::VeiligThuis);
    vt.verversen();
    vt.tot("/gezondheid", |g| g["sleutel"]["volgnummer"].as_u64() >= Some(2)).await;
    vt.verversen();
    vt.tot("/gezondheid", |g| g["sleutel"]["volgnummer"] == 3).await;
    let sleutel = map.join("verzegeling-3.key");
    assert_eq!(std::fs::metadata(&sleutel).unwrap().permissions().mode() & 0o777, 0o600);
    melding_komt_aan(&politie, &vt, "01-olijf.json").await;
    vt.rust().await;
    let vt = vt.herstart_uit_bestand(&regio).await;
    melding_komt_aan(&politie, &vt, "02-citroen.json").await;
    let gezondheid = vt.get("/gezondheid").await.json;
    assert_eq!((&gezondheid["sleutel"]["volgnummer"], alarm(&gezondheid, "sleutel-vreemd")), (&json!(3), false), "one is enough");
}

async fn sleutel(officer: &Officer, woorden: &[&str], getypt: &'static str) -> Uit {
    let config = ["--config".to_owned(), officer.config.display().to_string()];
    opdracht("sleutel", woorden.iter().map(|w| (*w).to_owned()).chain(config).collect(), getypt).await
}

async fn bevestigen(regio: &Regio, aanvraag: &str, uit: &str) -> Uit {
    let (map, pki) = (regio.pki.beheerdersmap(), regio.pki.dir());
    let paden = [
        ("--certificaat", map.ondertekening_pem()),
        ("--sleutel", map.ondertekening_key()),
        ("--root", pki.join("root.pem")),
        ("--tussen", pki.join("tussen.pem")),
        ("--crl", pki.join("crl.pem")),
    ];
    let mut alle = ["bevestigen", aanvraag, "--aanleiding", "bevroren", "--uit", uit].map(str::to_owned).to_vec();
    alle.extend(paden.into_iter().flat_map(|(optie, pad)| [optie.to_owned(), pad.display().to_string()]));
    opdracht("sleutel", alle, "ja\n").await
}

/// Makes a key of Veilig Thuis that the covenant manager confirms, and has it taken; its adapter has it afterwards.
async fn vervangen(regio: &Regio, officer: &Officer, vt: &Draaiend) {
    let [nieuw, bevestigd] = ["nieuw.json", "bevestigd.json"].map(|naam| regio.pad(naam).display().to_string());
    sleutel(officer, &["nieuw", "--uit", &nieuw], "").await.gelukt();
    bevestigen(regio, &nieuw, &bevestigd).await.gelukt();
    sleutel(officer, &["brengen", &bevestigd], "").await.gelukt();
    vt.verversen();
    vt.tot("/gezondheid", |g| g["sleutel"]["volgnummer"] == 2).await;
}

/// What may only be viewed lies at the hub under the frozen key. The adapter of its owner wraps it for the new one, by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_may_be_viewed_is_wrapped_again_for_the_new_key() {
    let regio = Regio::nieuw().await;
    let ggz = regio.partner(Partner::Ggz).await;
    let vt = regio.partner_uit_bestand(Partner::VeiligThuis, &[1], false).await;
    wisselt(&regio, Partner::VeiligThuis);
    let officer = Officer { config: regio.pad("veilig-thuis.toml") };
    ggz.systeem.antwoordt("/verzoeken", json!({"verzoeknummer": "VZ-0001", "dossiernummer": "GD-77"}));
    ggz.systeem.personen("patientnummer", &["PT-55012"]);
    let verzoek = fixture("veilig-thuis/fixtures/informatie/verzoeken/guave-ggz.json");
    assert_eq!(vt.post("/informatie/verzoeken?wacht=20", &verzoek).await.status, 202);
    ggz.systeem.ontvangt("/verzoeken").await;
    ggz.rust().await;
    let dossier = fixture("ggz/fixtures/antwoorden/1-medisch-op-convenant.json");
    assert_eq!(ggz.post("/antwoorden?wacht=20", &dossier).await.status, 202);
    let binnen = vt.systeem.ontvangt("/informatie/antwoorden").await;
    let deel = binnen["alleen_inzage"][0]["inzagenummer"].as_str().unwrap().to_owned();
    vt.rust().await;
    let lezen = async || vt.post(&format!("/inzage/{deel}"), &json!({"functie": "vertrouwensarts", "doel": "beoordelen"})).await;
    assert_eq!(lezen().await.status, 200);

    let kid = regio.kid(Partner::VeiligThuis);
    sleutel(&officer, &["bevriezen", "--kid", &kid, "--reden", "gelekt", "--ja"], "").await.gelukt();
    let geweigerd = lezen().await;
    assert_eq!((geweigerd.status, &geweigerd.json["code"]), (422, &json!("sleutel-bevroren")));
    vervangen(&regio, &officer, &vt).await;
    ggz.verversen();
    wachten_tot("the key to be wrapped again", async || (lezen().await.status == 200).then_some(())).await;
}

/// A key leaked. Its organisation freezes it: from then on the adapters of others do not seal for it, people of both hear it, and a key that the
/// covenant manager confirmed takes its place.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_leaked_key_is_frozen_and_replaced_by_the_hands_of_people() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let vt = regio.partner_uit_bestand(Partner::VeiligThuis, &[1], false).await;
    wisselt(&regio, Partner::VeiligThuis);
    let officer = Officer { config: regio.pad("veilig-thuis.toml") };
    let getoond = sleutel(&officer, &["lijst", "--json"], "").await.gelukt().json();
    assert_eq!((&getoond[0]["volgnummer"], &getoond[0]["stand"]), (&json!(1), &json!("in-gebruik")));
    let kid = regio.kid(Partner::VeiligThuis);
    assert_eq!(getoond[0]["kid"], json!(kid));

    let bevriezen = ["bevriezen", "--kid", kid.as_str(), "--reden", "gelekt"];
    sleutel(&officer, &bevriezen, "nee\n").await.mislukt("U zei geen ja.");
    sleutel(&officer, &["bevriezen", "--kid", "onbekend", "--reden", "gelekt", "--ja"], "").await.mislukt("niet in de gids");
    let gedaan = sleutel(&officer, &bevriezen, "ja\n").await.gelukt();
    assert!(gedaan.gezegd.contains("bevroren: er wordt niet meer voor verzegeld"), "{}", gedaan.gezegd);

    // Nobody seals for it, at once: the freeze comes with the answer to the check.
    let mutatie = fixture("politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json");
    let antwoord = politie.post("/mutaties/huiselijk-geweld?wacht=20", &mutatie).await;
    assert_eq!(antwoord.status, 403, "{}", antwoord.json);
    let zin = antwoord.json["besluiten"][0]["zin"].as_str().unwrap();
    assert!(zin.contains("geen geldige sleutel"), "{zin}");
    for een in [&politie, &vt] {
        een.verversen();
        een.tot("/gezondheid", |g| alarm(g, "sleutel-bevroren")).await;
    }
    assert_eq!(vt.get("/gezondheid").await.json["sleutel"], Value::Null);

    // A key that the old one cannot prove goes by the covenant manager.
    let [nieuw, bevestigd] = ["nieuw.json", "bevestigd.json"].map(|naam| regio.pad(naam).display().to_string());
    let gemaakt = sleutel(&officer, &["nieuw", "--uit", &nieuw], "").await.gelukt();
    let meteen: Value = serde_json::from_slice(&std::fs::read(&nieuw).unwrap()).unwrap();
    std::fs::write(&bevestigd, json!({ "verklaring": meteen["verklaring"] }).to_string()).unwrap();
    sleutel(&officer, &["brengen", &bevestigd], "").await.mislukt("niet worden geplaatst");
    let gelezen = bevestigen(&regio, &nieuw, &bevestigd).await.gelukt();
    let kid = gemaakt.gezegd.split("(kid): ").nth(1).unwrap().lines().next().unwrap().trim_end_matches('.').to_owned();
    assert!(gelezen.klacht.contains(&kid) && gelezen.klacht.contains(&oin(Partner::VeiligThuis)), "{}", gelezen.klacht);
    sleutel(&officer, &["brengen", &bevestigd], "").await.gelukt();

    vt.verversen();
    vt.tot("/gezondheid", |g| g["sleutel"]["volgnummer"] == 2).await;
    melding_komt_aan(&politie, &vt, "02-citroen.json").await;
    assert!(!alarm(&vt.get("/gezondheid").await.json, "sleutel-vreemd"));
}

/// Whoever has the signing key and the encryption key brings a successor. The owner sees a key in its name that it did not make, and ends it
/// by freezing the one that was stolen.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_key_in_our_name_that_we_did_not_make_is_an_alarm() {
    let mut regio = Regio::nieuw().await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    regio.pki.sleutel_vernieuwen(&Code::parse("veilig-thuis").unwrap()).unwrap();
    let officer = Officer::bij(&regio, Partner::VeiligThuis);
    let gids = regio.pki.gidsvermelding(&Code::parse("veilig-thuis").unwrap()).unwrap();
    let bestand = regio.pad("gestolen.json");
    std::fs::write(&bestand, serde_json::to_string(&gids.sleutels[0]).unwrap()).unwrap();
    sleutel(&officer, &["brengen", bestand.to_str().unwrap()], "").await.gelukt();
    vt.verversen();
    vt.tot("/gezondheid", |g| alarm(g, "sleutel-vreemd")).await;

    let kid = regio.kid(Partner::VeiligThuis);
    let gedaan =
        sleutel(&officer, &["bevriezen", "--kid", &kid, "--reden", "gelekt", "--ja", "--json"], "").await.gelukt().json();
    assert_eq!((&gedaan[0]["stand"], &gedaan[1]["stand"]), (&json!("telt-niet"), &json!("bevroren")));
}
