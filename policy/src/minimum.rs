//! Whether a version keeps to the national minimum: nowhere looser than it, whatever the region's own rows say (R6, Q28).
//!
//! The minimum is generated anew from the national rows and the catalogue. Per type, variant and step it is compared with the
//! version: rows that both have cannot differ, further rows that hold back and missing rows that allow only make stricter. What
//! is left (a row that allows and is not national, a national row that holds back or gives a duty and is gone) is looked at
//! place by place, under every combination of words: the step's outcome may not be milder than the nation's, an outsider stays
//! an outsider (R16), and what is delivered carries the nation's duties.

use std::collections::{HashMap, HashSet};

use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Code, RegelId, TypeNaam, Uitkomst,
    vocabulary::{Grondslag, Handeling},
};

use crate::{
    BeleidFout, Bundel, Convenantbron, Effect, Instellingen, Laag, Rij, Stap,
    boom::Kweker,
    bundel::Stapstandaard,
    convenantbron::Landelijk,
    kenmerk::{Kenmerk, Maskers, Woorden, combinaties},
    regelrij::{Regelrij, Rijen},
    wegen::is_buitenstaander,
};

/// Compares a version with the national minimum.
pub(crate) fn toetsen(b: &Bundel, catalogus: &Catalogus) -> Result<(), BeleidFout> {
    let landelijk = Landelijk::ingebouwd()?;
    if let Some(c) = landelijk.buiten_convenant.iter().find(|c| !b.buiten_convenant.contains(c)) {
        return Err(verruiming(Laag::Convenant, format!("{c} is outside every covenant (R8): keep it in buiten_convenant")));
    }
    if let Some(p) = b.noodontvangers.iter().find(|p| !landelijk.noodontvangers.contains(p)) {
        return Err(verruiming(
            Laag::Convenant,
            format!("{p} is no recipient in an emergency (R35): remove it from noodontvangers"),
        ));
    }
    if let Some((naam, eigen, natie)) = b.instellingen.ruimer_dan(&Instellingen::default()) {
        return Err(verruiming(
            Laag::Convenant,
            format!("instellingen.{naam} is {eigen}, the nation asks {natie}: set {natie} or stricter"),
        ));
    }
    let natie = Bundel::genereren(&bron_van(b), catalogus)?;
    standaarden(b, &natie)?;
    let own = Zijde::van(b);
    let nation = Zijde::van(&natie);
    let mut gezien = HashSet::new();
    for definitie in catalogus.definities() {
        let variants = std::iter::once(None).chain(definitie.varianten.iter().map(|v| Some(&v.code)));
        for variant in variants {
            for stap in Stap::ALL {
                let plek = Plek { soort: &definitie.naam, variant, stap };
                Vergelijking::van(&nation, &own, plek).toetsen(&mut gezien)?;
            }
        }
    }
    Ok(())
}

fn verruiming(laag: Laag, waarom: String) -> BeleidFout {
    BeleidFout::Verruiming { laag: laag.as_str(), waarom }
}

/// The source that the minimum is generated from: the version's own heading, none of its rows.
fn bron_van(b: &Bundel) -> Convenantbron {
    Convenantbron {
        convenant: b.convenant.clone(),
        titel: b.titel.clone(),
        versie: b.versie,
        geldig_vanaf: b.geldig_vanaf,
        geldig_tot: b.geldig_tot,
        document: b.document,
        ondertekenaars: b.ondertekenaars.clone(),
        noodontvangers: b.noodontvangers.clone(),
        buiten_convenant: b.buiten_convenant.clone(),
        instellingen: b.instellingen.clone(),
        routes: Vec::new(),
        ontvangers: Vec::new(),
        rijen: Vec::new(),
    }
}

/// What a step answers when no row allows, by itself.
fn standaarden(b: &Bundel, natie: &Bundel) -> Result<(), BeleidFout> {
    for stap in Stap::ALL {
        for (g, h) in Grondslag::ALL.iter().flat_map(|g| Handeling::ALL.iter().map(move |h| (*g, *h))) {
            let (Some(nation), Some(own)) = (natie.standaard(stap, h, g), b.standaard(stap, h, g)) else { continue };
            if Uitkomst::from(own.uitkomst) < Uitkomst::from(nation.uitkomst) {
                return Err(verruiming(
                    Laag::Convenant,
                    format!(
                        "standaarden: step {} answers {} on {g} for {h} where no row allows, {} asks {}",
                        stap.as_str(),
                        Uitkomst::from(own.uitkomst),
                        nation.regel,
                        Uitkomst::from(nation.uitkomst),
                    ),
                ));
            }
        }
    }
    Ok(())
}

