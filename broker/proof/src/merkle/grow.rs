//! Growth: which nodes a batch of new leaves completes.

use super::{MerkleError, Nodes, node_hash};

/// A completed node, to be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// Its level; 0 is the leaves.
    pub level: u8,
    /// Its index in that level.
    pub index: u64,
    /// Its hash.
    pub hash: [u8; 32],
}

/// The nodes that come into being when `leaves` (leaf hashes) follow on a tree of `size` leaves: the leaves themselves and
/// every node that they complete, by level and index. Of the stored tree only [`super::nodes_for_append`] is read.
///
/// # Errors
/// [`MerkleError::Missing`] when a stored node is not there, [`MerkleError::Range`] beyond 2^63 leaves.
pub fn append(nodes: &impl Nodes, size: u64, leaves: &[[u8; 32]]) -> Result<Vec<Node>, MerkleError> {
    let added = u64::try_from(leaves.len()).map_err(|_| MerkleError::Range)?;
    if size.checked_add(added).is_none_or(|total| total > 1 << 63) {
        return Err(MerkleError::Range);
    }
    let mut made = Vec::with_capacity(leaves.len() * 2 + 64);
    let mut row: Vec<[u8; 32]> = leaves.to_vec();
    // Index of the first of `row` in its level.
    let mut first = size;
    for level in 0u8.. {
        for (index, hash) in (first..).zip(&row) {
            made.push(Node { level, index, hash: *hash });
        }
        if first % 2 == 1 && !row.is_empty() {
            first -= 1;
            row.insert(0, nodes.node(level, first).ok_or(MerkleError::Missing { level, index: first })?);
        }
        // An odd one at the end waits for its neighbour.
        row =
            row.chunks_exact(2).filter_map(|pair| <&[[u8; 32]; 2]>::try_from(pair).ok()).map(|[l, r]| node_hash(l, r)).collect();
        first /= 2;
        if row.is_empty() {
            break;
        }
    }
    Ok(made)
}
