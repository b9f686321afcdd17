//! A hub that has no time: what is about acute danger waits for nothing ordinary, and who is told to come again later does not
//! come sooner.

use std::time::Duration;

use inbreng_harness::wachten_tot;

use crate::{
    liegend::{Drukte, Liegend},
    regio::{Partner, Regio, fixture},
};

/// Each of another household, none acute: as many as go out at one time.
const GEWOON: [&str; 8] = ["01-olijf", "02-citroen", "03-kers", "04-appel", "05-framboos", "06-druif", "07-limoen", "11-mango"];
const ACUUT: &str = "09-granaat";
const PAD: &str = "/mutaties/huiselijk-geweld";

fn mutatie(naam: &str) -> serde_json::Value {
    fixture(&format!("politie/fixtures/mutaties/huiselijk-geweld/{naam}.json"))
}

fn verzonden(mutatie: &serde_json::Value) -> String {
    format!("/verzonden/{}", mutatie["registratienummer"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_acute_message_goes_while_everything_ordinary_hangs() {
    let regio = Regio::nieuw().await;
    let hub = Liegend::start_aannemend(&regio, Partner::VeiligThuis).await;
    hub.drukte(Drukte::GewoonHangt);
    let politie = regio.partner_bij(Partner::Politie, &hub.adres).await;
    for naam in GEWOON {
        assert_eq!(politie.post(PAD, &mutatie(naam)).await.status, 202);
    }
    wachten_tot("all that go out at one time to hang", async || (hub.gevraagd().len() == GEWOON.len()).then_some(())).await;

    let acuut = mutatie(ACUUT);
    assert_eq!(politie.post(PAD, &acuut).await.status, 202);
    politie.tot(&verzonden(&acuut), |v| v["stand"] == "bevestigd").await;
    let gevraagd = hub.gevraagd();
    assert_eq!(gevraagd.len(), GEWOON.len() + 1, "no call for an ordinary one had ended: {gevraagd:?}");
    for naam in GEWOON {
        assert_eq!(politie.get(&verzonden(&mutatie(naam))).await.json["stand"], "verzonden", "{naam}");
    }

    // When the hub has time again, what hung goes by the same bytes, once.
    hub.drukte(Drukte::Geen);
    let politie = politie.herstart(&regio).await;
    politie.rust().await;
    let mut genomen: Vec<_> = hub.verstuurd().into_iter().map(|b| b["id"].as_str().unwrap().to_owned()).collect();
    genomen.sort_unstable();
    let allen = genomen.len();
    genomen.dedup();
    assert_eq!((allen, genomen.len()), (GEWOON.len() + 1, GEWOON.len() + 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_is_told_to_come_again_later_does_not_come_sooner() {
    const SECONDEN: u32 = 2;
    let regio = Regio::nieuw().await;
    let hub = Liegend::start_aannemend(&regio, Partner::VeiligThuis).await;
    let politie = regio.partner_bij(Partner::Politie, &hub.adres).await;
    for (naam, status) in [("01-olijf", 429), ("02-citroen", 503), (ACUUT, 429)] {
        let (voor, mutatie) = (hub.gevraagd().len(), mutatie(naam));
        hub.drukte(Drukte::Straks { status, seconden: SECONDEN, nog: 2 });
        assert_eq!(politie.post(PAD, &mutatie).await.status, 202);
        politie.tot(&verzonden(&mutatie), |v| v["stand"] == "bevestigd").await;
        let gevraagd = hub.gevraagd().split_off(voor);
        assert_eq!(gevraagd.len(), 3, "{status}: once for each answer");
        for paar in gevraagd.windows(2) {
            assert_eq!(paar[0].0, paar[1].0);
            // What is kept is in whole milliseconds.
            let gewacht = paar[1].1.duration_since(paar[0].1) + Duration::from_millis(10);
            assert!(gewacht >= Duration::from_secs(SECONDEN.into()), "{status}: {gewacht:?}");
        }
    }
}
