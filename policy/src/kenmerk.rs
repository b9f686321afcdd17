//! The facts of a request that rows may set conditions on, as words of closed vocabularies.

use inbreng_domain::vocabulary::{Deelname, Eigenaarsbesluit, JaNee, Noodzaak, Ondertekend, Scheiding, Toestemmingsstand};

use crate::{Stap, Verzoek, Voorwaarden};

/// A fact. Which step may ask for it is fixed, so that no question grows beyond eight columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kenmerk {
    Scheiding,
    Afgeschermd,
    Genoemd,
    Embargo,
    VanDeelnemer,
    NaarDeelnemer,
    Briefing,
    Ondertekend,
    Toestemming,
    Regisseur,
    Noodbesluit,
    Eigenaarsbesluit,
    Noodzaak,
    Bevestigd,
}

/// How many facts there are.
pub(crate) const AANTAL: usize = 14;

/// The word for a case without flags: `[]` in a request.
const GEEN_VLAG: &str = "geen";

impl Kenmerk {
    pub(crate) const ALL: [Self; AANTAL] = [
        Self::Scheiding,
        Self::Afgeschermd,
        Self::Genoemd,
        Self::Embargo,
        Self::VanDeelnemer,
        Self::NaarDeelnemer,
        Self::Briefing,
        Self::Ondertekend,
        Self::Toestemming,
        Self::Regisseur,
        Self::Noodbesluit,
        Self::Eigenaarsbesluit,
        Self::Noodzaak,
        Self::Bevestigd,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Scheiding => "scheiding",
            Self::Afgeschermd => "afgeschermd",
            Self::Genoemd => "genoemd",
            Self::Embargo => "embargo",
            Self::VanDeelnemer => "van_deelnemer",
            Self::NaarDeelnemer => "naar_deelnemer",
            Self::Briefing => "briefing",
            Self::Ondertekend => "ondertekend",
            Self::Toestemming => "toestemming",
            Self::Regisseur => "regisseur",
            Self::Noodbesluit => "noodbesluit",
            Self::Eigenaarsbesluit => "eigenaarsbesluit",
            Self::Noodzaak => "noodzaak",
            Self::Bevestigd => "bevestigd",
        }
    }

    /// Its words, in the order of their numbers.
    pub(crate) fn woorden(self) -> Vec<&'static str> {
        match self {
            Self::Scheiding => Scheiding::ALL.iter().map(|w| w.as_str()).chain([GEEN_VLAG]).collect(),
            Self::VanDeelnemer | Self::NaarDeelnemer => Deelname::ALL.iter().map(|w| w.as_str()).collect(),
            Self::Ondertekend => Ondertekend::ALL.iter().map(|w| w.as_str()).collect(),
            Self::Toestemming => Toestemmingsstand::ALL.iter().map(|w| w.as_str()).collect(),
            Self::Eigenaarsbesluit => Eigenaarsbesluit::ALL.iter().map(|w| w.as_str()).collect(),
            Self::Noodzaak => Noodzaak::ALL.iter().map(|w| w.as_str()).collect(),
            Self::Afgeschermd
            | Self::Genoemd
            | Self::Embargo
            | Self::Briefing
            | Self::Regisseur
            | Self::Noodbesluit
            | Self::Bevestigd => JaNee::ALL.iter().map(|w| w.as_str()).collect(),
        }
    }

    /// Whether a row of this step may ask for it.
    pub(crate) const fn hoort_bij(self, stap: Stap) -> bool {
        match stap {
            Stap::Scheiding => matches!(self, Self::Scheiding | Self::Afgeschermd | Self::Genoemd | Self::Noodzaak),
            Stap::Embargo => matches!(self, Self::Embargo),
            Stap::Kring => matches!(self, Self::VanDeelnemer | Self::NaarDeelnemer | Self::Briefing | Self::Noodbesluit),
            Stap::Grond => matches!(self, Self::Ondertekend | Self::Toestemming | Self::Regisseur | Self::Noodbesluit),
            Stap::Eigenaar => matches!(self, Self::Eigenaarsbesluit | Self::Toestemming | Self::Regisseur | Self::Noodbesluit),
            Stap::Plicht => matches!(
                self,
                Self::Noodzaak
                    | Self::Bevestigd
                    | Self::Eigenaarsbesluit
                    | Self::Toestemming
                    | Self::NaarDeelnemer
                    | Self::Regisseur
                    | Self::Noodbesluit
            ),
        }
    }
}

/// Per fact the number of its word in one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Woorden([u8; AANTAL]);

