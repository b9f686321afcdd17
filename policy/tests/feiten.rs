//! From labels and facts to a request, and consent per person.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod samen;

use inbreng_domain::{
    BerichtId, Berichttype, Betrokkene, CasusRef, Code, ConvenantId, DeelId, Labels, Oin, PersoonRef, Tijdstip, Toestemming,
    TypeNaam,
    vocabulary::{
        Categorie, Deelname, Doel, Eigenaarsbesluit, Gezag, Grondslag, Handeling, JaNee, Leeftijdsgroep, Noodzaak, Ondertekend,
        Partnertype, Toegangswijze, Toestemmingsgever, Toestemmingsstand, Urgentie,
    },
};
use inbreng_policy::{
    Feiten, Toestemmingsbron, Verzoek,
    feiten::{Toegangsdoel, Verklaringkop},
    toestemming,
};
use proptest::prelude::*;

const NU: &str = "2026-11-22T01:00:00.000Z";

fn oin(nn: u32) -> Oin {
    Oin::parse(&format!("{:020}", 1_000_000_000_000u64 + u64::from(nn))).unwrap()
}
fn nu() -> Tijdstip {
    Tijdstip::parse(NU).unwrap()
}
fn days(n: i64) -> Tijdstip {
    nu().plus(time::Duration::days(n))
}
fn person(n: u8) -> PersoonRef {
    PersoonRef::from_bytes([n; 16])
}
fn casus(n: u8) -> CasusRef {
    CasusRef::from_bytes([n; 32])
}
fn bericht(n: u8) -> BerichtId {
    BerichtId::parse(&format!("0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b{n:02x}")).unwrap()
}

fn consent(persoon: u8, stand: Toestemmingsstand, volgnummer: u32) -> Toestemming {
    Toestemming {
        casus: casus(1),
        persoon: person(persoon),
        stand,
        door: Toestemmingsgever::Betrokkene,
        gezag: None,
        incident_op: None,
        eigenaar: oin(50),
        ontvangers: vec![oin(30)],
        categorieen: vec![Categorie::Medisch, Categorie::Hulp],
        doelen: vec![Doel::Beoordelen],
        volgnummer,
        vanaf: days(-10),
        tot: days(355),
        geregistreerd_door: oin(50),
        bericht: bericht(u8::try_from(volgnummer).unwrap()),
    }
}

fn question(c: &CasusRef) -> toestemming::Vraag<'_> {
    toestemming::Vraag {
        casus: Some(c),
        eigenaar: oin(50),
        ontvanger: oin(30),
        categorie: Categorie::Medisch,
        doel: Doel::Beoordelen,
        nu: nu(),
        maanden: 12,
    }
}

fn concerned(ns: &[u8]) -> Vec<Betrokkene> {
    ns.iter().map(|n| Betrokkene { persoon: person(*n), leeftijdsgroep: Leeftijdsgroep::Volwassen }).collect()
}

use Toestemmingsstand::{Gegeven, Geweigerd, Ingetrokken, NietGevraagd, OpnieuwVragen};

#[test]
fn consent_holds_for_its_whole_scope_and_nothing_beyond() {
    let c = casus(1);
    let register = [consent(1, Gegeven, 1)];
    let asks = |change: &dyn Fn(&mut toestemming::Vraag<'_>)| {
        let mut q = question(&c);
        change(&mut q);
        toestemming::stand(&register, &concerned(&[1]), &q)
    };
    assert_eq!(asks(&|_| {}), Gegeven);
    assert_eq!(asks(&|q| q.eigenaar = oin(51)), NietGevraagd, "another owner");
    assert_eq!(asks(&|q| q.ontvanger = oin(10)), NietGevraagd, "another recipient");
    assert_eq!(asks(&|q| q.categorie = Categorie::Risico), NietGevraagd, "another category");
    assert_eq!(asks(&|q| q.doel = Doel::Strafzaak), NietGevraagd, "another purpose");
    assert_eq!(asks(&|q| q.casus = None), NietGevraagd, "no case");
    assert_eq!(asks(&|q| q.nu = days(354)), Gegeven, "the day before it ends");
    assert_eq!(asks(&|q| q.nu = days(355)), NietGevraagd, "the instant it ends");
    assert_eq!(asks(&|q| q.nu = days(-11)), NietGevraagd, "before it begins");
    let other = casus(2);
    assert_eq!(toestemming::stand(&register, &concerned(&[1]), &question(&other)), NietGevraagd, "another case");
}

