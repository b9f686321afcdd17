//! A message as it is sent: the CloudEvents envelope, the signed `bericht` and the signed `kop`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    BerichtId, Berichttype, CasusRef, Code, ConvenantId, Deel, DeelId, Digest, GemeenteCode, Oin, Opening, Tijdstip,
    ids::InvalidId,
    macros::string_newtype,
    vocabulary::{Partnertype, Urgentie},
};

/// The media type of a message: structured mode only.
pub const MEDIA_TYPE: &str = "application/cloudevents+json";

/// A message as it is sent (CloudEvents 1.0 structured JSON, NL GOV profile).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// Always `1.0`.
    pub specversion: Specversion,
    /// The message, named by its sender.
    pub id: BerichtId,
    /// Which system of which partner.
    pub source: Bron,
    /// The message type.
    #[serde(rename = "type")]
    pub berichttype: Berichttype,
    /// When it was made.
    pub time: Tijdstip,
    /// The case; absent only where no case is concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<CasusRef>,
    /// Always `application/json` where present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datacontenttype: Option<Datacontenttype>,
    /// The signed content.
    pub data: Data,
}

/// `1.0`, nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Specversion {
    /// CloudEvents 1.0.
    #[serde(rename = "1.0")]
    V1,
}

/// `application/json`, nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Datacontenttype {
    /// JSON.
    #[serde(rename = "application/json")]
    Json,
}

/// The three members of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// Signed by the sender; goes unchanged to every recipient.
    pub bericht: Bericht,
    /// For the hub alone; never passed on.
    pub kop: Kop,
    /// The parts, each sealed and signed by its owner. Empty for statements to the hub.
    #[serde(default)]
    pub delen: Vec<Deel>,
}

/// What every recipient may know of a message.
///
/// `handtekening` is a compact JWS (`typ: inbreng-bericht+jws`) with detached payload (RFC 7515, appendix F): the
/// RFC 8785 form of this object without `handtekening`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Bericht {
    /// Equal to the envelope's `id`.
    pub id: BerichtId,
    /// Equal to the envelope's `type`.
    #[serde(rename = "type")]
    pub berichttype: Berichttype,
    /// A variant that the catalogue names for the type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Code>,
    /// Equal to the envelope's `subject`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub casus: Option<CasusRef>,
    /// The sender; the OIN of its certificate.
    pub van: Oin,
    /// Equal to the envelope's `time`.
    pub tijd: Tijdstip,
    /// Urgency; the lane.
    pub urgentie: Urgentie,
    /// The message that this one answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub antwoord_op: Option<BerichtId>,
    /// What the hub must act on: the type's own closed object.
    pub verklaring: Value,
    /// The newest log head that the sender holds: a checkpoint JWS of the hub.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<String>,
    /// Detached JWS of the sender.
    pub handtekening: String,
}

/// Routing, for the hub alone.
///
/// `handtekening` is a detached JWS (`typ: inbreng-kop+jws`) over the RFC 8785 form of this object without it. The
/// digests bind the whole message, so this is the one signature that the hub must verify before it answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Kop {
    /// Digest of the RFC 8785 form of the whole `bericht`, its signature included.
    pub bericht: Digest,
    /// The covenant under which this is sent.
    pub convenant: ConvenantId,
    /// Digest of the policy version that the sender checked against.
    pub beleid: Digest,
    /// Proof of who opened the case; only in its first message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Opening>,
    /// The municipality, for routing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gemeente: Option<GemeenteCode>,
    /// Named recipients, or roles; absent: the covenant decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub geadresseerden: Vec<Geadresseerde>,
    /// Every part with the digest of its whole object.
    #[serde(default)]
    pub delen: Vec<Deelverwijzing>,
    /// Detached JWS of the sender.
    pub handtekening: String,
}

/// A part by its digest: SHA-256 over the RFC 8785 form of the whole part object with its statements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deelverwijzing {
    /// The part.
    pub id: DeelId,
    /// Digest of the part object.
    pub digest: Digest,
}

/// An addressee: by name, or by role in the municipality of the `kop`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Geadresseerde {
    /// One partner.
    Partner(NaarPartner),
    /// Whoever the covenant's routing names for the role.
    Rol(NaarRol),
}

impl Geadresseerde {
    /// Whether it is this role, whoever fills it.
    #[must_use]
    pub fn is_rol(&self, rol: Partnertype) -> bool {
        matches!(self, Self::Rol(naar) if naar.rol == rol)
    }
}

/// One partner, optionally one of its functions (`piketdesk`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NaarPartner {
    /// The partner.
    pub oin: Oin,
    /// Its function or mailbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub functie: Option<Code>,
}

/// Whoever fills a role for the municipality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NaarRol {
    /// The kind of partner.
    pub rol: Partnertype,
    /// Its function or mailbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub functie: Option<Code>,
}

/// CloudEvents `source`: `urn:nld:oin:<OIN>:systeem:<name>`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Bron {
    oin: Oin,
    systeem: Code,
}

impl Bron {
    /// Joins a partner and one of its systems.
    #[must_use]
    pub const fn new(oin: Oin, systeem: Code) -> Self {
        Self { oin, systeem }
    }

    /// Parses the URN.
    ///
    /// # Errors
    /// [`InvalidId`] for anything else.
    pub fn parse(s: &str) -> Result<Self, InvalidId> {
        const RULE: InvalidId = InvalidId::new("source", "urn:nld:oin:<OIN>:systeem:<naam>");
        let (oin, systeem) = s.strip_prefix("urn:nld:oin:").and_then(|r| r.split_once(":systeem:")).ok_or(RULE)?;
        Ok(Self { oin: Oin::parse(oin)?, systeem: Code::parse(systeem)? })
    }

    /// The partner.
    #[must_use]
    pub const fn oin(&self) -> Oin {
        self.oin
    }

    /// Its system.
    #[must_use]
    pub const fn systeem(&self) -> &Code {
        &self.systeem
    }

    /// The URN.
    #[must_use]
    pub fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(format!("urn:nld:oin:{}:systeem:{}", self.oin, self.systeem))
    }
}
string_newtype!(Bron);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_addressee_is_a_partner_or_a_role_and_never_both() {
        let p: Geadresseerde = serde_json::from_str(r#"{"oin":"00000001003214345000","functie":"piketdesk"}"#).unwrap();
        assert!(matches!(p, Geadresseerde::Partner(_)));
        let r: Geadresseerde = serde_json::from_str(r#"{"rol":"veilig-thuis"}"#).unwrap();
        assert!(matches!(r, Geadresseerde::Rol(_)));
        assert!(serde_json::from_str::<Geadresseerde>(r#"{"oin":"00000001003214345000","rol":"veilig-thuis"}"#).is_err());
        assert!(serde_json::from_str::<Geadresseerde>(r#"{"functie":"piketdesk"}"#).is_err());
    }

    #[test]
    fn the_source_names_a_partner_and_a_system() {
        let s = "urn:nld:oin:00000001003214345000:systeem:bvh";
        assert_eq!(Bron::parse(s).unwrap().to_string(), s);
        assert!(Bron::parse("urn:nld:oin:00000001003214345000").is_err());
    }
}
