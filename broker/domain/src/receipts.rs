//! Receipts: what the hub signs for the sender, what the recipient signs for the hub, and the log's head.

use serde::{Deserialize, Serialize};

use crate::{
    Alternatief, BerichtId, Code, DeelId, Digest, LeveringId, Oin, RegelId, Tijdstip, Uitkomst, Verplichting, macros::vocabulary,
    vocabulary::Doel,
};

vocabulary!(
    /// An outcome as the sender sees it. What is held shows as `in-behandeling`; why, stands beside it (R20, R28, R44).
    Ontvangerstand, "stand" {
        /// Will be delivered.
        Toegestaan = "toegestaan",
        /// Will be delivered, with duties.
        ToegestaanMetPlicht = "toegestaan-met-plicht",
        /// It is held: someone else must act first.
        InBehandeling = "in-behandeling",
        /// Is kept ready: it goes to this recipient only where nobody reads it in time.
        Terugval = "terugval",
        /// Will not be delivered.
        Geweigerd = "geweigerd",
    }
);

/// The one reading of an outcome, at the hub and at the sender's adapter. What is asked of the sender is refused until it has answered.
impl From<Uitkomst> for Ontvangerstand {
    fn from(uitkomst: Uitkomst) -> Self {
        match uitkomst {
            Uitkomst::Toestaan => Self::Toegestaan,
            Uitkomst::ToestaanMetPlicht => Self::ToegestaanMetPlicht,
            _ if uitkomst.wacht() => Self::InBehandeling,
            _ => Self::Geweigerd,
        }
    }
}

/// The hub's receipt for an accepted message: payload of `inbreng-ontvangstbewijs+jws`.
///
/// Stored, and returned byte for byte for the same message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Ontvangstbewijs {
    /// The message.
    pub bericht: BerichtId,
    /// Its sender.
    pub van: Oin,
    /// SHA-256 over the RFC 8785 form of the envelope as it was accepted.
    pub digest: Digest,
    /// When it was accepted; terms run from here.
    pub aangenomen_op: Tijdstip,
    /// Digest of the policy version that decided.
    pub beleid: Digest,
    /// Per recipient and part what was decided and why.
    pub besluiten: Vec<Bewijsbesluit>,
    /// The opening of the log leaf, so that its inclusion can be proven.
    pub blad: Bladopening,
}

/// One decision in a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bewijsbesluit {
    /// The recipient.
    pub ontvanger: Oin,
    /// The part; absent for the statement itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deel: Option<DeelId>,
    /// What happens.
    pub stand: Ontvangerstand,
    /// The rules that decided.
    pub regels: Vec<RegelId>,
    /// Why, in plain Dutch.
    pub zin: String,
    /// The duties that travel along.
    pub verplichtingen: Vec<Verplichting>,
    /// What would be allowed.
    pub alternatieven: Vec<Alternatief>,
}

impl Bewijsbesluit {
    /// As the sender reads it of what is kept ready: to whom it goes, and when.
    #[must_use]
    pub fn terugval(self, naam: &str, minuten: u32) -> Self {
        let zin = format!("Leest niemand dit binnen {minuten} minuten, dan gaat het ook naar {naam}.");
        Self { stand: Ontvangerstand::Terugval, zin, alternatieven: Vec::new(), ..self }
    }
}

/// How a log leaf is made from its record: over its kind, its moment and `HMAC-SHA-256(zout, RFC 8785 form of the record)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bladopening {
    /// Base64url of 32 random bytes.
    pub zout: String,
    /// The leaf's RFC 6962 hash, by which its proof is asked.
    pub hash: Digest,
}

/// A recipient's receipt: payload of `inbreng-ontvangst+jws`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ontvangst {
    /// The delivery.
    pub levering: LeveringId,
    /// The message.
    pub bericht: BerichtId,
    /// Digest of the signed `bericht` as it was received, its signature included: what `kop.bericht` says.
    pub digest: Digest,
    /// The parts that came, in their order: what is missing here, the hub left out.
    pub delen: Vec<DeelId>,
    /// The recipient.
    pub ontvanger: Oin,
    /// When.
    pub tijd: Tijdstip,
}

/// A human has read it: payload of `inbreng-gelezen+jws`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gelezen {
    /// The delivery.
    pub levering: LeveringId,
    /// The reader's function, not a name (R37).
    pub functie: Code,
    /// The recipient.
    pub ontvanger: Oin,
    /// When.
    pub tijd: Tijdstip,
}

