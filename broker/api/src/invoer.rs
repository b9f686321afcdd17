//! Input: bodies bounded in size and time before they are parsed, paths and queries into types that cannot be wrong.

use std::{collections::BTreeMap, str::FromStr};

use actix_web::{
    HttpMessage, HttpRequest,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, IF_MATCH},
    web::{self, Bytes, BytesMut},
};
use futures_util::StreamExt;
use inbreng_domain::{Oin, ProblemCode, antwoorden::Verklaringverzoek, envelope};
use inbreng_proof::strict::{self, StrictError};
use serde::de::DeserializeOwned;

use crate::{Antwoordfout, identity::partner_van, knooppunt::knooppunt};

pub(crate) mod ruimte;
pub(crate) mod urgentie;

use self::ruimte::Plek;

/// What a body may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mediatype {
    /// A message.
    CloudEvent,
    /// Any other JSON.
    Json,
    /// The token request.
    Formulier,
}

impl Mediatype {
    /// The name on the wire.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::CloudEvent => envelope::MEDIA_TYPE,
            Self::Json => "application/json",
            Self::Formulier => "application/x-www-form-urlencoded",
        }
    }
}

/// Bytes of a request that carries one signed statement.
const VERKLARING_BYTES: usize = 64 * 1024;

/// Reads a body of this media type and at most this many bytes. Its room is given back when the request has its answer.
///
/// # Errors
/// `mediatype-onbekend`, `te-groot`, `te-traag`, `geen-json` for a body that breaks off; `te-vaak` and `opslag-niet-beschikbaar`
/// where there is no room for it now.
pub(crate) async fn lezen(
    req: &HttpRequest,
    payload: web::Payload,
    soort: Mediatype,
    hoogstens: usize,
) -> Result<Bytes, Antwoordfout> {
    mediatype(req, soort)?;
    let aangekondigd = match req.headers().get(CONTENT_LENGTH) {
        Some(length) => length.to_str().ok().and_then(|l| l.parse::<usize>().ok()).ok_or(ProblemCode::TeGroot)?,
        None => 0,
    };
    if aangekondigd > hoogstens {
        return Err(ProblemCode::TeGroot.into());
    }
    let knooppunt = knooppunt(req)?;
    let wie = partner_van(req);
    let mut plek = knooppunt.ruimte.plek(wie, aangekondigd);
    let inlezen = verzamelen(payload, hoogstens, aangekondigd, &mut plek);
    let Ok(gelezen) = tokio::time::timeout(knooppunt.grenzen.inlezen, inlezen).await else {
        // It held room for that long, and no call will count it.
        let _at_its_end = wie.map(|wie| knooppunt.drempels.gewoon(wie));
        return Err(ProblemCode::TeTraag.into());
    };
    req.extensions_mut().insert(plek);
    gelezen
}

async fn verzamelen(
    mut payload: web::Payload,
    hoogstens: usize,
    aangekondigd: usize,
    plek: &mut Plek,
) -> Result<Bytes, Antwoordfout> {
    // The announced size is only a hint until the bytes are there: reserve little on a mere promise.
    let mut body = BytesMut::with_capacity(aangekondigd.min(64 * 1024));
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| ProblemCode::GeenJson)?;
        if body.len().saturating_add(chunk.len()) > hoogstens {
            return Err(ProblemCode::TeGroot.into());
        }
        plek.meer(chunk.len())?;
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// One content type, of this kind, in UTF-8, not compressed.
fn mediatype(req: &HttpRequest, soort: Mediatype) -> Result<(), Antwoordfout> {
    let wrong = ProblemCode::MediatypeOnbekend;
    let mut types = req.headers().get_all(CONTENT_TYPE);
    let text = types.next().and_then(|t| t.to_str().ok()).ok_or(wrong)?;
    if types.next().is_some() || req.headers().get(CONTENT_ENCODING).is_some_and(|e| e != "identity") {
        return Err(wrong.into());
    }
    let mut pieces = text.split(';').map(str::trim);
    let essence = pieces.next().unwrap_or_default();
    let utf8 = pieces.all(|p| p.eq_ignore_ascii_case("charset=utf-8") || p.eq_ignore_ascii_case("charset=\"utf-8\""));
    if essence.eq_ignore_ascii_case(soort.as_str()) && utf8 { Ok(()) } else { Err(wrong.into()) }
}

