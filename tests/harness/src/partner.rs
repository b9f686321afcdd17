//! A partner with all its keys, as its own folder of the PKI holds them.

use inbreng_adapter::sealing::Zegelsleutel;
use inbreng_certs::{Partnermap, Pki};
use inbreng_domain::{Code, Oin};
use inbreng_proof::{SigningKey, VerifyingKey};

/// A partner.
#[derive(Debug, Clone)]
pub struct Partner {
    /// Its number.
    pub oin: Oin,
    /// Its signing key.
    pub sleutel: SigningKey,
    /// Its newest encryption key.
    pub zegel: Zegelsleutel,
    /// Its folder.
    pub map: Partnermap,
}

impl Partner {
    pub(crate) fn lezen(pki: &Pki, slug: &Code) -> Self {
        let map = pki.partnermap(slug).unwrap();
        let zegel = std::fs::read(map.verzegeling_key(pki.sleutelnummer(slug).unwrap())).unwrap();
        Self {
            oin: Oin::parse(std::fs::read_to_string(map.oin()).unwrap().trim()).unwrap(),
            sleutel: pki.ondertekensleutel(slug).unwrap(),
            zegel: Zegelsleutel::from_pem(&zegel).unwrap(),
            map,
        }
    }

    /// What others verify its signatures with.
    pub fn publiek(&self) -> &VerifyingKey {
        self.sleutel.verifying_key()
    }
}
