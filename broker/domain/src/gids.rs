//! The directory (gids): who a partner is, and its encryption keys; statements signed by the partner and countersigned by
//! the covenant manager (convenantbeheerder).

use serde::{Deserialize, Serialize};

use crate::{
    Code, ConvenantId, Digest, GemeenteCode, Oin, Tijdstip,
    jwe::Jwk,
    macros::vocabulary,
    schermtekst::is_onzichtbaar,
    vocabulary::{JaNee, Partnertype},
};

/// A partner's statement about itself: payload of `inbreng-vermelding+jws`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Vermelding {
    /// The partner.
    pub oin: Oin,
    /// Its name, as people know it. Asked where an entry comes in, not where one is read that already stands: [`naam_past`].
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

/// The most characters in the name of an organisation (`vermelding.json`).
pub const MAX_NAAM: usize = 200;

/// Whether a name can stand in a new entry: one line of at most [`MAX_NAAM`] characters, with nothing in it that is not seen. People read it
/// before they sign; a line end in it would be a line that reads as the program's own.
#[must_use]
pub fn naam_past(naam: &str) -> bool {
    !naam.trim().is_empty() && naam.chars().count() <= MAX_NAAM && !naam.chars().any(is_onzichtbaar)
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

/// The most key statements that an entry shows: some twelve years of them. A row begins anew where the covenant manager confirms one.
pub const MAX_SLEUTELS: usize = 64;

/// What the covenant manager adds: payload of `inbreng-medeondertekening+jws`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Medeondertekening {
    /// SHA-256 over the bytes of the compact JWS that is countersigned.
    pub verklaring: Digest,
    /// When.
    pub tijd: Tijdstip,
    /// Of a key statement: why the covenant manager confirmed it out of band. Demanded from [`bevestiging_vanaf`] on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bevestigt: Option<Sleutelaanleiding>,
}

/// From when a countersignature of a key statement says why (2027-01-01T00:00:00.000Z). What was countersigned before counts until
/// its key statement ends, which is at most [`MAX_KEY_DAYS`] later.
#[must_use]
pub fn bevestiging_vanaf() -> Tijdstip {
    Tijdstip::from_unix_millis(1_798_761_600_000)
}

vocabulary!(
    /// Why the covenant manager confirms an encryption key that no previous key proves.
    Sleutelaanleiding, "sleutelaanleiding" {
        /// The organisation's first key.
        Eerste = "eerste",
        /// The previous private key is gone.
        Verloren = "verloren",
        /// The previous key is frozen.
        Bevroren = "bevroren",
        /// A new signing certificate begins a new row of statements.
        Certificaat = "certificaat",
    }
);

/// That the holder of the previous encryption key made the next statement: payload of `inbreng-opvolging+jws`, signed by the previous
/// encryption key (`kid` is its thumbprint).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opvolging {
    /// SHA-256 over the bytes of the compact JWS of the new statement.
    pub verklaring: Digest,
    /// The same of the statement of the key that signs this.
    pub vorige: Digest,
}

vocabulary!(
    /// Why a key is frozen.
    Bevriesreden, "bevriesreden" {
        /// Somebody else has, or may have, the private key.
        Gelekt = "gelekt",
        /// Nobody has the private key any more.
        Verloren = "verloren",
    }
);

/// The most certificates in a freeze: its signer's and those that it rests on.
pub const MAX_BEVRIEZING_CERTIFICATEN: usize = 4;

/// That an encryption key is not sealed for any more: payload of `inbreng-bevriezing+jws`, signed by the key's organisation or by the
/// covenant manager. In force at once, and for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bevriezing {
    /// Whose key.
    pub oin: Oin,
    /// Which one: its thumbprint.
    pub kid: String,
    /// Digest of the newest key statement that stands. A later one that rests on the frozen key does not count.
    pub laatste: Digest,
    /// Why.
    pub reden: Bevriesreden,
    /// Certificates of the organisation's signing key, leaf first, as in [`Vermelding`], at most [`MAX_BEVRIEZING_CERTIFICATEN`]; none
    /// where the covenant manager signed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificaten: Vec<String>,
    /// When.
    pub tijd: Tijdstip,
}

/// A key statement with what it rests on: the word of the covenant manager, the proof by the previous key, or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sleutelvermelding {
    /// Compact JWS of the partner over a [`Sleutelverklaring`].
    pub verklaring: String,
    /// Compact JWS of the covenant manager over a [`Medeondertekening`] of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medeondertekening: Option<String>,
    /// Compact JWS of the previous encryption key over an [`Opvolging`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opvolging: Option<String>,
}

impl From<Medeondertekend> for Sleutelvermelding {
    fn from(beide: Medeondertekend) -> Self {
        Self { verklaring: beide.verklaring, medeondertekening: Some(beide.medeondertekening), opvolging: None }
    }
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
    /// The key statements in force or still needed, newest first; back to one that the covenant manager confirmed. At most
    /// [`MAX_SLEUTELS`].
    pub sleutels: Vec<Sleutelvermelding>,
    /// Compact JWS over a [`Bevriezing`] each: the keys that are frozen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bevriezingen: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_is_seen_as_it_is() {
        for goed in ["Zorg- en Veiligheidshuis ’s-Hertogenbosch (één)", "李", &"é".repeat(MAX_NAAM)] {
            assert!(naam_past(goed), "{goed}");
        }
        for fout in
            ["", " ", "\u{a0}", "a\nb", "a\tb", "a\u{2028}b", "a\u{202e}b", "a\u{0}", "a\u{200b}b", &"x".repeat(MAX_NAAM + 1)]
        {
            assert!(!naam_past(fout), "{fout:?}");
        }
    }

    #[test]
    fn an_entry_that_stands_is_read_whatever_its_name_is() {
        let json = serde_json::json!({
            "oin": "00000001003214345001", "naam": "a\nb", "partnertype": "ggz", "noodontvanger": "nee", "certificaten": [], "volgnummer": 1,
            "geldigVanaf": "2026-11-20T00:00:00.000Z", "geldigTot": "2027-11-20T00:00:00.000Z",
        });
        assert_eq!(serde_json::from_value::<Vermelding>(json).unwrap().naam, "a\nb");
    }
}
