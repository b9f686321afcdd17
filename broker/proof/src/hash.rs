//! SHA-256 and HMAC-SHA-256.

use aws_lc_rs::{constant_time, digest, hmac};
use inbreng_domain::Digest;

/// SHA-256.
#[must_use]
pub fn sha256(data: &[u8]) -> Digest {
    finish(digest::digest(&digest::SHA256, data))
}

/// HMAC-SHA-256 (RFC 2104).
#[must_use]
pub fn hmac_sha256(key: &[u8], data: &[u8]) -> [u8; 32] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), data);
    to_array(tag.as_ref())
}

/// Whether two byte strings are equal, in a time that does not depend on where they differ.
#[must_use]
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

/// SHA-256 over pieces.
#[derive(Clone)]
pub(crate) struct Sha256(digest::Context);

impl Sha256 {
    pub(crate) fn new() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }

    pub(crate) fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    pub(crate) fn finish(self) -> Digest {
        finish(self.0.finish())
    }
}

fn finish(d: digest::Digest) -> Digest {
    Digest::from_bytes(to_array(d.as_ref()))
}

// INVARIANT: SHA-256 and its HMAC are 32 bytes; the loop is a copy that cannot panic.
fn to_array(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    for (to, from) in out.iter_mut().zip(bytes) {
        *to = *from;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        // FIPS 180-4 example, and RFC 4231 test case 2.
        assert_eq!(sha256(b"abc").as_str(), "sha-256:ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
        let tag = hmac_sha256(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(tag[..8], [0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e]);
        assert!(equal(b"a", b"a") && !equal(b"a", b"b") && !equal(b"a", b"aa"));
    }
}
