//! Short codes: message type names, covenants, municipalities, and the codes of statements and functions.

use std::borrow::Cow;

use crate::{ids::InvalidId, macros::string_newtype};

fn kebab(s: &str, max: usize) -> bool {
    !s.is_empty()
        && s.len() <= max
        && s.split('-').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

macro_rules! kebab_code {
    ($(#[$meta:meta])* $name:ident, $what:literal) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Parses lower-case words of letters and digits joined by hyphens, 64 characters at most.
            ///
            /// # Errors
            /// [`InvalidId`] for anything else.
            pub fn parse(s: &str) -> Result<Self, InvalidId> {
                if kebab(s, 64) { Ok(Self(s.to_owned())) } else {
                    Err(InvalidId::new($what, "kleine letters en cijfers, gescheiden door streepjes, hoogstens 64 tekens"))
                }
            }

            /// The code.
            #[must_use]
            pub fn as_str(&self) -> Cow<'_, str> { Cow::Borrowed(&self.0) }
        }
        string_newtype!($name);
    };
}

kebab_code!(
    /// The name of a message type in the catalogue: `incidentmelding`.
    TypeNaam, "berichttype"
);
kebab_code!(
    /// A covenant: `voorbeeldregio`.
    ConvenantId, "convenant"
);
kebab_code!(
    /// A code without a vocabulary of its own here: a variant, a function, a mailbox, a reason.
    Code, "code"
);

/// A message type with its version, on the wire `nl.inbreng.<naam>.v<n>`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Berichttype {
    naam: TypeNaam,
    versie: u16,
}

impl Berichttype {
    /// Joins a name and a version.
    #[must_use]
    pub const fn new(naam: TypeNaam, versie: u16) -> Self {
        Self { naam, versie }
    }

    /// Parses `nl.inbreng.<naam>.v<n>`.
    ///
    /// # Errors
    /// [`InvalidId`] for anything else.
    pub fn parse(s: &str) -> Result<Self, InvalidId> {
        const RULE: InvalidId = InvalidId::new("berichttype", "nl.inbreng.<naam>.v<n>");
        let (naam, versie) = s.strip_prefix("nl.inbreng.").and_then(|rest| rest.rsplit_once(".v")).ok_or(RULE)?;
        if versie.is_empty() || versie.starts_with('0') || !versie.bytes().all(|b| b.is_ascii_digit()) {
            return Err(RULE);
        }
        Ok(Self { naam: TypeNaam::parse(naam)?, versie: versie.parse().map_err(|_| RULE)? })
    }

    /// The name in the catalogue.
    #[must_use]
    pub const fn naam(&self) -> &TypeNaam {
        &self.naam
    }

    /// The version, from 1.
    #[must_use]
    pub const fn versie(&self) -> u16 {
        self.versie
    }

    /// The wire form.
    #[must_use]
    pub fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(format!("nl.inbreng.{}.v{}", self.naam, self.versie))
    }
}
string_newtype!(Berichttype);

/// A municipality by its CBS code: four digits (`0518` is 's-Gravenhage).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GemeenteCode([u8; 4]);

impl GemeenteCode {
    /// Parses four digits.
    ///
    /// # Errors
    /// [`InvalidId`] for anything else.
    pub fn parse(s: &str) -> Result<Self, InvalidId> {
        const RULE: InvalidId = InvalidId::new("gemeentecode", "vier cijfers (CBS)");
        let digits: [u8; 4] = s.as_bytes().try_into().map_err(|_| RULE)?;
        if digits.iter().all(u8::is_ascii_digit) { Ok(Self(digits)) } else { Err(RULE) }
    }

    /// The four digits.
    #[must_use]
    pub fn as_str(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }
}
string_newtype!(GemeenteCode);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_has_a_name_and_a_version() {
        let t = Berichttype::parse("nl.inbreng.overdracht-acceptatie.v1").unwrap();
        assert_eq!((t.naam().to_string(), t.versie()), ("overdracht-acceptatie".to_owned(), 1));
        assert_eq!(t.to_string(), "nl.inbreng.overdracht-acceptatie.v1");
        for wrong in
            ["incidentmelding", "nl.inbreng.x.v0", "nl.inbreng.x.v01", "nl.inbreng..v1", "nl.inbreng.X.v1", "nl.inbreng.x.v"]
        {
            assert!(Berichttype::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn codes_are_kebab() {
        assert!(Code::parse("meldcode-stap-5").is_ok());
        for wrong in ["", "-a", "a-", "a--b", "A", "a b", "é"] {
            assert!(Code::parse(wrong).is_err(), "{wrong}");
        }
    }
}
