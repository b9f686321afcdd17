//! A look at the urgency of a body, before anything of it is verified: only to know in which lane it is counted. Who lies about it
//! fills its own acute lane.

use serde::Deserialize;

const ACUUT: &str = "acuut";

#[derive(Deserialize)]
struct Envelop<'a> {
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    bericht: Kop<'a>,
}

#[derive(Deserialize)]
struct Kop<'a> {
    urgentie: &'a str,
}

/// Whether a message says that it is about acute danger.
pub(crate) fn van_bericht(body: &[u8]) -> bool {
    serde_json::from_slice::<Envelop<'_>>(body).is_ok_and(|e| e.data.bericht.urgentie == ACUUT)
}

/// Whether a check says so.
pub(crate) fn van_toets(body: &[u8]) -> bool {
    serde_json::from_slice::<Kop<'_>>(body).is_ok_and(|k| k.urgentie == ACUUT)
}

#[cfg(test)]
mod tests {
    use super::*;

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
