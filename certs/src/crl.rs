//! Revocation lists of root and intermediate.

use inbreng_domain::Tijdstip;
use openssl::{
    asn1::Asn1Integer,
    bn::BigNum,
    hash::MessageDigest,
    x509::{
        X509, X509Crl, X509CrlBuilder, X509RevokedBuilder,
        extension::{AuthorityKeyIdentifier, CrlNumber},
    },
};
use time::Duration;

use crate::{PkiFout, autoriteit::Autoriteit, register::Certificaatregel, uitgifte::tijd};

/// Days that a list is valid unless asked otherwise.
pub const CRL_DAGEN: u32 = 30;

/// How long before now a list counts, for clocks that run behind.
const VOORSPRONG: Duration = Duration::hours(1);

/// A signed list of what this authority issued and took back. `tot` may lie in the past: then the list has expired.
pub(crate) fn lijst<'a>(
    autoriteit: &Autoriteit,
    nummer: u32,
    ingetrokken: impl Iterator<Item = &'a Certificaatregel>,
    nu: Tijdstip,
    tot: Tijdstip,
) -> Result<X509Crl, PkiFout> {
    let mut bouw = X509CrlBuilder::new()?;
    bouw.set_issuer_name(autoriteit.certificaat.subject_name())?;
    let begin = nu.min(tot).plus(-VOORSPRONG);
    let (laatste, volgende) = (tijd(begin)?, tijd(tot)?);
    bouw.set_last_update(&laatste)?;
    bouw.set_next_update(&volgende)?;
    for regel in ingetrokken {
        let Some(op) = regel.ingetrokken_op else { continue };
        let mut teruggenomen = X509RevokedBuilder::new()?;
        let (serie, op) = (Asn1Integer::from_bn(&*BigNum::from_hex_str(&regel.serie)?)?, tijd(op)?);
        teruggenomen.set_serial_number(&serie)?;
        teruggenomen.set_revocation_date(&op)?;
        bouw.add_revoked(teruggenomen.build())?;
    }
    // The extension builder only takes its context from a certificate under construction.
    let aki =
        AuthorityKeyIdentifier::new().keyid(true).build(&X509::builder()?.x509v3_context(Some(&autoriteit.certificaat), None))?;
    bouw.append_extension(aki)?;
    bouw.append_extension(CrlNumber::new(BigNum::from_u32(nummer)?)?.build()?)?;
    bouw.sort()?;
    bouw.sign(&autoriteit.sleutel, MessageDigest::sha256())?;
    Ok(bouw.build()?)
}
