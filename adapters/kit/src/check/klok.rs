//! Whether the clock of this machine can be right: not where it is before what the store holds.

use inbreng_domain::Clock;

use super::Verslag;
use crate::{config::Config, klok, store::Opslag};

/// What is the matter, for whoever keeps the adapter and for whoever brings it something.
pub(crate) const KLOK_ACHTER: &str = "De klok van deze machine loopt achter op wat de adapter eerder vastlegde. De adapter neemt \
                                      daarom niets aan en verstuurt niets, tot de klok goed staat.";

/// Compares the clock with the newest moment in the store, which an adapter may be running on.
pub async fn opslagtijd(verslag: &mut Verslag, config: &Config, clock: &dyn Clock) {
    // A store that cannot be opened is found where it is tried.
    let Ok(Some(opslag)) = Opslag::alleen_lezen(&config.opslag.pad).await else { return };
    let nieuwste = opslag.nieuwste_moment().await;
    opslag.sluiten().await;
    let Ok(Some(nieuwste)) = nieuwste else { return };
    if let Some(achter) = klok::achter(nieuwste, clock.now()) {
        verslag.fout(
            "klok-achter",
            format!("{KLOK_ACHTER} Zij loopt {} minuten achter.", achter.whole_minutes()),
            "Zet de klok goed; een adapter die draait gaat dan vanzelf verder. Staat zij goed, en liep zij eerder voor: \
             inbreng-adapter klok bevestigen.",
        );
    }
}
