//! The bus that the configuration names: inside this process, or RabbitMQ between several.

use std::{path::PathBuf, sync::Arc, time::Duration};

use actix_web::web::Data;
use inbreng_api::{Knooppunt, drempels::Verbruik};
use inbreng_bus::{
    Bus as _, Busstand,
    amqp::{AmqpBus, AmqpFout, Instellingen, Knoop, KnoopFout, Naam},
};
use inbreng_domain::Randomness;
use serde::Deserialize;
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, MissedTickBehavior},
};

use crate::bevinding::{Bevinding, keten};

/// How often the others hear what partners asked here.
const VERTELLEN: Duration = Duration::from_millis(250);
/// How often it is looked whether the store answers.
const VOLGEN: Duration = Duration::from_secs(2);
/// After how long without an answer of the store others may bring what is brought here.
const ZONDER_OPSLAG: Duration = Duration::from_secs(8);
/// Partners in one message about that.
const PER_OMROEP: usize = 500;

/// The table `[bus]`, after it was checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Tabel")]
pub enum Bus {
    /// This process is alone on its store.
    #[default]
    Embedded,
    /// Several processes share a store.
    Rabbitmq(Makelaar),
}

/// A RabbitMQ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Makelaar {
    /// Its nodes, tried in turn: `amqps://user@host:5671/vhost`.
    pub urls: Vec<String>,
    /// File with the password; nothing else stands in it.
    pub wachtwoord_bestand: PathBuf,
    /// The certificate from which those of the nodes come.
    pub tls_wortel: Option<PathBuf>,
    /// What every name begins with.
    pub naam: String,
    /// Shards.
    pub aandelen: u16,
    /// Offers that wait for their confirmation, at most.
    pub venster: u16,
    /// How long each may.
    pub bevestigen_seconden: u16,
    /// How long any other answer may take.
    pub antwoorden_seconden: u16,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Soort {
    #[default]
    Embedded,
    Rabbitmq,
}

/// As it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tabel {
    #[serde(default)]
    soort: Soort,
    urls: Option<Vec<String>>,
    wachtwoord_bestand: Option<PathBuf>,
    tls_wortel: Option<PathBuf>,
    naam: Option<String>,
    aandelen: Option<u16>,
    venster: Option<u16>,
    bevestigen_seconden: Option<u16>,
    antwoorden_seconden: Option<u16>,
}

impl TryFrom<Tabel> for Bus {
    type Error = &'static str;

    fn try_from(tabel: Tabel) -> Result<Self, Self::Error> {
        let Tabel {
            soort,
            urls,
            wachtwoord_bestand,
            tls_wortel,
            naam,
            aandelen,
            venster,
            bevestigen_seconden,
            antwoorden_seconden,
        } = tabel;
        if soort == Soort::Embedded {
            let getallen = [aandelen, venster, bevestigen_seconden, antwoorden_seconden].iter().any(Option::is_some);
            if getallen || urls.is_some() || wachtwoord_bestand.is_some() || tls_wortel.is_some() || naam.is_some() {
                return Err("zonder soort = \"rabbitmq\" niets");
            }
            return Ok(Self::Embedded);
        }
        let urls = urls.filter(|u| !u.is_empty()).ok_or("bij `urls` adressen als amqps://inbreng@mq.example:5671/inbreng")?;
        let wachtwoord_bestand = wachtwoord_bestand.ok_or("een `wachtwoord_bestand`")?;
        let binnen = |waarde: Option<u16>, standaard: u16, grens: std::ops::RangeInclusive<u16>, fout: &'static str| {
            let waarde = waarde.unwrap_or(standaard);
            if grens.contains(&waarde) { Ok(waarde) } else { Err(fout) }
        };
        Ok(Self::Rabbitmq(Makelaar {
            urls,
            wachtwoord_bestand,
            tls_wortel,
            naam: naam.unwrap_or_else(|| "inbreng".to_owned()),
            aandelen: binnen(aandelen, 16, 1..=256, "`aandelen` van 1 tot en met 256")?,
            venster: binnen(venster, 256, 1..=10_000, "een `venster` van 1 tot en met 10000")?,
            bevestigen_seconden: binnen(bevestigen_seconden, 5, 1..=60, "`bevestigen_seconden` van 1 tot en met 60")?,
            antwoorden_seconden: binnen(antwoorden_seconden, 5, 1..=60, "`antwoorden_seconden` van 1 tot en met 60")?,
        }))
    }
}

