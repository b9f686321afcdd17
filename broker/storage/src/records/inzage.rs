//! A part that is read at the hub, or that gets one more recipient.

use inbreng_domain::{
    BerichtId, CasusRef, Code, DeelId, Digest, Oin, Tijdstip,
    vocabulary::{Doel, Toegangswijze},
};

use super::{
    aannemen::NieuweWrap,
    besluiten::NieuwBesluit,
    leveringen::{NieuweLevering, Wrap},
    logboek::NieuwBlad,
    plichten::NieuwePlicht,
    zaken::Feitenstand,
};

/// One reading of a view-only part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inzage {
    /// The part.
    pub deel: DeelId,
    /// Reader's organisation.
    pub ontvanger: Oin,
    /// Reader's function.
    pub functie: Code,
    /// Purpose.
    pub doel: Doel,
    /// When.
    pub tijd: Tijdstip,
}

/// A view-only part, for the decision on a reading.
#[derive(Debug, Clone)]
pub struct Inzagedeel {
    /// Sender of the message.
    pub van: Oin,
    /// Text of the labels.
    pub labels: String,
    /// How this recipient gets the key.
    pub wijze: Toegangswijze,
    /// The wrap and statement.
    pub sleutel: Wrap,
}

/// A part of its sender, as a further wrap is judged against it.
#[derive(Debug, Clone)]
pub struct Toegangsdeel {
    /// Its message.
    pub bericht: BerichtId,
    /// Text of the labels.
    pub labels: String,
    /// Digest of the whole part object as it was sent.
    pub digest: Digest,
    /// Text of the JWE without `recipients`; absent after it has left (R40).
    pub inhoud: Option<String>,
}

/// What lies here of a recipient's access to a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Liggend {
    /// The owner's access statement.
    pub toegang: String,
    /// Whether a delivery with it is still open or held, or its step has not come.
    pub komt_nog: bool,
    /// Where it lies.
    pub plek: Vervangt,
}

/// Where a wrap lies that another takes the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vervangt {
    /// By itself.
    Wrap,
    /// With the content of its part, among those of others.
    BijInhoud,
}

/// A further recipient for a part that was accepted before: everything it writes, in one transaction.
#[derive(Debug, Clone)]
pub struct Aanvulling {
    /// Sender of the message, and owner of the part.
    pub van: Oin,
    /// The message.
    pub bericht_id: BerichtId,
    /// The case.
    pub casus: Option<CasusRef>,
    /// The wrap; it names part and recipient.
    pub wrap: NieuweWrap,
    /// The content again, where the owner brought it: RFC 8785 text of the JWE without `recipients`.
    pub inhoud: Option<String>,
    /// For what it is given, where that is another purpose than that of the part: it stands beside what the recipient has for that.
    pub doel: Option<Doel>,
    /// Whether it takes the place of the wrap that this recipient has, or that waits for it, under a key that was frozen since. Then there
    /// is no further delivery.
    pub vervangt: Option<Vervangt>,
    /// The delivery, of this part alone.
    pub levering: NieuweLevering,
    /// The decision.
    pub besluiten: Vec<NieuwBesluit>,
    /// The duties that come with it.
    pub plichten: Vec<NieuwePlicht>,
    /// Leaves for the log, in order.
    pub bladen: Vec<NieuwBlad>,
    /// The facts on which it rests.
    pub feiten: Feitenstand,
    /// The policy on which it rests.
    pub beleid: crate::Beleidsgrens,
}

/// What became of an [`Aanvulling`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aanvullingsuitslag {
    /// Written now.
    Vastgelegd,
    /// This recipient has a wrap of this part already. One that is only kept for a fallback is replaced; and so is the wrap of a view-only
    /// part where [`Aanvulling::vervangt`] says so, with the leaves and decisions.
    AlGegeven,
    /// The content has left, and was not brought again. Nothing was written.
    InhoudWeg,
    /// The facts or the policy have moved; decide again. Nothing was written.
    Verouderd,
}

/// What a reading was decided on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inzagegrens {
    /// The case that has the facts, also of a message without one.
    pub casus: CasusRef,
    /// The facts.
    pub feiten: Feitenstand,
    /// The policy.
    pub beleid: crate::Beleidsgrens,
}

/// What became of a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inzageuitslag {
    /// Logged now: hand out the wrap.
    Vastgelegd,
    /// This nonce was used before.
    Herhaald,
    /// The facts or the policy have moved; decide again. Nothing was written.
    Verouderd,
}
