//! A value of the translation: a field, a constant, an object, a list, or one of a few ways to put these together.
//!
//! There is no expression language. What a mapping can say is what stands in [`Sjabloon`].

use serde_json::Value;

use super::{
    bouw::{Bouw, Richting, Tabel},
    fout::MappingFout,
    lezer::{Lezer, lijst, tekst, vast},
    pad::Pad,
    partner::PartnerNaam,
    tijdvorm::Vorm,
    voorwaarde::Voorwaarde,
};

/// A template.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sjabloon {
    Vast(Value),
    Veld(Veld),
    Object(Vec<(String, Self)>),
    Lijst(Vec<Self>),
    Per(Box<Per>),
    /// Texts, one after the other.
    Samen {
        delen: Vec<Self>,
        met: String,
    },
    /// The first that is there.
    Eerste(Vec<Self>),
    /// Only where the condition holds.
    Wanneer(Box<(Voorwaarde, Self)>),
    /// The OIN of a name of `[partners]`.
    OinVan(Box<PartnerNaam>),
    /// `{"$persoon": …}` and its like: the engine puts the reference in its place.
    Plaatshouder(String, Box<Self>),
}

/// One field of the message.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Veld {
    pub(super) pad: Pad,
    pub(super) als: Als,
    pub(super) tabel: Option<Tabel>,
    pub(super) verplicht: bool,
    pub(super) anders: Option<Value>,
    /// At most this many characters.
    pub(super) hoogstens: Option<usize>,
}

/// What the field must be, and what it becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Als {
    Tekst,
    Getal,
    JaNee,
    /// A text or a whole number, as a text: keys and numbers of the own system.
    Nummer,
    Datum(Vorm),
    Tijdstip(Vorm),
    /// A date of birth becomes the age group on `peildatum` (outgoing only).
    Leeftijdsgroep(Vorm),
    /// A reference of the wire becomes the own key of that person, where there is one (incoming only).
    Persoon,
}

/// A template for each item of a list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Per {
    pub(super) lijst: Pad,
    pub(super) wanneer: Voorwaarde,
    pub(super) waarde: Sjabloon,
    pub(super) verplicht: bool,
    pub(super) minimaal: usize,
    /// Joined into one text with this between.
    pub(super) met: Option<String>,
}

/// The keys that make a table an instruction instead of an object with that content.
const KOPPEN: [&str; 9] = ["veld", "vast", "per", "samen", "eerste", "alleen_als", "object", "sjabloon", "oin_van"];
/// What the engine can fill in (see [`crate::concept::Concept`]).
const PLAATSHOUDERS: [&str; 8] = ["$persoon", "$casus", "$bericht", "$deel", "$partner", "$afzender", "$nu", "$volgnummer"];

impl Sjabloon {
    pub(super) fn lezen(waarde: toml::Value, plek: &str, bouw: &mut Bouw<'_>) -> Result<Self, MappingFout> {
        match waarde {
            toml::Value::String(s) if Pad::is_pad(&s) => Ok(Self::Veld(Veld::kort(&s, plek, bouw)?)),
            toml::Value::Array(items) => {
                let items = lijst(toml::Value::Array(items), plek)?;
                bouw.dieper(plek, |b| items.into_iter().map(|(v, hier)| Self::lezen(v, &hier, b)).collect()).map(Self::Lijst)
            }
            toml::Value::Table(tabel) if KOPPEN.iter().any(|k| tabel.contains_key(*k)) => {
                let lezer = Lezer::new(toml::Value::Table(tabel), plek)?;
                bouw.dieper(plek, |b| Self::opdracht(lezer, b))
            }
            toml::Value::Table(tabel) => bouw.dieper(plek, |b| Self::object(toml::Value::Table(tabel), plek, b)),
            waarde => vast(waarde, plek).map(Self::Vast),
        }
    }

