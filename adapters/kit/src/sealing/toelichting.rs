//! The explanation for another purpose (R28): sealed as a part is, for one recipient, bound to part, purpose and recipient.

use inbreng_domain::{DeelId, Randomness, jwe::Inhoud, limits::TOELICHTING_TEKENS, part::Toelichting};
use inbreng_proof::{jwe::check_epk, toelichting::toelichting_aad};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{
    Openfout, Voor, Zegelfout, Zegelsleutel,
    openen::ontsleutelen,
    verzegelen::versleutelen,
    wrap::{self, Inhoudssleutel},
};

/// Whether it says something, and no more than there is room for.
pub(crate) fn zegt_iets(toelichting: &Toelichting) -> bool {
    !toelichting.tekst.trim().is_empty() && toelichting.tekst.chars().count() <= TOELICHTING_TEKENS
}

/// Seals it for this recipient.
pub(super) fn verzegelen(
    toelichting: &Toelichting,
    deel: DeelId,
    voor: &Voor,
    random: &dyn Randomness,
) -> Result<Inhoud, Zegelfout> {
    let cek = Inhoudssleutel::mint(random);
    let tekst = Zeroizing::new(inbreng_proof::canonical(toelichting)?);
    let mut inhoud = versleutelen(toelichting_aad(deel, voor.doel, voor.oin)?, &tekst, &cek, random)?;
    inhoud.recipients.push(wrap::inpakken(&cek, &voor.sleutel)?);
    Ok(inhoud)
}

/// Opens it with the key that the statement names; form, binding and digest have been checked.
pub(super) fn openen(inhoud: &Inhoud, sleutel: &Zegelsleutel) -> Result<Toelichting, Openfout> {
    let [wrap] = inhoud.recipients.as_slice() else { return Err(Openfout::Wrap) };
    check_epk(wrap).map_err(|_| Openfout::Wrap)?;
    let cek = wrap::uitpakken(wrap, sleutel).map_err(|_| Openfout::Wrap)?;
    let waarde = ontsleutelen(inhoud, &cek)?.waarde().map_err(|_| Openfout::ToelichtingLeeg)?;
    let toelichting = Toelichting::deserialize(waarde).map_err(|_| Openfout::ToelichtingLeeg)?;
    if zegt_iets(&toelichting) { Ok(toelichting) } else { Err(Openfout::ToelichtingLeeg) }
}
