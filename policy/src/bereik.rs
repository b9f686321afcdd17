//! Two versions beside each other as they decide: which decisions become wider or stricter, found by asking both.
//!
//! Only where a row differs can a decision differ, so both are asked about every combination of words that a differing row is
//! about. Facts that no differing row looks at are as favourable as they can be: what would be refused anyway shows no
//! difference. Words that no row of either version tells apart are asked once and counted for all.

use std::collections::BTreeMap;

use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Code, TypeNaam, Uitkomst,
    vocabulary::{
        Categorie, Deelname, Doel, Eigenaarsbesluit, Grondslag, Handeling, JaNee, Noodzaak, Ondertekend, Ontvangersoort,
        Scheiding, Toestemmingsstand,
    },
};
use serde::Serialize;

use crate::{
    Beleid, Effect, Laag, Rij, Verzoek,
    kenmerk::{Kenmerk, Maskers},
    simulatie::Richting,
    verschil::zonder,
};

/// What two versions decide differently.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Bereikverschil {
    /// Requests that both were asked, those that stand for others counted as all of them.
    pub bekeken: u64,
    /// Of those, how many become wider.
    pub ruimer: u64,
    /// How many become stricter.
    pub strenger: u64,
    /// How many keep their outcome with other duties.
    pub anders: u64,
    /// What changes, grouped.
    pub groepen: Vec<Groep>,
}

/// Requests of one type that change alike.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Groep {
    /// Which way.
    pub richting: Richting,
    /// What was decided.
    pub was: Uitkomst,
    /// What is decided.
    pub wordt: Uitkomst,
    /// The type.
    pub soort: TypeNaam,
    /// Categories.
    pub categorieen: Vec<Categorie>,
    /// Senders.
    pub van: Vec<Ontvangersoort>,
    /// Recipients.
    pub naar: Vec<Ontvangersoort>,
    /// Grounds.
    pub grondslagen: Vec<Grondslag>,
    /// How many requests, over purposes, uses, variants and facts.
    pub aantal: u64,
    /// One of them.
    pub voorbeeld: Verzoek,
}

/// What a group is found by before words are joined.
type Sleutel = (TypeNaam, Richting, Uitkomst, Uitkomst, Vec<Categorie>, Vec<Ontvangersoort>, Vec<Ontvangersoort>, Vec<Grondslag>);

impl Bereikverschil {
    /// Asks both, about every type or about one. `voortgang` hears how many of how many variants of types are done.
    #[must_use]
    pub fn tussen(
        was: &Beleid,
        wordt: &Beleid,
        catalogus: &Catalogus,
        alleen: Option<&TypeNaam>,
        mut voortgang: impl FnMut(usize, usize),
    ) -> Self {
        let anders = andere_rijen(was, wordt);
        let alle: Vec<&Rij> = was.bundel().rijen.iter().chain(&wordt.bundel().rijen).collect();
        let mut soorten: Vec<(&TypeNaam, Option<&Code>)> = Vec::new();
        for d in catalogus.definities().filter(|d| alleen.is_none_or(|naam| d.naam == *naam)) {
            soorten.push((&d.naam, None));
            soorten.extend(d.varianten.iter().map(|v| (&d.naam, Some(&v.code))));
        }
        let mut uit = Self::default();
        let mut groepen: BTreeMap<Sleutel, (u64, Verzoek)> = BTreeMap::new();
        for (n, (soort, variant)) in soorten.iter().enumerate() {
            voortgang(n, soorten.len());
            let here: Vec<&Rij> = anders.iter().filter(|r| raakt(r, soort, *variant)).collect();
            if here.is_empty() {
                continue;
            }
            let all: Vec<&Rij> = alle.iter().copied().filter(|r| raakt(r, soort, *variant)).collect();
            let ronde = Ronde { was, wordt, soort, variant: *variant, anders: &here, klassen: Klassen::van(&all, was, wordt) };
            ronde.vragen(&mut uit, &mut groepen);
        }
        voortgang(soorten.len(), soorten.len());
        uit.groepen = samenvoegen(groepen);
        uit
    }
}

