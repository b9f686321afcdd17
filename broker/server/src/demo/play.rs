//! Plays scenes: posts, waits, looks, and tells.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::children::Children;
use super::layout;
use super::scene::{Await, Endpoint, Kept, Post, Power, Scene, Step, Switch, Trial, all_hold, fill};
use super::setup::Region;
use super::side_by_side;
use super::timeline::{Route, Timeline};
use super::trials::Trials;

/// The stage: where everybody is.
#[derive(Debug)]
pub struct Stage {
    /// Base addresses.
    pub endpoints: BTreeMap<Endpoint, String>,
    /// The client of a partner's people: plain HTTP on loopback.
    pub client: reqwest::Client,
    /// What an adapter wants to see, per adapter.
    pub secrets: BTreeMap<Endpoint, String>,
    /// Trials with keys of their own.
    pub trials: Trials,
    /// The processes, for a scene in which one goes down.
    pub processes: tokio::sync::Mutex<Children>,
    /// Where they have their files.
    pub region: Region,
}

/// How a scene ended.
#[derive(Debug)]
pub struct Verdict {
    /// Which.
    pub naam: String,
    /// Why it failed, if it did.
    pub fout: Option<String>,
    /// How long it took.
    pub duur: Duration,
    /// How many messages own systems sent in it that were taken.
    pub gestuurd: usize,
}

/// Plays one scene. Never panics, never stops the night: the verdict says what failed.
pub async fn play(scene: &Scene, stage: &Stage, kept: &mut Kept, timeline: &Timeline) -> Verdict {
    timeline.heading(&scene.titel);
    let start = Instant::now();
    let mut sent = 0;
    let mut failure = None;
    let mut told = Told::default();
    for step in &scene.stap {
        let outcome = match step {
            Step::Stuur(post) => send(post, stage, kept, &mut told, timeline).await.map(|n| sent += n),
            Step::Wacht(wait) => wait_for(wait, stage, kept, timeline).await,
            Step::Proef(trial) => attempt(trial, stage, kept, timeline).await,
            Step::Beleid(asked) => side_by_side::ask(asked, &stage.region.hub_database(), kept, timeline).await,
            Step::Adapter(power) => stage.switch(power, timeline).await,
        };
        if let Err(why) = outcome {
            failure = Some(why);
            break;
        }
    }
    timeline.verdict(failure.is_none(), failure.as_deref().unwrap_or(&scene.bewering));
    Verdict { naam: scene.naam.clone(), fout: failure, duur: start.elapsed(), gestuurd: sent }
}

async fn attempt(trial: &Trial, stage: &Stage, kept: &Kept, timeline: &Timeline) -> Result<(), String> {
    let begun = Instant::now();
    let about = trial.met.iter().map(|(name, template)| Ok((name.clone(), fill(template, kept)?)));
    let found = stage.trials.run(&trial.proef, &about.collect::<Result<_, String>>()?).await?;
    timeline.event("proef", &trial.vertel, begun.elapsed());
    timeline.because(&found, "", "");
    Ok(())
}

async fn send(post: &Post, stage: &Stage, kept: &mut Kept, told: &mut Told, timeline: &Timeline) -> Result<usize, String> {
    let mut taken = 0;
    for body in messages(post, kept)? {
        let begun = Instant::now();
        let Message { path, order, body } = body;
        let url = format!("{}{}", stage.address(&post.naar)?, fill(&path, kept)?);
        let request = stage.client.post(&url).json(&order);
        let answer = request.send().await.map_err(|e| format!("{url}: {e}"))?;
        let outer = answer.status().as_u16();
        let text = answer.text().await.map_err(|e| format!("{url}: {e}"))?;
        // What the own system hands on: its adapter's status and answer.
        let outcome: Outcome = serde_json::from_str(&text).map_err(|e| format!("{url} answered {outer}: {e}: {text}"))?;
        let (status, value) = (outcome.status, outcome.antwoord);
        if status != post.status {
            return Err(format!("{url} handed on {status}, expected {}: {value}", post.status));
        }
        all_hold(&post.verwacht, &value, kept)?;
        kept.insert("antwoord".to_owned(), value.clone());
        kept.insert("inhoud".to_owned(), body);
        timeline.sent(post.naar.partner(), &fill(&post.vertel, kept)?, begun.elapsed(), Route::of(&value));
        told.tell(&value, timeline);
        taken += usize::from(status == 202);
        if let Some(name) = &post.als {
            kept.insert(name.clone(), value);
        }
    }
    Ok(taken)
}