impl Bus {
    /// Its files.
    pub fn paden(&mut self) -> Vec<&mut PathBuf> {
        match self {
            Self::Embedded => Vec::new(),
            Self::Rabbitmq(m) => std::iter::once(&mut m.wachtwoord_bestand).chain(&mut m.tls_wortel).collect(),
        }
    }

    /// Without what may change while it runs: its nodes, and how one gets in.
    pub fn zonder_toegang(&self) -> Self {
        match self {
            Self::Embedded => Self::Embedded,
            Self::Rabbitmq(makelaar) => Self::Rabbitmq(Makelaar {
                urls: Vec::new(),
                wachtwoord_bestand: PathBuf::new(),
                tls_wortel: None,
                ..makelaar.clone()
            }),
        }
    }

    /// The files that say how one gets in.
    pub fn toegangsbestanden(&self) -> Vec<PathBuf> {
        match self {
            Self::Embedded => Vec::new(),
            Self::Rabbitmq(m) => std::iter::once(&m.wachtwoord_bestand).chain(&m.tls_wortel).cloned().collect(),
        }
    }

    /// How the broker is used, with the password that its file holds now; `None` where there is none.
    ///
    /// # Errors
    /// What is wrong with the addresses or files.
    pub fn instellingen(&self) -> Result<Option<Instellingen>, Bevinding> {
        match self {
            Self::Embedded => Ok(None),
            Self::Rabbitmq(makelaar) => makelaar.instellingen().map(Some),
        }
    }

    /// The bus between processes, not connected yet; `None` where there is none.
    ///
    /// # Errors
    /// As [`Self::instellingen`].
    pub fn maken(&self, random: Arc<dyn Randomness>) -> Result<Option<Arc<AmqpBus>>, Bevinding> {
        Ok(self.instellingen()?.map(|instellingen| Arc::new(AmqpBus::new(instellingen, random))))
    }
}

impl Makelaar {
    fn instellingen(&self) -> Result<Instellingen, Bevinding> {
        let lezen = |sleutel: &str, pad: &PathBuf| {
            std::fs::read_to_string(pad).map_err(|e| {
                let wat = format!("{} is niet te lezen ({e})", pad.display());
                Bevinding::fout(sleutel, wat, "Geef een bestand dat het knooppunt kan lezen, en anderen niet.")
            })
        };
        let wachtwoord = lezen("bus.wachtwoord_bestand", &self.wachtwoord_bestand)?;
        let wortel = self.tls_wortel.as_ref().map(|pad| lezen("bus.tls_wortel", pad)).transpose()?;
        let naam = Naam::nieuw(&self.naam).ok_or_else(|| {
            let wat = format!("`{}` kan geen naam zijn", self.naam);
            Bevinding::fout("bus.naam", wat, "Gebruik hoogstens 40 kleine letters, cijfers en streepjes.")
        })?;
        let knoop = |url: &String| Knoop::nieuw(url, wachtwoord.trim_end(), wortel.clone()).map_err(|e| knoopfout(&e));
        let knopen = self.urls.iter().map(knoop).collect::<Result<Vec<_>, _>>()?;
        Ok(Instellingen {
            aandelen: self.aandelen,
            venster: self.venster,
            bevestigen: Duration::from_secs(self.bevestigen_seconden.into()),
            antwoorden: Duration::from_secs(self.antwoorden_seconden.into()),
            ..Instellingen::new(knopen, naam)
        })
    }
}

