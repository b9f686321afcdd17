//! A further recipient for a part that was sealed before: the owner unwraps its own wrap and wraps the same key again.

use inbreng_domain::{Deel, Randomness, Toegang, jwe::Sleutelwrap, part::Toelichting};
use inbreng_proof::{SigningKey, VerifyingKey};

use super::{Klaretekst, Openfout, Voor, Zegelfout, Zegelsleutel, openen, toelichting, verzegelen::toegang_geven, wrap};

/// What goes to `POST /v1/delen/{id}/toegang`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Herwrapping {
    /// The wrap for the further recipient.
    pub wrap: Sleutelwrap,
    /// The owner's statement that goes with it.
    pub toegang: Toegang,
}

/// Why a part cannot be wrapped again.
#[derive(Debug, thiserror::Error)]
pub enum Herwrapfout {
    /// The own part does not open: it is not ours, or it was changed.
    #[error(transparent)]
    Openen(#[from] Openfout),
    /// The wrap or its statement could not be made.
    #[error(transparent)]
    Verzegelen(#[from] Zegelfout),
}

/// Wraps an own part's key for one more recipient. The proof is verified under the own key that it was signed with (`eigenaar`,
/// perhaps of a certificate that was replaced since), so that nobody gets a statement of ours for a part of another. Why it is needed
/// for another purpose (`uitleg`, R28) is sealed for that recipient, part and purpose, and named by the statement.
///
/// # Errors
/// [`Herwrapfout`].
pub fn herwrappen(
    deel: &Deel,
    voor: &Voor,
    sleutels: &[Zegelsleutel],
    eigenaar: &VerifyingKey,
    ondertekening: &SigningKey,
    uitleg: Option<(&Toelichting, &dyn Randomness)>,
) -> Result<Herwrapping, Herwrapfout> {
    let proof = openen::bewijs_toetsen(deel, eigenaar)?;
    let eigen = openen::passende(&deel.inhoud.recipients, sleutels)?;
    let sleutel = sleutels.iter().find(|s| s.kid() == eigen.header.kid).ok_or(Openfout::Wrap)?;
    let cek = openen::gebonden_sleutel(&proof, eigen, sleutel)?;
    let wrap = wrap::inpakken(&cek, &voor.sleutel).map_err(Zegelfout::from)?;
    let uitleg = uitleg.map(|(uitleg, random)| toelichting::verzegelen(uitleg, deel.labels.id, voor, random)).transpose()?;
    let toegang = toegang_geven(&deel.labels, &deel.inhoud, voor, &wrap, uitleg, ondertekening)?;
    Ok(Herwrapping { wrap, toegang })
}

/// Reads an own part back, with the owner's own wrap.
///
/// # Errors
/// [`Openfout`].
pub fn eigen_lezen(deel: &Deel, sleutels: &[Zegelsleutel], eigenaar: &VerifyingKey) -> Result<Klaretekst, Openfout> {
    let proof = openen::bewijs_toetsen(deel, eigenaar)?;
    let eigen = openen::passende(&deel.inhoud.recipients, sleutels)?;
    let sleutel = sleutels.iter().find(|s| s.kid() == eigen.header.kid).ok_or(Openfout::Wrap)?;
    let cek = openen::gebonden_sleutel(&proof, eigen, sleutel)?;
    openen::ontsleutelen(&deel.inhoud, &cek)
}
