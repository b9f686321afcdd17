//! The index in front of Casbin: from (type, variant, category, purpose, use, sender, recipient, ground) to one small
//! question per step.
//!
//! Per step and type the values of each dimension fall into classes that the same rows admit, and a dense table over the
//! classes leads to the question. So every request has a question, allowed or not, and a lookup costs the same at any
//! number of rows. Equal row sets share a question, equal questions share an enforcer.

use std::{collections::HashMap, sync::Arc};

use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Code, TypeNaam,
    vocabulary::{Categorie, Doel, Grondslag, Handeling, Ontvangersoort, Partnertype},
};

use crate::{
    BeleidFout, Effect, Rij, Stap, Verzoek,
    kenmerk::{Kenmerk, Maskers, Woorden},
    vraag::{Vorm, Vraag},
};

/// The dimensions of the index, beside type and variant.
const MATEN: [usize; 6] = [
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
}

/// A row made ready: its dimensions and conditions as masks, and which row of the bundle it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Regelrij {
    maten: [u32; 6],
    pub(crate) voorwaarden: Maskers,
    effect: Effect,
    pub(crate) bron: u32,
}

impl Regelrij {
    /// Makes a row ready. A row that gives way to an emergency becomes up to three: the condition `noodbesluit = nee`
    /// where the emergency path reaches, none elsewhere (R35).
    fn van(rij: &Rij, bron: u32, noodontvangers: &[Partnertype]) -> Vec<Self> {
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
        reached.voorwaarden.restrict(Kenmerk::Noodbesluit, bit8(inbreng_domain::vocabulary::JaNee::Nee as usize));
        vec![reached, part(handeling & ontvangen, naar & !nood), part(handeling & !ontvangen, naar)]
            .into_iter()
            .filter(|r| r.maten.iter().zip(MATEN).all(|(m, n)| m & bit(n).wrapping_sub(1) != 0))
            .collect()
    }

    const fn admits(&self, dimension: usize, value: usize) -> bool {
        // INVARIANT: dimension < 6, from the constant loops below.
        match dimension {
            0 => self.maten[0] & bit(value) != 0,
            1 => self.maten[1] & bit(value) != 0,
            2 => self.maten[2] & bit(value) != 0,
            3 => self.maten[3] & bit(value) != 0,
            4 => self.maten[4] & bit(value) != 0,
            _ => self.maten[5] & bit(value) != 0,
        }
    }
}

const fn bit(n: usize) -> u32 {
    if n < 32 { 1 << n } else { 0 }
}

const fn bit8(n: usize) -> u8 {
    if n < 8 { 1 << n } else { 0 }
}

/// One question in its place: what is asked, and the rows it was made of, to read reasons and obligations from.
#[derive(Debug)]
pub(crate) struct Vraagstuk {
    vraag: Arc<Vraag>,
    rijen: Box<[Regelrij]>,
}

impl Vraagstuk {
    /// Casbin's answer.
    pub(crate) fn stellen(&self, woorden: &Woorden) -> bool {
        self.vraag.stellen(woorden)
    }

    /// The rows that fit these facts, as places in the bundle.
    pub(crate) fn passend(&self, woorden: Woorden) -> impl Iterator<Item = u32> + '_ {
        self.rijen.iter().filter(move |r| r.voorwaarden.past(&woorden)).map(|r| r.bron)
    }

    /// How many rows Casbin holds for it.
    pub(crate) fn omvang(&self) -> usize {
        self.vraag.rijen()
    }

    /// Compares Casbin's answer to every combination of words with the rows read one by one.
    fn zelftest(&self) -> Result<(), String> {
        for woorden in self.vraag.alle_woorden() {
            let fits = |e| self.rijen.iter().any(|r| r.effect == e && r.voorwaarden.past(&woorden));
            let expected = fits(Effect::Toelaten) && !fits(Effect::Tegenhouden);
            if self.vraag.stellen(&woorden) != expected {
                return Err(format!("{woorden:?} should be {expected}"));
            }
        }
        Ok(())
    }
}

/// The questions of one step for one type: a dense table over classes.
#[derive(Debug)]
struct Staptabel {
    klassen: [Vec<u8>; 6],
    maten: [usize; 6],
    stukken: Vec<u32>,
}

impl Staptabel {
    fn stuk(&self, plaats: Plaats) -> Option<u32> {
        let mut at = 0;
        for ((klassen, maat), value) in self.klassen.iter().zip(self.maten).zip(plaats.0) {
            at = at * maat + usize::from(*klassen.get(value)?);
        }
        self.stukken.get(at).copied()
    }
}

/// Per type its variants, and per variant the tables of the six steps.
#[derive(Debug)]
struct Soort {
    zonder: [u32; 6],
    varianten: Vec<(Code, [u32; 6])>,
}

