//! Base64url without padding, in its one spelling (RFC 7515 §2): no padding, no white space, unused bits zero.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// A text that is not unpadded base64url in its one spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not unpadded base64url")]
pub struct NotBase64Url;

/// Encodes without padding.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Appends the encoding of `bytes` to `text`.
pub fn encode_onto(bytes: &[u8], text: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, text);
}

/// Decodes; refuses padding, foreign characters and unused bits that are not zero, so that one byte string has one
/// spelling.
///
/// # Errors
/// [`NotBase64Url`].
pub fn decode(text: &str) -> Result<Vec<u8>, NotBase64Url> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| NotBase64Url)
}

/// Decodes exactly `N` bytes.
///
/// # Errors
/// [`NotBase64Url`], for another length too.
pub fn decode_array<const N: usize>(text: &str) -> Result<[u8; N], NotBase64Url> {
    if text.len() != encoded_len(N) {
        return Err(NotBase64Url);
    }
    decode(text)?.try_into().map_err(|_| NotBase64Url)
}

/// The number of bytes that a text stands for, found without decoding it: a ciphertext of 4 MiB is looked at, not copied.
///
/// # Errors
/// [`NotBase64Url`] whenever [`decode`] would refuse.
pub fn decoded_len(text: &str) -> Result<usize, NotBase64Url> {
    let bytes = text.as_bytes();
    // Without a branch per byte, so that it runs over many bytes at a time.
    let foreign = |block: &[u8]| block.iter().fold(false, |found, b| found | !is_letter(*b));
    if bytes.chunks(1024).any(foreign) {
        return Err(NotBase64Url);
    }
    // The unused low bits of the last character: 4 when it closes one byte, 2 when it closes two (RFC 4648 §3.5).
    let (rest, unused) = match bytes.len() % 4 {
        0 => (0, 0),
        2 => (1, 0b1111),
        3 => (2, 0b11),
        _ => return Err(NotBase64Url),
    };
    match bytes.last().and_then(|b| value(*b)) {
        Some(last) if last & unused != 0 => Err(NotBase64Url),
        _ => Ok(bytes.len() / 4 * 3 + rest),
    }
}

const fn encoded_len(bytes: usize) -> usize {
    (bytes * 8).div_ceil(6)
}

const fn is_letter(b: u8) -> bool {
    let letter = (b | 0x20).wrapping_sub(b'a') < 26;
    let digit = b.wrapping_sub(b'0') < 10;
    letter | digit | (b == b'-') | (b == b'_')
}

const fn value(b: u8) -> Option<u8> {
    match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'a'..=b'z' => Some(b - b'a' + 26),
        b'0'..=b'9' => Some(b - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_spelling_only() {
        assert_eq!(decode("AA"), Ok(vec![0]));
        for wrong in ["AB", "AA==", "A", "AAB", "A A", "AA\n", "+/", "é"] {
            assert_eq!(decode(wrong), Err(NotBase64Url), "{wrong}");
            assert_eq!(decoded_len(wrong), Err(NotBase64Url), "{wrong}");
        }
        assert!(decode_array::<32>(&encode(&[1; 32])).is_ok());
        assert!(decode_array::<32>(&encode(&[1; 31])).is_err());
    }

    proptest! {
        #[test]
        fn length_is_found_without_decoding(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            prop_assert_eq!(decoded_len(&encode(&bytes)), Ok(bytes.len()));
        }

        #[test]
        fn a_letter_is_what_has_a_value(b in any::<u8>()) {
            prop_assert_eq!(is_letter(b), value(b).is_some());
        }

        #[test]
        fn both_readings_agree_on_any_text(text in "[A-Za-z0-9_=+/ -]{0,12}") {
            prop_assert_eq!(decoded_len(&text), decode(&text).map(|b| b.len()));
        }
    }
}
