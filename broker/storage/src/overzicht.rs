//! What was shared about a person, and that the person asked for it (R33).

use async_trait::async_trait;
use inbreng_domain::{BerichtId, Berichttype, CasusRef, Datum, LeveringId, Oin, PersoonRef, Tijdstip, vocabulary::Doel};

use crate::{
    records::{Inzagegrens, NieuwBesluit, NieuwBlad},
    traits::StoreResult,
};

/// A place among what was received, in the order of acceptance: behind this part. The default is before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Ontvangenplek {
    /// The message.
    pub bericht: u64,
    /// The delivery.
    pub levering: u64,
    /// Which part of it, from 0.
    pub deel: u64,
}

/// One part about a person, in a delivery that its recipient signed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OntvangenDeel {
    /// Where it stands: parts of one delivery stand behind each other.
    pub plek: Ontvangenplek,
    /// The delivery.
    pub levering: LeveringId,
    /// The type of its message.
    pub berichttype: Berichttype,
    /// When the message was accepted.
    pub aangenomen_op: Tijdstip,
    /// Who received it.
    pub ontvanger: Oin,
    /// When.
    pub ontvangen_op: Tijdstip,
    /// Text of the labels.
    pub labels: String,
    /// For what it was delivered, where that is recorded still.
    pub doel: Option<Doel>,
}

/// That a person asked, of whom, and by when it must have its answer.
#[derive(Debug, Clone)]
pub struct NieuwOverzicht {
    /// The number that the partner gave it.
    pub verzoek: BerichtId,
    /// Who answers.
    pub organisatie: Oin,
    /// The person.
    pub persoon: PersoonRef,
    /// The day on which it asked.
    pub gevraagd_op: Datum,
    /// By when it must have its answer.
    pub uiterlijk: Tijdstip,
    /// The partner's signed request.
    pub verklaring: String,
    /// The decision, where nothing may be told.
    pub besluiten: Vec<NieuwBesluit>,
    /// The leaf.
    pub blad: NieuwBlad,
    /// What was told rests on this; it names the case.
    pub op: Inzagegrens,
}

/// Overviews for persons concerned.
#[async_trait]
pub trait Overzichten: Send + Sync {
    /// The parts about a person, under any of these references, that were received in this case: in the order of acceptance, behind this
    /// place, so many at most.
    async fn ontvangen_delen(
        &self,
        casus: CasusRef,
        personen: &[PersoonRef],
        na: Ontvangenplek,
        hoogstens: u32,
    ) -> StoreResult<Vec<OntvangenDeel>>;
    /// The place behind all of a delivery in this case with a part about the person; nothing where it is none.
    async fn ontvangen_plek(
        &self,
        casus: CasusRef,
        personen: &[PersoonRef],
        levering: LeveringId,
    ) -> StoreResult<Option<Ontvangenplek>>;
    /// The cases that count as one with this one (58), itself not.
    async fn gekoppelde_zaken(&self, casus: CasusRef) -> StoreResult<Vec<CasusRef>>;
    /// Writes that it was asked and answered, with its leaf, in one transaction. The same day, person and partner once more is no
    /// further duty. False when the facts or the policy have moved: nothing was written then.
    async fn overzicht_vastleggen(&self, overzicht: NieuwOverzicht) -> StoreResult<bool>;
}
