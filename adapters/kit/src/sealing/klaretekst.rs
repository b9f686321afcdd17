//! An opened content. Wiped when dropped; never printed.

use std::fmt;

use serde_json::Value;
use zeroize::Zeroizing;

/// The RFC 8785 form of a content, wiped when dropped; prints as `***`.
pub struct Klaretekst(Zeroizing<Vec<u8>>);

impl Klaretekst {
    pub(super) const fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Parses the content: strictly, as everything from outside (no duplicate keys, integers only, limited nesting).
    ///
    /// # Errors
    /// [`inbreng_proof::StrictError`] where it is not such JSON.
    pub fn waarde(&self) -> Result<Value, inbreng_proof::StrictError> {
        inbreng_proof::parse_strict(&self.0, inbreng_domain::limits::Limits::default().nesting)
    }
}

impl fmt::Debug for Klaretekst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Klaretekst(***)")
    }
}
