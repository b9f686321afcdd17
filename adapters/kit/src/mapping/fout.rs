//! What is wrong with a mapping file, or with a message that it cannot translate.

use crate::concept::Vertaalfout;

/// Why a mapping file cannot be used: where, and what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("mapping {plek}: {uitleg}")]
pub struct MappingFout {
    /// The place in the file: `uitgaand[0].delen[2].doel`.
    pub plek: String,
    /// What is wrong and how to mend it, in Dutch.
    pub uitleg: String,
}

impl MappingFout {
    pub(super) fn new(plek: impl Into<String>, uitleg: impl Into<String>) -> Self {
        Self { plek: plek.into(), uitleg: uitleg.into() }
    }
}

/// An error at one field of a message. The sentence never holds the value: it may be a person's.
pub(super) fn veld(pad: impl Into<String>, uitleg: impl Into<String>) -> Vertaalfout {
    Vertaalfout::Veld { pad: pad.into(), uitleg: uitleg.into() }
}
