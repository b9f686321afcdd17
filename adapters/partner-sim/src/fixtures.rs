//! Messages that lie ready to be sent: files in the own format, in a folder with the path they are posted on.

use std::path::Path;

use serde_json::Value;

use crate::Fout;

const INGEBOUWD: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/fixtures.rs"));

/// A message that lies ready.
#[derive(Clone)]
pub(crate) struct Fixture {
    /// Folder and name: `meldingen/triage/onderzoek`.
    pub naam: String,
    pub bericht: Value,
}

impl Fixture {
    /// The path it is posted on.
    pub(crate) fn pad(&self) -> String {
        let map = self.naam.rsplit_once('/').map_or("", |(map, _)| map);
        format!("/{map}")
    }
}

/// All messages of a face.
#[derive(Clone)]
pub(crate) struct Fixtures(Vec<Fixture>);

impl Fixtures {
    /// Those in `map`, or else those that are built in.
    pub(crate) fn lezen(gezicht: &str, map: Option<&Path>) -> Result<Self, Fout> {
        let mut gevonden = Vec::new();
        match map {
            Some(map) => van_schijf(map, map, &mut gevonden)?,
            None => {
                for (_, naam, tekst) in INGEBOUWD.iter().filter(|(g, _, _)| *g == gezicht) {
                    gevonden.push(fixture((*naam).to_owned(), tekst)?);
                }
            }
        }
        gevonden.sort_by(|a, b| a.naam.cmp(&b.naam));
        Ok(Self(gevonden))
    }

    pub(crate) fn zoek(&self, naam: &str) -> Option<&Fixture> {
        let naam = naam.trim_start_matches('/').trim_end_matches(".json");
        self.0.iter().find(|f| f.naam == naam)
    }

    pub(crate) fn alle(&self) -> impl Iterator<Item = &Fixture> {
        self.0.iter()
    }
}

fn fixture(naam: String, tekst: &str) -> Result<Fixture, Fout> {
    let bericht = serde_json::from_str(tekst).map_err(|e| Fout::Fixture(format!("{naam}: {e}")))?;
    Ok(Fixture { naam, bericht })
}

fn van_schijf(wortel: &Path, map: &Path, gevonden: &mut Vec<Fixture>) -> Result<(), Fout> {
    let fout = |e: std::io::Error| Fout::Fixture(format!("{}: {e}", map.display()));
    for item in std::fs::read_dir(map).map_err(fout)? {
        let item = item.map_err(fout)?.path();
        if item.is_dir() {
            van_schijf(wortel, &item, gevonden)?;
        } else if item.extension().is_some_and(|e| e == "json") {
            let naam = item.strip_prefix(wortel).unwrap_or(&item).with_extension("").to_string_lossy().replace('\\', "/");
            gevonden.push(fixture(naam, &std::fs::read_to_string(&item).map_err(fout)?)?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_reports_lie_ready_and_each_knows_its_path() {
        let politie = Fixtures::lezen("politie", None).unwrap();
        let meldingen: Vec<_> = politie.alle().filter(|f| f.pad() == "/mutaties/huiselijk-geweld").collect();
        assert_eq!(meldingen.len(), 16);
        assert!(politie.zoek("/handle-with-care/cas.json").is_some());
        assert!(Fixtures::lezen("niemand", None).unwrap().0.is_empty());
    }

    #[test]
    fn a_folder_reads_as_what_is_built_in() {
        let map = Path::new(env!("CARGO_MANIFEST_DIR")).join("../om/fixtures");
        let (schijf, binnen) = (Fixtures::lezen("om", Some(&map)).unwrap(), Fixtures::lezen("om", None).unwrap());
        let namen = |f: &Fixtures| f.alle().map(|f| (f.naam.clone(), f.bericht.clone())).collect::<Vec<_>>();
        assert_eq!(namen(&schijf), namen(&binnen));
    }
}