vocabulary!(
    /// Why a recipient's adapter refuses a delivery.
    Weigeringscode, "weigeringscode" {
        /// A signature does not fit.
        HandtekeningOngeldig = "handtekening-ongeldig",
        /// No valid access statement of the owner.
        ToegangOntbreekt = "toegang-ontbreekt",
        /// It cannot be opened, or the key is not the committed one.
        NietTeOpenen = "niet-te-openen",
        /// The opened content does not fit its schema, or the labels its `aad`.
        InhoudOngeldig = "inhoud-ongeldig",
        /// Type or version not known here.
        TypeOnbekend = "type-onbekend",
        /// Not meant for this organisation.
        NietVoorOns = "niet-voor-ons",
        /// This kind of organisation may not send this type.
        AfzenderOnbevoegd = "afzender-onbevoegd",
        /// It opens and is sound, but the recipient's own system does not take it.
        NietVerwerkt = "niet-verwerkt",
        /// Its owner took it back, or reported it misplaced, before the recipient's own system had it (R31).
        Teruggenomen = "teruggenomen",
    }
);

/// A delivery refused by its recipient: payload of `inbreng-weigering+jws`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weigering {
    /// The delivery.
    pub levering: LeveringId,
    /// The message.
    pub bericht: BerichtId,
    /// SHA-256 over the RFC 8785 form of the delivery's `bericht` member as it was received: which bytes were refused. Absent only
    /// where there is none to be read. The hub does not compare it: what was changed on the way is refused too, and this shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// Why.
    pub code: Weigeringscode,
    /// The recipient.
    pub ontvanger: Oin,
    /// When.
    pub tijd: Tijdstip,
}

vocabulary!(
    /// What a review afterwards found of a decision in an emergency (R9, R35).
    Toetsoordeel, "oordeel" {
        /// It was right.
        Terecht = "terecht",
        /// It was right, and something is to be learned from it.
        Leerpunt = "leerpunt",
        /// It was not right: what was shared is taken back by its owner.
        Onterecht = "onterecht",
    }
);

/// What the own privacy officer found of an emergency decision: payload of `inbreng-toetsuitslag+jws`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Toetsuitslag {
    /// The message that was shared.
    pub bericht: BerichtId,
    /// What was found.
    pub oordeel: Toetsoordeel,
    /// Whose decision it was, and whose officer reviewed it.
    pub organisatie: Oin,
    /// The reviewer's function, not a name (R37).
    pub functie: Code,
    /// When.
    pub tijd: Tijdstip,
}

/// A request to read a view-only part, now: payload of `inbreng-inzage+jws`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inzageverzoek {
    /// The part.
    pub deel: DeelId,
    /// The reader's organisation.
    pub ontvanger: Oin,
    /// The reader's function.
    pub functie: Code,
    /// Why now.
    pub doel: Doel,
    /// Base64url of 16 random bytes; a request counts once.
    pub nonce: String,
    /// When; refused when more than five minutes away.
    pub tijd: Tijdstip,
}

/// The log's signed head: payload of `inbreng-checkpoint+jws`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// The hub.
    pub hub: Oin,
    /// Number of leaves.
    pub omvang: u64,
    /// RFC 6962 root over those leaves.
    pub wortel: Digest,
    /// When.
    pub tijd: Tijdstip,
    /// From which leaf on the hash of a leaf covers its kind; absent in a head of before any did. It never changes, but by a
    /// restoration from a copy of before that leaf.
    #[serde(default, rename = "soortVanaf", skip_serializing_if = "Option::is_none")]
    pub soort_vanaf: Option<u64>,
    /// From which copy the hub was put back, the last time that it was: what came after it is not in this log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hersteld: Option<Herstelpunt>,
}

/// Where a hub that was put back from a copy goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Herstelpunt {
    /// Number of leaves in the copy.
    pub omvang: u64,
    /// RFC 6962 root over those leaves.
    pub wortel: Digest,
    /// The moment of the newest of them: what came later may be lost.
    pub tot: Tijdstip,
    /// When the hub was put back.
    pub op: Tijdstip,
}

/// A partner has sent again what the copy cannot have: payload of `inbreng-nazending+jws`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nazending {
    /// The hub.
    pub hub: Oin,
    /// The partner.
    pub partner: Oin,
    /// After which restoration.
    pub hersteld: Herstelpunt,
    /// When.
    pub tijd: Tijdstip,
}
