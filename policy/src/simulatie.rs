//! What would have been decided: past decisions replayed under another version, one at a time, in bounded memory.
//!
//! A past decision is replayed on the facts of its own moment, who had signed among them; an organisation to which the draft is
//! not open counts as one that did not sign. Who was addressed stays as it was: routes are not replayed.

use std::{cmp::Ordering, collections::BTreeMap};

use inbreng_domain::{
    Besluit, Code, Oin, RegelId, TypeNaam, Uitkomst, Verplichting,
    vocabulary::{Categorie, Doel, Grondslag, Handeling, Ontvangersoort, Partnertype},
};
use serde::{Deserialize, Serialize, de::IgnoredAny};

use crate::{Beleid, BeleidFout, Deelpartij, Namen, Verzoek, beleid::hoeveel};

/// One past decision as it is stored: the request and what was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Besluitrecord {
    /// What was decided.
    pub besluit: Besluit,
    /// On what.
    pub verzoek: Verzoek,
}

impl Besluitrecord {
    /// Reads a stored record. `None` for a refusal that no version decided (an outsider, R16): there is nothing to replay. `None` too for
    /// a decision about an overview (R33): it is about a message of an owner, who must not see that somebody asked.
    ///
    /// # Errors
    /// [`BeleidFout::Onleesbaar`] for a record that is in no known form.
    pub fn lezen(record: &str) -> Result<Option<Self>, BeleidFout> {
        #[derive(Deserialize)]
        struct Bron {
            besluit: Option<Besluit>,
            verzoek: Option<Verzoek>,
            overzicht: Option<IgnoredAny>,
        }
        let bron: Bron = serde_json::from_str(record)
            .map_err(|e| BeleidFout::Onleesbaar { wat: "the decision record".to_owned(), waarom: e.to_string() })?;
        if bron.overzicht.is_some() {
            return Ok(None);
        }
        Ok(bron.besluit.zip(bron.verzoek).map(|(besluit, verzoek)| Self { besluit, verzoek }))
    }

    /// Decides it again under a version. Sentences name nobody: names are not kept.
    #[must_use]
    pub fn opnieuw(&self, beleid: &Beleid) -> Besluit {
        let mut verzoek = self.verzoek.clone();
        if let (Some(van), Some(naar), Some(nu)) =
            (partij(verzoek.van, verzoek.van_oin), partij(verzoek.naar, verzoek.naar_oin), verzoek.nu)
        {
            // As if the draft had been in force at that moment.
            let bundel = beleid.bundel();
            let moment = nu.max(bundel.geldig_vanaf);
            let hoogstens = hoeveel(bundel.staat_open(&van, moment), bundel.staat_open(&naar, moment));
            // In order of strictness: the fewer of both.
            verzoek.ondertekend = verzoek.ondertekend.max(hoogstens);
        }
        beleid.beslissen(&verzoek, &NAMEN)
    }
}

/// What a sentence says where names are not known.
const NAMEN: Namen<'static> = Namen { eigenaar: "de inbrenger", ontvanger: "de ontvanger", betrokkene: None };

fn partij(soort: Ontvangersoort, oin: Option<Oin>) -> Option<Deelpartij> {
    let partnertype = Partnertype::ALL.iter().copied().find(|p| Ontvangersoort::from(*p) == soort)?;
    Some(Deelpartij { oin: oin?, partnertype })
}

/// Which way a decision changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Richting {
    /// More is shared, or with fewer duties.
    Ruimer,
    /// Less is shared, or with more duties.
    Strenger,
    /// The same is shared, with other duties.
    Anders,
}

/// What was or would be decided, without a name or a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Afloop {
    /// The outcome.
    pub uitkomst: Uitkomst,
    /// The rules that decided.
    pub regels: Vec<RegelId>,
    /// The ground that carried it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grondslag: Option<Grondslag>,
    /// The duties, by name.
    pub verplichtingen: Vec<Code>,
}

