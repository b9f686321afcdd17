//! What parties of covenants stated: that they join, that they leave. A list that only grows, per covenant.

use async_trait::async_trait;
use inbreng_domain::{ConvenantId, Oin, Tijdstip, convenant::Partijverklaringsoort};

use crate::{NieuwBlad, StoreResult};

/// A statement to store. Nothing of it ever changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partijverklaring {
    /// The covenant.
    pub convenant: ConvenantId,
    /// Who states it.
    pub partij: Oin,
    /// The party's own number for it; counts up over joining and leaving.
    pub volgnummer: u32,
    /// What it states.
    pub soort: Partijverklaringsoort,
    /// When it was stored.
    pub tijd: Tijdstip,
    /// As it was signed: compact JWS.
    pub verklaring: String,
    /// What the covenant manager added: compact JWS; absent where it takes none.
    pub medeondertekening: Option<String>,
}

/// One write: the statement with its leaf, or nothing.
#[derive(Debug, Clone)]
pub struct Partijschrift {
    /// The number of the covenant's statement that the writer saw last (0: none); when there are more, nothing is written. Absent:
    /// whatever there is.
    pub verwacht: Option<u32>,
    /// The statement.
    pub verklaring: Partijverklaring,
    /// Its leaf for the log.
    pub blad: NieuwBlad,
}

/// What became of a [`Partijschrift`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partijuitslag {
    /// Written; its number among the covenant's statements.
    Vastgelegd(u32),
    /// Someone was first: the number of the covenant's last statement. Nothing was written.
    Gewijzigd(u32),
    /// The party has stated something under this or a higher number. Nothing was written.
    NietNieuwer,
}

/// All statements, and the state that they belong to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Partijverklaringen {
    /// For [`crate::Beleidsgrens::stand`]: counts up with every statement, as with every change of the plan.
    pub stand: u64,
    /// By covenant, then by number: the first of a covenant has number 1, the next 2.
    pub alle: Vec<Partijverklaring>,
}

/// The parties of covenants.
#[async_trait]
pub trait Convenantpartijen: Send + Sync {
    /// Writes a statement, with its leaf. It is in force for the next decision: whoever decided before decides again.
    async fn partijverklaring_schrijven(&self, schrift: Partijschrift) -> StoreResult<Partijuitslag>;
    /// Every statement.
    async fn partijverklaringen(&self) -> StoreResult<Partijverklaringen>;
}
