//! Where a log is read from: a store, or an export as lines of JSON; and how that export is written.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Write},
    path::Path,
    process::ExitCode,
};

use inbreng_domain::{Clock, Digest, clock::SystemClock, schermtekst};
use inbreng_pipeline::{
    Narekening,
    logexport::{self, Exportfout},
};
use inbreng_storage::{Blad, Logboek};

use super::{Uitkomst, in_woorden};
use crate::{
    bevinding::keten,
    cli::Logplaats,
    opslaglezer::{met_runtime, openen},
};

/// Leaves read from a store at a time.
const BLADZIJDE: usize = 4096;

/// Recomputes a whole log.
pub async fn narekenen(plaats: &Logplaats, narekening: &mut Narekening) -> Uitkomst<()> {
    match plaats {
        Logplaats { db: Some(db), .. } => {
            let store = openen(db).await?;
            narekening.uit_opslag(&store, SystemClock.now()).await.map_err(|e| in_woorden(&e))?;
            let _closed = store.sluiten().await;
            Ok(())
        }
        Logplaats { export: Some(export), .. } => {
            bladen(export, |bladen| narekening.bladen(bladen).map(drop).map_err(|e| in_woorden(&e)))?;
            narekening.gedekt(SystemClock.now()).map_err(|e| in_woorden(&e))
        }
        Logplaats { .. } => Err("noem --db of --export".into()),
    }
}

/// How many leaves there are, and the place of a leaf by its hash.
pub async fn opzoeken(plaats: &Logplaats, hash: Option<Digest>) -> Uitkomst<(u64, Option<u64>)> {
    match plaats {
        Logplaats { db: Some(db), .. } => {
            let store = openen(db).await?;
            let (omvang, _) = store.hoofd().await.map_err(|e| keten(&e))?;
            let index = match hash {
                Some(hash) => store.bladindex(hash).await.map_err(|e| keten(&e))?,
                None => None,
            };
            let _closed = store.sluiten().await;
            Ok((omvang, index))
        }
        Logplaats { export: Some(export), .. } => {
            let (mut omvang, mut gevonden) = (0, None);
            bladen(export, |bladen| {
                gevonden = gevonden.or_else(|| bladen.iter().find(|b| Some(b.hash) == hash).map(|b| b.index));
                omvang += bladen.len() as u64;
                Ok(())
            })?;
            Ok((omvang, gevonden))
        }
        Logplaats { .. } => Err("noem --db of --export".into()),
    }
}

/// The leaves of an export, some at a time.
fn bladen(export: &Path, mut neem: impl FnMut(&[Blad]) -> Uitkomst<()>) -> Uitkomst<()> {
    let niet = |e: io::Error| format!("{} is niet te lezen ({e})", export.display());
    let bron = BufReader::new(File::open(export).map_err(niet)?);
    logexport::lezen(bron, |bladen| neem(bladen).map_err(Onderbroken::Neem)).map_err(|fout| match fout {
        Onderbroken::Neem(waarom) => waarom,
        Onderbroken::Export(Exportfout::Lezen(e)) => niet(e),
        Onderbroken::Export(Exportfout::GeenBlad(nummer)) => format!("regel {nummer} is geen blad"),
        Onderbroken::Export(Exportfout::Zout(nummer)) => format!("regel {nummer} heeft geen geldig zout"),
    })
}

/// Why the reading of an export stopped: at itself, or at what was made of it.
enum Onderbroken {
    Export(Exportfout),
    Neem(String),
}

impl From<Exportfout> for Onderbroken {
    fn from(fout: Exportfout) -> Self {
        Self::Export(fout)
    }
}

/// `inbreng log export`.
pub fn export(db: &Path, uit: &Path) -> ExitCode {
    match met_runtime(schrijven(db, uit)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(waarom) => {
            let _gone = writeln!(io::stderr(), "{}", schermtekst::regels(&waarom));
            ExitCode::FAILURE
        }
    }
}

/// Where an export goes: a new file, or standard output.
pub fn doel(uit: &Path) -> Uitkomst<Box<dyn Write>> {
    Ok(if uit == Path::new("-") {
        Box::new(BufWriter::new(io::stdout()))
    } else {
        Box::new(BufWriter::new(File::create_new(uit).map_err(|e| format!("{} is niet te maken ({e})", uit.display()))?))
    })
}

async fn schrijven(db: &Path, uit: &Path) -> Uitkomst<()> {
    let store = openen(db).await?;
    let (omvang, _) = store.hoofd().await.map_err(|e| keten(&e))?;
    let mut doel = doel(uit)?;
    let niet = |e: io::Error| format!("de export is niet te schrijven ({e})");
    let mut gelezen = 0;
    while gelezen < omvang {
        let hoogstens = u32::try_from((omvang - gelezen).min(BLADZIJDE as u64)).unwrap_or(1);
        let bladen = store.bladen(gelezen, hoogstens).await.map_err(|e| keten(&e))?;
        if bladen.is_empty() {
            return Err(format!("blad {gelezen} ontbreekt"));
        }
        gelezen += bladen.len() as u64;
        for blad in bladen {
            logexport::schrijven(&mut doel, blad).map_err(niet)?;
        }
    }
    doel.flush().map_err(niet)?;
    let _closed = store.sluiten().await;
    Ok(())
}
