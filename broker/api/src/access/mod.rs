//! OpenID AuthZEN 1.0: the endpoints under `/access/v1`, and where they are found. One file each.

mod evaluation;
mod evaluations;
mod openapi;
mod vindplaats;

use actix_web::{
    HttpRequest,
    dev::ServiceRequest,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue},
    },
    web::{self, Bytes},
};
use inbreng_domain::{Oin, ProblemCode};

use crate::{
    Antwoordfout,
    eindpunt::Eindpunt,
    invoer::{self, Mediatype},
    knooppunt::{Knooppunt, knooppunt},
};

/// Where the API lives.
pub(crate) const BASIS: &str = "/access/v1";
/// Where it is found (RFC 8615).
pub(crate) const BEKEND: &str = "/.well-known";
/// The number that a caller gives its request; the answer carries the same (AuthZEN 1.0, "Request Identification").
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Every endpoint below [`BASIS`].
pub(crate) fn eindpunten() -> Vec<Eindpunt> {
    vec![evaluation::eindpunt(), evaluations::eindpunt(), openapi::eindpunt()]
}

/// Every endpoint below [`BEKEND`].
pub(crate) fn vindplaatsen() -> Vec<Eindpunt> {
    vec![vindplaats::eindpunt()]
}

/// The number of a request to these endpoints, to be echoed whatever the answer is.
pub(crate) fn verzoeknummer(req: &ServiceRequest) -> Option<HeaderValue> {
    let hier = [BASIS, BEKEND].iter().any(|basis| req.path().starts_with(basis));
    if hier { req.headers().get(X_REQUEST_ID).cloned() } else { None }
}

/// Reads a body; another media type is 400 here (AuthZEN 1.0, "HTTPS JSON Binding").
async fn lezen(req: &HttpRequest, payload: web::Payload) -> Result<Bytes, Antwoordfout> {
    let hoogstens = knooppunt(req)?.hub.grenzen().header_bytes;
    invoer::lezen(req, payload, Mediatype::Json, hoogstens).await.map_err(|fout| match fout.code() {
        ProblemCode::MediatypeOnbekend => fout.met_status(StatusCode::BAD_REQUEST),
        _ => fout,
    })
}

/// Counts what someone who guesses would hear: here that is no refusal but a decision.
fn missers(knooppunt: &Knooppunt, partner: Oin, aantal: usize) {
    let geblokkeerd = (0..aantal).filter(|_| knooppunt.drempels.misser(partner)).count();
    if geblokkeerd > 0 {
        tracing::warn!(gebeurtenis = "te-veel-missers", %partner);
    }
}

/// What an evaluation may refuse with. What the covenant refuses is no refusal here: it is the decision.
const PROBLEMEN: [ProblemCode; 4] =
    [ProblemCode::PartnerOnbekend, ProblemCode::BeleidVerouderd, ProblemCode::OpslagNietBeschikbaar, ProblemCode::SchijfVol];
