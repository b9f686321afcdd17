//! Every setting of a covenant does something: of each it is shown that changing it changes a decision, a duty or a figure. A setting
//! without its proof here fails, and so does one that a region makes looser than the nation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod samen;

use std::collections::BTreeSet;

use inbreng_domain::{
    BerichtId, Berichttype, Betrokkene, CasusRef, Code, ConvenantId, Datum, DeelId, Digest, Labels, Oin, PersoonRef, Tijdstip,
    Toestemming, TypeNaam,
    gids::Bevestiging,
    vocabulary::{
        Categorie, Deelname, Doel, Eigenaarsbesluit, Grondslag, JaNee, Leeftijdsgroep, Noodzaak, Ondertekend, Partnertype,
        Toegangswijze, Toestemmingsgever, Toestemmingsstand, Urgentie,
    },
};
use inbreng_policy::{Beleid, Bundel, Convenantbron, Feiten, Instellingen, Namen, Toestemmingsbron, Verzoek};
use serde_json::{Value, json};

const NU: &str = "2026-11-20T09:00:00.000Z";
const NAMEN: Namen<'_> = Namen { eigenaar: "De inbrenger", ontvanger: "De ontvanger", betrokkene: None };

fn tijd(t: &str) -> Tijdstip {
    Tijdstip::parse(t).unwrap()
}

fn oin(nn: u64) -> Oin {
    Oin::parse(&format!("{:020}", 1_000_000_000_000u64 + nn)).unwrap()
}

/// One setting: a stricter value than the nation's, a looser one where there is a stricter side, and what shows that it counts.
struct Proef {
    naam: &'static str,
    strenger: fn() -> Value,
    ruimer: Option<fn() -> Value>,
    blijkt: fn(&Beleid) -> String,
}

const PROEVEN: &[Proef] = &[
    Proef { naam: "toestemming_maanden", strenger: || json!(3), ruimer: Some(|| json!(13)), blijkt: een_oud_ja },
    Proef {
        naam: "transparantie_werkdagen",
        strenger: || json!(4),
        ruimer: Some(|| json!(11)),
        blijkt: |b| plicht(b, &antwoord(), "transparantiebericht"),
    },
    Proef {
        naam: "noodtoets_werkdagen",
        strenger: || json!(1),
        ruimer: Some(|| json!(3)),
        blijkt: |b| plicht(b, &noodopening(), "toets-achteraf"),
    },
    Proef {
        naam: "embargo_herziening_dagen",
        strenger: || json!(7),
        ruimer: Some(|| json!(15)),
        blijkt: |b| b.embargo_herzien_uiterlijk(tijd(NU)).to_string(),
    },
    Proef {
        naam: "oud_na_maanden",
        strenger: || json!(3),
        ruimer: Some(|| json!(7)),
        blijkt: |b| format!("{:?}", b.oud_vanaf(&Labels { waargenomen_op: Datum::parse("2026-11-01").ok(), ..labels() })),
    },
    Proef {
        naam: "deelnemers_waarschuwing",
        strenger: || json!(6),
        ruimer: Some(|| json!(9)),
        blijkt: |b| format!("{:?}", (1..12).find(|n| b.is_veel(*n))),
    },
    Proef {
        naam: "stoppen_werkdagen",
        strenger: || json!(2),
        ruimer: Some(|| json!(6)),
        blijkt: |b| b.stoppen_uiterlijk(tijd(NU)).to_string(),
    },
    Proef {
        naam: "misplaatsing_werkdagen",
        strenger: || json!(0),
        ruimer: Some(|| json!(2)),
        blijkt: |b| b.misplaatsing_uiterlijk(tijd(NU)).to_string(),
    },
    Proef {
        naam: "schoolbericht_schooldagen",
        strenger: || json!(2),
        ruimer: Some(|| json!(6)),
        blijkt: |b| b.schoolbericht_tot(tijd(NU)).to_string(),
    },
    Proef {
        naam: "aantallen_ondergrens",
        strenger: || json!(10),
        ruimer: Some(|| json!(4)),
        blijkt: |b| b.ondergrens().to_string(),
    },
    // A calendar has no stricter side.
    Proef {
        naam: "vrije_dagen",
        strenger: || json!(["2026-11-23", "2026-11-24"]),
        ruimer: None,
        blijkt: |b| b.werkdagen_na(tijd(NU), 1).to_string(),
    },
    Proef { naam: "bevestigen_vanaf", strenger: || json!(3), ruimer: None, blijkt: een_bevestiging },
];

fn beleid(instellingen: Value) -> Result<Beleid, String> {
    let catalogus = samen::catalogus();
    let mut bron = Convenantbron::voorbeeldregio().unwrap();
    bron.instellingen = serde_json::from_value(instellingen).unwrap();
    let bundel = Bundel::genereren(&bron, &catalogus).unwrap();
    Beleid::laden(bundel, Digest::from_bytes([7; 32]), &catalogus).map_err(|e| e.to_string())
}

/// The nation's settings, those that are left out when they are the nation's among them.
fn landelijk() -> Value {
    let mut alle = serde_json::to_value(Instellingen { bevestigen_vanaf: 2, ..Instellingen::default() }).unwrap();
    alle["bevestigen_vanaf"] = json!(1);
    alle
}

fn met(naam: &str, waarde: Value) -> Value {
    let mut alle = landelijk();
    alle[naam] = waarde;
    alle
}

