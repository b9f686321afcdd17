//! The sentences that people read: which one, and its blanks filled in.

use std::collections::HashMap;

use inbreng_domain::{RegelId, Uitkomst, vocabulary::Grondslag};
use serde::Deserialize;

use crate::{Beleid, BeleidFout, Namen, Verzoek, Zin, Zinnen};

/// The sentences of the project, plain Dutch (B1), after the `Uitleg` of each rule.
const BRONNEN: [(&str, &str); 3] = [
    ("zinnen/regels.toml", include_str!("../zinnen/regels.toml")),
    ("zinnen/alternatieven.toml", include_str!("../zinnen/alternatieven.toml")),
    ("zinnen/woorden.toml", include_str!("../zinnen/woorden.toml")),
];

/// The blanks that a sentence may have.
const INVULPLEKKEN: [&str; 8] =
    ["{ontvanger}", "{inbrenger}", "{betrokkene}", "{doel}", "{categorie}", "{grond}", "{soort-ontvanger}", "{termijn}"];

/// The key of the sentence for who may know nothing.
const NEUTRAAL: &str = "neutraal";

impl Zinnen {
    /// The sentences that the project ships.
    pub(crate) fn ingebouwd() -> Result<Self, BeleidFout> {
        #[derive(Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        struct Deel {
            regels: std::collections::BTreeMap<String, Zin>,
            alternatieven: std::collections::BTreeMap<String, String>,
            woorden: std::collections::BTreeMap<String, String>,
        }
        let mut all = Self::default();
        for (wat, text) in BRONNEN {
            let deel: Deel =
                toml::from_str(text).map_err(|e| BeleidFout::Onleesbaar { wat: wat.to_owned(), waarom: e.to_string() })?;
            all.regels.extend(deel.regels);
            all.alternatieven.extend(deel.alternatieven);
            all.woorden.extend(deel.woorden);
        }
        Ok(all)
    }

    /// Every sentence has only blanks that can be filled, and the neutral one is there.
    pub(crate) fn toetsen(&self) -> Result<(), BeleidFout> {
        let texts = self
            .regels
            .iter()
            .flat_map(|(k, z)| std::iter::once((k, &z.afzender)).chain(z.ontvanger.iter().map(move |o| (k, o))))
            .chain(&self.alternatieven)
            .chain(&self.woorden);
        for (key, text) in texts {
            let mut rest = text.clone();
            for blank in INVULPLEKKEN {
                rest = rest.replace(blank, "");
            }
            if rest.contains(['{', '}']) || text.trim().is_empty() {
                return Err(BeleidFout::Onleesbaar {
                    wat: format!("the sentence {key}"),
                    waarom: format!("it is empty or has a blank that is none of {}", INVULPLEKKEN.join(" ")),
                });
            }
        }
        for key in [NEUTRAAL, "ontvanger-mag-lezen", "ontvanger-mag-dossier"] {
            if !self.woorden.contains_key(key) {
                return Err(BeleidFout::Ontbreekt {
                    wat: format!("the sentence `{key}`"),
                    herstel: "add it to zinnen.woorden".to_owned(),
                });
            }
        }
        Ok(())
    }

    /// The sentence of a rule for an outcome: its own for that outcome, else its general one.
    pub(crate) fn zin(&self, regel: RegelId, uitkomst: Uitkomst) -> Option<&Zin> {
        self.regels.get(&format!("{regel}-{uitkomst}")).or_else(|| {
            // A rule's general sentence explains why not; who may share is told by the ground's own sentence.
            if uitkomst == Uitkomst::Toestaan { None } else { self.regels.get(&*regel.as_str()) }
        })
    }

    /// Every sentence by rule and outcome, so that no decision looks for words.
    pub(crate) fn per_regel(&self) -> HashMap<(RegelId, Uitkomst), Zin> {
        let rules = (1..=44).filter_map(|n| RegelId::new(n).ok());
        rules
            .flat_map(|r| Uitkomst::ALL.iter().map(move |u| (r, *u)))
            .filter_map(|(r, u)| self.zin(r, if u.levert() { Uitkomst::Toestaan } else { u }).map(|z| ((r, u), z.clone())))
            .collect()
    }
}

/// What fills the blanks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Invulling<'a> {
    pub(crate) verzoek: &'a Verzoek,
    pub(crate) namen: &'a Namen<'a>,
    pub(crate) grondslag: Option<Grondslag>,
}

impl Beleid {
    /// The sentence for who may know nothing (R16, R21).
    pub(crate) fn neutrale_zin(&self) -> String {
        self.bundel().zinnen.woorden.get(NEUTRAAL).cloned().unwrap_or_default()
    }

    /// A word of a vocabulary as people say it.
    pub(crate) fn woord<'s>(&'s self, lijst: &str, woord: &'s str) -> &'s str {
        self.bundel().zinnen.woorden.get(&format!("{lijst}-{woord}")).map_or(woord, String::as_str)
    }

    /// Fills the blanks, and begins every sentence with a capital.
    pub(crate) fn invullen(&self, zin: &str, i: &Invulling<'_>) -> String {
        let mut filled = String::with_capacity(zin.len() + 32);
        let mut rest = zin;
        while let Some((before, blank, after)) = volgende_invulplek(rest) {
            filled.push_str(before);
            filled.push_str(self.invulling(blank, i));
            rest = after;
        }
        filled.push_str(rest);
        hoofdletters(&filled)
    }

    fn invulling<'s>(&'s self, blank: &str, i: &Invulling<'s>) -> &'s str {
        let v = i.verzoek;
        match blank {
            "ontvanger" => i.namen.ontvanger,
            "inbrenger" => i.namen.eigenaar,
            "betrokkene" => i.namen.betrokkene.unwrap_or("de cliënt"),
            "doel" => self.woord("doel", v.doel.as_str()),
            "categorie" => self.woord("categorie", v.categorie.as_str()),
            "grond" => {
                let grond = i.grondslag.or_else(|| v.grondslagen.first().copied()).unwrap_or(Grondslag::Geen);
                self.woord("grond", grond.as_str())
            }
            "termijn" => match self.bundel().instellingen.noodtoets_werkdagen {
                0 | 1 => self.woord("termijn", "1"),
                2 => self.woord("termijn", "2"),
                _ => self.woord("termijn", "meer"),
            },
            "soort-ontvanger" => self.woord("ontvanger", v.naar.as_str()),
            // INVARIANT: `Zinnen::toetsen` lets no other blank into a version.
            _ => "",
        }
    }
}

/// What stands before the next blank, its name, and what stands after it.
fn volgende_invulplek(zin: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = zin.split_once('{')?;
    let (blank, after) = rest.split_once('}')?;
    Some((before, blank, after))
}

/// A capital at the start of every sentence, also where a blank begins it.
fn hoofdletters(zinnen: &str) -> String {
    let mut out = String::with_capacity(zinnen.len());
    let mut begin = true;
    let mut ended = false;
    for c in zinnen.chars() {
        if begin && c.is_alphabetic() {
            out.extend(c.to_uppercase());
            begin = false;
        } else {
            out.push(c);
            begin = (begin && !c.is_alphanumeric()) || (ended && c == ' ');
        }
        ended = matches!(c, '.' | '?' | '!');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_begins_with_a_capital() {
        assert_eq!(
            hoofdletters("de GGZ vroeg 1 ding. de politie niet? \"nee\" 3.5"),
            "De GGZ vroeg 1 ding. De politie niet? \"Nee\" 3.5"
        );
        assert_eq!(hoofdletters(""), "");
    }
}
