//! A past decision again: the same request under the same version gives the same answer, byte for byte (R41).

use std::borrow::Cow;

use inbreng_domain::{
    Besluit,
    vocabulary::{Deelname, JaNee, Toestemmingsstand},
};
use serde::{Deserialize, Serialize};

use crate::{Beleid, Namen, Vertelling, Verzoek};

/// What is kept of every decision: all that is needed to take it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vastlegging<'a> {
    /// What was decided.
    pub besluit: Cow<'a, Besluit>,
    /// The names that stand in its sentences.
    pub namen: Cow<'a, Organisatienamen>,
    /// Of an overview for a person: what was told of what this decided on, and what not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overzicht: Option<Cow<'a, Vertelling>>,
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
            overzicht: self.overzicht.map(|o| Cow::Owned(o.into_owned())),
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

/// What a case may hide from who sends in it, each with the word that says nothing: the flags, the recipient's place and whether it
/// directs the case, whether it confirmed the rules, what persons said about consent (R16, R21). The embargo is the sender's own (R20).
const VERBORGEN: [fn(&mut Verzoek); 5] = [
    |v| v.scheiding = Vec::new(),
    |v| v.naar_deelnemer = Deelname::Ja,
    |v| v.regisseur = JaNee::Nee,
    |v| v.bevestigd = JaNee::Ja,
    |v| v.toestemming = Toestemmingsstand::NietGevraagd,
];

impl Beleid {
    /// A past decision as the organisation whose message it was may read it: each hidden fact is neutral, unless the answer that
    /// this organisation got would be another without it. It still comes out the same, byte for byte. Nothing for a decision that
    /// this version did not take so, and for one on an overview: that is answered to no organisation.
    #[must_use]
    pub fn voor_afzender(&self, vastlegging: &Vastlegging<'_>) -> Option<Vastlegging<'static>> {
        if vastlegging.overzicht.is_some() || self.naspelen(vastlegging) != Naspel::Gelijk {
            return None;
        }
        let namen = vastlegging.namen.namen();
        let mut verzoek = vastlegging.verzoek.clone().into_owned();
        for verbergen in VERBORGEN {
            let mut neutraal = verzoek.clone();
            verbergen(&mut neutraal);
            if self.beslissen(&neutraal, &namen) == *vastlegging.besluit {
                verzoek = neutraal;
            }
        }
        Some(Vastlegging {
            besluit: Cow::Owned(vastlegging.besluit.clone().into_owned()),
            namen: Cow::Owned(vastlegging.namen.clone().into_owned()),
            overzicht: None,
            verzoek: Cow::Owned(verzoek),
        })
    }

    /// Takes a past decision again.
    #[must_use]
    pub fn naspelen(&self, vastlegging: &Vastlegging<'_>) -> Naspel {
        let toen = &*vastlegging.besluit;
        if toen.beleid != self.digest() {
            return Naspel::AndereVersie;
        }
        let nu = self.beslissen(&vastlegging.verzoek, &vastlegging.namen.namen());
        let Verzoek { van, scheiding, .. } = &*vastlegging.verzoek;
        let groepen = vastlegging.overzicht.iter().flat_map(|o| &o.groepen);
        let anders_verteld = groepen.into_iter().any(|g| g.verzwegen(*van, scheiding) != g.regel);
        if nu == *toen && !anders_verteld {
            return Naspel::Gelijk;
        }
        let velden = [
            ("uitkomst", nu.uitkomst != toen.uitkomst),
            ("regels", nu.regels != toen.regels),
            ("grondslag", nu.grondslag != toen.grondslag),
            ("verplichtingen", nu.verplichtingen != toen.verplichtingen),
            ("uitleg", nu.uitleg != toen.uitleg),
            ("alternatieven", nu.alternatieven != toen.alternatieven),
            ("overzicht", anders_verteld),
        ];
        let velden = velden.into_iter().filter_map(|(naam, anders)| anders.then_some(naam)).collect();
        Naspel::Anders { velden, nu: Box::new(nu) }
    }
}
