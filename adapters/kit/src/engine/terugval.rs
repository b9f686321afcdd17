//! For whom an acute message is sealed beforehand: who gets it where nobody reads it in time. The hub names them; each is held
//! against directory, routing and ladder, as any recipient. One that does not fit is left out and never holds up the message.

use inbreng_catalogue::{Definitie, TERUGVAL};
use inbreng_domain::{
    Oin,
    toets::{Toetsantwoord, Toetsontvanger},
};
use inbreng_policy::Beleid;
use inbreng_proof::Partner;

use super::{
    Omgeving,
    toetsen::{Gekend, rol_past},
    voorbereiden::Voorbereiding,
};

/// Who of those that the hub names is what the ladder asks for.
pub(super) async fn bekend(
    omgeving: &Omgeving,
    v: &Voorbereiding,
    soort: &Definitie,
    beleid: &Beleid,
    antwoord: &Toetsantwoord,
    gewoon: &[Gekend],
) -> Vec<Gekend> {
    let mut alle: Vec<Gekend> = Vec::new();
    let genoemd = antwoord.terugval.iter().filter(|_| soort.terugval_minuten(v.verzoek.urgentie).is_some());
    for ontvanger in genoemd.flat_map(|t| &t.ontvangers) {
        let partner = match omgeving.boek.vastpinnen(&ontvanger.gids, &omgeving.opslag, omgeving.clock.now()).await {
            Ok(partner) => partner,
            Err(fout) => {
                tracing::warn!(oin = %ontvanger.oin, reden = %fout, "terugval overgeslagen: gids klopt niet");
                continue;
            }
        };
        let al = |oin: Oin| gewoon.iter().chain(&alle).any(|g| g.oin == oin);
        if past(omgeving, v, beleid, ontvanger, &partner) && !al(ontvanger.oin) {
            alle.push(Gekend { oin: ontvanger.oin, partner });
        } else {
            tracing::warn!(oin = %ontvanger.oin, "terugval overgeslagen: niet wie de ladder noemt");
        }
    }
    alle
}

fn past(omgeving: &Omgeving, v: &Voorbereiding, beleid: &Beleid, ontvanger: &Toetsontvanger, partner: &Partner) -> bool {
    let oin = partner.vermelding.oin;
    let rol = beleid.route(v.verzoek.berichttype.naam(), TERUGVAL, v.verzoek.gemeente);
    // Without a municipality it would be every one there is.
    let ergens = v.verzoek.gemeente.is_some() || !rol.is_empty();
    ergens
        && oin == ontvanger.oin
        && oin != omgeving.knooppunt_oin
        && oin != omgeving.organisatie.oin
        && rol_past(v, beleid, partner, TERUGVAL).is_ok()
}
