//! Whether what we sealed arrived: each recipient's own signed receipt, compared with what we sent. A hub can leave a part
//! out; it cannot sign that it arrived.

mod oordeel;

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::STANDARD};
use inbreng_domain::{
    BerichtId, DeelId, Envelope, Oin, Tijdstip,
    antwoorden::{Aannameantwoord, Leveringstand, Ontvangerstatus, Statusantwoord},
    receipts::{Ontvangerstand, Weigeringscode},
    terugroep::Bezorging,
};
use inbreng_proof::VerifyingKey;
use oordeel::{Gevonden, niet_getoond, onthouden, oordelen};
use time::Duration;

use super::{Omgeving, Werkfout};
use crate::store::{Bewijs, Bewijsstand};

/// Messages that are asked after in one round.
const PER_KEER: u32 = 16;
/// When a message is first asked after, and the longest pause after that: doubling.
pub(super) const EERST: Duration = Duration::seconds(5);
const LANGSTE: Duration = Duration::minutes(15);
/// The same of an acute one.
const LANGSTE_ACUUT: Duration = Duration::minutes(1);

/// What each recipient of an accepted message must sign for: by what we sealed, and by what the hub said, signed, that it
/// would deliver.
pub(super) fn verwacht(envelop: &Envelope, antwoord: &Aannameantwoord) -> Vec<Bewijs> {
    let toegestaan = |oin: Oin, deel: Option<DeelId>| {
        antwoord.besluiten.iter().any(|b| {
            b.ontvanger == oin
                && b.deel == deel
                && matches!(b.stand, Ontvangerstand::Toegestaan | Ontvangerstand::ToegestaanMetPlicht)
        })
    };
    // What is held may go later (an embargo that is lifted, a yes of its owner), and is then to be signed for as well.
    let wacht = |oin: Oin| {
        let later = |stand| matches!(stand, Ontvangerstand::InBehandeling | Ontvangerstand::Terugval);
        antwoord.besluiten.iter().any(|b| b.ontvanger == oin && later(b.stand))
    };
    let delen = &envelop.data.delen;
    let mut ontvangers: BTreeSet<Oin> = delen.iter().flat_map(|d| d.toegang.iter().map(|t| t.oin)).collect();
    ontvangers.extend(antwoord.besluiten.iter().filter(|b| b.deel.is_none()).map(|b| b.ontvanger));
    let bewijs = |ontvanger: Oin| {
        let mag: Vec<DeelId> =
            delen.iter().filter(|d| d.toegang.iter().any(|t| t.oin == ontvanger)).map(|d| d.labels.id).collect();
        let moet: Vec<DeelId> = mag.iter().copied().filter(|id| toegestaan(ontvanger, Some(*id))).collect();
        let iets = !moet.is_empty() || toegestaan(ontvanger, None) || wacht(ontvanger);
        // Of whom nothing is allowed nothing is delivered: there is nothing to sign for.
        iets.then_some(Bewijs {
            bericht: envelop.id,
            ontvanger,
            digest: envelop.data.kop.bericht,
            moet,
            mag,
            stand: Bewijsstand::Open,
            pogingen: 0,
            getekend: Vec::new(),
            sinds: None,
        })
    };
    ontvangers.into_iter().filter_map(bewijs).collect()
}

/// Asks after what is not yet signed for. Gives how many messages were asked after.
pub(super) async fn ronde(omgeving: &Omgeving) -> Result<usize, Werkfout> {
    let beurt = omgeving.opslag.bewijzen_aan_de_beurt(omgeving.clock.now(), PER_KEER).await?;
    for bericht in &beurt {
        let status = omgeving.hub.status(*bericht).await?;
        vergelijken(omgeving, &status).await?;
        let pogingen = omgeving.opslag.bewijzen(*bericht).await?.iter().map(|b| b.pogingen).max().unwrap_or_default();
        let pauze = EERST.saturating_mul(1i32.checked_shl(pogingen.min(16)).unwrap_or(i32::MAX));
        let langste = if omgeving.opslag.is_acuut(*bericht).await? { LANGSTE_ACUUT } else { LANGSTE };
        let pauze = pauze.min(langste);
        omgeving.opslag.bewijs_later(*bericht, omgeving.clock.now().plus(pauze)).await?;
    }
    Ok(beurt.len())
}

