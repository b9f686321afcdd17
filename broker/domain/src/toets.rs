//! "Mag dit?": the question a sender asks before it seals, and the answer.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    BerichtId, Berichttype, Besluit, CasusRef, Code, ConvenantId, DeelId, Digest, Geadresseerde, GemeenteCode, Labels, Oin,
    Opening,
    gids::Gidsvermelding,
    vocabulary::{Partnertype, Toegangswijze, Urgentie},
};

/// Header and labels, without content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Toetsverzoek {
    /// The message type.
    #[serde(rename = "type")]
    pub berichttype: Berichttype,
    /// Its variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Code>,
    /// The case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub casus: Option<CasusRef>,
    /// Proof of who opens the case, when this would be its first message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Opening>,
    /// Urgency.
    pub urgentie: Urgentie,
    /// The message that it would answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub antwoord_op: Option<BerichtId>,
    /// The covenant.
    pub convenant: ConvenantId,
    /// The municipality, for routing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gemeente: Option<GemeenteCode>,
    /// Recipients by name or role; absent: the covenant decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub geadresseerden: Vec<Geadresseerde>,
    /// The type's own open object, as it would be sent.
    pub verklaring: Value,
    /// The parts, by their labels.
    #[serde(default)]
    pub delen: Vec<Toetsdeel>,
}

/// A part by its labels, and for whom it is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Toetsdeel {
    /// Its labels.
    pub labels: Labels,
    /// For which of the addressees; empty: for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ontvangers: Vec<Geadresseerde>,
    /// How the key would come.
    #[serde(default = "meegeleverd")]
    pub wijze: Toegangswijze,
    /// Whether the owner names these recipients for a secret address (R24).
    #[serde(default)]
    pub genoemd: bool,
}

impl Toetsdeel {
    /// Whether it is sealed beforehand for a fallback of this kind: it travels with its key, and is for all or for that role too.
    #[must_use]
    pub fn valt_terug_op(&self, rol: Partnertype) -> bool {
        self.wijze == Toegangswijze::Meegeleverd
            && (self.ontvangers.is_empty() || self.ontvangers.iter().any(|wie| wie.is_rol(rol)))
    }
}

const fn meegeleverd() -> Toegangswijze {
    Toegangswijze::Meegeleverd
}

/// The answer: what would be decided, under which policy, and to whom it would go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Toetsantwoord {
    /// Digest of the policy version; goes into the `kop`.
    pub beleid: Digest,
    /// Every recipient, with its directory and key statements.
    pub ontvangers: Vec<Toetsontvanger>,
    /// Per part and recipient the decision.
    pub besluiten: Vec<Toetsbesluit>,
    /// Who gets it where nobody reads it in time; absent where there is nobody, or nothing acute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terugval: Option<Toetsterugval>,
}

/// For whom an acute message is sealed beforehand: the third step of its ladder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Toetsterugval {
    /// Minutes after acceptance.
    pub na_minuten: u32,
    /// Who, each for no addressee.
    pub ontvangers: Vec<Toetsontvanger>,
    /// Per part and recipient the decision.
    pub besluiten: Vec<Toetsbesluit>,
}

/// A recipient that an addressee resolved to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Toetsontvanger {
    /// The addressee it stands for; absent where the covenant chose it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geadresseerde: Option<Geadresseerde>,
    /// The partner.
    pub oin: Oin,
    /// Its statements.
    pub gids: Gidsvermelding,
}

/// One decision of a check, as its sender may read it. `aanhouden` covers its own parts alone, and its recipient's sentence stays
/// neutral (R16, R21).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Toetsbesluit {
    /// The part; absent for the statement itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deel: Option<DeelId>,
    /// The recipient.
    pub ontvanger: Oin,
    /// What would be decided.
    pub besluit: Besluit,
}
