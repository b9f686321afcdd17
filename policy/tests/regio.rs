//! Two regions and one nation: the same message decided differently, each for its reason; and whoever loosens the national
//! minimum is refused with the rule that it breaks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod samen;

use std::path::PathBuf;

use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Digest, GemeenteCode, Oin, RegelId, Tijdstip, TypeNaam, Uitkomst,
    vocabulary::{
        Categorie, Eigenaarsbesluit, Grondslag, Handeling, JaNee, Ondertekend, Ontvangersoort, Partnertype, Toestemmingsstand,
    },
};
use inbreng_policy::{
    Beleid, BeleidFout, Bundel, Convenantbron, Deelpartij, Effect, Handhaving, Laag, Rij, Stap, Tabel, Verzoek,
};
use samen::toeval::{self, Toeval};

fn laden(bundel: Bundel, catalogus: &Catalogus) -> Result<Beleid, BeleidFout> {
    Beleid::laden(bundel, Digest::from_bytes([2; 32]), catalogus)
}

fn noord(catalogus: &Catalogus) -> Beleid {
    laden(Bundel::genereren(&Convenantbron::voorbeeldregio_noord().unwrap(), catalogus).unwrap(), catalogus).unwrap()
}

fn tabel(naam: &str) -> Tabel {
    let pad = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tables/regio").join(naam);
    Tabel::lezen(&std::fs::read_to_string(pad).unwrap()).unwrap()
}

