//! `inbreng policy reference`: every rule with its rows, sentences and cases, made from what the engine itself decides with, so
//! that the page cannot say anything else.

use std::{
    fmt::{Display, Write as _},
    path::{Path, PathBuf},
};

use clap::Args;
use inbreng_domain::{
    RegelId, Uitkomst,
    vocabulary::{Categorie, Doel, Grondslag, Handeling, Ontvangersoort, Partnertype},
};
use inbreng_policy::{Bundel, KOLOMMEN, Rij, Stap, Tabel, Woordenboek};

use super::{Afloop, Fout, Versiekeuze, catalogus, rijtekst, tekst::afdrukken, woordenboek};

/// What is written.
#[derive(Debug, Args)]
pub struct Opties {
    #[command(flatten)]
    versie: Versiekeuze,
    /// De map met beslistabellen; hun gevallen staan dan bij de regel als voorbeeld.
    #[arg(long, value_name = "MAP")]
    tabellen: Option<PathBuf>,
    /// Waarheen; zonder deze optie: het scherm.
    #[arg(long, value_name = "BESTAND")]
    uit: Option<PathBuf>,
}

/// Writes the page.
pub fn run(opties: &Opties) -> Result<Afloop, Fout> {
    let catalogus = catalogus()?;
    let versie = opties.versie.vinden(&catalogus)?;
    let gevallen = match &opties.tabellen {
        Some(map) => gevallen(map)?,
        None => Vec::new(),
    };
    let pagina = pagina(&versie.bundel, &woordenboek()?, &gevallen);
    match &opties.uit {
        None => afdrukken(&pagina)?,
        Some(pad) => std::fs::write(pad, pagina).map_err(|e| {
            Fout::new(format!("{} is niet te schrijven ({e})", pad.display())).herstel("Kies een map waarin u mag schrijven.")
        })?,
    }
    Ok(Afloop::Goed)
}

/// A case of a decision table, as an example of a rule.
#[derive(Debug)]
struct Voorbeeld {
    regel: RegelId,
    naam: String,
    verwacht: &'static str,
}

/// The cases of the tables in a folder, those that name a rule under that rule.
fn gevallen(map: &Path) -> Result<Vec<Voorbeeld>, Fout> {
    let mut bestanden: Vec<PathBuf> =
        std::fs::read_dir(map).map_err(|e| Fout::lezen(map, &e))?.filter_map(|f| f.ok().map(|f| f.path())).collect();
    bestanden.retain(|b| b.extension().is_some_and(|e| e == "toml"));
    bestanden.sort();
    let mut all = Vec::new();
    for bestand in bestanden {
        let tekst = std::fs::read_to_string(&bestand).map_err(|e| Fout::lezen(&bestand, &e))?;
        let tabel = Tabel::lezen(&tekst).map_err(|e| Fout::beleid(&bestand.display().to_string(), &e))?;
        all.extend(
            tabel
                .gevallen
                .into_iter()
                .filter_map(|g| g.regel.map(|regel| Voorbeeld { regel, naam: g.naam, verwacht: g.verwacht.as_str() })),
        );
    }
    Ok(all)
}

fn pagina(bundel: &Bundel, woorden: &Woordenboek, gevallen: &[Voorbeeld]) -> String {
    let mut uit = String::from(
        "# Alle regels\n\n\
         <!-- Gemaakt door `inbreng policy reference`. Verander deze pagina niet met de hand: een test vergelijkt haar met de regels\n     \
         waarmee het knooppunt beslist. -->\n\n\
         Op deze pagina staat elke regel, zoals het systeem hem toepast. U ziet per regel:\n\n\
         - wat mensen te lezen krijgen als de regel beslist;\n\
         - wanneer de regel deelt toelaat of tegenhoudt (de rijen);\n\
         - voorbeelden, met wat eruit komt.\n\n\
         Woorden als `politie` of `hulp-starten` zijn vaste woorden. Zij staan onderaan uitgelegd. Hoe u een besluit leest, staat in\n\
         [Een besluit lezen](besluit-lezen.md).\n",
    );
    let _ok = writeln!(uit, "\nDeze pagina gaat over: {} (`{}`, versie {}).", bundel.titel, bundel.convenant, bundel.versie);
    for (regel, naam) in woorden.regels() {
        let _ok = write!(uit, "\n## {regel} {}\n\n{}\n", naam.naam, naam.wat);
        zinnen(&mut uit, bundel, regel);
        rijen(&mut uit, bundel, woorden, regel);
        voorbeelden(&mut uit, gevallen, regel);
    }
    zonder_regel(&mut uit, bundel, woorden);
    woordenlijst(&mut uit, bundel, woorden);
    uit
}