/// The rows of one side, without those of organisations: they only hold back.
struct Zijde<'a> {
    bundel: &'a Bundel,
    rijen: Rijen<'a>,
}

impl<'a> Zijde<'a> {
    fn van(bundel: &'a Bundel) -> Self {
        let common = (0u32..).zip(&bundel.rijen).filter(|(_, r)| r.van_oin.is_none() && r.naar_oin.is_none());
        Self { bundel, rijen: Rijen::van(common, &bundel.noodontvangers) }
    }

    fn op(&self, plek: Plek<'_>) -> Vec<Deel<'a>> {
        let held = self.rijen.over(plek.soort).into_iter().filter(|r| r.rij.stap == plek.stap && r.over_variant(plek.variant));
        held.flat_map(|r| (r.begin..r.eind).map(move |n| (n, r.rij)))
            .filter_map(|(n, rij)| Some(Deel { gereed: *self.rijen.alle.get(usize::try_from(n).ok()?)?, rij }))
            .collect()
    }
}

/// What is compared at a time.
#[derive(Clone, Copy)]
struct Plek<'a> {
    soort: &'a TypeNaam,
    variant: Option<&'a Code>,
    stap: Stap,
}

/// A row made ready, with the row that it comes from.
#[derive(Clone, Copy)]
struct Deel<'a> {
    gereed: Regelrij,
    rij: &'a Rij,
}

/// Whether each duty of the nation counts in this step, whatever else allows.
const fn telt_elke_plicht(stap: Stap) -> bool {
    matches!(stap, Stap::Scheiding | Stap::Plicht)
}

/// What a row does under which facts, wherever it stands.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Werking<'a> {
    voorwaarden: Maskers,
    effect: Effect,
    uitkomst: Uitkomst,
    buitenstaander: bool,
    plichten: Vec<&'a Code>,
}

impl<'a> Deel<'a> {
    fn werking(&self) -> Werking<'a> {
        let mut plichten: Vec<&Code> = self.rij.verplichtingen.iter().map(|p| &p.soort).collect();
        plichten.sort_unstable();
        Werking {
            voorwaarden: self.gereed.voorwaarden,
            effect: self.gereed.effect,
            uitkomst: self.uitkomst(),
            buitenstaander: is_buitenstaander(self.rij),
            plichten,
        }
    }

    fn uitkomst(&self) -> Uitkomst {
        match self.rij.effect {
            Effect::Toelaten => Uitkomst::Toestaan,
            Effect::Tegenhouden => self.rij.uitkomst.map_or(Uitkomst::Weigeren, Uitkomst::from),
        }
    }
}

/// One step of one type, on both sides.
struct Vergelijking<'a> {
    plek: Plek<'a>,
    natie: Vec<Deel<'a>>,
    eigen: Vec<Deel<'a>>,
    /// The steps' own answers, of the nation and of the version.
    standaarden: [Vec<&'a Stapstandaard>; 2],
    /// Whether anything could be looser.
    verdacht: bool,
    /// Rows of the version that allow and are not national.
    nieuw: HashSet<u32>,
}

/// What was compared already, wherever it stood: the workings of both sides with their own answers.
type Gezien<'a> = HashSet<(Stap, Vec<Werking<'a>>, Vec<Werking<'a>>, [Option<Uitkomst>; 2])>;

