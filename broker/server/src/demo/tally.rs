//! The night in figures, as a table for a terminal of 100 columns.

use std::collections::BTreeSet;

use super::balance::{Balance, Counted};
use super::play::Verdict;

/// The lines of the table: scenes, then decisions and refusals as the hub and as the senders counted them, then what arrived.
pub fn table(verdicts: &[Verdict], balance: &Balance) -> Vec<String> {
    let mut lines = vec![row("scène", &["berichten", "seconden"])];
    for verdict in verdicts {
        let held = if verdict.fout.is_none() { "✓" } else { "✗" };
        let seconds = format!("{:.1}", verdict.duur.as_secs_f64());
        lines.push(row(&format!("{held} {}", verdict.naam), &[&verdict.gestuurd.to_string(), &seconds]));
    }
    let (hub, told) = (Counted::of_hub(&balance.tellingen), &balance.verteld);
    lines.push(String::new());
    lines.push(row("besluiten", &["knooppunt", "afzenders"]));
    lines.extend(counts(&hub.uitkomsten, &told.uitkomsten));
    lines.push(row("weigeringen", &["knooppunt", "afzenders"]));
    lines.extend(counts(&hub.weigeringen, &told.weigeringen));
    lines.push("  (wat een adapter al vóór het verzegelen weigerde, ziet het knooppunt niet als bericht)".to_owned());
    lines.push(String::new());
    let number = |key: &str| balance.tellingen.get(key).map(ToString::to_string).unwrap_or_default();
    lines.push(row("berichten", &["aangenomen", "van partners", "in scènes"]));
    lines.push(row("", &[&number("berichten"), &balance.van_partners.to_string(), &balance.gestuurd.to_string()]));
    lines.push(row("leveringen", &["verstuurd", "aangekomen", "ondertekend"]));
    lines.push(row("", &[&number("leveringen"), &balance.bij_partners.to_string(), &balance.ontvangsten.to_string()]));
    lines.push(row("logboek", &["bladen"]));
    lines.push(row("", &[&number("bladen")]));
    lines
}

fn counts(hub: &std::collections::BTreeMap<String, u64>, told: &std::collections::BTreeMap<String, u64>) -> Vec<String> {
    let names: BTreeSet<&String> = hub.keys().chain(told.keys()).collect();
    let number =
        |counts: &std::collections::BTreeMap<String, u64>, name| counts.get(name).copied().unwrap_or_default().to_string();
    names.into_iter().map(|name| row(&format!("  {name}"), &[&number(hub, name), &number(told, name)])).collect()
}

fn row(name: &str, columns: &[&str]) -> String {
    let columns: Vec<String> = columns.iter().map(|c| format!("{c:>14}")).collect();
    format!("  {name:<30}{}", columns.concat()).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;

    #[test]
    fn figures_stand_below_each_other_and_fit_a_terminal() {
        let mut told = Counted::default();
        told.add(&json!({"besluiten": [
            {"stand": "toegestaan-met-plicht", "regels": ["R13"]},
            {"stand": "geweigerd", "regels": ["R8", "R6"]},
        ]}));
        let balance = Balance {
            tellingen: json!({
                "berichten": 61, "leveringen": 70, "bladen": 400,
                "besluiten": {"toestaan-met-plicht": 120, "aanhouden": 4}, "weigeringen": {"R20": 2},
            }),
            gestuurd: 41,
            van_partners: 60,
            bij_partners: 70,
            ontvangsten: 70,
            verteld: told,
            kanaries: 1,
            fouten: Vec::new(),
        };
        let scene = |naam: &str, fout: Option<&str>| Verdict {
            naam: naam.to_owned(),
            fout: fout.map(str::to_owned),
            duur: Duration::from_millis(1_250),
            gestuurd: 16,
        };
        let lines = table(&[scene("zestien-meldingen", None), scene("verkeerd-bezorgd", Some("x"))], &balance);
        assert!(lines.iter().all(|l| l.chars().count() <= 100), "{lines:#?}");
        let find = |start: &str| lines.iter().find(|l| l.trim_start().starts_with(start)).unwrap();
        assert!(find("✓ zestien-meldingen").ends_with("1.2") || find("✓ zestien-meldingen").ends_with("1.3"));
        assert!(find("✗ verkeerd-bezorgd").contains("16"));
        let words: Vec<&str> = find("toestaan-met-plicht").split_whitespace().collect();
        assert_eq!(words, ["toestaan-met-plicht", "120", "1"]);
        let words: Vec<&str> = find("R8").split_whitespace().collect();
        assert_eq!(words, ["R8", "0", "1"], "what only a sender was told stands beside a nought");
        assert!(find("aanhouden").ends_with('0'));
    }
}
