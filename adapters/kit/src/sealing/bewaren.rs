//! What must wait here before it can be sealed is kept encrypted under the own key: no plaintext ever rests on disk.

use inbreng_domain::{Randomness, jwe::Jwk, jwe::Sleutelwrap};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    Klaretekst, Zegelfout, Zegelsleutel, gcm,
    wrap::{self, Inhoudssleutel},
};

/// Binds a kept text to this use.
const AAD: &[u8] = b"inbreng-bewaard-v1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bewaard {
    wrap: Sleutelwrap,
    iv: String,
    tekst: String,
    tag: String,
}

/// A kept text that does not open with one of the own keys.
#[derive(Debug, thiserror::Error)]
#[error("a kept text does not open with the own keys")]
pub struct Bewaarfout;

/// Encrypts for ourselves.
///
/// # Errors
/// [`Zegelfout`] when the cryptographic library fails.
pub fn bewaren(tekst: &[u8], eigen: &Jwk, random: &dyn Randomness) -> Result<String, Zegelfout> {
    let cek = Inhoudssleutel::mint(random);
    let mut iv = [0; gcm::IV];
    random.fill(&mut iv);
    let mut buffer = Zeroizing::new(tekst.to_vec());
    let tag = gcm::versleutelen(&cek, &iv, AAD, &mut buffer)?;
    let bewaard = Bewaard {
        wrap: wrap::inpakken(&cek, eigen)?,
        iv: URL_SAFE_NO_PAD.encode(iv),
        tekst: URL_SAFE_NO_PAD.encode(buffer.as_slice()),
        tag: URL_SAFE_NO_PAD.encode(tag),
    };
    Ok(inbreng_proof::canonical_string(&bewaard)?)
}

/// Opens what [`bewaren`] made.
///
/// # Errors
/// [`Bewaarfout`].
pub fn terughalen(bewaard: &str, sleutels: &[Zegelsleutel]) -> Result<Klaretekst, Bewaarfout> {
    let bewaard: Bewaard = serde_json::from_str(bewaard).map_err(|_| Bewaarfout)?;
    let sleutel = sleutels.iter().find(|s| s.kid() == bewaard.wrap.header.kid).ok_or(Bewaarfout)?;
    let cek = wrap::uitpakken(&bewaard.wrap, sleutel).map_err(|_| Bewaarfout)?;
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| Bewaarfout);
    let iv: [u8; gcm::IV] = bytes(&bewaard.iv)?.try_into().map_err(|_| Bewaarfout)?;
    let tag: [u8; gcm::TAG] = bytes(&bewaard.tag)?.try_into().map_err(|_| Bewaarfout)?;
    let mut tekst = Zeroizing::new(bytes(&bewaard.tekst)?);
    gcm::ontsleutelen(&cek, &iv, AAD, &mut tekst, &tag).map_err(|_| Bewaarfout)?;
    Ok(Klaretekst::new(tekst))
}

#[cfg(test)]
mod tests {
    use inbreng_proof::SystemRandomness;

    use super::*;

    #[test]
    fn only_we_read_what_we_kept() {
        let (wij, ander) = (Zegelsleutel::generate().unwrap(), Zegelsleutel::generate().unwrap());
        let bewaard = bewaren(b"{\"naam\":\"Testpersoon Appel\"}", wij.jwk(), &SystemRandomness).unwrap();
        assert!(!bewaard.contains("Appel"));
        assert_eq!(terughalen(&bewaard, std::slice::from_ref(&wij)).unwrap().as_bytes(), b"{\"naam\":\"Testpersoon Appel\"}");
        assert!(terughalen(&bewaard, &[ander]).is_err());
        assert!(terughalen(&bewaard.replace("\"tag\":\"", "\"tag\":\"AA"), &[wij]).is_err());
    }
}
