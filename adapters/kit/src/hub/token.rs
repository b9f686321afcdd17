//! Access tokens: asked with `private_key_jwt` (RFC 7523), kept until shortly before they expire.

use std::sync::Arc;

use arc_swap::ArcSwap;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_domain::{Clock, Oin, Randomness, Tijdstip};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};
use time::Duration;
use tokio::sync::Mutex;

use super::{Bereik, Hubfout, NESTING, aanroep};

/// How long an assertion counts; the hub takes no longer one.
const VERKLARING: i64 = 60;
/// A token is not used in its last seconds.
const MARGE: Duration = Duration::seconds(20);

#[derive(Serialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    jti: String,
    iat: i64,
    exp: i64,
}

/// A token as the hub answers it (RFC 6749 §5.1).
#[derive(Deserialize)]
pub struct Tokenantwoord {
    access_token: String,
    /// Seconds. No hub gives one for a time that has no number.
    expires_in: u32,
}

// Whoever has it can do what it is for.
impl std::fmt::Debug for Tokenantwoord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokenantwoord").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

impl Tokenantwoord {
    /// Reads the answer of the token endpoint.
    ///
    /// # Errors
    /// [`Hubfout::Antwoord`] for another form, and for a token that no header can carry.
    pub fn lezen(bytes: &[u8]) -> Result<Self, Hubfout> {
        let gelezen: Self =
            inbreng_proof::parse_strict_as(bytes, NESTING).map_err(|_| Hubfout::Antwoord("token has another form"))?;
        let vorm = !gelezen.access_token.is_empty() && gelezen.access_token.bytes().all(|b| b.is_ascii_graphic());
        if vorm { Ok(gelezen) } else { Err(Hubfout::Antwoord("token has another form")) }
    }

    /// The token, as it stands in a header.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.access_token
    }

    /// Until when it is used, where it was given at this moment.
    #[must_use]
    pub fn bruikbaar_tot(&self, gegeven: Tijdstip) -> Tijdstip {
        gegeven.plus(Duration::seconds(self.expires_in.into()) - MARGE)
    }
}

/// A token, and until when it is used.
type Plek = Mutex<Option<(String, Tijdstip)>>;

/// One for each scope.
#[derive(Default)]
struct Plekken {
    berichten: Plek,
    postvak: Plek,
    gids: Plek,
    logboek: Plek,
    beheer: Plek,
}

impl Plekken {
    const fn van(&self, bereik: Bereik) -> &Plek {
        match bereik {
            Bereik::Berichten => &self.berichten,
            Bereik::Postvak => &self.postvak,
            Bereik::Gids => &self.gids,
            Bereik::Logboek => &self.logboek,
            Bereik::Beheer => &self.beheer,
        }
    }

    const fn alle(&self) -> [&Plek; 5] {
        [&self.berichten, &self.postvak, &self.gids, &self.logboek, &self.beheer]
    }
}

/// The tokens of one client, per scope.
pub(super) struct Tokens {
    eigen: Oin,
    knooppunt: Oin,
    sleutel: ArcSwap<(String, EncodingKey)>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Randomness>,
    /// Each behind a lock of its own: a call for one scope waits for none of another.
    bewaard: Plekken,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("eigen", &self.eigen).finish_non_exhaustive()
    }
}

impl Tokens {
    pub(super) fn new(
        eigen: Oin,
        knooppunt: Oin,
        kid: String,
        pem: &str,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Randomness>,
    ) -> Result<Self, Hubfout> {
        // Without an installed backend the first token would panic; that one is installed already is fine.
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        let sleutel = ArcSwap::from_pointee((kid, codering(pem)?));
        Ok(Self { eigen, knooppunt, sleutel, clock, random, bewaard: Plekken::default() })
    }

