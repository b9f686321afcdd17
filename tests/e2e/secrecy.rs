//! Names, numbers, free text and motives stand in sealed parts and nowhere else: not in the hub's store, its write-ahead
//! log, its log lines, its memory; not in an adapter's store once a message is delivered.

use inbreng_domain::{
    DeelId,
    receipts::Weigeringscode,
    vocabulary::{Categorie, Doel, Noodzaak},
};
use inbreng_harness::{Adapter, Brief, Deelnemer, Geheim, Kanaries, Regio, Stuk, inzageverzoek, wachten_tot};
use serde_json::{Value, json};

use crate::{PROGRAMMA, hub, mutatie};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_sealed_is_found_at_the_hub() {
    let regio = Regio::maken();
    let mut hub = hub(&regio, "hub", "");
    let [politie, vt, om, ggz] = ["politie", "veilig-thuis", "om", "ggz"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let doel = Doel::Beoordelen;
    let persoon = |doel, voor: &[_]| Geheim::in_stuk(Stuk::persoon(doel, Geheim::NAAM, Geheim::BSN, Geheim::STRAAT, voor));
    let incident = |doel, voor: &[_]| Geheim::in_stuk(Stuk::incident(doel, Geheim::INHOUD, voor));

    // The search finds what it looks for: the sealed content itself, before it is sealed.
    let melding = Geheim::melding(&regio, &politie.partner, &vt.partner);
    let klaar = melding.delen.iter().map(|s| s.inhoud.to_string()).collect::<String>();
    Geheim::is_vol("the message before it is sealed", klaar.as_bytes());

    // Accepted and received; accepted and refused by the recipient; waiting.
    for keer in 0..3 {
        let brief = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, Geheim::INHOUD)
            .met(persoon(doel, &[&vt.partner]))
            .met(incident(doel, &[&vt.partner]));
        let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
        let levering = vt.postvak().await.remove(0);
        match keer {
            0 => vt.ontvangen(&levering).await,
            1 => vt.weigeren(&levering, Weigeringscode::InhoudOngeldig).await,
            _ => {}
        }
    }
    // View-only, read once: the hub hands out a key, and still cannot read.
    let verbod = Brief::huisverbod(&regio, &politie.partner)
        .aan(&[&vt.partner, &om.partner])
        .met(incident(Doel::Huisverbod, &[&vt.partner]).alleen_inzien())
        .met(incident(Doel::Huisverbod, &[&vt.partner, &om.partner]));
    let _accepted = politie.sturen(verbod.bytes()).await.met_status(202);
    inzien(&vt, verbod.delen[0].id).await;

    // Refused: by the covenant, for a form, for a signature, for not being JSON at all.
    let mut zonder_grond = melding.clone();
    for stuk in &mut zonder_grond.delen {
        (stuk.noodzaak, stuk.grondslagen) = (Noodzaak::NietToegelicht, Vec::new());
    }
    let medisch = Stuk::new(Categorie::Medisch, doel, json!({"toelichting": Geheim::INHOUD}), &[&vt.partner]);
    let van_ggz = Brief::new(&regio, &ggz.partner, "informatie-antwoord").opent().aan(&[&vt.partner]).met(medisch);
    for (wie, bytes) in [
        (&politie, zonder_grond.bytes()),
        (&ggz, van_ggz.bytes()),
        (&om, melding.bytes()),
        (&politie, klaar.clone().into_bytes()),
        (&politie, format!("{{\"naam\":\"{}\",\"bsn\":{}}}", Geheim::NAAM, Geheim::BSN).into_bytes()),
    ] {
        let status = wie.sturen(bytes).await.status;
        assert!((400..500).contains(&status), "{status}");
    }
    let _asked = politie.status(verbod.id).await;

    // While it runs, after it was killed with its write-ahead log full, and after it was stopped in order.
    let niets = |wanneer: &str, map: &std::path::Path| {
        let gevonden = Geheim::kanaries().onder(map);
        assert!(gevonden.is_empty(), "{wanneer}: {gevonden:?}");
    };
    let wal = hub.map().join("hub.sqlite-wal");
    wachten_tot("a write-ahead log that holds something", async || {
        let nog_een = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, Geheim::INHOUD);
        let _accepted = politie.sturen(nog_een.bytes()).await.met_status(202);
        (std::fs::metadata(&wal).unwrap().len() > 0).then_some(())
    })
    .await;
    niets("running", hub.map());
    hub.kill_9();
    niets("killed", hub.map());
    hub.herstarten();
    let _still_there = politie.status(verbod.id).await;
    let map = hub.map().to_owned();
    assert!(hub.stoppen());
    niets("stopped", &map);
}

