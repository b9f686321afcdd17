//! `inbreng log verify`: every leaf from its record, every node from its leaves, and a head that someone kept.

use std::process::ExitCode;

use inbreng_domain::Digest;
use inbreng_pipeline::Narekening;
use serde_json::json;

use super::{Uitkomst, bron, in_woorden, kop, uitspreken};
use crate::{cli::Logbron, opslaglezer::met_runtime};

/// Recomputes a log.
pub fn verify(opties: &Logbron) -> ExitCode {
    match met_runtime(narekenen(opties)) {
        Ok((bladen, gesnoeid, wortel)) => {
            let zonder = if gesnoeid > 0 { format!(", waarvan {gesnoeid} alleen nog als hash") } else { String::new() };
            let tekst = format!("Het logboek klopt: {bladen} bladen{zonder}, wortel {wortel}.");
            uitspreken(
                opties.json,
                true,
                &tekst,
                &json!({ "ok": true, "bladen": bladen, "gesnoeid": gesnoeid, "wortel": wortel }),
            )
        }
        Err(waarom) => {
            let tekst = format!("Het logboek klopt niet: {waarom}.");
            uitspreken(opties.json, false, &tekst, &json!({ "ok": false, "reden": waarom }))
        }
    }
}

async fn narekenen(opties: &Logbron) -> Uitkomst<(u64, u64, Digest)> {
    let kop = match (&opties.checkpoint, &opties.certificaat) {
        (Some(checkpoint), Some(certificaat)) => Some(kop(checkpoint, certificaat)?),
        _ => None,
    };
    let mut narekening = Narekening::met(kop.iter().map(|k| k.omvang), []).map_err(|e| in_woorden(&e))?;
    bron::narekenen(&opties.plaats, &mut narekening).await?;
    if let Some(kop) = kop {
        narekening.past_bij(&kop).map_err(|e| in_woorden(&e))?;
    }
    Ok((narekening.omvang(), narekening.gesnoeid(), narekening.wortel().map_err(|e| in_woorden(&e))?))
}