/// Compares what the hub shows of a message with what we sent; what differs is an alarm. Gives how it stands per recipient.
pub(crate) async fn vergelijken(omgeving: &Omgeving, status: &Statusantwoord) -> Result<Vec<(Oin, Bewijsstand)>, Werkfout> {
    let mut standen = Vec::new();
    let bewijzen = omgeving.opslag.bewijzen(status.id).await?;
    let getekend: Vec<Oin> = bewijzen.iter().filter(|b| b.stand == Bewijsstand::Klopt).map(|b| b.ontvanger).collect();
    for mut bewijs in bewijzen {
        let nu = omgeving.clock.now();
        let getoond: Vec<&Ontvangerstatus> = status.ontvangers.iter().filter(|o| o.ontvanger == bewijs.ontvanger).collect();
        let (gevonden, ervoor_getekend) = match &getoond[..] {
            [] => (niet_getoond(&bewijs, status, &getekend, nu), Vec::new()),
            getoond => {
                let sleutels = if getoond.iter().any(|g| g.ontvangst.is_some()) {
                    sleutels(omgeving, bewijs.ontvanger).await?
                } else {
                    Vec::new()
                };
                oordelen(&bewijs, getoond, &onthouden(status, bewijs.ontvanger), &sleutels)
            }
        };
        // What it once signed for it has, also where a hub that was put back knows less.
        if ervoor_getekend.iter().any(|deel| !bewijs.getekend.contains(deel)) {
            omgeving.opslag.bewijs_getekend(bewijs.bericht, bewijs.ontvanger, &ervoor_getekend).await?;
        }
        let begonnen = getoond.iter().any(|g| g.stand != Leveringstand::InBehandeling);
        if begonnen && bewijs.sinds.is_none() && bewijs.moet.is_empty() && !bewijs.mag.is_empty() {
            // All of it waited until now: it cannot have been fetched before.
            omgeving.opslag.bewijs_sinds(bewijs.bericht, bewijs.ontvanger, nu).await?;
            bewijs.sinds = Some(nu);
        }
        let stand = match gevonden {
            Gevonden::NogNiet => {
                // That somebody read it counts for nothing without a signature for having it.
                let zonder = |g: &Ontvangerstatus| matches!(g.stand, Leveringstand::Gelezen | Leveringstand::Beantwoord);
                let wacht = |g: &&Ontvangerstatus| {
                    (g.stand == Leveringstand::Onderweg || zonder(g)) && g.ontvangst.is_none() && g.bezorging.is_none()
                };
                if getoond.iter().any(wacht) {
                    niet_opgehaald(omgeving, &bewijs, bewijs.sinds.unwrap_or(status.aangenomen_op)).await?;
                }
                Bewijsstand::Open
            }
            Gevonden::NietBezorgd => {
                let dood = getoond.iter().find(|g| g.stand == Leveringstand::DodeLetter);
                dode_letter(omgeving, &bewijs, dood.and_then(|g| g.bezorging.as_ref())).await?;
                Bewijsstand::Open
            }
            Gevonden::Verlopen => {
                verlopen(omgeving, &bewijs).await?;
                Bewijsstand::NietOpgehaald
            }
            Gevonden::Klopt => Bewijsstand::Klopt,
            Gevonden::Onthouden => Bewijsstand::Onthouden,
            Gevonden::Geweigerd(code) => {
                // Who took it back itself knows. Another's word (42, 59) is news: nobody there has read the message.
                if let Some(code) = code
                    && (code != Weigeringscode::Teruggenomen || !omgeving.opslag.zelf_teruggenomen(bewijs.bericht).await?)
                {
                    geweigerd(omgeving, &bewijs, code).await?;
                }
                Bewijsstand::Geweigerd
            }
            Gevonden::WijktAf(waarom) => {
                alarm(omgeving, &bewijs, waarom).await?;
                Bewijsstand::WijktAf
            }
        };
        if stand != bewijs.stand {
            omgeving.opslag.bewijs_stand(bewijs.bericht, bewijs.ontvanger, stand).await?;
        }
        standen.push((bewijs.ontvanger, stand));
    }
    Ok(standen)
}

/// The keys that a partner signs or has signed with, the newest first.
async fn sleutels(omgeving: &Omgeving, oin: Oin) -> Result<Vec<VerifyingKey>, Werkfout> {
    let gids = omgeving.boek.gids();
    let mut sleutels: Vec<VerifyingKey> = gids.partner(oin).map(|p| p.certificaat.key.clone()).into_iter().collect();
    for certificaat in omgeving.opslag.ondertekenaars(oin).await? {
        let der = STANDARD.decode(certificaat).map_err(Werkfout::intern)?;
        sleutels.extend(VerifyingKey::from_certificate_der(&der));
    }
    Ok(sleutels)
}

