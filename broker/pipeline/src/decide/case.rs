//! The case: participation is tested before anything that an outsider could learn from (R16, R17).

use inbreng_catalogue::{Deelname as Deelnamesoort, Definitie, Gevolg, NaSluiten, Naar, NaarWoord};
use inbreng_domain::{
    BerichtId, CasusRef, Code, DeelId, Oin, Opening, Tijdstip, Toestemming,
    problem::ProblemCode,
    vocabulary::{Deelname, Eigenaarsbesluit},
    zaak::Deelnemer,
};
use inbreng_proof::casus::casus_ref;
use inbreng_storage::{Store, Zaakstand};
use serde_json::Value;
use time::Duration;

use crate::{
    Fout,
    decide::{feiten::Zaakfeiten, gemeld, view},
};

/// How long the reference of a closed case lasts: as long as it is looked back on (R40, PD). After that it is unknown to all.
const VERWIJZING: Duration = Duration::days(365);

/// Whether the reference of a case that was closed then has ended.
fn is_vergeten(gesloten_op: Tijdstip, nu: Tijdstip) -> bool {
    nu.since(gesloten_op) > VERWIJZING
}

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
    pub(crate) nu: Tijdstip,
    /// The question that is answered from outside the case, for a type that may be.
    pub(crate) bevraagd: Option<BerichtId>,
    /// The message that the sender corrects or takes back, from [`ingebracht`].
    pub(crate) ingebracht: Option<BerichtId>,
    /// The parts that it names of that message.
    pub(crate) genoemd: &'a [DeelId],
    /// The request that the sender says no to, from [`afgewezen`].
    pub(crate) afgewezen: Option<BerichtId>,
    /// The report without a case that the sender answers, from [`afgedaan`].
    pub(crate) afgedaan: Option<BerichtId>,
}

/// What an owner says yes or no to (45) beside a case: a report of misdelivery (59), where the message that it is about has none.
/// Nothing for other types.
pub(crate) fn afgedaan(soort: &Definitie, antwoord_op: Option<BerichtId>) -> Option<BerichtId> {
    antwoord_op.filter(|_| soort.gevolgen.contains(&Gevolg::EigenaarsbesluitVastleggen))
}

/// The message that a statement to the holders of a part is about; nothing for other types.
pub(crate) fn ingebracht(soort: &Definitie, verklaring: &Value) -> Option<BerichtId> {
    let naar_houders = soort.naar.contains(&Naar::Woord(NaarWoord::Houder));
    let bericht = verklaring.get("bericht").filter(|_| naar_houders)?;
    bericht.as_str().and_then(|id| BerichtId::parse(id).ok())
}

/// Where what is known of a case comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kennis {
    /// A case that its minter opens is taken to be new without asking. Only for what the commit compares with the store: an
    /// acceptance. Nothing is refused on it.
    Verwacht,
    /// Read from the store.
    Gelezen,
}

/// The request that an owner says no to (45); nothing for a yes and for other types. A no only narrows, and needs no place in the
/// case; who left it says no yes any more.
pub(crate) fn afgewezen(soort: &Definitie, antwoord_op: Option<BerichtId>, verklaring: &Value) -> Option<BerichtId> {
    let besluit = verklaring.get("besluit").filter(|_| soort.gevolgen.contains(&Gevolg::EigenaarsbesluitVastleggen))?;
    antwoord_op.filter(|_| besluit.as_str() == Some(Eigenaarsbesluit::Nee.as_str()))
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
    /// Whether nobody has looked: see [`Kennis::Verwacht`].
    pub(crate) is_verwacht: bool,
    /// Whether the sender is admitted without a place in it: as the owner of what it brought in (R1, R31), or to say of what it got
    /// that it was not for it (59).
    toegelaten: bool,
    van: Oin,
    nu: Tijdstip,
    stand_van_zaak: Stand,
}

/// What messages have made of a case.
#[derive(Debug, Default)]
struct Stand {
    deelnemers: Vec<Deelnemer>,
    verantwoordelijk: Option<Oin>,
    overgenomen: Vec<BerichtId>,
    toestemmingen: Vec<Toestemming>,
    feiten: Zaakfeiten,
    gesloten_op: Option<Tijdstip>,
}

