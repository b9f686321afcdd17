//! What is held, and what is decided again.

use inbreng_domain::{
    BerichtId, Berichttype, CasusRef, Code, ConvenantId, DeelId, LeveringId, Oin, Tijdstip,
    vocabulary::{Toegangswijze, Urgentie},
};

use super::{
    besluiten::NieuwBesluit,
    leveringen::{Leveringsstaat, NieuweLevering},
    logboek::NieuwBlad,
    plichten::NieuwePlicht,
    zaken::{Feitenstand, Zaakgevolg},
};

/// A part, or the statement itself, that waits for someone else: held, or a question to an owner or an officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aangehouden {
    /// The part; absent for the statement itself.
    pub deel: Option<DeelId>,
    /// For whom.
    pub ontvanger: Oin,
    /// The function addressed.
    pub functie: Option<Code>,
    /// How its key would be given.
    pub wijze: Toegangswijze,
    /// Of a fallback: from when it may go. Until then it waits for nothing else, whatever moves.
    pub vanaf: Option<Tijdstip>,
}

/// What is decided again: of one message for one recipient an open delivery, or what is held, whose facts have moved.
#[derive(Debug, Clone)]
pub struct TeHerzien {
    /// Sender of the message.
    pub van: Oin,
    /// The message.
    pub bericht_id: BerichtId,
    /// Its type.
    pub berichttype: Berichttype,
    /// Its case.
    pub casus: Option<CasusRef>,
    /// The message that it answers.
    pub antwoord_op: Option<BerichtId>,
    /// Its covenant.
    pub convenant: ConvenantId,
    /// Its lane.
    pub urgentie: Urgentie,
    /// The recipient.
    pub ontvanger: Oin,
    /// The function addressed.
    pub functie: Option<Code>,
    /// The delivery; absent for what is held without one.
    pub levering: Option<LeveringId>,
    /// What it holds, in order.
    pub onderdelen: Vec<TeHerzienDeel>,
}

/// One part, or the statement itself, of a [`TeHerzien`].
#[derive(Debug, Clone)]
pub struct TeHerzienDeel {
    /// The part; absent for the statement itself.
    pub deel: Option<DeelId>,
    /// Text of its labels.
    pub labels: Option<String>,
    /// How its key is given.
    pub wijze: Toegangswijze,
    /// The owner's access statement for this recipient, where its key is there.
    pub toegang: Option<String>,
    /// The newest decision on it for this recipient, as [`NieuwBesluit::record`].
    pub record: String,
}

/// A decision made again, to write in one transaction.
#[derive(Debug, Clone)]
pub struct Herziening {
    /// Sender of the message.
    pub van: Oin,
    /// The message.
    pub bericht_id: BerichtId,
    /// Its case.
    pub casus: Option<CasusRef>,
    /// The recipient.
    pub ontvanger: Oin,
    /// The facts on which it rests; when they have moved, nothing is written.
    pub feiten: Feitenstand,
    /// The policy on which it rests; when it is in force no more, nothing is written.
    pub beleid: crate::Beleidsgrens,
    /// What becomes of it.
    pub uitkomst: Herzien,
    /// The decisions.
    pub besluiten: Vec<NieuwBesluit>,
    /// The duties that come with it, where it is delivered now.
    pub plichten: Vec<NieuwePlicht>,
    /// Effects on the case, where it is delivered now.
    pub zaak: Vec<Zaakgevolg>,
    /// Leaves for the log, in order.
    pub bladen: Vec<NieuwBlad>,
}

/// What a decision made again does.
#[derive(Debug, Clone)]
pub enum Herzien {
    /// Of an open or held delivery.
    Levering {
        /// Which.
        id: LeveringId,
        /// Open (waits for its recipient), held, or lapsed.
        staat: Leveringsstaat,
        /// What its recipient is told.
        besluiten: String,
        /// As [`NieuweLevering::bewaren_tot`], where it was held and is open again.
        bewaren_tot: Tijdstip,
        /// What comes in its place, where it lapses because not all of it may go: what was handed out under the old number can
        /// still be signed for as it was.
        vervangen_door: Option<NieuweLevering>,
    },
    /// Of what is held without a delivery: all that is held of this message for this recipient.
    Aangehouden {
        /// What stays held.
        blijft: Vec<Aangehouden>,
        /// What is delivered now.
        levering: Option<NieuweLevering>,
    },
}

/// What became of a [`Herziening`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Herzieningsuitslag {
    /// Written.
    Vastgelegd,
    /// The facts moved, or the delivery ended meanwhile. Nothing was written.
    Verouderd,
}
