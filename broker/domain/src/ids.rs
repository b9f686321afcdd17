//! Identifiers: of partners, messages, parts, deliveries, cases and persons.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::{Randomness, Tijdstip, macros::string_newtype};

/// A text that is not the identifier it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("geen geldige {what}: {rule}")]
pub struct InvalidId {
    what: &'static str,
    rule: &'static str,
}

impl InvalidId {
    pub(crate) const fn new(what: &'static str, rule: &'static str) -> Self {
        Self { what, rule }
    }
}

/// Organisatie-identificatienummer: 20 digits, as in `subject.serialNumber` of a PKIoverheid certificate.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oin([u8; 20]);

impl Oin {
    /// Parses exactly 20 ASCII digits.
    ///
    /// # Errors
    /// [`InvalidId`] for anything else.
    pub fn parse(s: &str) -> Result<Self, InvalidId> {
        let bytes: [u8; 20] = s.as_bytes().try_into().map_err(|_| InvalidId::new("OIN", "precies 20 cijfers"))?;
        if bytes.iter().all(u8::is_ascii_digit) { Ok(Self(bytes)) } else { Err(InvalidId::new("OIN", "precies 20 cijfers")) }
    }

    /// The 20 digits.
    #[must_use]
    pub fn as_str(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// The 20 digits as bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }
}
string_newtype!(Oin);

macro_rules! uuid_v7 {
    ($(#[$meta:meta])* $name:ident, $what:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// Parses the hyphenated lower-case form of a UUID of version 7 (RFC 9562).
            ///
            /// # Errors
            /// [`InvalidId`] for any other text, version or spelling.
            pub fn parse(s: &str) -> Result<Self, InvalidId> {
                const RULE: InvalidId = InvalidId::new($what, "een UUID versie 7, in kleine letters met streepjes");
                let id = Uuid::try_parse(s).map_err(|_| RULE)?;
                if id.get_version_num() != 7 || id.as_hyphenated().to_string() != s { return Err(RULE); }
                Ok(Self(id))
            }

            /// Mints an identifier for this instant.
            #[must_use]
            pub fn mint(at: Tijdstip, random: &dyn Randomness) -> Self {
                let mut tail = [0u8; 10];
                random.fill(&mut tail);
                let millis = u64::try_from(at.unix_millis()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid())
            }

            /// The hyphenated form.
            #[must_use]
            pub fn as_str(&self) -> Cow<'_, str> { Cow::Owned(self.0.as_hyphenated().to_string()) }

            /// The UUID itself.
            #[must_use]
            pub const fn uuid(&self) -> Uuid { self.0 }
        }
        string_newtype!($name);
    };
}

uuid_v7!(
    /// A message, named by its sender; with the sender's [`Oin`] the idempotency key.
    BerichtId, "berichtnummer"
);
uuid_v7!(
    /// A part of a message.
    DeelId, "deelnummer"
);
uuid_v7!(
    /// One delivery of one message to one recipient, named by the hub; idempotency key of the recipient.
    LeveringId, "leveringsnummer"
);

macro_rules! base64_id {
    ($(#[$meta:meta])* $name:ident, $len:literal, $what:literal, $rule:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Parses the unpadded base64url form.
            ///
            /// # Errors
            /// [`InvalidId`] for another length or alphabet.
            pub fn parse(s: &str) -> Result<Self, InvalidId> {
                let bytes = URL_SAFE_NO_PAD.decode(s).map_err(|_| InvalidId::new($what, $rule))?;
                Ok(Self(bytes.try_into().map_err(|_| InvalidId::new($what, $rule))?))
            }

            /// Wraps the bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; $len]) -> Self { Self(bytes) }

            /// The bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $len] { &self.0 }

            /// The unpadded base64url form.
            #[must_use]
            pub fn as_str(&self) -> Cow<'_, str> { Cow::Owned(URL_SAFE_NO_PAD.encode(self.0)) }
        }
        string_newtype!($name);
    };
}

base64_id!(
    /// A case, opaque: SHA-256 over the opener's OIN and an [`Opening`]. See `inbreng_proof::casus`.
    CasusRef, 32, "casusverwijzing", "43 tekens base64url"
);
base64_id!(
    /// The nonce that proves who opened a case; disclosed only in the case's first message.
    Opening, 32, "opening", "43 tekens base64url"
);
base64_id!(
    /// A person within one case: random, so that nothing can be computed from it (R42).
    PersoonRef, 16, "persoonsverwijzing", "22 tekens base64url"
);

impl Opening {
    /// Draws a fresh nonce.
    #[must_use]
    pub fn mint(random: &dyn Randomness) -> Self {
        let mut bytes = [0u8; 32];
        random.fill(&mut bytes);
        Self(bytes)
    }
}

impl PersoonRef {
    /// Draws a fresh reference.
    #[must_use]
    pub fn mint(random: &dyn Randomness) -> Self {
        let mut bytes = [0u8; 16];
        random.fill(&mut bytes);
        Self(bytes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_oin_is_twenty_digits() {
        assert_eq!(Oin::parse("00000001003214345000").unwrap().to_string(), "00000001003214345000");
        for wrong in ["", "0000000100321434500", "000000010032143450000", "0000000100321434500a", "٠٠٠٠٠٠٠٠٠٠"] {
            assert!(Oin::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_version_7_in_its_one_spelling() {
        let good = "0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8a";
        assert_eq!(BerichtId::parse(good).unwrap().to_string(), good);
        assert!(BerichtId::parse(&good.to_uppercase()).is_err());
        assert!(BerichtId::parse("0192f3a17c4e7d3a9b1c2f4e5d6c7b8a").is_err());
        assert!(BerichtId::parse("5b1f0bd4-62ab-4b9e-9c8f-0c4d2f6a7e11").is_err());
    }

    proptest! {
        #[test]
        fn references_survive_their_text(bytes in any::<[u8; 32]>(), short in any::<[u8; 16]>()) {
            let casus = CasusRef::from_bytes(bytes);
            prop_assert_eq!(CasusRef::parse(&casus.as_str()).unwrap(), casus);
            let persoon = PersoonRef::from_bytes(short);
            prop_assert_eq!(PersoonRef::parse(&persoon.as_str()).unwrap(), persoon);
        }

        #[test]
        fn no_text_makes_an_id_panic(s in ".*") {
            let _ = (Oin::parse(&s), BerichtId::parse(&s), CasusRef::parse(&s), PersoonRef::parse(&s));
        }
    }
}
