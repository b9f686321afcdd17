//! Rows made ready for the index: where a row holds, and under which facts, as masks over closed vocabularies.

use inbreng_domain::vocabulary::{Categorie, Doel, Grondslag, Handeling, JaNee, Ontvangersoort, Partnertype};

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
    /// Makes a row ready. A row that gives way to an emergency becomes up to three: the condition `noodbesluit = nee`
    /// where the emergency path reaches, none elsewhere (R35).
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
        let part = |handeling, naar| Self { maten: [categorie, doel, handeling, van, naar, grondslag], ..whole };
        let mut reached = part(handeling & ontvangen, naar & nood);
        reached.voorwaarden.restrict(Kenmerk::Noodbesluit, 1 << JaNee::Nee as u8);
        vec![reached, part(handeling & ontvangen, naar & !nood), part(handeling & !ontvangen, naar)]
            .into_iter()
            .filter(|r| r.maten.iter().zip(MATEN).all(|(m, n)| m & heel(n) != 0))
            .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dimension_fits_its_mask() {
        assert!(MATEN.iter().all(|n| *n < 32), "{MATEN:?}");
    }
}
