//! A system as its neighbour sees it: takes once, keeps over a restart, does what comes next, and says when it cannot.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test, its helpers included")]

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use inbreng_partner_sim::{Geheim, Handle, Instelling, Stand, start};
use serde_json::{Map, Value, json};

type Post = Arc<Mutex<Vec<(String, Value)>>>;

/// The program beside the system: takes everything, and refuses what says `weiger`.
fn buur() -> (SocketAddr, Post) {
    let post = Post::default();
    let gedeeld = web::Data::from(Arc::clone(&post));
    let server = HttpServer::new(move || {
        App::new().app_data(gedeeld.clone()).default_service(web::to(
            async |verzoek: HttpRequest, post: web::Data<Mutex<Vec<(String, Value)>>>, lichaam: web::Json<Value>| {
                let weiger = lichaam.get("weiger").is_some();
                post.lock().unwrap().push((verzoek.path().to_owned(), lichaam.into_inner()));
                if weiger {
                    HttpResponse::Forbidden().json(json!({"code": "niet-toegestaan"}))
                } else {
                    HttpResponse::Accepted().json(json!({"kenmerk": "K-1"}))
                }
            },
        ))
    })
    .workers(1)
    .bind(("127.0.0.1", 0))
    .unwrap();
    let adres = server.addrs()[0];
    tokio::spawn(server.run());
    (adres, post)
}

fn systeem(gezicht: &str, buur: &str, map: &std::path::Path) -> Handle {
    start(Instelling { vertelt: false, ..Instelling::new(gezicht, buur, map) }).unwrap()
}

fn melding(spoed: bool) -> Value {
    json!({
        "melder": "Politie", "spoed": spoed,
        "personen": [{"personen": [{"clientnummer": "ref-1", "achternaam": "Testpersoon Olijf", "geboortedatum": "1988-03-18"}]}],
    })
}

async fn lever(s: &Handle, pad: &str, sleutel: &str, bericht: &Value) -> (u16, Value) {
    let antwoord = reqwest::Client::new()
        .post(format!("http://{}{pad}", s.addr))
        .header("Idempotency-Key", sleutel)
        .json(bericht)
        .send()
        .await
        .unwrap();
    (antwoord.status().as_u16(), antwoord.json().await.unwrap_or(Value::Null))
}

async fn haal(s: &Handle, pad: &str) -> Value {
    reqwest::get(format!("http://{}{pad}", s.addr)).await.unwrap().json().await.unwrap()
}

/// Waits for real work of another task, without a fixed time.
async fn tot(voorwaarde: impl Fn() -> bool) {
    let klaar = async {
        while !voorwaarde() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), klaar).await.unwrap();
}

#[tokio::test]
async fn a_report_is_filed_once_and_answered_with_a_triage() {
    let (adres, post) = buur();
    let map = tempfile::tempdir().unwrap();
    let vt = systeem("veilig-thuis", &format!("http://{adres}/"), map.path());

    let (status, antwoord) = lever(&vt, "/meldingen/politie", "L-1", &melding(true)).await;
    assert_eq!(status, 201);
    assert_eq!(
        antwoord,
        json!({"meldingnummer": "M-0001", "dossiernummer": "D-3109", "personen": [{"kenmerk": "ref-1", "clientnummer": "C-20191"}]})
    );
    assert_eq!(lever(&vt, "/meldingen/politie", "L-1", &melding(false)).await.1, antwoord);
    assert_eq!(vt.ontvangen().len(), 1);

    tot(|| vt.verzonden().len() == 1).await;
    let (pad, triage) = post.lock().unwrap()[0].clone();
    assert_eq!((pad.as_str(), triage["meldingnummer"].as_str()), ("/meldingen/triage", Some("M-0001")));
    assert_eq!((triage["besluit"].as_str(), triage["besluitnummer"].as_str()), (Some("Onderzoek"), Some("TB-M-0001")));
    vt.stop().await;
}

