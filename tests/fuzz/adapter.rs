//! What is fuzzed of an adapter: a partner's mapping file, and what the partner's own system posts.

use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

use inbreng_adapter::{Config, concept::Vertaling as _, mapping::Mapping};
use inbreng_catalogue::Catalogus;
use serde_json::Value;

static CATALOGUS: LazyLock<Catalogus> = LazyLock::new(|| Catalogus::ingebouwd().expect("the catalogue that is shipped"));

/// The folders of the partners, beside the tests.
fn mappen() -> Vec<PathBuf> {
    let adapters = Path::new(env!("CARGO_MANIFEST_DIR")).join(WORTEL).join("adapters");
    let alle = std::fs::read_dir(adapters).expect("the adapters").map(|m| m.expect("a folder").path());
    let mut alle: Vec<PathBuf> = alle.filter(|m| m.join("mapping.toml").exists()).collect();
    alle.sort();
    alle
}

/// From the manifest of whoever includes this file to the root of the checkout.
const WORTEL: &str = "../..";

/// Every mapping file that is shipped.
pub fn bestanden() -> Vec<Vec<u8>> {
    mappen().iter().map(|m| std::fs::read(m.join("mapping.toml")).expect("a mapping")).collect()
}

/// Every message that stands beside them.
pub fn berichten() -> Vec<Vec<u8>> {
    let mut open: Vec<PathBuf> = mappen().iter().map(|m| m.join("fixtures")).filter(|m| m.exists()).collect();
    let mut gevonden = Vec::new();
    while let Some(map) = open.pop() {
        for pad in std::fs::read_dir(map).expect("fixtures").map(|p| p.expect("a fixture").path()) {
            if pad.is_dir() {
                open.push(pad);
            } else {
                gevonden.push(std::fs::read(pad).expect("a fixture"));
            }
        }
    }
    gevonden.sort();
    gevonden
}

/// The mappings, each with the paths that its own system posts on.
static MAPPINGS: LazyLock<Vec<(Mapping, Vec<String>)>> = LazyLock::new(|| {
    let lezen = |bytes: Vec<u8>| {
        let tekst = String::from_utf8(bytes).expect("TOML is text");
        let mapping = Mapping::lezen(&tekst).expect("a mapping that is shipped");
        let toml: toml::Table = tekst.parse().expect("TOML");
        let regels = toml.get("uitgaand").and_then(toml::Value::as_array).cloned().unwrap_or_default();
        let paden = regels.iter().filter_map(|r| r.get("pad")?.as_str().map(str::to_owned)).collect();
        (mapping, paden)
    };
    bestanden().into_iter().map(lezen).collect()
});

/// A mapping file: refused with its place, or one that the catalogue judges.
pub fn mapping(bytes: &[u8]) {
    let Ok(tekst) = std::str::from_utf8(bytes) else { return };
    match Mapping::lezen(tekst) {
        Ok(mapping) => drop(mapping.toetsen(&CATALOGUS)),
        Err(fout) => assert!(!fout.to_string().is_empty()),
    }
}

/// A configuration as an installation has it.
pub const CONFIGURATIE: &str = concat!(
    include_str!("../../adapters/kit/tests/adapter.toml"),
    "[eigen_systeem]\nadres = \"https://systeem.example\"\ngeheim = \"systeem-geheim\"\n"
);

/// A configuration file: unreadable, refused with a reason, or one that listens on this machine alone, hands on over TLS or on this
/// machine, and can open what comes.
pub fn configuratie(bytes: &[u8]) {
    let Ok(tekst) = std::str::from_utf8(bytes) else { return };
    let Ok(config) = toml::from_str::<Config>(tekst) else { return };
    match config.toetsen() {
        Err(fout) => assert!(!fout.to_string().is_empty()),
        Ok(config) => {
            assert!(config.luister.adres.ip().is_loopback() && !config.sleutels.verzegeling.is_empty());
            if let Some(eigen) = &config.eigen_systeem {
                let adres = eigen.adres.trim().to_lowercase();
                let hier = adres.starts_with("http:") && ["127.", "localhost", "::1"].iter().any(|naam| adres.contains(naam));
                assert!(config.inbox.is_none() && (hier || adres.starts_with("https:")), "{adres}");
            }
        }
    }
}

/// A message of the own system, to every path of every partner: refused, or a message that the catalogue's schemas judge.
pub fn eigen_bericht(bytes: &[u8]) {
    let Ok(lichaam) = serde_json::from_slice::<Value>(bytes) else { return };
    for (mapping, paden) in MAPPINGS.iter() {
        for pad in paden {
            let concept = mapping.uitgaand(pad, &lichaam);
            assert_eq!(concept.is_ok(), mapping.uitgaand(pad, &lichaam).is_ok());
            if concept.is_ok() {
                drop(mapping.proef(&CATALOGUS, pad, &lichaam));
            }
        }
    }
}
