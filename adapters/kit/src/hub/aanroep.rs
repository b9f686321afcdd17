//! One call: request, size-limited answer, problem.

use std::time::Duration;

use inbreng_domain::envelope::MEDIA_TYPE;
use reqwest::{Method, header};

use super::{Bereik, GROOTSTE_ANTWOORD, Hubfout, herhalen, probleem};

/// What is sent.
#[derive(Debug)]
pub(super) enum Lichaam {
    Niets,
    Json(Vec<u8>),
    CloudEvent(Vec<u8>),
}

/// What came back, whatever it says.
#[derive(Debug)]
pub(super) struct Ruw {
    pub(super) status: u16,
    pub(super) bytes: Vec<u8>,
    /// How long it asks to wait.
    pas_na: Option<Duration>,
}

/// A call that is to be made, perhaps more than once.
#[derive(Debug)]
pub(super) struct Aanroep {
    methode: Method,
    pad: String,
    lichaam: Lichaam,
    hoogstens: Duration,
    gezien: Option<u32>,
    pub(super) bereik: Bereik,
    pub(super) eenmaal: bool,
}

impl Aanroep {
    fn new(methode: Method, bereik: Bereik, pad: String, lichaam: Lichaam) -> Self {
        Self { methode, pad, lichaam, hoogstens: Duration::from_secs(30), gezien: None, bereik, eenmaal: false }
    }

    pub(super) fn get(bereik: Bereik, pad: String) -> Self {
        Self::new(Method::GET, bereik, pad, Lichaam::Niets)
    }

    pub(super) fn post(bereik: Bereik, pad: String, lichaam: Lichaam) -> Self {
        Self::new(Method::POST, bereik, pad, lichaam)
    }

    pub(super) fn put(bereik: Bereik, pad: String, lichaam: Lichaam) -> Self {
        Self::new(Method::PUT, bereik, pad, lichaam)
    }

    pub(super) const fn binnen(mut self, hoogstens: Duration) -> Self {
        self.hoogstens = hoogstens;
        self
    }

    pub(super) const fn eenmaal(mut self) -> Self {
        self.eenmaal = true;
        self
    }

    /// Changes only what its caller has seen: the number of the last step, as `If-Match` (RFC 9110, 13.1.1).
    pub(super) const fn gezien(mut self, stand: u32) -> Self {
        self.gezien = Some(stand);
        self
    }

    /// Makes the call, once.
    pub(super) async fn eenmalig(&self, http: &reqwest::Client, basis: &str, token: &str) -> Result<Vec<u8>, Hubfout> {
        gelukt(self.ongelezen(http, basis, Some(token)).await?)
    }

    /// Makes the call, once, with no more than the certificate of the connection.
    pub(super) async fn zonder_token(&self, http: &reqwest::Client, basis: &str) -> Result<Vec<u8>, Hubfout> {
        gelukt(self.ongelezen(http, basis, None).await?)
    }

    /// The same, whatever the answer says.
    pub(super) async fn ongelezen(&self, http: &reqwest::Client, basis: &str, token: Option<&str>) -> Result<Ruw, Hubfout> {
        let verzoek = http
            .request(self.methode.clone(), format!("{basis}{}", self.pad))
            .timeout(self.hoogstens)
            .header(header::ACCEPT, "application/json, application/problem+json");
        let verzoek = match token {
            Some(token) => verzoek.bearer_auth(token),
            None => verzoek,
        };
        let verzoek = match self.gezien {
            Some(stand) => verzoek.header(header::IF_MATCH, format!("\"{stand}\"")),
            None => verzoek,
        };
        let verzoek = match &self.lichaam {
            Lichaam::Niets => verzoek,
            Lichaam::Json(bytes) => verzoek.header(header::CONTENT_TYPE, "application/json").body(bytes.clone()),
            Lichaam::CloudEvent(bytes) => verzoek.header(header::CONTENT_TYPE, MEDIA_TYPE).body(bytes.clone()),
        };
        bytes(verzoek.send().await.map_err(Hubfout::Onbereikbaar)?).await
    }
}

/// Reads an answer, never more than [`GROOTSTE_ANTWOORD`].
pub(super) async fn antwoord(response: reqwest::Response) -> Result<Vec<u8>, Hubfout> {
    gelukt(bytes(response).await?)
}

async fn bytes(mut response: reqwest::Response) -> Result<Ruw, Hubfout> {
    let status = response.status().as_u16();
    let pas_na = herhalen::gevraagd(response.headers());
    let mut bytes = Vec::new();
    while let Some(stuk) = response.chunk().await.map_err(Hubfout::Onbereikbaar)? {
        if bytes.len() + stuk.len() > GROOTSTE_ANTWOORD {
            return Err(Hubfout::Antwoord("answer is too large"));
        }
        bytes.extend_from_slice(&stuk);
    }
    Ok(Ruw { status, bytes, pas_na })
}

/// The answer that was hoped for, or the problem in it.
fn gelukt(Ruw { status, bytes, pas_na }: Ruw) -> Result<Vec<u8>, Hubfout> {
    if (200..300).contains(&status) {
        return Ok(bytes);
    }
    let problem = Box::new(probleem(status, &bytes));
    Err(match pas_na {
        Some(wacht) if matches!(status, 429 | 503) => Hubfout::Straks(problem, wacht),
        _ => Hubfout::Probleem(problem),
    })
}
