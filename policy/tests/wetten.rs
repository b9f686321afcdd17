//! Laws of the decision, each for any request: the emergency path stays where it is allowed, consent and signatures only help,
//! a wildcard is its expansion, and further rows that hold back never open anything.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod samen;

use std::sync::LazyLock;

use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Digest, TypeNaam, Uitkomst,
    vocabulary::{
        Categorie, Deelname, Doel, Grondslag, Handeling, JaNee, Ondertekend, Ontvangersoort, Scheiding, Stilgelegd,
        Toestemmingsstand,
    },
};
use inbreng_policy::{Beleid, Bundel, Effect, Namen, Passend, Rij, Stap, Verzoek};
use proptest::prelude::*;
use samen::{strategie, toeval, toeval::Toeval};

static REGIO: LazyLock<(Beleid, Catalogus)> = LazyLock::new(samen::voorbeeldregio);

/// Delivering with a duty is no less than delivering.
fn sterkte(v: &Verzoek) -> Uitkomst {
    REGIO.0.uitkomst(v).max(Uitkomst::ToestaanMetPlicht)
}

/// Whether an embargo does not touch this type: references without content, which an owner can always send, and the answer
/// that says the same with and without it (R20, R21).
fn buiten_embargo(soort: &TypeNaam) -> bool {
    let free = |r: &&Rij| r.stap == Stap::Embargo && r.effect == Effect::Toelaten && r.voorwaarden.embargo.is_empty();
    REGIO.0.bundel().rijen.iter().filter(free).any(|r| r.soorten.contains(soort))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// R35: an emergency opens receiving alone, by a registered recipient or who directs the case, of what is under no embargo and separated by
    /// nothing. (Who breaks secrecy decides on a ground of its own, R9.)
    #[test]
    fn the_emergency_path_reaches_no_further(v in strategie::verzoek(&REGIO.1)) {
        let v = Verzoek { grondslagen: v.grondslagen.into_iter().filter(|g| *g != Grondslag::DoorbrekenBeroepsgeheim).collect(), ..v };
        let without = Verzoek { noodbesluit: JaNee::Nee, ..v.clone() };
        let with = Verzoek { noodbesluit: JaNee::Ja, ..v };
        if REGIO.0.uitkomst(&with).levert() && !REGIO.0.uitkomst(&without).levert() {
            prop_assert_eq!(with.handeling, Handeling::Ontvangen, "reading later and passing on are no emergency");
            let registered = REGIO.0.bundel().noodontvangers.iter().any(|p| Ontvangersoort::from(*p) == with.naar);
            let directs = with.regisseur.is_ja() && with.naar != Ontvangersoort::Betrokkene;
            prop_assert!(registered || directs, "{} is no emergency recipient", with.naar);
            prop_assert!(with.embargo == JaNee::Nee || buiten_embargo(&with.soort));
            let named = ["noodopening", "veiligheidssignaal", "zorgmelding"];
            prop_assert!(named.contains(&&*with.soort.as_str()), "{} is no message of R35", with.soort);
            let calm = Verzoek { scheiding: vec![], ..with.clone() };
            prop_assert!(REGIO.0.uitkomst(&calm).levert());
        }
    }

    /// More consent never yields less; nothing that consent brings gets past a separation (R20–R27).
    #[test]
    fn more_consent_never_yields_less(v in strategie::verzoek(&REGIO.1)) {
        let given = sterkte(&Verzoek { toestemming: Toestemmingsstand::Gegeven, ..v.clone() });
        for less in Toestemmingsstand::ALL.iter().copied().filter(|s| *s != Toestemmingsstand::Gegeven) {
            prop_assert!(given <= sterkte(&Verzoek { toestemming: less, ..v.clone() }), "{}", less);
        }
        let both = sterkte(&Verzoek { ondertekend: Ondertekend::Beide, ..v.clone() });
        prop_assert!(both <= sterkte(&v));
        let flagged = Verzoek { scheiding: vec![Scheiding::Onbekend], toestemming: Toestemmingsstand::Gegeven, ..v.clone() };
        let calm = Verzoek { scheiding: vec![], ..flagged.clone() };
        prop_assert!(sterkte(&calm) <= sterkte(&flagged));
    }

    /// One ground that holds is enough, and one more never hurts.
    #[test]
    fn each_ground_is_judged_alone(v in strategie::verzoek(&REGIO.1)) {
        let alone = v.grondslagen.iter().map(|g| sterkte(&Verzoek { grondslagen: vec![*g], ..v.clone() })).min();
        if let Some(best) = alone {
            prop_assert_eq!(sterkte(&v), best);
        }
    }

    /// R8, R15, R41: the ground that is recorded is one that holds by itself; what the emergency path carries rests on the
    /// decision of the professional.
    #[test]
    fn the_recorded_ground_is_one_that_holds(v in strategie::verzoek(&REGIO.1)) {
        let u = REGIO.0.uitleggen(&v, &Namen::default());
        if let Some(recorded) = u.besluit.grondslag {
            let own = |r: &Passend| r.telt && r.rij.effect == Effect::Toelaten && r.rij.grondslagen.contains(&recorded);
            let asked = u.stappen.iter().filter(|s| s.stap == Stap::Grond && s.grondslag == Some(recorded));
            let holds = asked.flat_map(|s| &s.rijen).any(own);
            let emergency = v.noodbesluit.is_ja() && recorded == Grondslag::DoorbrekenBeroepsgeheim;
            prop_assert!(holds || emergency, "{recorded} does not hold");
        }
    }

    /// A guard never turns a refusal into an allowance: with it nothing is delivered, no answer becomes milder, and what the covenant
    /// refuses keeps its reason (R1, R16, R31).
    #[test]
    fn a_guard_never_turns_a_refusal_into_an_allowance(v in strategie::verzoek(&REGIO.1)) {
        let free = Verzoek { stilgelegd: None, ..v };
        let before = REGIO.0.beslissen(&free, &Namen::default());
        for done in Stilgelegd::ALL {
            let held = Verzoek { stilgelegd: Some(*done), ..free.clone() };
            let after = REGIO.0.beslissen(&held, &Namen::default());
            prop_assert_eq!(after.uitkomst, REGIO.0.uitkomst(&held));
            prop_assert!(!after.uitkomst.levert() && after.uitkomst >= before.uitkomst, "{}", done);
            prop_assert!(after.alternatieven.is_empty() && after.verplichtingen.is_empty() && after.grondslag.is_none());
            if before.uitkomst == Uitkomst::Weigeren {
                prop_assert_eq!((&after.regels, &after.uitleg), (&before.regels, &before.uitleg), "{}", done);
            }
        }
    }

    /// Who does not take part hears one thing, in every case that asks for taking part (R16).
    #[test]
    fn an_outsider_is_refused(v in strategie::verzoek(&REGIO.1)) {
        let v = Verzoek { van_deelnemer: Deelname::Nee, ..v };
        // Who was asked from outside may answer; that it was asked is tested before (the one exception of R16).
        let d = REGIO.1.definitie(&v.soort).unwrap();
        let open = d.deelname_van(None) == inbreng_catalogue::Deelname::Geen || REGIO.1.antwoordt_van_buiten(d);
        prop_assert!(open || REGIO.0.uitkomst(&v) == Uitkomst::Weigeren);
    }
}

