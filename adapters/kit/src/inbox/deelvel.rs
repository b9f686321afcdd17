//! The parts of an answer on the page: per category that may be shared whether it goes along, about whom it is, on which ground and
//! for what, and its content by the catalogue's schema.

use std::collections::BTreeSet;

use inbreng_catalogue::{Catalogus, Definitie, Regelbron};
use inbreng_domain::{
    Code, Datum,
    vocabulary::{Categorie, Doel, Grondslag, JaNee, Noodzaak, Partnertype},
};
use maud::{Markup, html};
use serde_json::Value;

use super::{
    formulier::{self, Fout, Over, Veld, Veldsoort, Vorm, Weergave, alle, gekozen, is_begonnen},
    schema,
    woorden::woord,
};
use crate::concept::Conceptdeel;

/// What the box of a category that goes along says.
const MEE: &str = "ja";
/// Categories that are about nobody: who they concern need not be told.
const OVER_NIEMAND: [Categorie; 6] =
    [Categorie::Status, Categorie::Proces, Categorie::Referentie, Categorie::Contact, Categorie::Vraag, Categorie::Capaciteit];

/// The form of one part.
#[derive(Debug)]
pub(super) struct Deelvel {
    categorie: Categorie,
    /// What its names in the form end with: the category, and where its content has several forms which one.
    sleutel: String,
    titel: String,
    velden: Vec<Veld>,
    gronden: Vec<Grondslag>,
    doelen: Vec<Doel>,
}

/// The parts that a type of ours may have for a partner of this kind, as far as a form can ask them. `zonder_personen`: there is
/// nobody to point out.
pub(super) fn deelvellen(
    catalogus: &Catalogus,
    soort: &Definitie,
    wij: Partnertype,
    voor: Option<Partnertype>,
    zonder_personen: bool,
) -> Vec<Deelvel> {
    let geldt = |r: &&Regelbron| {
        r.varianten.is_empty()
            && (r.van.is_empty() || r.van.contains(&wij))
            && voor.is_none_or(|v| r.naar.is_empty() || r.naar.contains(&v.into()))
    };
    let van_categorie = |categorie: Categorie| {
        let regels: Vec<&Regelbron> =
            soort.delen.regels.iter().filter(|r| r.categorieen.contains(&categorie)).filter(geldt).collect();
        let mut gronden: Vec<Grondslag> = Vec::new();
        for grond in regels.iter().flat_map(|r| &r.grondslagen) {
            if !gronden.contains(grond) {
                gronden.push(*grond);
            }
        }
        let schema = catalogus.inhoudschema(&soort.naam, categorie).filter(|_| !gronden.is_empty());
        let titel = schema.and_then(schema::titel).map_or_else(|| woord(categorie.as_str()), str::to_owned);
        let een = move |Vorm { wat, mut velden }: Vorm| {
            if zonder_personen && formulier::vraagt_persoon(&velden) {
                return None;
            }
            if regels.iter().all(|r| r.noodzaak_toelichten) {
                noodzaak_vragen(&mut velden);
            }
            let (sleutel, titel) = match wat {
                None => (categorie.to_string(), titel.clone()),
                Some((woord, uitleg)) => (format!("{categorie}-{woord}"), format!("{titel}. {uitleg}")),
            };
            Some(Deelvel { categorie, sleutel, titel, velden, gronden: gronden.clone(), doelen: soort.doelen.clone() })
        };
        schema.map(formulier::vormen).into_iter().flatten().filter_map(een)
    };
    soort.categorieen().into_iter().flat_map(van_categorie).collect()
}

/// Where no rule lets it go without (R7), why it is needed is asked for like the rest.
fn noodzaak_vragen(velden: &mut [Veld]) {
    for veld in velden.iter_mut().filter(|v| v.naam == "verantwoording") {
        if let Veldsoort::Groep(binnen) = &mut veld.soort {
            for noodzaak in binnen.iter_mut().filter(|v| v.naam == "noodzaak") {
                (veld.verplicht, noodzaak.verplicht) = (true, true);
            }
        }
    }
}