/// The whole index over one set of rows.
#[derive(Debug)]
pub(crate) struct Index {
    soorten: HashMap<TypeNaam, Soort>,
    tabellen: Vec<Staptabel>,
    stukken: Vec<Vraagstuk>,
    enforcers: usize,
}

impl Index {
    /// Builds the index over these rows (with their places in the bundle), and asks every question once in each way it
    /// can be asked.
    pub(crate) fn bouwen<'a>(
        rijen: impl Iterator<Item = (u32, &'a Rij)>,
        noodontvangers: &[Partnertype],
        catalogus: &Catalogus,
    ) -> Result<Self, BeleidFout> {
        let rijen: Vec<(u32, &Rij)> = rijen.collect();
        let ready: Vec<(&Rij, Vec<Regelrij>)> = rijen.iter().map(|(n, r)| (*r, Regelrij::van(r, *n, noodontvangers))).collect();
        let mut bouw = Bouw::default();
        let mut soorten = HashMap::new();
        for definitie in catalogus.definities() {
            let mut tables = |variant: Option<&Code>| -> Result<[u32; 6], BeleidFout> {
                let mut out = [0; 6];
                for (place, stap) in out.iter_mut().zip(Stap::ALL) {
                    let applicable = ready
                        .iter()
                        .filter(|(r, _)| r.stap == stap && raakt(r, &definitie.naam, variant))
                        .flat_map(|(_, ready)| ready.iter().copied())
                        .collect();
                    *place = bouw.tabel(stap, applicable)?;
                }
                Ok(out)
            };
            let zonder = tables(None)?;
            let varianten = definitie
                .varianten
                .iter()
                .map(|v| Ok((v.code.clone(), tables(Some(&v.code))?)))
                .collect::<Result<_, BeleidFout>>()?;
            soorten.insert(definitie.naam.clone(), Soort { zonder, varianten });
        }
        Ok(Self { soorten, tabellen: bouw.tabellen, stukken: bouw.stukken, enforcers: bouw.vragen.len() })
    }

    /// Whether it has questions about this type and variant.
    pub(crate) fn kent(&self, verzoek: &Verzoek) -> bool {
        self.tabellen(verzoek).is_some()
    }

    fn tabellen(&self, verzoek: &Verzoek) -> Option<&[u32; 6]> {
        let soort = self.soorten.get(&verzoek.soort)?;
        match &verzoek.variant {
            None => Some(&soort.zonder),
            Some(code) => soort.varianten.iter().find(|(c, _)| c == code).map(|(_, t)| t),
        }
    }

    /// The question of a step about a request on one ground; none for an unknown type or variant.
    pub(crate) fn stuk(&self, stap: Stap, verzoek: &Verzoek, grondslag: Grondslag) -> Option<&Vraagstuk> {
        let number = self.tabellen(verzoek)?.get(stap as usize)?;
        let tabel = self.tabellen.get(usize::try_from(*number).ok()?)?;
        let stuk = tabel.stuk(Plaats::van(verzoek, grondslag))?;
        self.stukken.get(usize::try_from(stuk).ok()?)
    }

    /// How many enforcers it holds.
    pub(crate) const fn enforcers(&self) -> usize {
        self.enforcers
    }

    /// The most rows that any question holds.
    pub(crate) fn grootste_vraag(&self) -> usize {
        self.stukken.iter().map(Vraagstuk::omvang).max().unwrap_or(0)
    }
}

/// Whether a row speaks about this type and variant.
fn raakt(rij: &Rij, soort: &TypeNaam, variant: Option<&Code>) -> bool {
    (rij.soorten.is_empty() || rij.soorten.contains(soort))
        && !rij.behalve_soorten.contains(soort)
        && (rij.varianten.is_empty() || variant.is_some_and(|v| rij.varianten.contains(v)))
        && variant.is_none_or(|v| !rij.behalve_varianten.contains(v))
}

/// A row in its place: which row of the bundle, and where it holds.
type Rijplaats = (u32, [u32; 6]);

/// What is shared while building.
#[derive(Default)]
struct Bouw {
    tabellen: Vec<Staptabel>,
    tabel_van: HashMap<(Stap, Vec<Rijplaats>), u32>,
    stukken: Vec<Vraagstuk>,
    stuk_van: HashMap<(Stap, Vec<(u32, Maskers)>), u32>,
    vragen: HashMap<Vorm, Arc<Vraag>>,
}