impl<'a> Vergelijking<'a> {
    fn van(nation: &Zijde<'a>, own: &Zijde<'a>, plek: Plek<'a>) -> Self {
        let (natie, eigen) = (nation.op(plek), own.op(plek));
        let key = |d: &Deel<'a>| (d.gereed.maten(), d.werking());
        let of_nation: HashSet<_> = natie.iter().map(key).collect();
        let nieuw: HashSet<u32> = eigen
            .iter()
            .filter(|d| d.rij.effect == Effect::Toelaten && !of_nation.contains(&key(d)))
            .map(|d| d.gereed.bron)
            .collect();
        let gives = |d: &Deel<'_>| match d.rij.effect {
            Effect::Tegenhouden => true,
            Effect::Toelaten => telt_elke_plicht(plek.stap) && !d.rij.verplichtingen.is_empty(),
        };
        let of_own: HashSet<_> = eigen.iter().filter(|d| gives(d)).map(key).collect();
        let verdacht = !nieuw.is_empty() || natie.iter().any(|d| gives(d) && !of_own.contains(&key(d)));
        let lines = |b: &'a Bundel| b.standaarden.iter().filter(|s| s.stap == plek.stap).collect();
        Self { plek, natie, eigen, standaarden: [lines(nation.bundel), lines(own.bundel)], verdacht, nieuw }
    }

    /// Goes through every place where the same rows of both sides hold.
    fn toetsen(&self, gezien: &mut Gezien<'a>) -> Result<(), BeleidFout> {
        if !self.verdacht {
            return Ok(());
        }
        let mut alle: Vec<Regelrij> = self.natie.iter().chain(&self.eigen).map(|d| d.gereed).collect();
        alle.extend(self.standaarden.iter().flatten().map(|s| Regelrij::van_standaard(s.grondslag, s.handeling)));
        let places: Vec<u32> = (0u32..).zip(&alle).map(|(n, _)| n).collect();
        let mut kweker = Kweker::default();
        let visited = kweker.wortel(&alle, &places, &mut |open| self.plaats(open, gezien).map(|()| 0));
        visited.map(|_| ())
    }

    fn plaats(&self, open: &[u32], gezien: &mut Gezien<'a>) -> Result<(), BeleidFout> {
        let mut natie = Vec::new();
        let mut eigen = Vec::new();
        let mut answers: [Option<&Stapstandaard>; 2] = [None, None];
        for n in open.iter().filter_map(|n| usize::try_from(*n).ok()) {
            let (own, line) = (n.checked_sub(self.natie.len()), n.checked_sub(self.natie.len() + self.eigen.len()));
            if let Some(d) = self.natie.get(n) {
                natie.push(*d);
            } else if let Some(d) = own.and_then(|n| self.eigen.get(n)) {
                eigen.push(*d);
            } else if let Some(line) = line {
                let [nation, own] = &self.standaarden;
                let (side, s) = match nation.get(line) {
                    Some(s) => (0, Some(*s)),
                    None => (1, line.checked_sub(nation.len()).and_then(|n| own.get(n)).copied()),
                };
                let tells = |s: &Stapstandaard| (s.grondslag.is_some(), s.handeling.is_some());
                if let (Some(place), Some(s)) = (answers.get_mut(side), s)
                    && place.is_none_or(|known| tells(known) <= tells(s))
                {
                    *place = Some(s);
                }
            }
        }
        let workings = |side: &[Deel<'a>]| {
            let mut all: Vec<Werking<'a>> = Vec::new();
            for w in side.iter().map(Deel::werking) {
                if !all.contains(&w) {
                    all.push(w);
                }
            }
            all
        };
        let [nation, own] = answers;
        let seen = (
            self.plek.stap,
            workings(&natie),
            workings(&eigen),
            [nation.map(|s| s.uitkomst.into()), own.map(|s| s.uitkomst.into())],
        );
        if gezien.contains(&seen) {
            return Ok(());
        }
        let named = Kenmerk::ALL
            .into_iter()
            .filter(|k| natie.iter().chain(&eigen).any(|d| d.gereed.voorwaarden.get(*k) != u8::MAX))
            .collect::<Vec<_>>();
        for woorden in combinaties(named.iter().copied()) {
            let (n, e) = (Antwoord::van(&natie, nation, &woorden), Antwoord::van(&eigen, own, &woorden));
            if let Some(breuk) = n.gebroken_door(&e, self.plek.stap) {
                return Err(self.fout(&breuk, &e, &woorden, &named));
            }
        }
        gezien.insert(seen);
        Ok(())
    }

    fn fout(&self, breuk: &Breuk, eigen: &Antwoord<'_>, woorden: &Woorden, named: &[Kenmerk]) -> BeleidFout {
        let stap = self.plek.stap.as_str();
        let variant = self.plek.variant.map_or_else(String::new, |v| format!(" ({v})"));
        let facts: Vec<String> = named
            .iter()
            .filter_map(|k| Some(format!("{} {}", k.as_str(), k.woorden().get(usize::from(woorden.get(*k)))?)))
            .collect();
        let with = if facts.is_empty() { String::new() } else { format!(" with {}", facts.join(", ")) };
        let place = format!("{}{variant}{with}", self.plek.soort);
        let row = eigen.toelatend.iter().find(|d| self.nieuw.contains(&d.gereed.bron));
        let rule = breuk.regel.map_or_else(|| "the national minimum".to_owned(), |r| r.to_string());
        let what = match &breuk.plicht {
            Some(plicht) => format!("leaves out the duty {plicht} of {rule}"),
            None => format!("allows what {rule} holds back"),
        };
        match row {
            Some(d) => verruiming(
                d.rij.laag,
                format!("row {} of step {stap} {what}, for {place}: remove it, or say less with it", d.gereed.bron + 1),
            ),
            None => verruiming(
                Laag::Convenant,
                format!("step {stap} {what}, for {place}: keep the national row, and all that it is about"),
            ),
        }
    }
}

