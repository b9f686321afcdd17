//! Placing a callback: signed by its partner; with an address countersigned by the covenant manager, who has seen that it is
//! that partner's own. So no partner can have the hub call wherever it likes.

use inbreng_domain::{
    Digest, Oin,
    gids::Medeondertekend,
    problem::ProblemCode,
    terugroep::{Terugroep, Terugroepverzoek},
};
use inbreng_proof::{
    Typ,
    gids::{check_medeondertekening, verklaring_digest},
};
use inbreng_storage::{Terugroepregel, Terugroepuitslag};
use serde::Serialize;

use crate::{
    Fout, Hub,
    leaf::{self, Soort},
    words,
};

/// The record of a callback: whose, which number, and its digest.
#[derive(Debug, Serialize)]
struct Terugroeprecord {
    oin: Oin,
    volgnummer: u32,
    verklaring: Digest,
}

/// Places it; gives its number.
pub(crate) async fn plaatsen(hub: &Hub, van: Oin, verzoek: &Terugroepverzoek) -> Result<u32, Fout> {
    let nu = hub.clock.now();
    let gids = hub.gids.stand(hub.store(), nu).await?;
    let Terugroepverzoek { verklaring, medeondertekening } = verzoek;
    let terugroep: Terugroep = words::ondertekend(verklaring, Typ::Terugroep, &gids.aangeslotene(van, nu)?.certificaat.key)?;
    if terugroep.oin != van {
        return Err(Fout::new(ProblemCode::BronNietEigen));
    }
    match (&terugroep.bestemming, medeondertekening) {
        (Some(_), Some(mede)) => {
            let beide = Medeondertekend { verklaring: verklaring.clone(), medeondertekening: mede.clone() };
            check_medeondertekening(&beide, &hub.beheerder, nu)
                .map_err(|error| Fout::new(ProblemCode::HandtekeningOngeldig).at("/medeondertekening").door(error.to_string()))?;
        }
        (None, None) => {}
        _ => return Err(Fout::new(ProblemCode::VeldOngeldig).at("/medeondertekening")),
    }
    let volgnummer = terugroep.volgnummer;
    let record = Terugroeprecord { oin: van, volgnummer, verklaring: verklaring_digest(verklaring) };
    let blad = leaf::maken(Soort::Terugroep, &record, nu, hub.random.as_ref())?;
    let intern = |error: serde_json::Error| Fout::new(ProblemCode::InterneFout).door(error);
    let record = serde_json::to_string(verzoek).map_err(intern)?;
    let regel = Terugroepregel { oin: van, volgnummer, actief: terugroep.bestemming.is_some(), record };
    match hub.store.terugroep_plaatsen(regel, blad).await? {
        Terugroepuitslag::Geplaatst => hub.terugroepen.herladen(hub.store()).await?,
        Terugroepuitslag::AlGeplaatst => {}
        Terugroepuitslag::Bezet => return Err(Fout::new(ProblemCode::VolgnummerBezet)),
    }
    Ok(volgnummer)
}

/// What a partner has placed itself, with its number.
pub(crate) async fn eigen(hub: &Hub, van: Oin) -> Result<(u32, Terugroepverzoek), Fout> {
    let regels = hub.store.terugroepen().await?;
    let regel = regels.into_iter().find(|r| r.oin == van).ok_or_else(|| Fout::new(ProblemCode::NietGevonden))?;
    let verzoek = serde_json::from_str(&regel.record).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
    Ok((regel.volgnummer, verzoek))
}
