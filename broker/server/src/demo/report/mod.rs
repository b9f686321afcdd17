//! The night as one page: the same story as on the terminal, with a picture of who sent what to whom. It is one file that
//! needs nothing else: no script, no font, no picture from elsewhere.

mod lanes;

use std::collections::BTreeMap;
use std::time::Duration;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;

use super::balance::{Balance, Counted};
use super::layout::{self, DEELNEMERS};
use super::play::Verdict;
use super::timeline::{Entry, Route};

/// Its style.
const STYLE: &str = include_str!("style.css");

/// What the report is about.
#[derive(Debug)]
pub struct Night<'a> {
    /// When it was played (RFC 3339).
    pub when: &'a str,
    /// How long it took.
    pub took: Duration,
    /// How each scene ended.
    pub verdicts: &'a [Verdict],
    /// The counts.
    pub balance: &'a Balance,
    /// Whether all of it held.
    pub ok: bool,
}

/// A scene, or what came before and after the scenes.
#[derive(Debug, Default)]
struct Section {
    title: String,
    events: Vec<Event>,
    verdicts: Vec<(bool, String)>,
}

/// An event with what was decided on it.
#[derive(Debug)]
struct Event {
    at: Duration,
    who: String,
    what: String,
    took: Duration,
    routes: Vec<Route>,
    because: Vec<(String, String, String)>,
}

/// The whole page.
pub fn page(night: &Night<'_>, told: &[Entry]) -> String {
    let sections = sections(told);
    html! {
        (DOCTYPE)
        html lang="nl" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Inbreng: een nacht in de Voorbeeldregio" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { "Een nacht in de Voorbeeldregio" }
                    p {
                        "Gespeeld op " time datetime=(night.when) { (night.when.get(..16).unwrap_or(night.when).replace('T', " ")) " UTC" } ", in " (seconds(night.took)) ". "
                        "Elke organisatie had een eigen systeem en een eigen adapter; het knooppunt bracht over wat mocht en "
                        "kon er niets van lezen. Alle personen zijn verzonnen."
                    }
                    p.verdict.good[night.ok].wrong[!night.ok] {
                        @if night.ok { "✓ Alles wat deze nacht beweert, is nagegaan en klopt." }
                        @else { "✗ Niet alles klopt: zie hieronder." }
                    }
                }
                nav aria-label="Scènes" {
                    ol {
                        @for (n, section) in sections.iter().enumerate() { li { a href={ "#deel-" (n) } { (section.title) } } }
                        li { a href="#cijfers" { "De nacht in cijfers" } }
                    }
                }
                main {
                    @for (n, section) in sections.iter().enumerate() { (scene(n, section)) }
                    (figures(night))
                }
                footer { p { "Gemaakt door inbreng demo --report. Groen gaat door, rood wordt geweigerd, oranje wordt aangehouden." } }
            }
        }
    }
    .into_string()
}

