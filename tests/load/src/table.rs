//! The table: for people as text, for tools as JSON.

use std::fmt::Write;

use serde::Serialize;

use crate::Outcome;

/// One figure.
#[derive(Debug, Serialize)]
pub struct Figure {
    key: String,
    what: String,
    value: f64,
    unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    floor: Option<Floor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bar: Option<&'static str>,
}

/// What it stands beside, in the same unit.
#[derive(Debug, Serialize)]
struct Floor {
    what: String,
    value: f64,
    ratio: f64,
}

impl Figure {
    /// A figure without a floor.
    pub fn new(key: impl Into<String>, what: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { key: key.into(), what: what.into(), value, unit, floor: None, bar: None }
    }

    /// Beside a floor of the same run, in the same unit.
    pub fn floor(mut self, what: impl Into<String>, value: f64) -> Self {
        self.floor = Some(Floor { what: what.into(), value, ratio: if value > 0.0 { self.value / value } else { 0.0 } });
        self
    }

    /// What is aimed for.
    pub fn bar(mut self, bar: &'static str) -> Self {
        self.bar = Some(bar).filter(|b| !b.is_empty());
        self
    }
}

/// All figures of one run.
#[derive(Debug, Serialize)]
pub struct Table {
    /// Processors that the run could use, for clients and servers together.
    cores: usize,
    /// Without optimisation: nothing in it says anything about speed.
    debug: bool,
    /// Messages that the hub accepted while the clock ran.
    accepted: usize,
    figures: Vec<Figure>,
}

impl Table {
    /// An empty one.
    pub fn new(debug: bool) -> Self {
        Self { cores: std::thread::available_parallelism().map_or(1, usize::from), debug, accepted: 0, figures: Vec::new() }
    }

    /// Adds a figure.
    pub fn add(&mut self, figure: Figure) {
        self.figures.push(figure);
    }

    /// Counts accepted messages.
    pub const fn accepted(&mut self, messages: usize) {
        self.accepted += messages;
    }

    /// For tools.
    pub fn json(&self) -> Outcome<String> {
        Ok(serde_json::to_string_pretty(self)?)
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut text = format!("{} cores, clients and servers together; {} messages accepted\n", self.cores, self.accepted);
        if self.debug {
            text.push_str("built without optimisation: says nothing about speed\n");
        }
        let _ok = writeln!(text, "\n{:<18} {:>12} {:>12} {:>8}  {:<15} what / floor", "figure", "value", "floor", "ratio", "bar");
        for f in &self.figures {
            let (floor, ratio, beside) = match &f.floor {
                Some(floor) => (number(floor.value), number(floor.ratio), format!(" / {}", floor.what)),
                None => Default::default(),
            };
            let value = format!("{} {}", number(f.value), f.unit);
            let _ok = writeln!(
                text,
                "{:<18} {value:>12} {floor:>12} {ratio:>8}  {:<15} {}{beside}",
                f.key,
                f.bar.unwrap_or_default(),
                f.what
            );
        }
        text
    }
}

/// Three digits that mean something.
fn number(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        v if v >= 0.1 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_stands_beside_its_floor() {
        let mut table = Table::new(false);
        table.add(Figure::new("a", "rate", 50.0, "/s").floor("bare", 100.0).bar("≥ 0.50 × floor"));
        table.add(Figure::new("b", "alone", 1.25, "ms"));
        let json: serde_json::Value = serde_json::from_str(&table.json().unwrap()).unwrap();
        assert_eq!(json["figures"][0]["floor"]["ratio"], 0.5);
        assert!(json["figures"][1].get("floor").is_none());
        assert!(table.text().lines().any(|l| l.starts_with("a ") && l.contains("0.50") && l.contains("≥ 0.50 × floor")));
    }

    #[test]
    fn the_median_is_the_middle_of_what_was_measured() {
        assert!((median(vec![9.0, 1.0, 5.0]) - 5.0).abs() < f64::EPSILON);
        assert!(median(Vec::new()).abs() < f64::EPSILON);
        assert_eq!(
            (number(1234.5), number(12.34), number(1.234), number(0.012)),
            ("1234".into(), "12.3".into(), "1.23".into(), "0.012".into())
        );
    }
}
