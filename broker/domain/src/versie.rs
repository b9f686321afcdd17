//! The life of a policy version: its states, what is done to it and by whom, and the statements that are signed for it.

use serde::{Deserialize, Serialize};

use crate::{ConvenantId, Digest, Oin, Tijdstip, macros::vocabulary, vocabulary::JaNee};

vocabulary!(
    /// How far a version is. It only moves on; what was in force can be brought back as a new activation.
    Versiestaat, "versiestaat" {
        /// Handed in.
        Concept = "concept",
        /// Every case of its tables came out as expected.
        Getest = "getest",
        /// Replayed on past decisions.
        Gesimuleerd = "gesimuleerd",
        /// Approved by two organisations beside the author's.
        Goedgekeurd = "goedgekeurd",
        /// Signed by the covenant manager, to be in force from an instant that has not come yet.
        Gepland = "gepland",
        /// In force.
        Actief = "actief",
        /// Was in force, or was withdrawn before it could be.
        Vervallen = "vervallen",
    }
);

vocabulary!(
    /// What was done to a version: one step of its history.
    Versiestapsoort, "versiestap" {
        /// Handed in by its author.
        Indienen = "indienen",
        /// Its tables were run, without a difference.
        Testen = "testen",
        /// It was replayed on past decisions.
        Simuleren = "simuleren",
        /// An organisation approved it.
        Goedkeuren = "goedkeuren",
        /// An organisation approved bringing it back.
        Terugdraaien = "terugdraaien",
        /// The covenant manager signed it, for an instant.
        Plannen = "plannen",
        /// Its instant came.
        Activeren = "activeren",
        /// Another version took its place.
        Vervallen = "vervallen",
        /// Its author or an approver withdrew it before its instant.
        Intrekken = "intrekken",
        /// It came with the installation, signed by the covenant manager.
        Inlezen = "inlezen",
    }
);

vocabulary!(
    /// What an officer may do to a version by a signed act.
    Versiehandeling, "versiehandeling" {
        /// Hand in a draft.
        Indienen = "indienen",
        /// Have its tables run.
        Testen = "testen",
        /// Have it replayed on past decisions.
        Simuleren = "simuleren",
        /// Approve it.
        Goedkeuren = "goedkeuren",
        /// Approve bringing it back.
        Terugdraaien = "terugdraaien",
        /// Withdraw it.
        Intrekken = "intrekken",
    }
);

impl From<Versiehandeling> for Versiestapsoort {
    fn from(handeling: Versiehandeling) -> Self {
        match handeling {
            Versiehandeling::Indienen => Self::Indienen,
            Versiehandeling::Testen => Self::Testen,
            Versiehandeling::Simuleren => Self::Simuleren,
            Versiehandeling::Goedkeuren => Self::Goedkeuren,
            Versiehandeling::Terugdraaien => Self::Terugdraaien,
            Versiehandeling::Intrekken => Self::Intrekken,
        }
    }
}

vocabulary!(
    /// In what function an officer acts. No name: who it was is known at the organisation that signs.
    Beheerfunctie, "beheerfunctie" {
        /// Privacy officer.
        PrivacyOfficer = "privacy-officer",
        /// Data protection officer (functionaris gegevensbescherming).
        Fg = "fg",
        /// Who speaks for the organisation in the covenant.
        Bestuurder = "bestuurder",
    }
);

/// What an officer does to a version: payload of `inbreng-beheer+jws`, signed with the key of the officer's organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Beheerhandeling {
    /// The act.
    pub handeling: Versiehandeling,
    /// The covenant.
    pub convenant: ConvenantId,
    /// The version: digest of its bundle.
    pub versie: Digest,
    /// Digest of the tables that came with it.
    pub tabellen: Digest,
    /// Digest of the outcome of its last simulation, for an approval: what the approver has seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simulatie: Option<Digest>,
    /// The organisation.
    pub door: Oin,
    /// The function of the person who acts.
    pub functie: Beheerfunctie,
    /// When.
    pub tijd: Tijdstip,
}

/// From when a version is in force: payload of `inbreng-activering+jws`, signed by the covenant manager. Adapters hold to the
/// highest number, so that no older version can be put back unseen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Activering {
    /// The covenant.
    pub convenant: ConvenantId,
    /// The version: digest of its bundle.
    pub versie: Digest,
    /// Counts up per covenant from 1; the highest whose instant has come is in force.
    pub volgnummer: u32,
    /// From when.
    pub ingang: Tijdstip,
    /// Whether this brings a version back that was in force before.
    pub terug: JaNee,
    /// When it was signed.
    pub tijd: Tijdstip,
}

/// A decision table of a version, as it was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versietabel {
    /// Its name among the tables of this version.
    pub naam: String,
    /// TOML, as `inbreng policy test` reads it.
    pub inhoud: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_stand_in_the_order_of_life() {
        assert!(Versiestaat::ALL.is_sorted());
        assert!(Versiestaat::Concept < Versiestaat::Getest && Versiestaat::Gepland < Versiestaat::Actief);
    }

    #[test]
    fn every_act_is_a_step() {
        for handeling in Versiehandeling::ALL {
            assert_eq!(Versiestapsoort::from(*handeling).as_str(), handeling.as_str());
        }
    }

    #[test]
    fn an_act_is_closed() {
        let text = r#"{"convenant":"voorbeeldregio","door":"00000001000000000001","functie":"fg","handeling":"goedkeuren","tabellen":"sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU","tijd":"2026-11-22T01:00:00.000Z","versie":"sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"}"#;
        let read: Beheerhandeling = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), serde_json::from_str::<serde_json::Value>(text).unwrap());
        assert!(serde_json::from_str::<Beheerhandeling>(&text.replacen('{', "{\"naam\":\"Testpersoon Appel\",", 1)).is_err());
    }
}
