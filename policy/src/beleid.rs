//! An immutable snapshot of one policy version.

use std::collections::{BTreeMap, HashMap};

use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Besluit, Datum, Digest, GemeenteCode, Labels, Oin, RegelId, Tijdstip, TypeNaam, Uitkomst,
    convenant::{Convenanttekst, Partijen},
    gids::Bevestiging,
    vocabulary::{Categorie, Grondslag, Ondertekend, Ontvangersoort, Partnertype},
};

use crate::{
    BeleidFout, Bundel, Effect, Laag, Namen, Rij, Stap, Verzoek, Zin,
    bundel::Stapstandaard,
    index::Index,
    vraag::{Vorm, Vraag},
    vraagbaak::{Casbinvraag, Vraagbaak},
};

/// A policy version, ready to decide. Built aside, swapped whole, never changed.
#[derive(Debug)]
pub struct Beleid {
    bundel: Bundel,
    /// What its parties sign.
    tekst: Convenanttekst,
    digest: Digest,
    pub(crate) index: Index,
    /// Rows of one organisation about what it gives, and about what it takes.
    pub(crate) van_organisatie: HashMap<Oin, Index>,
    pub(crate) naar_organisatie: HashMap<Oin, Index>,
    /// What Casbin was asked, and what it answered.
    vragen: Vec<(Vorm, Vraag)>,
    soorten: BTreeMap<TypeNaam, Soortinhoud>,
    zinnen: HashMap<(RegelId, Uitkomst), Zin>,
}

/// What the rows that allow say of one type: where alternatives are looked for.
#[derive(Debug, Default)]
struct Soortinhoud {
    categorieen: Vec<Categorie>,
    naar: Vec<Ontvangersoort>,
}

impl Soortinhoud {
    fn per_soort(rijen: &[Rij]) -> BTreeMap<TypeNaam, Self> {
        let mut all: BTreeMap<TypeNaam, Self> = BTreeMap::new();
        for rij in rijen.iter().filter(|r| r.stap == Stap::Grond && r.effect == Effect::Toelaten) {
            for soort in &rij.soorten {
                let own = all.entry(soort.clone()).or_default();
                own.categorieen.extend(&rij.categorieen);
                own.naar.extend(&rij.naar);
            }
        }
        for own in all.values_mut() {
            own.categorieen.sort_unstable();
            own.categorieen.dedup();
            own.naar.sort_unstable();
            own.naar.dedup();
        }
        all
    }
}

/// A party to a delivery, of which it is asked whether it is a party to the covenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deelpartij {
    /// The organisation.
    pub oin: Oin,
    /// What it is.
    pub partnertype: Partnertype,
}

impl Beleid {
    /// Builds a snapshot. `digest` is the SHA-256 of the RFC 8785 form of the bundle, computed by the caller.
    ///
    /// # Errors
    /// [`BeleidFout`] names what is wrong with the bundle and how to mend it; a version with an error is not used.
    pub fn laden(bundel: Bundel, digest: Digest, catalogus: &Catalogus) -> Result<Self, BeleidFout> {
        crate::toetsen::bundel(&bundel, catalogus)?;
        crate::toetsen::toelichtingen(&bundel.rijen)?;
        crate::minimum::toetsen(&bundel, catalogus)?;
        Self::bouwen(bundel, digest, catalogus)
    }

    /// Builds a snapshot of a version that was in force once, to take its decisions again. It must be whole, but is not held
    /// against the national minimum of today: that of its own time was its measure. Never for deciding anew.
    ///
    /// # Errors
    /// [`BeleidFout`] as [`Beleid::laden`], [`BeleidFout::Verruiming`] of the national minimum left out.
    pub fn laden_verleden(bundel: Bundel, digest: Digest, catalogus: &Catalogus) -> Result<Self, BeleidFout> {
        crate::toetsen::bundel(&bundel, catalogus)?;
        Self::bouwen(bundel, digest, catalogus)
    }

