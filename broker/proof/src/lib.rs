//! Canonical JSON, signatures, statements and the Merkle tree: what hub and adapters verify with.
//!
//! Pure: bytes in, verdict out. Nothing here reads a file, a socket or the clock. Everything that decides whether bytes
//! from outside may be believed stands here once, for hub and adapter alike.
#![warn(missing_docs)]

pub mod bericht;
pub mod blad;
pub mod canonical;
pub mod casus;
pub mod certificate;
pub mod deel;
pub mod encoding;
pub mod gids;
pub mod hash;
pub mod jwe;
pub mod jwk;
pub mod jws;
pub mod merkle;
pub mod ontvangstbewijs;
pub mod partijen;
pub mod random;
pub mod strict;
pub mod tls;
pub mod toegang;
pub mod toelichting;

pub use canonical::{CanonicalError, CanonicalText, canonical, canonical_string, digest_of};
pub use certificate::{Anchors, CertificateError, SigningCertificate};
pub use gids::{Gids, Partner};
pub use hash::{hmac_sha256, sha256};
pub use jws::{JwsError, SigningKey, Typ, VerifyingKey};
pub use random::SystemRandomness;
pub use strict::{StrictError, parse_strict, parse_strict_as};

#[cfg(test)]
mod testpki;
