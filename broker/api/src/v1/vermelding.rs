//! `PUT /v1/partners/{oin}/vermelding`: a partner places its own directory statement.

use actix_web::{FromRequest as _, HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::{
    ProblemCode,
    antwoorden::Vermeldingverzoek,
    gids::{Gidsvermelding, Medeondertekend},
};

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Gids, Nieuwkomer, Toegang},
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
         is dat een ander certificaat, dan gaan ze in `sleutels` mee, met een nieuwe sleutel die op de vorige volgt. Wie nog niet in \
         de gids staat, heeft geen token: voor de eerste vermelding volstaat het TLS-certificaat, met haar eerste sleutel in \
         `sleutels`.",
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

async fn handler(req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let oin = match Nieuwkomer::van(&req)? {
        Some(nieuwkomer) => nieuwkomer.oin,
        None => Toegang::<Gids>::extract(&req).await?.oin,
    };
    invoer::eigen_oin(&req, oin)?;
    let knooppunt = knooppunt(&req)?;
    let Vermeldingverzoek { verklaring, medeondertekening, sleutels } = invoer::verzoek(&req, payload).await?;
    let vermelding = Medeondertekend { verklaring, medeondertekening };
    match sleutels {
        Some(sleutels) => {
            let gids = Gidsvermelding { vermelding, sleutels, bevriezingen: Vec::new() };
            knooppunt.hub.gids_plaatsen(oin, gids).await?;
        }
        None => knooppunt.hub.vermelding_plaatsen(oin, vermelding).await?,
    }
    Ok(HttpResponse::NoContent().finish())
}