    /// A token of this scope that is still good for a while. Who finds none asks; others wait for that answer.
    pub(super) async fn geldig(&self, http: &reqwest::Client, basis: &str, bereik: Bereik) -> Result<String, Hubfout> {
        let mut bewaard = self.bewaard.van(bereik).lock().await;
        let nu = self.clock.now();
        if let Some((token, tot)) = &*bewaard
            && nu < *tot
        {
            return Ok(token.clone());
        }
        let antwoord = self.vragen(http, basis, bereik, nu).await?;
        *bewaard = Some((antwoord.access_token.clone(), antwoord.bruikbaar_tot(nu)));
        Ok(antwoord.access_token)
    }

    /// Asks with another key from now on, where it is another.
    pub(super) async fn ondertekenen_met(&self, kid: &str, pem: &str) -> Result<(), Hubfout> {
        if self.sleutel.load().0 == kid {
            return Ok(());
        }
        self.sleutel.store(Arc::new((kid.to_owned(), codering(pem)?)));
        for plek in self.bewaard.alle() {
            *plek.lock().await = None;
        }
        Ok(())
    }

    pub(super) async fn vergeten(&self, bereik: Bereik) {
        *self.bewaard.van(bereik).lock().await = None;
    }

    async fn vragen(&self, http: &reqwest::Client, basis: &str, bereik: Bereik, nu: Tijdstip) -> Result<Tokenantwoord, Hubfout> {
        let verklaring = self.verklaring(nu)?;
        // None of the values needs escaping but the colons of the URN.
        let formulier = format!(
            "grant_type=client_credentials&scope={}&client_assertion_type=\
             urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion={verklaring}",
            bereik.as_str()
        );
        let response = http
            .post(format!("{basis}/token"))
            .timeout(std::time::Duration::from_secs(15))
            .header(reqwest::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(formulier)
            .send()
            .await
            .map_err(Hubfout::Onbereikbaar)?;
        let bytes = aanroep::antwoord(response).await?;
        Tokenantwoord::lezen(&bytes)
    }

    fn verklaring(&self, nu: Tijdstip) -> Result<String, Hubfout> {
        let mut jti = [0; 16];
        self.random.fill(&mut jti);
        let iat = nu.unix_millis().div_euclid(1000);
        let claims = Claims {
            iss: self.eigen.to_string(),
            sub: self.eigen.to_string(),
            aud: format!("urn:nld:oin:{}", self.knooppunt),
            jti: URL_SAFE_NO_PAD.encode(jti),
            iat,
            exp: iat + VERKLARING,
        };
        let sleutel = self.sleutel.load();
        let header = Header { kid: Some(sleutel.0.clone()), ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, &claims, &sleutel.1).map_err(|e| Hubfout::Instelling(Box::new(e)))
    }
}

fn codering(pem: &str) -> Result<EncodingKey, Hubfout> {
    EncodingKey::from_ec_pem(pem.as_bytes()).map_err(|e| Hubfout::Instelling(Box::new(e)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_what_a_header_can_carry_for_a_time_that_can_be_counted() {
        let nu = Tijdstip::from_unix_millis(1_795_000_000_000);
        let antwoord = |token: &str, seconden: &str| {
            let tekst = format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":{seconden},"scope":"gids"}}"#);
            Tokenantwoord::lezen(tekst.as_bytes())
        };
        let goed = antwoord("a.b-c_d", "300").unwrap();
        assert_eq!((goed.token(), goed.bruikbaar_tot(nu)), ("a.b-c_d", nu.plus(Duration::seconds(280))));
        assert!(!format!("{goed:?}").contains("a.b-c_d"));
        // Of no time at all it is asked again at once.
        assert!(antwoord("a", "0").unwrap().bruikbaar_tot(nu) < nu);
        assert!(antwoord("a", "4294967295").unwrap().bruikbaar_tot(nu) > nu);
        for (token, seconden) in [
            ("a", "-9223372036854775808"),
            ("a", "-1"),
            ("a", "9007199254740991"),
            ("a", "300.5"),
            ("a", "\"300\""),
            ("", "300"),
            ("a b", "300"),
            ("a\\r\\nx", "300"),
            ("\u{e9}", "300"),
        ] {
            assert!(matches!(antwoord(token, seconden), Err(Hubfout::Antwoord(_))), "{token} {seconden}");
        }
    }
}
