//! `inbreng check`: everything that `serve` needs, tried without serving; what is wrong and how to mend it.

use std::{io::Write, net::TcpListener, path::Path, process::ExitCode};

use inbreng_domain::schermtekst;
use serde_json::json;

use crate::{
    bevinding::{Bevinding, Ernst, keten},
    bus,
    config::Config,
    opstart,
};

/// Checks a configuration; fails when the hub would not start or take nothing in, or its log does not hold.
pub fn run(bestand: &Path, json: bool) -> ExitCode {
    let bevindingen = match Config::lezen(bestand) {
        Ok(config) => match tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build() {
            Ok(runtime) => runtime.block_on(controleren(&config)),
            Err(e) => vec![Bevinding::fout("(systeem)", keten(&e), "Er zijn te weinig threads of bestanden beschikbaar.")],
        },
        Err(bevindingen) => bevindingen,
    };
    let fouten = bevindingen.iter().filter(|b| b.is_fout()).count();
    let mut uit = std::io::stdout().lock();
    let _gone = if json {
        writeln!(uit, "{}", schermtekst::json(&json!({ "ok": fouten == 0, "bevindingen": bevindingen }).to_string()))
    } else {
        afdrukken(&mut uit, &bevindingen, fouten)
    };
    if fouten == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn afdrukken(uit: &mut impl Write, bevindingen: &[Bevinding], fouten: usize) -> std::io::Result<()> {
    for bevinding in bevindingen {
        writeln!(uit, "{}", schermtekst::regels(&bevinding.to_string()))?;
    }
    match (fouten, bevindingen.len()) {
        (0, 0) => writeln!(uit, "Alles in orde: het knooppunt kan starten."),
        (0, n) => writeln!(uit, "Het knooppunt kan starten; {n} om naar te kijken."),
        (f, _) => writeln!(uit, "Het knooppunt kan niet starten: {f} fout(en)."),
    }
}

async fn controleren(config: &Config) -> Vec<Bevinding> {
    let mut bevindingen = luisteren(config);
    match opstart::gereedmaken(config).await {
        Err(meer) => bevindingen.extend(meer),
        Ok(gereed) => {
            bevindingen.extend(gereed.bevindingen);
            // It would run, and answer everybody that it cannot now.
            bevindingen.extend(opstart::klok(&gereed.knooppunt.hub).map(|b| Bevinding { ernst: Ernst::Fout, ..b }));
            if gereed.knooppunt.hub.partners().partners.is_empty() {
                let wat = "er is geen enkele organisatie aangesloten";
                let oplossing = "Noem bij gids.bestand de vermeldingen van de organisaties, of laat ze zich aanmelden.";
                bevindingen.push(Bevinding::let_op("gids", wat, oplossing));
            }
            if let Some(bus) = &gereed.bus {
                bevindingen.extend(bus::controleren(bus).await);
            }
            logboek(&gereed.knooppunt.hub, config.opslag.sleutel(), &mut bevindingen).await;
            let _closed = gereed.store.sluiten().await;
        }
    }
    bevindingen
}

async fn logboek(hub: &inbreng_pipeline::Hub, sleutel: &str, bevindingen: &mut Vec<Bevinding>) {
    let oplossing = "Zet een reservekopie terug en vergelijk haar met een kop die een partner bewaart (inbreng log verify).";
    match hub.controleer_logboek().await {
        Ok(controle) if controle.klopt => {}
        Ok(controle) => {
            let waar = controle.eerste_fout.map_or_else(|| "in de wortel".to_owned(), |i| format!("vanaf blad {i}"));
            bevindingen.push(Bevinding::fout(sleutel, format!("het logboek klopt niet, {waar}"), oplossing));
        }
        Err(fout) => {
            bevindingen.push(Bevinding::fout(sleutel, format!("het logboek is niet te lezen: {}", keten(&fout)), oplossing))
        }
    }
}

/// A running hub holds its own addresses, so a busy one is only worth a look.
fn luisteren(config: &Config) -> Vec<Bevinding> {
    let mut bevindingen = Vec::new();
    for (sleutel, adres) in [("partners.adres", config.partners.adres), ("beheer.adres", config.beheer.adres)] {
        if let Err(e) = TcpListener::bind(adres) {
            let wat = format!("op {adres} kan nu niet worden geluisterd ({e})");
            bevindingen.push(Bevinding::let_op(sleutel, wat, "Draait het knooppunt al? Kies anders een vrij adres."));
        }
    }
    if !config.beheer.adres.ip().is_loopback() {
        let wat = "dit adres is van buiten te bereiken, en de beheerpagina's vragen geen wachtwoord";
        bevindingen.push(Bevinding::let_op("beheer.adres", wat, "Gebruik 127.0.0.1, of scherm het adres af."));
    }
    bevindingen
}
