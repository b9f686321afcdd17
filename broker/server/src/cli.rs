//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use inbreng_domain::{Oin, Tijdstip};

use crate::policy::PolicyCommand;

/// Inbreng: uitwisselen wat het convenant toestaat, en niets anders.
#[derive(Debug, Parser)]
#[command(name = "inbreng", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What `inbreng` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start het knooppunt.
    Serve {
        /// Het configuratiebestand (TOML).
        #[arg(long, value_name = "BESTAND")]
        config: PathBuf,
    },
    /// Controleer configuratie, certificaten, opslag en beleid: wat is er mis en hoe is het te verhelpen.
    Check {
        /// Het configuratiebestand (TOML).
        #[arg(long, value_name = "BESTAND")]
        config: PathBuf,
        /// Geef de bevindingen als JSON.
        #[arg(long)]
        json: bool,
    },
    /// Maak een kopie van de opslag, ook terwijl het knooppunt draait. De kopie wordt nagerekend voordat zij haar naam krijgt.
    Backup(crate::kopie::Backupopties),
    /// Zet een knooppunt terug uit een kopie. Het geeft niets uit totdat zijn organisaties hebben nagezonden wat na de kopie kwam.
    Restore(crate::kopie::Restoreopties),
    /// Toon wie na het terugzetten nog moet nazenden, of geef weer uit zonder op hen te wachten.
    Heropen(crate::kopie::Heropenopties),
    /// De klok van de machine waarop het knooppunt draait.
    #[command(subcommand)]
    Klok(KlokCommand),
    /// Zet alles over van een SQLite-bestand naar een lege PostgreSQL-database. Het knooppunt staat dan stil.
    ///
    /// Geteld per tabel, en het logboek nagerekend. Status: 0 overgezet, 2 er is niets overgezet.
    Migrate(crate::migrate::Opties),
    /// Het logboek, zonder draaiend knooppunt.
    #[command(subcommand)]
    Log(LogCommand),
    /// Het beleid: wat mag, en waarom.
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Speel een nacht: ontwikkel-PKI, knooppunt, partners met hun adapters als aparte processen, en dan het verhaal.
    Demo(DemoOpties),
    /// Een adapter als proces van de demo.
    #[command(hide = true)]
    Adapter {
        #[arg(long)]
        config: PathBuf,
        /// Waar het adres komt te staan.
        #[arg(long)]
        adres_bestand: PathBuf,
    },
    /// Het eigen systeem van een partner als proces van de demo.
    #[command(hide = true)]
    Partnersysteem {
        #[arg(long)]
        gezicht: String,
        #[arg(long)]
        naam: String,
        #[arg(long)]
        opslag: PathBuf,
        /// Waar het adres komt te staan.
        #[arg(long)]
        adres_bestand: PathBuf,
        /// Waar het adres van de adapter komt te staan.
        #[arg(long)]
        buur_bestand: PathBuf,
        /// Bestand met het geheim dat het aan de adapter toont.
        #[arg(long)]
        buur_geheim: PathBuf,
        /// Bestand met het geheim dat de adapter moet tonen.
        #[arg(long)]
        geheim: PathBuf,
    },
    /// Geef het OpenAPI-document van de partner-API.
    Openapi {
        /// Dat van de AuthZEN-adressen.
        #[arg(long)]
        authzen: bool,
    },
}

/// What can be said of the clock.
#[derive(Debug, Subcommand)]
pub enum KlokCommand {
    /// Zeg dat de klok goed staat, nadat u op een andere klok keek. Een knooppunt dat aan zijn klok twijfelt, gaat dan verder.
    ///
    /// Alleen als de klok van de machine binnen een minuut zegt wat u zegt. Het komt in de logregels.
    Bevestigen(crate::klokwoord::Bevestiging),
}

/// How the demo is played.
#[derive(Debug, Args)]
pub struct DemoOpties {
    /// Stop als het verhaal uit is; status 0 alleen als elke scène slaagde. De laatste regel is dan één JSON-object.
    #[arg(long)]
    pub exit: bool,
    /// De map voor alles wat gemaakt wordt; zonder: een tijdelijke map die na afloop weggaat.
    #[arg(long, value_name = "MAP")]
    pub dir: Option<PathBuf>,
    /// Alleen deze scènes, met wat eraan voorafgaat.
    #[arg(long, value_name = "NAAM")]
    pub scene: Vec<String>,
    /// Alleen het JSON-object.
    #[arg(long)]
    pub json: bool,
    /// Schrijf de nacht ook als één HTML-pagina, met een beeld van wie wat aan wie stuurde.
    #[arg(long, value_name = "BESTAND")]
    pub report: Option<PathBuf>,
}

