//! Two versions beside each other as documents: what was added, removed and changed, by meaning and not by order.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use crate::{Bundel, KOLOMMEN, Rij, Zin};

/// What differs between two versions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bundelverschil {
    /// The rows.
    pub rijen: Rijverschil,
    /// Everything else but sentences: parties, dates, routes, defaults.
    pub velden: Vec<Veldverschil>,
    /// What people are told.
    pub zinnen: Vec<Zinverschil>,
}

/// Rows that differ.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Rijverschil {
    /// Only in the new version.
    pub erbij: Vec<Rij>,
    /// Only in the old version.
    pub weg: Vec<Rij>,
    /// The same row with other words.
    pub gewijzigd: Vec<Gewijzigd>,
}

/// A row that became another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gewijzigd {
    /// As it was.
    pub was: Rij,
    /// As it is.
    pub wordt: Rij,
    /// The columns that differ, with both cells.
    pub velden: Vec<Veldverschil>,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Veldverschil {
    /// Which, as a path.
    pub veld: String,
    /// As it was; absent where it was not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// As it is; absent where it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wordt: Option<String>,
}

/// A sentence that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Zinverschil {
    /// Its key.
    pub sleutel: String,
    /// As it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// As it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wordt: Option<String>,
}

impl Bundelverschil {
    /// What differs.
    #[must_use]
    pub fn tussen(was: &Bundel, wordt: &Bundel) -> Self {
        Self { rijen: Rijverschil::tussen(&was.rijen, &wordt.rijen), velden: velden(was, wordt), zinnen: zinnen(was, wordt) }
    }

    /// Whether nothing does.
    #[must_use]
    pub fn is_leeg(&self) -> bool {
        let r = &self.rijen;
        r.erbij.is_empty() && r.weg.is_empty() && r.gewijzigd.is_empty() && self.velden.is_empty() && self.zinnen.is_empty()
    }
}

/// Rows one type at a time, so that it does not matter which types a version wrote in one row.
pub(crate) fn los(rijen: &[Rij]) -> Vec<Rij> {
    let mut all = Vec::new();
    for rij in rijen {
        let rij = rij.geordend();
        if rij.soorten.len() < 2 {
            all.push(rij);
        } else {
            all.extend(rij.soorten.iter().map(|s| Rij { soorten: vec![s.clone()], ..rij.clone() }));
        }
    }
    all
}

/// The rows of the first that the second does not have, one type at a time.
pub(crate) fn zonder(deze: &[Rij], andere: &[Rij]) -> Vec<Rij> {
    let known: std::collections::HashSet<Rij> = los(andere).into_iter().collect();
    let mut seen = std::collections::HashSet::new();
    los(deze).into_iter().filter(|r| !known.contains(r) && seen.insert(r.clone())).collect()
}

/// Joins what [`los`] took apart.
fn samen(rijen: Vec<Rij>) -> Vec<Rij> {
    let mut all: Vec<Rij> = Vec::new();
    for rij in rijen {
        let same = |known: &&mut Rij| {
            !rij.soorten.is_empty()
                && !known.soorten.is_empty()
                && Rij { soorten: rij.soorten.clone(), ..(**known).clone() } == rij
        };
        match all.iter_mut().find(same) {
            Some(known) => known.soorten.extend(rij.soorten),
            None => all.push(rij),
        }
    }
    all
}

impl Rijverschil {
    fn tussen(was: &[Rij], wordt: &[Rij]) -> Self {
        let (mut weg, mut erbij) = (samen(zonder(was, wordt)), samen(zonder(wordt, was)));
        let mut gewijzigd = Vec::new();
        // The most alike first, so that a row finds the one it came from.
        for most in 1..=4 {
            let mut left = Vec::new();
            for old in weg {
                let near = |new: &Rij| verwant(&old, new) && celverschil(&old, new).len() <= most;
                match erbij.iter().position(near) {
                    Some(place) => {
                        let new = erbij.remove(place);
                        gewijzigd.push(Gewijzigd { velden: celverschil(&old, &new), was: old, wordt: new });
                    }
                    None => left.push(old),
                }
            }
            weg = left;
        }
        Self { erbij, weg, gewijzigd }
    }
}