impl Afloop {
    fn van(besluit: &Besluit) -> Self {
        let mut verplichtingen: Vec<Code> =
            besluit.verplichtingen.iter().map(|Verplichting { soort, .. }| soort.clone()).collect();
        verplichtingen.sort();
        verplichtingen.dedup();
        Self { uitkomst: besluit.uitkomst, regels: besluit.regels.clone(), grondslag: besluit.grondslag, verplichtingen }
    }
}

/// A past decision that would be another one. No person, no case, no message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Wijziging {
    /// Which way.
    pub richting: Richting,
    /// What the sender is.
    pub van: Ontvangersoort,
    /// The sending organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub van_oin: Option<Oin>,
    /// What the recipient is.
    pub naar: Ontvangersoort,
    /// The receiving organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub naar_oin: Option<Oin>,
    /// The message type.
    pub soort: TypeNaam,
    /// Its variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Code>,
    /// The category of data.
    pub categorie: Categorie,
    /// The purpose.
    pub doel: Doel,
    /// The use.
    pub handeling: Handeling,
    /// What was decided.
    pub was: Afloop,
    /// What would be.
    pub wordt: Afloop,
    /// Why, in plain Dutch, as the sender would read it.
    pub zin: String,
}

impl Wijziging {
    /// The rule that the change is counted under: of the side that holds back most, the first that decided.
    #[must_use]
    pub fn regel(&self) -> Option<RegelId> {
        let strengst = if self.richting == Richting::Ruimer { &self.was } else { &self.wordt };
        strengst.regels.first().copied()
    }
}

/// How many of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Richtingtelling {
    /// [`Richting::Ruimer`].
    pub ruimer: u64,
    /// [`Richting::Strenger`].
    pub strenger: u64,
    /// [`Richting::Anders`].
    pub anders: u64,
}

impl Richtingtelling {
    const fn tel(&mut self, richting: Richting) {
        match richting {
            Richting::Ruimer => self.ruimer += 1,
            Richting::Strenger => self.strenger += 1,
            Richting::Anders => self.anders += 1,
        }
    }
}

impl Richtingtelling {
    const fn afgerond(self, op: u64) -> Self {
        Self { ruimer: veelvoud(self.ruimer, op), strenger: veelvoud(self.strenger, op), anders: veelvoud(self.anders, op) }
    }
}

/// The highest multiple that is not above it.
const fn veelvoud(aantal: u64, van: u64) -> u64 {
    match aantal.checked_rem(van) {
        Some(rest) => aantal - rest,
        None => aantal,
    }
}

/// What an organisation would notice, as sender and as recipient.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisatietelling {
    /// Of what it sends.
    pub geeft: Richtingtelling,
    /// Of what it receives.
    pub krijgt: Richtingtelling,
}

/// The counts of a simulation. Its size follows rules and organisations, never decisions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Simulatietelling {
    /// Decisions of this covenant that were replayed.
    pub bekeken: u64,
    /// Of those, the ones that stay as they are.
    pub gelijk: u64,
    /// The ones that change.
    pub gewijzigd: Richtingtelling,
    /// Records that were not replayed: of another covenant, or a refusal that no version decided.
    pub overgeslagen: u64,
    /// Changes per rule, see [`Wijziging::regel`].
    pub per_regel: BTreeMap<RegelId, Richtingtelling>,
    /// Changes per organisation.
    pub per_organisatie: BTreeMap<Oin, Organisatietelling>,
}

impl Simulatietelling {
    /// As others may see it (R43): every count down to a multiple of `op`. What is smaller reads as none at all, and no two counts
    /// of one simulation can be subtracted to find it.
    #[must_use]
    pub fn afgerond(self, op: u64) -> Self {
        let leeg = Richtingtelling::default();
        Self {
            bekeken: veelvoud(self.bekeken, op),
            gelijk: veelvoud(self.gelijk, op),
            gewijzigd: self.gewijzigd.afgerond(op),
            overgeslagen: veelvoud(self.overgeslagen, op),
            per_regel: self.per_regel.into_iter().map(|(r, t)| (r, t.afgerond(op))).filter(|(_, t)| *t != leeg).collect(),
            per_organisatie: self
                .per_organisatie
                .into_iter()
                .map(|(o, t)| (o, Organisatietelling { geeft: t.geeft.afgerond(op), krijgt: t.krijgt.afgerond(op) }))
                .filter(|(_, t)| *t != Organisatietelling::default())
                .collect(),
        }
    }
}

