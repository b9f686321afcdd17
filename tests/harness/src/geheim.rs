//! What no one but who may read it may ever hold in clear: one list of canaries, by class, and of the places that are searched for them.
//!
//! Every suite takes its words from here, so that a class that is added is looked for everywhere; `tests/e2e/secrecy_table.rs` holds
//! that each place is searched for each class.

use std::collections::BTreeSet;

use inbreng_domain::vocabulary::Doel;
use serde_json::{Value, json};

use crate::{Brief, Kanaries, Partner, Regio, Stuk};

/// A class of what is secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Klasse {
    /// What somebody wrote of a person: free text of a part.
    Inhoud,
    /// Names of persons.
    Naam,
    /// A citizen service number.
    Bsn,
    /// Why something is shared all the same: the reason of a professional, and of who uses the emergency path.
    Motief,
    /// Where somebody lives, and can be reached.
    Adres,
}

impl Klasse {
    /// Every class.
    pub const ALLE: [Self; 5] = [Self::Inhoud, Self::Naam, Self::Bsn, Self::Motief, Self::Adres];

    /// The words of it that stand in [`Geheim`].
    pub const fn woorden(self) -> &'static [&'static str] {
        match self {
            Self::Inhoud => &[Geheim::INHOUD, Geheim::MELDING],
            Self::Naam => &[Geheim::NAAM, Geheim::TWEEDE_NAAM],
            Self::Bsn => &[Geheim::BSN],
            Self::Motief => &[Geheim::MOTIEF, Geheim::NOODMOTIEF],
            Self::Adres => &[Geheim::STRAAT, Geheim::TELEFOON],
        }
    }

    /// To which class a word belongs.
    pub fn van(woord: &str) -> Option<Self> {
        Self::ALLE.into_iter().find(|klasse| klasse.woorden().contains(&woord))
    }
}

/// The words themselves: invented, and long enough that chance does not make them.
#[derive(Debug, Clone, Copy)]
pub struct Geheim;

impl Geheim {
    /// Free text with letters that JSON and HTML escape.
    pub const INHOUD: &str = "Zij durft niet naar huis zolang hij \"thuis\" is, ook café René niet.";
    /// What a neighbour told.
    pub const MELDING: &str = "De buurvrouw hoorde verzonnen geschreeuw achter de rietkraag.";
    /// Whom it is about.
    pub const NAAM: &str = "Testpersoon Zilverreiger";
    /// Who else is in it.
    pub const TWEEDE_NAAM: &str = "Testpersoon Roerdomp";
    /// Of nobody: the range for tests.
    pub const BSN: &str = "999990275";
    /// A professional's.
    pub const MOTIEF: &str = "De behandelaar vreest voor haar leven vannacht.";
    /// Of a professional who breaks a secret (R9): what was weighed.
    pub const NOODMOTIEF: &str = "Hij belde verzonnen woedend vanaf de rietkraag en neemt niet meer op.";
    /// Of nobody.
    pub const STRAAT: &str = "Verzonnen Rietkraagdreef";
    /// Of nobody.
    pub const TELEFOON: &str = "070 0001234";

    /// All of them, to look for.
    #[must_use]
    pub fn kanaries() -> Kanaries {
        Kanaries::new(Klasse::ALLE.into_iter().flat_map(Klasse::woorden).copied())
    }

    /// Which classes are in here.
    #[must_use]
    pub fn klassen_in(bytes: &[u8]) -> BTreeSet<Klasse> {
        Self::kanaries().in_bytes(bytes).iter().filter_map(|woord| Klasse::van(woord)).collect()
    }

    /// Fails unless every class is in here: what is searched for elsewhere is really there.
    pub fn is_vol(wat: &str, bytes: &[u8]) {
        let er = Self::klassen_in(bytes);
        let weg: Vec<_> = Klasse::ALLE.into_iter().filter(|klasse| !er.contains(klasse)).collect();
        assert!(weg.is_empty(), "{wat} holds nothing of {weg:?}: {}", String::from_utf8_lossy(bytes));
    }

    /// Everything that a content has room for, in a part of a person; and the motive in any.
    #[must_use]
    pub fn in_stuk(mut stuk: Stuk) -> Stuk {
        stuk.inhoud["verantwoording"] = json!({ "noodzaak": Self::MOTIEF });
        if let Some(persoon) = stuk.inhoud.pointer_mut("/personen/0") {
            persoon["telefoon"] = json!(Self::TELEFOON);
        }
        stuk
    }

    /// A registration of the police that holds a word of every class that its form has room for.
    #[must_use]
    pub fn in_mutatie(mut mutatie: Value) -> Value {
        mutatie["toedracht"] = json!(format!("{} {} {}", Self::MELDING, Self::INHOUD, Self::MOTIEF));
        for (n, naam) in [Self::NAAM, Self::TWEEDE_NAAM].into_iter().enumerate() {
            mutatie["betrokkenen"][n]["achternaam"] = json!(naam);
            mutatie["betrokkenen"][n]["adres"]["straat"] = json!(Self::STRAAT);
        }
        mutatie["betrokkenen"][0]["bsn"] = json!(Self::BSN);
        mutatie["betrokkenen"][0]["telefoon"] = json!(Self::TELEFOON);
        mutatie
    }

    /// An emergency report of a professional that holds a word of every class that its form has room for: also what was weighed.
    #[must_use]
    pub fn in_noodmelding(mut melding: Value) -> Value {
        melding["afweging"] = json!(Self::NOODMOTIEF);
        melding["waarom_nodig"] = json!(Self::MOTIEF);
        melding["gevaar"]["toelichting"] = json!(format!("{} {}", Self::MELDING, Self::INHOUD));
        melding["patient"]["achternaam"] = json!(Self::NAAM);
        melding
    }

    /// A message of which the parts hold a word of every class.
    #[must_use]
    pub fn melding(regio: &Regio, van: &Partner, aan: &Partner) -> Brief {
        let persoon = Stuk::persoon(Doel::Beoordelen, Self::NAAM, Self::BSN, Self::STRAAT, &[aan]);
        Brief::incidentmelding(regio, van, aan, Self::INHOUD).met(Self::in_stuk(persoon))
    }
}
