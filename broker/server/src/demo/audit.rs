//! What must hold when the night is over: all that was sent has arrived, the hub's files give nothing away, the log verifies.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

/// Texts of the own systems that must never be found at the hub: names, addresses, numbers, sentences.
#[derive(Debug)]
pub struct Canaries {
    texts: Vec<String>,
    searcher: AhoCorasick,
}

/// Forms in which each text is looked for.
const FORMS: usize = 5;

/// Shorter texts are words that could stand anywhere; a shorter name is looked for between the quotes that JSON puts around it.
const SHORTEST: usize = 6;
/// What is shorter than this is an initial or a code.
const SHORTEST_NAME: usize = 3;
/// What is left of a text in base64 must be this long to be looked for.
const LEAST_IN_BASE64: usize = 10;
/// A text of several words that is shorter may stand anywhere.
const SENTENCE: usize = 16;

impl Canaries {
    /// Collects every text value of these documents that a person wrote: sentences, and whatever stands in a field that
    /// identifies someone.
    ///
    /// # Errors
    /// When there are too many texts to search for at once.
    pub fn collect<'a>(documents: impl Iterator<Item = &'a Value>) -> Result<Self, aho_corasick::BuildError> {
        let mut found = BTreeSet::new();
        for document in documents {
            gather("", document, &mut found);
        }
        let texts: Vec<String> = found.into_iter().collect();
        let searcher = AhoCorasick::new(texts.iter().flat_map(|text| forms(text)))?;
        Ok(Self { texts, searcher })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Looks for each, as it is and as base64 would hide it, in every file below `dir`; gives the files and what was found.
    pub fn search(&self, dir: &Path) -> std::io::Result<Vec<(PathBuf, String)>> {
        let mut found = Vec::new();
        for file in files(dir)? {
            let bytes = std::fs::read(&file)?;
            let hits: BTreeSet<usize> = self.searcher.find_iter(&bytes).map(|m| m.pattern().as_usize()).collect();
            found.extend(hits.iter().filter_map(|hit| self.texts.get(hit / FORMS)).map(|text| (file.clone(), text.clone())));
        }
        Ok(found)
    }
}

fn gather(key: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(k, v)| gather(k, v, found)),
        Value::Array(items) => items.iter().for_each(|v| gather(key, v, found)),
        Value::String(text) => {
            let identifies = ["naam", "bsn", "straat", "adres", "telefoon"].iter().any(|word| key.to_lowercase().contains(word));
            if (text.len() >= SENTENCE && text.contains(' ')) || (text.len() >= SHORTEST && identifies) {
                found.insert(text.clone());
            } else if text.len() >= SHORTEST_NAME && key.to_lowercase().contains("naam") {
                found.insert(format!("\"{text}\""));
            }
        }
        _ => {}
    }
}

/// The text in UTF-8 and UTF-16, and the three ways in which base64 could hold its middle.
fn forms(text: &str) -> [Vec<u8>; FORMS] {
    let in_base64 = |shift: usize| {
        let padded = [&vec![b'x'; shift], text.as_bytes()].concat();
        let encoded = URL_SAFE_NO_PAD.encode(padded);
        // The first and last groups depend on what stands around the text; what is left of a short one could be anything.
        let middle: Vec<u8> = encoded.bytes().skip(4).take(encoded.len().saturating_sub(8)).collect();
        if middle.len() >= LEAST_IN_BASE64 { middle } else { text.as_bytes().to_vec() }
    };
    [text.as_bytes().to_vec(), text.encode_utf16().flat_map(u16::to_le_bytes).collect(), in_base64(0), in_base64(1), in_base64(2)]
}

fn files(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.extend(files(&entry.path())?);
        } else {
            found.push(entry.path());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_is_found_however_it_lies() {
        let document = json!({"persoon": {"naam": "Testpersoon-Appel"}, "code": "kort", "toelichting": "er was ruzie in huis"});
        let canaries = Canaries::collect([&document].into_iter()).unwrap();
        assert_eq!(canaries.len(), 2);
        let dir = tempfile::tempdir().unwrap();
        let finds = |bytes: &[u8]| {
            std::fs::write(dir.path().join("x"), bytes).unwrap();
            !canaries.search(dir.path()).unwrap().is_empty()
        };
        for around in ["", "a", "ab", "abc"] {
            let text = format!("{around}er was ruzie in huis{around}");
            assert!(finds(text.as_bytes()));
            assert!(finds(URL_SAFE_NO_PAD.encode(&text).as_bytes()), "{around}");
            let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert!(finds(&utf16));
        }
        assert!(!finds(b"er was rust in huis"));
    }

    #[test]
    fn a_short_name_is_looked_for_as_json_writes_it() {
        let document = json!({"voornaam": "Cas", "initiaal_naam": "C."});
        let canaries = Canaries::collect([&document].into_iter()).unwrap();
        assert_eq!(canaries.len(), 1);
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a"), b"de Casus").unwrap();
        assert!(canaries.search(dir.path()).unwrap().is_empty());
        std::fs::write(dir.path().join("b"), br#"{"kind":"Cas"}"#).unwrap();
        assert_eq!(canaries.search(dir.path()).unwrap().len(), 1);
    }

    #[test]
    fn a_bsn_and_a_surname_are_looked_for() {
        let document = json!({"bsn": "999900011", "achternaam": "Walnoot", "incidentcode": "HG02"});
        let canaries = Canaries::collect([&document].into_iter()).unwrap();
        assert_eq!(canaries.len(), 2);
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("log"), "... 999900011 ...").unwrap();
        assert_eq!(canaries.search(dir.path()).unwrap().len(), 1);
    }

    #[test]
    fn files_are_searched_below_a_folder() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("diep")).unwrap();
        std::fs::write(dir.path().join("diep/a.db"), b"\0\0Testpersoon Appel\0").unwrap();
        let canaries = Canaries::collect([&json!({"naam": "Testpersoon Appel"})].into_iter()).unwrap();
        assert_eq!(canaries.search(dir.path()).unwrap().len(), 1);
    }
}
