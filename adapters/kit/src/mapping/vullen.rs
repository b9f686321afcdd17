//! Fills a template in from a message.
//!
//! INVARIANT: of the message only texts, whole numbers and yes/no come through, one field at a time; an object or list of
//! the message never passes as a whole, so that nothing unmapped and no placeholder can be slipped in.

use std::{cell::Cell, collections::BTreeMap};

use inbreng_domain::Tijdstip;
use serde_json::{Map, Value};
use time::Date;

use super::{
    bouw::woord_van,
    fout::veld,
    pad::Plek,
    tijdvorm::{Vorm, leeftijdsgroep},
    voorwaarde::Voorwaarde,
    waarde::{Als, Per, Sjabloon, Veld},
};
use crate::concept::Vertaalfout;

type Uitkomst<T> = Result<T, Vertaalfout>;

/// The most values that one message may yield.
const MEESTE_WAARDEN: usize = 50_000;
/// The largest whole number that JSON carries between systems (RFC 8259 §6).
const GROOTSTE: i64 = (1 << 53) - 1;

/// One filling in.
pub(super) struct Vuller<'v> {
    peildatum: Option<Date>,
    /// Own keys of persons by reference; absent when the message goes out.
    personen: Option<&'v BTreeMap<String, String>>,
    over: Cell<usize>,
}

impl<'v> Vuller<'v> {
    pub(super) const fn uit(peildatum: Option<Date>) -> Self {
        Self { peildatum, personen: None, over: Cell::new(MEESTE_WAARDEN) }
    }

    pub(super) const fn binnen(personen: &'v BTreeMap<String, String>) -> Self {
        Self { peildatum: None, personen: Some(personen), over: Cell::new(MEESTE_WAARDEN) }
    }

    /// The value of a template here; none where everything in it is absent and may be.
    pub(super) fn vul(&self, sjabloon: &Sjabloon, plek: &Plek<'_>) -> Uitkomst<Option<Value>> {
        let over = self.over.get().checked_sub(1).ok_or_else(|| veld("", "Dit bericht is te groot om te vertalen."))?;
        self.over.set(over);
        match sjabloon {
            Sjabloon::Vast(v) => Ok(Some(v.clone())),
            Sjabloon::Veld(v) => self.veld(v, plek),
            Sjabloon::Object(leden) => self.object(leden, plek),
            Sjabloon::Lijst(items) => {
                let gevuld = items.iter().filter_map(|s| self.vul(s, plek).transpose()).collect::<Uitkomst<Vec<_>>>()?;
                Ok((!gevuld.is_empty() || items.is_empty()).then_some(Value::Array(gevuld)))
            }
            Sjabloon::Per(per) => self.per(per, plek),
            Sjabloon::Samen { delen, met } => {
                let teksten = delen.iter().filter_map(|s| self.tekst(s, plek).transpose()).collect::<Uitkomst<Vec<_>>>()?;
                Ok((!teksten.is_empty()).then(|| Value::String(teksten.join(met))))
            }
            Sjabloon::Eerste(keuzen) => {
                for keuze in keuzen {
                    if let Some(v) = self.vul(keuze, plek)? {
                        return Ok(Some(v));
                    }
                }
                Ok(None)
            }
            Sjabloon::Wanneer(w) => {
                if self.geldt(&w.0, plek)? {
                    self.vul(&w.1, plek)
                } else {
                    Ok(None)
                }
            }
            Sjabloon::OinVan(naam) => Ok(naam.oin(self, plek)?.map(|oin| Value::String(oin.to_string()))),
            Sjabloon::Plaatshouder(naam, binnen) => {
                let Some(v) = self.vul(binnen, plek)? else { return Ok(None) };
                Ok(Some(Value::Object(Map::from_iter([(naam.clone(), v)]))))
            }
        }
    }

    /// The value of a template as a text.
    pub(super) fn tekst(&self, sjabloon: &Sjabloon, plek: &Plek<'_>) -> Uitkomst<Option<String>> {
        match self.vul(sjabloon, plek)? {
            None => Ok(None),
            Some(v) => woord_van(&v).map(Some).ok_or_else(|| veld(&plek.pad, "Hier hoort één tekst en geen lijst of groep.")),
        }
    }