/// What was sent and cannot be brought, a human must know: waiting does not mend it.
async fn dode_letter(omgeving: &Omgeving, bewijs: &Bewijs, bezorging: Option<&Bezorging>) -> Result<(), Werkfout> {
    let Bewijs { bericht, ontvanger, .. } = bewijs;
    let naam = omgeving.naam(*ontvanger);
    let reden = bezorging.and_then(|b| b.reden).map_or_else(String::new, |reden| format!(" ({reden})"));
    let uitleg = format!(
        "Bericht {bericht} is niet bij {naam} te bezorgen{reden}. Bel {naam}; daarna kan uw privacy officer \
         het opnieuw laten bezorgen (inbreng-adapter opnieuw)."
    );
    omgeving.alarm("dode-letter", sleutel(*bericht, *ontvanger), &uitleg).await
}

/// What was sent and never fetched in its term has left the hub: a human must know, and decide whether it goes again.
async fn verlopen(omgeving: &Omgeving, bewijs: &Bewijs) -> Result<(), Werkfout> {
    let Bewijs { bericht, ontvanger, .. } = bewijs;
    let naam = omgeving.naam(*ontvanger);
    let uitleg = format!(
        "Bericht {bericht} is door {naam} niet opgehaald binnen de bewaartermijn en is weg uit het knooppunt. {naam} heeft het niet \
         gelezen. Bel {naam} en stuur het zo nodig opnieuw."
    );
    omgeving.alarm("levering-verlopen", sleutel(*bericht, *ontvanger), &uitleg).await
}

/// Its recipient does not take it: what was sent to keep somebody safe is in nobody's system, and only a human can mend that.
async fn geweigerd(omgeving: &Omgeving, bewijs: &Bewijs, code: Weigeringscode) -> Result<(), Werkfout> {
    let Bewijs { bericht, ontvanger, .. } = bewijs;
    let naam = omgeving.naam(*ontvanger);
    let (soort, acuut) = if omgeving.opslag.is_acuut(*bericht).await? {
        ("acuut-geweigerd-door-ontvanger", "acute ")
    } else {
        ("levering-geweigerd-door-ontvanger", "")
    };
    let uitleg = format!(
        "{naam} weigerde uw {acuut}bericht {bericht} ({code}). Het staat daar niet in het systeem. Bel {naam}; stuur het daarna onder \
         een nieuw kenmerk."
    );
    omgeving.alarm(soort, sleutel(*bericht, *ontvanger), &uitleg).await
}

/// Its recipient fetches, and does not come for it: waiting may mend that, and the sender must not think that it arrived.
async fn niet_opgehaald(omgeving: &Omgeving, bewijs: &Bewijs, sinds: Tijdstip) -> Result<(), Werkfout> {
    let Bewijs { bericht, ontvanger, .. } = bewijs;
    let acuut = omgeving.opslag.is_acuut(*bericht).await?;
    let hoogstens = omgeving.termijnen.niet_opgehaald(acuut);
    if omgeving.clock.now().since(sinds) < hoogstens || !omgeving.opslag.bewijs_waarschuwen(*bericht, *ontvanger).await? {
        return Ok(());
    }
    let naam = omgeving.naam(*ontvanger);
    let (alarmsoort, soort) = if acuut { ("acuut-niet-opgehaald", "acute ") } else { ("niet-opgehaald", "") };
    let uitleg = format!(
        "{naam} haalde uw {soort}bericht {bericht} niet op, al langer dan {} minuten. Het ligt nog klaar bij het knooppunt. Bel {naam}.",
        hoogstens.whole_minutes()
    );
    omgeving.alarm(alarmsoort, sleutel(*bericht, *ontvanger), &uitleg).await
}

async fn alarm(omgeving: &Omgeving, bewijs: &Bewijs, waarom: &str) -> Result<(), Werkfout> {
    let Bewijs { bericht, ontvanger, .. } = bewijs;
    let naam = omgeving.naam(*ontvanger);
    let uitleg = format!(
        "Wat {naam} van bericht {bericht} ontving, is niet wat u stuurde: {waarom}. Bel {naam} en de convenantbeheerder."
    );
    omgeving.alarm("ontvangst-wijkt-af", sleutel(*bericht, *ontvanger), &uitleg).await
}

fn sleutel(bericht: BerichtId, ontvanger: Oin) -> String {
    format!("{bericht}/{ontvanger}")
}
