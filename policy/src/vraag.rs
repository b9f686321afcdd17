//! One question to Casbin: a handful of rows over a few facts.
//!
//! Rows come in as masks over words. Words that no row tells apart form one class, so that a question has only the columns
//! and cells it needs, every wildcard is expanded, and a request is asked with exactly one cell. The models are fixed files
//! ([`MODELLEN`]): no text from outside ever becomes a matcher.

use std::collections::BTreeSet;

use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi, rhai::ImmutableString};

use crate::{
    BeleidFout, Effect, Stap,
    kenmerk::{Kenmerk, Maskers, Woorden},
};

/// One model per number of columns, reviewed as files.
const MODELLEN: [&str; 8] = [
    include_str!("../model/vraag1.conf"),
    include_str!("../model/vraag2.conf"),
    include_str!("../model/vraag3.conf"),
    include_str!("../model/vraag4.conf"),
    include_str!("../model/vraag5.conf"),
    include_str!("../model/vraag6.conf"),
    include_str!("../model/vraag7.conf"),
    include_str!("../model/vraag8.conf"),
];

/// The most cells of one question.
pub(crate) const GRENS: usize = 96;

/// What identifies a question: its columns with their classes, and its cells. Equal shapes share one enforcer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Vorm {
    kolommen: Vec<Kolom>,
    cellen: BTreeSet<Vec<String>>,
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

/// A question that can be asked. Immutable and `Sync`.
pub(crate) struct Vraag {
    /// `None` where there is no row: then Casbin, which would allow an empty request on an empty policy, is not asked.
    enforcer: Option<Enforcer>,
    kolommen: Vec<Gevraagd>,
    /// Casbin's answer to every cell that can be asked, in the order of the cells: a cache whose key is the whole question,
    /// complete from the moment the version is loaded.
    antwoorden: Box<[bool]>,
    rijen: usize,
}

/// A column as it is asked: for each word the class, by number and by name.
struct Gevraagd {
    kenmerk: Kenmerk,
    nummers: Vec<usize>,
    namen: Vec<ImmutableString>,
}

impl Gevraagd {
    fn van(kolom: &Kolom) -> Self {
        let mut namen: Vec<ImmutableString> = Vec::new();
        let nummers = kolom
            .klasse
            .iter()
            .map(|class| {
                namen.iter().position(|n| n == class).unwrap_or_else(|| {
                    namen.push(class.into());
                    namen.len() - 1
                })
            })
            .collect();
        Self { kenmerk: kolom.kenmerk, nummers, namen }
    }

    fn klasse(&self, woorden: &Woorden) -> Option<usize> {
        self.nummers.get(usize::from(woorden.get(self.kenmerk))).copied()
    }
}

impl std::fmt::Debug for Vraag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let columns: Vec<&str> = self.kolommen.iter().map(|k| k.kenmerk.as_str()).collect();
        f.debug_struct("Vraag").field("kolommen", &columns).field("rijen", &self.rijen).finish()
    }
}

impl Vraag {
    /// Builds the enforcer, looks whether it holds what it was given (a load that fails would leave an empty policy), and
    /// asks it everything that can be asked.
    pub(crate) fn bouwen(stap: Stap, vorm: &Vorm) -> Result<Self, BeleidFout> {
        let refused = |bron: casbin::Error| BeleidFout::Casbin {
            wat: format!("a question of step {}", stap.as_str()),
            bron: Box::new(bron),
        };
        let kolommen: Vec<Gevraagd> = vorm.kolommen.iter().map(Gevraagd::van).collect();
        let gegeven = vorm.cellen.len();
        let enforcer = if gegeven == 0 { None } else { Some(enforcer(kolommen.len().max(1), vorm, refused)?) };
        if let Some(enforcer) = &enforcer {
            let held = enforcer.get_policy();
            let width = kolommen.len().max(1) + 1;
            let whole = held.iter().all(|row| row.len() == width && vorm.cellen.contains(row));
            if held.len() != gegeven || !whole {
                return Err(BeleidFout::Onvolledig { stap: stap.as_str(), gegeven, gehouden: held.len() });
            }
        }
        let mut vraag = Self { enforcer, kolommen, antwoorden: Box::default(), rijen: gegeven };
        vraag.antwoorden = vraag.alle_woorden().iter().map(|w| vraag.casbin(w)).collect();
        Ok(vraag)
    }

    /// The answer. Whatever cannot be asked is a no.
    pub(crate) fn stellen(&self, woorden: &Woorden) -> bool {
        let mut cell = 0;
        for kolom in &self.kolommen {
            let Some(klasse) = kolom.klasse(woorden) else { return false };
            cell = cell * kolom.namen.len() + klasse;
        }
        self.antwoorden.get(cell).copied().unwrap_or(false)
    }

    /// Asks Casbin itself. Whatever goes wrong in asking is a no.
    pub(crate) fn casbin(&self, woorden: &Woorden) -> bool {
        let Some(enforcer) = &self.enforcer else { return false };
        let mut cell = Vec::with_capacity(self.kolommen.len().max(1));
        for kolom in &self.kolommen {
            let Some(class) = kolom.klasse(woorden).and_then(|n| kolom.namen.get(n)) else { return false };
            cell.push(class.clone());
        }
        if cell.is_empty() {
            cell.push(ImmutableString::from(ALTIJD));
        }
        enforcer.enforce(cell).unwrap_or(false)
    }

    /// Every combination of classes, one request each, the last column turning fastest, as `stellen` counts.
    pub(crate) fn alle_woorden(&self) -> Vec<Woorden> {
        let mut all = vec![Woorden::default()];
        for kolom in &self.kolommen {
            let firsts: Vec<u8> = (0..kolom.namen.len())
                .filter_map(|class| kolom.nummers.iter().position(|n| *n == class).and_then(|word| u8::try_from(word).ok()))
                .collect();
            let with = |w: &Woorden, word: u8| {
                let mut w = *w;
                w.set(kolom.kenmerk, word);
                w
            };
            all = all.iter().flat_map(|w| firsts.iter().map(move |word| with(w, *word))).collect();
        }
        all
    }

    /// How many rows Casbin holds for it.
    pub(crate) const fn rijen(&self) -> usize {
        self.rijen
    }
}

fn enforcer(columns: usize, vorm: &Vorm, refused: impl Fn(casbin::Error) -> BeleidFout) -> Result<Enforcer, BeleidFout> {
    let model = MODELLEN.get(columns - 1).ok_or_else(|| BeleidFout::Ontbreekt {
        wat: format!("a model of {columns} columns"),
        herstel: "split the step into smaller questions".to_owned(),
    })?;
    pollster::block_on(async {
        let model = DefaultModel::from_str(model).await?;
        let mut enforcer = Enforcer::new(model, MemoryAdapter::default()).await?;
        enforcer.add_policies(vorm.cellen.iter().cloned().collect()).await?;
        Ok(enforcer)
    })
    .map_err(refused)
}