impl Stand {
    fn van(zaak: Zaakstand) -> Result<Self, Fout> {
        let Zaakstand { deelnemers, verantwoordelijk, overgenomen, toestemmingen, feiten, gesloten_op, .. } = zaak;
        Ok(Self { deelnemers, verantwoordelijk, overgenomen, toestemmingen, feiten: Zaakfeiten::lezen(feiten)?, gesloten_op })
    }
}

impl Zaak {
    /// A partner's part in it, now.
    pub(crate) fn deelname(&self, oin: Oin) -> Deelname {
        if (self.nieuw || self.toegelaten) && oin == self.van {
            return Deelname::Ja;
        }
        rol(&self.stand_van_zaak.deelnemers, oin, self.nu)
    }

    /// Whether this partner directs the case now, appointed by another who may (R35).
    pub(crate) fn is_regisseur(&self, oin: Oin) -> bool {
        self.feiten().is_aangewezen(oin) && self.deelname(oin) == Deelname::Ja
    }

    /// Who has a place in it now, its sender excepted.
    pub(crate) fn anderen(&self) -> impl Iterator<Item = Oin> + '_ {
        let hier = |d: &&Deelnemer| d.partner != self.van && d.rol_op(self.nu) != Deelname::Nee;
        self.stand_van_zaak.deelnemers.iter().filter(hier).map(|d| d.partner)
    }

    /// The register of consent of this case and of those that it is joined with: of those only what withholds counts here (58).
    pub(crate) fn toestemmingen(&self) -> &[Toestemming] {
        &self.stand_van_zaak.toestemmingen
    }

    /// What was stated about it.
    pub(crate) fn feiten(&self) -> &Zaakfeiten {
        &self.stand_van_zaak.feiten
    }

    /// Who takes part now, its sender included.
    pub(crate) fn deelnemers(&self) -> impl Iterator<Item = Oin> + '_ {
        self.nieuw
            .then_some(self.van)
            .into_iter()
            .chain(self.stand_van_zaak.deelnemers.iter().filter(|d| d.rol_op(self.nu) != Deelname::Nee).map(|d| d.partner))
    }

    /// Whether it was closed, and no signal has opened it since (58).
    pub(crate) const fn is_gesloten(&self) -> bool {
        self.stand_van_zaak.gesloten_op.is_some()
    }

    /// Who is responsible.
    pub(crate) const fn verantwoordelijk(&self) -> Option<Oin> {
        self.stand_van_zaak.verantwoordelijk
    }

    /// Whether responsibility moved by this overdracht before.
    pub(crate) fn is_overgenomen(&self, overdracht: BerichtId) -> bool {
        self.stand_van_zaak.overgenomen.contains(&overdracht)
    }
}

fn rol(deelnemers: &[Deelnemer], oin: Oin, nu: Tijdstip) -> Deelname {
    deelnemers.iter().find(|d| d.partner == oin).map_or(Deelname::Nee, |d| d.rol_op(nu))
}

