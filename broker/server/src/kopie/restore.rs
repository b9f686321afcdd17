//! `inbreng restore`: a hub put back from a copy. It starts closed: until its partners have sent again what the copy cannot have,
//! it gives out nothing.

use std::{
    collections::BTreeSet,
    fs::{File, OpenOptions},
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use inbreng_domain::{Oin, Tijdstip, clock::SystemClock, receipts::Herstelpunt};
use inbreng_pipeline::herstel;
use inbreng_proof::SystemRandomness;
use inbreng_storage_sql::{SqlStore, sleutels_verloren, sleutels_verloren_van};
use serde::Serialize;

use super::{Bewaard, Inhoud, Onaf, inhoud_van, is_database, melden, nagaan, sluiten, vrij};
use crate::{
    bevinding::keten,
    logboek::Uitkomst,
    opslaglezer::{met_runtime, openen, plaats},
};

/// What is put back, and where.
#[derive(Debug, Args)]
pub struct Restoreopties {
    /// De kopie; geen bij een database, die u al met de middelen van PostgreSQL hebt teruggezet.
    #[arg(value_name = "KOPIE")]
    pub kopie: Option<PathBuf>,
    /// Waar de opslag van het knooppunt komt te staan, en nog niets mag zijn; of de database die is teruggezet (postgres://…).
    #[arg(long, value_name = "BESTAND")]
    pub db: PathBuf,
    /// De wissleutels zijn verloren: wat nog niet was bezorgd of alleen te bekijken is, vraagt het knooppunt opnieuw aan wie het
    /// stuurde. Zonder KOPIE voor de opslag zoals die er staat; het knooppunt moet zijn gestopt.
    #[arg(long)]
    pub sleutels_verloren: bool,
    #[command(flatten)]
    pub bewaard: Bewaard,
    /// Geef de uitslag als JSON.
    #[arg(long)]
    pub json: bool,
}

/// What was put back.
#[derive(Debug, Serialize)]
struct Teruggezet {
    #[serde(flatten)]
    inhoud: Inhoud,
    hersteld: Herstelpunt,
    /// Who must send again what came after the copy.
    wacht_op: BTreeSet<Oin>,
}

/// Puts a hub back.
pub fn restore(opties: &Restoreopties) -> ExitCode {
    let uitslag = met_runtime(terugzetten(opties)).map(|teruggezet| {
        let Inhoud { bladen, berichten, leveringen, .. } = &teruggezet.inhoud;
        let tekst = format!(
            "Teruggezet in {}: {berichten} berichten, {leveringen} leveringen, {bladen} bladen, tot {}.\nHet knooppunt geeft niets uit \
             totdat {} organisaties hebben nagezonden wat daarna kwam. Hun adapters doen dat zelf zodra het knooppunt draait; \
             `inbreng heropen --db {}` toont wie er nog ontbreekt.",
            opties.db.display(),
            teruggezet.hersteld.tot,
            teruggezet.wacht_op.len(),
            opties.db.display()
        );
        (tekst, teruggezet)
    });
    melden(opties.json, uitslag)
}

async fn terugzetten(opties: &Restoreopties) -> Uitkomst<Teruggezet> {
    let Restoreopties { kopie, db, bewaard, sleutels_verloren, .. } = opties;
    match kopie {
        None if is_database(db) || *sleutels_verloren => ter_plaatse(db, bewaard, *sleutels_verloren).await,
        None => Err("noem de kopie die moet worden teruggezet".to_owned()),
        Some(_) if is_database(db) => {
            Err("zet een database terug met de middelen van PostgreSQL, en draai dit daarna zonder kopie te noemen".to_owned())
        }
        Some(kopie) => uit_bestand(kopie, db, bewaard, *sleutels_verloren).await,
    }
}

async fn uit_bestand(kopie: &Path, db: &Path, bewaard: &Bewaard, verloren: bool) -> Uitkomst<Teruggezet> {
    vrij(db)?;
    let onaf = Onaf::voor(db)?;
    // Not `fs::copy`: that would give the copy's rights too.
    let overnemen = || io::copy(&mut File::open(kopie)?, &mut OpenOptions::new().write(true).open(&onaf.bestand)?);
    overnemen().map_err(|e| format!("{} is niet over te nemen ({e})", kopie.display()))?;
    let (store, inhoud) = nagaan(&onaf.bestand, bewaard).await?;
    let sinds = vergeten(&onaf.bestand, verloren).await?;
    let teruggezet = merken(&store, inhoud, sinds).await?;
    sluiten(store, &onaf.bestand).await?;
    onaf.plaatsen(db)?;
    Ok(teruggezet)
}

/// Marks a store where it stands, so that the hubs on it start closed: a database that was put back by other means, or one whose
/// keys are lost.
async fn ter_plaatse(db: &Path, bewaard: &Bewaard, verloren: bool) -> Uitkomst<Teruggezet> {
    let store = openen(db).await?;
    let inhoud = inhoud_van(&store, bewaard).await?;
    let sinds = vergeten(db, verloren).await?;
    let teruggezet = merken(&store, inhoud, sinds).await?;
    store.sluiten().await.map_err(|e| keten(&e))?;
    Ok(teruggezet)
}

/// Has the store forget its keys where they are lost; gives since when it misses something.
async fn vergeten(db: &Path, verloren: bool) -> Uitkomst<Option<Tijdstip>> {
    match (verloren, is_database(db)) {
        (false, _) => Ok(None),
        (true, false) => sleutels_verloren(db).await.map_err(|e| keten(&e)),
        (true, true) => sleutels_verloren_van(&plaats(db)?).await.map_err(|e| keten(&e)),
    }
}

async fn merken(store: &SqlStore, inhoud: Inhoud, sinds: Option<Tijdstip>) -> Uitkomst<Teruggezet> {
    let hersteld = herstel::merken_sinds(store, sinds, &SystemClock, &SystemRandomness).await.map_err(|e| keten(&e))?;
    let stand = herstel::stand(store).await.map_err(|e| keten(&e))?.ok_or("het herstel is niet vastgelegd")?;
    let wacht_op = herstel::ontbreken(store, &stand).await.map_err(|e| keten(&e))?;
    Ok(Teruggezet { inhoud, hersteld, wacht_op })
}
