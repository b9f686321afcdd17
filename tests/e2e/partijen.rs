//! Parties of a covenant, on real processes: a covenant of any name works by its signatures, what was held for who had not signed
//! comes when it signs, and who left is none from its date on, in both of two processes.

use inbreng_adapter::sealing::Voor;
use inbreng_certs::Toetredingsopgave;
use inbreng_domain::{
    Clock,
    clock::SystemClock,
    convenant::Convenanttekst,
    versie::Beheerfunctie,
    vocabulary::{Categorie, Doel, Grondslag, Toegangswijze},
};
use inbreng_harness::{Antwoord, Brief, Deelnemer, Hub, Regio, Stuk, slug};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{PROGRAMMA, feiten::tweede, hub, log_verify};

const CONVENANT: &str = "regio-aan-zee";

async fn brengen(wie: &Deelnemer, wat: &str, gezien: u64, inhoud: &Value) -> Antwoord {
    let token = wie.token("beheer").await.unwrap();
    let pad = format!("/v1/beheer/convenanten/{CONVENANT}/{wat}");
    let aanroep = wie.client.aanroep(Method::POST, &pad).token(&token).kop("content-type", "application/json");
    let aanroep = aanroep.kop("if-match", &format!("\"{gezien}\""));
    Antwoord::lezen(aanroep.lijf(serde_json::to_vec(inhoud).unwrap()).sturen().await).await.unwrap()
}

async fn inzage(wie: &Deelnemer) -> Value {
    wie.ophalen("beheer", &format!("/beheer/convenanten/{CONVENANT}")).await.met_status(200).json()
}

/// What one says to the other on the ground of the covenant, in a case of both.
fn signaal(regio: &Regio, van: &Deelnemer, aan: &Deelnemer, opening: &Brief) -> Brief {
    let stuk = Stuk::new(Categorie::Risico, Doel::Plan, json!({"toelichting": "Er is meer spanning."}), &[&aan.partner]);
    let voor = stuk.voor.iter().map(|v| Voor { wijze: Toegangswijze::Inzage, ..v.clone() }).collect();
    let stuk = Stuk { grondslagen: vec![Grondslag::Convenant], voor, ..stuk };
    let mut brief = Brief::new(regio, &van.partner, "veiligheidssignaal").aan(&[&aan.partner]).met(stuk);
    brief.casus = opening.casus;
    brief
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_held_comes_when_its_recipient_signs_and_who_left_is_no_party() {
    let regio = Regio::met_convenant(CONVENANT, &["veilig-thuis"]);
    let a = hub(&regio, "eerste", "");
    let b = tweede(&regio, &a);
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &a, naam));
    let [politie_b, vt_b] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &b, naam));
    let begin = inzage(&vt).await;
    assert_eq!((&begin["stand"], begin["partijen"].as_array().unwrap().len()), (&json!(3), 3), "{begin}");

    // A duty by law needs no signature, and its recipient must know the rules all the same (R44).
    let melding = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
    let antwoord = politie.sturen(melding.bytes()).await.met_status(202).json();
    assert_eq!(antwoord["besluiten"][0]["stand"], "in-behandeling", "{antwoord}");
    assert!(vt.postvak().await.is_empty());

    // It signs what the hub shows, through the other process.
    let tekst: Convenanttekst = serde_json::from_value(begin["teksten"][0]["tekst"].clone()).unwrap();
    assert_eq!(tekst, regio.tekst);
    let getekend = regio.pki.toetreden(&slug("veilig-thuis"), Toetredingsopgave::eerste(tekst, 1)).unwrap();
    brengen(&vt_b, "toetredingen", 2, &json!(getekend)).await.met_status(412);
    brengen(&vt_b, "toetredingen", 3, &json!(getekend)).await.met_status(200);
    let postvak = vt.postvak().await;
    assert_eq!(postvak.len(), 1);
    assert_eq!(postvak[0]["bericht"]["id"], json!(melding.id));
    vt.ontvangen(&postvak[0]).await;
    for (van, aan) in [(&politie, &vt), (&politie_b, &vt_b)] {
        politie_mag(&regio, van, aan, &melding, 202).await;
    }

    // It leaves, in force for the next decision of both.
    let convenant = CONVENANT.parse().unwrap();
    let weg = regio.pki.uittreden(&slug("veilig-thuis"), &convenant, SystemClock.now(), 2, Beheerfunctie::Bestuurder).unwrap();
    brengen(&vt, "uittredingen", 4, &json!({ "verklaring": weg })).await.met_status(200);
    for (van, aan) in [(&politie_b, &vt_b), (&politie, &vt)] {
        politie_mag(&regio, van, aan, &melding, 403).await;
    }
    let einde = inzage(&politie_b).await;
    let soorten: Vec<&Value> = einde["verklaringen"].as_array().unwrap().iter().map(|v| &v["soort"]).collect();
    assert_eq!(soorten, ["toetreding", "toetreding", "toetreding", "toetreding", "uittreding"]);
    // Whoever keeps the hub sees the same, every signature verified.
    let config = a.map().join("hub.toml");
    let uit = Hub::uitvoeren(PROGRAMMA.as_ref(), &["policy", "partijen", "--json", "--config", config.to_str().unwrap()]);
    let lijst: Value = serde_json::from_slice(&uit.stdout).unwrap_or_else(|e| panic!("{e}: {uit:?}"));
    assert!(uit.status.success() && lijst[0]["partijen"].as_array().unwrap().iter().any(|p| p["tot"].is_string()), "{lijst}");
    drop((politie_b, vt_b, b));
    let (klopt, waarom) = log_verify(&a.map().join("hub.sqlite"), None);
    assert!(klopt, "{waarom}");
}

async fn politie_mag(regio: &Regio, van: &Deelnemer, aan: &Deelnemer, opening: &Brief, status: u16) {
    let antwoord = van.sturen(signaal(regio, van, aan, opening).bytes()).await;
    assert_eq!(antwoord.status, status, "{}", antwoord.tekst());
}
