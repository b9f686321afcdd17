//! Use of the emergency path, counted by month (R35).

use inbreng_domain::{
    noodgebruik::{Nooddrempel, Noodgebruik, Noodregel},
    strengheid::Maand,
    vocabulary::JaNee,
};
use inbreng_storage::{Noodtelling, Store, StoreResult};

/// Counts a month, as far as it has gone.
///
/// # Errors
/// When the store does not answer.
pub async fn tellen<S: Store + ?Sized>(store: &S, maand: Maand, drempel: Nooddrempel) -> StoreResult<Noodgebruik> {
    let drempel = drempel.aantal();
    let regel = |Noodtelling { organisatie, aantal, getoetst }| {
        let boven = if aantal > drempel { JaNee::Ja } else { JaNee::Nee };
        Noodregel { organisatie, aantal, getoetst, boven }
    };
    let regels = store.noodgebruik(maand.begin(), maand.einde()).await?.into_iter().map(regel).collect();
    Ok(Noodgebruik { maand, drempel, regels })
}
