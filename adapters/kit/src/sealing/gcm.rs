//! A256GCM (RFC 7518 §5.3), in place, so that no copy of a plaintext stays behind.

use openssl::{cipher::Cipher, cipher_ctx::CipherCtx, error::ErrorStack};

use super::wrap::Inhoudssleutel;

pub(super) const IV: usize = 12;
pub(super) const TAG: usize = 16;

/// Encrypts in place; gives the tag.
pub(super) fn versleutelen(cek: &Inhoudssleutel, iv: &[u8; IV], aad: &[u8], tekst: &mut [u8]) -> Result<[u8; TAG], ErrorStack> {
    let mut ctx = CipherCtx::new()?;
    ctx.encrypt_init(Some(Cipher::aes_256_gcm()), Some(cek.as_bytes()), Some(iv))?;
    ctx.cipher_update(aad, None)?;
    let lengte = tekst.len();
    ctx.cipher_update_inplace(tekst, lengte)?;
    ctx.cipher_final(&mut [0; TAG])?;
    let mut tag = [0; TAG];
    ctx.tag(&mut tag)?;
    Ok(tag)
}

/// Decrypts in place. On an error the buffer holds nothing of use and must be dropped.
pub(super) fn ontsleutelen(
    cek: &Inhoudssleutel,
    iv: &[u8; IV],
    aad: &[u8],
    tekst: &mut [u8],
    tag: &[u8; TAG],
) -> Result<(), ErrorStack> {
    let mut ctx = CipherCtx::new()?;
    ctx.decrypt_init(Some(Cipher::aes_256_gcm()), Some(cek.as_bytes()), Some(iv))?;
    ctx.set_tag(tag)?;
    ctx.cipher_update(aad, None)?;
    let lengte = tekst.len();
    ctx.cipher_update_inplace(tekst, lengte)?;
    ctx.cipher_final(&mut [0; TAG])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_bit_is_found() {
        let cek = Inhoudssleutel::from_bytes([9; 32]);
        let mut tekst = b"vaste tekst".to_vec();
        let tag = versleutelen(&cek, &[1; IV], b"aad", &mut tekst).unwrap();
        let open = |tekst: &[u8], tag: &[u8; TAG], aad: &[u8]| {
            let mut buffer = tekst.to_vec();
            ontsleutelen(&cek, &[1; IV], aad, &mut buffer, tag).map(|()| buffer)
        };
        assert_eq!(open(&tekst, &tag, b"aad").unwrap(), b"vaste tekst");
        assert!(open(&tekst, &tag, b"aaD").is_err());
        for bit in 0..tekst.len() * 8 {
            let mut anders = tekst.clone();
            anders[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&anders, &tag, b"aad").is_err());
        }
        for bit in 0..TAG * 8 {
            let mut anders = tag;
            anders[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&tekst, &anders, b"aad").is_err());
        }
    }
}
