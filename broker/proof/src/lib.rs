//! Canonical JSON, signatures, statements and the Merkle tree: what hub and adapters verify with.
