//! A delivery, as a recipient gets it: the message as it was sent, its own parts only, its own wraps only.

use serde::{Deserialize, Serialize};

use crate::{
    Bericht, BerichtId, Berichttype, Bron, CasusRef, Deel, DeelId, Digest, LeveringId, Tijdstip, Verplichting,
    envelope::{Datacontenttype, Specversion},
    vocabulary::Urgentie,
};

/// One delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Levering {
    /// Named by the hub; the recipient's idempotency key.
    pub id: LeveringId,
    /// When the hub accepted the message; terms run from here.
    pub aangenomen_op: Tijdstip,
    /// The lane.
    pub baan: Urgentie,
    /// The message, for this recipient.
    pub bericht: GeleverdBericht,
    /// What the hub decided, per part of this recipient (without `deel`: on the statement itself).
    pub besluiten: Vec<Leveringsbesluit>,
}

/// The CloudEvents envelope of a delivery: the same attributes, `data` without `kop`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GeleverdBericht {
    /// Always `1.0`.
    pub specversion: Specversion,
    /// As sent.
    pub id: BerichtId,
    /// As sent.
    pub source: Bron,
    /// As sent.
    #[serde(rename = "type")]
    pub berichttype: Berichttype,
    /// As sent.
    pub time: Tijdstip,
    /// As sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<CasusRef>,
    /// As sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datacontenttype: Option<Datacontenttype>,
    /// Unchanged `bericht`; the recipient's parts.
    pub data: GeleverdeData,
}

/// `bericht` unchanged, and the recipient's own parts: `inhoud.recipients` and `toegang` hold its own entry, or nothing
/// where the part is view-only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GeleverdeData {
    /// As sent.
    pub bericht: Bericht,
    /// The recipient's parts.
    pub delen: Vec<Deel>,
}

/// What was decided for a part of this recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leveringsbesluit {
    /// The part; absent for the statement itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deel: Option<DeelId>,
    /// Why this recipient gets it, in plain Dutch.
    pub zin: String,
    /// The duties that travel along.
    pub verplichtingen: Vec<Verplichting>,
    /// Digest of the policy version that decided.
    pub beleid: Digest,
}

/// Answer of the mailbox: open deliveries, acute first, then in order per case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Postvak {
    /// The deliveries that have no receipt yet.
    pub leveringen: Vec<Levering>,
    /// The place behind them: the next look may begin there. Fresh with every answer, and means nothing to who holds it.
    pub verder: String,
}
