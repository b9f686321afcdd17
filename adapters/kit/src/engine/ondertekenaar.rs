//! Which key a partner signed with: that of the certificate which the directory shows, or of an earlier one that was verified
//! here before. A reissued certificate takes nothing away that was signed under the one before, until that is revoked or expires.

use base64::{Engine, engine::general_purpose::STANDARD};
use inbreng_proof::{Partner, VerifyingKey, jws};

use super::{Omgeving, Werkfout};

/// The key that a signature of this partner names. Nothing where it names none that was ever verified here and still holds;
/// one that cannot be read gets the key of now, under which it does not hold.
pub(super) async fn sleutel(omgeving: &Omgeving, van: &Partner, handtekening: &str) -> Result<Option<VerifyingKey>, Werkfout> {
    let nu_geldend = &van.certificaat;
    let Ok(kid) = jws::unverified_kid(handtekening) else { return Ok(Some(nu_geldend.key.clone())) };
    if kid == nu_geldend.thumbprint {
        return Ok(Some(nu_geldend.key.clone()));
    }
    let oin = van.vermelding.oin;
    for certificaat in omgeving.opslag.ondertekenaars(oin).await? {
        let der = STANDARD.decode(certificaat).map_err(Werkfout::intern)?;
        match omgeving.boek.ondertekenaar(der, omgeving.clock.now()) {
            Ok(eerder) if eerder.thumbprint == kid && eerder.oin == oin => return Ok(Some(eerder.key)),
            Ok(_) => {}
            Err(fout) => tracing::debug!(%oin, reden = %fout, "eerder certificaat telt niet meer"),
        }
    }
    Ok(None)
}