    fn opdracht(mut lezer: Lezer, bouw: &mut Bouw<'_>) -> Result<Self, MappingFout> {
        let sjabloon = if lezer.heeft("veld") {
            return Veld::lezen(lezer, bouw).map(Self::Veld);
        } else if lezer.heeft("per") {
            return Per::lezen(lezer, bouw).map(|p| Self::Per(Box::new(p)));
        } else if let Some(waarde) = lezer.neem("vast") {
            vast(waarde, &lezer.bij("vast")).map(Self::Vast)?
        } else if let Some(waarde) = lezer.neem("object") {
            Self::object(waarde, &lezer.bij("object"), bouw)?
        } else if let Some(naam) = lezer.tekst("sjabloon")? {
            let plek = lezer.bij("sjabloon");
            Self::lezen(bouw.sjabloon(&naam, &plek)?, &format!("{plek} = {naam}"), bouw)?
        } else if let Some(naam) = lezer.neem("oin_van") {
            Self::OinVan(Box::new(PartnerNaam::lezen(naam, &lezer.bij("oin_van"), bouw)?))
        } else if lezer.heeft("samen") {
            let delen = Self::reeks(&mut lezer, "samen", bouw)?;
            Self::Samen { delen, met: lezer.tekst("met")?.unwrap_or_default() }
        } else if lezer.heeft("eerste") {
            Self::Eerste(Self::reeks(&mut lezer, "eerste", bouw)?)
        } else {
            let voorwaarde = Voorwaarde::lezen(lezer.moet("alleen_als")?, &lezer.bij("alleen_als"), bouw)?;
            let waarde = Self::lezen(lezer.moet("waarde")?, &lezer.bij("waarde"), bouw)?;
            Self::Wanneer(Box::new((voorwaarde, waarde)))
        };
        lezer.klaar()?;
        Ok(sjabloon)
    }

    fn reeks(lezer: &mut Lezer, sleutel: &'static str, bouw: &mut Bouw<'_>) -> Result<Vec<Self>, MappingFout> {
        lezer.lijst(sleutel)?.into_iter().map(|(v, hier)| Self::lezen(v, &hier, bouw)).collect()
    }

    fn object(waarde: toml::Value, plek: &str, bouw: &mut Bouw<'_>) -> Result<Self, MappingFout> {
        let mut leden = Lezer::new(waarde, plek)?.leden().collect::<Vec<_>>();
        if let Some((sleutel, _, hier)) = leden.iter().find(|(s, _, _)| s.starts_with('$')) {
            if bouw.richting == Richting::In || !PLAATSHOUDERS.contains(&sleutel.as_str()) {
                return Err(MappingFout::new(hier, format!("dit kan hier niet; wel in uitgaand: {}", PLAATSHOUDERS.join(", "))));
            }
            if leden.len() != 1 {
                return Err(MappingFout::new(hier, "een sleutel met $ staat alleen in zijn tabel"));
            }
            if let Some((sleutel, waarde, hier)) = leden.pop() {
                let binnen = nummer(Self::lezen(waarde, &hier, bouw)?);
                return Ok(Self::Plaatshouder(sleutel, Box::new(binnen)));
            }
        }
        leden
            .into_iter()
            .map(|(sleutel, v, hier)| Self::lezen(v, &hier, bouw).map(|s| (sleutel, s)))
            .collect::<Result<_, _>>()
            .map(Self::Object)
    }
}

/// Own keys may be numbers in the own system: a bare field is read as either.
pub(super) fn nummer(mut sjabloon: Sjabloon) -> Sjabloon {
    if let Sjabloon::Veld(veld) = &mut sjabloon
        && veld.als == Als::Tekst
    {
        veld.als = Als::Nummer;
    }
    sjabloon
}

impl Veld {
    /// A bare path: a text that must be there.
    pub(super) fn kort(pad: &str, plek: &str, bouw: &mut Bouw<'_>) -> Result<Self, MappingFout> {
        let pad = bouw.pad(pad, plek)?;
        Ok(Self { pad, als: Als::Tekst, tabel: None, verplicht: true, anders: None, hoogstens: None })
    }

    fn lezen(mut lezer: Lezer, bouw: &mut Bouw<'_>) -> Result<Self, MappingFout> {
        let veld = Self::uit(&mut lezer, bouw)?;
        lezer.klaar()?;
        Ok(veld)
    }

