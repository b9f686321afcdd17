//! Embargo (48): set, extended and lifted by its setter alone, for parts of its own (R20, R21).

use inbreng_domain::{
    DeelId, Oin, PersoonRef, Tijdstip,
    problem::ProblemCode,
    vocabulary::{Deelname, Partnertype},
    zaak::{Embargo, Feitsoort, Reikwijdte, Zichtbaarheid},
};
use inbreng_storage::Zaakgevolg;
use serde::Deserialize;

use super::{Stelling, ongeldig};
use crate::Fout;

#[derive(Debug, Deserialize)]
struct Verklaring {
    actie: Actie,
    omvang: Omvang,
    persoon: Option<PersoonRef>,
    deel: Option<DeelId>,
    zichtbaarheid: Zichtbaarheid,
    herziening: Option<Tijdstip>,
    volgnummer: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Actie {
    Zetten,
    Verlengen,
    Opheffen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Omvang {
    Zaak,
    Persoon,
    Deel,
}

/// The statement. Whether something stands that can be extended or lifted is its setter's own affair: a statement of its own
/// says it all, and nobody else's is touched.
pub(super) fn vastleggen(stelling: &Stelling<'_>) -> Result<Zaakgevolg, Fout> {
    let verklaring: Verklaring = stelling.verklaring()?;
    let nu = stelling.situatie.nu;
    let over = match (verklaring.omvang, verklaring.persoon, verklaring.deel) {
        (Omvang::Zaak, None, None) => Reikwijdte::Zaak,
        (Omvang::Persoon, Some(persoon), None) => Reikwijdte::Persoon(persoon),
        (Omvang::Deel, None, Some(deel)) => Reikwijdte::Deel(deel),
        _ => return Err(ongeldig("/omvang")),
    };
    let herziening = match (verklaring.actie, verklaring.herziening) {
        (Actie::Opheffen, None) => nu,
        (Actie::Zetten | Actie::Verlengen, Some(op)) if nu < op && op <= uiterlijk(stelling) => op,
        _ => return Err(ongeldig("/herziening")),
    };
    mag_weten(stelling, over, verklaring.zichtbaarheid)?;
    let geldt = verklaring.actie != Actie::Opheffen;
    let embargo = Embargo { over, geldt, zichtbaarheid: verklaring.zichtbaarheid, herziening };
    stelling.feit(Feitsoort::Embargo, onderwerp(over), verklaring.volgnummer, &embargo)
}

/// It is looked at again within so many days (R20, PD).
fn uiterlijk(stelling: &Stelling<'_>) -> Tijdstip {
    stelling.situatie.beleid.embargo_herzien_uiterlijk(stelling.situatie.nu)
}

fn onderwerp(over: Reikwijdte) -> String {
    match over {
        Reikwijdte::Zaak => "zaak".to_owned(),
        Reikwijdte::Persoon(persoon) => format!("persoon {persoon}"),
        Reikwijdte::Deel(deel) => format!("deel {deel}"),
    }
}

/// Who is told must be one who may know (R21). An embargo on a person or a part is told to nobody but the OM: its reference
/// would say more than that there is one.
fn mag_weten(stelling: &Stelling<'_>, over: Reikwijdte, zichtbaarheid: Zichtbaarheid) -> Result<(), Fout> {
    let alle = stelling
        .ontvangers
        .iter()
        .all(|oin| is_van(stelling, *oin, Partnertype::Om) || over == Reikwijdte::Zaak && binnen(stelling, *oin, zichtbaarheid));
    if alle { Ok(()) } else { Err(Fout::new(ProblemCode::RolOntbreekt).at("/data/kop/geadresseerden")) }
}

fn binnen(stelling: &Stelling<'_>, oin: Oin, zichtbaarheid: Zichtbaarheid) -> bool {
    let zaak = stelling.situatie.zaak;
    match zichtbaarheid {
        Zichtbaarheid::Gesloten => false,
        Zichtbaarheid::Regie => zaak.feiten().casusregisseur() == Some(oin) || is_van(stelling, oin, Partnertype::Zvh),
        Zichtbaarheid::Open => zaak.deelname(oin) != Deelname::Nee,
    }
}

fn is_van(stelling: &Stelling<'_>, oin: Oin, soort: Partnertype) -> bool {
    let zaak = stelling.situatie.zaak;
    zaak.deelname(oin) != Deelname::Nee && stelling.situatie.soort_van(oin) == Some(soort)
}
