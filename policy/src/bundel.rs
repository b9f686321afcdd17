//! A policy version as a document: everything that hub and adapters need to decide, signed as one by the covenant manager.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use inbreng_domain::{
    Code, ConvenantId, Datum, Digest, GemeenteCode, Oin, RegelId, Tijdstip, TypeNaam, Uitkomst,
    convenant::{Bundelkop, Convenanttekst},
    vocabulary::{
        Categorie, Deelname, Doel, Eigenaarsbesluit, Grondslag, Handeling, JaNee, Noodzaak, Ondertekend, Ontvangersoort,
        Partnertype, Scheiding, Toestemmingsstand,
    },
};

use crate::Deelpartij;

/// The form of the document that this crate reads and writes.
pub const VORM: u16 = 1;

/// One version of the policy of one covenant. Closed: an unknown field is refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundel {
    /// The form of this document: [`VORM`].
    pub vorm: u16,
    /// The covenant.
    pub convenant: ConvenantId,
    /// What people call it.
    pub titel: String,
    /// The version of its policy, counting up.
    pub versie: u32,
    /// From when the covenant is in force.
    pub geldig_vanaf: Tijdstip,
    /// Until when.
    pub geldig_tot: Tijdstip,
    /// SHA-256 of the document that the parties sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Digest>,
    /// Whom the covenant is open to. Who is a party, its own signature says.
    pub ondertekenaars: Ondertekenaars,
    /// Partner types that may receive on the emergency path (R35).
    pub noodontvangers: Vec<Partnertype>,
    /// Categories that the covenant is no ground for (R8).
    pub buiten_convenant: Vec<Categorie>,
    /// Who fills a role in a municipality.
    pub routes: Vec<Route>,
    /// Who receives a type when the sender names nobody.
    pub ontvangers: Vec<Standaardontvangers>,
    /// Project defaults, as configured.
    pub instellingen: Instellingen,
    /// The rows.
    pub rijen: Vec<Rij>,
    /// What a step answers when no row allows.
    pub standaarden: Vec<Stapstandaard>,
    /// What people are told.
    pub zinnen: Zinnen,
}

impl Bundel {
    /// What its parties sign: all of it but the rows that work it out.
    #[must_use]
    pub fn tekst(&self) -> Convenanttekst {
        let kop = Bundelkop {
            convenant: self.convenant.clone(),
            titel: self.titel.clone(),
            versie: self.versie,
            geldig_vanaf: self.geldig_vanaf,
            geldig_tot: self.geldig_tot,
            document: self.document,
            buiten_convenant: self.buiten_convenant.clone(),
        };
        kop.tekst()
    }

    /// Whether the covenant is in force and open to this organisation.
    #[must_use]
    pub fn staat_open(&self, partij: &Deelpartij, nu: Tijdstip) -> bool {
        if nu < self.geldig_vanaf || nu >= self.geldig_tot {
            return false;
        }
        let mut own = self.ondertekenaars.organisaties.iter().filter(|l| l.oin == partij.oin).peekable();
        if own.peek().is_none() {
            return self.ondertekenaars.typen.contains(&partij.partnertype);
        }
        // A line that says no wins: an organisation that left is not brought back by an older line.
        let in_force = |l: &&Lidmaatschap| l.vanaf.is_none_or(|v| v <= nu) && l.tot.is_none_or(|t| nu < t);
        let mut any = false;
        for line in own.filter(in_force) {
            if !line.ondertekend {
                return false;
            }
            any = true;
        }
        any
    }

    /// What a step answers when no row allows: the line that says most about ground and use.
    pub(crate) fn standaard(&self, stap: Stap, handeling: Handeling, grondslag: Grondslag) -> Option<&Stapstandaard> {
        self.standaarden
            .iter()
            .filter(|s| {
                s.stap == stap && s.grondslag.is_none_or(|g| g == grondslag) && s.handeling.is_none_or(|h| h == handeling)
            })
            .max_by_key(|s| (s.grondslag.is_some(), s.handeling.is_some()))
    }
}

/// Whom the covenant is open to: by type, by organisation, each with its dates (R6, R15). An organisation that it is not open to
/// is no party, whatever it signed; one that it is open to is a party once it has signed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ondertekenaars {
    /// Partner types of which every organisation may sign, unless it is named below.
    pub typen: Vec<Partnertype>,
    /// Organisations with their own line; it overrides their type.
    #[serde(default)]
    pub organisaties: Vec<Lidmaatschap>,
}

