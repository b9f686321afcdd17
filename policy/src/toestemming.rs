//! Consent: of each person concerned, for one owner, recipient, category, purpose and moment (R10, R11, R26).

use inbreng_domain::{
    CasusRef, Datum, Labels, Oin, PersoonRef, Tijdstip, Toestemming,
    part::Betrokkene,
    vocabulary::{Categorie, Doel, Gezag, Grondslag, Leeftijdsgroep, Toestemmingsgever, Toestemmingsstand},
    zaak::ook,
};

use crate::werkdag::{moment_na_maanden, moment_op};

/// What consent is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Vraag<'a> {
    /// The case; a consent is never valid outside it.
    pub casus: Option<&'a CasusRef>,
    /// Whose information it is.
    pub eigenaar: Oin,
    /// Who would receive it.
    pub ontvanger: Oin,
    /// The category.
    pub categorie: Categorie,
    /// The purpose.
    pub doel: Doel,
    /// When.
    pub nu: Tijdstip,
    /// How many months a yes lasts at most, in this covenant (R10); and how long a role in an incident counts (R29).
    pub maanden: u16,
}

/// The consent of all persons a part is about: that of the worst of them, in the order given, not asked, refused,
/// withdrawn. One person's consent never covers another (R10). A part about nobody rests on nobody's consent.
#[must_use]
pub fn stand(register: &[Toestemming], betrokkenen: &[Betrokkene], vraag: &Vraag<'_>) -> Toestemmingsstand {
    betrokkenen.iter().map(|b| van_persoon(register, b, vraag)).max().unwrap_or(Toestemmingsstand::NietGevraagd)
}

/// The same in a case that is joined with others (58), where these pairs of references are one person: what was refused or withdrawn
/// there counts here too, and no yes does. Each case's statements replace each other alone: a later number of one case says nothing of
/// another.
#[must_use]
pub fn stand_gekoppeld(
    register: &[Toestemming],
    paren: &[[PersoonRef; 2]],
    betrokkenen: &[Betrokkene],
    vraag: &Vraag<'_>,
) -> Toestemmingsstand {
    let elders = betrokkenen.iter().map(|b| nee_elders(register, paren, b, vraag)).max();
    stand(register, betrokkenen, vraag).max(elders.unwrap_or(Toestemmingsstand::Gegeven))
}

/// The worst that this person said in another case that counts here; a yes where that is no no.
fn nee_elders(
    register: &[Toestemming],
    paren: &[[PersoonRef; 2]],
    betrokkene: &Betrokkene,
    vraag: &Vraag<'_>,
) -> Toestemmingsstand {
    let mut gezien: Vec<(&CasusRef, PersoonRef)> = Vec::new();
    let ook = ook(paren, betrokkene.persoon);
    for t in register {
        let hier = Some(&t.casus) == vraag.casus && t.persoon == betrokkene.persoon;
        let zelfde = t.persoon == betrokkene.persoon || ook.contains(&t.persoon);
        if zelfde && !hier && !gezien.contains(&(&t.casus, t.persoon)) {
            gezien.push((&t.casus, t.persoon));
        }
    }
    gezien
        .into_iter()
        .filter_map(|(casus, persoon)| {
            van_een(register, &Betrokkene { persoon, ..betrokkene.clone() }, &Vraag { casus: Some(casus), ..*vraag })
        })
        .filter(|stand| *stand > Toestemmingsstand::NietGevraagd)
        .max()
        .unwrap_or(Toestemmingsstand::Gegeven)
}

/// The consent of one person.
///
/// Statements of one registrar about one person, owner and recipient replace each other: the highest `volgnummer` counts. One about
/// another recipient says nothing of this one (R10). A newer yes or no narrows an older yes; an older no on what the newer one does
/// not speak of stays a no. A withdrawal takes back what it names, and what it does not name stands (R11). Between registrars the worst counts, so that a yes told to one never outweighs a no told to another.
/// Who would receive cannot vouch for its own yes: else it could prolong or widen what the owner wrote down. And a yes counts only
/// from who may give it for a person of the age on the label (R26); a no counts whoever said it, but for a holder of authority who
/// is suspected in the case and said it alone. What was said for a minor ends when the person comes of age: then it is asked again.
#[must_use]
pub fn van_persoon(register: &[Toestemming], betrokkene: &Betrokkene, vraag: &Vraag<'_>) -> Toestemmingsstand {
    van_een(register, betrokkene, vraag).unwrap_or(Toestemmingsstand::NietGevraagd)
}