/// What people read when the rule decides.
fn zinnen(uit: &mut String, bundel: &Bundel, regel: RegelId) {
    let mut all: Vec<(String, &inbreng_policy::Zin)> = Vec::new();
    let naam = regel.to_string();
    for uitkomst in Uitkomst::ALL {
        if let Some(zin) = bundel.zinnen.regels.get(&format!("{naam}-{uitkomst}")) {
            all.push((format!("Bij *{uitkomst}*"), zin));
        }
        if let Some(zin) = bundel.zinnen.regels.get(&format!("{naam}-{uitkomst}-medisch")) {
            all.push((format!("Bij *{uitkomst}* van een medisch deel"), zin));
        }
    }
    if let Some(zin) = bundel.zinnen.regels.get(&naam) {
        all.push((if all.is_empty() { "Zin".to_owned() } else { "Anders".to_owned() }, zin));
    }
    if !all.is_empty() {
        uit.push_str("\n**Wat mensen lezen**\n\n");
    }
    for (wanneer, zin) in all {
        let _ok = writeln!(uit, "- {wanneer}, de afzender: \"{}\"", zin.afzender);
        if let Some(ontvanger) = &zin.ontvanger {
            let _ok = writeln!(uit, "- {wanneer}, de ontvanger: \"{ontvanger}\"");
        }
    }
}

/// The rows that express the rule.
fn rijen(uit: &mut String, bundel: &Bundel, woorden: &Woordenboek, regel: RegelId) {
    let own: Vec<&Rij> =
        bundel.rijen.iter().filter(|r| r.regel == Some(regel) || r.verplichtingen.iter().any(|p| p.regel == regel)).collect();
    if own.is_empty() {
        return;
    }
    let _ok = writeln!(uit, "\n**Wanneer** ({})\n", super::tekst::aantal(own.len() as u64, "rij", "rijen"));
    tabel(uit, &own, woorden);
}

/// Rows as a table: what they do, and what they are about.
fn tabel(uit: &mut String, rijen: &[&Rij], woorden: &Woordenboek) {
    uit.push_str(
        "| doet | berichten | gegevens | van → naar | grond, doel, gebruik | als | waarom |\n|---|---|---|---|---|---|---|\n",
    );
    for rij in rijen {
        let mut doet = rijtekst::effect(rij);
        for p in &rij.verplichtingen {
            let _ok = write!(doet, "; plicht {}", rijtekst::plicht(p));
        }
        let cells = [
            doet,
            berichten(rij),
            lijst(&rij.categorieen, Categorie::ALL),
            format!("{} → {}", partijen(&rij.van), partijen(&rij.naar)),
            [lijst(&rij.grondslagen, Grondslag::ALL), lijst(&rij.doelen, Doel::ALL), lijst(&rij.handelingen, Handeling::ALL)]
                .iter()
                .filter(|c| *c != ALLES)
                .cloned()
                .collect::<Vec<_>>()
                .join("; "),
            als(rij),
            format!("{}{}", rij.toelichting.as_ref().map_or_else(String::new, |t| format!("{t}; ")), woorden.laag(rij.laag)),
        ];
        let _ok = writeln!(uit, "| {} |", cells.map(|c| c.replace('|', "/")).join(" | "));
    }
}

const ALLES: &str = "alles";

fn words<T: Display>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A list of words; nearly all of them by what is missing.
fn lijst<T: Display + PartialEq>(genoemd: &[T], alle: &[T]) -> String {
    let missing: Vec<&T> = alle.iter().filter(|w| !genoemd.contains(w)).collect();
    match (genoemd.is_empty() || missing.is_empty(), missing.len()) {
        (true, _) => ALLES.to_owned(),
        (false, 1..=4) if genoemd.len() > 6 => format!("alles behalve {}", words(&missing)),
        _ => words(genoemd),
    }
}

/// Senders or recipients.
fn partijen(genoemd: &[Ontvangersoort]) -> String {
    let partners: Vec<Ontvangersoort> = Partnertype::ALL.iter().map(|p| (*p).into()).collect();
    let missing: Vec<&Ontvangersoort> = partners.iter().filter(|p| !genoemd.contains(p)).collect();
    let person = genoemd.contains(&Ontvangersoort::Betrokkene);
    match (genoemd.is_empty(), missing.len()) {
        (true, _) => "iedereen".to_owned(),
        (false, 0) if person => "iedereen".to_owned(),
        (false, 0) => "alle partners".to_owned(),
        (false, 1..=4) if genoemd.len() > 6 => {
            format!("alle partners behalve {}{}", words(&missing), if person { ", en de betrokkene" } else { "" })
        }
        _ => words(genoemd),
    }
}

