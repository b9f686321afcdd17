//! The store that the configuration names: a file, or a database that several hubs share.

use std::{path::PathBuf, sync::Arc};

use inbreng_domain::Clock;
use inbreng_storage_sql::{
    Kastfout, Kastplaats, OpenFout, SqlStore,
    postgres::{self, Plaats},
    sqlite,
};
use serde::Deserialize;

use crate::bevinding::{Bevinding, keten};

/// The table `[opslag]`, after it was checked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Tabel")]
pub enum Opslag {
    /// A file of this hub's own.
    Sqlite {
        /// Where.
        pad: PathBuf,
        /// Largest size in MiB; absent: what the disk has.
        grootste_mib: Option<u32>,
        /// The file with the erasure keys; absent: beside the store.
        sleutels: Option<PathBuf>,
    },
    /// A database.
    Postgres(Database),
}

/// A PostgreSQL database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// `postgres://user@host:5432/database`.
    pub url: String,
    /// File with the password; nothing else stands in it.
    pub wachtwoord_bestand: Option<PathBuf>,
    /// The certificate from which that of the server comes; absent: any public authority's.
    pub tls_wortel: Option<PathBuf>,
    /// False: without TLS, which only an address of this machine may be.
    pub tls: bool,
    /// Connections that read.
    pub lezers: Option<u32>,
    /// The file with the erasure keys, which every hub on the database reaches.
    pub sleutels: PathBuf,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Soort {
    #[default]
    Sqlite,
    Postgres,
}

/// As it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tabel {
    #[serde(default)]
    soort: Soort,
    pad: Option<PathBuf>,
    grootste_mib: Option<u32>,
    url: Option<String>,
    wachtwoord_bestand: Option<PathBuf>,
    tls_wortel: Option<PathBuf>,
    tls: Option<bool>,
    lezers: Option<u32>,
    sleutels: Option<PathBuf>,
}

impl TryFrom<Tabel> for Opslag {
    type Error = &'static str;

    fn try_from(tabel: Tabel) -> Result<Self, Self::Error> {
        let Tabel { soort, pad, grootste_mib, url, wachtwoord_bestand, tls_wortel, tls, lezers, sleutels } = tabel;
        match soort {
            Soort::Sqlite if url.is_some() || wachtwoord_bestand.is_some() || tls_wortel.is_some() || tls.is_some() => {
                Err("voor een bestand alleen `pad` en `grootste_mib`; zet soort = \"postgres\" voor een database")
            }
            Soort::Sqlite if lezers.is_some() => Err("`lezers` hoort bij soort = \"postgres\""),
            Soort::Sqlite => pad.map(|pad| Self::Sqlite { pad, grootste_mib, sleutels }).ok_or("een `pad` naar het bestand"),
            Soort::Postgres if pad.is_some() || grootste_mib.is_some() => {
                Err("voor een database geen `pad` en geen `grootste_mib`, maar een `url`")
            }
            Soort::Postgres => {
                let url = url.ok_or("een `url` als postgres://inbreng@db.example:5432/inbreng")?;
                let sleutels = sleutels.ok_or("`sleutels`: een bestand voor de wissleutels, buiten de database")?;
                Ok(Self::Postgres(Database { url, wachtwoord_bestand, tls_wortel, tls: tls.unwrap_or(true), lezers, sleutels }))
            }
        }
    }
}

impl Opslag {
    /// Its files.
    pub fn paden(&mut self) -> Vec<&mut PathBuf> {
        match self {
            Self::Sqlite { pad, sleutels, .. } => [pad].into_iter().chain(sleutels).collect(),
            Self::Postgres(database) => {
                let bestanden = database.wachtwoord_bestand.iter_mut().chain(&mut database.tls_wortel);
                bestanden.chain([&mut database.sleutels]).collect()
            }
        }
    }

    /// Without what may change while it is open: how one gets in.
    pub fn zonder_toegang(&self) -> Self {
        match self {
            Self::Sqlite { .. } => self.clone(),
            Self::Postgres(database) => {
                Self::Postgres(Database { wachtwoord_bestand: None, tls_wortel: None, ..database.clone() })
            }
        }
    }

    /// The files that say how one gets in.
    pub fn toegangsbestanden(&self) -> Vec<PathBuf> {
        match self {
            Self::Sqlite { .. } => Vec::new(),
            Self::Postgres(Database { wachtwoord_bestand, tls_wortel, .. }) => {
                wachtwoord_bestand.iter().chain(tls_wortel).cloned().collect()
            }
        }
    }

