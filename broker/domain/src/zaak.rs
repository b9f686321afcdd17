//! What messages state about a case: embargo (48), flag (57), place on the list of participants (56), and what the owner of a
//! part says of it (45–47, 59). Statements are numbered by who makes them; of one setter about one subject the highest counts.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    BerichtId, CasusRef, Datum, DeelId, Oin, PersoonRef, Tijdstip, TypeNaam,
    macros::vocabulary,
    vocabulary::{Categorie, Deelname, Doel, Eigenaarsbesluit, Gebruik, Scheiding, Stilgelegd},
};

vocabulary!(
    /// Who may know that there is an embargo (R21).
    Zichtbaarheid, "zichtbaarheid" {
        /// The setter and the OM.
        Gesloten = "gesloten",
        /// The procesregisseur and the casusregisseur as well.
        Regie = "regie",
        /// Every professional on the list of the case.
        Open = "open",
    }
);

vocabulary!(
    /// What a statement about a case is about.
    Feitsoort, "feitsoort" {
        /// An embargo is set, extended or lifted (R20).
        Embargo = "embargo",
        /// A flag is set or cleared (R22, R23, R25).
        Vlag = "vlag",
        /// Someone joins, leaves, or takes another role (R17, R18).
        Deelname = "deelname",
        /// The owner's answer to a request about its parts (R3, R4, R28).
        Eigenaarsbesluit = "eigenaarsbesluit",
        /// Parts are recalled or corrected by their owner (R1, R31).
        Terugname = "terugname",
        /// Parts are reported as misdelivered, or the report is dealt with.
        Misplaatsing = "misplaatsing",
        /// Who of one case is who of a case that it is joined with (58).
        Personen = "personen",
    }
);

/// What an embargo covers of its setter's parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reikwijdte {
    /// Everything of the case.
    Zaak,
    /// Every part that concerns this person.
    Persoon(PersoonRef),
    /// This part.
    Deel(DeelId),
}

/// An embargo, as its setter last stated it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Embargo {
    /// What it covers.
    pub over: Reikwijdte,
    /// False after it was lifted.
    pub geldt: bool,
    /// Who may know of it.
    pub zichtbaarheid: Zichtbaarheid,
    /// When its setter is asked whether it is still needed. It never ends by itself (R20).
    pub herziening: Tijdstip,
}

/// A flag, as it was last set or cleared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vlag {
    /// Which.
    pub soort: Scheiding,
    /// On which persons, in order; empty: on the whole case. It works in both directions (R23).
    pub personen: Vec<PersoonRef>,
    /// False after it was cleared.
    pub geldt: bool,
}

/// A place on the list of participants, as it was last stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deelnameregel {
    /// Who.
    pub partner: Oin,
    /// As what; `nee` after it ended.
    pub rol: Deelname,
    /// Whether this partner directs the case.
    pub casusregisseur: bool,
}

/// An owner's yes or no to one request about its parts (45), as it was last given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eigenaarsuitspraak {
    /// Yes or no.
    pub besluit: Eigenaarsbesluit,
    /// What was asked: to keep it in the own file, or to pass it on or use it for another purpose.
    pub gebruik: Gebruik,
    /// The request.
    pub verzoek: BerichtId,
    /// Who asked.
    pub vrager: Oin,
    /// The parts that it is about.
    pub delen: Vec<DeelId>,
    /// Their categories: a yes to another purpose also carries what the owner brings in anew for it.
    pub categorieen: Vec<Categorie>,
    /// For whom.
    pub ontvangers: Vec<Oin>,
    /// For what; absent where the file is asked for.
    pub doel: Option<Doel>,
    /// In which type of message it would be passed on; absent: that in which it came.
    pub soort: Option<TypeNaam>,
    /// Until which day, that day included; absent: without an end.
    pub tot: Option<Datum>,
}

/// Parts that their owner takes back (46, 47).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terugname {
    /// The message in which they came.
    pub bericht: BerichtId,
    /// Which; none: all of them.
    pub delen: Vec<DeelId>,
    /// Recalled or corrected.
    pub wijze: Stilgelegd,
}

/// Parts that are reported as misdelivered or wrongly labelled (59).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Misplaatsing {
    /// Whose they are.
    pub eigenaar: Oin,
    /// The message in which they came.
    pub bericht: BerichtId,
    /// Which; none: all of them, unless [`Self::alleen_verklaring`].
    pub delen: Vec<DeelId>,
    /// Whether its reporter got the statement alone: then no part stops.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alleen_verklaring: bool,
    /// False after their owner said that nothing was wrong.
    pub geldt: bool,
    /// Whether they stop for its reporter alone: one of the recipients of an acute message. One mistaken or malicious report must not
    /// keep from the others, nor from who gets it where nobody reads it, what a life may hang on; its owner may.
    #[serde(default, alias = "blijft_voor", deserialize_with = "alleen_melder", skip_serializing_if = "std::ops::Not::not")]
    pub alleen_melder: bool,
}

/// Earlier it was written by naming to whom the parts still went.
fn alleen_melder<'de, D: Deserializer<'de>>(invoer: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Geschreven {
        Nu(bool),
        Eerder(Vec<Oin>),
    }
    Ok(match Geschreven::deserialize(invoer)? {
        Geschreven::Nu(ja) => ja,
        Geschreven::Eerder(anderen) => !anderen.is_empty(),
    })
}

