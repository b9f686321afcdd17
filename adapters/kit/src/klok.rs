//! The clock at the start. An adapter cannot see that it was started by a wrong clock; but what it took has a moment, and a clock that is
//! before the newest of those is wrong, or was. Until it is past it, or somebody has looked, nothing is taken, sent or judged: by such a
//! clock certificates and keys of others do not hold yet, and what is refused by that is refused for good.
//!
//! Who looked says what time it is, by a file beside the store: who can write there has the adapter's rights. It counts where the machine says
//! the same, to the minute; so one that lay there says nothing.
//!
//! Of a clock that is ahead the store says nothing. The hub does: by more than half a minute it gives no token.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use inbreng_domain::{Clock, Tijdstip, clock::gelijk_aan_gezegd};
use time::Duration;

use crate::versbestand;

/// So far the clock may be before what is stored: as far as clocks are led back.
const SPELING: Duration = Duration::minutes(1);

/// How the name of the file begins that says what time it is; the store's own name follows, since several may lie in one folder.
const GEZEGD: &str = "klok-bevestigd-";
/// Largest such file that is read, in bytes.
const LANGSTE: u64 = 64;
/// How long an adapter has to take it: it looks twice a second.
const NEMEN: std::time::Duration = std::time::Duration::from_secs(10);
/// How often it is looked whether it did.
const KIJKEN: std::time::Duration = std::time::Duration::from_millis(100);

/// The newest moment in the store, where the clock was before it at the start; until it is past it.
#[derive(Debug, Default)]
pub(crate) struct Klokstand(Mutex<Option<Tijdstip>>);

impl Klokstand {
    /// What the store says of this moment, at the start.
    pub(crate) fn bij_start(nieuwste: Option<Tijdstip>, nu: Tijdstip) -> Self {
        Self(Mutex::new(nieuwste.filter(|nieuwste| achter(*nieuwste, nu).is_some())))
    }

    /// How far this moment is before what is stored. Once it is not, it is not asked again.
    pub(crate) fn achter(&self, nu: Tijdstip) -> Option<Duration> {
        let mut nieuwste = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let over = achter((*nieuwste)?, nu);
        if over.is_none() {
            *nieuwste = None;
            tracing::warn!("de klok loopt niet meer achter; de adapter gaat verder");
        }
        over
    }

    /// Takes what somebody said of the clock beside this store, where it was said: the clock is right as it stands now, if it says the same.
    pub(crate) fn gezegd(&self, opslag: &Path, nu: Tijdstip) {
        let Some(gezegd) = nemen(&bestand(opslag)) else { return };
        match gezegd {
            Some(gezegd) if gelijk_aan_gezegd(gezegd, nu) => {
                *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
                tracing::warn!(gebeurtenis = "klok-bevestigd", op = %gezegd, "de klok staat goed, is gezegd; de adapter gaat verder");
            }
            gezegd => {
                let op = gezegd.map_or_else(String::new, |op| op.to_string());
                tracing::warn!(
                    gebeurtenis = "klok-niet-bevestigd",
                    op,
                    "wat over de klok is gezegd, is niet wat deze machine zegt"
                );
            }
        }
    }
}

fn bestand(opslag: &Path) -> PathBuf {
    let naam = opslag.file_name().unwrap_or_default().to_string_lossy();
    opslag.with_file_name(format!("{GEZEGD}{naam}"))
}

/// Takes the file away: what it says, where that can be read. `None` where there is none.
fn nemen(bestand: &Path) -> Option<Option<Tijdstip>> {
    let soort = fs::symlink_metadata(bestand).ok()?;
    let tekst = (soort.is_file() && soort.len() <= LANGSTE).then(|| fs::read_to_string(bestand).ok());
    if let Err(fout) = fs::remove_file(bestand) {
        tracing::warn!(reden = %fout, "wat over de klok is gezegd, is niet weg te nemen; het telt niet");
        return None;
    }
    Some(tekst.flatten().and_then(|tekst| Tijdstip::parse(tekst.trim()).ok()))
}

/// Says to the adapter on this store what time it is, and waits until it has heard.
///
/// # Errors
/// Why it does not count, in Dutch: the machine's clock says something else, the file cannot be written, or nobody took it.
pub async fn bevestigen(opslag: &Path, gezegd: Tijdstip, clock: &dyn Clock) -> Result<String, String> {
    let nu = clock.now();
    if !gelijk_aan_gezegd(gezegd, nu) {
        return Err(format!(
            "Deze machine zegt {nu}, en u zegt {gezegd}. Dat scheelt meer dan een minuut. Er is niets bevestigd: zet de klok van de machine              goed."
        ));
    }
    let bestand = bestand(opslag);
    schrijven(&bestand, gezegd).map_err(|fout| format!("{} is niet te schrijven ({fout}).", bestand.display()))?;
    let genomen = tokio::time::timeout(NEMEN, async {
        while fs::symlink_metadata(&bestand).is_ok() {
            tokio::time::sleep(KIJKEN).await;
        }
    });
    if genomen.await.is_ok() {
        return Ok(format!("Bevestigd om {nu}: de klok van de adapter staat goed."));
    }
    // It is not for an adapter that starts later.
    let _gone = fs::remove_file(&bestand);
    Err("De adapter draait niet, of twijfelt niet aan zijn klok. Er is niets bevestigd.".to_owned())
}

