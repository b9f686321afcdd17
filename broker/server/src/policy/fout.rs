//! Why a command cannot do its work, in Dutch, and how to mend it.

use std::{fmt, path::Path};

use inbreng_policy::BeleidFout;

/// What is wrong, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fout {
    wat: String,
    herstel: Option<String>,
}

impl Fout {
    /// What is wrong.
    pub fn new(wat: impl Into<String>) -> Self {
        Self { wat: wat.into(), herstel: None }
    }

    /// How to mend it.
    pub fn herstel(self, herstel: impl Into<String>) -> Self {
        Self { herstel: Some(herstel.into()), ..self }
    }

    /// A file that cannot be read.
    pub fn lezen(pad: &Path, fout: &std::io::Error) -> Self {
        let herstel = match fout.kind() {
            std::io::ErrorKind::NotFound => "Kijk of de naam en de map kloppen.",
            std::io::ErrorKind::PermissionDenied => "Vraag wie het bestand beheert om leesrecht.",
            std::io::ErrorKind::InvalidData => "Het bestand is geen tekst (UTF-8).",
            _ => "Probeer het opnieuw, of gebruik een kopie van het bestand.",
        };
        Self::new(format!("{} is niet te lezen ({fout})", pad.display())).herstel(herstel)
    }

    /// A policy that cannot be used.
    pub fn beleid(waar: &str, fout: &BeleidFout) -> Self {
        let (wat, herstel) = match fout {
            BeleidFout::Onleesbaar { wat, waarom } => {
                (format!("{wat}: {}", lezer(waarom)), "Verbeter het bestand op die plaats.".to_owned())
            }
            BeleidFout::Rij { rij, stap, waarom } => {
                (format!("rij {rij} (stap {stap}): {waarom}"), "Verbeter die rij.".to_owned())
            }
            BeleidFout::ZonderToelichting { rij } => (
                format!("rij {rij} heeft geen toelichting"),
                "Schrijf bij `toelichting` op welke regel, welk artikel of welke afspraak de rij rust.".to_owned(),
            ),
            BeleidFout::Ontbreekt { wat, herstel } => (format!("er ontbreekt iets: {wat}"), herstel.clone()),
            BeleidFout::Tegenspraak { wat, herstel } => (format!("dit spreekt zichzelf tegen: {wat}"), herstel.clone()),
            BeleidFout::Verruiming { laag, waarom } => (
                format!("laag {laag} maakt ruimer wat een hogere laag vastlegt: {waarom}"),
                "Een lagere laag mag alleen strenger zijn (R6).".to_owned(),
            ),
            BeleidFout::OnbekendeSoort { soort, waar } => (
                format!("berichttype {soort} staat niet in de catalogus ({waar})"),
                "Kijk in `inbreng policy explain --help` hoe de typen heten, of haal het weg.".to_owned(),
            ),
            other => (other.to_string(), "Deze versie wordt niet gebruikt. Verbeter de regels die genoemd zijn.".to_owned()),
        };
        Self::new(format!("{waar}: {wat}")).herstel(herstel)
    }
}

impl fmt::Display for Fout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.wat)?;
        match &self.herstel {
            Some(herstel) => write!(f, "\n  Zo lost u dit op: {herstel}"),
            None => Ok(()),
        }
    }
}

/// What a reader of TOML or JSON says, in Dutch where it is one of its usual complaints.
pub fn lezer(waarom: &str) -> String {
    let mut out = waarom.trim_end().to_owned();
    for (engels, nederlands) in [
        ("unknown field", "onbekend veld"),
        ("missing field", "dit veld ontbreekt:"),
        ("duplicate field", "dit veld staat er twee keer:"),
        ("duplicate key", "dit veld staat er twee keer:"),
        ("invalid type:", "verkeerde soort waarde:"),
        ("TOML parse error at line", "geen geldige TOML op regel"),
        (", expected one of", "; wel kan:"),
        (", expected", "; verwacht:"),
        (" or ", " of "),
        (" at line ", " op regel "),
        (" column ", " kolom "),
        ("trailing characters", "er staat iets achter het einde"),
        ("EOF while parsing", "het bestand houdt te vroeg op bij"),
    ] {
        out = out.replace(engels, nederlands);
    }
    out
}

/// The word that looks most like what was typed, where one does.
pub fn bedoelt_u<'a>(getypt: &str, woorden: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let getypt = getypt.to_lowercase();
    let grens = (getypt.chars().count() / 3).max(1);
    woorden.into_iter().map(|w| (afstand(&getypt, w), w)).filter(|(d, _)| *d <= grens).min().map(|(_, w)| w)
}

/// Levenshtein's distance, by rows.
fn afstand(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in (1..).zip(a.chars()) {
        let mut next = vec![i];
        for ((cb, diagonal), above) in b.iter().zip(&row).zip(row.iter().skip(1)) {
            let left = next.last().copied().unwrap_or(i);
            next.push((diagonal + usize::from(ca != *cb)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_that_was_meant() {
        let woorden = ["politie", "om", "veilig-thuis", "ggz"];
        assert_eq!(bedoelt_u("veilig-tuis", woorden), Some("veilig-thuis"));
        assert_eq!(bedoelt_u("GGZ", woorden), Some("ggz"));
        assert_eq!(bedoelt_u("brandweer", woorden), None);
        assert_eq!((afstand("", "abc"), afstand("abc", ""), afstand("kitten", "sitting")), (3, 3, 3));
    }
}
