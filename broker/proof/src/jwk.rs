//! Public encryption keys: their thumbprint (RFC 7638), their form, and the point they stand for.

use inbreng_domain::jwe::{Crv, Jwk, Kty};

use crate::{
    encoding::{decode_array, encode},
    hash::sha256,
    jws::{KeyError, VerifyingKey},
};

/// The RFC 7638 SHA-256 thumbprint, base64url: the `kid` of an encryption key.
#[must_use]
pub fn jwk_thumbprint(jwk: &Jwk) -> String {
    // RFC 7638 §3.2: the required members only, in lexicographic order, no white space. A key in another form than
    // `check_jwk` takes (a quote in `x`) only gives a thumbprint that fits nothing.
    let text = format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, jwk.x, jwk.y);
    encode(sha256(text.as_bytes()).as_bytes())
}

/// A key made of an uncompressed point (SEC 1).
///
/// # Errors
/// [`KeyError::Public`] when it is not one of 65 bytes on the curve.
pub fn jwk_of_point(point: &[u8]) -> Result<Jwk, KeyError> {
    let Some((4, xy)) = point.split_first().map(|(form, xy)| (*form, xy)) else { return Err(KeyError::Public) };
    let (x, y) = xy.split_at_checked(32).ok_or(KeyError::Public)?;
    let jwk = Jwk { kty: Kty::Ec, crv: Crv::P256, x: encode(x), y: encode(y) };
    check_jwk(&jwk)?;
    Ok(jwk)
}

/// The uncompressed point of a key. Looks at its form only; see [`check_jwk`].
///
/// # Errors
/// [`KeyError::Public`] when a coordinate is not 32 bytes.
pub fn point_of_jwk(jwk: &Jwk) -> Result<[u8; 65], KeyError> {
    let x: [u8; 32] = decode_array(&jwk.x).map_err(|_| KeyError::Public)?;
    let y: [u8; 32] = decode_array(&jwk.y).map_err(|_| KeyError::Public)?;
    let mut point = [4; 65];
    for (to, from) in point.iter_mut().skip(1).zip(x.iter().chain(&y)) {
        *to = *from;
    }
    Ok(point)
}

/// Whether the key is a point on the curve: agreeing with one that is not gives a private key away.
///
/// # Errors
/// [`KeyError::Public`].
pub fn check_jwk(jwk: &Jwk) -> Result<(), KeyError> {
    VerifyingKey::new(point_of_jwk(jwk)?, jwk_thumbprint(jwk)).map(|_| ())
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};

    use super::*;

    #[test]
    fn thumbprint_as_another_library_computes_it() {
        // The P-256 key of RFC 7515 appendix A.3; thumbprint computed with Python's hashlib over the text of RFC 7638 §3.2.
        let jwk = Jwk {
            kty: Kty::Ec,
            crv: Crv::P256,
            x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU".to_owned(),
            y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0".to_owned(),
        };
        assert_eq!(jwk_thumbprint(&jwk), "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
        check_jwk(&jwk).unwrap();
        assert_eq!(jwk_of_point(&point_of_jwk(&jwk).unwrap()).unwrap(), jwk);
    }

    #[test]
    fn a_point_beside_the_curve_is_refused() {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let mut point = pair.public_key().as_ref().to_vec();
        jwk_of_point(&point).unwrap();
        point[64] ^= 1;
        assert!(jwk_of_point(&point).is_err());
        assert!(jwk_of_point(&point[..64]).is_err());
        assert!(jwk_of_point(&[]).is_err());
        assert!(jwk_of_point(&[4; 66]).is_err());
    }
}
