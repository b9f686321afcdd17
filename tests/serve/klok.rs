//! A hub that is started by a clock that is before its own log: it says so and takes nothing in, until somebody has looked.

use inbreng_domain::{Clock, clock::SystemClock};
use inbreng_harness::{Antwoord, Deelnemer, Hub, Regio, wachten_tot};
use sqlx::{Connection, Executor, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{check, starten};

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_before_the_log_at_the_start_is_said_and_nobody_is_judged_by_it() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    assert_eq!(hub.readyz().await["klok"], true);
    assert!(hub.stoppen());
    // As if the clock went an hour and a half back since the newest leaf was written.
    let opties = SqliteConnectOptions::new().filename(regio.pad("hub.sqlite"));
    let mut db = SqliteConnection::connect_with(&opties).await.unwrap();
    let later = db.execute("UPDATE blad SET tijd = tijd + 5400000 WHERE nr = (SELECT max(nr) FROM blad)").await.unwrap();
    assert_eq!(later.rows_affected(), 1);
    db.close().await.unwrap();

    let (goed, uitslag) = check(&regio);
    let bevinding = uitslag["bevindingen"].as_array().unwrap().iter().find(|b| b["sleutel"] == "(klok)").cloned();
    let bevinding = bevinding.unwrap_or_else(|| panic!("{uitslag}"));
    assert!(!goed && bevinding["ernst"] == "fout", "{uitslag}");
    let wat = bevinding["wat"].as_str().unwrap();
    assert!(wat.contains(" 89 minuten ") || wat.contains(" 90 minuten "), "{wat}");

    let hub = starten(&regio);
    assert!(hub.logregels("bevinding").iter().any(|r| r["sleutel"] == "(klok)"), "{}", Hub::log(&regio));
    let stand = hub.readyz().await;
    assert_eq!((&stand["gereed"], &stand["klok"], &stand["opslag"]), (&false.into(), &false.into(), &true.into()), "{stand}");
    assert_eq!(reqwest::get(format!("http://{}/readyz", hub.beheer)).await.unwrap().status(), 503);
    assert_eq!(hub.getal("inbreng_gereed{onderdeel=\"klok\"}").await, 0);
    let politie = Deelnemer::new(&regio, &hub, "politie");
    let antwoord = politie.client.aanvragen(&politie.client.aanvraag("berichten")).await;
    assert!(antwoord.headers().contains_key("retry-after"));
    let probleem = Antwoord::lezen(antwoord).await.unwrap().met_status(503).probleem();
    assert_eq!(probleem.code.as_str(), "beleid-verouderd");

    // That it reads its files again says nothing of the clock.
    hub.signaal("HUP");
    wachten_tot("it to be read", async || (!hub.logregels("herladen").is_empty()).then_some(())).await;
    assert_eq!(hub.readyz().await["klok"], false);
    // Who says another time than the machine's is told so, and nothing is believed.
    let nu = SystemClock.now();
    let gezegd = hub.klok_bevestigen(&nu.plus(time::Duration::minutes(-90)).to_string());
    let waarom = String::from_utf8(gezegd.stderr).unwrap();
    assert!(!gezegd.status.success() && waarom.contains("scheelt meer dan een minuut"), "{waarom}");
    assert_eq!((hub.readyz().await["klok"].clone(), hub.logregels("klok-niet-bevestigd").len()), (false.into(), 1));
    // Nobody says it without the hub's key.
    let http = reqwest::Client::new();
    for woord in [String::new(), nu.to_string()] {
        let antwoord = http.post(format!("http://{}/klok", hub.beheer)).body(woord).send().await.unwrap();
        assert_eq!(antwoord.status(), 422);
    }
    assert_eq!(hub.readyz().await["klok"], false);

    let gezegd = hub.klok_bevestigen(&SystemClock.now().to_string());
    assert!(gezegd.status.success(), "{gezegd:?}");
    assert_eq!((hub.logregels("klok-bevestigd").len(), hub.logregels("klok-vertrouwd").len()), (1, 1), "{}", Hub::log(&regio));
    assert_eq!(hub.readyz().await["gereed"], true);
    let _given = politie.token("berichten").await.unwrap();
    assert!(hub.stoppen(), "{}", Hub::log(&regio));
}
