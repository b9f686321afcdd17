//! The directory (gids): who a partner is, and its encryption keys; statements signed by the partner and countersigned by
//! the covenant manager (convenantbeheerder).

use serde::{Deserialize, Serialize};

use crate::{
    Code, ConvenantId, Digest, GemeenteCode, Oin, Tijdstip,
    jwe::Jwk,
    vocabulary::{JaNee, Partnertype},
};

/// A partner's statement about itself: payload of `inbreng-vermelding+jws`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Vermelding {
    /// The partner.
    pub oin: Oin,
    /// Its name, as people know it.
    pub naam: String,
    /// What kind of organisation it is.
    pub partnertype: Partnertype,
    /// The municipalities it serves; empty: the whole region.
    #[serde(default)]
    pub gebied: Vec<GemeenteCode>,
    /// The functions (mailboxes) that can be addressed.
    #[serde(default)]
    pub functies: Vec<Code>,
    /// Whether it is registered for emergencies (R35).
    pub noodontvanger: JaNee,
    /// The covenants whose rules it read and confirmed (R44). The covenant manager countersigns after that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bevestigd: Vec<Bevestiging>,
    /// Certificates of its signing key, leaf first, each base64 (not url) of DER as in `x5c` (RFC 7515 §4.1.6).
    pub certificaten: Vec<String>,
    /// Counts up; the highest holds.
    pub volgnummer: u32,
    /// From when.
    pub geldig_vanaf: Tijdstip,
    /// Until when.
    pub geldig_tot: Tijdstip,
}

/// That a partner knows the rules of a covenant (R44).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bevestiging {
    /// Which covenant.
    pub convenant: ConvenantId,
    /// The version that it read.
    pub versie: u32,
}

/// A partner's encryption key: payload of `inbreng-sleutel+jws`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Sleutelverklaring {
    /// The partner.
    pub oin: Oin,
    /// RFC 7638 SHA-256 thumbprint of `jwk`, base64url.
    pub kid: String,
    /// The public key.
    pub jwk: Jwk,
    /// Counts up from 1.
    pub volgnummer: u32,
    /// Digest of the previous statement (its compact JWS); absent for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vorige: Option<Digest>,
    /// From when.
    pub geldig_vanaf: Tijdstip,
    /// Until when; at most [`MAX_KEY_DAYS`] after `geldig_vanaf`.
    pub geldig_tot: Tijdstip,
}

/// The longest that an encryption key may be valid, in days.
pub const MAX_KEY_DAYS: i64 = 90;

/// What the covenant manager adds: payload of `inbreng-medeondertekening+jws`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Medeondertekening {
    /// SHA-256 over the bytes of the compact JWS that is countersigned.
    pub verklaring: Digest,
    /// When.
    pub tijd: Tijdstip,
}

/// A statement with both signatures, as it is stored, served and pinned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Medeondertekend {
    /// Compact JWS of the partner.
    pub verklaring: String,
    /// Compact JWS of the covenant manager over a [`Medeondertekening`].
    pub medeondertekening: String,
}

/// A partner as the directory shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gidsvermelding {
    /// The directory statement.
    pub vermelding: Medeondertekend,
    /// The key statements in force or still needed, newest first.
    pub sleutels: Vec<Medeondertekend>,
}
