//! Canaries: texts that stand in sealed content and may be found nowhere else, however they lie.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use aho_corasick::AhoCorasick;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

/// Texts that must not be found, in every form in which they could lie on a disk.
#[derive(Debug)]
pub struct Kanaries {
    teksten: Vec<String>,
    van_vorm: Vec<usize>,
    zoeker: AhoCorasick,
}

/// A canary that was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Vondst {
    /// Where.
    pub bestand: PathBuf,
    /// Which.
    pub tekst: String,
}

impl Kanaries {
    /// Looks for these texts: ten bytes at least, or chance would find them.
    pub fn new<T: Into<String>>(teksten: impl IntoIterator<Item = T>) -> Self {
        let teksten: Vec<String> = teksten.into_iter().map(Into::into).collect();
        let (mut vormen, mut van_vorm) = (Vec::new(), Vec::new());
        for (i, tekst) in teksten.iter().enumerate() {
            assert!(tekst.len() >= 9, "{tekst} is too short");
            for vorm in alle_vormen(tekst) {
                vormen.push(vorm);
                van_vorm.push(i);
            }
        }
        Self { teksten, van_vorm, zoeker: AhoCorasick::new(vormen).unwrap() }
    }

    /// Which of them these bytes hold.
    pub fn in_bytes(&self, bytes: &[u8]) -> BTreeSet<String> {
        let gevonden = self.zoeker.find_overlapping_iter(bytes).map(|m| self.van_vorm[m.pattern().as_usize()]);
        gevonden.collect::<BTreeSet<_>>().into_iter().map(|i| self.teksten[i].clone()).collect()
    }

    /// Which of them lie in a file below this folder.
    pub fn onder(&self, map: &Path) -> BTreeSet<Vondst> {
        let bestanden = bestanden(map);
        assert!(!bestanden.is_empty(), "{} is empty", map.display());
        let in_bestand = |bestand: PathBuf| {
            let bytes = fs::read(&bestand).unwrap();
            self.in_bytes(&bytes).into_iter().map(move |tekst| Vondst { bestand: bestand.clone(), tekst })
        };
        bestanden.into_iter().flat_map(in_bestand).collect()
    }
}

/// As it is, in lower and upper case, in UTF-16 of both orders, in hexadecimal, as JSON escapes it with other letters as they are and
/// without, as an address does, and the three ways in which each base64 could hold its middle.
fn alle_vormen(tekst: &str) -> Vec<Vec<u8>> {
    let mut vormen: BTreeSet<Vec<u8>> =
        [tekst.to_owned(), tekst.to_lowercase(), tekst.to_uppercase()].map(String::into_bytes).into();
    vormen.insert(tekst.encode_utf16().flat_map(u16::to_le_bytes).collect());
    vormen.insert(tekst.encode_utf16().flat_map(u16::to_be_bytes).collect());
    let hex: String = tekst.bytes().map(|b| format!("{b:02x}")).collect();
    vormen.insert(hex.to_uppercase().into_bytes());
    vormen.insert(hex.into_bytes());
    vormen.insert(tekst.replace(' ', "%20").into_bytes());
    let json = serde_json::to_string(tekst).unwrap();
    let json = &json[1..json.len() - 1];
    vormen.insert(json.as_bytes().to_vec());
    vormen.insert(json.encode_utf16().map(ontdaan).collect::<String>().into_bytes());
    // JSON within JSON: an answer in a log line.
    vormen.insert(json.replace('\\', "\\\\").replace('"', "\\\"").into_bytes());
    for verschuiving in 0..3 {
        let opgevuld = [&vec![b'x'; verschuiving], tekst.as_bytes()].concat();
        for gecodeerd in [URL_SAFE_NO_PAD.encode(&opgevuld), STANDARD_NO_PAD.encode(&opgevuld)] {
            // The first and the last group depend on what stands around the text.
            let begin = if verschuiving == 0 { 0 } else { 4 };
            vormen.insert(gecodeerd.as_bytes()[begin..gecodeerd.len() / 4 * 4].to_vec());
        }
    }
    vormen.into_iter().collect()
}

/// A unit of UTF-16 as JSON may write it: other than ASCII by its number.
fn ontdaan(eenheid: u16) -> String {
    match u8::try_from(eenheid) {
        Ok(ascii) if ascii.is_ascii() => char::from(ascii).to_string(),
        _ => format!("\\u{eenheid:04x}"),
    }
}

fn bestanden(map: &Path) -> Vec<PathBuf> {
    let mut gevonden = Vec::new();
    for wat in fs::read_dir(map).unwrap() {
        let wat = wat.unwrap();
        if wat.file_type().unwrap().is_dir() {
            gevonden.extend(bestanden(&wat.path()));
        } else {
            gevonden.push(wat.path());
        }
    }
    gevonden
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEKST: &str = "Testpersoon \"Kanarië\"?>";

    #[test]
    fn a_text_is_found_however_it_lies() {
        let kanaries = Kanaries::new([TEKST, "geel veertje"]);
        for om in ["", "a", "ab", "abc", "abcd"] {
            let tekst = format!("{om}{TEKST}{om}");
            let json = serde_json::to_string(&tekst).unwrap();
            let vormen: [Vec<u8>; 11] = [
                tekst.clone().into_bytes(),
                tekst.to_uppercase().into_bytes(),
                json.clone().into_bytes(),
                json.replace('ë', "\\u00eb").into_bytes(),
                serde_json::to_string(&json).unwrap().into_bytes(),
                tekst.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                tekst.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                tekst.bytes().flat_map(|b| format!("{b:02x}").into_bytes()).collect(),
                tekst.replace(' ', "%20").into_bytes(),
                URL_SAFE_NO_PAD.encode(&tekst).into_bytes(),
                STANDARD_NO_PAD.encode(&tekst).into_bytes(),
            ];
            for vorm in vormen {
                let gevonden =
                    kanaries.in_bytes(&[b"\0ruis", vorm.as_slice(), b"ruis\xff"].concat()).into_iter().collect::<Vec<_>>();
                assert_eq!(gevonden, [TEKST], "{om}");
            }
        }
        assert!(kanaries.in_bytes(b"Testpersoon Merel").is_empty());
    }

    #[test]
    fn files_are_searched_below_a_folder() {
        let map = tempfile::tempdir().unwrap();
        fs::create_dir(map.path().join("diep")).unwrap();
        let bestand = map.path().join("diep/a.db");
        fs::write(&bestand, [b"\0\0", TEKST.as_bytes()].concat()).unwrap();
        assert_eq!(Kanaries::new([TEKST]).onder(map.path()), BTreeSet::from([Vondst { bestand, tekst: TEKST.to_owned() }]));
    }
}
