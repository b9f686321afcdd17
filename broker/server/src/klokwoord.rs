//! `inbreng klok bevestigen`: somebody looked at the clock, and says what time it is. The word goes to the hub that runs, over the operators'
//! listener, under the hub's own key: who can read that has the rights of the hub, and nobody else can say it.
//!
//! A word that is a minute old says nothing any more, and so does one about another time than the machine's: what is said is that both agree.

use std::{fs, net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use clap::Args;
use inbreng_domain::{
    Clock, Problem, ProblemCode, Tijdstip,
    clock::{SystemClock, gelijk_aan_gezegd},
    schermtekst,
};
use inbreng_proof::certificate::p256_point;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};

use crate::{bevinding::keten, config::Config, opslaglezer::met_runtime};

/// Where the operators' listener takes it.
pub const PAD: &str = "/klok";
/// `typ` of the word: nothing else that the hub signs passes for it, and it passes for nothing else.
const TYP: &str = "inbreng-klok+jwt";
/// For whom it is.
const VOOR: &str = "urn:inbreng:klok";
/// Longest word that is looked at, in bytes.
const LANGSTE: usize = 2048;
/// How long the hub may take to read its files again, which it does first.
const GEDULD: Duration = Duration::from_secs(60);

/// What is said of the clock.
#[derive(Debug, Args)]
pub struct Bevestiging {
    /// Het configuratiebestand (TOML) van het knooppunt, dat draait.
    #[arg(long, value_name = "BESTAND")]
    pub config: PathBuf,
    /// Hoe laat het nu is, van een klok die u vertrouwt en niet van deze machine: 2026-10-01T14:03:00+02:00.
    #[arg(long, value_name = "TIJD", value_parser = Tijdstip::rfc3339)]
    pub tijd: Tijdstip,
}

/// The word.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Woord {
    aud: String,
    tijd: Tijdstip,
}

/// Says it to the hub that runs.
pub fn bevestigen(opties: &Bevestiging) -> ExitCode {
    use std::io::Write;
    let (tekst, status) = match met_runtime(zeggen(opties)) {
        Ok(tekst) => (tekst, ExitCode::SUCCESS),
        Err(tekst) => (tekst, ExitCode::FAILURE),
    };
    let regel = schermtekst::regels(&tekst);
    let _gone = if status == ExitCode::SUCCESS {
        writeln!(std::io::stdout().lock(), "{regel}")
    } else {
        writeln!(std::io::stderr().lock(), "{regel}")
    };
    status
}

async fn zeggen(opties: &Bevestiging) -> Result<String, String> {
    let config = Config::lezen(&opties.config).map_err(|b| b.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    let pad = &config.pki.ondertekening_sleutel;
    let sleutel = fs::read_to_string(pad).map_err(|e| format!("{} is niet te lezen ({e})", pad.display()))?;
    let woord = maken(&sleutel, opties.tijd).map_err(|e| keten(&e))?;
    let adres = match &config.beheer.adres_bestand {
        Some(pad) => fs::read_to_string(pad).ok().and_then(|tekst| tekst.trim().parse::<SocketAddr>().ok()),
        None => Some(config.beheer.adres),
    };
    let niet_daar = || "Het knooppunt draait niet, of luistert niet op beheer.adres. Er is niets bevestigd.".to_owned();
    let adres = adres.ok_or_else(niet_daar)?;
    let http = reqwest::Client::builder().no_proxy().timeout(GEDULD).build().map_err(|e| keten(&e))?;
    let antwoord = http.post(format!("http://{adres}{PAD}")).body(woord).send().await.map_err(|_| niet_daar())?;
    if antwoord.status().is_success() {
        return Ok(format!("Bevestigd om {}: de klok van het knooppunt staat goed.", SystemClock.now()));
    }
    let probleem: Option<Problem> = antwoord.json().await.ok();
    Err(probleem.map_or_else(|| "Het knooppunt gaf een onleesbaar antwoord. Er is niets bevestigd.".to_owned(), |p| p.detail))
}

fn maken(sleutel_pem: &str, tijd: Tijdstip) -> Result<String, jsonwebtoken::errors::Error> {
    let _installed = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
    let header = Header { typ: Some(TYP.to_owned()), ..Header::new(Algorithm::ES256) };
    jsonwebtoken::encode(&header, &Woord { aud: VOOR.to_owned(), tijd }, &EncodingKey::from_ec_pem(sleutel_pem.as_bytes())?)
}

/// Takes the word: verifies it, and has who watches the clock act on it.
#[derive(Clone)]
pub struct Deur {
    sleutel: DecodingKey,
    bewaker: mpsc::Sender<oneshot::Sender<()>>,
}

impl std::fmt::Debug for Deur {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deur").finish_non_exhaustive()
    }
}

/// What the watcher hears: a word that holds, and whom to tell that it was acted on.
pub type Gezegd = mpsc::Receiver<oneshot::Sender<()>>;

