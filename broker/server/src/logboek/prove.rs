//! `inbreng log prove`: that a leaf stands in the log, and that the log only grew since a head that someone kept. The same
//! proofs as the hub gives (RFC 6962), made and checked without it.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use inbreng_domain::{Digest, receipts::Checkpoint};
use inbreng_pipeline::Narekening;
use inbreng_proof::merkle;
use serde::Serialize;
use serde_json::json;

use super::{Uitkomst, bron, in_woorden, kop, uitspreken};
use crate::{bevinding::keten, cli::Logplaats, opslaglezer::met_runtime};

/// What is proven.
#[derive(Debug, Args)]
pub struct Bewijsopties {
    #[command(flatten)]
    pub plaats: Logplaats,
    /// Het blad: zijn hash, zoals in een ontvangstbewijs, of zijn nummer.
    #[arg(long, value_name = "HASH OF NUMMER", required_unless_present = "eerder")]
    pub blad: Option<String>,
    /// Een bewaarde kop (JWS) waarin het blad staat; zonder deze optie: het hele logboek.
    #[arg(long, value_name = "BESTAND", requires = "certificaat")]
    pub checkpoint: Option<PathBuf>,
    /// Een eerdere bewaarde kop (JWS): bewijs dat het logboek daarna alleen is gegroeid.
    #[arg(long, value_name = "BESTAND", requires = "certificaat")]
    pub eerder: Option<PathBuf>,
    /// Het ondertekeningscertificaat van het knooppunt (PEM), om koppen mee te controleren.
    #[arg(long, value_name = "BESTAND")]
    pub certificaat: Option<PathBuf>,
    /// Geef het bewijs als JSON.
    #[arg(long)]
    pub json: bool,
}

/// That a leaf stands in the log.
#[derive(Debug, Serialize)]
struct Insluiting {
    index: u64,
    hash: Digest,
    omvang: u64,
    wortel: Digest,
    pad: Vec<Digest>,
}

/// That the log only grew.
#[derive(Debug, Serialize)]
struct Samenhang {
    van: u64,
    naar: u64,
    pad: Vec<Digest>,
}

/// What tools get.
#[derive(Debug, Serialize)]
struct Bewijs {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    insluiting: Option<Insluiting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    samenhang: Option<Samenhang>,
}

/// Makes the proofs, checks them, and shows them.
pub fn prove(opties: &Bewijsopties) -> ExitCode {
    match met_runtime(bewijzen(opties)) {
        Ok(bewijs) => {
            let json = serde_json::to_value(&bewijs).unwrap_or_default();
            uitspreken(opties.json, true, &in_zinnen(&bewijs), &json)
        }
        Err(waarom) => {
            let tekst = format!("Er is geen bewijs: {waarom}.");
            uitspreken(opties.json, false, &tekst, &json!({ "ok": false, "reden": waarom }))
        }
    }
}

async fn bewijzen(opties: &Bewijsopties) -> Uitkomst<Bewijs> {
    let kop = |pad: &Option<PathBuf>| -> Uitkomst<Option<Checkpoint>> {
        match (pad, &opties.certificaat) {
            (Some(pad), Some(certificaat)) => kop(pad, certificaat).map(Some),
            _ => Ok(None),
        }
    };
    let (nu, eerder) = (kop(&opties.checkpoint)?, kop(&opties.eerder)?);
    let nummer = opties.blad.as_ref().and_then(|b| b.parse::<u64>().ok());
    let hash = match (&opties.blad, nummer) {
        (Some(tekst), None) => Some(tekst.parse::<Digest>().map_err(|_| format!("`{tekst}` is geen hash en geen nummer"))?),
        _ => None,
    };
    let (bladen, gevonden) = bron::opzoeken(&opties.plaats, hash).await?;
    let index = nummer.or(gevonden);
    if opties.blad.is_some() && index.is_none() {
        return Err("dit blad staat niet in het logboek".into());
    }
    let omvang = nu.as_ref().map_or(bladen, |k| k.omvang);
    let buiten = |_| format!("dat ligt buiten de {omvang} bladen van de kop");
    let mut knopen = Vec::new();
    if let Some(index) = index {
        knopen.push((0, index));
        knopen.extend(merkle::nodes_for_inclusion(index, omvang).map_err(buiten)?);
    }
    if let Some(eerder) = &eerder {
        knopen.extend(merkle::nodes_for_consistency(eerder.omvang, omvang).map_err(buiten)?);
    }
    // The whole log is recomputed on the way: no proof comes out of a log that does not hold.
    let merken = [Some(omvang), eerder.as_ref().map(|k| k.omvang)].into_iter().flatten();
    let mut narekening = Narekening::met(merken, knopen).map_err(|e| in_woorden(&e))?;
    bron::narekenen(&opties.plaats, &mut narekening).await?;
    for kop in [&nu, &eerder].into_iter().flatten() {
        narekening.past_bij(kop).map_err(|e| in_woorden(&e))?;
    }
    let wortel = narekening.wortel_bij(omvang).ok_or_else(|| format!("het logboek telt geen {omvang} bladen"))?;
    let knopen = narekening.boom().kept();
    let insluiting = match index {
        Some(index) => {
            let hash = knopen.get(&(0, index)).copied().map(Digest::from_bytes).ok_or("het blad ontbreekt")?;
            let pad = merkle::inclusion_proof(knopen, index, omvang).map_err(|e| keten(&e))?;
            merkle::verify_inclusion(&hash, index, omvang, &pad, &wortel).map_err(|e| keten(&e))?;
            Some(Insluiting { index, hash, omvang, wortel, pad })
        }
        None => None,
    };
    let samenhang = match eerder {
        Some(kop) => {
            let pad = merkle::consistency_proof(knopen, kop.omvang, omvang).map_err(|e| keten(&e))?;
            merkle::verify_consistency(kop.omvang, &kop.wortel, omvang, &wortel, &pad).map_err(|e| keten(&e))?;
            Some(Samenhang { van: kop.omvang, naar: omvang, pad })
        }
        None => None,
    };
    Ok(Bewijs { ok: true, insluiting, samenhang })
}

fn in_zinnen(bewijs: &Bewijs) -> String {
    let mut zinnen = Vec::new();
    if let Some(i) = &bewijs.insluiting {
        zinnen.push(format!("Blad {} staat in het logboek van {} bladen, wortel {}.", i.index, i.omvang, i.wortel));
        zinnen.extend(i.pad.iter().map(|h| format!("  {h}")));
    }
    if let Some(s) = &bewijs.samenhang {
        zinnen.push(format!("Het logboek is van {} tot {} bladen alleen gegroeid.", s.van, s.naar));
        zinnen.extend(s.pad.iter().map(|h| format!("  {h}")));
    }
    zinnen.join("\n")
}
