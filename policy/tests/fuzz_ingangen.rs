//! The entry points of the fuzz targets over seeds and mutations of them: in every test run, without a fuzzer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

#[path = "../../tests/fuzz/beleid.rs"]
mod ingangen;
mod samen;

use samen::{
    mutaties,
    toeval::{self, Toeval},
};

/// Words of the vocabularies, so that much of what is bent can still be read.
const WOORDEN: [&str; 7] = ["medisch", "weigeren", "toelaten", "tegenhouden", "convenant", "ja", "nee"];

fn draaien(wat: &str, seeds: &[Vec<u8>], rondes: usize, ingang: fn(&[u8])) {
    mutaties::draaien(wat, seeds, &WOORDEN, rondes, ingang);
}

#[test]
fn rows() {
    let catalogus = samen::catalogus();
    let mut t = Toeval::met(0xF1);
    let seeds: Vec<Vec<u8>> = (0..40).map(|_| serde_json::to_vec(&toeval::rij(&mut t, &catalogus)).unwrap()).collect();
    draaien("rows", &seeds, 120, ingangen::rijen);
}

#[test]
fn bundles() {
    let whole = serde_json::to_vec(&samen::bundel(&samen::catalogus())).unwrap();
    draaien("bundles", &[whole], 120, ingangen::bundels);
}

#[test]
fn sources() {
    let seeds: Vec<Vec<u8>> =
        [include_str!("../convenanten/voorbeeldregio.toml"), include_str!("../convenanten/voorbeeldregio-noord.toml")]
            .map(|s| s.as_bytes().to_vec())
            .to_vec();
    draaien("sources", &seeds, 80, ingangen::bronnen);
}

#[test]
fn tables() {
    let seeds: Vec<Vec<u8>> = samen::tabellen().into_iter().map(|(_, text)| text.into_bytes()).collect();
    draaien("tables", &seeds, 300, ingangen::tabellen);
}

#[test]
fn requests() {
    let catalogus = samen::catalogus();
    let mut t = Toeval::met(0xF5);
    let seeds: Vec<Vec<u8>> = (0..100).map(|_| serde_json::to_vec(&toeval::verzoek(&mut t, &catalogus)).unwrap()).collect();
    draaien("requests", &seeds, 4_000, ingangen::verzoeken);
}
