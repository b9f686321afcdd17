//! A refusal as an HTTP answer: the contract on the outside (RFC 9457), the cause in the log.

use std::error::Error;

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE},
    },
};
use inbreng_domain::problem::{Problem, ProblemCode};
use inbreng_pipeline::Fout;

use crate::{drempels::Wachten, identity::Bereik};

/// Media type of every refusal.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request is refused.
#[derive(Debug, thiserror::Error)]
#[error("{}", problem.code)]
pub struct Antwoordfout {
    problem: Box<Problem>,
    koppen: Vec<(HeaderName, HeaderValue)>,
    #[source]
    bron: Option<Box<dyn Error + Send + Sync>>,
}

impl Antwoordfout {
    /// A refusal with this code, and the headers that belong to it.
    #[must_use]
    pub fn van(code: ProblemCode) -> Self {
        Self { problem: Box::new(Problem::new(code)), koppen: koppen(code), bron: None }
    }

    /// Too many requests: when to come back (RFC 6585 §4).
    pub(crate) fn te_vaak(wachten: Wachten) -> Self {
        let code = ProblemCode::TeVaak;
        let koppen = vec![(RETRY_AFTER, HeaderValue::from(wachten.seconden()))];
        Self { problem: Box::new(Problem::new(code)), koppen, bron: None }
    }

    /// Whether someone who guesses would get this: an outsider's answer, or a token, assertion or signature that is none.
    fn is_misser(&self) -> bool {
        match self.problem.code {
            ProblemCode::NietGevonden
            | ProblemCode::TokenOngeldig
            | ProblemCode::TokenNietGebonden
            | ProblemCode::ClientOngeldig
            | ProblemCode::HandtekeningOngeldig => true,
            // The one sentence for who takes no part (R16); a refusal by the covenant is no miss.
            ProblemCode::NietToegestaan => self.problem.besluiten.iter().all(|b| b.zin == ProblemCode::NietGevonden.detail()),
            _ => false,
        }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> ProblemCode {
        self.problem.code
    }

    /// What goes out.
    #[cfg(test)]
    pub(crate) fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Another status, where a standard asks for one.
    pub(crate) fn met_status(mut self, status: StatusCode) -> Self {
        self.problem.status = status.as_u16();
        self
    }

    /// Points at the offending field.
    pub(crate) fn at(mut self, pad: impl Into<String>) -> Self {
        self.problem.pad = Some(pad.into());
        self
    }

    /// Keeps the cause, for the log.
    pub(crate) fn door(mut self, bron: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.bron = Some(bron.into());
        self
    }

    /// Adds the RFC 6749 §5.2 error, for the token endpoint; there is none for a failure of the hub itself.
    pub(crate) fn rfc6749(mut self, error: &str) -> Self {
        self.problem.error = (self.problem.status < 500).then(|| error.to_owned());
        self
    }

    /// Says which scope is missing (RFC 6750 §3.1).
    pub(crate) fn bereik(mut self, bereik: Bereik) -> Self {
        let value = format!("Bearer error=\"insufficient_scope\", scope=\"{}\"", bereik.as_str());
        if let Ok(value) = HeaderValue::from_str(&value) {
            self.koppen.push((WWW_AUTHENTICATE, value));
        }
        self
    }

    /// Adds a header.
    pub(crate) fn kop(mut self, naam: HeaderName, waarde: HeaderValue) -> Self {
        self.koppen.push((naam, waarde));
        self
    }
}

/// Seconds after which a request may be tried again when the hub itself is the cause.
const RETRY_SECONDS: &str = "5";

fn koppen(code: ProblemCode) -> Vec<(HeaderName, HeaderValue)> {
    match code {
        ProblemCode::TokenOntbreekt => vec![(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))],
        ProblemCode::TokenOngeldig | ProblemCode::TokenNietGebonden => {
            vec![(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer error=\"invalid_token\""))]
        }
        code if matches!(code.status(), 429 | 503) => vec![(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS))],
        _ => Vec::new(),
    }
}

impl From<ProblemCode> for Antwoordfout {
    fn from(code: ProblemCode) -> Self {
        Self::van(code)
    }
}

impl From<Fout> for Antwoordfout {
    fn from(fout: Fout) -> Self {
        let code = fout.code();
        Self { problem: Box::new(fout.problem()), koppen: koppen(code), bron: Some(Box::new(fout)) }
    }
}

impl ResponseError for Antwoordfout {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut antwoord = HttpResponse::build(self.status_code());
        for kop in &self.koppen {
            antwoord.append_header(kop.clone());
        }
        let mut antwoord = antwoord.content_type(PROBLEM_JSON).json(&*self.problem);
        antwoord.extensions_mut().insert(Weigering {
            code: self.problem.code,
            misser: self.is_misser(),
            oorzaak: keten(self.bron.as_deref()),
        });
        antwoord
    }
}

/// What the log says of a refusal; travels with the answer inside the process, never out of it.
#[derive(Debug, Clone)]
pub(crate) struct Weigering {
    /// The stable code.
    pub(crate) code: ProblemCode,
    /// Whether it counts as a miss.
    pub(crate) misser: bool,
    /// The causes, outermost first; empty when the request itself is all.
    pub(crate) oorzaak: String,
}

/// The causes of an error, outermost first.
fn keten(bron: Option<&(dyn Error + Send + Sync + 'static)>) -> String {
    let mut texts = Vec::new();
    let mut next: Option<&(dyn Error + 'static)> = bron.map(|b| b as &(dyn Error + 'static));
    while let Some(error) = next {
        texts.push(error.to_string());
        next = error.source();
    }
    texts.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_becomes_its_problem() {
        for code in ProblemCode::ALL {
            let antwoord = Antwoordfout::van(*code).at("/veld").error_response();
            assert_eq!(antwoord.status().as_u16(), code.status(), "{code}");
            assert_eq!(antwoord.headers().get("content-type").unwrap(), PROBLEM_JSON, "{code}");
            assert_eq!(antwoord.headers().contains_key("retry-after"), matches!(code.status(), 429 | 503), "{code}");
        }
    }

    #[test]
    fn the_cause_is_for_the_log_only() {
        let fout = Antwoordfout::van(ProblemCode::InterneFout).door("geheime oorzaak");
        let body = serde_json::to_string(&*fout.problem).unwrap();
        assert!(!body.contains("geheim"));
        assert_eq!(keten(fout.bron.as_deref()), "geheime oorzaak");
    }
}
