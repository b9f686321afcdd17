//! The night from beginning to end: make the region, start everyone, play, look back, tell.
#![expect(clippy::print_stdout, reason = "the demo speaks to people at a terminal")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::balance::Balance;
use super::children::Children;
use super::fixtures;
use super::layout::{DEELNEMERS, Deelnemer};
use super::look_back::look_back;
use super::play::{Stage, Verdict, play};
use super::report::{self, Night};
use super::scene::{Endpoint, Kept, Scene};
use super::setup::Region;
use super::timeline::Timeline;
use super::trials::Trials;
use crate::cli::DemoOpties;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Plays the night. True when every scene and every check held.
pub async fn night(opties: &DemoOpties) -> Outcome<bool> {
    let timeline = Timeline::start(opties.json);
    let report = opties.report.as_deref().map(report_file).transpose()?;
    let temporary = if opties.dir.is_none() { Some(tempfile::Builder::new().prefix("inbreng-demo-").tempdir()?) } else { None };
    let dir = match (&opties.dir, &temporary) {
        (Some(dir), _) => {
            std::fs::create_dir_all(dir)?;
            dir.canonicalize()?
        }
        (None, Some(temporary)) => temporary.path().to_owned(),
        (None, None) => PathBuf::from("."),
    };
    timeline.line("Inbreng: een nacht in de Voorbeeldregio. Alle personen zijn verzonnen.");
    let begun = Instant::now();
    let region = Region::create(&dir)?;
    timeline.event(
        "opbouw",
        &format!("certificaten, gids en ondertekend convenant voor {} organisaties", DEELNEMERS.len()),
        begun.elapsed(),
    );

    let stage = start(&region, &timeline).await?;
    let mut kept = Kept::new();
    let mut verdicts = Vec::new();
    kept.insert("klok".to_owned(), super::scene::clock());
    for scene in chosen(&opties.scene)? {
        verdicts.push(play(&scene, &stage, &mut kept, &timeline).await);
        if verdicts.len() == 1 {
            // The log's head as a partner holds it from early in the night: a log rewritten later would not fit it.
            std::fs::write(region.held_checkpoint(), stage.trials.checkpoint().await?)?;
        }
    }
    let balance = look_back(&region, &stage, &verdicts, &timeline).await?;
    let ok = verdicts.iter().all(|v| v.fout.is_none()) && balance.fouten.is_empty();
    summary(&verdicts, &balance, &timeline);
    if let (Some(mut file), Some(path)) = (report, &opties.report) {
        let when = kept.get("klok").and_then(|k| k.pointer("/nu")).and_then(Value::as_str).unwrap_or_default();
        let night = Night { when, took: timeline.elapsed(), verdicts: &verdicts, balance: &balance, ok };
        std::io::Write::write_all(&mut file, report::page(&night, &timeline.told()).as_bytes())?;
        timeline.line(&format!("  verslag: {}", path.display()));
    }

    if opties.exit {
        stage.processes.lock().await.stop().await;
        println!("{}", balance.json(&verdicts, timeline.elapsed(), ok));
        return Ok(ok);
    }
    explore(&stage, &region, &timeline);
    super::processes::told_to_stop().await;
    stage.processes.lock().await.stop().await;
    Ok(ok)
}

/// The file of the report, made before the night begins: who cannot write there hears it now.
fn report_file(path: &Path) -> Outcome<std::fs::File> {
    std::fs::File::create(path).map_err(|why| format!("het verslag kan niet naar {}: {why}", path.display()).into())
}

/// The scenes that were asked for with those they build on; all of them when none was named.
fn chosen(names: &[String]) -> Outcome<Vec<Scene>> {
    let mut scenes = Vec::new();
    for (file, text) in fixtures::scenes() {
        let scene: Scene = toml::from_str(text).map_err(|e| format!("{file}: {e}"))?;
        scenes.push(scene);
    }
    if names.is_empty() {
        return Ok(scenes);
    }
    let mut wanted: Vec<String> = names.to_vec();
    let mut at = 0;
    while let Some(name) = wanted.get(at).cloned() {
        let scene = scenes.iter().find(|s| s.naam == name).ok_or_else(|| {
            let known: Vec<&str> = scenes.iter().map(|s| s.naam.as_str()).collect();
            format!("er is geen scène {name}; wel: {}", known.join(", "))
        })?;
        wanted.extend(scene.na.iter().cloned());
        at += 1;
    }
    scenes.retain(|s| wanted.contains(&s.naam));
    Ok(scenes)
}