#[test]
fn one_persons_consent_never_covers_another() {
    let c = casus(1);
    let worst = |register: &[Toestemming], persons: &[u8]| toestemming::stand(register, &concerned(persons), &question(&c));
    let both = [consent(1, Gegeven, 1), consent(2, Gegeven, 1)];
    assert_eq!(worst(&both, &[1, 2]), Gegeven);
    assert_eq!(worst(&both[..1], &[1, 2]), NietGevraagd);
    assert_eq!(worst(&[both[0].clone(), consent(2, Geweigerd, 1)], &[1, 2]), Geweigerd);
    assert_eq!(worst(&[consent(1, Geweigerd, 1), consent(2, Ingetrokken, 1)], &[1, 2]), Ingetrokken);
    assert_eq!(worst(&both, &[]), NietGevraagd, "a part about nobody rests on nobody's consent");
}

#[test]
fn the_highest_number_counts_whatever_the_order() {
    let c = casus(1);
    let stand = |register: &[Toestemming]| toestemming::stand(register, &concerned(&[1]), &question(&c));
    let (given, withdrawn) = (consent(1, Gegeven, 1), consent(1, Ingetrokken, 2));
    assert_eq!(stand(&[given.clone(), withdrawn.clone()]), Ingetrokken);
    assert_eq!(stand(&[withdrawn.clone(), given.clone()]), Ingetrokken);
    assert_eq!(stand(&[given.clone(), withdrawn.clone(), consent(1, Gegeven, 3)]), Gegeven, "asked and given again");
    // A replay of an older yes changes nothing.
    assert_eq!(stand(&[withdrawn.clone(), given.clone(), given.clone()]), Ingetrokken);
    // Narrower now: what it covered before is no longer covered.
    let narrower = Toestemming { categorieen: vec![Categorie::Hulp], ..consent(1, Gegeven, 2) };
    assert_eq!(stand(&[given.clone(), narrower]), NietGevraagd);
    // A yes to one professional does not outweigh a no to another.
    let elsewhere = Toestemming { geregistreerd_door: oin(61), ..consent(1, Geweigerd, 1) };
    assert_eq!(stand(&[consent(1, Gegeven, 9), elsewhere]), Geweigerd);
    // Who would receive cannot give itself a yes: not at first, not beyond what the owner wrote down; its no counts.
    let own = |stand| Toestemming { geregistreerd_door: oin(30), tot: days(9000), ..consent(1, stand, 1) };
    assert_eq!(stand(&[own(Gegeven)]), NietGevraagd);
    let ended = Toestemming { tot: days(-1), ..given.clone() };
    assert_eq!(stand(&[ended, own(Gegeven)]), NietGevraagd);
    assert_eq!(stand(&[given.clone(), own(Geweigerd)]), Geweigerd);
    // A withdrawal works at once, whatever day it names, and does not end with the period.
    let later = Toestemming { vanaf: days(5), tot: days(6), ..withdrawn };
    assert_eq!(stand(&[given, later]), Ingetrokken);
}

/// A covenant says how long a yes may last; a longer one is asked again, a no stays (R10).
#[test]
fn consent_lasts_no_longer_than_the_covenant_says() {
    let c = casus(1);
    let asked = |stand, maanden, nu| {
        let register = [Toestemming { tot: days(9_000), ..consent(1, stand, 1) }];
        toestemming::stand(&register, &concerned(&[1]), &toestemming::Vraag { maanden, nu, ..question(&c) })
    };
    // It began on 12 November.
    assert_eq!(asked(Gegeven, 12, days(354)), Gegeven);
    assert_eq!(asked(Gegeven, 12, days(355)), NietGevraagd, "twelve months");
    assert_eq!(asked(Gegeven, 6, days(170)), Gegeven);
    assert_eq!(asked(Gegeven, 6, days(171)), NietGevraagd, "six in a stricter region");
    assert_eq!(asked(Geweigerd, 6, days(900)), Geweigerd);
}

