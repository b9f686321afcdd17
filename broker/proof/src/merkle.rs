//! The Merkle tree of the log (RFC 6962 §2, RFC 9162 §2.1): hashes, growth, proofs over stored nodes, and verification.
//!
//! A node is named by its level and its index: node (`level`, `index`) is the root over the leaves from `index << level` up
//! to `(index + 1) << level`, and is stored once all those leaves exist. It then never changes, so a store only ever adds.

mod accumulator;
mod grow;
mod hash;
mod prove;
mod verify;

pub use accumulator::Accumulator;
pub use grow::{Node, append};
pub use hash::{empty_root, leaf_hash, node_hash};
pub use prove::{
    consistency_proof, inclusion_proof, nodes_for_append, nodes_for_consistency, nodes_for_inclusion, nodes_for_root, root,
};
pub use verify::{verify_consistency, verify_inclusion};

/// Stored nodes of a tree.
pub trait Nodes {
    /// The hash of a complete node; `None` when it is not there.
    fn node(&self, level: u8, index: u64) -> Option<[u8; 32]>;
}

impl<S: std::hash::BuildHasher> Nodes for std::collections::HashMap<(u8, u64), [u8; 32], S> {
    fn node(&self, level: u8, index: u64) -> Option<[u8; 32]> {
        self.get(&(level, index)).copied()
    }
}

/// Why a proof cannot be made or does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MerkleError {
    /// A leaf or size outside the tree.
    #[error("leaf or size lies outside the tree")]
    Range,
    /// A node that should be stored is not.
    #[error("node {index} of level {level} is missing")]
    Missing {
        /// Its level; 0 is the leaves.
        level: u8,
        /// Its index in that level.
        index: u64,
    },
    /// A proof of the wrong length.
    #[error("proof has the wrong length")]
    Length,
    /// A proof that leads to another root.
    #[error("proof leads to another root")]
    Root,
}

#[cfg(test)]
mod tests;
