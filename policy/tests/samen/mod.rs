//! What the tests of the policy share.
#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "only tests use it")]

#[path = "../../../tests/fuzz/mutaties.rs"]
pub mod mutaties;
pub mod strategie;
pub mod toeval;

use std::path::PathBuf;

use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Digest, Oin, Tijdstip,
    convenant::{Partijen, Toetreding},
    versie::Beheerfunctie,
};
use inbreng_policy::{Beleid, Bundel, Convenantbron};

pub fn catalogus() -> Catalogus {
    Catalogus::ingebouwd().unwrap()
}

pub fn bundel(catalogus: &Catalogus) -> Bundel {
    Bundel::genereren(&Convenantbron::voorbeeldregio().unwrap(), catalogus).unwrap()
}

pub fn voorbeeldregio() -> (Beleid, Catalogus) {
    let catalogus = catalogus();
    let beleid = Beleid::laden(bundel(&catalogus), Digest::from_bytes([1; 32]), &catalogus).unwrap();
    (beleid, catalogus)
}

/// The decision tables, by file name.
pub fn tabellen() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tables");
    let mut all: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "toml"))
        .map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&p).unwrap()))
        .collect();
    all.sort();
    all
}

/// Who signed this version's text, from long ago: these, and nobody else.
pub fn getekend(beleid: &Beleid, wie: &[&str]) -> Partijen {
    let toetreding = |oin: &&str| Toetreding {
        tekst: beleid.tekst().clone(),
        partij: Oin::parse(oin).unwrap(),
        afspraken: beleid.bundel().versie,
        vanaf: Tijdstip::parse("2020-01-01T00:00:00.000Z").unwrap(),
        tot: None,
        volgnummer: 1,
        functie: Beheerfunctie::Bestuurder,
        certificaten: Vec::new(),
        tijd: Tijdstip::parse("2020-01-01T00:00:00.000Z").unwrap(),
    };
    Partijen::van_geverifieerd(wie.iter().map(toetreding).collect(), Vec::new())
}
