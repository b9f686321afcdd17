//! Rows made ready for the index: where a row holds, and under which facts, as masks over closed vocabularies.

use std::collections::HashMap;

use inbreng_domain::{
    Code, TypeNaam,
    vocabulary::{Categorie, Doel, Grondslag, Handeling, JaNee, Ontvangersoort, Partnertype},
};

use crate::{
    Effect, Rij, Verzoek,
    kenmerk::{Kenmerk, Maskers},
};

/// The dimensions of the index, beside type and variant: how many values each has.
pub(crate) const MATEN: [usize; 6] = [
    Categorie::ALL.len(),
    Doel::ALL.len(),
    Handeling::ALL.len(),
    Ontvangersoort::ALL.len(),
    Ontvangersoort::ALL.len(),
    Grondslag::ALL.len(),
];

/// A place in the dimensions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plaats([usize; 6]);

impl Plaats {
    pub(crate) const fn van(v: &Verzoek, grondslag: Grondslag) -> Self {
        Self([v.categorie as usize, v.doel as usize, v.handeling as usize, v.van as usize, v.naar as usize, grondslag as usize])
    }

    pub(crate) fn waarde(&self, dimension: usize) -> Option<usize> {
        self.0.get(dimension).copied()
    }
}

/// A row made ready: its dimensions and conditions as masks, and which row of the bundle it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Regelrij {
    maten: [u32; 6],
    pub(crate) voorwaarden: Maskers,
    pub(crate) effect: Effect,
    pub(crate) bron: u32,
}

impl Regelrij {
    /// Makes a row ready. A row that gives way to an emergency becomes several: where the emergency path reaches a registered kind of
    /// recipient it gets the condition `noodbesluit = nee`; where it reaches who directs the case, whatever it is, the row stays unless
    /// there is a decision and the recipient is that one; elsewhere it stays as it is (R35).
    pub(crate) fn van(rij: &Rij, bron: u32, noodontvangers: &[Partnertype]) -> Vec<Self> {
        fn mask<T: Copy>(values: &[T], number: impl Fn(T) -> usize) -> u32 {
            if values.is_empty() { u32::MAX } else { values.iter().fold(0, |m, v| m | bit(number(*v))) }
        }
        let whole = Self {
            maten: [
                mask(&rij.categorieen, |v| v as usize),
                mask(&rij.doelen, |v| v as usize),
                mask(&rij.handelingen, |v| v as usize),
                mask(&rij.van, |v| v as usize),
                mask(&rij.naar, |v| v as usize),
                mask(&rij.grondslagen, |v| v as usize),
            ],
            voorwaarden: Maskers::van(&rij.voorwaarden),
            effect: rij.effect,
            bron,
        };
        if !rij.wijkt_voor_nood {
            return vec![whole];
        }
        let ontvangen = bit(Handeling::Ontvangen as usize);
        let nood = noodontvangers.iter().fold(0, |m, p| m | bit(Ontvangersoort::from(*p) as usize));
        let [categorie, doel, handeling, van, naar, grondslag] = whole.maten;
        let partner = Partnertype::ALL.iter().fold(0, |m, p| m | bit(Ontvangersoort::from(*p) as usize));
        let part = |handeling, naar| Self { maten: [categorie, doel, handeling, van, naar, grondslag], ..whole };
        let unless = |mut row: Self, kenmerk| {
            row.voorwaarden.restrict(kenmerk, 1 << JaNee::Nee as u8);
            row
        };
        let met = handeling & ontvangen;
        let mut rows = vec![unless(part(met, naar & nood), Kenmerk::Noodbesluit), part(handeling & !ontvangen, naar)];
        if Kenmerk::Regisseur.hoort_bij(rij.stap) {
            let others = part(met, naar & partner & !nood);
            rows.extend([unless(others, Kenmerk::Noodbesluit), unless(others, Kenmerk::Regisseur), part(met, naar & !partner)]);
        } else {
            rows.push(part(met, naar & !nood));
        }
        rows.into_iter().filter(|r| r.maten.iter().zip(MATEN).all(|(m, n)| m & heel(n) != 0)).collect()
    }

