//! What was said about consent for a minor, and what of it counts: a table of its own, since a decision only reads the outcome (R26).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use inbreng_domain::{
    BerichtId, CasusRef, Datum, Oin, PersoonRef, Tijdstip, Toestemming,
    part::Betrokkene,
    vocabulary::{Categorie, Doel, Gezag, Leeftijdsgroep, Toestemmingsgever, Toestemmingsstand},
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
