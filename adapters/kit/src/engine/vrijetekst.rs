//! A warning before sealing: identifying numbers and addresses in free text reach people who did not need them.

use inbreng_domain::vocabulary::Categorie;
use serde_json::Value;

/// Categories whose purpose is to say who and where.
const HOORT_DAAR: [Categorie; 4] = [Categorie::Persoon, Categorie::Gezin, Categorie::AdresGeheim, Categorie::Contact];

/// What was found. Names the place, never the text.
pub(super) fn waarschuwingen(categorie: Categorie, deel: usize, inhoud: &Value) -> Vec<String> {
    if HOORT_DAAR.contains(&categorie) {
        return Vec::new();
    }
    let (mut bsn, mut postcode) = (false, false);
    teksten(inhoud, &mut |tekst| {
        bsn |= heeft_bsn(tekst);
        postcode |= heeft_postcode(tekst);
    });
    let zin = |wat: &str| {
        format!("In deel {} ({categorie}) lijkt {wat} te staan. Hoort dat daar? Zet het in een deel 'persoon'.", deel + 1)
    };
    let mut gevonden = Vec::new();
    gevonden.extend(bsn.then(|| zin("een burgerservicenummer")));
    gevonden.extend(postcode.then(|| zin("een postcode")));
    gevonden
}

/// The same of an explanation for another purpose: it is about no category.
pub(super) fn in_toelichting(tekst: &str) -> Vec<String> {
    let zin = |wat: &str| {
        format!("In de toelichting lijkt {wat} te staan. Haal het weg: wie het deel krijgt, heeft het daar niet nodig.")
    };
    let mut gevonden = Vec::new();
    gevonden.extend(heeft_bsn(tekst).then(|| zin("een burgerservicenummer")));
    gevonden.extend(heeft_postcode(tekst).then(|| zin("een postcode")));
    gevonden
}

/// Every text in it, at any depth.
pub(super) fn teksten(waarde: &Value, zie: &mut impl FnMut(&str)) {
    match waarde {
        Value::String(tekst) => zie(tekst),
        Value::Array(lijst) => lijst.iter().for_each(|v| teksten(v, zie)),
        Value::Object(leden) => leden.values().for_each(|v| teksten(v, zie)),
        _ => {}
    }
}

/// Nine digits, perhaps with dots or spaces between them, that pass the elfproef.
fn heeft_bsn(tekst: &str) -> bool {
    tekst.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ' ')).any(|stuk| {
        let aaneen = stuk.split(' ').map(|woord| cijfers(&woord.replace('.', ""))).any(|d| elfproef(&d));
        aaneen || elfproef(&cijfers(&stuk.replace(['.', ' '], "")))
    })
}

fn cijfers(tekst: &str) -> Vec<u32> {
    tekst.chars().map_while(|c| c.to_digit(10)).collect()
}

/// Weights 9 to 2 and -1; a multiple of eleven, and not zero.
fn elfproef(cijfers: &[u32]) -> bool {
    if cijfers.len() != 9 || cijfers.iter().all(|c| *c == 0) {
        return false;
    }
    let som: i64 = cijfers.iter().zip([9, 8, 7, 6, 5, 4, 3, 2, -1]).map(|(c, gewicht)| i64::from(*c) * gewicht).sum();
    som % 11 == 0
}

/// Four digits, not beginning with 0, perhaps a space, two capitals that a postcode may have.
fn heeft_postcode(tekst: &str) -> bool {
    let tekens: Vec<char> = tekst.chars().collect();
    (0..tekens.len()).any(|i| {
        let los = i == 0 || tekens.get(i - 1).is_some_and(|c| !c.is_alphanumeric());
        let vier = tekens.get(i..i + 4).is_some_and(|d| d.iter().all(char::is_ascii_digit) && d.first() != Some(&'0'));
        let na = if tekens.get(i + 4) == Some(&' ') { i + 5 } else { i + 4 };
        let letters = tekens.get(na..na + 2).filter(|l| l.iter().all(char::is_ascii_uppercase));
        let einde = tekens.get(na + 2).is_none_or(|c| !c.is_alphanumeric());
        // SA, SD and SS are not given out.
        los && vier && einde && letters.is_some_and(|l| !matches!(l, ['S', 'A' | 'D' | 'S']))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_bsn_or_postcode_in_free_text_is_seen() {
        // 999990019 is a number of the test range.
        for tekst in ["bsn 999990019.", "9999.90.019", "zie 999 990 019 voor", "(999990019)"] {
            assert!(heeft_bsn(tekst), "{tekst}");
        }
        for tekst in ["999990018", "000000000", "tel. 070 0000000", "9999900190", "op 22-11-2026", ""] {
            assert!(!heeft_bsn(tekst), "{tekst}");
        }
        for tekst in ["woont op 1234 AB", "1234AB,", "(9999 XX)"] {
            assert!(heeft_postcode(tekst), "{tekst}");
        }
        for tekst in ["0123 AB", "1234 SS", "1234 ab", "12345 AB", "in 2026 GING het", "1234"] {
            assert!(!heeft_postcode(tekst), "{tekst}");
        }
    }

    #[test]
    fn the_warning_names_the_part_and_not_the_number() {
        let inhoud = json!({"toelichting": "bsn 999990019, 1234 AB"});
        let gevonden = waarschuwingen(Categorie::Incident, 1, &inhoud);
        assert_eq!(gevonden.len(), 2);
        assert!(gevonden.iter().all(|w| w.contains("deel 2") && !w.contains("9999")), "{gevonden:?}");
        assert!(waarschuwingen(Categorie::Persoon, 0, &inhoud).is_empty());
    }
}
