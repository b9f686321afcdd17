//! `GET /.well-known/authzen-configuration`: where the endpoints are (AuthZEN 1.0, "Policy Decision Point Metadata").

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, header::HOST},
    web,
};
use inbreng_domain::{ProblemCode, authzen::Vindplaats};

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    knooppunt::knooppunt,
    koppen,
    openapi::Operatie,
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt { methode: Method::GET, pad: "/authzen-configuration", slot: Slot::Open, route: || web::to(handler), operatie }
}

fn operatie() -> Operatie {
    Operatie::new(
        "authzenVindplaats",
        "AuthZEN",
        "Waar de adressen zijn",
        "Policy Decision Point Metadata van AuthZEN 1.0. Zoeken (Search) biedt dit knooppunt niet: wie niet deelneemt, mag niet \
         leren wat er is.",
    )
    .authzen()
    .antwoord(200, "De adressen.", "AuthzenVindplaats")
    .problemen(&[ProblemCode::VeldOngeldig])
}

async fn handler(req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    let basis = match &knooppunt(&req)?.basis {
        Some(basis) => basis.clone(),
        None => format!("https://{}", gastheer(&req).ok_or(ProblemCode::VeldOngeldig)?),
    };
    Ok(HttpResponse::Ok().json(Vindplaats::bij(&basis)))
}

/// The name under which the caller reached the hub. It tells the caller its own words, and nobody else: nothing is cached.
fn gastheer(req: &HttpRequest) -> Option<String> {
    let text = match req.uri().authority() {
        Some(authority) => authority.as_str(),
        None => req.headers().get(HOST)?.to_str().ok()?,
    };
    koppen::gastheer(text)
}
