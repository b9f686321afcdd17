//! A request for a token: the parameters of its form (RFC 6749, RFC 7521), of which nothing is verified yet.

use inbreng_domain::ProblemCode;

use crate::{Antwoordfout, identity::Bereiken, vraag};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What is read of the form; the names and errors of its parameters are those of RFC 6749 and RFC 7521.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokenverzoek {
    /// What the token is asked for.
    pub bereiken: Bereiken,
    /// The client assertion, as it came.
    pub verklaring: String,
}

impl Tokenverzoek {
    /// Reads a form.
    ///
    /// # Errors
    /// `tokenverzoek-ongeldig` with the code of RFC 6749 §5.2.
    pub fn lezen(body: &[u8]) -> Result<Self, Antwoordfout> {
        let fout = |error: &str| Antwoordfout::van(ProblemCode::TokenverzoekOngeldig).rfc6749(error);
        let text = std::str::from_utf8(body).map_err(|_| fout("invalid_request"))?;
        let [mut grant, mut scope, mut soort, mut verklaring] = [const { None::<String> }; 4];
        for (naam, waarde) in vraag::paren(text).ok_or_else(|| fout("invalid_request"))? {
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
