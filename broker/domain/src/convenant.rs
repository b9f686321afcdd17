//! The parties of a covenant: what each of them signs to join and to leave, and who is a party at an instant.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ConvenantId, Digest, Oin, Tijdstip, macros::vocabulary, versie::Beheerfunctie, vocabulary::Categorie};

vocabulary!(
    /// What a party states.
    Partijverklaringsoort, "partijverklaring" {
        /// That it joins.
        Toetreding = "toetreding",
        /// That it leaves.
        Uittreding = "uittreding",
    }
);

/// What parties agree on, and sign: a covenant without the rows that work it out. A version that changes any of this is another
/// agreement, which its parties sign anew; versions that leave it alone rest on the signatures that are there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Convenanttekst {
    /// The covenant.
    pub convenant: ConvenantId,
    /// What people call it.
    pub titel: String,
    /// SHA-256 of the document that the parties have before them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Digest>,
    /// From when the covenant is in force.
    pub geldig_vanaf: Tijdstip,
    /// Until when.
    pub geldig_tot: Tijdstip,
    /// Categories that it is no ground for (R8).
    pub buiten_convenant: Vec<Categorie>,
}

impl Convenanttekst {
    /// With its categories in their fixed order, each once: one agreement has one spelling.
    #[must_use]
    pub fn met_vaste_volgorde(mut self) -> Self {
        self.buiten_convenant.sort_unstable();
        self.buiten_convenant.dedup();
        self
    }
}

/// The head of a policy version: what its parties sign, and the number of its rules.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Bundelkop {
    /// The covenant.
    pub convenant: ConvenantId,
    /// What people call it.
    pub titel: String,
    /// The version of its rules.
    pub versie: u32,
    /// From when the covenant is in force.
    pub geldig_vanaf: Tijdstip,
    /// Until when.
    pub geldig_tot: Tijdstip,
    /// SHA-256 of the document that the parties have before them.
    #[serde(default)]
    pub document: Option<Digest>,
    /// Categories that it is no ground for (R8).
    pub buiten_convenant: Vec<Categorie>,
}

impl Bundelkop {
    /// What its parties sign.
    #[must_use]
    pub fn tekst(self) -> Convenanttekst {
        let Self { convenant, titel, geldig_vanaf, geldig_tot, document, buiten_convenant, .. } = self;
        Convenanttekst { convenant, titel, document, geldig_vanaf, geldig_tot, buiten_convenant }.met_vaste_volgorde()
    }
}

/// That a party joins: payload of `inbreng-toetreding+jws`, signed by the party. It counts once the covenant manager has
/// countersigned it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Toetreding {
    /// What it signs.
    pub tekst: Convenanttekst,
    /// Who.
    pub partij: Oin,
    /// The version of the rules that it has read and will keep to (R44).
    pub afspraken: u32,
    /// From when it is a party.
    pub vanaf: Tijdstip,
    /// Until when; absent: as long as the covenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tot: Option<Tijdstip>,
    /// Counts up over all that this party states about this covenant.
    pub volgnummer: u32,
    /// The function of the person who signs.
    pub functie: Beheerfunctie,
    /// Certificates of its signing key, leaf first, each base64 (not url) of DER: the signature must still be checked when the
    /// key has been replaced.
    pub certificaten: Vec<String>,
    /// When it was signed.
    pub tijd: Tijdstip,
}

/// That a party leaves: payload of `inbreng-uittreding+jws`, signed by the party. It needs nobody's leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Uittreding {
    /// The covenant.
    pub convenant: ConvenantId,
    /// Who.
    pub partij: Oin,
    /// From when it is no party any more.
    pub vanaf: Tijdstip,
    /// Counts up over all that this party states about this covenant.
    pub volgnummer: u32,
    /// The function of the person who signs.
    pub functie: Beheerfunctie,
    /// Certificates of its signing key, as in [`Toetreding::certificaten`].
    pub certificaten: Vec<String>,
    /// When it was signed.
    pub tijd: Tijdstip,
}

/// A period in which an organisation is a party to one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partijperiode {
    /// What it signed.
    pub tekst: Convenanttekst,
    /// The version of the rules that it read.
    pub afspraken: u32,
    /// From when.
    pub vanaf: Tijdstip,
    /// Until when; absent: as long as the covenant.
    pub tot: Option<Tijdstip>,
}

impl Partijperiode {
    fn eindigt_na(&self, moment: Tijdstip) -> bool {
        self.tot.is_none_or(|tot| moment < tot)
    }
}

/// Who the parties of one covenant are. Immutable: a new statement makes a new value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Partijen {
    per_partij: BTreeMap<Oin, Vec<Partijperiode>>,
}

impl Partijen {
    /// From statements of which the signatures have been verified; whoever calls this has done so. They count in the order of
    /// their numbers: leaving ends what was joined before it, and a later statement may join again.
    #[must_use]
    pub fn van_geverifieerd(toetredingen: Vec<Toetreding>, uittredingen: Vec<Uittreding>) -> Self {
        enum Daad {
            Toe(Box<Toetreding>),
            Uit(Tijdstip),
        }
        let toe = toetredingen.into_iter().map(|t| (t.partij, t.volgnummer, false, Daad::Toe(Box::new(t))));
        let uit = uittredingen.into_iter().map(|u| (u.partij, u.volgnummer, true, Daad::Uit(u.vanaf)));
        let mut daden: Vec<_> = toe.chain(uit).collect();
        // Of two under one number, which should not be, leaving counts last.
        daden.sort_by_key(|(partij, volgnummer, uittreding, _)| (*partij, *volgnummer, *uittreding));
        let mut per_partij: BTreeMap<Oin, Vec<Partijperiode>> = BTreeMap::new();
        for (partij, _, _, daad) in daden {
            let perioden = per_partij.entry(partij).or_default();
            match daad {
                Daad::Toe(toetreding) => {
                    let Toetreding { tekst, afspraken, vanaf, tot, .. } = *toetreding;
                    perioden.push(Partijperiode { tekst, afspraken, vanaf, tot });
                }
                Daad::Uit(per) => {
                    perioden.retain(|p| p.vanaf < per);
                    for periode in perioden.iter_mut().filter(|p| p.eindigt_na(per)) {
                        periode.tot = Some(per);
                    }
                }
            }
        }
        Self { per_partij }
    }