    fn object(&self, leden: &[(String, Sjabloon)], plek: &Plek<'_>) -> Uitkomst<Option<Value>> {
        let mut gevuld = Map::new();
        for (sleutel, sjabloon) in leden {
            if let Some(v) = self.vul(sjabloon, plek)? {
                gevuld.insert(sleutel.clone(), v);
            }
        }
        Ok((!gevuld.is_empty() || leden.is_empty()).then_some(Value::Object(gevuld)))
    }

    fn per(&self, per: &Per, plek: &Plek<'_>) -> Uitkomst<Option<Value>> {
        let mut gevuld = Vec::new();
        let pad = per.lijst.aanwijzer(plek);
        let Some(items) = self.items(&per.lijst, plek)? else {
            return if per.verplicht && per.minimaal > 0 { Err(veld(pad, "Deze lijst ontbreekt.")) } else { Ok(None) };
        };
        for item in items {
            if self.geldt(&per.wanneer, &item)?
                && let Some(v) = self.vul(&per.waarde, &item)?
            {
                gevuld.push(v);
            }
        }
        if gevuld.is_empty() && !per.verplicht {
            return Ok(None);
        }
        if per.verplicht && gevuld.len() < per.minimaal {
            return Err(veld(pad, format!("Deze lijst heeft te weinig onderdelen die hier gelden: minstens {}.", per.minimaal)));
        }
        let Some(met) = &per.met else { return Ok(Some(Value::Array(gevuld))) };
        let teksten = gevuld.iter().map(woord_van).collect::<Option<Vec<_>>>();
        teksten
            .map(|t| Some(Value::String(t.join(met))))
            .ok_or_else(|| veld(pad, "Alleen teksten kunnen samen één tekst worden."))
    }

