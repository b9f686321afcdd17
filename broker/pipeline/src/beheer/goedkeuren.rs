//! Approval: two organisations, neither of them the author's, each bound to the version and to the simulation that it saw.

use inbreng_domain::{
    Digest, Oin,
    problem::ProblemCode,
    versie::{Versiehandeling, Versiestaat},
};

use super::{
    handeling::{self, Waarover, is_partij_van},
    inhoud::bruikbaar,
    schrijven::{Schrift, schrijven},
    stand::{GOEDKEURINGEN, Stand},
    tonen::{self, Versieweergave},
};
use crate::{Fout, Hub};

/// Approves a draft, or (where it was in force before) bringing it back.
pub(crate) async fn goedkeuren(hub: &Hub, van: Oin, versie: Digest, gezien: u32, jws: &str) -> Result<Versieweergave, Fout> {
    let nu = hub.clock.now();
    let stand = Stand::gezien(hub, versie, gezien, nu).await?;
    let terug = stand.staat == Versiestaat::Vervallen && stand.heeft_gegolden();
    let handeling = if terug { Versiehandeling::Terugdraaien } else { Versiehandeling::Goedkeuren };
    let (convenant, tabellen) = (stand.kop.convenant.clone(), stand.kop.tabellen_digest);
    let daad = handeling::lezen(hub, van, jws, Waarover { handeling, convenant: &convenant, versie, tabellen }, nu).await?;
    if !terug {
        stand.in_staat(&[Versiestaat::Gesimuleerd])?;
        if daad.handeling.simulatie != stand.simulatie().map(|(digest, _)| digest) {
            return Err(Fout::new(ProblemCode::SimulatieAnders).at("/verklaring"));
        }
    }
    if stand.kop.auteur == Some(van) {
        return Err(Fout::new(ProblemCode::EigenVersie));
    }
    let mut goedgekeurd = stand.goedkeuringen();
    if goedgekeurd.contains(&van) {
        return Err(Fout::new(ProblemCode::AlGoedgekeurd));
    }
    nieuw_convenant(hub, van, &stand).await?;
    goedgekeurd.push(van);
    let genoeg = goedgekeurd.len() >= GOEDKEURINGEN;
    // The last step says how far it is; the plan says what of it is in force.
    let staat = match (genoeg, terug) {
        (true, _) => Versiestaat::Goedgekeurd,
        (false, true) => Versiestaat::Vervallen,
        (false, false) => Versiestaat::Gesimuleerd,
    };
    let schrift =
        Schrift { convenant: &convenant, versie, nieuw: None, verwacht: gezien, stap: daad.stap(staat, nu, None), plan: None };
    schrijven(hub, schrift).await?;
    tonen::een(hub, versie).await
}

/// Of a covenant of which nothing is in force yet, who signed the draft's text decides about it.
async fn nieuw_convenant(hub: &Hub, van: Oin, stand: &Stand) -> Result<(), Fout> {
    let nu = hub.clock.now();
    if hub.beleid.geldend(hub.store(), &stand.kop.convenant, nu, "/convenant").await.is_ok() {
        return Ok(());
    }
    let beleid = bruikbaar(hub, stand.kop.versie).await?;
    let gids = hub.gids.stand(hub.store(), nu).await?;
    let lijst = hub.beleid.partijen(hub.store(), &stand.kop.convenant, nu).await?;
    is_partij_van(&beleid, &lijst.partijen, gids.aangeslotene(van, nu)?, nu)
}