/// A wrapped key stands at the hub under an erasure key only: not in the store, not in its write-ahead log, not in a copy.
#[tokio::test(flavor = "multi_thread")]
async fn no_wrapped_key_is_found_in_clear_at_the_hub() {
    let regio = Regio::maken();
    let mut hub = hub(&regio, "hub", "");
    let [politie, vt, om] = ["politie", "veilig-thuis", "om"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let stuk = |voor: &[_]| Stuk::incident(Doel::Huisverbod, Geheim::INHOUD, voor);
    let verbod = Brief::huisverbod(&regio, &politie.partner)
        .aan(&[&vt.partner, &om.partner])
        .met(stuk(&[&vt.partner]).alleen_inzien())
        .met(stuk(&[&vt.partner, &om.partner]));
    let bytes = verbod.bytes();
    let envelop: Value = serde_json::from_slice(&bytes).unwrap();
    let delen = envelop["data"]["delen"].as_array().unwrap();
    let wraps: Vec<String> = delen
        .iter()
        .flat_map(|d| d["inhoud"]["recipients"].as_array().unwrap())
        .map(|r| r["encrypted_key"].as_str().unwrap().to_owned())
        .collect();
    assert!(wraps.len() >= 4, "{wraps:?}");
    let sleutels = Kanaries::new(wraps);
    assert!(!sleutels.in_bytes(&bytes).is_empty(), "the search finds what it looks for");
    politie.sturen(bytes).await.met_status(202);
    inzien(&vt, verbod.delen[0].id).await;
    let map = hub.map().to_owned();
    let niets = |wanneer: &str| {
        let gevonden = sleutels.onder(&map);
        assert!(gevonden.is_empty(), "{wanneer}: {gevonden:?}");
    };
    niets("running");
    hub.kill_9();
    niets("killed");
    hub.herstarten();
    assert!(!vt.postvak().await.is_empty());
    assert!(hub.stoppen());
    niets("stopped");
}

/// What came in clear over TLS and was refused passes through memory; what is sealed never does.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_sealed_is_found_in_the_memory_of_a_running_hub() {
    let regio = Regio::maken();
    let hub = hub(&regio, "hub", "");
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    for _ in 0..5 {
        let brief = Geheim::melding(&regio, &politie.partner, &vt.partner);
        let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
    }
    assert_eq!(vt.postvak().await.len(), 5);
    let geheugen = hub.geheugen();
    // The search reaches what the hub does hold: the number of the sender.
    let nummer = politie.partner.oin.to_string();
    assert!(!Kanaries::new([nummer]).in_bytes(&geheugen).is_empty());
    let gevonden = Geheim::kanaries().in_bytes(&geheugen);
    assert!(gevonden.is_empty(), "{gevonden:?}");
}

