//! An incoming message: where the own system wants it, and in which words.
//!
//! A template sees the delivery as [`Ontvangen`] serializes, and beside that its opened parts by category
//! (`/perCategorie/kind/0/inhoud/…`) and its view-only parts (`/terInzage`). Statement and contents must be used whole, or
//! passed over by name, or gathered under `rest`: what was shared for someone's safety is never lost in silence.

use inbreng_domain::{Code, PersoonRef, TypeNaam};
use serde_json::{Map, Value, json};

use super::{
    bekend::Bekend,
    bouw::Bouw,
    eigen_pad,
    fout::{MappingFout, veld},
    lezer::{Lezer, tekst, woord},
    pad::{Pad, Plek, patroon},
    voorwaarde::Voorwaarde,
    vullen::Vuller,
    waarde::{Sjabloon, nummer},
};
use crate::concept::{Deelinhoud, Eigenbericht, Eigennummers, Ontvangen, OntvangenDeel, Vertaalfout};

/// Member of the body that takes explanations for which the mapping has no place.
const TOELICHTINGEN: &str = "toelichtingen";

/// One `[[inkomend]]`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Inkomend {
    pub(super) soort: TypeNaam,
    pub(super) variant: Option<Code>,
    pub(super) wanneer: Voorwaarde,
    pad: String,
    lichaam: Sjabloon,
    /// Member of the body that takes what no template uses.
    rest: Option<String>,
    antwoord: Antwoord,
    bekend: Bekend,
}

/// Where the own system's answer names its own numbers.
#[derive(Debug, Clone, Default, PartialEq)]
struct Antwoord {
    kenmerk: Option<Sjabloon>,
    casus: Option<Sjabloon>,
    personen: Option<(Pad, Sjabloon, Sjabloon)>,
}

impl Inkomend {
    pub(super) fn lezen(
        waarde: toml::Value,
        plek: &str,
        mut bouw: Bouw<'_>,
        voor_antwoord: Bouw<'_>,
    ) -> Result<Self, MappingFout> {
        let mut l = Lezer::new(waarde, plek)?;
        let b = &mut bouw;
        let soort = woord(&tekst(l.moet("soort")?, &l.bij("soort"))?, &l.bij("soort"))?;
        let variant = match l.tekst("variant")? {
            None => None,
            Some(v) => Some(woord(&v, &l.bij("variant"))?),
        };
        let wanneer = Voorwaarde::misschien(l.neem("wanneer"), &l.bij("wanneer"), b)?;
        let pad = eigen_pad(tekst(l.moet("pad")?, &l.bij("pad"))?, &l.bij("pad"))?;
        let lichaam = Sjabloon::lezen(l.moet("lichaam")?, &l.bij("lichaam"), b)?;
        let Sjabloon::Object(leden) = &lichaam else {
            return Err(MappingFout::new(l.bij("lichaam"), "het bericht aan het eigen systeem is een tabel met velden"));
        };
        let rest = l.tekst("rest")?;
        if let Some(naam) = &rest
            && leden.iter().any(|(lid, _)| lid == naam)
        {
            return Err(MappingFout::new(l.bij("rest"), "dit veld staat al in lichaam"));
        }
        let negeren =
            l.lijst("negeren")?.into_iter().map(|(v, hier)| patroon(&tekst(v, &hier)?, &hier)).collect::<Result<_, _>>()?;
        let antwoord = match l.neem("antwoord") {
            None => Antwoord::default(),
            Some(v) => Antwoord::lezen(v, &l.bij("antwoord"), voor_antwoord)?,
        };
        l.klaar()?;
        Ok(Self { soort, variant, wanneer, pad, lichaam, rest, antwoord, bekend: Bekend::van(bouw.genoemd(), negeren) })
    }

