//! Answers and problems of the local interface.

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{ALLOW, HeaderValue, RETRY_AFTER},
    },
};
use inbreng_domain::{Problem, ProblemCode};

use crate::{
    check,
    engine::{Aanneemfout, Leesfout, Werkfout},
    store::Opslagfout,
};

/// Seconds after which may be asked again what cannot be done now.
const STRAKS: &str = "5";

/// A problem (RFC 9457), in Dutch, for the own system and its user.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.code)]
pub struct Antwoordfout(Box<Problem>);

impl From<Problem> for Antwoordfout {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl From<Werkfout> for Antwoordfout {
    fn from(fout: Werkfout) -> Self {
        tracing::error!(reden = %fout, "lokale aanroep mislukt");
        let (code, detail) = match fout {
            Werkfout::Hub(_) | Werkfout::Boek(_) => {
                (ProblemCode::OpslagNietBeschikbaar, "Het knooppunt is nu niet bereikbaar. Probeer het straks opnieuw.")
            }
            Werkfout::Opslag(Opslagfout::Vol(_)) => (
                ProblemCode::OpslagNietBeschikbaar,
                "De schijf van de adapter is vol. De adapter kan niets vastleggen en neemt daarom niets aan. Maak ruimte en probeer het \
                 daarna opnieuw.",
            ),
            Werkfout::Opslag(_) => (
                ProblemCode::OpslagNietBeschikbaar,
                "De adapter kan nu niets vastleggen en neemt daarom niets aan. Probeer het straks opnieuw.",
            ),
            Werkfout::Klok => (ProblemCode::BeleidVerouderd, check::KLOK_ACHTER),
            _ => (ProblemCode::InterneFout, "Er ging iets mis in de adapter. Probeer het opnieuw of bel de beheerder."),
        };
        let mut problem = Problem::new(code);
        detail.clone_into(&mut problem.detail);
        problem.into()
    }
}

impl From<Aanneemfout> for Antwoordfout {
    fn from(fout: Aanneemfout) -> Self {
        match fout {
            Aanneemfout::Probleem(problem) => Self(problem),
            Aanneemfout::Werk(fout) => fout.into(),
        }
    }
}

impl From<Leesfout> for Antwoordfout {
    fn from(fout: Leesfout) -> Self {
        match fout {
            Leesfout::Probleem(problem) => Self(problem),
            Leesfout::Werk(fout) => fout.into(),
        }
    }
}

impl Antwoordfout {
    /// The problem itself.
    pub(crate) fn in_problem(self) -> Box<Problem> {
        self.0
    }
}

impl ResponseError for Antwoordfout {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut antwoord = HttpResponse::build(self.status_code());
        if self.status_code() == StatusCode::SERVICE_UNAVAILABLE {
            antwoord.insert_header((RETRY_AFTER, STRAKS));
        }
        antwoord.content_type("application/problem+json").json(&self.0)
    }
}

/// An identifier in the path.
pub(super) fn nummer<T: std::str::FromStr>(tekst: &str) -> Result<T, Antwoordfout> {
    tekst.parse().map_err(|_| Problem::new(ProblemCode::NietGevonden).into())
}

/// Nothing here.
pub(super) async fn onbekend() -> HttpResponse {
    Antwoordfout::from(Problem::new(ProblemCode::NietGevonden)).error_response()
}

/// Something here, and not this; what there is, is named (RFC 9110 §15.5.6).
pub(super) fn methode_onbekend(methoden: &str) -> HttpResponse {
    let mut antwoord = Antwoordfout::from(Problem::new(ProblemCode::MethodeOnbekend)).error_response();
    if let Ok(methoden) = HeaderValue::from_str(methoden) {
        antwoord.headers_mut().insert(ALLOW, methoden);
    }
    antwoord
}

/// What stands in an address is not what it may be.
pub(super) fn adres_ongeldig(code: ProblemCode) -> actix_web::Error {
    Antwoordfout::from(Problem::new(code)).into()
}
