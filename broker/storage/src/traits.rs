//! The repositories.

use async_trait::async_trait;

use inbreng_domain::{
    BerichtId, CasusRef, Code, DeelId, Digest, LeveringId, Oin, Tijdstip,
    vocabulary::{Doel, Urgentie},
};

use crate::{
    bewaren::Bewaren,
    bezorging::Bezorgingen,
    naslag::Naslag,
    overzicht::Overzichten,
    partijen::Convenantpartijen,
    records::*,
    versies::{Beleidsgrens, Versies},
};

/// Why a store could not do what was asked. Nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The store does not answer or does not write; try later.
    #[error("store unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No room left on the device.
    #[error("no space left in store")]
    Full,
    /// The write contradicts itself or what is stored (a delivery of a part that is not there): a fault of the caller.
    #[error("write contradicts the store: {what}")]
    Conflict {
        /// What does not fit.
        what: &'static str,
    },
    /// What is stored cannot be read back.
    #[error("stored value is corrupt: {what}")]
    Corrupt {
        /// Which table or column.
        what: &'static str,
    },
}

/// The result of every repository method.
pub type StoreResult<T> = Result<T, StoreError>;

/// About how much sealed text one look into a mailbox brings into memory at most.
pub const POSTVAK_BYTES: u64 = 16 * 1024 * 1024;

/// Messages and decisions.
#[async_trait]
pub trait Berichten: Send + Sync {
    /// Writes everything of one message in one durable transaction, together with others that arrive meanwhile.
    async fn aannemen(&self, aanname: Aanname) -> StoreResult<Aannameuitslag>;
    /// Writes the decisions on a message that goes to nobody, with their log leaves: the message is not kept, why it was
    /// refused is (R41). False when the policy that decided is in force no more: nothing was written then. What is acute waits for
    /// nothing that is not; so only what was counted as acute may say so.
    async fn besluiten_in_baan(
        &self,
        besluiten: Vec<NieuwBesluit>,
        bladen: Vec<NieuwBlad>,
        beleid: Beleidsgrens,
        baan: Urgentie,
    ) -> StoreResult<bool>;
    /// The same of what is not acute.
    async fn besluiten_vastleggen(
        &self,
        besluiten: Vec<NieuwBesluit>,
        bladen: Vec<NieuwBlad>,
        beleid: Beleidsgrens,
    ) -> StoreResult<bool> {
        self.besluiten_in_baan(besluiten, bladen, beleid, Urgentie::Normaal).await
    }
    /// The digest and receipt of a message, if it was accepted.
    async fn ontvangstbewijs(&self, van: Oin, id: BerichtId) -> StoreResult<Option<(Digest, String)>>;
    /// The sender's view of its own message; `None` for anyone else's.
    async fn status(&self, van: Oin, id: BerichtId) -> StoreResult<Option<Berichtstatus>>;
    /// The messages that an answer may refer to, the first accepted first: senders name their messages themselves, so two may
    /// bear one id, and who copies another's id must not get its answers.
    async fn beantwoord(&self, id: BerichtId) -> StoreResult<Vec<Beantwoord>>;
    /// RFC 8785 text of the `bericht` that this sender sent under this number.
    async fn berichttekst(&self, van: Oin, id: BerichtId) -> StoreResult<Option<String>>;
    /// Decisions in the order in which they were taken, after number `na`, at most `hoogstens`: to replay them, to try a
    /// draft on them, to export them.
    async fn besluiten(&self, na: u64, hoogstens: u32) -> StoreResult<Vec<Besluitregel>>;
    /// Who got a part, for a correction that must reach them and nobody else (R31); `None` for an unknown part.
    async fn deelhouders(&self, deel: DeelId) -> StoreResult<Option<Deelhouders>>;
    /// The parts of a message that were delivered to this recipient, or wait to be, in their order.
    async fn gekregen_delen(&self, van: Oin, bericht: BerichtId, ontvanger: Oin) -> StoreResult<Vec<DeelId>>;
    /// Counts.
    async fn tellingen(&self) -> StoreResult<Tellingen>;
}

