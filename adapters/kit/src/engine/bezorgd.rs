//! A delivery that the hub brought: the same way in as one that was fetched.

use super::{Omgeving, Werkfout, binnenkomst::Binnenkomst, postvak};

/// What became of what was brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bezorgd {
    /// It is in the store now, or was before; or it could not be read as a delivery, and is refused under our signature.
    Opgenomen,
    /// No JSON: nothing can be said about it.
    GeenJson,
}

/// Takes it into the store. Once this gives an answer, it is durable.
pub(crate) async fn bezorgd(omgeving: &Omgeving, lichaam: &[u8]) -> Result<Bezorgd, Werkfout> {
    let Some(gekomen) = Binnenkomst::gebracht(lichaam) else { return Ok(Bezorgd::GeenJson) };
    omgeving.klok_bij_opslag()?;
    if postvak::opnemen(omgeving, gekomen).await? {
        omgeving.wek_in.notify_one();
    }
    Ok(Bezorgd::Opgenomen)
}
