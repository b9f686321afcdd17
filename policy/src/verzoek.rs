//! One request: one part, one recipient, one purpose, one moment.

use serde::{Deserialize, Deserializer, Serialize};

use inbreng_domain::{
    Code, ConvenantId, Oin, Tijdstip, TypeNaam,
    vocabulary::{
        Categorie, Deelname, Doel, Eigenaarsbesluit, Grondslag, Handeling, JaNee, Noodzaak, Ondertekend, Ontvangersoort,
        Scheiding, Stilgelegd, Toestemmingsstand,
    },
};

/// What is asked. A field that is left out takes its most restrictive value; what is asked about has no such value and
/// must be named.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verzoek {
    /// The covenant under which it is sent.
    pub convenant: ConvenantId,
    /// Who sends; for `ontvangen` and `inzien` also who brought the part in (R1).
    pub van: Ontvangersoort,
    /// Who would receive.
    pub naar: Ontvangersoort,
    /// The sending organisation, for rules of one organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub van_oin: Option<Oin>,
    /// The receiving organisation, for rules of one organisation.
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
    /// What the recipient is to do with it.
    pub handeling: Handeling,
    /// The grounds that the owner gives; one that holds is enough, each is judged.
    #[serde(rename = "grondslag", default = "geen_grondslag", deserialize_with = "een_of_meer")]
    pub grondslagen: Vec<Grondslag>,
    /// The consent of the persons concerned: the worst of them.
    #[serde(default = "niet_gevraagd")]
    pub toestemming: Toestemmingsstand,
    /// How many of the two have signed a covenant in force.
    #[serde(default = "niet_ondertekend")]
    pub ondertekend: Ondertekend,
    /// The sender's part in the case.
    #[serde(default = "geen_deelnemer")]
    pub van_deelnemer: Deelname,
    /// The recipient's part in the case.
    #[serde(default = "geen_deelnemer")]
    pub naar_deelnemer: Deelname,
    /// Whether the recipient directs the case: appointed by who may, never by itself (R35).
    #[serde(default = "nee")]
    pub regisseur: JaNee,
    /// Whether a named professional decided and gave a motive (R9, R35).
    #[serde(default = "nee")]
    pub noodbesluit: JaNee,
    /// Whether necessity was explained (R7).
    #[serde(default = "niet_toegelicht")]
    pub noodzaak: Noodzaak,
    /// Whether an embargo of the owner lies on it (R20).
    #[serde(default = "ja")]
    pub embargo: JaNee,
    /// The flags of the case (R22, R23, R25); empty: none.
    #[serde(default = "scheiding_onbekend")]
    pub scheiding: Vec<Scheiding>,
    /// The owner's decision on dossier, onward sharing or another purpose (R3, R4, R28).
    #[serde(default = "geen_eigenaarsbesluit")]
    pub eigenaarsbesluit: Eigenaarsbesluit,
    /// Whether the owner named this recipient for a secret address (R24).
    #[serde(default = "nee")]
    pub genoemd: JaNee,
    /// Whether a child part is for professionals only (R26).
    #[serde(default = "ja")]
    pub afgeschermd: JaNee,
    /// Whether the part is marked for the briefing of experts (R18).
    #[serde(default = "nee")]
    pub briefing: JaNee,
    /// Whether the recipient confirmed the rules of the covenant (R44).
    #[serde(default = "nee")]
    pub bevestigd: JaNee,
    /// What was done to the part since it was sent; absent: nothing. A guard, which no row of a covenant can lift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stilgelegd: Option<Stilgelegd>,
    /// When it is asked; only the terms of obligations depend on it, never the outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nu: Option<Tijdstip>,
}

impl Verzoek {
    /// A request in which everything that can be restrictive is.
    #[must_use]
    pub fn strengste(
        convenant: ConvenantId,
        soort: TypeNaam,
        (van, naar): (Ontvangersoort, Ontvangersoort),
        categorie: Categorie,
        doel: Doel,
        handeling: Handeling,
    ) -> Self {
        Self {
            convenant,
            van,
            naar,
            van_oin: None,
            naar_oin: None,
            soort,
            variant: None,
            categorie,
            doel,
            handeling,
            grondslagen: geen_grondslag(),
            toestemming: niet_gevraagd(),
            ondertekend: niet_ondertekend(),
            van_deelnemer: geen_deelnemer(),
            naar_deelnemer: geen_deelnemer(),
            regisseur: nee(),
            noodbesluit: nee(),
            noodzaak: niet_toegelicht(),
            embargo: ja(),
            scheiding: scheiding_onbekend(),
            eigenaarsbesluit: geen_eigenaarsbesluit(),
            genoemd: nee(),
            afgeschermd: ja(),
            briefing: nee(),
            bevestigd: nee(),
            stilgelegd: None,
            nu: None,
        }
    }
}

/// Names that fill the sentences. They come from the directory and from the asker's own system, never from the hub's
/// knowledge of a case, and are not kept.
#[derive(Clone, Copy, Default)]
pub struct Namen<'a> {
    /// Who brought the part in.
    pub eigenaar: &'a str,
    /// Who would receive it.
    pub ontvanger: &'a str,
    /// The person concerned, where the asker may name it.
    pub betrokkene: Option<&'a str>,
}

impl std::fmt::Debug for Namen<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Namen")
            .field("eigenaar", &self.eigenaar)
            .field("ontvanger", &self.ontvanger)
            .field("betrokkene", &"***")
            .finish()
    }
}

/// One word or a list of words.
#[derive(Deserialize)]
#[serde(untagged)]
enum EenOfMeer<T> {
    Een(T),
    Meer(Vec<T>),
}

fn een_of_meer<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Grondslag>, D::Error> {
    Ok(match EenOfMeer::deserialize(d)? {
        EenOfMeer::Een(g) => vec![g],
        EenOfMeer::Meer(gs) => gs,
    })
}

fn geen_grondslag() -> Vec<Grondslag> {
    vec![Grondslag::Geen]
}
fn scheiding_onbekend() -> Vec<Scheiding> {
    vec![Scheiding::Onbekend]
}
const fn niet_gevraagd() -> Toestemmingsstand {
    Toestemmingsstand::NietGevraagd
}
const fn niet_ondertekend() -> Ondertekend {
    Ondertekend::Geen
}
const fn geen_deelnemer() -> Deelname {
    Deelname::Nee
}
const fn geen_eigenaarsbesluit() -> Eigenaarsbesluit {
    Eigenaarsbesluit::Geen
}
const fn niet_toegelicht() -> Noodzaak {
    Noodzaak::NietToegelicht
}
const fn ja() -> JaNee {
    JaNee::Ja
}
const fn nee() -> JaNee {
    JaNee::Nee
}
