//! `docs/partners/berichttypen.md` is made from the catalogue and says what the catalogue says.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test, its helpers included")]

use std::{fmt::Write as _, path::PathBuf};

use inbreng_catalogue::{Bezorgmoment, Catalogus, Deelname, Definitie, Ladder, Reactie, Termijn};
use inbreng_domain::{TypeNaam, vocabulary::Gebruik};

/// Set to write the page anew.
const BIJWERKEN: &str = "INBRENG_BIJWERKEN";

fn in_bron(pad: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(pad)
}

/// A word as it stands in the catalogue's own files.
fn woord<T: serde::Serialize>(waarde: &T) -> String {
    serde_json::to_value(waarde).unwrap().as_str().unwrap().to_owned()
}

fn woorden<T: serde::Serialize>(waarden: &[T]) -> String {
    waarden.iter().map(|w| format!("`{}`", woord(w))).collect::<Vec<_>>().join(", ")
}

fn namen(namen: &[TypeNaam]) -> String {
    namen.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(" of ")
}

/// What stands above the definition in its file: what the hub does with it.
fn kop(d: &Definitie) -> String {
    let tekst = std::fs::read_to_string(in_bron(&format!("types/{}.toml", d.naam))).unwrap();
    tekst
        .lines()
        .skip(1)
        .take_while(|r| r.starts_with('#'))
        .map(|r| r.trim_start_matches(['#', ' ']))
        .collect::<Vec<_>>()
        .join(" ")
}

fn termijn(gewoon: Termijn, acuut: Option<Termijn>) -> String {
    acuut.map_or_else(|| gewoon.to_string(), |a| format!("{gewoon}, acuut {a}"))
}

fn reactie(r: &Reactie) -> String {
    let mut tekst = if r.soorten.is_empty() { "gelezen".to_owned() } else { namen(&r.soorten) };
    if let Some(stand) = &r.stand {
        write!(tekst, " ({stand})").unwrap();
    }
    write!(tekst, " ≤ {}", termijn(r.termijn, r.acuut)).unwrap();
    for (woord, waarde) in [
        ("vóór", r.voor.clone()),
        ("na", r.vanaf.as_ref().map(ToString::to_string)),
        ("als", r.als.clone()),
        ("variant", r.variant.as_ref().map(ToString::to_string)),
    ] {
        if let Some(waarde) = waarde {
            write!(tekst, ", {woord} `{waarde}`").unwrap();
        }
    }
    tekst
}

fn deelname(wijze: Deelname) -> &'static str {
    match wijze {
        Deelname::Opent => "opent een zaak, of maakt de ontvanger deelnemer",
        Deelname::Vereist => "binnen een zaak",
        Deelname::Geen => "hoort bij geen zaak",
    }
}

fn ladder(l: Ladder) -> &'static str {
    match l {
        Ladder::Geen => "geen",
        Ladder::Std => "gewoon",
        Ladder::Acuut => "acuut",
        Ladder::StdOfAcuut => "gewoon, of acuut bij een acuut bericht",
        Ladder::StdVanafKetenregie => "gewoon, vanaf de ketenregie",
        Ladder::Afzender => "alleen de afzender hoort het",
    }
}

fn gronden(d: &Definitie) -> String {
    let mut regels = Vec::new();
    for r in &d.delen.regels {
        let mut tekst = format!("{} op {}", woorden(&r.categorieen), woorden(&r.grondslagen));
        if !r.van.is_empty() {
            write!(tekst, ", van {}", woorden(&r.van)).unwrap();
        }
        if !r.naar.is_empty() {
            write!(tekst, ", naar {}", woorden(&r.naar)).unwrap();
        }
        if !r.varianten.is_empty() {
            write!(tekst, ", variant {}", woorden(&r.varianten)).unwrap();
        }
        if r.noodzaak_toelichten {
            tekst.push_str("; leg uit waarom");
        }
        regels.push(format!("  - {tekst}"));
    }
    regels.join("\n")
}