    /// Whether this line is the one for the delivery.
    pub(super) fn geldt(&self, ontvangen: &Ontvangen, beeld: &Value) -> Result<bool, Vertaalfout> {
        if ontvangen.soort != self.soort || (self.variant.is_some() && ontvangen.variant != self.variant) {
            return Ok(false);
        }
        Vuller::binnen(&ontvangen.personen).geldt(&self.wanneer, &Plek::begin(beeld))
    }

    pub(super) fn maak(&self, ontvangen: &Ontvangen, beeld: &Value) -> Result<Eigenbericht, Vertaalfout> {
        let vuller = Vuller::binnen(&ontvangen.personen);
        let mut lichaam = vuller.vul(&self.lichaam, &Plek::begin(beeld))?.unwrap_or_else(|| json!({}));
        let over = self.over(ontvangen);
        let toelichtingen = self.toelichtingen(ontvangen);
        if let Value::Object(leden) = &mut lichaam
            && !toelichtingen.is_empty()
        {
            leden.insert(TOELICHTINGEN.to_owned(), Value::Array(toelichtingen));
        }
        match (&self.rest, over.first()) {
            (Some(naam), Some(_)) => {
                if let Value::Object(leden) = &mut lichaam {
                    leden.insert(naam.clone(), over.into_iter().map(Over::regel).collect());
                }
            }
            (None, Some(eerste)) => {
                return Err(veld(
                    &eerste.pad,
                    "Dit veld is ontvangen, maar de mapping geeft het niet door. Zet het in lichaam, of bij negeren.",
                ));
            }
            (_, None) => {}
        }
        Ok(Eigenbericht { pad: self.pad.clone(), lichaam })
    }

    pub(super) fn eigennummers(&self, antwoord: &Value) -> Eigennummers {
        let geen = std::collections::BTreeMap::new();
        let (vuller, plek) = (Vuller::binnen(&geen), Plek::begin(antwoord));
        let lees = |s: &Option<Sjabloon>| s.as_ref().and_then(|s| vuller.tekst(s, &plek).ok().flatten());
        let mut personen = Vec::new();
        if let Some((lijst, persoon, eigen)) = &self.antwoord.personen {
            for item in vuller.items(lijst, &plek).ok().flatten().unwrap_or_default() {
                let verwijzing = vuller.tekst(persoon, &item).ok().flatten().and_then(|r| PersoonRef::parse(&r).ok());
                let nummer = vuller.tekst(eigen, &item).ok().flatten();
                personen.extend(verwijzing.zip(nummer));
            }
        }
        Eigennummers { kenmerk: lees(&self.antwoord.kenmerk), casus: lees(&self.antwoord.casus), personen }
    }

    /// The explanations for another purpose (R28) that no template uses, whatever the mapping has words for.
    fn toelichtingen(&self, ontvangen: &Ontvangen) -> Vec<Value> {
        let gebruikt = |i: usize| !self.bekend.op(&["delen", &i.to_string(), "toelichting"]).is_empty();
        let delen = ontvangen.delen.iter().enumerate().filter(|(i, _)| !gebruikt(*i));
        delen
            .filter_map(|(_, deel)| {
                let tekst = deel.toelichting.as_ref()?;
                Some(json!({ "deel": deel.labels.id, "categorie": deel.labels.categorie, "doel": deel.doel, "tekst": tekst }))
            })
            .collect()
    }

