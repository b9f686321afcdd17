//! A partner that takes part: sends, fetches, signs for what it got.

use std::{collections::HashMap, sync::Mutex};

use inbreng_domain::{
    BerichtId, Clock, Code, DeelId, Oin, Randomness,
    antwoorden::Verklaringverzoek,
    clock::SystemClock,
    envelope::MEDIA_TYPE,
    levering::Levering,
    receipts::{Inzageverzoek, Ontvangst, Weigering, Weigeringscode},
    vocabulary::Doel,
};
use inbreng_proof::{SystemRandomness, Typ, digest_of, encoding::encode, jws};
use reqwest::Method;
use serde_json::Value;

use crate::{Antwoord, Client, Hub, Partner, Regio};

/// A partner on connections of its own.
#[derive(Debug)]
pub struct Deelnemer {
    /// Its connection.
    pub client: Client,
    /// Its keys.
    pub partner: Partner,
    tokens: Mutex<HashMap<String, String>>,
}

impl Deelnemer {
    /// A partner of the region, as it should be.
    pub fn new(regio: &Regio, hub: &Hub, naam: &str) -> Self {
        Self { client: Client::partner(regio, hub, naam), partner: regio.partner(naam), tokens: Mutex::default() }
    }

    /// A token for this scope: the same one for each call.
    ///
    /// # Errors
    /// When the hub cannot be reached.
    pub async fn token(&self, bereik: &str) -> Result<String, reqwest::Error> {
        if let Some(token) = self.tokens.lock().unwrap().get(bereik) {
            return Ok(token.clone());
        }
        let antwoord = Antwoord::lezen(self.client.proberen_aan_te_vragen(&self.client.aanvraag(bereik)).await?).await?;
        let token = antwoord.met_status(200).json()["access_token"].as_str().unwrap().to_owned();
        self.tokens.lock().unwrap().insert(bereik.to_owned(), token.clone());
        Ok(token)
    }

    /// Sends these bytes as a message, to a hub that may go away.
    ///
    /// # Errors
    /// When no whole answer came back.
    pub async fn proberen(&self, envelop: Vec<u8>) -> Result<Antwoord, reqwest::Error> {
        let token = self.token("berichten").await?;
        let aanroep = self.client.aanroep(Method::POST, "/v1/berichten").token(&token).kop("content-type", MEDIA_TYPE);
        Antwoord::lezen(aanroep.lijf(envelop).proberen().await?).await
    }

    /// Sends these bytes as a message.
    pub async fn sturen(&self, envelop: Vec<u8>) -> Antwoord {
        self.proberen(envelop).await.unwrap()
    }

    /// `GET` below `/v1` with a token of this scope.
    pub async fn ophalen(&self, bereik: &str, pad: &str) -> Antwoord {
        let token = self.token(bereik).await.unwrap();
        let antwoord = self.client.aanroep(Method::GET, &format!("/v1{pad}")).token(&token).sturen().await;
        Antwoord::lezen(antwoord).await.unwrap()
    }

    /// The sender's view of a message.
    pub async fn status(&self, bericht: BerichtId) -> Value {
        self.ophalen("berichten", &format!("/berichten/{bericht}")).await.met_status(200).json()
    }

    /// The open deliveries as they came, at once.
    pub async fn postvak(&self) -> Vec<Value> {
        let mut antwoord = self.ophalen("postvak", "/postvak?wacht=0").await.met_status(200).json();
        serde_json::from_value(antwoord["leveringen"].take()).unwrap()
    }

    /// Signs for a delivery as it was received.
    pub async fn ontvangen(&self, levering: &Value) {
        let gelezen = inlezen(levering);
        let ontvangst = Ontvangst {
            levering: gelezen.id,
            bericht: gelezen.bericht.id,
            digest: digest_of(&levering["bericht"]["data"]["bericht"]).unwrap(),
            delen: gelezen.bericht.data.delen.iter().map(|d| d.labels.id).collect(),
            ontvanger: self.partner.oin,
            tijd: SystemClock.now(),
        };
        let jws = jws::sign(&self.partner.sleutel, Typ::Ontvangst, &ontvangst).unwrap();
        let antwoord = self.verklaren(&format!("/leveringen/{}/ontvangst", gelezen.id), jws).await;
        let _nothing_in_it = antwoord.met_status(204);
    }

    /// Signs a refusal of a delivery.
    pub async fn weigeren(&self, levering: &Value, code: Weigeringscode) {
        let gelezen = inlezen(levering);
        let digest = digest_of(&levering["bericht"]["data"]["bericht"]).ok();
        let (levering, bericht) = (gelezen.id, gelezen.bericht.id);
        let weigering = Weigering { levering, bericht, digest, code, ontvanger: self.partner.oin, tijd: SystemClock.now() };
        let jws = jws::sign(&self.partner.sleutel, Typ::Weigering, &weigering).unwrap();
        let antwoord = self.verklaren(&format!("/leveringen/{levering}/weigering"), jws).await;
        let _nothing_in_it = antwoord.met_status(204);
    }

    /// Hands in one signed statement.
    pub async fn verklaren(&self, pad: &str, jws: String) -> Antwoord {
        let token = self.token("postvak").await.unwrap();
        let inhoud = serde_json::to_vec(&Verklaringverzoek { verklaring: jws }).unwrap();
        let aanroep = self.client.aanroep(Method::POST, &format!("/v1{pad}")).token(&token);
        Antwoord::lezen(aanroep.kop("content-type", "application/json").lijf(inhoud).sturen().await).await.unwrap()
    }

    /// The newest log head, of a hub that may say that it cannot do anything just now.
    pub async fn proberen_checkpoint(&self) -> Option<String> {
        let antwoord = self.client.proberen_aan_te_vragen(&self.client.aanvraag("logboek")).await.ok()?;
        let antwoord = Antwoord::lezen(antwoord).await.ok()?;
        let token = (antwoord.status == 200).then(|| antwoord.json())?["access_token"].as_str()?.to_owned();
        let aanroep = self.client.aanroep(Method::GET, "/v1/logboek/checkpoint").token(&token);
        let antwoord = Antwoord::lezen(aanroep.proberen().await.ok()?).await.ok()?;
        Some((antwoord.status == 200).then(|| antwoord.json())?["checkpoint"].as_str()?.to_owned())
    }

    /// The newest log head: the signed text.
    pub async fn checkpoint(&self) -> String {
        let antwoord = self.ophalen("logboek", "/logboek/checkpoint").await.met_status(200).json();
        antwoord["checkpoint"].as_str().unwrap().to_owned()
    }
}

/// A request to read a view-only part, of now, in the name of one and signed by one.
pub fn inzageverzoek(ondertekenaar: &Partner, ontvanger: Oin, deel: DeelId, doel: Doel) -> String {
    let mut nonce = [0; 16];
    SystemRandomness.fill(&mut nonce);
    let functie = Code::parse("vertrouwensarts").unwrap();
    let verzoek = Inzageverzoek { deel, ontvanger, functie, doel, nonce: encode(&nonce), tijd: SystemClock.now() };
    jws::sign(&ondertekenaar.sleutel, Typ::Inzage, &verzoek).unwrap()
}

/// A delivery in its closed form: nothing in it that the contract does not name.
fn inlezen(levering: &Value) -> Levering {
    serde_json::from_value(levering.clone()).unwrap()
}
