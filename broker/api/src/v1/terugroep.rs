//! `PUT /v1/partners/{oin}/terugroep`: a partner places where its deliveries are brought.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::{ProblemCode, terugroep::Terugroepverzoek};

use super::beheer::etag;
use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Gids, Toegang},
    invoer::{self, Mediatype},
    knooppunt::knooppunt,
    openapi::{Operatie, parameters},
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::PUT,
        pad: "/partners/{oin}/terugroep",
        slot: Slot::Token(Bereik::Gids),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "terugroepPlaatsen",
        "Gids",
        "Plaats het eigen terugroepadres",
        "Waar en hoe leveringen worden bezorgd, ondertekend door de organisatie. Een adres is medeondertekend door de \
         convenantbeheerder; een verklaring zonder adres meldt de organisatie af, en vanaf dan haalt zij op. Het volgnummer \
         moet hoger zijn dan het vorige: wie tegelijk hetzelfde nummer gebruikt, krijgt 409.",
    )
    .parameter(parameters::oin())
    .inhoud(Mediatype::Json, "Terugroepverzoek")
    .leeg("Geplaatst.")
    .met_etag()
    .problemen(&[
        ProblemCode::BronNietEigen,
        ProblemCode::HandtekeningOngeldig,
        ProblemCode::VolgnummerBezet,
        ProblemCode::OpslagNietBeschikbaar,
        ProblemCode::SchijfVol,
    ])
}

async fn handler(toegang: Toegang<Gids>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    invoer::eigen_oin(&req, toegang.oin)?;
    let knooppunt = knooppunt(&req)?;
    let verzoek: Terugroepverzoek = invoer::verzoek(&req, payload).await?;
    let volgnummer = knooppunt.hub.terugroep_plaatsen(toegang.oin, &verzoek).await?;
    Ok(HttpResponse::NoContent().insert_header(etag(volgnummer)).finish())
}
