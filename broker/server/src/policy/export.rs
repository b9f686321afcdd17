//! `inbreng policy export`: a version as a document, byte for byte what its digest is of; or its rows as a table.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use clap::{Args, ValueEnum};
use inbreng_policy::{Bundel, KOLOMMEN};
use inbreng_proof::canonical_string;
use serde_json::{Map, Value};

use super::{
    Afloop, Fout, Versiekeuze, catalogus,
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
    let tekst = match opties.rijen {
        Some(Vorm::Csv) => csv(&versie.bundel),
        Some(Vorm::Json) => json(&versie.bundel)?,
        None if opties.tekst => {
            canonical_string(&versie.bundel.tekst()).map_err(|e| Fout::new(format!("de tekst is niet te maken ({e})")))?
        }
        None if opties.digest => format!("{}\n", versie.digest),
        None if opties.ondertekend => versie.jws.clone().ok_or_else(|| {
            Fout::new(format!("{} heeft geen handtekening", versie.naam))
                .herstel("Geef met --convenant de ondertekende bundel (JWS) van de convenantbeheerder.")
        })?,
        None => canonical_string(&versie.document).map_err(|e| Fout::new(format!("de bundel is niet te maken ({e})")))?,
    };
    match &opties.uit {
        None => afdrukken(&tekst)?,
        Some(pad) => std::fs::write(pad, tekst).map_err(|e| {
            Fout::new(format!("{} is niet te schrijven ({e})", pad.display())).herstel("Kies een map waarin u mag schrijven.")
        })?,
    }
    let rijen = aantal(u64::try_from(versie.bundel.rijen.len()).unwrap_or(u64::MAX), "rij", "rijen");
    let _gone = writeln!(io::stderr(), "{}, {rijen}, {}", versie.regel(), versie.digest);
    Ok(Afloop::Goed)
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

fn json(bundel: &Bundel) -> Result<String, Fout> {
    let row = |cellen: [String; KOLOMMEN.len()]| {
        KOLOMMEN.iter().zip(cellen).map(|(k, c)| ((*k).to_owned(), Value::from(c))).collect::<Map<String, Value>>()
    };
    let rows: Vec<_> = bundel.rijtabel().into_iter().map(row).collect();
    serde_json::to_string_pretty(&rows).map(|t| t + "\n").map_err(|e| Fout::new(format!("de tabel is niet te maken ({e})")))
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
