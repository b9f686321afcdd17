//! What others wrote, on a screen: nothing in it moves the cursor, makes a line of its own, turns the reading order, or is there
//! without being seen. Every program that prints for people uses this; what is stored and signed stays as it is.

use std::{borrow::Cow, fmt::Write as _};

/// Stands where something was that cannot be seen.
const PLAATS: char = '·';

/// What is not seen, or makes other text read otherwise. In order; both ends belong to it.
///
/// Sources: Unicode 16 `UnicodeData.txt` (general categories `Cc`, `Cf`, `Zl`, `Zp`), `DerivedCoreProperties.txt`
/// (`Default_Ignorable_Code_Point`, UAX #44 §5.5) and `PropList.txt` (`Bidi_Control`, UAX #9 §2).
const ONZICHTBAAR: [(char, char); 31] = [
    ('\u{0}', '\u{1f}'),        // C0 controls
    ('\u{7f}', '\u{9f}'),       // delete, C1 controls
    ('\u{ad}', '\u{ad}'),       // soft hyphen
    ('\u{34f}', '\u{34f}'),     // combining grapheme joiner
    ('\u{600}', '\u{605}'),     // Arabic number signs: format characters
    ('\u{61c}', '\u{61c}'),     // Arabic letter mark: bidi
    ('\u{6dd}', '\u{6dd}'),     // end of ayah
    ('\u{70f}', '\u{70f}'),     // Syriac abbreviation mark
    ('\u{890}', '\u{891}'),     // Arabic pound and piastre marks
    ('\u{8e2}', '\u{8e2}'),     // disputed end of ayah
    ('\u{115f}', '\u{1160}'),   // Hangul fillers
    ('\u{17b4}', '\u{17b5}'),   // Khmer inherent vowels
    ('\u{180b}', '\u{180f}'),   // Mongolian variation selectors, vowel separator
    ('\u{200b}', '\u{200f}'),   // zero width space, non-joiner, joiner; left-to-right and right-to-left mark
    ('\u{2028}', '\u{202e}'),   // line and paragraph separator; bidi embeddings and overrides
    ('\u{2060}', '\u{206f}'),   // word joiner, invisible operators; bidi isolates; deprecated format characters
    ('\u{2800}', '\u{2800}'),   // blank Braille pattern: a space that is none
    ('\u{3164}', '\u{3164}'),   // Hangul filler
    ('\u{fe00}', '\u{fe0f}'),   // variation selectors
    ('\u{feff}', '\u{feff}'),   // zero width no-break space (byte order mark)
    ('\u{ffa0}', '\u{ffa0}'),   // halfwidth Hangul filler
    ('\u{fff0}', '\u{fffb}'),   // unassigned ignorables, interlinear annotation
    ('\u{110bd}', '\u{110bd}'), // Kaithi number sign
    ('\u{110cd}', '\u{110cd}'), // Kaithi number sign above
    ('\u{13430}', '\u{1343f}'), // Egyptian hieroglyph format controls
    ('\u{1bca0}', '\u{1bca3}'), // shorthand format controls
    ('\u{1d173}', '\u{1d17a}'), // musical format controls
    ('\u{e0000}', '\u{e007f}'), // tags
    ('\u{e0080}', '\u{e00ff}'), // unassigned ignorables
    ('\u{e0100}', '\u{e01ef}'), // variation selectors supplement
    ('\u{e01f0}', '\u{e0fff}'), // unassigned ignorables
];

/// Whether a character is not seen, or changes how others read.
#[must_use]
pub fn is_onzichtbaar(teken: char) -> bool {
    let buiten = |(van, tot): &(char, char)| {
        if *tot < teken {
            std::cmp::Ordering::Less
        } else if *van > teken {
            std::cmp::Ordering::Greater
        } else {
            std::cmp::Ordering::Equal
        }
    };
    ONZICHTBAAR.binary_search_by(buiten).is_ok()
}

/// Text of others as one line: a line end in it is replaced too.
#[must_use]
pub fn regel(tekst: &str) -> Cow<'_, str> {
    vervangen(tekst, is_onzichtbaar)
}

/// Text that this program put together itself, over several lines: line ends stay.
#[must_use]
pub fn regels(tekst: &str) -> Cow<'_, str> {
    vervangen(tekst, |c| c != '\n' && is_onzichtbaar(c))
}

