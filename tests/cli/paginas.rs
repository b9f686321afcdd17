//! The pages for privacy officers: every command in them is run, and what it prints is what the page shows; the page with all
//! rules is what the engine makes of itself. With `INBRENG_BIJWERKEN=1` the pages are written instead of compared.

use std::{fmt::Write as _, path::PathBuf};

use crate::{inbreng, wortel};

fn map() -> PathBuf {
    wortel().join("docs/privacy-officers")
}

fn bijwerken() -> bool {
    std::env::var_os("INBRENG_BIJWERKEN").is_some()
}

const HERSTEL: &str = "INBRENG_BIJWERKEN=1 cargo nextest run -p inbreng --test cli paginas";

/// The words of a command line: quotes are not used in these pages.
fn argumenten(opdracht: &str) -> Vec<&str> {
    let mut woorden = opdracht.split_whitespace().filter(|w| *w != "\\");
    assert_eq!((woorden.next(), woorden.next()), (Some("$"), Some("inbreng")), "{opdracht}");
    woorden.collect()
}

/// Numbers of rows and the mark of a version move with every row that is added elsewhere; they are not what the page shows.
fn vast(tekst: &str) -> String {
    let mut uit = String::new();
    for regel in tekst.lines() {
        let mut rest = regel;
        while let Some((voor, na)) = rest.split_once("rij ") {
            let _ok = write!(uit, "{voor}rij ");
            rest = na.trim_start_matches(|c: char| c.is_ascii_digit());
        }
        let rest = rest.find("sha-256:").map_or(rest, |n| &rest[..n + "sha-256:".len()]);
        uit.push_str(rest);
        uit.push(' ');
    }
    // Where a line breaks depends on the numbers.
    uit.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The page with the output of every command filled in.
fn ingevuld(pagina: &str) -> String {
    let mut uit = String::new();
    let mut regels = pagina.lines().peekable();
    let mut opdrachten = 0;
    while let Some(regel) = regels.next() {
        uit.push_str(regel);
        uit.push('\n');
        if regel != "```" || !regels.peek().is_some_and(|r| r.starts_with("$ inbreng ")) {
            continue;
        }
        let mut opdracht = String::new();
        for deel in regels.by_ref() {
            opdracht.push_str(deel);
            opdracht.push('\n');
            if !deel.ends_with('\\') {
                break;
            }
        }
        let shown = inbreng(&argumenten(&opdracht));
        assert!(shown.status() < 2, "{opdracht}{}", shown.klacht());
        uit.push_str(&opdracht);
        uit.push_str(&shown.tekst());
        for _old in regels.by_ref().take_while(|r| *r != "```") {}
        uit.push_str("```\n");
        opdrachten += 1;
    }
    assert!(opdrachten > 0, "no command in this page");
    uit
}

fn vergelijken(naam: &str) {
    let pad = map().join(naam);
    let pagina = std::fs::read_to_string(&pad).unwrap();
    let ingevuld = ingevuld(&pagina);
    if bijwerken() {
        std::fs::write(&pad, ingevuld).unwrap();
        return;
    }
    assert_eq!(vast(&pagina), vast(&ingevuld), "{naam} shows something else than the commands print; mend: {HERSTEL}");
}

#[test]
fn reading_a_decision() {
    vergelijken("besluit-lezen.md");
}

#[test]
fn an_example_of_every_ground() {
    vergelijken("gronden.md");
    let pagina = std::fs::read_to_string(map().join("gronden.md")).unwrap();
    for grond in inbreng_domain::vocabulary::Grondslag::ALL {
        assert!(pagina.contains(&format!("--grondslag {grond}")), "{grond} has no example");
    }
    // The page promises one that may and one that may not.
    assert!(pagina.matches("Besluit: toestaan").count() >= 6, "{}", pagina.matches("Besluit: toestaan").count());
    assert!(pagina.matches("Besluit: weigeren").count() + pagina.matches("Besluit: vragen").count() >= 6);
}

#[test]
fn joining_and_leaving() {
    vergelijken("partijen.md");
}

/// A command that a page cannot run, since it needs what a hub holds, exists with every option that the page gives it.
#[test]
fn a_command_that_is_only_shown_exists() {
    let mut opdrachten = 0;
    for pad in std::fs::read_dir(map()).unwrap().map(|f| f.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "md")) {
        let pagina = std::fs::read_to_string(&pad).unwrap();
        for opdracht in pagina.lines().filter(|r| r.starts_with("inbreng ")) {
            let woorden: Vec<&str> = opdracht.split_whitespace().skip(1).collect();
            let opties = woorden.iter().position(|w| w.starts_with("--")).unwrap_or(woorden.len());
            let hulp = inbreng(&[&woorden[..opties.min(2)], &["--help"][..]].concat()).goed();
            for optie in woorden[opties..].iter().filter(|w| w.starts_with("--")) {
                assert!(hulp.contains(optie), "{}: {opdracht}: no {optie}", pad.display());
            }
            opdrachten += 1;
        }
    }
    assert!(opdrachten >= 3, "{opdrachten}");
}