fn van_een(register: &[Toestemming], betrokkene: &Betrokkene, vraag: &Vraag<'_>) -> Option<Toestemmingsstand> {
    let persoon = betrokkene.persoon;
    let mut worst = None;
    let mut verlopen = None;
    for t in register.iter().filter(|t| is_over(t, persoon, vraag)) {
        let replaced = register.iter().any(|other| {
            is_over(other, persoon, vraag)
                && other.geregistreerd_door == t.geregistreerd_door
                && (other.volgnummer, other.stand, other.bericht) > (t.volgnummer, t.stand, t.bericht)
                && (is_zelfde_spreker(other, t) || vervangt_anderen(other, betrokkene.leeftijdsgroep, vraag))
                && vervangt(other, t, vraag)
                && !is_leeg_ja_over_nee(other, t, betrokkene.leeftijdsgroep, vraag)
        });
        if replaced || !geldt_voor(t, vraag) {
            continue;
        }
        match gewicht(t, betrokkene.leeftijdsgroep, vraag) {
            Gewicht::Telt => worst = worst.max(Some(t.stand)),
            Gewicht::Verlopen => verlopen = Some(Toestemmingsstand::OpnieuwVragen),
            Gewicht::TeltNiet => {}
        }
    }
    worst.or(verlopen)
}

/// What a statement weighs for a person of this age, now (R26).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gewicht {
    /// It counts as what it says.
    Telt,
    /// It counts neither as a yes nor as a no.
    TeltNiet,
    /// It was said for a minor who is of age now.
    Verlopen,
}

fn gewicht(t: &Toestemming, leeftijd: Leeftijdsgroep, vraag: &Vraag<'_>) -> Gewicht {
    let ja = matches!(t.stand, Toestemmingsstand::Gegeven);
    // Who holds authority no longer does; what the young person said with them, as a no, is its own word.
    let ouders_alleen = t.door == Toestemmingsgever::Gezaghebbende;
    if !leeftijd.is_minderjarig() && (ouders_alleen || ja && t.door == Toestemmingsgever::Samen) {
        return Gewicht::Verlopen;
    }
    let telt = if ja {
        mag_geven(t.door, leeftijd) && (!gevers(leeftijd).contains(&Gever::Gezagsdragers) || gezag_is_compleet(t, vraag))
    } else {
        !(ouders_alleen && alleen_verdachte(t.gezag, t.incident_op, vraag.nu, vraag.maanden))
    };
    if telt { Gewicht::Telt } else { Gewicht::TeltNiet }
}

/// Whether all who hold authority and count said it. What does not say which of them spoke, counts as one of several.
fn gezag_is_compleet(t: &Toestemming, vraag: &Vraag<'_>) -> bool {
    match t.gezag {
        Some(Gezag::Alle) => true,
        Some(Gezag::ZonderVerdachte) => verdenking_telt(t.incident_op, vraag.nu, vraag.maanden),
        Some(Gezag::EenVanMeer | Gezag::AlleenVerdachte) | None => false,
    }
}

/// Whether, of those who hold authority, nobody said this but one who is suspected in the case: alone that is neither a yes nor a no
/// (R26).
#[must_use]
pub fn alleen_verdachte(gezag: Option<Gezag>, incident_op: Option<Datum>, nu: Tijdstip, maanden: u16) -> bool {
    gezag == Some(Gezag::AlleenVerdachte) && verdenking_telt(incident_op, nu, maanden)
}

/// A role in an incident is dated, and marks nobody for ever (R29): it counts from the day of the incident as long as consent lasts.
/// After that what rests on it falls to the stricter side: a yes without this holder is no yes, and its no is a no.
fn verdenking_telt(incident_op: Option<Datum>, nu: Tijdstip, maanden: u16) -> bool {
    incident_op.is_some_and(|dag| {
        let begin = moment_op(dag);
        begin <= nu && nu < moment_na_maanden(begin, maanden)
    })
}

fn is_zelfde_spreker(een: &Toestemming, ander: &Toestemming) -> bool {
    (een.door, een.gezag) == (ander.door, ander.gezag)
}

/// A yes that does not count takes no no away, whoever said either: of two parents, or of a parent and the child, the one who says yes
/// too early does not speak for the one who said no.
fn is_leeg_ja_over_nee(nieuw: &Toestemming, oud: &Toestemming, leeftijd: Leeftijdsgroep, vraag: &Vraag<'_>) -> bool {
    matches!(nieuw.stand, Toestemmingsstand::Gegeven)
        && !matches!(oud.stand, Toestemmingsstand::Gegeven)
        && gewicht(nieuw, leeftijd, vraag) != Gewicht::Telt
}

