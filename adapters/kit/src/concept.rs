//! What the mapping and the engine pass to each other: a message still to be made, and a delivery that has been opened.
//!
//! A [`Concept`] is in the partner's own words where it names a case, a person or an earlier message (own keys), and in
//! the words of the wire for everything else. The engine turns own keys into references, and back again in an
//! [`Ontvangen`].

use std::{collections::BTreeMap, fmt};

use inbreng_domain::{
    BerichtId, CasusRef, Code, Datum, Geadresseerde, GemeenteCode, Labels, LeveringId, Oin, PersoonRef, Tijdstip, TypeNaam,
    Verplichting,
    vocabulary::{
        Categorie, Doel, Gebruik, Grondslag, JaNee, Leeftijdsgroep, Namens, Noodzaak, Partnertype, Toegangswijze, Urgentie,
        Zekerheid,
    },
};
use serde::Serialize;
use serde_json::Value;

/// A message as the partner's own system wants it sent: mapped, not yet checked, nothing sealed.
///
/// # Own keys inside `verklaring` and `inhoud`
/// Where the wire wants a reference that only the adapter knows, the mapping leaves an object with exactly one member,
/// and the engine puts the reference (a string, a number for the last) in its place, at any depth:
///
/// | placeholder | becomes |
/// |---|---|
/// | `{"$persoon": "<own key>"}` | the person's reference in this case, minted at its first use |
/// | `{"$casus": "<own key>"}` | the reference of that case |
/// | `{"$bericht": "<own kenmerk>"}` | the id of that message, sent or received |
/// | `{"$deel": "<own kenmerk>#<n>"}` | the id of the n-th part (from 0) of that message |
/// | `{"$partner": "eigen"}` | the own OIN |
/// | `{"$partner": "afzender"}` | the OIN of the sender of the message in `antwoord_op` |
/// | `{"$afzender": "<own kenmerk>"}` | the OIN of the sender of that message, received earlier |
/// | `{"$nu": 0}` | the present instant plus that many days |
/// | `{"$volgnummer": "<own series>"}` | the next number of that series, counted durably from 1 |
#[derive(Clone, PartialEq)]
pub struct Concept {
    /// The own system's number of this message: the same number again is the same message. Absent: the adapter gives one.
    pub kenmerk: Option<String>,
    /// The message type.
    pub soort: TypeNaam,
    /// Its variant.
    pub variant: Option<Code>,
    /// Urgency.
    pub urgentie: Urgentie,
    /// The case.
    pub casus: Casuskeuze,
    /// Own kenmerk of the message (sent or received) that this one answers.
    pub antwoord_op: Option<String>,
    /// The municipality, for routing.
    pub gemeente: Option<GemeenteCode>,
    /// Recipients by name or role; empty: the covenant decides.
    pub geadresseerden: Vec<Geadresseerde>,
    /// The type's own open object, with placeholders.
    pub verklaring: Value,
    /// The parts.
    pub delen: Vec<Conceptdeel>,
    /// With a yes (45) to a request for another purpose: why the part is needed for that (R28). Sealed by the adapter for each who gets
    /// the part by this yes, and no part of the message.
    pub toelichting: Option<String>,
}

/// Which case a message belongs to.
#[derive(Clone, PartialEq, Eq)]
pub enum Casuskeuze {
    /// None is concerned.
    Geen,
    /// The case of this own key. When the adapter does not know it yet and the type opens cases, it is opened.
    Eigen(String),
    /// The case of the message in `antwoord_op`.
    VanAntwoord,
    /// The case of the message with this own kenmerk, sent or received; none where it has none.
    VanBericht(String),
}

