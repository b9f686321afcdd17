//! `POST /v1/overzichten`: what was shared about a person, for that person. Case and person stand in the signed request and in no
//! address, so that no log of addresses holds them (R37).

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Berichten, Toegang},
    invoer,
    knooppunt::knooppunt,
    openapi::Operatie,
    spoor,
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        pad: "/overzichten",
        slot: Slot::Token(Bereik::Berichten),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "overzichtOpstellen",
        "Berichten",
        "Stel voor een betrokkene op wat er over hem is gedeeld",
        "Voor wie voor een zaak antwoordt (R33): de casusregisseur, wie verantwoordelijk is, Veilig Thuis en de procesregisseur. \
         Welke organisaties informatie over deze persoon deelden, met wie, wanneer en waarvoor; geen inhoud. Wat niet verteld mag \
         worden staat er niet in, zonder dat dat te zien is. Zaken die als één tellen (58) geven één overzicht, \
         voor zover gezegd is wie de persoon in elke zaak is en u voor elke zaak antwoordt. Een antwoord heeft hoogstens 500 regels of \
         ongeveer 256 KiB. Is er meer te vertellen, dan staat er `verder`: stel dezelfde vraag opnieuw, met die waarde als `na`. Het \
         verzoek is ondertekend door de adapter (`inbreng-overzicht+jws`); dat het is gevraagd komt in het logboek. U antwoordt de betrokkene binnen een maand na zijn \
         vraag: tot u dat vertelde (50) staat de plicht `overzicht-geven` bij uw open plichten.",
    )
    .inhoud(invoer::Mediatype::Json, "Verklaringverzoek")
    .antwoord(200, "Het overzicht.", "Overzicht")
    .problemen(&[
        ProblemCode::NietGevonden,
        ProblemCode::RolOntbreekt,
        ProblemCode::NietToegestaan,
        ProblemCode::HandtekeningOngeldig,
        ProblemCode::NietGelijk,
        ProblemCode::BeleidVerouderd,
        ProblemCode::KnooppuntHersteld,
        ProblemCode::OpslagNietBeschikbaar,
        ProblemCode::SchijfVol,
    ])
}

async fn handler(toegang: Toegang<Berichten>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let verklaring = invoer::verklaring(&req, payload).await?;
    let knooppunt = knooppunt(&req)?;
    Ok(HttpResponse::Ok().json(spoor::volgen(&req, knooppunt.hub.overzicht(toegang.oin, &verklaring)).await?))
}