    /// The items of a list; none when it is absent.
    pub(super) fn items<'p>(&self, lijst: &super::pad::Pad, plek: &Plek<'p>) -> Uitkomst<Option<Vec<Plek<'p>>>> {
        let pad = lijst.aanwijzer(plek);
        match lijst.vind(plek) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(items)) => Ok(Some(
                items
                    .iter()
                    .enumerate()
                    .map(|(i, item)| Plek { bericht: plek.bericht, item, pad: format!("{pad}/{i}") })
                    .collect(),
            )),
            Some(_) => Err(veld(pad, "Hier hoort een lijst.")),
        }
    }

    /// Whether a condition holds here.
    pub(super) fn geldt(&self, voorwaarde: &Voorwaarde, plek: &Plek<'_>) -> Uitkomst<bool> {
        match voorwaarde {
            Voorwaarde::Altijd(b) => Ok(*b),
            Voorwaarde::In(v, waarden) => Ok(self.veld(v, plek)?.is_some_and(|w| waarden.contains(&w))),
            Voorwaarde::Aanwezig(pad, ja) => Ok(pad.vind(plek).is_some_and(|v| !leeg(v)) == *ja),
            Voorwaarde::Niet(v) => self.geldt(v, plek).map(|b| !b),
            Voorwaarde::Alle(vs) => vs.iter().try_fold(true, |tot, v| Ok(tot && self.geldt(v, plek)?)),
            Voorwaarde::EenVan(vs) => vs.iter().try_fold(false, |tot, v| Ok(tot || self.geldt(v, plek)?)),
            Voorwaarde::ErIs(lijst, v) => {
                let items = self.items(lijst, plek)?.unwrap_or_default();
                items.iter().try_fold(false, |tot, item| Ok(tot || self.geldt(v, item)?))
            }
        }
    }

    fn veld(&self, v: &Veld, plek: &Plek<'_>) -> Uitkomst<Option<Value>> {
        let pad = || v.pad.aanwijzer(plek);
        let waarde = match v.pad.vind(plek) {
            Some(waarde) if !leeg(waarde) => waarde,
            _ if v.anders.is_some() => return Ok(v.anders.clone()),
            _ if v.verplicht => return Err(veld(pad(), "Dit veld is verplicht en ontbreekt of is leeg.")),
            _ => return Ok(None),
        };
        let gelezen = self.lees(&v.als, waarde, &pad)?;
        if let (Some(n), Value::String(s)) = (v.hoogstens, &gelezen)
            && s.chars().count() > n
        {
            return Err(veld(pad(), format!("Dit veld mag hoogstens {n} tekens hebben.")));
        }
        let Some(tabel) = &v.tabel else { return Ok(Some(gelezen)) };
        let woord = woord_van(&gelezen).ok_or_else(|| veld(pad(), "Hier hoort één waarde."))?;
        tabel.zoek(&woord).cloned().map(Some).ok_or_else(|| {
            veld(
                pad(),
                format!(
                    "Deze waarde staat niet in de waardentabel ({}). Kies een bekende waarde, of vul de tabel aan.",
                    tabel.naam
                ),
            )
        })
    }

    fn lees(&self, als: &Als, waarde: &Value, pad: &dyn Fn() -> String) -> Uitkomst<Value> {
        let tekst = || waarde.as_str();
        let fout = |uitleg: &str| veld(pad(), uitleg);
        match als {
            Als::Tekst => tekst().map(|_| waarde.clone()).ok_or_else(|| fout("Hier hoort een tekst.")),
            Als::Getal => waarde
                .as_i64()
                .filter(|n| (-GROOTSTE..=GROOTSTE).contains(n))
                .map(Value::from)
                .ok_or_else(|| fout("Hier hoort een geheel getal.")),
            Als::JaNee => waarde.as_bool().map(Value::Bool).ok_or_else(|| fout("Hier hoort true of false.")),
            Als::Nummer => match waarde {
                Value::String(_) => Some(waarde.clone()),
                Value::Number(n) if n.is_i64() || n.is_u64() => Some(Value::String(n.to_string())),
                Value::Bool(b) => Some(Value::String(b.to_string())),
                _ => None,
            }
            .ok_or_else(|| fout("Hier hoort een tekst of een geheel getal.")),
            Als::Datum(vorm) => {
                self.datum(vorm, waarde).ok_or_else(|| fout("Hier hoort een bestaande datum in de afgesproken vorm."))
            }
            Als::Tijdstip(vorm) => {
                self.tijdstip(vorm, waarde).ok_or_else(|| fout("Hier hoort een bestaand tijdstip in de afgesproken vorm."))
            }
            Als::Leeftijdsgroep(vorm) => {
                let geboren = tekst()
                    .and_then(|t| vorm.datum(t))
                    .ok_or_else(|| fout("Hier hoort een bestaande geboortedatum in de afgesproken vorm."))?;
                let op =
                    self.peildatum.ok_or_else(|| fout("De leeftijd is niet te bepalen: de mapping noemt geen peildatum."))?;
                leeftijdsgroep(geboren, op)
                    .map(|g| Value::from(g.as_str()))
                    .ok_or_else(|| fout("Deze geboortedatum ligt na de datum van het bericht."))
            }
            Als::Persoon => {
                let verwijzing = tekst().ok_or_else(|| fout("Hier hoort een verwijzing naar een persoon."))?;
                let eigen = self.personen.and_then(|p| p.get(verwijzing)).map_or(verwijzing, String::as_str);
                Ok(Value::from(eigen))
            }
        }
    }

    /// Outgoing: own form to the date of the wire. Incoming: a date or instant of the wire to the own form.
    fn datum(&self, vorm: &Vorm, waarde: &Value) -> Option<Value> {
        let tekst = waarde.as_str()?;
        let wire = Vorm::lezen("JJJJ-MM-DD")?;
        Some(Value::String(if self.personen.is_none() {
            wire.schrijf_datum(vorm.datum(tekst)?)
        } else if let Some(datum) = wire.datum(tekst) {
            vorm.schrijf_datum(datum)
        } else {
            vorm.schrijf(Tijdstip::parse(tekst).ok()?.offset())
        }))
    }

    fn tijdstip(&self, vorm: &Vorm, waarde: &Value) -> Option<Value> {
        let tekst = waarde.as_str()?;
        Some(Value::String(if self.personen.is_none() {
            Tijdstip::from_offset(vorm.tijdstip(tekst)?).to_string()
        } else {
            vorm.schrijf(Tijdstip::parse(tekst).ok()?.offset())
        }))
    }
}

/// Many systems send an empty text for what they do not have.
fn leeg(waarde: &Value) -> bool {
    match waarde {
        Value::Null => true,
        Value::String(s) => s.trim().is_empty(),
        _ => false,
    }
}
