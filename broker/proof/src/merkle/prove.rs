//! Roots and proofs, put together from stored nodes (RFC 9162 §2.1.1, §2.1.3.1, §2.1.4.1).
//!
//! Each is first worked out as a list of subtrees, so that a store can fetch the nodes of all of them in one go.

use inbreng_domain::Digest;

use super::{MerkleError, Nodes, empty_root, node_hash};

/// A run of leaves `[start, end)` whose root stands in a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    start: u64,
    end: u64,
}

impl Range {
    const fn len(self) -> u64 {
        self.end - self.start
    }

    /// Left and right at the largest power of two smaller than the length.
    const fn split(self) -> (Self, Self) {
        let middle = self.start + (1 << (self.len() - 1).ilog2());
        (Self { start: self.start, end: middle }, Self { start: middle, end: self.end })
    }

    /// The complete nodes that it consists of, left to right.
    fn nodes(self) -> Vec<(u8, u64)> {
        let mut nodes = Vec::new();
        let mut start = self.start;
        while start < self.end {
            // INVARIANT: a range in a proof starts at a multiple of the largest power of two not above its length, so what
            // remains always starts at a multiple of the next.
            let level = (self.end - start).ilog2();
            nodes.push((u8::try_from(level).unwrap_or(u8::MAX), start >> level));
            start += 1 << level;
        }
        nodes
    }

    fn hash(self, nodes: &impl Nodes) -> Result<[u8; 32], MerkleError> {
        let mut hash = None;
        for (level, index) in self.nodes().into_iter().rev() {
            let left = nodes.node(level, index).ok_or(MerkleError::Missing { level, index })?;
            hash = Some(hash.map_or(left, |right| node_hash(&left, &right)));
        }
        Ok(hash.unwrap_or(*empty_root().as_bytes()))
    }
}

/// Root over the first `size` leaves.
///
/// # Errors
/// [`MerkleError::Missing`] when a stored node is not there.
pub fn root(nodes: &impl Nodes, size: u64) -> Result<Digest, MerkleError> {
    Range { start: 0, end: size }.hash(nodes).map(Digest::from_bytes)
}

/// Proof that leaf `index` stands in the tree of the first `size` leaves.
///
/// # Errors
/// [`MerkleError::Range`] outside the tree, [`MerkleError::Missing`] when a stored node is not there.
pub fn inclusion_proof(nodes: &impl Nodes, index: u64, size: u64) -> Result<Vec<Digest>, MerkleError> {
    hashes(nodes, inclusion_path(index, size)?)
}

/// Proof that the tree of the first `from` leaves is the beginning of the tree of the first `to` leaves. Empty when both
/// are the same, and from the tree without leaves.
///
/// # Errors
/// [`MerkleError::Range`] when `from` is beyond `to`, [`MerkleError::Missing`] when a stored node is not there.
pub fn consistency_proof(nodes: &impl Nodes, from: u64, to: u64) -> Result<Vec<Digest>, MerkleError> {
    hashes(nodes, consistency_path(from, to)?)
}

/// The nodes that [`root`] reads.
#[must_use]
pub fn nodes_for_root(size: u64) -> Vec<(u8, u64)> {
    Range { start: 0, end: size }.nodes()
}

/// The nodes that [`super::append`] to a tree of `size` leaves may read: the same as for its root.
#[must_use]
pub fn nodes_for_append(size: u64) -> Vec<(u8, u64)> {
    nodes_for_root(size)
}

/// The nodes that [`inclusion_proof`] reads.
///
/// # Errors
/// [`MerkleError::Range`] outside the tree.
pub fn nodes_for_inclusion(index: u64, size: u64) -> Result<Vec<(u8, u64)>, MerkleError> {
    Ok(inclusion_path(index, size)?.into_iter().flat_map(Range::nodes).collect())
}

/// The nodes that [`consistency_proof`] reads.
///
/// # Errors
/// [`MerkleError::Range`] when `from` is beyond `to`.
pub fn nodes_for_consistency(from: u64, to: u64) -> Result<Vec<(u8, u64)>, MerkleError> {
    Ok(consistency_path(from, to)?.into_iter().flat_map(Range::nodes).collect())
}

fn hashes(nodes: &impl Nodes, path: Vec<Range>) -> Result<Vec<Digest>, MerkleError> {
    path.into_iter().map(|range| range.hash(nodes).map(Digest::from_bytes)).collect()
}

/// RFC 9162 §2.1.3.1 `PATH(m, D_n)`: the sibling at each step down to the leaf, lowest first.
fn inclusion_path(index: u64, size: u64) -> Result<Vec<Range>, MerkleError> {
    if index >= size {
        return Err(MerkleError::Range);
    }
    let mut path = Vec::new();
    let mut tree = Range { start: 0, end: size };
    while tree.len() > 1 {
        let (left, right) = tree.split();
        let (inside, beside) = if index < right.start { (left, right) } else { (right, left) };
        path.push(beside);
        tree = inside;
    }
    path.reverse();
    Ok(path)
}

/// RFC 9162 §2.1.4.1 `SUBPROOF(m, D_n, b)`.
fn consistency_path(from: u64, to: u64) -> Result<Vec<Range>, MerkleError> {
    if from > to {
        return Err(MerkleError::Range);
    }
    let mut path = Vec::new();
    if from == 0 || from == to {
        return Ok(path);
    }
    let mut tree = Range { start: 0, end: to };
    // Whether the old tree is still a whole subtree, whose root the verifier knows already.
    let mut known = true;
    while tree.end != from {
        let (left, right) = tree.split();
        if from <= left.end {
            path.push(right);
            tree = left;
        } else {
            path.push(left);
            tree = right;
            known = false;
        }
    }
    if !known {
        path.push(tree);
    }
    path.reverse();
    Ok(path)
}