fn houdt(tabel: &Tabel, beleid: &Beleid, catalogus: &Catalogus) {
    let wrong: Vec<String> = tabel
        .draaien(beleid, catalogus)
        .iter()
        .filter(|u| !u.geslaagd)
        .map(|u| format!("{}: {} (regels {:?})", u.naam, u.verschillen.join("; "), u.besluit.regels))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_same_messages_under_two_regions() {
    let (zuid, catalogus) = samen::voorbeeldregio();
    let noord = noord(&catalogus);
    let (here, there) = (tabel("voorbeeldregio.toml"), tabel("voorbeeldregio-noord.toml"));
    houdt(&here, &zuid, &catalogus);
    houdt(&there, &noord, &catalogus);
    let mut differ = 0;
    for (a, b) in here.gevallen.iter().zip(&there.gevallen) {
        assert_eq!((&a.naam, &a.verzoek), (&b.naam, &Verzoek { convenant: a.verzoek.convenant.clone(), ..b.verzoek.clone() }));
        assert!(a.regel.is_some() && b.regel.is_some(), "{} gives no reason", a.naam);
        differ += usize::from(zuid.uitkomst(&a.verzoek).levert() != noord.uitkomst(&b.verzoek).levert());
    }
    assert_eq!(here.gevallen.len(), there.gevallen.len());
    assert!(differ >= 4, "{differ} cases differ");
}

#[test]
fn an_organisations_own_rows() {
    let catalogus = samen::catalogus();
    houdt(&tabel("organisatie.toml"), &noord(&catalogus), &catalogus);
}

#[test]
fn routes_and_signatories_are_the_regions_own() {
    let (zuid, catalogus) = samen::voorbeeldregio();
    let noord = noord(&catalogus);
    let gemeente = |c: &str| GemeenteCode::parse(c).ok();
    let overdracht = TypeNaam::parse("overdracht").unwrap();
    let huisverbod = TypeNaam::parse("huisverbod-opgelegd").unwrap();
    assert!(zuid.route(&overdracht, Partnertype::Wijkteam, gemeente("0014")).is_empty());
    let team = |b: &Beleid, t: &TypeNaam, g: &str| b.route(t, Partnertype::Wijkteam, gemeente(g));
    assert_eq!(team(&noord, &overdracht, "0047"), team(&noord, &overdracht, "0765"), "two municipalities, one team");
    assert_ne!(team(&noord, &overdracht, "0014"), team(&noord, &overdracht, "1952"));
    assert_eq!(team(&noord, &huisverbod, "0014"), team(&noord, &huisverbod, "1952"), "the desk of the region");
    assert_ne!(zuid.standaardontvangers(&huisverbod), noord.standaardontvangers(&huisverbod));
    let nu = Tijdstip::parse("2026-11-22T01:00:00.000Z").unwrap();
    let party = |oin: &str, partnertype| Deelpartij { oin: Oin::parse(oin).unwrap(), partnertype };
    let vt = party("00000002000000000030", Partnertype::VeiligThuis);
    let school = party("00000002000000000120", Partnertype::School);
    let wie = ["030", "059", "120", "130"].map(|n| format!("00000002000000000{n}"));
    let [bij_zuid, bij_noord] = [&zuid, &noord].map(|b| samen::getekend(b, &wie.each_ref().map(String::as_str)));
    assert_eq!(zuid.ondertekend(&bij_zuid, &school, &vt, nu), Ondertekend::Een);
    assert_eq!(noord.ondertekend(&bij_noord, &school, &vt, nu), Ondertekend::Beide);
    assert_eq!(noord.ondertekend(&bij_zuid, &school, &vt, nu), Ondertekend::Geen, "signed elsewhere");
    assert_eq!(
        noord.ondertekend(&bij_noord, &party("00000002000000000059", Partnertype::Ggz), &vt, nu),
        Ondertekend::Een,
        "signed one by one"
    );
    let huisarts = party("00000002000000000130", Partnertype::Huisarts);
    let juni = Tijdstip::parse("2026-06-30T00:00:00.000Z").unwrap();
    assert_eq!(noord.ondertekend(&bij_noord, &huisarts, &vt, juni), Ondertekend::Een);
    assert_eq!(noord.ondertekend(&bij_noord, &huisarts, &vt, nu), Ondertekend::Beide, "since July");
}

/// Both regions are nowhere milder than a covenant that adds nothing of its own.
#[test]
fn a_region_is_nowhere_milder_than_the_nation() {
    let catalogus = samen::catalogus();
    for bron in Convenantbron::meegeleverd().unwrap() {
        let own = laden(Bundel::genereren(&bron, &catalogus).unwrap(), &catalogus).unwrap();
        let widest = Convenantbron {
            rijen: vec![],
            buiten_convenant: vec![Categorie::Medisch],
            noodontvangers: vec![Partnertype::Politie, Partnertype::VeiligThuis, Partnertype::Crisisdienst],
            ..bron.clone()
        };
        let nation = laden(Bundel::genereren(&widest, &catalogus).unwrap(), &catalogus).unwrap();
        let mut t = Toeval::met(0x0A7);
        for _ in 0..3_000 {
            let v = Verzoek { convenant: bron.convenant.clone(), ..toeval::verzoek(&mut t, &catalogus) };
            let (n, o) = (nation.uitkomst(&v), own.uitkomst(&v));
            assert!(o.max(Uitkomst::ToestaanMetPlicht) >= n, "{n} became {o} in {} for {v:?}", bron.convenant);
        }
    }
}

type Verruiming = (&'static str, fn(&mut Bundel), &'static str, bool);

fn rij(stap: Stap, regel: u8) -> Rij {
    serde_json::from_value(serde_json::json!({
        "laag": "convenant", "stap": stap, "effect": "toelaten", "regel": format!("R{regel}"),
        "toelichting": "een rij van de proef",
    }))
    .unwrap()
}

fn weg(b: &mut Bundel, regel: u8, past: impl Fn(&Rij) -> bool) {
    let before = b.rijen.len();
    b.rijen.retain(|r| !(r.regel == RegelId::new(regel).ok() && r.effect == Effect::Tegenhouden && past(r)));
    assert!(b.rijen.len() < before, "no row of R{regel} to leave out");
}

/// An answer about help on this ground, whatever else is true.
fn on_ground(b: &mut Bundel, g: Grondslag, regel: u8) {
    b.rijen.push(Rij {
        soorten: vec![TypeNaam::parse("informatie-antwoord").unwrap()],
        categorieen: vec![Categorie::Hulp],
        doelen: vec![inbreng_domain::vocabulary::Doel::Beoordelen],
        van: vec![Partnertype::Ggz.into()],
        naar: vec![Partnertype::VeiligThuis.into()],
        grondslagen: vec![g],
        ..rij(Stap::Grond, regel)
    });
}

/// Ways to loosen the nation, each with the rule that must be named, and whether a row of the region does it.
const VERRUIMINGEN: &[Verruiming] = &[
    (
        "medical information on the covenant",
        |b| {
            weg(b, 8, |_| true);
            b.rijen.push(Rij {
                categorieen: vec![Categorie::Medisch],
                grondslagen: vec![Grondslag::Convenant],
                ..rij(Stap::Grond, 6)
            });
        },
        "R8",
        true,
    ),
    ("medical information back inside", |b| b.buiten_convenant.clear(), "R8", false),
    (
        "consent that was withdrawn",
        |b| {
            weg(b, 11, |_| true);
            on_ground(b, Grondslag::Toestemming, 10);
        },
        "R11",
        true,
    ),
    (
        "the covenant with who did not sign",
        |b| {
            weg(b, 15, |_| true);
            on_ground(b, Grondslag::Convenant, 6);
        },
        "R15",
        true,
    ),
    (
        "an embargo that the region looks through",
        |b| {
            b.rijen.push(Rij {
                voorwaarden: inbreng_policy::Voorwaarden { embargo: vec![JaNee::Ja], ..Default::default() },
                ..rij(Stap::Embargo, 20)
            });
        },
        "R20",
        true,
    ),
    ("the prosecution's words to a client", |b| weg(b, 22, |r| !r.categorieen.is_empty()), "R22", false),
    ("a secret address to whom the owner did not name", |b| weg(b, 24, |_| true), "R24", false),
    ("a shielded part of a child", |b| weg(b, 26, |_| true), "R26", false),
    ("more than one sentence to the school", |b| weg(b, 27, |r| !r.categorieen.is_empty()), "R27", false),
    (
        "a milder answer to a change of purpose",
        |b| {
            for r in &mut b.rijen {
                if r.regel == RegelId::new(28).ok() && r.uitkomst == Some(Handhaving::Weigeren) {
                    r.uitkomst = Some(Handhaving::Vragen);
                }
            }
            let zin = b.zinnen.regels["R28"].clone();
            b.zinnen.regels.insert("R28-vragen".into(), zin);
        },
        "R28",
        false,
    ),
    (
        "an outsider who hears another reason",
        |b| {
            for r in &mut b.rijen {
                if r.regel == RegelId::new(16).ok() {
                    r.regel = RegelId::new(17).ok();
                }
            }
        },
        "R16",
        false,
    ),
    (
        "who is not on the list",
        |b| {
            b.rijen.push(Rij {
                voorwaarden: inbreng_policy::Voorwaarden {
                    naar_deelnemer: vec![inbreng_domain::vocabulary::Deelname::Nee],
                    ..Default::default()
                },
                naar: vec![Ontvangersoort::from(Partnertype::Gemeente)],
                ..rij(Stap::Kring, 17)
            });
        },
        "R17",
        true,
    ),
    (
        "passing on without asking",
        |b| {
            weg(b, 4, |_| true);
            b.rijen.push(Rij {
                handelingen: vec![Handeling::Doorverstrekken],
                voorwaarden: inbreng_policy::Voorwaarden { eigenaarsbesluit: vec![Eigenaarsbesluit::Nee], ..Default::default() },
                ..rij(Stap::Eigenaar, 4)
            });
        },
        "R4",
        true,
    ),
    (
        "consent that nobody asked",
        |b| {
            weg(b, 10, |_| true);
            b.rijen.push(Rij {
                categorieen: vec![Categorie::Hulp],
                grondslagen: vec![Grondslag::Toestemming],
                voorwaarden: inbreng_policy::Voorwaarden {
                    toestemming: vec![Toestemmingsstand::NietGevraagd],
                    ..Default::default()
                },
                ..rij(Stap::Grond, 10)
            });
        },
        "R10",
        true,
    ),
    (
        "a duty left out",
        |b| {
            for r in &mut b.rijen {
                r.verplichtingen.retain(|p| p.soort.as_str() != "transparantiebericht");
            }
        },
        "R12",
        true,
    ),
    (
        "a duty of a flag left out",
        |b| {
            for r in &mut b.rijen {
                r.verplichtingen.retain(|p| p.soort.as_str() != "niet-samen-uitnodigen");
            }
        },
        "R23",
        true,
    ),
    (
        "no answer becomes a yes",
        |b| {
            for s in &mut b.standaarden {
                if s.stap == Stap::Eigenaar {
                    s.uitkomst = Handhaving::Vragen;
                }
            }
            for key in ["R1-vragen", "R3-vragen", "R4-vragen"] {
                let zin = b.zinnen.regels["R1"].clone();
                b.zinnen.regels.insert(key.into(), zin);
            }
        },
        "R1",
        false,
    ),
    ("an emergency path to who is not registered", |b| b.noodontvangers.truncate(1), "R17", true),
    ("an emergency recipient of its own", |b| b.noodontvangers.push(Partnertype::Wijkteam), "R35", false),
];

#[test]
fn who_loosens_the_nation_is_refused_with_the_rule_that_it_breaks() {
    let catalogus = samen::catalogus();
    let whole = samen::bundel(&catalogus);
    let mut wrong = Vec::new();
    for (what, loosen, rule, by_row) in VERRUIMINGEN {
        let mut b = whole.clone();
        loosen(&mut b);
        match laden(b, &catalogus) {
            Err(error @ BeleidFout::Verruiming { .. }) => {
                let text = error.to_string();
                let named = text.split(|c: char| !c.is_ascii_alphanumeric()).any(|w| w == *rule);
                if !named || text.ends_with('.') || text.contains(": row ") != *by_row {
                    wrong.push(format!("{what} should name {rule} ({by_row}): {text}"));
                }
            }
            other => wrong.push(format!("{what}: {:?}", other.map(|_| "taken"))),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What makes stricter is always taken, however odd.
#[test]
fn a_stricter_region_is_taken() {
    let catalogus = samen::catalogus();
    let whole = samen::bundel(&catalogus);
    let mut without_r8 = whole.clone();
    weg(&mut without_r8, 8, |_| true);
    laden(without_r8, &catalogus).expect("medical information has no other ground: what R8 refuses stays refused");
    let mut fewer = Convenantbron::voorbeeldregio().unwrap();
    fewer.noodontvangers.truncate(1);
    for round in 0..8u64 {
        let mut t = Toeval::met(0x57E7 + round);
        let mut b = if round % 2 == 1 { Bundel::genereren(&fewer, &catalogus).unwrap() } else { whole.clone() };
        // What a flag asks of who may have it, no region leaves out.
        let plicht = |r: &Rij| r.stap == Stap::Plicht || r.stap == Stap::Scheiding && !r.verplichtingen.is_empty();
        b.rijen.retain(|r| r.effect == Effect::Tegenhouden || plicht(r) || !t.kans(4));
        b.rijen.extend((0..30).map(|_| toeval::rij(&mut t, &catalogus)).filter(|r| r.effect == Effect::Tegenhouden));
        laden(b, &catalogus).unwrap_or_else(|e| panic!("round {round}: {e}"));
    }
}

/// Where a version is taken although it has other rows than the nation, it is nowhere milder: whatever the rows.
#[test]
fn what_is_taken_is_nowhere_milder_and_what_is_milder_is_not_taken() {
    let catalogus = samen::catalogus();
    let whole = samen::bundel(&catalogus);
    let nation = laden(whole.clone(), &catalogus).unwrap();
    let (mut taken, mut refused) = (0, 0);
    for round in 0..40u64 {
        let mut t = Toeval::met(0x1A6 + round);
        let mut b = whole.clone();
        let extra = toeval::rij(&mut t, &catalogus);
        b.rijen.push(Rij { laag: Laag::Convenant, effect: Effect::Toelaten, uitkomst: None, wijkt_voor_nood: false, ..extra });
        if b.rijen.last().is_some_and(|r| r.stap == Stap::Grond && r.grondslagen.iter().all(|g| *g == Grondslag::Geen)) {
            continue;
        }
        let Ok(own) = Beleid::laden_verleden(b.clone(), Digest::from_bytes([3; 32]), &catalogus) else { continue };
        let accepted = laden(b, &catalogus).is_ok();
        taken += usize::from(accepted);
        refused += usize::from(!accepted);
        if accepted {
            for _ in 0..300 {
                let v = toeval::verzoek(&mut t, &catalogus);
                let (n, o) = (nation.uitkomst(&v), own.uitkomst(&v));
                assert!(o.max(Uitkomst::ToestaanMetPlicht) >= n, "round {round}: {n} became {o} for {v:?}");
            }
        }
    }
    assert!(refused >= 5 && taken >= 1, "{taken} taken, {refused} refused");
}
