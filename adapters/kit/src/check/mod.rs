//! `inbreng-adapter check`: what is wrong with a configuration and all it names, and how to mend it. In Dutch, for whoever
//! installs an adapter; nothing of a key or a secret is ever shown.

mod bestanden;
mod certificaten;
mod klok;
mod netwerk;

use std::path::Path;

use inbreng_catalogue::Catalogus;
use inbreng_domain::{Clock, Tijdstip};
use serde::Serialize;

use crate::{
    config::{Config, Configfout},
    mapping::Mapping,
};

pub(crate) use klok::KLOK_ACHTER;
pub use klok::opslagtijd;
pub use netwerk::verbinden;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Ernst {
    /// The adapter does not start, or must not.
    Fout,
    /// It works, and not for long or not well.
    Waarschuwing,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bevinding {
    /// Stable code.
    pub code: &'static str,
    /// How bad.
    pub ernst: Ernst,
    /// What is wrong.
    pub wat: String,
    /// How to mend it.
    pub herstel: String,
}

/// What was found so far.
#[derive(Debug, Default)]
pub struct Verslag(Vec<Bevinding>);

impl Verslag {
    /// All findings.
    #[must_use]
    pub fn bevindingen(&self) -> &[Bevinding] {
        &self.0
    }

    /// Whether the adapter can be started.
    #[must_use]
    pub fn is_goed(&self) -> bool {
        self.0.iter().all(|b| b.ernst == Ernst::Waarschuwing)
    }

    fn fout(&mut self, code: &'static str, wat: impl Into<String>, herstel: impl Into<String>) {
        self.0.push(Bevinding { code, ernst: Ernst::Fout, wat: wat.into(), herstel: herstel.into() });
    }

    fn waarschuwing(&mut self, code: &'static str, wat: impl Into<String>, herstel: impl Into<String>) {
        self.0.push(Bevinding { code, ernst: Ernst::Waarschuwing, wat: wat.into(), herstel: herstel.into() });
    }
}

/// Checks a configuration file and all that it names; connects to nothing. Gives the configuration where it can be read.
pub fn controleren(bestand: &Path, clock: &dyn Clock) -> (Verslag, Option<Config>) {
    let mut verslag = Verslag::default();
    let config = match Config::lezen(bestand) {
        Ok(config) => config,
        Err(fout) => {
            configfout(&mut verslag, bestand, &fout);
            return (verslag, None);
        }
    };
    let nu: Tijdstip = clock.now();
    mapping(&mut verslag, &config);
    adressen(&mut verslag, &config);
    bestanden::controleren(&mut verslag, &config);
    certificaten::controleren(&mut verslag, &config, nu);
    (verslag, Some(config))
}

fn configfout(verslag: &mut Verslag, bestand: &Path, fout: &Configfout) {
    let naam = bestand.display();
    match fout {
        Configfout::Lezen(fout) if !bestand.is_file() => verslag.fout(
            "configuratie-ontbreekt",
            format!("{naam} is er niet of is niet te lezen: {fout}."),
            "Maak een configuratie met 'inbreng-adapter init', of geef met --config het goede bestand.",
        ),
        Configfout::InboxNaastSysteem => verslag.fout(
            "inbox-naast-systeem",
            "De configuratie noemt een [inbox] en een [eigen_systeem]: wie van de twee een bericht krijgt, is dan niet te zeggen.",
            "Haal een van beide tabellen weg. Met een postvak leest en antwoordt een mens; met een eigen systeem doet dat het systeem.",
        ),
        Configfout::Lezen(fout) => verslag.fout(
            "configuratie-onleesbaar",
            format!("{naam} kan niet worden gelezen: {fout}."),
            "Verbeter het veld dat wordt genoemd. Alle velden staan in docs/partners/adapter.md.",
        ),
        Configfout::GeenLoopback => verslag.fout(
            "luister-niet-lokaal",
            "luister.adres is van buiten deze machine te bereiken.",
            "Gebruik 127.0.0.1 of [::1]: het lokale adres spreekt gewone HTTP en is alleen voor het eigen systeem op deze machine.",
        ),
        Configfout::Onversleuteld => verslag.fout(
            "eigen-systeem-onversleuteld",
            "eigen_systeem.adres ligt buiten deze machine en spreekt gewone HTTP: persoonsgegevens gaan dan leesbaar over het netwerk.",
            "Zet de adapter op de machine van het eigen systeem, of gebruik een https-adres.",
        ),
        Configfout::GeenSleutel => verslag.fout(
            "geen-verzegelsleutel",
            "sleutels.verzegeling is leeg.",
            "Noem minstens één sleutel, de nieuwste eerst. 'inbreng-adapter init' maakt verzegeling-1.key.",
        ),
    }
}

fn mapping(verslag: &mut Verslag, config: &Config) {
    let naam = config.mapping.display();
    let Ok(tekst) = std::fs::read_to_string(&config.mapping) else {
        return verslag.fout(
            "mapping-ontbreekt",
            format!("De mapping {naam} is er niet of is niet te lezen."),
            "Zet in 'mapping' waar uw mapping staat. Hoe u er een schrijft: docs/partners/mapping.md.",
        );
    };
    let herstel = format!("Verbeter de mapping en probeer haar met 'inbreng-adapter mapping {naam}'.");
    let gelezen = match Mapping::lezen(&tekst) {
        Ok(gelezen) => gelezen,
        Err(fout) => return verslag.fout("mapping-fout", format!("De mapping {naam} kan niet worden gelezen: {fout}."), herstel),
    };
    let Ok(catalogus) = Catalogus::ingebouwd() else { return };
    if let Err(fouten) = gelezen.toetsen(&catalogus) {
        for fout in fouten {
            verslag.fout("mapping-fout", format!("De mapping {naam} past niet bij de catalogus: {fout}."), herstel.clone());
        }
    }
}

fn adressen(verslag: &mut Verslag, config: &Config) {
    if !config.knooppunt.adres.starts_with("https://") {
        verslag.fout(
            "knooppunt-geen-https",
            "knooppunt.adres begint niet met https://.",
            "Gebruik het adres dat de beheerder van het knooppunt gaf, zoals https://knooppunt.example:8443 (zonder /v1).",
        );
    }
}
