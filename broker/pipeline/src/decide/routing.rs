//! From addressees to recipients: by name, by role in a municipality, as the answer to whoever asked, or as the covenant says.

use std::{collections::BTreeSet, sync::Arc};

use inbreng_catalogue::{Definitie, Naar, NaarWoord, Routering};
use inbreng_domain::{
    Code, Geadresseerde, GemeenteCode, Oin,
    envelope::{NaarPartner, NaarRol},
    problem::ProblemCode,
    vocabulary::Partnertype,
};
use inbreng_policy::Beleid;
use inbreng_proof::{Gids, Partner};
use inbreng_storage::Beantwoord;

use crate::{Fout, decide::reference::Verwijzing};

/// A recipient.
#[derive(Debug, Clone)]
pub(crate) struct Ontvanger {
    pub(crate) partner: Arc<Partner>,
    /// The function addressed.
    pub(crate) functie: Option<Code>,
    /// The addressee that it stands for; nothing where asker or covenant chose it.
    pub(crate) geadresseerde: Option<Geadresseerde>,
}

impl Ontvanger {
    pub(crate) fn oin(&self) -> Oin {
        self.partner.vermelding.oin
    }

    /// Whether its sender chose it, by name or by role, and not what it answers, refers to or sends it under.
    pub(crate) const fn is_gekozen(&self) -> bool {
        self.geadresseerde.is_some()
    }

    /// Whether the sender named it, and so meant it to get something.
    pub(crate) const fn is_genoemd(&self) -> bool {
        matches!(self.geadresseerde, Some(Geadresseerde::Partner(_)))
    }
}

/// What is routed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Routevraag<'a> {
    pub(crate) van: Oin,
    pub(crate) hub: Oin,
    pub(crate) soort: &'a Definitie,
    pub(crate) gemeente: Option<GemeenteCode>,
    pub(crate) geadresseerden: &'a [Geadresseerde],
    pub(crate) beantwoord: Option<&'a Beantwoord>,
    /// Whom it may go to by what its statement refers to.
    pub(crate) verwijzing: Option<&'a Verwijzing>,
    pub(crate) gids: &'a Gids,
    pub(crate) beleid: &'a Beleid,
    /// JSON Pointer to the addressees.
    pub(crate) pad: &'a str,
}

/// Every recipient once, in the order of the addressees.
///
/// # Errors
/// `ontvanger-onbekend` at the addressee that cannot be found, is the sender, is the hub, or has not the function.
pub(crate) fn oplossen(vraag: &Routevraag<'_>) -> Result<Vec<Ontvanger>, Fout> {
    let mut ontvangers = Vec::new();
    let mut gezien = BTreeSet::new();
    let mut toevoegen = |oin: Oin, functie: Option<&Code>, geadresseerde: Option<&Geadresseerde>, pad: &str| {
        let onbekend = || Fout::new(ProblemCode::OntvangerOnbekend).at(pad);
        let partner = vraag.gids.partner(oin).filter(|_| oin != vraag.van && oin != vraag.hub).ok_or_else(onbekend)?;
        // A desk that this partner does not have: nobody would look there.
        if functie.is_some_and(|functie| !partner.vermelding.functies.contains(functie)) {
            return Err(Fout::new(ProblemCode::OntvangerOnbekend).at(format!("{pad}/functie")));
        }
        if gezien.insert(oin) {
            ontvangers.push(Ontvanger {
                partner: Arc::clone(partner),
                functie: functie.cloned(),
                geadresseerde: geadresseerde.cloned(),
            });
        }
        Ok::<(), Fout>(())
    };

    for (i, geadresseerde) in vraag.geadresseerden.iter().enumerate() {
        let pad = format!("{}/{i}", vraag.pad);
        match geadresseerde {
            Geadresseerde::Partner(NaarPartner { oin, functie }) => {
                toevoegen(*oin, functie.as_ref(), Some(geadresseerde), &pad)?;
            }
            Geadresseerde::Rol(NaarRol { rol, functie }) => {
                for oin in rol_in(vraag, *rol, &pad)? {
                    toevoegen(oin, functie.as_ref(), Some(geadresseerde), &pad)?;
                }
            }
        }
    }
    if vraag.geadresseerden.is_empty() && vraag.soort.routering == Routering::Partner {
        match (vraag.verwijzing, vraag.beantwoord) {
            // Who holds the part, as far as still connected.
            (Some(verwijzing), _) => {
                for oin in verwijzing.vanzelf.iter().filter(|oin| vraag.gids.partner(**oin).is_some()) {
                    toevoegen(*oin, None, None, vraag.pad)?;
                }
            }
            (None, Some(beantwoord)) => toevoegen(beantwoord.van, None, None, vraag.pad)?,
            (None, None) => {
                for rol in vraag.beleid.standaardontvangers(&vraag.soort.naam) {
                    for oin in rol_in(vraag, rol, vraag.pad)? {
                        toevoegen(oin, None, None, vraag.pad)?;
                    }
                }
            }
        }
    }
    alleen_de_vrager(vraag, &ontvangers)?;
    if vraag.verwijzing.is_some_and(|v| ontvangers.iter().any(|o| !v.kring.contains(&o.oin()))) {
        return Err(Fout::new(ProblemCode::NietGelijk).at(vraag.pad));
    }
    // What nobody has yet, or nobody who is still connected, is taken back from nobody.
    let niemand = vraag.geadresseerden.is_empty()
        && vraag.soort.delen.zonder_delen.is_some()
        && vraag.verwijzing.is_some_and(|v| v.heeft_niemand(vraag.gids));
    if ontvangers.is_empty() && vraag.soort.routering == Routering::Partner && !niemand {
        return Err(Fout::new(ProblemCode::OntvangerOnbekend).at(vraag.pad));
    }
    Ok(ontvangers)
}

