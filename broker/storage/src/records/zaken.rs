//! Cases: what a message does to one, and on which state of facts a decision rests.

use inbreng_domain::{
    BerichtId, CasusRef, Oin, Tijdstip, Toestemming,
    zaak::{Deelnemer, Zaakfeit},
};

/// The state of facts that decisions were computed on. A store compares it inside the accept transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Feitenstand {
    /// Counts up with every change of consent, participation, embargo, flags, directory or owner's decision that concerns
    /// the case (0 for a case that does not exist yet).
    pub casus: u64,
    /// Counts up with every change of the directory or of routing.
    pub gids: u64,
}

/// An effect on a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Zaakgevolg {
    /// The case exists from now on, opened by this partner.
    Openen {
        /// The case.
        casus: CasusRef,
        /// Who minted it.
        door: Oin,
    },
    /// This is a partner's place from now on (R17).
    Deelnemer {
        /// The case.
        casus: CasusRef,
        /// Who, as what, and when.
        deelnemer: Deelnemer,
    },
    /// Responsibility moves to this partner (21).
    Verantwoordelijk {
        /// The case.
        casus: CasusRef,
        /// Who.
        partner: Oin,
        /// By which message.
        bericht: BerichtId,
        /// The overdracht that it accepts: each counts once.
        overdracht: BerichtId,
    },
    /// A numbered statement. Its number is higher than those that stand of the same setter about the same subject.
    Feit(Zaakfeit),
    /// Two cases count as one for flags, embargoes and refusals (58); participation stays that of each.
    Samenvoegen {
        /// The case.
        casus: CasusRef,
        /// The other.
        met: CasusRef,
    },
    /// A message that has no case gets this one of its own, in which nobody takes part: what is stated about the message alone is
    /// in force like what is stated about a case.
    Verbinden {
        /// The case, opened before or by the same write.
        casus: CasusRef,
        /// Who sent the message.
        van: Oin,
        /// The message.
        bericht: BerichtId,
        /// The state of facts of that case that this rests on: it is compared like that of the message that is accepted.
        stand: u64,
    },
    /// The case is closed (58, R40).
    Sluiten {
        /// The case.
        casus: CasusRef,
    },
    /// A closed case is open again.
    Heropenen {
        /// The case.
        casus: CasusRef,
    },
}

/// A case as decisions need it.
#[derive(Debug, Clone, Default)]
pub struct Zaakstand {
    /// Whether the case exists.
    pub bestaat: bool,
    /// Who has a place in it, now or in some period; in order of OIN.
    pub deelnemers: Vec<Deelnemer>,
    /// Who is responsible now.
    pub verantwoordelijk: Option<Oin>,
    /// The overdrachten by which responsibility has moved.
    pub overgenomen: Vec<BerichtId>,
    /// Consent in force or past, of this case and of those joined with it: of each registrar, person and owner what no newer
    /// statement covers. A withdrawal covers withdrawals alone (R11): what a yes took the place of must not come back with it.
    pub toestemmingen: Vec<Toestemming>,
    /// Statements of this case and of those joined with it: of each kind, subject and setter the one with the highest number,
    /// in order of acceptance.
    pub feiten: Vec<Zaakfeit>,
    /// When it was closed.
    pub gesloten_op: Option<Tijdstip>,
    /// For [`Feitenstand::casus`]; moves with every case that it is joined with.
    pub stand: u64,
}
