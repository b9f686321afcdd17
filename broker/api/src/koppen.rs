//! Headers of a request that are read by hand: whatever stands in them, a value that cannot be wrong or a refusal.

use actix_web::http::{
    header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MATCH},
    uri::Authority,
};
use inbreng_domain::ProblemCode;
use inbreng_pipeline::Spoor;

use crate::vraag::Getal;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The header of this name where it is there once; `Some(None)` where it is there more often.
fn enige<'a>(koppen: &'a HeaderMap, naam: &HeaderName) -> Option<Option<&'a HeaderValue>> {
    let mut alle = koppen.get_all(naam);
    let eerste = alle.next()?;
    Some(Some(eerste).filter(|_| alle.next().is_none()))
}

/// Holds a body to its media type: one `Content-Type`, of this kind, in UTF-8, not compressed.
///
/// # Errors
/// `mediatype-onbekend`.
pub fn mediatype(koppen: &HeaderMap, verwacht: &str) -> Result<(), ProblemCode> {
    let wrong = ProblemCode::MediatypeOnbekend;
    let text = enige(koppen, &CONTENT_TYPE).flatten().and_then(|t| t.to_str().ok()).ok_or(wrong)?;
    if koppen.get_all(CONTENT_ENCODING).any(|e| e != "identity") {
        return Err(wrong);
    }
    let mut pieces = text.split(';').map(str::trim);
    let essence = pieces.next().unwrap_or_default();
    let utf8 = pieces.all(|p| p.eq_ignore_ascii_case("charset=utf-8") || p.eq_ignore_ascii_case("charset=\"utf-8\""));
    if essence.eq_ignore_ascii_case(verwacht) && utf8 { Ok(()) } else { Err(wrong) }
}

/// How many bytes are announced (RFC 9110 §8.6); 0 where nothing was said.
///
/// # Errors
/// `te-groot` for what is no number that this machine can count to.
pub fn aangekondigd(koppen: &HeaderMap) -> Result<usize, ProblemCode> {
    let Some(kop) = koppen.get(CONTENT_LENGTH) else { return Ok(0) };
    let cijfers = kop.to_str().ok().filter(|l| l.bytes().all(|b| b.is_ascii_digit()));
    cijfers.and_then(|l| l.parse().ok()).ok_or(ProblemCode::TeGroot)
}

/// The step that the caller saw last, from `If-Match`: one strong tag, as `ETag` gives it. `*` would be a lost update.
///
/// # Errors
/// `voorwaarde-ontbreekt`, `veld-ongeldig`.
pub fn if_match(koppen: &HeaderMap) -> Result<u32, ProblemCode> {
    let kop = enige(koppen, &IF_MATCH).ok_or(ProblemCode::VoorwaardeOntbreekt)?;
    let tag = kop.and_then(|k| k.to_str().ok()).and_then(|t| t.strip_prefix('"')?.strip_suffix('"'));
    let stand = tag.and_then(|t| t.parse().ok()).map(|Getal(stand)| stand);
    stand.and_then(|s| u32::try_from(s).ok()).ok_or(ProblemCode::VeldOngeldig)
}

/// The token of the one `Authorization: Bearer` header (RFC 6750 §2.1).
///
/// # Errors
/// `token-ontbreekt`, `token-ongeldig`.
pub fn bearer(koppen: &HeaderMap) -> Result<&str, ProblemCode> {
    let header = enige(koppen, &AUTHORIZATION).ok_or(ProblemCode::TokenOntbreekt)?.ok_or(ProblemCode::TokenOngeldig)?;
    let (scheme, token) = header.to_str().ok().and_then(|h| h.split_once(' ')).ok_or(ProblemCode::TokenOngeldig)?;
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(ProblemCode::TokenOntbreekt);
    }
    Ok(token)
}

/// The caller's trace, where exactly one valid header gives it (W3C Trace Context).
#[must_use]
pub fn spoor(koppen: &HeaderMap) -> Option<Spoor> {
    enige(koppen, &TRACEPARENT).flatten()?.to_str().ok().and_then(Spoor::lezen)
}

