//! How a decision came about: per step what it answered and which rows fit. For who keeps or judges the covenant, never for a
//! partner: it tells also what an outsider may not learn (R16, R21).

use inbreng_domain::{Besluit, RegelId, Uitkomst, Verplichting, vocabulary::Grondslag};
use serde::Serialize;

use crate::{Beleid, Effect, Namen, Plicht, Rij, Stap, Verzoek, wegen::gronden};

/// A decision with its reasons, down to the rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Uitlegging {
    /// What was asked, fields that were left out filled in.
    pub verzoek: Verzoek,
    /// What is decided, as the hub would say it.
    pub besluit: Besluit,
    /// Whether this version speaks of the request at all: its covenant, its type, its variant.
    pub gaat_over: bool,
    /// In the order of the steps; the steps that are asked per ground once for each ground.
    pub stappen: Vec<Stapuitleg>,
    /// The duties that travel along, with their terms.
    pub plichten: Vec<Plichtuitleg>,
}

/// What one step answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stapuitleg {
    /// The step.
    pub stap: Stap,
    /// The ground it was asked for, in the steps that are asked per ground.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grondslag: Option<Grondslag>,
    /// Its answer.
    pub uitkomst: Uitkomst,
    /// The rule that is named because no row allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zonder_rij: Option<RegelId>,
    /// The rows that fit.
    pub rijen: Vec<Passend>,
}

/// A row that fits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Passend {
    /// Its place in the bundle, from 1.
    pub nummer: usize,
    /// Whether the answer of the step rests on it.
    pub telt: bool,
    /// The row.
    pub rij: Rij,
}

/// A duty with its term.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plichtuitleg {
    /// The duty; with its last day where the request names a moment.
    #[serde(flatten)]
    pub verplichting: Verplichting,
    /// Its term in working days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub werkdagen: Option<u16>,
}

impl Beleid {
    /// Decides, and says how.
    #[must_use]
    pub fn uitleggen(&self, verzoek: &Verzoek, namen: &Namen<'_>) -> Uitlegging {
        let besluit = self.beslissen(verzoek, namen);
        let gaat_over = self.gaat_over(verzoek);
        let mut stappen = Vec::new();
        for stap in Stap::ALL.into_iter().filter(|_| gaat_over) {
            if matches!(stap, Stap::Grond | Stap::Plicht) {
                stappen.extend(gronden(verzoek).iter().map(|g| self.stapuitleg(stap, verzoek, Some(*g))));
            } else {
                stappen.push(self.stapuitleg(stap, verzoek, None));
            }
        }
        let plichten = besluit.verplichtingen.iter().map(|p| self.plichtuitleg(p)).collect();
        Uitlegging { verzoek: verzoek.clone(), besluit, gaat_over, stappen, plichten }
    }

    fn stapuitleg(&self, stap: Stap, verzoek: &Verzoek, grondslag: Option<Grondslag>) -> Stapuitleg {
        let ground = grondslag.unwrap_or(Grondslag::Geen);
        let uitslag = self.stapuitslag(stap, verzoek, ground);
        let mut rijen: Vec<Passend> = Vec::new();
        for rij in self.passend(stap, verzoek, ground) {
            let Some(nummer) = self.nummer(rij) else { continue };
            if rijen.iter().all(|p| p.nummer != nummer) {
                let telt = uitslag.rijen.iter().any(|r| std::ptr::eq(*r, rij));
                rijen.push(Passend { nummer, telt, rij: rij.clone() });
            }
        }
        // What holds back is why, so it comes first.
        rijen.sort_by_key(|p| (!p.telt, p.rij.effect != Effect::Tegenhouden, p.nummer));
        Stapuitleg { stap, grondslag, uitkomst: uitslag.uitkomst, zonder_rij: uitslag.standaard, rijen }
    }

    /// The place of a row of this bundle, from 1.
    fn nummer(&self, rij: &Rij) -> Option<usize> {
        self.bundel().rijen.iter().position(|r| std::ptr::eq(r, rij)).map(|n| n + 1)
    }

    fn plichtuitleg(&self, verplichting: &Verplichting) -> Plichtuitleg {
        let same = |p: &&Plicht| p.soort == verplichting.soort && p.regel == verplichting.regel;
        let werkdagen = self.bundel().rijen.iter().flat_map(|r| &r.verplichtingen).find(same).and_then(|p| p.werkdagen);
        Plichtuitleg { verplichting: verplichting.clone(), werkdagen }
    }
}
