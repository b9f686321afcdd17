//! A partner of a region that runs: its adapter, as its own system and its people reach it.

use std::time::Duration;

use inbreng_adapter::Handle;
use serde_json::Value;

use super::{Partner, Regio, sqlite_doet};
use crate::eigen_systeem::EigenSysteem;

/// A partner that runs.
pub struct Draaiend {
    pub(super) wie: Partner,
    pub systeem: EigenSysteem,
    pub(super) handle: Handle,
    pub(super) http: reqwest::Client,
    pub(super) basis: String,
    pub(super) hub: String,
}

#[derive(Debug)]
pub struct Antwoord {
    pub status: u16,
    pub json: Value,
}

impl Draaiend {
    pub async fn post(&self, pad: &str, lichaam: &Value) -> Antwoord {
        self.post_tekst(pad, &lichaam.to_string()).await
    }

    pub async fn post_tekst(&self, pad: &str, lichaam: &str) -> Antwoord {
        antwoord(
            self.http.post(format!("{}{pad}", self.basis)).header("Content-Type", "application/json").body(lichaam.to_owned()),
        )
        .await
    }

    pub async fn post_als(&self, pad: &str, soort: &str, host: &str) -> Antwoord {
        let verzoek = self.http.post(format!("{}{pad}", self.basis)).header("Content-Type", soort).header("Host", host);
        antwoord(verzoek.body("{}")).await
    }

    /// Asks with another secret, or with none.
    pub async fn als(&self, methode: &str, pad: &str, geheim: Option<&str>) -> Antwoord {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let verzoek = client.request(methode.parse().unwrap(), format!("{}{pad}", self.basis)).json(&serde_json::json!({}));
        antwoord(match geheim {
            Some(geheim) => verzoek.header("authorization", geheim),
            None => verzoek,
        })
        .await
    }

    pub async fn get(&self, pad: &str) -> Antwoord {
        antwoord(self.http.get(format!("{}{pad}", self.basis))).await
    }

    pub async fn weg(&self, pad: &str) -> Antwoord {
        antwoord(self.http.delete(format!("{}{pad}", self.basis))).await
    }

    /// An answer that is no JSON.
    pub async fn tekst(&self, pad: &str) -> String {
        self.http.get(format!("{}{pad}", self.basis)).send().await.unwrap().text().await.unwrap()
    }

    /// Asks until the answer is as awaited.
    pub async fn tot(&self, pad: &str, goed: impl Fn(&Value) -> bool) -> Value {
        let mut laatste = Value::Null;
        for _ in 0..3600 {
            laatste = self.get(pad).await.json;
            if goed(&laatste) {
                return laatste;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{pad} stays {laatste}");
    }

    /// Waits until nothing is on its way here.
    pub async fn rust(&self) {
        self.tot("/gezondheid", |g| g["teVersturen"] == 0 && g["afTeLeveren"] == 0).await;
    }

    /// Stops the adapter.
    pub async fn stoppen(self) {
        self.handle.stoppen().await;
    }

    /// Reads certificates, keys and directory again.
    pub fn verversen(&self) {
        self.handle.verversen();
    }

    /// Stops the adapter and starts it again from its configuration file.
    pub async fn herstart_uit_bestand(self, regio: &Regio) -> Self {
        let Self { wie, systeem, handle, hub, .. } = self;
        handle.stoppen().await;
        regio.uit_bestand(wie, systeem, hub).await
    }

    /// Stops the adapter, changes its store, and starts it again.
    pub async fn herstart_zonder(self, regio: &Regio, sql: &'static str) -> Self {
        let Self { wie, systeem, handle, hub, .. } = self;
        handle.stoppen().await;
        assert!(sqlite_doet(&regio.pad(&format!("{}.db", wie.slug())), sql).await > 0);
        regio.aan(wie, systeem, hub).await
    }

    /// Stops the adapter and starts it again on the same store.
    pub async fn herstart(self, regio: &Regio) -> Self {
        let Self { wie, systeem, handle, hub, .. } = self;
        handle.stoppen().await;
        regio.aan(wie, systeem, hub).await
    }
}

async fn antwoord(verzoek: reqwest::RequestBuilder) -> Antwoord {
    let antwoord = verzoek.send().await.unwrap();
    let status = antwoord.status().as_u16();
    let json = serde_json::from_slice(&antwoord.bytes().await.unwrap()).unwrap_or(Value::Null);
    Antwoord { status, json }
}
