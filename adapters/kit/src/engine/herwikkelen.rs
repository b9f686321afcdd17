//! After a recipient's key was frozen and there is a new one: the keys of parts of ours that still lie at the hub are wrapped for it, by
//! themselves (ADR 20): of what may be viewed, of what was not fetched yet, and of what waits for its step. Who may read, and for what, stays
//! as it was said; the hub decides anew.

use std::collections::BTreeSet;

use inbreng_domain::{Deel, DeelId, Envelope, Oin, gids::Bevriezing, part::Toegangsverklaring, vocabulary::Toegangswijze};
use inbreng_proof::jws;

use super::{
    Omgeving, Werkfout,
    toegang::{aanbieden, inruilen},
    verzenden::later,
};
use crate::{sealing::Voor, store::Herwikkeltaak};

/// Under which name is kept for which frozen keys everything was looked up.
const NAGEZOCHT: &str = "bevroren-nagezocht";
/// Wraps in one round.
const PER_KEER: u32 = 16;

/// Wraps again what is to be. How many were tried.
pub(super) async fn ronde(omgeving: &Omgeving) -> Result<usize, Werkfout> {
    opdragen(omgeving).await?;
    let nu = omgeving.clock.now();
    let beurt = omgeving.opslag.herwikkelen_aan_de_beurt(nu, PER_KEER).await?;
    for taak in &beurt {
        match herwikkelen(omgeving, taak).await {
            Ok(None) => omgeving.opslag.herwikkeld(taak.volgorde).await?,
            Ok(Some(waarom)) => {
                omgeving.opslag.herwikkeld(taak.volgorde).await?;
                let uitleg = format!("Een eigen deel kon niet opnieuw worden verzegeld voor {}: {waarom}.", taak.ontvanger);
                omgeving.alarm("toegang-niet-gegeven", taak.deel, &uitleg).await?;
            }
            Err(fout) => {
                tracing::warn!(deel = %taak.deel, reden = %fout, pogingen = taak.pogingen, "herwikkelen wacht");
                omgeving
                    .opslag
                    .herwikkelen_later(taak.volgorde, later(omgeving, taak.pogingen, omgeving.clock.now(), fout.pas_na()))
                    .await?;
            }
        }
    }
    Ok(beurt.len())
}

/// After the hub was put back from a copy: everything is looked up once more.
pub(super) async fn opnieuw(omgeving: &Omgeving) -> Result<(), Werkfout> {
    Ok(omgeving.opslag.vasthouden(NAGEZOCHT, "[]").await?)
}

/// Looks up, once for each key that counts no more (frozen, or resting on one that is) and whose organisation has a new one, what of ours
/// lies under it.
async fn opdragen(omgeving: &Omgeving) -> Result<(), Werkfout> {
    let (gids, nu) = (omgeving.boek.gids(), omgeving.clock.now());
    let anderen = gids.partners().filter(|p| p.vermelding.oin != omgeving.organisatie.oin && p.sleutel(nu).is_some());
    // A hub that does not know of a freeze keeps the wrap that it has.
    let getoond = |b: &&Bevriezing| omgeving.boek.toont_bevroren(b);
    let bevroren: BTreeSet<(Oin, String)> = anderen
        .flat_map(|p| {
            let kids = p.bevriezingen.iter().filter(getoond).map(|b| b.kid.as_str());
            let vervallen = p.vervallen_kids().filter(|_| p.bevriezingen.iter().all(|b| getoond(&b)));
            kids.chain(vervallen).map(|kid| (p.vermelding.oin, kid.to_owned()))
        })
        .collect();
    if bevroren.is_empty() {
        return Ok(());
    }
    let bewaard = omgeving.opslag.vast(NAGEZOCHT).await?;
    let mut nagezocht: BTreeSet<String> = bewaard.and_then(|tekst| serde_json::from_str(&tekst).ok()).unwrap_or_default();
    for (oin, kid) in bevroren {
        // Of whom, too: another may show this key as its own.
        if !nagezocht.insert(format!("{oin} {kid}")) {
            continue;
        }
        let mut delen = Vec::new();
        for envelop in omgeving.opslag.verzonden_onder_sleutel(&kid).await? {
            let envelop: Envelope = serde_json::from_str(&envelop).map_err(Werkfout::intern)?;
            delen.extend(envelop.data.delen.iter().filter(|d| gezegd(d, oin, &kid).is_some()).map(|d| d.labels.id));
        }
        let onthouden = serde_json::to_string(&nagezocht).map_err(Werkfout::intern)?;
        let mut tx = omgeving.opslag.begin().await?;
        tx.herwikkelen(oin, &kid, &delen, nu).await?;
        tx.vasthouden(NAGEZOCHT, &onthouden).await?;
        tx.vastleggen().await?;
        tracing::info!(%oin, kid, delen = delen.len(), "delen onder een bevroren sleutel worden opnieuw verzegeld");
    }
    Ok(())
}

/// What we said of this recipient's access to a part, under this key.
fn gezegd(deel: &Deel, ontvanger: Oin, kid: &str) -> Option<Toegangsverklaring> {
    let mut woorden = deel.toegang.iter().filter(|t| t.oin == ontvanger);
    woorden.find_map(|t| {
        let gezegd: Toegangsverklaring = jws::unverified_payload(&t.verklaring).ok()?;
        (gezegd.sleutel == kid).then_some(gezegd)
    })
}

/// Wraps one part again. Gives why it is not to be, if so.
async fn herwikkelen(omgeving: &Omgeving, taak: &Herwikkeltaak) -> Result<Option<String>, Werkfout> {
    let Some(envelop) = omgeving.opslag.verzonden_met_deel(taak.deel).await? else { return Ok(None) };
    let envelop: Envelope = serde_json::from_str(&envelop).map_err(Werkfout::intern)?;
    let met_id = |id: DeelId| envelop.data.delen.iter().find(|d| d.labels.id == id);
    let Some((deel, gezegd)) = met_id(taak.deel).and_then(|d| Some((d, gezegd(d, taak.ontvanger, &taak.bevroren)?))) else {
        return Ok(None);
    };
    // What it signed for it has.
    let bewijzen = omgeving.opslag.bewijzen(envelop.id).await?;
    let heeft = bewijzen.iter().any(|b| b.ontvanger == taak.ontvanger && b.getekend.contains(&taak.deel));
    if heeft && gezegd.wijze != Toegangswijze::Inzage {
        return Ok(None);
    }
    let gids = omgeving.boek.gids();
    let wie = gids.partner(taak.ontvanger).ok_or_else(|| Werkfout::intern("recipient is not in the verified directory now"))?;
    let sleutel = wie.sleutel(omgeving.clock.now()).ok_or_else(|| Werkfout::intern("recipient has no valid key now"))?;
    let voor = Voor {
        oin: taak.ontvanger,
        sleutel: sleutel.jwk.clone(),
        wijze: gezegd.wijze,
        doel: gezegd.doel,
        gebruik: gezegd.gebruik,
        genoemd: gezegd.genoemd,
        bewaren_tot: gezegd.bewaren_tot,
        verzoek: None,
    };
    match gezegd.wijze {
        Toegangswijze::Inzage => aanbieden(omgeving, deel, &voor, None).await,
        Toegangswijze::Meegeleverd | Toegangswijze::Terugval => inruilen(omgeving, deel, &voor).await,
    }
}
