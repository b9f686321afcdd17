//! The served API documents, as the tests walk them.

use inbreng_harness::{Aanroep, Client};
use reqwest::Method;
use serde_json::Value;

/// One operation with a request that would be good, were it not for what a test bends.
#[derive(Debug)]
pub struct Operatie {
    pub methode: Method,
    pub pad: String,
    pub naam: String,
    /// Needs a client certificate.
    pub certificaat: bool,
    /// Needs a token with this scope.
    pub bereik: Option<String>,
    /// Status codes that are documented, each with its description.
    pub antwoorden: Vec<(u16, String)>,
    koppen: Vec<(String, String)>,
    body: Option<(String, String)>,
}

impl Operatie {
    /// The request, with the document's own examples.
    pub fn aanroep(&self, client: &Client) -> Aanroep {
        let aanroep = client.aanroep(self.methode.clone(), &self.pad);
        let aanroep = self.koppen.iter().fold(aanroep, |aanroep, (naam, waarde)| aanroep.kop(naam, waarde));
        match &self.body {
            Some((media, text)) => aanroep.kop("content-type", media).lijf(text.clone()),
            None => aanroep,
        }
    }

    /// Whether a status is documented, and with this problem code if it is one.
    pub fn beschrijft(&self, status: u16, code: Option<&str>) -> bool {
        let found = self.antwoorden.iter().find(|(s, _)| *s == status);
        found.is_some_and(|(_, text)| code.is_none_or(|c| text.contains(&format!("`{c}`"))))
    }
}

/// The document of a running hub, fetched as anyone can.
pub async fn ophalen(client: &Client) -> Value {
    van(client, "/v1").await
}

async fn van(client: &Client, basis: &str) -> Value {
    let antwoord = client.aanroep(Method::GET, &format!("{basis}/openapi.json")).sturen().await;
    assert_eq!(antwoord.status(), 200);
    assert_eq!(antwoord.headers()["access-control-allow-origin"], "*");
    antwoord.json().await.unwrap()
}

/// Every operation of every document that a hub serves.
pub async fn alle_operaties(client: &Client) -> Vec<Operatie> {
    let mut gevonden = Vec::new();
    for basis in ["/v1", "/access/v1"] {
        gevonden.extend(operaties(&van(client, basis).await));
    }
    gevonden
}

fn operaties(document: &Value) -> Vec<Operatie> {
    let mut gevonden = Vec::new();
    for (pad, item) in document["paths"].as_object().unwrap() {
        // A path may have a server of its own.
        let server = item.get("servers").unwrap_or(&document["servers"])[0]["url"].as_str().unwrap();
        let basis = server.strip_prefix("https://{host}").unwrap();
        for (methode, op) in item.as_object().unwrap().iter().filter(|(methode, _)| *methode != "servers") {
            gevonden.push(operatie(document, basis, pad, methode, op));
        }
    }
    gevonden
}

fn operatie(document: &Value, basis: &str, pad: &str, methode: &str, op: &Value) -> Operatie {
    let naam = if basis == "/v1" { pad.to_owned() } else { format!("{basis}{pad}") };
    let mut plek = format!("{basis}{pad}");
    let (mut query, mut koppen) = (Vec::new(), Vec::new());
    // A parameter by reference is a header that a caller may leave out.
    for parameter in op["parameters"].as_array().into_iter().flatten().filter(|p| p.get("$ref").is_none()) {
        let naam = parameter["name"].as_str().unwrap();
        let waarde = parameter["example"].as_str().map_or_else(|| parameter["example"].to_string(), str::to_owned);
        if parameter["in"] == "path" {
            plek = plek.replace(&format!("{{{naam}}}"), &waarde);
        } else if parameter["in"] == "header" {
            koppen.push((naam.to_owned(), waarde));
        } else if naam != "wacht" {
            query.push(format!("{naam}={waarde}"));
        }
    }
    if !query.is_empty() {
        plek = format!("{plek}?{}", query.join("&"));
    }
    let body = op["requestBody"]["content"].as_object().map(|content| {
        let (media, inhoud) = content.iter().next().unwrap();
        let schema = inhoud["schema"]["$ref"].as_str().unwrap();
        let example = &document.pointer(&schema[1..]).unwrap()["examples"][0];
        assert!(example.is_object(), "{pad} has no example");
        (media.clone(), example.to_string())
    });
    let security = op["security"].as_array().unwrap();
    assert!(security.len() <= 1, "{pad}: one way in");
    let token = security.first().and_then(|s| s["token"].as_array());
    Operatie {
        methode: methode.to_uppercase().parse().unwrap(),
        naam: format!("{} {naam}", methode.to_uppercase()),
        pad: plek,
        certificaat: security.first().is_some_and(|s| s["certificaat"].is_array()),
        bereik: token.map(|scopes| scopes[0].as_str().unwrap().to_owned()),
        antwoorden: op["responses"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(status, r)| (status.parse().unwrap(), r["description"].as_str().unwrap().to_owned()))
            .collect(),
        koppen,
        body,
    }
}
