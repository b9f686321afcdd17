//! Where a recipient was in its mailbox, as it is handed out: sealed for that recipient, and fresh every time.
//!
//! The places count the deliveries of the whole hub, and would tell a partner how busy the others are. So they go out
//! encrypted, always equally long, and never twice the same. The key lives as long as this process: a place that cannot be
//! opened counts as the beginning, which costs a recipient that it is shown again what it knows by its number.

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_domain::{Oin, Randomness, problem::ProblemCode};
use inbreng_storage::Postvakplek;

use crate::Fout;

/// Two numbers of eight bytes.
const LENGTE: usize = 16;

/// Seals and opens places.
pub(crate) struct Plekken {
    sleutel: LessSafeKey,
    random: Arc<dyn Randomness>,
}

impl std::fmt::Debug for Plekken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plekken").finish_non_exhaustive()
    }
}

impl Plekken {
    /// With a key of its own.
    pub(crate) fn new(random: Arc<dyn Randomness>) -> Result<Self, Fout> {
        let mut bytes = [0; 32];
        random.fill(&mut bytes);
        let sleutel = UnboundKey::new(&AES_256_GCM, &bytes).map_err(intern)?;
        Ok(Self { sleutel: LessSafeKey::new(sleutel), random })
    }

    /// For this recipient alone.
    pub(crate) fn verzegelen(&self, ontvanger: Oin, plek: Postvakplek) -> Result<String, Fout> {
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce);
        let mut bytes = [plek.acuut.to_be_bytes(), plek.normaal.to_be_bytes()].concat();
        let aad = Aad::from(ontvanger.to_string());
        self.sleutel.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut bytes).map_err(intern)?;
        Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &bytes].concat()))
    }

    /// The place, or the beginning where this is not one that we handed to this recipient.
    pub(crate) fn openen(&self, ontvanger: Oin, tekst: &str) -> Postvakplek {
        self.gelezen(ontvanger, tekst).unwrap_or_default()
    }

    fn gelezen(&self, ontvanger: Oin, tekst: &str) -> Option<Postvakplek> {
        let bytes = URL_SAFE_NO_PAD.decode(tekst).ok()?;
        let (nonce, rest) = bytes.split_first_chunk::<NONCE_LEN>()?;
        let mut rest = rest.to_vec();
        let aad = Aad::from(ontvanger.to_string());
        let klaar = self.sleutel.open_in_place(Nonce::assume_unique_for_key(*nonce), aad, &mut rest).ok()?;
        let klaar: &[u8; LENGTE] = (&*klaar).try_into().ok()?;
        let (acuut, normaal) = klaar.split_first_chunk::<8>()?;
        Some(Postvakplek { acuut: i64::from_be_bytes(*acuut), normaal: i64::from_be_bytes(normaal.try_into().ok()?) })
    }
}

fn intern(fout: aws_lc_rs::error::Unspecified) -> Fout {
    Fout::new(ProblemCode::InterneFout).door(fout)
}

#[cfg(test)]
mod tests {
    use inbreng_domain::randomness::SeededRandomness;

    use super::*;

    fn oin(n: u32) -> Oin {
        Oin::parse(&format!("0000000100000000{n:04}")).unwrap()
    }

    #[test]
    fn a_place_is_opened_by_whom_it_was_given_to_and_says_nothing() {
        let plekken = Plekken::new(Arc::new(SeededRandomness::new(1))).unwrap();
        let plek = Postvakplek { acuut: 7, normaal: i64::MAX };
        let een = plekken.verzegelen(oin(1), plek).unwrap();
        let twee = plekken.verzegelen(oin(1), plek).unwrap();
        assert_ne!(een, twee);
        assert_eq!((een.len(), plekken.verzegelen(oin(1), Postvakplek::default()).unwrap().len()), (twee.len(), twee.len()));
        assert_eq!(plekken.openen(oin(1), &een), plek);
        assert_eq!(plekken.openen(oin(1), &twee), plek);
        // Another's, another process's, a broken one and none at all are the beginning.
        let ander = Plekken::new(Arc::new(SeededRandomness::new(2))).unwrap();
        let mut kapot = een.clone();
        kapot.replace_range(30..31, if &een[30..31] == "A" { "B" } else { "A" });
        for begin in [
            plekken.openen(oin(2), &een),
            ander.openen(oin(1), &een),
            plekken.openen(oin(1), &kapot),
            plekken.openen(oin(1), "AAAA"),
            plekken.openen(oin(1), ""),
        ] {
            assert_eq!(begin, Postvakplek::default());
        }
    }
}