/// What can be done with the log.
#[derive(Debug, Subcommand)]
pub enum LogCommand {
    /// Reken het hele logboek na, uit de opslag of uit een export.
    Verify(Logbron),
    /// Bewijs dat een blad in het logboek staat, en dat het logboek sinds een bewaarde kop alleen is gegroeid.
    ///
    /// Het hele logboek wordt nagerekend: uit een logboek dat niet klopt komt geen bewijs. Status: 0 bewezen, 1 niet.
    Prove(crate::logboek::Bewijsopties),
    /// Schrijf de besluiten als regels JSON: wat is gevraagd, wat is besloten en waarom. Zonder gegevens van personen.
    Besluiten {
        /// De opslag van het knooppunt.
        #[arg(long, value_name = "BESTAND")]
        db: PathBuf,
        /// Waarheen; `-` is de standaarduitvoer.
        #[arg(long, value_name = "BESTAND", default_value = "-")]
        uit: PathBuf,
        /// Alleen de besluiten over berichten van deze organisatie, zonder wat een zaak voor haar verbergt: voor haar
        /// privacy-functionaris.
        #[arg(long, value_name = "OIN")]
        organisatie: Option<Oin>,
    },
    /// Schrijf elke beslissing als regel JSON, volgens de NL GOV-standaard Authorization Decision Log.
    Adl {
        /// De opslag van het knooppunt.
        #[arg(long, value_name = "BESTAND")]
        db: PathBuf,
        /// Vanaf dit moment (RFC 3339, of een datum); zonder: vanaf het begin.
        #[arg(long, value_name = "MOMENT", value_parser = moment)]
        vanaf: Option<Tijdstip>,
        /// Tot dit moment, dat zelf niet meetelt; zonder: tot het einde.
        #[arg(long, value_name = "MOMENT", value_parser = moment)]
        tot: Option<Tijdstip>,
        /// Het OIN van het knooppunt, voor wie logboeken van meer knooppunten samenvoegt.
        #[arg(long, value_name = "OIN")]
        knooppunt: Option<Oin>,
        /// Waarheen; `-` is de standaarduitvoer.
        #[arg(long, value_name = "BESTAND", default_value = "-")]
        uit: PathBuf,
    },
    /// Schrijf het logboek als regels JSON, voor wie het elders wil narekenen.
    Export {
        /// De opslag van het knooppunt.
        #[arg(long, value_name = "BESTAND")]
        db: PathBuf,
        /// Waarheen; `-` is de standaarduitvoer.
        #[arg(long, value_name = "BESTAND", default_value = "-")]
        uit: PathBuf,
    },
}

/// Which log, and what it must agree with.
#[derive(Debug, Args)]
pub struct Logbron {
    #[command(flatten)]
    pub plaats: Logplaats,
    /// Een eerder bewaarde kop (JWS): het logboek moet er nog mee kloppen.
    #[arg(long, value_name = "BESTAND", requires = "certificaat")]
    pub checkpoint: Option<PathBuf>,
    /// Het ondertekeningscertificaat van het knooppunt (PEM), om de kop mee te controleren.
    #[arg(long, value_name = "BESTAND")]
    pub certificaat: Option<PathBuf>,
    /// Geef de uitslag als JSON.
    #[arg(long)]
    pub json: bool,
}

/// Where the log is.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Logplaats {
    /// De opslag van het knooppunt.
    #[arg(long, value_name = "BESTAND")]
    pub db: Option<PathBuf>,
    /// Een export: regels JSON.
    #[arg(long, value_name = "BESTAND")]
    pub export: Option<PathBuf>,
}

/// A moment, or the beginning of a day (UTC).
fn moment(text: &str) -> Result<Tijdstip, String> {
    let lezen = |text: &str| text.parse::<Tijdstip>();
    let dag = || lezen(&format!("{text}T00:00:00.000Z"));
    lezen(text).or_else(|_| dag()).map_err(|_| "een moment als 2026-10-01T00:00:00.000Z, of een datum als 2026-10-01".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