/// The rows that one of the two has and the other not; and, where emergency recipients or a step's own answer differ, rows
/// that stand for what those touch.
fn andere_rijen(was: &Beleid, wordt: &Beleid) -> Vec<Rij> {
    let (a, b) = (was.bundel(), wordt.bundel());
    let plain = |rijen: &[Rij]| -> Vec<Rij> { rijen.iter().map(|r| Rij { toelichting: None, ..r.clone() }).collect() };
    let (ra, rb) = (plain(&a.rijen), plain(&b.rijen));
    let (weg, mut erbij) = (zonder(&ra, &rb), zonder(&rb, &ra));
    let mut anders = Vec::new();
    for rij in weg {
        // Where two rows differ in one list only, only the words that one of them has can be decided differently.
        let narrowed = erbij.iter().enumerate().find_map(|(n, other)| versmald(&rij, other).map(|narrow| (n, narrow)));
        match narrowed {
            Some((n, narrow)) => {
                erbij.remove(n);
                anders.push(narrow);
            }
            None => anders.push(rij),
        }
    }
    anders.extend(erbij);
    let nood = alleen_een(&a.noodontvangers, &b.noodontvangers);
    if !nood.is_empty() {
        // A row that gives way does so for receiving alone (R35).
        let naar: Vec<Ontvangersoort> = nood.into_iter().map(Ontvangersoort::from).collect();
        let reached = |r: &Rij| naar.iter().copied().filter(|n| past(&r.naar, n)).collect::<Vec<_>>();
        for rij in ra.iter().chain(&rb).filter(|r| r.wijkt_voor_nood && past(&r.handelingen, &Handeling::Ontvangen)) {
            let naar = reached(rij);
            if !naar.is_empty() {
                anders.push(Rij { naar, handelingen: vec![Handeling::Ontvangen], ..rij.clone() });
            }
        }
    }
    for s in a
        .standaarden
        .iter()
        .filter(|s| !b.standaarden.contains(s))
        .chain(b.standaarden.iter().filter(|s| !a.standaarden.contains(s)))
    {
        anders.push(Rij {
            grondslagen: s.grondslag.into_iter().collect(),
            handelingen: s.handeling.into_iter().collect(),
            ..Rij::over_alles(Laag::Landelijk, s.stap, Effect::Tegenhouden)
        });
    }
    anders
}

/// The words that one of the two has and the other not.
fn alleen_een<T: PartialEq + Copy>(a: &[T], b: &[T]) -> Vec<T> {
    let only = |x: &[T], y: &[T]| x.iter().copied().filter(|w| !y.contains(w)).collect::<Vec<_>>();
    [only(a, b), only(b, a)].concat()
}

/// The row over the words in which these two differ, where they differ in one list only and neither is about every word.
fn versmald(a: &Rij, b: &Rij) -> Option<Rij> {
    macro_rules! lijsten {
        ($($field:ident),+) => {
            $(if !a.$field.is_empty() && !b.$field.is_empty() && (Rij { $field: b.$field.clone(), ..a.clone() }) == *b {
                return Some(Rij { $field: alleen_een(&a.$field, &b.$field), ..a.clone() });
            })+
        };
    }
    lijsten!(categorieen, doelen, handelingen, van, naar, grondslagen);
    None
}

/// Words that no row tells apart, joined.
struct Klassen {
    categorieen: Vec<Vec<Categorie>>,
    doelen: Vec<Vec<Doel>>,
    handelingen: Vec<Vec<Handeling>>,
    van: Vec<Vec<Ontvangersoort>>,
    naar: Vec<Vec<Ontvangersoort>>,
    grondslagen: Vec<Vec<Grondslag>>,
}

fn klassen<T: Copy + PartialEq>(words: &[T], rijen: &[&Rij], of: impl Fn(&Rij) -> &[T], ook: impl Fn(T) -> u8) -> Vec<Vec<T>> {
    let mut signatures: Vec<(Vec<bool>, u8)> = Vec::new();
    let mut classes: Vec<Vec<T>> = Vec::new();
    for word in words {
        let signature = (rijen.iter().map(|r| past(of(r), word)).collect(), ook(*word));
        match signatures.iter().position(|s| *s == signature).and_then(|n| classes.get_mut(n)) {
            Some(class) => class.push(*word),
            None => {
                signatures.push(signature);
                classes.push(vec![*word]);
            }
        }
    }
    classes
}