#[tokio::test]
async fn a_restart_keeps_what_came_and_does_what_was_left() {
    let (adres, post) = buur();
    let map = tempfile::tempdir().unwrap();
    let team = systeem("wijkteam", "http://127.0.0.1:1", map.path());
    let (_, antwoord) = lever(&team, "/aanmeldingen", "L-1", &json!({"van": "Veilig Thuis"})).await;
    assert_eq!(antwoord, json!({"aanmeldnummer": "AM-0001", "huishoudnummer": "H-0001"}));
    team.stop().await;

    let team = systeem("wijkteam", &format!("http://{adres}"), map.path());
    assert_eq!(lever(&team, "/aanmeldingen", "L-1", &json!({})).await.1, antwoord);
    tot(|| team.verzonden().len() == 1).await;
    let (_, tweede) = lever(&team, "/aanmeldingen", "L-2", &json!({"huishoudnummer": "H-0001"})).await;
    assert_eq!(tweede, json!({"aanmeldnummer": "AM-0002", "huishoudnummer": "H-0001"}));
    tot(|| team.verzonden().len() == 2).await;
    team.stop().await;

    let team = systeem("wijkteam", &format!("http://{adres}"), map.path());
    assert_eq!((team.ontvangen().len(), team.verzonden().len()), (2, 2));
    let nummers: Vec<Value> = post.lock().unwrap().iter().map(|(_, b)| b["aanmeldnummer"].clone()).collect();
    assert_eq!(nummers, [json!("AM-0001"), json!("AM-0002")]);
    team.stop().await;
}

#[tokio::test]
async fn a_message_that_lies_ready_is_sent_as_it_is_or_changed() {
    let (adres, post) = buur();
    let map = tempfile::tempdir().unwrap();
    let om = systeem("om", &format!("http://{adres}"), map.path());
    let antwoord = om.stuur("adviesaanvragen/guave-zsm", &Map::new()).await.unwrap();
    assert_eq!((antwoord.status, antwoord.antwoord), (202, json!({"kenmerk": "K-1"})));
    let opdracht = json!({"zet": {"/aanvraagnummer": "AA-1", "/verdachten/0/achternaam": "Anders", "/weiger": true}});
    let antwoord: Value = reqwest::Client::new()
        .post(format!("http://{}/stuur/adviesaanvragen/guave-zsm", om.addr))
        .json(&opdracht)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(antwoord, json!({"status": 403, "antwoord": {"code": "niet-toegestaan"}}));
    let (pad, bericht) = post.lock().unwrap()[1].clone();
    assert_eq!((pad.as_str(), bericht["verdachten"][0]["achternaam"].as_str()), ("/adviesaanvragen", Some("Anders")));
    assert_eq!(haal(&om, "/verzonden").await[1]["status"], 403);
    assert!(haal(&om, "/stuur").await.as_array().unwrap().len() >= 4);

    om.verhuis("http://127.0.0.1:1");
    let stuur = |naam: &str| reqwest::Client::new().post(format!("http://{}/stuur/{naam}", om.addr)).send();
    assert_eq!(stuur("adviesaanvragen/guave-zsm").await.unwrap().status(), 502);
    assert_eq!(stuur("adviesaanvragen/niets").await.unwrap().status(), 404);
    om.stop().await;
}

#[tokio::test]
async fn it_says_when_it_cannot_take_a_message() {
    let map = tempfile::tempdir().unwrap();
    let school = systeem("school", "http://127.0.0.1:1", map.path());
    let signaal = json!({"signaal": "Cas heeft mogelijk steun nodig."});
    school.storing(Stand::Uit);
    assert_eq!(lever(&school, "/signalen", "L-1", &signaal).await.0, 503);
    let traag = json!({"stand": "traag", "ms": 20});
    let wissel = |stand: Value| reqwest::Client::new().post(format!("http://{}/storing", school.addr)).json(&stand).send();
    assert_eq!(wissel(traag).await.unwrap().status(), 200);
    assert_eq!(lever(&school, "/signalen", "L-1", &signaal).await.0, 201);
    assert_eq!(wissel(json!({"stand": "stuk"})).await.unwrap().status(), 400);
    assert_eq!(lever(&school, "/iets-anders", "L-2", &signaal).await.0, 404);
    let kapot = reqwest::Client::new().post(format!("http://{}/signalen", school.addr)).body("{").send().await.unwrap();
    assert_eq!(kapot.status(), 400);
    assert_eq!(reqwest::get(format!("http://{}/signalen", school.addr)).await.unwrap().status(), 405);
    assert_eq!(haal(&school, "/gezondheid").await, json!({"naam": "School", "ontvangen": 1, "verzonden": 0}));
    school.stop().await;
}

