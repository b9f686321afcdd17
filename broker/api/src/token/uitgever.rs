//! Issues access tokens and checks them. A token is bound to the certificate of the connection that asked for it.

use std::{
    collections::HashSet,
    sync::{Arc, OnceLock},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_domain::{Oin, Randomness, Tijdstip};
use inbreng_proof::certificate::{p256_point, thumbprint};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, crypto, decode, encode};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};

use super::{SPELING, getuigen::Klokgetuigen, urn};
use crate::identity::Bereiken;

/// How long a token is valid, in seconds.
pub const GEEN_LANGER_DAN: u64 = 300;
/// How long a verified token may be believed without verifying it again.
const ONTHOUDEN: Duration = Duration::from_secs(60);
/// So far a clock may go back, before what was verified is verified again: as far as clocks may differ.
const ACHTERUIT: Duration = Duration::from_secs(SPELING);
/// Verified tokens kept at most; a token is about half a KiB.
const ONTHOUDEN_HOOGSTENS: u64 = 10_000;
/// `typ` of an access token (RFC 9068 §2.1), so that nothing else signed by the hub passes for one.
const TYP: &str = "at+jwt";
/// Longest token that is looked at.
const LANGSTE: usize = 2048;

/// The claims. Closed: what we did not write we do not read.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: Oin,
    cnf: Binding,
    scope: String,
    exp: u64,
    nbf: u64,
    iat: u64,
    jti: String,
}

/// Confirmation (RFC 8705 §3.1).
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Binding {
    #[serde(rename = "x5t#S256")]
    thumbprint: String,
}

/// A token that was issued, as the token endpoint answers it (RFC 6749 §5.1).
#[derive(Debug, Serialize)]
pub struct Token {
    /// The token.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds.
    pub expires_in: u64,
    /// What it may be used for.
    pub scope: String,
}

/// What a good token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Geldig {
    /// For whom.
    pub partner: Oin,
    /// With which certificate.
    pub vingerafdruk: String,
    /// For what.
    pub bereiken: Bereiken,
    verloopt: Tijdstip,
    /// When it was verified. A clock that was set back since looks at it again.
    gezien: Tijdstip,
    onthouden_tot: Tijdstip,
}

/// Why a token is not good.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Tokenfout {
    /// Longer than any token of ours.
    #[error("token is too long")]
    TeLang,
    /// Signature, issuer, audience or time does not fit.
    #[error("token does not verify")]
    Ongeldig(#[from] jsonwebtoken::errors::Error),
    /// Signed by us, but not as an access token.
    #[error("not an access token of this hub")]
    AnderSoort,
}

/// Why tokens cannot be issued with a key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Startfout {
    /// The key is not a PKCS#8 P-256 key in PEM.
    #[error("signing key cannot be used for tokens")]
    Sleutel(#[source] jsonwebtoken::errors::Error),
    /// The certificate cannot be read.
    #[error("signing certificate cannot be read")]
    Certificaat,
    /// What was signed does not verify, or what was changed does.
    #[error("token self-test failed")]
    Zelftest,
}

/// Issues and checks tokens.
pub struct Uitgever {
    sign: EncodingKey,
    verify: DecodingKey,
    header: Header,
    urn: String,
    regels: Validation,
    onthouden: Cache<String, Arc<Geldig>>,
    random: Arc<dyn Randomness>,
    pub(crate) getuigen: Klokgetuigen,
}

impl std::fmt::Debug for Uitgever {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Uitgever").field("urn", &self.urn).finish_non_exhaustive()
    }
}

impl Uitgever {
    /// Issues with the hub's signing key (PKCS#8 PEM) and its certificate (DER); proves at once that it can.
    ///
    /// # Errors
    /// [`Startfout`] when key and certificate cannot be used together.
    pub fn new(
        sleutel_pem: &str,
        certificaat_der: &[u8],
        oin: Oin,
        random: Arc<dyn Randomness>,
        nu: Tijdstip,
    ) -> Result<Self, Startfout> {
        install_provider();
        let sign = EncodingKey::from_ec_pem(sleutel_pem.as_bytes()).map_err(Startfout::Sleutel)?;
        let verify = verifying_key(certificaat_der).ok_or(Startfout::Certificaat)?;
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(TYP.to_owned());
        header.kid = Some(thumbprint(certificaat_der));
        let urn = urn(oin);
        let regels = rules(&urn, &urn);
        let onthouden = Cache::builder().max_capacity(ONTHOUDEN_HOOGSTENS).time_to_live(ONTHOUDEN).build();
        let uitgever = Self { sign, verify, header, urn, regels, onthouden, random, getuigen: Klokgetuigen::default() };
        uitgever.zelftest(oin, nu).then_some(uitgever).ok_or(Startfout::Zelftest)
    }

