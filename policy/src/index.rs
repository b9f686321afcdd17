//! The index in front of Casbin: from (type, variant, category, purpose, use, sender, recipient, ground) to one small
//! question per step.
//!
//! Every request has a question, allowed or not, and a lookup costs the same at any number of rows. Rows that say the same
//! under the same facts ask the same question, wherever they stand, so that ten thousand rows ask Casbin no more than the
//! few hundred kinds of rows among them.

use std::collections::HashMap;

use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Code, TypeNaam,
    vocabulary::{Grondslag, Partnertype},
};

use crate::{
    BeleidFout, Effect, Rij, Stap, Verzoek,
    boom::{Boom, Kweker},
    kenmerk::{Maskers, Woorden},
    regelrij::{Plaats, Regelrij, Rijen},
    vraag::Vraag,
    vraagbaak::Vraagbaak,
};

/// One question in its place: what is asked, and the rows it was made of, to read reasons and obligations from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Vraagstuk<'a> {
    vraag: &'a Vraag,
    alle: &'a [Regelrij],
    rijen: &'a [u32],
}

impl<'a> Vraagstuk<'a> {
    /// Casbin's answer.
    pub(crate) fn stellen(self, woorden: &Woorden) -> bool {
        self.vraag.stellen(woorden)
    }

    /// The rows that fit these facts, as places in the bundle.
    pub(crate) fn passend(self, woorden: Woorden) -> impl Iterator<Item = u32> + use<'a> {
        self.rijen
            .iter()
            .filter_map(move |place| self.alle.get(usize::try_from(*place).ok()?))
            .filter(move |r| r.voorwaarden.past(&woorden))
            .map(|r| r.bron)
    }
}

/// Where a leaf has its question and its rows.
#[derive(Debug, Clone, Copy)]
struct Blad {
    vraag: u32,
    begin: u32,
    eind: u32,
}

/// Per type its variants, and per variant the roots of the six steps.
#[derive(Debug)]
struct Soort {
    zonder: [u32; 6],
    varianten: Vec<(Code, [u32; 6])>,
}

/// The whole index over one set of rows.
#[derive(Debug)]
pub(crate) struct Index {
    soorten: HashMap<TypeNaam, Soort>,
    boom: Boom,
    bladen: Vec<Blad>,
    /// The rows of all leaves, one after the other, as places in `alle`.
    bladrijen: Vec<u32>,
    alle: Vec<Regelrij>,
    vragen: Vec<Vraag>,
}

impl Index {
    /// Builds the index over these rows (with their places in the bundle, ascending), and asks every question in each way
    /// it can be asked.
    pub(crate) fn bouwen<'a>(
        rijen: impl Iterator<Item = (u32, &'a Rij)>,
        noodontvangers: &[Partnertype],
        catalogus: &Catalogus,
        vraagbaak: &mut Vraagbaak,
    ) -> Result<Self, BeleidFout> {
        let rows = Rijen::van(rijen, noodontvangers);
        let mut bouw = Bouw::van(&rows.alle, vraagbaak);
        let mut kweker = Kweker::default();
        let mut soorten = HashMap::new();
        for definitie in catalogus.definities() {
            let about = rows.over(&definitie.naam);
            let mut roots = |variant: Option<&Code>| -> Result<[u32; 6], BeleidFout> {
                let mut out = [0; 6];
                for (place, stap) in out.iter_mut().zip(Stap::ALL) {
                    let held: Vec<u32> = about
                        .iter()
                        .filter(|r| r.rij.stap == stap && r.over_variant(variant))
                        .flat_map(|r| r.begin..r.eind)
                        .collect();
                    *place = kweker.wortel(&rows.alle, &held, &mut |open| bouw.blad(stap, open))?;
                }
                Ok(out)
            };
            let zonder = roots(None)?;
            let varianten = definitie
                .varianten
                .iter()
                .map(|v| Ok((v.code.clone(), roots(Some(&v.code))?)))
                .collect::<Result<_, BeleidFout>>()?;
            soorten.insert(definitie.naam.clone(), Soort { zonder, varianten });
        }
        let Bouw { bladen, mut bladrijen, vragen, .. } = bouw;
        bladrijen.shrink_to_fit();
        Ok(Self { soorten, boom: kweker.klaar(), bladen, bladrijen, alle: rows.alle, vragen })
    }

    /// Whether it has questions about this type and variant.
    pub(crate) fn kent(&self, verzoek: &Verzoek) -> bool {
        self.wortels(verzoek).is_some()
    }

