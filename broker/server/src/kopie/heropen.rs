//! `inbreng heropen`: who has not sent again what a copy cannot have, and giving out again without them.

use std::{collections::BTreeSet, path::PathBuf, process::ExitCode};

use clap::Args;
use inbreng_domain::{Oin, clock::SystemClock, receipts::Herstelpunt};
use inbreng_pipeline::herstel::{self, Herstelstand};
use inbreng_proof::SystemRandomness;
use inbreng_storage_sql::SqlStore;
use serde::Serialize;

use super::melden;
use crate::{
    bevinding::keten,
    logboek::Uitkomst,
    opslaglezer::{met_runtime, openen},
};

/// Which hub, and without whom.
#[derive(Debug, Args)]
pub struct Heropenopties {
    /// De opslag van het knooppunt; het mag draaien.
    #[arg(long, value_name = "BESTAND")]
    pub db: PathBuf,
    /// Geef weer uit zonder op deze organisaties te wachten: precies wie er nog ontbreekt. Wat zij introkken na de kopie, geldt dan
    /// niet. Het komt in het logboek.
    #[arg(long, value_name = "OIN", num_args = 1..)]
    pub zonder: Vec<Oin>,
    /// Geef de uitslag als JSON.
    #[arg(long)]
    pub json: bool,
}

/// How it stands.
#[derive(Debug, Serialize)]
struct Stand {
    hersteld: Option<Herstelpunt>,
    heropend: bool,
    binnen: BTreeSet<Oin>,
    wacht_op: BTreeSet<Oin>,
}

/// Shows how it stands, after giving out again where that was asked.
pub fn heropen(opties: &Heropenopties) -> ExitCode {
    melden(opties.json, met_runtime(doen(opties)).map(|stand| (in_woorden(&stand), stand)))
}

async fn doen(opties: &Heropenopties) -> Uitkomst<Stand> {
    let store = openen(&opties.db).await?;
    let (mut stand, mut wacht_op) = hoe_het_staat(&store).await?;
    let dicht = stand.as_ref().is_some_and(|s| !s.heropend);
    // Where nobody is missing, whoever came in last was not there to see it opened.
    if !opties.zonder.is_empty() || dicht && wacht_op.is_empty() {
        let zonder: BTreeSet<Oin> = opties.zonder.iter().copied().collect();
        let gedaan = herstel::heropenen(&store, &zonder, &SystemClock, &SystemRandomness).await.map_err(|e| keten(&e))?;
        if !gedaan {
            return Err("--zonder noemt niet precies wie er nog ontbreekt; zonder --zonder ziet u wie dat zijn".to_owned());
        }
        (stand, wacht_op) = hoe_het_staat(&store).await?;
    }
    let _closed = store.sluiten().await;
    let heropend = stand.as_ref().is_none_or(|s| s.heropend);
    let (hersteld, binnen) = stand.map_or_else(Default::default, |s| (Some(s.punt), s.binnen));
    Ok(Stand { hersteld, heropend, binnen, wacht_op })
}

/// The last restoration, and who is missing while it keeps the hub closed.
async fn hoe_het_staat(store: &SqlStore) -> Uitkomst<(Option<Herstelstand>, BTreeSet<Oin>)> {
    let stand = herstel::stand(store).await.map_err(|e| keten(&e))?;
    let wacht_op = match stand.as_ref().filter(|s| !s.heropend) {
        Some(stand) => herstel::ontbreken(store, stand).await.map_err(|e| keten(&e))?,
        None => BTreeSet::new(),
    };
    Ok((stand, wacht_op))
}

fn in_woorden(stand: &Stand) -> String {
    let Some(punt) = &stand.hersteld else { return "Deze opslag is nooit teruggezet uit een kopie.".to_owned() };
    let begin = format!("Teruggezet op {} uit een kopie tot {}. ", punt.op, punt.tot);
    if stand.heropend {
        return begin + "Het knooppunt geeft weer uit.";
    }
    let wie: Vec<String> = stand.wacht_op.iter().map(ToString::to_string).collect();
    format!("{begin}Het knooppunt geeft nog niets uit. {} nagezonden; er ontbreken: {}.", stand.binnen.len(), wie.join(", "))
}
