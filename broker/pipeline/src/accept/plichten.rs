//! Duties with a term: registered with what they come with, and met by the message whose type says so (R9, R11, R20, R31, R32,
//! R35). What has no term (do not store, do not pass on) travels in the delivery and is never done.

use inbreng_catalogue::{Definitie, Gevolg};
use inbreng_domain::{
    Bericht, Code, Datum, Deel, Oin, RegelId, Tijdstip, Verplichting,
    zaak::{Embargo, Feitsoort},
};
use inbreng_storage::{NieuwePlicht, Voldoening, Zaakgevolg};
use serde::Deserialize;

use crate::decide::{Situatie, Toegelaten};

/// Told per person, not per recipient: one conversation says it all.
const OPENHEID: &str = "transparantiebericht";
/// The one duty of a recipient that has a term.
const STAKEN: &str = "gebruik-staken";
const HERZIEN: &str = "embargo-herzien";
/// Within so many working days a recipient confirms that it stops (catalogue, 42, 46, 47).
const BEVESTIGEN: u16 = 5;

/// The duties of what is delivered now, each once.
pub(crate) fn van_leveringen(situatie: &Situatie<'_>, toegelaten: &[Toegelaten<'_>], delen: &[Deel]) -> Vec<NieuwePlicht> {
    let mut alle = Vec::new();
    for een in toegelaten {
        let ontvanger = een.ontvanger().oin();
        for besluit in een.besluiten() {
            let labels = delen.iter().map(|d| &d.labels).find(|l| Some(l.id) == besluit.deel);
            let personen = || labels.iter().flat_map(|l| l.betrokkenen.iter().map(|b| b.persoon.to_string())).collect();
            for plicht in &besluit.verplichtingen {
                erbij(&mut alle, situatie.van.vermelding.oin, ontvanger, plicht, personen());
            }
        }
        if situatie.soort.gevolgen.contains(&Gevolg::GebruikStaken) {
            alle.extend(staken(situatie, ontvanger));
        }
    }
    alle
}

/// One duty. Who must tell, or have reviewed, is who sent it; who must stop is who got it.
pub(crate) fn erbij(alle: &mut Vec<NieuwePlicht>, van: Oin, ontvanger: Oin, plicht: &Verplichting, personen: Vec<String>) {
    let Some(uiterlijk) = plicht.uiterlijk else { return };
    let nieuw = |schuldenaar, ontvanger, over| NieuwePlicht {
        soort: plicht.soort.clone(),
        regel: plicht.regel,
        schuldenaar,
        ontvanger,
        over,
        uiterlijk,
    };
    let nieuwe: Vec<NieuwePlicht> = match plicht.soort.as_str().as_ref() {
        OPENHEID if !personen.is_empty() => personen.into_iter().map(|p| nieuw(van, None, Some(p))).collect(),
        STAKEN => vec![nieuw(ontvanger, Some(ontvanger), None)],
        _ => vec![nieuw(van, None, None)],
    };
    for een in nieuwe {
        let zelfde = |a: &NieuwePlicht| (&a.soort, a.schuldenaar, &a.over) == (&een.soort, een.schuldenaar, &een.over);
        if !alle.iter().any(zelfde) {
            alle.push(een);
        }
    }
}

fn staken(situatie: &Situatie<'_>, ontvanger: Oin) -> Option<NieuwePlicht> {
    Some(NieuwePlicht {
        soort: Code::parse(STAKEN).ok()?,
        regel: RegelId::new(31).ok()?,
        schuldenaar: ontvanger,
        ontvanger: Some(ontvanger),
        over: None,
        uiterlijk: situatie.beleid.werkdagen_na(situatie.nu, BEVESTIGEN),
    })
}

/// What a message meets of its sender's duties; and the duty that an embargo brings, to look at it again (R20).
pub(crate) fn van_bericht(soort: &Definitie, bericht: &Bericht, zaak: &[Zaakgevolg]) -> (Vec<NieuwePlicht>, Vec<Voldoening>) {
    let (mut plichten, mut voldoeningen) = (Vec::new(), Vec::new());
    if soort.gevolgen.contains(&Gevolg::OpenheidVastleggen) {
        voldoeningen.extend(openheid(bericht));
    }
    for gevolg in zaak {
        let Zaakgevolg::Feit(feit) = gevolg else { continue };
        if feit.soort != Feitsoort::Embargo {
            continue;
        }
        let (Ok(soort), Ok(regel), Ok(embargo)) =
            (Code::parse(HERZIEN), RegelId::new(20), serde_json::from_str::<Embargo>(&feit.record))
        else {
            continue;
        };
        let over = feit.onderwerp.clone();
        voldoeningen.push(Voldoening { soort: soort.clone(), over: over.clone(), uitstel: None });
        if embargo.geldt {
            let (schuldenaar, uiterlijk) = (feit.door, embargo.herziening);
            plichten.push(NieuwePlicht { soort, regel, schuldenaar, ontvanger: None, over: Some(over), uiterlijk });
        }
    }
    (plichten, voldoeningen)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verteld {
    persoon: String,
    stand: String,
    opnieuw_op: Option<Datum>,
}

/// Told: met. Put off: until the date that the statement names (R32). About to be told: nothing yet.
fn openheid(bericht: &Bericht) -> Option<Voldoening> {
    let Verteld { persoon, stand, opnieuw_op } = Verteld::deserialize(&bericht.verklaring).ok()?;
    let uitstel = opnieuw_op.map(|d| Tijdstip::from_unix_millis(d.date().midnight().assume_utc().unix_timestamp() * 1000));
    match (stand.as_str(), uitstel) {
        ("verteld", None) | ("uitgesteld", Some(_)) => {
            Some(Voldoening { soort: Code::parse(OPENHEID).ok()?, over: persoon, uitstel })
        }
        _ => None,
    }
}
