//! The word that somebody looked at the clock and says what time it is. It counts under the hub's own key and of this minute: who can read
//! that key has the rights of the hub, and nobody else can say it.

use std::fmt;

use inbreng_domain::{Problem, ProblemCode, Tijdstip, clock::gelijk_aan_gezegd};
use inbreng_proof::certificate::p256_point;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use super::uitgever::install_provider;

/// `typ` of the word: nothing else that the hub signs passes for it, and it passes for nothing else.
const TYP: &str = "inbreng-klok+jwt";
/// For whom it is.
const VOOR: &str = "urn:inbreng:klok";
/// Longest word that is looked at, in bytes.
const LANGSTE: usize = 2048;

/// The claims. Closed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Woord {
    aud: String,
    tijd: Tijdstip,
}

/// Says that it is this time, under the hub's signing key (P-256, PKCS#8, PEM): a JWT.
///
/// # Errors
/// A key that cannot be used.
pub fn klokwoord(sleutel_pem: &str, tijd: Tijdstip) -> Result<String, jsonwebtoken::errors::Error> {
    install_provider();
    let header = Header { typ: Some(TYP.to_owned()), ..Header::new(Algorithm::ES256) };
    encode(&header, &Woord { aud: VOOR.to_owned(), tijd }, &EncodingKey::from_ec_pem(sleutel_pem.as_bytes())?)
}

/// Who judges such a word: the hub whose key it must be under.
#[derive(Clone)]
pub struct Klokrechter(DecodingKey);

impl fmt::Debug for Klokrechter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Klokrechter").finish_non_exhaustive()
    }
}

impl Klokrechter {
    /// Of the hub with this signing certificate (DER); `None` where it has no key that can be used.
    #[must_use]
    pub fn van(certificaat: &[u8]) -> Option<Self> {
        Some(Self(DecodingKey::from_ec_der(&p256_point(certificaat).ok()?)))
    }

    /// The time that is said, where the word is the hub's own and agrees with this moment, to the minute.
    ///
    /// # Errors
    /// `handtekening-ongeldig` for what is no word of this hub, `veld-ongeldig` for one about another time.
    pub fn beoordelen(&self, woord: &[u8], nu: Tijdstip) -> Result<Tijdstip, Box<Problem>> {
        install_provider();
        let mut regels = Validation::new(Algorithm::ES256);
        regels.set_audience(&[VOOR]);
        regels.set_required_spec_claims(&["aud"]);
        // It has no end of its own: what it says is its moment.
        regels.validate_exp = false;
        let woord = Some(woord).filter(|w| w.len() <= LANGSTE).and_then(|w| std::str::from_utf8(w).ok());
        let gelezen = woord.and_then(|w| decode::<Woord>(w.trim(), &self.0, &regels).ok());
        let gelezen = gelezen.filter(|w| w.header.typ.as_deref() == Some(TYP) && w.header.crit.is_none());
        let Some(gelezen) = gelezen else { return Err(Box::new(Problem::new(ProblemCode::HandtekeningOngeldig))) };
        let gezegd = gelezen.claims.tijd;
        if gelijk_aan_gezegd(gezegd, nu) {
            return Ok(gezegd);
        }
        let mut probleem = Problem::new(ProblemCode::VeldOngeldig);
        probleem.detail = format!(
            "Deze machine zegt {nu}, en u zegt {gezegd}. Dat scheelt meer dan een minuut. Er is niets bevestigd: zet de klok van de \
             machine goed."
        );
        Err(Box::new(probleem))
    }
}