/// Whether a statement takes the place of one by another speaker: not where it is neither a yes nor a no, and not where it was said
/// for a person who speaks for itself now.
fn vervangt_anderen(nieuw: &Toestemming, leeftijd: Leeftijdsgroep, vraag: &Vraag<'_>) -> bool {
    gewicht(nieuw, leeftijd, vraag) != Gewicht::Verlopen
        && !alleen_verdachte(nieuw.gezag, nieuw.incident_op, vraag.nu, vraag.maanden)
}

fn is_over(t: &Toestemming, persoon: PersoonRef, vraag: &Vraag<'_>) -> bool {
    Some(&t.casus) == vraag.casus && t.persoon == persoon && t.eigenaar == vraag.eigenaar && has_begun(t, vraag.nu)
}

/// Whether the newer statement takes the place of the older where this is asked.
fn vervangt(nieuw: &Toestemming, oud: &Toestemming, vraag: &Vraag<'_>) -> bool {
    let versmalt = oud.stand == Toestemmingsstand::Gegeven && nieuw.stand != Toestemmingsstand::Ingetrokken;
    versmalt && nieuw.ontvangers.contains(&vraag.ontvanger) || noemt(nieuw, vraag.ontvanger, vraag.categorie, vraag.doel)
}

/// Whether a statement speaks of this.
fn noemt(t: &Toestemming, ontvanger: Oin, categorie: Categorie, doel: Doel) -> bool {
    t.ontvangers.contains(&ontvanger) && t.categorieen.contains(&categorie) && t.doelen.contains(&doel)
}

/// Whether this withdrawal takes back consent that is a ground of this part, as it was given to this recipient for this purpose (R11):
/// exactly what it names is taken back. Who withdrew counts by each of these pairs of references too (58). Whether another ground
/// carries the part is another question.
#[must_use]
pub fn trekt_in(intrekking: &Toestemming, paren: &[[PersoonRef; 2]], labels: &Labels, (ontvanger, doel): (Oin, Doel)) -> bool {
    labels.grondslagen.contains(&Grondslag::Toestemming)
        && labels.eigenaar == intrekking.eigenaar
        && noemt(intrekking, ontvanger, labels.categorie, doel)
        && {
            let ook = ook(paren, intrekking.persoon);
            labels.betrokkenen.iter().any(|b| b.persoon == intrekking.persoon || ook.contains(&b.persoon))
        }
}

/// A refusal or a withdrawal works at once (R11); a yes from its day on.
fn has_begun(t: &Toestemming, nu: Tijdstip) -> bool {
    !matches!(t.stand, Toestemmingsstand::Gegeven) || t.vanaf <= nu
}

/// Only a yes ends by its period, and needs another's word than that of who asks: a no stays until the person says
/// otherwise, and counts from anyone.
fn geldt_voor(t: &Toestemming, vraag: &Vraag<'_>) -> bool {
    noemt(t, vraag.ontvanger, vraag.categorie, vraag.doel)
        && (!matches!(t.stand, Toestemmingsstand::Gegeven)
            || vraag.nu < einde(t, vraag) && t.geregistreerd_door != vraag.ontvanger)
}

/// A yes ends by the period that was written down, or with the term of the covenant where that is earlier: then it is asked again.
fn einde(t: &Toestemming, vraag: &Vraag<'_>) -> Tijdstip {
    t.tot.min(moment_na_maanden(t.vanaf, vraag.maanden))
}

/// Who gives consent for a person (R26).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gever {
    /// The person.
    Zelf,
    /// All who hold authority over the child; one who is suspected in the case cannot alone give or refuse it.
    Gezagsdragers,
}

/// Who must consent for a person of this age: under 12 the holders of authority, 12 to 15 the child and they, from 16
/// the young person (R26, PD).
#[must_use]
pub const fn gevers(leeftijd: Leeftijdsgroep) -> &'static [Gever] {
    match leeftijd {
        Leeftijdsgroep::Tot12 => &[Gever::Gezagsdragers],
        Leeftijdsgroep::Van12Tot16 => &[Gever::Zelf, Gever::Gezagsdragers],
        Leeftijdsgroep::Van16Tot18 | Leeftijdsgroep::Volwassen => &[Gever::Zelf],
    }
}

/// Whether all who must consent for a person of this age have.
#[must_use]
pub fn mag_geven(door: Toestemmingsgever, leeftijd: Leeftijdsgroep) -> bool {
    gevers(leeftijd).iter().all(|gever| match gever {
        Gever::Zelf => door != Toestemmingsgever::Gezaghebbende,
        Gever::Gezagsdragers => door != Toestemmingsgever::Betrokkene,
    })
}