    fn bouwen(bundel: Bundel, digest: Digest, catalogus: &Catalogus) -> Result<Self, BeleidFout> {
        let nood = &bundel.noodontvangers;
        let numbered = || (0u32..).zip(&bundel.rijen);
        let common = numbered().filter(|(_, r)| r.van_oin.is_none() && r.naar_oin.is_none());
        let mut vraagbaak = Vraagbaak::default();
        let index = Index::bouwen(common, nood, catalogus, &mut vraagbaak)?;
        let mut own = |side: fn(&Rij) -> Option<Oin>| -> Result<HashMap<Oin, Index>, BeleidFout> {
            let mut indexes = HashMap::new();
            for oin in bundel.rijen.iter().filter_map(side) {
                if indexes.contains_key(&oin) {
                    continue;
                }
                // An organisation's rows only hold back; what they leave alone is the covenant's to decide.
                let free: Vec<Rij> = Stap::ALL.map(|stap| Rij::over_alles(Laag::Organisatie, stap, Effect::Toelaten)).to_vec();
                let rows = free.iter().map(|r| (u32::MAX, r)).chain(numbered().filter(|(_, r)| side(r) == Some(oin)));
                indexes.insert(oin, Index::bouwen(rows, nood, catalogus, &mut vraagbaak)?);
            }
            Ok(indexes)
        };
        let van_organisatie = own(|r| r.van_oin)?;
        let naar_organisatie = own(|r| r.naar_oin)?;
        let vragen = vraagbaak.gesteld();
        let soorten = Soortinhoud::per_soort(&bundel.rijen);
        let zinnen = bundel.zinnen.per_regel();
        let tekst = bundel.tekst();
        Ok(Self { bundel, tekst, digest, index, van_organisatie, naar_organisatie, vragen, soorten, zinnen })
    }

    /// Decides, with reasons, obligations and alternatives.
    #[must_use]
    pub fn beslissen(&self, verzoek: &Verzoek, namen: &Namen<'_>) -> Besluit {
        crate::grendel::toepassen(verzoek, self.besluit(verzoek, namen))
    }

    /// Decides, outcome only.
    #[must_use]
    pub fn uitkomst(&self, verzoek: &Verzoek) -> Uitkomst {
        let uitkomst = self.weeg_uitkomst(verzoek);
        crate::grendel::uitkomst(verzoek).map_or(uitkomst, |grendel| grendel.max(uitkomst))
    }

    /// How many different questions Casbin was asked, and the most rows that one of them is about.
    #[must_use]
    pub fn omvang(&self) -> (usize, usize) {
        (self.vragen.len(), self.indexen_alle().map(Index::grootste_vraag).max().unwrap_or(0))
    }

    /// Every question that Casbin was asked when this version was loaded, with its answers.
    #[must_use]
    pub fn casbinvragen(&self) -> Vec<Casbinvraag> {
        self.vragen.iter().filter_map(|(vorm, vraag)| Casbinvraag::van(vorm, vraag)).collect()
    }

