//! Case references: minted by the sender of a case's first message, so that a guess tells nothing.

use inbreng_domain::{CasusRef, Oin, Opening};

use crate::hash::Sha256;

/// SHA-256 over the 20 digits of the opener's OIN and the 32 bytes of the nonce that only the first message discloses.
#[must_use]
pub fn casus_ref(van: Oin, opening: Opening) -> CasusRef {
    let mut hash = Sha256::new();
    hash.update(van.as_bytes());
    hash.update(opening.as_bytes());
    CasusRef::from_bytes(*hash.finish().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::sha256;

    #[test]
    fn the_reference_binds_opener_and_nonce() {
        let oin = Oin::parse("00000001003214345000").unwrap();
        let opening = Opening::from_bytes([9; 32]);
        let mut joined = oin.as_bytes().to_vec();
        joined.extend_from_slice(&[9; 32]);
        assert_eq!(casus_ref(oin, opening).as_bytes(), sha256(&joined).as_bytes());
        assert_ne!(casus_ref(oin, opening), casus_ref(Oin::parse("00000001003214345001").unwrap(), opening));
        assert_ne!(casus_ref(oin, opening), casus_ref(oin, Opening::from_bytes([8; 32])));
    }
}
