//! Puts the fixtures of every partner folder into the binary, so that the simulator runs from any directory.
#![allow(clippy::expect_used, reason = "a build script stops where it fails")]

use std::{fmt::Write as _, fs, path::Path};

const GEZICHTEN: [&str; 11] = [
    "politie",
    "veilig-thuis",
    "om",
    "ggz",
    "wijkteam",
    "school",
    "reclassering",
    "burgemeester",
    "huisarts",
    "vrouwenopvang",
    "zvh",
];

fn main() {
    let hier = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let adapters = Path::new(&hier).parent().expect("the folder of all adapters");
    let mut lijst = String::from("&[\n");
    for gezicht in GEZICHTEN {
        let wortel = adapters.join(gezicht).join("fixtures");
        println!("cargo:rerun-if-changed={}", wortel.display());
        let mut bestanden = Vec::new();
        verzamel(&wortel, &mut bestanden);
        bestanden.sort();
        for bestand in bestanden {
            let naam = bestand.strip_prefix(&wortel).expect("it lies below").with_extension("");
            let naam = naam.to_string_lossy().replace('\\', "/");
            writeln!(lijst, "({gezicht:?}, {naam:?}, include_str!({:?})),", bestand.display().to_string()).expect("a string");
        }
    }
    lijst.push(']');
    let uit = std::env::var("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&uit).join("fixtures.rs"), lijst).expect("the output folder can be written");
}

fn verzamel(map: &Path, bestanden: &mut Vec<std::path::PathBuf>) {
    for item in fs::read_dir(map).into_iter().flatten().flatten().map(|i| i.path()) {
        if item.is_dir() {
            verzamel(&item, bestanden);
        } else if item.extension().is_some_and(|e| e == "json") {
            bestanden.push(item);
        }
    }
}