impl Klassen {
    fn van(rijen: &[&Rij], was: &Beleid, wordt: &Beleid) -> Self {
        let nood = |p: Ontvangersoort| {
            let among = |b: &Beleid| b.bundel().noodontvangers.iter().any(|n| Ontvangersoort::from(*n) == p);
            u8::from(among(was)) + 2 * u8::from(among(wordt))
        };
        // Emergency and steps' own answers look at the use and the ground, whatever rows say.
        let own = |h: Handeling| h as u8;
        let ground = |g: Grondslag| g as u8;
        let partners: Vec<Ontvangersoort> =
            Ontvangersoort::ALL.iter().copied().filter(|s| *s != Ontvangersoort::Betrokkene).collect();
        Self {
            categorieen: klassen(Categorie::ALL, rijen, |r| &r.categorieen, |_| 0),
            doelen: klassen(Doel::ALL, rijen, |r| &r.doelen, |_| 0),
            handelingen: klassen(Handeling::ALL, rijen, |r| &r.handelingen, own),
            van: klassen(&partners, rijen, |r| &r.van, |_| 0),
            naar: klassen(Ontvangersoort::ALL, rijen, |r| &r.naar, nood),
            grondslagen: klassen(Grondslag::ALL, rijen, |r| &r.grondslagen, ground),
        }
    }
}

/// Whether a row speaks about this type and variant.
fn raakt(rij: &Rij, soort: &TypeNaam, variant: Option<&Code>) -> bool {
    past(&rij.soorten, soort)
        && !rij.behalve_soorten.contains(soort)
        && (rij.varianten.is_empty() || variant.is_some_and(|v| rij.varianten.contains(v)))
        && variant.is_none_or(|v| !rij.behalve_varianten.contains(v))
}

/// One type and variant.
struct Ronde<'a> {
    was: &'a Beleid,
    wordt: &'a Beleid,
    soort: &'a TypeNaam,
    variant: Option<&'a Code>,
    anders: &'a [&'a Rij],
    klassen: Klassen,
}

fn past<T: PartialEq>(list: &[T], word: &T) -> bool {
    list.is_empty() || list.contains(word)
}

