//! `inbreng policy test`: decision tables against a policy; a difference is an error.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use inbreng_catalogue::Catalogus;
use inbreng_policy::{Beleid, Bundel, Convenantbron, Gevaluitslag, Tabel};
use serde::Serialize;

/// One table and what came out.
#[derive(Debug, Serialize)]
struct Tabeluitslag {
    bestand: PathBuf,
    gevallen: Vec<Gevaluitslag>,
}

/// Runs the tables and prints each difference, or everything as JSON.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for people at a terminal")]
pub fn run(bestanden: &[PathBuf], convenant: Option<&Path>, json: bool) -> ExitCode {
    let uitslagen = match draaien(bestanden, convenant) {
        Ok(uitslagen) => uitslagen,
        Err(waarom) => {
            eprintln!("{waarom}");
            return ExitCode::from(2);
        }
    };
    let alle = || uitslagen.iter().flat_map(|t| &t.gevallen);
    let mislukt = alle().filter(|g| !g.geslaagd).count();
    if json {
        match serde_json::to_string_pretty(&uitslagen) {
            Ok(text) => println!("{text}"),
            Err(waarom) => {
                eprintln!("{waarom}");
                return ExitCode::from(2);
            }
        }
    } else {
        for tabel in &uitslagen {
            let fout = tabel.gevallen.iter().filter(|g| !g.geslaagd).count();
            println!("{}: {} gevallen, {fout} anders dan verwacht", tabel.bestand.display(), tabel.gevallen.len());
            for geval in tabel.gevallen.iter().filter(|g| !g.geslaagd) {
                println!("  {}: {}", geval.naam, geval.verschillen.join("; "));
            }
        }
        println!("{} gevallen in {} tabellen, {mislukt} anders dan verwacht", alle().count(), uitslagen.len());
    }
    if mislukt == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn draaien(bestanden: &[PathBuf], convenant: Option<&Path>) -> Result<Vec<Tabeluitslag>, String> {
    let lezen = |pad: &Path| std::fs::read_to_string(pad).map_err(|e| format!("{}: {e}", pad.display()));
    let catalogus = Catalogus::ingebouwd().map_err(|e| e.to_string())?;
    let bron = match convenant {
        Some(pad) => Convenantbron::lezen(&lezen(pad)?).map_err(|e| format!("{}: {e}", pad.display()))?,
        None => Convenantbron::voorbeeldregio().map_err(|e| e.to_string())?,
    };
    let bundel = Bundel::genereren(&bron, &catalogus).map_err(|e| e.to_string())?;
    let digest = inbreng_proof::digest_of(&bundel).map_err(|e| e.to_string())?;
    let beleid = Beleid::laden(bundel, digest, &catalogus).map_err(|e| e.to_string())?;
    let mut uitslagen = Vec::new();
    for pad in bestanden {
        let tabel = Tabel::lezen(&lezen(pad)?).map_err(|e| format!("{}: {e}", pad.display()))?;
        if *tabel.convenant() != bron.convenant {
            let ander = tabel.convenant();
            return Err(format!("{}: deze tabel is voor convenant {ander}; geef dat met --convenant", pad.display()));
        }
        uitslagen.push(Tabeluitslag { bestand: pad.clone(), gevallen: tabel.draaien(&beleid, &catalogus) });
    }
    Ok(uitslagen)
}
