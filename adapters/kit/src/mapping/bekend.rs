//! Which fields of the own message a mapping knows. Whatever else comes is refused, so that nothing is lost in silence.

use std::collections::BTreeMap;

use inbreng_domain::TypeNaam;
use serde_json::Value;

use super::{
    bouw::Gebruikt,
    fout::veld,
    pad::{Patroon, Stap, ontsnap},
};
use crate::{concept::Vertaalfout, vastezin};

/// Messages nested deeper than this are refused.
pub(super) const DIEPST: usize = 32;

/// The known fields, as a tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bekend {
    namen: BTreeMap<String, Self>,
    elk: Option<Box<Self>>,
    /// The value itself is used.
    waarde: bool,
    /// Everything from here on is passed over.
    negeren: bool,
}

impl Bekend {
    pub(super) fn van(genoemd: Vec<(Patroon, Gebruikt)>, negeren: Vec<Patroon>) -> Self {
        let mut wortel = Self::default();
        for (patroon, gebruikt) in genoemd {
            wortel.knoop(patroon).waarde |= gebruikt == Gebruikt::Waarde;
        }
        for patroon in negeren {
            wortel.knoop(patroon).negeren = true;
        }
        wortel
    }

    fn knoop(&mut self, patroon: Patroon) -> &mut Self {
        patroon.into_iter().fold(self, |knoop, stap| match stap {
            Stap::Naam(naam) => knoop.namen.entry(naam).or_default(),
            Stap::Elk => knoop.elk.get_or_insert_default(),
        })
    }

    /// Refuses the first field that the mapping does not know. A type with a fixed sentence has no room for it at all.
    pub(super) fn toets(&self, bericht: &Value, soort: &TypeNaam) -> Result<(), Vertaalfout> {
        let mut eerste = None;
        loop_door(&[self], bericht, String::new(), 0, &mut |pad, onbekend| {
            eerste.get_or_insert_with(|| veld(pad, vastezin::grens(soort).unwrap_or_else(|| onbekend.zin())));
        });
        eerste.map_or(Ok(()), Err)
    }

    /// The nodes for this place: names, and items of a list by their index.
    pub(super) fn op(&self, stappen: &[&str]) -> Vec<&Self> {
        stappen.iter().fold(vec![self], |hier, stap| {
            let elk = stap.parse::<usize>().is_ok();
            hier.iter().flat_map(|k| [k.namen.get(*stap), k.elk.as_deref().filter(|_| elk)]).flatten().collect()
        })
    }

    /// What of `waarde`, which stands at `knopen`, is not used: its pointer and value.
    pub(super) fn rest<'v>(knopen: &[&Self], waarde: &'v Value) -> Vec<(String, &'v Value)> {
        let mut over = Vec::new();
        loop_door(knopen, waarde, String::new(), 0, &mut |pad, _| over.extend(waarde.pointer(pad).map(|v| (pad.to_owned(), v))));
        over
    }
}

/// What is wrong with a field that is not known.
#[derive(Clone, Copy)]
enum Onbekend {
    Veld,
    Vorm,
    Diep,
}

impl Onbekend {
    const fn zin(self) -> &'static str {
        match self {
            Self::Veld => "Dit veld is onbekend. Laat het weg, of zet het in de mapping bij negeren.",
            Self::Vorm => "Dit veld heeft niet de vorm die de mapping verwacht.",
            Self::Diep => "Dit bericht is te diep genest.",
        }
    }
}

fn loop_door(hier: &[&Bekend], waarde: &Value, pad: String, diepte: usize, meld: &mut dyn FnMut(&str, Onbekend)) {
    if hier.iter().any(|k| k.negeren) {
        return;
    }
    if diepte > DIEPST {
        meld(&pad, Onbekend::Diep);
        return;
    }
    let mut kind = |stap: &str, elk: bool, v: &Value| {
        let volgende: Vec<&Bekend> =
            hier.iter().flat_map(|k| [k.namen.get(stap), k.elk.as_deref().filter(|_| elk)]).flatten().collect();
        let onder = format!("{pad}/{}", ontsnap(stap));
        if volgende.is_empty() { meld(&onder, Onbekend::Veld) } else { loop_door(&volgende, v, onder, diepte + 1, meld) }
    };
    match waarde {
        Value::Object(leden) => leden.iter().for_each(|(naam, v)| kind(naam, false, v)),
        Value::Array(items) => items.iter().enumerate().for_each(|(i, v)| kind(&i.to_string(), true, v)),
        // An empty field is no field; a list that is used may be absent.
        Value::Null => {}
        _ if hier.iter().any(|k| k.waarde) => {}
        _ => meld(&pad, Onbekend::Vorm),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn soort() -> TypeNaam {
        TypeNaam::parse("incidentmelding").unwrap()
    }
    use crate::mapping::pad::patroon;

    fn bekend() -> Bekend {
        let p = |s: &str| (patroon(s, "").unwrap(), Gebruikt::Waarde);
        Bekend::van(vec![p("/a"), p("/lijst/*/x"), p("/o/p")], vec![patroon("/intern/*/y", "").unwrap()])
    }

    fn pad_van(v: &Value) -> Option<String> {
        match bekend().toets(v, &soort()) {
            Ok(()) => None,
            Err(Vertaalfout::Veld { pad, .. }) => Some(pad),
            Err(_) => panic!("another error"),
        }
    }

    #[test]
    fn every_field_is_known_or_named() {
        assert_eq!(pad_van(&json!({"a": 1, "lijst": [{"x": 1}, {}], "o": {}, "intern": [{"y": {"z": 1}}]})), None);
        assert_eq!(pad_van(&json!({"a": 1, "b": 2})).as_deref(), Some("/b"));
        assert_eq!(pad_van(&json!({"lijst": [{"x": 1}, {"x": 1, "é/~": 2}]})).as_deref(), Some("/lijst/1/é~1~0"));
        assert_eq!(pad_van(&json!({"o": "tekst"})).as_deref(), Some("/o"));
        assert_eq!(pad_van(&json!({"a": {"verstopt": 1}})).as_deref(), Some("/a/verstopt"));
        assert_eq!(pad_van(&json!({"intern": [{"z": 1}]})).as_deref(), Some("/intern/0/z"));
        assert_eq!(pad_van(&json!("tekst")).as_deref(), Some(""));
    }

    #[test]
    fn depth_is_bounded() {
        let mut diep = json!(1);
        for _ in 0..200 {
            diep = json!({"d": diep});
        }
        let mut bekend = Bekend::default();
        bekend.knoop((0..300).map(|_| Stap::Naam("d".into())).collect()).waarde = true;
        assert!(bekend.toets(&diep, &soort()).is_err());
    }
}
