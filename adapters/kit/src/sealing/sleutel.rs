//! Encryption keys on P-256: the own private keys, and recipients' public keys from their key statements.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_domain::jwe::{Crv, Jwk, Kty};
use openssl::{
    bn::{BigNum, BigNumContext},
    ec::{EcGroup, EcKey, EcKeyRef},
    error::ErrorStack,
    nid::Nid,
    pkey::{HasPublic, PKey, Private, Public},
};
use zeroize::Zeroizing;

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Sleutelfout {
    /// Not a PKCS#8 PEM of a private key on P-256.
    #[error("not a PKCS#8 PEM file with a private key on P-256")]
    Pem(#[source] ErrorStack),
    /// Another curve.
    #[error("the key is not on P-256")]
    Kromme,
    /// A coordinate is not 32 bytes of base64url, or the point is not on the curve.
    #[error("the public key is not a point on P-256")]
    Punt,
    /// OpenSSL failed.
    #[error("the cryptographic library failed")]
    Openssl(#[from] ErrorStack),
}

/// An own encryption key. The private part stays in OpenSSL's memory, which wipes it.
#[derive(Clone)]
pub struct Zegelsleutel {
    prive: PKey<Private>,
    jwk: Jwk,
    kid: String,
}

impl Zegelsleutel {
    /// Reads a PKCS#8 PEM.
    ///
    /// # Errors
    /// [`Sleutelfout`] for anything but a private key on P-256.
    pub fn from_pem(pem: &[u8]) -> Result<Self, Sleutelfout> {
        Self::from_pkey(PKey::private_key_from_pem(pem).map_err(Sleutelfout::Pem)?)
    }

    /// Draws a fresh key.
    ///
    /// # Errors
    /// [`Sleutelfout::Openssl`].
    pub fn generate() -> Result<Self, Sleutelfout> {
        Self::from_pkey(PKey::from_ec_key(EcKey::generate(&*p256()?)?)?)
    }

    fn from_pkey(prive: PKey<Private>) -> Result<Self, Sleutelfout> {
        let ec = prive.ec_key().map_err(Sleutelfout::Pem)?;
        let jwk = jwk_of(&ec)?;
        let kid = inbreng_proof::jwk::jwk_thumbprint(&jwk);
        Ok(Self { prive, jwk, kid })
    }

    /// The public key.
    #[must_use]
    pub const fn jwk(&self) -> &Jwk {
        &self.jwk
    }

    /// RFC 7638 thumbprint of the public key.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The private key as PKCS#8 PEM, to be kept.
    ///
    /// # Errors
    /// [`Sleutelfout::Openssl`].
    pub(crate) fn pem(&self) -> Result<Zeroizing<String>, Sleutelfout> {
        let pem = Zeroizing::new(self.prive.private_key_to_pem_pkcs8()?);
        Ok(Zeroizing::new(std::str::from_utf8(&pem).map_err(|_| Sleutelfout::Kromme)?.to_owned()))
    }

    pub(super) const fn prive(&self) -> &PKey<Private> {
        &self.prive
    }
}

impl fmt::Debug for Zegelsleutel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Zegelsleutel").field("kid", &self.kid).finish_non_exhaustive()
    }
}

pub(super) fn p256() -> Result<EcGroup, ErrorStack> {
    EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)
}

/// The public half as JWK, coordinates left-padded to 32 bytes (RFC 7518 §6.2.1.2).
pub(super) fn jwk_of<T: HasPublic>(ec: &EcKeyRef<T>) -> Result<Jwk, Sleutelfout> {
    if ec.group().curve_name() != Some(Nid::X9_62_PRIME256V1) {
        return Err(Sleutelfout::Kromme);
    }
    let (mut ctx, mut x, mut y) = (BigNumContext::new()?, BigNum::new()?, BigNum::new()?);
    ec.public_key().affine_coordinates(ec.group(), &mut x, &mut y, &mut ctx)?;
    let text = |n: &BigNum| n.to_vec_padded(32).map(|b| URL_SAFE_NO_PAD.encode(b));
    Ok(Jwk { kty: Kty::Ec, crv: Crv::P256, x: text(&x)?, y: text(&y)? })
}

/// A public key from its JWK. OpenSSL checks that the point is on the curve; without that, an invalid ephemeral key would
/// draw out the private one.
pub(super) fn public_of(jwk: &Jwk) -> Result<PKey<Public>, Sleutelfout> {
    let coordinate = |text: &str| -> Result<BigNum, Sleutelfout> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|b| b.len() == 32).ok_or(Sleutelfout::Punt)?;
        Ok(BigNum::from_slice(&bytes)?)
    };
    let (x, y) = (coordinate(&jwk.x)?, coordinate(&jwk.y)?);
    let ec = EcKey::from_public_key_affine_coordinates(&*p256()?, &x, &y).map_err(|_| Sleutelfout::Punt)?;
    ec.check_key().map_err(|_| Sleutelfout::Punt)?;
    Ok(PKey::from_ec_key(ec)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_beside_the_curve_is_refused() {
        let mut jwk = Zegelsleutel::generate().unwrap().jwk().clone();
        assert!(public_of(&jwk).is_ok());
        let mut y = URL_SAFE_NO_PAD.decode(&jwk.y).unwrap();
        y[31] ^= 1;
        jwk.y = URL_SAFE_NO_PAD.encode(&y);
        assert!(matches!(public_of(&jwk), Err(Sleutelfout::Punt)));
        jwk.y = URL_SAFE_NO_PAD.encode(&y[1..]);
        assert!(matches!(public_of(&jwk), Err(Sleutelfout::Punt)));
    }

    #[test]
    fn only_p256_is_read() {
        let p384 = EcKey::generate(&EcGroup::from_curve_name(Nid::SECP384R1).unwrap()).unwrap();
        let pem = PKey::from_ec_key(p384).unwrap().private_key_to_pem_pkcs8().unwrap();
        assert!(matches!(Zegelsleutel::from_pem(&pem), Err(Sleutelfout::Kromme)));
        assert!(matches!(Zegelsleutel::from_pem(b"geen sleutel"), Err(Sleutelfout::Pem(_))));
    }

    #[test]
    fn the_private_half_is_not_printed() {
        let sleutel = Zegelsleutel::generate().unwrap();
        assert_eq!(format!("{sleutel:?}"), format!("Zegelsleutel {{ kid: {:?}, .. }}", sleutel.kid()));
    }
}
