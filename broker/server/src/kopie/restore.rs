//! `inbreng restore`: a hub put back from a copy. It starts closed: until its partners have sent again what the copy cannot have,
//! it gives out nothing.

use std::{
    collections::BTreeSet,
    fs::{File, OpenOptions},
    io,
    path::PathBuf,
    process::ExitCode,
};

use clap::Args;
use inbreng_domain::{Oin, clock::SystemClock, receipts::Herstelpunt};
use inbreng_pipeline::herstel;
use inbreng_proof::SystemRandomness;
use serde::Serialize;

use super::{Bewaard, Inhoud, Onaf, melden, nagaan, sluiten, vrij};
use crate::{bevinding::keten, logboek::Uitkomst, opslaglezer::met_runtime};

/// What is put back, and where.
#[derive(Debug, Args)]
pub struct Restoreopties {
    /// De kopie.
    #[arg(value_name = "KOPIE")]
    pub kopie: PathBuf,
    /// Waar de opslag van het knooppunt komt te staan; daar mag nog niets zijn.
    #[arg(long, value_name = "BESTAND")]
    pub db: PathBuf,
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
    let Restoreopties { kopie, db, bewaard, .. } = opties;
    vrij(db)?;
    let onaf = Onaf::voor(db)?;
    // Not `fs::copy`: that would give the copy's rights too.
    let overnemen = || io::copy(&mut File::open(kopie)?, &mut OpenOptions::new().write(true).open(&onaf.bestand)?);
    overnemen().map_err(|e| format!("{} is niet over te nemen ({e})", kopie.display()))?;
    let (store, inhoud) = nagaan(&onaf.bestand, bewaard).await?;
    let hersteld = herstel::merken(&store, &SystemClock, &SystemRandomness).await.map_err(|e| keten(&e))?;
    let stand = herstel::stand(&store).await.map_err(|e| keten(&e))?.ok_or("het herstel is niet vastgelegd")?;
    let wacht_op = herstel::ontbreken(&store, &stand).await.map_err(|e| keten(&e))?;
    sluiten(store, &onaf.bestand).await?;
    onaf.plaatsen(db)?;
    Ok(Teruggezet { inhoud, hersteld, wacht_op })
}
