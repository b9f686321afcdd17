//! `POST /v1/token`: an access token for a partner that proves itself twice, by its connection and by its signing key.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereiken, Partner},
    invoer::{self, Mediatype},
    knooppunt::knooppunt,
    openapi::Operatie,
    token::{Clientfout, Clientverklaring},
};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
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

/// The four parameters of the request; the names and errors are those of RFC 6749 and RFC 7521.
struct Tokenverzoek {
    bereiken: Bereiken,
    verklaring: String,
}

impl Tokenverzoek {
    fn lezen(body: &[u8]) -> Result<Self, Antwoordfout> {
        let fout = |error: &str| Antwoordfout::van(ProblemCode::TokenverzoekOngeldig).rfc6749(error);
        let text = std::str::from_utf8(body).map_err(|_| fout("invalid_request"))?;
        let [mut grant, mut scope, mut soort, mut verklaring] = [const { None::<String> }; 4];
        for (naam, waarde) in invoer::paren(text).ok_or_else(|| fout("invalid_request"))? {
            let plek = match naam.as_str() {
                "grant_type" => &mut grant,
                "scope" => &mut scope,
                "client_assertion_type" => &mut soort,
                "client_assertion" => &mut verklaring,
                // RFC 6749 §3.2: unknown parameters are ignored, and `client_id` may come along.
                _ => continue,
            };
            // RFC 6749 §3.2: a parameter must not be repeated.
            if plek.replace(waarde).is_some() {
                return Err(fout("invalid_request"));
            }
        }
        let grant = grant.ok_or_else(|| fout("invalid_request"))?;
        if grant != "client_credentials" {
            return Err(fout("unsupported_grant_type"));
        }
        let bereiken = scope.and_then(|s| s.parse().ok()).ok_or_else(|| fout("invalid_scope"))?;
        if soort.as_deref() != Some(ASSERTION_TYPE) {
            return Err(fout("invalid_request"));
        }
        Ok(Self { bereiken, verklaring: verklaring.ok_or_else(|| fout("invalid_request"))? })
    }
}

#[cfg(test)]
mod tests {
    use actix_web::ResponseError;

    use super::*;

    const GOOD: &str = "grant_type=client_credentials&scope=berichten&client_assertion_type=\
        urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=a.b.c";

    #[test]
    fn a_request_has_its_four_parameters_once() {
        let verzoek = Tokenverzoek::lezen(GOOD.as_bytes()).ok().unwrap();
        assert_eq!((verzoek.verklaring.as_str(), verzoek.bereiken.to_string().as_str()), ("a.b.c", "berichten"));
        assert!(Tokenverzoek::lezen(format!("{GOOD}&client_id=iets").as_bytes()).is_ok());
        for (body, error) in [
            (String::new(), "invalid_request"),
            (format!("{GOOD}&scope=postvak"), "invalid_request"),
            (GOOD.replace("client_credentials", "password"), "unsupported_grant_type"),
            (GOOD.replace("scope=berichten", "scope=alles"), "invalid_scope"),
            (GOOD.replace("scope=berichten&", ""), "invalid_scope"),
            (GOOD.replace("jwt-bearer", "saml2-bearer"), "invalid_request"),
            (GOOD.replace("&client_assertion=a.b.c", ""), "invalid_request"),
        ] {
            let fout = Tokenverzoek::lezen(body.as_bytes()).err().unwrap();
            let status = fout.error_response().status().as_u16();
            assert_eq!((fout.code(), status), (ProblemCode::TokenverzoekOngeldig, 400), "{body}");
            assert_eq!(fout.problem().error.as_deref(), Some(error), "{body}");
        }
        assert!(Tokenverzoek::lezen(b"\xff").is_err());
    }
}
