//! `inbreng backup`, `restore` and `heropen`: a copy of the store while the hub runs, a hub put back from it, and giving out again.
//!
//! A copy is verified before it gets its name, and again before it is put back: every page and reference, every leaf and node of
//! the log, and the head that someone kept, where one is given.

mod backup;
mod heropen;
mod restore;

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use inbreng_domain::{Clock, Digest, Tijdstip, clock::SystemClock, schermtekst};
use inbreng_pipeline::Narekening;
use inbreng_storage::{Berichten, Tellingen};
use inbreng_storage_sql::{SqlStore, sqlite::kopie};
use serde::Serialize;
use tempfile::{TempDir, TempPath};

pub use backup::{Backupopties, backup};
pub use heropen::{Heropenopties, heropen};
pub use restore::{Restoreopties, restore};

use crate::{
    bevinding::keten,
    logboek::{Uitkomst, in_woorden, kop},
    opslaglezer::openen,
};

/// A head of the log that someone kept.
#[derive(Debug, Args)]
pub struct Bewaard {
    /// Een bewaarde kop van het logboek (JWS): de kopie moet ermee kloppen.
    #[arg(long, value_name = "BESTAND", requires = "certificaat")]
    pub checkpoint: Option<PathBuf>,
    /// Het ondertekeningscertificaat van het knooppunt (PEM), om de kop mee te controleren.
    #[arg(long, value_name = "BESTAND", requires = "checkpoint")]
    pub certificaat: Option<PathBuf>,
}

/// What a verified store holds.
#[derive(Debug, Serialize)]
struct Inhoud {
    bladen: u64,
    wortel: Digest,
    /// The moment of the newest leaf.
    tot: Option<Tijdstip>,
    berichten: u64,
    leveringen: u64,
    open: u64,
}

/// Verifies a file that nobody works on; gives it open.
async fn nagaan(bestand: &Path, bewaard: &Bewaard) -> Uitkomst<(SqlStore, Inhoud)> {
    kopie::heel(bestand).await.map_err(|e| keten(&e))?;
    let store = openen(bestand).await?;
    let inhoud = inhoud_van(&store, bewaard).await?;
    Ok((store, inhoud))
}

/// What a store holds, its log recomputed and held against the head that someone kept.
async fn inhoud_van(store: &SqlStore, bewaard: &Bewaard) -> Uitkomst<Inhoud> {
    let kop = match (&bewaard.checkpoint, &bewaard.certificaat) {
        (Some(checkpoint), Some(certificaat)) => Some(kop(checkpoint, certificaat)?),
        _ => None,
    };
    let mut narekening = Narekening::met(kop.iter().map(|k| k.omvang), []).map_err(|e| in_woorden(&e))?;
    narekening.uit_opslag(store, SystemClock.now()).await.map_err(|e| format!("het logboek klopt niet: {}", in_woorden(&e)))?;
    if let Some(kop) = kop {
        narekening.past_bij(&kop).map_err(|e| in_woorden(&e))?;
    }
    let Tellingen { berichten, leveringen, open, .. } = store.tellingen().await.map_err(|e| keten(&e))?;
    let (bladen, wortel) = (narekening.omvang(), narekening.wortel().map_err(|e| in_woorden(&e))?);
    let tot = inbreng_pipeline::herstel::jongste(store).await.map_err(|e| keten(&e))?;
    Ok(Inhoud { bladen, wortel, tot, berichten, leveringen, open })
}

/// Whether a store is a database, which PostgreSQL's own programs copy and put back.
fn is_database(db: &Path) -> bool {
    db.to_str().is_some_and(|db| db.starts_with("postgres://"))
}

/// Closes a store so that all of it is in the one file.
async fn sluiten(store: SqlStore, bestand: &Path) -> Uitkomst<()> {
    store.sluiten().await.map_err(|e| keten(&e))?;
    let [wal, _] = naast(bestand);
    if wal.metadata().is_ok_and(|m| m.len() > 0) { Err(format!("{} is na het sluiten niet leeg", wal.display())) } else { Ok(()) }
}

/// The files that SQLite keeps beside a store.
fn naast(bestand: &Path) -> [PathBuf; 2] {
    ["-wal", "-shm"].map(|eind| {
        let mut naam = bestand.as_os_str().to_owned();
        naam.push(eind);
        naam.into()
    })
}

/// A file that is being made: in a folder of its own beside where it goes, for its owner alone. It goes with that folder, and
/// whatever lies beside it, unless it is placed.
struct Onaf {
    _map: TempDir,
    bestand: PathBuf,
}

impl Onaf {
    fn voor(doel: &Path) -> Uitkomst<Self> {
        let map = map_van(doel);
        let niet = |e: io::Error| format!("in {} is niets te maken ({e})", map.display());
        let eigen = tempfile::Builder::new().prefix(".inbreng-").tempdir_in(map).map_err(niet)?;
        let bestand = eigen.path().join("onaf.sqlite");
        let mut opties = OpenOptions::new();
        opties.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut opties, 0o600);
        opties.open(&bestand).map_err(niet)?;
        Ok(Self { _map: eigen, bestand })
    }

    /// Gives it its name, where nothing bears it yet, and makes both durable.
    fn plaatsen(self, doel: &Path) -> Uitkomst<()> {
        let niet = |e: &io::Error| format!("{} is niet te schrijven ({e})", doel.display());
        File::open(&self.bestand).and_then(|f| f.sync_all()).map_err(|e| niet(&e))?;
        let bestand = TempPath::try_from_path(&self.bestand).map_err(|e| niet(&e))?;
        bestand.persist_noclobber(doel).map_err(|e| niet(&e.error))?;
        File::open(map_van(doel)).and_then(|map| map.sync_all()).map_err(|e| niet(&e))
    }
}

fn map_van(bestand: &Path) -> &Path {
    bestand.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

/// Refuses a name that something bears.
fn vrij(doel: &Path) -> Uitkomst<()> {
    match [doel.to_owned()].into_iter().chain(naast(doel)).find(|pad| pad.symlink_metadata().is_ok()) {
        Some(er) => Err(format!("{} is er al; er wordt niets overschreven", er.display())),
        None => Ok(()),
    }
}

/// Prints a result: the text, or the object; what went wrong on standard error, or as the object.
fn melden<T: Serialize>(json: bool, uitslag: Uitkomst<(String, T)>) -> ExitCode {
    let als_json = |ok: bool, waarde: serde_json::Value| {
        let mut uit = serde_json::json!({ "ok": ok });
        if let (Some(uit), serde_json::Value::Object(waarde)) = (uit.as_object_mut(), waarde) {
            uit.extend(waarde);
        }
        schermtekst::json(&uit.to_string()).into_owned()
    };
    let (goed, tekst) = match uitslag {
        Ok((tekst, waarde)) => {
            (true, if json { als_json(true, serde_json::to_value(waarde).unwrap_or_default()) } else { tekst })
        }
        Err(waarom) if json => (false, als_json(false, serde_json::json!({ "reden": waarom }))),
        Err(waarom) => (false, waarom),
    };
    let tekst = schermtekst::regels(&tekst);
    let _gone = if goed || json { writeln!(io::stdout(), "{tekst}") } else { writeln!(io::stderr(), "{tekst}") };
    if goed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
