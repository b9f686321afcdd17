//! How long things are kept (R40): what waits too long leaves, evidence ends, and so does the reference of a closed case.
//!
//! Each step is bounded, in one transaction, and does nothing twice: it may be cut off anywhere, and any process may go on.

use async_trait::async_trait;
use inbreng_domain::{BerichtId, LeveringId, Oin, Tijdstip};

use crate::{NieuwBlad, StoreResult};

/// The kinds of leaf that are evidence of decisions and deliveries: after the term their record and salt go, their hash stays,
/// and what that hash is over beside them.
/// What says who partners, parties and versions were stays as it is: older signatures are checked against it.
pub const SNOEIBARE_BLADEN: [&str; 15] = [
    "bericht",
    "besluit",
    "toets",
    "toets-nodig",
    "ontvangst",
    "gelezen",
    "weigering",
    "inzage",
    "overzicht",
    "niet-gedeeld",
    "toegang",
    "toetsuitslag",
    "dode-letter",
    "herbezorging",
    "verlopen",
];

/// A delivery that waited for its recipient until its term was over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verstreken {
    /// The delivery.
    pub levering: LeveringId,
    /// The message.
    pub bericht: BerichtId,
    /// Its sender.
    pub van: Oin,
    /// Who did not fetch it.
    pub ontvanger: Oin,
    /// Until when it waited.
    pub bewaren_tot: Tijdstip,
    /// It still waits. False: its recipient refused it, and only its content is left.
    pub open: bool,
}

/// What one step of pruning did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Snoeisel {
    /// Messages of which nothing is left but the hashes of their leaves.
    pub berichten: u64,
    /// Leaves of which the record went.
    pub bladen: u64,
    /// Where the next step goes on; absent: there is nothing older than the limit behind it.
    pub verder: Option<u64>,
}

/// The terms of R40.
#[async_trait]
pub trait Bewaren: Send + Sync {
    /// Takes the task for this process until `tot`; false while another process has it.
    async fn opruimtaak_nemen(&self, wie: &str, nu: Tijdstip, tot: Tijdstip) -> StoreResult<bool>;
    /// Deliveries whose term is over, the longest over first. What is held is not among them.
    async fn verstreken(&self, nu: Tijdstip, hoogstens: u32) -> StoreResult<Vec<Verstreken>>;
    /// Ends these deliveries, each with its log leaf, where their term is over still: an open one lapses, and the parts that
    /// nobody else waits for lose ciphertext and wraps. Gives how many ended.
    async fn laten_verlopen(&self, nu: Tijdstip, wat: Vec<(LeveringId, NieuwBlad)>) -> StoreResult<u64>;
    /// Parts of messages accepted up to `tot` that are kept for a later step that did not come (a question that no human
    /// answered, a fallback): ciphertext and wraps leave, unless something is held or waits. Gives how many.
    async fn wachtende_delen_wissen(&self, tot: Tijdstip, hoogstens: u32) -> StoreResult<u64>;
    /// Evidence up to `tot`: messages behind place `na` with all that was decided, delivered and said about them, and records of
    /// leaves ([`SNOEIBARE_BLADEN`]). What waits or is held stays whole. Hashes and nodes stay: every proof keeps holding.
    /// The leaf `veegblad` says so in the log; it is written where records of leaves went, and with them.
    async fn bewijs_snoeien(
        &self,
        tot: Tijdstip,
        na: u64,
        nu: Tijdstip,
        hoogstens: u32,
        veegblad: Option<NieuwBlad>,
    ) -> StoreResult<Snoeisel>;
    /// Ends the reference of cases closed up to `tot`, of all that are joined: it is unknown from then on, and what was stated in
    /// them is gone. Consent stays while evidence of a delivery in that case does. Gives how many.
    async fn zaken_beeindigen(&self, tot: Tijdstip, nu: Tijdstip, hoogstens: u32) -> StoreResult<u64>;
    /// Removes what is left of ended cases, consent included, once no evidence of a message in them is left. Gives how many.
    async fn zaken_opruimen(&self, hoogstens: u32) -> StoreResult<u64>;
}
