//! The same request under the policies of several regions: each answers by its own covenant, with rule and sentence. What is asked is
//! made up, or it is what the hub decided this night about a part that really went.

use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use serde_json::Value;
use tokio::process::{Child, Command};

use super::scene::{Decided, Kept, SideBySide, all_hold};
use super::timeline::Timeline;

/// Asks `inbreng policy explain` of this same binary, once per covenant, and tells the answers below each other.
pub async fn ask(asked: &SideBySide, hub: &Path, kept: &Kept, timeline: &Timeline) -> Result<(), String> {
    let begun = Instant::now();
    let mut question: Vec<String> = Vec::new();
    match &asked.besluit {
        Some(decided) => {
            let number = newest(decided, hub).await?.to_string();
            let hub = hub.to_string_lossy().into_owned();
            question.extend(["--nummer".to_owned(), number, "--db".to_owned(), hub, "--ook-elders".to_owned()]);
        }
        None => {
            question.push("--gewone-zaak".to_owned());
            question.extend(asked.vraag.iter().flat_map(|(option, word)| [format!("--{option}"), word.clone()]));
        }
    }
    // All at once: each works out its covenant from the source.
    let mut asking = Vec::new();
    for covenant in asked.verwacht.keys() {
        asking.push((covenant, explain(covenant, &question)?));
    }
    let mut answers = Vec::new();
    for (covenant, child) in asking {
        answers.push((covenant, answered(covenant, child).await?));
    }
    timeline.event("beleid", &asked.vertel, begun.elapsed());
    for (covenant, answer) in answers {
        let text = |at: &str| answer.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned();
        let rules = answer.pointer("/besluit/regels").and_then(Value::as_array).into_iter().flatten();
        let rules: Vec<&str> = rules.filter_map(Value::as_str).collect();
        let outcome = format!("{covenant}: {}", text("/besluit/uitkomst"));
        timeline.because(&outcome, &rules.join(", "), &text("/besluit/uitleg/afzender"));
        if let Some(expected) = asked.verwacht.get(covenant) {
            all_hold(expected, &answer, kept).map_err(|why| format!("{covenant}: {why}"))?;
        }
    }
    Ok(())
}

/// The number of a decision that the hub took.
async fn newest(decided: &Decided, hub: &Path) -> Result<u64, String> {
    let hub = hub.to_string_lossy();
    let lines = output("besluiten", start(&["log", "besluiten", "--db", &hub])?).await?;
    let mut found = None;
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).map_err(|e| format!("besluiten: {e}"))?;
        let record: Value =
            line.get("record").and_then(Value::as_str).and_then(|r| serde_json::from_str(r).ok()).unwrap_or_default();
        let is = |at: &str, word: &str| record.pointer(at).and_then(Value::as_str) == Some(word);
        if is("/verzoek/soort", &decided.soort) && is("/verzoek/categorie", &decided.categorie) {
            found = line.get("nummer").and_then(Value::as_u64);
        }
    }
    found.ok_or_else(|| format!("no decision on {} in {} was taken this night", decided.categorie, decided.soort))
}

fn explain(covenant: &str, question: &[String]) -> Result<Child, String> {
    let mut words = vec!["policy", "explain", "--json", "--convenant", covenant];
    words.extend(question.iter().map(String::as_str));
    start(&words)
}

fn start(words: &[&str]) -> Result<Child, String> {
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command.spawn().map_err(|e| e.to_string())
}

async fn answered(covenant: &str, child: Child) -> Result<Value, String> {
    serde_json::from_str(&output(covenant, child).await?).map_err(|e| format!("{covenant}: {e}"))
}

async fn output(what: &str, child: Child) -> Result<String, String> {
    let output = child.wait_with_output().await.map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(format!("{what}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|e| format!("{what}: {e}"))
}