/// Deliveries.
#[async_trait]
pub trait Leveringen: Send + Sync {
    /// Open deliveries of a recipient, decided on the facts of now ([`Zaken::te_herzien`] has the others): acute first, then
    /// in order of acceptance. Fewer than `hoogstens` when they are large together ([`POSTVAK_BYTES`]), never none while one
    /// is open.
    async fn open_leveringen(&self, ontvanger: Oin, hoogstens: u32) -> StoreResult<Vec<OpenLevering>> {
        self.open_leveringen_na(ontvanger, Postvakplek::default(), hoogstens).await
    }
    /// The same, of what lies behind a place in the mailbox: deliveries before it may still be open, and hold nobody up.
    async fn open_leveringen_na(&self, ontvanger: Oin, na: Postvakplek, hoogstens: u32) -> StoreResult<Vec<OpenLevering>>;
    /// A delivery of this recipient.
    async fn levering(&self, ontvanger: Oin, id: LeveringId) -> StoreResult<Option<Leveringskop>>;
    /// Writes a recipient's signed word, with its log leaf, in one transaction.
    async fn leveringsbericht(
        &self,
        ontvanger: Oin,
        id: LeveringId,
        wat: Leveringsbericht,
        verklaring: String,
        blad: NieuwBlad,
    ) -> StoreResult<Leveringsuitslag>;
    /// A part that was delivered to this recipient and not refused by it, with its wrap for the purpose of the part.
    async fn inzagedeel(&self, ontvanger: Oin, deel: DeelId) -> StoreResult<Option<Inzagedeel>> {
        self.inzagedeel_voor(ontvanger, deel, None).await
    }
    /// The same, with the wrap that its owner gave for this purpose, where there is one.
    async fn inzagedeel_voor(&self, ontvanger: Oin, deel: DeelId, doel: Option<Doel>) -> StoreResult<Option<Inzagedeel>>;
    /// What lies here of a recipient's access to a part for this purpose (nothing: that of the part), whether it was given out or waits.
    async fn liggende_toegang(&self, ontvanger: Oin, deel: DeelId, doel: Option<Doel>) -> StoreResult<Option<Liggend>>;
    /// A part that this partner sent, for a further recipient.
    async fn toegangsdeel(&self, van: Oin, deel: DeelId) -> StoreResult<Option<Toegangsdeel>>;
    /// Writes a further recipient's wrap and its delivery, in one transaction.
    async fn aanvullen(&self, aanvulling: Aanvulling) -> StoreResult<Aanvullingsuitslag>;
    /// Writes a reading, with its log leaf, in one transaction; a nonce counts once per recipient. The key is handed out only
    /// where the facts of the case, and the policy, are still those that it was decided on: a recall that came first counts.
    async fn inzage(
        &self,
        inzage: Inzage,
        nonce: String,
        verklaring: String,
        blad: NieuwBlad,
        op: Inzagegrens,
    ) -> StoreResult<Inzageuitslag>;
}

/// Cases: participation, responsibility, consent, flags, embargoes; and what must be decided again when these move.
#[async_trait]
pub trait Zaken: Send + Sync {
    /// The state of a case; `bestaat: false` for an unknown one.
    async fn zaakstand(&self, casus: CasusRef) -> StoreResult<Zaakstand>;
    /// Of this case and owner every part in a delivery that was received or waits: for whom, its labels, and the newest
    /// decision that let it go for the purpose of that delivery, as [`NieuwBesluit::record`].
    async fn geleverde_delen(&self, casus: CasusRef, eigenaar: Oin) -> StoreResult<Vec<(Oin, String, String)>>;
    /// What waits for this recipient and was decided on facts that have moved since, about so many at most; the oldest first. What
    /// is held, with or without a delivery, counts also when the policy that held it is in force no more at `nu`.
    async fn te_herzien(&self, ontvanger: Oin, hoogstens: u32, nu: Tijdstip) -> StoreResult<Vec<TeHerzien>>;
    /// For whom something is held under a policy that is in force no more at `nu`.
    async fn aangehouden_onder_ander_beleid(&self, nu: Tijdstip) -> StoreResult<Vec<Oin>>;
    /// Writes a decision made again, in one transaction.
    async fn herzien(&self, herziening: Herziening) -> StoreResult<Herzieningsuitslag>;
}

