//! `GET /v1/logboek/bewijzen/insluiting/{hash}`: proof that a leaf is in the log.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;
use serde_json::json;

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Logboek, Toegang},
    invoer::{self, Getal, Query},
    knooppunt::knooppunt,
    openapi::{Operatie, Parameter, parameters},
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        pad: "/logboek/bewijzen/insluiting/{hash}",
        slot: Slot::Token(Bereik::Logboek),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "insluitingsbewijsOphalen",
        "Logboek",
        "Bewijs dat iets in het logboek staat",
        "Het bewijs dat het blad met deze hash in de boom van `omvang` bladen zit (RFC 9162, 2.1.3). De hash staat in het \
         ontvangstbewijs.",
    )
    .parameter(Parameter::pad(
        "hash",
        "De hash van het blad, zoals in het ontvangstbewijs.",
        json!({ "$ref": "#/components/schemas/Digest" }),
        json!("sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"),
    ))
    .parameter(parameters::omvang("omvang", false, "De omvang van de boom; zonder: de nieuwste.", 42))
    .antwoord(200, "Het bewijs.", "Insluitingsbewijs")
    .problemen(&[ProblemCode::NietGevonden, ProblemCode::OpslagNietBeschikbaar])
}

async fn handler(_toegang: Toegang<Logboek>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    let hash = invoer::uit_pad(&req, "hash")?;
    let omvang = Query::lezen(&req, &["omvang"])?.waarde::<Getal>("omvang")?.map(|g| g.0);
    Ok(HttpResponse::Ok().json(knooppunt(&req)?.hub.insluitingsbewijs(hash, omvang).await?))
}
