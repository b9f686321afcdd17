//! The hashes of the tree (RFC 9162 §2.1.1): leaves and nodes are kept apart by their first byte.

use inbreng_domain::Digest;

use crate::hash::{Sha256, sha256};

/// Hash of a leaf: SHA-256 of `00` and the data.
#[must_use]
pub fn leaf_hash(data: &[u8]) -> Digest {
    let mut hash = Sha256::new();
    hash.update(&[0]);
    hash.update(data);
    hash.finish()
}

/// Hash of a node: SHA-256 of `01`, left and right.
#[must_use]
pub fn node_hash(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(&[1]);
    hash.update(left);
    hash.update(right);
    *hash.finish().as_bytes()
}

/// Root of the tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Digest {
    sha256(&[])
}
