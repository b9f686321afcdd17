//! What is asked of the hub and what it answers, as it stands on the wire: hub and adapters read the same types. What
//! other modules already name (`Toetsantwoord`, `Postvak`, …) is not repeated here.

use crate::{
    BerichtId, Berichttype, Code, ConvenantId, Deel, DeelId, Digest, GemeenteCode, Oin, RegelId, Tijdstip, Toegang, TypeNaam,
    gids::{Gidsvermelding, Medeondertekend, Sleutelvermelding},
    jwe::{Inhoud, Sleutelwrap},
    receipts::{Bewijsbesluit, Weigeringscode},
    terugroep::{Bezorging, Bezorgschema},
    vocabulary::{Categorie, Doel, Gebruik, Partnertype, Toegangswijze},
};
use serde::{Deserialize, Serialize};

/// Body of a 202: the signed receipt, and the same decisions in the clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aannameantwoord {
    /// Compact JWS (`inbreng-ontvangstbewijs+jws`).
    pub ontvangstbewijs: String,
    /// Per recipient and part what was decided, and why.
    pub besluiten: Vec<Bewijsbesluit>,
    /// What the sender is asked to think about; it stops nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waarschuwingen: Vec<Waarschuwing>,
}

/// Something to think about, that stops nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waarschuwing {
    /// Which: `veel-deelnemers`.
    pub soort: Code,
    /// The rule that asks it.
    pub regel: RegelId,
    /// In plain Dutch.
    pub zin: String,
}

/// Body of `ontvangst`, `gelezen`, `weigering` and `inzage`: one signed statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verklaringverzoek {
    /// Compact JWS.
    pub verklaring: String,
}

/// The key of a view-only part, for one reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inzageantwoord {
    /// The recipient's wrap.
    pub wrap: Sleutelwrap,
    /// The owner's access statement for it.
    pub toegang: String,
    /// The sealed explanation for another purpose, where that statement names one (R28).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toelichting: Option<Inhoud>,
}

/// How far a delivery is, as its sender sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Leveringstand {
    /// Waits for its recipient.
    Onderweg,
    /// The recipient's system signed for it.
    Ontvangen,
    /// A person has read it.
    Gelezen,
    /// A message of the recipient answers it.
    Beantwoord,
    /// The recipient's system refused it.
    Geweigerd,
    /// Someone else must decide first; its recipient does not see it.
    InBehandeling,
    /// It may not be delivered any more: it was decided again before its recipient got it.
    Vervallen,
    /// Its recipient did not fetch it within the term of R40: its content has left the hub.
    Verlopen,
    /// It could not be brought: a dead letter. It still lies in the recipient's mailbox.
    DodeLetter,
}

/// One reading of a view-only part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inzageregel {
    /// The part.
    pub deel: DeelId,
    /// The reader's function, not a name (R37).
    pub functie: Code,
    /// Why.
    pub doel: Doel,
    /// When.
    pub tijd: Tijdstip,
}

/// One recipient of a message, as its sender sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Ontvangerstatus {
    /// The recipient.
    pub ontvanger: Oin,
    /// How far it is.
    pub stand: Leveringstand,
    /// When the recipient's system signed for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ontvangen_op: Option<Tijdstip>,
    /// The recipient's signed receipt, as it was handed in: compact JWS (`inbreng-ontvangst+jws`). It names the parts that
    /// arrived, so that the sender need not believe the hub.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ontvangst: Option<String>,
    /// When a person first read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gelezen_op: Option<Tijdstip>,
    /// When an answer of this recipient was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beantwoord_op: Option<Tijdstip>,
    /// That answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub antwoord: Option<BerichtId>,
    /// When the recipient's system refused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geweigerd_op: Option<Tijdstip>,
    /// Why it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weigering: Option<Weigeringscode>,
    /// Readings of view-only parts: who (by function), why and when.
    pub inzagen: Vec<Inzageregel>,
    /// How bringing it goes, where the recipient has its deliveries brought and has not signed for this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bezorging: Option<Bezorging>,
}

