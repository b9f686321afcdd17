//! `POST /v1/token`: an access token for a partner that proves itself twice, by its connection and by its signing key.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::Partner,
    invoer::{self, Mediatype},
    knooppunt::knooppunt,
    openapi::Operatie,
    token::{Clientfout, Clientverklaring, Tokenverzoek},
};

/// Bytes of a token request.
const HOOGSTENS: usize = 16 * 1024;

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt { methode: Method::POST, pad: "/token", slot: Slot::Certificaat, route: || web::to(handler), operatie }
}

fn operatie() -> Operatie {
    Operatie::new(
        "tokenAanvragen",
        "Toegang",
        "Vraag een toegangstoken aan",
        "OAuth 2.0 client credentials met `private_key_jwt` (RFC 7523): een JWT, ES256, ondertekend met de sleutel van het \
         ondertekeningscertificaat dat in de gids staat. Het token geldt vijf minuten en alleen op verbindingen met het \
         TLS-certificaat waarmee het is aangevraagd (RFC 8705). Fouten dragen de RFC 6749-code in het veld `error`.",
    )
    .inhoud(Mediatype::Formulier, "Tokenverzoek")
    .antwoord(200, "Het token.", "Token")
    .problemen(&[ProblemCode::TokenverzoekOngeldig, ProblemCode::ClientOngeldig, ProblemCode::OpslagNietBeschikbaar])
}

async fn handler(req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let partner = Partner::van(&req).map_err(|f| f.rfc6749("invalid_client"))?;
    knooppunt(&req)?.drempels.token(partner.oin).map_err(Antwoordfout::te_vaak)?;
    let body = invoer::lezen(&req, payload, Mediatype::Formulier, HOOGSTENS).await.map_err(|f| f.rfc6749("invalid_request"))?;
    let verzoek = Tokenverzoek::lezen(&body)?;
    let knooppunt = knooppunt(&req)?;
    let nu = knooppunt.clock.now();
    let invalid_client = || Antwoordfout::van(ProblemCode::ClientOngeldig).rfc6749("invalid_client");
    let aangeslotene = knooppunt.hub.partner(partner.oin).ok_or_else(invalid_client)?;
    let verklaring = Clientverklaring::controleren(&verzoek.verklaring, &aangeslotene, knooppunt.oin, nu).map_err(|fout| {
        if matches!(fout, Clientfout::Moment) && knooppunt.tokens.getuigen.anders(partner.oin) {
            tracing::warn!(gebeurtenis = "klok-betwijfeld", aantal = knooppunt.tokens.getuigen.aantal());
        }
        invalid_client().door(fout)
    })?;
    knooppunt.tokens.getuigen.gelijk();
    // Only now: an assertion that anyone could have made must not be able to use up a number.
    if !knooppunt.hub.jti_gebruiken(partner.oin, &verklaring.jti, verklaring.verloopt).await? {
        return Err(invalid_client().door("assertion was used before"));
    }
    let token = knooppunt
        .tokens
        .uitgeven(partner.oin, partner.certificaat.vingerafdruk(), verzoek.bereiken, nu)
        .map_err(|fout| Antwoordfout::van(ProblemCode::InterneFout).door(fout))?;
    Ok(HttpResponse::Ok().json(token))
}
