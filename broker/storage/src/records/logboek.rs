//! Leaves of the log, the directory as it was shown, and what is counted.

use inbreng_domain::{Code, Digest, Oin, Tijdstip, gids::Gidsvermelding};

/// A leaf for the log.
#[derive(Debug, Clone)]
pub struct NieuwBlad {
    /// What kind of event: `bericht`, `besluit`, `ontvangst`, `gelezen`, `weigering`, `inzage`, `toets`, `niet-gedeeld`, `sleutel`,
    /// `vermelding`, `versie`, `terugroep`, `dode-letter`, `herbezorging`, `verlopen`.
    pub soort: Code,
    /// RFC 8785 text of the record; no content, no person's data.
    pub record: String,
    /// 32 random bytes.
    pub zout: [u8; 32],
    /// RFC 6962 leaf hash over kind, moment and `HMAC-SHA-256(zout, record)`: `inbreng_proof::blad`.
    pub hash: Digest,
    /// When.
    pub tijd: Tijdstip,
}

/// A partner's statements.
#[derive(Debug, Clone)]
pub struct Gidsregel {
    /// The partner.
    pub oin: Oin,
    /// Its statements.
    pub gids: Gidsvermelding,
}

/// A log leaf as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blad {
    /// From 0.
    pub index: u64,
    /// Kind.
    pub soort: Code,
    /// When it was made.
    pub tijd: Tijdstip,
    /// Text of the record; empty once it was pruned (R40): then only its hash stands.
    pub record: String,
    /// Salt; once the record was pruned, what stands in its place: HMAC-SHA-256 of the record under it, or zeros of a leaf whose
    /// hash does not cover its kind (ADR 19).
    pub zout: [u8; 32],
    /// Leaf hash.
    pub hash: Digest,
}

impl Blad {
    /// Whether its record has gone because its term was over (R40). A leaf of any other kind never loses its record.
    #[must_use]
    pub fn is_gesnoeid(&self) -> bool {
        self.record.is_empty() && self.is_snoeibaar()
    }

    /// Whether it is of a kind that loses its record in the end.
    #[must_use]
    pub fn is_snoeibaar(&self) -> bool {
        crate::SNOEIBARE_BLADEN.contains(&&*self.soort.as_str())
    }
}

/// Counts for the demo's summary and for operation; no person, no case.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tellingen {
    /// Messages accepted.
    pub berichten: u64,
    /// Deliveries made.
    pub leveringen: u64,
    /// Deliveries not yet received.
    pub open: u64,
    /// How often responsibility for a case moved (21).
    pub overgedragen: u64,
    /// Decisions by outcome, on messages that went to nobody too.
    pub besluiten: std::collections::BTreeMap<String, u64>,
    /// Refusals by rule: `R8`.
    pub weigeringen: std::collections::BTreeMap<String, u64>,
    /// Log leaves.
    pub bladen: u64,
    /// Dead letters.
    pub dode_letters: u64,
    /// Deliveries that waited until their term was over (R40).
    pub verlopen: u64,
    /// Messages of which the evidence ended (R40).
    pub gesnoeid: u64,
    /// Cases of which the reference ended (R40).
    pub zaken_beeindigd: u64,
}
