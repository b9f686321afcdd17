//! One question to Casbin: a handful of rows over a few facts.
//!
//! Rows come in as masks over words. Words that no row tells apart form one class, so that a question has only the columns
//! and cells it needs, every wildcard is expanded, and a request is asked with exactly one cell. Casbin is asked every cell
//! when the question is made ([`crate::vraagbaak`]); from then on its answers are read.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    BeleidFout, Effect, Stap,
    kenmerk::{Kenmerk, Maskers, Woorden},
};

/// The most cells of one question.
pub(crate) const GRENS: usize = 96;

/// What identifies a question: its columns with their classes, and its cells. Equal shapes are asked once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Vorm {
    kolommen: Vec<Kolom>,
    /// The rows as Casbin gets them: a class per column, then the effect.
    pub(crate) cellen: BTreeSet<Vec<String>>,
}

/// A fact and, for each of its words, the class that stands for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Kolom {
    kenmerk: Kenmerk,
    klasse: Vec<String>,
}

/// The word of the one column of a question that depends on no fact.
const ALTIJD: &str = "altijd";

impl Vorm {
    /// The shape of a question over these rows.
    pub(crate) fn van(stap: Stap, rijen: &[(Maskers, Effect)]) -> Result<Self, BeleidFout> {
        let rijen = &beslissend(rijen);
        let mut kolommen: Vec<Kolom> = Kenmerk::ALL
            .into_iter()
            .filter(|k| rijen.iter().any(|(m, _)| m.get(*k) != u8::MAX))
            .map(|k| Kolom { kenmerk: k, klasse: klassen(k, rijen) })
            .collect();
        // The column with most classes decides soonest that a row does not fit: the cheapest comparison first.
        kolommen.sort_by_key(|k| (std::cmp::Reverse(k.klasse.iter().collect::<BTreeSet<_>>().len()), k.kenmerk));
        let mut cellen = BTreeSet::new();
        for (masker, effect) in rijen {
            let mut open: Vec<Vec<String>> = vec![Vec::new()];
            for kolom in &kolommen {
                let admitted: BTreeSet<&String> = kolom
                    .klasse
                    .iter()
                    .zip(0u32..)
                    .filter(|(_, word)| 1u8.checked_shl(*word).unwrap_or(0) & masker.get(kolom.kenmerk) != 0)
                    .map(|(class, _)| class)
                    .collect();
                open = open
                    .iter()
                    .flat_map(|cell| admitted.iter().map(move |class| cell.iter().chain([*class]).cloned().collect()))
                    .collect();
            }
            for mut cell in open {
                if cell.is_empty() {
                    cell.push(ALTIJD.to_owned());
                }
                cell.push(eft(*effect).to_owned());
                cellen.insert(cell);
            }
        }
        if cellen.len() > GRENS {
            let waarover = kolommen.iter().map(|k| k.kenmerk.as_str()).collect::<Vec<_>>().join(", ");
            return Err(BeleidFout::TeVeelRijen { stap: stap.as_str(), waarover, rijen: cellen.len(), grens: GRENS });
        }
        Ok(Self { kolommen, cellen })
    }

    /// How many columns Casbin is asked with.
    pub(crate) fn breedte(&self) -> usize {
        self.kolommen.len().max(1)
    }

    /// Every request that can be asked, the last column turning fastest.
    pub(crate) fn verzoeken(&self) -> Vec<Vec<String>> {
        if self.kolommen.is_empty() {
            return vec![vec![ALTIJD.to_owned()]];
        }
        let mut all = vec![Vec::new()];
        for kolom in &self.kolommen {
            let classes = kolom.klassen();
            let with = |cell: &Vec<String>, class: &&String| cell.iter().chain([*class]).cloned().collect::<Vec<_>>();
            all = all.iter().flat_map(|cell| classes.iter().map(move |class| with(cell, class))).collect();
        }
        all
    }
}

impl Kolom {
    /// Its classes, each once, in the order of their first words.
    fn klassen(&self) -> Vec<&String> {
        let mut all: Vec<&String> = Vec::new();
        for class in &self.klasse {
            if !all.contains(&class) {
                all.push(class);
            }
        }
        all
    }
}

