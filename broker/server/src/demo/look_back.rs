//! Looking back on the night: everything sent has arrived and is signed for, the hub's files give nothing away, the log
//! verifies and fits what a partner kept of it.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::audit::Canaries;
use super::balance::{Balance, Counted};
use super::fixtures;
use super::layout::{DEELNEMERS, Deelnemer};
use super::play::{Stage, Verdict};
use super::scene::Endpoint;
use super::setup::Region;
use super::timeline::Timeline;

/// How long what is still under way may take.
const UNTIL_STILL: Duration = Duration::from_secs(15);

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Waits until nothing is under way, and then counts, searches and recomputes.
///
/// # Errors
/// When a process does not answer or a file cannot be read. What does not hold is no error: it stands in the balance.
pub async fn look_back(region: &Region, stage: &Stage, verdicts: &[Verdict], timeline: &Timeline) -> Outcome<Balance> {
    timeline.heading("Achteraf");
    let mut fouten = Vec::new();
    let begun = Instant::now();
    let tellingen = when_still(stage, &mut fouten).await?;
    let arrivals = arrived(stage, &mut fouten).await?;
    let sent = signed_for(stage, &mut fouten).await?;
    let delivered = tellingen.get("leveringen").and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
    if arrivals == delivered {
        let text = format!(
            "{delivered} leveringen verstuurd, {arrivals} aangekomen in eigen systemen, elk één keer; van de {} berichten van \
             partners zijn alle {} ontvangsten ondertekend en vergeleken",
            sent.messages, sent.receipts
        );
        timeline.event("balans", &text, begun.elapsed());
    } else {
        fouten.push(format!("{delivered} leveringen verstuurd, {arrivals} aangekomen"));
    }
    let kanaries = secrecy(&region.hub(), &mut fouten, timeline)?;
    log(region, &tellingen, &mut fouten, timeline)?;
    for fout in &fouten {
        timeline.verdict(false, fout);
    }
    Ok(Balance {
        tellingen,
        gestuurd: verdicts.iter().map(|v| v.gestuurd).sum(),
        van_partners: sent.messages,
        bij_partners: arrivals,
        ontvangsten: sent.receipts,
        verteld: sent.told,
        kanaries,
        fouten,
    })
}

