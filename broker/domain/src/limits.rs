//! The limits of a message. Configurable; these are the defaults, and they are part of the wire contract.

/// How much is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of `bericht` and `kop` together.
    pub header_bytes: usize,
    /// Bytes of a whole message.
    pub message_bytes: usize,
    /// Parts in a message.
    pub parts: usize,
    /// Recipients of a message.
    pub recipients: usize,
    /// Distinct persons in a message.
    pub persons: usize,
    /// Nesting of JSON.
    pub nesting: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { header_bytes: 256 * 1024, message_bytes: 10 * 1024 * 1024, parts: 32, recipients: 64, persons: 64, nesting: 32 }
    }
}

/// Sizes to which sealed plaintext is padded, in bytes: 1, 4, 16, 64, 256 KiB, 1, 4 MiB.
pub const SIZE_CLASSES: [usize; 7] = [1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20];

/// Largest ciphertext of an explanation for another purpose (R28), in bytes: a size class.
pub const TOELICHTING_BYTES: usize = 4 << 10;

/// Longest explanation for another purpose, in characters: a few sentences, which fit in any script.
pub const TOELICHTING_TEKENS: usize = 1000;