async fn start(region: &Region, timeline: &Timeline) -> Outcome<Stage> {
    let mut children = Children::default();
    let begun = Instant::now();
    let config = region.hub_config();
    children.start("knooppunt", &region.hub(), &["serve", "--config", &config.to_string_lossy()])?;
    let partners = children.address("knooppunt", &region.hub_address()).await?;
    let operations = children.address("knooppunt", &region.hub_operations()).await?;
    timeline.event("knooppunt", &format!("gereed; partners op https://{partners}"), begun.elapsed());

    let begun = Instant::now();
    let running: Vec<&Deelnemer> = DEELNEMERS.iter().filter(|d| d.draait).collect();
    for deelnemer in &running {
        let (name, args) = region.system_process(deelnemer);
        children.start(&name, &region.logs(), &args.iter().map(String::as_str).collect::<Vec<_>>())?;
    }
    let mut endpoints = BTreeMap::from([(Endpoint::Knooppunt, format!("http://{operations}"))]);
    for deelnemer in &running {
        let (name, _) = region.system_process(deelnemer);
        let system = children.address(&name, &region.system_address(deelnemer)).await?;
        region.configure_adapter(deelnemer, &partners, &system)?;
        let (name, args) = region.adapter_process(deelnemer);
        children.start(&name, &region.logs(), &args.iter().map(String::as_str).collect::<Vec<_>>())?;
        endpoints.insert(Endpoint::Systeem(deelnemer.slug.to_owned()), format!("http://{system}"));
    }
    for deelnemer in &running {
        let (name, _) = region.adapter_process(deelnemer);
        let adapter = children.address(&name, &region.adapter_address(deelnemer)).await?;
        endpoints.insert(Endpoint::Adapter(deelnemer.slug.to_owned()), format!("http://{adapter}"));
    }
    let client = reqwest::Client::builder().timeout(Duration::from_secs(60)).no_proxy().build()?;
    let mut secrets = BTreeMap::new();
    for deelnemer in &running {
        let secret = std::fs::read_to_string(region.adapter_secret(deelnemer))?.trim().to_owned();
        secrets.insert(Endpoint::Adapter(deelnemer.slug.to_owned()), secret);
    }
    let count = children.count();
    let trials = Trials::new(region.clone(), partners);
    let processes = tokio::sync::Mutex::new(children);
    let stage = Stage { endpoints, client, secrets, trials, processes, region: region.clone() };
    for deelnemer in &running {
        ready(&stage, deelnemer, begun).await?;
    }
    let text = format!("{} partners, elk met een eigen systeem en een adapter: {} processen", running.len(), count);
    timeline.event("partners", &text, begun.elapsed());
    Ok(stage)
}

/// Waits until an adapter has fetched and verified directory and covenant.
async fn ready(stage: &Stage, deelnemer: &Deelnemer, since: Instant) -> Outcome<()> {
    let adapter = Endpoint::Adapter(deelnemer.slug.to_owned());
    loop {
        let health = stage.get(&adapter, "/gezondheid").await?;
        if health.get("gereed").and_then(Value::as_bool) == Some(true) {
            return Ok(());
        }
        if since.elapsed() > Duration::from_secs(30) {
            return Err(format!("de adapter van {} werd niet gereed: {health}", deelnemer.naam).into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn summary(verdicts: &[Verdict], balance: &Balance, timeline: &Timeline) {
    timeline.heading("De nacht in cijfers");
    for line in super::tally::table(verdicts, balance) {
        timeline.line(&line);
    }
}

fn explore(stage: &Stage, region: &Region, timeline: &Timeline) {
    timeline.heading("Zelf verder kijken (Ctrl-C stopt alles)");
    for (endpoint, address) in &stage.endpoints {
        timeline.line(&format!("  {:<26} {address}", endpoint.to_string()));
    }
    let address = |endpoint: &Endpoint| stage.endpoints.get(endpoint).cloned().unwrap_or_default();
    let vt = address(&Endpoint::Systeem("veilig-thuis".to_owned()));
    let police = address(&Endpoint::Adapter("politie".to_owned()));
    let hub = address(&Endpoint::Knooppunt);
    let partner = region.pki().join("partners/politie");
    timeline.line(&format!(
        "\n  Wat Veilig Thuis kreeg:      curl -s {vt}/ontvangen\n  \
         Tellingen van het knooppunt: curl -s {hub}/tellingen\n  \
         Hoever is een melding:       curl -s -H \"Authorization: Bearer $(cat {secret})\" {police}/verzonden/PL1500-2026-331228\n  \
         De partner-API, met mTLS:    curl -s --cacert {pki}/root.pem --cert {p}/tls.pem --key {p}/tls.key https://{partners}/v1/openapi.json",
        secret = super::layout::deelnemer("politie").map(|d| region.adapter_secret(d)).unwrap_or_default().display(),
        pki = region.pki().display(),
        p = partner.display(),
        partners = stage.trials.partners().replace("127.0.0.1", "localhost"),
    ));
}
