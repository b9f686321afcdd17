//! The commands, as they are typed.

use std::{
    io::{BufRead as _, Write as _},
    path::PathBuf,
    sync::Arc,
};

use clap::{Args, Subcommand};
use inbreng_domain::{
    Clock, Digest, Randomness, Tijdstip, schermtekst,
    versie::{Beheerfunctie, Versiehandeling},
};

use super::{bureau::Bureau, fout::Fout, stappen};

/// What every command that calls the hub needs.
#[derive(Debug, Args)]
pub struct Wie {
    /// De configuratie van uw adapter (TOML): haar sleutels en haar verbinding.
    #[arg(long)]
    pub(super) config: PathBuf,
    /// Als JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// What every signed act needs.
#[derive(Debug, Args)]
pub struct Daad {
    #[command(flatten)]
    pub(super) wie: Wie,
    /// Het kenmerk van de versie (sha-256:…), zoals `beleid status` het toont.
    #[arg(long)]
    pub(super) versie: Digest,
    /// In welke functie u dit doet: privacy-officer, fg of bestuurder.
    #[arg(long)]
    pub(super) functie: Beheerfunctie,
}

/// A signed act that is asked about first.
#[derive(Debug, Args)]
pub struct Jawoord {
    #[command(flatten)]
    pub(super) daad: Daad,
    /// Vraag niet om een ja (voor scripts).
    #[arg(long)]
    pub(super) ja: bool,
}

/// Stap voor stap een nieuwe versie van het convenant: indienen, narekenen, proberen, goedkeuren, laten gelden, terug.
#[derive(Debug, Subcommand)]
#[allow(missing_docs, reason = "a comment is help for whoever types; what is flattened in has its own")]
pub enum Beleidopdracht {
    /// Welke versies er zijn en hoe ver ze zijn; met --versie ook wie wat deed.
    Status {
        #[command(flatten)]
        wie: Wie,
        /// Alleen deze versie.
        #[arg(long)]
        versie: Option<Digest>,
    },
    /// Toont een versie zoals u haar voor een goedkeuring ziet, nagerekend op deze machine.
    Bekijken {
        #[command(flatten)]
        wie: Wie,
        /// De versie.
        #[arg(long)]
        versie: Digest,
    },
    /// Dient een concept in, met zijn tabellen.
    Indienen {
        #[command(flatten)]
        wie: Wie,
        /// Het concept: de bron (TOML) of een bundel (JSON).
        concept: PathBuf,
        /// Een beslistabel (TOML); geef er zoveel als u heeft.
        #[arg(long = "tabel", required = true)]
        tabellen: Vec<PathBuf>,
        /// In welke functie u dit doet: privacy-officer, fg of bestuurder.
        #[arg(long)]
        functie: Beheerfunctie,
        /// Vraag niet om een ja (voor scripts).
        #[arg(long)]
        ja: bool,
    },
    /// Laat het knooppunt de tabellen narekenen.
    Toetsen(Daad),
    /// Laat het knooppunt de versie proberen op besluiten van hele dagen die voorbij zijn (UTC).
    Proberen {
        #[command(flatten)]
        daad: Daad,
        /// De eerste dag, zoals 2026-09-01.
        #[arg(long)]
        van: String,
        /// De dag na de laatste.
        #[arg(long)]
        tot: String,
    },
    /// Keurt een versie goed, nadat u haar heeft gezien.
    Goedkeuren(Jawoord),
    /// Keurt goed dat een versie die eerder gold, terugkomt.
    Terugdraaien(Jawoord),
    /// Trekt een versie in die nog niet geldt. De geldende blijft.
    Intrekken(Jawoord),
    /// Schrijft op wat de convenantbeheerder moet tekenen om een goedgekeurde versie te laten gelden.
    Voorstel {
        #[command(flatten)]
        wie: Wie,
        /// De versie.
        #[arg(long)]
        versie: Digest,
        /// Vanaf wanneer, zoals 2026-12-01T00:00:00.000Z.
        #[arg(long)]
        ingang: Tijdstip,
        /// Het bestand dat naar de convenantbeheerder gaat.
        #[arg(long)]
        uit: PathBuf,
    },
    /// Tekent een voorstel. Voor de convenantbeheerder, op de machine met zijn sleutel; zonder netwerk.
    Tekenen {
        /// Het voorstel.
        voorstel: PathBuf,
        /// Het ondertekeningscertificaat van de convenantbeheerder (PEM).
        #[arg(long)]
        certificaat: PathBuf,
        /// De sleutel daarbij (PEM).
        #[arg(long)]
        sleutel: PathBuf,
        /// Het bestand dat terug gaat.
        #[arg(long)]
        uit: PathBuf,
        /// Vraag niet om een ja (voor scripts).
        #[arg(long)]
        ja: bool,
    },
    /// Brengt wat de convenantbeheerder tekende naar het knooppunt. Op het gekozen moment gaat de versie gelden.
    Activeren {
        #[command(flatten)]
        wie: Wie,
        /// Wat de convenantbeheerder tekende.
        plan: PathBuf,
    },
}

/// Asks for a yes, on the terminal or from what is piped in. Anything else is a no.
pub(super) fn vragen(vraag: &str, ja: bool) -> Result<(), Fout> {
    if ja {
        return Ok(());
    }
    let niets = |_| Fout::new("Er is geen antwoord te lezen.", "Typ ja, of geef --ja mee.");
    let mut scherm = std::io::stderr();
    write!(scherm, "\n{vraag} Typ ja als u dat wilt: ").and_then(|()| scherm.flush()).map_err(niets)?;
    let mut antwoord = String::new();
    std::io::stdin().lock().read_line(&mut antwoord).map_err(niets)?;
    if antwoord.trim().eq_ignore_ascii_case("ja") {
        Ok(())
    } else {
        Err(Fout::new("U zei geen ja. Er is niets verstuurd.", "Wilt u het toch, geef de opdracht dan opnieuw."))
    }
}

/// Text for people before a yes: on the screen where people look, beside what a script reads.
pub(super) fn laten_zien(tekst: &str) {
    let _closed = writeln!(std::io::stderr().lock(), "{}", schermtekst::regels(tekst));
}

/// Does it; gives what to print.
///
/// # Errors
/// [`Fout`], with a way out.
pub async fn uitvoeren(opdracht: &Beleidopdracht, clock: Arc<dyn Clock>, random: Arc<dyn Randomness>) -> Result<String, Fout> {
    let bureau = |wie: &Wie| Bureau::openen(&wie.config, Arc::clone(&clock), Arc::clone(&random));
    match opdracht {
        Beleidopdracht::Status { wie, versie } => stappen::status(&bureau(wie)?, *versie, wie.json).await,
        Beleidopdracht::Bekijken { wie, versie } => stappen::bekijken(&bureau(wie)?, *versie, wie.json).await,
        Beleidopdracht::Indienen { wie, concept, tabellen, functie, ja } => {
            stappen::indienen(&bureau(wie)?, concept, tabellen, (*functie, *ja, wie.json)).await
        }
        Beleidopdracht::Toetsen(daad) => stappen::toetsen(&bureau(&daad.wie)?, daad).await,
        Beleidopdracht::Proberen { daad, van, tot } => stappen::proberen(&bureau(&daad.wie)?, daad, van, tot).await,
        Beleidopdracht::Goedkeuren(ja) => stappen::goedkeuren(&bureau(&ja.daad.wie)?, ja, Versiehandeling::Goedkeuren).await,
        Beleidopdracht::Terugdraaien(ja) => stappen::goedkeuren(&bureau(&ja.daad.wie)?, ja, Versiehandeling::Terugdraaien).await,
        Beleidopdracht::Intrekken(ja) => stappen::intrekken(&bureau(&ja.daad.wie)?, ja).await,
        Beleidopdracht::Voorstel { wie, versie, ingang, uit } => {
            stappen::voorstellen(&bureau(wie)?, *versie, *ingang, uit, wie.json).await
        }
        Beleidopdracht::Tekenen { voorstel, certificaat, sleutel, uit, ja } => {
            stappen::tekenen(voorstel, (certificaat, sleutel), uit, *ja, &*clock)
        }
        Beleidopdracht::Activeren { wie, plan } => stappen::activeren(&bureau(wie)?, plan, wie.json).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each command takes: files, then options. `--ja` only where a yes is asked for, `--functie` only where something is
    /// signed for the own organisation.
    const ARGUMENTEN: [(&str, &[&str], &[&str]); 11] = [
        ("status", &[], &["config", "json", "versie"]),
        ("bekijken", &[], &["config", "json", "versie"]),
        ("indienen", &["concept"], &["config", "functie", "ja", "json", "tabel"]),
        ("toetsen", &[], &["config", "functie", "json", "versie"]),
        ("proberen", &[], &["config", "functie", "json", "tot", "van", "versie"]),
        ("goedkeuren", &[], &["config", "functie", "ja", "json", "versie"]),
        ("terugdraaien", &[], &["config", "functie", "ja", "json", "versie"]),
        ("intrekken", &[], &["config", "functie", "ja", "json", "versie"]),
        ("voorstel", &[], &["config", "ingang", "json", "uit", "versie"]),
        ("tekenen", &["voorstel"], &["certificaat", "ja", "sleutel", "uit"]),
        ("activeren", &["plan"], &["config", "json"]),
    ];

    #[test]
    fn each_command_takes_what_means_something_to_it_and_nothing_else() {
        let alle = Beleidopdracht::augment_subcommands(clap::Command::new("beleid"));
        let namen: Vec<_> = alle.get_subcommands().map(clap::Command::get_name).collect();
        assert_eq!(namen, ARGUMENTEN.map(|(naam, _, _)| naam));
        for (naam, bestanden, opties) in ARGUMENTEN {
            let een = alle.find_subcommand(naam).unwrap();
            let genoemd: Vec<_> = een.get_positionals().map(|a| a.get_id().as_str()).collect();
            assert_eq!(genoemd, bestanden, "{naam}");
            let mut lang: Vec<_> = een.get_opts().filter_map(clap::Arg::get_long).filter(|l| *l != "help").collect();
            lang.sort_unstable();
            assert_eq!(lang, opties, "{naam}");
        }
    }

    #[test]
    fn a_yes_beforehand_is_refused_where_nothing_is_asked() {
        let alle = Beleidopdracht::augment_subcommands(clap::Command::new("beleid"));
        let kenmerk = "sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
        for (naam, bestanden, opties) in ARGUMENTEN {
            let mut getypt = vec!["beleid", naam];
            getypt.extend_from_slice(bestanden);
            for (optie, waarde) in [
                ("--config", "adapter.toml"),
                ("--versie", kenmerk),
                ("--functie", "fg"),
                ("--tabel", "tabel.toml"),
                ("--van", "2026-09-01"),
                ("--tot", "2026-10-01"),
                ("--ingang", "2026-12-01T00:00:00.000Z"),
                ("--uit", "uit.json"),
                ("--certificaat", "beheerder.pem"),
                ("--sleutel", "beheerder.key"),
            ] {
                if opties.contains(&&optie[2..]) {
                    getypt.extend([optie, waarde]);
                }
            }
            alle.clone().try_get_matches_from(getypt.clone()).unwrap_or_else(|e| panic!("{naam}: {e}"));
            getypt.push("--ja");
            let met_ja = alle.clone().try_get_matches_from(getypt);
            assert_eq!(met_ja.is_ok(), opties.contains(&"ja"), "{naam}");
        }
    }
}
