//! The rows of a version as a table, for who reads them in a spreadsheet.

use serde_json::Value;

use crate::{Bundel, Effect, Plicht, Rij};

/// The columns, in order.
pub const KOLOMMEN: [&str; 23] = [
    "nummer",
    "laag",
    "stap",
    "effect",
    "uitkomst",
    "regel",
    "soorten",
    "behalve_soorten",
    "varianten",
    "behalve_varianten",
    "categorieen",
    "doelen",
    "handelingen",
    "van",
    "naar",
    "grondslagen",
    "van_oin",
    "naar_oin",
    "voorwaarden",
    "wijkt_voor_nood",
    "plichten",
    "toelichting",
    "kenmerk",
];

/// What stands between the words of one cell.
const TUSSEN: &str = ", ";

impl Bundel {
    /// The rows as cells of [`KOLOMMEN`]. An empty cell of a list means: every value. The last cell stays the same while the
    /// row means the same, whatever its place.
    #[must_use]
    pub fn rijtabel(&self) -> Vec<[String; 23]> {
        (1..).zip(&self.rijen).map(|(nummer, rij)| cellen(nummer, rij)).collect()
    }
}

fn cellen(nummer: usize, rij: &Rij) -> [String; 23] {
    fn words<T: std::fmt::Display>(all: &[T]) -> String {
        all.iter().map(ToString::to_string).collect::<Vec<_>>().join(TUSSEN)
    }
    let effect = match rij.effect {
        Effect::Toelaten => "toelaten",
        Effect::Tegenhouden => "tegenhouden",
    };
    let uitkomst = rij.uitkomst.map(inbreng_domain::Uitkomst::from);
    [
        nummer.to_string(),
        rij.laag.as_str().to_owned(),
        rij.stap.as_str().to_owned(),
        effect.to_owned(),
        words(uitkomst.as_slice()),
        words(rij.regel.as_slice()),
        words(&rij.soorten),
        words(&rij.behalve_soorten),
        words(&rij.varianten),
        words(&rij.behalve_varianten),
        words(&rij.categorieen),
        words(&rij.doelen),
        words(&rij.handelingen),
        words(&rij.van),
        words(&rij.naar),
        words(&rij.grondslagen),
        words(rij.van_oin.as_slice()),
        words(rij.naar_oin.as_slice()),
        voorwaarden(rij),
        if rij.wijkt_voor_nood { "ja" } else { "nee" }.to_owned(),
        rij.verplichtingen.iter().map(plicht).collect::<Vec<_>>().join(TUSSEN),
        rij.toelichting.clone().unwrap_or_default(),
        kenmerk(rij),
    ]
}

fn plicht(p: &Plicht) -> String {
    p.werkdagen.map_or_else(|| format!("{} ({})", p.soort, p.regel), |n| format!("{} ({}, {n} werkdagen)", p.soort, p.regel))
}

/// `ondertekend = een/geen; toestemming = gegeven`.
fn voorwaarden(rij: &Rij) -> String {
    let Ok(Value::Object(velden)) = serde_json::to_value(&rij.voorwaarden) else { return String::new() };
    let words = |w: &Value| w.as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join("/");
    velden.iter().map(|(naam, w)| format!("{naam} = {}", words(w))).collect::<Vec<_>>().join("; ")
}

/// Short mark of what a row means: FNV-1a over its ordered form. To recognise a row by, not to trust.
fn kenmerk(rij: &Rij) -> String {
    let text = serde_json::to_string(&rij.geordend()).unwrap_or_default();
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}").get(..8).unwrap_or_default().to_owned()
}

impl Rij {
    /// The row as cells of [`KOLOMMEN`], its number left at 0.
    #[must_use]
    pub fn cellen(&self) -> [String; 23] {
        cellen(0, self)
    }

    /// The same row with its lists in order, each word once: rows that mean the same are equal in this form. A note is kept,
    /// it means nothing for the decision but does for people.
    #[must_use]
    pub fn geordend(&self) -> Self {
        fn order<T: Ord + Clone>(all: &[T]) -> Vec<T> {
            let mut all = all.to_vec();
            all.sort();
            all.dedup();
            all
        }
        let v = &self.voorwaarden;
        let mut verplichtingen = self.verplichtingen.clone();
        verplichtingen.sort_by(|a, b| (&a.soort, a.regel, a.werkdagen).cmp(&(&b.soort, b.regel, b.werkdagen)));
        verplichtingen.dedup();
        Self {
            verplichtingen,
            soorten: order(&self.soorten),
            behalve_soorten: order(&self.behalve_soorten),
            varianten: order(&self.varianten),
            behalve_varianten: order(&self.behalve_varianten),
            categorieen: order(&self.categorieen),
            doelen: order(&self.doelen),
            handelingen: order(&self.handelingen),
            van: order(&self.van),
            naar: order(&self.naar),
            grondslagen: order(&self.grondslagen),
            voorwaarden: crate::Voorwaarden {
                scheiding: order(&v.scheiding),
                afgeschermd: order(&v.afgeschermd),
                genoemd: order(&v.genoemd),
                embargo: order(&v.embargo),
                van_deelnemer: order(&v.van_deelnemer),
                naar_deelnemer: order(&v.naar_deelnemer),
                briefing: order(&v.briefing),
                ondertekend: order(&v.ondertekend),
                toestemming: order(&v.toestemming),
                regisseur: order(&v.regisseur),
                noodbesluit: order(&v.noodbesluit),
                eigenaarsbesluit: order(&v.eigenaarsbesluit),
                noodzaak: order(&v.noodzaak),
                bevestigd: order(&v.bevestigd),
            },
            ..self.clone()
        }
    }
}