impl Deelvel {
    fn naam(&self, wat: &str) -> String {
        format!("{wat}.{}", self.sleutel)
    }

    fn is_gekozen(&self, ingevuld: &[(String, String)]) -> bool {
        gekozen(ingevuld, &self.naam("deel")) == Some(MEE)
    }

    /// Whether a person began with it: more than what stood there already.
    fn is_begonnen(&self, ingevuld: &[(String, String)], gewoonlijk: &[(String, String)]) -> bool {
        let eigen: Vec<_> = ingevuld.iter().filter(|veld| !gewoonlijk.contains(veld)).cloned().collect();
        is_begonnen(&eigen, &self.naam("deel"))
    }

    /// What stands in a fresh form.
    pub(super) fn gewoonlijk(&self, over: Over<'_>, functie: &Code, enige: bool) -> Vec<(String, String)> {
        let mut uit = Vec::new();
        let mut zet = |naam: String, waarde: String| uit.push((naam, waarde));
        if enige {
            zet(self.naam("deel"), MEE.to_owned());
        }
        if let [een] = over.personen {
            zet(self.naam("over"), een.verwijzing.clone());
        }
        if let Some(grond) = self.gronden.first() {
            zet(self.naam("grond"), grond.as_str().to_owned());
        }
        if let Some(doel) = self.doelen.first() {
            zet(self.naam("doel"), doel.as_str().to_owned());
        }
        if self.velden.iter().any(|v| v.naam == "bron") {
            zet(format!("{}.bron.functie", self.naam("deel")), functie.to_string());
        }
        uit
    }

    /// About whom, on which ground, for what: what every part has.
    fn labels(&self, over: Over<'_>) -> Vec<Veld> {
        let veld = |naam: &str, titel: &str, uitleg: &str, verplicht: bool, soort: Veldsoort| Veld {
            naam: self.naam(naam),
            titel: titel.to_owned(),
            uitleg: (!uitleg.is_empty()).then(|| uitleg.to_owned()),
            verplicht,
            soort,
        };
        let woorden = |w: Vec<&str>| Veldsoort::Keuze(w.into_iter().map(str::to_owned).collect());
        let mut velden = Vec::new();
        if !over.personen.is_empty() {
            let moet = !OVER_NIEMAND.contains(&self.categorie);
            velden.push(veld("over", "Over wie gaat dit?", "", moet, Veldsoort::Personen));
        }
        let gronden = woorden(self.gronden.iter().map(|g| g.as_str()).collect());
        velden.push(veld("grond", "Op welke grond deelt u dit?", "", true, gronden));
        if self.doelen.len() > 1 {
            let doelen = woorden(self.doelen.iter().map(|d| d.as_str()).collect());
            velden.push(veld("doel", "Waarvoor mag de ander het gebruiken?", "", true, doelen));
        }
        velden
    }

    /// On the page: shut until somebody begins with it.
    pub(super) fn tonen(&self, weergave: &Weergave<'_>, gewoonlijk: &[(String, String)]) -> Markup {
        let naam = self.naam("deel");
        let binnen = |veld: &str| {
            veld == naam
                || veld.strip_prefix(&naam).is_some_and(|r| r.starts_with('.'))
                || veld.ends_with(&format!(".{}", self.sleutel))
        };
        let open = self.is_gekozen(weergave.ingevuld)
            || self.is_begonnen(weergave.ingevuld, gewoonlijk)
            || weergave.fouten.iter().any(|f| binnen(&f.veld));
        html! {
            details.onderdeel open[open] {
                summary { (self.titel) }
                fieldset id=(naam) tabindex="-1" aria-label=(self.titel) {
                    (weergave.foutregel(&naam))
                    (weergave.vinkje(&naam, MEE, "Dit onderdeel gaat mee"))
                    (weergave.velden(&self.labels(weergave.over), ""))
                    (weergave.velden(&self.velden, &naam))
                }
            }
        }
    }

