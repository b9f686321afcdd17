//! The NL GOV Authorization Decision Log (`Logius-standaarden/authorization-decision-log` 0511b85, section "Interface"): what the
//! command writes has the fields that the standard asks, one record for each call.

use inbreng_harness::{Client, Hub, Regio};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{PROGRAMMA, starten};

/// The mandatory fields, and the optional ones; no other.
const VERPLICHT: [&str; 5] = ["trace_id", "span_id", "event_name", "timestamp", "status"];
const MAG: [&str; 4] = ["parent_span_id", "attributes", "resource", "body"];

async fn vragen(client: &Client, token: &str, pad: &str, vraag: &Value, traceparent: Option<&str>) {
    let aanroep = client.aanroep(Method::POST, pad).token(token).kop("content-type", "application/json");
    let aanroep = match traceparent {
        Some(spoor) => aanroep.kop("traceparent", spoor),
        None => aanroep,
    };
    assert_eq!(aanroep.lijf(vraag.to_string()).sturen().await.status(), 200, "{pad}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_is_a_record_of_the_standard() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let client = Client::partner(&regio, &hub, "politie");
    let token = client.token("berichten").await;
    let vraag = json!({
        "subject": { "type": "partner", "id": client.oin }, "action": { "name": "ontvangen" },
        "resource": { "type": "verklaring", "id": "nl.inbreng.incidentmelding.v1" },
        "context": { "convenant": "voorbeeldregio", "geadresseerden": [{ "oin": "00000099000000004000" }] },
    });
    let spoor = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    vragen(&client, &token, "/access/v1/evaluation", &vraag, Some(spoor)).await;
    vragen(&client, &token, "/access/v1/evaluation", &vraag, Some("geen spoor")).await;
    let mut reeks = vraag.clone();
    reeks["evaluations"] = json!([{}, { "action": { "name": "read" } }, {}]);
    vragen(&client, &token, "/access/v1/evaluations", &reeks, None).await;
    let db = hub.map().join("hub.sqlite");
    assert!(hub.stoppen());

    let db = db.to_str().unwrap();
    let uit = Hub::uitvoeren(PROGRAMMA.as_ref(), &["log", "adl", "--db", db, "--knooppunt", &regio.knooppunt().to_string()]);
    assert!(uit.status.success(), "{}", String::from_utf8_lossy(&uit.stderr));
    let regels: Vec<Value> =
        uit.stdout.split(|b| *b == b'\n').filter(|r| !r.is_empty()).map(|r| serde_json::from_slice(r).unwrap()).collect();
    assert_eq!(regels.len(), 3);
    for regel in &regels {
        let velden = regel.as_object().unwrap();
        assert!(VERPLICHT.iter().all(|v| velden.contains_key(*v)), "{regel}");
        assert!(velden.keys().all(|v| VERPLICHT.contains(&v.as_str()) || MAG.contains(&v.as_str())), "{regel}");
        for (veld, lengte) in [("trace_id", 32), ("span_id", 16)] {
            let hex = regel[veld].as_str().unwrap();
            assert!(hex.len() == lengte && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')), "{veld}: {hex}");
        }
        assert!(["adl.access_evaluation", "adl.access_evaluations"].contains(&regel["event_name"].as_str().unwrap()));
        assert!(["Unset", "Ok", "Error"].contains(&regel["status"].as_str().unwrap()));
        assert!(regel["timestamp"].as_u64().is_some());
        assert!(regel["body"]["adl.core.response"].is_object(), "{regel}");
        let genoemd = regel["attributes"].as_object().unwrap().keys().filter(|k| k.starts_with("adl.core."));
        for naam in genoemd {
            assert!(regel["body"].get(naam).is_none(), "{naam} stands in one place");
            assert!(regel["attributes"][naam].is_object(), "a source reference by the name of its source");
        }
        assert_eq!(regel["resource"]["inbreng.knooppunt.oin"], regio.knooppunt().to_string());
    }
    assert_eq!(regels[0]["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(regels[0]["parent_span_id"], "00f067aa0ba902b7");
    assert!(regels[1].get("parent_span_id").is_none() && regels[1]["trace_id"] != regels[0]["trace_id"]);
    assert_eq!(regels[2]["event_name"], "adl.access_evaluations");
    assert_eq!(regels[2]["body"]["adl.core.response"]["evaluations"].as_array().unwrap().len(), 3);

    // A period, a file, and a month of which nothing is to be told.
    let leeg = Hub::uitvoeren(PROGRAMMA.as_ref(), &["log", "adl", "--db", db, "--tot", "2020-01-01"]);
    assert!(leeg.status.success() && leeg.stdout.is_empty());
    let fout = Hub::uitvoeren(PROGRAMMA.as_ref(), &["log", "adl", "--db", db, "--vanaf", "gisteren"]);
    assert!(!fout.status.success());
    let streng = Hub::uitvoeren(PROGRAMMA.as_ref(), &["policy", "strengheid", "--db", db, "--maand", "2020-01", "--json"]);
    let telling: Value = serde_json::from_slice(&streng.stdout).unwrap();
    assert_eq!(telling, json!({ "maand": "2020-01", "ondergrens": 5, "regels": [] }));
    let open = Hub::uitvoeren(PROGRAMMA.as_ref(), &["policy", "strengheid", "--db", db, "--maand", "2999-01"]);
    assert_eq!(open.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&open.stderr).contains("nog niet af"));
}
