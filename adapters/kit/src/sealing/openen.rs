//! Opening a part: every proof first, then the key, then its commitment, and only then the text.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_domain::{
    Deel, Oin,
    jwe::{Inhoud, Sleutelwrap},
    part::{Deelbewijs, Toegangsverklaring, Toelichting},
    receipts::Weigeringscode,
};
use inbreng_proof::{
    JwsError, VerifyingKey,
    deel::{DeelError, is_gebonden, verify_deel},
    jwe::check_epk,
    toegang::{ToegangError, check_toegang, verify_toegang},
    toelichting::{ToelichtingError, check_toelichting},
};
use zeroize::Zeroizing;

use super::{
    Klaretekst, Zegelsleutel, aanvulling, gcm, toelichting,
    wrap::{self, Inhoudssleutel},
};

/// An opened part.
#[derive(Debug)]
pub struct Geopend {
    /// The content.
    pub inhoud: Klaretekst,
    /// What the owner allows.
    pub toegang: Toegangsverklaring,
    /// Why it is needed for another purpose than the part was sealed for, where the owner explained that (R28).
    pub toelichting: Option<Toelichting>,
}

/// Why a part is not opened.
#[derive(Debug, thiserror::Error)]
pub enum Openfout {
    /// The owner's proof does not fit labels, content or signature, or the content has not the one accepted form.
    #[error("the owner's proof does not hold")]
    Bewijs(#[source] DeelError),
    /// Not exactly one access statement for us.
    #[error("no access statement of the owner")]
    ToegangOntbreekt,
    /// An access statement that the owner did not sign.
    #[error("the access statement does not hold")]
    Toegang(#[from] JwsError),
    /// An access statement for another recipient, part, text or wrap.
    #[error("the access statement covers something else")]
    ToegangAnders(#[from] ToegangError),
    /// An explanation for another purpose that is not there, or not the one that the access statement names.
    #[error("the explanation is not the one that the access statement names")]
    ToelichtingAnders(#[from] ToelichtingError),
    /// An explanation that says nothing, or says it in another form.
    #[error("the explanation says nothing")]
    ToelichtingLeeg,
    /// No wrap for one of our keys, or it does not open.
    #[error("no wrap that one of the own keys opens")]
    Wrap,
    /// The key is not the one that the owner committed to.
    #[error("the key is not the committed one")]
    Sleutelbinding,
    /// The text was changed.
    #[error("the ciphertext does not open")]
    Ciphertext,
    /// The padding is not that of the smallest size class.
    #[error(transparent)]
    Aanvulling(#[from] super::Omvangfout),
}

impl Openfout {
    /// The code under which the delivery is refused.
    #[must_use]
    pub const fn weigeringscode(&self) -> Weigeringscode {
        match self {
            Self::Bewijs(_) => Weigeringscode::HandtekeningOngeldig,
            Self::ToegangOntbreekt | Self::Toegang(_) | Self::ToegangAnders(_) | Self::ToelichtingAnders(_) => {
                Weigeringscode::ToegangOntbreekt
            }
            Self::Wrap | Self::Sleutelbinding | Self::Ciphertext => Weigeringscode::NietTeOpenen,
            Self::Aanvulling(_) | Self::ToelichtingLeeg => Weigeringscode::InhoudOngeldig,
        }
    }
}

/// Verifies the owner's proof over labels and content, without opening anything.
///
/// # Errors
/// [`Openfout::Bewijs`].
pub fn bewijs_toetsen(deel: &Deel, eigenaar: &VerifyingKey) -> Result<Deelbewijs, Openfout> {
    verify_deel(deel, eigenaar).map_err(Openfout::Bewijs)
}

/// Opens a part for `ontvanger`, with the wrap and the access statement that came with it.
///
/// # Errors
/// [`Openfout`].
pub fn openen(deel: &Deel, ontvanger: Oin, sleutels: &[Zegelsleutel], eigenaar: &VerifyingKey) -> Result<Geopend, Openfout> {
    let mut eigen = deel.toegang.iter().filter(|t| t.oin == ontvanger);
    let (Some(toegang), None) = (eigen.next(), eigen.next()) else { return Err(Openfout::ToegangOntbreekt) };
    let wrap = passende(&deel.inhoud.recipients, sleutels)?;
    openen_met_wrap(deel, wrap, (&toegang.verklaring, toegang.toelichting.as_ref()), ontvanger, sleutels, eigenaar)
}

/// Opens a part with a wrap and an access statement (with its explanation, if any) that came apart from it (view-only).
///
/// # Errors
/// [`Openfout`].
pub fn openen_met_wrap(
    deel: &Deel,
    wrap: &Sleutelwrap,
    (toegang, uitleg): (&str, Option<&Inhoud>),
    ontvanger: Oin,
    sleutels: &[Zegelsleutel],
    eigenaar: &VerifyingKey,
) -> Result<Geopend, Openfout> {
    let proof = bewijs_toetsen(deel, eigenaar)?;
    let sleutel = sleutels.iter().find(|s| s.kid() == wrap.header.kid).ok_or(Openfout::Wrap)?;
    let toegang = verify_toegang(toegang, eigenaar)?;
    check_toegang(&toegang, deel, ontvanger, sleutel.kid(), wrap)?;
    check_toelichting(uitleg, &toegang, deel.labels.doel)?;
    let cek = gebonden_sleutel(&proof, wrap, sleutel)?;
    let inhoud = ontsleutelen(&deel.inhoud, &cek)?;
    let toelichting = uitleg.map(|uitleg| toelichting::openen(uitleg, sleutel)).transpose()?;
    Ok(Geopend { inhoud, toegang, toelichting })
}

/// The one wrap that names one of these keys.
pub(super) fn passende<'a>(wraps: &'a [Sleutelwrap], sleutels: &[Zegelsleutel]) -> Result<&'a Sleutelwrap, Openfout> {
    let mut eigen = wraps.iter().filter(|w| sleutels.iter().any(|s| s.kid() == w.header.kid));
    match (eigen.next(), eigen.next()) {
        (Some(wrap), None) => Ok(wrap),
        _ => Err(Openfout::Wrap),
    }
}

/// Unwraps, and refuses a key that the owner did not commit to.
pub(super) fn gebonden_sleutel(
    proof: &Deelbewijs,
    wrap: &Sleutelwrap,
    sleutel: &Zegelsleutel,
) -> Result<Inhoudssleutel, Openfout> {
    check_epk(wrap).map_err(|_| Openfout::Wrap)?;
    let cek = wrap::uitpakken(wrap, sleutel).map_err(|_| Openfout::Wrap)?;
    if is_gebonden(cek.as_bytes(), proof) { Ok(cek) } else { Err(Openfout::Sleutelbinding) }
}

/// Decrypts. The shape has been checked, so that iv and tag have their one length.
pub(super) fn ontsleutelen(inhoud: &Inhoud, cek: &Inhoudssleutel) -> Result<Klaretekst, Openfout> {
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| Openfout::Ciphertext);
    let iv: [u8; gcm::IV] = bytes(&inhoud.iv)?.try_into().map_err(|_| Openfout::Ciphertext)?;
    let tag: [u8; gcm::TAG] = bytes(&inhoud.tag)?.try_into().map_err(|_| Openfout::Ciphertext)?;
    let mut tekst = Zeroizing::new(bytes(&inhoud.ciphertext)?);
    let aad = format!("{}.{}", inhoud.protected, inhoud.aad);
    gcm::ontsleutelen(cek, &iv, aad.as_bytes(), &mut tekst, &tag).map_err(|_| Openfout::Ciphertext)?;
    let lengte = aanvulling::zonder_aanvulling(&tekst)?.len();
    tekst.truncate(lengte);
    Ok(Klaretekst::new(tekst))
}