    /// Under which signature an organisation is a party to this text at an instant: of several the one with the newest rules.
    #[must_use]
    pub fn lid(&self, tekst: &Convenanttekst, oin: Oin, nu: Tijdstip) -> Option<&Partijperiode> {
        let perioden = self.per_partij.get(&oin).into_iter().flatten();
        perioden.filter(|p| p.tekst == *tekst && p.vanaf <= nu && p.eindigt_na(nu)).max_by_key(|p| p.afspraken)
    }

    /// The first instant after this one at which someone joins or leaves.
    #[must_use]
    pub fn volgende_wisseling(&self, na: Tijdstip) -> Option<Tijdstip> {
        let grenzen = self.per_partij.values().flatten().flat_map(|p| [Some(p.vanaf), p.tot]);
        grenzen.flatten().filter(|moment| *moment > na).min()
    }

    /// Every organisation that ever was or will be a party, by OIN, with its periods.
    pub fn perioden(&self) -> impl Iterator<Item = (Oin, &[Partijperiode])> {
        self.per_partij.iter().map(|(oin, perioden)| (*oin, perioden.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dag(n: i64) -> Tijdstip {
        Tijdstip::from_unix_millis(1_790_000_000_000 + n * 86_400_000)
    }

    fn oin(n: u8) -> Oin {
        Oin::parse(&format!("000000010000000000{n:02}")).unwrap()
    }

    fn tekst(titel: &str) -> Convenanttekst {
        Convenanttekst {
            convenant: "andere-regio".parse().unwrap(),
            titel: titel.to_owned(),
            document: None,
            geldig_vanaf: dag(-100),
            geldig_tot: dag(900),
            buiten_convenant: vec![Categorie::Medisch],
        }
    }

    fn toe(wie: u8, volgnummer: u32, vanaf: i64, tot: Option<i64>) -> Toetreding {
        Toetreding {
            tekst: tekst("een"),
            partij: oin(wie),
            afspraken: volgnummer,
            vanaf: dag(vanaf),
            tot: tot.map(dag),
            volgnummer,
            functie: Beheerfunctie::Bestuurder,
            certificaten: Vec::new(),
            tijd: dag(0),
        }
    }

    fn uit(wie: u8, volgnummer: u32, vanaf: i64) -> Uittreding {
        Uittreding {
            convenant: "andere-regio".parse().unwrap(),
            partij: oin(wie),
            vanaf: dag(vanaf),
            volgnummer,
            functie: Beheerfunctie::Bestuurder,
            certificaten: Vec::new(),
            tijd: dag(0),
        }
    }

    fn lid(partijen: &Partijen, wie: u8, op: i64) -> bool {
        partijen.lid(&tekst("een"), oin(wie), dag(op)).is_some()
    }

    #[test]
    fn a_party_is_one_from_and_until_its_dates() {
        let partijen = Partijen::van_geverifieerd(vec![toe(1, 1, 10, Some(20)), toe(2, 1, 0, None)], vec![]);
        for (op, een, twee) in [(-1, false, false), (0, false, true), (10, true, true), (19, true, true), (20, false, true)] {
            assert_eq!((lid(&partijen, 1, op), lid(&partijen, 2, op)), (een, twee), "day {op}");
        }
        assert!(!lid(&partijen, 3, 10), "who signed nothing");
        assert_eq!(partijen.lid(&tekst("ander"), oin(2), dag(5)), None, "another text");
        let grenzen: Vec<_> = [-5, 0, 10, 20].map(|n| partijen.volgende_wisseling(dag(n))).into();
        assert_eq!(grenzen, [Some(dag(0)), Some(dag(10)), Some(dag(20)), None]);
    }

    #[test]
    fn leaving_ends_what_was_joined_before_and_who_left_may_join_again() {
        let partijen = Partijen::van_geverifieerd(vec![toe(1, 1, 0, None), toe(1, 3, 30, None)], vec![uit(1, 2, 10)]);
        for (op, is) in [(0, true), (9, true), (10, false), (29, false), (30, true), (300, true)] {
            assert_eq!(lid(&partijen, 1, op), is, "day {op}");
        }
        assert_eq!(partijen.lid(&tekst("een"), oin(1), dag(40)).unwrap().afspraken, 3);
        // The order of the list is nobody's word; the number is the party's.
        let nooit = Partijen::van_geverifieerd(vec![toe(1, 1, 30, None)], vec![uit(1, 2, 10)]);
        assert!(!lid(&nooit, 1, 40), "left before it began");
        let dubbel = Partijen::van_geverifieerd(vec![toe(1, 2, 0, None)], vec![uit(1, 2, 0)]);
        assert!(!lid(&dubbel, 1, 5), "of one number the stricter");
    }
}