/// What one side answers in one place under some facts.
struct Antwoord<'a> {
    uitkomst: Uitkomst,
    /// The rules that gave it, where it holds back.
    regel: Option<RegelId>,
    buitenstaander: Option<RegelId>,
    toelatend: Vec<Deel<'a>>,
}

/// How the nation's answer is broken.
struct Breuk {
    regel: Option<RegelId>,
    plicht: Option<Code>,
}

impl<'a> Antwoord<'a> {
    fn van(rijen: &[Deel<'a>], standaard: Option<&Stapstandaard>, woorden: &Woorden) -> Self {
        let mut own = Self { uitkomst: Uitkomst::ToestaanMetPlicht, regel: None, buitenstaander: None, toelatend: Vec::new() };
        for d in rijen.iter().filter(|d| d.gereed.voorwaarden.past(woorden)) {
            if d.rij.effect == Effect::Toelaten {
                own.toelatend.push(*d);
            } else if d.uitkomst() > own.uitkomst {
                (own.uitkomst, own.regel) = (d.uitkomst(), d.rij.regel);
            }
            if is_buitenstaander(d.rij) && d.rij.effect == Effect::Tegenhouden {
                own.buitenstaander = d.rij.regel;
            }
        }
        let unanswered = standaard.map_or(Uitkomst::Weigeren, |s| s.uitkomst.into());
        if own.toelatend.is_empty() && unanswered > own.uitkomst {
            (own.uitkomst, own.regel) = (unanswered, standaard.map(|s| s.regel));
        }
        own
    }

    fn plichten(&self) -> HashMap<&'a Code, RegelId> {
        self.toelatend.iter().flat_map(|d| &d.rij.verplichtingen).map(|p| (&p.soort, p.regel)).collect()
    }

    fn gebroken_door(&self, eigen: &Self, stap: Stap) -> Option<Breuk> {
        if eigen.uitkomst < self.uitkomst {
            return Some(Breuk { regel: self.regel, plicht: None });
        }
        if self.buitenstaander.is_some() && eigen.buitenstaander.is_none() {
            return Some(Breuk { regel: self.buitenstaander, plicht: None });
        }
        if !eigen.uitkomst.levert() {
            return None;
        }
        // In the steps of duties and of separations every one of the nation's counts; elsewhere those of one of the rows that
        // carry it, as a region may leave out the others.
        let given = eigen.plichten();
        let lacks = |p: &&crate::Plicht| !given.contains_key(&p.soort);
        let missing = if telt_elke_plicht(stap) {
            self.toelatend.iter().flat_map(|d| &d.rij.verplichtingen).find(lacks)
        } else if self.toelatend.iter().any(|d| !d.rij.verplichtingen.iter().any(|p| lacks(&p))) {
            None
        } else {
            self.toelatend.iter().find_map(|d| d.rij.verplichtingen.iter().find(lacks))
        };
        missing.map(|p| Breuk { regel: Some(p.regel), plicht: Some(p.soort.clone()) })
    }
}
