//! The case: participation is tested before anything that an outsider could learn from (R16, R17).

use inbreng_catalogue::{Deelname as Deelnamesoort, Definitie};
use inbreng_domain::{CasusRef, Code, Oin, Opening, Toestemming, problem::ProblemCode, vocabulary::Deelname};
use inbreng_proof::casus::casus_ref;
use inbreng_storage::{Store, Zaakstand};

use crate::{Fout, decide::view};

/// The rule of participation: R16.
pub(crate) const REGEL: u8 = 16;

/// What is asked about a case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Zaakvraag<'a> {
    pub(crate) soort: &'a Definitie,
    pub(crate) variant: Option<&'a Code>,
    pub(crate) van: Oin,
    pub(crate) casus: Option<CasusRef>,
    pub(crate) opening: Option<Opening>,
}

/// A case in which the sender may do what it asks, with the facts that it may rest on.
#[derive(Debug)]
pub(crate) struct Zaak {
    /// The case, where one is concerned.
    pub(crate) casus: Option<CasusRef>,
    /// Whether this message opens it.
    pub(crate) nieuw: bool,
    /// Whether who is addressed takes part from then on (R17).
    pub(crate) opent: bool,
    /// For [`inbreng_storage::Feitenstand::casus`].
    pub(crate) stand: u64,
    van: Oin,
    deelnemers: Vec<(Oin, Deelname)>,
    toestemmingen: Vec<Toestemming>,
}

impl Zaak {
    /// A partner's part in it.
    pub(crate) fn deelname(&self, oin: Oin) -> Deelname {
        if self.nieuw && oin == self.van {
            return Deelname::Ja;
        }
        self.deelnemers.iter().find(|(partner, _)| *partner == oin).map_or(Deelname::Nee, |(_, rol)| *rol)
    }

    /// The register of consent of this case.
    pub(crate) fn toestemmingen(&self) -> &[Toestemming] {
        &self.toestemmingen
    }
}

/// Finds the case, or refuses as for an unknown one.
///
/// # Errors
/// `casus-ongeldig` for what is wrong by itself; the one refusal of [`buitenstaander`] for an unknown case and for one in
/// which the sender does not take part.
pub(crate) async fn vinden(store: &dyn Store, vraag: &Zaakvraag<'_>) -> Result<Zaak, Fout> {
    let soort = vraag.soort.deelname_van(vraag.variant);
    let ongeldig = || Fout::new(ProblemCode::CasusOngeldig);
    let opent_geldig = match (vraag.opening, vraag.casus) {
        (None, _) => false,
        (Some(opening), Some(casus)) if soort == Deelnamesoort::Opent && casus_ref(vraag.van, opening) == casus => true,
        (Some(_), _) => return Err(ongeldig()),
    };
    let Some(casus) = vraag.casus else {
        return if soort == Deelnamesoort::Geen { Ok(zonder(vraag, None, 0)) } else { Err(ongeldig()) };
    };
    let Zaakstand { bestaat, deelnemers, toestemmingen, stand, .. } = store.zaakstand(casus).await?;
    let deelnemer = deelnemers.iter().any(|(oin, rol)| *oin == vraag.van && *rol != Deelname::Nee);
    match soort {
        // Has nothing to do with participation: for who takes no part, the case has no facts.
        Deelnamesoort::Geen if !deelnemer => Ok(zonder(vraag, Some(casus), stand)),
        _ if bestaat && deelnemer => Ok(Zaak {
            casus: Some(casus),
            nieuw: false,
            opent: soort == Deelnamesoort::Opent,
            stand,
            van: vraag.van,
            deelnemers,
            toestemmingen,
        }),
        Deelnamesoort::Opent if !bestaat && opent_geldig => {
            Ok(Zaak { nieuw: true, opent: true, ..zonder(vraag, Some(casus), stand) })
        }
        _ => Err(buitenstaander(vraag.van)),
    }
}

/// A case that stands already, seen from the sender of an earlier message in it.
pub(crate) async fn bestaand(store: &dyn Store, casus: CasusRef, van: Oin) -> Result<Zaak, Fout> {
    let Zaakstand { deelnemers, toestemmingen, stand, .. } = store.zaakstand(casus).await?;
    Ok(Zaak { casus: Some(casus), nieuw: false, opent: false, stand, van, deelnemers, toestemmingen })
}

/// A case without facts.
pub(crate) const fn geen(casus: Option<CasusRef>, van: Oin) -> Zaak {
    Zaak { casus, nieuw: false, opent: false, stand: 0, van, deelnemers: Vec::new(), toestemmingen: Vec::new() }
}

fn zonder(vraag: &Zaakvraag<'_>, casus: Option<CasusRef>, stand: u64) -> Zaak {
    Zaak { stand, ..geen(casus, vraag.van) }
}

/// The one answer for an unknown case and for a case in which the sender does not take part: it depends on nothing but who
/// asks (R16).
pub(crate) fn buitenstaander(van: Oin) -> Fout {
    Fout::new(ProblemCode::NietToegestaan).met_besluiten(vec![view::geen_informatie(van)])
}