    /// Not a row, but where a step's own answer holds: on this ground and for this use, absent for every one.
    pub(crate) const fn van_standaard(grondslag: Option<Grondslag>, handeling: Option<Handeling>) -> Self {
        const fn one(n: Option<usize>) -> u32 {
            match n {
                Some(n) => bit(n),
                None => u32::MAX,
            }
        }
        let (g, h) = (
            match grondslag {
                Some(g) => Some(g as usize),
                None => None,
            },
            match handeling {
                Some(h) => Some(h as usize),
                None => None,
            },
        );
        Self {
            maten: [u32::MAX, u32::MAX, one(h), u32::MAX, u32::MAX, one(g)],
            voorwaarden: Maskers::GEEN,
            effect: Effect::Tegenhouden,
            bron: u32::MAX,
        }
    }

    /// Its dimensions, without the bits that stand for no value.
    pub(crate) fn maten(&self) -> [u32; 6] {
        let mut all = self.maten;
        for (mask, size) in all.iter_mut().zip(MATEN) {
            *mask &= heel(size);
        }
        all
    }

    /// The values of a dimension that it admits.
    pub(crate) fn maat(&self, dimension: usize) -> u32 {
        self.maten.get(dimension).copied().unwrap_or(0)
    }
}

/// One value as a mask.
pub(crate) const fn bit(n: usize) -> u32 {
    if n < 32 { 1 << n } else { 0 }
}

/// The first `n` values as a mask.
pub(crate) const fn heel(n: usize) -> u32 {
    bit(n).wrapping_sub(1)
}

/// A row of the bundle, and where it stands among the rows that were made ready.
#[derive(Clone, Copy)]
pub(crate) struct Bronrij<'a> {
    pub(crate) rij: &'a Rij,
    pub(crate) begin: u32,
    pub(crate) eind: u32,
}

/// The rows by the type that they speak about.
pub(crate) struct Rijen<'a> {
    pub(crate) alle: Vec<Regelrij>,
    algemeen: Vec<Bronrij<'a>>,
    per_soort: HashMap<&'a TypeNaam, Vec<Bronrij<'a>>>,
}

impl<'a> Rijen<'a> {
    pub(crate) fn van(rijen: impl Iterator<Item = (u32, &'a Rij)>, noodontvangers: &[Partnertype]) -> Self {
        let mut all = Self { alle: Vec::new(), algemeen: Vec::new(), per_soort: HashMap::new() };
        let len = |alle: &Vec<Regelrij>| u32::try_from(alle.len()).unwrap_or(u32::MAX);
        for (bron, rij) in rijen {
            let begin = len(&all.alle);
            all.alle.extend(Regelrij::van(rij, bron, noodontvangers));
            let row = Bronrij { rij, begin, eind: len(&all.alle) };
            if rij.soorten.is_empty() {
                all.algemeen.push(row);
            }
            for (n, soort) in rij.soorten.iter().enumerate() {
                if !rij.soorten.iter().take(n).any(|s| s == soort) {
                    all.per_soort.entry(soort).or_default().push(row);
                }
            }
        }
        all
    }

    /// The rows about a type, in the order of the bundle.
    pub(crate) fn over(&self, soort: &TypeNaam) -> Vec<Bronrij<'a>> {
        let own = self.per_soort.get(soort).map_or(&[][..], Vec::as_slice);
        let mut all: Vec<Bronrij<'a>> = self.algemeen.iter().chain(own).copied().collect();
        all.retain(|r| !r.rij.behalve_soorten.contains(soort));
        all.sort_by_key(|r| r.begin);
        all
    }
}

impl Bronrij<'_> {
    /// Whether a row about a type speaks about this variant of it.
    pub(crate) fn over_variant(&self, variant: Option<&Code>) -> bool {
        (self.rij.varianten.is_empty() || variant.is_some_and(|v| self.rij.varianten.contains(v)))
            && variant.is_none_or(|v| !self.rij.behalve_varianten.contains(v))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dimension_fits_its_mask() {
        assert!(MATEN.iter().all(|n| *n < 32), "{MATEN:?}");
    }
}