/// The sender's view of one of its messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Statusantwoord {
    /// The message.
    pub id: BerichtId,
    /// When it was accepted.
    pub aangenomen_op: Tijdstip,
    /// The receipt as it was given: compact JWS.
    pub ontvangstbewijs: String,
    /// Per recipient and part what was decided.
    pub besluiten: Vec<Bewijsbesluit>,
    /// Per recipient that gets anything, how far it is.
    pub ontvangers: Vec<Ontvangerstatus>,
    /// The duties that came with it and have a term.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plichten: Vec<Plichtregel>,
}

/// How a duty stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Plichtstand {
    /// To be done, in time yet.
    Open,
    /// To be done, and its term has passed.
    TeLaat,
    /// Done.
    Voldaan,
}

/// A duty that travels with a message and is followed until it is met. It names no person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Plichtregel {
    /// Which duty: `transparantiebericht`, `toets-achteraf`, `gebruik-staken`, `embargo-herzien`, `overzicht-geven`.
    pub soort: Code,
    /// The rule that asks it.
    pub regel: RegelId,
    /// The message that it came with; of an overview (R33) the number that the partner gave what was asked.
    pub bericht: BerichtId,
    /// Whose it is.
    pub schuldenaar: Oin,
    /// By when.
    pub uiterlijk: Tijdstip,
    /// How it stands.
    pub stand: Plichtstand,
    /// When it was met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voldaan_op: Option<Tijdstip>,
    /// The message that met it; absent where a signed word did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voldaan_door: Option<BerichtId>,
    /// What a review found, where the duty was a review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uitkomst: Option<Code>,
}

/// The open duties of one's own organisation, the most urgent first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plichten {
    /// Each of them.
    pub plichten: Vec<Plichtregel>,
}

/// A variant of a message type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variantweergave {
    /// Its code.
    pub code: Code,
    /// What it is for.
    pub omschrijving: String,
}

/// A message type of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Berichttypeweergave {
    /// Name and version on the wire.
    #[serde(rename = "type")]
    pub berichttype: Berichttype,
    /// Number in the catalogue.
    pub nummer: u8,
    /// What people call it.
    pub titel: String,
    /// What it is for.
    pub omschrijving: String,
    /// Its variants.
    pub varianten: Vec<Variantweergave>,
    /// Who may send it: kinds of partner, or words that are resolved against the case.
    pub van: Vec<String>,
    /// Who may receive it.
    pub naar: Vec<String>,
    /// Purposes.
    pub doelen: Vec<Doel>,
    /// Categories of data that its parts may hold.
    pub categorieen: Vec<Categorie>,
    /// Fewest parts.
    pub minimaal_delen: u8,
    /// Most parts.
    pub maximaal_delen: u8,
    /// Largest ciphertext of one part, in bytes.
    pub grootste_inhoud: u32,
    /// What the owner gives with it unless it says otherwise.
    pub wijze: Toegangswijze,
    /// What is allowed beyond reading unless the owner says otherwise.
    pub gebruik: Vec<Gebruik>,
    /// Types of which it may be the answer.
    pub antwoord_op: Vec<TypeNaam>,
}

/// The catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Berichttypen {
    /// Every message type.
    pub berichttypen: Vec<Berichttypeweergave>,
}

/// A covenant in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Convenantweergave {
    /// The covenant.
    pub convenant: ConvenantId,
    /// Digest of its policy version; goes into the `kop`.
    pub beleid: Digest,
    /// The policy bundle: compact JWS (`inbreng-beleid+jws`) of the covenant manager.
    pub bundel: String,
    /// From when, under which number: compact JWS (`inbreng-activering+jws`) of the covenant manager. Absent for the first
    /// version, which came with the installation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activering: Option<String>,
    /// That parties join: each signed by the party (`inbreng-toetreding+jws`) and countersigned by the covenant manager. Only these
    /// make a party.
    #[serde(default)]
    pub toetredingen: Vec<Medeondertekend>,
    /// That parties leave: compact JWS (`inbreng-uittreding+jws`) of the party.
    #[serde(default)]
    pub uittredingen: Vec<String>,
}