fn knoopfout(fout: &KnoopFout) -> Bevinding {
    if *fout == KnoopFout::ZonderWortel {
        let oplossing = "Noem bij bus.tls_wortel het bestand met het certificaat van wie de certificaten van RabbitMQ uitgeeft.";
        return Bevinding::fout("bus.tls_wortel", keten(fout), oplossing);
    }
    let oplossing = "Geef adressen als amqps://inbreng@mq.example:5671/inbreng; het wachtwoord staat in een eigen bestand, en zonder \
        TLS (amqp://) kan alleen een RabbitMQ op deze machine.";
    Bevinding::fout("bus.urls", keten(fout), oplossing)
}

/// Whether the broker is there and lets this hub do what it must. A hub starts without: it accepts, and brings more slowly.
pub async fn controleren(bus: &AmqpBus) -> Option<Bevinding> {
    let fout = bus.proberen().await.err()?;
    let oplossing = match fout {
        AmqpFout::TeTraag => "Kijk of RabbitMQ draait, en of het adres en de poort van hieruit te bereiken zijn.",
        _ => {
            "Kijk of RabbitMQ draait, of zijn certificaat van bus.tls_wortel komt, en of gebruiker, wachtwoord en rechten kloppen \
             (docs/operations/rabbitmq.md). Zonder RabbitMQ neemt het knooppunt aan, en bezorgt het langzamer."
        }
    };
    Some(Bevinding::let_op("bus.urls", keten(&fout), oplossing))
}

/// What operators see of it.
pub fn weergave(stand: Busstand) -> serde_json::Value {
    serde_json::json!({
        "verbonden": stand.verbonden,
        "onbevestigd": stand.onbevestigd,
        "aandelenHier": stand.aandelen_hier,
        "aandelen": stand.aandelen,
    })
}

/// Tells the other processes what each partner asked here, and hears what it asked there, for as long as the process lives.
pub async fn drempels_delen(bus: Arc<AmqpBus>, knooppunt: Data<Knooppunt>) {
    let (mut horen, mut tik) = (bus.omroep(), tokio::time::interval(VERTELLEN));
    tik.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = tik.tick() => {
                knooppunt.drempels.aflossen();
                let verbruik = knooppunt.drempels.verbruik();
                for deel in verbruik.chunks(PER_OMROEP) {
                    bus.omroepen(serde_json::to_vec(deel).unwrap_or_default());
                }
            }
            gehoord = horen.recv() => match gehoord {
                Ok(inhoud) => {
                    if let Ok(verbruik) = serde_json::from_slice::<Vec<Verbruik>>(&inhoud) {
                        knooppunt.drempels.elders(&verbruik);
                    }
                }
                // What is missed is used twice, once.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            },
        }
    }
}

/// Follows whether the store answers this process, for as long as it lives: without, it can bring nothing, and others take its shards.
pub async fn opslag_volgen(bus: Arc<AmqpBus>, knooppunt: Data<Knooppunt>) {
    let (mut tik, mut gezien, mut rust) = (tokio::time::interval(VOLGEN), Instant::now(), false);
    tik.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tik.tick().await;
        if matches!(tokio::time::timeout(ZONDER_OPSLAG, knooppunt.hub.checkpoint()).await, Ok(Ok(_))) {
            gezien = Instant::now();
        }
        let zonder = gezien.elapsed() > ZONDER_OPSLAG;
        if zonder != rust {
            rust = zonder;
            bus.rusten(rust);
            tracing::warn!(gebeurtenis = if rust { "bus-rust-zonder-opslag" } else { "bus-weer-aan-het-werk" });
        }
    }
}

/// Ends it, so that another process takes over at once.
pub async fn sluiten(bus: Option<Arc<AmqpBus>>) {
    if let Some(bus) = bus {
        bus.sluiten().await;
        tracing::info!(gebeurtenis = "bus-gesloten", aantal = bus.stand().map_or(0, |s| s.onbevestigd));
    }
}
