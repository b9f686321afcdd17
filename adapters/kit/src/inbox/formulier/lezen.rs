//! What was filled in, back to JSON. Everything that is wrong is told at once, each by the name of its field.

use inbreng_domain::{Code, Datum};
use serde_json::{Map, Value, json};

use super::{Fout, HOOGSTENS, Over, Veld, Veldsoort, alle, gekozen, in_gebruik, is_begonnen};
use crate::inbox::tijd;

/// A form as it was filled in.
#[derive(Debug)]
pub(in crate::inbox) struct Invulling {
    /// What it says; incomplete where something is wrong.
    pub(in crate::inbox) waarde: Value,
    /// What is wrong.
    pub(in crate::inbox) fouten: Vec<Fout>,
    plekken: Vec<Plek>,
}

/// Which field a place in the JSON came from.
#[derive(Debug)]
struct Plek {
    pad: String,
    veld: String,
    titel: String,
}

/// Reads the fields whose names begin with `voor`; empty: that stand by themselves.
pub(in crate::inbox) fn lezen(velden: &[Veld], voor: &str, ingevuld: &[(String, String)], over: Over<'_>) -> Invulling {
    let mut lezer = Lezer { ingevuld, over, fouten: Vec::new(), plekken: Vec::new() };
    let waarde = Value::Object(lezer.object(velden, voor, ""));
    Invulling { waarde, fouten: lezer.fouten, plekken: lezer.plekken }
}

impl Invulling {
    /// Holds it against its schema, which gives the first place that does not fit: every place, each at the field it came from.
    /// What fits no field is told at `geheel`, the name of the whole.
    pub(in crate::inbox) fn toetsen(&mut self, geheel: &str, titel: &str, toets: impl Fn(&Value) -> Result<(), String>) {
        let mut waarde = self.waarde.clone();
        // A place that was told of is taken out, so that the next one shows.
        while let Err(pad) = toets(&waarde) {
            let plek = self
                .plekken
                .iter()
                .filter(|p| pad == p.pad || pad.starts_with(&format!("{}/", p.pad)))
                .max_by_key(|p| p.pad.len());
            let (veld, titel) = plek.map_or((geheel, titel), |p| (p.veld.as_str(), p.titel.as_str()));
            if self.fouten.iter().any(|f| f.veld == veld) {
                return;
            }
            let tekst = if plek.is_some() { "Kijk nog eens naar wat hier staat: het heeft niet de goede vorm." } else { GEHEEL };
            self.fouten.push(Fout { veld: veld.to_owned(), titel: titel.to_owned(), tekst: tekst.to_owned() });
            if plek.is_none_or(|p| !weghalen(&mut waarde, &p.pad)) {
                return;
            }
        }
    }
}

const GEHEEL: &str = "Kijk nog eens naar dit onderdeel: het is leeg, of wat er staat gaat niet samen.";

/// Takes a member out of its object; whether it could.
fn weghalen(waarde: &mut Value, pad: &str) -> bool {
    let Some((boven, naam)) = pad.rsplit_once('/') else { return false };
    waarde.pointer_mut(boven).and_then(Value::as_object_mut).is_some_and(|o| o.remove(naam).is_some())
}

struct Lezer<'a> {
    ingevuld: &'a [(String, String)],
    over: Over<'a>,
    fouten: Vec<Fout>,
    plekken: Vec<Plek>,
}

/// What a person did wrong with a field.
enum Mis {
    Leeg,
    Anders(String),
}

