//! The message that one of its recipients reports (59), as far as that one got it: of what it did not get it says nothing.

use inbreng_domain::{BerichtId, CasusRef, DeelId, Oin, vocabulary::Urgentie};
use inbreng_storage::Store;

use crate::Fout;

/// A message of which one of its recipients says that it is not in its place.
#[derive(Debug)]
pub(crate) struct Gemeld {
    /// Its sender.
    pub(crate) van: Oin,
    pub(crate) acuut: bool,
    /// Those of the parts named that the reporter got; all that it got where it names none. None: it got the statement alone.
    pub(crate) delen: Vec<DeelId>,
}

/// Finds it. Nothing where the reporter did not get it, or none of the parts that it names.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn vinden(
    store: &dyn Store,
    melder: Oin,
    casus: Option<CasusRef>,
    bericht: BerichtId,
    genoemd: &[DeelId],
) -> Result<Option<Gemeld>, Fout> {
    for b in store.beantwoord(bericht).await? {
        if b.casus != casus || !b.ontvangers.contains(&melder) {
            continue;
        }
        let mut delen = store.gekregen_delen(b.van, bericht, melder).await?;
        delen.retain(|deel| genoemd.is_empty() || genoemd.contains(deel));
        if !delen.is_empty() || genoemd.is_empty() {
            return Ok(Some(Gemeld { van: b.van, acuut: b.baan == Some(Urgentie::Acuut), delen }));
        }
    }
    Ok(None)
}