/// A part still to be sealed.
#[derive(Clone, PartialEq)]
pub struct Conceptdeel {
    /// Category of data.
    pub categorie: Categorie,
    /// Purpose.
    pub doel: Doel,
    /// Grounds, at least one.
    pub grondslagen: Vec<Grondslag>,
    /// Whom it is about: own key and age group.
    pub betrokkenen: Vec<(String, Leeftijdsgroep)>,
    /// The content, with placeholders; judged by the catalogue's schema of the type and category before sealing.
    pub inhoud: Value,
    /// How the key comes; absent: as the type says.
    pub wijze: Option<Toegangswijze>,
    /// What is allowed beyond reading; absent: as the type says.
    pub gebruik: Option<Vec<Gebruik>>,
    /// Whether the necessity was explained (in the content).
    pub noodzaak: Noodzaak,
    /// Fact or suspicion.
    pub status: Option<Zekerheid>,
    /// When it was observed.
    pub waargenomen_op: Option<Datum>,
    /// Capacity of the professional.
    pub functie: Code,
    /// Child part for professionals only.
    pub afgeschermd: JaNee,
    /// Marked for the briefing of experts.
    pub briefing: JaNee,
    /// Whether a named professional decided to share in an emergency.
    pub noodbesluit: JaNee,
    /// For which of the addressees; empty: for all.
    pub ontvangers: Vec<Geadresseerde>,
    /// Whether the owner names these recipients for a secret address (R24).
    pub genoemd: bool,
    /// Only where a client contributed it (R1).
    pub namens: Option<Namens>,
    /// The part of a case conference it belongs to (R22).
    pub overlegdeel: Option<Code>,
    /// Until when a recipient may keep it; absent: as the law of its own task says.
    pub bewaren_tot: Option<Tijdstip>,
}

impl Conceptdeel {
    /// A part with only what every part has; the rest at its most restrictive.
    #[must_use]
    pub const fn new(categorie: Categorie, doel: Doel, grondslagen: Vec<Grondslag>, functie: Code, inhoud: Value) -> Self {
        Self {
            categorie,
            doel,
            grondslagen,
            betrokkenen: Vec::new(),
            inhoud,
            wijze: None,
            gebruik: None,
            noodzaak: Noodzaak::NietToegelicht,
            status: None,
            waargenomen_op: None,
            functie,
            afgeschermd: JaNee::Nee,
            briefing: JaNee::Nee,
            noodbesluit: JaNee::Nee,
            ontvangers: Vec::new(),
            genoemd: false,
            namens: None,
            overlegdeel: None,
            bewaren_tot: None,
        }
    }
}

// Own keys may be names or numbers of persons and cases, and contents are secret: neither is ever printed.
impl fmt::Debug for Concept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Concept").field("soort", &self.soort).field("delen", &self.delen).finish_non_exhaustive()
    }
}

impl fmt::Debug for Casuskeuze {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Geen => "Geen",
            Self::Eigen(_) => "Eigen(***)",
            Self::VanAntwoord => "VanAntwoord",
            Self::VanBericht(_) => "VanBericht(***)",
        })
    }
}

impl fmt::Debug for Conceptdeel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conceptdeel").field("categorie", &self.categorie).field("inhoud", &"***").finish_non_exhaustive()
    }
}

/// A delivery that has been verified and opened, for the own system.
///
/// Serializes in lowerCamelCase (`levering`, `bericht`, `soort`, `van.naam`, `casus.eigen`, `delen[].labels.categorie`,
/// `delen[].inhoud`, …), so that a mapping can address its members by path.
#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ontvangen {
    /// The delivery; the idempotency key towards the own system.
    pub levering: LeveringId,
    /// The message.
    pub bericht: BerichtId,
    /// Its type.
    pub soort: TypeNaam,
    /// Its variant.
    pub variant: Option<Code>,
    /// Urgency.
    pub urgentie: Urgentie,
    /// When it was made.
    pub tijd: Tijdstip,
    /// When the hub accepted it; terms run from here.
    pub aangenomen_op: Tijdstip,
    /// The sender, as the directory knows it.
    pub van: Afzender,
    /// The case.
    pub casus: Option<Casusverwijzing>,
    /// The message that it answers.
    pub antwoord_op: Option<Berichtverwijzing>,
    /// The message that its statement is about, where that names one (a recall, a correction, a request of its recipient).
    pub over: Option<Berichtverwijzing>,
    /// The open statement, as it was signed.
    pub verklaring: Value,
    /// The own parts, opened where they may be.
    pub delen: Vec<OntvangenDeel>,
    /// The persons of this case that the own system has a key for, by reference.
    pub personen: BTreeMap<String, String>,
    /// The one sentence that stands in the place of all content, for the types that have one (R27).
    pub zin: Option<String>,
}

