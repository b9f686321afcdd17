//! Scopes: what a token may be used for, one per kind of use.

use std::{fmt, str::FromStr};

/// One scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bereik {
    /// Check, send, follow own messages, give access.
    Berichten,
    /// Mailbox, deliveries, readings.
    Postvak,
    /// Catalogue, covenants, partners, routing, own statements.
    Gids,
    /// Log head and proofs.
    Logboek,
    /// Policy versions: read, test, simulate, approve; dead letters.
    Beheer,
}

impl Bereik {
    /// Every scope.
    pub const ALL: [Self; 5] = [Self::Berichten, Self::Postvak, Self::Gids, Self::Logboek, Self::Beheer];

    /// The word in a token.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Berichten => "berichten",
            Self::Postvak => "postvak",
            Self::Gids => "gids",
            Self::Logboek => "logboek",
            Self::Beheer => "beheer",
        }
    }

    /// What it allows, for the API document.
    #[must_use]
    pub const fn omschrijving(self) -> &'static str {
        match self {
            Self::Berichten => "Toetsen, berichten versturen en de eigen berichten volgen.",
            Self::Postvak => "Leveringen ophalen, bevestigen, weigeren en inzien.",
            Self::Gids => "Berichttypen, convenanten, partners en routering lezen en de eigen gegevens plaatsen.",
            Self::Logboek => "De kop van het logboek en bewijzen opvragen.",
            Self::Beheer => {
                "Beleidsversies bekijken, indienen, toetsen, simuleren, goedkeuren en activeren; tellen waar strenger is besloten dan nodig; dode letters zien en opnieuw laten bezorgen."
            }
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of scopes: on the wire words with single spaces between them (RFC 6749 §3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bereiken(u8);

/// A scope text that is empty, or holds an unknown or a repeated word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("onbekend bereik")]
pub struct OnbekendBereik;

impl Bereiken {
    /// All of them.
    #[must_use]
    pub fn alle() -> Self {
        Self(Bereik::ALL.iter().fold(0, |set, b| set | b.bit()))
    }

    /// Whether this scope is in the set.
    #[must_use]
    pub const fn bevat(self, bereik: Bereik) -> bool {
        self.0 & bereik.bit() != 0
    }
}

impl FromStr for Bereiken {
    type Err = OnbekendBereik;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut set = 0;
        for word in text.split(' ') {
            let bereik = Bereik::ALL.into_iter().find(|b| b.as_str() == word).ok_or(OnbekendBereik)?;
            if set & bereik.bit() != 0 {
                return Err(OnbekendBereik);
            }
            set |= bereik.bit();
        }
        Ok(Self(set))
    }
}

impl fmt::Display for Bereiken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = Bereik::ALL.iter().filter(|b| self.bevat(**b)).map(|b| b.as_str()).collect();
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_survives_its_text_and_nothing_else_is_one() {
        let set: Bereiken = "postvak berichten".parse().unwrap();
        assert_eq!(set.to_string(), "berichten postvak");
        assert!(set.bevat(Bereik::Postvak) && !set.bevat(Bereik::Gids));
        assert_eq!(Bereiken::alle().to_string().parse(), Ok(Bereiken::alle()));
        for wrong in ["", " ", "berichten ", "berichten  postvak", "alles", "berichten berichten", "Berichten"] {
            assert_eq!(wrong.parse::<Bereiken>(), Err(OnbekendBereik), "{wrong:?}");
        }
    }
}