fn hoofdstuk(d: &Definitie) -> String {
    let mut uit = format!("## {} · {}\n\n`nl.inbreng.{}.v{}` {}", d.nummer, d.titel, d.naam, d.versie, d.omschrijving);
    let kop = kop(d);
    if !kop.is_empty() {
        write!(uit, "\n{kop}").unwrap();
    }
    write!(uit, "\n\n- van {}, naar {}\n- doel {}", woorden(&d.van), woorden(&d.naar), woorden(&d.doelen)).unwrap();
    let buiten = if d.bevraagt_buiten { "; de gevraagde hoeft niet mee te doen" } else { "" };
    write!(uit, "\n- {}{buiten}", deelname(d.deelname)).unwrap();
    for v in &d.varianten {
        let eigen = v.deelname.map_or_else(String::new, |w| format!(" ({})", deelname(w)));
        write!(uit, "\n- variant `{}`: {}{eigen}", v.code, v.omschrijving).unwrap();
    }
    let delen = &d.delen;
    write!(uit, "\n- {} tot {} delen, elk hoogstens {} bytes", delen.minimaal, delen.maximaal, delen.grootste_inhoud).unwrap();
    write!(uit, "\n- gegevens en gronden:\n{}", gronden(d)).unwrap();
    let dossier = if d.toegang.gebruik.contains(&Gebruik::Dossier) { ", mag in het dossier" } else { ", niet in het dossier" };
    write!(uit, "\n- sleutel `{}`{dossier}", woord(&d.toegang.wijze)).unwrap();
    if !d.antwoord_op.is_empty() {
        write!(uit, "\n- antwoord op {}", namen(&d.antwoord_op)).unwrap();
    }
    for m in &d.verzenden {
        let (woord, datum) = m.voor.as_ref().map_or(("na", m.na.as_ref()), |v| ("vóór", Some(v)));
        let als = m.als.as_ref().map_or_else(String::new, |als| format!(", als `{als}`"));
        let hoe = if woord == "na" { "hoogstens" } else { "minstens" };
        write!(uit, "\n- verzonden {hoe} {} {woord} `{}`{als}", termijn(m.termijn, m.acuut), datum.unwrap()).unwrap();
    }
    if let Some(Bezorgmoment::VolgendeSchooldag08) = d.bezorgen {
        uit.push_str("\n- bezorgd voor 08:00 van de volgende schooldag");
    }
    for r in &d.reacties {
        write!(uit, "\n- reactie: {}", reactie(r)).unwrap();
    }
    write!(uit, "\n- ladder: {}\n- bronnen: {}\n", ladder(d.ladder), d.bronnen.join("; ")).unwrap();
    uit
}

fn pagina(catalogus: &Catalogus) -> String {
    let mut definities: Vec<&Definitie> = catalogus.definities().collect();
    definities.sort_by_key(|d| d.nummer);
    let mut uit = "# Berichttypen\n\nMade from the catalogue (`broker/catalogue/types`); a test holds it. Words such as `vrager` (who asked), `houder` (who \
                   received the message referred to), `eigenaar` (who sent it) and `deelnemer` are resolved against the case. What \
                   really may be shared is decided per part, recipient and moment: [the privacy rules](../privacy/README.md). Schemas: \
                   `broker/catalogue/schemas/<type>.verklaring.json` (open) and `.inhoud.json` (sealed), each with examples. A term `wd` is \
                   a working day, `u` an hour; it runs from acceptance.\n\n| | type | van | naar |\n|---|---|---|---|\n"
        .to_owned();
    for d in &definities {
        writeln!(uit, "| {} | `{}` | {} | {} |", d.nummer, d.naam, woorden(&d.van), woorden(&d.naar)).unwrap();
    }
    for d in definities {
        write!(uit, "\n{}", hoofdstuk(d)).unwrap();
    }
    uit
}

#[test]
fn the_page_says_what_the_catalogue_says() {
    let pad = in_bron("../../docs/partners/berichttypen.md");
    let verwacht = pagina(&Catalogus::ingebouwd().unwrap());
    if std::env::var_os(BIJWERKEN).is_some() {
        std::fs::write(&pad, &verwacht).unwrap();
    }
    let staat_er = std::fs::read_to_string(&pad).unwrap_or_default();
    let anders = verwacht.lines().zip(staat_er.lines()).find(|(a, b)| a != b);
    assert!(
        staat_er == verwacht,
        "the catalogue changed ({anders:?}): run this test with {BIJWERKEN}=1 and look at what differs"
    );
}