/// Who of this case is who of a case that it is joined with (58). References alone: who it is the hub does not know (R42).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Personenkoppeling {
    /// Two references of one person, each of its own case.
    pub paren: Vec<[PersoonRef; 2]>,
}

/// Every other reference of this person, by these pairs and by pairs of pairs.
#[must_use]
pub fn ook(paren: &[[PersoonRef; 2]], persoon: PersoonRef) -> Vec<PersoonRef> {
    let mut gevonden = vec![persoon];
    let mut n = 0;
    while let Some(een) = gevonden.get(n).copied() {
        n += 1;
        for [a, b] in paren {
            for (van, naar) in [(a, b), (b, a)] {
                if *van == een && !gevonden.contains(naar) {
                    gevonden.push(*naar);
                }
            }
        }
    }
    gevonden.remove(0);
    gevonden
}

/// One who takes part in a case, or did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Deelnemer {
    /// Who.
    pub partner: Oin,
    /// As what.
    pub rol: Deelname,
    /// From when; absent: from when it was registered.
    pub vanaf: Option<Tijdstip>,
    /// Until when; absent: without an end.
    pub tot: Option<Tijdstip>,
}

impl Deelnemer {
    /// One who takes part from now on without an end.
    #[must_use]
    pub const fn doorlopend(partner: Oin, rol: Deelname) -> Self {
        Self { partner, rol, vanaf: None, tot: None }
    }

    /// Its role at this moment: none outside its period (R17, R18).
    #[must_use]
    pub fn rol_op(&self, nu: Tijdstip) -> Deelname {
        let binnen = self.vanaf.is_none_or(|v| v <= nu) && self.tot.is_none_or(|t| nu < t);
        if binnen { self.rol } else { Deelname::Nee }
    }
}

/// A numbered statement about a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zaakfeit {
    /// The case.
    pub casus: CasusRef,
    /// What kind.
    pub soort: Feitsoort,
    /// About what within its kind; two statements about one subject replace each other.
    pub onderwerp: String,
    /// Who states it.
    pub door: Oin,
    /// Counts up per kind, subject and setter.
    pub volgnummer: u32,
    /// The message that states it.
    pub bericht: BerichtId,
    /// JSON of what its kind says: an [`Embargo`], a [`Vlag`], a [`Deelnameregel`], an [`Eigenaarsuitspraak`], a [`Terugname`],
    /// a [`Misplaatsing`] or a [`Personenkoppeling`].
    pub record: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_holds_within_its_period_only() {
        let at = Tijdstip::from_unix_millis;
        let oin = Oin::parse("00000001003214345000").unwrap();
        let deelnemer = Deelnemer { partner: oin, rol: Deelname::Deskundige, vanaf: Some(at(10)), tot: Some(at(20)) };
        assert_eq!([9, 10, 19, 20].map(|n| deelnemer.rol_op(at(n)) == Deelname::Deskundige), [false, true, true, false]);
        assert_eq!(Deelnemer::doorlopend(oin, Deelname::Ja).rol_op(at(0)), Deelname::Ja);
    }

    #[test]
    fn a_report_that_was_stored_earlier_is_read() {
        let oin = Oin::parse("00000001003214345000").unwrap();
        let bericht = "01a2075f-1b1f-7a36-ba66-fe14b3860427";
        let van = |rest: &str| -> Misplaatsing {
            let tekst = format!(r#"{{"eigenaar":"{oin}","bericht":"{bericht}","delen":[],"geldt":true{rest}}}"#);
            serde_json::from_str(&tekst).unwrap()
        };
        let alleen = |rest: &str| van(rest).alleen_melder;
        assert!(!alleen("") && !alleen(r#","blijft_voor":[]"#) && !alleen(r#","alleen_melder":false"#));
        assert!(alleen(&format!(r#","blijft_voor":["{oin}"]"#)) && alleen(r#","alleen_melder":true"#));
        assert!(!van("").alleen_verklaring, "who named no part then stopped them all, and still does");
    }

    #[test]
    fn one_person_is_the_same_by_pairs_of_pairs() {
        let p = |n| PersoonRef::from_bytes([n; 16]);
        let paren = [[p(1), p(2)], [p(3), p(2)], [p(4), p(5)]];
        assert_eq!(ook(&paren, p(1)), [p(2), p(3)]);
        assert_eq!(ook(&paren, p(3)), [p(2), p(1)]);
        assert_eq!(ook(&paren, p(5)), [p(4)]);
        assert!(ook(&paren, p(6)).is_empty());
    }

    #[test]
    fn what_is_stored_reads_back() {
        let embargo = Embargo {
            over: Reikwijdte::Persoon(PersoonRef::from_bytes([7; 16])),
            geldt: true,
            zichtbaarheid: Zichtbaarheid::Regie,
            herziening: Tijdstip::from_unix_millis(5),
        };
        let tekst = serde_json::to_string(&embargo).unwrap();
        assert_eq!(serde_json::from_str::<Embargo>(&tekst).unwrap(), embargo);
        let zaak = Embargo { over: Reikwijdte::Zaak, ..embargo };
        assert_eq!(serde_json::from_str::<Embargo>(&serde_json::to_string(&zaak).unwrap()).unwrap(), zaak);
    }
}
