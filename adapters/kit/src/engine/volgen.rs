//! What waits for a person, and is asked after: who must still stop using what we took back, what we ourselves must still do, and
//! what is acute and read by nobody.

use inbreng_domain::antwoorden::{Plichtregel, Plichtstand};
use time::Duration;

use super::{Omgeving, Werkfout};
use crate::eigenaar::{INTREKKING, MISPLAATSING, RECTIFICATIE, TOESTEMMING_INGETROKKEN};

/// The own words that somebody must act on.
const WOORDEN: [&str; 4] = [INTREKKING, RECTIFICATIE, MISPLAATSING, TOESTEMMING_INGETROKKEN];
/// Messages that are asked after in one round.
const PER_KEER: u32 = 16;
/// How long after a look the next one is.
const PAUZE: Duration = Duration::minutes(15);

/// Looks at everything once.
pub(super) async fn ronde(omgeving: &Omgeving) -> Result<(), Werkfout> {
    ongelezen(omgeving).await?;
    anderen(omgeving).await
}

/// What is acute and lies here: in an inbox that nobody opens, or before a system that does not answer.
async fn ongelezen(omgeving: &Omgeving) -> Result<(), Werkfout> {
    let wacht = omgeving.termijnen.acuut_ongelezen();
    let sinds = omgeving.clock.now().plus(wacht.saturating_mul(-1));
    for post in omgeving.opslag.acuut_blijft_liggen(sinds).await? {
        let uitleg = format!(
            "Een acuut bericht ({}) van {} ligt hier langer dan {} minuten en is nog niet overgenomen. Lees het nu.",
            post.soort,
            omgeving.naam(post.van),
            wacht.whole_minutes()
        );
        omgeving.alarm("acuut-ongelezen", post.levering, &uitleg).await?;
    }
    Ok(())
}

/// Who has not yet stopped, of those whom our recalls and corrections reached.
async fn anderen(omgeving: &Omgeving) -> Result<(), Werkfout> {
    for zending in omgeving.opslag.te_volgen(&WOORDEN, omgeving.clock.now(), PER_KEER).await? {
        let status = omgeving.hub.status(zending.bericht).await?;
        for plicht in status.plichten.iter().filter(|p| p.stand == Plichtstand::TeLaat) {
            te_laat(omgeving, plicht, &zending.kenmerk).await?;
        }
        let klaar = status.plichten.iter().all(|p| p.stand == Plichtstand::Voldaan);
        let wanneer = (!klaar).then(|| omgeving.clock.now().plus(PAUZE));
        omgeving.opslag.volgen_na(zending.volgorde, wanneer).await?;
    }
    Ok(())
}

/// Our own open duties: those whose term has passed are an alarm.
pub(super) async fn eigen(omgeving: &Omgeving) -> Result<(), Werkfout> {
    for plicht in super::toezien::open_plichten(omgeving).await? {
        if plicht.regel.stand == Plichtstand::TeLaat {
            let kenmerk = plicht.kenmerk.unwrap_or_else(|| plicht.regel.bericht.to_string());
            te_laat(omgeving, &plicht.regel, &kenmerk).await?;
        }
    }
    Ok(())
}

async fn te_laat(omgeving: &Omgeving, plicht: &Plichtregel, kenmerk: &str) -> Result<(), Werkfout> {
    let Plichtregel { soort, bericht, schuldenaar, uiterlijk, .. } = plicht;
    let uitleg = if *schuldenaar == omgeving.organisatie.oin {
        format!(
            "Uw organisatie moest uiterlijk {uiterlijk} doen wat bij bericht {kenmerk} hoort ({soort}), en dat is nog niet gemeld."
        )
    } else {
        let naam = omgeving.naam(*schuldenaar);
        format!(
            "{naam} moest uiterlijk {uiterlijk} doen wat bij uw bericht {kenmerk} hoort ({soort}), en meldde dat niet. Bel {naam}."
        )
    };
    omgeving.alarm("plicht-te-laat", format!("{bericht}/{schuldenaar}/{soort}"), &uitleg).await
}
