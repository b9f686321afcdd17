//! The night as people read it: one line per event, for a terminal of 100 columns.

use std::io::Write;
use std::time::{Duration, Instant};

/// Prints the story, with the time since the night began.
#[derive(Debug)]
pub struct Timeline {
    start: Instant,
    quiet: bool,
}

const WIDTH: usize = 100;

impl Timeline {
    /// Starts the clock; `quiet` prints nothing (for `--json`).
    pub fn start(quiet: bool) -> Self {
        Self { start: Instant::now(), quiet }
    }

    /// A heading: a new scene.
    pub fn heading(&self, title: &str) {
        self.line(&format!("\n── {title} {}", "─".repeat(WIDTH.saturating_sub(title.chars().count() + 4))));
    }

    /// Who did what, how it went, and how long it took.
    pub fn event(&self, who: &str, what: &str, took: Duration) {
        let head = format!("{:>6.1}s  {who:<15} ", self.start.elapsed().as_secs_f64());
        let tail = if took.as_millis() == 0 { String::new() } else { format!("  ({} ms)", took.as_millis()) };
        self.wrapped(&head, &format!("{what}{tail}"));
    }

    /// What a decision said, below its event.
    pub fn because(&self, outcome: &str, rules: &str, sentence: &str) {
        let rules = if rules.is_empty() { String::new() } else { format!(" ({rules})") };
        let sentence = if sentence.is_empty() { String::new() } else { format!(": {sentence}") };
        self.wrapped(&" ".repeat(27), &format!("→ {outcome}{rules}{sentence}"));
    }

    /// The verdict of a scene.
    pub fn verdict(&self, held: bool, claim: &str) {
        self.wrapped(&format!("{:>7}  ", if held { "✓" } else { "✗ FOUT" }), claim);
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
}
