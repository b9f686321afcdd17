//! What a thief of a running machine finds in an adapter that has done its work and was not restarted: once everything was handed on
//! and nothing waits, no word of it is in the memory of the process.

use std::io::Write as _;

use inbreng_harness::{Geheim, Kanaries, Klasse, wachten_tot};
use serde_json::{Value, json};

use crate::{
    proces::Proces,
    regio::{Partner, Regio, fixture},
};

const PAD: &str = "/mutaties/huiselijk-geweld";

fn mutatie(nummer: &str) -> Value {
    let mut mutatie = Geheim::in_mutatie(fixture("politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json"));
    mutatie["registratienummer"] = json!(nummer);
    mutatie
}

/// Nothing of it is left: not at once, since a connection that may bring more is kept open for a while with what it brought last.
async fn vergeet(wie: &Proces, wat: &str) {
    wie.rust().await;
    wachten_tot(wat, async || Geheim::kanaries().in_bytes(&wie.geheugen()).is_empty().then_some(())).await;
    // The search reaches what the adapter does hold: its own number.
    let eigen = wie.oin();
    assert!(!Kanaries::new([eigen]).in_bytes(&wie.geheugen()).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_that_was_handed_on_is_found_in_the_memory_of_a_running_adapter() {
    let regio = Regio::nieuw().await;
    let politie = Proces::start(&regio, Partner::Politie).await;
    let vt = Proces::start(&regio, Partner::VeiligThuis).await;
    vt.systeem.antwoordt("/meldingen/politie", json!({"meldingnummer": "M-0001", "dossiernummer": "D-1"}));

    // The search finds what it looks for, where it is being handled: a message of which the last byte has not come.
    let tekst = mutatie("PL-1").to_string();
    Geheim::is_vol("a registration of the police", tekst.as_bytes());
    let erin = Geheim::klassen_in(tekst.as_bytes());
    let mut half = politie.verbinding(PAD, tekst.len());
    half.write_all(&tekst.as_bytes()[..tekst.len() - 1]).unwrap();
    let gevonden = wachten_tot("half a message to be in memory", async || {
        Some(Geheim::klassen_in(&politie.geheugen())).filter(|g| *g == erin)
    });
    gevonden.await;
    drop(half);
    vergeet(&politie, "a message that was broken off to be gone").await;

    // Sent, sent again, asked about, refused; and taken by the own system of who got it.
    for nummer in ["PL-1", "PL-2", "PL-1"] {
        assert_eq!(politie.post(&format!("{PAD}?wacht=20"), &mutatie(nummer)).await, 202);
    }
    assert_eq!(politie.post(&format!("/toets{PAD}"), &mutatie("PL-3")).await, 200);
    let mut fout = mutatie("PL-4");
    fout["betrokkenen"][0]["rol"] = json!(Geheim::INHOUD);
    assert!((400..500).contains(&politie.post(&format!("{PAD}?wacht=20"), &fout).await));
    for _ in 0..2 {
        let gekregen = vt.systeem.ontvangt("/meldingen/politie").await.to_string();
        assert_eq!(Geheim::klassen_in(gekregen.as_bytes()), erin, "{gekregen}");
    }
    vergeet(&politie, "what was sent to be gone").await;
    vergeet(&vt, "what was handed on to be gone").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_that_was_viewed_is_found_in_the_memory_of_who_viewed_it() {
    let regio = Regio::nieuw().await;
    let vt = Proces::start(&regio, Partner::VeiligThuis).await;
    let ggz = Proces::start(&regio, Partner::Ggz).await;
    ggz.systeem.antwoordt("/verzoeken", json!({"verzoeknummer": "VZ-0001", "dossiernummer": "GD-77"}));
    ggz.systeem.personen("patientnummer", &["PT-55012"]);
    let mut verzoek = fixture("veilig-thuis/fixtures/informatie/verzoeken/guave-ggz.json");
    verzoek["clienten"][0]["achternaam"] = json!(Geheim::NAAM);
    verzoek["waarom"] = json!(Geheim::MELDING);
    assert_eq!(vt.post("/informatie/verzoeken?wacht=20", &verzoek).await, 202);
    ggz.systeem.ontvangt("/verzoeken").await;
    ggz.rust().await;
    let mut dossier = fixture("ggz/fixtures/antwoorden/1-medisch-op-convenant.json");
    dossier["toelichting_zorg"] = json!(Geheim::INHOUD);
    dossier["gevaar"]["toelichting"] = json!(Geheim::MELDING);
    dossier["medisch"]["waarom_nodig"] = json!(Geheim::MOTIEF);
    dossier["medisch"]["gegevens"][0]["omschrijving"] = json!(Geheim::INHOUD);
    assert_eq!(ggz.post("/antwoorden?wacht=20", &dossier).await, 202);
    let binnen = vt.systeem.ontvangt("/informatie/antwoorden").await;
    vt.rust().await;
    let mut gelezen = Vec::new();
    for regel in binnen["alleen_inzage"].as_array().unwrap() {
        let pad = format!("/inzage/{}", regel["inzagenummer"].as_str().unwrap());
        gelezen.push(vt.post_json(&pad, &json!({"functie": "vertrouwensarts", "doel": "beoordelen"})).await);
    }
    assert!(gelezen.iter().all(|g| g["inhoud"].is_object()), "{gelezen:?}");
    let getoond = Geheim::klassen_in(json!([verzoek, dossier]).to_string().as_bytes());
    assert_eq!(getoond, [Klasse::Inhoud, Klasse::Naam, Klasse::Motief].into());
    assert!(Geheim::klassen_in(json!(gelezen).to_string().as_bytes()).contains(&Klasse::Inhoud), "{gelezen:?}");
    vergeet(&ggz, "what its owner sealed to be gone").await;
    vergeet(&vt, "what was viewed to be gone").await;
}
