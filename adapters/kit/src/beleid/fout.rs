//! What went wrong, for whoever typed the command: in Dutch, with a way out.

use std::{fmt, path::Path};

use inbreng_domain::{ProblemCode, schermtekst};

use crate::hub::Hubfout;

/// What went wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fout {
    wat: String,
    herstel: String,
}

impl Fout {
    /// On one line: what others wrote may be in it.
    pub(super) fn new(wat: impl AsRef<str>, herstel: impl AsRef<str>) -> Self {
        Self { wat: schermtekst::regel(wat.as_ref()).into_owned(), herstel: schermtekst::regel(herstel.as_ref()).into_owned() }
    }

    /// Over several lines, which this program made.
    pub(super) fn met_regels(wat: impl AsRef<str>, herstel: impl AsRef<str>) -> Self {
        Self { wat: schermtekst::regels(wat.as_ref()).into_owned(), ..Self::new("", herstel) }
    }

    /// A file that is not there, or that this person may not read or write.
    pub(super) fn bestand(pad: &Path, waarom: impl fmt::Display) -> Self {
        Self::met_regels(
            format!("{}: {waarom}", pad.display()),
            "Controleer de naam, en of u dit bestand mag lezen of schrijven.",
        )
    }

    /// A file that one wrote oneself, of which what stands in it cannot be used; what a reader of TOML says of it takes several lines.
    pub(super) fn inhoud(pad: &Path, waarom: impl fmt::Display) -> Self {
        Self::met_regels(
            format!("Wat in {} staat, is niet te gebruiken: {waarom}", pad.display()),
            "Verbeter het bestand, en geef de opdracht dan opnieuw.",
        )
    }

    /// The same of a file that another wrote: it was found and read, so whoever sent it is asked.
    pub(super) fn van_een_ander(pad: &Path, waarom: impl fmt::Display) -> Self {
        let Self { wat, .. } = Self::inhoud(pad, waarom);
        Self::met_regels(wat, "Teken en breng niets. Vraag wie dit bestand stuurde om het opnieuw te maken en te sturen.")
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
            Hubfout::Probleem(problem) | Hubfout::Straks(problem, _) => {
                let herstel = match problem.code {
                    ProblemCode::VersieGewijzigd => "Iemand was u voor. Kijk opnieuw, en beslis dan opnieuw.",
                    ProblemCode::EigenVersie => "Laat twee andere organisaties dit doen.",
                    ProblemCode::SimulatieAnders => {
                        "De versie is intussen opnieuw geprobeerd. Kijk opnieuw, en beslis dan opnieuw."
                    }
                    ProblemCode::IngangVoorbij => "Kies een later moment, en laat de convenantbeheerder opnieuw tekenen.",
                    ProblemCode::NietNieuwer => "Geef met --volgnummer een hoger nummer.",
                    ProblemCode::NietGevonden => "Kijk of de naam of het kenmerk klopt.",
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

#[cfg(test)]
mod tests {
    use inbreng_domain::Problem;

    use super::*;

    #[test]
    fn what_the_hub_says_stays_on_its_line() {
        let detail = "Goed.\u{1b}[2K\nGoedgekeurd.\u{202e}\u{2029}\u{200b}\u{feff}\u{ad}\u{e0020}".to_owned();
        let probleem = Problem { detail, ..Problem::new(ProblemCode::VersieGewijzigd) };
        let tekst = Fout::from(Hubfout::Probleem(Box::new(probleem))).to_string();
        assert_eq!(
            tekst,
            "Het knooppunt weigert dit (versie-gewijzigd): Goed.·[2K·Goedgekeurd.······\n  \
             Zo lost u dit op: Iemand was u voor. Kijk opnieuw, en beslis dan opnieuw."
        );
        let toml = Fout::inhoud(Path::new("concept.toml"), "regel 1\n  | x\u{202e}").to_string();
        assert!(toml.starts_with("Wat in concept.toml staat, is niet te gebruiken: regel 1\n  | x·\n"), "{toml}");
    }

    #[test]
    fn a_file_that_was_read_is_no_file_that_cannot_be_read() {
        let pad = Path::new("toetreding.json");
        let [eigen, ander] = [Fout::inhoud(pad, "regel 1"), Fout::van_een_ander(pad, "regel 1")].map(|f| f.to_string());
        for fout in [&eigen, &ander] {
            assert!(fout.starts_with("Wat in toetreding.json staat, is niet te gebruiken: regel 1\n"), "{fout}");
            assert!(!fout.contains("mag lezen"), "{fout}");
        }
        assert!(eigen.ends_with("Verbeter het bestand, en geef de opdracht dan opnieuw."), "{eigen}");
        assert!(ander.contains("Teken en breng niets. Vraag wie dit bestand stuurde"), "{ander}");
    }
}