impl Woorden {
    /// The facts of a request, under one of its flags; `None` where it has none.
    pub(crate) fn van(v: &Verzoek, vlag: Option<Scheiding>) -> Self {
        let vlag = vlag.map_or(Scheiding::ALL.len() as u8, |s| s as u8);
        Self([
            vlag,
            v.afgeschermd as u8,
            v.genoemd as u8,
            v.embargo as u8,
            v.van_deelnemer as u8,
            v.naar_deelnemer as u8,
            v.briefing as u8,
            v.ondertekend as u8,
            v.toestemming as u8,
            v.regisseur as u8,
            v.noodbesluit as u8,
            v.eigenaarsbesluit as u8,
            v.noodzaak as u8,
            v.bevestigd as u8,
        ])
    }

    pub(crate) fn get(&self, k: Kenmerk) -> u8 {
        self.0.get(k as usize).copied().unwrap_or(u8::MAX)
    }

    /// Sets one word, for questions about every word.
    pub(crate) fn set(&mut self, k: Kenmerk, woord: u8) {
        if let Some(place) = self.0.get_mut(k as usize) {
            *place = woord;
        }
    }
}

/// Every combination of the words of these facts.
pub(crate) fn combinaties(kenmerken: impl Iterator<Item = Kenmerk>) -> Vec<Woorden> {
    let mut all = vec![Woorden::default()];
    for kenmerk in kenmerken {
        let words = 0..u8::try_from(kenmerk.woorden().len()).unwrap_or(u8::MAX);
        let with = |w: &Woorden, word: u8| {
            let mut w = *w;
            w.set(kenmerk, word);
            w
        };
        all = all.iter().flat_map(|w| words.clone().map(move |word| with(w, word))).collect();
    }
    all
}

impl Default for Woorden {
    fn default() -> Self {
        Self([0; AANTAL])
    }
}

/// Per fact the words that a row admits, a bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Maskers([u8; AANTAL]);

impl Maskers {
    /// No condition.
    pub(crate) const GEEN: Self = Self([u8::MAX; AANTAL]);

    pub(crate) fn van(v: &Voorwaarden) -> Self {
        fn mask<T: Copy + Into<usize>>(words: impl Iterator<Item = T>) -> u8 {
            let bits = words.fold(0u8, |m, w| m | 1u8.checked_shl(u32::try_from(w.into()).unwrap_or(u32::MAX)).unwrap_or(0));
            if bits == 0 { u8::MAX } else { bits }
        }
        macro_rules! masks {
            ($($field:ident),+) => { Self([$(mask(v.$field.iter().map(|w| *w as usize))),+]) };
        }
        masks!(
            scheiding,
            afgeschermd,
            genoemd,
            embargo,
            van_deelnemer,
            naar_deelnemer,
            briefing,
            ondertekend,
            toestemming,
            regisseur,
            noodbesluit,
            eigenaarsbesluit,
            noodzaak,
            bevestigd
        )
    }

    pub(crate) fn get(&self, k: Kenmerk) -> u8 {
        self.0.get(k as usize).copied().unwrap_or(0)
    }

    /// Admits only the words that it admitted and that are in `mask`.
    pub(crate) fn restrict(&mut self, k: Kenmerk, mask: u8) {
        if let Some(m) = self.0.get_mut(k as usize) {
            *m &= mask;
        }
    }

    /// Whether the row admits these facts. `u8::MAX` admits every word, also one that no list can name.
    pub(crate) fn past(&self, w: &Woorden) -> bool {
        self.0.iter().zip(&w.0).all(|(m, w)| *m == u8::MAX || 1u8.checked_shl(u32::from(*w)).unwrap_or(0) & m != 0)
    }

    /// Whether it admits whatever the other admits.
    pub(crate) fn omvat(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(own, other)| other & !own == 0)
    }

    /// The facts that it sets a condition on.
    pub(crate) fn gebonden(&self) -> impl Iterator<Item = Kenmerk> + '_ {
        Kenmerk::ALL.into_iter().filter(|k| self.get(*k) != u8::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vocabulary_fits_its_bits() {
        for k in Kenmerk::ALL {
            assert!((2..=8).contains(&k.woorden().len()), "{}", k.as_str());
        }
        for stap in Stap::ALL {
            assert!(Kenmerk::ALL.iter().filter(|k| k.hoort_bij(stap)).count() <= 8, "{}", stap.as_str());
        }
    }

    #[test]
    fn an_unknown_word_fits_no_condition() {
        let v = Voorwaarden { embargo: vec![JaNee::Nee], ..Voorwaarden::default() };
        let row = Maskers::van(&v);
        let mut w = Woorden::default();
        w.set(Kenmerk::Embargo, JaNee::Nee as u8);
        assert!(row.past(&w));
        w.set(Kenmerk::Embargo, 9);
        assert!(!row.past(&w));
        assert!(Maskers::van(&Voorwaarden::GEEN).past(&w));
    }
}
