//! A bundle as a document: what it says of parties and routes, and what becomes of one that is malformed, partial or
//! contradictory: an error that names what and how to mend it, never a panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod samen;

use inbreng_domain::{
    Digest, GemeenteCode, Oin, RegelId, Tijdstip, TypeNaam, Uitkomst,
    convenant::Partijen,
    gids::Bevestiging,
    vocabulary::{Categorie, Grondslag, Ondertekend, Ontvangersoort, Partnertype},
};
use inbreng_policy::{
    Beleid, BeleidFout, Bundel, Deelpartij, Effect, Handhaving, Laag, Lidmaatschap, Rij, Route, Stap, Tabel, Verzoek,
};
use samen::toeval::Toeval;

fn oin(tail: &str) -> Oin {
    Oin::parse(&format!("{tail:0>20}")).unwrap()
}

fn party(nn: &str, partnertype: Partnertype) -> Deelpartij {
    Deelpartij { oin: Oin::parse(&format!("00000001000000000{nn:0>3}")).unwrap(), partnertype }
}

fn at(s: &str) -> Tijdstip {
    Tijdstip::parse(s).unwrap()
}

fn load(b: Bundel) -> Result<Beleid, BeleidFout> {
    Beleid::laden(b, Digest::from_bytes([0; 32]), &samen::catalogus())
}

#[test]
fn a_bundle_survives_its_document() {
    let b = samen::bundel(&samen::catalogus());
    let text = serde_json::to_string(&b).unwrap();
    assert_eq!(serde_json::from_str::<Bundel>(&text).unwrap(), b);
    assert_eq!(serde_json::to_string(&serde_json::from_str::<Bundel>(&text).unwrap()).unwrap(), text);
    assert!(text.len() < 400_000, "{} bytes", text.len());
}

#[test]
fn the_same_source_gives_the_same_bundle() {
    let catalogus = samen::catalogus();
    assert_eq!(samen::bundel(&catalogus), samen::bundel(&catalogus));
}

#[test]
fn signatories_by_type_by_organisation_and_by_date() {
    let (beleid, _) = samen::voorbeeldregio();
    let now = at("2026-11-22T01:00:00.000Z");
    let vt = party("030", Partnertype::VeiligThuis);
    // Everybody signed: what is asked is to whom the covenant is open.
    let wie = ["010", "030", "050", "059", "120", "130"].map(|n| format!("00000001000000000{n}"));
    let partijen = samen::getekend(&beleid, &wie.each_ref().map(String::as_str));
    let signed = |p: &Deelpartij, when: Tijdstip| beleid.ondertekend(&partijen, p, &vt, when);
    assert_eq!(signed(&party("050", Partnertype::Ggz), now), Ondertekend::Beide);
    assert_eq!(signed(&party("059", Partnertype::Ggz), now), Ondertekend::Een, "the provider that did not sign");
    for outside in [Partnertype::School, Partnertype::Huisarts, Partnertype::Slachtofferhulp, Partnertype::Overig] {
        assert_eq!(signed(&party("130", outside), now), Ondertekend::Een, "{outside}");
    }
    let school = party("120", Partnertype::School);
    assert_eq!(beleid.ondertekend(&partijen, &school, &party("130", Partnertype::Huisarts), now), Ondertekend::Geen);
    // That it is open to all of a kind makes nobody a party: each signs for itself.
    let een = samen::getekend(&beleid, &["00000001000000000030"]);
    assert_eq!(beleid.ondertekend(&een, &party("050", Partnertype::Ggz), &vt, now), Ondertekend::Een);
    assert_eq!(beleid.ondertekend(&Partijen::default(), &party("050", Partnertype::Ggz), &vt, now), Ondertekend::Geen);
    // In force from its first instant to before its last.
    for (when, expected) in [
        ("2025-12-31T23:59:59.999Z", Ondertekend::Geen),
        ("2026-01-01T00:00:00.000Z", Ondertekend::Beide),
        ("2030-12-31T23:59:59.999Z", Ondertekend::Beide),
        ("2031-01-01T00:00:00.000Z", Ondertekend::Geen),
    ] {
        assert_eq!(signed(&party("050", Partnertype::Ggz), at(when)), expected, "{when}");
    }
}