    /// What was filled in, as a part; nothing where it was not picked.
    pub(super) fn lezen(
        &self,
        catalogus: &Catalogus,
        soort: &Definitie,
        ingevuld: &[(String, String)],
        gewoonlijk: &[(String, String)],
        over: Over<'_>,
        functie: &Code,
    ) -> Result<Option<Conceptdeel>, Vec<Fout>> {
        let naam = self.naam("deel");
        if !self.is_gekozen(ingevuld) {
            let tekst = "U vulde hier iets in, maar koos niet dat dit onderdeel meegaat. Kies dat, of maak de velden leeg.";
            let vergeten = || Fout { veld: naam.clone(), titel: self.titel.clone(), tekst: tekst.to_owned() };
            return if self.is_begonnen(ingevuld, gewoonlijk) { Err(vec![vergeten()]) } else { Ok(None) };
        }
        let mut labels = formulier::lezen(&self.labels(over), "", ingevuld, over);
        let mut inhoud = formulier::lezen(&self.velden, &naam, ingevuld, over);
        if inhoud.fouten.is_empty() {
            inhoud.toetsen(&naam, &self.titel, |v| catalogus.toets_inhoud(&soort.naam, self.categorie, v).map_err(|e| e.pad));
        }
        labels.fouten.append(&mut inhoud.fouten);
        for fout in &mut labels.fouten {
            fout.titel = format!("{}, {}", self.titel, fout.titel);
        }
        let grond = gekozen(ingevuld, &self.naam("grond")).and_then(|g| g.parse().ok()).filter(|g| self.gronden.contains(g));
        let doel = gekozen(ingevuld, &self.naam("doel")).and_then(|d| d.parse().ok()).filter(|d| self.doelen.contains(d));
        let (Some(grond), Some(doel), true) = (grond, doel.or_else(|| self.doelen.first().copied()), labels.fouten.is_empty())
        else {
            return Err(labels.fouten);
        };
        Ok(Some(self.deel(inhoud.waarde, grond, doel, ingevuld, over, functie)))
    }

    fn deel(
        &self,
        inhoud: Value,
        grond: Grondslag,
        doel: Doel,
        ingevuld: &[(String, String)],
        over: Over<'_>,
        functie: &Code,
    ) -> Conceptdeel {
        // Whoever the content points out is concerned, ticked or not.
        let mut genoemd = BTreeSet::new();
        teksten(&inhoud, &mut genoemd);
        let naam = self.naam("over");
        genoemd.extend(alle(ingevuld, &naam));
        let betrokkenen = over.personen.iter().filter(|p| genoemd.contains(p.verwijzing.as_str()));
        let betrokkenen = betrokkenen.map(|p| (p.verwijzing.clone(), p.leeftijdsgroep)).collect();
        let is_er = |pad: &str| inhoud.pointer(pad).is_some();
        let noodbesluit = is_er("/verantwoording/noodbesluit");
        let uitgelegd = noodbesluit || is_er("/verantwoording/noodzaak") || is_er("/verantwoording/zonderToestemming");
        let tekst = |pad: &str| inhoud.pointer(pad).and_then(Value::as_str);
        let (status, op) = (tekst("/bron/zekerheid"), tekst("/bron/waargenomenOp"));
        let (status, waargenomen_op) = (status.and_then(|z| z.parse().ok()), op.and_then(|d| Datum::parse(d).ok()));
        Conceptdeel {
            betrokkenen,
            status,
            waargenomen_op,
            noodbesluit: JaNee::from(noodbesluit),
            noodzaak: if uitgelegd { Noodzaak::Toegelicht } else { Noodzaak::NietToegelicht },
            ..Conceptdeel::new(self.categorie, doel, vec![grond], functie.clone(), inhoud)
        }
    }
}

fn teksten<'v>(waarde: &'v Value, uit: &mut BTreeSet<&'v str>) {
    match waarde {
        Value::String(tekst) => {
            uit.insert(tekst);
        }
        Value::Array(lijst) => lijst.iter().for_each(|v| teksten(v, uit)),
        Value::Object(leden) => leden.values().for_each(|v| teksten(v, uit)),
        _ => {}
    }
}
