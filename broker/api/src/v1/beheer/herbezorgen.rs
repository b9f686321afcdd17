//! `POST /v1/beheer/dode-letters/{id}/opnieuw`: a dead letter is brought again.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

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
        pad: "/beheer/dode-letters/{id}/opnieuw",
        slot: Slot::Token(Bereik::Beheer),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "dodeLetterOpnieuwBezorgen",
        "Beheer",
        "Laat een dode letter opnieuw bezorgen",
        "Door de afzender of de ontvanger, met een ondertekende `Herbezorging`. De levering begint opnieuw, alsof zij net was \
         aangenomen.",
    )
    .parameter(parameters::id("LeveringId", "De levering."))
    .inhoud(Mediatype::Json, "Verklaringverzoek")
    .leeg("De levering wordt opnieuw bezorgd.")
    .problemen(&[
        ProblemCode::NietGevonden,
        ProblemCode::HandtekeningOngeldig,
        ProblemCode::BronNietEigen,
        ProblemCode::NietGelijk,
        ProblemCode::OpslagNietBeschikbaar,
        ProblemCode::SchijfVol,
    ])
}

async fn handler(toegang: Toegang<Beheer>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let levering = invoer::uit_pad(&req, "id")?;
    let verklaring = invoer::verklaring(&req, payload).await?;
    knooppunt(&req)?.hub.herbezorgen(toegang.oin, levering, &verklaring).await?;
    Ok(HttpResponse::NoContent().finish())
}