#[test]
fn a_membership_begins_and_ends() {
    let mut b = samen::bundel(&samen::catalogus());
    let school = party("120", Partnertype::School);
    b.ondertekenaars.organisaties.push(Lidmaatschap {
        oin: school.oin,
        ondertekend: true,
        vanaf: Some(at("2026-06-01T00:00:00.000Z")),
        tot: Some(at("2027-06-01T00:00:00.000Z")),
    });
    let beleid = load(b).unwrap();
    let vt = party("030", Partnertype::VeiligThuis);
    let partijen = samen::getekend(&beleid, &["00000001000000000030", "00000001000000000120"]);
    assert_eq!(beleid.ondertekend(&partijen, &school, &vt, at("2026-05-31T23:59:59.999Z")), Ondertekend::Een);
    assert_eq!(beleid.ondertekend(&partijen, &school, &vt, at("2026-06-01T00:00:00.000Z")), Ondertekend::Beide);
    assert_eq!(beleid.ondertekend(&partijen, &school, &vt, at("2027-06-01T00:00:00.000Z")), Ondertekend::Een, "lapsed");
}

#[test]
fn a_signature_is_under_one_text() {
    let (beleid, catalogus) = samen::voorbeeldregio();
    let partijen = samen::getekend(&beleid, &["00000001000000000030", "00000001000000000050"]);
    let (vt, ggz) = (party("030", Partnertype::VeiligThuis), party("050", Partnertype::Ggz));
    let nu = at("2026-11-22T01:00:00.000Z");
    let onder = |change: fn(&mut Bundel)| {
        let mut b = samen::bundel(&catalogus);
        change(&mut b);
        load(b).unwrap().ondertekend(&partijen, &vt, &ggz, nu)
    };
    // Other rows, routes and settings are worked out under the same agreement.
    assert_eq!(onder(|b| b.versie += 1), Ondertekend::Beide);
    assert_eq!(onder(|b| b.routes.clear()), Ondertekend::Beide);
    // The agreement itself is signed anew: its period, what falls outside it, its document.
    assert_eq!(onder(|b| b.geldig_tot = at("2033-01-01T00:00:00.000Z")), Ondertekend::Geen);
    assert_eq!(onder(|b| b.buiten_convenant.push(Categorie::Financieel)), Ondertekend::Geen);
    assert_eq!(onder(|b| b.document = Some(Digest::from_bytes([9; 32]))), Ondertekend::Geen);
    assert_eq!(onder(|b| b.titel.push('!')), Ondertekend::Geen);
}

#[test]
fn who_signs_knows_the_rules_of_the_version_that_it_read() {
    let mut b = samen::bundel(&samen::catalogus());
    b.versie = 3;
    b.instellingen.bevestigen_vanaf = 3;
    let beleid = load(b.clone()).unwrap();
    let nu = at("2026-11-22T01:00:00.000Z");
    let vt = party("030", Partnertype::VeiligThuis).oin;
    let partijen = samen::getekend(&beleid, &["00000001000000000030"]);
    assert!(beleid.is_bevestigd(&partijen, vt, &[], nu));
    assert!(!beleid.is_bevestigd(&Partijen::default(), vt, &[], nu));
    let las = |versie| [Bevestiging { convenant: beleid.bundel().convenant.clone(), versie }];
    assert!(
        beleid.is_bevestigd(&Partijen::default(), vt, &las(3), nu) && !beleid.is_bevestigd(&Partijen::default(), vt, &las(2), nu)
    );
    b.versie = 4;
    b.instellingen.bevestigen_vanaf = 4;
    assert!(!load(b).unwrap().is_bevestigd(&partijen, vt, &las(3), nu), "new rules are read anew");
}

#[test]
fn routes_by_municipality_and_role() {
    let (beleid, _) = samen::voorbeeldregio();
    let overdracht = TypeNaam::parse("overdracht").unwrap();
    let wijkteam = |g: &str| beleid.route(&overdracht, Partnertype::Wijkteam, GemeenteCode::parse(g).ok());
    assert_eq!(wijkteam("0518"), vec![party("061", Partnertype::Wijkteam).oin]);
    assert_eq!(wijkteam("0603"), vec![party("062", Partnertype::Wijkteam).oin]);
    assert!(wijkteam("0344").is_empty(), "a municipality outside the region");
    assert!(beleid.route(&overdracht, Partnertype::Wijkteam, None).is_empty(), "no municipality, no neighbourhood team");
    assert_eq!(beleid.route(&overdracht, Partnertype::VeiligThuis, GemeenteCode::parse("0518").ok()).len(), 1);
    let melding = TypeNaam::parse("incidentmelding").unwrap();
    assert_eq!(beleid.standaardontvangers(&melding), vec![Partnertype::VeiligThuis]);
    assert!(beleid.standaardontvangers(&TypeNaam::parse("informatieverzoek").unwrap()).is_empty());
}

