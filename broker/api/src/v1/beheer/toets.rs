//! `POST /v1/beheer/versies/{versie}/toets`: runs the tables of a version.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use super::etag;
use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Beheer, Bereik, Toegang},
    invoer::{self, Mediatype},
    knooppunt::knooppunt,
    openapi::{Operatie, parameters},
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        pad: "/beheer/versies/{versie}/toets",
        slot: Slot::Token(Bereik::Beheer),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "versieToetsen",
        "Beheer",
        "Draai de tabellen",
        "Het knooppunt draait de tabellen van de versie. Komt elk geval uit zoals het moet, dan is de versie `getest`; anders blijft zij waar zij is en staat in het antwoord wat er niet klopt.",
    )
    .parameter(parameters::versie())
    .wijzigt()
    .inhoud(Mediatype::Json, "Verklaringverzoek")
    .antwoord(200, "De uitkomst.", "Tabellenuitslag")
    .problemen(&[
        ProblemCode::NietGevonden,
        ProblemCode::VersieStaat,
        ProblemCode::HandtekeningOngeldig,
        ProblemCode::BronNietEigen,
        ProblemCode::NietGelijk,
        ProblemCode::GeenPartij,
        ProblemCode::OpslagNietBeschikbaar,
        ProblemCode::SchijfVol,
    ])
}

async fn handler(toegang: Toegang<Beheer>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let (versie, gezien) = (invoer::uit_pad(&req, "versie")?, invoer::if_match(&req)?);
    let verklaring = invoer::verklaring(&req, payload).await?;
    let uitslag = knooppunt(&req)?.hub.versie_testen(toegang.oin, versie, gezien, &verklaring).await?;
    Ok(HttpResponse::Ok().insert_header(etag(uitslag.stand)).json(uitslag))
}
