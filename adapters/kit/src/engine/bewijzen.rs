//! Whether what we sealed arrived: each recipient's own signed receipt, compared with what we sent. A hub can leave a part
//! out; it cannot sign that it arrived.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::STANDARD};
use inbreng_domain::{
    BerichtId, DeelId, Envelope, Oin, Tijdstip,
    antwoorden::{Aannameantwoord, Leveringstand, Ontvangerstatus, Statusantwoord},
    receipts::{Ontvangerstand, Ontvangst, Weigeringscode},
    terugroep::Bezorging,
};
use inbreng_proof::{Typ, VerifyingKey, jws};
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

/// After which what was kept ready for a later step is asked after no more.
const TERUGVAL_VOORBIJ: Duration = Duration::days(1);

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
    for bewijs in bewijzen {
        let getoond = status.ontvangers.iter().find(|o| o.ontvanger == bewijs.ontvanger);
        let gevonden = match getoond {
            None => niet_getoond(&bewijs, status, &getekend, omgeving.clock.now()),
            Some(getoond) => oordelen(omgeving, &bewijs, getoond, &onthouden(status, bewijs.ontvanger)).await?,
        };
        let stand = match gevonden {
            Gevonden::NogNiet => {
                // That somebody read it counts for nothing without a signature for having it.
                let zonder = |g: &Ontvangerstatus| matches!(g.stand, Leveringstand::Gelezen | Leveringstand::Beantwoord);
                let wacht = getoond.is_some_and(|g| (g.stand == Leveringstand::Onderweg || zonder(g)) && g.bezorging.is_none());
                if wacht {
                    niet_opgehaald(omgeving, &bewijs, status.aangenomen_op).await?;
                }
                Bewijsstand::Open
            }
            Gevonden::NietBezorgd => {
                dode_letter(omgeving, &bewijs, getoond.and_then(|g| g.bezorging.as_ref())).await?;
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

/// What was found of one recipient.
#[derive(Debug, PartialEq, Eq)]
enum Gevonden {
    NogNiet,
    /// The hub could not bring it: a dead letter, until someone has it brought again or its recipient fetches it.
    NietBezorgd,
    /// Nobody fetched it within its term, and its content has left the hub (R40).
    Verlopen,
    Klopt,
    /// Less than was sealed, as the hub says openly.
    Onthouden,
    /// By its recipient, with a code; or by a decision that was taken again.
    Geweigerd(Option<Weigeringscode>),
    WijktAf(&'static str),
}

/// A hub that no longer shows a recipient it took on has something to explain. Of whom all was held there is nothing to show until
/// it goes, or is refused after all.
fn niet_getoond(bewijs: &Bewijs, status: &Statusantwoord, getekend: &[Oin], nu: Tijdstip) -> Gevonden {
    let mut over = status.besluiten.iter().filter(|b| b.ontvanger == bewijs.ontvanger).map(|b| b.stand).peekable();
    if over.peek().is_some() && over.clone().all(|stand| stand == Ontvangerstand::Geweigerd) {
        Gevonden::Geweigerd(None)
    } else if bewijs.moet.is_empty() && over.clone().any(|stand| stand == Ontvangerstand::InBehandeling) {
        Gevonden::NogNiet
    } else if bewijs.moet.is_empty() && over.any(|stand| stand == Ontvangerstand::Terugval) {
        // Kept ready for when nobody reads it: read by one who signed for it, or long after its step, it goes there no more.
        let gelezen = |o: &Ontvangerstatus| {
            matches!(o.stand, Leveringstand::Gelezen | Leveringstand::Beantwoord) && getekend.contains(&o.ontvanger)
        };
        let voorbij = nu.since(status.aangenomen_op) > TERUGVAL_VOORBIJ;
        if voorbij || status.ontvangers.iter().any(gelezen) { Gevonden::Onthouden } else { Gevonden::NogNiet }
    } else {
        Gevonden::WijktAf("het knooppunt toont deze ontvanger niet")
    }
}

/// The parts that the hub says it holds or refuses: decided again since they were sent (a recall, an embargo, a consent that
/// was withdrawn). It may withhold; it may not do so unseen.
fn onthouden(status: &Statusantwoord, ontvanger: Oin) -> Vec<DeelId> {
    let niet = |stand| matches!(stand, Ontvangerstand::Geweigerd | Ontvangerstand::InBehandeling | Ontvangerstand::Terugval);
    status.besluiten.iter().filter(|b| b.ontvanger == ontvanger && niet(b.stand)).filter_map(|b| b.deel).collect()
}

async fn oordelen(
    omgeving: &Omgeving,
    bewijs: &Bewijs,
    getoond: &Ontvangerstatus,
    onthouden: &[DeelId],
) -> Result<Gevonden, Werkfout> {
    let Some(tekst) = &getoond.ontvangst else {
        return Ok(match getoond.stand {
            // Said openly, whether by the recipient or by a decision that was taken again.
            Leveringstand::Geweigerd => Gevonden::Geweigerd(getoond.weigering),
            Leveringstand::Vervallen => Gevonden::Geweigerd(None),
            Leveringstand::Ontvangen => Gevonden::WijktAf("het knooppunt zegt ontvangen, zonder handtekening van de ontvanger"),
            Leveringstand::DodeLetter => Gevonden::NietBezorgd,
            Leveringstand::Verlopen => Gevonden::Verlopen,
            // Read or answered says nothing about the receipt, which may still be on its way.
            Leveringstand::Onderweg | Leveringstand::InBehandeling | Leveringstand::Gelezen | Leveringstand::Beantwoord => {
                Gevonden::NogNiet
            }
        });
    };
    for sleutel in sleutels(omgeving, bewijs.ontvanger).await? {
        if let Ok(ontvangst) = jws::verify::<Ontvangst>(tekst, Typ::Ontvangst, &sleutel) {
            return Ok(past(bewijs, &ontvangst, onthouden));
        }
    }
    Ok(Gevonden::WijktAf("de handtekening is niet van de ontvanger"))
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

/// Whether a receipt is for what we sent: all that must arrive, nothing that we did not seal for it, each once.
fn past(bewijs: &Bewijs, ontvangst: &Ontvangst, onthouden: &[DeelId]) -> Gevonden {
    let Ontvangst { bericht, digest, delen, ontvanger, .. } = ontvangst;
    let eenmaal: BTreeSet<_> = delen.iter().map(ToString::to_string).collect();
    if *bericht != bewijs.bericht || *ontvanger != bewijs.ontvanger {
        Gevonden::WijktAf("de ontvanger tekende voor een ander bericht")
    } else if *digest != bewijs.digest {
        Gevonden::WijktAf("de ontvanger kreeg een andere tekst")
    } else if bewijs.moet.iter().any(|id| !delen.contains(id) && !onthouden.contains(id))
        || delen.is_empty() && bewijs.moet.is_empty() && !bewijs.mag.is_empty()
    {
        Gevonden::WijktAf("er kwamen delen niet aan")
    } else if eenmaal.len() != delen.len() || delen.iter().any(|id| !bewijs.mag.contains(id)) {
        Gevonden::WijktAf("er kwamen delen aan die er niet in zaten")
    } else if bewijs.moet.iter().any(|id| !delen.contains(id)) {
        Gevonden::Onthouden
    } else {
        Gevonden::Klopt
    }
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
async fn niet_opgehaald(omgeving: &Omgeving, bewijs: &Bewijs, aangenomen_op: Tijdstip) -> Result<(), Werkfout> {
    let Bewijs { bericht, ontvanger, .. } = bewijs;
    let acuut = omgeving.opslag.is_acuut(*bericht).await?;
    let hoogstens = omgeving.termijnen.niet_opgehaald(acuut);
    if omgeving.clock.now().since(aangenomen_op) < hoogstens || !omgeving.opslag.bewijs_waarschuwen(*bericht, *ontvanger).await? {
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

#[cfg(test)]
mod tests {
    use inbreng_domain::{Digest, LeveringId};
    use inbreng_proof::SystemRandomness;

    use super::*;
    use crate::testsleutels::{GGZ, VEILIG_THUIS, nu, oin};

    #[test]
    fn a_receipt_is_for_what_was_sent_or_an_alarm() {
        let id = || DeelId::mint(nu(), &SystemRandomness);
        let (een, twee, gehouden, vreemd) = (id(), id(), id(), id());
        let bericht = BerichtId::mint(nu(), &SystemRandomness);
        let bewijs = Bewijs {
            bericht,
            ontvanger: oin(VEILIG_THUIS),
            digest: Digest::from_bytes([1; 32]),
            moet: vec![een, twee],
            mag: vec![een, twee, gehouden],
            stand: Bewijsstand::Open,
            pogingen: 0,
        };
        let goed = Ontvangst {
            levering: LeveringId::mint(nu(), &SystemRandomness),
            bericht,
            digest: bewijs.digest,
            delen: vec![een, twee],
            ontvanger: bewijs.ontvanger,
            tijd: nu(),
        };
        assert_eq!(past(&bewijs, &goed, &[]), Gevonden::Klopt);
        assert_eq!(past(&bewijs, &Ontvangst { delen: vec![een, gehouden, twee], ..goed.clone() }, &[]), Gevonden::Klopt);
        // All of it was held at first: which part goes, a later decision says; that none of it came is not what was sent.
        let los = Bewijs { moet: Vec::new(), ..bewijs.clone() };
        assert_eq!(past(&los, &Ontvangst { delen: vec![gehouden], ..goed.clone() }, &[]), Gevonden::Klopt);
        assert!(matches!(past(&los, &Ontvangst { delen: Vec::new(), ..goed.clone() }, &[]), Gevonden::WijktAf(_)));
        // Withheld openly is withheld; a second part that is gone with it is not.
        let minder = Ontvangst { delen: vec![een], ..goed.clone() };
        assert_eq!(past(&bewijs, &minder, &[twee]), Gevonden::Onthouden);
        assert!(matches!(past(&bewijs, &minder, &[een]), Gevonden::WijktAf(_)));
        for (wat, ontvangst) in [
            ("a part left out", Ontvangst { delen: vec![een], ..goed.clone() }),
            ("all left out", Ontvangst { delen: vec![], ..goed.clone() }),
            ("one more", Ontvangst { delen: vec![een, twee, vreemd], ..goed.clone() }),
            ("one twice", Ontvangst { delen: vec![een, twee, twee], ..goed.clone() }),
            ("another text", Ontvangst { digest: Digest::from_bytes([2; 32]), ..goed.clone() }),
            ("another message", Ontvangst { bericht: BerichtId::mint(nu(), &SystemRandomness), ..goed.clone() }),
            ("another recipient", Ontvangst { ontvanger: oin(GGZ), ..goed.clone() }),
        ] {
            assert!(matches!(past(&bewijs, &ontvangst, &[]), Gevonden::WijktAf(_)), "{wat}");
        }
    }
}
