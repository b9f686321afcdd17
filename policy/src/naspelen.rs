//! A past decision again: the same request under the same version gives the same answer, byte for byte (R41).

use std::borrow::Cow;

use inbreng_domain::Besluit;
use serde::{Deserialize, Serialize};

use crate::{Beleid, Namen, Verzoek};

/// What is kept of every decision: all that is needed to take it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vastlegging<'a> {
    /// What was decided.
    pub besluit: Cow<'a, Besluit>,
    /// The names that stand in its sentences.
    pub namen: Cow<'a, Organisatienamen>,
    /// What was asked.
    pub verzoek: Cow<'a, Verzoek>,
}

impl Vastlegging<'_> {
    /// Free of what it was taken from.
    #[must_use]
    pub fn into_owned(self) -> Vastlegging<'static> {
        Vastlegging {
            besluit: Cow::Owned(self.besluit.into_owned()),
            namen: Cow::Owned(self.namen.into_owned()),
            verzoek: Cow::Owned(self.verzoek.into_owned()),
        }
    }
}

/// Names of organisations, as the directory had them at the moment of deciding. A person is never named in a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisatienamen {
    /// Who brought the part in.
    pub eigenaar: String,
    /// Who would receive it.
    pub ontvanger: String,
}

impl Organisatienamen {
    /// As the engine takes them.
    #[must_use]
    pub fn namen(&self) -> Namen<'_> {
        Namen { eigenaar: &self.eigenaar, ontvanger: &self.ontvanger, betrokkene: None }
    }
}

/// What came out of deciding again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Naspel {
    /// The same in every field.
    Gelijk,
    /// Taken under another version of the policy: this one cannot say.
    AndereVersie,
    /// Not the same.
    Anders {
        /// The fields of the decision that differ.
        velden: Vec<&'static str>,
        /// What comes out now.
        nu: Box<Besluit>,
    },
}

impl Beleid {
    /// Takes a past decision again.
    #[must_use]
    pub fn naspelen(&self, vastlegging: &Vastlegging<'_>) -> Naspel {
        let toen = &*vastlegging.besluit;
        if toen.beleid != self.digest() {
            return Naspel::AndereVersie;
        }
        let nu = self.beslissen(&vastlegging.verzoek, &vastlegging.namen.namen());
        if nu == *toen {
            return Naspel::Gelijk;
        }
        let velden = [
            ("uitkomst", nu.uitkomst != toen.uitkomst),
            ("regels", nu.regels != toen.regels),
            ("grondslag", nu.grondslag != toen.grondslag),
            ("verplichtingen", nu.verplichtingen != toen.verplichtingen),
            ("uitleg", nu.uitleg != toen.uitleg),
            ("alternatieven", nu.alternatieven != toen.alternatieven),
        ];
        let velden = velden.into_iter().filter_map(|(naam, anders)| anders.then_some(naam)).collect();
        Naspel::Anders { velden, nu: Box::new(nu) }
    }
}
