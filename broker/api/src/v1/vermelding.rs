//! `PUT /v1/partners/{oin}/vermelding`: a partner places its own directory statement.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::{
    ProblemCode,
    antwoorden::Vermeldingverzoek,
    gids::{Gidsvermelding, Medeondertekend},
};

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
        pad: "/partners/{oin}/vermelding",
        slot: Slot::Token(Bereik::Gids),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "vermeldingPlaatsen",
        "Gids",
        "Plaats de eigen vermelding",
        "De eigen vermelding in de gids, ondertekend door de organisatie en medeondertekend door de convenantbeheerder. Het \
         volgnummer moet hoger zijn dan het vorige. Sleutelverklaringen zijn ondertekend met het certificaat in de vermelding: \
         is dat een ander certificaat, dan gaan ze in `sleutels` mee, met een nieuwe sleutel die op de vorige volgt.",
    )
    .parameter(parameters::oin())
    .inhoud(Mediatype::Json, "Vermeldingverzoek")
    .leeg("Geplaatst.")
    .problemen(&[
        ProblemCode::BronNietEigen,
        ProblemCode::HandtekeningOngeldig,
        ProblemCode::NietGelijk,
        ProblemCode::OpvolgingOnbewezen,
        ProblemCode::SleutelBevroren,
        ProblemCode::OpslagNietBeschikbaar,
        ProblemCode::SchijfVol,
    ])
}

async fn handler(toegang: Toegang<Gids>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    invoer::eigen_oin(&req, toegang.oin)?;
    let knooppunt = knooppunt(&req)?;
    let Vermeldingverzoek { verklaring, medeondertekening, sleutels } = invoer::verzoek(&req, payload).await?;
    let vermelding = Medeondertekend { verklaring, medeondertekening };
    match sleutels {
        Some(sleutels) => {
            let gids = Gidsvermelding { vermelding, sleutels, bevriezingen: Vec::new() };
            knooppunt.hub.gids_plaatsen(toegang.oin, gids).await?;
        }
        None => knooppunt.hub.vermelding_plaatsen(toegang.oin, vermelding).await?,
    }
    Ok(HttpResponse::NoContent().finish())
}
