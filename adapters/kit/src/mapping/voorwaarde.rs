//! When something in a mapping counts: a few fixed questions about fields.

use serde_json::Value;

use super::{
    bouw::Bouw,
    fout::MappingFout,
    lezer::{Lezer, lijst, tekst, vast},
    pad::Pad,
    waarde::{Als, Veld},
};

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Voorwaarde {
    Altijd(bool),
    /// The field has one of these values; an absent field has none of them.
    In(Veld, Vec<Value>),
    Aanwezig(Pad, bool),
    Niet(Box<Self>),
    Alle(Vec<Self>),
    EenVan(Vec<Self>),
    /// Some item of the list meets the condition.
    ErIs(Pad, Box<Self>),
}

impl Voorwaarde {
    /// A condition that may be left out: then it always holds.
    pub(super) fn misschien(waarde: Option<toml::Value>, plek: &str, bouw: &mut Bouw<'_>) -> Result<Self, MappingFout> {
        waarde.map_or(Ok(Self::Altijd(true)), |v| Self::lezen(v, plek, bouw))
    }

    pub(super) fn lezen(waarde: toml::Value, plek: &str, bouw: &mut Bouw<'_>) -> Result<Self, MappingFout> {
        if let toml::Value::Boolean(b) = waarde {
            return Ok(Self::Altijd(b));
        }
        let mut lezer = Lezer::new(waarde, plek)?;
        bouw.dieper(plek, |b| {
            let gelezen = Self::vraag(&mut lezer, b)?;
            lezer.klaar()?;
            Ok(gelezen)
        })
    }

    fn vraag(lezer: &mut Lezer, bouw: &mut Bouw<'_>) -> Result<Self, MappingFout> {
        if let Some(waarde) = lezer.neem("niet") {
            return Self::lezen(waarde, &lezer.bij("niet"), bouw).map(|v| Self::Niet(Box::new(v)));
        }
        for (sleutel, soort) in [("alle", Self::Alle as fn(Vec<Self>) -> Self), ("een_van", Self::EenVan)] {
            if let Some(waarde) = lezer.neem(sleutel) {
                let vragen = lijst(waarde, &lezer.bij(sleutel))?;
                return vragen.into_iter().map(|(v, hier)| Self::lezen(v, &hier, bouw)).collect::<Result<_, _>>().map(soort);
            }
        }
        if let Some(waarde) = lezer.neem("per") {
            let plek = lezer.bij("per");
            let pad = tekst(waarde, &plek)?;
            let (vraag, bij) = (lezer.moet("er_is")?, lezer.bij("er_is"));
            let (pad, vraag) = bouw.per(&pad, &plek, |b| Self::lezen(vraag, &bij, b))?;
            return Ok(Self::ErIs(pad, Box::new(vraag)));
        }
        if lezer.heeft("aanwezig") {
            let plek = lezer.bij("veld");
            let pad = bouw.pad(&tekst(lezer.moet("veld")?, &plek)?, &plek)?;
            return Ok(Self::Aanwezig(pad, lezer.ja_nee("aanwezig")?.unwrap_or(true)));
        }
        let eigen_als = lezer.heeft("als");
        let mut veld = Veld::uit(lezer, bouw)?;
        veld.verplicht = false;
        let waarden = match (lezer.neem("is"), lezer.neem("in")) {
            (Some(een), None) => vec![vast(een, &lezer.bij("is"))?],
            (None, Some(meer)) => {
                lijst(meer, &lezer.bij("in"))?.into_iter().map(|(v, hier)| vast(v, &hier)).collect::<Result<_, _>>()?
            }
            _ => return Err(MappingFout::new(lezer.plek(), "een voorwaarde over een veld heeft is, in of aanwezig")),
        };
        // `is = true` asks for a yes/no and `is = 3` for a number, so that nobody need say it twice.
        if !eigen_als && veld.tabel.is_none() {
            veld.als = match waarden.first() {
                Some(Value::Bool(_)) => Als::JaNee,
                Some(Value::Number(_)) => Als::Getal,
                _ => veld.als,
            };
        }
        Ok(Self::In(veld, waarden))
    }
}
