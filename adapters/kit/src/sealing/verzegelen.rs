//! Sealing a part, once, for several recipients; and the owner's signatures on it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_domain::{
    BerichtId, Deel, Labels, Oin, Randomness, Tijdstip, Toegang,
    jwe::{Inhoud, Jwk, Sleutelwrap},
    part::Toegangsverklaring,
    vocabulary::{Doel, Gebruik, JaNee, Toegangswijze},
};
use inbreng_proof::{SigningKey, deel, jwe::PROTECTED, toegang::sign_toegang, toelichting::toelichting_digest};
use serde_json::Value;
use zeroize::Zeroizing;

use super::{
    Omvangfout, Sleutelfout, aanvulling, gcm,
    wrap::{self, Inhoudssleutel},
};

/// A recipient of a part, and what the owner allows it.
#[derive(Debug, Clone)]
pub struct Voor {
    /// The recipient.
    pub oin: Oin,
    /// Its encryption key, from its verified key statement.
    pub sleutel: Jwk,
    /// How the key comes.
    pub wijze: Toegangswijze,
    /// Purpose.
    pub doel: Doel,
    /// What is allowed beyond reading.
    pub gebruik: Vec<Gebruik>,
    /// Whether the owner names this recipient for a secret address.
    pub genoemd: JaNee,
    /// Until when it may be kept.
    pub bewaren_tot: Option<Tijdstip>,
    /// The request that it answers, where the part goes further than its message did.
    pub verzoek: Option<BerichtId>,
}

/// Why a part cannot be sealed.
#[derive(Debug, thiserror::Error)]
pub enum Zegelfout {
    /// The content is too large.
    #[error(transparent)]
    Omvang(#[from] Omvangfout),
    /// Labels or content have no RFC 8785 form.
    #[error("no canonical form")]
    Vorm(#[from] inbreng_proof::CanonicalError),
    /// A recipient's key cannot be used.
    #[error("a key cannot be used")]
    Sleutel(#[from] Sleutelfout),
    /// A signature could not be made.
    #[error("signing failed")]
    Handtekening(#[from] inbreng_proof::JwsError),
    /// OpenSSL failed.
    #[error("the cryptographic library failed")]
    Openssl(#[from] openssl::error::ErrorStack),
}

/// Seals `inhoud` under `labels` for the owner itself and everyone in `voor`, and signs proof and access statements with
/// the owner's signing key.
///
/// # Errors
/// [`Zegelfout`].
pub fn verzegelen(
    labels: Labels,
    inhoud: &Value,
    eigen: &Jwk,
    voor: &[Voor],
    ondertekening: &SigningKey,
    random: &dyn Randomness,
) -> Result<Deel, Zegelfout> {
    let cek = Inhoudssleutel::mint(random);
    let mut inhoud = versleutelen(deel::labels_aad(&labels)?, &Zeroizing::new(inbreng_proof::canonical(inhoud)?), &cek, random)?;
    let eigenaarsbewijs = deel::sign_deel(ondertekening, &labels, &inhoud, cek.as_bytes())?;
    // The owner's own wrap comes first and has no statement: nobody allows the owner anything.
    inhoud.recipients.push(wrap::inpakken(&cek, eigen)?);
    let mut toegang = Vec::with_capacity(voor.len());
    for ontvanger in voor {
        let wrap = wrap::inpakken(&cek, &ontvanger.sleutel)?;
        toegang.push(toegang_geven(&labels, &inhoud, ontvanger, &wrap, None, ondertekening)?);
        inhoud.recipients.push(wrap);
    }
    Ok(Deel { labels, inhoud, eigenaarsbewijs, toegang })
}

/// Encrypts the RFC 8785 form of a content, bound to this `aad`; the result has no recipients yet.
pub(super) fn versleutelen(
    aad: String,
    canoniek: &[u8],
    cek: &Inhoudssleutel,
    random: &dyn Randomness,
) -> Result<Inhoud, Zegelfout> {
    let mut tekst = Zeroizing::new(Vec::with_capacity(aanvulling::aangevuld(canoniek.len())?));
    tekst.extend_from_slice(canoniek);
    aanvulling::aanvullen(&mut tekst)?;
    let mut iv = [0; gcm::IV];
    random.fill(&mut iv);
    let tag = gcm::versleutelen(cek, &iv, format!("{PROTECTED}.{aad}").as_bytes(), &mut tekst)?;
    Ok(Inhoud {
        protected: PROTECTED.to_owned(),
        aad,
        iv: URL_SAFE_NO_PAD.encode(iv),
        ciphertext: URL_SAFE_NO_PAD.encode(tekst.as_slice()),
        tag: URL_SAFE_NO_PAD.encode(tag),
        recipients: Vec::new(),
    })
}

/// Signs the access statement that goes with one wrap, and with this explanation where there is one.
pub(super) fn toegang_geven(
    labels: &Labels,
    inhoud: &Inhoud,
    voor: &Voor,
    wrap: &Sleutelwrap,
    toelichting: Option<Inhoud>,
    ondertekening: &SigningKey,
) -> Result<Toegang, Zegelfout> {
    let verklaring = Toegangsverklaring {
        deel: labels.id,
        inhoud: deel::inhoud_digest(inhoud)?,
        ontvanger: voor.oin,
        sleutel: wrap.header.kid.clone(),
        wrap: deel::wrap_digest(wrap)?,
        wijze: voor.wijze,
        doel: voor.doel,
        gebruik: voor.gebruik.clone(),
        genoemd: voor.genoemd,
        bewaren_tot: voor.bewaren_tot,
        verzoek: voor.verzoek,
        toelichting: toelichting.as_ref().map(toelichting_digest).transpose()?,
    };
    Ok(Toegang { oin: voor.oin, verklaring: sign_toegang(ondertekening, &verklaring)?, toelichting })
}
