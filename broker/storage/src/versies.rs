//! Policy versions: immutable content, a history that only grows, and the plan of what is in force from when.

use async_trait::async_trait;
use inbreng_domain::{
    ConvenantId, Digest, Oin, Tijdstip,
    versie::{Beheerfunctie, Versiestaat, Versiestapsoort},
};

use crate::{NieuwBlad, StoreResult};

/// Until when a decision may be recorded: the policy that it rests on, as it stood when the decision was made. A store compares
/// it inside the transaction that records the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Beleidsgrens {
    /// From [`Beleidsplan::stand`].
    pub stand: u64,
    /// From this instant on another version is in force, or none. Compared with the store's clock.
    pub tot: Option<Tijdstip>,
}

/// A version to store. Nothing of it ever changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NieuweVersie {
    /// Digest of the bundle: the identity of the version.
    pub versie: Digest,
    /// The covenant.
    pub convenant: ConvenantId,
    /// The number that the bundle bears.
    pub nummer: u32,
    /// Digest of the tables.
    pub tabellen_digest: Digest,
    /// RFC 8785 text of the bundle.
    pub bundel: String,
    /// RFC 8785 text of the list of tables.
    pub tabellen: String,
    /// Who handed it in; absent for what came with the installation.
    pub auteur: Option<Oin>,
}

/// A step of a version's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versiestap {
    /// What was done.
    pub soort: Versiestapsoort,
    /// How far the version is then.
    pub staat: Versiestaat,
    /// When.
    pub tijd: Tijdstip,
    /// Which organisation; absent for the hub itself and for the covenant manager.
    pub door: Option<Oin>,
    /// In what function.
    pub functie: Option<Beheerfunctie>,
    /// The signed act: compact JWS.
    pub verklaring: Option<String>,
    /// What came out, JSON: of a simulation.
    pub uitslag: Option<String>,
}

/// A line of the plan: from when a version is in force. Of the lines whose instant has come, the highest number counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planregel {
    /// The covenant.
    pub convenant: ConvenantId,
    /// 0 for what came with the installation; counts up from there.
    pub volgnummer: u32,
    /// The version.
    pub versie: Digest,
    /// From when.
    pub ingang: Tijdstip,
    /// The covenant manager's statement (compact JWS); absent for what came with the installation.
    pub activering: Option<String>,
    /// The bundle as the covenant manager signed it: compact JWS.
    pub bundel: String,
}

/// Everything that is or will be in force.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beleidsplan {
    /// For [`Beleidsgrens::stand`]: counts up with every change of the plan.
    pub stand: u64,
    /// Per covenant the line in force at the instant that was asked for and those that are still to come, by number.
    pub regels: Vec<Planregel>,
}

/// What a step changes beside the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Planwijziging {
    /// Adds a line; number 0 replaces the one that stood under it.
    Toevoegen(Planregel),
    /// Takes out a line whose instant has not come.
    Intrekken {
        /// The covenant.
        convenant: ConvenantId,
        /// The line.
        volgnummer: u32,
    },
}

/// One write to a version: all of it or nothing.
#[derive(Debug, Clone)]
pub struct Versieschrift {
    /// The version.
    pub versie: Digest,
    /// The content, for the first write; ignored when it is there and the same.
    pub nieuw: Option<NieuweVersie>,
    /// The number of the step that the writer saw last (0: none). When there are more, nothing is written.
    pub verwacht: u32,
    /// The step.
    pub stap: Versiestap,
    /// What it changes in the plan.
    pub plan: Option<Planwijziging>,
    /// Its leaf for the log.
    pub blad: NieuwBlad,
}

/// What became of a [`Versieschrift`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Versieuitslag {
    /// Written; the number of the step.
    Vastgelegd(u32),
    /// Someone was first: the number of the last step. Nothing was written.
    Gewijzigd(u32),
    /// The bundle is there with other tables. Nothing was written.
    BestaatAnders,
    /// There is no such version. Nothing was written.
    Onbekend,
    /// The plan has a line under this or a higher number, or one whose instant has not come. Nothing was written.
    PlanBezet,
}

/// A version without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versiekop {
    /// Digest of the bundle.
    pub versie: Digest,
    /// The covenant.
    pub convenant: ConvenantId,
    /// The number that the bundle bears.
    pub nummer: u32,
    /// Digest of the tables.
    pub tabellen_digest: Digest,
    /// Who handed it in.
    pub auteur: Option<Oin>,
    /// The last step's number.
    pub stand: u32,
    /// How far it is, by the last step.
    pub staat: Versiestaat,
}

/// Policy versions and the plan.
#[async_trait]
pub trait Versies: Send + Sync {
    /// Writes a step, with the version itself where it is new, and its leaf.
    async fn versie_schrijven(&self, schrift: Versieschrift) -> StoreResult<Versieuitslag>;
    /// The versions of a covenant, or of all, newest first.
    async fn versies(&self, convenant: Option<ConvenantId>) -> StoreResult<Vec<Versiekop>>;
    /// A version with its whole history, first step first, in one snapshot.
    async fn versie(&self, versie: Digest) -> StoreResult<Option<(Versiekop, Vec<Versiestap>)>>;
    /// The content of a version.
    async fn versie_inhoud(&self, versie: Digest) -> StoreResult<Option<NieuweVersie>>;
    /// What is in force at an instant and what is still to come then.
    async fn beleidsplan(&self, nu: Tijdstip) -> StoreResult<Beleidsplan>;
    /// The highest number that any line of a covenant's plan ever had, withdrawn lines included.
    async fn hoogste_plan(&self, convenant: ConvenantId) -> StoreResult<Option<u32>>;
    /// [`Beleidsplan::stand`] alone: cheap enough to ask often.
    async fn beleidsstand(&self) -> StoreResult<u64>;
}