/// Whole or not at all, and readable for the adapter whoever writes it: it is no secret. Who writes it may be root, in a folder of the
/// adapter's.
fn schrijven(bestand: &Path, gezegd: Tijdstip) -> io::Result<()> {
    let tijdelijk = bestand.with_extension(format!("{}.nieuw", std::process::id()));
    versbestand::maken(&tijdelijk, 0o644)?.write_all(gezegd.to_string().as_bytes())?;
    fs::rename(&tijdelijk, bestand)
}

/// How far this moment is before the newest that is stored, where that is more than clocks are led back.
pub(crate) fn achter(nieuwste: Tijdstip, nu: Tijdstip) -> Option<Duration> {
    Some(nieuwste.since(nu)).filter(|achter| *achter > SPELING)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testsleutels::nu;

    #[test]
    fn a_clock_before_the_store_is_wrong_until_it_is_past_it_or_somebody_has_looked() {
        let (vroeger, later) = (nu().plus(-Duration::HOUR), nu().plus(Duration::HOUR));
        assert_eq!(Klokstand::bij_start(None, vroeger).achter(vroeger), None, "an empty store says nothing");
        let stand = Klokstand::bij_start(Some(nu()), later);
        assert_eq!(stand.achter(vroeger), None, "it was right at the start");
        assert_eq!(Klokstand::bij_start(Some(nu()), nu().plus(-SPELING)).achter(vroeger), None, "as far as clocks are led back");

        let stand = Klokstand::bij_start(Some(nu()), vroeger);
        assert_eq!(stand.achter(vroeger), Some(Duration::HOUR));
        assert_eq!(stand.achter(nu()), None);
        assert_eq!(stand.achter(vroeger), None, "once it was past it");
    }

    #[test]
    fn who_looked_is_believed_when_the_machine_says_the_same_now() {
        let map = tempfile::tempdir().unwrap();
        let opslag = map.path().join("adapter.sqlite");
        let vroeger = nu().plus(-Duration::HOUR);
        let stand = Klokstand::bij_start(Some(nu()), vroeger);
        let zegt = |tekst: &[u8]| {
            fs::write(bestand(&opslag), tekst).unwrap();
            stand.gezegd(&opslag, vroeger);
            assert!(!bestand(&opslag).exists(), "it is heard once");
            stand.achter(vroeger)
        };
        stand.gezegd(&opslag, vroeger);
        let achter = Some(Duration::HOUR);
        assert_eq!(stand.achter(vroeger), achter, "nobody said anything");
        for fout in [nu().to_string(), vroeger.plus(Duration::seconds(61)).to_string(), String::new(), "a".repeat(100)] {
            assert_eq!(zegt(fout.as_bytes()), achter, "{fout}");
        }
        assert_eq!(zegt(&[0xff, 0xfe]), achter);
        assert_eq!(zegt(vroeger.plus(Duration::MINUTE).to_string().as_bytes()), None);
        // Not the file of another store in the same folder.
        let ander = Klokstand::bij_start(Some(nu()), vroeger);
        fs::write(bestand(&map.path().join("ander.sqlite")), vroeger.to_string()).unwrap();
        ander.gezegd(&opslag, vroeger);
        assert_eq!(ander.achter(vroeger), achter);
    }

    /// The names are known beforehand, and the folder is the adapter's: what lies there leads nowhere.
    #[test]
    fn a_link_that_lay_there_is_not_followed() {
        let map = tempfile::tempdir().unwrap();
        let opslag = map.path().join("adapter.sqlite");
        let doel = map.path().join("van-root");
        fs::write(&doel, "van root").unwrap();
        let gezegd = bestand(&opslag);
        for link in [gezegd.clone(), gezegd.with_extension(format!("{}.nieuw", std::process::id()))] {
            std::os::unix::fs::symlink(&doel, link).unwrap();
        }
        schrijven(&gezegd, nu()).unwrap();
        assert_eq!(fs::read_to_string(&doel).unwrap(), "van root");
        assert!(fs::symlink_metadata(&gezegd).unwrap().is_file());
        assert_eq!(nemen(&gezegd), Some(Some(nu())));
    }

    #[tokio::test]
    async fn it_is_said_to_an_adapter_that_listens_and_to_no_later_one() {
        let map = tempfile::tempdir().unwrap();
        let opslag = map.path().join("adapter.sqlite");
        let clock = inbreng_domain::clock::FixedClock::at(nu());
        let fout = bevestigen(&opslag, nu().plus(Duration::HOUR), &clock).await.unwrap_err();
        assert!(fout.contains("scheelt meer dan een minuut"), "{fout}");
        assert_eq!(fs::read_dir(map.path()).unwrap().count(), 0, "nothing was said");
        let stand = Klokstand::bij_start(Some(nu().plus(Duration::HOUR)), nu());
        let luistert = async {
            while stand.achter(nu()).is_some() {
                stand.gezegd(&opslag, nu());
                tokio::task::yield_now().await;
            }
        };
        let (gezegd, ()) = tokio::join!(bevestigen(&opslag, nu(), &clock), luistert);
        assert!(gezegd.unwrap().starts_with("Bevestigd om "));
        assert_eq!(fs::read_dir(map.path()).unwrap().count(), 0);
    }
}
