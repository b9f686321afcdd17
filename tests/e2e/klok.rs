//! The clock of a hub's machine jumps while messages flow: an hour ahead, a day back. It says so; whoever comes to it is told to come
//! back and is refused nothing for good; what was accepted arrives once; nothing ends by its age; and when the clock is right again
//! everything goes on by itself.

use std::{collections::BTreeSet, path::Path, time::Duration};

use inbreng_domain::{Clock, ProblemCode, clock::SystemClock};
use inbreng_harness::{Adapter, Antwoord, Brief, Deelnemer, Hub, Klok, Regio, wachten_tot};
use reqwest::Method;

use crate::{
    PROGRAMMA,
    bezorgen::{aanmelden, melding, nergens, schema, sturen, wordt},
    log_klopt, mutatie,
};

const UUR: i64 = 3_600;
const DAG: i64 = 86_400;
const HALF_UUR: i64 = 1_800;
const PAD: &str = "/mutaties/huiselijk-geweld";
/// The hub may call this machine, which no hub may that is not told.
const HIER: &str = "[bezorgen]\nnetten = [\"127.0.0.0/8\", \"::1/128\"]\n";

/// A region, a hub with a clock of its own, and that clock.
fn hub(tabellen: &str) -> (Regio, Klok, Hub) {
    let regio = Regio::maken();
    let klok = Klok::voor(Path::new(PROGRAMMA), &regio.pad("klok"));
    let hub = Hub::in_kamer(klok.programma(), &regio, "hub", tabellen);
    (regio, klok, hub)
}

/// Sets the clock, and waits until the hub has said so.
async fn springen(hub: &Hub, klok: &Klok, naar: i64, keer: usize) {
    klok.zetten(naar);
    wachten_tot("the hub to see it", async || (hub.logregels("klok-versprongen").len() == keer).then_some(())).await;
    assert_eq!(usize::try_from(hub.getal("inbreng_klok_verspringingen_total").await).unwrap(), keer);
    let afwijking = hub.getal("inbreng_klok_afwijking_seconden").await;
    // Not to the second: the clock that never jumps goes on while both are read.
    assert!((afwijking - naar).abs() <= 2, "{afwijking} after {naar}");
}

