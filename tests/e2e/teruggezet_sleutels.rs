//! A recipient that renewed its encryption key between a copy of the hub and the hub that is put back from it: what was sealed for the
//! former key comes again and opens with it, and the hub learns the new one again from whose it is.

use std::{fs, path::Path};

use inbreng_domain::{
    Clock,
    clock::SystemClock,
    gids::{Bevriesreden, Bevriezing, Gidsvermelding, Sleutelverklaring, Vermelding},
};
use inbreng_harness::{Adapter, Antwoord, Deelnemer, Hub, Regio, slug, wachten_tot};
use inbreng_proof::{
    gids::{sign_bevriezing, verklaring_digest},
    jws,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    PROGRAMMA, hub, mutatie,
    teruggezet::{backup, heropen, open, terugzetten},
};

const VT: &str = "veilig-thuis";

/// What the hub shows of Veilig Thuis.
async fn getoond(wie: &Deelnemer) -> Gidsvermelding {
    let partners = wie.ophalen("gids", "/partners").await.met_status(200).json();
    let vt = partners["partners"].as_array().unwrap().iter().find(|p| p["naam"].as_str().unwrap().contains(VT)).unwrap();
    serde_json::from_value(vt["gids"].clone()).unwrap()
}

/// Veilig Thuis publishes its newest keys by hand, as its adapter would.
async fn plaatsen(regio: &Regio, hub: &Hub) {
    let vt = Deelnemer::new(regio, hub, VT);
    let sleutels = json!({ "sleutels": regio.pki.gidsvermelding(&slug(VT)).unwrap().sleutels });
    let token = vt.token("gids").await.unwrap();
    let pad = format!("/v1/partners/{}/sleutels", vt.partner.oin);
    let aanroep = vt.client.aanroep(Method::PUT, &pad).token(&token).kop("content-type", "application/json");
    Antwoord::lezen(aanroep.lijf(sleutels.to_string()).sturen().await).await.unwrap().met_status(204);
}

/// Its adapter has both keys from now on, the newest first.
fn beide_sleutels(regio: &Regio, vt: &Adapter) {
    let eigen = regio.partner(VT).map.pad().display().to_string();
    let (config, oud) = (vt.map().join("adapter.toml"), format!("verzegeling = [\"{eigen}/verzegeling-1.key\"]"));
    let tekst = fs::read_to_string(&config).unwrap();
    assert!(tekst.contains(&oud), "{tekst}");
    let nieuw = format!(
        "verzegeling = [\"{eigen}/verzegeling-2.key\", \"{eigen}/verzegeling-1.key\"]\ngidsvermelding = \"{eigen}/gids.json\""
    );
    fs::write(config, tekst.replace(&oud, &nieuw)).unwrap();
}

async fn sturen(politie: &Adapter, nummer: usize) {
    let (status, antwoord) = politie.sturen("/mutaties/huiselijk-geweld?wacht=20", &mutatie(nummer)).await;
    assert_eq!((status, &antwoord["stand"]), (202, &json!("bevestigd")), "{antwoord}");
}

/// Both have sent again; it opens without the others.
async fn opent_weer(hub: &Hub) {
    let stand = wachten_tot("both adapters to have sent again", async || {
        let (_, stand) = heropen(hub, &[]);
        (stand["binnen"].as_array().unwrap().len() == 2).then_some(stand)
    })
    .await;
    let ontbreken: Vec<&str> = stand["wacht_op"].as_array().unwrap().iter().map(|o| o.as_str().unwrap()).collect();
    assert!(heropen(hub, &ontbreken).0);
}

