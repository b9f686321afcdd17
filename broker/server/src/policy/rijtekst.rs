//! A row of a covenant in words.

use inbreng_policy::{Effect, KOLOMMEN, Plicht, Rij, Woordenboek};

/// What a row does: `houdt tegen (weigeren)`.
pub fn effect(rij: &Rij) -> String {
    match (rij.effect, rij.uitkomst) {
        (Effect::Toelaten, _) => "laat toe".to_owned(),
        (Effect::Tegenhouden, uitkomst) => {
            let uitkomst = uitkomst.map_or_else(|| "weigeren".to_owned(), |u| inbreng_domain::Uitkomst::from(u).to_string());
            format!("houdt tegen ({uitkomst})")
        }
    }
}

/// A duty with its term: `transparantiebericht (R32, binnen 10 werkdagen)`.
pub fn plicht(plicht: &Plicht) -> String {
    match plicht.werkdagen {
        Some(n) => format!("{} ({}, binnen {n} werkdagen)", plicht.soort, plicht.regel),
        None => format!("{} ({})", plicht.soort, plicht.regel),
    }
}

/// One line: its place, where it comes from, what it does, its rule, its note, its duties.
pub fn kort(nummer: usize, rij: &Rij, woorden: &Woordenboek) -> String {
    format!("rij {nummer} · {}", zonder_nummer(rij, woorden))
}

/// The same without its place.
pub fn zonder_nummer(rij: &Rij, woorden: &Woordenboek) -> String {
    let mut delen = vec![woorden.laag(rij.laag).to_owned(), effect(rij)];
    delen.extend(rij.regel.map(|r| r.to_string()));
    delen.extend(rij.toelichting.clone());
    if !rij.verplichtingen.is_empty() {
        delen.push(format!("plicht: {}", rij.verplichtingen.iter().map(plicht).collect::<Vec<_>>().join(", ")));
    }
    delen.join(" · ")
}

/// What it is about, by column; only the columns that it narrows.
pub fn waarover(rij: &Rij) -> Vec<(&'static str, String)> {
    let about = KOLOMMEN.iter().zip(rij.cellen());
    let from = |k: &str| KOLOMMEN.iter().position(|own| *own == k).unwrap_or_default();
    let range = from("soorten")..=from("wijkt_voor_nood");
    let numbered = about
        .enumerate()
        .filter(|(n, (k, cel))| range.contains(n) && !cel.is_empty() && (**k, cel.as_str()) != ("wijkt_voor_nood", "nee"));
    numbered.map(|(_, (k, cel))| (*k, cel)).collect()
}
