//! Withdrawal of consent (42): who received something that rests on it hears it from the hub, and stops using it, or learns
//! which other ground carries it (R11). A recall (47) reaches all who got what it takes back.

use std::sync::Arc;

use inbreng_catalogue::{Definitie, Gevolg};
use inbreng_domain::{
    Bericht, Code, Datum, Labels, Oin, PersoonRef, RegelId, Tijdstip, Verplichting,
    problem::ProblemCode,
    vocabulary::{Gezag, Grondslag, Toestemmingsgever},
};
use inbreng_policy::{Beleid, Vastlegging, toestemming};
use inbreng_proof::Gids;
use inbreng_storage::Store;
use serde::Deserialize;

use crate::{
    Fout,
    decide::{Situatie, Toegelaten, reference::Verwijzing, routing::Ontvanger, view},
};

/// One who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verteld {
    oin: Oin,
    /// Another ground that every one of its parts has; absent: consent was the only one of some part.
    andere: Option<Grondslag>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verklaring {
    persoon: PersoonRef,
    eigenaar: Oin,
    door: Toestemmingsgever,
    gezag: Option<Gezag>,
    incident_op: Option<Datum>,
}

/// Who got, or is about to get, a part of this owner about this person on the ground of consent.
pub(crate) async fn te_vertellen(
    store: &dyn Store,
    soort: &Definitie,
    bericht: &Bericht,
    gids: &Gids,
    (beleid, nu): (&Beleid, Tijdstip),
) -> Result<Vec<Verteld>, Fout> {
    let Some(casus) = bericht.casus.filter(|_| soort.gevolgen.contains(&Gevolg::ToestemmingIntrekken)) else {
        return Ok(Vec::new());
    };
    let Verklaring { persoon, eigenaar, door, gezag, incident_op } = Verklaring::deserialize(&bericht.verklaring)
        .map_err(|_| Fout::new(ProblemCode::VerklaringOngeldig).at("/data/bericht/verklaring"))?;
    // Who is suspected in the case cannot alone take back what was said for the child (R26): nobody has to stop.
    let maanden = beleid.bundel().instellingen.toestemming_maanden;
    if door == Toestemmingsgever::Gezaghebbende && toestemming::alleen_verdachte(gezag, incident_op, nu, maanden) {
        return Ok(Vec::new());
    }
    let intern = |error: serde_json::Error| Fout::new(ProblemCode::InterneFout).door(error);
    let mut verteld: Vec<Verteld> = Vec::new();
    for (oin, labels, record) in store.geleverde_delen(casus, eigenaar).await? {
        let labels: Labels = serde_json::from_str(&labels).map_err(intern)?;
        let Vastlegging { besluit, .. } = serde_json::from_str(&record).map_err(intern)?;
        let raakt = besluit.grondslag == Some(Grondslag::Toestemming) && labels.betrokkenen.iter().any(|b| b.persoon == persoon);
        if !raakt || oin == bericht.van || gids.partner(oin).is_none() {
            continue;
        }
        let andere = labels.grondslagen.iter().copied().find(|g| !matches!(g, Grondslag::Toestemming | Grondslag::Geen));
        match verteld.iter_mut().find(|v| v.oin == oin) {
            Some(eerder) => eerder.andere = eerder.andere.and(andere),
            None => verteld.push(Verteld { oin, andere }),
        }
    }
    Ok(verteld)
}

/// A recall (47) is for whoever got what it takes back, whomever its sender names: who is not told goes on using it (R1). For whom it is
/// held hears nothing. A correction brings a part, which only its owner can seal for another.
pub(crate) fn alle_houders(
    ontvangers: &mut Vec<Ontvanger>,
    soort: &Definitie,
    verwijzing: Option<&Verwijzing>,
    (van, hub): (Oin, Oin),
    gids: &Gids,
) {
    if !soort.gevolgen.contains(&Gevolg::DelenTerugnemen) || soort.delen.zonder_delen.is_none() {
        return;
    }
    for oin in verwijzing.iter().flat_map(|v| &v.vanzelf).filter(|oin| **oin != van && **oin != hub) {
        erbij(ontvangers, *oin, gids);
    }
}

fn erbij(ontvangers: &mut Vec<Ontvanger>, oin: Oin, gids: &Gids) {
    if let Some(partner) = gids.partner(oin).filter(|_| ontvangers.iter().all(|o| o.oin() != oin)) {
        ontvangers.push(Ontvanger { partner: Arc::clone(partner), functie: None, geadresseerde: None });
    }
}

/// They are recipients, beside those who are named.
pub(crate) fn toevoegen(ontvangers: &mut Vec<Ontvanger>, verteld: &[Verteld], gids: &Gids) {
    verteld.iter().for_each(|een| erbij(ontvangers, een.oin, gids));
}

/// Tells each what it must do now.
pub(crate) fn verplichten(toegelaten: &mut [Toegelaten<'_>], verteld: &[Verteld], situatie: &Situatie<'_>) {
    for een in toegelaten {
        let oin = een.ontvanger().oin();
        let Some(verteld) = verteld.iter().find(|v| v.oin == oin) else { continue };
        match verteld.andere {
            Some(grond) => een.vertellen(&view::andere_grond(grond), None),
            None => een.vertellen(view::NIET_MEER_GEBRUIKEN, staken(situatie)),
        }
    }
}

fn staken(situatie: &Situatie<'_>) -> Option<Verplichting> {
    Some(Verplichting {
        soort: Code::parse("gebruik-staken").ok()?,
        regel: RegelId::new(11).ok()?,
        uiterlijk: Some(situatie.beleid.stoppen_uiterlijk(situatie.nu)),
    })
}
