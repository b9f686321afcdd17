//! `GET /v1/logboek/bewijzen/samenhang`: proof that a larger log continues a smaller one.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Logboek, Toegang},
    invoer::{Getal, Query},
    knooppunt::knooppunt,
    openapi::{Operatie, parameters},
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        pad: "/logboek/bewijzen/samenhang",
        slot: Slot::Token(Bereik::Logboek),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "samenhangbewijsOphalen",
        "Logboek",
        "Bewijs dat het logboek alleen is gegroeid",
        "Het bewijs dat de boom van `naar` bladen begint met die van `van` bladen (RFC 9162, 2.1.4): er is niets gewist of \
         herschreven.",
    )
    .parameter(parameters::omvang("van", true, "De kleinere omvang.", 21))
    .parameter(parameters::omvang("naar", true, "De grotere omvang.", 42))
    .antwoord(200, "Het bewijs.", "Samenhangbewijs")
    .problemen(&[ProblemCode::NietGevonden, ProblemCode::OpslagNietBeschikbaar])
}

async fn handler(_toegang: Toegang<Logboek>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    let query = Query::lezen(&req, &["van", "naar"])?;
    let (van, naar) = (query.verplicht::<Getal>("van")?, query.verplicht::<Getal>("naar")?);
    Ok(HttpResponse::Ok().json(knooppunt(&req)?.hub.samenhangbewijs(van.0, naar.0).await?))
}
