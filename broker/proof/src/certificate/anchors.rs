//! What is trusted: roots, intermediates, and the revocation lists of both.

use std::time::Duration;

use inbreng_domain::{Oin, Tijdstip};
use rustls_pki_types::{
    CertificateDer, CertificateRevocationListDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime, pem::PemObject,
};
use webpki::{
    CertRevocationList, EndEntityCert, ExpirationPolicy, ExtendedKeyUsageValidator, KeyPurposeIdIter, OwnedCertRevocationList,
    RevocationCheckDepth, RevocationOptionsBuilder, UnknownStatusPolicy, anchor_from_trusted_cert, aws_lc_rs as algorithm,
};
use x509_parser::prelude::{CertificateRevocationList, FromDer, X509Certificate};

use super::{CertificateError, SigningCertificate, fields};
use crate::jws::{KeyError, VerifyingKey};

/// What an authority may sign certificates and lists with. A partner's own key is P-256, always; an authority above it may
/// be older than this project (PKIoverheid signs with RSA).
const ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    algorithm::ECDSA_P256_SHA256,
    algorithm::ECDSA_P384_SHA384,
    algorithm::RSA_PKCS1_2048_8192_SHA256,
    algorithm::RSA_PKCS1_2048_8192_SHA384,
    algorithm::RSA_PKCS1_2048_8192_SHA512,
];

/// Roots, intermediates and revocation lists. Immutable: a new list makes a new value.
#[derive(Debug)]
pub struct Anchors {
    roots: Vec<TrustAnchor<'static>>,
    intermediates: Vec<CertificateDer<'static>>,
    crls: Vec<Crl>,
}

#[derive(Debug)]
struct Crl {
    list: CertRevocationList<'static>,
    next_update: Option<Tijdstip>,
}

impl Anchors {
    /// Reads PEM texts. `intermediates` may be empty; every list must be signed by one of the authorities given.
    ///
    /// # Errors
    /// [`CertificateError`] when a text cannot be read, there is no root or no list, or a list is not signed by one of them.
    pub fn from_pem(roots: &str, intermediates: &str, crls: &str) -> Result<Self, CertificateError> {
        let root_certificates = certificates(roots)?;
        let intermediates = certificates(intermediates)?;
        let roots = root_certificates
            .iter()
            .map(|der| Ok(anchor_from_trusted_cert(der)?.to_owned()))
            .collect::<Result<Vec<_>, CertificateError>>()?;
        if roots.is_empty() {
            return Err(CertificateError::NoRoot);
        }
        let mut lists = Vec::new();
        for der in CertificateRevocationListDer::pem_slice_iter(crls.as_bytes()) {
            let der = der.map_err(|_| CertificateError::Pem)?;
            lists.push(crl(&der, root_certificates.iter().chain(&intermediates))?);
        }
        if lists.is_empty() {
            return Err(CertificateError::NoCrl);
        }
        Ok(Self { roots, intermediates, crls: lists })
    }

    /// Judges a chain (leaf first) at an instant: path to a root, validity, revocation of every link with lists that have
    /// not expired, `digitalSignature`, no TLS, P-256, OIN.
    ///
    /// # Errors
    /// [`CertificateError`], whichever fails first.
    pub fn signing_certificate(&self, chain_der: &[Vec<u8>], at: Tijdstip) -> Result<SigningCertificate, CertificateError> {
        let (leaf, above) = chain_der.split_first().ok_or(CertificateError::Empty)?;
        let certificate = fields::parse(leaf)?;
        self.check_path(leaf, above, at, Revocation::Enforced)?;
        let key = signing_key(leaf, &certificate)?;
        Ok(SigningCertificate {
            oin: fields::oin(&certificate)?,
            naam: fields::naam(&certificate),
            thumbprint: key.kid().to_owned(),
            key,
            geldig_vanaf: fields::instant(certificate.validity().not_before),
            geldig_tot: fields::instant(certificate.validity().not_after),
            serial: certificate.raw_serial().iter().map(|b| format!("{b:02x}")).collect(),
        })
    }

    /// To whom a chain (leaf first) was issued for signing, whatever became of it since: path to a root when it began, but
    /// neither its end nor revocation. For what only takes away from its holder.
    ///
    /// # Errors
    /// [`CertificateError`], whichever fails first.
    pub fn issued_to(&self, chain_der: &[Vec<u8>]) -> Result<(Oin, VerifyingKey), CertificateError> {
        let (leaf, above) = chain_der.split_first().ok_or(CertificateError::Empty)?;
        let certificate = fields::parse(leaf)?;
        self.check_path(leaf, above, fields::instant(certificate.validity().not_before), Revocation::Ignored)?;
        Ok((fields::oin(&certificate)?, signing_key(leaf, &certificate)?))
    }

    /// Whether a certificate (any use), or a known authority above it, is on the list of its issuer. True as well when no
    /// list of its issuer is known or it cannot be read: what cannot be known is not trusted. Does not look at a list's age;
    /// see [`Anchors::check_revocation`].
    #[must_use]
    pub fn is_revoked(&self, der: &[u8]) -> bool {
        self.revocation(der, None, self.intermediates.len()).is_err()
    }

