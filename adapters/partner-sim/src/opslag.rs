//! What the system received and sent: in memory, and line by line in a file, so that a restart keeps it.

use std::{
    fs::{File, OpenOptions},
    io::{Seek as _, SeekFrom, Write as _},
    path::Path,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Fout, nummers::Uitgifte};

/// A message that came in, as the system keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ontvangen {
    /// Counts from 1.
    pub nr: u64,
    /// When it came.
    pub tijd: String,
    /// Where.
    pub pad: String,
    /// The number under which the sender may offer it again.
    pub sleutel: Option<String>,
    /// In the own format.
    pub bericht: Value,
    /// What the system answered: its own numbers.
    pub antwoord: Value,
}

/// A message that went out.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verzonden {
    /// Counts from 1.
    pub nr: u64,
    /// When it was answered.
    pub tijd: String,
    /// Which message that lay ready.
    pub naam: String,
    /// Where it was posted.
    pub pad: String,
    /// The received message that it follows, and which step of the follow-up it is.
    pub aanleiding: Option<(u64, usize)>,
    /// In the own format.
    pub bericht: Value,
    /// The status it was answered with.
    pub status: u16,
    /// The answer.
    pub antwoord: Value,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Regel {
    Ontvangen(Ontvangen),
    Verzonden(Verzonden),
    Teller { reeks: String, stand: u64 },
    Dossier(String),
}

/// The store.
pub(crate) struct Opslag {
    bestand: File,
    pub ontvangen: Vec<Ontvangen>,
    pub verzonden: Vec<Verzonden>,
    pub uitgifte: Uitgifte,
}

impl Opslag {
    /// Opens the file, or makes it. A last line that was cut off by a crash was never answered for, and is dropped.
    pub(crate) fn openen(map: &Path) -> Result<Self, Fout> {
        std::fs::create_dir_all(map)?;
        let pad = map.join("berichten.jsonl");
        let tekst = match std::fs::read(&pad) {
            Ok(tekst) => tekst,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(e) => return Err(e.into()),
        };
        let mut bestand = OpenOptions::new().create(true).truncate(false).write(true).open(&pad)?;
        let heel = tekst.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        bestand.set_len(u64::try_from(heel).unwrap_or(0))?;
        bestand.seek(SeekFrom::End(0))?;
        let mut opslag = Self { bestand, ontvangen: Vec::new(), verzonden: Vec::new(), uitgifte: Uitgifte::default() };
        let regels = tekst.get(..heel).unwrap_or_default();
        for regel in regels.split(|b| *b == b'\n').filter(|r| !r.is_empty()) {
            match serde_json::from_slice(regel).map_err(|e| Fout::Opslag(std::io::Error::other(e)))? {
                Regel::Ontvangen(o) => opslag.ontvangen.push(o),
                Regel::Verzonden(v) => opslag.verzonden.push(v),
                Regel::Teller { reeks, stand } => {
                    opslag.uitgifte.tellers.insert(reeks, stand);
                }
                Regel::Dossier(dossier) => {
                    opslag.uitgifte.dossiers.insert(dossier);
                }
            }
        }
        Ok(opslag)
    }

    /// The message that was offered under this number before.
    pub(crate) fn eerder(&self, sleutel: &str) -> Option<&Ontvangen> {
        self.ontvangen.iter().find(|o| o.sleutel.as_deref() == Some(sleutel))
    }

    /// Keeps a received message with the numbers it was given; durable when this returns.
    pub(crate) fn ontvang(&mut self, mut ontvangen: Ontvangen, uitgifte: Uitgifte) -> Result<Ontvangen, Fout> {
        ontvangen.nr = self.ontvangen.last().map_or(1, |o| o.nr + 1);
        let tellers = uitgifte.tellers.iter().filter(|(reeks, stand)| self.uitgifte.tellers.get(*reeks) != Some(*stand));
        let mut regels: Vec<Regel> =
            tellers.map(|(reeks, stand)| Regel::Teller { reeks: reeks.clone(), stand: *stand }).collect();
        regels.extend(uitgifte.dossiers.difference(&self.uitgifte.dossiers).cloned().map(Regel::Dossier));
        regels.push(Regel::Ontvangen(ontvangen.clone()));
        self.schrijf(&regels)?;
        self.uitgifte = uitgifte;
        self.ontvangen.push(ontvangen.clone());
        Ok(ontvangen)
    }

    /// Keeps a sent message.
    pub(crate) fn verzend(&mut self, mut verzonden: Verzonden) -> Result<Verzonden, Fout> {
        verzonden.nr = self.verzonden.last().map_or(1, |v| v.nr + 1);
        self.schrijf(&[Regel::Verzonden(verzonden.clone())])?;
        self.verzonden.push(verzonden.clone());
        Ok(verzonden)
    }

    fn schrijf(&mut self, regels: &[Regel]) -> Result<(), Fout> {
        let mut tekst = Vec::new();
        for regel in regels {
            serde_json::to_writer(&mut tekst, regel).map_err(|e| Fout::Opslag(std::io::Error::other(e)))?;
            tekst.push(b'\n');
        }
        self.bestand.write_all(&tekst)?;
        self.bestand.sync_data()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bericht(sleutel: &str) -> Ontvangen {
        Ontvangen {
            nr: 0,
            tijd: "nu".into(),
            pad: "/x".into(),
            sleutel: Some(sleutel.into()),
            bericht: json!({"a": 1}),
            antwoord: json!({"nummer": "N-1"}),
        }
    }

    #[test]
    fn a_restart_keeps_everything_and_a_torn_line_is_dropped() {
        let map = tempfile::tempdir().unwrap();
        {
            let mut opslag = Opslag::openen(map.path()).unwrap();
            let mut uitgifte = Uitgifte::default();
            uitgifte.tellers.insert("nummer".into(), 4);
            opslag.ontvang(bericht("a"), uitgifte.clone()).unwrap();
            opslag.ontvang(bericht("b"), uitgifte).unwrap();
        }
        let pad = map.path().join("berichten.jsonl");
        let mut bestand = OpenOptions::new().append(true).open(&pad).unwrap();
        bestand.write_all(b"{\"ontvangen\":{\"nr\":3").unwrap();
        let mut opslag = Opslag::openen(map.path()).unwrap();
        assert_eq!((opslag.ontvangen.len(), opslag.uitgifte.tellers["nummer"]), (2, 4));
        assert_eq!(opslag.eerder("b").unwrap().nr, 2);
        let uitgifte = opslag.uitgifte.clone();
        assert_eq!(opslag.ontvang(bericht("c"), uitgifte).unwrap().nr, 3);
        assert_eq!(Opslag::openen(map.path()).unwrap().ontvangen.len(), 3);
    }
}
