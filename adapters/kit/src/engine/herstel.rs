//! A hub that was put back from a copy: what came after the copy is with us, and it gives out nothing until everyone has sent that
//! again. Messages go out as they were, in their order; recipients know them again.

use inbreng_domain::{
    gids::{Bevriezing, Gidsvermelding},
    receipts::{Checkpoint, Herstelpunt, Nazending, Ontvangst, Weigering, Weigeringscode},
};
use inbreng_proof::{Typ, jws};
use time::Duration;

use super::{Omgeving, Werkfout, herwikkelen, melden, overzicht, verzenden};
use crate::{
    hub::Hubfout,
    store::{Instand, Zending},
};

/// Under which name it is kept for which restoration the hub has our word.
const NAGEZONDEN: &str = "nagezonden";
/// How far before the newest leaf of the copy we begin: our clock is not the hub's.
pub(super) const MARGE: Duration = Duration::minutes(10);

/// Does what a head asks that names a restoration; nothing where it names none, or where the hub has our word already.
pub(super) async fn volgen(omgeving: &Omgeving, kop: &Checkpoint) -> Result<(), Werkfout> {
    let Some(punt) = &kop.hersteld else { return Ok(()) };
    let naam = serde_json::to_string(punt).map_err(Werkfout::intern)?;
    let gegeven = omgeving.opslag.vast(NAGEZONDEN).await?.is_some_and(|n| n == naam);
    if gegeven || omgeving.opslag.nazending_onvolledig(&naam).await? {
        // The hub draws up nothing while it is closed, and our word that a person was told has gone before.
        return overzicht::opnieuw(omgeving, punt, &naam).await;
    }
    let sinds = punt.tot.plus(-MARGE);
    if omgeving.opslag.nazenden(&naam, sinds).await? {
        tracing::warn!(tot = %punt.tot, op = %punt.op, "knooppunt is teruggezet uit een kopie; er wordt nagezonden");
        let uitleg = format!(
            "Het knooppunt is op {} teruggezet uit een kopie tot {}. De adapter stuurt opnieuw wat daarna kwam. Wist u dit niet, \
             bel dan de convenantbeheerder.",
            punt.op, punt.tot
        );
        omgeving.alarm("knooppunt-hersteld", punt.wortel, &uitleg).await?;
        // Our own keys first: others wait for them with what they sealed for these.
        if let Err(fout) = omgeving.verversen().await {
            tracing::warn!(reden = %fout, "gids na het terugzetten nog niet ververst");
        }
        omgeving.wek_uit.wekken();
    }
    if omgeving.opslag.nazendingen_open().await? > 0 {
        return Ok(());
    }
    // Access rests on messages, which the hub has again by now; what was given is no more than what its owner allowed.
    omgeving.opslag.toegang_opnieuw(&naam, sinds).await?;
    if omgeving.opslag.toegang_nog_opnieuw().await? > 0 {
        omgeving.wek_uit.wekken();
        return Ok(());
    }
    woorden(omgeving, punt).await?;
    bevriezingen(omgeving).await?;
    omgeving.verversen().await?;
    // What was wrapped again since the copy is not there any more.
    herwikkelen::opnieuw(omgeving).await?;
    let nazending = Nazending {
        hub: omgeving.knooppunt_oin,
        partner: omgeving.organisatie.oin,
        hersteld: punt.clone(),
        tijd: omgeving.clock.now(),
    };
    let jws = jws::sign(&omgeving.tekenaar()?.sleutel, Typ::Nazending, &nazending).map_err(Werkfout::intern)?;
    omgeving.hub.nagezonden(jws).await?;
    tracing::info!("alles is nagezonden");
    Ok(omgeving.opslag.vasthouden(NAGEZONDEN, &naam).await?)
}

