//! ECDH-ES+A256KW (RFC 7518 §4.6): the content key, wrapped for one public key.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_domain::{
    Randomness,
    jwe::{Jwk, Sleutelwrap, Wrapheader},
};
use openssl::{
    cipher::Cipher,
    cipher_ctx::{CipherCtx, CipherCtxFlags},
    derive::Deriver,
    ec::EcKey,
    error::ErrorStack,
    pkey::{PKey, PKeyRef, Private, Public},
    sha::Sha256,
};
use zeroize::Zeroizing;

use super::sleutel::{Sleutelfout, Zegelsleutel, jwk_of, p256, public_of};

/// `alg` of the protected header, and `AlgorithmID` of the key derivation (RFC 7518 §4.6.2).
const ALG: &[u8] = b"ECDH-ES+A256KW";

/// A content key of 256 bits, wiped when dropped.
pub(super) struct Inhoudssleutel(Zeroizing<[u8; 32]>);

impl Inhoudssleutel {
    pub(super) fn mint(random: &dyn Randomness) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        random.fill(bytes.as_mut());
        Self(bytes)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_ref()
    }

    #[cfg(test)]
    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for Inhoudssleutel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inhoudssleutel(***)")
    }
}

/// A wrap that does not open under this key.
#[derive(Debug, thiserror::Error)]
pub(super) enum Wrapfout {
    #[error("the wrapped key is malformed")]
    Vorm,
    #[error("the wrapped key does not open")]
    Sleutel(#[source] ErrorStack),
    #[error("the ephemeral key cannot be used")]
    Epk(#[from] Sleutelfout),
    #[error("the cryptographic library failed")]
    Openssl(#[from] ErrorStack),
}

/// Wraps for a recipient's public key, under an ephemeral key of its own.
pub(super) fn inpakken(cek: &Inhoudssleutel, voor: &Jwk) -> Result<Sleutelwrap, Sleutelfout> {
    let kortstondig = EcKey::generate(&*p256()?)?;
    let epk = jwk_of(&kortstondig)?;
    let kek = wrapsleutel(&*PKey::from_ec_key(kortstondig)?, &*public_of(voor)?)?;
    let gewrapt = key_wrap(&kek, cek.as_bytes())?;
    Ok(Sleutelwrap {
        header: Wrapheader { kid: inbreng_proof::jwk::jwk_thumbprint(voor), epk },
        encrypted_key: URL_SAFE_NO_PAD.encode(gewrapt),
    })
}

/// Unwraps with an own private key.
pub(super) fn uitpakken(wrap: &Sleutelwrap, sleutel: &Zegelsleutel) -> Result<Inhoudssleutel, Wrapfout> {
    let gewrapt = URL_SAFE_NO_PAD.decode(&wrap.encrypted_key).ok().filter(|b| b.len() == 40).ok_or(Wrapfout::Vorm)?;
    let kek = wrapsleutel(sleutel.prive(), &*public_of(&wrap.header.epk)?)?;
    key_unwrap(&kek, &gewrapt).map_err(Wrapfout::Sleutel)
}

/// Diffie-Hellman and one round of the Concat KDF (NIST SP 800-56A §5.8.1, in the profile of RFC 7518 §4.6.2; empty
/// PartyUInfo and PartyVInfo). 256 bits are exactly one SHA-256.
fn wrapsleutel(eigen: &PKeyRef<Private>, ander: &PKeyRef<Public>) -> Result<Zeroizing<[u8; 32]>, ErrorStack> {
    let mut deriver = Deriver::new(eigen)?;
    deriver.set_peer(ander)?;
    let mut z = Zeroizing::new([0u8; 32]);
    deriver.derive(z.as_mut())?;
    Ok(concat_kdf(z.as_ref(), ALG))
}

fn concat_kdf(z: &[u8], algorithm: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut hash = Sha256::new();
    hash.update(&1u32.to_be_bytes());
    hash.update(z);
    hash.update(&u32::try_from(algorithm.len()).unwrap_or(u32::MAX).to_be_bytes());
    hash.update(algorithm);
    hash.update(&0u32.to_be_bytes());
    hash.update(&0u32.to_be_bytes());
    hash.update(&256u32.to_be_bytes());
    Zeroizing::new(hash.finish())
}

/// AES Key Wrap (RFC 3394) of 32 bytes.
fn key_wrap(kek: &[u8; 32], cek: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let mut ctx = CipherCtx::new()?;
    ctx.set_flags(CipherCtxFlags::FLAG_WRAP_ALLOW);
    ctx.encrypt_init(Some(Cipher::aes_256_wrap()), Some(kek), None)?;
    let mut out = Vec::with_capacity(cek.len() + 16);
    ctx.cipher_update_vec(cek, &mut out)?;
    ctx.cipher_final_vec(&mut out)?;
    Ok(out)
}

fn key_unwrap(kek: &[u8; 32], gewrapt: &[u8]) -> Result<Inhoudssleutel, ErrorStack> {
    let mut ctx = CipherCtx::new()?;
    ctx.set_flags(CipherCtxFlags::FLAG_WRAP_ALLOW);
    ctx.decrypt_init(Some(Cipher::aes_256_wrap()), Some(kek), None)?;
    // Room for a block more than the 32 bytes, as OpenSSL's update asks.
    let mut out = Zeroizing::new(Vec::with_capacity(gewrapt.len() + 16));
    ctx.cipher_update_vec(gewrapt, &mut out)?;
    ctx.cipher_final_vec(&mut out)?;
    let mut cek = Zeroizing::new([0u8; 32]);
    if out.len() != cek.len() {
        return Err(ErrorStack::get());
    }
    cek.copy_from_slice(&out);
    Ok(Inhoudssleutel(cek))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
    }

    #[test]
    fn key_wrap_vector_of_rfc_3394() {
        // RFC 3394 §4.6: 256 bits of key data with a 256-bit KEK.
        let kek: [u8; 32] = hex("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F").try_into().unwrap();
        let data: [u8; 32] = hex("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F").try_into().unwrap();
        let expected = hex("28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21");
        assert_eq!(key_wrap(&kek, &data).unwrap(), expected);
        assert_eq!(key_unwrap(&kek, &expected).unwrap().as_bytes(), data);
    }

    #[test]
    fn a_wrap_opens_for_its_key_only() {
        let (een, ander) = (Zegelsleutel::generate().unwrap(), Zegelsleutel::generate().unwrap());
        let cek = Inhoudssleutel::from_bytes([7; 32]);
        let wrap = inpakken(&cek, een.jwk()).unwrap();
        assert_eq!(wrap.header.kid, een.kid());
        assert_eq!(uitpakken(&wrap, &een).unwrap().as_bytes(), cek.as_bytes());
        assert!(matches!(uitpakken(&wrap, &ander), Err(Wrapfout::Sleutel(_))));
    }

    #[test]
    fn every_wrap_has_its_own_ephemeral_key() {
        let sleutel = Zegelsleutel::generate().unwrap();
        let cek = Inhoudssleutel::from_bytes([7; 32]);
        assert_ne!(inpakken(&cek, sleutel.jwk()).unwrap(), inpakken(&cek, sleutel.jwk()).unwrap());
    }

    #[test]
    fn every_flipped_bit_of_a_wrap_is_found() {
        let sleutel = Zegelsleutel::generate().unwrap();
        let wrap = inpakken(&Inhoudssleutel::from_bytes([7; 32]), sleutel.jwk()).unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(&wrap.encrypted_key).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut anders = bytes.clone();
            anders[bit / 8] ^= 1 << (bit % 8);
            let anders = Sleutelwrap { encrypted_key: URL_SAFE_NO_PAD.encode(anders), ..wrap.clone() };
            assert!(uitpakken(&anders, &sleutel).is_err(), "bit {bit}");
        }
    }
}
