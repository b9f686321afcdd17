//! Flags (57): set at once by any professional in the case, cleared with a reason by who has the role for it (R22, R23, R25).

use inbreng_domain::{
    PersoonRef,
    problem::ProblemCode,
    vocabulary::{Partnertype, Scheiding},
    zaak::{Feitsoort, Vlag},
};
use inbreng_storage::Zaakgevolg;
use serde::Deserialize;

use super::Stelling;
use crate::Fout;

#[derive(Debug, Deserialize)]
struct Verklaring {
    soort: Scheiding,
    actie: Actie,
    #[serde(default)]
    personen: Vec<PersoonRef>,
    volgnummer: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Actie {
    Zetten,
    Opheffen,
}

/// The statement. A pair works in both directions, so its order says nothing.
pub(super) fn vastleggen(stelling: &Stelling<'_>) -> Result<Zaakgevolg, Fout> {
    let Verklaring { soort, actie, mut personen, volgnummer } = stelling.verklaring()?;
    if actie == Actie::Opheffen && !mag_opheffen(soort, stelling.situatie.van.vermelding.partnertype) {
        return Err(Fout::new(ProblemCode::RolOntbreekt).at("/data/bericht/verklaring/actie"));
    }
    personen.sort_unstable();
    let onderwerp = personen.iter().fold(soort.to_string(), |tekst, persoon| format!("{tekst} {persoon}"));
    let vlag = Vlag { soort, personen, geldt: actie == Actie::Zetten };
    stelling.feit(Feitsoort::Vlag, onderwerp, volgnummer, &vlag)
}

/// The procesregisseur or Veilig Thuis; of honour-related violence the centre of expertise or Veilig Thuis (R23, R25, PD).
fn mag_opheffen(soort: Scheiding, wie: Partnertype) -> bool {
    let ander = match soort {
        Scheiding::Eergerelateerd => Partnertype::ExpertisecentrumEgg,
        Scheiding::OmClient | Scheiding::PlegerSlachtoffer | Scheiding::Onbekend => Partnertype::Zvh,
    };
    wie == Partnertype::VeiligThuis || wie == ander
}