/// The hub's counts, once nothing is under way.
async fn when_still(stage: &Stage, fouten: &mut Vec<String>) -> Outcome<Value> {
    let begun = Instant::now();
    loop {
        let tellingen: Value = stage.get(&Endpoint::Knooppunt, "/tellingen").await?;
        let open = tellingen.get("open").and_then(Value::as_u64);
        if open == Some(0) {
            return Ok(tellingen);
        }
        if begun.elapsed() > UNTIL_STILL {
            fouten.push(format!("er zijn nog {} leveringen onderweg", open.unwrap_or_default()));
            return Ok(tellingen);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn running() -> impl Iterator<Item = &'static Deelnemer> {
    DEELNEMERS.iter().filter(|d| d.draait)
}

/// Deliveries in own systems; each stands there once, under its own key.
async fn arrived(stage: &Stage, fouten: &mut Vec<String>) -> Outcome<usize> {
    let mut keys = BTreeSet::new();
    for deelnemer in running() {
        let received = stage.get(&Endpoint::Systeem(deelnemer.slug.to_owned()), "/ontvangen").await?;
        for message in received.as_array().into_iter().flatten() {
            let key = message.get("sleutel").and_then(Value::as_str).unwrap_or_default().to_owned();
            if !keys.insert(key) {
                fouten.push(format!("{} kreeg een levering dubbel", deelnemer.naam));
            }
        }
    }
    Ok(keys.len())
}

/// What own systems sent, as their adapters know it.
#[derive(Debug, Default)]
struct Sent {
    messages: usize,
    receipts: usize,
    told: Counted,
}

/// Every message that left an own system, also what it sent by itself, is signed for by everyone to whom something was allowed.
async fn signed_for(stage: &Stage, fouten: &mut Vec<String>) -> Outcome<Sent> {
    let mut sent = Sent::default();
    for deelnemer in running() {
        let slug = deelnemer.slug.to_owned();
        let listed = stage.get(&Endpoint::Systeem(slug.clone()), "/verzonden").await?;
        let answers = || listed.as_array().into_iter().flatten().filter_map(|m| m.get("antwoord"));
        let number = |answer: &Value| answer.get("kenmerk").and_then(Value::as_str).map(str::to_owned);
        // Refused by its own adapter at once: nothing to follow, and a decision all the same.
        answers().filter(|answer| number(answer).is_none()).for_each(|answer| sent.told.add(answer));
        for kenmerk in answers().filter_map(number).collect::<BTreeSet<String>>() {
            let status = stage.get(&Endpoint::Adapter(slug.clone()), &format!("/verzonden/{kenmerk}")).await?;
            sent.messages += 1;
            sent.told.add(&status);
            match check(&status) {
                Ok(receipts) => sent.receipts += receipts,
                Err(why) => fouten.push(format!("{kenmerk} van {}: {why}", deelnemer.naam)),
            }
        }
    }
    Ok(sent)
}

/// How many recipients signed for a message; everyone to whom something was allowed must have, and the sender's adapter must have
/// found the receipt to fit what it sent.
fn check(status: &Value) -> Result<usize, String> {
    let text = |value: &Value, at: &str| value.pointer(at).and_then(Value::as_str).map(str::to_owned);
    let stand = text(status, "/stand").unwrap_or_default();
    let members = |key: &str| status.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let allowed: BTreeSet<String> = members("besluiten")
        .iter()
        .filter(|b| matches!(text(b, "/stand").as_deref(), Some("toegestaan" | "toegestaan-met-plicht")))
        .filter_map(|b| text(b, "/ontvanger"))
        .collect();
    match stand.as_str() {
        "bevestigd" => {}
        // Nothing of it was to leave.
        "geweigerd" if allowed.is_empty() => return Ok(0),
        other => return Err(format!("staat op {other}")),
    }
    let mut signed = BTreeSet::new();
    for ontvanger in members("ontvangers") {
        let who = text(&ontvanger, "/status/ontvanger").unwrap_or_default();
        match (text(&ontvanger, "/status/stand").as_deref(), text(&ontvanger, "/bewijs").as_deref()) {
            (Some("ontvangen" | "gelezen" | "beantwoord"), Some("klopt")) => drop(signed.insert(who)),
            (stand, bewijs) => return Err(format!("is bij {who} {stand:?}, het bewijs {bewijs:?}")),
        }
    }
    match allowed.difference(&signed).next() {
        Some(missing) => Err(format!("is door {missing} niet ondertekend")),
        None => Ok(signed.len()),
    }
}

/// Searches the hub's folder for what people wrote; gives how many texts were looked for.
fn secrecy(hub: &Path, fouten: &mut Vec<String>, timeline: &Timeline) -> Outcome<usize> {
    let begun = Instant::now();
    let documents: Vec<Value> = fixtures::documents().collect();
    let canaries = Canaries::collect(documents.iter())?;
    let known = |text: &str| DEELNEMERS.iter().any(|d| d.naam == text.trim_matches('"'));
    let found: Vec<_> = canaries.search(hub)?.into_iter().filter(|(_, text)| !known(text)).collect();
    if found.is_empty() {
        let text = format!(
            "{} namen, nummers en zinnen gezocht in de bestanden van het knooppunt, ook in base64 en UTF-16: geen gevonden",
            canaries.len()
        );
        timeline.event("geheim", &text, begun.elapsed());
    }
    fouten.extend(found.iter().map(|(file, text)| format!("in {} staat een tekst uit een bericht: {text}", file.display())));
    Ok(canaries.len())
}

/// The log recomputed from the hub's file, and held against the head that the police kept early in the night.
fn log(region: &Region, tellingen: &Value, fouten: &mut Vec<String>, timeline: &Timeline) -> Outcome<()> {
    let begun = Instant::now();
    let verify = std::process::Command::new(std::env::current_exe()?)
        .args(["log", "verify", "--json", "--db"])
        .arg(region.hub_database())
        .arg("--checkpoint")
        .arg(region.held_checkpoint())
        .arg("--certificaat")
        .arg(region.pki().join("knooppunt/ondertekening.pem"))
        .output()?;
    if verify.status.success() {
        let leaves = tellingen.get("bladen").and_then(Value::as_u64).unwrap_or_default();
        let text =
            format!("nagerekend: {leaves} bladen; de wortel klopt, en past bij de kop die de politie vroeg in de nacht bewaarde");
        timeline.event("logboek", &text, begun.elapsed());
    } else {
        let told = [String::from_utf8_lossy(&verify.stdout), String::from_utf8_lossy(&verify.stderr)].concat();
        fouten.push(format!("het logboek klopt niet: {told}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn status(stand: &str, bewijs: &str) -> Value {
        json!({
            "stand": "bevestigd",
            "besluiten": [{"stand": "toegestaan", "ontvanger": "1"}, {"stand": "geweigerd", "ontvanger": "2"}],
            "ontvangers": [{"status": {"ontvanger": "1", "stand": stand}, "bewijs": bewijs}],
        })
    }

    #[test]
    fn a_message_counts_when_all_who_may_have_it_signed_for_it() {
        assert_eq!(check(&status("gelezen", "klopt")), Ok(1));
        assert!(check(&status("onderweg", "open")).is_err());
        assert!(check(&status("ontvangen", "wijkt-af")).is_err());
        let mut nobody = status("gelezen", "klopt");
        nobody["ontvangers"] = json!([]);
        assert!(check(&nobody).unwrap_err().contains("niet ondertekend"));
        nobody["besluiten"] = json!([]);
        assert_eq!(check(&nobody), Ok(0), "a statement for the hub alone");
    }

    #[test]
    fn what_was_refused_needs_no_receipt_and_what_waits_is_told() {
        let refused = json!({"stand": "geweigerd", "besluiten": [{"stand": "geweigerd", "ontvanger": "1"}]});
        assert_eq!(check(&refused), Ok(0));
        assert!(check(&json!({"stand": "verzegeld"})).is_err());
    }
}
