//! Input: bodies bounded in size and time before they are parsed, paths and queries into types that cannot be wrong.

use std::str::FromStr;

use actix_web::{
    HttpMessage, HttpRequest,
    web::{self, Bytes, BytesMut},
};
use futures_util::StreamExt;
use inbreng_domain::{Oin, ProblemCode, antwoorden::Verklaringverzoek, envelope};
use inbreng_proof::strict::{self, StrictError};
use serde::de::DeserializeOwned;

use crate::{Antwoordfout, identity::partner_van, knooppunt::knooppunt, koppen};

pub(crate) use crate::vraag::{Getal, Query};

pub(crate) mod ruimte;
pub(crate) mod urgentie;

use self::ruimte::{Plek, Rekening};

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
    koppen::mediatype(req.headers(), soort.as_str())?;
    let aangekondigd = koppen::aangekondigd(req.headers())?;
    if aangekondigd > hoogstens {
        return Err(ProblemCode::TeGroot.into());
    }
    let knooppunt = knooppunt(req)?;
    let wie = partner_van(req);
    let rekening = match wie {
        Some(oin) if !knooppunt.hub.kent(oin) => Rekening::Nieuwkomer(oin),
        wie => wie.into(),
    };
    let mut plek = knooppunt.ruimte.plek(rekening, aangekondigd);
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

/// Reads a JSON body without content of a message: at most as large as the open part of one.
///
/// # Errors
/// As [`lezen`] and [`json`].
pub(crate) async fn verzoek<T: DeserializeOwned>(req: &HttpRequest, payload: web::Payload) -> Result<T, Antwoordfout> {
    let grenzen = knooppunt(req)?.hub.grenzen();
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
    let verzoek: Verklaringverzoek = json(&body, knooppunt(req)?.hub.grenzen().nesting)?;
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

/// The step that the caller saw last: [`koppen::if_match`].
///
/// # Errors
/// `voorwaarde-ontbreekt`, `veld-ongeldig`.
pub(crate) fn if_match(req: &HttpRequest) -> Result<u32, Antwoordfout> {
    koppen::if_match(req.headers()).map_err(|code| match code {
        ProblemCode::VeldOngeldig => Antwoordfout::van(code).at("/If-Match"),
        _ => code.into(),
    })
}

/// A path parameter.
///
/// # Errors
/// `veld-ongeldig`, pointing at the parameter.
pub(crate) fn uit_pad<T: FromStr>(req: &HttpRequest, naam: &str) -> Result<T, Antwoordfout> {
    let ongeldig = || Antwoordfout::van(ProblemCode::VeldOngeldig).at(format!("/{naam}"));
    req.match_info().get(naam).ok_or_else(ongeldig)?.parse().map_err(|_| ongeldig())
}