    /// How many partners in a row asked for a token in the word of another moment than ours.
    #[must_use]
    pub fn anders_gedateerd(&self) -> usize {
        self.getuigen.aantal()
    }

    /// A token for this partner on this certificate, or `None` when the key fails.
    ///
    /// # Errors
    /// [`Tokenfout`] when the key cannot sign.
    pub fn uitgeven(&self, partner: Oin, vingerafdruk: &str, bereiken: Bereiken, nu: Tijdstip) -> Result<Token, Tokenfout> {
        let now = seconds(nu);
        let mut jti = [0; 16];
        self.random.fill(&mut jti);
        let claims = Claims {
            iss: self.urn.clone(),
            aud: self.urn.clone(),
            sub: partner,
            cnf: Binding { thumbprint: vingerafdruk.to_owned() },
            scope: bereiken.to_string(),
            exp: now + GEEN_LANGER_DAN,
            nbf: now,
            iat: now,
            jti: URL_SAFE_NO_PAD.encode(jti),
        };
        let access_token = encode(&self.header, &claims, &self.sign)?;
        Ok(Token { access_token, token_type: "Bearer", expires_in: GEEN_LANGER_DAN, scope: claims.scope })
    }

    /// What a token says, verified now or less than a minute ago.
    ///
    /// # Errors
    /// [`Tokenfout`] for everything that is not an unexpired access token of this hub.
    pub fn controleren(&self, token: &str, nu: Tijdstip) -> Result<Arc<Geldig>, Tokenfout> {
        if token.len() > LANGSTE {
            return Err(Tokenfout::TeLang);
        }
        if let Some(geldig) = self.onthouden.get(token)
            && geldig.gezien.since(nu) <= ACHTERUIT
            && nu < geldig.onthouden_tot
            && nu < geldig.verloopt
        {
            return Ok(geldig);
        }
        let geldig = Arc::new(self.verifieren(token, nu)?);
        self.onthouden.insert(token.to_owned(), Arc::clone(&geldig));
        Ok(geldig)
    }

    fn verifieren(&self, token: &str, nu: Tijdstip) -> Result<Geldig, Tokenfout> {
        let data = decode::<Claims>(token, &self.verify, &self.regels)?;
        if data.header.typ.as_deref() != Some(TYP) || data.header.kid != self.header.kid || data.header.crit.is_some() {
            return Err(Tokenfout::AnderSoort);
        }
        let millis = i64::try_from(data.claims.exp).unwrap_or(0).saturating_mul(1000);
        Ok(Geldig {
            partner: data.claims.sub,
            vingerafdruk: data.claims.cnf.thumbprint,
            bereiken: data.claims.scope.parse().map_err(|_| Tokenfout::AnderSoort)?,
            verloopt: Tijdstip::from_unix_millis(millis),
            gezien: nu,
            onthouden_tot: nu.plus(ONTHOUDEN.try_into().unwrap_or_default()),
        })
    }

    /// jsonwebtoken fails at the first token, not at start, when its backend is missing; so make one at start.
    fn zelftest(&self, oin: Oin, nu: Tijdstip) -> bool {
        let Ok(token) = self.uitgeven(oin, "zelftest", Bereiken::alle(), nu) else { return false };
        let mut changed = token.access_token.clone();
        let last = changed.pop();
        // The last character of a 64-byte signature carries two bits; `A` and `Q` differ in them.
        changed.push(if last == Some('A') { 'Q' } else { 'A' });
        self.verifieren(&token.access_token, nu).is_ok_and(|g| g.partner == oin) && self.verifieren(&changed, nu).is_err()
    }
}

/// ES256 only, our own time checks on, every claim required; times by the clock of the machine.
pub(super) fn rules(issuer: &str, audience: &str) -> Validation {
    let mut rules = Validation::new(Algorithm::ES256);
    rules.set_issuer(&[issuer]);
    rules.set_audience(&[audience]);
    rules.leeway = SPELING;
    rules.validate_nbf = true;
    rules.required_spec_claims = ["exp", "aud", "iss", "sub"].into_iter().map(str::to_owned).collect::<HashSet<_>>();
    rules
}

/// The public point of a P-256 certificate.
pub(super) fn verifying_key(certificaat_der: &[u8]) -> Option<DecodingKey> {
    p256_point(certificaat_der).ok().map(|point| DecodingKey::from_ec_der(&point))
}

/// Seconds since 1970.
pub(super) fn seconds(at: Tijdstip) -> u64 {
    u64::try_from(at.unix_millis() / 1000).unwrap_or(0)
}

/// jsonwebtoken needs its backend named once per process.
pub(super) fn install_provider() {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        if crypto::aws_lc::DEFAULT_PROVIDER.install_default().is_err() {
            tracing::debug!(gebeurtenis = "jwt-provider-stond-al");
        }
    });
}
