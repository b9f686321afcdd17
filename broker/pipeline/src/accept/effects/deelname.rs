//! Places on the list of participants (56): who, as what, from when until when (R17, R18).

use inbreng_domain::{
    Oin, Tijdstip,
    problem::ProblemCode,
    vocabulary::Deelname,
    zaak::{Deelnameregel, Deelnemer, Feitsoort},
};
use inbreng_storage::Zaakgevolg;
use serde::Deserialize;

use super::{Stelling, ongeldig};
use crate::Fout;

#[derive(Debug, Deserialize)]
struct Verklaring {
    partner: Oin,
    actie: Actie,
    rol: Option<Rol>,
    vanaf: Option<Tijdstip>,
    tot: Option<Tijdstip>,
    volgnummer: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Actie {
    Toevoegen,
    Wijzigen,
    Beeindigen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Rol {
    Deelnemer,
    Deskundige,
    Casusregisseur,
}

/// The statement and the place. Ending ends access to what comes later; what was received stays received.
pub(super) fn vastleggen(stelling: &Stelling<'_>) -> Result<[Zaakgevolg; 2], Fout> {
    let Verklaring { partner, actie, rol, vanaf, tot, volgnummer } = stelling.verklaring()?;
    if stelling.situatie.soort_van(partner).is_none() {
        return Err(Fout::new(ProblemCode::OntvangerOnbekend).at("/data/bericht/verklaring/partner"));
    }
    if tot.is_some_and(|tot| tot <= vanaf.unwrap_or(stelling.situatie.nu)) {
        return Err(ongeldig("/tot"));
    }
    let is_erbij = stelling.situatie.zaak.deelname(partner) != Deelname::Nee;
    let als = match (actie, rol) {
        (Actie::Toevoegen, Some(rol)) => rol,
        (Actie::Wijzigen, Some(rol)) if is_erbij => rol,
        (Actie::Beeindigen, None) if is_erbij => {
            return geven(stelling, volgnummer, Deelnemer::doorlopend(partner, Deelname::Nee), false);
        }
        _ => return Err(ongeldig("/actie")),
    };
    let rol = if als == Rol::Deskundige { Deelname::Deskundige } else { Deelname::Ja };
    geven(stelling, volgnummer, Deelnemer { partner, rol, vanaf, tot }, als == Rol::Casusregisseur)
}

fn geven(stelling: &Stelling<'_>, volgnummer: u32, deelnemer: Deelnemer, casusregisseur: bool) -> Result<[Zaakgevolg; 2], Fout> {
    let regel = Deelnameregel { partner: deelnemer.partner, rol: deelnemer.rol, casusregisseur };
    let feit = stelling.feit(Feitsoort::Deelname, deelnemer.partner.to_string(), volgnummer, &regel)?;
    Ok([feit, Zaakgevolg::Deelnemer { casus: stelling.casus, deelnemer }])
}
