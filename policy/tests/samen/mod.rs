//! What the tests of the policy share.
#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "only tests use it")]

#[path = "../../../tests/fuzz/mutaties.rs"]
pub mod mutaties;
pub mod strategie;
pub mod toeval;

use std::path::PathBuf;

use inbreng_catalogue::Catalogus;
use inbreng_domain::Digest;
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