/// Brings again what was frozen after the copy: what our organisation froze, and what we hold of the covenant manager. The hub would hand out
/// keys under it, and take what it proves.
async fn bevriezingen(omgeving: &Omgeving) -> Result<(), Werkfout> {
    for tekst in omgeving.opslag.gids().await? {
        let Ok(gids) = serde_json::from_str::<Gidsvermelding>(&tekst) else { continue };
        for jws in gids.bevriezingen {
            let Ok(bevriezing) = jws::unverified_payload::<Bevriezing>(&jws) else { continue };
            let eigen = bevriezing.oin == omgeving.organisatie.oin;
            // What another signed comes from itself.
            if !eigen && !bevriezing.certificaten.is_empty() {
                continue;
            }
            match omgeving.hub.sleutel_bevriezen(bevriezing.oin, jws).await {
                Ok(()) => {}
                Err(Hubfout::Probleem(probleem)) if probleem.status < 500 && eigen => {
                    let uitleg = format!(
                        "Het knooppunt is teruggezet en neemt de bevriezing van sleutel {} niet opnieuw aan ({}). Bel de convenantbeheerder.",
                        bevriezing.kid, probleem.code
                    );
                    omgeving.alarm("sleutelverklaring-geweigerd", &bevriezing.kid, &uitleg).await?;
                }
                // Its organisation brings it too, when the hub has its keys again.
                Err(Hubfout::Probleem(probleem)) if probleem.status < 500 => {
                    tracing::warn!(oin = %bevriezing.oin, kid = bevriezing.kid, reden = %probleem.code, "bevriezing niet opnieuw aangenomen");
                }
                Err(fout) => return Err(fout.into()),
            }
        }
    }
    Ok(())
}

/// Signs again for what was received, refused and read. A delivery that the copy does not have comes again under another number.
async fn woorden(omgeving: &Omgeving, punt: &Herstelpunt) -> Result<(), Werkfout> {
    let (ontvanger, nu) = (omgeving.organisatie.oin, omgeving.clock.now());
    let sleutel = &omgeving.tekenaar()?.sleutel;
    for (post, delen) in omgeving.opslag.gemeld_sinds(punt.tot.plus(-MARGE)).await? {
        let (levering, bericht, digest) = (post.levering, post.bericht, post.digest);
        let uitslag = if post.stand == Instand::Gemeld {
            let ontvangst = Ontvangst { levering, bericht, digest, delen, ontvanger, tijd: nu };
            let jws = jws::sign(sleutel, Typ::Ontvangst, &ontvangst).map_err(Werkfout::intern)?;
            omgeving.hub.ontvangst(levering, jws).await
        } else {
            let code = post.code.unwrap_or(Weigeringscode::InhoudOngeldig);
            let weigering = Weigering { levering, bericht, digest: Some(digest), code, ontvanger, tijd: nu };
            let jws = jws::sign(sleutel, Typ::Weigering, &weigering).map_err(Werkfout::intern)?;
            omgeving.hub.weigering(levering, jws).await
        };
        melden::nogmaals(levering, uitslag)?;
    }
    // What was received before the copy may have been read after it; where nobody is known to have, the crisis service is next.
    for lezing in omgeving.opslag.gelezen_sinds(punt.tot.plus(-MARGE)).await? {
        melden::nogmaals(lezing.levering, melden::gelezen(omgeving, &lezing).await?)?;
    }
    Ok(())
}

/// How often a message is offered again: for about an hour. What it rests on may still have to come from another partner (who
/// takes part, a question that it answers), or from the covenant manager (a policy version).
pub(super) const POGINGEN: u32 = 60;

/// A message that was confirmed before, and is not accepted again. It is offered again and again; in the end a human must know,
/// for the hub does not have it, and it does not hear from us that it has everything: whoever opens it does so without us.
pub(super) async fn niet_genomen(omgeving: &Omgeving, zending: &Zending, waarom: &str) -> Result<(), Werkfout> {
    let nu = omgeving.clock.now();
    if zending.pogingen < POGINGEN {
        let wanneer = verzenden::later(omgeving, zending.pogingen, nu, None);
        return Ok(omgeving.opslag.zending_later(zending.volgorde, wanneer).await?);
    }
    let uitleg = format!(
        "Bericht {} ({}) was aangenomen voordat het knooppunt uit een kopie werd teruggezet, en wordt nu niet meer aangenomen \
         ({waarom}). Het knooppunt heeft het niet, en blijft dicht totdat zijn beheerder het heropent zonder uw organisatie. Bel hem. \
         Stuur het bericht opnieuw onder een nieuw kenmerk als de ontvanger het niet heeft.",
        zending.kenmerk, zending.soort
    );
    omgeving.alarm("nazending-geweigerd", zending.bericht, &uitleg).await?;
    Ok(omgeving.opslag.nazending_opgeven(zending.volgorde).await?)
}