impl Ronde<'_> {
    fn vragen(&self, uit: &mut Bereikverschil, groepen: &mut BTreeMap<Sleutel, (u64, Verzoek)>) {
        let k = &self.klassen;
        for categorieen in &k.categorieen {
            let Some(categorie) = categorieen.first() else { continue };
            let in_category: Vec<&Rij> = self.anders.iter().copied().filter(|r| past(&r.categorieen, categorie)).collect();
            for (van, naar) in k.van.iter().flat_map(|v| k.naar.iter().map(move |n| (v, n))) {
                let (Some(v), Some(n)) = (van.first(), naar.first()) else { continue };
                let between: Vec<&Rij> = in_category.iter().copied().filter(|r| past(&r.van, v) && past(&r.naar, n)).collect();
                if between.is_empty() {
                    continue;
                }
                for grondslagen in &k.grondslagen {
                    let Some(grond) = grondslagen.first() else { continue };
                    let key = (categorieen, van, naar, grondslagen);
                    let on_ground: Vec<&Rij> = between.iter().copied().filter(|r| past(&r.grondslagen, grond)).collect();
                    for (doelen, handelingen) in k.doelen.iter().flat_map(|d| k.handelingen.iter().map(move |h| (d, h))) {
                        let (Some(doel), Some(handeling)) = (doelen.first(), handelingen.first()) else { continue };
                        let rijen: Vec<&Rij> = on_ground
                            .iter()
                            .copied()
                            .filter(|r| past(&r.doelen, doel) && past(&r.handelingen, handeling))
                            .collect();
                        if rijen.is_empty() {
                            continue;
                        }
                        let base = self.gunstig(*categorie, (*v, *n), *grond, *doel, *handeling);
                        let each = [categorieen.len(), van.len(), naar.len(), grondslagen.len(), doelen.len(), handelingen.len()];
                        let each = u64::try_from(each.iter().product::<usize>()).unwrap_or(u64::MAX);
                        for verzoek in feiten(&base, &rijen) {
                            uit.bekeken += each;
                            self.vergelijken(&verzoek, &rijen, key, each, uit, groepen);
                        }
                    }
                }
            }
        }
    }

    fn vergelijken(
        &self,
        verzoek: &Verzoek,
        rijen: &[&Rij],
        (categorieen, van, naar, grondslagen): (&Vec<Categorie>, &Vec<Ontvangersoort>, &Vec<Ontvangersoort>, &Vec<Grondslag>),
        each: u64,
        uit: &mut Bereikverschil,
        groepen: &mut BTreeMap<Sleutel, (u64, Verzoek)>,
    ) {
        let under = |b: &Beleid| Verzoek { convenant: b.bundel().convenant.clone(), ..verzoek.clone() };
        let (a, b) = (under(self.was), under(self.wordt));
        // A decision can only differ where a step that a differing row belongs to answers otherwise.
        let ground = verzoek.grondslagen.first().copied().unwrap_or(Grondslag::Geen);
        let duties = rijen.iter().any(|r| !r.verplichtingen.is_empty());
        let answer = |beleid: &Beleid, v: &Verzoek, stap| beleid.stapuitkomst(stap, v, ground);
        if !duties && rijen.iter().all(|r| answer(self.was, &a, r.stap) == answer(self.wordt, &b, r.stap)) {
            return;
        }
        let (was, wordt) = (self.was.uitkomst(&a), self.wordt.uitkomst(&b));
        let richting = match wordt.cmp(&was) {
            std::cmp::Ordering::Less => Richting::Ruimer,
            std::cmp::Ordering::Greater => Richting::Strenger,
            std::cmp::Ordering::Equal => {
                if !duties || !wordt.levert() || self.was.plichten(&a) == self.wordt.plichten(&b) {
                    return;
                }
                Richting::Anders
            }
        };
        let count = match richting {
            Richting::Ruimer => &mut uit.ruimer,
            Richting::Strenger => &mut uit.strenger,
            Richting::Anders => &mut uit.anders,
        };
        *count += each;
        let key = (self.soort.clone(), richting, was, wordt, categorieen.clone(), van.clone(), naar.clone(), grondslagen.clone());
        groepen.entry(key).or_insert_with(|| (0, b)).0 += each;
    }

    /// A request in which everything is as favourable as it can be.
    fn gunstig(
        &self,
        categorie: Categorie,
        kanten: (Ontvangersoort, Ontvangersoort),
        grond: Grondslag,
        doel: Doel,
        handeling: Handeling,
    ) -> Verzoek {
        let convenant = self.wordt.bundel().convenant.clone();
        Verzoek {
            variant: self.variant.cloned(),
            grondslagen: vec![grond],
            toestemming: Toestemmingsstand::Gegeven,
            ondertekend: Ondertekend::Beide,
            van_deelnemer: Deelname::Ja,
            naar_deelnemer: Deelname::Ja,
            noodbesluit: (grond == Grondslag::DoorbrekenBeroepsgeheim).into(),
            noodzaak: Noodzaak::Toegelicht,
            embargo: JaNee::Nee,
            scheiding: Vec::new(),
            eigenaarsbesluit: Eigenaarsbesluit::Ja,
            genoemd: JaNee::Ja,
            afgeschermd: JaNee::Nee,
            briefing: JaNee::Ja,
            bevestigd: JaNee::Ja,
            ..Verzoek::strengste(convenant, self.soort.clone(), kanten, categorie, doel, handeling)
        }
    }
}

/// The request under every combination of the facts that a row looks at, row by row, for the organisation that it is about:
/// what changes while the facts of two rows are unfavourable also changes while those of one of them are.
fn feiten(base: &Verzoek, rijen: &[&Rij]) -> Vec<Verzoek> {
    let mut all: Vec<Verzoek> = Vec::new();
    for rij in rijen {
        let mut of_row = vec![Verzoek { van_oin: rij.van_oin, naar_oin: rij.naar_oin, ..base.clone() }];
        let masks = Maskers::van(&rij.voorwaarden);
        for kenmerk in Kenmerk::ALL {
            let bound = masks.gebonden().any(|k| k == kenmerk);
            let nood = matches!(kenmerk, Kenmerk::Noodbesluit | Kenmerk::Regisseur);
            if bound || (nood && rij.wijkt_voor_nood) {
                let words = kenmerk.woorden().len();
                of_row = of_row.iter().flat_map(|v| (0..words).map(move |word| met(v, kenmerk, word))).collect();
            }
        }
        for verzoek in of_row {
            if !all.contains(&verzoek) {
                all.push(verzoek);
            }
        }
    }
    all
}

