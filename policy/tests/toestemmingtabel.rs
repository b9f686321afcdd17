//! What was said about consent for a minor, and what a withdrawal takes back, and what of it counts: tables of their own, since a
//! decision only reads the outcome (R11, R26).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use inbreng_domain::{
    BerichtId, Berichttype, CasusRef, Code, ConvenantId, Datum, DeelId, Labels, Oin, PersoonRef, Tijdstip, Toestemming,
    part::Betrokkene,
    vocabulary::{
        Categorie, Doel, Gezag, Grondslag, JaNee, Leeftijdsgroep, Noodzaak, Toestemmingsgever, Toestemmingsstand, Urgentie,
    },
};
use inbreng_policy::toestemming;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tabel {
    geval: Vec<Geval>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Geval {
    naam: String,
    leeftijd: Leeftijdsgroep,
    gezegd: Vec<Gezegd>,
    verwacht: Toestemmingsstand,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Gezegd {
    stand: Toestemmingsstand,
    door: Toestemmingsgever,
    gezag: Option<Gezag>,
    incident_op: Option<Datum>,
    /// The registrar, where it is another than of the rest.
    bij: Option<u8>,
}

fn oin(nn: u8) -> Oin {
    Oin::parse(&format!("{:020}", 1_000_000_000_000u64 + u64::from(nn))).unwrap()
}

fn tijd(t: &str) -> Tijdstip {
    Tijdstip::parse(t).unwrap()
}

impl Geval {
    fn register(&self) -> Vec<Toestemming> {
        let een = |(nummer, gezegd): (u32, &Gezegd)| Toestemming {
            casus: CasusRef::from_bytes([1; 32]),
            persoon: PersoonRef::from_bytes([1; 16]),
            stand: gezegd.stand,
            door: gezegd.door,
            gezag: gezegd.gezag,
            incident_op: gezegd.incident_op,
            eigenaar: oin(50),
            ontvangers: vec![oin(30)],
            categorieen: vec![Categorie::Kind],
            doelen: vec![Doel::HulpStarten],
            volgnummer: nummer,
            vanaf: tijd("2026-11-12T09:00:00.000Z"),
            tot: tijd("2027-11-12T09:00:00.000Z"),
            geregistreerd_door: oin(gezegd.bij.unwrap_or(50)),
            bericht: BerichtId::parse(&format!("0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b{nummer:02x}")).unwrap(),
        };
        (1..).zip(&self.gezegd).map(een).collect()
    }
}

#[test]
fn what_was_said_for_a_minor_counts_as_the_table_says() {
    let tabel: Tabel = toml::from_str(include_str!("../tables/toestemming/R26.toml")).unwrap();
    let casus = CasusRef::from_bytes([1; 32]);
    let vraag = toestemming::Vraag {
        casus: Some(&casus),
        eigenaar: oin(50),
        ontvanger: oin(30),
        categorie: Categorie::Kind,
        doel: Doel::HulpStarten,
        nu: tijd("2026-11-22T12:00:00.000Z"),
        maanden: 12,
    };
    let mut wrong = Vec::new();
    for geval in &tabel.geval {
        let register = geval.register();
        let over = [Betrokkene { persoon: PersoonRef::from_bytes([1; 16]), leeftijdsgroep: geval.leeftijd }];
        let mut omgekeerd = register.clone();
        omgekeerd.reverse();
        for register in [register, omgekeerd] {
            let stand = toestemming::stand(&register, &over, &vraag);
            if stand != geval.verwacht {
                wrong.push(format!("{}: {stand}, expected {}", geval.naam, geval.verwacht));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(tabel.geval.len() >= 30);
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Intrekkingstabel {
    geval: Vec<Intrekkingsgeval>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Intrekkingsgeval {
    naam: String,
    gezegd: Vec<Uitspraak>,
    gevraagd: Gevraagd,
    raakt: bool,
    verwacht: Toestemmingsstand,
}

/// What is left out is the whole, by the first person, for and with the first organisation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Uitspraak {
    stand: Toestemmingsstand,
    persoon: Option<u8>,
    eigenaar: Option<u8>,
    bij: Option<u8>,
    ontvangers: Option<Vec<u8>>,
    categorieen: Option<Vec<Categorie>>,
    doelen: Option<Vec<Doel>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Gevraagd {
    ontvanger: u8,
    categorie: Categorie,
    doel: Doel,
}

impl Intrekkingsgeval {
    fn register(&self) -> Vec<Toestemming> {
        let een = |(nummer, u): (u32, &Uitspraak)| Toestemming {
            casus: CasusRef::from_bytes([1; 32]),
            persoon: PersoonRef::from_bytes([u.persoon.unwrap_or(1); 16]),
            stand: u.stand,
            door: Toestemmingsgever::Betrokkene,
            gezag: None,
            incident_op: None,
            eigenaar: oin(u.eigenaar.unwrap_or(50)),
            ontvangers: u.ontvangers.clone().unwrap_or_else(|| vec![30, 10]).into_iter().map(oin).collect(),
            categorieen: u.categorieen.clone().unwrap_or_else(|| vec![Categorie::Medisch, Categorie::Hulp]),
            doelen: u.doelen.clone().unwrap_or_else(|| vec![Doel::Analyse, Doel::Plan]),
            volgnummer: nummer,
            vanaf: tijd("2026-11-12T09:00:00.000Z"),
            tot: tijd("2027-11-12T09:00:00.000Z"),
            geregistreerd_door: oin(u.bij.unwrap_or(50)),
            bericht: BerichtId::parse(&format!("0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b{nummer:02x}")).unwrap(),
        };
        (1..).zip(&self.gezegd).map(een).collect()
    }
}

/// A part of the first organisation about the first person.
fn labels(categorie: Categorie, doel: Doel, grondslagen: &[Grondslag]) -> Labels {
    Labels {
        bericht: BerichtId::parse("0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b00").unwrap(),
        berichttype: Berichttype::parse("nl.inbreng.inbreng-casusoverleg.v1").unwrap(),
        variant: None,
        antwoord_op: None,
        urgentie: Urgentie::Normaal,
        convenant: ConvenantId::parse("voorbeeldregio").unwrap(),
        id: DeelId::parse("0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7bff").unwrap(),
        casus: Some(CasusRef::from_bytes([1; 32])),
        eigenaar: oin(50),
        namens: None,
        functie: Code::parse("behandelaar").unwrap(),
        betrokkenen: vec![Betrokkene { persoon: PersoonRef::from_bytes([1; 16]), leeftijdsgroep: Leeftijdsgroep::Volwassen }],
        categorie,
        status: None,
        waargenomen_op: None,
        doel,
        grondslagen: grondslagen.to_vec(),
        noodbesluit: JaNee::Nee,
        noodzaak: Noodzaak::Toegelicht,
        afgeschermd: JaNee::Nee,
        briefing: JaNee::Nee,
        overlegdeel: None,
    }
}

/// Exactly what a withdrawal names is taken back (R11): who holds a part that it does not name has what it had before.
#[test]
fn a_withdrawal_takes_back_what_it_names_and_no_more() {
    let tabel: Intrekkingstabel = toml::from_str(include_str!("../tables/toestemming/R11.toml")).unwrap();
    let casus = CasusRef::from_bytes([1; 32]);
    let mut wrong = Vec::new();
    for geval in &tabel.geval {
        let Gevraagd { ontvanger, categorie, doel } = geval.gevraagd;
        let vraag = toestemming::Vraag {
            casus: Some(&casus),
            eigenaar: oin(50),
            ontvanger: oin(ontvanger),
            categorie,
            doel,
            nu: tijd("2026-11-22T12:00:00.000Z"),
            maanden: 12,
        };
        let register = geval.register();
        let deel = labels(categorie, doel, &[Grondslag::Convenant, Grondslag::Toestemming]);
        let (intrekking, eerder) = register.split_last().unwrap();
        assert_eq!(intrekking.stand, Toestemmingsstand::Ingetrokken, "{}", geval.naam);
        let stand = |register: &[Toestemming]| toestemming::stand(register, &deel.betrokkenen, &vraag);
        let raakt = |deel: &Labels| toestemming::trekt_in(intrekking, &[], deel, (oin(ontvanger), doel));
        let gevonden = (raakt(&deel), stand(&register));
        if gevonden != (geval.raakt, geval.verwacht) {
            wrong.push(format!("{}: {gevonden:?}", geval.naam));
        }
        // The two agree: what is not named is as it was, and what is named is no yes.
        if !geval.raakt {
            assert_eq!(stand(eerder), geval.verwacht, "{}: it stands", geval.naam);
        }
        assert!(!geval.raakt || geval.verwacht != Toestemmingsstand::Gegeven, "{}", geval.naam);
        assert!(!raakt(&labels(categorie, doel, &[Grondslag::Convenant])), "{}: consent is no ground of it", geval.naam);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(tabel.geval.len() >= 18);
}

/// In cases that are joined a person has a reference in each (58).
#[test]
fn who_withdrew_counts_by_every_reference() {
    let tabel: Intrekkingstabel = toml::from_str(include_str!("../tables/toestemming/R11.toml")).unwrap();
    let register = tabel.geval[0].register();
    let intrekking = Toestemming { persoon: PersoonRef::from_bytes([9; 16]), ..register[1].clone() };
    let paar = |n| [PersoonRef::from_bytes([9; 16]), PersoonRef::from_bytes([n; 16])];
    let deel = labels(Categorie::Medisch, Doel::Analyse, &[Grondslag::Toestemming]);
    let raakt = |paren: &[[PersoonRef; 2]]| toestemming::trekt_in(&intrekking, paren, &deel, (oin(30), Doel::Analyse));
    assert!(raakt(&[paar(1)]) && !raakt(&[]) && !raakt(&[paar(2)]));
}
