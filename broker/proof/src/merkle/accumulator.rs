//! A tree recomputed from its leaves in bounded memory: only what is needed to go on is kept, and the nodes that were asked for.

use std::collections::{HashMap, HashSet};

use inbreng_domain::Digest;

use super::{MerkleError, Node, append, nodes_for_root, root};

/// A tree as far as it has been recomputed.
#[derive(Debug, Clone, Default)]
pub struct Accumulator {
    size: u64,
    /// The roots of its complete subtrees.
    nodes: HashMap<(u8, u64), [u8; 32]>,
    wanted: HashSet<(u8, u64)>,
    kept: HashMap<(u8, u64), [u8; 32]>,
}

impl Accumulator {
    /// An empty tree that will keep these nodes, for proofs.
    #[must_use]
    pub fn keeping(wanted: impl IntoIterator<Item = (u8, u64)>) -> Self {
        Self { wanted: wanted.into_iter().collect(), ..Self::default() }
    }

    /// Adds leaves (leaf hashes) and gives every node that they complete, the leaves among them.
    ///
    /// # Errors
    /// [`MerkleError::Range`] beyond 2^63 leaves.
    pub fn grow(&mut self, leaves: &[[u8; 32]]) -> Result<Vec<Node>, MerkleError> {
        let made = append(&self.nodes, self.size, leaves)?;
        for node in &made {
            let place = (node.level, node.index);
            self.nodes.insert(place, node.hash);
            if self.wanted.contains(&place) {
                self.kept.insert(place, node.hash);
            }
        }
        self.size += u64::try_from(leaves.len()).map_err(|_| MerkleError::Range)?;
        let needed: HashSet<_> = nodes_for_root(self.size).into_iter().collect();
        self.nodes.retain(|place, _| needed.contains(place));
        Ok(made)
    }

    /// How many leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root over them.
    ///
    /// # Errors
    /// [`MerkleError::Missing`] never, as long as it only grew.
    pub fn root(&self) -> Result<Digest, MerkleError> {
        root(&self.nodes, self.size)
    }

    /// The nodes that were asked for, as far as they are complete.
    #[must_use]
    pub const fn kept(&self) -> &HashMap<(u8, u64), [u8; 32]> {
        &self.kept
    }
}
