//! Forms from the catalogue's schemas: of the statement of a message, and of the content of each of its parts. What a form cannot
//! ask (another partner) it leaves out; where that is required, the type or the category is not offered.

mod lezen;
mod schema;
#[cfg(test)]
mod tests;
mod weergave;

use inbreng_domain::{BerichtId, DeelId};
use serde_json::Value;

use super::personen::Persoon;

pub(super) use lezen::lezen;
pub(super) use schema::{Vorm, velden, vormen};
pub(super) use weergave::{Weergave, fouten};

/// Rows of a list that an empty form shows.
const RIJEN: usize = 2;
/// Rows of a list that a form reads, whatever its schema allows.
const HOOGSTENS: usize = 32;

/// One field.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Veld {
    /// Name in the JSON.
    pub(super) naam: String,
    /// What it asks, in Dutch.
    pub(super) titel: String,
    /// More about it, in Dutch.
    pub(super) uitleg: Option<String>,
    /// Whether it must be filled in.
    pub(super) verplicht: bool,
    /// How.
    pub(super) soort: Veldsoort,
}

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Veldsoort {
    /// One of these.
    Keuze(Vec<String>),
    /// Some of these.
    Vinkjes(Vec<String>),
    /// Yes or no.
    JaNee,
    /// A whole number, from and to.
    Getal(i64, i64),
    /// Words, at most so many characters.
    Tekst(usize),
    /// Something short in a form of its own, such as a postcode: the schema judges it.
    Vorm,
    /// Words, a line each: at most so many lines, of so many characters.
    Regels(usize, usize),
    /// A day.
    Datum,
    /// An instant, in Dutch time.
    Moment,
    /// A code: small letters, digits, hyphens.
    Code,
    /// One of the persons of the message.
    Persoon,
    /// Some of the persons of the message.
    Personen,
    /// Of the message itself: not asked.
    Bericht,
    /// Counted by the adapter: not asked.
    Volgnummer,
    /// Always this: not asked.
    Vast(Value),
    /// Some of the parts of the message.
    Delen,
    /// These together.
    Groep(Vec<Veld>),
    /// At most so many rows of these.
    Rijen(Vec<Veld>, usize),
}

/// What the form is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Over<'a> {
    /// The message.
    pub(super) bericht: BerichtId,
    /// Its parts.
    pub(super) delen: &'a [DeelId],
    /// Its persons; none once its content is gone.
    pub(super) personen: &'a [Persoon],
    /// Where the adapter counts: one series per type and message.
    pub(super) reeks: &'a str,
}

/// Something that was filled in wrong: under which name, what that field asks, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fout {
    /// Name in the form.
    pub(super) veld: String,
    /// What it asks.
    pub(super) titel: String,
    /// What to do.
    pub(super) tekst: String,
}

/// Whether someone must be pointed out before this can be filled in.
pub(super) fn vraagt_persoon(velden: &[Veld]) -> bool {
    velden.iter().filter(|v| v.verplicht).any(|v| match &v.soort {
        Veldsoort::Persoon | Veldsoort::Personen => true,
        Veldsoort::Groep(binnen) | Veldsoort::Rijen(binnen, _) => vraagt_persoon(binnen),
        _ => false,
    })
}

/// What was filled in under a name.
pub(super) fn gekozen<'a>(ingevuld: &'a [(String, String)], naam: &str) -> Option<&'a str> {
    ingevuld.iter().find(|(n, _)| n == naam).map(|(_, w)| w.trim()).filter(|w| !w.is_empty())
}

/// Everything that was filled in under a name.
pub(super) fn alle<'a>(ingevuld: &'a [(String, String)], naam: &'a str) -> impl Iterator<Item = &'a str> {
    ingevuld.iter().filter(move |(n, _)| n == naam).map(|(_, w)| w.trim()).filter(|w| !w.is_empty())
}

/// Whether something was filled in below a name.
pub(super) fn is_begonnen(ingevuld: &[(String, String)], naam: &str) -> bool {
    let binnen = |n: &str| n.strip_prefix(naam).is_some_and(|rest| rest.starts_with('.'));
    ingevuld.iter().any(|(n, w)| binnen(n) && !w.trim().is_empty())
}

/// How many rows of a list are in use, counted to the last one.
fn in_gebruik(ingevuld: &[(String, String)], naam: &str, hoogstens: usize) -> usize {
    (0..hoogstens.min(HOOGSTENS)).rev().find(|i| is_begonnen(ingevuld, &format!("{naam}.{i}"))).map_or(0, |i| i + 1)
}
