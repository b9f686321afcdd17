//! What accepting a message writes: the message, its parts and their keys.

use inbreng_domain::{
    BerichtId, Berichttype, CasusRef, ConvenantId, DeelId, Digest, GemeenteCode, Oin, Tijdstip, Toestemming,
    vocabulary::{Categorie, Doel, Toegangswijze, Urgentie},
};

use super::{
    besluiten::NieuwBesluit,
    herzien::Aangehouden,
    leveringen::NieuweLevering,
    logboek::NieuwBlad,
    plichten::{NieuwePlicht, Voldoening},
    zaken::{Feitenstand, Zaakgevolg},
};

/// Everything that accepting one message writes, in one transaction.
#[derive(Debug, Clone)]
pub struct Aanname {
    /// The message.
    pub bericht: NieuwBericht,
    /// Its parts, without wraps.
    pub delen: Vec<NieuwDeel>,
    /// The wraps, with their access statements.
    pub wraps: Vec<NieuweWrap>,
    /// One decision per part and recipient (without part: on the statement itself).
    pub besluiten: Vec<NieuwBesluit>,
    /// One delivery per recipient that gets anything.
    pub leveringen: Vec<NieuweLevering>,
    /// What a recipient does not get now and may get later: it is decided again when its facts move.
    pub aangehouden: Vec<Aangehouden>,
    /// The duties that come with it and have a term.
    pub plichten: Vec<NieuwePlicht>,
    /// The duties that it meets or puts off.
    pub voldoeningen: Vec<Voldoening>,
    /// Effects on the case, applied in order.
    pub zaak: Vec<Zaakgevolg>,
    /// Consent to register (41).
    pub toestemmingen: Vec<Toestemming>,
    /// Leaves for the log, in order.
    pub bladen: Vec<NieuwBlad>,
    /// The facts on which the decisions rest; when they have moved, nothing is written.
    pub feiten: Feitenstand,
    /// The policy on which they rest; when it is in force no more, nothing is written.
    pub beleid: crate::Beleidsgrens,
}

/// A message to store.
#[derive(Debug, Clone)]
pub struct NieuwBericht {
    /// Sender.
    pub van: Oin,
    /// With the sender the idempotency key.
    pub id: BerichtId,
    /// SHA-256 over the RFC 8785 form of the envelope.
    pub digest: Digest,
    /// Type.
    pub berichttype: Berichttype,
    /// Case.
    pub casus: Option<CasusRef>,
    /// The message that it answers.
    pub antwoord_op: Option<BerichtId>,
    /// Lane.
    pub urgentie: Urgentie,
    /// Covenant.
    pub convenant: ConvenantId,
    /// Municipality.
    pub gemeente: Option<GemeenteCode>,
    /// CloudEvents `source`.
    pub bron: String,
    /// RFC 8785 text of `bericht`, its signature included.
    pub bericht: String,
    /// RFC 8785 text of `kop`, kept as evidence.
    pub kop: String,
    /// When accepted.
    pub aangenomen_op: Tijdstip,
    /// The signed receipt: the body of the 202, byte for byte.
    pub ontvangstbewijs: String,
}

/// A part to store: without its wraps.
#[derive(Debug, Clone)]
pub struct NieuwDeel {
    /// The part.
    pub id: DeelId,
    /// Its owner.
    pub eigenaar: Oin,
    /// Category, for view-only requests.
    pub categorie: Categorie,
    /// Purpose.
    pub doel: Doel,
    /// RFC 8785 text of the labels.
    pub labels: String,
    /// RFC 8785 text of the JWE without `recipients`.
    pub inhoud: String,
    /// The owner's proof.
    pub eigenaarsbewijs: String,
    /// Digest of the whole part object as it was sent.
    pub digest: Digest,
}

/// A wrap to store.
#[derive(Debug, Clone)]
pub struct NieuweWrap {
    /// Of which part.
    pub deel: DeelId,
    /// For whom.
    pub ontvanger: Oin,
    /// RFC 8785 text of the JWE recipient object.
    pub wrap: String,
    /// The owner's access statement; absent for the owner's own wrap.
    pub toegang: Option<String>,
    /// How it is given.
    pub wijze: Toegangswijze,
}

/// What became of an [`Aanname`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aannameuitslag {
    /// Stored durably now.
    Aangenomen,
    /// The same message was stored before: its digest and receipt.
    AlAanwezig {
        /// Digest of the message under this id.
        digest: Digest,
        /// Its receipt, byte for byte.
        ontvangstbewijs: String,
    },
    /// The facts or the policy have moved; decide again. Nothing was written.
    Verouderd,
    /// A part with this id came in an earlier message. Nothing was written.
    DeelBestaat(DeelId),
}

/// The message that is answered, as rules on answers need it.
#[derive(Debug, Clone)]
pub struct Beantwoord {
    /// Its sender.
    pub van: Oin,
    /// Its type.
    pub berichttype: Berichttype,
    /// Its case.
    pub casus: Option<CasusRef>,
    /// Who got it.
    pub ontvangers: Vec<Oin>,
    /// Those of them who have it or can fetch it: not for whom it is held, or has lapsed.
    pub bereikt: Vec<Oin>,
    /// The lane in which they got it; absent where nobody did.
    pub baan: Option<Urgentie>,
}

/// A part and who got it, whatever became of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deelhouders {
    /// Sender of its message.
    pub van: Oin,
    /// Its message.
    pub bericht: BerichtId,
    /// The case.
    pub casus: Option<CasusRef>,
    /// The category of data.
    pub categorie: Categorie,
    /// To whom it was delivered, or waits to be.
    pub houders: Vec<Oin>,
    /// Those of them who have it or can fetch it: not for whom it is held, or has lapsed.
    pub bereikt: Vec<Oin>,
}