/// Finds the case, or refuses as for an unknown one.
///
/// # Errors
/// `casus-ongeldig` for what is wrong by itself; the one refusal of [`buitenstaander`] for an unknown case and for one in
/// which the sender does not take part.
pub(crate) async fn vinden(store: &dyn Store, vraag: &Zaakvraag<'_>, kennis: Kennis) -> Result<Zaak, Fout> {
    let soort = vraag.soort.deelname_van(vraag.variant);
    let ongeldig = || Fout::new(ProblemCode::CasusOngeldig);
    let opent_geldig = match (vraag.opening, vraag.casus) {
        (None, _) => false,
        (Some(opening), Some(casus)) if soort == Deelnamesoort::Opent && casus_ref(vraag.van, opening) == casus => true,
        (Some(_), _) => return Err(ongeldig()),
    };
    // Advice without a name is linked to no case, then or later (R39).
    if vraag.casus.is_some() && soort == Deelnamesoort::Geen && vraag.soort.deelname != Deelnamesoort::Geen {
        return Err(ongeldig());
    }
    let Some(casus) = vraag.casus else {
        if soort == Deelnamesoort::Geen {
            return Ok(geen(None, vraag.van, vraag.nu));
        }
        // What has no case is corrected, taken back and reported without one.
        let gevolg = |g| vraag.soort.gevolgen.contains(&g);
        let eigen = (gevolg(Gevolg::DelenTerugnemen) || gevolg(Gevolg::DelenBevriezen)) && is_eigenaar(store, vraag).await?;
        let toegelaten = eigen || is_houder(store, vraag).await? || is_melding(store, vraag).await?;
        return if toegelaten { Ok(Zaak { toegelaten, ..geen(None, vraag.van, vraag.nu) }) } else { Err(ongeldig()) };
    };
    if kennis == Kennis::Verwacht && opent_geldig {
        return Ok(Zaak { nieuw: true, opent: true, is_verwacht: true, ..geen(Some(casus), vraag.van, vraag.nu) });
    }
    let zaak = store.zaakstand(casus).await?;
    let (bestaat, stand) = (zaak.bestaat, zaak.stand);
    if zaak.gesloten_op.is_some_and(|op| is_vergeten(op, vraag.nu)) {
        return Err(buitenstaander(vraag.van));
    }
    let bevraagd = is_bevraagd(store, vraag, casus, vraag.bevraagd).await?;
    let toegelaten = is_eigenaar(store, vraag).await?
        || is_houder(store, vraag).await?
        || is_bevraagd(store, vraag, casus, vraag.afgewezen).await?;
    // Also where a type has nothing to do with participation: who takes no part writes nothing into the case.
    if bestaat && (bevraagd || rol(&zaak.deelnemers, vraag.van, vraag.nu) != Deelname::Nee) {
        let stand_van_zaak = Stand::van(zaak)?;
        if stand_van_zaak.gesloten_op.is_some() && vraag.soort.na_sluiten(vraag.variant) == NaSluiten::Niet {
            return Err(Fout::new(ProblemCode::ZaakGesloten));
        }
        let opent = soort == Deelnamesoort::Opent;
        return Ok(Zaak { opent, stand, stand_van_zaak, ..geen(Some(casus), vraag.van, vraag.nu) });
    }
    if bestaat && toegelaten {
        let stand_van_zaak = Stand::van(zaak)?;
        if stand_van_zaak.gesloten_op.is_some() && vraag.soort.na_sluiten(vraag.variant) == NaSluiten::Niet {
            return Err(Fout::new(ProblemCode::ZaakGesloten));
        }
        return Ok(Zaak { toegelaten: true, stand, stand_van_zaak, ..geen(Some(casus), vraag.van, vraag.nu) });
    }
    if !bestaat && opent_geldig {
        return Ok(Zaak { nieuw: true, opent: true, ..geen(Some(casus), vraag.van, vraag.nu) });
    }
    Err(buitenstaander(vraag.van))
}

/// Whether the sender was asked this in this case: who takes no part may answer it, and do nothing else (R16).
async fn is_bevraagd(
    store: &dyn Store,
    vraag: &Zaakvraag<'_>,
    casus: CasusRef,
    gevraagd: Option<BerichtId>,
) -> Result<bool, Fout> {
    let Some(id) = gevraagd else { return Ok(false) };
    let asked = store.beantwoord(id).await?;
    Ok(asked.iter().any(|b| {
        b.casus == Some(casus) && b.ontvangers.contains(&vraag.van) && vraag.soort.antwoord_op.contains(b.berichttype.naam())
    }))
}

/// Whether the sender brought in, in this case, what it corrects or takes back, and somebody got it: it stays the owner for ever,
/// and who leaves a case can still mend what it left there (R1, R31). It may do nothing else.
async fn is_eigenaar(store: &dyn Store, vraag: &Zaakvraag<'_>) -> Result<bool, Fout> {
    let Some(id) = vraag.ingebracht else { return Ok(false) };
    let berichten = store.beantwoord(id).await?;
    Ok(berichten.iter().any(|b| b.casus == vraag.casus && b.van == vraag.van && !b.ontvangers.is_empty()))
}

/// Whether the sender was sent what it reports (59). Who got what was not for it takes part in nothing, and must be able to say so:
/// it names the message that it has, and learns nothing by it.
async fn is_houder(store: &dyn Store, vraag: &Zaakvraag<'_>) -> Result<bool, Fout> {
    let Some(id) = vraag.ingebracht.filter(|_| vraag.soort.gevolgen.contains(&Gevolg::DelenBevriezen)) else { return Ok(false) };
    Ok(gemeld::vinden(store, vraag.van, vraag.casus, id, vraag.genoemd).await?.is_some())
}

