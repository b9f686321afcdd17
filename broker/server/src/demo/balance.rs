//! The counts of the night: what the hub counted, what senders were told, and the last line.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::play::Verdict;

/// Decisions, counted by one party.
#[derive(Debug, Default)]
pub struct Counted {
    /// By outcome.
    pub uitkomsten: BTreeMap<String, u64>,
    /// Refusals by the rule that is shown first.
    pub weigeringen: BTreeMap<String, u64>,
}

impl Counted {
    /// Adds the decisions of an adapter's answer.
    pub fn add(&mut self, answer: &Value) {
        for decision in answer.pointer("/besluiten").and_then(Value::as_array).into_iter().flatten() {
            let stand = decision.get("stand").and_then(Value::as_str).unwrap_or_default();
            *self.uitkomsten.entry(outcome_of(stand).to_owned()).or_default() += 1;
            if let ("geweigerd", Some(rule)) = (stand, decision.pointer("/regels/0").and_then(Value::as_str)) {
                *self.weigeringen.entry(rule.to_owned()).or_default() += 1;
            }
        }
    }

    /// What the hub counted itself, on messages that it accepted.
    pub fn of_hub(counts: &Value) -> Self {
        let numbers = |key: &str| {
            let counted = counts.get(key).and_then(Value::as_object).into_iter().flatten();
            counted.filter_map(|(k, v)| Some((k.clone(), v.as_u64()?))).collect()
        };
        Self { uitkomsten: numbers("besluiten"), weigeringen: numbers("weigeringen") }
    }
}

/// The word of the decision model for what a sender is shown.
fn outcome_of(stand: &str) -> &str {
    match stand {
        "toegestaan" => "toestaan",
        "toegestaan-met-plicht" => "toestaan-met-plicht",
        "geweigerd" => "weigeren",
        other => other,
    }
}

/// What was found when the night was over.
#[derive(Debug)]
pub struct Balance {
    /// The hub's counts.
    pub tellingen: Value,
    /// Messages that own systems sent in scenes and that were taken.
    pub gestuurd: usize,
    /// Every message that an own system sent by itself or in a scene.
    pub van_partners: usize,
    /// Deliveries found in own systems.
    pub bij_partners: usize,
    /// Receipts that the sender's adapter compared with what it sent.
    pub ontvangsten: usize,
    /// What senders were told about every part and recipient, also of what was refused before it was sealed and which the hub
    /// never saw as a message.
    pub verteld: Counted,
    /// Texts that were searched for in the hub's files.
    pub kanaries: usize,
    /// What does not hold.
    pub fouten: Vec<String>,
}

impl Balance {
    /// The last line: one object. Hub and senders count apart, since neither sees all: the hub not what an adapter refused before
    /// it sealed, the senders' systems not what intruders tried.
    pub fn json(&self, verdicts: &[Verdict], took: Duration, ok: bool) -> Value {
        let hub = Counted::of_hub(&self.tellingen);
        let wrong = verdicts.iter().filter_map(|v| v.fout.as_ref().map(|f| format!("{}: {f}", v.naam)));
        json!({
            "scenes": verdicts.len(),
            "geslaagd": verdicts.iter().filter(|v| v.fout.is_none()).count(),
            "berichten": self.tellingen.get("berichten"),
            "vanPartners": self.van_partners,
            "besluiten": {"knooppunt": hub.uitkomsten, "afzenders": self.verteld.uitkomsten},
            "weigeringen": {"knooppunt": hub.weigeringen, "afzenders": self.verteld.weigeringen},
            "leveringen": self.tellingen.get("leveringen"),
            "bijPartners": self.bij_partners,
            "ontvangsten": self.ontvangsten,
            "bladen": self.tellingen.get("bladen"),
            "gezochteTeksten": self.kanaries,
            "fouten": wrong.chain(self.fouten.iter().cloned()).collect::<Vec<_>>(),
            "seconden": (took.as_secs_f64() * 10.0).round() / 10.0,
            "ok": ok,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_are_counted_by_the_word_of_the_model_and_refusals_by_rule() {
        let mut counted = Counted::default();
        counted.add(&json!({"besluiten": [
            {"stand": "toegestaan", "regels": ["R1"]},
            {"stand": "geweigerd", "regels": ["R8", "R6"]},
            {"stand": "geweigerd", "regels": []},
        ]}));
        counted.add(&json!({"stand": "bevestigd"}));
        assert_eq!(counted.uitkomsten, BTreeMap::from([("toestaan".to_owned(), 1), ("weigeren".to_owned(), 2)]));
        assert_eq!(counted.weigeringen, BTreeMap::from([("R8".to_owned(), 1)]));
    }
}