/// A family member says yes for one recipient and no for another, one after the other: each stays what was said (R10).
#[test]
fn a_newer_statement_about_another_recipient_leaves_this_one_alone() {
    let c = casus(1);
    let asked = |register: &[Toestemming], ontvanger, categorie| {
        let vraag = toestemming::Vraag { ontvanger, categorie, ..question(&c) };
        toestemming::stand(register, &concerned(&[1]), &vraag)
    };
    let to = |nn, stand, nummer| Toestemming { ontvangers: vec![oin(nn)], ..consent(1, stand, nummer) };
    for (eerst, daarna) in [(Gegeven, Geweigerd), (Geweigerd, Gegeven), (Gegeven, Ingetrokken), (Ingetrokken, Gegeven)] {
        let register = [to(30, eerst, 1), to(10, daarna, 2)];
        assert_eq!(asked(&register, oin(30), Categorie::Medisch), eerst, "{eerst} {daarna}");
        assert_eq!(asked(&register, oin(10), Categorie::Medisch), daarna, "{eerst} {daarna}");
    }
    // About the same recipient the newest counts: a yes is narrowed, and a no that it does not speak of stays.
    let narrow = |stand, nummer| Toestemming { categorieen: vec![Categorie::Hulp], ..to(30, stand, nummer) };
    assert_eq!(asked(&[to(30, Gegeven, 1), narrow(Gegeven, 2)], oin(30), Categorie::Medisch), NietGevraagd);
    let later_yes = [to(30, Geweigerd, 1), narrow(Gegeven, 2)];
    assert_eq!(asked(&later_yes, oin(30), Categorie::Medisch), Geweigerd);
    assert_eq!(asked(&later_yes, oin(30), Categorie::Hulp), Gegeven);
    // A withdrawal takes back what it names, and no more (R11).
    let withdrawn = [to(30, Gegeven, 1), narrow(Ingetrokken, 2)];
    assert_eq!(asked(&withdrawn, oin(30), Categorie::Medisch), Gegeven);
    assert_eq!(asked(&withdrawn, oin(30), Categorie::Hulp), Ingetrokken);
}

#[test]
fn who_gives_consent_depends_on_age() {
    use toestemming::{
        Gever::{Gezagsdragers, Zelf},
        gevers,
    };
    assert_eq!(gevers(Leeftijdsgroep::Tot12), [Gezagsdragers]);
    assert_eq!(gevers(Leeftijdsgroep::Van12Tot16), [Zelf, Gezagsdragers]);
    assert_eq!(gevers(Leeftijdsgroep::Van16Tot18), [Zelf]);
    assert_eq!(gevers(Leeftijdsgroep::Volwassen), [Zelf]);
}

/// Only the right holder's yes counts, by the age on the label; a no counts whoever said it (R26). What holders of authority said
/// for a child ends when it comes of age.
#[test]
fn consent_counts_from_who_may_give_it_at_that_age() {
    use Leeftijdsgroep::{Tot12, Van12Tot16, Van16Tot18, Volwassen};
    use Toestemmingsgever::{Betrokkene as Zelf, Gezaghebbende, Samen};
    let c = casus(1);
    for (leeftijd, goed) in
        [(Tot12, &[Gezaghebbende, Samen][..]), (Van12Tot16, &[Samen]), (Van16Tot18, &[Zelf, Samen]), (Volwassen, &[Zelf])]
    {
        let child = [Betrokkene { persoon: person(1), leeftijdsgroep: leeftijd }];
        for door in [Zelf, Gezaghebbende, Samen] {
            let of_age = leeftijd == Volwassen && door != Zelf;
            let said = |stand| [Toestemming { door, gezag: Some(Gezag::Alle), ..consent(1, stand, 1) }];
            let expected = match (goed.contains(&door), of_age) {
                (true, _) => Gegeven,
                (false, true) => OpnieuwVragen,
                (false, false) => NietGevraagd,
            };
            assert_eq!(toestemming::stand(&said(Gegeven), &child, &question(&c)), expected, "{leeftijd} {door}");
            let no = if of_age && door == Gezaghebbende { OpnieuwVragen } else { Geweigerd };
            assert_eq!(toestemming::stand(&said(Geweigerd), &child, &question(&c)), no, "{leeftijd} {door}");
        }
    }
}

