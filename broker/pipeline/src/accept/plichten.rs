//! Duties with a term: registered with what they come with, and met by the message whose type says so (R9, R11, R20, R31, R32,
//! R35). What has no term (do not store, do not pass on) travels in the delivery and is never done.

use inbreng_catalogue::Gevolg;
use inbreng_domain::{
    Bericht, BerichtId, Code, Datum, Deel, Oin, RegelId, Tijdstip, Verplichting,
    zaak::{Embargo, Feitsoort, Misplaatsing, Terugname, Zaakfeit},
};
use inbreng_storage::{NieuwePlicht, Voldoening, Zaakgevolg};
use serde::Deserialize;

use crate::decide::{Situatie, Toegelaten};

/// Told per person, not per recipient: one conversation says it all.
const OPENHEID: &str = "transparantiebericht";
/// The one duty of a recipient that has a term.
const STAKEN: &str = "gebruik-staken";
/// Who is of age now is asked itself, and handed over; one transfer per case says it all (R26).
const OVERDRACHT_18_PLUS: &str = "overdracht-18-plus";
/// The variant of a transfer by which that is done, and what the duty is about.
const ACHTTIEN: &str = "18-plus";
const HERZIEN: &str = "embargo-herzien";
const AFHANDELEN: &str = "misplaatsing-afhandelen";

/// The duties of what is delivered now, each once. To stop is a duty where this message takes something back: a person's own view
/// beside a part (46) does not.
pub(crate) fn van_leveringen(
    situatie: &Situatie<'_>,
    toegelaten: &[Toegelaten<'_>],
    delen: &[Deel],
    zaak: &[Zaakgevolg],
) -> Vec<NieuwePlicht> {
    let neemt_terug = zaak.iter().any(|gevolg| matches!(gevolg, Zaakgevolg::Feit(feit) if feit.soort == Feitsoort::Terugname));
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
        if neemt_terug {
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
        OVERDRACHT_18_PLUS => vec![nieuw(van, None, Some(ACHTTIEN.to_owned()))],
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

/// The duty of who is told now that its owner took something back or corrected it, whenever it is told (R1, R31).
pub(crate) fn staken(situatie: &Situatie<'_>, ontvanger: Oin) -> Option<NieuwePlicht> {
    if !situatie.soort.gevolgen.contains(&Gevolg::GebruikStaken) {
        return None;
    }
    Some(NieuwePlicht {
        soort: Code::parse(STAKEN).ok()?,
        regel: RegelId::new(31).ok()?,
        schuldenaar: ontvanger,
        ontvanger: Some(ontvanger),
        over: None,
        uiterlijk: situatie.beleid.stoppen_uiterlijk(situatie.nu),
    })
}

/// What a message meets of its sender's duties, and the duties that it brings: to look at an embargo again (R20), to deal with a
/// report of misdelivery.
pub(crate) fn van_bericht(
    situatie: &Situatie<'_>,
    bericht: &Bericht,
    zaak: &[Zaakgevolg],
) -> (Vec<NieuwePlicht>, Vec<Voldoening>) {
    let (mut plichten, mut voldoeningen) = (Vec::new(), Vec::new());
    if situatie.soort.gevolgen.contains(&Gevolg::OpenheidVastleggen) {
        voldoeningen.extend(openheid(bericht));
    }
    if situatie.soort.naam.as_str() == "overdracht" && bericht.variant.as_ref().is_some_and(|v| v.as_str() == ACHTTIEN) {
        voldoeningen.extend(voldaan(OVERDRACHT_18_PLUS, ACHTTIEN.to_owned()));
    }
    for gevolg in zaak {
        let Zaakgevolg::Feit(feit) = gevolg else { continue };
        let (plicht, voldoening) = van_feit(situatie, feit);
        plichten.extend(plicht);
        voldoeningen.extend(voldoening);
    }
    (plichten, voldoeningen)
}

/// What a statement brings, and what it meets.
fn van_feit(situatie: &Situatie<'_>, feit: &Zaakfeit) -> (Option<NieuwePlicht>, Option<Voldoening>) {
    match feit.soort {
        Feitsoort::Embargo => {
            let Ok(embargo) = serde_json::from_str::<Embargo>(&feit.record) else { return (None, None) };
            let over = feit.onderwerp.clone();
            let herzien = embargo.geldt.then(|| eigen(HERZIEN, 20, feit.door, over.clone(), embargo.herziening)).flatten();
            (herzien, voldaan(HERZIEN, over))
        }
        Feitsoort::Misplaatsing => {
            let Ok(melding) = serde_json::from_str::<Misplaatsing>(&feit.record) else { return (None, None) };
            let over = over_bericht(melding.bericht);
            // The report itself; an answer that leaves the parts frozen neither brings the duty nor ends it.
            if feit.onderwerp == feit.bericht.to_string() {
                let uiterlijk = situatie.beleid.misplaatsing_uiterlijk(situatie.nu);
                return (eigen(AFHANDELEN, 1, melding.eigenaar, over, uiterlijk), None);
            }
            (None, (!melding.geldt).then(|| voldaan(AFHANDELEN, over)).flatten())
        }
        Feitsoort::Terugname => {
            let Ok(terug) = serde_json::from_str::<Terugname>(&feit.record) else { return (None, None) };
            (None, voldaan(AFHANDELEN, over_bericht(terug.bericht)))
        }
        Feitsoort::Vlag | Feitsoort::Deelname | Feitsoort::Eigenaarsbesluit | Feitsoort::Personen => (None, None),
    }
}

/// A duty that comes with the message as a whole.
fn eigen(soort: &str, regel: u8, schuldenaar: Oin, over: String, uiterlijk: Tijdstip) -> Option<NieuwePlicht> {
    let (soort, regel) = (Code::parse(soort).ok()?, RegelId::new(regel).ok()?);
    Some(NieuwePlicht { soort, regel, schuldenaar, ontvanger: None, over: Some(over), uiterlijk })
}

fn voldaan(soort: &str, over: String) -> Option<Voldoening> {
    Some(Voldoening { soort: Code::parse(soort).ok()?, over, uitstel: None })
}

fn over_bericht(bericht: BerichtId) -> String {
    format!("bericht {bericht}")
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
