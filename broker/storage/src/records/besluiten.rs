//! Decisions as they are recorded and read again.

use inbreng_domain::{BerichtId, DeelId, Oin, Uitkomst};

/// A decision to store: one record, never sampled.
#[derive(Debug, Clone)]
pub struct NieuwBesluit {
    /// The part; absent for the statement itself.
    pub deel: Option<DeelId>,
    /// The recipient.
    pub ontvanger: Oin,
    /// The outcome.
    pub uitkomst: Uitkomst,
    /// The first of the deciding rules, for counting.
    pub regel: Option<u8>,
    /// JSON of request and decision, replayable.
    pub record: String,
}

/// A decision as it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Besluitregel {
    /// Counts up with every decision of this store, from 1.
    pub nummer: u64,
    /// The message and its sender; absent where the message went to nobody and was not kept.
    pub bericht: Option<(Oin, BerichtId)>,
    /// The part; absent for the statement itself.
    pub deel: Option<DeelId>,
    /// The recipient.
    pub ontvanger: Oin,
    /// The outcome.
    pub uitkomst: Uitkomst,
    /// The record as it was given, byte for byte.
    pub record: String,
}