    /// The database, with the password that its file holds now; `None` for a file.
    pub fn plaats(&self) -> Result<Option<Plaats>, Bevinding> {
        match self {
            Self::Sqlite { .. } => Ok(None),
            Self::Postgres(database) => database.plaats().map(Some),
        }
    }

    /// The key that says where it is.
    pub const fn sleutel(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "opslag.pad",
            Self::Postgres(_) => "opslag.url",
        }
    }

    /// Where its erasure keys are.
    pub fn kast(&self) -> Kastplaats {
        match self {
            Self::Sqlite { pad, sleutels: None, .. } => sqlite::naast(pad),
            Self::Sqlite { sleutels: Some(bestand), .. } => Kastplaats::Bestand(bestand.clone()),
            Self::Postgres(database) => Kastplaats::Bestand(database.sleutels.clone()),
        }
    }

    /// Opens it with its erasure keys, both made where they are not there.
    pub async fn openen(&self, clock: Arc<dyn Clock>) -> Result<SqlStore, Bevinding> {
        self.openen_met(&self.kast(), clock).await
    }

    /// The same, with these keys, or none for who reads what needs no key.
    pub async fn openen_met(&self, kast: &Kastplaats, clock: Arc<dyn Clock>) -> Result<SqlStore, Bevinding> {
        match self {
            Self::Sqlite { pad, grootste_mib, .. } => {
                let bytes = grootste_mib.map(|m| u64::from(m) << 20);
                let grenzen = sqlite::Grenzen { bytes, ..sqlite::Grenzen::default() };
                sqlite::open_met(pad, kast, clock, grenzen).await.map_err(|e| {
                    let oplossing =
                        "Geef een bestand in een map waar het knooppunt mag schrijven, van deze of een oudere versie.";
                    self.bevinding(&e, oplossing)
                })
            }
            Self::Postgres(database) => {
                let standaard = postgres::Grenzen::default();
                let grenzen = postgres::Grenzen { lezers: database.lezers.unwrap_or(standaard.lezers), ..standaard };
                postgres::open_met(&database.plaats()?, kast, clock, grenzen).await.map_err(|e| {
                    let oplossing =
                        "Kijk of de database draait en of het knooppunt erin mag; zij moet van deze of een oudere versie zijn.";
                    self.bevinding(&e, oplossing)
                })
            }
        }
    }

    /// Why it did not open, and how to mend it: the store, or its erasure keys.
    fn bevinding(&self, fout: &OpenFout, oplossing: &str) -> Bevinding {
        match fout {
            OpenFout::Kast(kast) => Bevinding::fout("opslag.sleutels", keten(fout), kastoplossing(kast)),
            _ => Bevinding::fout(self.sleutel(), keten(fout), oplossing),
        }
    }
}

/// What helps when the erasure keys cannot be had.
const fn kastoplossing(fout: &Kastfout) -> &'static str {
    match fout {
        Kastfout::Weg => {
            "Zet het bestand met de wissleutels van dit knooppunt terug op zijn plaats. Is het verloren, dan is wat nog niet was \
             bezorgd niet meer te openen: `inbreng restore --db … --sleutels-verloren` laat de adapters het opnieuw sturen."
        }
        Kastfout::Ouder => {
            "Zet nooit een kopie van de wissleutels terug: daarin staan sleutels die zijn vernietigd. Is het bestand van nu verloren, \
             zet de kopie dan weg en gebruik `inbreng restore --db … --sleutels-verloren`."
        }
        _ => "Geef een bestand in een map waar het knooppunt mag schrijven, buiten wat u kopieert.",
    }
}

impl Database {
    /// Where it is, with the password from its file.
    pub fn plaats(&self) -> Result<Plaats, Bevinding> {
        let wachtwoord = self.wachtwoord_bestand.as_ref().map(std::fs::read_to_string).transpose().map_err(|e| {
            Bevinding::fout("opslag.wachtwoord_bestand", e.to_string(), "Geef een bestand dat alleen het knooppunt kan lezen.")
        })?;
        let wachtwoord = wachtwoord.as_deref().map(str::trim_end);
        Plaats::nieuw(&self.url, wachtwoord, self.tls_wortel.clone(), self.tls).map_err(|e| {
            let oplossing = "Geef een adres als postgres://inbreng@db.example:5432/inbreng; het wachtwoord staat in een eigen bestand, \
                en zonder TLS kan alleen een database op deze machine.";
            Bevinding::fout("opslag.url", keten(&e), oplossing)
        })
    }
}