/// The most specific route counts.
#[test]
fn a_route_of_a_type_goes_before_that_of_a_municipality() {
    let mut b = samen::bundel(&samen::catalogus());
    let own = oin("77");
    let melding = TypeNaam::parse("incidentmelding").unwrap();
    b.routes.push(Route { soort: Some(melding.clone()), rol: Partnertype::Wijkteam, gemeente: None, partners: vec![own] });
    let beleid = load(b).unwrap();
    assert_eq!(beleid.route(&melding, Partnertype::Wijkteam, GemeenteCode::parse("0518").ok()), vec![own]);
}

fn stricter(van_oin: Option<Oin>, naar_oin: Option<Oin>) -> Rij {
    Rij {
        regel: Some(RegelId::new(6).unwrap()),
        uitkomst: Some(Handhaving::Weigeren),
        categorieen: vec![Categorie::Hulp],
        grondslagen: vec![Grondslag::Convenant],
        van_oin,
        naar_oin,
        toelichting: Some("our own board decided so".to_owned()),
        ..Rij::over_alles(Laag::Organisatie, Stap::Grond, Effect::Tegenhouden)
    }
}

#[test]
fn an_organisation_may_be_stricter_about_itself_and_about_nobody_else() {
    let (plain, catalogus) = samen::voorbeeldregio();
    let (ggz, vt) = (party("050", Partnertype::Ggz).oin, party("030", Partnertype::VeiligThuis).oin);
    let tabel = Tabel::lezen(&samen::tabellen().into_iter().find(|(n, _)| n == "R06.toml").unwrap().1).unwrap();
    let v = Verzoek { van_oin: Some(ggz), naar_oin: Some(vt), ..tabel.gevallen[0].verzoek.clone() };
    assert!(plain.uitkomst(&v).levert());
    for rij in [stricter(Some(ggz), None), stricter(None, Some(vt))] {
        let mut b = samen::bundel(&catalogus);
        b.rijen.push(rij);
        let own = load(b).unwrap();
        assert_eq!(own.uitkomst(&v), Uitkomst::Weigeren);
        let other = oin("88");
        assert!(own.uitkomst(&Verzoek { van_oin: Some(other), naar_oin: Some(other), ..v.clone() }).levert());
        let consent = Verzoek {
            grondslagen: vec![Grondslag::Toestemming],
            toestemming: inbreng_domain::vocabulary::Toestemmingsstand::Gegeven,
            ..v.clone()
        };
        assert!(own.uitkomst(&consent).levert(), "only the ground that it names");
        assert_eq!(
            own.uitkomst(&Verzoek { grondslagen: vec![], ..v.clone() }),
            plain.uitkomst(&Verzoek { grondslagen: vec![], ..v.clone() })
        );
    }
}

type Damage = (&'static str, fn(&mut Bundel), &'static str);