/// Who sent it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Afzender {
    /// The partner.
    pub oin: Oin,
    /// Its name, from the verified directory.
    pub naam: String,
    /// Its kind, from the verified directory.
    pub partnertype: Partnertype,
}

/// A case as both sides name it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Casusverwijzing {
    /// The reference on the wire.
    #[serde(rename = "ref")]
    pub verwijzing: CasusRef,
    /// The own system's key, where it is known.
    pub eigen: Option<String>,
}

/// An earlier message as both sides name it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Berichtverwijzing {
    /// Its id on the wire.
    pub id: BerichtId,
    /// The own system's kenmerk, where it is known.
    pub eigen: Option<String>,
}

/// One part of a delivery.
#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OntvangenDeel {
    /// Its labels.
    pub labels: Labels,
    /// Its content.
    pub inhoud: Deelinhoud,
    /// What the owner allows beyond reading (R3, R4).
    pub gebruik: Vec<Gebruik>,
    /// Purpose that the owner gave for this recipient; absent for a view-only part whose statement comes with the wrap.
    pub doel: Option<Doel>,
    /// Why it is needed for that purpose, in the owner's words, where that is another than the part was shared for (R28). Belongs beside
    /// the part: what holds for its content holds for this.
    pub toelichting: Option<String>,
    /// Whether the owner named this recipient for a secret address (R24).
    pub genoemd: Option<JaNee>,
    /// Until when it may be kept.
    pub bewaren_tot: Option<Tijdstip>,
    /// From which day it shows as old: some months after it was observed (R30), or when the next meeting makes a new list of
    /// agreements (R2).
    pub oud_vanaf: Option<Datum>,
    /// Why this organisation gets it, in plain Dutch.
    pub zin: String,
    /// The duties that travel along.
    pub verplichtingen: Vec<Verplichting>,
}

/// The content of a received part. Serializes as the content itself, or as the text `alleen inzage`.
#[derive(Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Deelinhoud {
    /// Opened.
    Open(Value),
    /// View-only: read through `POST /inzage/{deel}`, each time asked and logged.
    AlleenInzage(AlleenInzage),
}

/// The words that stand in the place of a content that is read one time at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum AlleenInzage {
    /// View-only.
    #[serde(rename = "alleen inzage")]
    AlleenInzage,
}

impl Deelinhoud {
    /// The opened content.
    #[must_use]
    pub const fn open(&self) -> Option<&Value> {
        match self {
            Self::Open(v) => Some(v),
            Self::AlleenInzage(_) => None,
        }
    }
}

impl fmt::Debug for Ontvangen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ontvangen").field("levering", &self.levering).field("soort", &self.soort).finish_non_exhaustive()
    }
}

impl fmt::Debug for Casusverwijzing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Casusverwijzing").field("verwijzing", &self.verwijzing).field("eigen", &"***").finish()
    }
}

impl fmt::Debug for Berichtverwijzing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Berichtverwijzing").field("id", &self.id).field("eigen", &"***").finish()
    }
}

impl fmt::Debug for OntvangenDeel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OntvangenDeel").field("labels", &self.labels).field("inhoud", &"***").finish_non_exhaustive()
    }
}

impl fmt::Debug for Deelinhoud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open(_) => "Open(***)",
            Self::AlleenInzage(_) => "AlleenInzage",
        })
    }
}

