//! Joining two cases, and closing one (58): Veilig Thuis alone, and only cases in which it takes part (R42).

use inbreng_catalogue::Deelname as Deelnamesoort;
use inbreng_domain::{CasusRef, vocabulary::Deelname};
use inbreng_storage::{Store, Zaakgevolg};
use serde::Deserialize;

use super::{Stelling, ongeldig};
use crate::{
    Fout,
    decide::case::{self, buitenstaander},
};

#[derive(Debug, Deserialize)]
struct Verklaring {
    met: Option<CasusRef>,
}

/// The variant `sluiten` closes; without a variant two cases are joined. A case in which the sender takes no part gives the
/// answer of an unknown one (R16).
pub(super) async fn vastleggen(store: &dyn Store, stelling: &Stelling<'_>) -> Result<Zaakgevolg, Fout> {
    let Verklaring { met } = stelling.verklaring()?;
    let casus = stelling.casus;
    let van = stelling.bericht.van;
    match (stelling.situatie.variant.is_some(), met) {
        (true, None) => Ok(Zaakgevolg::Sluiten { casus }),
        (false, Some(met)) if met != casus => {
            let ander = case::bestaand(store, met, Deelnamesoort::Vereist, van, stelling.situatie.nu).await?;
            if ander.deelname(van) == Deelname::Nee {
                return Err(buitenstaander(van));
            }
            Ok(Zaakgevolg::Samenvoegen { casus, met })
        }
        _ => Err(ongeldig("/met")),
    }
}