/// Reads a JSON body without content of a message: at most as large as the open part of one.
///
/// # Errors
/// As [`lezen`] and [`json`].
pub(crate) async fn verzoek<T: DeserializeOwned>(req: &HttpRequest, payload: web::Payload) -> Result<T, Antwoordfout> {
    let grenzen = &knooppunt(req)?.grenzen.bericht;
    json(&lezen(req, payload, Mediatype::Json, grenzen.header_bytes).await?, grenzen.nesting)
}

/// Holds a path to who asks: what stands under an OIN is its organisation's alone to place or to see.
///
/// # Errors
/// As [`uit_pad`]; `bron-niet-eigen`.
pub(crate) fn eigen_oin(req: &HttpRequest, wie: Oin) -> Result<(), Antwoordfout> {
    if uit_pad::<Oin>(req, "oin")? == wie { Ok(()) } else { Err(ProblemCode::BronNietEigen.into()) }
}

/// Reads a request that carries one signed statement.
///
/// # Errors
/// As [`lezen`] and [`json`].
pub(crate) async fn verklaring(req: &HttpRequest, payload: web::Payload) -> Result<String, Antwoordfout> {
    let body = lezen(req, payload, Mediatype::Json, VERKLARING_BYTES).await?;
    let verzoek: Verklaringverzoek = json(&body, knooppunt(req)?.grenzen.bericht.nesting)?;
    Ok(verzoek.verklaring)
}

/// Parses a JSON body strictly (no duplicate keys, bounded nesting) into a closed type.
///
/// # Errors
/// `geen-json`, `te-diep`, `veld-ongeldig`.
pub(crate) fn json<T: DeserializeOwned>(body: &[u8], diepte: usize) -> Result<T, Antwoordfout> {
    strict::parse_strict_as(body, diepte).map_err(|fout| match fout {
        StrictError::TooDeep => ProblemCode::TeDiep.into(),
        StrictError::Syntax { .. } | StrictError::DuplicateKey => ProblemCode::GeenJson.into(),
        // The path is the whole body: these bodies have one level.
        StrictError::Number | StrictError::Shape(_) => Antwoordfout::van(ProblemCode::VeldOngeldig).at(""),
    })
}

/// The step that the caller saw last, from `If-Match`: one strong tag, as `ETag` gives it. `*` would be a lost update.
///
/// # Errors
/// `voorwaarde-ontbreekt`, `veld-ongeldig`.
pub(crate) fn if_match(req: &HttpRequest) -> Result<u32, Antwoordfout> {
    let ongeldig = || Antwoordfout::van(ProblemCode::VeldOngeldig).at("/If-Match");
    let mut koppen = req.headers().get_all(IF_MATCH);
    let kop = koppen.next().ok_or(ProblemCode::VoorwaardeOntbreekt)?;
    if koppen.next().is_some() {
        return Err(ongeldig());
    }
    let tag = kop.to_str().ok().and_then(|t| t.strip_prefix('"')?.strip_suffix('"')).ok_or_else(ongeldig)?;
    let Getal(stand) = tag.parse().map_err(|()| ongeldig())?;
    u32::try_from(stand).map_err(|_| ongeldig())
}

/// A path parameter.
///
/// # Errors
/// `veld-ongeldig`, pointing at the parameter.
pub(crate) fn uit_pad<T: FromStr>(req: &HttpRequest, naam: &str) -> Result<T, Antwoordfout> {
    let ongeldig = || Antwoordfout::van(ProblemCode::VeldOngeldig).at(format!("/{naam}"));
    req.match_info().get(naam).ok_or_else(ongeldig)?.parse().map_err(|_| ongeldig())
}

