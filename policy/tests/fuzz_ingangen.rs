//! The entry points of the fuzz targets over seeds and mutations of them: in every test run, without a fuzzer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

#[path = "../../tests/fuzz/ingangen.rs"]
mod ingangen;
mod samen;

use samen::toeval::{self, Toeval};

/// Bits flipped, pieces cut out, doubled or put elsewhere, words of the vocabularies and odd numbers put in.
fn muteren(t: &mut Toeval, seed: &[u8]) -> Vec<u8> {
    const WOORDEN: [&str; 16] = [
        "medisch",
        "weigeren",
        "toelaten",
        "tegenhouden",
        "convenant",
        "ja",
        "nee",
        "\"\"",
        "[]",
        "{}",
        "null",
        "-1",
        "1e999",
        "*",
        "R45",
        "\u{1F642}",
    ];
    let mut out = seed.to_vec();
    for _ in 0..=t.getal(4) {
        if out.is_empty() {
            break;
        }
        let at = t.getal(out.len());
        let end = (at + 1 + t.getal(24)).min(out.len());
        match t.getal(5) {
            0 => out[at] ^= 1 << t.getal(8),
            1 => drop(out.drain(at..end)),
            2 => {
                let piece = out[at..end].to_vec();
                let place = t.getal(out.len());
                out.splice(place..place, piece);
            }
            3 => drop(out.splice(at..end, t.kies(&WOORDEN).bytes())),
            _ => {
                // A word for a word: most of what stays readable.
                let quote = |from: usize| out.iter().skip(from).position(|b| *b == b'"').map(|n| from + n);
                if let Some(open) = quote(at)
                    && let Some(close) = quote(open + 1)
                {
                    out.splice(open + 1..close, t.kies(&WOORDEN[..7]).bytes());
                }
            }
        }
    }
    out
}

fn draaien(seeds: &[Vec<u8>], rondes: usize, seed: u64, ingang: fn(&[u8])) {
    let mut t = Toeval::met(seed);
    for s in seeds {
        ingang(s);
    }
    for _ in 0..rondes {
        let s = t.kies(seeds);
        ingang(&muteren(&mut t, &s));
    }
}

#[test]
fn rows() {
    let catalogus = samen::catalogus();
    let mut t = Toeval::met(0xF1);
    let seeds: Vec<Vec<u8>> = (0..40).map(|_| serde_json::to_vec(&toeval::rij(&mut t, &catalogus)).unwrap()).collect();
    draaien(&seeds, 120, 1, ingangen::rijen);
}

#[test]
fn bundles() {
    let whole = serde_json::to_vec(&samen::bundel(&samen::catalogus())).unwrap();
    draaien(&[whole], 120, 2, ingangen::bundels);
}

#[test]
fn sources() {
    let seeds: Vec<Vec<u8>> =
        [include_str!("../convenanten/voorbeeldregio.toml"), include_str!("../convenanten/voorbeeldregio-noord.toml")]
            .map(|s| s.as_bytes().to_vec())
            .to_vec();
    draaien(&seeds, 80, 3, ingangen::bronnen);
}

#[test]
fn tables() {
    let seeds: Vec<Vec<u8>> = samen::tabellen().into_iter().map(|(_, text)| text.into_bytes()).collect();
    draaien(&seeds, 300, 4, ingangen::tabellen);
}

#[test]
fn requests() {
    let catalogus = samen::catalogus();
    let mut t = Toeval::met(0xF5);
    let seeds: Vec<Vec<u8>> = (0..100).map(|_| serde_json::to_vec(&toeval::verzoek(&mut t, &catalogus)).unwrap()).collect();
    draaien(&seeds, 4_000, 5, ingangen::verzoeken);
}
