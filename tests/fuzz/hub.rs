//! Whole requests to a running hub: bytes bent in every body, address and token request, over TLS as a partner.

use std::path::Path;

use inbreng_harness::{Antwoord, Brief, Client, Deelnemer, Hub, Regio};
use reqwest::Method;
use serde_json::Value;

use crate::mutaties::een_van;

/// A request of which one thing is bent.
struct Doel {
    wat: String,
    methode: Method,
    /// With `{}` where the bent text goes, percent-encoded; without it the body is bent.
    pad: String,
    media: Option<String>,
    seed: Vec<u8>,
}

/// From the served documents: every operation with a body, with the document's own example, and every one with parameters.
fn doelen(document: &Value, basis: &str) -> Vec<Doel> {
    let mut alle = Vec::new();
    for (pad, item) in document["paths"].as_object().unwrap() {
        let server = item.get("servers").unwrap_or(&document["servers"])[0]["url"].as_str().unwrap();
        let basis = server.strip_prefix("https://{host}").unwrap_or(basis);
        for (methode, op) in item.as_object().unwrap().iter().filter(|(m, _)| *m != "servers") {
            let methode: Method = methode.to_uppercase().parse().unwrap();
            let parameters = || op["parameters"].as_array().into_iter().flatten().filter(|p| p["name"].is_string());
            let voorbeeld = |p: &Value| p["example"].as_str().map_or_else(|| p["example"].to_string(), str::to_owned);
            let mut heel = format!("{basis}{pad}");
            for p in parameters().filter(|p| p["in"] == "path") {
                heel = heel.replace(&format!("{{{}}}", p["name"].as_str().unwrap()), &voorbeeld(p));
            }
            if let Some((media, inhoud)) = op["requestBody"]["content"].as_object().and_then(|c| c.iter().next()) {
                let schema = document.pointer(&inhoud["schema"]["$ref"].as_str().unwrap()[1..]).unwrap();
                let seed = schema["examples"][0].to_string().into_bytes();
                let wat = format!("{methode} {heel}");
                alle.push(Doel { wat, methode: methode.clone(), pad: heel.clone(), media: Some(media.clone()), seed });
            }
            for p in parameters() {
                let (naam, waar) = (p["name"].as_str().unwrap(), &p["in"]);
                let pad = match waar.as_str() {
                    Some("path") => format!("{basis}{pad}").replace(&format!("{{{naam}}}"), "{}"),
                    Some("query") if naam != "wacht" => format!("{heel}?{naam}={{}}"),
                    _ => continue,
                };
                let wat = format!("{methode} {pad}");
                alle.push(Doel { wat, methode: methode.clone(), pad, media: None, seed: voorbeeld(p).into_bytes() });
            }
        }
    }
    alle
}

