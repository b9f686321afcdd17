//! A log as lines of JSON, one for each leaf: what `inbreng log export` writes, and whoever has it recomputes without the hub.

use std::io::{self, BufRead, Write};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_domain::{Code, Digest, Tijdstip};
use inbreng_storage::Blad;
use serde::{Deserialize, Serialize};

/// Leaves handled at a time.
const BLADZIJDE: usize = 4096;

/// A leaf: one line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Regel {
    index: u64,
    soort: Code,
    /// Absent in an export of before the hash of a leaf covered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tijd: Option<Tijdstip>,
    record: String,
    zout: String,
    hash: Digest,
}

impl Regel {
    fn blad(self) -> Option<Blad> {
        let zout = URL_SAFE_NO_PAD.decode(&self.zout).ok()?.try_into().ok()?;
        let tijd = self.tijd.unwrap_or(Tijdstip::from_unix_millis(0));
        Some(Blad { index: self.index, soort: self.soort, tijd, record: self.record, zout, hash: self.hash })
    }
}

/// Why an export cannot be read. Lines count from 1.
#[derive(Debug, thiserror::Error)]
pub enum Exportfout {
    /// The bytes do not come, or are no text.
    #[error("export cannot be read")]
    Lezen(#[from] io::Error),
    /// A line that is not a leaf.
    #[error("line {0} is not a leaf")]
    GeenBlad(u64),
    /// A leaf whose salt is not 32 bytes in base64url.
    #[error("line {0} has no valid salt")]
    Zout(u64),
}

/// Reads an export and hands on its leaves in their order, some at a time. Whether they are the log is for who recomputes it.
///
/// # Errors
/// [`Exportfout`] at the first line that is wrong, or what `neem` gives.
pub fn lezen<E: From<Exportfout>>(bron: impl BufRead, mut neem: impl FnMut(&[Blad]) -> Result<(), E>) -> Result<(), E> {
    let mut bladen = Vec::with_capacity(BLADZIJDE);
    for (nummer, regel) in (1..).zip(bron.lines()) {
        let regel: Regel = serde_json::from_str(&regel.map_err(Exportfout::from)?).map_err(|_| Exportfout::GeenBlad(nummer))?;
        bladen.push(regel.blad().ok_or(Exportfout::Zout(nummer))?);
        if bladen.len() >= BLADZIJDE {
            neem(&std::mem::take(&mut bladen))?;
        }
    }
    neem(&bladen)
}

/// Writes one leaf as a line.
///
/// # Errors
/// When `doel` takes no more.
pub fn schrijven(mut doel: impl Write, blad: Blad) -> io::Result<()> {
    let zout = URL_SAFE_NO_PAD.encode(blad.zout);
    let Blad { index, soort, tijd, record, hash, .. } = blad;
    let regel = Regel { index, soort, tijd: Some(tijd), record, zout, hash };
    serde_json::to_writer(&mut doel, &regel)?;
    doel.write_all(b"\n")
}
