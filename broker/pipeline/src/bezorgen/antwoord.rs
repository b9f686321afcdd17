//! What a recipient answered to a delivery: bytes from outside, of which a status, a pause and a signed word are read.

use inbreng_domain::{antwoorden::Verklaringverzoek, receipts::Weigering};
use inbreng_proof::{
    Typ,
    jws::{names_signer, unverified_payload},
    parse_strict_as,
};

/// Nesting of the body: one statement in one object.
const DIEPTE: usize = 4;

/// What a recipient answered, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Antwoord {
    /// The status.
    pub status: u16,
    /// How many seconds it asks to be left alone (`Retry-After`).
    pub pas_na: Option<u32>,
    /// The body: bounded by the transport.
    pub lichaam: Vec<u8>,
}

impl Antwoord {
    /// As it came: the `Retry-After` counts as seconds (RFC 9110 §10.2.3) or not at all.
    #[must_use]
    pub fn gelezen(status: u16, pas_na: Option<&[u8]>, lichaam: Vec<u8>) -> Self {
        Self { status, pas_na: pas_na.and_then(seconden), lichaam }
    }

    /// The signed word in it, and for which use it is to be verified; `kid` is the key of the recipient. Nothing is verified yet: what is
    /// no refusal by that key counts as a receipt, and is refused as one where it is none.
    #[must_use]
    pub fn woord(&self, kid: &str) -> Option<(Typ, String)> {
        let Verklaringverzoek { verklaring } = parse_strict_as(&self.lichaam, DIEPTE).ok()?;
        let weigert = names_signer(&verklaring, Typ::Weigering, kid) && unverified_payload::<Weigering>(&verklaring).is_ok();
        Some((if weigert { Typ::Weigering } else { Typ::Ontvangst }, verklaring))
    }
}

fn seconden(kop: &[u8]) -> Option<u32> {
    let tekst = std::str::from_utf8(kop).ok()?.trim();
    // Digits alone: a number here has no sign.
    tekst.bytes().all(|b| b.is_ascii_digit()).then(|| tekst.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_seconds_or_nothing() {
        let pas_na = |kop: &[u8]| Antwoord::gelezen(503, Some(kop), Vec::new()).pas_na;
        assert_eq!((pas_na(b"120"), pas_na(b" 007 "), pas_na(b"4294967295")), (Some(120), Some(7), Some(u32::MAX)));
        for geen in [&b""[..], b"+5", b"-1", b"4294967296", b"1.5", b"Mon, 23 Nov 2026 07:00:00 GMT", b"\xff", b"1 2"] {
            assert_eq!(pas_na(geen), None, "{geen:?}");
        }
    }
}