proptest! {
    /// The register is a set: order and repetition say nothing.
    #[test]
    fn a_register_is_a_set(stands in proptest::collection::vec((1u8..4, 0usize..4, 1u32..6), 0..8), turn in 0usize..8) {
        let c = casus(1);
        let register: Vec<Toestemming> = stands.iter().map(|(p, s, n)| consent(*p, Toestemmingsstand::ALL[*s], *n)).collect();
        let mut other = register.clone();
        other.rotate_left(turn.min(register.len()));
        other.extend(register.clone());
        for persons in [&[1u8][..], &[1, 2], &[1, 2, 3]] {
            prop_assert_eq!(
                toestemming::stand(&register, &concerned(persons), &question(&c)),
                toestemming::stand(&other, &concerned(persons), &question(&c))
            );
        }
    }

    /// One more person never makes it better.
    #[test]
    fn more_persons_never_help(stands in proptest::collection::vec((1u8..4, 0usize..4, 1u32..6), 0..8)) {
        let c = casus(1);
        let register: Vec<Toestemming> = stands.iter().map(|(p, s, n)| consent(*p, Toestemmingsstand::ALL[*s], *n)).collect();
        let one = toestemming::stand(&register, &concerned(&[1]), &question(&c));
        let two = toestemming::stand(&register, &concerned(&[1, 2]), &question(&c));
        prop_assert!(two >= one);
    }
}

fn labels() -> Labels {
    Labels {
        bericht: bericht(1),
        berichttype: Berichttype::parse("nl.inbreng.informatie-antwoord.v1").unwrap(),
        variant: None,
        antwoord_op: Some(bericht(2)),
        urgentie: Urgentie::Normaal,
        convenant: ConvenantId::parse("voorbeeldregio").unwrap(),
        id: DeelId::parse("0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8a").unwrap(),
        casus: Some(casus(1)),
        eigenaar: oin(50),
        namens: None,
        functie: Code::parse("behandelaar").unwrap(),
        betrokkenen: concerned(&[1]),
        categorie: Categorie::Medisch,
        status: None,
        waargenomen_op: None,
        doel: Doel::Beoordelen,
        grondslagen: vec![Grondslag::Toestemming],
        noodbesluit: JaNee::Nee,
        noodzaak: Noodzaak::Toegelicht,
        afgeschermd: JaNee::Nee,
        briefing: JaNee::Nee,
        overlegdeel: None,
    }
}

fn facts(register: &[Toestemming]) -> Feiten<'_> {
    Feiten {
        van: Partnertype::Ggz,
        van_oin: oin(50),
        naar: Partnertype::VeiligThuis.into(),
        naar_oin: oin(30),
        van_deelnemer: Deelname::Ja,
        naar_deelnemer: Deelname::Ja,
        regisseur: false,
        toestemmingen: Toestemmingsbron::Register(register),
        toestemming_maanden: 12,
        ondertekend: Ondertekend::Beide,
        embargo: false,
        scheiding: &[],
        eigenaarsbesluit: Eigenaarsbesluit::Geen,
        bevestigd: true,
        stilgelegd: None,
        genoemd: false,
        wijze: Toegangswijze::Meegeleverd,
        doel: None,
        nu: nu(),
    }
}