    /// Reads the keys of a field; what more stands in the table is the caller's.
    pub(super) fn uit(lezer: &mut Lezer, bouw: &mut Bouw<'_>) -> Result<Self, MappingFout> {
        let plek = lezer.bij("veld");
        let pad = bouw.pad(&tekst(lezer.moet("veld")?, &plek)?, &plek)?;
        let vorm = lezer.tekst("vorm")?;
        let als = lezer.tekst("als")?;
        let tabel = match lezer.neem("tabel") {
            None => None,
            Some(t) => Some(bouw.tabel(t, &lezer.bij("tabel"))?),
        };
        let tabel = match (tabel, lezer.ja_nee("omgekeerd")?.unwrap_or(false)) {
            (Some(t), true) => Some(t.omgekeerd(&lezer.bij("omgekeerd"))?),
            (None, true) => return Err(MappingFout::new(lezer.bij("omgekeerd"), "dit hoort bij een tabel")),
            (t, false) => t,
        };
        let standaard = if tabel.is_some() { "nummer" } else { "tekst" };
        let als = Als::lezen(als.as_deref().unwrap_or(standaard), vorm, lezer, bouw.richting)?;
        if matches!(als, Als::Leeftijdsgroep(_)) {
            bouw.vraag_leeftijd();
        }
        let anders = match lezer.neem("anders") {
            None => None,
            Some(v) => Some(vast(v, &lezer.bij("anders"))?),
        };
        let verplicht = lezer.ja_nee("verplicht")?.unwrap_or(anders.is_none());
        let hoogstens = lezer.aantal("hoogstens")?;
        Ok(Self { pad, als, tabel, verplicht, anders, hoogstens })
    }
}

impl Als {
    fn lezen(woord: &str, vorm: Option<String>, lezer: &Lezer, richting: Richting) -> Result<Self, MappingFout> {
        let datumvorm = |standaard: &str, tijd: bool| {
            let vorm = Vorm::lezen(vorm.as_deref().unwrap_or(standaard))
                .filter(|v| !tijd || v.heeft_tijd())
                .ok_or_else(|| MappingFout::new(lezer.bij("vorm"), VORM))?;
            Ok(vorm)
        };
        let als = match woord {
            "tekst" => Self::Tekst,
            "getal" => Self::Getal,
            "ja-nee" => Self::JaNee,
            "nummer" => Self::Nummer,
            "datum" => return datumvorm("JJJJ-MM-DD", false).map(Self::Datum),
            "tijdstip" => return datumvorm("RFC3339", true).map(Self::Tijdstip),
            "leeftijdsgroep" if richting == Richting::Uit => return datumvorm("JJJJ-MM-DD", false).map(Self::Leeftijdsgroep),
            "persoon" if richting == Richting::In => Self::Persoon,
            _ => {
                let rest = if richting == Richting::Uit { "leeftijdsgroep" } else { "persoon" };
                return Err(MappingFout::new(
                    lezer.bij("als"),
                    format!("'{woord}' kan hier niet; wel: tekst, getal, ja-nee, nummer, datum, tijdstip, {rest}"),
                ));
            }
        };
        if vorm.is_some() {
            return Err(MappingFout::new(lezer.bij("vorm"), "dit hoort bij als = \"datum\", \"tijdstip\" of \"leeftijdsgroep\""));
        }
        Ok(als)
    }
}

const VORM: &str =
    "een vorm bestaat uit JJJJ, MM, DD en eventueel uu, mm, ss met tekens ertussen, of is RFC3339; een tijdstip heeft uu en mm";

impl Per {
    fn lezen(mut lezer: Lezer, bouw: &mut Bouw<'_>) -> Result<Self, MappingFout> {
        let plek = lezer.bij("per");
        let pad = tekst(lezer.moet("per")?, &plek)?;
        let verplicht = lezer.ja_nee("verplicht")?.unwrap_or(true);
        let minimaal = lezer.aantal("minimaal")?.unwrap_or(1);
        let met = lezer.tekst("met")?;
        let waarde = lezer.neem("waarde").unwrap_or_else(|| toml::Value::String(".".to_owned()));
        let wanneer = lezer.neem("wanneer");
        let (bij_waarde, bij_wanneer) = (lezer.bij("waarde"), lezer.bij("wanneer"));
        lezer.klaar()?;
        let (lijst, (wanneer, waarde)) = bouw.per(&pad, &plek, |b| {
            Ok((Voorwaarde::misschien(wanneer, &bij_wanneer, b)?, Sjabloon::lezen(waarde, &bij_waarde, b)?))
        })?;
        Ok(Self { lijst, wanneer, waarde, verplicht, minimaal, met })
    }
}