/// A simulation under way.
#[derive(Debug)]
pub struct Simulatie<'a> {
    beleid: &'a Beleid,
    telling: Simulatietelling,
}

impl<'a> Simulatie<'a> {
    /// Of this draft.
    #[must_use]
    pub fn van(beleid: &'a Beleid) -> Self {
        Self { beleid, telling: Simulatietelling::default() }
    }

    /// Goes on from counts that were made before.
    #[must_use]
    pub const fn voortzetten(beleid: &'a Beleid, telling: Simulatietelling) -> Self {
        Self { beleid, telling }
    }

    /// Replays one stored record; what changes is counted and given.
    ///
    /// # Errors
    /// [`BeleidFout::Onleesbaar`] for a record that is in no known form; it is not counted.
    pub fn record(&mut self, record: &str) -> Result<Option<Wijziging>, BeleidFout> {
        match Besluitrecord::lezen(record)? {
            Some(record) => Ok(self.besluit(&record)),
            None => {
                self.telling.overgeslagen += 1;
                Ok(None)
            }
        }
    }

    /// Replays one past decision; what changes is counted and given.
    pub fn besluit(&mut self, record: &Besluitrecord) -> Option<Wijziging> {
        if record.verzoek.convenant != self.beleid.bundel().convenant {
            self.telling.overgeslagen += 1;
            return None;
        }
        self.telling.bekeken += 1;
        let Some(wijziging) = wijziging(record, self.beleid) else {
            self.telling.gelijk += 1;
            return None;
        };
        let richting = wijziging.richting;
        self.telling.gewijzigd.tel(richting);
        if let Some(regel) = wijziging.regel() {
            self.telling.per_regel.entry(regel).or_default().tel(richting);
        }
        if let Some(van) = wijziging.van_oin {
            self.telling.per_organisatie.entry(van).or_default().geeft.tel(richting);
        }
        if let Some(naar) = wijziging.naar_oin {
            self.telling.per_organisatie.entry(naar).or_default().krijgt.tel(richting);
        }
        Some(wijziging)
    }

    /// The counts so far.
    #[must_use]
    pub const fn telling(&self) -> &Simulatietelling {
        &self.telling
    }

    /// The counts.
    #[must_use]
    pub fn af(self) -> Simulatietelling {
        self.telling
    }
}

/// What a version would change about one past decision; nothing where outcome and duties stay.
#[must_use]
pub fn wijziging(record: &Besluitrecord, beleid: &Beleid) -> Option<Wijziging> {
    let besluit = record.opnieuw(beleid);
    let (was, wordt) = (Afloop::van(&record.besluit), Afloop::van(&besluit));
    let richting = richting(&was, &wordt)?;
    let v = &record.verzoek;
    Some(Wijziging {
        richting,
        van: v.van,
        van_oin: v.van_oin,
        naar: v.naar,
        naar_oin: v.naar_oin,
        soort: v.soort.clone(),
        variant: v.variant.clone(),
        categorie: v.categorie,
        doel: v.doel,
        handeling: v.handeling,
        was,
        wordt,
        zin: besluit.uitleg.afzender,
    })
}

/// By outcome first (they are ordered by strictness), then by duties.
fn richting(was: &Afloop, wordt: &Afloop) -> Option<Richting> {
    match wordt.uitkomst.cmp(&was.uitkomst) {
        Ordering::Less => return Some(Richting::Ruimer),
        Ordering::Greater => return Some(Richting::Strenger),
        Ordering::Equal => {}
    }
    let within = |a: &Afloop, b: &Afloop| a.verplichtingen.iter().all(|p| b.verplichtingen.contains(p));
    match (within(wordt, was), within(was, wordt)) {
        (true, true) => None,
        (true, false) => Some(Richting::Ruimer),
        (false, true) => Some(Richting::Strenger),
        (false, false) => Some(Richting::Anders),
    }
}