/// The emergency path is for what R35 names, by type and urgency; elsewhere a decision counts for who breaks its secret (R9).
#[test]
fn a_decision_in_an_emergency_counts_by_type_and_urgency() {
    let (_, catalogus) = samen::voorbeeldregio();
    let register: &[Toestemming] = &[];
    let telt = |soort: &str, urgentie, grond| {
        let labels = Labels {
            berichttype: Berichttype::parse(&format!("nl.inbreng.{soort}.v1")).unwrap(),
            urgentie,
            grondslagen: vec![grond],
            noodbesluit: JaNee::Ja,
            ..labels()
        };
        let soort = catalogus.soort(&labels.berichttype).unwrap();
        Verzoek::van_deel(&labels, soort, &facts(register)).noodbesluit.is_ja()
    };
    for (soort, urgentie, expected) in [
        ("noodopening", Urgentie::Normaal, true),
        ("noodopening", Urgentie::Acuut, true),
        ("zorgmelding", Urgentie::Acuut, true),
        ("zorgmelding", Urgentie::Normaal, false),
        ("veiligheidssignaal", Urgentie::Acuut, true),
        ("veiligheidssignaal", Urgentie::Normaal, false),
        ("informatie-antwoord", Urgentie::Acuut, false),
        ("incidentmelding", Urgentie::Acuut, false),
    ] {
        assert_eq!(telt(soort, urgentie, Grondslag::Convenant), expected, "{soort} {urgentie}");
        assert!(telt(soort, urgentie, Grondslag::DoorbrekenBeroepsgeheim), "{soort} {urgentie}: R9");
    }
}

/// A decision that was taken to help in acute danger is none to prosecute (R28, R35): reused for another purpose its label opens nothing.
#[test]
fn a_decision_in_an_emergency_counts_for_the_purpose_that_it_was_taken_for() {
    let (beleid, catalogus) = samen::voorbeeldregio();
    let register: &[Toestemming] = &[];
    for (soort, urgentie, grond, doel) in [
        ("veiligheidssignaal", Urgentie::Acuut, Grondslag::Convenant, Doel::Plan),
        ("zorgmelding", Urgentie::Acuut, Grondslag::WettelijkeTaak, Doel::Beoordelen),
        ("noodopening", Urgentie::Normaal, Grondslag::DoorbrekenBeroepsgeheim, Doel::Verantwoording),
        ("informatie-antwoord", Urgentie::Normaal, Grondslag::DoorbrekenBeroepsgeheim, Doel::Beoordelen),
    ] {
        let labels = Labels {
            berichttype: Berichttype::parse(&format!("nl.inbreng.{soort}.v1")).unwrap(),
            urgentie,
            doel,
            categorie: Categorie::Risico,
            grondslagen: vec![grond],
            noodbesluit: JaNee::Ja,
            ..labels()
        };
        let d = catalogus.soort(&labels.berichttype).unwrap();
        let gevraagd = |voor: Option<Doel>, noodbesluit| {
            let labels = Labels { noodbesluit, ..labels.clone() };
            let doel = voor.map(|doel| Toegangsdoel { doel, toegelicht: true });
            Verzoek::van_deel(&labels, d, &Feiten { doel, eigenaarsbesluit: Eigenaarsbesluit::Geen, ..facts(register) })
        };
        assert!(gevraagd(None, JaNee::Ja).noodbesluit.is_ja(), "{soort}");
        assert!(gevraagd(Some(doel), JaNee::Ja).noodbesluit.is_ja(), "{soort}: given by its owner for the same");
        let anders = gevraagd(Some(Doel::Strafzaak), JaNee::Ja);
        assert_eq!(anders.noodbesluit, JaNee::Nee, "{soort}");
        let zonder = gevraagd(Some(Doel::Strafzaak), JaNee::Nee);
        assert_eq!(beleid.uitkomst(&anders), beleid.uitkomst(&zonder), "{soort}: as if nobody had decided");
        assert!(!beleid.uitkomst(&anders).levert(), "{soort}");
    }
}

#[test]
fn a_medical_part_passes_on_the_registered_consent_alone() {
    let (beleid, catalogus) = samen::voorbeeldregio();
    let d = catalogus.definitie(&TypeNaam::parse("informatie-antwoord").unwrap()).unwrap();
    let given = [consent(1, Gegeven, 1)];
    let v = Verzoek::van_deel(&labels(), d, &facts(&given));
    assert_eq!((v.toestemming, v.handeling), (Gegeven, Handeling::Ontvangen));
    assert!(beleid.uitkomst(&v).levert());
    assert!(!beleid.uitkomst(&Verzoek::van_deel(&labels(), d, &facts(&[]))).levert(), "labels that claim consent are no consent");
    let two = Labels { betrokkenen: concerned(&[1, 2]), ..labels() };
    assert!(!beleid.uitkomst(&Verzoek::van_deel(&two, d, &facts(&given))).levert());
}