/// Each way to damage a bundle, and the word by which the error names it.
const DAMAGE: &[Damage] = &[
    ("another form", |b| b.vorm = 2, "form 2"),
    ("ends before it begins", |b| b.geldig_tot = b.geldig_vanaf, "geldig_tot"),
    ("no answer of a step", |b| b.standaarden.retain(|s| s.stap != Stap::Embargo), "embargo"),
    ("two answers of a step", |b| b.standaarden.extend(b.standaarden.clone()), "there are 2"),
    (
        "a ground that is not needed",
        |b| {
            for s in b.standaarden.iter_mut().filter(|s| s.stap == Stap::Grond) {
                s.uitkomst = Handhaving::Vragen;
            }
            b.zinnen.regels.insert("R5".into(), b.zinnen.regels["R6"].clone());
        },
        "R6",
    ),
    ("a row that holds back without rule", |b| first(b, Effect::Tegenhouden).regel = None, "`regel`"),
    ("a row that holds back without outcome", |b| first(b, Effect::Tegenhouden).uitkomst = None, "`uitkomst`"),
    ("a row that allows with an outcome", |b| first(b, Effect::Toelaten).uitkomst = Some(Handhaving::Weigeren), "allows has no"),
    ("a row that allows and gives way", |b| first(b, Effect::Toelaten).wijkt_voor_nood = true, "gives way"),
    (
        "a condition of another step",
        |b| {
            first(b, Effect::Tegenhouden).voorwaarden.embargo = vec![inbreng_domain::vocabulary::JaNee::Ja];
        },
        "condition `embargo`",
    ),
    (
        "grounds where none are asked",
        |b| {
            first(b, Effect::Tegenhouden).grondslagen = vec![Grondslag::Convenant];
        },
        "not asked per ground",
    ),
    (
        "a ground for everything",
        |b| {
            let r = b.rijen.iter_mut().find(|r| r.stap == Stap::Grond && r.effect == Effect::Toelaten).unwrap();
            r.grondslagen.clear();
        },
        "emergency path",
    ),
    (
        "an unknown type",
        |b| first(b, Effect::Tegenhouden).soorten = vec![TypeNaam::parse("geheim-bericht").unwrap()],
        "geheim-bericht",
    ),
    (
        "a variant of no type",
        |b| {
            first(b, Effect::Tegenhouden).varianten = vec![inbreng_domain::Code::parse("x").unwrap()];
        },
        "`soorten`",
    ),
    (
        "an organisation that allows",
        |b| {
            b.rijen.push(Rij { effect: Effect::Toelaten, uitkomst: None, ..stricter(Some(oin("5")), None) });
        },
        "only holds back",
    ),
    (
        "an organisation in the covenant's layer",
        |b| {
            b.rijen.push(Rij { laag: Laag::Convenant, ..stricter(Some(oin("5")), None) });
        },
        "layer organisatie",
    ),
    ("two organisations in one row", |b| b.rijen.push(stricter(Some(oin("5")), Some(oin("6")))), "keep one OIN"),
    (
        "a rule without a sentence",
        |b| {
            b.zinnen.regels.remove("R15");
        },
        "R15",
    ),
    ("a sentence without words", |b| b.zinnen.regels.get_mut("R8").unwrap().afzender = " ".into(), "R8"),
    ("a blank that nobody fills", |b| b.zinnen.regels.get_mut("R8").unwrap().afzender = "{bsn}".into(), "{ontvanger}"),
    (
        "no neutral sentence",
        |b| {
            b.zinnen.woorden.remove("neutraal");
        },
        "neutraal",
    ),
    (
        "two lines for one organisation",
        |b| b.ondertekenaars.organisaties.extend(b.ondertekenaars.organisaties.clone()),
        "one line",
    ),
    ("a row without its legal note", |b| first(b, Effect::Tegenhouden).toelichting = None, "toelichting"),
    ("a legal note that says nothing", |b| first(b, Effect::Toelaten).toelichting = Some("  ".to_owned()), "legal note"),
    ("two routes for one role", |b| b.routes.extend(b.routes.clone()), "two routes"),
    ("a route to nobody", |b| b.routes[0].partners.clear(), "at least one OIN"),
    ("recipients of an unknown type", |b| b.ontvangers[0].soort = TypeNaam::parse("geheim-bericht").unwrap(), "geheim-bericht"),
];

fn first(b: &mut Bundel, effect: Effect) -> &mut Rij {
    b.rijen.iter_mut().find(|r| r.effect == effect && r.stap == Stap::Scheiding).unwrap()
}

#[test]
fn every_damage_is_named_with_its_mending() {
    let whole = samen::bundel(&samen::catalogus());
    for (what, damage, named) in DAMAGE {
        let mut b = whole.clone();
        damage(&mut b);
        let error = load(b).map(|_| ()).expect_err(what).to_string();
        assert!(error.contains(named), "{what}: {error}");
        assert!(!error.ends_with('.'), "{what}: {error}");
    }
}

/// Members removed, doubled, swapped or replaced at random: an error or a policy, never a panic; and no policy made that
/// way lets medical information pass on the covenant.
#[test]
fn a_mangled_document_never_panics() {
    let catalogus = samen::catalogus();
    let whole = serde_json::to_value(samen::bundel(&catalogus)).unwrap();
    let med = Tabel::lezen(&samen::tabellen().into_iter().find(|(n, _)| n == "R08.toml").unwrap().1).unwrap().gevallen[0]
        .verzoek
        .clone();
    let mut loaded = 0;
    for seed in 0..150u64 {
        let mut t = Toeval::met(seed);
        let mut doc = whole.clone();
        mangle(&mut doc, &mut t, 6);
        if let Ok(b) = serde_json::from_value::<Bundel>(doc)
            && let Ok(beleid) = Beleid::laden(b, Digest::from_bytes([0; 32]), &catalogus)
        {
            loaded += 1;
            assert!(!beleid.uitkomst(&med).levert());
        }
    }
    assert!(loaded < 150, "the mangling must bite");
}

