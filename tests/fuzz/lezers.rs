//! Who reads bytes: every file of the products that makes something of them is fuzzed, or says why nothing in it comes from outside
//! (`lezers.toml`). A new place is noticed here, before anyone sends it something that nobody thought of.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use serde::Deserialize;

/// What makes a value of bytes or text: JSON, TOML, signed statements, certificates and keys, tokens.
const LEZERS: [&str; 19] = [
    "from_slice",
    "from_str",
    "from_reader",
    "from_value",
    "parse_strict",
    "parse_strict_as",
    "unverified_payload",
    "unverified_kid",
    "from_pem",
    "from_der",
    "from_pem_slice",
    "from_pem_file",
    "pem_slice_iter",
    "pem_file_iter",
    "private_key_from_pem",
    "stack_from_pem",
    "CanonicalText::read",
    "decode_header",
    "parse_http_date",
];

/// The same where it says as what it reads: without, it is a word for other things too.
const LEZERS_ALS: [&str; 1] = ["decode"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lijst {
    gefuzzd: Vec<Gefuzzd>,
    eigen: Vec<Eigen>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gefuzzd {
    door: Vec<String>,
    bestanden: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Eigen {
    waarom: String,
    bestanden: Vec<String>,
}

fn wortel() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Source files below a folder, without those that are tests alone.
fn bronnen(map: &Path, gevonden: &mut Vec<PathBuf>) {
    for pad in std::fs::read_dir(map).unwrap().map(|p| p.unwrap().path()) {
        let naam = pad.file_name().unwrap().to_str().unwrap();
        if pad.is_dir() {
            if !["tests", "contract", "target"].contains(&naam) {
                bronnen(&pad, gevonden);
            }
        } else if naam.ends_with(".rs") && naam != "tests.rs" {
            gevonden.push(pad);
        }
    }
}

/// Whether a line calls one of them: its name, and what it reads or as what.
fn leest(regel: &str) -> bool {
    let regel = regel.trim_start();
    let overslaan = ["//", "use ", "pub use ", "fn from_str", "pub fn ", "pub(crate) fn ", "pub(super) fn "];
    if overslaan.iter().any(|begin| regel.starts_with(begin)) {
        return false;
    }
    let gebeld = |lezer: &str, hoe: &[&str]| {
        regel.match_indices(lezer).any(|(plaats, _)| {
            let (voor, na) = (&regel[..plaats], &regel[plaats + lezer.len()..]);
            let heel = !voor.ends_with(|c: char| c.is_alphanumeric() || c == '_');
            heel && hoe.iter().any(|hoe| na.starts_with(hoe)) && !voor.ends_with("HeaderValue::")
        })
    };
    LEZERS.iter().any(|lezer| gebeld(lezer, &["(", "::<"])) || LEZERS_ALS.iter().any(|lezer| gebeld(lezer, &["::<"]))
}

/// Files that are only there for tests: the module that names them says so.
fn alleen_in_tests(pad: &Path) -> bool {
    let naam = pad.file_stem().unwrap().to_str().unwrap();
    let map = pad.parent().unwrap();
    let eigen = map.with_extension("rs");
    let ouders = [map.join("mod.rs"), map.join("lib.rs"), eigen];
    let regels = ouders.iter().filter_map(|ouder| std::fs::read_to_string(ouder).ok());
    regels.into_iter().any(|tekst| {
        let mut vorige = "";
        tekst.lines().any(|regel| {
            let noemt = regel.trim_start_matches("pub ").trim_start_matches("pub(crate) ") == format!("mod {naam};");
            let is = noemt && vorige.starts_with("#[cfg(") && vorige.contains("test");
            vorige = regel;
            is
        })
    })
}

/// Every file that reads, by its path from the root.
fn lezend() -> BTreeSet<String> {
    let mut alle = Vec::new();
    for map in ["broker", "adapters", "policy", "certs"] {
        bronnen(&wortel().join(map), &mut alle);
    }
    let in_src = |pad: &PathBuf| pad.components().any(|deel| deel.as_os_str() == "src");
    let leest = |pad: &PathBuf| {
        let tekst = std::fs::read_to_string(pad).unwrap();
        let mut product = tekst.lines().take_while(|regel| !regel.ends_with("mod tests {"));
        product.any(leest) && !alleen_in_tests(pad)
    };
    let naam = |pad: PathBuf| pad.strip_prefix(wortel()).unwrap().to_str().unwrap().to_owned();
    alle.into_iter().filter(|pad| in_src(pad) && leest(pad)).map(naam).collect()
}

/// Fails for a file that reads and is not in the list, and for one in the list that does not.
pub fn elk_bestand_dat_leest_staat_er(ingangen: &[String]) {
    let hier = wortel().join("tests/fuzz");
    let lijst: Lijst = toml::from_str(&std::fs::read_to_string(hier.join("lezers.toml")).unwrap()).unwrap();
    let mut tests = String::new();
    for naam in ["hub", "postvak", "bestanden", "terugroep"] {
        tests += &std::fs::read_to_string(hier.join(format!("{naam}.rs"))).unwrap();
    }
    let mut genoemd: BTreeMap<&str, usize> = BTreeMap::new();
    for Gefuzzd { door, bestanden } in &lijst.gefuzzd {
        assert!(!door.is_empty(), "{bestanden:?}");
        for naam in door {
            let bestaat = ingangen.contains(naam) || tests.contains(&format!("fn {naam}()"));
            assert!(bestaat, "{naam} is no entry point and no test of whole requests");
        }
        bestanden.iter().for_each(|b| *genoemd.entry(b).or_default() += 1);
    }
    for Eigen { waarom, bestanden } in &lijst.eigen {
        assert!(waarom.len() > 20, "{bestanden:?}");
        bestanden.iter().for_each(|b| *genoemd.entry(b).or_default() += 1);
    }
    let lezend = lezend();
    assert!(lezend.len() > 100, "{}", lezend.len());
    let nieuw: Vec<_> = lezend.iter().filter(|b| !genoemd.contains_key(b.as_str())).collect();
    assert!(
        nieuw.is_empty(),
        "these read bytes: name in lezers.toml what fuzzes them, or why nothing comes from outside: {nieuw:#?}"
    );
    let oud: Vec<_> = genoemd.iter().filter(|(b, keer)| !lezend.contains(**b) || **keer != 1).collect();
    assert!(oud.is_empty(), "these are in lezers.toml and read nothing, or are there twice: {oud:#?}");
}

#[test]
fn a_call_is_seen_and_other_words_are_not() {
    for wel in [
        "let x: T = serde_json::from_slice(bytes)?;",
        "    match serde_json::from_str::<T>(&tekst) {",
        "jws::unverified_payload(jws)",
        "toml::from_str(text)",
        "let claims = match decode::<Claims>(jwt, &key, &rules) {",
        "woord.and_then(|w| jsonwebtoken::decode::<Woord>(w, &sleutel, &regels).ok())",
        "httpdate::parse_http_date(tekst).ok()",
    ] {
        assert!(leest(wel), "{wel}");
    }
    for niet in [
        "out.extend_from_slice(&piece);",
        "// serde_json::from_slice(bytes)",
        "fn from_str(s: &str) -> Result<Self, ()> {",
        "use toml::from_str;",
        "HeaderValue::from_str(&value)",
        "key.copy_from_slice(&bytes);",
        "STANDARD.decode(c)",
        "verify::<Weigering>(jws)",
    ] {
        assert!(!leest(niet), "{niet}");
    }
}