    /// What was shared and is used nowhere.
    fn over(&self, ontvangen: &Ontvangen) -> Vec<Over> {
        let mut over = Vec::new();
        let mut voeg_toe = |onderdeel: &str, begin: String, knopen: &[&Bekend], waarde: &Value| {
            for (onder, waarde) in Bekend::rest(knopen, waarde) {
                let pad = format!("{begin}{onder}");
                over.push(Over { onderdeel: onderdeel.to_owned(), veld: onder, pad, waarde: waarde.clone() });
            }
        };
        voeg_toe("verklaring", "/verklaring".to_owned(), &self.bekend.op(&["verklaring"]), &ontvangen.verklaring);
        let mut tellers: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
        for (i, deel) in ontvangen.delen.iter().enumerate() {
            let categorie = deel.labels.categorie.as_str();
            let i = i.to_string();
            match &deel.inhoud {
                Deelinhoud::Open(inhoud) => {
                    let teller = tellers.entry(categorie).or_default();
                    let k = teller.to_string();
                    *teller += 1;
                    let mut knopen = self.bekend.op(&["delen", &i, "inhoud"]);
                    knopen.extend(self.bekend.op(&["perCategorie", categorie, &k, "inhoud"]));
                    voeg_toe(categorie, format!("/delen/{i}/inhoud"), &knopen, inhoud);
                }
                Deelinhoud::AlleenInzage(_) => {
                    if self.bekend.op(&["terInzage"]).is_empty() && self.bekend.op(&["delen", &i, "labels", "id"]).is_empty() {
                        voeg_toe(categorie, format!("/delen/{i}"), &[], &json!({"inzage": deel.labels.id.to_string()}));
                    }
                }
            }
        }
        over
    }
}

/// One thing that no template uses.
struct Over {
    onderdeel: String,
    veld: String,
    pad: String,
    waarde: Value,
}

impl Over {
    fn regel(self) -> Value {
        json!({ "onderdeel": self.onderdeel, "veld": self.veld, "waarde": self.waarde })
    }
}

impl Antwoord {
    fn lezen(waarde: toml::Value, plek: &str, mut bouw: Bouw<'_>) -> Result<Self, MappingFout> {
        let mut l = Lezer::new(waarde, plek)?;
        let b = &mut bouw;
        let mut nummers = |l: &mut Lezer, naam: &'static str| {
            let plek = l.bij(naam);
            l.neem(naam).map(|v| Sjabloon::lezen(v, &plek, b).map(nummer)).transpose()
        };
        let (kenmerk, casus) = (nummers(&mut l, "kenmerk")?, nummers(&mut l, "casus")?);
        let personen = match l.neem("personen") {
            None => None,
            Some(v) => {
                let mut p = Lezer::new(v, l.bij("personen"))?;
                let plek = p.bij("per");
                let per = tekst(p.moet("per")?, &plek)?;
                let (persoon, eigen) = (p.moet("persoon")?, p.moet("eigen")?);
                let (bij_persoon, bij_eigen) = (p.bij("persoon"), p.bij("eigen"));
                p.klaar()?;
                let (pad, (persoon, eigen)) = bouw.per(&per, &plek, |b| {
                    Ok((nummer(Sjabloon::lezen(persoon, &bij_persoon, b)?), nummer(Sjabloon::lezen(eigen, &bij_eigen, b)?)))
                })?;
                Some((pad, persoon, eigen))
            }
        };
        l.klaar()?;
        Ok(Self { kenmerk, casus, personen })
    }
}

/// The delivery as templates see it.
pub(super) fn beeld(ontvangen: &Ontvangen) -> Result<Value, Vertaalfout> {
    let onleesbaar = |_| veld("", "Deze levering is niet leesbaar voor de mapping.");
    let mut beeld = serde_json::to_value(ontvangen).map_err(onleesbaar)?;
    let mut per_categorie = Map::new();
    let mut ter_inzage = Vec::new();
    for deel in &ontvangen.delen {
        let waarde = serde_json::to_value(deel).map_err(onleesbaar)?;
        match bij(deel) {
            None => ter_inzage.push(waarde),
            Some(categorie) => {
                if let Value::Array(items) = per_categorie.entry(categorie).or_insert_with(|| json!([])) {
                    items.push(waarde);
                }
            }
        }
    }
    if let Value::Object(leden) = &mut beeld {
        leden.insert("perCategorie".to_owned(), Value::Object(per_categorie));
        if !ter_inzage.is_empty() {
            leden.insert("terInzage".to_owned(), Value::Array(ter_inzage));
        }
    }
    Ok(beeld)
}

fn bij(deel: &OntvangenDeel) -> Option<&'static str> {
    deel.inhoud.open().map(|_| deel.labels.categorie.as_str())
}
