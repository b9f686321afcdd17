//! What is fuzzed of an adapter: a partner's mapping file, and what the partner's own system posts.

use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

use inbreng_adapter::{
    Config,
    concept::{Afzender, Berichtverwijzing, Casusverwijzing, Deelinhoud, Ontvangen, OntvangenDeel, Vertaling as _},
    eigenaar::{Eigenaarswoord, delen, is_woord, over, stopt},
    mapping::Mapping,
};
use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    BerichtId, Berichttype, Betrokkene, CasusRef, Code, ConvenantId, DeelId, Labels, LeveringId, Oin, PersoonRef, Tijdstip,
    TypeNaam,
    limits::Limits,
    vocabulary::{Categorie, Doel, Grondslag, JaNee, Leeftijdsgroep, Noodzaak, Partnertype, Urgentie},
};
use inbreng_proof::parse_strict;
use serde_json::Value;

static CATALOGUS: LazyLock<Catalogus> = LazyLock::new(|| Catalogus::ingebouwd().expect("the catalogue that is shipped"));

/// The folders of the partners, beside the tests.
fn mappen() -> Vec<PathBuf> {
    let adapters = Path::new(env!("CARGO_MANIFEST_DIR")).join(WORTEL).join("adapters");
    let alle = std::fs::read_dir(adapters).expect("the adapters").map(|m| m.expect("a folder").path());
    let mut alle: Vec<PathBuf> = alle.filter(|m| m.join("mapping.toml").exists()).collect();
    alle.sort();
    alle
}

/// From the manifest of whoever includes this file to the root of the checkout.
const WORTEL: &str = "../..";

/// Every mapping file that is shipped.
pub fn bestanden() -> Vec<Vec<u8>> {
    mappen().iter().map(|m| std::fs::read(m.join("mapping.toml")).expect("a mapping")).collect()
}

/// Every message that stands beside them.
pub fn berichten() -> Vec<Vec<u8>> {
    let mut open: Vec<PathBuf> = mappen().iter().map(|m| m.join("fixtures")).filter(|m| m.exists()).collect();
    let mut gevonden = Vec::new();
    while let Some(map) = open.pop() {
        for pad in std::fs::read_dir(map).expect("fixtures").map(|p| p.expect("a fixture").path()) {
            if pad.is_dir() {
                open.push(pad);
            } else {
                gevonden.push(std::fs::read(pad).expect("a fixture"));
            }
        }
    }
    gevonden.sort();
    gevonden
}

/// The mappings, each with the paths that its own system posts on.
static MAPPINGS: LazyLock<Vec<(Mapping, Vec<String>)>> = LazyLock::new(|| {
    let lezen = |bytes: Vec<u8>| {
        let tekst = String::from_utf8(bytes).expect("TOML is text");
        let mapping = Mapping::lezen(&tekst).expect("a mapping that is shipped");
        let toml: toml::Table = tekst.parse().expect("TOML");
        let regels = toml.get("uitgaand").and_then(toml::Value::as_array).cloned().unwrap_or_default();
        let paden = regels.iter().filter_map(|r| r.get("pad")?.as_str().map(str::to_owned)).collect();
        (mapping, paden)
    };
    bestanden().into_iter().map(lezen).collect()
});

/// A mapping file: refused with its place, or one that the catalogue judges.
pub fn mapping(bytes: &[u8]) {
    let Ok(tekst) = std::str::from_utf8(bytes) else { return };
    match Mapping::lezen(tekst) {
        Ok(mapping) => drop(mapping.toetsen(&CATALOGUS)),
        Err(fout) => assert!(!fout.to_string().is_empty()),
    }
}

/// A configuration as an installation has it.
pub const CONFIGURATIE: &str = concat!(
    include_str!("../../adapters/kit/tests/adapter.toml"),
    "[eigen_systeem]\nadres = \"https://systeem.example\"\ngeheim = \"systeem-geheim\"\n"
);

/// A configuration file: unreadable, refused with a reason, or one that listens on this machine alone, hands on over TLS or on this
/// machine, and can open what comes.
pub fn configuratie(bytes: &[u8]) {
    let Ok(tekst) = std::str::from_utf8(bytes) else { return };
    let Ok(config) = toml::from_str::<Config>(tekst) else { return };
    match config.toetsen() {
        Err(fout) => assert!(!fout.to_string().is_empty()),
        Ok(config) => {
            assert!(config.luister.adres.ip().is_loopback() && !config.sleutels.verzegeling.is_empty());
            if let Some(eigen) = &config.eigen_systeem {
                let adres = eigen.adres.trim().to_lowercase();
                let hier = adres.starts_with("http:") && ["127.", "localhost", "::1"].iter().any(|naam| adres.contains(naam));
                assert!(config.inbox.is_none() && (hier || adres.starts_with("https:")), "{adres}");
            }
        }
    }
}