    /// About how many bytes it holds beside its document.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.indexen_alle().map(Index::bytes).sum()
    }

    fn indexen_alle(&self) -> impl Iterator<Item = &Index> {
        std::iter::once(&self.index).chain(self.van_organisatie.values()).chain(self.naar_organisatie.values())
    }

    /// The sentence of a rule for an outcome.
    pub(crate) fn zin(&self, regel: RegelId, uitkomst: Uitkomst) -> Option<&Zin> {
        self.zinnen.get(&(regel, uitkomst))
    }

    pub(crate) fn rij(&self, place: u32) -> Option<&Rij> {
        self.bundel.rijen.get(usize::try_from(place).ok()?)
    }

    /// What a step answers when no row allows: the line that says most about ground and use.
    pub(crate) fn standaard(&self, stap: Stap, v: &Verzoek, g: Grondslag) -> Option<&Stapstandaard> {
        self.bundel.standaard(stap, v.handeling, g)
    }

    /// The categories that a type may hold on some ground.
    pub(crate) fn categorieen(&self, soort: &TypeNaam) -> &[Categorie] {
        self.soorten.get(soort).map_or(&[], |s| &s.categorieen)
    }

    /// The recipients that a type may have on some ground.
    pub(crate) fn ontvangersoorten(&self, soort: &TypeNaam) -> &[Ontvangersoort] {
        self.soorten.get(soort).map_or(&[], |s| &s.naar)
    }

    /// The version.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The document it was built from.
    #[must_use]
    pub const fn bundel(&self) -> &Bundel {
        &self.bundel
    }

    /// What its parties sign.
    #[must_use]
    pub const fn tekst(&self) -> &Convenanttekst {
        &self.tekst
    }

    /// How many of two parties have signed this covenant, in force at this moment (R6, R15). `partijen` comes from signatures that
    /// the caller has verified.
    #[must_use]
    pub fn ondertekend(&self, partijen: &Partijen, a: &Deelpartij, b: &Deelpartij, nu: Tijdstip) -> Ondertekend {
        hoeveel(self.is_partij(partijen, a, nu), self.is_partij(partijen, b, nu))
    }

    /// Whether an organisation is a party: the covenant is in force and open to it, and it has signed.
    #[must_use]
    pub fn is_partij(&self, partijen: &Partijen, partij: &Deelpartij, nu: Tijdstip) -> bool {
        self.bundel.staat_open(partij, nu) && partijen.lid(&self.tekst, partij.oin, nu).is_some()
    }

    /// Whether an organisation knows the rules of this covenant, in a version that counts (R44): by its signature as a party, or
    /// by what it confirmed in its directory statement.
    #[must_use]
    pub fn is_bevestigd(&self, partijen: &Partijen, oin: Oin, bevestigd: &[Bevestiging], nu: Tijdstip) -> bool {
        let vanaf = self.bundel.instellingen.bevestigen_vanaf;
        partijen.lid(&self.tekst, oin, nu).is_some_and(|lid| lid.afspraken >= vanaf)
            || bevestigd.iter().any(|b| b.convenant == self.bundel.convenant && b.versie >= vanaf)
    }

    /// From which day a part shows as old: what was observed, some months after (R30).
    #[must_use]
    pub fn oud_vanaf(&self, labels: &Labels) -> Option<Datum> {
        let maanden = self.bundel.instellingen.oud_na_maanden;
        labels.waargenomen_op.map(|dag| Datum::from_date(crate::werkdag::na_maanden(dag.date(), maanden)))
    }

    /// The instant this many working days later, by the calendar of the covenant.
    #[must_use]
    pub fn werkdagen_na(&self, vanaf: Tijdstip, werkdagen: u16) -> Tijdstip {
        crate::werkdag::na_werkdagen(vanaf, werkdagen, &self.bundel.instellingen.vrije_dagen)
    }

    /// Until when who is told to stop using a part may confirm that it does (R11, R31).
    #[must_use]
    pub fn stoppen_uiterlijk(&self, verteld_op: Tijdstip) -> Tijdstip {
        self.werkdagen_na(verteld_op, self.bundel.instellingen.stoppen_werkdagen)
    }

    /// Until when an owner deals with a report of misdelivery (59).
    #[must_use]
    pub fn misplaatsing_uiterlijk(&self, gemeld_op: Tijdstip) -> Tijdstip {
        self.werkdagen_na(gemeld_op, self.bundel.instellingen.misplaatsing_werkdagen)
    }

    /// Until when a school keeps what it got with Handle with Care (R27).
    #[must_use]
    pub fn schoolbericht_tot(&self, aangenomen_op: Tijdstip) -> Tijdstip {
        self.werkdagen_na(aangenomen_op, self.bundel.instellingen.schoolbericht_schooldagen)
    }

    /// Until when an embargo that is set now is looked at again (R20).
    #[must_use]
    pub fn embargo_herzien_uiterlijk(&self, gezet_op: Tijdstip) -> Tijdstip {
        gezet_op.plus(time::Duration::days(self.bundel.instellingen.embargo_herziening_dagen.into()))
    }

    /// Whether so many participants are more than the smallest group that can act (R17).
    #[must_use]
    pub fn is_veel(&self, deelnemers: usize) -> bool {
        deelnemers > usize::from(self.bundel.instellingen.deelnemers_waarschuwing)
    }

    /// Below which number a count is not shown (R43).
    #[must_use]
    pub fn ondergrens(&self) -> u64 {
        self.bundel.instellingen.aantallen_ondergrens.into()
    }

    /// Who fills a role for a type in a municipality. The most specific line counts: type and municipality, then type,
    /// then municipality, then neither.
    #[must_use]
    pub fn route(&self, soort: &TypeNaam, rol: Partnertype, gemeente: Option<GemeenteCode>) -> Vec<Oin> {
        let fits = |r: &&crate::Route| {
            r.rol == rol && r.soort.as_ref().is_none_or(|s| s == soort) && r.gemeente.is_none_or(|g| Some(g) == gemeente)
        };
        self.bundel
            .routes
            .iter()
            .filter(fits)
            .max_by_key(|r| (r.soort.is_some(), r.gemeente.is_some()))
            .map(|r| r.partners.clone())
            .unwrap_or_default()
    }

    /// Who receives a type when the sender names nobody.
    #[must_use]
    pub fn standaardontvangers(&self, soort: &TypeNaam) -> Vec<Partnertype> {
        self.bundel.ontvangers.iter().find(|s| s.soort == *soort).map(|s| s.naar.clone()).unwrap_or_default()
    }
}

/// How many of two.
pub(crate) const fn hoeveel(een: bool, ander: bool) -> Ondertekend {
    match (een, ander) {
        (true, true) => Ondertekend::Beide,
        (false, false) => Ondertekend::Geen,
        _ => Ondertekend::Een,
    }
}
