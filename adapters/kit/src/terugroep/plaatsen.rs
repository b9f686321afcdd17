//! Places our callback at the hub: when we start, and when the file has changed.

use std::{path::PathBuf, sync::Arc, time::Duration};

use inbreng_domain::{Digest, terugroep::Terugroepverzoek};
use tokio::sync::watch;

use crate::{
    engine::{Omgeving, Werkfout},
    hub::Hubfout,
};

/// How often the file is looked at; and how soon is tried again what did not succeed.
const KIJKEN: Duration = Duration::from_secs(30);
const OPNIEUW: Duration = Duration::from_secs(2);

/// Places it until `stop` says so.
pub(super) async fn bijhouden(omgeving: Arc<Omgeving>, bestand: PathBuf, mut stop: watch::Receiver<bool>) {
    let mut geplaatst = None;
    loop {
        let rust = match plaatsen(&omgeving, &bestand, geplaatst).await {
            Ok(digest) => {
                geplaatst = Some(digest);
                KIJKEN
            }
            Err(fout) => {
                tracing::warn!(reden = %fout, "terugroep niet geplaatst");
                OPNIEUW
            }
        };
        if tokio::time::timeout(rust, stop.wait_for(|s| *s)).await.is_ok() {
            return;
        }
    }
}

async fn plaatsen(omgeving: &Omgeving, bestand: &PathBuf, geplaatst: Option<Digest>) -> Result<Digest, Werkfout> {
    let tekst = std::fs::read(bestand).map_err(|e| Werkfout::Intern(e.into()))?;
    let digest = inbreng_proof::sha256(&tekst);
    if geplaatst == Some(digest) {
        return Ok(digest);
    }
    let verzoek: Terugroepverzoek = serde_json::from_slice(&tekst).map_err(|e| Werkfout::Intern(e.into()))?;
    match omgeving.hub.terugroep_plaatsen(omgeving.organisatie.oin, &verzoek).await {
        Ok(()) => tracing::info!("terugroep geplaatst"),
        // The same answer again and again: a human must look, and asking does not help.
        Err(Hubfout::Probleem(problem)) if (400..500).contains(&problem.status) && problem.status != 429 => {
            let uitleg = format!("Het knooppunt neemt uw terugroepverklaring niet aan: {}", problem.detail);
            omgeving.alarm("terugroep-niet-geplaatst", "terugroep", &uitleg).await?;
        }
        Err(fout) => return Err(fout.into()),
    }
    Ok(digest)
}
