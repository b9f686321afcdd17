//! `inbreng policy test`: decision tables against a policy; a difference is an error.

use std::io::{self, BufWriter, Write};
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
pub fn run(bestanden: &[PathBuf], convenant: Option<&Path>, json: bool) -> ExitCode {
    let uitslagen = match draaien(bestanden, convenant) {
        Ok(uitslagen) => uitslagen,
        Err(waarom) => {
            let _gone = writeln!(io::stderr(), "{waarom}");
            return ExitCode::from(2);
        }
    };
    let mislukt = uitslagen.iter().flat_map(|t| &t.gevallen).filter(|g| !g.geslaagd).count();
    let mut uit = BufWriter::new(io::stdout().lock());
    let gelukt = if json { als_json(&mut uit, &uitslagen) } else { afdrukken(&mut uit, &uitslagen, mislukt) };
    match gelukt.and_then(|()| uit.flush()) {
        Ok(()) => {}
        // Who stopped reading (`| head`) has seen enough; the status still tells how it went.
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => {}
        Err(e) => {
            let _gone = writeln!(io::stderr(), "de uitslag is niet te schrijven ({e})");
            return ExitCode::from(2);
        }
    }
    if mislukt == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn als_json(uit: &mut impl Write, uitslagen: &[Tabeluitslag]) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *uit, uitslagen).map_err(io::Error::from)?;
    writeln!(uit)
}

fn afdrukken(uit: &mut impl Write, uitslagen: &[Tabeluitslag], mislukt: usize) -> io::Result<()> {
    for tabel in uitslagen {
        let fout = tabel.gevallen.iter().filter(|g| !g.geslaagd).count();
        writeln!(uit, "{}: {} gevallen, {fout} anders dan verwacht", tabel.bestand.display(), tabel.gevallen.len())?;
        for geval in tabel.gevallen.iter().filter(|g| !g.geslaagd) {
            writeln!(uit, "  {}: {}", geval.naam, geval.verschillen.join("; "))?;
        }
    }
    let alle: usize = uitslagen.iter().map(|t| t.gevallen.len()).sum();
    writeln!(uit, "{alle} gevallen in {} tabellen, {mislukt} anders dan verwacht", uitslagen.len())
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