/// Whether one may have become the other: same layer, step, effect, rule.
fn verwant(a: &Rij, b: &Rij) -> bool {
    (a.laag, a.stap, a.effect, a.regel, a.van_oin, a.naar_oin) == (b.laag, b.stap, b.effect, b.regel, b.van_oin, b.naar_oin)
}

/// The columns in which two rows differ, but for their numbers and marks.
fn celverschil(a: &Rij, b: &Rij) -> Vec<Veldverschil> {
    let (old, new) = (a.cellen(), b.cellen());
    let columns = KOLOMMEN.iter().zip(old.into_iter().zip(new)).filter(|(k, (a, b))| a != b && **k != "kenmerk");
    columns.map(|(k, (a, b))| Veldverschil { veld: (*k).to_owned(), was: Some(a), wordt: Some(b) }).collect()
}

/// All but rows and sentences.
fn velden(was: &Bundel, wordt: &Bundel) -> Vec<Veldverschil> {
    let document = |b: &Bundel| {
        let rest = Bundel { rijen: Vec::new(), zinnen: crate::Zinnen::default(), ..b.clone() };
        serde_json::to_value(rest).unwrap_or_default()
    };
    let mut out = Vec::new();
    vergelijken("", &document(was), &document(wordt), &mut out);
    out
}

/// Objects by name, lists as sets: their order says nothing in a bundle.
fn vergelijken(pad: &str, was: &Value, wordt: &Value, out: &mut Vec<Veldverschil>) {
    match (was, wordt) {
        (Value::Object(a), Value::Object(b)) => {
            let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for name in names {
                let at = if pad.is_empty() { name.clone() } else { format!("{pad}.{name}") };
                let empty = Value::Null;
                vergelijken(&at, a.get(name).unwrap_or(&empty), b.get(name).unwrap_or(&empty), out);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            let gone = a.iter().filter(|x| !b.contains(x));
            out.extend(gone.map(|x| Veldverschil { veld: pad.to_owned(), was: Some(kort(x)), wordt: None }));
            let new = b.iter().filter(|x| !a.contains(x));
            out.extend(new.map(|x| Veldverschil { veld: pad.to_owned(), was: None, wordt: Some(kort(x)) }));
        }
        (a, b) if a == b => {}
        (a, b) => {
            let text = |v: &Value| (!v.is_null()).then(|| kort(v));
            out.push(Veldverschil { veld: pad.to_owned(), was: text(a), wordt: text(b) });
        }
    }
}

/// A value as people read it: `rol=wijkteam gemeente=0518 partners=…`.
fn kort(v: &Value) -> String {
    match v {
        Value::String(s) => s.clone(),
        Value::Array(all) => all.iter().map(kort).collect::<Vec<_>>().join(", "),
        Value::Object(o) => o.iter().map(|(k, v)| format!("{k}={}", kort(v))).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

fn zinnen(was: &Bundel, wordt: &Bundel) -> Vec<Zinverschil> {
    let all = |b: &Bundel| -> BTreeMap<String, String> {
        let zin = |z: &Zin| z.ontvanger.as_ref().map_or_else(|| z.afzender.clone(), |o| format!("{} / {o}", z.afzender));
        let z = &b.zinnen;
        let regels = z.regels.iter().map(|(k, v)| (k.clone(), zin(v)));
        let rest = z.alternatieven.iter().map(|(k, v)| (format!("alternatief {k}"), v.clone()));
        regels.chain(rest).chain(z.woorden.iter().map(|(k, v)| (format!("woord {k}"), v.clone()))).collect()
    };
    let (old, new) = (all(was), all(wordt));
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    keys.into_iter()
        .filter(|k| old.get(*k) != new.get(*k))
        .map(|k| Zinverschil { sleutel: k.clone(), was: old.get(k).cloned(), wordt: new.get(k).cloned() })
        .collect()
}
