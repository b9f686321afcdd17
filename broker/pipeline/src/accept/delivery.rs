//! Deliveries: made of what the decision step allowed, and of nothing else.

use inbreng_bus::Werk;
use inbreng_domain::{LeveringId, Randomness, Tijdstip, problem::ProblemCode, vocabulary::Urgentie};
use inbreng_storage::NieuweLevering;

use crate::{Fout, decide::Toegelaten};

/// The delivery of what one recipient may get.
pub(crate) fn maken(
    toegelaten: &Toegelaten<'_>,
    baan: Urgentie,
    bewaren_tot: Tijdstip,
    nu: Tijdstip,
    random: &dyn Randomness,
) -> Result<NieuweLevering, Fout> {
    Ok(NieuweLevering {
        id: LeveringId::mint(nu, random),
        ontvanger: toegelaten.ontvanger().oin(),
        functie: toegelaten.ontvanger().functie.clone(),
        baan,
        besluiten: serde_json::to_string(toegelaten.besluiten())
            .map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?,
        bewaren_tot,
        delen: toegelaten.delen().to_vec(),
    })
}

/// The work that it is for the bus.
pub(crate) const fn werk(levering: &NieuweLevering) -> Werk {
    Werk { ontvanger: levering.ontvanger, levering: levering.id, baan: levering.baan }
}