#[test]
fn every_setting_of_a_covenant_does_something() {
    let alle = landelijk();
    let namen: BTreeSet<&str> = alle.as_object().unwrap().keys().map(String::as_str).collect();
    let bewezen: BTreeSet<&str> = PROEVEN.iter().map(|p| p.naam).collect();
    assert_eq!(namen, bewezen, "a setting needs its proof here");
    let natie = beleid(landelijk()).unwrap();
    for proef in PROEVEN {
        let anders = beleid(met(proef.naam, (proef.strenger)())).unwrap_or_else(|e| panic!("{}: {e}", proef.naam));
        assert_ne!((proef.blijkt)(&natie), (proef.blijkt)(&anders), "{} changes nothing", proef.naam);
        // And nothing else: the others show what they showed.
        for ander in PROEVEN.iter().filter(|p| p.naam != proef.naam && proef.naam != "vrije_dagen") {
            assert_eq!((ander.blijkt)(&natie), (ander.blijkt)(&anders), "{} changes {}", proef.naam, ander.naam);
        }
    }
}

#[test]
fn a_region_makes_no_setting_looser() {
    for proef in PROEVEN {
        let Some(ruimer) = proef.ruimer else { continue };
        let fout = beleid(met(proef.naam, ruimer())).map(|_| ()).expect_err(proef.naam);
        assert!(fout.contains(proef.naam) && fout.contains("stricter"), "{}: {fout}", proef.naam);
    }
}

fn labels() -> Labels {
    Labels {
        bericht: BerichtId::parse("0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8a").unwrap(),
        berichttype: Berichttype::parse("nl.inbreng.informatie-antwoord.v1").unwrap(),
        variant: None,
        antwoord_op: None,
        urgentie: Urgentie::Normaal,
        convenant: ConvenantId::parse("voorbeeldregio").unwrap(),
        id: DeelId::parse("0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8b").unwrap(),
        casus: Some(CasusRef::from_bytes([1; 32])),
        eigenaar: oin(50),
        namens: None,
        functie: Code::parse("behandelaar").unwrap(),
        betrokkenen: vec![Betrokkene { persoon: PersoonRef::from_bytes([1; 16]), leeftijdsgroep: Leeftijdsgroep::Volwassen }],
        categorie: Categorie::Hulp,
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

fn verzoek(b: &Beleid, labels: &Labels, toestemmingen: &[Toestemming]) -> Verzoek {
    let catalogus = samen::catalogus();
    let soort = catalogus.soort(&labels.berichttype).unwrap();
    let feiten = Feiten {
        van: Partnertype::Ggz,
        van_oin: oin(50),
        naar: Partnertype::VeiligThuis.into(),
        naar_oin: oin(30),
        van_deelnemer: Deelname::Ja,
        naar_deelnemer: Deelname::Ja,
        regisseur: false,
        toestemmingen: Toestemmingsbron::Register(toestemmingen),
        toestemming_maanden: b.bundel().instellingen.toestemming_maanden,
        ondertekend: Ondertekend::Beide,
        embargo: false,
        scheiding: &[],
        eigenaarsbesluit: Eigenaarsbesluit::Geen,
        bevestigd: true,
        stilgelegd: None,
        genoemd: false,
        wijze: Toegangswijze::Meegeleverd,
        doel: None,
        nu: tijd(NU),
    };
    Verzoek::van_deel(labels, soort, &feiten)
}

/// A yes of six months ago: whether it still carries.
fn een_oud_ja(b: &Beleid) -> String {
    let ja = Toestemming {
        casus: CasusRef::from_bytes([1; 32]),
        persoon: PersoonRef::from_bytes([1; 16]),
        stand: Toestemmingsstand::Gegeven,
        door: Toestemmingsgever::Betrokkene,
        gezag: None,
        incident_op: None,
        eigenaar: oin(50),
        ontvangers: vec![oin(30)],
        categorieen: vec![Categorie::Hulp],
        doelen: vec![Doel::Beoordelen],
        volgnummer: 1,
        vanaf: tijd("2026-05-20T09:00:00.000Z"),
        tot: tijd("2028-05-20T09:00:00.000Z"),
        geregistreerd_door: oin(50),
        bericht: BerichtId::parse("0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8c").unwrap(),
    };
    b.uitkomst(&verzoek(b, &labels(), &[ja])).to_string()
}

/// An organisation that confirmed the second version of the rules: whether that counts.
fn een_bevestiging(b: &Beleid) -> String {
    let las = [Bevestiging { convenant: b.bundel().convenant.clone(), versie: 2 }];
    let bevestigd = b.is_bevestigd(&samen::getekend(b, &[]), oin(30), &las, tijd(NU));
    let v = Verzoek { bevestigd: bevestigd.into(), ..antwoord() };
    b.uitkomst(&v).to_string()
}

fn antwoord() -> Verzoek {
    let tabel = samen::tabellen().into_iter().find(|(n, _)| n == "R06.toml").unwrap().1;
    let v = inbreng_policy::Tabel::lezen(&tabel).unwrap().gevallen[0].verzoek.clone();
    Verzoek { categorie: Categorie::Hulp, nu: Some(tijd(NU)), ..v }
}

fn noodopening() -> Verzoek {
    Verzoek {
        soort: TypeNaam::parse("noodopening").unwrap(),
        categorie: Categorie::Medisch,
        doel: Doel::Verantwoording,
        noodbesluit: JaNee::Ja,
        ..antwoord()
    }
}

/// By when a duty of this decision must be met.
fn plicht(b: &Beleid, v: &Verzoek, soort: &str) -> String {
    let besluit = b.beslissen(v, &NAMEN);
    let uiterlijk: Vec<_> =
        besluit.verplichtingen.iter().filter(|p| p.soort.as_str() == soort).map(|p| p.uiterlijk.unwrap().to_string()).collect();
    assert!(!uiterlijk.is_empty(), "{soort}: {besluit:?}");
    uiterlijk.join(" ")
}
