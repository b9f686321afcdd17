//! `inbreng backup`: a copy of the store while the hub runs, verified before it gets its name.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use inbreng_domain::{Clock, clock::SystemClock};
use inbreng_storage_sql::sqlite::kopie::kopieren;
use serde::Serialize;

use super::{Bewaard, Inhoud, Onaf, is_database, melden, nagaan, sluiten, vrij};
use crate::{bevinding::keten, logboek::Uitkomst, opslaglezer::met_runtime};

/// What is copied, and where to.
#[derive(Debug, Args)]
pub struct Backupopties {
    /// De opslag van het knooppunt.
    #[arg(long, value_name = "BESTAND")]
    pub db: PathBuf,
    /// Waarheen: een nieuw bestand, of een map waarin een bestand met het moment in de naam komt.
    #[arg(value_name = "DOEL")]
    pub doel: PathBuf,
    #[command(flatten)]
    pub bewaard: Bewaard,
    /// Geef de uitslag als JSON.
    #[arg(long)]
    pub json: bool,
}

/// What was made.
#[derive(Debug, Serialize)]
struct Gemaakt {
    bestand: PathBuf,
    #[serde(flatten)]
    inhoud: Inhoud,
}

/// Makes a copy.
pub fn backup(opties: &Backupopties) -> ExitCode {
    let uitslag = met_runtime(maken(opties)).map(|gemaakt| {
        let Inhoud { bladen, wortel, berichten, leveringen, .. } = &gemaakt.inhoud;
        let tekst = format!(
            "De kopie staat in {} en is nagerekend: {berichten} berichten, {leveringen} leveringen, {bladen} bladen, wortel {wortel}.",
            gemaakt.bestand.display()
        );
        (tekst, gemaakt)
    });
    melden(opties.json, uitslag)
}

async fn maken(opties: &Backupopties) -> Uitkomst<Gemaakt> {
    let Backupopties { db, doel, bewaard, .. } = opties;
    if is_database(db) {
        return Err("een kopie van een database maakt u met de middelen van PostgreSQL, zoals pg_basebackup".to_owned());
    }
    if !db.is_file() {
        return Err(format!("{} is er niet", db.display()));
    }
    let bestand = if doel.is_dir() { doel.join(naam(&SystemClock.now().to_string())) } else { doel.clone() };
    vrij(&bestand)?;
    let onaf = Onaf::voor(&bestand)?;
    kopieren(db, &onaf.bestand).await.map_err(|e| keten(&e))?;
    let inhoud = narekenen(&onaf.bestand, bewaard).await?;
    onaf.plaatsen(&bestand)?;
    Ok(Gemaakt { bestand, inhoud })
}

async fn narekenen(bestand: &Path, bewaard: &Bewaard) -> Uitkomst<Inhoud> {
    let (store, inhoud) = nagaan(bestand, bewaard).await?;
    sluiten(store, bestand).await?;
    Ok(inhoud)
}

/// A name that sorts by moment and that every file system takes.
fn naam(moment: &str) -> String {
    format!("hub-{}.sqlite", moment.replace([':', '.'], "-"))
}