/// A message of the own system, to every path of every partner: refused, or a message that the catalogue's schemas judge.
pub fn eigen_bericht(bytes: &[u8]) {
    let Ok(lichaam) = serde_json::from_slice::<Value>(bytes) else { return };
    for (mapping, paden) in MAPPINGS.iter() {
        for pad in paden {
            let concept = mapping.uitgaand(pad, &lichaam);
            assert_eq!(concept.is_ok(), mapping.uitgaand(pad, &lichaam).is_ok());
            if concept.is_ok() {
                drop(mapping.proef(&CATALOGUS, pad, &lichaam));
            }
        }
    }
}

/// Of every type and category of the catalogue: its name, a statement and a content on a line each, as their schemas show them.
pub fn ontvangsten() -> Vec<Vec<u8>> {
    let voorbeelden = |schema: Option<&Value>| -> Vec<String> {
        let alle = schema.and_then(|s| s.get("examples")).and_then(Value::as_array);
        alle.into_iter().flatten().map(Value::to_string).collect()
    };
    let mut alle = Vec::new();
    for definitie in CATALOGUS.definities() {
        let naam = &definitie.naam;
        let verklaring = voorbeelden(CATALOGUS.verklaringschema(naam)).pop().unwrap_or_else(|| "{}".to_owned());
        for categorie in definitie.categorieen() {
            for inhoud in voorbeelden(CATALOGUS.inhoudschema(naam, categorie)) {
                alle.push(format!("{naam} {categorie}\n{verklaring}\n{inhoud}").into_bytes());
            }
        }
        alle.push(format!("{naam} incident\n{verklaring}\n").into_bytes());
    }
    alle
}

/// What an own system answers to a delivery: its own numbers.
pub const ANTWOORDEN: [&str; 4] = [
    r#"{"kenmerk":"VB-2026-000123","zaak":"Z-17","dossier":{"nummer":"D-4"},"personen":[{"ref":"AAECAwQFBgcICQoLDA0ODw","nummer":"P-1"}]}"#,
    r#"{"id":17,"casus":{"id":"Z-17"},"betrokkenen":[{"persoon":"AAECAwQFBgcICQoLDA0ODw","id":3},null,"x"]}"#,
    "[]",
    "null",
];

/// A delivery with one part, or none, about which the adapter verified everything else.
fn ontvangst(soort: &TypeNaam, verklaring: Value, deel: Option<(Categorie, Value)>) -> Option<Ontvangen> {
    const NUMMER: &str = "0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8a";
    let bericht = BerichtId::parse(NUMMER).ok()?;
    let tijd = Tijdstip::parse("2026-11-22T10:00:00.000Z").ok()?;
    let (oin, casus) =
        (Oin::parse("00000099000000003000").ok()?, CasusRef::parse("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU").ok()?);
    let persoon = PersoonRef::parse("AAECAwQFBgcICQoLDA0ODw").ok()?;
    let deel = match deel {
        None => None,
        Some((categorie, inhoud)) => {
            let labels = Labels {
                bericht,
                berichttype: Berichttype::parse(&format!("nl.inbreng.{soort}.v1")).ok()?,
                variant: None,
                antwoord_op: None,
                urgentie: Urgentie::Normaal,
                convenant: ConvenantId::parse("voorbeeldregio").ok()?,
                id: DeelId::parse(NUMMER).ok()?,
                casus: Some(casus),
                eigenaar: oin,
                namens: None,
                functie: Code::parse("agent-noodhulp").ok()?,
                betrokkenen: vec![Betrokkene { persoon, leeftijdsgroep: Leeftijdsgroep::Volwassen }],
                categorie,
                status: None,
                waargenomen_op: None,
                doel: Doel::Beoordelen,
                grondslagen: vec![Grondslag::WettelijkeTaak],
                noodbesluit: JaNee::Nee,
                noodzaak: Noodzaak::Toegelicht,
                afgeschermd: JaNee::Nee,
                briefing: JaNee::Nee,
                overlegdeel: None,
            };
            Some(OntvangenDeel {
                labels,
                inhoud: Deelinhoud::Open(inhoud),
                gebruik: Vec::new(),
                doel: Some(Doel::Beoordelen),
                toelichting: Some("Nodig voor de beoordeling.".to_owned()),
                genoemd: Some(JaNee::Nee),
                bewaren_tot: None,
                oud_vanaf: None,
                zin: "U krijgt dit om te beoordelen.".to_owned(),
                verplichtingen: Vec::new(),
            })
        }
    };
    let genoemd = Berichtverwijzing { id: bericht, eigen: Some("VB-1".to_owned()) };
    Some(Ontvangen {
        levering: LeveringId::parse(NUMMER).ok()?,
        bericht,
        soort: soort.clone(),
        variant: None,
        urgentie: Urgentie::Normaal,
        tijd,
        aangenomen_op: tijd,
        van: Afzender { oin, naam: "Organisatie politie (test)".to_owned(), partnertype: Partnertype::Politie },
        casus: Some(Casusverwijzing { verwijzing: casus, eigen: None }),
        antwoord_op: Some(genoemd.clone()),
        over: over(&verklaring).map(|id| Berichtverwijzing { id, eigen: None }),
        verklaring,
        delen: deel.into_iter().collect(),
        personen: [(persoon.to_string(), "P-1".to_owned())].into(),
        zin: None,
    })
}

