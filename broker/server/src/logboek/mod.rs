//! `inbreng log`: the log without a running hub, from its store or from an export, held against heads that someone kept.

pub mod adl;
mod bron;
mod prove;
mod verify;

use std::{io::Write, path::Path, process::ExitCode};

use inbreng_domain::{receipts::Checkpoint, schermtekst};
use inbreng_pipeline::Logfout;
use inbreng_proof::{Typ, VerifyingKey, jws};
use rustls_pki_types::{CertificateDer, pem::PemObject};

pub use bron::export;
pub use prove::{Bewijsopties, prove};
pub use verify::verify;

use crate::bevinding::keten;

/// The result of what can be said in one Dutch sentence.
pub type Uitkomst<T> = Result<T, String>;

/// A head that someone kept, verified.
pub fn kop(checkpoint: &Path, certificaat: &Path) -> Uitkomst<Checkpoint> {
    let lezen = |pad: &Path| std::fs::read_to_string(pad).map_err(|e| format!("{} is niet te lezen ({e})", pad.display()));
    let der = CertificateDer::from_pem_slice(lezen(certificaat)?.as_bytes())
        .map_err(|_| "er staat geen certificaat in --certificaat")?;
    let sleutel = VerifyingKey::from_certificate_der(&der).map_err(|e| keten(&e))?;
    jws::verify(lezen(checkpoint)?.trim(), Typ::Checkpoint, &sleutel)
        .map_err(|e| format!("{} is niet door dit certificaat ondertekend ({})", checkpoint.display(), keten(&e)))
}

/// What is wrong with a log, in Dutch.
pub fn in_woorden(fout: &Logfout) -> String {
    match fout {
        Logfout::Ontbreekt(blad) => format!("blad {blad} ontbreekt"),
        Logfout::Volgorde { verwacht, gevonden } => format!("op de plaats van blad {verwacht} staat blad {gevonden}"),
        Logfout::Hash(blad) => format!("blad {blad} past niet bij zijn hash"),
        Logfout::Gesnoeid(blad) => format!("blad {blad} is leeg, terwijl een ouder blad zijn inhoud nog heeft"),
        Logfout::Ongedekt(blad) => {
            format!("blad {blad} is leeg, en geen opruiming die in het logboek staat heeft het leeg mogen maken")
        }
        Logfout::Vorm(blad) => format!(
            "de hash van blad {blad} is nog zonder zijn soort berekend, terwijl dat bij een ouder blad al met soort is gedaan"
        ),
        Logfout::Overgang(blad) => {
            format!(
                "bij blad {blad} begint een nieuwe vorm van hashes zonder dat het blad dat zegt, of het zegt dat waar die vorm niet begint"
            )
        }
        Logfout::Soorten(blad) => {
            format!("van de bladen vóór blad {blad} is de soort of de tijd veranderd: dat blad zegt iets anders")
        }
        Logfout::SoortVanaf { bewaard } => {
            format!(
                "hashes horen vanaf blad {bewaard} met de soort te zijn berekend, want zo is het bewaard; in dit logboek begint dat ergens anders"
            )
        }
        Logfout::Kop { kop, omvang: None } => {
            format!("de bewaarde kop van {kop} bladen heeft een andere wortel dan dit logboek bij {kop} bladen")
        }
        Logfout::Kop { kop, omvang: Some(omvang) } => {
            format!("de bewaarde kop telt {kop} bladen, dit logboek maar {omvang}")
        }
        Logfout::Knoop { niveau, index } => {
            format!("knoop {index} van niveau {niveau} is een andere dan uit de bladen volgt")
        }
        Logfout::Buiten { blad } => format!("blad {blad} staat achter het eind dat de opslag bewaart"),
        Logfout::Wortel => "de wortel die de opslag bewaart is een andere dan uit de bladen volgt".to_owned(),
        Logfout::Boom(_) | Logfout::Opslag(_) => keten(fout),
    }
}

/// Prints a verdict: good on standard output with 0; not good with 1.
fn uitspreken(json: bool, goed: bool, tekst: &str, als_json: &serde_json::Value) -> ExitCode {
    let als_json = als_json.to_string();
    let _gone = writeln!(std::io::stdout(), "{}", if json { schermtekst::json(&als_json) } else { schermtekst::regels(tekst) });
    if goed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
