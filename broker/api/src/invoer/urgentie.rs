//! A look at the urgency of a body, before anything of it is verified: only to know in which lane it is counted. Who lies about it
//! fills its own acute lane.
//!
//! The word is read into the type that the strict reader makes of it, so that the two never differ about how it is spelled: with an escape in it
//! (RFC 8259 §7) it is the same word.

use inbreng_domain::vocabulary::Urgentie;
use serde::Deserialize;

#[derive(Deserialize)]
struct Envelop {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    bericht: Kop,
}

#[derive(Deserialize)]
struct Kop {
    urgentie: Urgentie,
}

/// Whether a message says that it is about acute danger.
pub(crate) fn van_bericht(body: &[u8]) -> bool {
    serde_json::from_slice::<Envelop>(body).is_ok_and(|e| e.data.bericht.urgentie == Urgentie::Acuut)
}

/// Whether a check says so.
pub(crate) fn van_toets(body: &[u8]) -> bool {
    serde_json::from_slice::<Kop>(body).is_ok_and(|k| k.urgentie == Urgentie::Acuut)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the strict reader takes as acute is counted as acute, however it is written.
    #[test]
    fn an_escape_in_the_word_or_in_a_name_changes_nothing() {
        for (naam, woord) in [
            ("urgentie", r"\u0061cuut"),
            ("urgentie", r"acuu\u0074"),
            (r"\u0075rgentie", "acuut"),
            (r"urgenti\u0065", r"\u0061\u0063\u0075\u0075\u0074"),
        ] {
            let kop = format!(r#"{{"van":"y","{naam}":"{woord}"}}"#);
            let strikt = inbreng_proof::strict::parse_strict(kop.as_bytes(), 8).unwrap();
            assert_eq!(strikt["urgentie"], "acuut", "{kop}");
            assert!(van_toets(kop.as_bytes()), "{kop}");
            for (data, bericht) in [("data", "bericht"), (r"d\u0061ta", r"\u0062ericht")] {
                let envelop = format!(r#"{{"id":"x\"y","{data}":{{"{bericht}":{kop}}}}}"#);
                assert!(van_bericht(envelop.as_bytes()), "{envelop}");
            }
        }
    }

    #[test]
    fn only_what_says_so_plainly() {
        assert!(van_bericht(br#"{"id":"x","data":{"kop":{},"bericht":{"van":"y","urgentie":"acuut"}}}"#));
        assert!(van_toets(br#"{"type":"x","urgentie":"acuut","delen":[]}"#));
        for niet in [
            &br#"{"urgentie":"acuut"}"#[..],
            br#"{"data":{"bericht":{"urgentie":"normaal"}}}"#,
            br#"{"data":{"bericht":{"urgentie":"acuut","urgentie":"acuut"}}}"#,
            br#"{"data":{"bericht":{}}}"#,
            b"{",
            b"",
        ] {
            assert!(!van_bericht(niet), "{}", String::from_utf8_lossy(niet));
        }
        assert!(!van_toets(br#"{"urgentie":"normaal"}"#));
    }
}
