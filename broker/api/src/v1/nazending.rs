//! `POST /v1/logboek/nazending`: a partner has sent again what the copy, that the hub was put back from, cannot have.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Logboek, Toegang},
    invoer,
    knooppunt::knooppunt,
    openapi::Operatie,
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        pad: "/logboek/nazending",
        slot: Slot::Token(Bereik::Logboek),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "nagezonden",
        "Logboek",
        "Meld dat alles is nagezonden",
        "Is het knooppunt teruggezet uit een kopie (`hersteld` in de kop van het logboek), dan stuurt elke organisatie opnieuw wat zij \
         sinds die kopie verstuurde, en tekent opnieuw voor wat zij ontving. Daarna meldt zij dat met een ondertekende verklaring \
         (`inbreng-nazending+jws`). Pas als alle organisaties dat deden, geeft het knooppunt weer iets uit.",
    )
    .inhoud(invoer::Mediatype::Json, "Verklaringverzoek")
    .leeg("Vastgelegd, nu of al eerder.")
    .problemen(&[
        ProblemCode::NietGevonden,
        ProblemCode::HandtekeningOngeldig,
        ProblemCode::NietGelijk,
        ProblemCode::OpslagNietBeschikbaar,
        ProblemCode::SchijfVol,
    ])
}

async fn handler(toegang: Toegang<Logboek>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let verklaring = invoer::verklaring(&req, payload).await?;
    knooppunt(&req)?.hub.nagezonden(toegang.oin, &verklaring).await?;
    Ok(HttpResponse::NoContent().finish())
}
