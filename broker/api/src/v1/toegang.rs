//! `POST /v1/delen/{id}/toegang`: a further recipient for a part, by its owner.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Berichten, Toegang},
    invoer::{self, Mediatype},
    knooppunt::knooppunt,
    openapi::{Operatie, parameters},
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        pad: "/delen/{id}/toegang",
        slot: Slot::Token(Bereik::Berichten),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "toegangGeven",
        "Berichten",
        "Geef een eigen deel aan nog een ontvanger",
        "Alleen de eigenaar van een deel. De sleutel, verpakt voor de ontvanger, met de toegangsverklaring van de eigenaar \
         (`inbreng-toegang+jws`). In antwoord op een verzoek om door te geven (44) noemt zij dat verzoek; er moet een ja van \
         de eigenaar op staan (45). Er wordt nu besloten; de ontvanger krijgt een levering met alleen dit deel. Staat de \
         verzegelde inhoud niet meer op het knooppunt (409 `inhoud-weg`), stuur dan hetzelfde deel mee. Voor een ander doel dan \
         waarvoor het deel kwam, zegt `toegang.toelichting` waarom dat nodig is (R28): verzegeld voor deze ontvanger, hoogstens \
         4 KiB, met haar digest in de toegangsverklaring (docs/wire.md, A further recipient). Zonder is het niet toegelicht. Voor \
         hetzelfde doel en naar een school mag zij er niet zijn.",
    )
    .parameter(parameters::id("DeelId", "Het nummer van het deel."))
    .inhoud(Mediatype::Json, "Toegangsverzoek")
    .leeg("Vastgelegd; de ontvanger krijgt het deel.")
    .problemen(&[
        ProblemCode::NietGevonden,
        ProblemCode::NietGelijk,
        ProblemCode::NietToegestaan,
        ProblemCode::InhoudWeg,
        ProblemCode::DigestOngelijk,
        ProblemCode::HandtekeningOngeldig,
        ProblemCode::VerzegelingOngeldig,
        ProblemCode::SleutelOnbekend,
        ProblemCode::SleutelBevroren,
        ProblemCode::OntvangerOnbekend,
        ProblemCode::BeleidVerouderd,
        ProblemCode::OpslagNietBeschikbaar,
        ProblemCode::SchijfVol,
    ])
}

async fn handler(toegang: Toegang<Berichten>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let id = invoer::uit_pad(&req, "id")?;
    let knooppunt = knooppunt(&req)?;
    let body = invoer::lezen(&req, payload, Mediatype::Json, knooppunt.hub.grenzen().message_bytes).await?;
    knooppunt.hub.toegang_geven(toegang.oin, id, &body).await?;
    Ok(HttpResponse::NoContent().finish())
}
