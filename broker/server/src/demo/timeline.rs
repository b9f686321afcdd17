//! The night as people read it: one line per event, for a terminal of 100 columns; and kept, for a report of the same.

use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Prints the story, with the time since the night began, and keeps it.
#[derive(Debug)]
pub struct Timeline {
    start: Instant,
    quiet: bool,
    kept: Mutex<Vec<Entry>>,
}

/// One thing that was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A new scene.
    Heading(String),
    /// Who did what.
    Event {
        /// Since the night began.
        at: Duration,
        /// Short name of a partner, or of who else acted.
        who: String,
        /// What, in one sentence.
        what: String,
        /// How long it took.
        took: Duration,
        /// To whom a message was to go, and what became of that.
        routes: Vec<Route>,
    },
    /// What a decision said about the event before it.
    Because {
        /// The decision in one word.
        outcome: String,
        /// The rules that decided.
        rules: String,
        /// Why.
        sentence: String,
    },
    /// How a scene ended.
    Verdict {
        /// Whether it held.
        held: bool,
        /// What it claims, or what failed.
        claim: String,
    },
}

/// What became of one message for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The recipient's OIN.
    pub to: String,
    /// Some of it goes.
    pub allowed: bool,
    /// Some of it may not.
    pub refused: bool,
    /// Some of it waits.
    pub held: bool,
}

impl Route {
    /// The routes of an adapter's answer: one for each recipient, in the order of the decisions.
    pub fn of(answer: &Value) -> Vec<Self> {
        let mut routes: Vec<Self> = Vec::new();
        for decision in answer.pointer("/besluiten").and_then(Value::as_array).into_iter().flatten() {
            let text = |key: &str| decision.get(key).and_then(Value::as_str).unwrap_or_default();
            let at = routes.iter().position(|r| r.to == text("ontvanger")).unwrap_or_else(|| {
                routes.push(Self { to: text("ontvanger").to_owned(), allowed: false, refused: false, held: false });
                routes.len() - 1
            });
            if let Some(route) = routes.get_mut(at) {
                match text("stand") {
                    "toegestaan" | "toegestaan-met-plicht" => route.allowed = true,
                    "geweigerd" => route.refused = true,
                    _ => route.held = true,
                }
            }
        }
        routes
    }
}

const WIDTH: usize = 100;

impl Timeline {
    /// Starts the clock; `quiet` prints nothing (for `--json`).
    pub fn start(quiet: bool) -> Self {
        Self { start: Instant::now(), quiet, kept: Mutex::new(Vec::new()) }
    }

    /// A heading: a new scene.
    pub fn heading(&self, title: &str) {
        self.line(&format!("\n── {title} {}", "─".repeat(WIDTH.saturating_sub(title.chars().count() + 4))));
        self.keep(Entry::Heading(title.to_owned()));
    }

    /// Who did what, how it went, and how long it took.
    pub fn event(&self, who: &str, what: &str, took: Duration) {
        self.sent(who, what, took, Vec::new());
    }

    /// The same of a message, with what became of it for each recipient.
    pub fn sent(&self, who: &str, what: &str, took: Duration, routes: Vec<Route>) {
        let at = self.start.elapsed();
        let head = format!("{:>6.1}s  {who:<15} ", at.as_secs_f64());
        let tail = if took.as_millis() == 0 { String::new() } else { format!("  ({} ms)", took.as_millis()) };
        self.wrapped(&head, &format!("{what}{tail}"));
        self.keep(Entry::Event { at, who: who.to_owned(), what: what.to_owned(), took, routes });
    }

    /// What a decision said, below its event.
    pub fn because(&self, outcome: &str, rules: &str, sentence: &str) {
        let in_brackets = if rules.is_empty() { String::new() } else { format!(" ({rules})") };
        let after = if sentence.is_empty() { String::new() } else { format!(": {sentence}") };
        self.wrapped(&" ".repeat(27), &format!("→ {outcome}{in_brackets}{after}"));
        self.keep(Entry::Because { outcome: outcome.to_owned(), rules: rules.to_owned(), sentence: sentence.to_owned() });
    }

    /// The verdict of a scene.
    pub fn verdict(&self, held: bool, claim: &str) {
        self.wrapped(&format!("{:>7}  ", if held { "✓" } else { "✗ FOUT" }), claim);
        self.keep(Entry::Verdict { held, claim: claim.to_owned() });
    }

    /// Any other line.
    pub fn line(&self, text: &str) {
        if !self.quiet {
            // Who stopped reading (`| head`) does not end the night.
            let _gone = writeln!(std::io::stdout(), "{text}");
        }
    }

    fn wrapped(&self, head: &str, text: &str) {
        let indent = head.chars().count();
        let mut line = head.to_owned();
        let mut width = indent;
        for word in text.split_whitespace() {
            let length = word.chars().count();
            if width + length > WIDTH && width > indent {
                self.line(line.trim_end());
                line = " ".repeat(indent);
                width = indent;
            }
            line.push_str(word);
            line.push(' ');
            width += length + 1;
        }
        self.line(line.trim_end());
    }

    /// How long the night has lasted.
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// All that was told so far.
    pub fn told(&self) -> Vec<Entry> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, entry: Entry) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_makes_one_route_for_each_recipient_with_all_that_became_of_it() {
        let routes = Route::of(&json!({"besluiten": [
            {"ontvanger": "00000001000000000020", "stand": "toegestaan"},
            {"ontvanger": "00000001000000000030", "stand": "in-behandeling"},
            {"ontvanger": "00000001000000000020", "stand": "geweigerd"},
        ]}));
        let route = |to: &str, allowed, refused, held| Route { to: to.to_owned(), allowed, refused, held };
        assert_eq!(routes, [route("00000001000000000020", true, true, false), route("00000001000000000030", false, false, true)]);
    }

    #[test]
    fn what_was_told_is_kept_in_order() {
        let timeline = Timeline::start(true);
        timeline.heading("Een scène");
        timeline.event("politie", "doet iets", Duration::ZERO);
        timeline.because("geweigerd", "R8", "Dat mag niet.");
        timeline.verdict(true, "Het klopt.");
        let told = timeline.told();
        assert_eq!(told.first(), Some(&Entry::Heading("Een scène".to_owned())));
        assert!(matches!(told.get(1), Some(Entry::Event { who, .. }) if who == "politie"));
        assert!(matches!(told.get(2), Some(Entry::Because { rules, .. }) if rules == "R8"));
        assert!(matches!(told.get(3), Some(Entry::Verdict { held: true, .. })));
    }
}