/// Exactly what Casbin knows: any other spelling would be ignored without a word.
const fn eft(effect: Effect) -> &'static str {
    match effect {
        Effect::Toelaten => "allow",
        Effect::Tegenhouden => "deny",
    }
}

/// Per word the name of its class: the words that the same rows admit, joined.
fn klassen(k: Kenmerk, rijen: &[(Maskers, Effect)]) -> Vec<String> {
    let words = k.woorden();
    let signature = |word: usize| -> Vec<bool> {
        let bit = u32::try_from(word).ok().and_then(|w| 1u8.checked_shl(w)).unwrap_or(0);
        rijen.iter().map(|(m, _)| m.get(k) & bit != 0).collect()
    };
    (0..words.len())
        .map(|w| {
            let own = signature(w);
            words
                .iter()
                .enumerate()
                .filter(|(other, _)| signature(*other) == own)
                .map(|(_, name)| *name)
                .collect::<Vec<_>>()
                .join("/")
        })
        .collect()
}

/// A question with Casbin's answers. Immutable.
#[derive(Debug, Clone)]
pub(crate) struct Vraag(Arc<Inhoud>);

#[derive(Debug)]
struct Inhoud {
    kolommen: Vec<Gevraagd>,
    /// Casbin's answer to every cell that can be asked, in the order of the cells: a cache whose key is the whole question,
    /// complete from the moment the version is loaded.
    antwoorden: Box<[bool]>,
    rijen: usize,
}

/// A column as it is asked: for each word the number of its class.
#[derive(Debug)]
struct Gevraagd {
    kenmerk: Kenmerk,
    nummers: Vec<u8>,
    klassen: usize,
}

impl Gevraagd {
    fn van(kolom: &Kolom) -> Self {
        let klassen = kolom.klassen();
        let number = |class| klassen.iter().position(|c| *c == class).and_then(|n| u8::try_from(n).ok()).unwrap_or(u8::MAX);
        Self { kenmerk: kolom.kenmerk, nummers: kolom.klasse.iter().map(number).collect(), klassen: klassen.len() }
    }
}

impl Vraag {
    /// A question with the answers to [`Vorm::verzoeken`], in their order.
    pub(crate) fn beantwoord(vorm: &Vorm, antwoorden: Vec<bool>) -> Self {
        let kolommen = vorm.kolommen.iter().map(Gevraagd::van).collect();
        Self(Arc::new(Inhoud { kolommen, antwoorden: antwoorden.into(), rijen: vorm.cellen.len() }))
    }

    /// The answer. Whatever cannot be asked is a no.
    pub(crate) fn stellen(&self, woorden: &Woorden) -> bool {
        let mut cell = 0;
        for kolom in &self.0.kolommen {
            let Some(klasse) = kolom.nummers.get(usize::from(woorden.get(kolom.kenmerk))) else { return false };
            cell = cell * kolom.klassen + usize::from(*klasse);
        }
        self.0.antwoorden.get(cell).copied().unwrap_or(false)
    }

    /// Casbin's answers, in the order of [`Vorm::verzoeken`].
    pub(crate) fn antwoorden(&self) -> &[bool] {
        &self.0.antwoorden
    }

    /// How many rows Casbin was asked about.
    pub(crate) fn rijen(&self) -> usize {
        self.0.rijen
    }
}

/// The rows that can change the answer: a row that allows no more than another one (such as a row that only adds a duty)
/// is read for its duty, not asked.
fn beslissend(rijen: &[(Maskers, Effect)]) -> Vec<(Maskers, Effect)> {
    let covers = |(a, ea): &(Maskers, Effect), (b, eb): &(Maskers, Effect)| ea == eb && a.omvat(b);
    rijen
        .iter()
        .enumerate()
        .filter(|(n, row)| {
            !rijen.iter().enumerate().any(|(m, other)| m != *n && covers(other, row) && (!covers(row, other) || m < *n))
        })
        .map(|(_, row)| *row)
        .collect()
}
