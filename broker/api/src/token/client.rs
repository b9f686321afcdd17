//! A client assertion: the partner's signed word that it is the one who asks for a token (`private_key_jwt`, RFC 7523).

use inbreng_domain::{Oin, Tijdstip, antwoorden::Aangeslotene};
use jsonwebtoken::{Algorithm, decode, decode_header, errors::ErrorKind};
use serde::Deserialize;

use super::{
    SPELING,
    uitgever::{install_provider, rules, seconds, verifying_key},
    urn,
};

/// How far ahead an assertion may expire, in seconds.
const HOOGSTENS_VOORUIT: u64 = 60;
/// Longest assertion that is looked at.
const LANGSTE: usize = 4096;

/// The claims. Closed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    #[serde(rename = "iss")]
    _iss: String,
    sub: String,
    #[serde(rename = "aud")]
    _aud: String,
    jti: String,
    exp: u64,
    iat: u64,
    #[serde(default, rename = "nbf")]
    _nbf: Option<u64>,
}

/// An assertion that holds; its `jti` must still be used once.
#[derive(Debug)]
pub struct Clientverklaring {
    /// Its number.
    pub jti: String,
    /// Until when the number must be remembered.
    pub verloopt: Tijdstip,
}

/// Why an assertion does not hold.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Clientfout {
    /// Longer than any assertion needs to be.
    #[error("assertion is too long")]
    TeLang,
    /// The header is not `{"alg":"ES256","kid":…}` with at most a fitting `typ`.
    #[error("assertion header is not as agreed")]
    Kop,
    /// Signed with another key than that of the directory.
    #[error("assertion names another signing certificate than the directory")]
    AndereSleutel,
    /// The signing certificate has expired or cannot be read.
    #[error("signing certificate of the partner is not usable")]
    Certificaat,
    /// Signature, issuer, audience or time does not fit.
    #[error("assertion does not verify")]
    Ongeldig(#[from] jsonwebtoken::errors::Error),
    /// Signed by the partner, for another moment than this.
    #[error("assertion is of another moment")]
    Moment,
    /// `sub`, `jti` or a lifetime is not as agreed.
    #[error("assertion claims are not as agreed")]
    Claims,
}

impl Clientverklaring {
    /// Checks an assertion of this partner, made for this hub.
    ///
    /// # Errors
    /// [`Clientfout`]; the caller tells the client no more than `invalid_client`.
    pub fn controleren(jwt: &str, partner: &Aangeslotene, hub: Oin, nu: Tijdstip) -> Result<Self, Clientfout> {
        install_provider();
        if jwt.len() > LANGSTE {
            return Err(Clientfout::TeLang);
        }
        let header = decode_header(jwt)?;
        let typ = matches!(header.typ.as_deref(), None | Some("JWT" | "client-authentication+jwt"));
        let plain = header.crit.is_none() && header.jku.is_none() && header.jwk.is_none() && header.x5u.is_none();
        if header.alg != Algorithm::ES256 || !typ || !plain {
            return Err(Clientfout::Kop);
        }
        if header.kid.as_deref() != Some(partner.kid.as_str()) {
            return Err(Clientfout::AndereSleutel);
        }
        if nu >= partner.geldig_tot {
            return Err(Clientfout::Certificaat);
        }
        let key = verifying_key(&partner.certificaat).ok_or(Clientfout::Certificaat)?;
        let issuer = partner.oin.to_string();
        let claims = match decode::<Claims>(jwt, &key, &rules(&issuer, &urn(hub))) {
            Ok(gelezen) => gelezen.claims,
            // What it says is looked at after who signed it.
            Err(fout) if matches!(fout.kind(), ErrorKind::ExpiredSignature | ErrorKind::ImmatureSignature) => {
                return Err(Clientfout::Moment);
            }
            Err(fout) => return Err(fout.into()),
        };
        let now = seconds(nu);
        let jti = (1..=128).contains(&claims.jti.len()) && claims.jti.bytes().all(|b| b.is_ascii_graphic());
        // One that lasts longer is fresh at no moment.
        let lasts = claims.exp.checked_sub(claims.iat).is_some_and(|lasts| lasts <= HOOGSTENS_VOORUIT + 4 * SPELING);
        if claims.sub != issuer || !jti || !lasts {
            return Err(Clientfout::Claims);
        }
        let fresh = claims.exp <= now + HOOGSTENS_VOORUIT + SPELING
            && claims.iat <= now + SPELING
            && claims.iat + HOOGSTENS_VOORUIT + SPELING >= now;
        if !fresh {
            return Err(Clientfout::Moment);
        }
        let verloopt = claims.exp.saturating_add(SPELING).saturating_mul(1000);
        Ok(Self { jti: claims.jti, verloopt: Tijdstip::from_unix_millis(i64::try_from(verloopt).unwrap_or(i64::MAX)) })
    }
}
