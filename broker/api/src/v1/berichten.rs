//! `POST /v1/berichten`: send a message.

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
        pad: "/berichten",
        slot: Slot::Token(Bereik::Berichten),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "berichtVersturen",
        "Berichten",
        "Verstuur een bericht",
        "CloudEvents 1.0, alleen in de gestructureerde vorm. Het antwoord is het ondertekende ontvangstbewijs: het bericht, elk \
         besluit en de bladen van het logboek zijn dan duurzaam vastgelegd. Hetzelfde bericht nog eens geeft hetzelfde \
         bewijs; een ander bericht onder hetzelfde nummer geeft 409. Mag het voor niemand, en kan de afzender dat zelf \
         verhelpen, dan is het antwoord 403 met per deel en ontvanger wat er wel mag.",
    )
    .inhoud(Mediatype::CloudEvent, "BerichtEnvelop")
    .antwoord(202, "Aangenomen. Per ontvanger en deel staat erbij wat er besloten is.", "Aannameantwoord")
    .problemen(&[
        ProblemCode::TeVeel,
        ProblemCode::TypeOnbekend,
        ProblemCode::VerklaringOngeldig,
        ProblemCode::NietGelijk,
        ProblemCode::BronNietEigen,
        ProblemCode::EigenaarNietAfzender,
        ProblemCode::HandtekeningOngeldig,
        ProblemCode::DigestOngelijk,
        ProblemCode::VerzegelingOngeldig,
        ProblemCode::SleutelOnbekend,
        ProblemCode::SleutelBevroren,
        ProblemCode::OntvangerOnbekend,
        ProblemCode::CasusOngeldig,
        ProblemCode::BerichtBestaatAnders,
        ProblemCode::VolgnummerBezet,
        ProblemCode::RolOntbreekt,
        ProblemCode::OverdrachtAfgerond,
        ProblemCode::AlGemeld,
        ProblemCode::ZaakGesloten,
        ProblemCode::OpnieuwToetsen,
        ProblemCode::NietToegestaan,
        ProblemCode::RolOntbreekt,
        ProblemCode::VolgnummerBezet,
        ProblemCode::OverdrachtAfgerond,
        ProblemCode::BeleidVerouderd,
        ProblemCode::OpslagNietBeschikbaar,
        ProblemCode::SchijfVol,
    ])
}

async fn handler(toegang: Ongeteld<Berichten>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let knooppunt = knooppunt(&req)?;
    let body = invoer::lezen(&req, payload, Mediatype::CloudEvent, knooppunt.hub.grenzen().message_bytes).await?;
    let toegang = toegang.tellen(&req, urgentie::van_bericht(&body))?;
    // The text goes out as the hub stored it, byte for byte.
    let antwoord = spoor::volgen(&req, knooppunt.hub.aannemen(toegang.oin, &body)).await?;
    Ok(HttpResponse::Accepted().content_type(Mediatype::Json.as_str()).body(antwoord))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    /// The codes that the source below a path can refuse with.
    fn codes(pad: &Path, gevonden: &mut BTreeSet<String>) {
        if pad.is_dir() {
            for een in fs::read_dir(pad).unwrap() {
                codes(&een.unwrap().path(), gevonden);
            }
        } else if pad.extension().is_some_and(|e| e == "rs") {
            let bron = fs::read_to_string(pad).unwrap();
            let bron = bron.split("#[cfg(test)]").next().unwrap();
            for na in bron.split("ProblemCode::").skip(1) {
                gevonden.insert(na.chars().take_while(char::is_ascii_alphanumeric).collect());
            }
        }
    }

    #[test]
    fn the_document_says_every_code_that_accepting_refuses_with() {
        let accept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pipeline/src/accept");
        let mut gevonden = BTreeSet::new();
        codes(&accept, &mut gevonden);
        codes(&accept.join("../decide"), &mut gevonden);
        assert!(gevonden.contains("VolgnummerBezet") && gevonden.len() > 15, "{gevonden:?}");
        let document = operatie().json(Slot::Token(Bereik::Berichten)).to_string();
        for naam in gevonden {
            let code = ProblemCode::ALL.iter().find(|c| format!("{c:?}") == naam).unwrap_or_else(|| panic!("{naam}"));
            assert!(document.contains(&format!("`{code}`:", code = code.as_str())), "{naam}");
        }
    }
}
