//! `POST /v1/partners/{oin}/bevriezingen`: an encryption key is sealed for no more.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

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
        methode: Method::POST,
        pad: "/partners/{oin}/bevriezingen",
        slot: Slot::Token(Bereik::Gids),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "sleutelBevriezen",
        "Gids",
        "Bevries een verzegelingssleutel",
        "Voor een bevroren sleutel wordt niet meer verzegeld, en zij bewijst geen volgende. De organisatie van de sleutel ondertekent \
         dat zelf en brengt het zelf; wat de convenantbeheerder ondertekende, brengt wie dan ook. Het geldt meteen en voorgoed.",
    )
    .parameter(parameters::oin())
    .inhoud(Mediatype::Json, "Verklaringverzoek")
    .leeg("Bevroren.")
    .problemen(&[
        ProblemCode::BronNietEigen,
        ProblemCode::HandtekeningOngeldig,
        ProblemCode::NietGelijk,
        ProblemCode::NietGevonden,
        ProblemCode::OpslagNietBeschikbaar,
        ProblemCode::SchijfVol,
    ])
}

async fn handler(toegang: Toegang<Gids>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let oin = invoer::uit_pad(&req, "oin")?;
    let verklaring = invoer::verklaring(&req, payload).await?;
    knooppunt(&req)?.hub.sleutel_bevriezen(toegang.oin, oin, verklaring).await?;
    Ok(HttpResponse::NoContent().finish())
}
