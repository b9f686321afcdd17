//! How far a long command is: one line that renews itself, on a terminal only.

use std::io::{IsTerminal, Write};

/// The line.
#[derive(Debug)]
pub struct Voortgang {
    zichtbaar: bool,
    getoond: u64,
}

impl Voortgang {
    /// Visible where errors go to a terminal.
    pub fn new() -> Self {
        Self { zichtbaar: std::io::stderr().is_terminal(), getoond: 0 }
    }

    /// Shows how far it is; of a number that is not known in advance nothing is said.
    pub fn tot(&mut self, n: u64, van: Option<u64>, wat: &str) {
        let enough = n.saturating_sub(self.getoond) >= 500 || van.is_some();
        if self.zichtbaar && enough {
            self.getoond = n;
            let of = van.map_or_else(String::new, |v| format!(" van {}", super::tekst::getal(v)));
            let mut err = std::io::stderr();
            let _gone = write!(err, "\r\u{1b}[K{}{of} {wat}", super::tekst::getal(n)).and_then(|()| err.flush());
        }
    }
}

impl Drop for Voortgang {
    fn drop(&mut self) {
        if self.zichtbaar && self.getoond > 0 {
            let _gone = write!(std::io::stderr(), "\r\u{1b}[K");
        }
    }
}
