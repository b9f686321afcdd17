//! An answer of the hub, as it came.

use inbreng_domain::{Problem, ProblemCode};
use reqwest::header::HeaderMap;
use serde_json::Value;

/// An answer.
#[derive(Debug, Clone)]
pub struct Antwoord {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub koppen: HeaderMap,
    /// Body, byte for byte.
    pub inhoud: Vec<u8>,
}

impl Antwoord {
    /// Reads an answer to its end.
    ///
    /// # Errors
    /// When it breaks off.
    pub async fn lezen(antwoord: reqwest::Response) -> Result<Self, reqwest::Error> {
        let (status, koppen) = (antwoord.status().as_u16(), antwoord.headers().clone());
        Ok(Self { status, koppen, inhoud: antwoord.bytes().await?.to_vec() })
    }

    /// The body as text.
    pub fn tekst(&self) -> String {
        String::from_utf8(self.inhoud.clone()).unwrap()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        inbreng_proof::parse_strict(&self.inhoud, 64).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// This answer, which must have this status.
    pub fn met_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.inhoud));
        self
    }

    /// Its headers but for the date, in alphabetical order: a server sends them in any.
    pub fn vaste_koppen(&self) -> Vec<String> {
        let regels = self.koppen.iter().filter(|(naam, _)| *naam != "date");
        let mut regels: Vec<_> = regels.map(|(naam, waarde)| format!("{naam}: {}", waarde.to_str().unwrap())).collect();
        regels.sort();
        regels
    }

    /// The problem that it is, checked in every respect in which all problems are alike: media type, headers, status,
    /// name, and the Dutch sentences that belong to the code.
    pub fn probleem(&self) -> Problem {
        let kop = |naam: &str| self.koppen.get(naam).map(|w| w.to_str().unwrap().to_owned());
        assert_eq!(kop("content-type").as_deref(), Some("application/problem+json"), "{self:?}");
        assert_eq!(kop("api-version").as_deref(), Some("1.0.0"));
        assert_eq!(kop("cache-control").as_deref(), Some("no-store"));
        let problem: Problem = serde_json::from_value(self.json()).unwrap();
        assert_eq!(problem.status, self.status);
        assert_eq!(problem.status, problem.code.status());
        assert_eq!(problem.kind, format!("https://inbreng.example/problemen/{}", problem.code));
        assert_eq!((problem.title.as_str(), problem.detail.as_str()), (problem.code.title(), problem.code.detail()));
        assert_eq!(problem.besluiten.is_empty(), problem.code != ProblemCode::NietToegestaan);
        problem
    }
}
