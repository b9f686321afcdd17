//! The digest of a byte string, as it stands on the wire.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{ids::InvalidId, macros::string_newtype};

/// A SHA-256 digest; on the wire `sha-256:` and 43 characters of unpadded base64url.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    const PREFIX: &'static str = "sha-256:";

    /// Parses the wire form.
    ///
    /// # Errors
    /// [`InvalidId`] for another algorithm, length or alphabet.
    pub fn parse(s: &str) -> Result<Self, InvalidId> {
        const RULE: InvalidId = InvalidId::new("digest", "sha-256: gevolgd door 43 tekens base64url");
        let bytes = URL_SAFE_NO_PAD.decode(s.strip_prefix(Self::PREFIX).ok_or(RULE)?).map_err(|_| RULE)?;
        Ok(Self(bytes.try_into().map_err(|_| RULE)?))
    }

    /// Wraps a digest that has been computed.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The wire form.
    #[must_use]
    pub fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(format!("{}{}", Self::PREFIX, URL_SAFE_NO_PAD.encode(self.0)))
    }
}
string_newtype!(Digest);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_algorithm_is_part_of_the_spelling() {
        let d = Digest::from_bytes([7; 32]);
        assert_eq!(Digest::parse(&d.as_str()).unwrap(), d);
        assert!(Digest::parse(&d.as_str().replace("sha-256", "sha-1")).is_err());
        assert!(Digest::parse("sha-256:AA").is_err());
    }
}
