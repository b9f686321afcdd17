//! Repository traits, and the contract suite that every store passes.
