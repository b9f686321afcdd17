//! Past decisions, from a store or from an export: one at a time, however many there are.

use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use inbreng_catalogue::Catalogus;
use inbreng_domain::{BerichtId, DeelId, Digest, Oin, Tijdstip, Uitkomst};
use inbreng_policy::{Beleid, Vastlegging};
use inbreng_proof::canonical_string;
use inbreng_storage::{Berichten, Besluitregel, Versies};
use serde::{Deserialize, Serialize};

use super::{Fout, bron::Versie, catalogus, tekst::aantal, voortgang::Voortgang};
use crate::{bevinding::keten, opslaglezer};

/// Decisions read at a time.
const BLADZIJDE: u32 = 1024;

/// Where past decisions are.
#[derive(Debug, Clone, Args)]
#[group(required = false, multiple = false)]
pub struct Besluitbron {
    /// De opslag van het knooppunt.
    #[arg(long, value_name = "BESTAND")]
    pub db: Option<PathBuf>,
    /// Een export van besluiten (van `inbreng log besluiten`).
    #[arg(long, value_name = "BESTAND")]
    pub log: Option<PathBuf>,
}

/// One decision in an export: one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regel {
    pub nummer: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub van: Option<Oin>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bericht: Option<BerichtId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deel: Option<DeelId>,
    pub ontvanger: Oin,
    pub uitkomst: Uitkomst,
    /// The record as the hub wrote it, byte for byte.
    pub record: String,
}

impl From<Besluitregel> for Regel {
    fn from(b: Besluitregel) -> Self {
        let (van, bericht) = b.bericht.unzip();
        Self { nummer: b.nummer, van, bericht, deel: b.deel, ontvanger: b.ontvanger, uitkomst: b.uitkomst, record: b.record }
    }
}

/// When it was taken; nothing for a refusal that no version decided.
pub fn moment(record: &str) -> Option<Tijdstip> {
    #[derive(Deserialize)]
    struct Record {
        verzoek: Moment,
    }
    #[derive(Deserialize)]
    struct Moment {
        nu: Option<Tijdstip>,
    }
    serde_json::from_str::<Record>(record).ok()?.verzoek.nu
}

impl Besluitbron {
    /// Gives every decision in order; ends early where `neem` says so.
    pub fn lezen(&self, mut neem: impl FnMut(Regel) -> Result<Verder, Fout>) -> Result<(), Fout> {
        let mut voortgang = Voortgang::new();
        let mut gelezen = 0;
        let mut neem = |regel: Regel| {
            gelezen += 1;
            voortgang.tot(gelezen, None, "besluiten gelezen");
            neem(regel)
        };
        match self {
            Self { db: Some(db), .. } => opslaglezer::met_runtime(uit_opslag(db, &mut neem)),
            Self { log: Some(log), .. } => uit_export(log, &mut neem),
            Self { .. } => Err(Fout::new("u heeft niet gezegd waar de besluiten staan")
                .herstel("Noem --db met de opslag van het knooppunt, of --log met een export van besluiten.")),
        }
    }

    /// One decision.
    pub fn zoeken(&self, nummer: u64) -> Result<Regel, Fout> {
        let mut gevonden = None;
        self.lezen(|regel| {
            if regel.nummer == nummer {
                gevonden = Some(regel);
                return Ok(Verder::Stop);
            }
            Ok(Verder::Lees)
        })?;
        gevonden.ok_or_else(|| {
            Fout::new(format!("besluit {nummer} is er niet")).herstel("Kijk met `inbreng log besluiten` welke nummers er zijn.")
        })
    }
}

/// Whether to read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verder {
    Lees,
    Stop,
}

impl From<String> for Fout {
    fn from(waarom: String) -> Self {
        Self::new(waarom).herstel("Kijk of dit de opslag van een knooppunt is en of u hem mag lezen.")
    }
}

async fn uit_opslag(db: &Path, neem: &mut impl FnMut(Regel) -> Result<Verder, Fout>) -> Result<(), Fout> {
    let store = opslaglezer::openen(db).await?;
    let mut na = 0;
    'lezen: loop {
        let bladzijde = store.besluiten(na, BLADZIJDE).await.map_err(|e| Fout::from(keten(&e)))?;
        if bladzijde.is_empty() {
            break;
        }
        for besluit in bladzijde {
            na = besluit.nummer;
            if neem(besluit.into())? == Verder::Stop {
                break 'lezen;
            }
        }
    }
    let _closed = store.sluiten().await;
    Ok(())
}

fn uit_export(log: &Path, neem: &mut impl FnMut(Regel) -> Result<Verder, Fout>) -> Result<(), Fout> {
    let bestand = File::open(log).map_err(|e| Fout::lezen(log, &e))?;
    for (nummer, regel) in (1..).zip(BufReader::new(bestand).lines()) {
        let regel = regel.map_err(|e| Fout::lezen(log, &e))?;
        let regel: Regel = serde_json::from_str(&regel).map_err(|e| {
            let waarom = super::fout::lezer(&e.to_string());
            Fout::new(format!("{}: regel {nummer} is geen besluit ({waarom})", log.display()))
                .herstel("Maak de export opnieuw met `inbreng log besluiten`.")
        })?;
        if neem(regel)? == Verder::Stop {
            break;
        }
    }
    Ok(())
}

