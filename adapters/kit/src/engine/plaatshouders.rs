//! Placeholders in a concept: found, resolved in the store, and replaced by what the wire wants.

use std::collections::BTreeMap;

use inbreng_domain::{CasusRef, Oin, Randomness, Tijdstip};
use serde_json::Value;
use time::Duration;

use crate::store::{Berichtnummer, Opslagfout, Transactie};

/// A placeholder, as the table in [`crate::concept::Concept`] says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Plaatshouder {
    Persoon(String),
    Casus(String),
    Bericht(String),
    Deel(String),
    Partner(String),
    Afzender(String),
    Nu(i64),
    Volgnummer(String),
}

/// Why a placeholder cannot be filled.
#[derive(Debug, thiserror::Error)]
pub enum Plaatsfout {
    /// Names something that is not known here. Holds the member, never the key.
    #[error("{0} names something that is not known here")]
    Onbekend(&'static str),
    /// Not one of the forms, or with another kind of value.
    #[error("not a placeholder that the adapter knows")]
    Vorm,
    /// The store.
    #[error(transparent)]
    Opslag(#[from] Opslagfout),
}

/// What placeholders are resolved against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Omstandigheid<'a> {
    pub casus: Option<CasusRef>,
    pub beantwoord: Option<&'a Berichtnummer>,
    pub eigen: Oin,
    pub nu: Tijdstip,
    pub random: &'a dyn Randomness,
}

/// Replaces every placeholder in these values. The same placeholder gets the same value in the whole message.
pub(super) async fn invullen(waarden: &mut [&mut Value], o: Omstandigheid<'_>, tx: &mut Transactie) -> Result<(), Plaatsfout> {
    let mut gevonden = BTreeMap::new();
    for waarde in waarden.iter() {
        zoeken(waarde, &mut gevonden)?;
    }
    for (houder, inhoud) in &mut gevonden {
        *inhoud = oplossen(houder, o, tx).await?;
    }
    for waarde in waarden.iter_mut() {
        vervangen(waarde, &gevonden)?;
    }
    Ok(())
}

/// An object with one member whose name begins with `$`; nothing else may begin with it.
fn lezen(waarde: &Value) -> Result<Option<Plaatshouder>, Plaatsfout> {
    let Value::Object(leden) = waarde else { return Ok(None) };
    if !leden.keys().any(|k| k.starts_with('$')) {
        return Ok(None);
    }
    let mut leden = leden.iter();
    let (Some((naam, inhoud)), None) = (leden.next(), leden.next()) else { return Err(Plaatsfout::Vorm) };
    let tekst = || inhoud.as_str().map(str::to_owned).ok_or(Plaatsfout::Vorm);
    Ok(Some(match naam.as_str() {
        "$persoon" => Plaatshouder::Persoon(tekst()?),
        "$casus" => Plaatshouder::Casus(tekst()?),
        "$bericht" => Plaatshouder::Bericht(tekst()?),
        "$deel" => Plaatshouder::Deel(tekst()?),
        "$partner" => Plaatshouder::Partner(tekst()?),
        "$afzender" => Plaatshouder::Afzender(tekst()?),
        "$nu" => Plaatshouder::Nu(inhoud.as_i64().filter(|d| d.abs() <= 36_500).ok_or(Plaatsfout::Vorm)?),
        "$volgnummer" => Plaatshouder::Volgnummer(tekst()?),
        _ => return Err(Plaatsfout::Vorm),
    }))
}

fn zoeken(waarde: &Value, gevonden: &mut BTreeMap<Plaatshouder, Value>) -> Result<(), Plaatsfout> {
    if let Some(houder) = lezen(waarde)? {
        gevonden.insert(houder, Value::Null);
        return Ok(());
    }
    match waarde {
        Value::Array(lijst) => lijst.iter().try_for_each(|v| zoeken(v, gevonden)),
        Value::Object(leden) => leden.values().try_for_each(|v| zoeken(v, gevonden)),
        _ => Ok(()),
    }
}

fn vervangen(waarde: &mut Value, gevonden: &BTreeMap<Plaatshouder, Value>) -> Result<(), Plaatsfout> {
    if let Some(houder) = lezen(waarde)? {
        *waarde = gevonden.get(&houder).cloned().ok_or(Plaatsfout::Vorm)?;
        return Ok(());
    }
    match waarde {
        Value::Array(lijst) => lijst.iter_mut().try_for_each(|v| vervangen(v, gevonden)),
        Value::Object(leden) => leden.values_mut().try_for_each(|v| vervangen(v, gevonden)),
        _ => Ok(()),
    }
}

async fn oplossen(houder: &Plaatshouder, o: Omstandigheid<'_>, tx: &mut Transactie) -> Result<Value, Plaatsfout> {
    let tekst = match houder {
        Plaatshouder::Persoon(eigen) => {
            let casus = o.casus.ok_or(Plaatsfout::Onbekend("$persoon"))?;
            tx.persoon(casus, eigen, o.random).await?.to_string()
        }
        Plaatshouder::Casus(eigen) => tx.zaak(eigen).await?.ok_or(Plaatsfout::Onbekend("$casus"))?.verwijzing.to_string(),
        Plaatshouder::Bericht(kenmerk) => tx.bericht(kenmerk).await?.ok_or(Plaatsfout::Onbekend("$bericht"))?.id.to_string(),
        Plaatshouder::Deel(verwijzing) => {
            let (kenmerk, nummer) = verwijzing.rsplit_once('#').ok_or(Plaatsfout::Vorm)?;
            let nummer = nummer.parse().map_err(|_| Plaatsfout::Vorm)?;
            let bericht = tx.bericht(kenmerk).await?.ok_or(Plaatsfout::Onbekend("$deel"))?;
            tx.deel(bericht.id, nummer).await?.ok_or(Plaatsfout::Onbekend("$deel"))?.to_string()
        }
        Plaatshouder::Partner(wie) => match wie.as_str() {
            "eigen" => o.eigen.to_string(),
            "afzender" => o.beantwoord.ok_or(Plaatsfout::Onbekend("$partner"))?.van.to_string(),
            _ => return Err(Plaatsfout::Vorm),
        },
        Plaatshouder::Afzender(kenmerk) => tx.bericht(kenmerk).await?.ok_or(Plaatsfout::Onbekend("$afzender"))?.van.to_string(),
        Plaatshouder::Nu(dagen) => o.nu.plus(Duration::days(*dagen)).to_string(),
        Plaatshouder::Volgnummer(reeks) => return Ok(tx.volgnummer(reeks).await?.into()),
    };
    Ok(Value::String(tekst))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_known_forms_are_placeholders() {
        assert_eq!(lezen(&json!({"$persoon": "P1"})).unwrap(), Some(Plaatshouder::Persoon("P1".to_owned())));
        assert_eq!(lezen(&json!({"$afzender": "V-1"})).unwrap(), Some(Plaatshouder::Afzender("V-1".to_owned())));
        assert_eq!(lezen(&json!({"persoon": "P1"})).unwrap(), None);
        for fout in [json!({"$persoon": 1}), json!({"$persoon": "a", "b": 1}), json!({"$iets": "a"}), json!({"$nu": "x"})] {
            assert!(lezen(&fout).is_err(), "{fout}");
        }
    }

    #[test]
    fn placeholders_are_found_and_replaced_at_any_depth() {
        let mut waarde = json!({"a": [{"wie": {"$persoon": "P1"}}, {"$persoon": "P1"}], "b": {"$nu": 0}});
        let mut gevonden = BTreeMap::new();
        zoeken(&waarde, &mut gevonden).unwrap();
        assert_eq!(gevonden.len(), 2);
        for inhoud in gevonden.values_mut() {
            *inhoud = json!("x");
        }
        vervangen(&mut waarde, &gevonden).unwrap();
        assert_eq!(waarde, json!({"a": [{"wie": "x"}, "x"], "b": "x"}));
    }
}
