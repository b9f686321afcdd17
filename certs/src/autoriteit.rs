//! Root and intermediate.

use std::path::Path;

use inbreng_domain::Tijdstip;
use openssl::{
    hash::MessageDigest,
    pkey::{PKey, Private},
    x509::{
        X509,
        extension::{AuthorityKeyIdentifier, BasicConstraints, KeyUsage, SubjectKeyIdentifier},
    },
};
use time::Duration;

use crate::{
    PkiFout,
    bestanden::{self, Leesbaar},
    uitgifte::{beginnen, naam, nieuwe_sleutel},
};

const ROOT_JAREN: i64 = 10;
const TUSSEN_JAREN: i64 = 5;

/// An authority: what it signs with, and the certificate that says so.
pub(crate) struct Autoriteit {
    pub(crate) certificaat: X509,
    pub(crate) sleutel: PKey<Private>,
}

impl std::fmt::Debug for Autoriteit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Autoriteit").finish_non_exhaustive()
    }
}

impl Autoriteit {
    /// A root that signs itself, of this PKI.
    pub(crate) fn root(pki: &str, nu: Tijdstip) -> Result<Self, PkiFout> {
        Self::maken((pki, "root"), None, nu, ROOT_JAREN)
    }

    /// An intermediate under a root; it signs leaves only.
    pub(crate) fn tussen(pki: &str, root: &Self, nu: Tijdstip) -> Result<Self, PkiFout> {
        Self::maken((pki, "tussen"), Some(root), nu, TUSSEN_JAREN)
    }

    fn maken((pki, rol): (&str, &str), boven: Option<&Self>, nu: Tijdstip, jaren: i64) -> Result<Self, PkiFout> {
        let sleutel = nieuwe_sleutel()?;
        let subject = naam(pki, &format!("{pki} - {rol}"), None)?;
        let tot = nu.plus(Duration::days(jaren * 365));
        let (mut bouw, _) = beginnen(&subject, &sleutel, nu, tot)?;
        bouw.set_issuer_name(boven.map_or(&*subject, |b| b.certificaat.subject_name()))?;
        let mut grens = BasicConstraints::new();
        grens.critical().ca();
        if boven.is_some() {
            grens.pathlen(0);
        }
        bouw.append_extension(grens.build()?)?;
        bouw.append_extension(KeyUsage::new().critical().key_cert_sign().crl_sign().build()?)?;
        let ski = SubjectKeyIdentifier::new().build(&bouw.x509v3_context(None, None))?;
        bouw.append_extension(ski)?;
        if let Some(b) = boven {
            let aki = AuthorityKeyIdentifier::new().keyid(true).build(&bouw.x509v3_context(Some(&b.certificaat), None))?;
            bouw.append_extension(aki)?;
        }
        bouw.sign(boven.map_or(&sleutel, |b| &b.sleutel), MessageDigest::sha256())?;
        Ok(Self { certificaat: bouw.build(), sleutel })
    }

    pub(crate) fn lezen(dir: &Path, pem: &str, key: &str) -> Result<Self, PkiFout> {
        Ok(Self {
            certificaat: X509::from_pem(bestanden::lezen(&dir.join(pem))?.as_bytes())?,
            sleutel: PKey::private_key_from_pem(bestanden::lezen(&dir.join(key))?.as_bytes())?,
        })
    }

    pub(crate) fn schrijven(&self, dir: &Path, pem: &str, key: &str) -> Result<(), PkiFout> {
        bestanden::schrijven(&dir.join(pem), &self.certificaat.to_pem()?, Leesbaar::Ieder)?;
        bestanden::schrijven(&dir.join(key), &self.sleutel.private_key_to_pem_pkcs8()?, Leesbaar::Eigenaar)
    }
}
