//! A request from options and files: what is missing takes its most restrictive value, what is wrong is said with what it
//! could be.

use std::{collections::BTreeMap, path::PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use inbreng_catalogue::Catalogus;
use inbreng_domain::{ConvenantId, TypeNaam};
use inbreng_policy::{Veld, Verzoek, Woordenboek};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    Fout,
    fout::{bedoelt_u, lezer},
};

/// What an ordinary case is like: as in the decision tables.
const GEWOON: [(&str, &str); 8] = [
    ("van_deelnemer", "ja"),
    ("naar_deelnemer", "ja"),
    ("ondertekend", "beide"),
    ("noodzaak", "toegelicht"),
    ("embargo", "nee"),
    ("scheiding", GEEN),
    ("afgeschermd", "nee"),
    ("bevestigd", "ja"),
];

/// The word for an empty list.
const GEEN: &str = "geen";

/// A request as it was typed.
#[derive(Debug, Clone, Default)]
pub struct Vraag {
    velden: BTreeMap<&'static str, Vec<String>>,
    bestand: Option<PathBuf>,
    gewoon: bool,
}

/// The name of its option: a test holds that no field is forgotten.
fn optie(veld: &Veld) -> &'static str {
    match veld.naam {
        "van_oin" => "van-oin",
        "naar_oin" => "naar-oin",
        "van_deelnemer" => "van-deelnemer",
        "naar_deelnemer" => "naar-deelnemer",
        other => other,
    }
}

impl Args for Vraag {
    fn augment_args(mut cmd: Command) -> Command {
        let woorden = Woordenboek::ingebouwd().ok();
        cmd = cmd
            .arg(
                Arg::new("verzoek")
                    .long("verzoek")
                    .value_name("BESTAND")
                    .value_parser(clap::value_parser!(PathBuf))
                    .help("Lees het verzoek uit dit bestand (TOML of JSON, met de namen uit de beslistabellen)"),
            )
            .arg(Arg::new("gewone-zaak").long("gewone-zaak").action(ArgAction::SetTrue).help(
                "Een gewone zaak: beide partijen doen mee, hebben getekend en kennen de afspraken; de noodzaak is uitgelegd; \
                 geen embargo, geen vlaggen, niets afgeschermd",
            ));
        for veld in Verzoek::VELDEN.iter().filter(|v| v.naam != "convenant") {
            let mut help = woorden.as_ref().and_then(|w| w.veld(veld.naam)).unwrap_or(veld.naam).to_owned();
            if !veld.woorden.is_empty() {
                help = format!("{help}: {}", veld.woorden.join(", "));
            }
            if veld.naam == "scheiding" {
                help.push_str(", of geen");
            }
            if let Some(strengste) = veld.strengste {
                help = format!("{help} (zonder deze optie: {strengste})");
            }
            let mut arg = Arg::new(veld.naam).long(optie(veld)).value_name("WOORD").help(help).action(ArgAction::Append);
            if veld.lijst {
                arg = arg.value_delimiter(',');
            }
            cmd = cmd.arg(arg);
        }
        cmd
    }

    fn augment_args_for_update(cmd: Command) -> Command {
        Self::augment_args(cmd)
    }
}