fn mangle(v: &mut serde_json::Value, t: &mut Toeval, depth: usize) {
    use serde_json::Value;
    match v {
        Value::Object(o) if !o.is_empty() => {
            let key = o.keys().nth(t.getal(o.len())).unwrap().clone();
            if depth == 0 || t.kans(12) {
                o.remove(&key);
            } else {
                mangle(&mut o[&key], t, depth - 1);
            }
        }
        Value::Array(a) if !a.is_empty() => {
            let n = t.getal(a.len());
            match t.getal(8) {
                0 => {
                    a.remove(n);
                }
                1 => {
                    let twin = a[n].clone();
                    a.push(twin);
                }
                _ => mangle(&mut a[n], t, depth.saturating_sub(1)),
            }
        }
        Value::String(s) => {
            *s = t.kies(&["", "R45", "ja", "convenant", "medisch", "weigeren", "toelaten", "🙂", "2026-13-01"]).to_owned()
        }
        Value::Number(_) => *v = Value::from(t.kies(&[-1i64, 0, 70_000, i64::MAX])),
        other => *other = t.kies(&[Value::Null, Value::Bool(true), Value::String("*".into())]),
    }
}

#[test]
fn a_covenant_source_is_closed() {
    let text = include_str!("../convenanten/voorbeeldregio.toml");
    assert!(inbreng_policy::Convenantbron::lezen(text).is_ok());
    for (what, from, to) in [
        ("an unknown field", "versie = 1", "versie = 1\nvrijheid = \"alles\""),
        ("an unknown word", "\"crisisdienst\"]", "\"buren\"]"),
        ("a wrong number", "00000001000000000059", "59"),
        ("no end", "geldig_tot", "geldig_ooit"),
    ] {
        let error = inbreng_policy::Convenantbron::lezen(&text.replacen(from, to, 1)).map(|_| ()).expect_err(what).to_string();
        assert!(error.contains("covenant source"), "{what}: {error}");
    }
}

/// Each row says why it may be there, those of the catalogue with the source of their ground and of their message; a source without is
/// refused where it is read, with the row. A version that was in force before this was asked still takes its decisions again.
#[test]
fn every_row_has_its_legal_note() {
    let catalogus = samen::catalogus();
    let b = samen::bundel(&catalogus);
    let note = |r: &Rij| r.toelichting.clone().unwrap_or_default();
    assert!(b.rijen.iter().all(|r| note(r).len() >= 15), "{:?}", b.rijen.iter().find(|r| note(r).len() < 15));
    for d in catalogus.definities() {
        let own = |r: &&Rij| r.stap == Stap::Grond && r.effect == Effect::Toelaten && r.soorten == std::slice::from_ref(&d.naam);
        for r in b.rijen.iter().filter(own).filter(|r| r.laag == Laag::Convenant && !r.grondslagen.is_empty()) {
            assert!(d.bronnen.iter().all(|bron| note(r).contains(bron)), "{}: {}", d.naam, note(r));
            let of_ground = note(r).split(';').next().unwrap().len();
            assert!(of_ground > 25, "{}: {}", d.naam, note(r));
        }
    }
    let text = include_str!("../convenanten/voorbeeldregio-noord.toml");
    let without: String = text.lines().filter(|l| !l.starts_with("toelichting")).map(|l| format!("{l}\n")).collect();
    let error = inbreng_policy::Convenantbron::lezen(&without).map(|_| ()).expect_err("no notes").to_string();
    assert!(error.contains("row 1") && error.contains("toelichting"), "{error}");
    let mut old = b;
    old.rijen[0].toelichting = None;
    assert!(Beleid::laden(old.clone(), Digest::from_bytes([0; 32]), &catalogus).is_err());
    assert!(Beleid::laden_verleden(old, Digest::from_bytes([0; 32]), &catalogus).is_ok());
}

/// A region that opens what the nation closes is refused, whatever it calls its layer.
#[test]
fn a_region_cannot_loosen() {
    let catalogus = samen::catalogus();
    let mut bron = inbreng_policy::Convenantbron::voorbeeldregio().unwrap();
    bron.rijen.push(Rij {
        laag: Laag::Convenant,
        effect: Effect::Toelaten,
        uitkomst: None,
        categorieen: vec![Categorie::Straf],
        van: vec![Ontvangersoort::Politie],
        ..stricter(None, None)
    });
    let error = Bundel::genereren(&bron, &catalogus).map(|_| ()).expect_err("a row that allows").to_string();
    assert!(error.contains("stricter"), "{error}");
}