#[test]
fn changing_a_rule() {
    vergelijken("regel-veranderen.md");
    // The draft is the example region of today, with one row more.
    let [bron, concept] = ["policy/convenanten/voorbeeldregio.toml", "docs/privacy-officers/voorbeeld/concept.toml"]
        .map(|p| std::fs::read_to_string(wortel().join(p)).unwrap().parse::<toml::Table>().unwrap());
    let mut verwacht = bron.clone();
    verwacht.insert("versie".to_owned(), toml::Value::Integer(bron["versie"].as_integer().unwrap() + 1));
    let mut gelijk = concept.clone();
    let rij = gelijk.get_mut("rijen").unwrap().as_array_mut().unwrap().pop().unwrap();
    if gelijk["rijen"].as_array().unwrap().is_empty() {
        gelijk.remove("rijen");
    }
    assert_eq!(gelijk, verwacht, "mend docs/privacy-officers/voorbeeld/concept.toml");
    // The row in the page is the row in the file.
    let pagina = std::fs::read_to_string(map().join("regel-veranderen.md")).unwrap();
    let blok = pagina.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(blok.parse::<toml::Table>().unwrap()["rijen"][0], rij);
}

#[test]
fn the_page_with_all_rules_is_made_from_the_engine() {
    let gemaakt = inbreng(&["policy", "reference", "--tabellen", "policy/tables"]).goed();
    let pad = map().join("regels.md");
    if bijwerken() {
        std::fs::write(&pad, &gemaakt).unwrap();
    }
    let geschreven = std::fs::read_to_string(&pad).unwrap_or_default();
    for regel in 1..=44 {
        assert!(gemaakt.contains(&format!("\n## R{regel} ")), "R{regel} is not in the page");
    }
    let anders = geschreven.lines().zip(gemaakt.lines()).enumerate().find(|(_, (a, b))| a != b);
    assert!(
        geschreven == gemaakt,
        "regels.md is not of today's rules, from line {:?}; mend: {HERSTEL}",
        anders.map(|(n, _)| n + 1)
    );
}

/// No English and no jargon of programmers where a privacy officer reads. Codes and commands are code.
#[test]
fn the_pages_are_in_plain_dutch() {
    const NIET: [&str; 22] = [
        "default", "token", "hash", "digest", "endpoint", "request", "response", "policy", "bundle", "payload", "scope", "cache",
        "engine", "update", "release", "commit", "template", "output", "input", "json", "toml", "draft",
    ];
    for naam in ["README.md", "besluit-lezen.md", "gronden.md", "partijen.md", "regel-veranderen.md", "regels.md"] {
        let pagina = std::fs::read_to_string(map().join(naam)).unwrap();
        let mut code = false;
        for (nummer, regel) in (1..).zip(pagina.lines()) {
            if regel.starts_with("```") {
                code = !code;
            }
            if code || regel.starts_with("<!--") || regel.starts_with("     ") {
                continue;
            }
            // What stands between backticks, or where a link leads, is code.
            let proza: String = regel.split('`').step_by(2).collect::<Vec<_>>().join(" ");
            let proza: String = proza
                .split("](")
                .enumerate()
                .map(|(n, d)| if n == 0 { d } else { d.split_once(')').map_or("", |(_, r)| r) })
                .collect::<Vec<_>>()
                .join(" ");
            for woord in proza.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase) {
                assert!(!NIET.contains(&woord.as_str()), "{naam}:{nummer} says {woord}");
            }
            if naam == "regels.md" {
                continue;
            }
            for zin in proza.split(['.', '?', '!', ':']) {
                let lang = zin.split_whitespace().count();
                assert!(lang <= 24, "{naam}:{nummer} has a sentence of {lang} words on one line: {zin}");
            }
        }
    }
}