fn scene(n: usize, section: &Section) -> Markup {
    html! {
        section id={ "deel-" (n) } {
            h2 { (section.title) }
            @for (held, claim) in &section.verdicts {
                p.verdict.good[*held].wrong[!*held] { @if *held { "✓ " } @else { "✗ " } (claim) }
            }
            (lanes::picture(n, section))
            ol.events {
                @for event in &section.events {
                    li {
                        span.at { (seconds(event.at)) } " " strong { (name_of(&event.who)) } " " (event.what)
                        @if event.took.as_millis() > 0 { span.took { " (" (event.took.as_millis()) " ms)" } }
                        @for (outcome, rules, sentence) in &event.because {
                            p.because {
                                span.outcome.(kind(outcome)) { (outcome) }
                                @if !rules.is_empty() { " " span.rules { (rules) } }
                                @if !sentence.is_empty() { " " (sentence) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn figures(night: &Night<'_>) -> Markup {
    let number = |key: &str| night.balance.tellingen.get(key).and_then(Value::as_u64).unwrap_or_default();
    let hub = Counted::of_hub(&night.balance.tellingen);
    html! {
        section id="cijfers" {
            h2 { "De nacht in cijfers" }
            table {
                caption { "Scènes" }
                thead { tr { th { "Scène" } th { "Klopt" } th.number { "Duur" } } }
                tbody {
                    @for verdict in night.verdicts {
                        tr {
                            td { (verdict.naam) }
                            td { @if verdict.fout.is_none() { "✓ ja" } @else { "✗ nee" } }
                            td.number { (seconds(verdict.duur)) }
                        }
                    }
                }
            }
            table {
                caption { "Aantallen" }
                tbody {
                    tr { th { "Berichten aangenomen" } td.number { (number("berichten")) } }
                    tr { th { "Berichten die eigen systemen stuurden" } td.number { (night.balance.van_partners) } }
                    tr { th { "Leveringen" } td.number { (number("leveringen")) } }
                    tr { th { "Aangekomen in eigen systemen" } td.number { (night.balance.bij_partners) } }
                    tr { th { "Ontvangsten ondertekend en vergeleken" } td.number { (night.balance.ontvangsten) } }
                    tr { th { "Bladen in het logboek" } td.number { (number("bladen")) } }
                    tr { th { "Teksten gezocht bij het knooppunt, en niet gevonden" } td.number { (night.balance.kanaries) } }
                }
            }
            (counts("Besluiten van het knooppunt", "Uitkomst", &hub.uitkomsten))
            (counts("Besluiten zoals afzenders ze zagen", "Uitkomst", &night.balance.verteld.uitkomsten))
            (counts("Weigeringen per regel, zoals afzenders ze zagen", "Regel", &night.balance.verteld.weigeringen))
            @for wrong in &night.balance.fouten { p.verdict.wrong { "✗ " (wrong) } }
        }
    }
}

fn counts(caption: &str, what: &str, counted: &BTreeMap<String, u64>) -> Markup {
    html! {
        table {
            caption { (caption) }
            thead { tr { th { (what) } th.number { "Aantal" } } }
            tbody { @for (key, n) in counted { tr { td { (key) } td.number { (n) } } } }
        }
    }
}

/// The story in sections, each begun by a heading.
fn sections(told: &[Entry]) -> Vec<Section> {
    let mut sections = vec![Section { title: "Opbouw".to_owned(), ..Section::default() }];
    for entry in told {
        if let Entry::Heading(title) = entry {
            sections.push(Section { title: title.clone(), ..Section::default() });
            continue;
        }
        let Some(section) = sections.last_mut() else { continue };
        match entry.clone() {
            Entry::Heading(_) => {}
            Entry::Event { at, who, what, took, routes } => {
                section.events.push(Event { at, who, what, took, routes, because: Vec::new() });
            }
            Entry::Because { outcome, rules, sentence } => {
                if let Some(event) = section.events.last_mut() {
                    event.because.push((outcome, rules, sentence));
                }
            }
            Entry::Verdict { held, claim } => section.verdicts.push((held, claim)),
        }
    }
    sections.retain(|s| !s.events.is_empty() || !s.verdicts.is_empty());
    sections
}

/// How an outcome looks.
fn kind(outcome: &str) -> &'static str {
    match outcome {
        "toegestaan" | "toegestaan-met-plicht" | "wel mogelijk" => "allowed",
        "geweigerd" => "refused",
        "in-behandeling" => "held",
        _ => "found",
    }
}

/// A partner's name as people know it; whoever is no partner by the word itself.
fn name_of(who: &str) -> &str {
    layout::deelnemer(who).map_or(who, |d| d.naam)
}

/// Short name of whom an OIN belongs to.
fn short_of(oin: &str) -> Option<&'static str> {
    DEELNEMERS.iter().find(|d| d.oin == oin).map(|d| d.slug)
}

/// `12,3 s`.
fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64()).replace('.', ",")
}

#[cfg(test)]
mod tests;