/// `inbreng log besluiten`: writes every decision of a store as a line, or those on the messages of one organisation as that one
/// may read them.
pub fn exporteren(db: &Path, uit: &Path, organisatie: Option<Oin>) -> Result<(), Fout> {
    let niet = |e: &std::io::Error| {
        Fout::new(format!("{} is niet te schrijven ({e})", uit.display()))
            .herstel("Kies een bestand dat er nog niet is, in een map waarin u mag schrijven.")
    };
    let eigen = organisatie.map(|organisatie| Eigen::nieuw(db, organisatie)).transpose()?;
    let op_scherm = uit == Path::new("-");
    let mut doel: Box<dyn Write> = if op_scherm {
        Box::new(BufWriter::new(std::io::stdout()))
    } else {
        Box::new(BufWriter::new(File::create_new(uit).map_err(|e| niet(&e))?))
    };
    let bron = Besluitbron { db: Some(db.to_owned()), log: None };
    let mut geschreven = 0;
    let mut gelezen = |regel: Regel| -> Result<Verder, Fout> {
        let regel = match &eigen {
            Some(eigen) => eigen.regel(regel)?,
            None => Some(regel),
        };
        let Some(regel) = regel else { return Ok(Verder::Lees) };
        let written = serde_json::to_writer(&mut doel, &regel).map_err(std::io::Error::from).and_then(|()| doel.write_all(b"\n"));
        match written {
            Err(e) if op_scherm && e.kind() == std::io::ErrorKind::BrokenPipe => return Ok(Verder::Stop),
            written => written.map_err(|e| niet(&e))?,
        }
        geschreven += 1;
        Ok(Verder::Lees)
    };
    bron.lezen(&mut gelezen)?;
    match doel.flush() {
        Err(e) if !(op_scherm && e.kind() == std::io::ErrorKind::BrokenPipe) => return Err(niet(&e)),
        _ => {}
    }
    let _gone = writeln!(std::io::stderr(), "{} geschreven", aantal(geschreven, "besluit", "besluiten"));
    Ok(())
}

/// What one organisation may read of the decisions of a hub: those on its own messages, without what a case hides from it.
struct Eigen {
    organisatie: Oin,
    versies: HashMap<Digest, Beleid>,
}

impl Eigen {
    fn nieuw(db: &Path, organisatie: Oin) -> Result<Self, Fout> {
        let catalogus = catalogus()?;
        let versies = opslaglezer::met_runtime(versies(db, &catalogus))?;
        Ok(Self { organisatie, versies })
    }

    /// The line as it may be read; nothing for a line of another. A decision that cannot be made free of what is hidden stops the
    /// export: it is not left out in silence.
    fn regel(&self, regel: Regel) -> Result<Option<Regel>, Fout> {
        let onbruikbaar = |waarom: &str| {
            Fout::new(format!("besluit {} {waarom}", regel.nummer))
                .herstel("Controleer het logboek met `inbreng log verify`, en vraag het de beheerder van het knooppunt.")
        };
        let record: serde_json::Value =
            serde_json::from_str(&regel.record).map_err(|_| onbruikbaar("heeft een record dat niet te lezen is"))?;
        // What of an owner's deliveries was told to a person: neither the owner nor who asked knows of it (R16, R20, R21).
        if record.get("overzicht").is_some() {
            return Ok(None);
        }
        let Some(verzoek) = record.get("verzoek") else {
            // Refused as an outsider: who asked is who was answered, and it says nothing but that (R16).
            return Ok((regel.ontvanger == self.organisatie).then_some(regel));
        };
        if verzoek.get("van_oin").and_then(serde_json::Value::as_str) != Some(&*self.organisatie.as_str()) {
            return Ok(None);
        }
        let vastlegging =
            Vastlegging::deserialize(&record).map_err(|_| onbruikbaar("heeft een record van een onbekende vorm"))?;
        let beleid = self.versies.get(&vastlegging.besluit.beleid);
        let beleid = beleid.ok_or_else(|| onbruikbaar("viel onder een versie die niet in deze opslag staat"))?;
        let neutraal = beleid.voor_afzender(&vastlegging).ok_or_else(|| onbruikbaar("komt nu anders uit"))?;
        let record = canonical_string(&neutraal).map_err(|e| Fout::new(keten(&e)))?;
        Ok(Some(Regel { record, ..regel }))
    }
}

/// Every version that the store holds.
async fn versies(db: &Path, catalogus: &Catalogus) -> Result<HashMap<Digest, Beleid>, Fout> {
    let store = opslaglezer::openen(db).await?;
    let mut versies = HashMap::new();
    for kop in store.versies(None).await.map_err(|e| Fout::from(keten(&e)))? {
        let Some(inhoud) = store.versie_inhoud(kop.versie).await.map_err(|e| Fout::from(keten(&e)))? else { continue };
        // A draft that cannot be used decided nothing.
        let beleid = Versie::uit_tekst(&kop.versie.to_string(), &inhoud.bundel, catalogus, None)
            .and_then(|v| Beleid::laden_verleden(v.bundel, v.digest, catalogus).map_err(|e| Fout::beleid(&v.naam, &e)));
        if let Ok(beleid) = beleid {
            versies.insert(kop.versie, beleid);
        }
    }
    let _closed = store.sluiten().await;
    Ok(versies)
}
