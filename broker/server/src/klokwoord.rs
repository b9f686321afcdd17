//! `inbreng klok bevestigen`: somebody looked at the clock, and says what time it is. The word goes to the hub that runs, over the operators'
//! listener, under the hub's own key: who can read that has the rights of the hub, and nobody else can say it.
//!
//! A word that is a minute old says nothing any more, and so does one about another time than the machine's: what is said is that both agree.

use std::{fs, net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use clap::Args;
use inbreng_api::token::{Klokrechter, klokwoord};
use inbreng_domain::{Clock, Problem, ProblemCode, Tijdstip, clock::SystemClock, schermtekst};
use tokio::sync::{mpsc, oneshot};

use crate::{bevinding::keten, config::Config, opslaglezer::met_runtime};

/// Where the operators' listener takes it.
pub const PAD: &str = "/klok";
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
    let woord = klokwoord(&sleutel, opties.tijd).map_err(|e| keten(&e))?;
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

/// Takes the word: verifies it, and has who watches the clock act on it.
#[derive(Debug, Clone)]
pub struct Deur {
    rechter: Klokrechter,
    bewaker: mpsc::Sender<oneshot::Sender<()>>,
}

/// What the watcher hears: a word that holds, and whom to tell that it was acted on.
pub type Gezegd = mpsc::Receiver<oneshot::Sender<()>>;

impl Deur {
    /// Of the hub with this signing certificate (DER); and where it is heard. `None` where the certificate has no key that can be used.
    pub fn van(certificaat: &[u8]) -> Option<(Self, Gezegd)> {
        let rechter = Klokrechter::van(certificaat)?;
        let (bewaker, gezegd) = mpsc::channel(1);
        Some((Self { rechter, bewaker }, gezegd))
    }

    /// Takes a word as it came.
    ///
    /// # Errors
    /// Why it does not count.
    pub async fn nemen(&self, woord: &[u8], clock: &dyn Clock) -> Result<(), Problem> {
        let uitslag = self.rechter.beoordelen(woord, clock.now());
        let gezegd = uitslag.inspect_err(|probleem| {
            tracing::warn!(gebeurtenis = "klok-niet-bevestigd", code = %probleem.code, reden = probleem.detail);
        });
        let gezegd = gezegd.map_err(|probleem| *probleem)?;
        tracing::warn!(gebeurtenis = "klok-bevestigd", op = %gezegd);
        let (klaar, gedaan) = oneshot::channel();
        let gehoord = self.bewaker.send(klaar).await.is_ok() && gedaan.await.is_ok();
        gehoord.then_some(()).ok_or_else(|| Problem::new(ProblemCode::InterneFout))
    }
}

#[cfg(test)]
mod tests {
    use inbreng_harness::Regio;
    use jsonwebtoken::{Algorithm, EncodingKey, Header};
    use rustls_pki_types::{CertificateDer, pem::PemObject};
    use serde_json::json;
    use time::Duration;

    use super::*;

    #[test]
    fn only_the_hubs_own_word_about_this_minute_counts() {
        let regio = Regio::maken();
        let knooppunt = regio.pki.knooppuntmap();
        let der = CertificateDer::from_pem_file(knooppunt.ondertekening_pem()).unwrap();
        let rechter = Klokrechter::van(&der).unwrap();
        let eigen = fs::read_to_string(knooppunt.ondertekening_key()).unwrap();
        let ander = fs::read_to_string(knooppunt.tls_key()).unwrap();
        let nu = SystemClock.now();
        let zegt = |sleutel: &str, na: Duration| klokwoord(sleutel, nu.plus(na)).unwrap().into_bytes();
        let code = |woord: &[u8]| rechter.beoordelen(woord, nu).map_err(|p| p.code);
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
        let (klok, voor) = ("inbreng-klok+jwt", "urn:inbreng:klok");
        for (typ, aud) in [(Some("at+jwt"), voor), (None, voor), (Some(klok), "urn:nld:oin:00000001000000000000")] {
            let header = Header { typ: typ.map(str::to_owned), ..Header::new(Algorithm::ES256) };
            let woord = jsonwebtoken::encode(&header, &json!({ "aud": aud, "tijd": nu }), &sleutel);
            let woord = woord.unwrap();
            assert_eq!(code(woord.as_bytes()), geen, "{typ:?} {aud}");
        }
    }
}
