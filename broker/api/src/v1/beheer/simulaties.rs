//! `POST /v1/beheer/versies/{versie}/simulaties`: replays a version on past decisions.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::{ProblemCode, Tijdstip};
use serde::Deserialize;

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
        pad: "/beheer/versies/{versie}/simulaties",
        slot: Slot::Token(Bereik::Beheer),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "versieSimuleren",
        "Beheer",
        "Simuleer op het verleden",
        "Het knooppunt neemt de besluiten van een voorbije periode opnieuw onder deze versie en telt wat er verandert, ruimer en strenger, per regel en per organisatie. Zonder gegevens van personen of zaken, in hele dagen (UTC) die voorbij zijn, en in veelvouden van vijf; wat onder een embargo ligt, telt niet mee.",
    )
    .parameter(parameters::versie())
    .wijzigt()
    .inhoud(Mediatype::Json, "Simulatieverzoek")
    .antwoord(200, "De uitkomst.", "Simulatieantwoord")
    .problemen(&[
        ProblemCode::NietGevonden,
        ProblemCode::VersieStaat,
        ProblemCode::VersieOngeldig,
        ProblemCode::HandtekeningOngeldig,
        ProblemCode::BronNietEigen,
        ProblemCode::NietGelijk,
        ProblemCode::GeenPartij,
        ProblemCode::OpslagNietBeschikbaar,
        ProblemCode::SchijfVol,
    ])
}

/// The period, and the signed act.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Simulatieverzoek {
    van: Tijdstip,
    tot: Tijdstip,
    verklaring: String,
}

async fn handler(toegang: Toegang<Beheer>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let (versie, gezien) = (invoer::uit_pad(&req, "versie")?, invoer::if_match(&req)?);
    let knooppunt = knooppunt(&req)?;
    let Simulatieverzoek { van, tot, verklaring } = invoer::verzoek(&req, payload).await?;
    let antwoord = knooppunt.hub.versie_simuleren(toegang.oin, versie, gezien, (van, tot), &verklaring).await?;
    Ok(HttpResponse::Ok().insert_header(etag(antwoord.stand)).json(antwoord))
}