/// The request with another word for one fact.
fn met(v: &Verzoek, kenmerk: Kenmerk, word: usize) -> Verzoek {
    let mut v = v.clone();
    macro_rules! zetten {
        ($field:ident, $vocabulary:ty) => {
            if let Some(word) = <$vocabulary>::ALL.get(word) {
                v.$field = *word;
            }
        };
    }
    match kenmerk {
        Kenmerk::Scheiding => v.scheiding = Scheiding::ALL.get(word).copied().into_iter().collect(),
        Kenmerk::Afgeschermd => zetten!(afgeschermd, JaNee),
        Kenmerk::Genoemd => zetten!(genoemd, JaNee),
        Kenmerk::Embargo => zetten!(embargo, JaNee),
        Kenmerk::VanDeelnemer => zetten!(van_deelnemer, Deelname),
        Kenmerk::NaarDeelnemer => zetten!(naar_deelnemer, Deelname),
        Kenmerk::Briefing => zetten!(briefing, JaNee),
        Kenmerk::Ondertekend => zetten!(ondertekend, Ondertekend),
        Kenmerk::Toestemming => zetten!(toestemming, Toestemmingsstand),
        Kenmerk::Regisseur => zetten!(regisseur, JaNee),
        Kenmerk::Noodbesluit => zetten!(noodbesluit, JaNee),
        Kenmerk::Eigenaarsbesluit => zetten!(eigenaarsbesluit, Eigenaarsbesluit),
        Kenmerk::Noodzaak => zetten!(noodzaak, Noodzaak),
        Kenmerk::Bevestigd => zetten!(bevestigd, JaNee),
    }
    v
}

impl Beleid {
    /// The duties of a request that is delivered, with their terms in working days.
    fn plichten(&self, v: &Verzoek) -> Vec<(Code, Option<u16>)> {
        let weging = self.wegen(v);
        let rows = weging.stappen.iter().flat_map(|s| &s.rijen).flat_map(|r| &r.verplichtingen);
        let mut duties: Vec<(Code, Option<u16>)> = rows.map(|p| (p.soort.clone(), p.werkdagen)).collect();
        duties.sort();
        duties.dedup();
        duties
    }
}

/// Groups that differ in the words of one place only become one, place by place.
fn samenvoegen(groepen: BTreeMap<Sleutel, (u64, Verzoek)>) -> Vec<Groep> {
    let mut all: Vec<Groep> = groepen
        .into_iter()
        .map(|((soort, richting, was, wordt, categorieen, van, naar, grondslagen), (aantal, voorbeeld))| Groep {
            richting,
            was,
            wordt,
            soort,
            categorieen,
            van,
            naar,
            grondslagen,
            aantal,
            voorbeeld,
        })
        .collect();
    all = op_een_plaats(all, |g| &mut g.van);
    all = op_een_plaats(all, |g| &mut g.naar);
    all = op_een_plaats(all, |g| &mut g.grondslagen);
    all = op_een_plaats(all, |g| &mut g.categorieen);
    all.sort_by(|a, b| {
        (a.richting, &a.soort, std::cmp::Reverse(a.aantal)).cmp(&(b.richting, &b.soort, std::cmp::Reverse(b.aantal)))
    });
    all
}

fn op_een_plaats<T: Ord + Clone>(groepen: Vec<Groep>, plaats: impl Fn(&mut Groep) -> &mut Vec<T>) -> Vec<Groep> {
    let mut all: Vec<Groep> = Vec::new();
    let bare = |g: &Groep| {
        let mut g = Groep { aantal: 0, ..g.clone() };
        plaats(&mut g).clear();
        (g.richting, g.was, g.wordt, g.soort, g.categorieen, g.van, g.naar, g.grondslagen)
    };
    for mut groep in groepen {
        let key = bare(&groep);
        match all.iter_mut().find(|g| bare(g) == key) {
            Some(known) => {
                known.aantal += groep.aantal;
                let words = std::mem::take(plaats(&mut groep));
                let list = plaats(known);
                list.extend(words);
                list.sort();
                list.dedup();
            }
            None => all.push(groep),
        }
    }
    all
}