/// What was explained for help has not been explained for a criminal case (R7, R28).
#[test]
fn an_explanation_counts_for_the_purpose_that_it_was_sealed_for() {
    use Noodzaak::{NietToegelicht as Nee, Toegelicht as Ja};
    let (_, catalogus) = samen::voorbeeldregio();
    let d = catalogus.definitie(&TypeNaam::parse("informatie-antwoord").unwrap()).unwrap();
    let verzoek = |noodzaak, doel| {
        let labels = Labels { noodzaak, ..labels() };
        let v = Verzoek::van_deel(&labels, d, &Feiten { doel, ..facts(&[]) });
        (v.doel, v.noodzaak)
    };
    let voor = |doel, toegelicht| Some(Toegangsdoel { doel, toegelicht });
    for (label, doel, verwacht) in [
        (Ja, None, (Doel::Beoordelen, Ja)),
        (Nee, None, (Doel::Beoordelen, Nee)),
        (Ja, voor(Doel::Beoordelen, false), (Doel::Beoordelen, Ja)),
        (Nee, voor(Doel::Beoordelen, true), (Doel::Beoordelen, Nee)),
        (Ja, voor(Doel::Strafzaak, false), (Doel::Strafzaak, Nee)),
        (Nee, voor(Doel::Strafzaak, false), (Doel::Strafzaak, Nee)),
        (Ja, voor(Doel::Strafzaak, true), (Doel::Strafzaak, Ja)),
        (Nee, voor(Doel::Strafzaak, true), (Doel::Strafzaak, Ja)),
    ] {
        assert_eq!(verzoek(label, doel), verwacht, "{label:?} {doel:?}");
    }
    // Consent is for a purpose as well (R10).
    let gegeven = [consent(1, Gegeven, 1)];
    let stand = |doel| Verzoek::van_deel(&labels(), d, &Feiten { doel, ..facts(&gegeven) }).toestemming;
    assert_eq!(stand(voor(Doel::Beoordelen, false)), Gegeven);
    assert_ne!(stand(voor(Doel::Strafzaak, true)), Gegeven);
}

#[test]
fn an_adapter_leaves_to_the_hub_what_only_the_hub_knows() {
    let (beleid, catalogus) = samen::voorbeeldregio();
    let d = catalogus.definitie(&TypeNaam::parse("informatie-antwoord").unwrap()).unwrap();
    let f = Feiten { toestemmingen: Toestemmingsbron::OordeelKnooppunt, ..facts(&[]) };
    assert!(beleid.uitkomst(&Verzoek::van_deel(&labels(), d, &f)).levert());
    // What the adapter does know it judges: the covenant is no ground for medical information.
    let covenant = Labels { grondslagen: vec![Grondslag::Convenant], ..labels() };
    assert!(!beleid.uitkomst(&Verzoek::van_deel(&covenant, d, &f)).levert());
}

#[test]
fn anothers_part_is_passed_on_and_has_no_emergency_path() {
    let (beleid, catalogus) = samen::voorbeeldregio();
    let d = catalogus.definitie(&TypeNaam::parse("informatie-antwoord").unwrap()).unwrap();
    let urgent = Labels { noodbesluit: JaNee::Ja, grondslagen: vec![Grondslag::DoorbrekenBeroepsgeheim], ..labels() };
    let own = Verzoek::van_deel(&urgent, d, &facts(&[]));
    assert!(beleid.uitkomst(&own).levert());
    let foreign = Labels { eigenaar: oin(51), ..urgent.clone() };
    let v = Verzoek::van_deel(&foreign, d, &facts(&[]));
    assert_eq!((v.handeling, v.noodbesluit), (Handeling::Doorverstrekken, JaNee::Nee));
    assert!(!beleid.uitkomst(&v).levert());
    // View-only is no way into the emergency path either.
    let viewed = Verzoek::van_deel(&urgent, d, &Feiten { wijze: Toegangswijze::Inzage, ..facts(&[]) });
    assert_eq!(viewed.handeling, Handeling::Inzien);
    assert!(!beleid.beslissen(&viewed, &inbreng_policy::Namen::default()).regels.iter().any(|r| r.nummer() == 35));
}