/// Duties that are followed until they are met.
#[async_trait]
pub trait Plichten: Send + Sync {
    /// The open duties of a partner, the first to end in front.
    async fn open_plichten(&self, schuldenaar: Oin, hoogstens: u32) -> StoreResult<Vec<Plicht>>;
    /// The duties that came with a message of this sender.
    async fn plichten_van(&self, van: Oin, bericht: BerichtId) -> StoreResult<Vec<Plicht>>;
    /// By sender how often the emergency path was used in messages accepted from one instant up to another, in order of OIN.
    async fn noodgebruik(&self, vanaf: Tijdstip, tot: Tijdstip) -> StoreResult<Vec<Noodtelling>>;
    /// Writes what the review of a message of this sender found, with its log leaf, in one transaction: the duty is met.
    async fn toets_vastleggen(
        &self,
        van: Oin,
        bericht: BerichtId,
        uitkomst: Code,
        verklaring: String,
        blad: NieuwBlad,
    ) -> StoreResult<Plichtuitslag>;
}

/// Directory statements.
#[async_trait]
pub trait Gidsen: Send + Sync {
    /// Replaces or adds a partner's statements, with a log leaf; bumps [`Feitenstand::gids`]. Its freezes are left as they stand.
    async fn gids_bijwerken(&self, regel: Gidsregel, blad: NieuwBlad) -> StoreResult<()>;
    /// Adds a freeze of a partner's key (compact JWS, with its digest) for ever, with a log leaf; bumps [`Feitenstand::gids`]. The same again
    /// is there once.
    async fn sleutel_bevriezen(&self, oin: Oin, digest: Digest, verklaring: String, blad: NieuwBlad) -> StoreResult<()>;
    /// All partners with their freezes, and the state for [`Feitenstand::gids`].
    async fn gids(&self) -> StoreResult<(Vec<Gidsregel>, u64)>;
}

/// The Merkle log.
#[async_trait]
pub trait Logboek: Send + Sync {
    /// Adds leaves that belong to no other write. What is acute waits for nothing that is not; so only what was counted as acute may say so.
    async fn bladen_in_baan(&self, bladen: Vec<NieuwBlad>, baan: Urgentie) -> StoreResult<()>;
    /// The same of what is not acute.
    async fn bladen_toevoegen(&self, bladen: Vec<NieuwBlad>) -> StoreResult<()> {
        self.bladen_in_baan(bladen, Urgentie::Normaal).await
    }
    /// From which leaf on the hash of a leaf covers its kind (ADR 19).
    async fn soort_vanaf(&self) -> StoreResult<u64>;
    /// Number of leaves and RFC 6962 root.
    async fn hoofd(&self) -> StoreResult<(u64, Digest)>;
    /// The index of a leaf hash.
    async fn bladindex(&self, hash: Digest) -> StoreResult<Option<u64>>;
    /// RFC 6962 inclusion proof of leaf `index` in the tree of `omvang` leaves; `None` when out of range.
    async fn insluitingsbewijs(&self, index: u64, omvang: u64) -> StoreResult<Option<Vec<Digest>>>;
    /// RFC 6962 consistency proof between two sizes; `None` when out of range.
    async fn samenhangbewijs(&self, van: u64, naar: u64) -> StoreResult<Option<Vec<Digest>>>;
    /// Nodes of the tree by level and index (level 0 is the leaves), each in its place; `None` where it is not stored.
    async fn knopen(&self, welke: &[(u8, u64)]) -> StoreResult<Vec<Option<[u8; 32]>>>;
    /// Leaves from `vanaf`, at most `hoogstens`, for verification and export.
    async fn bladen(&self, vanaf: u64, hoogstens: u32) -> StoreResult<Vec<Blad>>;
}

/// Client assertions of the token endpoint count once (RFC 7523 §3, `jti`).
#[async_trait]
pub trait Tokens: Send + Sync {
    /// Remembers a `jti` until it expires; false when it was seen before. Durable, so that a restart forgets nothing.
    async fn jti_gebruiken(&self, partner: Oin, jti: String, verloopt: Tijdstip, nu: Tijdstip) -> StoreResult<bool>;
}

/// All repositories of one store.
pub trait Store:
    Berichten
    + Leveringen
    + Bezorgingen
    + Zaken
    + Plichten
    + Overzichten
    + Gidsen
    + Versies
    + Convenantpartijen
    + Logboek
    + Naslag
    + Bewaren
    + Tokens
    + std::fmt::Debug
{
}
impl<T> Store for T where
    T: Berichten
        + Leveringen
        + Bezorgingen
        + Zaken
        + Plichten
        + Overzichten
        + Gidsen
        + Versies
        + Convenantpartijen
        + Logboek
        + Naslag
        + Bewaren
        + Tokens
        + std::fmt::Debug
{
}
