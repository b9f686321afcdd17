//! `inbreng policy partijen`: who signed which covenant, every signature verified here.

use std::{collections::BTreeMap, path::PathBuf};

use clap::Args;
use inbreng_domain::{
    Clock, ConvenantId, Digest, Oin, Tijdstip,
    clock::SystemClock,
    convenant::{Partijen, Partijverklaringsoort},
    gids::Medeondertekend,
};
use inbreng_proof::{digest_of, partijen::partijen};
use inbreng_storage::{Convenantpartijen, Partijverklaring};
use serde::Serialize;

use super::{
    Afloop, Fout,
    tekst::{Tekst, tonen},
};
use crate::{
    bevinding::{Bevinding, keten},
    config::Config,
    logboek::Uitkomst,
    opslaglezer::{met_runtime, van_config},
    opstart::Materiaal,
};

/// Whose store.
#[derive(Debug, Args)]
pub struct Opties {
    /// De configuratie van het knooppunt: daarin staan de opslag en waarmee handtekeningen worden gecontroleerd.
    #[arg(long, value_name = "BESTAND")]
    config: PathBuf,
    /// Alleen dit convenant.
    #[arg(long)]
    convenant: Option<ConvenantId>,
    /// Geef alles als JSON.
    #[arg(long)]
    json: bool,
}

/// One organisation under one text.
#[derive(Debug, Serialize)]
struct Partij {
    oin: Oin,
    tekst: Digest,
    titel: String,
    afspraken: u32,
    vanaf: Tijdstip,
    #[serde(skip_serializing_if = "Option::is_none")]
    tot: Option<Tijdstip>,
}

/// What tools get of one covenant.
#[derive(Debug, Serialize)]
struct Convenant {
    convenant: ConvenantId,
    partijen: Vec<Partij>,
    verklaringen: usize,
    /// Statements that do not hold, and why.
    geweigerd: Vec<String>,
}

/// Lists them; 1 when a statement does not hold.
pub fn run(opties: &Opties) -> Result<Afloop, Fout> {
    let config = Config::lezen(&opties.config).map_err(|b| bevindingen(&b))?;
    let nu = SystemClock.now();
    let (materiaal, gevonden) = Materiaal::lezen(&config, nu);
    let materiaal = materiaal.ok_or_else(|| bevindingen(&gevonden))?;
    let alle = met_runtime(lezen(&config)).map_err(Fout::new)?;
    let mut per_convenant: BTreeMap<ConvenantId, Vec<Partijverklaring>> = BTreeMap::new();
    for een in alle.into_iter().filter(|v| opties.convenant.as_ref().is_none_or(|c| *c == v.convenant)) {
        per_convenant.entry(een.convenant.clone()).or_default().push(een);
    }
    let convenanten: Vec<Convenant> =
        per_convenant.into_iter().map(|(c, v)| een(c, &v, &materiaal, nu)).collect::<Result<_, _>>()?;
    let goed = convenanten.iter().all(|c| c.geweigerd.is_empty());
    tonen(opties.json, &convenanten, |c| in_woorden(c, nu), if goed { Afloop::Goed } else { Afloop::Verschil })
}

async fn lezen(config: &Config) -> Uitkomst<Vec<Partijverklaring>> {
    let store = van_config(&config.opslag).await?;
    let gelezen = store.partijverklaringen().await.map_err(|e| keten(&e));
    let _closed = store.sluiten().await;
    gelezen.map(|p| p.alle)
}

fn een(convenant: ConvenantId, alle: &[Partijverklaring], materiaal: &Materiaal, nu: Tijdstip) -> Result<Convenant, Fout> {
    let (mut toe, mut uit) = (Vec::new(), Vec::new());
    for v in alle {
        match (v.soort, &v.medeondertekening) {
            (Partijverklaringsoort::Toetreding, Some(mede)) => {
                toe.push(Medeondertekend { verklaring: v.verklaring.clone(), medeondertekening: mede.clone() });
            }
            (Partijverklaringsoort::Uittreding, _) => uit.push(v.verklaring.clone()),
            (Partijverklaringsoort::Toetreding, None) => {}
        }
    }
    let (leden, fouten) = partijen(&convenant, &toe, &uit, &materiaal.anchors, materiaal.beheerder(), nu);
    let geweigerd = fouten.iter().map(|f| keten(f)).collect();
    Ok(Convenant { convenant, partijen: lijst(&leden)?, verklaringen: alle.len(), geweigerd })
}

fn lijst(leden: &Partijen) -> Result<Vec<Partij>, Fout> {
    let mut alle = Vec::new();
    for (oin, perioden) in leden.perioden() {
        for p in perioden {
            let tekst = digest_of(&p.tekst).map_err(|e| Fout::new(keten(&e)))?;
            let (titel, afspraken) = (p.tekst.titel.clone(), p.afspraken);
            alle.push(Partij { oin, tekst, titel, afspraken, vanaf: p.vanaf, tot: p.tot });
        }
    }
    Ok(alle)
}

fn in_woorden(alle: &[Convenant], nu: Tijdstip) -> String {
    let mut t = Tekst::default();
    if alle.is_empty() {
        t.zo("Niemand heeft een convenant getekend.");
    }
    for c in alle {
        t.kop(&format!("{}: {} verklaringen", c.convenant, c.verklaringen));
        for p in &c.partijen {
            let dag = |t: Tijdstip| t.to_string().get(..10).unwrap_or_default().to_owned();
            let tot = p.tot.map_or_else(String::new, |tot| format!(" tot {}", dag(tot)));
            let nu = if p.vanaf <= nu && p.tot.is_none_or(|tot| nu < tot) { "" } else { " (nu niet)" };
            t.regel(2, 4, &format!("{} vanaf {}{tot}, afspraken van versie {}{nu}", p.oin, dag(p.vanaf), p.afspraken));
            t.zo(&format!("    tekst {}", p.tekst));
        }
        for waarom in &c.geweigerd {
            t.regel(2, 4, &format!("telt niet: {waarom}"));
        }
    }
    t.into()
}

fn bevindingen(alle: &[Bevinding]) -> Fout {
    let regels: Vec<String> = alle.iter().map(|b| format!("{}: {}", b.sleutel, b.wat)).collect();
    Fout::new(regels.join("; ")).herstel("`inbreng check` zegt wat er aan de configuratie te doen is.")
}
