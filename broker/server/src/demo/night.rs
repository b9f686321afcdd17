//! The night from beginning to end: make the region, start everyone, play, look back, tell.
#![expect(clippy::print_stdout, reason = "the demo speaks to people at a terminal")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::audit::Canaries;
use super::children::Children;
use super::fixtures;
use super::layout::{DEELNEMERS, Deelnemer};
use super::play::{Decided, Stage, Verdict, play};
use super::scene::{Endpoint, Kept, Scene};
use super::setup::Region;
use super::timeline::Timeline;
use super::trials::Trials;
use crate::cli::DemoOpties;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Plays the night. True when every scene and every check held.
pub async fn night(opties: &DemoOpties) -> Outcome<bool> {
    let timeline = Timeline::start(opties.json);
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

    let mut children = Children::default();
    let stage = start(&region, &mut children, &timeline).await?;
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

    if opties.exit {
        children.stop().await;
        println!("{}", balance.json(&verdicts, timeline.elapsed(), ok));
        return Ok(ok);
    }
    explore(&stage, &region, &timeline);
    super::processes::told_to_stop().await;
    children.stop().await;
    Ok(ok)
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

async fn start(region: &Region, children: &mut Children, timeline: &Timeline) -> Outcome<Stage> {
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
    let stage = Stage { endpoints, client, secrets, trials: Trials::new(region.clone(), partners) };
    for deelnemer in &running {
        ready(&stage, deelnemer, begun).await?;
    }
    let text = format!("{} partners, elk met een eigen systeem en een adapter: {} processen", running.len(), children.count());
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

/// What was found when the night was over.
#[derive(Debug)]
struct Balance {
    tellingen: Value,
    gestuurd: usize,
    bij_partners: usize,
    kanaries: usize,
    fouten: Vec<String>,
}

impl Balance {
    /// The hub's counts, and what adapters refused before anything was sealed: the hub never saw that as a message. Only these
    /// words are taken over; none named: all.
    fn with_refused_before_sealing(&self, key: &str, seen: &BTreeMap<String, u64>, words: &[&str]) -> BTreeMap<String, u64> {
        let counted = self.tellingen.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
        let mut counts: BTreeMap<String, u64> = counted.into_iter().filter_map(|(k, v)| Some((k, v.as_u64()?))).collect();
        for (word, n) in seen.iter().filter(|(word, _)| words.is_empty() || words.contains(&word.as_str())) {
            let count = counts.entry(word.clone()).or_default();
            *count = (*count).max(*n);
        }
        counts
    }

    fn json(&self, verdicts: &[Verdict], took: Duration, ok: bool) -> Value {
        json!({
            "scenes": verdicts.len(),
            "geslaagd": verdicts.iter().filter(|v| v.fout.is_none()).count(),
            "berichten": self.tellingen.get("berichten"),
            "besluiten": self.with_refused_before_sealing("besluiten", &told(verdicts, |d| &d.uitkomsten), &["weigeren"]),
            "weigeringen": self.with_refused_before_sealing("weigeringen", &told(verdicts, |d| &d.weigeringen), &[]),
            "leveringen": self.tellingen.get("leveringen"),
            "bijPartners": self.bij_partners,
            "bladen": self.tellingen.get("bladen"),
            "gezochteTeksten": self.kanaries,
            "fouten": verdicts.iter().filter_map(|v| v.fout.as_ref().map(|f| format!("{}: {f}", v.naam))).chain(self.fouten.iter().cloned()).collect::<Vec<_>>(),
            "seconden": (took.as_secs_f64() * 10.0).round() / 10.0,
            "ok": ok,
        })
    }
}

/// What senders were told, added up over the scenes.
fn told(verdicts: &[Verdict], which: impl Fn(&Decided) -> &BTreeMap<String, u64>) -> BTreeMap<String, u64> {
    let mut total = BTreeMap::new();
    for (key, n) in verdicts.iter().flat_map(|v| which(&v.besloten)) {
        *total.entry(key.clone()).or_default() += n;
    }
    total
}

/// Waits until nothing is under way, and then counts, searches and recomputes.
async fn look_back(region: &Region, stage: &Stage, verdicts: &[Verdict], timeline: &Timeline) -> Outcome<Balance> {
    timeline.heading("Achteraf");
    let mut fouten = Vec::new();
    let begun = Instant::now();
    let tellingen = loop {
        let tellingen: Value = stage.get(&Endpoint::Knooppunt, "/tellingen").await?;
        let open = tellingen.get("open").and_then(Value::as_u64);
        if open == Some(0) {
            break tellingen;
        }
        if begun.elapsed() > Duration::from_secs(15) {
            fouten.push(format!("er zijn nog {} leveringen onderweg", open.unwrap_or_default()));
            break tellingen;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };

    // What was sent equals what arrived: each delivery is in exactly one own system, once, under its own key; and each message of
    // the scenes is signed for by everyone it went to.
    let mut keys = std::collections::BTreeSet::new();
    let mut arrived = 0;
    for deelnemer in DEELNEMERS.iter().filter(|d| d.draait) {
        let received: Value = stage.get(&Endpoint::Systeem(deelnemer.slug.to_owned()), "/ontvangen").await?;
        for message in received.as_array().into_iter().flatten() {
            arrived += 1;
            let key = message.get("sleutel").and_then(Value::as_str).unwrap_or_default().to_owned();
            if !keys.insert(key) {
                fouten.push(format!("{} kreeg een levering dubbel", deelnemer.naam));
            }
        }
    }
    let mut receipts = 0;
    for (partner, kenmerk) in verdicts.iter().flat_map(|v| &v.besloten.verzonden) {
        let status: Value = stage.get(&Endpoint::Adapter(partner.clone()), &format!("/verzonden/{kenmerk}")).await?;
        for ontvanger in status.get("ontvangers").and_then(Value::as_array).into_iter().flatten() {
            match ontvanger.pointer("/status/stand").and_then(Value::as_str) {
                Some("ontvangen" | "gelezen" | "beantwoord") => receipts += 1,
                stand => fouten.push(format!("{kenmerk} van {partner} is bij een ontvanger {stand:?}")),
            }
        }
    }
    let delivered = tellingen.get("leveringen").and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
    if keys.len() == delivered && arrived == delivered {
        let text = format!(
            "{delivered} leveringen verstuurd, {arrived} aangekomen in eigen systemen, elk één keer; {receipts} ontvangsten \
             ondertekend op berichten uit het verhaal"
        );
        timeline.event("balans", &text, begun.elapsed());
    } else {
        fouten.push(format!("{delivered} leveringen verstuurd, {arrived} aangekomen onder {} sleutels", keys.len()));
    }

    let begun = Instant::now();
    let documents: Vec<Value> = fixtures::documents().collect();
    let canaries = Canaries::collect(documents.iter())?;
    let known = |text: &str| DEELNEMERS.iter().any(|d| d.naam == text);
    let found: Vec<_> = canaries.search(&region.hub())?.into_iter().filter(|(_, text)| !known(text)).collect();
    if found.is_empty() {
        timeline.event(
            "geheim",
            &format!("{} namen, nummers en zinnen gezocht in de bestanden van het knooppunt: geen gevonden", canaries.len()),
            begun.elapsed(),
        );
    }
    for (file, text) in &found {
        fouten.push(format!("in {} staat een tekst uit een bericht: {text}", file.display()));
    }

    let begun = Instant::now();
    let log = std::process::Command::new(std::env::current_exe()?)
        .args(["log", "verify", "--json", "--db"])
        .arg(region.hub_database())
        .output()?;
    if log.status.success() {
        let leaves = tellingen.get("bladen").and_then(Value::as_u64).unwrap_or_default();
        timeline.event(
            "logboek",
            &format!(
                "nagerekend: {leaves} bladen; de wortel klopt, en past bij de kop die de politie vroeg in de nacht bewaarde"
            ),
            begun.elapsed(),
        );
    } else {
        fouten.push(format!("het logboek klopt niet: {}", String::from_utf8_lossy(&log.stdout)));
    }
    for fout in &fouten {
        timeline.verdict(false, fout);
    }
    let gestuurd = verdicts.iter().map(|v| v.gestuurd).sum();
    Ok(Balance { tellingen, gestuurd, bij_partners: arrived, kanaries: canaries.len(), fouten })
}

fn summary(verdicts: &[Verdict], balance: &Balance, timeline: &Timeline) {
    timeline.heading("De nacht in cijfers");
    for verdict in verdicts {
        let held = if verdict.fout.is_none() { "✓" } else { "✗" };
        timeline.line(&format!("  {held} {:<24} {:>6.1} s", verdict.naam, verdict.duur.as_secs_f64()));
    }
    let number = |key: &str| balance.tellingen.get(key).map(ToString::to_string).unwrap_or_default();
    timeline.line(&format!(
        "  berichten aangenomen {} (door eigen systemen in scènes gestuurd {}), leveringen {}, logbladen {}",
        number("berichten"),
        balance.gestuurd,
        number("leveringen"),
        number("bladen")
    ));
    let pairs = |key: &str| {
        let members = balance.tellingen.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
        members.iter().map(|(k, v)| format!("{k} {v}")).collect::<Vec<_>>().join(", ")
    };
    let listed = |counts: BTreeMap<String, u64>| counts.iter().map(|(k, v)| format!("{k} {v}")).collect::<Vec<_>>().join(", ");
    timeline.line(&format!("  besluiten op verstuurde berichten: {}", pairs("besluiten")));
    timeline.line(&format!(
        "  besluiten zoals afzenders ze zagen, ook vóór het verzegelen: {}",
        listed(told(verdicts, |d| &d.uitkomsten))
    ));
    let refused = balance.with_refused_before_sealing("weigeringen", &told(verdicts, |d| &d.weigeringen), &[]);
    timeline.line(&format!("  weigeringen per regel: {}", listed(refused)));
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
