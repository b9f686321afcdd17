//! `PUT /v1/partners/{oin}/sleutels`: a partner places its own key statements.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::{ProblemCode, antwoorden::Sleutelverzoek};

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
        pad: "/partners/{oin}/sleutels",
        slot: Slot::Token(Bereik::Gids),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "sleutelsPlaatsen",
        "Gids",
        "Plaats de eigen sleutelverklaringen",
        "De eigen verzegelingssleutels, nieuwste eerst: elk ondertekend en genummerd, met de digest van de vorige. Elk is bewezen door \
         de vorige sleutel of bevestigd door de convenantbeheerder; de oudste die meegaat is bevestigd.",
    )
    .parameter(parameters::oin())
    .inhoud(Mediatype::Json, "Sleutelverzoek")
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
    let verzoek: Sleutelverzoek = invoer::verzoek(&req, payload).await?;
    knooppunt.hub.sleutels_plaatsen(toegang.oin, verzoek.sleutels).await?;
    Ok(HttpResponse::NoContent().finish())
}