/// Whether the sender answers a report (59) that it got, and that is about what has no case. A request for the file, or to pass on,
/// has one.
async fn is_melding(store: &dyn Store, vraag: &Zaakvraag<'_>) -> Result<bool, Fout> {
    let Some(id) = vraag.afgedaan else { return Ok(false) };
    let berichten = store.beantwoord(id).await?;
    Ok(berichten.iter().any(|b| {
        b.casus.is_none() && b.ontvangers.contains(&vraag.van) && vraag.soort.antwoord_op.contains(b.berichttype.naam())
    }))
}

/// A case that stands already, seen from the sender of an earlier message in it.
pub(crate) async fn bestaand(
    store: &dyn Store,
    casus: CasusRef,
    soort: Deelnamesoort,
    van: Oin,
    nu: Tijdstip,
) -> Result<Zaak, Fout> {
    let zaak = store.zaakstand(casus).await?;
    let stand = zaak.stand;
    let opent = soort == Deelnamesoort::Opent;
    Ok(Zaak { opent, stand, stand_van_zaak: Stand::van(zaak)?, ..geen(Some(casus), van, nu) })
}

/// A case in which this partner has a place now; nothing for one in which it has none, for one of which the reference has ended, and
/// for one that is not there.
pub(crate) async fn met_plek(store: &dyn Store, casus: CasusRef, van: Oin, nu: Tijdstip) -> Result<Option<Zaak>, Fout> {
    let zaak = store.zaakstand(casus).await?;
    let vergeten = zaak.gesloten_op.is_some_and(|op| is_vergeten(op, nu));
    if !zaak.bestaat || vergeten || rol(&zaak.deelnemers, van, nu) == Deelname::Nee {
        return Ok(None);
    }
    let stand = zaak.stand;
    Ok(Some(Zaak { stand, stand_van_zaak: Stand::van(zaak)?, ..geen(Some(casus), van, nu) }))
}

/// Where the facts of a message stand: of its case, or of one of its own where it has none. That reference nobody takes part in, and
/// nobody mints: a reference is a digest over an OIN and a nonce.
pub(crate) fn feiten_van(casus: Option<CasusRef>, van: Oin, bericht: BerichtId) -> CasusRef {
    casus.unwrap_or_else(|| {
        let tekst = format!("zonder zaak {van} {bericht}");
        CasusRef::from_bytes(*inbreng_proof::sha256(tekst.as_bytes()).as_bytes())
    })
}

/// What was stated about a message that has no case.
pub(crate) async fn zonder_zaak(
    store: &dyn Store,
    casus: Option<CasusRef>,
    van: Oin,
    bericht: BerichtId,
    nu: Tijdstip,
) -> Result<Zaak, Fout> {
    if casus.is_some() {
        return Ok(geen(casus, van, nu));
    }
    let zaak = bestaand(store, feiten_van(casus, van, bericht), Deelnamesoort::Geen, van, nu).await?;
    Ok(Zaak { casus: None, ..zaak })
}

/// A case without facts.
pub(crate) fn geen(casus: Option<CasusRef>, van: Oin, nu: Tijdstip) -> Zaak {
    Zaak {
        casus,
        nieuw: false,
        opent: false,
        stand: 0,
        is_verwacht: false,
        toegelaten: false,
        van,
        nu,
        stand_van_zaak: Stand::default(),
    }
}

/// The one answer for an unknown case and for a case in which the sender does not take part: it depends on nothing but who
/// asks (R16).
pub(crate) fn buitenstaander(van: Oin) -> Fout {
    Fout::new(ProblemCode::NietToegestaan).met_besluiten(vec![view::geen_informatie(van)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_of_a_closed_case_ends_after_a_year() {
        let gesloten = Tijdstip::from_unix_millis(0);
        let na = |dagen| is_vergeten(gesloten, gesloten.plus(Duration::days(dagen)));
        assert_eq!([na(0), na(365), na(366)], [false, false, true]);
    }
}
