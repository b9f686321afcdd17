//! `inbreng policy`: what the covenant allows, why, and what a change would do.

mod besluiten;
mod bron;
mod diff;
mod explain;
mod export;
mod fout;
mod noodgebruik;
mod partijen;
mod reference;
mod replay;
mod rijtekst;
mod simulate;
mod strengheid;
mod tabellen;
mod tekst;
mod verzoek;
mod voortgang;

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};
use inbreng_catalogue::Catalogus;
use inbreng_domain::schermtekst;

pub use fout::Fout;

/// How a command ended, when it could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Afloop {
    /// As it should be.
    Goed,
    /// Something differs or does not hold.
    Verschil,
}

/// What can be done with a policy.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Leg één besluit uit: mag dit, waarom, en wat kan wel.
    ///
    /// Noem wat u wilt delen met de opties hieronder, of zet het in een bestand (--verzoek). Wat u weglaat, telt zo streng
    /// mogelijk. Met --gewone-zaak hoeft u alleen te noemen wat er bijzonder is.
    ///
    /// Status: 0 uitgelegd (ook als het niet mag), 2 de vraag klopt niet.
    Explain(explain::Opties),
    /// Vergelijk twee versies: welke rijen en afspraken verschillen, en welke besluiten ruimer of strenger worden.
    ///
    /// Wie het verschil in besluiten leest: alles wat niet verandert is zo gunstig mogelijk genomen, want wat toch al
    /// geweigerd zou worden, laat geen verschil zien.
    ///
    /// Status: 0 gelijk, 1 verschillend, 2 een versie is niet te gebruiken.
    Diff(diff::Opties),
    /// Schrijf de pagina met alle regels: rijen, zinnen en voorbeelden, uit de bron waarmee wordt beslist.
    ///
    /// Status: 0 geschreven, 2 de versie of een tabel is niet te lezen.
    Reference(reference::Opties),
    /// Neem besluiten uit het verleden opnieuw: dezelfde vraag onder dezelfde versie geeft hetzelfde antwoord, byte voor byte.
    ///
    /// Status: 0 alles gelijk, 1 een verschil of een versie die ontbreekt, 2 de besluiten zijn niet te lezen.
    Replay(replay::Opties),
    /// Probeer een concept op besluiten uit het verleden: wat wordt ruimer, wat wordt strenger. Zonder gegevens van personen.
    ///
    /// Status: 0 gedaan (ook als er veel verandert), 2 het concept of de besluiten zijn niet te lezen.
    Simulate(simulate::Opties),
    /// Schrijf een versie als document (RFC 8785, precies wat de digest dekt), of haar rijen als tabel.
    ///
    /// Status: 0 geschreven, 2 de versie is niet te gebruiken.
    Export(export::Opties),
    /// Wie welk convenant heeft getekend, vanaf wanneer en tot wanneer; elke handtekening wordt hier gecontroleerd.
    ///
    /// Status: 0 alles klopt, 1 een verklaring telt niet, 2 configuratie of opslag is niet te lezen.
    Partijen(partijen::Opties),
    /// Waar meer mocht dan er gedeeld is: per organisatie en regel, over een maand die voorbij is (R34).
    ///
    /// Status: 0 geteld, 2 de maand is nog niet af of de opslag is niet te lezen.
    Strengheid(strengheid::Opties),
    /// Welke organisaties in een maand die voorbij is vaker dan de drempel het noodpad gebruikten (R35).
    ///
    /// Status: 0 geen, 1 een of meer, 2 de maand is nog niet voorbij of de opslag is niet te lezen.
    Noodgebruik(noodgebruik::Opties),
    /// Draai beslistabellen; elk verschil is een fout.
    ///
    /// Status: 0 alles zoals verwacht, 1 een verschil, 2 een tabel of convenant is niet te lezen.
    Test {
        /// De tabellen (TOML).
        #[arg(required = true, value_name = "BESTAND")]
        bestanden: Vec<PathBuf>,
        #[command(flatten)]
        versie: Versiekeuze,
        /// Geef alles als JSON: naam, verwacht, gekregen, regels, plichten, alternatieven en zinnen.
        #[arg(long)]
        json: bool,
    },
}

/// Which covenant.
#[derive(Debug, Args)]
pub struct Versiekeuze {
    /// Het convenant: een naam (voorbeeldregio), de bron (TOML), een bundel (JSON) of een ondertekende bundel (JWS). Zonder
    /// deze optie: voorbeeldregio.
    #[arg(long, value_name = "NAAM OF BESTAND", default_value = "voorbeeldregio", hide_default_value = true)]
    pub convenant: String,
    /// Het certificaat van de convenantbeheerder (PEM), om een ondertekende bundel te controleren.
    #[arg(long, value_name = "BESTAND")]
    pub certificaat: Option<PathBuf>,
}

impl Versiekeuze {
    fn vinden(&self, catalogus: &Catalogus) -> Result<bron::Versie, Fout> {
        bron::Versie::vinden(&self.convenant, catalogus, self.certificaat.as_deref())
    }
}

/// Runs one; 0 good, 1 something differs, 2 the question or its input is wrong.
pub fn run(opdracht: &PolicyCommand) -> ExitCode {
    let uitslag = match opdracht {
        PolicyCommand::Explain(opties) => explain::run(opties),
        PolicyCommand::Diff(opties) => diff::run(opties),
        PolicyCommand::Reference(opties) => reference::run(opties),
        PolicyCommand::Replay(opties) => replay::run(opties),
        PolicyCommand::Simulate(opties) => simulate::run(opties),
        PolicyCommand::Export(opties) => export::run(opties),
        PolicyCommand::Partijen(opties) => partijen::run(opties),
        PolicyCommand::Strengheid(opties) => strengheid::run(opties),
        PolicyCommand::Noodgebruik(opties) => noodgebruik::run(opties),
        PolicyCommand::Test { bestanden, versie, json } => tabellen::run(bestanden, versie, *json),
    };
    klaar(uitslag)
}

fn klaar(uitslag: Result<Afloop, Fout>) -> ExitCode {
    match uitslag {
        Ok(Afloop::Goed) => ExitCode::SUCCESS,
        Ok(Afloop::Verschil) => ExitCode::FAILURE,
        Err(fout) => {
            let _gone = writeln!(std::io::stderr(), "{}", schermtekst::regels(&fout.to_string()));
            ExitCode::from(2)
        }
    }
}

/// `inbreng log besluiten`.
pub fn besluiten_exporteren(db: &std::path::Path, uit: &std::path::Path, organisatie: Option<inbreng_domain::Oin>) -> ExitCode {
    klaar(besluiten::exporteren(db, uit, organisatie).map(|()| Afloop::Goed))
}

fn catalogus() -> Result<Catalogus, Fout> {
    Catalogus::ingebouwd().map_err(|e| Fout::new(format!("de catalogus is niet te lezen ({e})")))
}

fn woordenboek() -> Result<inbreng_policy::Woordenboek, Fout> {
    inbreng_policy::Woordenboek::ingebouwd().map_err(|e| Fout::beleid("de woordenlijst", &e))
}
