//! The secret that a system and the program beside it show each other.

/// A shared secret. Prints as `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Geheim(String);

impl std::fmt::Debug for Geheim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl Geheim {
    /// Of this text, without the end of its line.
    #[must_use]
    pub fn new(tekst: &str) -> Self {
        Self(tekst.trim().to_owned())
    }

    /// Reads it from a file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn lezen(pad: &std::path::Path) -> std::io::Result<Self> {
        std::fs::read_to_string(pad).map(|tekst| Self::new(&tekst))
    }

    pub(crate) fn tekst(&self) -> &str {
        &self.0
    }

    /// Whether an `Authorization` header shows it. Every byte is looked at, whichever is wrong.
    pub(crate) fn klopt(&self, kop: Option<&str>) -> bool {
        let gegeven = kop.and_then(|k| k.strip_prefix("Bearer ")).unwrap_or_default();
        let verschil = gegeven.bytes().zip(self.0.bytes()).fold(0u8, |som, (a, b)| som | (a ^ b));
        !self.0.is_empty() && gegeven.len() == self.0.len() && verschil == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_secret_opens() {
        let geheim = Geheim::new("appel-peer-kers\n");
        assert!(geheim.klopt(Some("Bearer appel-peer-kers")));
        for fout in [
            None,
            Some(""),
            Some("Bearer "),
            Some("Bearer appel-peer-ker"),
            Some("Bearer appel-peer-kerss"),
            Some("appel-peer-kers"),
        ] {
            assert!(!geheim.klopt(fout), "{fout:?}");
        }
        assert!(!Geheim::new("").klopt(Some("Bearer ")));
        assert_eq!(format!("{geheim:?}"), "***");
    }
}
