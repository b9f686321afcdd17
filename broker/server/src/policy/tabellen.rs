//! `inbreng policy test`: decision tables against a policy; a difference is an error.

use std::path::PathBuf;

use inbreng_policy::{Gevaluitslag, Tabel};
use serde::Serialize;

use super::{
    Afloop, Fout, Versiekeuze, catalogus,
    tekst::{Tekst, tonen},
};

/// One table and what came out.
#[derive(Debug, Serialize)]
struct Tabeluitslag {
    bestand: PathBuf,
    gevallen: Vec<Gevaluitslag>,
}

/// Runs the tables and prints each difference, or everything as JSON.
pub fn run(bestanden: &[PathBuf], versie: &Versiekeuze, json: bool) -> Result<Afloop, Fout> {
    let uitslagen = draaien(bestanden, versie)?;
    let alles_goed = uitslagen.iter().flat_map(|t| &t.gevallen).all(|g| g.geslaagd);
    tonen(json, &uitslagen, |u| in_woorden(u), if alles_goed { Afloop::Goed } else { Afloop::Verschil })
}

fn in_woorden(uitslagen: &[Tabeluitslag]) -> String {
    let mut uit = Tekst::default();
    let fout = |t: &Tabeluitslag| t.gevallen.iter().filter(|g| !g.geslaagd).count();
    for tabel in uitslagen {
        uit.zo(&format!("{}: {} gevallen, {} anders dan verwacht", tabel.bestand.display(), tabel.gevallen.len(), fout(tabel)));
        for geval in tabel.gevallen.iter().filter(|g| !g.geslaagd) {
            uit.regel(2, 2, &format!("{}: {}", geval.naam, geval.verschillen.join("; ")));
        }
    }
    let alle: usize = uitslagen.iter().map(|t| t.gevallen.len()).sum();
    let mislukt: usize = uitslagen.iter().map(fout).sum();
    uit.zo(&format!("{alle} gevallen in {} tabellen, {mislukt} anders dan verwacht", uitslagen.len()));
    uit.into()
}

fn draaien(bestanden: &[PathBuf], keuze: &Versiekeuze) -> Result<Vec<Tabeluitslag>, Fout> {
    let catalogus = catalogus()?;
    let versie = keuze.vinden(&catalogus)?;
    let beleid = versie.beleid(&catalogus)?;
    let mut uitslagen = Vec::new();
    for pad in bestanden {
        let tekst = std::fs::read_to_string(pad).map_err(|e| Fout::lezen(pad, &e))?;
        let tabel = Tabel::lezen(&tekst).map_err(|e| Fout::beleid(&pad.display().to_string(), &e))?;
        if *tabel.convenant() != versie.bundel.convenant {
            let ander = tabel.convenant();
            return Err(Fout::new(format!("{}: deze tabel is voor convenant {ander}", pad.display()))
                .herstel(format!("Geef dat convenant met --convenant (nu is het {}).", versie.bundel.convenant)));
        }
        uitslagen.push(Tabeluitslag { bestand: pad.clone(), gevallen: tabel.draaien(&beleid, &catalogus) });
    }
    Ok(uitslagen)
}