/// A name, with or without a port, under which a caller reached the hub: `Host`, or the authority of its request.
#[must_use]
pub fn gastheer(tekst: &str) -> Option<String> {
    let authority: Authority = tekst.parse().ok()?;
    (!authority.as_str().contains('@')).then(|| authority.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn koppen(alle: &[(HeaderName, &str)]) -> HeaderMap {
        let mut koppen = HeaderMap::new();
        for (naam, waarde) in alle {
            koppen.append(naam.clone(), HeaderValue::from_str(waarde).unwrap());
        }
        koppen
    }

    #[test]
    fn a_media_type_is_exactly_one() {
        let is = |value: &str, soort| mediatype(&koppen(&[(CONTENT_TYPE, value)]), soort);
        let bericht = "application/cloudevents+json";
        assert!(is(bericht, bericht).is_ok());
        assert!(is("Application/CloudEvents+JSON; charset=UTF-8", bericht).is_ok());
        for wrong in
            ["application/json", "application/cloudevents+json; charset=latin1", "application/cloudevents-batch+json", ""]
        {
            assert_eq!(is(wrong, bericht), Err(ProblemCode::MediatypeOnbekend), "{wrong}");
        }
        let json = "application/json";
        let gecodeerd = |alle: &[&str]| {
            let alle: Vec<_> = alle.iter().map(|e| (CONTENT_ENCODING, *e)).chain([(CONTENT_TYPE, json)]).collect();
            mediatype(&koppen(&alle), json)
        };
        assert!(gecodeerd(&[]).is_ok() && gecodeerd(&["identity"]).is_ok());
        assert!(gecodeerd(&["gzip"]).is_err() && gecodeerd(&["identity", "gzip"]).is_err());
        assert!(mediatype(&koppen(&[]), json).is_err());
        assert!(mediatype(&koppen(&[(CONTENT_TYPE, json), (CONTENT_TYPE, json)]), json).is_err());
    }

    #[test]
    fn a_length_is_digits() {
        let lezen = |waarde: &str| aangekondigd(&koppen(&[(CONTENT_LENGTH, waarde)]));
        assert_eq!((lezen("0"), lezen("17"), aangekondigd(&koppen(&[]))), (Ok(0), Ok(17), Ok(0)));
        for wrong in ["", "+5", "-1", "1.5", "0x10", "99999999999999999999999", "1 2"] {
            assert_eq!(lezen(wrong), Err(ProblemCode::TeGroot), "{wrong}");
        }
    }

    #[test]
    fn a_condition_is_one_strong_tag() {
        let lezen = |waarde: &str| if_match(&koppen(&[(IF_MATCH, waarde)]));
        assert_eq!(lezen("\"3\""), Ok(3));
        for wrong in ["*", "3", "W/\"3\"", "\"3\", \"4\"", "\"\"", "\"", "\"03\"", "\"4294967296\"", "\"x\""] {
            assert_eq!(lezen(wrong), Err(ProblemCode::VeldOngeldig), "{wrong}");
        }
        assert_eq!(if_match(&koppen(&[])), Err(ProblemCode::VoorwaardeOntbreekt));
        let twee = koppen(&[(IF_MATCH, "\"3\""), (IF_MATCH, "\"3\"")]);
        assert_eq!(if_match(&twee), Err(ProblemCode::VeldOngeldig));
    }

    #[test]
    fn exactly_one_bearer_token() {
        let one = |value: &str| bearer(&koppen(&[(AUTHORIZATION, value)])).map(str::to_owned);
        assert_eq!(one("Bearer abc").as_deref(), Ok("abc"));
        assert_eq!(one("bearer abc").as_deref(), Ok("abc"));
        for (value, code) in [
            ("Basic abc", ProblemCode::TokenOntbreekt),
            ("Bearer ", ProblemCode::TokenOntbreekt),
            ("Bearer", ProblemCode::TokenOngeldig),
        ] {
            assert_eq!(one(value), Err(code), "{value}");
        }
        assert_eq!(bearer(&koppen(&[])), Err(ProblemCode::TokenOntbreekt));
        let two = koppen(&[(AUTHORIZATION, "Bearer a"), (AUTHORIZATION, "Bearer b")]);
        assert_eq!(bearer(&two), Err(ProblemCode::TokenOngeldig));
    }

    #[test]
    fn only_a_host_is_a_host() {
        assert_eq!(gastheer("hub.example:8443").as_deref(), Some("hub.example:8443"));
        assert_eq!(gastheer("[::1]:8443").as_deref(), Some("[::1]:8443"));
        for wrong in ["iemand@hub.example", "hub.example/pad", "hub example", ""] {
            assert_eq!(gastheer(wrong), None, "{wrong:?}");
        }
    }
}