/// The query of a request: these parameters, each at most once, and no other.
#[derive(Debug)]
pub(crate) struct Query(BTreeMap<&'static str, String>);

impl Query {
    /// Reads the query of a request.
    ///
    /// # Errors
    /// `veld-ongeldig` for an unknown or repeated parameter.
    pub(crate) fn lezen(req: &HttpRequest, bekend: &[&'static str]) -> Result<Self, Antwoordfout> {
        let pairs = paren(req.query_string()).ok_or(ProblemCode::VeldOngeldig)?;
        let mut found = BTreeMap::new();
        for (naam, waarde) in pairs {
            let naam = bekend.iter().copied().find(|b| *b == naam).ok_or(ProblemCode::VeldOngeldig)?;
            if found.insert(naam, waarde).is_some() {
                return Err(Antwoordfout::van(ProblemCode::VeldOngeldig).at(format!("/{naam}")));
            }
        }
        Ok(Self(found))
    }

    /// A parameter, if it is there.
    ///
    /// # Errors
    /// `veld-ongeldig`, pointing at the parameter.
    pub(crate) fn waarde<T: FromStr>(&self, naam: &'static str) -> Result<Option<T>, Antwoordfout> {
        let ongeldig = |_| Antwoordfout::van(ProblemCode::VeldOngeldig).at(format!("/{naam}"));
        self.0.get(naam).map(|w| w.parse().map_err(ongeldig)).transpose()
    }

    /// A parameter that must be there.
    ///
    /// # Errors
    /// `veld-ongeldig`, pointing at the parameter.
    pub(crate) fn verplicht<T: FromStr>(&self, naam: &'static str) -> Result<T, Antwoordfout> {
        self.waarde(naam)?.ok_or_else(|| Antwoordfout::van(ProblemCode::VeldOngeldig).at(format!("/{naam}")))
    }
}

/// Name and value of each pair of a query or form, in order.
pub(crate) fn paren(text: &str) -> Option<Vec<(String, String)>> {
    web::Query::<Vec<(String, String)>>::from_query(text).ok().map(web::Query::into_inner)
}

/// A whole number in decimal digits and nothing else: no sign, no leading zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Getal(pub(crate) u64);

impl FromStr for Getal {
    type Err = ();

    fn from_str(s: &str) -> Result<Self, ()> {
        let plain = !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit()) && (s == "0" || !s.starts_with('0'));
        // Within what JSON numbers can carry exactly.
        let number = if plain { s.parse().ok().filter(|n| *n < 1 << 53) } else { None };
        number.map(Self).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_media_type_is_exactly_one() {
        let is =
            |value: &str, soort| mediatype(&TestRequest::default().insert_header((CONTENT_TYPE, value)).to_http_request(), soort);
        assert!(is("application/cloudevents+json", Mediatype::CloudEvent).is_ok());
        assert!(is("Application/CloudEvents+JSON; charset=UTF-8", Mediatype::CloudEvent).is_ok());
        for wrong in
            ["application/json", "application/cloudevents+json; charset=latin1", "application/cloudevents-batch+json", ""]
        {
            assert_eq!(is(wrong, Mediatype::CloudEvent).unwrap_err().code(), ProblemCode::MediatypeOnbekend, "{wrong}");
        }
        let squeezed = TestRequest::default()
            .insert_header((CONTENT_TYPE, "application/json"))
            .insert_header((CONTENT_ENCODING, "gzip"))
            .to_http_request();
        assert!(mediatype(&squeezed, Mediatype::Json).is_err());
        assert!(mediatype(&TestRequest::default().to_http_request(), Mediatype::Json).is_err());
    }

    #[test]
    fn a_condition_is_one_strong_tag() {
        let lezen = |waarde: &str| if_match(&TestRequest::default().insert_header((IF_MATCH, waarde)).to_http_request());
        assert_eq!(lezen("\"3\"").unwrap(), 3);
        for wrong in ["*", "3", "W/\"3\"", "\"3\", \"4\"", "\"\"", "\"03\"", "\"4294967296\"", "\"x\""] {
            assert_eq!(lezen(wrong).unwrap_err().code(), ProblemCode::VeldOngeldig, "{wrong}");
        }
        let zonder = if_match(&TestRequest::default().to_http_request());
        assert_eq!(zonder.unwrap_err().code(), ProblemCode::VoorwaardeOntbreekt);
    }

    #[test]
    fn a_query_is_closed() {
        let read = |uri: &str| Query::lezen(&TestRequest::with_uri(uri).to_http_request(), &["wacht"]);
        assert_eq!(read("/p?wacht=5").unwrap().waarde::<Getal>("wacht").unwrap(), Some(Getal(5)));
        assert_eq!(read("/p").unwrap().waarde::<Getal>("wacht").unwrap(), None);
        assert!(read("/p?wacht=5&wacht=6").is_err());
        assert!(read("/p?anders=1").is_err());
        assert!(read("/p").unwrap().verplicht::<Getal>("wacht").is_err());
        for wrong in ["-1", "+1", "01", "1.0", "", "9007199254740992", "x"] {
            assert!(wrong.parse::<Getal>().is_err(), "{wrong}");
        }
    }
}
