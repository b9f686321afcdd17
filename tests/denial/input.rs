//! Bad input, before and in the body: each with its code, none with more than it deserves.

use std::{
    io::{Read, Write},
    time::{Duration, Instant},
};

use inbreng_domain::limits::Limits;
use inbreng_harness::{Client, Regio};
use reqwest::Method;
use rustls::version::TLS13;
use serde_json::{Value, json};

use crate::{
    document::ophalen,
    partner::{Toneel, gezien},
    probleem, starten,
    tls::{config, verbinden},
};

const ALLES: &str = "berichten postvak gids logboek";
const CLOUDEVENT: &str = "application/cloudevents+json";
const UUID: &str = "0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8a";

/// What is wrong, where it goes, as which media type, the bytes, and what comes back.
type Geval = (&'static str, &'static str, &'static str, Vec<u8>, u16, &'static str);

#[tokio::test(flavor = "multi_thread")]
async fn bad_bodies() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let politie = Client::partner(&regio, &hub, "politie");
    let token = politie.token(ALLES).await;
    let document = ophalen(&politie).await;
    let bericht = document["components"]["schemas"]["BerichtEnvelop"]["examples"][0].clone();
    let met = |veld: &str, waarde: Value| {
        let mut anders = bericht.clone();
        *anders.pointer_mut(veld).unwrap() = waarde;
        anders.to_string()
    };
    let goed = bericht.to_string();
    let dubbel = goed.replacen('{', "{\"specversion\":\"1.0\",", 1);
    let diep = format!("{}1{}", "[".repeat(40), "]".repeat(40));
    let mut vreemd = bericht.clone();
    vreemd["vreemd"] = json!(1);
    let gevallen: Vec<Geval> = vec![
        ("not JSON", "berichten", CLOUDEVENT, b"{".to_vec(), 400, "geen-json"),
        ("empty", "berichten", CLOUDEVENT, Vec::new(), 400, "geen-json"),
        ("not UTF-8", "berichten", CLOUDEVENT, b"\"\xff\"".to_vec(), 400, "geen-json"),
        ("two values", "berichten", CLOUDEVENT, b"{}{}".to_vec(), 400, "geen-json"),
        ("a key twice", "berichten", CLOUDEVENT, dubbel.into_bytes(), 400, "geen-json"),
        ("too deep", "berichten", CLOUDEVENT, diep.clone().into_bytes(), 400, "te-diep"),
        ("an array", "berichten", CLOUDEVENT, b"[]".to_vec(), 400, "veld-ongeldig"),
        ("unknown field", "berichten", CLOUDEVENT, vreemd.to_string().into_bytes(), 400, "veld-ongeldig"),
        ("another version", "berichten", CLOUDEVENT, met("/specversion", json!("0.3")).into_bytes(), 400, "veld-ongeldig"),
        (
            "word outside its vocabulary",
            "berichten",
            CLOUDEVENT,
            met("/data/bericht/urgentie", json!("straks")).into_bytes(),
            400,
            "veld-ongeldig",
        ),
        ("binary mode", "berichten", "application/json", goed.clone().into_bytes(), 415, "mediatype-onbekend"),
        ("a batch", "berichten", "application/cloudevents-batch+json", b"[]".to_vec(), 415, "mediatype-onbekend"),
        (
            "another charset",
            "berichten",
            "application/cloudevents+json; charset=utf-16",
            goed.clone().into_bytes(),
            415,
            "mediatype-onbekend",
        ),
        ("check: too deep", "toetsen", "application/json", diep.into_bytes(), 400, "te-diep"),
        ("check: empty object", "toetsen", "application/json", b"{}".to_vec(), 400, "veld-ongeldig"),
        ("check: as a message", "toetsen", CLOUDEVENT, b"{}".to_vec(), 415, "mediatype-onbekend"),
    ];
    for (wat, pad, media, body, status, code) in gevallen {
        let aanroep = politie.aanroep(Method::POST, &format!("/v1/{pad}")).token(&token).kop("content-type", media);
        let body = probleem(aanroep.lijf(body).sturen().await, status, code, wat).await;
        assert!(body.get("besluiten").is_none(), "{wat}");
    }
    for levering in ["ontvangst", "gelezen", "weigering"] {
        let pad = format!("/v1/leveringen/{UUID}/{levering}");
        for (body, code) in [
            ("{}", "veld-ongeldig"),
            ("{\"verklaring\":5}", "veld-ongeldig"),
            ("{\"verklaring\":\"a.b.c\",\"x\":1}", "veld-ongeldig"),
            ("", "geen-json"),
        ] {
            let aanroep = politie.aanroep(Method::POST, &pad).token(&token).kop("content-type", "application/json");
            probleem(aanroep.lijf(body).sturen().await, 400, code, &format!("{levering} {body}")).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_paths_and_queries() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let politie = Client::partner(&regio, &hub, "politie");
    let token = politie.token(ALLES).await;
    let hash = "sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
    for (pad, status, code, plek) in [
        ("/v1/berichten/geen-nummer", 400, "veld-ongeldig", Some("/id")),
        ("/v1/berichten/5b1f0bd4-62ab-4b9e-9c8f-0c4d2f6a7e11", 400, "veld-ongeldig", Some("/id")),
        ("/v1/routering/51", 400, "veld-ongeldig", Some("/gemeente")),
        ("/v1/routering/%F0%9F%98%80", 400, "veld-ongeldig", Some("/gemeente")),
        ("/v1/postvak?wacht=-1", 400, "veld-ongeldig", Some("/wacht")),
        ("/v1/postvak?wacht=1&wacht=2", 400, "veld-ongeldig", Some("/wacht")),
        ("/v1/postvak?anders=1", 400, "veld-ongeldig", None),
        ("/v1/logboek/bewijzen/samenhang?van=1", 400, "veld-ongeldig", Some("/naar")),
        ("/v1/logboek/bewijzen/insluiting/abc", 400, "veld-ongeldig", Some("/hash")),
        (&format!("/v1/logboek/bewijzen/insluiting/{hash}?omvang=x"), 400, "veld-ongeldig", Some("/omvang")),
        (&format!("/v1/logboek/bewijzen/insluiting/{hash}"), 404, "niet-gevonden", None),
        ("/v1/logboek/bewijzen/samenhang?van=1&naar=9007199254740991", 404, "niet-gevonden", None),
    ] {
        let body = probleem(politie.aanroep(Method::GET, pad).token(&token).sturen().await, status, code, pad).await;
        assert_eq!(body.get("pad").and_then(Value::as_str), plek, "{pad}");
    }
    // Another partner's statements are not one's own.
    let pad = "/v1/partners/00000099000000005000/vermelding";
    let aanroep = politie.aanroep(Method::PUT, pad).token(&token).kop("content-type", "application/json").lijf("{}");
    probleem(aanroep.sturen().await, 403, "bron-niet-eigen", pad).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_message_and_another_ones_give_equal_answers() {
    let toneel = Toneel::opbouwen().await;
    // It exists: its sender sees it.
    let pad = format!("/berichten/{}", toneel.brief.id);
    let _seen = toneel.politie.ophalen("berichten", &pad).await.met_status(200);
    let onbekend = gezien(&toneel.politie.ophalen("berichten", &format!("/berichten/{UUID}")).await.met_status(404));
    // Who takes no part, and even who received it, for whom it is a delivery and not a message of its own.
    for wie in [&toneel.derde, &toneel.vt] {
        assert_eq!(gezien(&wie.ophalen("berichten", &pad).await), onbekend);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_hold_at_the_edge() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let politie = Client::partner(&regio, &hub, "politie");
    let token = politie.token(ALLES).await;
    let grenzen = Limits::default();
    let sturen = |pad: &str, media: &str, grootte: usize| {
        let aanroep = politie.aanroep(Method::POST, pad).token(&token).kop("content-type", media);
        aanroep.lijf(vec![b' '; grootte]).sturen()
    };
    // Blanks: as large as allowed is read (and is no JSON), one more is not.
    for (pad, media, grens) in [
        ("/v1/berichten", CLOUDEVENT, grenzen.message_bytes),
        ("/v1/toetsen", "application/json", grenzen.header_bytes),
        (&format!("/v1/leveringen/{UUID}/ontvangst"), "application/json", 64 * 1024),
    ] {
        probleem(sturen(pad, media, grens).await, 400, "geen-json", pad).await;
        probleem(sturen(pad, media, grens + 1).await, 413, "te-groot", pad).await;
    }
    // Headers and address together.
    let lang = "x".repeat(17 * 1024);
    probleem(
        politie.aanroep(Method::GET, "/v1/partners").kop("x-lang", &lang).sturen().await,
        431,
        "kopregels-te-groot",
        "header",
    )
    .await;
    let pad = format!("/v1/partners?{lang}");
    probleem(politie.aanroep(Method::GET, &pad).sturen().await, 431, "kopregels-te-groot", "address").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_trickles_is_cut_off() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let token = Client::partner(&regio, &hub, "politie").token(ALLES).await;
    tokio::task::spawn_blocking(move || {
        // A body of which only the first byte comes; this hub waits two seconds.
        let mut traag = verbinden(&hub, &config(&regio, &[&TLS13], &[]));
        let kop = format!(
            "POST /v1/berichten HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-type: {CLOUDEVENT}\r\n\
             content-length: 1000\r\n\r\n{{"
        );
        let begin = Instant::now();
        traag.write_all(kop.as_bytes()).unwrap();
        let mut antwoord = String::new();
        let _closed = traag.read_to_string(&mut antwoord);
        assert!(antwoord.starts_with("HTTP/1.1 408") && antwoord.contains("te-traag"), "{antwoord}");
        assert!(begin.elapsed() < Duration::from_secs(30));
        // Headers that never end.
        let mut nog_trager = verbinden(&hub, &config(&regio, &[&TLS13], &[]));
        let begin = Instant::now();
        nog_trager.write_all(b"GET /v1/partners HTTP/1.1\r\nhost: loc").unwrap();
        let mut antwoord = String::new();
        let _closed = nog_trager.read_to_string(&mut antwoord);
        assert!(antwoord.is_empty() || antwoord.starts_with("HTTP/1.1 408"), "{antwoord}");
        assert!(begin.elapsed() < Duration::from_secs(30));
    })
    .await
    .unwrap();
}
