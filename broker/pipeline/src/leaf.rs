//! Leaves for the log: a record without content or person, its salt, its hash.

use inbreng_domain::{Code, Randomness, Tijdstip, problem::ProblemCode, receipts::Bladopening};
use inbreng_proof::{blad::blad_hash, canonical_string, encoding};
use inbreng_storage::NieuwBlad;
use serde::Serialize;

use crate::{Fout, Spoor};

/// What kind of event a leaf records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Soort {
    Bericht,
    Besluit,
    Toets,
    ToetsNodig,
    Ontvangst,
    Gelezen,
    Weigering,
    Inzage,
    Overzicht,
    NietGedeeld,
    Toegang,
    Toetsuitslag,
    Vermelding,
    Sleutel,
    Bevriezing,
    Versie,
    Partij,
    Terugroep,
    DodeLetter,
    Herbezorging,
    Herstel,
    Nazending,
    Heropening,
    Verlopen,
    Opgeruimd,
}

impl Soort {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Bericht => "bericht",
            Self::Besluit => "besluit",
            Self::Toets => "toets",
            Self::ToetsNodig => "toets-nodig",
            Self::Ontvangst => "ontvangst",
            Self::Gelezen => "gelezen",
            Self::Weigering => "weigering",
            Self::Inzage => "inzage",
            Self::Overzicht => "overzicht",
            Self::NietGedeeld => "niet-gedeeld",
            Self::Toegang => "toegang",
            Self::Toetsuitslag => "toetsuitslag",
            Self::Vermelding => "vermelding",
            Self::Sleutel => "sleutel",
            Self::Bevriezing => "bevriezing",
            Self::Versie => "versie",
            Self::Partij => "partij",
            Self::Terugroep => "terugroep",
            Self::DodeLetter => "dode-letter",
            Self::Herbezorging => "herbezorging",
            Self::Herstel => "herstel",
            Self::Nazending => "nazending",
            Self::Heropening => "heropening",
            Self::Verlopen => "verlopen",
            Self::Opgeruimd => "opgeruimd",
        }
    }
}

impl Soort {
    /// Whether it records a decision, which belongs to the trace of who asked for it.
    const fn is_besluit(self) -> bool {
        matches!(self, Self::Besluit | Self::Toets | Self::Inzage | Self::Overzicht)
    }
}

/// A record with the trace of who asked.
#[derive(Serialize)]
struct MetSpoor<'a, T> {
    #[serde(flatten)]
    record: &'a T,
    spoor: Spoor,
}

/// Makes the leaf of a record.
pub(crate) fn maken<T: Serialize>(soort: Soort, record: &T, nu: Tijdstip, random: &dyn Randomness) -> Result<NieuwBlad, Fout> {
    let intern = |error: Box<dyn std::error::Error + Send + Sync>| Fout::new(ProblemCode::InterneFout).door(error);
    let record = match Spoor::huidig().filter(|_| soort.is_besluit()) {
        Some(spoor) => canonical_string(&MetSpoor { record, spoor }),
        None => canonical_string(record),
    };
    let record = record.map_err(|e| intern(e.into()))?;
    let mut zout = [0; 32];
    random.fill(&mut zout);
    let soort = Code::parse(soort.as_str()).map_err(|e| intern(e.into()))?;
    let hash = blad_hash(&soort.as_str(), nu, &zout, record.as_bytes());
    Ok(NieuwBlad { soort, record, zout, hash, tijd: nu })
}

/// What a receipt says of a leaf, so that its inclusion can be proven.
pub(crate) fn opening(blad: &NieuwBlad) -> Bladopening {
    Bladopening { zout: encoding::encode(&blad.zout), hash: blad.hash }
}
