//! Joining two cases, and closing one (58): Veilig Thuis alone, and only cases in which it takes part (R42).

use inbreng_catalogue::Deelname as Deelnamesoort;
use inbreng_domain::{
    CasusRef, PersoonRef,
    vocabulary::Deelname,
    zaak::{Feitsoort, Personenkoppeling},
};
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
    #[serde(default)]
    personen: Vec<Paar>,
}

/// One person under two references: of this case, and of the other.
#[derive(Debug, Deserialize)]
struct Paar {
    hier: PersoonRef,
    daar: PersoonRef,
}

/// The variant `sluiten` closes; without a variant two cases are joined. A case in which the sender takes no part gives the
/// answer of an unknown one (R16). Who is who in both only Veilig Thuis can know: the references are random in each (R42).
pub(super) async fn vastleggen(store: &dyn Store, stelling: &Stelling<'_>) -> Result<Vec<Zaakgevolg>, Fout> {
    let Verklaring { met, personen } = stelling.verklaring()?;
    let casus = stelling.casus;
    let van = stelling.bericht.van;
    match (stelling.situatie.variant.is_some(), met) {
        (true, None) if personen.is_empty() => Ok(vec![Zaakgevolg::Sluiten { casus }]),
        (false, Some(met)) if met != casus => {
            let ander = case::bestaand(store, met, Deelnamesoort::Vereist, van, stelling.situatie.nu).await?;
            if ander.deelname(van) == Deelname::Nee {
                return Err(buitenstaander(van));
            }
            let mut gevolgen = vec![Zaakgevolg::Samenvoegen { casus, met }];
            if !personen.is_empty() {
                let paren = personen.into_iter().map(|Paar { hier, daar }| [hier, daar]).collect();
                // Said again about the same two cases it takes the place of what was said.
                gevolgen.push(stelling.volgend(Feitsoort::Personen, format!("met {met}"), &Personenkoppeling { paren })?);
            }
            Ok(gevolgen)
        }
        _ => Err(ongeldig("/met")),
    }
}
