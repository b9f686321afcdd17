//! Every operation, by every wrong caller.

use inbreng_certs::{Certificaatsoort, Partnermap};
use inbreng_harness::{Client, Hub, Regio, slug};
use reqwest::Method;

use crate::{
    document::{Operatie, alle_operaties},
    probleem, starten,
    tokens::{Smederij, verlopen},
};

/// What anyone may ask. This list only shrinks.
const OPEN: &[&str] = &["GET /openapi.json", "GET /access/v1/openapi.json", "GET /.well-known/authzen-configuration"];
/// What a certificate alone opens by the document. This list only shrinks. Beside it `PUT /partners/{oin}/vermelding` opens without a token
/// to who is in nothing yet (ADR 25), and asks for one of everyone else: `nieuwkomer.rs` holds that door.
const CERTIFICAAT: &[&str] = &["POST /token"];

const BEREIKEN: [&str; 5] = ["berichten", "postvak", "gids", "logboek", "beheer"];

async fn alles(regio: &Regio, hub: &Hub) -> Vec<Operatie> {
    let anoniem = Client::met(regio, hub, None, &regio.pki.partnermap(&slug("politie")).unwrap());
    alle_operaties(&anoniem).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_refuses_every_wrong_caller() {
    let mut regio = Regio::maken();
    regio.pki.intrekken(&slug("om"), &[Certificaatsoort::Tls]).unwrap();
    let hub = starten(&regio);
    let alles = alles(&regio, &hub).await;
    assert_eq!(alles.len(), 49, "a new operation belongs in this test: count it");
    let open: Vec<_> = alles.iter().filter(|o| !o.certificaat).map(|o| o.naam.as_str()).collect();
    assert_eq!(open, OPEN);
    let zonder_token: Vec<_> = alles.iter().filter(|o| o.certificaat && o.bereik.is_none()).map(|o| o.naam.as_str()).collect();
    assert_eq!(zonder_token, CERTIFICAAT);

    let eigen = regio.pki.partnermap(&slug("politie")).unwrap();
    let vreemd = regio.pki.vreemde_pki(&regio.pad("vreemd")).unwrap();
    let vreemd_map = vreemd.partnermap(&slug("politie")).unwrap();
    let verlopen_map = regio.pki.verlopen_certificaten(&slug("politie"), &regio.pad("verlopen")).unwrap();
    let om = regio.pki.partnermap(&slug("om")).unwrap();

    let anoniem = Client::met(&regio, &hub, None, &eigen);
    let politie = Client::partner(&regio, &hub, "politie");
    let ggz = Client::partner(&regio, &hub, "ggz");
    let paar = |map: &Partnermap| (map.tls_pem(), map.tls_key());
    let geweigerd = [
        ("foreign authority", Client::zal_worden_geweigerd(&regio, &hub, paar(&vreemd_map), &eigen)),
        ("expired", Client::zal_worden_geweigerd(&regio, &hub, paar(&verlopen_map), &eigen)),
        ("revoked", Client::zal_worden_geweigerd(&regio, &hub, paar(&om), &om)),
    ];
    let van_ggz = ggz.token(&BEREIKEN.join(" ")).await;
    let oud = verlopen(&regio, &politie);
    let smederij = Smederij::new(&regio, &politie);

    for op in alles.iter().filter(|o| o.certificaat) {
        let bij = &op.naam;
        probleem(op.aanroep(&anoniem).sturen().await, 401, "geen-certificaat", bij).await;
        for (wie, client) in &geweigerd {
            // TLS ends it: there is no answer at all.
            let geweigerd = op.aanroep(client).proberen().await.unwrap_err();
            assert!(!geweigerd.is_timeout(), "{bij}: {wie}: {geweigerd}");
        }
        let Some(bereik) = &op.bereik else { continue };
        probleem(op.aanroep(&politie).sturen().await, 401, "token-ontbreekt", bij).await;
        probleem(op.aanroep(&politie).token("geen.echt.token").sturen().await, 401, "token-ongeldig", bij).await;
        probleem(op.aanroep(&politie).token(&oud).sturen().await, 401, "token-ongeldig", bij).await;
        for (wat, token) in smederij.vals() {
            let antwoord = op.aanroep(&politie).token(&token).sturen().await;
            probleem(antwoord, 401, "token-ongeldig", &format!("{bij}: {wat}")).await;
        }
        probleem(op.aanroep(&politie).token(&van_ggz).sturen().await, 401, "token-niet-gebonden", bij).await;
        let andere: Vec<_> = BEREIKEN.iter().filter(|b| *b != bereik).copied().collect();
        let smal = politie.token(&andere.join(" ")).await;
        let antwoord = op.aanroep(&politie).token(&smal).sturen().await;
        let uitdaging = antwoord.headers()["www-authenticate"].to_str().unwrap().to_owned();
        assert!(uitdaging.contains("insufficient_scope") && uitdaging.contains(bereik), "{bij}: {uitdaging}");
        probleem(antwoord, 403, "bereik-ontbreekt", bij).await;
    }
    let log = Hub::log(&regio);
    assert!(log.contains("certificaat-afgewezen"), "a refused certificate leaves a line");
    assert!(!log.contains(&van_ggz), "a token is never logged");
    let regel = log.lines().find(|l| l.contains("\"bereik-ontbreekt\"") && l.contains("/v1/berichten/{id}")).unwrap();
    assert!(regel.contains(&politie.oin.to_string()), "a refusal says whose and where, by its pattern: {regel}");
    assert!(!log.contains("0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8a"), "an address is never logged");
}

#[tokio::test(flavor = "multi_thread")]
async fn document_and_routes_agree_in_both_directions() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let politie = Client::partner(&regio, &hub, "politie");
    let token = politie.token(&BEREIKEN.join(" ")).await;
    let alles = alles(&regio, &hub).await;
    for op in &alles {
        // With all that is asked, the answer is one that is documented: the route is there.
        let antwoord = op.aanroep(&politie).token(&token).sturen().await;
        let status = antwoord.status().as_u16();
        let text = antwoord.text().await.unwrap();
        let code = serde_json::from_str::<serde_json::Value>(&text).ok().and_then(|v| v["code"].as_str().map(str::to_owned));
        let code = code.filter(|_| status >= 400);
        assert!(op.beschrijft(status, code.as_deref()), "{}: {status} {text}", op.naam);
        assert!(status != 405 && status < 500, "{}: {status} {text}", op.naam);
        // And no method beside those of the document is.
        let pad = op.pad.split('?').next().unwrap();
        let hier: Vec<_> = alles.iter().filter(|o| o.pad.split('?').next() == Some(pad)).map(|o| o.methode.clone()).collect();
        for methode in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::HEAD, Method::OPTIONS] {
            if hier.contains(&methode) {
                continue;
            }
            let antwoord = politie.aanroep(methode.clone(), pad).token(&token).sturen().await;
            assert_eq!(antwoord.status(), 405, "{methode} {pad}");
            assert_eq!(antwoord.headers()["allow"], hier.iter().map(Method::as_str).collect::<Vec<_>>().join(", "), "{pad}");
            if methode != Method::HEAD {
                probleem(antwoord, 405, "methode-onbekend", pad).await;
            }
        }
        // A trailing slash is another address (NL GOV API Design Rules, /core/no-trailing-slash).
        probleem(politie.aanroep(op.methode.clone(), &format!("{pad}/")).sturen().await, 404, "niet-gevonden", pad).await;
    }
    for nergens in [
        "/",
        "/v1",
        "/v1/",
        "/v2/berichten",
        "/v1/berichten/x/y",
        "/v1/beheer",
        "/access",
        "/access/v1/search/subject",
        "/.well-known/x",
        "/openapi.json",
        "/v1/%2e%2e/token",
    ] {
        probleem(politie.aanroep(Method::GET, nergens).sturen().await, 404, "niet-gevonden", nergens).await;
    }
}
