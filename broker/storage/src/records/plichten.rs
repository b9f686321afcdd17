//! Duties: owed, met, put off (R9, R32, R35).

use inbreng_domain::{BerichtId, Code, Oin, RegelId, Tijdstip};

/// A duty to follow until it is met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NieuwePlicht {
    /// Which.
    pub soort: Code,
    /// The rule that asks it.
    pub regel: RegelId,
    /// Whose it is.
    pub schuldenaar: Oin,
    /// The recipient with whose delivery it came; absent where it came with the message as a whole.
    pub ontvanger: Option<Oin>,
    /// About what within its kind: a person's reference, the subject of an embargo.
    pub over: Option<String>,
    /// By when.
    pub uiterlijk: Tijdstip,
}

/// What meets duties of the sender in its case, or puts them off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voldoening {
    /// Which kind.
    pub soort: Code,
    /// About what within its kind.
    pub over: String,
    /// Until when they are put off; absent: they are met.
    pub uitstel: Option<Tijdstip>,
}

/// A duty as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plicht {
    /// Which.
    pub soort: Code,
    /// The rule that asks it.
    pub regel: RegelId,
    /// The message that it came with, or the number of what a person asked (R33).
    pub bericht: BerichtId,
    /// Whose it is.
    pub schuldenaar: Oin,
    /// By when.
    pub uiterlijk: Tijdstip,
    /// When it was met.
    pub voldaan_op: Option<Tijdstip>,
    /// The message that met it.
    pub voldaan_door: Option<BerichtId>,
    /// What a review found.
    pub uitkomst: Option<Code>,
}

/// How often one organisation used the emergency path (R9, R35): each message once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noodtelling {
    /// The sender.
    pub organisatie: Oin,
    /// Messages of which a review afterwards is owed, or was done.
    pub aantal: u64,
    /// Of how many it was done.
    pub getoetst: u64,
}

/// What became of a signed word that meets a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plichtuitslag {
    /// Written now.
    Vastgelegd,
    /// It was met before.
    AlVastgelegd,
    /// No such duty of this partner.
    Onbekend,
}