/// What an own system hands on of its adapter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Outcome {
    status: u16,
    antwoord: Value,
}

/// What is posted to an own system, and the message that this makes it send.
#[derive(Debug)]
struct Message {
    path: String,
    order: Value,
    body: Value,
}

/// How long an own system waits for the outcome of what it sends, in seconds.
const OUTCOME_WITHIN: u32 = 20;

/// The messages of a post: one that lies ready in the own system under its name (a pattern: each), with the values that are set;
/// or what its user asks for on a path of that system.
fn messages(post: &Post, kept: &Kept) -> Result<Vec<Message>, String> {
    let set = |body: &mut Value| -> Result<Map<String, Value>, String> {
        let mut values = Map::new();
        for (pointer, template) in &post.zet {
            let text = Value::String(fill(template, kept)?);
            let target = body.pointer_mut(pointer).ok_or_else(|| format!("{}: the body has no {pointer}", post.vertel))?;
            target.clone_from(&text);
            values.insert(pointer.clone(), text);
        }
        Ok(values)
    };
    match (&post.bestand, &post.inhoud, &post.pad) {
        (Some(pattern), None, None) => files(pattern)?
            .into_iter()
            .map(|(file, mut body)| {
                let zet = set(&mut body)?;
                let lies_ready = file.split_once("/fixtures/").and_then(|(_, rest)| rest.strip_suffix(".json"));
                let name = lies_ready.ok_or_else(|| format!("{}: {file} lies ready nowhere", post.vertel))?;
                Ok(Message { path: format!("/stuur/{name}?wacht={OUTCOME_WITHIN}"), order: json!({"zet": zet}), body })
            })
            .collect(),
        (None, Some(body), Some(path)) => {
            let mut body = body.clone();
            set(&mut body)?;
            Ok(vec![Message { path: path.clone(), order: body.clone(), body }])
        }
        _ => Err(format!("{}: a step has either bestand, or pad and inhoud", post.vertel)),
    }
}

fn files(pattern: &str) -> Result<Vec<(String, Value)>, String> {
    let read = |name: &str| {
        let text = super::fixtures::text(name).ok_or_else(|| format!("no fixture {name}"))?;
        let body = serde_json::from_str(text).map_err(|e| format!("{name}: {e}"))?;
        Ok::<_, String>((name.to_owned(), body))
    };
    match pattern.split_once('*') {
        None => Ok(vec![read(pattern)?]),
        Some((before, after)) => {
            super::fixtures::names().filter(|n| n.starts_with(before) && n.ends_with(after)).map(read).collect()
        }
    }
}