/// Whether and when one organisation may be a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lidmaatschap {
    /// The organisation.
    pub oin: Oin,
    /// Whether it may be a party.
    pub ondertekend: bool,
    /// From when; absent: from the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vanaf: Option<Tijdstip>,
    /// Until when; absent: as long as the covenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tot: Option<Tijdstip>,
}

/// Who fills a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Only for this type; absent: for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soort: Option<TypeNaam>,
    /// The role.
    pub rol: Partnertype,
    /// Only for this municipality; absent: for the whole region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gemeente: Option<GemeenteCode>,
    /// Who.
    pub partners: Vec<Oin>,
}

/// Who receives a type when the sender names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standaardontvangers {
    /// The type.
    pub soort: TypeNaam,
    /// The roles.
    pub naar: Vec<Partnertype>,
}

/// Project defaults (PD) of the privacy rules, as this covenant sets them. The defaults are the nation's; a region may be stricter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Instellingen {
    /// How long consent lasts unless said otherwise, in months (R10).
    pub toestemming_maanden: u16,
    /// Within how many working days the person concerned is told (R12, R32).
    pub transparantie_werkdagen: u16,
    /// Within how many working days an emergency decision is reviewed (R35).
    pub noodtoets_werkdagen: u16,
    /// After how many days the setter is asked whether an embargo is still needed (R20).
    pub embargo_herziening_dagen: u16,
    /// After how many months an item shows as old (R30).
    pub oud_na_maanden: u16,
    /// Above how many participants a warning is given (R17).
    pub deelnemers_waarschuwing: u16,
    /// Within how many working days who is told to stop using a part confirms that it does (R11, R31; 42, 46, 47).
    pub stoppen_werkdagen: u16,
    /// Within how many working days an owner deals with a report of misdelivery (59).
    pub misplaatsing_werkdagen: u16,
    /// After how many school days what a school got with Handle with Care is gone (R27).
    pub schoolbericht_schooldagen: u16,
    /// Below which number a count is not shown (R43).
    pub aantallen_ondergrens: u16,
    /// Days that are no working days, beside Saturdays and Sundays.
    pub vrije_dagen: Vec<Datum>,
    /// The oldest version of the covenant whose confirmation counts (R44): a new version of the rules raises it, a mended row
    /// does not.
    #[serde(skip_serializing_if = "is_eerste")]
    pub bevestigen_vanaf: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over by reference")]
const fn is_eerste(versie: &u32) -> bool {
    *versie == 1
}

impl Default for Instellingen {
    fn default() -> Self {
        Self {
            toestemming_maanden: 12,
            transparantie_werkdagen: 10,
            noodtoets_werkdagen: 2,
            embargo_herziening_dagen: 14,
            oud_na_maanden: 6,
            deelnemers_waarschuwing: 8,
            stoppen_werkdagen: 5,
            misplaatsing_werkdagen: 1,
            schoolbericht_schooldagen: 5,
            aantallen_ondergrens: 5,
            vrije_dagen: Vec::new(),
            bevestigen_vanaf: 1,
        }
    }
}

impl Instellingen {
    /// The first setting that is looser than the nation's: its name, its value, and what the nation has. Each says here which way is
    /// stricter: fewer days, fewer participants, a higher number below which a count is hidden.
    pub(crate) fn ruimer_dan(&self, natie: &Self) -> Option<(&'static str, u16, u16)> {
        let Self {
            toestemming_maanden,
            transparantie_werkdagen,
            noodtoets_werkdagen,
            embargo_herziening_dagen,
            oud_na_maanden,
            deelnemers_waarschuwing,
            stoppen_werkdagen,
            misplaatsing_werkdagen,
            schoolbericht_schooldagen,
            aantallen_ondergrens,
            // A calendar, and what counts as read: neither has a stricter side.
            vrije_dagen: _,
            bevestigen_vanaf: _,
        } = self;
        let lager = [
            ("toestemming_maanden", *toestemming_maanden, natie.toestemming_maanden),
            ("transparantie_werkdagen", *transparantie_werkdagen, natie.transparantie_werkdagen),
            ("noodtoets_werkdagen", *noodtoets_werkdagen, natie.noodtoets_werkdagen),
            ("embargo_herziening_dagen", *embargo_herziening_dagen, natie.embargo_herziening_dagen),
            ("oud_na_maanden", *oud_na_maanden, natie.oud_na_maanden),
            ("deelnemers_waarschuwing", *deelnemers_waarschuwing, natie.deelnemers_waarschuwing),
            ("stoppen_werkdagen", *stoppen_werkdagen, natie.stoppen_werkdagen),
            ("misplaatsing_werkdagen", *misplaatsing_werkdagen, natie.misplaatsing_werkdagen),
            ("schoolbericht_schooldagen", *schoolbericht_schooldagen, natie.schoolbericht_schooldagen),
        ];
        let hoger = ("aantallen_ondergrens", *aantallen_ondergrens, natie.aantallen_ondergrens);
        lager.into_iter().find(|(_, eigen, van_natie)| eigen > van_natie).or_else(|| (hoger.1 < hoger.2).then_some(hoger))
    }
}