impl Bouw {
    fn tabel(&mut self, stap: Stap, rijen: Vec<Regelrij>) -> Result<u32, BeleidFout> {
        let key = (stap, rijen.iter().map(|r| (r.bron, r.maten)).collect::<Vec<_>>());
        if let Some(known) = self.tabel_van.get(&key) {
            return Ok(*known);
        }
        let mut klassen: [Vec<u8>; 6] = Default::default();
        let mut admitted: [Vec<Rijset>; 6] = Default::default();
        for (dimension, ((classes, sets), size)) in klassen.iter_mut().zip(&mut admitted).zip(MATEN).enumerate() {
            for value in 0..size {
                let set = Rijset::van(rijen.iter().map(|r| r.admits(dimension, value)));
                let class = sets.iter().position(|s| *s == set).unwrap_or_else(|| {
                    sets.push(set);
                    sets.len() - 1
                });
                classes.push(u8::try_from(class).unwrap_or(u8::MAX));
            }
        }
        let mut maten = [0; 6];
        for (size, sets) in maten.iter_mut().zip(&admitted) {
            *size = sets.len();
        }
        let mut stukken = Vec::with_capacity(maten.iter().product());
        let mut known = HashMap::new();
        self.vullen(stap, &rijen, &admitted, &Rijset::van(rijen.iter().map(|_| true)), &mut known, &mut stukken)?;
        let number = u32::try_from(self.tabellen.len()).unwrap_or(u32::MAX);
        self.tabellen.push(Staptabel { klassen, maten, stukken });
        self.tabel_van.insert(key, number);
        Ok(number)
    }

    /// Every combination of the classes that are left, the last dimension turning fastest, as `Staptabel::stuk` counts.
    fn vullen(
        &mut self,
        stap: Stap,
        rijen: &[Regelrij],
        admitted: &[Vec<Rijset>],
        open: &Rijset,
        known: &mut HashMap<Rijset, u32>,
        stukken: &mut Vec<u32>,
    ) -> Result<(), BeleidFout> {
        let Some((sets, rest)) = admitted.split_first().filter(|_| !open.is_leeg()) else {
            let number = match known.get(open) {
                Some(number) => *number,
                None => {
                    let number = self.stuk(stap, open.uit(rijen))?;
                    known.insert(open.clone(), number);
                    number
                }
            };
            // Where no row is left, every combination of what remains is the same question.
            let same = admitted.iter().map(Vec::len).product();
            stukken.extend(std::iter::repeat_n(number, same));
            return Ok(());
        };
        for set in sets {
            self.vullen(stap, rijen, rest, &open.en(set), known, stukken)?;
        }
        Ok(())
    }

    fn stuk(&mut self, stap: Stap, rijen: Vec<Regelrij>) -> Result<u32, BeleidFout> {
        let key = (stap, rijen.iter().map(|r| (r.bron, r.voorwaarden)).collect::<Vec<_>>());
        if let Some(known) = self.stuk_van.get(&key) {
            return Ok(*known);
        }
        let vorm = Vorm::van(stap, &beslissend(&rijen))?;
        let vraag = match self.vragen.get(&vorm) {
            Some(known) => Arc::clone(known),
            None => {
                let built = Arc::new(Vraag::bouwen(stap, &vorm)?);
                self.vragen.insert(vorm, Arc::clone(&built));
                built
            }
        };
        let stuk = Vraagstuk { vraag, rijen: rijen.into_boxed_slice() };
        stuk.zelftest().map_err(|waarom| BeleidFout::Zelftest { stap: stap.as_str(), waarom })?;
        let number = u32::try_from(self.stukken.len()).unwrap_or(u32::MAX);
        self.stukken.push(stuk);
        self.stuk_van.insert(key, number);
        Ok(number)
    }
}

/// A set of rows of one table, a bit each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Rijset(Box<[u64]>);

impl Rijset {
    fn van(members: impl Iterator<Item = bool>) -> Self {
        let mut blocks = Vec::new();
        for (n, member) in members.enumerate() {
            if n % 64 == 0 {
                blocks.push(0);
            }
            if let Some(last) = blocks.last_mut() {
                *last |= u64::from(member) << (n % 64);
            }
        }
        Self(blocks.into_boxed_slice())
    }

    fn en(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a & b).collect())
    }

    fn is_leeg(&self) -> bool {
        self.0.iter().all(|b| *b == 0)
    }

    fn uit(&self, rijen: &[Regelrij]) -> Vec<Regelrij> {
        let member = |n: usize| self.0.get(n / 64).is_some_and(|b| b & (1 << (n % 64)) != 0);
        rijen.iter().enumerate().filter(|(n, _)| member(*n)).map(|(_, r)| *r).collect()
    }
}

/// The rows that can change the answer: a row that allows no more than another one (such as a row that only adds a duty)
/// is read for its duty, not asked.
fn beslissend(rijen: &[Regelrij]) -> Vec<(Maskers, Effect)> {
    let covers = |a: &Regelrij, b: &Regelrij| {
        a.effect == b.effect && Kenmerk::ALL.into_iter().all(|k| b.voorwaarden.get(k) & !a.voorwaarden.get(k) == 0)
    };
    rijen
        .iter()
        .enumerate()
        .filter(|(n, row)| {
            !rijen.iter().enumerate().any(|(m, other)| m != *n && covers(other, row) && (!covers(row, other) || m < *n))
        })
        .map(|(_, row)| (row.voorwaarden, row.effect))
        .collect()
}