impl Deur {
    /// Of the hub with this signing certificate (DER); and where it is heard. `None` where the certificate has no key that can be used.
    pub fn van(certificaat: &[u8]) -> Option<(Self, Gezegd)> {
        let sleutel = DecodingKey::from_ec_der(&p256_point(certificaat).ok()?);
        let (bewaker, gezegd) = mpsc::channel(1);
        Some((Self { sleutel, bewaker }, gezegd))
    }

    /// Takes a word as it came.
    ///
    /// # Errors
    /// Why it does not count.
    pub async fn nemen(&self, woord: &[u8], clock: &dyn Clock) -> Result<(), Problem> {
        let uitslag = self.beoordelen(woord, clock.now());
        let gezegd = uitslag.inspect_err(|probleem| {
            tracing::warn!(gebeurtenis = "klok-niet-bevestigd", code = %probleem.code, reden = probleem.detail);
        })?;
        tracing::warn!(gebeurtenis = "klok-bevestigd", op = %gezegd);
        let (klaar, gedaan) = oneshot::channel();
        let gehoord = self.bewaker.send(klaar).await.is_ok() && gedaan.await.is_ok();
        gehoord.then_some(()).ok_or_else(|| Problem::new(ProblemCode::InterneFout))
    }

    /// The time that is said, where the word is the hub's own and agrees with this moment.
    fn beoordelen(&self, woord: &[u8], nu: Tijdstip) -> Result<Tijdstip, Problem> {
        let mut regels = Validation::new(Algorithm::ES256);
        regels.set_audience(&[VOOR]);
        regels.set_required_spec_claims(&["aud"]);
        // It has no end of its own: what it says is its moment.
        regels.validate_exp = false;
        let _installed = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        let woord = Some(woord).filter(|w| w.len() <= LANGSTE).and_then(|w| std::str::from_utf8(w).ok());
        let gelezen = woord.and_then(|w| jsonwebtoken::decode::<Woord>(w.trim(), &self.sleutel, &regels).ok());
        let gelezen = gelezen.filter(|w| w.header.typ.as_deref() == Some(TYP) && w.header.crit.is_none());
        let Some(gelezen) = gelezen else { return Err(Problem::new(ProblemCode::HandtekeningOngeldig)) };
        let gezegd = gelezen.claims.tijd;
        if gelijk_aan_gezegd(gezegd, nu) {
            return Ok(gezegd);
        }
        let mut probleem = Problem::new(ProblemCode::VeldOngeldig);
        probleem.detail = format!(
            "Deze machine zegt {nu}, en u zegt {gezegd}. Dat scheelt meer dan een minuut. Er is niets bevestigd: zet de klok van de \
             machine goed."
        );
        Err(probleem)
    }
}

#[cfg(test)]
mod tests {
    use inbreng_harness::Regio;
    use rustls_pki_types::{CertificateDer, pem::PemObject};
    use time::Duration;

    use super::*;

    #[test]
    fn only_the_hubs_own_word_about_this_minute_counts() {
        let regio = Regio::maken();
        let knooppunt = regio.pki.knooppuntmap();
        let der = CertificateDer::from_pem_file(knooppunt.ondertekening_pem()).unwrap();
        let (deur, _gezegd) = Deur::van(&der).unwrap();
        let eigen = fs::read_to_string(knooppunt.ondertekening_key()).unwrap();
        let ander = fs::read_to_string(knooppunt.tls_key()).unwrap();
        let nu = SystemClock.now();
        let zegt = |sleutel: &str, na: Duration| maken(sleutel, nu.plus(na)).unwrap().into_bytes();
        let code = |woord: &[u8]| deur.beoordelen(woord, nu).map_err(|p| p.code);
        for na in [Duration::ZERO, Duration::MINUTE, -Duration::MINUTE] {
            assert_eq!(code(&zegt(&eigen, na)), Ok(nu.plus(na)));
        }
        for na in [Duration::seconds(61), -Duration::seconds(61), -Duration::HOUR, Duration::DAY] {
            assert_eq!(code(&zegt(&eigen, na)), Err(ProblemCode::VeldOngeldig), "{na}");
        }
        let geen = Err(ProblemCode::HandtekeningOngeldig);
        assert_eq!(code(&zegt(&ander, Duration::ZERO)), geen, "another key");
        let goed = zegt(&eigen, Duration::ZERO);
        for fout in [b"".as_slice(), b"nu", nu.to_string().as_bytes(), &goed[..goed.len() - 4], &[b'a'; 4096]] {
            assert_eq!(code(fout), geen);
        }
        // Another use of the same key, about the same moment.
        let sleutel = EncodingKey::from_ec_pem(eigen.as_bytes()).unwrap();
        for (typ, aud) in [(Some("at+jwt"), VOOR), (None, VOOR), (Some(TYP), "urn:nld:oin:00000001000000000000")] {
            let header = Header { typ: typ.map(str::to_owned), ..Header::new(Algorithm::ES256) };
            let woord = jsonwebtoken::encode(&header, &Woord { aud: aud.to_owned(), tijd: nu }, &sleutel);
            let woord = woord.unwrap();
            assert_eq!(code(woord.as_bytes()), geen, "{typ:?} {aud}");
        }
    }
}
