//! Bringing deliveries to who registered a callback: where to, what is due, who is at it now, and what nobody could bring.
//!
//! A delivery stands here from the moment on which it is open for a recipient with a callback until it is received, refused,
//! held or lapsed; a store keeps that in the transaction that changes the delivery. Of one case, recipient and lane only the
//! first is due: what stands behind it waits until it was taken, has ended, or became a dead letter.

use async_trait::async_trait;
use inbreng_domain::{
    LeveringId, Oin, Tijdstip,
    terugroep::{Bezorggrens, Bezorging, Bezorgreden, Dodeletter},
    vocabulary::Urgentie,
};

use crate::{NieuwBlad, OpenLevering, StoreResult};

/// A partner's callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terugroepregel {
    /// The partner.
    pub oin: Oin,
    /// The number of its statement.
    pub volgnummer: u32,
    /// Whether it names an address.
    pub actief: bool,
    /// JSON of the request that placed it: the signed statement, and its countersignature.
    pub record: String,
}

/// What became of a [`Terugroepregel`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terugroepuitslag {
    /// It stands now.
    Geplaatst,
    /// It stood already.
    AlGeplaatst,
    /// One with this number or a higher one stands.
    Bezet,
}

/// What one process wants to bring now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Greep {
    /// To whom.
    pub ontvanger: Oin,
    /// In which lane.
    pub baan: Urgentie,
    /// How many at most.
    pub hoogstens: u32,
    /// When.
    pub nu: Tijdstip,
    /// Until when nobody else may take them. A process that dies loses them then.
    pub tot: Tijdstip,
}

/// A delivery that was taken to be brought. Its attempt is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Genomen {
    /// The delivery.
    pub levering: LeveringId,
    /// Which attempt this is, from 1: who ends it must name it.
    pub poging: u32,
    /// About how many bytes it has.
    pub omvang: u64,
    /// Why the attempt before failed; [`Bezorgreden::Afgebroken`] where its process never said.
    pub vorige: Option<Bezorgreden>,
}

/// A delivery that is due and that nobody has taken: the first of a recipient in a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wachtend {
    /// For whom.
    pub ontvanger: Oin,
    /// In which lane.
    pub baan: Urgentie,
    /// Which.
    pub levering: LeveringId,
}

/// How an attempt ended.
#[derive(Debug, Clone)]
pub enum Pogingsuitslag {
    /// The recipient took it: it is not tried again.
    Bezorgd,
    /// It failed, and is tried again at that moment.
    Opnieuw {
        /// When.
        op: Tijdstip,
        /// Why.
        reden: Bezorgreden,
        /// The status of the answer, where there was one.
        status: Option<u16>,
    },
    /// It failed, and was the last.
    Dood(Doodsoorzaak),
    /// It was not made: the delivery may not be handed out now. It does not count.
    NietGedaan {
        /// When it is looked at again.
        op: Tijdstip,
    },
}

/// Why a delivery becomes a dead letter.
#[derive(Debug, Clone)]
pub struct Doodsoorzaak {
    /// Why the last attempt failed.
    pub reden: Bezorgreden,
    /// The status of the last answer.
    pub status: Option<u16>,
    /// Which bound.
    pub grens: Bezorggrens,
    /// Its leaf for the log.
    pub blad: NieuwBlad,
}

/// The end of an attempt.
#[derive(Debug, Clone)]
pub struct Afronding {
    /// The recipient.
    pub ontvanger: Oin,
    /// The delivery.
    pub levering: LeveringId,
    /// Which attempt; absent for a delivery that grew too old without one.
    pub poging: Option<u32>,
    /// When.
    pub nu: Tijdstip,
    /// How it ended.
    pub uitslag: Pogingsuitslag,
}

/// A delivery that is past its final age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verlopen {
    /// The delivery.
    pub levering: LeveringId,
    /// Attempts.
    pub pogingen: u32,
    /// Why the last one failed; absent when there was none.
    pub reden: Option<Bezorgreden>,
    /// The status of the last answer.
    pub status: Option<u16>,
    /// Whether the recipient took it, and never signed.
    pub bezorgd: bool,
}

/// A delivery with how bringing it goes, for its sender.
pub type Bezorgstand = Bezorging;

/// Callbacks and what is brought to them.
#[async_trait]
pub trait Bezorgingen: Send + Sync {
    /// Places a callback with its log leaf, where its number is higher than what stands. From then on every open delivery of
    /// this partner is due; without an address none is.
    async fn terugroep_plaatsen(&self, regel: Terugroepregel, blad: NieuwBlad) -> StoreResult<Terugroepuitslag>;
    /// All callbacks, by OIN.
    async fn terugroepen(&self) -> StoreResult<Vec<Terugroepregel>>;
    /// For each recipient with a callback, and in each lane, the first that is due and that nobody has taken: at most two for
    /// each, however much waits.
    async fn wachtende_bezorgingen(&self, nu: Tijdstip) -> StoreResult<Vec<Wachtend>>;
    /// Takes what is due, so that no other process brings it meanwhile: first what was never tried, in order of acceptance;
    /// then what is tried again, the longest due first.
    async fn bezorging_nemen(&self, greep: Greep) -> StoreResult<Vec<Genomen>>;
    /// A delivery as it may be handed out now; `None` when it has ended, is held, or must be decided again first
    /// ([`crate::Zaken::te_herzien`]).
    async fn te_bezorgen(&self, ontvanger: Oin, levering: LeveringId) -> StoreResult<Option<OpenLevering>>;
    /// Writes how an attempt ended. False: it was not this process's any more, or the delivery has ended; nothing was written.
    async fn bezorging_afronden(&self, afronding: Afronding) -> StoreResult<bool>;
    /// When something is due next after this moment; `None` when nothing is.
    async fn volgende_bezorging(&self, ontvanger: Oin, na: Tijdstip) -> StoreResult<Option<Tijdstip>>;
    /// The recipient is back, or the clock was set back: what waits beyond `nu` for its next attempt is due at once. What is under way
    /// stays with whoever has it, unless it would be for more than two minutes from `nu`: no attempt lasts so long.
    async fn bezorging_versnellen(&self, ontvanger: Oin, nu: Tijdstip) -> StoreResult<()>;
    /// Starts the clock of what is new, and gives what has waited since before `voor` and is not being brought now.
    async fn verlopen_bezorgingen(
        &self,
        ontvanger: Oin,
        voor: Tijdstip,
        nu: Tijdstip,
        hoogstens: u32,
    ) -> StoreResult<Vec<Verlopen>>;
    /// Dead letters that this partner sent or should have got, after the place of `na`; the oldest delivery first.
    async fn dode_letters(&self, wie: Oin, na: Option<LeveringId>, hoogstens: u32) -> StoreResult<Vec<Dodeletter>>;
    /// Has a dead letter brought again, as if it were new, with its log leaf. `None` where it is none, or not this partner's;
    /// otherwise its recipient.
    async fn herbezorgen(&self, wie: Oin, levering: LeveringId, nu: Tijdstip, blad: NieuwBlad) -> StoreResult<Option<Oin>>;
}
