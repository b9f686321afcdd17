//! Text on a terminal: at most 100 columns, and a way out when nobody reads on.

use std::io::{self, Write};

use inbreng_domain::schermtekst;

use super::{Afloop, Fout};

/// Columns of a line.
pub const BREED: usize = 100;

/// Text under construction.
#[derive(Debug, Default)]
pub struct Tekst(String);

impl Tekst {
    /// A line, broken between words where it is too long; what follows is indented as `verder` says.
    pub fn regel(&mut self, inspringen: usize, verder: usize, tekst: &str) {
        let mut breed = 0;
        for woord in tekst.split_whitespace().map(schermtekst::regel) {
            let lang = woord.chars().count();
            if breed == 0 {
                self.0.extend(std::iter::repeat_n(' ', inspringen));
                breed = inspringen;
            } else if breed + 1 + lang > BREED {
                self.0.push('\n');
                self.0.extend(std::iter::repeat_n(' ', inspringen + verder));
                breed = inspringen + verder;
            } else {
                self.0.push(' ');
                breed += 1;
            }
            self.0.push_str(&woord);
            breed += lang;
        }
        self.0.push('\n');
    }

    /// A line that is not broken.
    pub fn zo(&mut self, tekst: &str) {
        self.0.push_str(&schermtekst::regel(tekst));
        self.0.push('\n');
    }

    /// An empty line, and a heading.
    pub fn kop(&mut self, tekst: &str) {
        self.0.push('\n');
        self.zo(tekst);
    }
}

impl From<Tekst> for String {
    fn from(tekst: Tekst) -> Self {
        tekst.0
    }
}

/// Prints; who stopped reading (`| head`) has seen enough, the status still tells how it went.
pub fn afdrukken(tekst: &str) -> Result<(), Fout> {
    let mut uit = io::stdout().lock();
    match uit.write_all(tekst.as_bytes()).and_then(|()| uit.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(Fout::new(format!("de uitslag is niet te schrijven ({e})"))),
        _ => Ok(()),
    }
}

/// As JSON, or as people read it.
pub fn tonen<T: serde::Serialize>(
    json: bool,
    uitslag: &T,
    tekst: impl FnOnce(&T) -> String,
    afloop: Afloop,
) -> Result<Afloop, Fout> {
    let text = if json {
        let text = serde_json::to_string_pretty(uitslag).map_err(|e| Fout::new(format!("de uitslag is niet te maken ({e})")))?;
        schermtekst::json(&text).into_owned() + "\n"
    } else {
        tekst(uitslag)
    };
    afdrukken(&text)?;
    Ok(afloop)
}

/// `1 besluit`, `2 besluiten`; thousands apart.
pub fn aantal(n: u64, een: &str, meer: &str) -> String {
    format!("{} {}", getal(n), if n == 1 { een } else { meer })
}

/// `12.345`.
pub fn getal(n: u64) -> String {
    let cijfers = n.to_string();
    let mut out = String::new();
    for (i, c) in cijfers.chars().enumerate() {
        if i > 0 && (cijfers.len() - i).is_multiple_of(3) {
            out.push('.');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_broken_between_words() {
        let mut t = Tekst::default();
        t.regel(2, 4, &"woord ".repeat(30));
        let text = String::from(t);
        assert!(text.lines().all(|l| l.chars().count() <= BREED));
        assert!(text.starts_with("  woord") && text.lines().nth(1).unwrap().starts_with("      woord"));
        assert_eq!(text.matches("woord").count(), 30);
    }

    #[test]
    fn what_others_wrote_stays_on_its_line() {
        let mut t = Tekst::default();
        t.regel(2, 4, "een\u{202e}toelichting\u{2028}twee \u{1b}[2J\u{200b}");
        t.zo("titel\nBesluiten: 0 ruimer\u{ad}");
        assert_eq!(String::from(t), "  een·toelichting twee ·[2J·\ntitel·Besluiten: 0 ruimer·\n");
    }

    #[test]
    fn numbers_as_people_write_them() {
        assert_eq!([getal(0), getal(999), getal(12_345), getal(1_000_000)], ["0", "999", "12.345", "1.000.000"]);
    }
}
