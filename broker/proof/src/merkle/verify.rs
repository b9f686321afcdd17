//! Verification of proofs (RFC 9162 §2.1.3.2 and §2.1.4.2), without any stored node.

use inbreng_domain::Digest;

use super::{MerkleError, node_hash};

/// Verifies that `leaf` (a leaf hash) is leaf `index` of the tree of `size` leaves with this root.
///
/// # Errors
/// [`MerkleError`] when it is not, or the proof is too long or too short.
pub fn verify_inclusion(leaf: &Digest, index: u64, size: u64, proof: &[Digest], root: &Digest) -> Result<(), MerkleError> {
    if index >= size {
        return Err(MerkleError::Range);
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf.as_bytes();
    for step in proof {
        if last == 0 {
            return Err(MerkleError::Length);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(step.as_bytes(), &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, step.as_bytes());
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(MerkleError::Length);
    }
    if hash == *root.as_bytes() { Ok(()) } else { Err(MerkleError::Root) }
}

/// Verifies that the tree of `from` leaves with root `from_root` is the beginning of the tree of `to` leaves with root
/// `to_root`.
///
/// # Errors
/// [`MerkleError`] when it is not, or the proof is too long or too short.
pub fn verify_consistency(from: u64, from_root: &Digest, to: u64, to_root: &Digest, proof: &[Digest]) -> Result<(), MerkleError> {
    if from > to {
        return Err(MerkleError::Range);
    }
    if from == to || from == 0 {
        let same = if from == to { from_root == to_root } else { *from_root == super::empty_root() };
        return match (proof.is_empty(), same) {
            (false, _) => Err(MerkleError::Length),
            (true, false) => Err(MerkleError::Root),
            (true, true) => Ok(()),
        };
    }
    // A tree that is a whole subtree of the new one has its root left out of the proof.
    let mut steps = from.is_power_of_two().then_some(from_root).into_iter().chain(proof);
    let first = steps.next().ok_or(MerkleError::Length)?.as_bytes();
    let (mut old_hash, mut new_hash) = (*first, *first);
    let (mut node, mut last) = (from - 1, to - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    for step in steps {
        if last == 0 {
            return Err(MerkleError::Length);
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(step.as_bytes(), &old_hash);
            new_hash = node_hash(step.as_bytes(), &new_hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, step.as_bytes());
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(MerkleError::Length);
    }
    if old_hash == *from_root.as_bytes() && new_hash == *to_root.as_bytes() { Ok(()) } else { Err(MerkleError::Root) }
}
