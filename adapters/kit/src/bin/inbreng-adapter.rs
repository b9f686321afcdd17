//! The adapter, at the partner: `init` sets one up, `check` says what is wrong, `mapping` tries a mapping out, `run` runs it.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::{Parser, Subcommand};
use inbreng_adapter::{
    Config,
    beleid::{
        Beleidopdracht, Fout, Partijopdracht, Sleutelopdracht, Terugroepopdracht, Vermeldingopdracht, partij_uitvoeren,
        sleutel_uitvoeren, terugroep_uitvoeren, uitvoeren, vermelding_uitvoeren,
    },
    check,
    check::{Ernst, Verslag},
    concept::Vertaling as _,
    klok,
    mapping::Mapping,
    opzetten::{Opzet, opzetten},
    run,
};
use inbreng_catalogue::Catalogus;
use inbreng_domain::{Code, Oin, Tijdstip, clock::SystemClock, schermtekst, versie::Beheerfunctie, vocabulary::Partnertype};
use inbreng_proof::SystemRandomness;
use inbreng_telemetry::Niveau;

/// What a message says passes through many pieces of memory. Each is wiped when it is given back, so that what was handled is in memory
/// no more once nothing holds it.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

/// De adapter van één partner: vertaalt, verzegelt, verstuurt en ontvangt.
#[derive(Debug, Parser)]
#[command(version)]
struct Opties {
    #[command(subcommand)]
    opdracht: Opdracht,
}