/// What this partner hears, on the connection and with the token that it has.
async fn vraag(wie: &Deelnemer, token: &str, methode: Method, pad: &str, inhoud: Option<Vec<u8>>) -> Antwoord {
    let aanroep = wie.client.aanroep(methode, pad).token(token);
    let aanroep = match inhoud {
        Some(inhoud) => aanroep.kop("content-type", inbreng_domain::envelope::MEDIA_TYPE).lijf(inhoud),
        None => aanroep,
    };
    Antwoord::lezen(aanroep.sturen().await).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs libfaketime: cargo xtask test --only klok"]
async fn a_clock_that_jumps_costs_no_message_and_is_reported() {
    const PER_KEER: usize = 4;
    let (regio, klok, hub) = hub("");
    let [politie, om] = ["politie", "om"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let afzender = Adapter::starten(PROGRAMMA.as_ref(), &regio, "politie", hub.adres).await;
    let ontvanger = Adapter::starten(PROGRAMMA.as_ref(), &regio, "veilig-thuis", hub.adres).await;
    let mut verstuurd = 0;
    let mut versturen = async |aantal: usize| {
        for _ in 0..aantal {
            let (status, antwoord) = afzender.sturen(PAD, &mutatie(verstuurd)).await;
            assert_eq!(status, 202, "the adapter takes it, whatever the hub's clock says: {antwoord}");
            verstuurd += 1;
        }
        verstuurd
    };
    let gekomen = async |aantal: usize| {
        wachten_tot("everything to arrive", async || (ontvanger.postbus().await.len() >= aantal).then_some(())).await;
        afzender.rust().await;
    };
    gekomen(versturen(PER_KEER).await).await;
    let token = politie.token("berichten").await.unwrap();
    let kop = om.checkpoint().await;
    assert_eq!(hub.getal("inbreng_klok_verspringingen_total").await, 0);

    let mut keer = 0;
    for naar in [UUR, -DAG] {
        keer += 1;
        springen(&hub, &klok, naar, keer).await;
        let alles = versturen(PER_KEER).await;
        // On a connection that exists: told to come back, and why, and never no for good.
        let brief = Brief::incidentmelding(&regio, &politie.partner, &regio.partner("veilig-thuis"), "Er was ruzie.");
        let begin = std::time::Instant::now();
        while begin.elapsed() < Duration::from_secs(4) {
            for antwoord in [
                vraag(&politie, &token, Method::POST, "/v1/berichten", Some(brief.bytes())).await,
                vraag(&politie, &token, Method::GET, "/v1/partners", None).await,
            ] {
                let code = antwoord.probleem().code;
                let klok = [ProblemCode::TokenOngeldig, ProblemCode::BeleidVerouderd];
                assert!(klok.contains(&code), "{naar}: {code}");
            }
            let nieuw = Antwoord::lezen(politie.client.aanvragen(&politie.client.aanvraag("berichten")).await).await.unwrap();
            let code = nieuw.probleem().code;
            assert!([ProblemCode::ClientOngeldig, ProblemCode::BeleidVerouderd].contains(&code), "{naar}: {code}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        // Nothing that waits was told no.
        for nummer in alles - PER_KEER..alles {
            let kenmerk = mutatie(nummer)["registratienummer"].as_str().unwrap().to_owned();
            let (status, antwoord) = afzender.ophalen(&format!("/verzonden/{kenmerk}")).await;
            assert!(status == 200 && antwoord["stand"] != "geweigerd", "{status} {antwoord}");
        }
        keer += 1;
        springen(&hub, &klok, 0, keer).await;
        gekomen(alles).await;
    }
    gekomen(versturen(PER_KEER).await).await;

    let leveringen = ontvanger.postbus().await;
    let bij = |veld: &str| leveringen.iter().map(|l| l[veld].to_string()).collect::<BTreeSet<_>>().len();
    let alles = PER_KEER * 4;
    assert_eq!((leveringen.len(), bij("levering"), bij("bericht")), (alles, alles, alles), "each once");
    let tellingen = hub.tellingen().await;
    assert_eq!((&tellingen["berichten"], &tellingen["leveringen"]), (&alles.into(), &alles.into()), "{tellingen}");
    for adapter in [&afzender, &ontvanger] {
        assert_eq!(adapter.ophalen("/gezondheid").await.1["alarmen"], serde_json::json!([]));
    }
    let map = hub.map().to_owned();
    assert!(hub.stoppen());
    log_klopt(&map.join("hub.sqlite"), &kop, &regio.pki.knooppuntmap().ondertekening_pem());
}

/// What was put off while the clock ran ahead does not wait as long as it ran ahead, and nothing dies of its age meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs libfaketime: cargo xtask test --only klok"]
async fn what_was_put_off_by_a_clock_that_ran_ahead_is_brought_when_it_is_set_back() {
    let (regio, klok, hub) = hub(HIER);
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let adres = nergens();
    // Nobody listens there; an hour is the oldest that a delivery may get.
    aanmelden(&regio, &vt, "veilig-thuis", 1, adres, schema(1, 2, 1_000)).await;
    let brief = melding(&regio, &politie, &vt.partner);
    sturen(&politie, &brief).await;
    wachten_tot("an attempt", async || (!hub.logregels("niet-bezorgd").is_empty()).then_some(())).await;

    springen(&hub, &klok, 2 * UUR, 1).await;
    let eerder = hub.logregels("niet-bezorgd").len();
    wachten_tot("an attempt by that clock", async || (hub.logregels("niet-bezorgd").len() > eerder + 1).then_some(())).await;
    assert!(hub.logregels("dode-letter").is_empty(), "it is not two hours old");
    springen(&hub, &klok, 0, 2).await;

    let map = regio.pki.partnermap(&inbreng_harness::slug("veilig-thuis")).unwrap();
    let punt = crate::bezorgen::Punt::openen(&regio, &map, &vt.partner, adres, crate::bezorgen::Gedrag::Tekent);
    wordt(&politie, &brief, &vt, "ontvangen").await;
    assert_eq!(punt.genomen(), [brief.id.to_string()]);
    assert!(hub.logregels("dode-letter").is_empty());
}

/// An administrator who has looked says that the clock is right as it is. A reload does not say so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs libfaketime: cargo xtask test --only klok"]
async fn a_clock_that_was_wrong_and_is_right_now_is_believed_when_somebody_says_so() {
    let (_regio, klok, hub) = hub("");
    springen(&hub, &klok, -UUR, 1).await;
    hub.signaal("HUP");
    wachten_tot("it to be read", async || (!hub.logregels("herladen").is_empty()).then_some(())).await;
    let echt = SystemClock.now();
    let gezegd = hub.klok_bevestigen(&echt.to_string());
    assert!(!gezegd.status.success(), "this machine's clock says something else");
    assert!((hub.getal("inbreng_klok_afwijking_seconden").await + UUR).abs() <= 2);
    assert!(hub.logregels("klok-vertrouwd").is_empty(), "{}", hub.logtekst());
    // It was an hour ahead before, and what it says now is so.
    let gezegd = hub.klok_bevestigen(&SystemClock.now().plus(time::Duration::seconds(-UUR)).to_string());
    assert!(gezegd.status.success(), "{gezegd:?}");
    assert_eq!((hub.logregels("klok-bevestigd").len(), hub.logregels("klok-vertrouwd").len()), (1, 1));
    assert_eq!(hub.getal("inbreng_klok_afwijking_seconden").await, 0);
    assert_eq!(hub.getal("inbreng_klok_verspringingen_total").await, 1, "what happened is not forgotten");
}

/// A process that is started by a wrong clock sees no jump. It has its log: by a clock that is before that it says that it is not ready,
/// and everybody keeps what he has to bring.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs libfaketime: cargo xtask test --only klok"]
async fn a_hub_that_is_started_by_a_clock_that_is_behind_takes_nothing_until_it_is_right() {
    let (regio, klok, mut hub) = hub("");
    let afzender = Adapter::starten(PROGRAMMA.as_ref(), &regio, "politie", hub.adres).await;
    let ontvanger = Adapter::starten(PROGRAMMA.as_ref(), &regio, "veilig-thuis", hub.adres).await;
    let gekomen = async |aantal: usize| {
        wachten_tot("everything to arrive", async || (ontvanger.postbus().await.len() >= aantal).then_some(())).await;
        afzender.rust().await;
    };
    assert_eq!(afzender.sturen(PAD, &mutatie(0)).await.0, 202);
    gekomen(1).await;
    assert!(hub.ten_einde());

    klok.zetten(-HALF_UUR);
    hub.herstarten();
    let stand = hub.readyz().await;
    assert_eq!((&stand["gereed"], &stand["klok"]), (&false.into(), &false.into()), "{stand}");
    assert!(hub.logregels("bevinding").iter().any(|r| r["sleutel"] == "(klok)"), "{}", hub.logtekst());
    assert_eq!(afzender.sturen(PAD, &mutatie(1)).await.0, 202, "the adapter keeps it");
    wachten_tot("the hub to have said: not now", async || {
        hub.logregels("geweigerd").iter().any(|r| r["code"] == "beleid-verouderd").then_some(())
    })
    .await;
    assert_eq!(hub.tellingen().await["berichten"], 1);

    klok.zetten(0);
    wachten_tot("it to be believed", async || (!hub.logregels("klok-vertrouwd").is_empty()).then_some(())).await;
    gekomen(2).await;
    assert_eq!(hub.readyz().await["gereed"], true);
    assert_eq!(hub.getal("inbreng_klok_afwijking_seconden").await, 0, "that it was set right is no jump to be wary of");
    assert_eq!((hub.tellingen().await["berichten"].clone(), ontvanger.postbus().await.len()), (2.into(), 2), "each once");
    for adapter in [&afzender, &ontvanger] {
        assert_eq!(adapter.ophalen("/gezondheid").await.1["alarmen"], serde_json::json!([]));
    }
}

/// Of a clock that is ahead the log says nothing. The partners do: each signs the moment at which it asks for a token.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs libfaketime: cargo xtask test --only klok"]
async fn a_hub_that_is_started_by_a_clock_that_is_ahead_hears_so_from_its_partners() {
    let regio = Regio::maken();
    let klok = Klok::voor(Path::new(PROGRAMMA), &regio.pad("klok"));
    klok.zetten(UUR);
    let hub = Hub::in_kamer(klok.programma(), &regio, "hub", "");
    assert_eq!(hub.readyz().await["gereed"], true, "it cannot know");
    for (nummer, naam) in ["politie", "veilig-thuis", "om"].into_iter().enumerate() {
        assert!(hub.logregels("klok-betwijfeld").is_empty(), "{nummer} may be chance");
        let wie = Deelnemer::new(&regio, &hub, naam);
        let nieuw = Antwoord::lezen(wie.client.aanvragen(&wie.client.aanvraag("berichten")).await).await.unwrap();
        assert_eq!(nieuw.probleem().code, ProblemCode::ClientOngeldig);
        assert_eq!(hub.getal("inbreng_klok_anders_gedateerd").await, i64::try_from(nummer).unwrap() + 1);
    }
    assert_eq!(hub.logregels("klok-betwijfeld").len(), 1);
}