    fn wortels(&self, verzoek: &Verzoek) -> Option<&[u32; 6]> {
        let soort = self.soorten.get(&verzoek.soort)?;
        match &verzoek.variant {
            None => Some(&soort.zonder),
            Some(code) => soort.varianten.iter().find(|(c, _)| c == code).map(|(_, t)| t),
        }
    }

    /// The question of a step about a request on one ground; none for an unknown type or variant.
    pub(crate) fn stuk(&self, stap: Stap, verzoek: &Verzoek, grondslag: Grondslag) -> Option<Vraagstuk<'_>> {
        let wortel = self.wortels(verzoek)?.get(stap as usize)?;
        let blad = self.bladen.get(self.boom.blad(*wortel, Plaats::van(verzoek, grondslag))?)?;
        let place = |n: u32| usize::try_from(n).ok();
        Some(Vraagstuk {
            vraag: self.vragen.get(place(blad.vraag)?)?,
            alle: &self.alle,
            rijen: self.bladrijen.get(place(blad.begin)?..place(blad.eind)?)?,
        })
    }

    /// The most rows that any question holds.
    pub(crate) fn grootste_vraag(&self) -> usize {
        self.vragen.iter().map(Vraag::rijen).max().unwrap_or(0)
    }

    /// Bytes held, the questions and the names of the types left out.
    pub(crate) fn bytes(&self) -> usize {
        self.boom.bytes()
            + self.bladen.capacity() * size_of::<Blad>()
            + self.bladrijen.capacity() * size_of::<u32>()
            + self.alle.capacity() * size_of::<Regelrij>()
    }
}

/// What is shared while building.
struct Bouw<'a> {
    /// Per row what kind it is: rows of one kind hold under the same facts and do the same.
    soort_van: Vec<u32>,
    kinds: Vec<(Maskers, Effect)>,
    vraag_van: HashMap<Vec<u32>, u32>,
    blad_van: HashMap<Box<[u32]>, u32>,
    bladen: Vec<Blad>,
    bladrijen: Vec<u32>,
    vragen: Vec<Vraag>,
    vraagbaak: &'a mut Vraagbaak,
}

impl<'a> Bouw<'a> {
    fn van(alle: &[Regelrij], vraagbaak: &'a mut Vraagbaak) -> Self {
        let mut kinds = Vec::new();
        let mut number: HashMap<(Maskers, Effect), u32> = HashMap::new();
        let soort_van = alle
            .iter()
            .map(|r| {
                *number.entry((r.voorwaarden, r.effect)).or_insert_with(|| {
                    kinds.push((r.voorwaarden, r.effect));
                    u32::try_from(kinds.len() - 1).unwrap_or(u32::MAX)
                })
            })
            .collect();
        Self {
            soort_van,
            kinds,
            vraag_van: HashMap::new(),
            blad_van: HashMap::new(),
            bladen: Vec::new(),
            bladrijen: Vec::new(),
            vragen: Vec::new(),
            vraagbaak,
        }
    }

    /// The leaf of these rows.
    fn blad(&mut self, stap: Stap, rijen: &[u32]) -> Result<u32, BeleidFout> {
        if let Some(known) = self.blad_van.get(rijen) {
            return Ok(*known);
        }
        let vraag = self.vraag(stap, rijen)?;
        let len = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let begin = len(self.bladrijen.len());
        self.bladrijen.extend(rijen);
        let number = len(self.bladen.len());
        self.bladen.push(Blad { vraag, begin, eind: len(self.bladrijen.len()) });
        self.blad_van.insert(rijen.into(), number);
        Ok(number)
    }

    /// The question of these rows: that of their kinds, each once, in one order.
    fn vraag(&mut self, stap: Stap, rijen: &[u32]) -> Result<u32, BeleidFout> {
        let mut kinds: Vec<u32> = rijen.iter().filter_map(|r| self.soort_van.get(usize::try_from(*r).ok()?).copied()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        if let Some(known) = self.vraag_van.get(&kinds) {
            return Ok(*known);
        }
        let rows: Vec<(Maskers, Effect)> =
            kinds.iter().filter_map(|k| self.kinds.get(usize::try_from(*k).ok()?).copied()).collect();
        let number = u32::try_from(self.vragen.len()).unwrap_or(u32::MAX);
        self.vragen.push(self.vraagbaak.vraag(stap, &rows)?);
        self.vraag_van.insert(kinds, number);
        Ok(number)
    }
}