/// The layer a row comes from; a lower one may be stricter, never looser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Laag {
    /// The national minimum.
    Landelijk,
    /// The covenant of the region.
    Convenant,
    /// One organisation about itself.
    Organisatie,
}

impl Laag {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Landelijk => "landelijk",
            Self::Convenant => "convenant",
            Self::Organisatie => "organisatie",
        }
    }
}

/// The steps of the decision model (`docs/privacy/README.md`, section 0), in the order in which their reasons are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stap {
    /// Hard separations and caps (R22–R27).
    Scheiding,
    /// Embargo (R20).
    Embargo,
    /// Audience (R15–R19).
    Kring,
    /// Ground (R5–R14), asked for each ground.
    Grond,
    /// The owner's conditions (R1–R4, R28).
    Eigenaar,
    /// Obligations (R3, R7, R30, R32, R44).
    Plicht,
}

impl Stap {
    /// All steps, in order.
    pub const ALL: [Self; 6] = [Self::Scheiding, Self::Embargo, Self::Kring, Self::Grond, Self::Eigenaar, Self::Plicht];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheiding => "scheiding",
            Self::Embargo => "embargo",
            Self::Kring => "kring",
            Self::Grond => "grond",
            Self::Eigenaar => "eigenaar",
            Self::Plicht => "plicht",
        }
    }
}

/// What a row does when it fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Allows, unless another row holds back.
    Toelaten,
    /// Holds back, whatever other rows allow.
    Tegenhouden,
}

/// How a row that holds back is answered: never with an outcome that delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Handhaving {
    /// A human must decide first.
    Vragen,
    /// Not now.
    Aanhouden,
    /// No delivery.
    Weigeren,
}

impl From<Handhaving> for Uitkomst {
    fn from(h: Handhaving) -> Self {
        match h {
            Handhaving::Vragen => Self::Vragen,
            Handhaving::Aanhouden => Self::Aanhouden,
            Handhaving::Weigeren => Self::Weigeren,
        }
    }
}

/// One row. An empty list means: every value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rij {
    /// Where it comes from.
    pub laag: Laag,
    /// Which step it answers.
    pub stap: Stap,
    /// What it does.
    pub effect: Effect,
    /// The rule that it expresses; needed on a row that holds back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regel: Option<RegelId>,
    /// The outcome of a row that holds back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uitkomst: Option<Handhaving>,
    /// The duties that a row that allows adds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verplichtingen: Vec<Plicht>,
    /// Message types.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub soorten: Vec<TypeNaam>,
    /// Message types that it does not touch; only without `soorten`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub behalve_soorten: Vec<TypeNaam>,
    /// Variants.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub varianten: Vec<Code>,
    /// Variants that it does not touch; only without `varianten`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub behalve_varianten: Vec<Code>,
    /// Categories of data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categorieen: Vec<Categorie>,
    /// Purposes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doelen: Vec<Doel>,
    /// What is done with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handelingen: Vec<Handeling>,
    /// Senders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub van: Vec<Ontvangersoort>,
    /// Recipients.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub naar: Vec<Ontvangersoort>,
    /// Grounds; only in the steps that are asked per ground.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grondslagen: Vec<Grondslag>,
    /// Only from this organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub van_oin: Option<Oin>,
    /// Only to this organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub naar_oin: Option<Oin>,
    /// On the facts of the request.
    #[serde(default, skip_serializing_if = "Voorwaarden::is_leeg")]
    pub voorwaarden: Voorwaarden,
    /// Whether this row gives way to a decision in an emergency: then it gets the condition `noodbesluit = nee` wherever
    /// the emergency path reaches (receiving, by a registered emergency recipient or who directs the case); R35.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wijkt_voor_nood: bool,
    /// Why this line may be there: the legal note for the privacy officer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toelichting: Option<String>,
}

