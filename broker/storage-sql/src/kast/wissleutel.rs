//! An erasure key: what it seals at rest opens with it alone, and with nothing once it is destroyed.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use inbreng_domain::{DeelId, Oin};
use inbreng_proof::encoding;
use inbreng_storage::{StoreError, StoreResult};

/// Bytes of a key.
pub(crate) const LENGTE: usize = 32;

/// A key and its place in the key store.
#[derive(Clone, Copy)]
pub(crate) struct Wissleutel {
    pub(crate) plaats: i64,
    geheim: [u8; LENGTE],
}

/// Without what opens.
impl fmt::Debug for Wissleutel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wissleutel").field("plaats", &self.plaats).finish_non_exhaustive()
    }
}

impl Wissleutel {
    pub(crate) const fn new(plaats: i64, geheim: [u8; LENGTE]) -> Self {
        Self { plaats, geheim }
    }

    /// Seals a wrap for one recipient: base64url of nonce, ciphertext and tag.
    pub(crate) fn verzegelen(&self, deel: DeelId, ontvanger: Oin, wrap: &str) -> StoreResult<String> {
        let niet = |_| StoreError::Conflict { what: "a wrap that cannot be sealed" };
        let sleutel = RandomizedNonceKey::new(&AES_256_GCM, &self.geheim).map_err(niet)?;
        let mut bytes = wrap.as_bytes().to_vec();
        let nonce = sleutel.seal_in_place_append_tag(bij(deel, ontvanger), &mut bytes).map_err(niet)?;
        let nonce: &[u8; NONCE_LEN] = nonce.as_ref();
        Ok(encoding::encode(&[nonce.as_slice(), &bytes].concat()))
    }

    /// Opens what [`Self::verzegelen`] gave; nothing where the key, the part or the recipient is another.
    pub(crate) fn openen(&self, deel: DeelId, ontvanger: Oin, tekst: &str) -> Option<String> {
        let sleutel = RandomizedNonceKey::new(&AES_256_GCM, &self.geheim).ok()?;
        let bytes = encoding::decode(tekst).ok()?;
        let (nonce, dicht) = bytes.split_at_checked(NONCE_LEN)?;
        let mut dicht = dicht.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let open = sleutel.open_in_place(nonce, bij(deel, ontvanger), &mut dicht).ok()?;
        String::from_utf8(open.to_vec()).ok()
    }
}

/// A wrap that was moved to another part or recipient opens for nobody.
fn bij(deel: DeelId, ontvanger: Oin) -> Aad<String> {
    Aad::from(format!("{deel} {ontvanger}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_with_its_key_for_its_part_and_recipient_alone() {
        let oin = |n: u32| Oin::parse(&format!("{n:020}")).unwrap();
        let deel = |n: u8| DeelId::parse(&format!("01900000-0000-7000-8000-0000000000{n:02}")).unwrap();
        let sleutel = Wissleutel::new(1, [7; LENGTE]);
        let dicht = sleutel.verzegelen(deel(1), oin(1), "wrap").unwrap();
        assert_ne!(dicht, sleutel.verzegelen(deel(1), oin(1), "wrap").unwrap(), "a nonce of its own each time");
        assert!(!dicht.contains("wrap"));
        assert_eq!(sleutel.openen(deel(1), oin(1), &dicht).as_deref(), Some("wrap"));
        assert_eq!(sleutel.openen(deel(2), oin(1), &dicht), None);
        assert_eq!(sleutel.openen(deel(1), oin(2), &dicht), None);
        assert_eq!(Wissleutel::new(1, [8; LENGTE]).openen(deel(1), oin(1), &dicht), None);
        for kapot in ["", "AAAA", "wrap", &dicht[..dicht.len() - 4]] {
            assert_eq!(sleutel.openen(deel(1), oin(1), kapot), None);
        }
        assert!(!format!("{sleutel:?}").contains('['), "{sleutel:?}");
    }
}