#[derive(Debug, Subcommand)]
enum Opdracht {
    /// Maakt een map met sleutels, certificaataanvragen, geheimen en een configuratie met uitleg.
    Init {
        /// De map; ze wordt gemaakt.
        map: PathBuf,
        /// Het OIN van uw organisatie (20 cijfers).
        #[arg(long)]
        oin: Oin,
        /// De naam van uw organisatie, zoals in de certificaten.
        #[arg(long)]
        naam: String,
        /// Wat voor organisatie: politie, veilig-thuis, ggz, wijkteam, school, ….
        #[arg(long)]
        partnertype: Partnertype,
        /// De naam van uw systeem.
        #[arg(long, default_value = "eigen")]
        systeem: Code,
        /// Het adres van het knooppunt.
        #[arg(long, default_value = "https://knooppunt.example:8443")]
        knooppunt: String,
        /// Het OIN van het knooppunt.
        #[arg(long)]
        knooppunt_oin: Option<Oin>,
        /// Waar uw systeem berichten aanneemt; zonder: het haalt ze zelf op.
        #[arg(long)]
        eigen_systeem: Option<String>,
        /// Mensen lezen en antwoorden in het postvak: een pagina op deze machine.
        #[arg(long, conflicts_with = "eigen_systeem")]
        postvak: bool,
        /// Waar de adapter mag schrijven: zijn opslag, en de sleutels die hij zelf maakt. Een pad vanaf /; zonder: de map zelf.
        ///
        /// Nodig waar hij in de map van zijn configuratie niet mag schrijven, zoals onder systemd en in een container.
        #[arg(long)]
        staat: Option<PathBuf>,
    },
    /// Controleert een configuratie en alles wat ze noemt, en zegt hoe u verbetert wat er mis is.
    Check {
        /// De configuratie (TOML).
        #[arg(long)]
        config: PathBuf,
        /// Maakt geen verbinding met het knooppunt.
        #[arg(long)]
        zonder_netwerk: bool,
        /// Als JSON.
        #[arg(long)]
        json: bool,
    },
    /// De klok van de machine waarop de adapter draait.
    Klok {
        #[command(subcommand)]
        opdracht: Klokopdracht,
    },
    /// Verstuurt en ontvangt, tot SIGTERM of SIGINT.
    Run {
        /// De configuratie (TOML).
        #[arg(long)]
        config: PathBuf,
    },
    /// Laat een dode letter opnieuw bezorgen: wat het knooppunt niet bij de ontvanger kon krijgen. De adapter moet draaien.
    Opnieuw {
        /// De configuratie (TOML).
        #[arg(long)]
        config: PathBuf,
        /// Uw kenmerk van het bericht.
        #[arg(long)]
        kenmerk: String,
        /// Wie dit besluit: privacy-officer, fg of bestuurder.
        #[arg(long)]
        functie: Beheerfunctie,
        /// Alleen voor deze ontvanger (OIN); zonder: voor alle.
        #[arg(long)]
        ontvanger: Option<Oin>,
    },
    /// Een nieuwe versie van het convenant: indienen, narekenen, proberen, goedkeuren, laten gelden, terug. De adapter hoeft niet te draaien.
    Beleid {
        #[command(subcommand)]
        opdracht: Beleidopdracht,
    },
    /// Toetreden tot een convenant, uittreden, en zien wie partij is. De adapter hoeft niet te draaien.
    Partij {
        #[command(subcommand)]
        opdracht: Partijopdracht,
    },
    /// De verzegelingssleutels: bekijken, bevriezen, en na verlies een nieuwe maken. De adapter hoeft niet te draaien.
    Sleutel {
        #[command(subcommand)]
        opdracht: Sleutelopdracht,
    },
    /// De vermelding in de gids: maken, laten meetekenen, brengen. Zo komt een organisatie binnen. De adapter hoeft niet te draaien.
    Vermelding {
        #[command(subcommand)]
        opdracht: Vermeldingopdracht,
    },
    /// Waar het knooppunt uw leveringen brengt: maken, laten meetekenen, brengen. De adapter hoeft niet te draaien.
    Terugroep {
        #[command(subcommand)]
        opdracht: Terugroepopdracht,
    },
    /// Controleert een mapping, en laat zien wat een bericht van uw systeem zou worden. Zonder knooppunt en zonder sleutels.
    Mapping {
        /// De mapping (TOML).
        bestand: PathBuf,
        /// Het pad waarop uw systeem stuurt.
        #[arg(long, requires = "bericht")]
        pad: Option<String>,
        /// Het bericht (JSON).
        #[arg(long, requires = "pad")]
        bericht: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
enum Klokopdracht {
    /// Zegt dat de klok goed staat, nadat u op een andere klok keek. Een adapter die aan zijn klok twijfelt, gaat dan verder.
    ///
    /// Alleen als de klok van de machine binnen een minuut zegt wat u zegt. Het komt in de logregels.
    Bevestigen {
        /// De configuratie (TOML).
        #[arg(long)]
        config: PathBuf,
        /// Hoe laat het nu is, van een klok die u vertrouwt en niet van deze machine: 2026-10-01T14:03:00+02:00.
        #[arg(long, value_parser = Tijdstip::rfc3339)]
        tijd: Tijdstip,
    },
}

async fn klok_bevestigen(config: &Path, tijd: Tijdstip) -> Result<String, String> {
    let config = Config::lezen(config).map_err(|e| e.to_string())?;
    klok::bevestigen(&config.opslag.pad, tijd, &SystemClock).await
}

/// What the check found, as text or as what is wrong.
fn mapping(bestand: &Path, proef: Option<(&str, &Path)>) -> Result<String, String> {
    let lezen = |pad: &Path| std::fs::read_to_string(pad).map_err(|e| format!("{}: {e}", pad.display()));
    let regels = |fouten: Vec<_>| fouten.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let mapping = Mapping::lezen(&lezen(bestand)?).map_err(|e| e.to_string())?;
    let catalogus = Catalogus::ingebouwd().map_err(|e| e.to_string())?;
    mapping.toetsen(&catalogus).map_err(regels)?;
    let Some((pad, bericht)) = proef else {
        return Ok(format!("De mapping klopt. Paden voor het eigen systeem: {}", mapping.paden().join(", ")));
    };
    let lichaam = serde_json::from_str(&lezen(bericht)?).map_err(|e| format!("{}: {e}", bericht.display()))?;
    let uitkomst = mapping.proef(&catalogus, pad, &lichaam).map_err(regels)?;
    let tekst = serde_json::to_string_pretty(&uitkomst).map_err(|e| e.to_string())?;
    Ok(schermtekst::json(&tekst).into_owned())
}

/// Asks the adapter that runs: it has the keys and the store.
async fn opnieuw(config: &Path, kenmerk: &str, functie: Beheerfunctie, ontvanger: Option<Oin>) -> Result<String, String> {
    let config = Config::lezen(config).map_err(|e| e.to_string())?;
    let geheim =
        std::fs::read_to_string(&config.luister.geheim).map_err(|e| format!("{}: {e}", config.luister.geheim.display()))?;
    let mut adres = reqwest::Url::parse(&format!("http://{}", config.luister.adres)).map_err(|e| e.to_string())?;
    adres.path_segments_mut().map_err(|()| "luister.adres".to_owned())?.extend(["verzonden", kenmerk, "opnieuw"]);
    let lichaam = match ontvanger {
        Some(ontvanger) => serde_json::json!({ "functie": functie, "ontvanger": ontvanger }),
        None => serde_json::json!({ "functie": functie }),
    };
    let http = reqwest::Client::builder().no_proxy().build().map_err(|e| e.to_string())?;
    let verzoek = http.post(adres).bearer_auth(geheim.trim()).json(&lichaam);
    let antwoord = verzoek.send().await.map_err(|_| "De adapter draait niet, of luistert niet op luister.adres.".to_owned())?;
    let gelukt = antwoord.status().is_success();
    let gelezen: serde_json::Value = antwoord.json().await.map_err(|_| "De adapter gaf een onleesbaar antwoord.".to_owned())?;
    if gelukt {
        let aantal = gelezen.get("ontvangers").and_then(serde_json::Value::as_u64).unwrap_or_default();
        Ok(format!("Opnieuw in bezorging voor {aantal} ontvanger(s)."))
    } else {
        let detail = gelezen.get("detail").and_then(serde_json::Value::as_str);
        Err(schermtekst::regel(detail.unwrap_or("De adapter weigerde dit.")).into_owned())
    }
}

/// What an officer does under a signature.
async fn getekend(daad: impl Future<Output = Result<String, Fout>>) -> ExitCode {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    uitslag(daad.await.map_err(|fout| fout.to_string()))
}

/// Text on standard output; a closed one is no reason to fail.
fn zeg(tekst: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{}", schermtekst::regels(tekst));
}

fn uitslag(uitslag: Result<String, String>) -> ExitCode {
    match uitslag {
        Ok(tekst) => {
            zeg(&tekst);
            ExitCode::SUCCESS
        }
        Err(fouten) => {
            let _ = writeln!(std::io::stderr().lock(), "{}", schermtekst::regels(&fouten));
            ExitCode::FAILURE
        }
    }
}

fn init(opzet: &Opzet) -> Result<String, String> {
    let gemaakt = opzetten(opzet, &SystemRandomness).map_err(|e| match std::error::Error::source(&e) {
        Some(bron) => format!("{e}: {bron}"),
        None => e.to_string(),
    })?;
    let lijst: Vec<_> = gemaakt.iter().map(|pad| format!("  {}", pad.display())).collect();
    let map = opzet.map.display();
    Ok(format!(
        "Gemaakt:\n{}\n\nNu nog:\n  1. Stuur tls.csr en ondertekening.csr naar uw certificaatuitgever; zet de certificaten neer als \
         tls.pem en ondertekening.pem.\n  2. Vraag de beheerder van het knooppunt om root.pem, tussen.pem, crl.pem, knooppunt.pem en \
         convenantbeheerder.pem.\n  3. Zet uw mapping neer als mapping.toml.\n  4. Maak uw vermelding voor de gids, met uw eerste sleutel \
         (verzegeling-1.key): inbreng-adapter vermelding maken --config {map}/adapter.toml --uit vermelding.json\n  5. Stuur \
         vermelding.json naar de convenantbeheerder. Die belt u, en tekent mee; breng wat terugkomt: inbreng-adapter vermelding brengen \
         --config {map}/adapter.toml meegetekend.json\n  6. Moet uw soort organisatie partij zijn: inbreng-adapter partij toetreden.\n  \
         7. Controleer: inbreng-adapter check --config {map}/adapter.toml\n  8. Start: inbreng-adapter run --config {map}/adapter.toml",
        lijst.join("\n")
    ))
}

async fn controleren(bestand: &Path, netwerk: bool, json: bool) -> ExitCode {
    let (mut verslag, config) = check::controleren(bestand, &SystemClock);
    if let Some(config) = &config {
        check::opslagtijd(&mut verslag, config, &SystemClock).await;
    }
    // Only where the rest holds: what a broken configuration cannot reach says nothing.
    if let (Some(config), true, true) = (&config, netwerk, verslag.is_goed()) {
        check::verbinden(&mut verslag, config, Arc::new(SystemClock), Arc::new(SystemRandomness)).await;
    }
    if json {
        let tekst = serde_json::json!({ "goed": verslag.is_goed(), "bevindingen": verslag.bevindingen() });
        zeg(&schermtekst::json(&tekst.to_string()));
    } else {
        zeg(&leesbaar(&verslag));
    }
    if verslag.is_goed() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn leesbaar(verslag: &Verslag) -> String {
    if verslag.bevindingen().is_empty() {
        return "Alles klopt.".to_owned();
    }
    let regel = |b: &check::Bevinding| {
        let woord = match b.ernst {
            Ernst::Fout => "Fout",
            Ernst::Waarschuwing => "Let op",
        };
        format!("{woord} ({}): {}\n  Herstel: {}", b.code, b.wat, b.herstel)
    };
    verslag.bevindingen().iter().map(regel).collect::<Vec<_>>().join("\n")
}

/// Runs until it is told to stop; why it did not start is its last line.
async fn draaien(config: &Path) -> ExitCode {
    let knop = inbreng_telemetry::beginnen(Niveau::default(), Arc::new(SystemClock));
    let uitslag = match Config::lezen(config) {
        Ok(config) => run(config, knop).await.map_err(|e| Box::new(e) as Box<dyn std::error::Error>),
        Err(fout) => Err(Box::new(fout) as Box<dyn std::error::Error>),
    };
    let Err(fout) = uitslag else { return ExitCode::SUCCESS };
    let mut regel = fout.to_string();
    let mut bron = fout.source();
    while let Some(b) = bron {
        regel.push_str(": ");
        regel.push_str(&b.to_string());
        bron = b.source();
    }
    tracing::error!(reden = regel, "adapter start niet");
    ExitCode::FAILURE
}

#[tokio::main]
async fn main() -> ExitCode {
    match Opties::parse().opdracht {
        Opdracht::Klok { opdracht: Klokopdracht::Bevestigen { config, tijd } } => uitslag(klok_bevestigen(&config, tijd).await),
        Opdracht::Run { config } => draaien(&config).await,
        Opdracht::Opnieuw { config, kenmerk, functie, ontvanger } => {
            let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
            uitslag(opnieuw(&config, &kenmerk, functie, ontvanger).await)
        }
        Opdracht::Sleutel { opdracht } => {
            getekend(sleutel_uitvoeren(&opdracht, Arc::new(SystemClock), Arc::new(SystemRandomness))).await
        }
        Opdracht::Vermelding { opdracht } => {
            getekend(vermelding_uitvoeren(&opdracht, Arc::new(SystemClock), Arc::new(SystemRandomness))).await
        }
        Opdracht::Terugroep { opdracht } => {
            getekend(terugroep_uitvoeren(&opdracht, Arc::new(SystemClock), Arc::new(SystemRandomness))).await
        }
        Opdracht::Beleid { opdracht } => getekend(uitvoeren(&opdracht, Arc::new(SystemClock), Arc::new(SystemRandomness))).await,
        Opdracht::Partij { opdracht } => {
            getekend(partij_uitvoeren(&opdracht, Arc::new(SystemClock), Arc::new(SystemRandomness))).await
        }
        Opdracht::Mapping { bestand, pad, bericht } => uitslag(mapping(&bestand, pad.as_deref().zip(bericht.as_deref()))),
        Opdracht::Init { map, oin, naam, partnertype, systeem, knooppunt, knooppunt_oin, eigen_systeem, postvak, staat } => {
            let opzet = Opzet { map, oin, naam, partnertype, systeem, knooppunt, knooppunt_oin, eigen_systeem, postvak, staat };
            uitslag(init(&opzet))
        }
        Opdracht::Check { config, zonder_netwerk, json } => {
            let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
            controleren(&config, !zonder_netwerk, json).await
        }
    }
}