impl Rij {
    /// A row about everything: every list empty, no condition, no rule, no reason.
    pub const fn over_alles(laag: Laag, stap: Stap, effect: Effect) -> Self {
        Self {
            laag,
            stap,
            effect,
            regel: None,
            uitkomst: None,
            verplichtingen: Vec::new(),
            soorten: Vec::new(),
            behalve_soorten: Vec::new(),
            varianten: Vec::new(),
            behalve_varianten: Vec::new(),
            categorieen: Vec::new(),
            doelen: Vec::new(),
            handelingen: Vec::new(),
            van: Vec::new(),
            naar: Vec::new(),
            grondslagen: Vec::new(),
            van_oin: None,
            naar_oin: None,
            voorwaarden: Voorwaarden::GEEN,
            wijkt_voor_nood: false,
            toelichting: None,
        }
    }
}

/// A duty in a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plicht {
    /// Which duty.
    pub soort: Code,
    /// The rule that asks it.
    pub regel: RegelId,
    /// Its term in working days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub werkdagen: Option<u16>,
}

/// Conditions on facts. An empty list means: every value. Each step knows only some of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Voorwaarden {
    /// Flags of the case; `[]` in a request counts as no flag.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scheiding: Vec<Scheiding>,
    /// Child part for professionals only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub afgeschermd: Vec<JaNee>,
    /// Recipient named by the owner.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub genoemd: Vec<JaNee>,
    /// Embargo.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub embargo: Vec<JaNee>,
    /// The sender's part in the case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub van_deelnemer: Vec<Deelname>,
    /// The recipient's part in the case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub naar_deelnemer: Vec<Deelname>,
    /// Marked for briefing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub briefing: Vec<JaNee>,
    /// Signatures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ondertekend: Vec<Ondertekend>,
    /// Consent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub toestemming: Vec<Toestemmingsstand>,
    /// Whether the recipient directs the case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regisseur: Vec<JaNee>,
    /// Emergency decision.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub noodbesluit: Vec<JaNee>,
    /// The owner's decision.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub eigenaarsbesluit: Vec<Eigenaarsbesluit>,
    /// Necessity explained.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub noodzaak: Vec<Noodzaak>,
    /// Rules confirmed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bevestigd: Vec<JaNee>,
}

impl Voorwaarden {
    /// No condition.
    pub const GEEN: Self = Self {
        scheiding: Vec::new(),
        afgeschermd: Vec::new(),
        genoemd: Vec::new(),
        embargo: Vec::new(),
        van_deelnemer: Vec::new(),
        naar_deelnemer: Vec::new(),
        briefing: Vec::new(),
        ondertekend: Vec::new(),
        toestemming: Vec::new(),
        regisseur: Vec::new(),
        noodbesluit: Vec::new(),
        eigenaarsbesluit: Vec::new(),
        noodzaak: Vec::new(),
        bevestigd: Vec::new(),
    };

    /// Whether there is none.
    #[must_use]
    pub fn is_leeg(&self) -> bool {
        *self == Self::default()
    }
}

/// What a step answers when no row allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stapstandaard {
    /// The step.
    pub stap: Stap,
    /// Only for this ground; absent: for all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grondslag: Option<Grondslag>,
    /// Only for this use; absent: for all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handeling: Option<Handeling>,
    /// The rule that is named.
    pub regel: RegelId,
    /// The answer.
    pub uitkomst: Handhaving,
}

/// The sentences, by the key of what they are about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zinnen {
    /// Per rule (`R8`) or rule and outcome (`R7-vragen`): why.
    pub regels: BTreeMap<String, Zin>,
    /// Per change (`grondslag-convenant`, `categorie`): what the sender can do.
    pub alternatieven: BTreeMap<String, String>,
    /// Words of vocabularies as people say them: `doel-beoordelen`, `categorie-medisch`, `ontvanger-om`.
    pub woorden: BTreeMap<String, String>,
}

/// A reason in plain Dutch. Between braces: `{ontvanger}`, `{inbrenger}`, `{betrokkene}`, `{doel}`, `{categorie}`, `{grond}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zin {
    /// For the sender.
    pub afzender: String,
    /// For the recipient; absent: the neutral sentence where nothing is delivered (R16, R21), the sentence on ownership
    /// where something is (R1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ontvanger: Option<String>,
}