/// A message in the own system's format, and where it wants it.
#[derive(Clone, PartialEq)]
pub struct Eigenbericht {
    /// Path below `eigen_systeem.adres`, with its slash.
    pub pad: String,
    /// The body.
    pub lichaam: Value,
}

impl fmt::Debug for Eigenbericht {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Eigenbericht").field("pad", &self.pad).field("lichaam", &"***").finish()
    }
}

/// The numbers under which the own system filed what it received, read from its answer. What it does not say, the adapter
/// keeps under the reference of the wire.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Eigennummers {
    /// Kenmerk of the message.
    pub kenmerk: Option<String>,
    /// Key of the case.
    pub casus: Option<String>,
    /// Keys of persons, by reference.
    pub personen: Vec<(PersoonRef, String)>,
}

impl fmt::Debug for Eigennummers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Eigennummers(***)")
    }
}

/// Why a message in the own format cannot be turned into a concept, or a delivery into the own format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Vertaalfout {
    /// The mapping knows no such path.
    #[error("no mapping for this path")]
    PadOnbekend,
    /// The mapping knows no such message type, so the own system cannot take it.
    #[error("no mapping for message type {0}")]
    SoortOnbekend(TypeNaam),
    /// A field of the own format is missing or has a value that the mapping does not know. Holds the JSON Pointer and a
    /// Dutch sentence without the value.
    #[error("field {pad} cannot be mapped")]
    Veld {
        /// JSON Pointer into the own format.
        pad: String,
        /// What is wrong, for the user of the own system.
        uitleg: String,
    },
}

/// Translates between a partner's own format and the words above. A mapping file is one; a partner whose format a mapping
/// cannot say writes its own.
pub trait Vertaling: Send + Sync + fmt::Debug {
    /// Turns what the own system posted on `pad` into a concept.
    ///
    /// # Errors
    /// [`Vertaalfout`].
    fn uitgaand(&self, pad: &str, lichaam: &Value) -> Result<Concept, Vertaalfout>;

    /// Turns a delivery into the own system's format.
    ///
    /// # Errors
    /// [`Vertaalfout`].
    fn inkomend(&self, ontvangen: &Ontvangen) -> Result<Eigenbericht, Vertaalfout>;

    /// Reads the own numbers from the own system's answer (2xx) to a delivery.
    fn eigennummers(&self, ontvangen: &Ontvangen, antwoord: &Value) -> Eigennummers {
        let _ = (ontvangen, antwoord);
        Eigennummers::default()
    }

    /// The paths that the own system may post on.
    fn paden(&self) -> Vec<String>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_content_is_printed() {
        let deel = Conceptdeel {
            betrokkenen: vec![("Testpersoon Appel".to_owned(), Leeftijdsgroep::Volwassen)],
            ..Conceptdeel::new(
                Categorie::Incident,
                Doel::Beoordelen,
                vec![Grondslag::WettelijkeTaak],
                Code::parse("agent").unwrap(),
                serde_json::json!({"toelichting": "Voorbeeldstraat"}),
            )
        };
        let concept = Concept {
            kenmerk: Some("PL-1".to_owned()),
            soort: TypeNaam::parse("incidentmelding").unwrap(),
            variant: None,
            urgentie: Urgentie::Normaal,
            casus: Casuskeuze::Eigen("zaak-77".to_owned()),
            antwoord_op: None,
            gemeente: None,
            geadresseerden: vec![],
            verklaring: Value::Null,
            delen: vec![deel],
            toelichting: Some("Testpersoon Appel moet gehoord".to_owned()),
        };
        let printed = format!("{concept:?} {:?}", concept.casus);
        for secret in ["Appel", "Voorbeeldstraat", "zaak-77"] {
            assert!(!printed.contains(secret), "{printed}");
        }
        assert!(printed.contains("***"));
    }

    #[test]
    fn a_view_only_content_says_so() {
        let v = serde_json::to_value(Deelinhoud::AlleenInzage(AlleenInzage::AlleenInzage)).unwrap();
        assert_eq!(v, serde_json::json!("alleen inzage"));
    }
}