/// Whom the acute ladder names where nobody reads a message in time; nobody where it goes there anyway, or there is none. Without
/// a municipality it is nobody but whom the covenant names: else it would be every one there is.
pub(crate) fn terugval(vraag: &Routevraag<'_>, rol: Partnertype, ontvangers: &[Ontvanger]) -> Vec<Ontvanger> {
    if vraag.gemeente.is_none() && vraag.beleid.route(&vraag.soort.naam, rol, None).is_empty() {
        return Vec::new();
    }
    let oins = rol_in(vraag, rol, vraag.pad).unwrap_or_default();
    let ander = oins.into_iter().filter(|oin| *oin != vraag.hub && !ontvangers.iter().any(|o| o.oin() == *oin));
    let partners = ander.filter_map(|oin| vraag.gids.partner(oin).map(Arc::clone));
    partners.map(|partner| Ontvanger { partner, functie: None, geadresseerde: None }).collect()
}

/// What may only go to "whoever asked" goes to the sender of the message that is answered, and to nobody else of its kind.
fn alleen_de_vrager(vraag: &Routevraag<'_>, ontvangers: &[Ontvanger]) -> Result<(), Fout> {
    if vraag.soort.naar.is_empty() || !vraag.soort.naar.iter().all(|n| *n == Naar::Woord(NaarWoord::Vrager)) {
        return Ok(());
    }
    if ontvangers.iter().all(|o| vraag.beantwoord.is_some_and(|b| b.van == o.oin())) {
        Ok(())
    } else {
        Err(Fout::new(ProblemCode::NietGelijk).at(vraag.pad))
    }
}

/// Who fills a role: by the covenant's routing, or else by the directory; the sender itself is never meant. Whatever the
/// routing names must be of that kind in the directory.
fn rol_in(vraag: &Routevraag<'_>, rol: Partnertype, pad: &str) -> Result<Vec<Oin>, Fout> {
    let mut oins = vraag.beleid.route(&vraag.soort.naam, rol, vraag.gemeente);
    if oins.is_empty() {
        oins = vraag.gids.rol(rol, vraag.gemeente).into_iter().map(|p| p.vermelding.oin).collect();
    }
    let is_van_soort = |oin: &Oin| vraag.gids.partner(*oin).is_some_and(|p| p.vermelding.partnertype == rol);
    oins.retain(|oin| *oin != vraag.van && is_van_soort(oin));
    if oins.is_empty() { Err(Fout::new(ProblemCode::OntvangerOnbekend).at(pad)) } else { Ok(oins) }
}