impl Lezer<'_> {
    fn object(&mut self, velden: &[Veld], voor: &str, pad: &str) -> Map<String, Value> {
        let mut uit = Map::new();
        for veld in velden {
            let naam = if voor.is_empty() { veld.naam.clone() } else { format!("{voor}.{}", veld.naam) };
            let pad = format!("{pad}/{}", veld.naam);
            self.plekken.push(Plek { pad: pad.clone(), veld: naam.clone(), titel: veld.titel.clone() });
            match self.een(veld, &naam, &pad) {
                Ok(Some(waarde)) => {
                    uit.insert(veld.naam.clone(), waarde);
                }
                Ok(None) if veld.verplicht => self.fout(veld, &naam, Mis::Leeg),
                Ok(None) => {}
                Err(mis) => self.fout(veld, &naam, mis),
            }
        }
        uit
    }

    fn fout(&mut self, veld: &Veld, naam: &str, mis: Mis) {
        let tekst = match (mis, &veld.soort) {
            (Mis::Anders(tekst), _) => format!("Kijk nog eens naar wat hier staat: {tekst}"),
            (Mis::Leeg, Veldsoort::Keuze(_) | Veldsoort::JaNee | Veldsoort::Persoon) => "Kies er een.".to_owned(),
            (Mis::Leeg, Veldsoort::Vinkjes(_) | Veldsoort::Personen | Veldsoort::Delen) => "Kies er ten minste een.".to_owned(),
            (Mis::Leeg, Veldsoort::Rijen(..)) => "Vul er ten minste een in.".to_owned(),
            (Mis::Leeg, _) => "Vul dit in.".to_owned(),
        };
        self.fouten.push(Fout { veld: naam.to_owned(), titel: veld.titel.clone(), tekst });
    }

    fn een(&mut self, veld: &Veld, naam: &str, pad: &str) -> Result<Option<Value>, Mis> {
        let tekst = gekozen(self.ingevuld, naam);
        Ok(match &veld.soort {
            Veldsoort::Bericht => Some(json!(self.over.bericht)),
            Veldsoort::Volgnummer => Some(json!({ "$volgnummer": self.over.reeks })),
            Veldsoort::Vast(waarde) => Some(waarde.clone()),
            Veldsoort::Keuze(keuzes) => tekst.map(|t| uit_lijst(t, keuzes)).transpose()?,
            Veldsoort::JaNee => tekst
                .map(|t| match t {
                    "ja" => Ok(true.into()),
                    "nee" => Ok(false.into()),
                    _ => Err(anders("kies ja of nee.")),
                })
                .transpose()?,
            Veldsoort::Getal(van, tot) => tekst
                .map(|t| {
                    let getal = t.parse::<i64>().ok().filter(|g| (*van..=*tot).contains(g));
                    getal.map(Value::from).ok_or_else(|| Mis::Anders(format!("een heel getal van {van} tot en met {tot}.")))
                })
                .transpose()?,
            Veldsoort::Tekst(hoogstens) => tekst.map(|t| woorden(t, *hoogstens)).transpose()?,
            Veldsoort::Vorm => tekst.map(Value::from),
            Veldsoort::Regels(regels, lengte) => self.regels(tekst, *regels, *lengte)?,
            Veldsoort::Datum => {
                tekst.map(|t| Datum::parse(t).map(|_| t.into()).map_err(|_| anders("een dag, zoals 2026-11-23."))).transpose()?
            }
            Veldsoort::Moment => tekst
                .map(|t| {
                    tijd::uit_invoer(t).map(|m| json!(m)).ok_or_else(|| anders("een dag en een tijd, zoals 2026-11-23 14:30."))
                })
                .transpose()?,
            Veldsoort::Code => tekst
                .map(|t| {
                    let fout = || anders("alleen kleine letters en cijfers, met streepjes ertussen, zoals intern-begeleider.");
                    Code::parse(t).map(|_| t.into()).map_err(|_| fout())
                })
                .transpose()?,
            Veldsoort::Persoon => tekst.map(|t| self.persoon(t)).transpose()?,
            Veldsoort::Vinkjes(keuzes) => reeks(alle(self.ingevuld, naam).map(|t| uit_lijst(t, keuzes)))?,
            Veldsoort::Personen => reeks(alle(self.ingevuld, naam).map(|t| self.persoon(t)))?,
            Veldsoort::Delen => reeks(alle(self.ingevuld, naam).map(|t| {
                let deel = self.over.delen.iter().find(|d| d.to_string() == t);
                deel.map(|d| json!(d)).ok_or_else(|| anders("kies uit de lijst."))
            }))?,
            Veldsoort::Groep(binnen) => {
                (veld.verplicht || is_begonnen(self.ingevuld, naam)).then(|| Value::Object(self.object(binnen, naam, pad)))
            }
            Veldsoort::Rijen(binnen, hoogstens) => self.rijen(binnen, *hoogstens, naam, pad),
        })
    }

    fn persoon(&self, tekst: &str) -> Result<Value, Mis> {
        let bekend = self.over.personen.iter().any(|p| p.verwijzing == tekst);
        bekend.then(|| tekst.into()).ok_or_else(|| anders("kies uit de lijst."))
    }

    fn regels(&self, tekst: Option<&str>, hoogstens: usize, lengte: usize) -> Result<Option<Value>, Mis> {
        let regels: Vec<&str> = tekst.into_iter().flat_map(str::lines).map(str::trim).filter(|r| !r.is_empty()).collect();
        if regels.len() > hoogstens {
            return Err(Mis::Anders(format!("hoogstens {hoogstens} regels.")));
        }
        reeks(regels.into_iter().map(|r| woorden(r, lengte)))
    }

    fn rijen(&mut self, binnen: &[Veld], hoogstens: usize, naam: &str, pad: &str) -> Option<Value> {
        let mut rijen = Vec::new();
        for i in 0..in_gebruik(self.ingevuld, naam, hoogstens.min(HOOGSTENS)) {
            let rij = format!("{naam}.{i}");
            if is_begonnen(self.ingevuld, &rij) {
                let pad = format!("{pad}/{}", rijen.len());
                rijen.push(Value::Object(self.object(binnen, &rij, &pad)));
            }
        }
        (!rijen.is_empty()).then_some(Value::Array(rijen))
    }
}

fn anders(tekst: &str) -> Mis {
    Mis::Anders(tekst.to_owned())
}

fn uit_lijst(tekst: &str, keuzes: &[String]) -> Result<Value, Mis> {
    keuzes.iter().any(|k| k == tekst).then(|| tekst.into()).ok_or_else(|| anders("kies uit de lijst."))
}

/// Words as they were meant: a browser sends a line as CR LF.
fn woorden(tekst: &str, hoogstens: usize) -> Result<Value, Mis> {
    let tekst = tekst.replace("\r\n", "\n");
    if tekst.chars().count() > hoogstens {
        return Err(Mis::Anders(format!("hoogstens {hoogstens} tekens.")));
    }
    Ok(tekst.into())
}

/// A list; nothing where it is empty. The same twice is once.
fn reeks(waarden: impl Iterator<Item = Result<Value, Mis>>) -> Result<Option<Value>, Mis> {
    let mut uit: Vec<Value> = Vec::new();
    for waarde in waarden {
        let waarde = waarde?;
        if !uit.contains(&waarde) {
            uit.push(waarde);
        }
    }
    Ok((!uit.is_empty()).then_some(Value::Array(uit)))
}
