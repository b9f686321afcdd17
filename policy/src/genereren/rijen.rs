//! Rows, whatever the catalogue says: how one is made, how one is divided over types, and which of them become one.

use std::collections::HashMap;

use inbreng_domain::{
    Code, RegelId, TypeNaam,
    vocabulary::{Categorie, Grondslag, Handeling, JaNee},
};

use crate::{BeleidFout, Effect, Handhaving, Laag, Plicht, Rij, Stap, Voorwaarden};

pub(super) fn regel(n: u8) -> Result<RegelId, BeleidFout> {
    RegelId::new(n).map_err(|e| BeleidFout::Onleesbaar { wat: format!("rule {n}"), waarom: e.to_string() })
}

pub(super) fn plicht(soort: &str, n: u8, werkdagen: Option<u16>) -> Result<Plicht, BeleidFout> {
    let soort =
        Code::parse(soort).map_err(|e| BeleidFout::Onleesbaar { wat: format!("obligation {soort}"), waarom: e.to_string() })?;
    Ok(Plicht { soort, regel: regel(n)?, werkdagen })
}

/// A row that allows, with why it may be there.
pub(super) fn toelaten(stap: Stap, waarom: &str) -> Rij {
    Rij { toelichting: Some(waarom.to_owned()), ..Rij::over_alles(Laag::Convenant, stap, Effect::Toelaten) }
}

/// A row that holds back, with why.
pub(super) fn tegenhouden(stap: Stap, n: u8, uitkomst: Handhaving, waarom: &str) -> Result<Rij, BeleidFout> {
    Ok(Rij {
        regel: Some(regel(n)?),
        uitkomst: Some(uitkomst),
        toelichting: Some(waarom.to_owned()),
        ..Rij::over_alles(Laag::Convenant, stap, Effect::Tegenhouden)
    })
}

/// The same duty where the emergency path carries what no ground was named for (R35): personal data in any message.
pub(super) fn in_nood(rij: &Rij) -> Rij {
    use Categorie::{Capaciteit, Contact, Proces, Referentie, Status, Vraag};
    let impersonal = [Status, Proces, Contact, Referentie, Vraag, Capaciteit];
    Rij {
        categorieen: Categorie::ALL.iter().copied().filter(|c| !impersonal.contains(c)).collect(),
        handelingen: vec![Handeling::Ontvangen],
        grondslagen: vec![Grondslag::Geen],
        voorwaarden: Voorwaarden { noodbesluit: vec![JaNee::Ja], ..rij.voorwaarden.clone() },
        ..rij.clone()
    }
}

/// A row gives way to an emergency in the types that the emergency path is for; in every other it stands as it is (R35). There a
/// decision only says that a professional breaks its own secret, which the ground itself asks (R9).
pub(super) fn wijkt_alleen_in(rij: Rij, nood: &[TypeNaam]) -> Vec<Rij> {
    if !rij.wijkt_voor_nood {
        return vec![rij];
    }
    let over = |soort: &TypeNaam| rij.soorten.is_empty() || rij.soorten.contains(soort);
    let wijkt: Vec<TypeNaam> = nood.iter().filter(|s| over(s) && !rij.behalve_soorten.contains(s)).cloned().collect();
    let mut elders = Rij { wijkt_voor_nood: false, ..rij.clone() };
    elders.soorten.retain(|soort| !wijkt.contains(soort));
    let blijft = rij.soorten.is_empty() || !elders.soorten.is_empty();
    if rij.soorten.is_empty() {
        elders.behalve_soorten.extend(wijkt.iter().cloned());
    }
    let mut rijen = Vec::new();
    if blijft {
        rijen.push(elders);
    }
    if !wijkt.is_empty() {
        rijen.push(Rij { soorten: wijkt, behalve_soorten: Vec::new(), ..rij });
    }
    rijen
}

/// Rows that say the same of several types become one row.
pub(super) fn samenvoegen(rijen: Vec<Rij>) -> Vec<Rij> {
    let mut merged: Vec<Rij> = Vec::with_capacity(rijen.len());
    let mut places: HashMap<Rij, usize> = HashMap::new();
    for rij in rijen {
        if rij.soorten.is_empty() || !rij.varianten.is_empty() {
            merged.push(rij);
            continue;
        }
        let key = Rij { soorten: Vec::new(), ..rij.clone() };
        match places.get(&key).and_then(|place| merged.get_mut(*place)) {
            Some(known) => known.soorten.extend(rij.soorten),
            None => {
                places.insert(key, merged.len());
                merged.push(rij);
            }
        }
    }
    merged
}