impl FromArgMatches for Vraag {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut vraag =
            Self { bestand: matches.get_one("verzoek").cloned(), gewoon: matches.get_flag("gewone-zaak"), ..Self::default() };
        for veld in Verzoek::VELDEN.iter().filter(|v| v.naam != "convenant") {
            if let Some(waarden) = matches.get_many::<String>(veld.naam) {
                vraag.velden.insert(veld.naam, waarden.cloned().collect());
            }
        }
        Ok(vraag)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Vraag {
    /// Whether nothing was asked.
    pub fn is_leeg(&self) -> bool {
        self.velden.is_empty() && self.bestand.is_none() && !self.gewoon
    }

    /// The request, under this covenant.
    pub fn verzoek(&self, convenant: &ConvenantId, catalogus: &Catalogus) -> Result<Verzoek, Fout> {
        let mut velden = Map::new();
        if self.gewoon {
            for (naam, waarde) in GEWOON {
                velden.insert(naam.to_owned(), if waarde == GEEN { Value::Array(Vec::new()) } else { waarde.into() });
            }
        }
        if let Some(pad) = &self.bestand {
            velden.extend(uit_bestand(pad)?);
        }
        for (naam, waarden) in &self.velden {
            let veld = Verzoek::VELDEN.iter().find(|v| v.naam == *naam);
            velden.insert((*naam).to_owned(), waarde(veld, waarden)?);
        }
        velden.entry("convenant").or_insert_with(|| convenant.to_string().into());
        lezen(velden, catalogus)
    }
}

fn waarde(veld: Option<&Veld>, waarden: &[String]) -> Result<Value, Fout> {
    match (veld.is_some_and(|v| v.lijst), waarden) {
        (true, [een]) if een == GEEN && veld.is_some_and(|v| v.naam == "scheiding") => Ok(Value::Array(Vec::new())),
        (true, all) => Ok(all.iter().cloned().map(Value::from).collect()),
        (false, [een]) => Ok(een.clone().into()),
        (false, _) => {
            let naam = veld.map_or("", optie);
            Err(Fout::new(format!("--{naam} staat er meer dan eens")).herstel("Geef deze optie één keer."))
        }
    }
}

fn uit_bestand(pad: &PathBuf) -> Result<Map<String, Value>, Fout> {
    let tekst = std::fs::read_to_string(pad).map_err(|e| Fout::lezen(pad, &e))?;
    let onleesbaar = |waarom: String| {
        Fout::new(format!("{}: {}", pad.display(), lezer(&waarom)))
            .herstel("Schrijf op elke regel één veld, bijvoorbeeld: van = \"ggz\".")
    };
    let gelezen: Value = if tekst.trim_start().starts_with('{') {
        serde_json::from_str(&tekst).map_err(|e| onleesbaar(e.to_string()))?
    } else {
        let table: toml::Table = toml::from_str(&tekst).map_err(|e| onleesbaar(e.to_string()))?;
        serde_json::to_value(table).map_err(|e| onleesbaar(e.to_string()))?
    };
    match gelezen {
        // As in a decision table, where the request has a name of its own.
        Value::Object(mut o) => match o.remove("verzoek") {
            Some(Value::Object(verzoek)) if o.is_empty() => Ok(verzoek),
            Some(ander) => {
                o.insert("verzoek".to_owned(), ander);
                Ok(o)
            }
            None => Ok(o),
        },
        _ => Err(onleesbaar("hier staan geen velden".to_owned())),
    }
}

/// Every field is looked at before the whole is read, so that each mistake is named with its field.
fn lezen(mut velden: Map<String, Value>, catalogus: &Catalogus) -> Result<Verzoek, Fout> {
    let namen = || Verzoek::VELDEN.iter().map(|v| v.naam);
    for naam in velden.keys() {
        if namen().all(|n| n != naam) {
            let fout = Fout::new(format!("een verzoek heeft geen veld `{naam}`"));
            return Err(match bedoelt_u(naam, namen()) {
                Some(ander) => fout.herstel(format!("Bedoelt u `{ander}`?")),
                None => fout.herstel(format!("Gebruik alleen deze velden: {}.", namen().collect::<Vec<_>>().join(", "))),
            });
        }
    }
    for veld in Verzoek::VELDEN {
        match velden.get_mut(veld.naam) {
            None if veld.verplicht => {
                return Err(ontbreekt(veld));
            }
            None => {}
            Some(Value::Array(woorden)) if veld.lijst => {
                woorden.iter().try_for_each(|w| woord(veld, w))?;
            }
            Some(Value::Array(_)) => {
                return Err(Fout::new(format!("veld `{}` heeft één waarde, geen lijst", veld.naam)).herstel("Kies één woord."));
            }
            Some(waarde) => {
                woord(veld, waarde)?;
                if veld.lijst {
                    *waarde = Value::Array(vec![waarde.take()]);
                }
            }
        }
    }
    soort(&velden, catalogus)?;
    Verzoek::deserialize(Value::Object(velden))
        .map_err(|e| Fout::new(format!("dit verzoek klopt niet: {}", lezer(&e.to_string()))).herstel("Verbeter dat veld."))
}

fn ontbreekt(veld: &Veld) -> Fout {
    let fout = Fout::new(format!("`{}` ontbreekt: dat moet u noemen", veld.naam));
    let keuze = if veld.woorden.is_empty() { "een naam uit de catalogus".to_owned() } else { veld.woorden.join(", ") };
    fout.herstel(format!("Voeg toe: --{} met een van: {keuze}.", optie(veld)))
}

fn woord(veld: &Veld, waarde: &Value) -> Result<(), Fout> {
    let Some(getypt) = waarde.as_str() else {
        return Err(Fout::new(format!("veld `{}` is geen tekst", veld.naam)).herstel("Zet de waarde tussen aanhalingstekens."));
    };
    if veld.woorden.is_empty() || veld.woorden.contains(&getypt) {
        return Ok(());
    }
    let bedoeld = bedoelt_u(getypt, veld.woorden.iter().copied()).map_or_else(String::new, |w| format!("Bedoelt u `{w}`? "));
    Err(Fout::new(format!("`{getypt}` kan niet bij `{}`", veld.naam))
        .herstel(format!("{bedoeld}Kies uit: {}.", veld.woorden.join(", "))))
}

/// A type by its name.
pub fn berichtsoort(getypt: &str, catalogus: &Catalogus) -> Result<TypeNaam, Fout> {
    let namen: Vec<String> = catalogus.definities().map(|d| d.naam.to_string()).collect();
    catalogus.definities().find(|d| d.naam.to_string() == getypt).map(|d| d.naam.clone()).ok_or_else(|| {
        let bedoeld =
            bedoelt_u(getypt, namen.iter().map(String::as_str)).map_or_else(String::new, |w| format!("Bedoelt u `{w}`? "));
        Fout::new(format!("`{getypt}` is geen soort bericht uit de catalogus"))
            .herstel(format!("{bedoeld}Kies uit: {}.", namen.join(", ")))
    })
}

fn soort(velden: &Map<String, Value>, catalogus: &Catalogus) -> Result<(), Fout> {
    let tekst = |naam: &str| velden.get(naam).and_then(Value::as_str);
    let Some(getypt) = tekst("soort") else { return Ok(()) };
    let naam = berichtsoort(getypt, catalogus)?;
    let Some(definitie) = catalogus.definitie(&naam) else { return Ok(()) };
    let Some(variant) = tekst("variant") else { return Ok(()) };
    let varianten: Vec<String> = definitie.varianten.iter().map(|v| v.code.to_string()).collect();
    if varianten.iter().any(|v| v == variant) {
        return Ok(());
    }
    let herstel = if varianten.is_empty() {
        format!("Laat de variant weg: {getypt} heeft er geen.")
    } else {
        format!("Kies uit: {}.", varianten.join(", "))
    };
    Err(Fout::new(format!("`{variant}` is geen variant van {getypt}")).herstel(herstel))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_is_spelt_with_dashes() {
        for veld in Verzoek::VELDEN {
            assert_eq!(optie(veld), veld.naam.replace('_', "-"));
        }
    }

    #[test]
    fn an_ordinary_case_is_made_of_words_that_exist() {
        for (naam, waarde) in GEWOON {
            let veld = Verzoek::VELDEN.iter().find(|v| v.naam == naam).unwrap();
            assert!(veld.woorden.contains(&waarde) || (veld.naam == "scheiding" && waarde == GEEN), "{naam}");
        }
    }
}
