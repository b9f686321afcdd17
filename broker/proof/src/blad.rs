//! Leaves of the log: what the hash of one is over, in two forms, and how a log goes from the first to the second (ADR 19).
//!
//! The second covers kind and moment beside the record, and can still be checked once the record and its salt have gone (R40): then
//! the kernel stands in the place of the salt. A leaf of the first form is 32 bytes under the prefix of RFC 9162 and one of the second
//! more than 40, so that no hash is of both.

use inbreng_domain::{Digest, Tijdstip};
use serde::{Deserialize, Serialize};

use crate::{
    hash::{Sha256, hmac_sha256},
    merkle::leaf_hash,
};

/// The kind of the leaf with which the second form begins in a log that has leaves of the first.
pub const OVERGANG: &str = "bladvorm";

/// What a leaf of the second form begins with.
const MERK: &[u8] = b"inbreng-blad-v2:";

/// HMAC-SHA-256 of the record under a salt of its own: who sees it cannot guess the record, and who holds the salt can show it.
#[must_use]
pub fn kern(zout: &[u8; 32], record: &[u8]) -> [u8; 32] {
    hmac_sha256(zout, record)
}

/// Hash of a leaf of the second form: over kind, moment and kernel.
#[must_use]
pub fn hash_van_kern(soort: &str, tijd: Tijdstip, kern: &[u8; 32]) -> Digest {
    let mut data = Vec::with_capacity(MERK.len() + 16 + soort.len() + kern.len());
    data.extend_from_slice(MERK);
    data.extend_from_slice(&aanhef(soort, tijd));
    data.extend_from_slice(kern);
    leaf_hash(&data)
}

/// Hash of a leaf of the second form that has its record.
#[must_use]
pub fn blad_hash(soort: &str, tijd: Tijdstip, zout: &[u8; 32], record: &[u8]) -> Digest {
    hash_van_kern(soort, tijd, &kern(zout, record))
}

/// Hash of a leaf of the first form: over the kernel alone.
#[must_use]
pub fn hash_zonder_soort(zout: &[u8; 32], record: &[u8]) -> Digest {
    leaf_hash(&kern(zout, record))
}

/// Kind and moment, unmistakably: the length of the kind in eight bytes, the kind, milliseconds since 1970 in eight bytes; numbers
/// with the highest byte first.
fn aanhef(soort: &str, tijd: Tijdstip) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(16 + soort.len());
    bytes.extend_from_slice(&(soort.len() as u64).to_be_bytes());
    bytes.extend_from_slice(soort.as_bytes());
    bytes.extend_from_slice(&tijd.unix_millis().to_be_bytes());
    bytes
}

/// SHA-256 over kind and moment of leaf after leaf, from the first: what the leaves of the first form do not hold themselves.
#[derive(Clone)]
pub struct Soortenreeks(Sha256);

impl Soortenreeks {
    /// Of no leaf yet.
    #[must_use]
    pub fn nieuw() -> Self {
        Self(Sha256::new())
    }

    /// Adds the next leaf.
    pub fn bij(&mut self, soort: &str, tijd: Tijdstip) {
        self.0.update(&aanhef(soort, tijd));
    }

    /// The digest over the leaves so far.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.0.clone().finish()
    }
}

impl Default for Soortenreeks {
    fn default() -> Self {
        Self::nieuw()
    }
}

impl std::fmt::Debug for Soortenreeks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Soortenreeks").field(&self.digest()).finish()
    }
}

/// The record of the leaf with which the second form begins: how many leaves of the first stand before it, and of which kinds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overgang {
    /// [`Soortenreeks`] over the leaves before it.
    pub soorten: Digest,
    /// Its own index.
    pub vanaf: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tijd(millis: i64) -> Tijdstip {
        Tijdstip::from_unix_millis(millis)
    }

    #[test]
    fn no_two_leaves_have_one_hash() {
        let (zout, record) = ([1; 32], br#"{"a":1}"#.as_slice());
        let alle = [
            blad_hash("besluit", tijd(7), &zout, record),
            blad_hash("bericht", tijd(7), &zout, record),
            blad_hash("besluit", tijd(8), &zout, record),
            blad_hash("besluit", tijd(7), &[2; 32], record),
            blad_hash("besluit", tijd(7), &zout, br#"{"a":2}"#),
            // What belongs to the kind cannot go over to the moment.
            blad_hash("beslui", tijd(7), &zout, record),
            blad_hash("", tijd(7), &zout, record),
            hash_zonder_soort(&zout, record),
            // The first form of a record that is what the second hashes.
            leaf_hash(&[MERK, &aanhef("besluit", tijd(7))].concat()),
        ];
        for (plaats, een) in alle.iter().enumerate() {
            assert!(!alle[..plaats].contains(een), "{plaats}");
        }
        assert_eq!(hash_van_kern("besluit", tijd(7), &kern(&zout, record)), alle[0], "without record and salt too");
        // As docs/wire.md has it, made by hand.
        let data = [
            b"\0inbreng-blad-v2:".as_slice(),
            &[0, 0, 0, 0, 0, 0, 0, 7],
            b"besluit",
            &[0, 0, 0, 0, 0, 0, 0, 7],
            &hmac_sha256(&zout, record),
        ];
        assert_eq!(crate::sha256(&data.concat()), alle[0]);
    }

    #[test]
    fn a_row_of_kinds_has_its_order_and_its_bounds() {
        let van = |rij: &[(&str, i64)]| {
            let mut reeks = Soortenreeks::nieuw();
            rij.iter().for_each(|(soort, millis)| reeks.bij(soort, tijd(*millis)));
            reeks.digest()
        };
        let echt = van(&[("bericht", 1), ("versie", 2)]);
        assert_eq!(echt, van(&[("bericht", 1), ("versie", 2)]));
        for anders in [
            &[("versie", 2), ("bericht", 1)][..],
            &[("bericht", 2), ("versie", 1)],
            &[("bericht", 1), ("bericht", 2)],
            &[("bericht", 1)],
            &[("bericht", 1), ("versie", 2), ("versie", 2)],
        ] {
            assert_ne!(van(anders), echt);
        }
    }
}
