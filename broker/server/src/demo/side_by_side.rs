//! The same request under the policies of several regions: each answers by its own covenant, with rule and sentence.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Instant;

use serde_json::Value;
use tokio::process::{Child, Command};

use super::scene::{Kept, SideBySide, all_hold};
use super::timeline::Timeline;

/// Asks `inbreng policy explain` of this same binary, once per covenant, and tells the answers below each other.
pub async fn ask(asked: &SideBySide, kept: &Kept, timeline: &Timeline) -> Result<(), String> {
    let begun = Instant::now();
    // All at once: each works out its covenant from the source.
    let mut asking = Vec::new();
    for covenant in asked.verwacht.keys() {
        asking.push((covenant, explain(covenant, &asked.vraag)?));
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

fn explain(covenant: &str, question: &BTreeMap<String, String>) -> Result<Child, String> {
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let mut command = Command::new(program);
    command.args(["policy", "explain", "--gewone-zaak", "--json", "--convenant", covenant]);
    for (option, word) in question {
        command.arg(format!("--{option}")).arg(word);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command.spawn().map_err(|e| e.to_string())
}

async fn answered(covenant: &str, child: Child) -> Result<Value, String> {
    let output = child.wait_with_output().await.map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(format!("{covenant}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    serde_json::from_slice(&output.stdout).map_err(|e| format!("{covenant}: {e}"))
}
