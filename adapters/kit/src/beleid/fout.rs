//! What went wrong, for whoever typed the command: in Dutch, with a way out.

use std::{fmt, path::Path};

use inbreng_domain::ProblemCode;

use crate::hub::Hubfout;

/// What went wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fout {
    wat: String,
    herstel: String,
}

impl Fout {
    pub(super) fn new(wat: impl Into<String>, herstel: impl Into<String>) -> Self {
        Self { wat: wat.into(), herstel: herstel.into() }
    }

    pub(super) fn bestand(pad: &Path, waarom: impl fmt::Display) -> Self {
        Self::new(format!("{}: {waarom}", pad.display()), "Controleer de naam, en of u dit bestand mag lezen of schrijven.")
    }

    /// What the hub gave was not what it said it was: nobody signs for that.
    pub(super) fn klopt_niet(wat: &str) -> Self {
        Self::new(
            format!("Wat het knooppunt toont, klopt niet: {wat}."),
            "Teken niet. Bel de convenantbeheerder, en laat de beheerder van het knooppunt weten wat u zag.",
        )
    }
}

impl fmt::Display for Fout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  Zo lost u dit op: {}", self.wat, self.herstel)
    }
}

impl std::error::Error for Fout {}

impl From<Hubfout> for Fout {
    fn from(fout: Hubfout) -> Self {
        match fout {
            Hubfout::Probleem(problem) => {
                let herstel = match problem.code {
                    ProblemCode::VersieGewijzigd => "Iemand was u voor. Kijk opnieuw, en beslis dan opnieuw.",
                    ProblemCode::EigenVersie => "Laat twee andere organisaties dit doen.",
                    ProblemCode::SimulatieAnders => {
                        "De versie is intussen opnieuw geprobeerd. Kijk opnieuw, en beslis dan opnieuw."
                    }
                    ProblemCode::IngangVoorbij => "Kies een later moment, en laat de convenantbeheerder opnieuw tekenen.",
                    ProblemCode::GeenPartij => "Alleen partijen van het convenant doen dit. Vraag de convenantbeheerder.",
                    _ => "Bekijk met `beleid status` hoe ver de versie is.",
                };
                let pad = problem.pad.as_deref().map_or_else(String::new, |p| format!(", bij {p}"));
                Self::new(format!("Het knooppunt weigert dit ({}{pad}): {}", problem.code, problem.detail), herstel)
            }
            Hubfout::Onbereikbaar(_) => Self::new(
                "Het knooppunt antwoordt niet.",
                "Kijk met `beleid status` of uw stap is aangekomen voordat u het opnieuw doet. Anders: `inbreng-adapter check`.",
            ),
            fout => Self::new(format!("Het knooppunt geeft een vreemd antwoord: {fout}."), "Draai `inbreng-adapter check`."),
        }
    }
}
