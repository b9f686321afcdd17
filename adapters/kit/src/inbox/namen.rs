//! What the page calls the numbers in a content: a partner, a message, a part of a message. They are looked up beforehand.

use std::collections::{BTreeMap, BTreeSet};

use inbreng_domain::{BerichtId, DeelId, Oin};
use serde_json::Value;

use super::{lijst, personen::Personen};
use crate::{concept::Ontvangen, concept::OntvangenDeel, engine::Omgeving, store::Opslagfout};

/// What a number is called, and where it can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Naam {
    /// In words.
    pub(super) tekst: String,
    /// Its page.
    pub(super) pad: Option<String>,
}

/// Everything that a content refers to, in words.
#[derive(Default)]
pub(super) struct Namen {
    /// The persons.
    pub(super) personen: Personen,
    /// Partners, messages and parts by their number.
    pub(super) nummers: BTreeMap<String, Naam>,
}

impl Namen {
    /// Of a message, with its statement and what is open of its parts.
    pub(super) async fn van(omgeving: &Omgeving, ontvangen: &Ontvangen) -> Result<Self, Opslagfout> {
        Self::zoeken(omgeving, &ontvangen.delen.iter().collect::<Vec<_>>(), &ontvangen.verklaring).await
    }

    /// Of these parts and this statement.
    pub(super) async fn zoeken(omgeving: &Omgeving, delen: &[&OntvangenDeel], verklaring: &Value) -> Result<Self, Opslagfout> {
        let mut teksten = BTreeSet::new();
        verzamelen(verklaring, &mut teksten);
        delen.iter().filter_map(|d| d.inhoud.open()).for_each(|inhoud| verzamelen(inhoud, &mut teksten));
        let mut nummers = BTreeMap::new();
        for (nummer, deel) in (1..).zip(delen) {
            nummers.insert(deel.labels.id.to_string(), Naam { tekst: format!("deel {nummer} van dit bericht"), pad: None });
        }
        for tekst in &teksten {
            if let Ok(oin) = Oin::parse(tekst) {
                nummers.insert((*tekst).to_owned(), Naam { tekst: omgeving.naam(oin), pad: None });
            }
            if let Ok(bericht) = tekst.parse::<BerichtId>()
                && let Some(post) = omgeving.opslag.post_van_bericht(bericht).await?
            {
                let titel = lijst::titel(omgeving, &post);
                for (nummer, deel) in (1..).zip(omgeving.opslag.delen(bericht).await?) {
                    let tekst = format!("deel {nummer} van “{titel}”");
                    nummers.entry(deel.to_string()).or_insert(Naam { tekst, pad: None });
                }
                let pad = Some(format!("/inbox/bericht/{}", post.levering));
                nummers.insert((*tekst).to_owned(), Naam { tekst: titel, pad });
            }
        }
        // What is a number of something that is not here says so.
        for tekst in teksten {
            if tekst.parse::<DeelId>().is_ok() {
                let elders = || Naam { tekst: format!("nummer {tekst}, dat hier niet staat"), pad: None };
                nummers.entry(tekst.to_owned()).or_insert_with(elders);
            }
        }
        Ok(Self { personen: Personen::van(delen.iter().copied()), nummers })
    }
}

fn verzamelen<'v>(waarde: &'v Value, uit: &mut BTreeSet<&'v str>) {
    match waarde {
        Value::String(tekst) => {
            uit.insert(tekst);
        }
        Value::Array(lijst) => lijst.iter().for_each(|v| verzamelen(v, uit)),
        Value::Object(leden) => leden.values().for_each(|v| verzamelen(v, uit)),
        _ => {}
    }
}