/// The covenants in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Convenanten {
    /// Each with its policy.
    pub convenanten: Vec<Convenantweergave>,
}

/// A partner as the directory shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partnerweergave {
    /// The partner.
    pub oin: Oin,
    /// Its name.
    pub naam: String,
    /// What kind of organisation it is.
    pub partnertype: Partnertype,
    /// Its statements, signed and countersigned; these count, the fields above only help to find them.
    pub gids: Gidsvermelding,
    /// How its deliveries are brought; absent where it fetches them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bezorgschema: Option<Bezorgschema>,
}

/// The directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partners {
    /// Every partner.
    pub partners: Vec<Partnerweergave>,
}

/// Who fills a role in a municipality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Routeringsregel {
    /// The role.
    pub rol: Partnertype,
    /// The partners that fill it, in order of OIN.
    pub partners: Vec<Oin>,
}

/// Routing in one municipality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Routering {
    /// The municipality.
    pub gemeente: GemeenteCode,
    /// Per role.
    pub rollen: Vec<Routeringsregel>,
}

/// A partner's own directory statement. Key statements are signed with the certificate in it: with a new certificate they come
/// along, so that there is no moment at which nothing can be sealed for the partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vermeldingverzoek {
    /// Compact JWS of the partner.
    pub verklaring: String,
    /// Compact JWS of the covenant manager over it.
    pub medeondertekening: String,
    /// The key statements, newest first; absent: those that stand stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sleutels: Option<Vec<Sleutelvermelding>>,
}

/// A partner's own key statements, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sleutelverzoek {
    /// Each signed by the partner, and proven by the key before it or confirmed by the covenant manager.
    pub sleutels: Vec<Sleutelvermelding>,
}

/// The log's newest signed head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpointantwoord {
    /// Compact JWS (`inbreng-checkpoint+jws`).
    pub checkpoint: String,
}

/// Proof that a leaf is in the log (RFC 6962 §2.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Insluitingsbewijs {
    /// Index of the leaf, from 0.
    pub index: u64,
    /// Size of the tree in which it is proven.
    pub omvang: u64,
    /// The hashes on the way to the root, lowest first.
    pub pad: Vec<Digest>,
}

/// Proof that a larger log continues a smaller one (RFC 6962 §2.1.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Samenhangbewijs {
    /// Smaller size.
    pub van: u64,
    /// Larger size.
    pub naar: u64,
    /// The hashes.
    pub pad: Vec<Digest>,
}

/// What a check of the whole log found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Logboekcontrole {
    /// Leaves that were read and recomputed.
    pub bladen: u64,
    /// The root that follows from them.
    pub wortel: Digest,
    /// Whether every leaf fits its record and the root is the one that the store keeps.
    pub klopt: bool,
    /// Index of the first leaf that does not fit its record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eerste_fout: Option<u64>,
}

/// A connected partner, as the transport needs it to check a client assertion.
#[derive(Debug, Clone)]
pub struct Aangeslotene {
    /// The partner.
    pub oin: Oin,
    /// Its name.
    pub naam: String,
    /// What kind of organisation it is.
    pub partnertype: Partnertype,
    /// Base64url of SHA-256 over its signing certificate: the `kid` of what it signs.
    pub kid: String,
    /// Its signing certificate, DER.
    pub certificaat: Vec<u8>,
    /// Until when that certificate is valid.
    pub geldig_tot: Tijdstip,
}

/// A further recipient for a part that was sent before: the owner's wrap and its word, and the same part again where its
/// ciphertext has left the hub.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Toegangsverzoek {
    /// The wrapped key.
    pub wrap: Sleutelwrap,
    /// For whom, and the owner's access statement.
    pub toegang: Toegang,
    /// The whole part object as it was sent; only needed where the hub says that its content has left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deel: Option<Deel>,
}