/// Every byte that has a meaning in an address, and every one that is no text, as `%XX`.
fn in_adres(bytes: &[u8]) -> String {
    bytes.iter().map(|b| if b.is_ascii_alphanumeric() { char::from(*b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[test]
fn no_request_makes_the_hub_fail() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let regio = Regio::maken();
    let hub = Hub::in_kamer(Path::new(env!("CARGO_BIN_EXE_inbreng")), &regio, "fuzz", "");
    let (client, mut alle) = runtime.block_on(async {
        let client = Client::partner(&regio, &hub, "politie");
        let mut alle = Vec::new();
        for (adres, basis) in [("/v1/openapi.json", "/v1"), ("/access/v1/openapi.json", "")] {
            let document: Value = client.aanroep(Method::GET, adres).sturen().await.json().await.unwrap();
            alle.extend(doelen(&document, basis));
        }
        (client, alle)
    });
    assert!(alle.len() > 25, "{}", alle.len());
    // A message and a form that would be taken, beside the documents' examples.
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| regio.partner(naam));
    let brief = Brief::incidentmelding(&regio, &politie, &vt, "Er was ruzie.");
    for doel in &mut alle {
        if doel.wat == "POST /v1/berichten" {
            doel.seed = brief.bytes();
        }
        if doel.media.as_deref() == Some("application/x-www-form-urlencoded") {
            doel.seed = formulier(&doel.seed);
        }
    }
    for doel in &alle {
        // One for each: a long run outlives a token.
        let token = runtime.block_on(client.token("berichten postvak gids logboek beheer"));
        een_van(8, &doel.wat, std::slice::from_ref(&doel.seed), &["", "none", "ES256", "politie"], 25, |bytes| {
            let aanroep = client.aanroep(doel.methode.clone(), &doel.pad.replace("{}", &in_adres(bytes))).token(&token);
            let aanroep = match &doel.media {
                Some(media) => aanroep.kop("content-type", media).kop("if-match", "\"1\"").lijf(bytes.to_vec()),
                None => aanroep,
            };
            let antwoord = runtime.block_on(async { Antwoord::lezen(aanroep.sturen().await).await.unwrap() });
            assert!(antwoord.status < 500, "{}: {} {}", doel.wat, antwoord.status, antwoord.tekst());
        });
    }
    let deelnemer = Deelnemer::new(&regio, &hub, "veilig-thuis");
    let open = runtime.block_on(deelnemer.postvak());
    assert!(open.len() <= 1, "what was bent was taken");
    assert!(!hub.logtekst().contains("\"level\":\"ERROR\""), "{}", hub.logtekst());
    assert!(hub.stoppen());
}

/// Headers that mean something to a hub, each bent in a request that is good without.
#[test]
fn no_header_makes_the_hub_fail() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let regio = Regio::maken();
    let hub = Hub::in_kamer(Path::new(env!("CARGO_BIN_EXE_inbreng")), &regio, "koppen", "");
    let client = Client::partner(&regio, &hub, "politie");
    let eerste = runtime.block_on(client.token("berichten postvak gids logboek beheer"));
    let bearer = format!("Bearer {eerste}");
    let spoor = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let (toets, versie) = ("/v1/toetsen", "/v1/beheer/versies/sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU/toets");
    let koppen = [
        (Method::GET, "/v1/postvak", "authorization", bearer.as_str()),
        (Method::POST, versie, "if-match", "\"1\""),
        (Method::POST, toets, "content-type", "application/json; charset=utf-8"),
        (Method::POST, toets, "content-encoding", "identity"),
        (Method::POST, toets, "traceparent", spoor),
        (Method::POST, "/access/v1/evaluation", "x-request-id", "bfe9eb29-ab87-4ca3-be83-a1d5d8305716"),
        (Method::GET, "/.well-known/authzen-configuration", "host", "localhost:8443"),
        (Method::GET, "/v1/openapi.json", "range", "bytes=0-17"),
        (Method::GET, "/v1/openapi.json", "accept-encoding", "gzip, br;q=0.5, *;q=0"),
        (Method::GET, "/v1/openapi.json", "if-none-match", "\"1\""),
    ];
    for (methode, pad, naam, waarde) in koppen {
        // One for each: a long run outlives a token.
        let token = runtime.block_on(client.token("berichten postvak gids logboek beheer"));
        let wat = format!("{naam} of {methode} {pad}");
        een_van(10, &wat, &[waarde.as_bytes().to_vec()], &["", "gzip", "*", "W/", "00"], 25, |bytes| {
            // What no header can carry, no client sends.
            let Ok(waarde) = reqwest::header::HeaderValue::from_bytes(bytes) else { return };
            let antwoord = runtime.block_on(async {
                let mut aanroep = client.aanroep(methode.clone(), pad).kop_bytes(naam, waarde);
                if naam != "authorization" {
                    aanroep = aanroep.token(&token);
                }
                if methode == Method::POST {
                    aanroep = if naam == "content-type" { aanroep } else { aanroep.kop("content-type", "application/json") };
                    aanroep = aanroep.lijf("{}");
                }
                // A connection that cannot carry it may end; the hub does not, as the next one shows.
                Some(Antwoord::lezen(aanroep.proberen().await.ok()?).await.unwrap())
            });
            let Some(antwoord) = antwoord else { return };
            assert!(antwoord.status < 500, "{wat}: {} {}", antwoord.status, antwoord.tekst());
        });
    }
    let _alive = runtime.block_on(client.token("berichten"));
    assert!(!hub.logtekst().contains("\"level\":\"ERROR\""), "{}", hub.logtekst());
    assert!(hub.stoppen());
}

/// The example of a form, which the document shows as an object, as it is sent.
fn formulier(voorbeeld: &[u8]) -> Vec<u8> {
    let voorbeeld: Value = serde_json::from_slice(voorbeeld).unwrap();
    let veld = |(naam, waarde): (&String, &Value)| format!("{naam}={}", in_adres(waarde.as_str().unwrap().as_bytes()));
    voorbeeld.as_object().unwrap().iter().map(veld).collect::<Vec<_>>().join("&").into_bytes()
}