/// Labels, receipts, answers and the log lines hold no word that a person wrote.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_sealed_is_found_in_what_the_hub_says() {
    let regio = Regio::maken();
    let hub = hub(&regio, "hub", "");
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let brief = Geheim::melding(&regio, &politie.partner, &vt.partner);
    let envelop = brief.bytes();
    let antwoord = politie.sturen(envelop.clone()).await.met_status(202).inhoud;
    let postvak = serde_json::to_vec(&vt.postvak().await).unwrap();
    let status = serde_json::to_vec(&politie.status(brief.id).await).unwrap();
    // And what its operators see: counts, the collector's lines, whether it is well.
    let beheer = hub.voor_beheerders().await.into_bytes();
    let bladen = Kanaries::new(["inbreng_logboek_bladen".to_owned()]);
    assert!(!bladen.in_bytes(&beheer).is_empty(), "{}", String::from_utf8_lossy(&beheer));
    for (wat, bytes) in
        [("message", envelop), ("receipt", antwoord), ("mailbox", postvak), ("status", status), ("operators", beheer.clone())]
    {
        let gevonden = Geheim::kanaries().in_bytes(&bytes);
        assert!(gevonden.is_empty(), "{wat}: {gevonden:?}");
    }
    for regel in hub.logtekst().lines() {
        assert!(serde_json::from_str::<Value>(regel).is_ok(), "{regel}");
    }
    // Nor does it hold the references of case and persons, from which a log reader could follow someone.
    let casus = brief.casus.unwrap().to_string();
    let personen = brief.delen.iter().flat_map(|d| d.betrokkenen.iter().map(ToString::to_string));
    let verwijzingen = Kanaries::new(personen.chain([casus]));
    for bytes in [hub.logtekst().as_bytes(), &beheer] {
        assert!(verwijzingen.in_bytes(bytes).is_empty());
    }
}

/// Adapters at both ends: while a message waits it lies sealed in their stores, and once it is delivered nothing of it does.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_found_in_the_stores_of_adapters() {
    let regio = Regio::maken();
    let hub = hub(&regio, "hub", "");
    let programma = std::path::Path::new(PROGRAMMA);
    let mut politie = Adapter::starten(programma, &regio, "politie", hub.adres).await;
    let mut vt = Adapter::starten(programma, &regio, "veilig-thuis", hub.adres).await;
    let (mutatie, kanaries) = (Geheim::in_mutatie(mutatie(1)), Geheim::kanaries());
    let niets = |wanneer: &str, adapters: [&Adapter; 2]| {
        for map in adapters.map(Adapter::map).into_iter().chain([hub.map()]) {
            let gevonden = kanaries.onder(map);
            assert!(gevonden.is_empty(), "{wanneer}: {gevonden:?}");
        }
    };
    let (status, antwoord) = politie.sturen("/mutaties/huiselijk-geweld?wacht=20", &mutatie).await;
    assert_eq!((status, &antwoord["stand"]), (202, &json!("bevestigd")), "{antwoord}");
    let levering = wachten_tot("the delivery", async || vt.postbus().await.into_iter().find(|l| l["lichaam"].is_object())).await;
    // The search finds what it looks for: here it stands, opened for this answer.
    let getoond = Geheim::klassen_in(levering.to_string().as_bytes());
    assert_eq!(getoond, Geheim::klassen_in(mutatie.to_string().as_bytes()), "{levering}");
    niets("on its way", [&politie, &vt]);
    vt.bevestigen(&levering).await;
    vt.rust().await;
    niets("delivered", [&politie, &vt]);
    politie.kill_9();
    vt.kill_9();
    niets("killed", [&politie, &vt]);
}

/// Reads a view-only part, as an adapter does.
async fn inzien(lezer: &Deelnemer, deel: DeelId) {
    let jws = inzageverzoek(&lezer.partner, lezer.partner.oin, deel, Doel::Huisverbod);
    let antwoord = lezer.verklaren(&format!("/delen/{deel}/inzage"), jws.clone()).await.met_status(200).json();
    assert!(antwoord["wrap"].is_object() && antwoord["toegang"].is_string());
    assert_eq!(
        lezer.verklaren(&format!("/delen/{deel}/inzage"), jws).await.met_status(409).probleem().code.as_str(),
        "inzage-herhaald"
    );
}