/// A type and category, the statement, and the content of a part, a line each: refused by the catalogue, or one that every mapping takes
/// or refuses alike each time, and in which an owner's word is never refused.
pub fn ontvangen(bytes: &[u8]) {
    let mut regels = bytes.splitn(3, |b| *b == b'\n');
    let kop = regels.next().and_then(|r| std::str::from_utf8(r).ok()?.split_once(' '));
    let (Some((soort, categorie)), Some(verklaring)) = (kop, regels.next()) else { return };
    let (Ok(soort), Ok(categorie)) = (TypeNaam::parse(soort), categorie.parse::<Categorie>()) else { return };
    let strikt = |bytes: &[u8]| parse_strict(bytes, Limits::default().nesting).ok();
    let Some(verklaring) = strikt(verklaring) else { return };
    let (_parts, _about) = (delen(&verklaring), over(&verklaring));
    if CATALOGUS.toets_verklaring(&soort, &verklaring).is_err() {
        return;
    }
    let inhoud = regels.next().filter(|r| !r.is_empty());
    let deel = match inhoud.map(strikt) {
        None => None,
        Some(Some(inhoud)) if CATALOGUS.toets_inhoud(&soort, categorie, &inhoud).is_ok() => Some((categorie, inhoud)),
        Some(_) => return,
    };
    let ontvangen = ontvangst(&soort, verklaring, deel).expect("a delivery");
    assert!(!stopt(&soort) || is_woord(&soort));
    for (mapping, _) in MAPPINGS.iter() {
        let bericht = mapping.inkomend(&ontvangen);
        assert_eq!(bericht, mapping.inkomend(&ontvangen));
        let om = Eigenaarswoord::om(std::sync::Arc::new(mapping.clone()));
        match om.inkomend(&ontvangen) {
            Ok(bericht) => assert!(bericht.pad.starts_with('/') && bericht.lichaam.is_object(), "{}", bericht.pad),
            Err(fout) => assert!(!is_woord(&soort) && !fout.to_string().is_empty(), "an owner's word is refused: {fout}"),
        }
    }
}

/// What an own system answers to a delivery: nothing of it is needed, and what is a number in it is text that is not empty.
pub fn eigen_antwoord(bytes: &[u8]) {
    let antwoord: Value = serde_json::from_slice(bytes).unwrap_or(Value::Null);
    for (mapping, soorten) in INKOMEND.iter() {
        for ontvangen in soorten {
            let nummers = mapping.eigennummers(ontvangen, &antwoord);
            let teksten = nummers.kenmerk.iter().chain(&nummers.casus).chain(nummers.personen.iter().map(|(_, eigen)| eigen));
            for tekst in teksten {
                assert!(!tekst.is_empty(), "a number that is nothing: {antwoord}");
            }
        }
    }
}

/// The mappings with the owner's word around them, each with a delivery of every type that it takes.
static INKOMEND: LazyLock<Vec<(Eigenaarswoord, Vec<Ontvangen>)>> = LazyLock::new(|| {
    let zaden: Vec<Ontvangen> = CATALOGUS
        .definities()
        .filter_map(|d| {
            let schema = CATALOGUS.verklaringschema(&d.naam)?;
            let verklaring = schema.get("examples")?.get(0).cloned().unwrap_or_default();
            ontvangst(&d.naam, verklaring, None)
        })
        .collect();
    let een = |(mapping, _): &(Mapping, Vec<String>)| {
        let om = Eigenaarswoord::om(std::sync::Arc::new(mapping.clone()));
        let neemt = zaden.iter().filter(|o| om.inkomend(o).is_ok()).cloned().collect();
        (om, neemt)
    };
    MAPPINGS.iter().map(een).collect()
});
