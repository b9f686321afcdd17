//! Consent: given, refused (41) and withdrawn (42), of one person, for one owner (R10, R11, R26).

use inbreng_domain::{
    Bericht, CasusRef, Tijdstip, Toestemming, Toestemmingsbericht, Toestemmingsverklaring, problem::ProblemCode,
    vocabulary::Toestemmingsstand,
};
use serde::Deserialize;

use super::{Stelling, ongeldig};
use crate::Fout;

/// A yes or a no, with its period.
pub(super) fn gegeven(stelling: &Stelling<'_>) -> Result<Toestemming, Fout> {
    let verklaring: Toestemmingsverklaring = stelling.verklaring()?;
    let stand = verklaring.stand.ok_or_else(|| ongeldig("/stand"))?;
    let (vanaf, tot) = verklaring.vanaf.zip(verklaring.tot).ok_or_else(|| ongeldig("/vanaf"))?;
    if tot <= vanaf {
        return Err(ongeldig("/tot"));
    }
    registreren(stelling, verklaring, stand, (vanaf, tot))
}

/// A withdrawal works at once, and has no period.
pub(super) fn ingetrokken(stelling: &Stelling<'_>) -> Result<Toestemming, Fout> {
    let nu = stelling.situatie.nu;
    registreren(stelling, stelling.verklaring()?, Toestemmingsstand::Ingetrokken, (nu, nu))
}

/// The same as it would stand in the register, before anybody asked whether it may.
///
/// # Errors
/// `verklaring-ongeldig`.
pub(crate) fn intrekking(bericht: &Bericht, casus: CasusRef, nu: Tijdstip) -> Result<Toestemming, Fout> {
    let verklaring = Toestemmingsverklaring::deserialize(&bericht.verklaring).map_err(|error| ongeldig("").door(error))?;
    Ok(verklaring.registreren(kop(bericht, casus), Toestemmingsstand::Ingetrokken, (nu, nu)))
}

const fn kop(bericht: &Bericht, casus: CasusRef) -> Toestemmingsbericht {
    Toestemmingsbericht { casus, van: bericht.van, id: bericht.id }
}

/// A number is used once by one registrar about one person and owner: a second statement under it would be dropped in
/// silence, and an older one that arrives late would seem to count.
fn registreren(
    stelling: &Stelling<'_>,
    verklaring: Toestemmingsverklaring,
    stand: Toestemmingsstand,
    periode: (Tijdstip, Tijdstip),
) -> Result<Toestemming, Fout> {
    let Toestemmingsverklaring { persoon, incident_op, eigenaar, volgnummer, .. } = verklaring;
    // An incident has happened; where the sender is, the day may have begun that here has not.
    let morgen = stelling.situatie.nu.plus(time::Duration::DAY).offset().date();
    if incident_op.is_some_and(|dag| dag.date() > morgen) {
        return Err(ongeldig("/incidentOp"));
    }
    let van = stelling.bericht.van;
    let bezet = stelling
        .situatie
        .zaak
        .toestemmingen()
        .iter()
        .any(|t| t.geregistreerd_door == van && t.persoon == persoon && t.eigenaar == eigenaar && t.volgnummer >= volgnummer);
    if bezet {
        return Err(Fout::new(ProblemCode::VolgnummerBezet).at("/data/bericht/verklaring/volgnummer"));
    }
    Ok(verklaring.registreren(kop(stelling.bericht, stelling.casus), stand, periode))
}