fn laden(bundel: Bundel) -> Beleid {
    Beleid::laden_verleden(bundel, Digest::from_bytes([4; 32]), &REGIO.1).unwrap()
}

/// Every empty list written out in full.
fn voluit(mut r: Rij) -> Rij {
    fn all<T: Copy>(list: &mut Vec<T>, values: &[T]) {
        if list.is_empty() {
            list.extend(values);
        }
    }
    all(&mut r.categorieen, Categorie::ALL);
    all(&mut r.doelen, Doel::ALL);
    all(&mut r.handelingen, Handeling::ALL);
    all(&mut r.van, Ontvangersoort::ALL);
    all(&mut r.naar, Ontvangersoort::ALL);
    if matches!(r.stap, Stap::Plicht) || r.stap == Stap::Grond && r.effect == Effect::Tegenhouden {
        all(&mut r.grondslagen, Grondslag::ALL);
    }
    if r.soorten.is_empty() {
        r.soorten = REGIO.1.definities().map(|d| d.naam.clone()).filter(|n| !r.behalve_soorten.contains(n)).collect();
        r.behalve_soorten.clear();
    }
    if r.stap == Stap::Embargo {
        all(&mut r.voorwaarden.embargo, JaNee::ALL);
    }
    if r.stap == Stap::Grond {
        all(&mut r.voorwaarden.toestemming, Toestemmingsstand::ALL);
        all(&mut r.voorwaarden.ondertekend, Ondertekend::ALL);
    }
    r
}

#[test]
fn a_wildcard_equals_its_expansion() {
    for round in 0..4u64 {
        let mut t = Toeval::met(0xA11 + round);
        let mut short = samen::bundel(&REGIO.1);
        short.rijen.extend((0..25).map(|_| toeval::rij(&mut t, &REGIO.1)));
        let long = Bundel { rijen: short.rijen.iter().cloned().map(voluit).collect(), ..short.clone() };
        assert_ne!(short.rijen, long.rijen);
        let (short, long) = (laden(short), laden(long));
        for _ in 0..2_000 {
            let v = toeval::verzoek(&mut t, &REGIO.1);
            assert_eq!(short.uitkomst(&v), long.uitkomst(&v), "{v:?}");
        }
    }
}

/// An organisation's rows stand behind everything else, as a guard does: they never turn a refusal into an allowance.
#[test]
fn an_organisations_rows_only_hold_back() {
    for round in 0..4u64 {
        let mut t = Toeval::met(0x0415 + round);
        let mut b = samen::bundel(&REGIO.1);
        b.rijen.extend((0..40).map(|_| toeval::organisatierij(&mut t, &REGIO.1)));
        let own = Beleid::laden(b, Digest::from_bytes([5; 32]), &REGIO.1).unwrap();
        for _ in 0..2_000 {
            let (van_oin, naar_oin) = (toeval::organisatie(&mut t), toeval::organisatie(&mut t));
            let v = Verzoek { van_oin, naar_oin, ..toeval::verzoek(&mut t, &REGIO.1) };
            assert!(own.uitkomst(&v).max(Uitkomst::ToestaanMetPlicht) >= sterkte(&v), "{v:?}");
        }
    }
}