async fn wait_for(wait: &Await, stage: &Stage, kept: &mut Kept, timeline: &Timeline) -> Result<(), String> {
    let begun = Instant::now();
    let url = format!("{}{}", stage.address(&wait.bij)?, fill(&wait.pad, kept)?);
    loop {
        let outcome = look(&url, wait, stage, kept).await;
        match outcome {
            Ok(found) => {
                kept.insert("gevonden".to_owned(), found.clone());
                timeline.event(wait.bij.partner(), &fill(&wait.vertel, kept)?, begun.elapsed());
                if let Some(name) = &wait.als {
                    kept.insert(name.clone(), found);
                }
                return Ok(());
            }
            Err(why) if begun.elapsed() > Duration::from_secs(wait.binnen) => {
                return Err(format!("{} ({} s at {url}): {why}", wait.vertel, wait.binnen));
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn look(url: &str, wait: &Await, stage: &Stage, kept: &Kept) -> Result<Value, String> {
    let answer = stage.getting(&wait.bij, url).send().await.map_err(|e| e.to_string())?;
    let status = answer.status();
    let text = answer.text().await.map_err(|e| e.to_string())?;
    if !status.is_success() {
        return Err(format!("answered {status}: {text}"));
    }
    let value: Value = serde_json::from_str(&text).map_err(|e| format!("{e}: {text}"))?;
    let Some(list) = &wait.lijst else {
        all_hold(&wait.verwacht, &value, kept)?;
        return Ok(value);
    };
    let elements = value.pointer(list).and_then(Value::as_array).ok_or_else(|| format!("no list at {list:?}"))?;
    let mut nearest = String::from("the list is empty");
    let mut held = Vec::new();
    for element in elements {
        match all_hold(&wait.verwacht, element, kept) {
            Ok(()) => held.push(element),
            Err(why) => nearest = why,
        }
    }
    match (wait.aantal, held.first()) {
        (Some(n), _) if held.len() != n => Err(format!("{} of {} elements, expected {n}; {nearest}", held.len(), elements.len())),
        (Some(0), None) => Ok(Value::Null),
        (_, Some(first)) => Ok((*first).clone()),
        (_, None) => Err(nearest),
    }
}

/// What was told in a scene already: outcome, rules, sentence.
#[derive(Debug, Default)]
struct Told(Vec<(String, String, String)>);

impl Told {
    /// Tells each distinct decision of an answer once in a scene: outcome, rules, sentence, and what would be allowed instead.
    fn tell(&mut self, answer: &Value, timeline: &Timeline) {
        for decision in answer.pointer("/besluiten").and_then(Value::as_array).into_iter().flatten() {
            let text = |key: &str| decision.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let words = |key: &str, word: &dyn Fn(&Value) -> Option<String>| -> Vec<String> {
                decision.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(word).collect()
            };
            let rules = words("regels", &|v| v.as_str().map(str::to_owned));
            let duties = words("verplichtingen", &|v| v.get("soort")?.as_str().map(str::to_owned));
            let duties = if duties.is_empty() { String::new() } else { format!(" Plicht: {}.", duties.join(", ")) };
            let line = (text("stand"), rules.join(", "), format!("{}{duties}", text("zin")));
            if self.0.contains(&line) {
                continue;
            }
            timeline.because(&line.0, &line.1, &line.2);
            for alternative in words("alternatieven", &|v| v.get("zin")?.as_str().map(str::to_owned)) {
                timeline.because("wel mogelijk", "", &alternative);
            }
            self.0.push(line);
        }
    }
}

impl Stage {
    /// What an endpoint shows now.
    ///
    /// # Errors
    /// When it cannot be reached or does not answer with JSON.
    pub async fn get(&self, endpoint: &Endpoint, path: &str) -> Result<Value, String> {
        let url = format!("{}{path}", self.address(endpoint)?);
        let answer = self.getting(endpoint, &url).send().await.map_err(|e| format!("{url}: {e}"))?;
        answer.json().await.map_err(|e| format!("{url}: {e}"))
    }

    /// Kills an adapter, or starts it again.
    async fn switch(&self, power: &Power, timeline: &Timeline) -> Result<(), String> {
        let begun = Instant::now();
        let deelnemer = layout::deelnemer(&power.van).ok_or_else(|| format!("there is no {}", power.van))?;
        let (name, args) = self.region.adapter_process(deelnemer);
        let mut processes = self.processes.lock().await;
        match power.gaat {
            Switch::Uit => processes.kill(&name).await,
            Switch::Aan => {
                let args: Vec<&str> = args.iter().map(String::as_str).collect();
                processes.start(&name, &self.region.logs(), &args).map_err(|e| e.to_string())?;
            }
        }
        timeline.event(&power.van, &power.vertel, begun.elapsed());
        Ok(())
    }

    fn getting(&self, endpoint: &Endpoint, url: &str) -> reqwest::RequestBuilder {
        let request = self.client.get(url);
        match self.secrets.get(endpoint) {
            Some(secret) => request.bearer_auth(secret),
            None => request,
        }
    }

    fn address(&self, endpoint: &Endpoint) -> Result<&str, String> {
        self.endpoints.get(endpoint).map(String::as_str).ok_or_else(|| format!("nobody plays {endpoint:?}"))
    }
}