async fn alarmen(adapter: &Adapter) -> Vec<String> {
    let (_, gezondheid) = adapter.ophalen("/gezondheid").await;
    gezondheid["alarmen"].as_array().unwrap().iter().map(|a| a["soort"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_sealed_for_either_key_of_a_recipient_is_opened_and_its_new_key_is_known_again() {
    let mut regio = Regio::maken();
    let mut hub = hub(&regio, "hub", "");
    let programma = Path::new(PROGRAMMA);
    let mut politie = Adapter::starten(programma, &regio, "politie", hub.adres).await;
    let mut vt = Adapter::starten(programma, &regio, VT, hub.adres).await;
    assert!(vt.ten_einde());
    // What the installation knows, and the hub's copy: the first key alone.
    let gids = regio.pki.dir().join("gids.json");
    let toen = fs::read(&gids).unwrap();
    let (kopie, _) = backup(&hub, "kopie.sqlite");

    // The one is sealed for the former key and the other for the new one; nobody fetches them.
    sturen(&politie, 1).await;
    assert_eq!(regio.pki.sleutel_vernieuwen(&slug(VT)).unwrap(), 2);
    fs::write(&gids, &toen).unwrap();
    beide_sleutels(&regio, &vt);
    plaatsen(&regio, &hub).await;
    sturen(&politie, 2).await;

    // The recipient is there before the sender, so that what was sealed for its former key comes when the hub knows the new one.
    politie.kill_9();
    terugzetten(&mut hub, &kopie);
    let om = Deelnemer::new(&regio, &hub, "om");
    assert_eq!(getoond(&om).await.sleutels.len(), 1, "the copy knows of no new key");
    vt.herstarten().await;
    wachten_tot("the new key to be published again", async || (getoond(&om).await.sleutels.len() == 2).then_some(())).await;
    politie.herstarten().await;
    opent_weer(&hub).await;
    let leveringen =
        wachten_tot("both messages to be opened", async || Some(open(&vt).await).filter(|open| open.len() == 2)).await;
    let tekst = json!(leveringen).to_string();
    for nummer in [1, 2] {
        assert!(tekst.contains(mutatie(nummer)["registratienummer"].as_str().unwrap()), "{tekst}");
    }
    for levering in &leveringen {
        vt.bevestigen(levering).await;
    }
    vt.rust().await;
    assert_eq!(hub.tellingen().await["open"], 0);

    // Once more, now that everyone has seen the new key: it is no lie that the hub shows the former one, and no reason to lose anything.
    terugzetten(&mut hub, &kopie);
    opent_weer(&hub).await;
    let om = Deelnemer::new(&regio, &hub, "om");
    assert_eq!(getoond(&om).await.sleutels.len(), 2);
    sturen(&politie, 3).await;
    let derde = wachten_tot("the third message", async || open(&vt).await.pop()).await;
    assert!(derde.to_string().contains(mutatie(3)["registratienummer"].as_str().unwrap()), "nothing twice: {derde}");
    vt.bevestigen(&derde).await;
    vt.rust().await;
    assert_eq!(open(&vt).await, Vec::<Value>::new());
    let tellingen = hub.tellingen().await;
    assert_eq!((&tellingen["berichten"], &tellingen["open"]), (&json!(3), &json!(0)), "{tellingen}");
    for adapter in [&politie, &vt] {
        assert!(alarmen(adapter).await.iter().all(|soort| soort == "knooppunt-hersteld"), "{:?}", alarmen(adapter).await);
    }
}

/// Frozen after the copy, by the organisation itself and by the covenant manager: both come again, from who signed the one and from whoever
/// holds the other, before anything is given out.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_6_what_was_frozen_after_the_copy_stays_frozen() {
    let regio = Regio::maken();
    let mut hub = hub(&regio, "hub", "");
    let programma = Path::new(PROGRAMMA);
    let mut politie = Adapter::starten(programma, &regio, "politie", hub.adres).await;
    let mut vt = Adapter::starten(programma, &regio, VT, hub.adres).await;
    let (kopie, _) = backup(&hub, "kopie.sqlite");

    let wie = Deelnemer::new(&regio, &hub, VT);
    let gids = getoond(&wie).await;
    assert_eq!(gids.bevriezingen, Vec::<String>::new());
    let lezen = |jws: &str| jws::unverified_payload::<Sleutelverklaring>(jws).unwrap();
    let vermelding: Vermelding = jws::unverified_payload(&gids.vermelding.verklaring).unwrap();
    let eigen = Bevriezing {
        oin: wie.partner.oin,
        kid: lezen(&gids.sleutels[0].verklaring).kid,
        laatste: verklaring_digest(&gids.sleutels[0].verklaring),
        reden: Bevriesreden::Gelekt,
        certificaten: vermelding.certificaten,
        tijd: SystemClock.now(),
    };
    let van_beheerder = Bevriezing { certificaten: Vec::new(), ..eigen.clone() };
    let beheerder = regio.pki.beheerdersleutel().unwrap();
    let jwsen = [sign_bevriezing(&wie.partner.sleutel, &eigen).unwrap(), sign_bevriezing(&beheerder, &van_beheerder).unwrap()];
    let token = wie.token("gids").await.unwrap();
    for jws in &jwsen {
        let aanroep = wie.client.aanroep(Method::POST, &format!("/v1/partners/{}/bevriezingen", eigen.oin)).token(&token);
        let aanroep = aanroep.kop("content-type", "application/json").lijf(json!({ "verklaring": jws }).to_string());
        Antwoord::lezen(aanroep.sturen().await).await.unwrap().met_status(204);
    }
    for adapter in [&mut politie, &mut vt] {
        adapter.kill_9();
        adapter.weer_aan();
        let gehoord = async || alarmen(adapter).await.iter().any(|soort| soort == "sleutel-bevroren").then_some(());
        wachten_tot("the freeze to be seen", gehoord).await;
    }

    // The one of whose key it is brings both; without it, another brings what the covenant manager signed.
    vt.kill_9();
    terugzetten(&mut hub, &kopie);
    let om = Deelnemer::new(&regio, &hub, "om");
    wachten_tot("the word of the covenant manager", async || (getoond(&om).await.bevriezingen == jwsen[1..]).then_some(())).await;
    vt.weer_aan();
    opent_weer(&hub).await;
    let mut weer = getoond(&om).await.bevriezingen;
    weer.sort_unstable();
    let mut alle = jwsen.to_vec();
    alle.sort_unstable();
    assert_eq!(weer, alle);
    assert!(!alarmen(&vt).await.iter().any(|soort| soort == "sleutelverklaring-geweigerd"), "{:?}", alarmen(&vt).await);
}