/// A JSON text of the same meaning in which all of this is escaped (`\u202e`): a tool reads what was there, a person sees it.
#[must_use]
pub fn json(tekst: &str) -> Cow<'_, str> {
    // Outside its strings a JSON text has no such characters but line ends and tabs (RFC 8259 §2).
    let te_zien = |c| matches!(c, '\n' | '\r' | '\t') || !is_onzichtbaar(c);
    if tekst.chars().all(te_zien) {
        return Cow::Borrowed(tekst);
    }
    let mut uit = String::with_capacity(tekst.len() + 16);
    for c in tekst.chars() {
        if te_zien(c) {
            uit.push(c);
        } else {
            for eenheid in c.encode_utf16(&mut [0; 2]) {
                let _written = write!(uit, "\\u{eenheid:04x}");
            }
        }
    }
    Cow::Owned(uit)
}

fn vervangen(tekst: &str, weg: impl Fn(char) -> bool) -> Cow<'_, str> {
    if tekst.chars().any(&weg) {
        Cow::Owned(tekst.chars().map(|c| if weg(c) { PLAATS } else { c }).collect())
    } else {
        Cow::Borrowed(tekst)
    }
}

#[cfg(test)]
mod tests {
    use unicode_general_category::{GeneralCategory, get_general_category};

    use super::*;

    #[test]
    fn each_kind_of_unseen_character_is_replaced() {
        for (wat, tekens) in [
            ("controls", "\u{0}\u{7}\u{8}\t\n\r\u{1b}\u{7f}\u{85}\u{9b}"),
            ("bidi marks", "\u{200e}\u{200f}\u{61c}"),
            ("bidi embeddings and overrides", "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}"),
            ("bidi isolates", "\u{2066}\u{2067}\u{2068}\u{2069}"),
            ("line and paragraph separators", "\u{2028}\u{2029}"),
            ("zero width", "\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}"),
            ("soft hyphen", "\u{ad}"),
            ("tags", "\u{e0001}\u{e0020}\u{e0041}\u{e007f}"),
            ("variation selectors", "\u{fe00}\u{fe0f}\u{e0100}\u{e01ef}\u{180b}"),
            ("fillers", "\u{34f}\u{115f}\u{3164}\u{ffa0}\u{2800}"),
        ] {
            for teken in tekens.chars() {
                assert_eq!(regel(&format!("voor{teken}na")), "voor·na", "{wat}: {teken:?}");
            }
        }
    }

    #[test]
    fn everything_that_unicode_calls_control_format_or_separator_of_lines_is_in_the_list() {
        use GeneralCategory::{Control, Format, LineSeparator, ParagraphSeparator};
        for teken in '\u{0}'..=char::MAX {
            if matches!(get_general_category(teken), Control | Format | LineSeparator | ParagraphSeparator) {
                assert!(is_onzichtbaar(teken), "{teken:?}");
            }
        }
        assert!(ONZICHTBAAR.iter().all(|(van, tot)| van <= tot));
        assert!(ONZICHTBAAR.windows(2).all(|w| matches!(w, [(_, tot), (van, _)] if tot < van)), "in order, for the search");
    }

    #[test]
    fn dutch_text_stays_as_it_is() {
        for tekst in [
            "Zorg- en Veiligheidshuis ’s-Hertogenbosch: coördinatie, één reünie, façade, Œuvre, ĳsvrij, € 12,50 – 5 %",
            "Mevr. Şükran Öztürk-Dvořák, Zoë, Aïcha, Jóannes, Łukasz, Đặng, e\u{301}e\u{301}n (e met een los streepje)",
            "عائشة, Αθηνά, 李",
            "a\u{a0}b → c · d … “e”",
        ] {
            assert!(matches!(regel(tekst), Cow::Borrowed(_)), "{tekst}");
        }
    }

    #[test]
    fn own_line_ends_stay_and_those_of_others_do_not() {
        assert_eq!(regels("een\ntwee\r\u{2028}drie"), "een\ntwee··drie");
        assert_eq!(regel("een\ntwee"), "een·twee");
    }

    #[test]
    fn json_keeps_its_meaning_and_shows_what_is_in_it() {
        let waarde = serde_json::json!({ "titel": "a\u{202e}b\u{e0041}c\u{9b}", "gewoon": "één\tregel" });
        let tekst = serde_json::to_string_pretty(&waarde).unwrap();
        let zichtbaar = json(&tekst);
        assert!(zichtbaar.contains(r"a\u202eb\udb40\udc41c\u009b"), "{zichtbaar}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&zichtbaar).unwrap(), waarde);
        assert!(matches!(json("{\n  \"a\": \"één\"\n}"), Cow::Borrowed(_)));
    }
}
