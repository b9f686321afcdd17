//! The secret that the own system and the adapter show each other: whoever else runs on that machine has no say.

use std::path::{Path, PathBuf};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_domain::{Digest, Randomness};
use zeroize::Zeroizing;

/// Shorter ones could be guessed; 32 random bytes in base64url are 43 characters.
const KORTSTE: usize = 32;
/// A longer line is not a secret but another file.
const LANGSTE: usize = 1024;

/// Why a secret cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Geheimfout {
    /// The file cannot be read.
    #[error("cannot read the secret in {0}")]
    Lezen(PathBuf, #[source] std::io::Error),
    /// Too short, or with spaces or other characters that a header cannot carry.
    #[error("the secret in {0} must be one line of 32 to 1024 visible characters without spaces")]
    Vorm(PathBuf),
}

/// A shared secret.
#[derive(Clone)]
pub struct Geheim {
    tekst: Zeroizing<String>,
    digest: Digest,
}

impl std::fmt::Debug for Geheim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl Geheim {
    /// Reads the file: one line.
    ///
    /// # Errors
    /// [`Geheimfout`].
    pub fn lezen(pad: &Path) -> Result<Self, Geheimfout> {
        let tekst = Zeroizing::new(std::fs::read_to_string(pad).map_err(|e| Geheimfout::Lezen(pad.to_owned(), e))?);
        let tekst = Zeroizing::new(tekst.trim().to_owned());
        let goed = (KORTSTE..=LANGSTE).contains(&tekst.len()) && tekst.bytes().all(|b| b.is_ascii_graphic());
        if !goed {
            return Err(Geheimfout::Vorm(pad.to_owned()));
        }
        let digest = inbreng_proof::sha256(tekst.as_bytes());
        Ok(Self { tekst, digest })
    }

    /// The text of a new one.
    #[must_use]
    pub fn maken(random: &dyn Randomness) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0u8; 32]);
        random.fill(&mut *bytes);
        Zeroizing::new(URL_SAFE_NO_PAD.encode(*bytes))
    }

    /// To be shown to the other side.
    pub(crate) fn tekst(&self) -> &str {
        &self.tekst
    }

    /// Whether an `Authorization` header (RFC 6750) shows it. Takes as long for every wrong one: digests are compared, all
    /// bytes of them.
    #[must_use]
    pub fn klopt(&self, kop: Option<&str>) -> bool {
        let gegeven = kop.and_then(|k| k.split_once(' ')).filter(|(soort, _)| soort.eq_ignore_ascii_case("bearer"));
        let Some((_, gegeven)) = gegeven else { return false };
        openssl::memcmp::eq(inbreng_proof::sha256(gegeven.trim().as_bytes()).as_bytes(), self.digest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use inbreng_domain::randomness::SeededRandomness;

    use super::*;

    #[test]
    fn a_secret_is_shown_whole_or_not_at_all() {
        let map = tempfile::tempdir().unwrap();
        let pad = map.path().join("geheim");
        let tekst = Geheim::maken(&SeededRandomness::new(1));
        std::fs::write(&pad, format!("{}\n", *tekst)).unwrap();
        let geheim = Geheim::lezen(&pad).unwrap();
        assert!(geheim.klopt(Some(&format!("Bearer {}", *tekst))) && geheim.klopt(Some(&format!("bearer {}", *tekst))));
        assert_eq!(format!("{geheim:?}"), "***");
        let korter = &tekst[..tekst.len() - 1];
        for fout in [None, Some(""), Some("Bearer"), Some("Bearer "), Some(tekst.as_str())] {
            assert!(!geheim.klopt(fout), "{fout:?}");
        }
        for fout in [format!("Bearer {korter}"), format!("Bearer {}x", *tekst), format!("Basic {}", *tekst)] {
            assert!(!geheim.klopt(Some(&fout)), "{fout}");
        }
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        let map = tempfile::tempdir().unwrap();
        let pad = map.path().join("geheim");
        for fout in ["", "kort", &"met spatie ".repeat(5), &"é".repeat(40), &"x".repeat(2000)] {
            std::fs::write(&pad, fout).unwrap();
            assert!(matches!(Geheim::lezen(&pad), Err(Geheimfout::Vorm(_))), "{fout}");
        }
        assert!(matches!(Geheim::lezen(&map.path().join("niet")), Err(Geheimfout::Lezen(..))));
    }
}