#[tokio::test]
async fn a_question_waits_until_enough_came_in() {
    let map = tempfile::tempdir().unwrap();
    let politie = systeem("politie", "http://127.0.0.1:1", map.path());
    let (gevonden, _) = tokio::join!(haal(&politie, "/ontvangen?pad=/afloop/veilig-thuis&minstens=2&wacht=20"), async {
        lever(&politie, "/afloop/om", "L-0", &json!({})).await;
        lever(&politie, "/afloop/veilig-thuis", "L-1", &json!({"afloop": "ONDERZOEK"})).await;
        lever(&politie, "/afloop/veilig-thuis", "L-2", &json!({"afloop": "ADVIES"})).await;
    });
    assert_eq!(gevonden.as_array().unwrap().len(), 2);
    assert_eq!(gevonden[1]["bericht"]["afloop"], "ADVIES");
    assert_eq!(haal(&politie, "/ontvangen?pad=/nergens&minstens=1&wacht=0").await, json!([]));
    politie.stop().await;
}

#[actix_web::test]
async fn both_sides_show_their_secret_and_the_outcome_comes_back() {
    let getoond = Arc::new(Mutex::new(Vec::<(String, String)>::new()));
    let gedeeld = web::Data::from(Arc::clone(&getoond));
    let server = HttpServer::new(move || {
        App::new().app_data(gedeeld.clone()).default_service(web::to(
            async |verzoek: HttpRequest, getoond: web::Data<Mutex<Vec<(String, String)>>>| {
                let geheim = verzoek.headers().get("authorization").map_or("", |v| v.to_str().unwrap()).to_owned();
                getoond.lock().unwrap().push((verzoek.uri().to_string(), geheim));
                HttpResponse::Forbidden()
                    .json(json!({"detail": "Dit mag niet.", "besluiten": [{"alternatieven": [{"zin": "Zo wel."}]}]}))
            },
        ))
    })
    .workers(1)
    .bind(("127.0.0.1", 0))
    .unwrap();
    let buur = format!("http://{}", server.addrs()[0]);
    tokio::spawn(server.run());
    let map = tempfile::tempdir().unwrap();
    let geheimen = (Some(Geheim::new("van-de-adapter")), Some(Geheim::new("van-het-systeem")));
    let instelling =
        Instelling { vertelt: false, buur_geheim: geheimen.0, geheim: geheimen.1, ..Instelling::new("om", &buur, map.path()) };
    let om = start(instelling).unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let basis = format!("http://{}", om.addr);

    let antwoord = http.post(format!("{basis}/stuur/adviesaanvragen/guave-zsm?wacht=7")).send().await.unwrap();
    let uitslag: Value = antwoord.json().await.unwrap();
    assert_eq!((&uitslag["status"], &uitslag["antwoord"]["detail"]), (&json!(403), &json!("Dit mag niet.")));
    assert_eq!(uitslag["antwoord"]["besluiten"][0]["alternatieven"][0]["zin"], "Zo wel.");
    http.get(format!("{basis}/nagaan/A-1")).send().await.unwrap();
    http.post(format!("{basis}/inzage/deel-1")).json(&json!({"functie": "arts", "doel": "beoordelen"})).send().await.unwrap();
    for (pad, lichaam) in [
        ("/gelezen/levering-1", json!({"functie": "officier"})),
        ("/toets-achteraf/N-1", json!({"functie": "privacy-functionaris", "oordeel": "terecht"})),
    ] {
        http.post(format!("{basis}{pad}")).json(&lichaam).send().await.unwrap();
    }
    let bearer = |pad: &str| (pad.to_owned(), "Bearer van-de-adapter".to_owned());
    let verwacht = [
        "/adviesaanvragen?wacht=7",
        "/verzonden/A-1",
        "/inzage/deel-1",
        "/postbus/levering-1/gelezen",
        "/verzonden/N-1/toets-achteraf",
    ]
    .map(bearer);
    assert_eq!(*getoond.lock().unwrap(), verwacht);

    // Who does not show its own secret hands in nothing.
    for (geheim, status) in [(None, 401), (Some("Bearer van-de-adapter"), 401), (Some("Bearer van-het-systeem"), 201)] {
        let verzoek = http.post(format!("{basis}/adviezen")).json(&json!({}));
        let verzoek = match geheim {
            Some(geheim) => verzoek.header("Authorization", geheim),
            None => verzoek,
        };
        assert_eq!(verzoek.send().await.unwrap().status().as_u16(), status, "{geheim:?}");
    }
    om.stop().await;
}