fn berichten(rij: &Rij) -> String {
    let mut text = match (rij.soorten.is_empty(), rij.behalve_soorten.is_empty()) {
        (true, true) => ALLES.to_owned(),
        (true, false) => format!("alles behalve {}", words(&rij.behalve_soorten)),
        (false, _) => words(&rij.soorten),
    };
    if !rij.varianten.is_empty() {
        let _ok = write!(text, " (alleen {})", words(&rij.varianten));
    }
    if !rij.behalve_varianten.is_empty() {
        let _ok = write!(text, " (behalve {})", words(&rij.behalve_varianten));
    }
    text
}

/// Its conditions.
fn als(rij: &Rij) -> String {
    let cells = KOLOMMEN.iter().zip(rij.cellen());
    let mut all: Vec<String> = cells.filter(|(k, cel)| **k == "voorwaarden" && !cel.is_empty()).map(|(_, cel)| cel).collect();
    all.extend(rij.van_oin.map(|oin| format!("van {oin}")));
    all.extend(rij.naar_oin.map(|oin| format!("naar {oin}")));
    if rij.wijkt_voor_nood {
        all.push("niet bij een noodbesluit".to_owned());
    }
    all.join("; ")
}

fn voorbeelden(uit: &mut String, gevallen: &[Voorbeeld], regel: RegelId) {
    let own: Vec<&Voorbeeld> = gevallen.iter().filter(|g| g.regel == regel).collect();
    if own.is_empty() {
        return;
    }
    uit.push_str("\n**Voorbeelden** (elk wordt bij elke verandering nagerekend)\n\n");
    for geval in own {
        let _ok = writeln!(uit, "- {}: *{}*", geval.naam, geval.verwacht);
    }
}

/// Rows that express no rule of their own, and what a step answers when no row allows.
fn zonder_regel(uit: &mut String, bundel: &Bundel, woorden: &Woordenboek) {
    uit.push_str(
        "\n## Als geen enkele rij iets toelaat\n\nWat niet is toegelaten, mag niet. Elke stap heeft dan zijn eigen antwoord:\n\n",
    );
    uit.push_str("| stap | grond of gebruik | regel | antwoord |\n|---|---|---|---|\n");
    for s in &bundel.standaarden {
        let naam = woorden.stap(s.stap).map_or(s.stap.as_str(), |n| &n.naam);
        let waarbij: Vec<String> =
            s.grondslag.iter().map(ToString::to_string).chain(s.handeling.iter().map(ToString::to_string)).collect();
        let _ok = writeln!(uit, "| {naam} | {} | {} | {} |", waarbij.join(", "), s.regel, Uitkomst::from(s.uitkomst));
    }
    uit.push_str("\n## Rijen zonder eigen regel\n\nDeze rijen laten een stap door als geen andere rij tegenhoudt.\n");
    for stap in Stap::ALL {
        let own: Vec<&Rij> =
            bundel.rijen.iter().filter(|r| r.stap == stap && r.regel.is_none() && r.verplichtingen.is_empty()).collect();
        if !own.is_empty() {
            let _ok = writeln!(uit, "\n**{}**\n", woorden.stap(stap).map_or(stap.as_str(), |n| &n.naam));
            tabel(uit, &own, woorden);
        }
    }
}

/// The words of the closed lists.
fn woordenlijst(uit: &mut String, bundel: &Bundel, woorden: &Woordenboek) {
    uit.push_str("\n## Vaste woorden\n");
    let mut lijst = |kop: &str, lijst: &str, alle: Vec<String>| {
        let _ok = write!(uit, "\n**{kop}**\n\n| woord | betekenis |\n|---|---|\n");
        for woord in alle {
            let betekenis = bundel.zinnen.woorden.get(&format!("{lijst}-{woord}")).map_or("", String::as_str);
            let _ok = writeln!(uit, "| `{woord}` | {betekenis} |");
        }
    };
    fn all<T: Display>(words: &[T]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }
    lijst("Organisaties", "ontvanger", all(Ontvangersoort::ALL));
    lijst("Soorten gegevens", "categorie", all(Categorie::ALL));
    lijst("Doelen", "doel", all(Doel::ALL));
    lijst("Gronden", "grond", all(Grondslag::ALL));
    uit.push_str("\n**Plichten**\n\n| woord | betekenis |\n|---|---|\n");
    let mut plichten: Vec<_> = bundel.rijen.iter().flat_map(|r| &r.verplichtingen).map(|p| &p.soort).collect();
    plichten.sort();
    plichten.dedup();
    for plicht in plichten {
        let _ok = writeln!(uit, "| `{plicht}` | {} |", woorden.plicht(plicht).unwrap_or_default());
    }
}
