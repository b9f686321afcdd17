//! A part: labels, sealed content, the owner's proof, and the access statements.

use serde::{Deserialize, Serialize};

use crate::{
    BerichtId, Berichttype, CasusRef, Code, ConvenantId, Datum, DeelId, Digest, Oin, PersoonRef, Tijdstip,
    jwe::Inhoud,
    vocabulary::{
        Categorie, Doel, Gebruik, Grondslag, JaNee, Leeftijdsgroep, Namens, Noodzaak, Toegangswijze, Urgentie, Zekerheid,
    },
};

/// One part of a message: one owner, one category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deel {
    /// Immutable, signed by the owner, the JWE's `aad`.
    pub labels: Labels,
    /// The sealed content.
    pub inhoud: Inhoud,
    /// Compact JWS (`typ: inbreng-deel+jws`) of the owner over a [`Deelbewijs`].
    pub eigenaarsbewijs: String,
    /// An access statement per wrapped key, the owner's own excepted.
    pub toegang: Vec<Toegang>,
}

/// What may be known of a part without opening it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Labels {
    /// The message it came in.
    pub bericht: BerichtId,
    /// The type of that message.
    #[serde(rename = "type")]
    pub berichttype: Berichttype,
    /// Its variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Code>,
    /// The message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub antwoord_op: Option<BerichtId>,
    /// Urgency of the message.
    pub urgentie: Urgentie,
    /// The covenant under which it was sent.
    pub convenant: ConvenantId,
    /// The part.
    pub id: DeelId,
    /// The case; absent only where no case is concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub casus: Option<CasusRef>,
    /// Who brought it in, for ever (R1).
    pub eigenaar: Oin,
    /// Only where a client contributed it (R1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namens: Option<Namens>,
    /// Capacity of the professional, not a name (R37).
    pub functie: Code,
    /// Whom it is about.
    #[serde(default)]
    pub betrokkenen: Vec<Betrokkene>,
    /// The category of data.
    pub categorie: Categorie,
    /// Fact or suspicion (R30).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Zekerheid>,
    /// When it was observed (R30).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waargenomen_op: Option<Datum>,
    /// Purpose.
    pub doel: Doel,
    /// Grounds that the owner gives; one that holds is enough (R5).
    pub grondslagen: Vec<Grondslag>,
    /// Whether a named professional decided to share in an emergency (R9, R35); who and why is sealed.
    pub noodbesluit: JaNee,
    /// Whether the necessity was explained (R7); the explanation is sealed.
    pub noodzaak: Noodzaak,
    /// Child part for professionals only (R26).
    pub afgeschermd: JaNee,
    /// Marked for the briefing of experts (R18).
    pub briefing: JaNee,
    /// The part of a case conference it belongs to (R22).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlegdeel: Option<Code>,
}

/// A person concerned: a reference that means nothing outside the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Betrokkene {
    /// Random per case.
    #[serde(rename = "ref")]
    pub persoon: PersoonRef,
    /// As consent needs it (R26).
    pub leeftijdsgroep: Leeftijdsgroep,
}

/// Who else may open a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Toegang {
    /// The recipient.
    pub oin: Oin,
    /// Compact JWS (`typ: inbreng-toegang+jws`) of the owner over a [`Toegangsverklaring`].
    pub verklaring: String,
    /// Why this recipient needs it for another purpose than the part was sealed for (R28): a sealed [`Toelichting`] with one wrap,
    /// for this recipient. There exactly where the statement names its digest. `aad` is the base64url of the RFC 8785 form of
    /// `{deel, doel, ontvanger}`; the ciphertext is at most [`crate::limits::TOELICHTING_BYTES`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toelichting: Option<Inhoud>,
}

/// What stands in a sealed explanation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Toelichting {
    /// Why it is needed, in the words of the owner's professional. At most [`crate::limits::TOELICHTING_TEKENS`] characters, and
    /// not blank.
    pub tekst: String,
}

// What a professional wrote about a person is never printed.
impl std::fmt::Debug for Toelichting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Toelichting(***)")
    }
}

/// What the owner signs of a part: payload of `inbreng-deel+jws`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deelbewijs {
    /// The part.
    pub deel: DeelId,
    /// Digest of the RFC 8785 form of the labels.
    pub labels: Digest,
    /// Digest of the RFC 8785 form of the content without its `recipients`.
    pub inhoud: Digest,
    /// Key commitment, since GCM alone does not commit: base64url of HMAC-SHA-256 under the content key over
    /// `inbreng-sleutelbinding-v1:` and the part id.
    pub sleutelbinding: String,
}

/// What the owner allows one recipient: payload of `inbreng-toegang+jws`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Toegangsverklaring {
    /// The part.
    pub deel: DeelId,
    /// Digest of the content without its `recipients`, so that no other text can be slid under it.
    pub inhoud: Digest,
    /// The recipient.
    pub ontvanger: Oin,
    /// RFC 7638 thumbprint of the recipient's key.
    pub sleutel: String,
    /// Digest of the RFC 8785 form of the wrap.
    pub wrap: Digest,
    /// How the key comes.
    pub wijze: Toegangswijze,
    /// Purpose for this recipient.
    pub doel: Doel,
    /// What is allowed beyond reading (R3, R4).
    #[serde(default)]
    pub gebruik: Vec<Gebruik>,
    /// Whether the owner names this recipient for a secret address (R24).
    pub genoemd: JaNee,
    /// Until when the recipient may keep it; absent: as the law of its own task says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bewaren_tot: Option<Tijdstip>,
    /// The request to pass it on or to use it otherwise that the owner answers with this (R4, R28); absent: it came with the
    /// message, or the owner itself meant a further recipient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verzoek: Option<BerichtId>,
    /// Digest of the RFC 8785 form of the sealed explanation that travels with it ([`Toegang::toelichting`]); absent: not explained
    /// for this purpose (R28).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toelichting: Option<Digest>,
}