    /// As [`Anchors::is_revoked`], and refuses a list that has expired at this instant. Cheap enough for every request on a
    /// connection that stays open.
    ///
    /// # Errors
    /// [`CertificateError::Revoked`], [`CertificateError::CrlExpired`], [`CertificateError::CrlMissing`] or
    /// [`CertificateError::Malformed`].
    pub fn check_revocation(&self, der: &[u8], at: Tijdstip) -> Result<(), CertificateError> {
        self.revocation(der, Some(at), self.intermediates.len())
    }

    /// `left` ends a circle of authorities that name each other.
    fn revocation(&self, der: &[u8], at: Option<Tijdstip>, left: usize) -> Result<(), CertificateError> {
        let der = CertificateDer::from(der);
        let certificate = EndEntityCert::try_from(&der).map_err(|_| CertificateError::Malformed)?;
        let of_issuer = self.crls.iter().find(|crl| crl.list.issuer() == certificate.issuer());
        let crl = of_issuer.ok_or(CertificateError::CrlMissing)?;
        if crl.list.find_serial(certificate.serial())?.is_some() {
            return Err(CertificateError::Revoked);
        }
        if at.is_some_and(|at| crl.next_update.is_none_or(|until| at > until)) {
            return Err(CertificateError::CrlExpired);
        }
        let Some(left) = left.checked_sub(1) else { return Ok(()) };
        for above in &self.intermediates {
            if EndEntityCert::try_from(above).is_ok_and(|c| c.subject() == certificate.issuer()) {
                self.revocation(above, at, left)?;
            }
        }
        Ok(())
    }

    fn check_path(&self, leaf: &[u8], above: &[Vec<u8>], at: Tijdstip, revocation: Revocation) -> Result<(), CertificateError> {
        let leaf = CertificateDer::from(leaf);
        let leaf = EndEntityCert::try_from(&leaf).map_err(|_| CertificateError::Malformed)?;
        let above: Vec<_> =
            above.iter().map(|der| CertificateDer::from(der.as_slice())).chain(self.intermediates.iter().cloned()).collect();
        let lists: Vec<_> = self.crls.iter().map(|crl| &crl.list).collect();
        let options = RevocationOptionsBuilder::new(&lists)
            .map_err(|_| CertificateError::NoCrl)?
            .with_depth(RevocationCheckDepth::Chain)
            .with_status_policy(UnknownStatusPolicy::Deny)
            .with_expiration_policy(ExpirationPolicy::Enforce)
            .build();
        let revocation = match revocation {
            Revocation::Enforced => Some(options),
            Revocation::Ignored => None,
        };
        let seconds = u64::try_from(at.unix_millis().div_euclid(1000)).map_err(|_| CertificateError::NotYetValid)?;
        let at = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        leaf.verify_for_usage(ALGORITHMS, &self.roots, &above, at, AnyUsage, revocation, None)?;
        Ok(())
    }
}

/// Whether the lists are asked.
#[derive(Debug, Clone, Copy)]
enum Revocation {
    Enforced,
    Ignored,
}

/// The key of a certificate for signing.
fn signing_key(leaf: &[u8], certificate: &X509Certificate<'_>) -> Result<VerifyingKey, CertificateError> {
    if !fields::is_for_signing(certificate) {
        return Err(CertificateError::Usage);
    }
    VerifyingKey::from_certificate_der(leaf).map_err(|e| match e {
        KeyError::Certificate(e) => e,
        _ => CertificateError::Key,
    })
}

/// The path is built without regard to extended usage: an authority may name uses that its leaves do not. The leaf's own
/// uses are judged by [`fields::is_for_signing`].
struct AnyUsage;

impl ExtendedKeyUsageValidator for AnyUsage {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        Ok(())
    }
}

fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
    CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().map_err(|_| CertificateError::Pem)
}

/// Reads a list and verifies its signature now, so that a forged one can neither revoke nor clear.
fn crl<'a>(der: &[u8], mut authorities: impl Iterator<Item = &'a CertificateDer<'static>>) -> Result<Crl, CertificateError> {
    let (rest, read) = CertificateRevocationList::from_der(der).map_err(|_| CertificateError::Crl)?;
    let signed = rest.is_empty() && authorities.any(|authority| is_signed_by(&read, authority).unwrap_or(false));
    if !signed {
        return Err(CertificateError::Crl);
    }
    Ok(Crl {
        list: OwnedCertRevocationList::from_der(der).map_err(|_| CertificateError::Crl)?.into(),
        next_update: read.next_update().map(fields::instant),
    })
}

fn is_signed_by(crl: &CertificateRevocationList<'_>, authority: &[u8]) -> Result<bool, CertificateError> {
    let authority = fields::parse(authority)?;
    if authority.subject().as_raw() != crl.issuer().as_raw() {
        return Ok(false);
    }
    let key = authority.public_key();
    let point = key.subject_public_key.data.as_ref();
    Ok(ALGORITHMS.iter().any(|algorithm| {
        algorithm.verify_signature(point, crl.tbs_cert_list.as_ref(), crl.signature_value.data.as_ref()).is_ok()
    }))
}
