//! `POST /v1/toetsen`: "mag dit?", before anything is sealed.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Berichten, Ongeteld},
    invoer::{self, Mediatype, urgentie},
    knooppunt::knooppunt,
    openapi::Operatie,
    spoor,
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        pad: "/toetsen",
        slot: Slot::Token(Bereik::Berichten),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "toetsen",
        "Berichten",
        "Mag dit?",
        "Kop en labels erin; per deel en ontvanger een besluit met reden, verplichtingen en alternatieven eruit, met de digest \
         van het beleid en de gids- en sleutelverklaringen van de ontvangers. Bij een acuut bericht kan er `terugval` staan: \
         wie het krijgt als niemand het op tijd leest, en na hoeveel minuten. Verzegel het vooraf ook voor hen (docs/wire.md, \
         Recipients). Er wordt geen bericht bewaard; dat er is getoetst, komt in het logboek.",
    )
    .inhoud(Mediatype::Json, "Toetsverzoek")
    .antwoord(200, "Het antwoord.", "Toetsantwoord")
    .problemen(&[
        ProblemCode::TeVeel,
        ProblemCode::TypeOnbekend,
        ProblemCode::VerklaringOngeldig,
        ProblemCode::NietGelijk,
        ProblemCode::EigenaarNietAfzender,
        ProblemCode::OntvangerOnbekend,
        ProblemCode::CasusOngeldig,
        ProblemCode::NietToegestaan,
        ProblemCode::BeleidVerouderd,
        ProblemCode::OpslagNietBeschikbaar,
        ProblemCode::SchijfVol,
    ])
}

async fn handler(toegang: Ongeteld<Berichten>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let knooppunt = knooppunt(&req)?;
    let body = invoer::lezen(&req, payload, Mediatype::Json, knooppunt.hub.grenzen().header_bytes).await?;
    let toegang = toegang.tellen(&req, urgentie::van_toets(&body))?;
    Ok(HttpResponse::Ok().json(spoor::volgen(&req, knooppunt.hub.toetsen(toegang.oin, &body)).await?))
}
