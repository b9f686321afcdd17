//! Sealing: the one module of all encryption on this side.
//!
//! A part is sealed once, as JWE in general JSON serialisation (RFC 7516 §7.2.1), and its key is wrapped once per
//! recipient. Exactly one suite exists here: ECDH-ES+A256KW on P-256 with a fresh ephemeral key per recipient, and
//! A256GCM. The primitives are OpenSSL's, used directly: a general JOSE reader also takes one-byte tags, unprotected
//! `enc` and unlimited inflation, and does not give the content key that commitment and re-wrapping need.
//!
//! # Plaintext
//! The RFC 8785 form of the content, followed by spaces (0x20) up to the smallest of
//! [`SIZE_CLASSES`](inbreng_domain::limits::SIZE_CLASSES) that holds it. That is JSON too, so any JOSE reader can use it;
//! and it is unambiguous, since RFC 8785 never ends in a space. On opening, the length must be that smallest class.
//!
//! # Key commitment
//! GCM does not commit to its key: one ciphertext can open to two texts under two keys. So the owner signs, per part,
//! HMAC-SHA-256 under the content key over `inbreng-sleutelbinding-v1:` and the part id, and a key that does not fit it
//! is not used.

mod aanvulling;
mod bewaren;
mod gcm;
mod herwrappen;
#[cfg(test)]
mod jwcrypto;
mod klaretekst;
mod openen;
mod sleutel;
#[cfg(test)]
mod tests;
mod toelichting;
mod verzegelen;
mod wrap;

pub use aanvulling::Omvangfout;
pub use bewaren::{Bewaarfout, bewaren, terughalen};
pub use herwrappen::{Herwrapfout, Herwrapping, eigen_lezen, herwrappen};
pub use klaretekst::Klaretekst;
pub use openen::{Geopend, Openfout, bewijs_toetsen, openen, openen_met_wrap};
pub use sleutel::{Sleutelfout, Zegelsleutel};
pub(crate) use toelichting::zegt_iets;
pub use verzegelen::{Voor, Zegelfout, verzegelen};
