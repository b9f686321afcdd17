//! Putting a version in force: the covenant manager signs the bundle and from when it counts. Withdrawing it before.

use inbreng_domain::{
    Digest, Oin,
    problem::ProblemCode,
    versie::{Activering, Versiehandeling, Versiestaat, Versiestapsoort},
    vocabulary::JaNee,
};
use inbreng_proof::{Typ, digest_of, jws};
use inbreng_storage::{Planregel, Planwijziging, Versiestap};
use serde::Deserialize;
use serde_json::Value;

use super::{
    handeling::{self, Waarover},
    inhoud::bruikbaar,
    schrijven::{Schrift, schrijven},
    stand::Stand,
    tonen::{self, Versieweergave},
};
use crate::{Fout, Hub, read};

/// What the covenant manager signed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activeringsverzoek {
    /// The bundle: compact JWS (`inbreng-beleid+jws`).
    pub bundel: String,
    /// From when, under which number: compact JWS (`inbreng-activering+jws`).
    pub activering: String,
}

/// Plans a version. Whoever brings the covenant manager's signatures may: what counts is who signed.
pub(crate) async fn plannen(hub: &Hub, van: Oin, versie: Digest, gezien: u32, body: &[u8]) -> Result<Versieweergave, Fout> {
    let (_, verzoek) = read::body::<Activeringsverzoek>(body, hub.grenzen().message_bytes, hub.grenzen().nesting)?;
    let nu = hub.clock.now();
    hub.gids.stand(hub.store(), nu).await?.aangeslotene(van, nu)?;
    let stand = Stand::gezien(hub, versie, gezien, nu).await?;
    stand.in_staat(&[Versiestaat::Goedgekeurd])?;

    let ongeldig = |pad: &str, fout| Fout::new(ProblemCode::HandtekeningOngeldig).at(pad).door(fout);
    let activering: Activering =
        jws::verify(&verzoek.activering, Typ::Activering, &hub.beheerder).map_err(|fout| ongeldig("/activering", fout))?;
    let document: Value = jws::verify(&verzoek.bundel, Typ::Beleid, &hub.beheerder).map_err(|fout| ongeldig("/bundel", fout))?;
    if digest_of(&document).map_err(|fout| ongeldig("/bundel", fout.into()))? != versie {
        return Err(Fout::new(ProblemCode::DigestOngelijk).at("/bundel"));
    }
    let convenant = stand.kop.convenant.clone();
    let terug = if stand.heeft_gegolden() { JaNee::Ja } else { JaNee::Nee };
    if activering.versie != versie || activering.convenant != convenant || activering.terug != terug {
        return Err(Fout::new(ProblemCode::NietGelijk).at("/activering"));
    }
    if activering.volgnummer <= hub.store.hoogste_plan(convenant.clone()).await?.unwrap_or(0) {
        return Err(Fout::new(ProblemCode::NietNieuwer).at("/activering"));
    }
    let beleid = bruikbaar(hub, versie).await?;
    let geldig = beleid.bundel().geldig_vanaf <= activering.ingang && activering.ingang < beleid.bundel().geldig_tot;
    if activering.ingang < nu || !geldig {
        return Err(Fout::new(ProblemCode::IngangVoorbij).at("/activering"));
    }
    let regel = Planregel {
        convenant: convenant.clone(),
        volgnummer: activering.volgnummer,
        versie,
        ingang: activering.ingang,
        activering: Some(verzoek.activering.clone()),
        bundel: verzoek.bundel,
    };
    let stap = Versiestap {
        soort: Versiestapsoort::Plannen,
        staat: Versiestaat::Gepland,
        tijd: nu,
        door: None,
        functie: None,
        verklaring: Some(verzoek.activering),
        uitslag: None,
    };
    let plan = Some(Planwijziging::Toevoegen(regel));
    schrijven(hub, Schrift { convenant: &convenant, versie, nieuw: None, verwacht: gezien, stap, plan }).await?;
    tonen::een(hub, versie).await
}

/// Withdraws a version that is not in force yet: by its author, or by who approved it and no longer does.
pub(crate) async fn intrekken(hub: &Hub, van: Oin, versie: Digest, gezien: u32, jws: &str) -> Result<Versieweergave, Fout> {
    let nu = hub.clock.now();
    let stand = Stand::gezien(hub, versie, gezien, nu).await?;
    let (convenant, tabellen) = (stand.kop.convenant.clone(), stand.kop.tabellen_digest);
    let over = Waarover { handeling: Versiehandeling::Intrekken, convenant: &convenant, versie, tabellen };
    let daad = handeling::lezen(hub, van, jws, over, nu).await?;
    let keurde_goed = stand
        .stappen
        .iter()
        .any(|s| matches!(s.soort, Versiestapsoort::Goedkeuren | Versiestapsoort::Terugdraaien) && s.door == Some(van));
    if stand.kop.auteur != Some(van) && !keurde_goed {
        return Err(Fout::new(ProblemCode::GeenPartij));
    }
    if matches!(stand.staat, Versiestaat::Actief | Versiestaat::Vervallen) {
        return Err(Fout::new(ProblemCode::VersieStaat));
    }
    let komt = stand.regel.as_ref().filter(|r| r.ingang > nu);
    let plan = komt.map(|r| Planwijziging::Intrekken { convenant: convenant.clone(), volgnummer: r.volgnummer });
    let stap = daad.stap(Versiestaat::Vervallen, nu, None);
    schrijven(hub, Schrift { convenant: &convenant, versie, nieuw: None, verwacht: gezien, stap, plan }).await?;
    tonen::een(hub, versie).await
}
