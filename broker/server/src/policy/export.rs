//! `inbreng policy export`: a version as a document, byte for byte what its digest is of; or its rows as a table.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use clap::{Args, ValueEnum};
use inbreng_policy::{Bundel, KOLOMMEN};
use inbreng_proof::canonical_string;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    Afloop, Fout, Versiekeuze,
    bron::{Versie, Versiekop},
    catalogus,
    tekst::{aantal, afdrukken},
};

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Vorm {
    /// Voor een rekenblad.
    Csv,
    /// Voor gereedschap.
    Json,
}

/// What is exported.
#[derive(Debug, Args)]
pub struct Opties {
    #[command(flatten)]
    versie: Versiekeuze,
    /// Schrijf alleen de rijen, als tabel: csv (voor een rekenblad) of json.
    #[arg(long, value_name = "VORM", alias = "rows", conflicts_with_all = ["ondertekend", "digest"])]
    rijen: Option<Vorm>,
    /// Geef alles als JSON: welke versie het is, haar digest, hoeveel rijen, en de inhoud die gevraagd is.
    #[arg(long)]
    json: bool,
    /// Schrijf de ondertekende bundel zoals zij is (JWS).
    #[arg(long, alias = "signed", conflicts_with = "digest")]
    ondertekend: bool,
    /// Schrijf wat de partijen ondertekenen: de tekst van het convenant zonder de rijen (RFC 8785).
    #[arg(long, conflicts_with_all = ["rijen", "ondertekend", "digest"])]
    tekst: bool,
    /// Geef alleen de digest.
    #[arg(long)]
    digest: bool,
    /// Waarheen; zonder deze optie: het scherm.
    #[arg(long, value_name = "BESTAND")]
    uit: Option<PathBuf>,
}

/// Exports.
pub fn run(opties: &Opties) -> Result<Afloop, Fout> {
    let catalogus = catalogus()?;
    let versie = opties.versie.vinden(&catalogus)?;
    // What no hub would use is not given out.
    versie.beleid(&catalogus)?;
    if opties.json && matches!(opties.rijen, Some(Vorm::Csv)) {
        return Err(Fout::new("csv past niet in JSON").herstel("Geef --rijen json, of laat --json weg."));
    }
    let inhoud = inhoud(opties, &versie)?;
    let tekst = if opties.json { document(&versie, inhoud)? } else { inhoud.tekst()? };
    match &opties.uit {
        None => afdrukken(&tekst)?,
        Some(pad) => std::fs::write(pad, tekst).map_err(|e| {
            Fout::new(format!("{} is niet te schrijven ({e})", pad.display())).herstel("Kies een map waarin u mag schrijven.")
        })?,
    }
    if !opties.json {
        let rijen = aantal(u64::try_from(versie.bundel.rijen.len()).unwrap_or(u64::MAX), "rij", "rijen");
        let _gone = writeln!(io::stderr(), "{}, {rijen}, {}", versie.regel(), versie.digest);
    }
    Ok(Afloop::Goed)
}

/// What is asked for.
enum Inhoud {
    /// A document of which the bytes count: RFC 8785.
    Document(Value),
    /// Rows as a table.
    Rijen(Vec<Map<String, Value>>),
    /// Text as it is.
    Tekst(String),
    /// The digest alone.
    Digest(String),
}

fn inhoud(opties: &Opties, versie: &Versie) -> Result<Inhoud, Fout> {
    let niet_te_maken = |e: serde_json::Error| Fout::new(format!("de tekst is niet te maken ({e})"));
    Ok(match opties.rijen {
        Some(Vorm::Csv) => Inhoud::Tekst(csv(&versie.bundel)),
        Some(Vorm::Json) => Inhoud::Rijen(rijen(&versie.bundel)),
        None if opties.tekst => Inhoud::Document(serde_json::to_value(versie.bundel.tekst()).map_err(niet_te_maken)?),
        None if opties.digest => Inhoud::Digest(versie.digest.to_string()),
        None if opties.ondertekend => Inhoud::Tekst(versie.jws.clone().ok_or_else(|| {
            Fout::new(format!("{} heeft geen handtekening", versie.naam))
                .herstel("Geef met --convenant de ondertekende bundel (JWS) van de convenantbeheerder.")
        })?),
        None => Inhoud::Document(versie.document.clone()),
    })
}

impl Inhoud {
    /// By itself, as a person or another program takes it.
    fn tekst(self) -> Result<String, Fout> {
        match self {
            Self::Document(document) => {
                canonical_string(&document).map_err(|e| Fout::new(format!("de bundel is niet te maken ({e})")))
            }
            Self::Rijen(rijen) => opgemaakt(&rijen),
            Self::Tekst(tekst) => Ok(tekst),
            Self::Digest(digest) => Ok(format!("{digest}\n")),
        }
    }
}

/// What tools get: which version it is, and the content beside it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Uitvoer {
    versie: Versiekop,
    aantal_rijen: usize,
    inhoud: Option<Value>,
}

fn document(versie: &Versie, inhoud: Inhoud) -> Result<String, Fout> {
    let inhoud = match inhoud {
        Inhoud::Document(document) => Some(document),
        Inhoud::Rijen(rijen) => Some(rijen.into_iter().map(Value::Object).collect()),
        Inhoud::Tekst(tekst) => Some(Value::from(tekst)),
        // Beside the version, which has it.
        Inhoud::Digest(_) => None,
    };
    opgemaakt(&Uitvoer { versie: versie.kop(), aantal_rijen: versie.bundel.rijen.len(), inhoud })
}

fn opgemaakt(waarde: &impl Serialize) -> Result<String, Fout> {
    serde_json::to_string_pretty(waarde).map(|t| t + "\n").map_err(|e| Fout::new(format!("de uitvoer is niet te maken ({e})")))
}

/// RFC 4180 with semicolons, as spreadsheets read it here; the mark in front says that it is UTF-8.
fn csv(bundel: &Bundel) -> String {
    let mut out = String::from("\u{feff}");
    let mut regel = |cellen: &[&str]| {
        out.push_str(&cellen.iter().map(|c| cel(c)).collect::<Vec<_>>().join(";"));
        out.push_str("\r\n");
    };
    regel(&KOLOMMEN);
    for rij in bundel.rijtabel() {
        regel(&rij.iter().map(String::as_str).collect::<Vec<_>>());
    }
    out
}

/// A cell. What a spreadsheet would take for a formula becomes text.
fn cel(tekst: &str) -> String {
    let formule = tekst.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let tekst = if formule { format!("'{tekst}") } else { tekst.to_owned() };
    if tekst.contains([';', '"', '\n', '\r', ',']) { format!("\"{}\"", tekst.replace('"', "\"\"")) } else { tekst }
}

fn rijen(bundel: &Bundel) -> Vec<Map<String, Value>> {
    let row = |cellen: [String; KOLOMMEN.len()]| {
        KOLOMMEN.iter().zip(cellen).map(|(k, c)| ((*k).to_owned(), Value::from(c))).collect::<Map<String, Value>>()
    };
    bundel.rijtabel().into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_never_a_formula() {
        assert_eq!(cel("gewoon"), "gewoon");
        assert_eq!(cel("een;twee"), "\"een;twee\"");
        assert_eq!(cel("zegt \"ja\""), "\"zegt \"\"ja\"\"\"");
        assert_eq!(cel("=1+1"), "'=1+1");
    }
}