/// Every statement without parts that a type allows can be sent between partners who take part.
#[test]
fn statements_without_parts_are_judged_under_their_type() {
    let (beleid, catalogus) = samen::voorbeeldregio();
    let convenant = ConvenantId::parse("voorbeeldregio").unwrap();
    let kop = Verklaringkop { convenant: &convenant, variant: None, casus: None };
    let mut judged = 0;
    for d in catalogus.definities() {
        let Some(v) = Verzoek::van_verklaring(&kop, d, &facts(&[])) else {
            assert!(d.delen.zonder_delen.is_none());
            continue;
        };
        judged += 1;
        if alleen_van_het_knooppunt(d) {
            continue;
        }
        let reaches = inbreng_domain::vocabulary::Partnertype::ALL.iter().any(|van| {
            inbreng_domain::vocabulary::Ontvangersoort::ALL
                .iter()
                .any(|naar| beleid.uitkomst(&Verzoek { van: (*van).into(), naar: *naar, ..v.clone() }).levert())
        });
        assert!(reaches, "{} reaches nobody", d.naam);
        let outsider = Verzoek { van_deelnemer: Deelname::Nee, ..v };
        if d.deelname != inbreng_catalogue::Deelname::Geen && !catalogus.antwoordt_van_buiten(d) {
            assert!(!beleid.uitkomst(&outsider).levert(), "{}", d.naam);
        }
    }
    assert!(judged >= 5);
    let silent = catalogus.definitie(&TypeNaam::parse("incidentmelding").unwrap()).unwrap();
    assert!(Verzoek::van_verklaring(&kop, silent, &facts(&[])).is_none(), "an incident report needs a part");
}

/// No partner sends it, so no row lets one (R42).
fn alleen_van_het_knooppunt(d: &inbreng_catalogue::Definitie) -> bool {
    use inbreng_catalogue::{Van, VanWoord};
    d.van == [Van::Woord(VanWoord::Knooppunt)]
}

/// Every line of the catalogue can be used by someone: no type is dead in the example covenant.
#[test]
fn every_line_of_the_catalogue_carries_something() {
    let (beleid, catalogus) = samen::voorbeeldregio();
    for d in catalogus.definities() {
        if d.routering == inbreng_catalogue::Routering::Knooppunt || alleen_van_het_knooppunt(d) {
            continue;
        }
        for regel in &d.delen.regels {
            for categorie in &regel.categorieen {
                let alive = inbreng_domain::vocabulary::Partnertype::ALL.iter().any(|van| {
                    inbreng_domain::vocabulary::Ontvangersoort::ALL.iter().any(|naar| {
                        let base = Verzoek::strengste(
                            ConvenantId::parse("voorbeeldregio").unwrap(),
                            d.naam.clone(),
                            ((*van).into(), *naar),
                            *categorie,
                            d.doelen[0],
                            Handeling::Ontvangen,
                        );
                        let v = Verzoek {
                            variant: regel.varianten.first().cloned(),
                            grondslagen: regel.grondslagen.clone(),
                            toestemming: Gegeven,
                            ondertekend: Ondertekend::Beide,
                            van_deelnemer: Deelname::Ja,
                            naar_deelnemer: Deelname::Ja,
                            noodzaak: Noodzaak::Toegelicht,
                            embargo: JaNee::Nee,
                            scheiding: vec![],
                            genoemd: JaNee::Ja,
                            afgeschermd: JaNee::Nee,
                            bevestigd: JaNee::Ja,
                            ..base
                        };
                        beleid.uitkomst(&v).levert() || beleid.uitkomst(&Verzoek { noodbesluit: JaNee::Ja, ..v }).levert()
                    })
                });
                assert!(alive, "{} cannot carry {categorie}", d.naam);
            }
        }
    }
}
